"""`/api/rules`: alarm rules edited as rows, every fault at its field, the points they match, and their history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import shapely
from pydantic import ValidationError
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, number, only, words
from app.doors.bodies import asked, posted
from app.doors.inhibitions import Inhibitions, home
from core.caller import Caller
from core.clock import Clock, iso
from core.errors import BadInputError, Fault, FaultsError, ForbiddenError
from core.scope import Sensitivity
from core.texts import Lang, Text
from dashboards.queries.wording import area_names, code_label
from layers.catalogue.alarms import ALARM_RULES, ALARMS, AlarmRule
from layers.catalogue.sensing import SENSORS
from layers.codes import code_list
from layers.filters import And, Compare, Op
from layers.layer import Layer
from monitoring.alarms.rules import POINT_FIELDS, Kind, Point, chosen, points_of, rule_faults, rule_of, term
from store.feed import Put
from store.protocol import Store
from store.query import COUNT, Order, Query
from store.rows import record_of

FIELDS = tuple(
    name for name in ALARM_RULES.fields if name not in ("sensitivity", "source", "source_datum", "observed_at")
)
"""What a person fills in; the rest is the system's."""

CODED = {"kind": "alarm_rule_kind", "state": "alarm_rule_state", "sensor_kind": "sensor_kind", "level": "risk",
         "basis_status": "basis_status"}  # fmt: skip
