"""Changes of lines as rows of the layer `alarms`: one for each episode, which is known by how it began."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.canonical import sha256
from core.clock import CHINA, iso
from core.scope import Sensitivity
from core.texts import Lang, Text
from layers.catalogue.alarms import ALARMS, AlarmRow
from layers.catalogue.sensing import Sensor
from layers.codes import code_list
from monitoring.alarms.life import Outcome, State, clear, find, lose, raise_again
from monitoring.alarms.rules import Condition

Identity = tuple[str, str, str]
"""Rule, point, condition."""

JUDGED_LATE = Text("由迟到数据补判,当时无人值守处置", "judged of readings that came late; nobody was told of it then")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One change of a line, or with an empty rule of a point."""

    rule: str
    point: str
    condition: str
    level: int
    at: datetime
    to: str
    value: float | None
    extreme: float | None
    limit: float | None
    unit: str
    first: str = ""
    unknown: bool = False

    @property
    def identity(self) -> Identity:
        """The line."""
        return self.rule, self.point, self.condition


def turn_of(row: Mapping[str, object]) -> Turn:
    """A line of the table of changes; one of a point says whether it became unknown."""
    given = {name: row[name] for name in Turn.__dataclass_fields__ if name in row}
    given["first"] = row.get("first") or ""
    return Turn(**given, unknown=row["to"] == "unknown")  # type: ignore[arg-type]


def code_of(identity: Identity, at: datetime) -> str:
    """The key of the episode of a line that began at a moment: the same however often it is judged."""
    return f"BJ{at.astimezone(CHINA):%Y%m%d}-{sha256('|'.join((*identity, iso(at))).encode())[:12]}"


def identity_of(row: AlarmRow) -> Identity:
    """The line a row is of."""
    return row.rule, row.point, row.condition


def begun(
    turn: Turn, sensor: Sensor | None, *, group: str = "", first_out: bool = False, first: Sensor | None = None
) -> AlarmRow:
    """The row of a new episode; where, whose and how sensitive it is follows from the sensor.

    `first` is the sensor that fell silent first of those of a gateway.
    """
    name = turn.point if sensor is None else sensor.name
    condition = code_list("alarm_condition").label(turn.condition, Lang.ZH) or turn.condition
    code = code_of(turn.identity, turn.at)
    title = f"{name} {condition}"
    if turn.condition == Condition.LINK:
        title = f"{condition}:{turn.value or 0:.0f} 个测点同时无数据,首报 {turn.first if first is None else first.name}"
    row = AlarmRow(
        code=code, title=title[:200], point=turn.point, rule=turn.rule, condition=turn.condition,
        level=turn.level, raised_at=turn.at, last_raised_at=turn.at, value=turn.value, extreme=turn.value,
        limit=turn.limit, unit=turn.unit, group=group or code, first_out=first_out, told_at=turn.at,
        sensitivity=ALARMS.sensitivity, source="onemap", observed_at=turn.at,
    )  # fmt: skip
    if sensor is None:
        return row
    level = Sensitivity(max(ALARMS.sensitivity, *(one.sensitivity for one in (sensor, first) if one is not None)))
    return row.model_copy(
        update={
            "enterprise": sensor.enterprise, "site": sensor.site, "area": sensor.area, "geometry": sensor.geometry,
            "sensitivity": level,
        }
    )  # fmt: skip


def turned(row: AlarmRow, turn: Turn) -> Outcome:
    """A standing or cleared alarm after a change of its line or its point; a change told before is refused."""
    if not turn.rule:
        return lose(row, at=turn.at) if turn.unknown else find(row)
    if row.cleared_at is not None and turn.at <= row.cleared_at:
        return Text("该变化已登记", "the change is on record")
    if turn.to == State.RAISED.value:
        return raise_again(row, at=turn.at, value=turn.value)
    return clear(row, at=turn.at, extreme=turn.extreme)


def closed_late(row: AlarmRow, *, cleared: datetime, extreme: float | None, now: datetime) -> AlarmRow:
    """An episode of the past that only late readings told of."""
    return row.model_copy(
        update={
            "state": State.CLOSED.value, "cleared_at": cleared, "extreme": extreme, "late": True, "closed_at": now,
            "closed_by": "系统", "outcome": JUDGED_LATE.zh,
        }
    )  # fmt: skip
