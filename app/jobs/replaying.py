"""A rule tried on the past as long work: as it stands and as somebody would have it, over the same kept readings."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.jobs.kinds import Kind, Order, Product, Workshop
from core.caller import Right
from core.clock import iso
from core.errors import BadInputError, OneMapError
from core.texts import Text
from layers.catalogue import CATALOGUE
from layers.catalogue.alarms import ALARM_INHIBITIONS, ALARM_RULES, AlarmInhibition, AlarmRule
from layers.catalogue.sensing import SENSORS
from layers.filters import Compare, Op
from monitoring.alarms.compiled import compiled
from monitoring.alarms.judging import carried
from monitoring.alarms.replaying import tried
from monitoring.alarms.rules import POINT_FIELDS, points_of, rule_of
from monitoring.alarms.trial import told
from store.query import Query
from store.rows import record_of

JUDGING = Text("重判历史数据(天)", "judging the past, days")
ALWAYS = {"state": "in_force", "valid_from": None, "valid_to": None}
"""The past is judged as if the rule had held all the time."""


class ReplayAsked(BaseModel):
    """A rule by its code, or one that somebody edits, or both; over the last so many days."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, Field(max_length=40)] = ""
    edited: dict[str, Any] | None = None
    days: Annotated[float, Field(gt=0, le=366)] = 30.0

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.code and self.edited is None:
            raise BadInputError(Text("请给出 code 或 edited", "give code, edited or both"), field="code")
        return self


def title(asked: ReplayAsked) -> Text:
    """What the owner reads in the list of jobs."""
    name = asked.code or str((asked.edited or {}).get("code", ""))
    return Text(f"规则重放:{name}(最近 {asked.days:g} 天)", f"Replay of {name}, last {asked.days:g} days")


def run(asked: ReplayAsked, order: Order, workshop: Workshop) -> Product:
    """Both sides in one document; no alarm is written."""
    store, series, end = workshop.store, workshop.series, workshop.clock()
    if series is None:
        raise OneMapError(Text("没有时序库,不能重放", "there are no readings to replay"))
    begin = end - timedelta(days=asked.days)
    fields = (*POINT_FIELDS, "name")
    table = store.read(CATALOGUE[SENSORS.id], Query(fields=fields, geometry=False), scope=order.scope)
    points = carried(store, points_of(table))
    names = dict(zip(*(table[one].to_pylist() for one in ("code", "name")), strict=True))
    rules: dict[str, AlarmRule] = {}
    if asked.code:
        standing = store.get(ALARM_RULES, asked.code, scope=order.scope).record
        assert isinstance(standing, AlarmRule)
        rules["standing"] = standing.model_copy(update=ALWAYS)
    if asked.edited is not None:
        rules["edited"] = rule_of(asked.edited | ALWAYS, points)
    inhibitions = _inhibitions(order, workshop, begin)
    sides = {side: compiled([rule], points, inhibitions) for side, rule in rules.items()}
    found, readings = tried(
        list(sides.values()), series, begin, end, order.scope, lambda done, days: order.report(done, days, JUDGING)
    )
    told_sides = {
        side: {
            "title": rules[side].title, "lines": len(made.lines), "judged": len(made.points),
            "left_out": [fault.rule.of(order.lang) for fault in made.left_out], **told(episodes, begin, end, names),
        }
        for (side, made), episodes in zip(sides.items(), found, strict=True)
    }  # fmt: skip
    document = {
        "code": asked.code, "edited": asked.edited, "days": asked.days, "begin": iso(begin), "end": iso(end),
        "readings": readings, "sides": told_sides,
    }  # fmt: skip
    file = order.folder / "replay.json"
    file.write_bytes(orjson.dumps(document))
    zh = {"standing": "现行", "edited": "修改后"}
    counts = {side: one["total"] for side, one in told_sides.items()}
    return Product(
        Text(
            f"{readings:,} 条数据;" + ",".join(f"{zh[side]} {count:,} 次报警" for side, count in counts.items()),
            f"{readings:,} readings; " + ", ".join(f"{side} {count:,} alarms" for side, count in counts.items()),
        ),
        file, "application/json",
    )  # fmt: skip


def _inhibitions(order: Order, workshop: Workshop, since: datetime) -> list[AlarmInhibition]:
    """What was out of service in that stretch stays so in both."""
    layer = CATALOGUE[ALARM_INHIBITIONS.id]
    rows = workshop.store.read(layer, Query(where=Compare("ends", Op.GE, since)), scope=order.scope)
    found = [record_of(layer, row, order.scope) for row in rows.to_pylist()]
    return [one for one in found if isinstance(one, AlarmInhibition)]


REPLAY = Kind(id="alarm-replay", title=title, asked=ReplayAsked, run=run, needs=Right.EDIT)