LATELY = timedelta(days=30)
SHOWN = 2000
"""Points of a preview that are drawn; the number of all of them is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules as one caller meets them: those of their areas, over the points of their areas."""

    store: Store
    clock: Clock

    def choices(self, caller: Caller, given: Given) -> Given:
        """GET /choices: codes of every list, and the areas a rule may be for."""
        only(given)
        lists = {
            name: [{"code": one.code, "name": one.title.of(caller.lang)} for one in code_list(of)]
            for name, of in CODED.items()
        }
        own = {code: name for code, name in area_names(self.store, caller.scope).items() if caller.scope.covers(code)}
        areas = sorted(own.items(), key=lambda one: (len(one[0]), one[0]))
        return {**lists, "areas": [{"code": code, "name": name} for code, name in areas if len(code) <= 6]}

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /: every rule with what it matches, how it stands, and its alarms of the last 30 days."""
        only(given)
        layer, points, now = self._layer(caller), self._points(caller), self.clock()
        since = Compare("raised_at", Op.GE, now - LATELY)
        counts: dict[str, int] = {}
        wrong: dict[str, int] = {}
        if ALARMS.visible(caller.scope):
            totals = self.store.totals(ALARMS, Query(where=since), by=("rule",), of=(COUNT,), scope=caller.scope)
            counts = {row["rule"]: row["count"] for row in totals.to_pylist()}
            found = Query(where=And((since, Compare("state", Op.EQ, "false"))))
            totals = self.store.totals(ALARMS, found, by=("rule",), of=(COUNT,), scope=caller.scope)
            wrong = {row["rule"]: row["count"] for row in totals.to_pylist()}
        rows = []
        for row in self.store.read(layer, Query(order=(Order("code"),)), scope=caller.scope).to_pylist():
            rule = _rule(record_of(layer, row, caller.scope))
            told = _told(rule, points, now, caller.lang)
            rows.append(told | {"version": row["_version"], "alarms": counts.get(rule.code, 0)})
            rows[-1]["false"] = wrong.get(rule.code, 0)
        return {"rows": rows, "may_write": caller.scope.may_write(ALARM_RULES.id), "points": len(points)}

    def row(self, caller: Caller, given: Given) -> Given:
        """GET /row?code=: all fields of one, and every version of it with who, when, why and what it changed."""
        only(given, "code")
        code = words(given, "code", longest=40)
        layer, found = self._layer(caller), self.store.get(ALARM_RULES, code, scope=caller.scope)
        rule = _rule(found.record)
        told = _told(rule, self._points(caller), self.clock(), caller.lang)
        fields = {name: _plain(getattr(rule, name)) for name in FIELDS}
        area = area_names(self.store, caller.scope).get(rule.area, rule.area)
        return told | {
            "version": found.version, "fields": fields, "facts": _facts(layer, rule, area, caller.lang),
            "history": self._history(layer, code, caller),
        }  # fmt: skip

    def preview(self, caller: Caller, given: Given) -> Given:
        """POST /preview: what is wrong with a rule somebody is writing, and the points it would judge."""
        only(given, "fields")
        points = self._points(caller)
        fields = {"code": "NEW", "title": "-"} | _fields(given)
        faults: tuple[Fault, ...] = ()
        try:
            rule_of(fields, points)
        except FaultsError as error:
            faults = error.faults
        codes = _matched(draft, points) if (draft := _draft(fields)) is not None else []
        said = [{"field": one.field, "value": one.value, "rule": one.rule.of(caller.lang)} for one in faults]
        return {"faults": said, "total": len(codes), "points": self._places(codes[:SHOWN], caller)}

    def save(self, caller: Caller, given: Given) -> Given:
        """POST /: a new rule (version 0) or a change of one; fields that are not sent stay."""
        only(given, "code", "version", "reason", "fields")
        version, reason = number(given, "version", 0, 1_000_000_000), words(given, "reason", longest=200)
        fields, layer = _fields(given), self._layer(caller)
        before: dict[str, Any] = {"area": home(caller.scope)}
        if version:
            code = words(given, "code", longest=40)
            record = _rule(self.store.get(layer, code, scope=caller.scope).record)
            before = record.model_dump()
            if fields.get("code", code) != code:
                rule = Text("规则编号不能更改", "the code of a rule stays")
                raise FaultsError([Fault(field="code", value=str(fields["code"])[:80], rule=rule)])
        wanted = before | fields | {"sensitivity": Sensitivity.INTERNAL}
        faults: list[Fault] = []
        try:
            rule_of(wanted, self._points(caller))
        except FaultsError as error:
            faults = list(error.faults)
        if not caller.scope.covers(str(wanted.get("area") or "")):
            allowed = Text("应为您辖区内的区划", "must be an area of your own")
            faults.append(Fault(field="area", value=str(wanted.get("area"))[:80], rule=allowed))
        if faults:
            raise FaultsError(faults)
        done = AlarmRule.model_validate(wanted)
        edit = Put(layer=layer.id, record=done, expected=version)
        (entry,) = self.store.commit([edit], actor=caller.actor, reason=reason, scope=caller.scope)
        return self.row(caller, {"code": entry.key})

    def _layer(self, caller: Caller) -> Layer:
        if not ALARM_RULES.visible(caller.scope):
            raise ForbiddenError(Text("报警规则对您的岗位不开放", "alarm rules are not open to your role"))
        return ALARM_RULES

    def _points(self, caller: Caller) -> dict[str, Point]:
        if not SENSORS.visible(caller.scope):
            return {}
        return points_of(self.store.read(SENSORS, Query(fields=POINT_FIELDS, geometry=False), scope=caller.scope))

    def _places(self, codes: list[str], caller: Caller) -> list[Given]:
        """Where some points stand, with their own limits, in the order given."""
        if not codes:
            return []
        wanted = set(codes)
        query = Query(fields=("code", "name", "kind", "unit", "low_low", "low", "high", "high_high"))
        table = self.store.read(SENSORS, query, scope=caller.scope)
        rows = {row["code"]: row for row in table.to_pylist() if row["code"] in wanted}
        told = []
        for row in (rows[code] for code in codes if code in rows):
            shape = None if row["geometry"] is None else shapely.from_wkb(row["geometry"])
            limits = {name: row[name] for name in ("low_low", "low", "high", "high_high") if row[name] is not None}
            place = (None, None) if shape is None else (round(shape.x, 6), round(shape.y, 6))
            told.append(
                {
                    "code": row["code"], "name": row["name"], "unit": row["unit"], "limits": limits,
                    "kind": code_label("sensor_kind", row["kind"], caller.lang), "lon": place[0], "lat": place[1],
                }
            )  # fmt: skip
        return told

    def _history(self, layer: Layer, code: str, caller: Caller) -> list[Given]:
        """The versions, newest first."""
        steps: list[Given] = []
        earlier: Given = {}
        for one in self.store.versions(layer, code, scope=caller.scope):
            body: Given = orjson.loads(one.body)
            changed = [
                {
                    "field": spec.title.of(caller.lang), "from": _word(name, earlier.get(name), caller.lang),
                    "to": _word(name, body.get(name), caller.lang),
                }
                for name, spec in layer.fields.items()
                if name in FIELDS and earlier and body.get(name) != earlier.get(name)
            ]  # fmt: skip
            found = self.store.feed(
                after=one.from_seq - 1, scope=caller.scope, layers=frozenset({layer.id}), limit=1
            )  # fmt: skip
            entry = found[0] if found and found[0].seq == one.from_seq else None
            steps.append(
                {
                    "version": one.version, "changed": changed, "at": None if entry is None else iso(entry.at),
                    "actor": "" if entry is None else entry.actor, "reason": "" if entry is None else entry.reason,
                }
            )  # fmt: skip
            earlier = body
        return steps[::-1]


def _fields(given: Given) -> Given:
    fields = given.get("fields")
    if not isinstance(fields, dict):
        raise BadInputError(Text("fields 应为字段与值", "fields must be fields and values"), field="fields")
    only(fields, *FIELDS)
    return fields


def _draft(fields: Given) -> AlarmRule | None:
    """What can be matched of a rule although something in it is wrong; None where it is no rule yet."""
    try:
        return AlarmRule.model_validate(fields)
    except ValidationError:
        return None


def _rule(record: object) -> AlarmRule:
    assert isinstance(record, AlarmRule)
    return record


def _matched(rule: AlarmRule, points: Mapping[str, Point]) -> list[str]:
    if rule.kind == Kind.COMBINATION:
        found = [one.point for one in map(term, rule.terms) if one is not None]
        return list(dict.fromkeys(code for code in found if code in points))
    return [one.code for one in chosen(rule, points)]


def _told(rule: AlarmRule, points: Mapping[str, Point], now: datetime, lang: Lang) -> Given:
    faults = rule_faults(rule, points)
    return {
        "code": rule.code, "title": rule.title, "kind": rule.kind,
        "kind_word": code_label("alarm_rule_kind", rule.kind, lang),
        "sensor_kind": rule.sensor_kind, "sensor_word": code_label("sensor_kind", rule.sensor_kind, lang) or "",
        "level": rule.level, "level_outer": rule.level_outer, "delay_on": rule.delay_on, "delay_off": rule.delay_off,
        "valid_from": _plain(rule.valid_from), "valid_to": _plain(rule.valid_to), "schedule": list(rule.schedule),
        "basis": rule.basis, "basis_status": rule.basis_status,
        "basis_word": code_label("basis_status", rule.basis_status, lang), "area": rule.area,
        "matched": len(_matched(rule, points)), "stands": _stands(rule, bool(faults), now), "state": rule.state,
        "fault": f"{faults[0].value} {faults[0].rule.of(lang)}".strip() if faults else "",
    }  # fmt: skip


def _stands(rule: AlarmRule, faulty: bool, now: datetime) -> str:
    """Whether it judges now, and if not, why."""
    if rule.state != "in_force":
        return rule.state
    if rule.valid_to is not None and rule.valid_to <= now:
        return "expired"
    if rule.valid_from is not None and rule.valid_from > now:
        return "coming"
    return "faulty" if faulty else "in_force"


def _facts(layer: Layer, rule: AlarmRule, area: str, lang: Lang) -> list[Given]:
    """What is filled in, in words, beside the name of its field."""
    return [
        {"field": spec.title.of(lang), "value": said, "unit": "" if spec.unit is None else str(spec.unit)}
        for name, spec in layer.fields.items()
        if name in FIELDS
        and name not in ("code", "title")
        and (said := area if name == "area" else _word(name, _plain(getattr(rule, name)), lang))
    ]


def _word(name: str, value: object, lang: Lang) -> str:
    """A value as a person reads it; nothing is nothing."""
    if value is None or value == "" or value == []:
        return ""
    if name in CODED or name == "level_outer":
        return code_label(CODED.get(name, "risk"), str(value), lang) or str(value)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return list(value) if isinstance(value, tuple) else value


def rule_routes(store: Store, clock: Clock) -> list[BaseRoute]:
    """The doors of the page of rules; who enters them is the policy's, what they write the scope's."""
    rules = Rules(store=store, clock=clock)
    inhibitions = Inhibitions(store=store, clock=clock)
    asks = {
        "/api/rules": rules.listed, "/api/rules/choices": rules.choices, "/api/rules/row": rules.row,
        "/api/rules/inhibitions": inhibitions.listed,
    }  # fmt: skip
    changes = {
        "/api/rules": rules.save, "/api/rules/preview": rules.preview, "/api/rules/inhibitions": inhibitions.add,
        "/api/rules/inhibitions/end": inhibitions.end,
    }  # fmt: skip
    return [
        *(Route(path, asked(ask), methods=["GET"]) for path, ask in asks.items()),
        *(Route(path, posted(ask), methods=["POST"]) for path, ask in changes.items()),
    ]
