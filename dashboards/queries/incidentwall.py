"""What a wall shows of the incidents in hand: clocks, log, orders, zones, whom they hold, and what nobody counted.

The same question is asked of now and of a time that is over: `seq` is the entry of the feed the answer stands at.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
import shapely

from core.clock import CHINA, from_iso, hour_of, iso
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Lang, Text
from dashboards.queries.incidents import told
from dashboards.queries.readings import STALE_AFTER
from dashboards.queries.wording import code_label, compass
from emergency.chain import ROUND
from emergency.duty.practice import span
from emergency.exposure import TARGETS
from emergency.incidents.clocks import clocks
from emergency.incidents.life import HAND, OPEN, response_word
from emergency.incidents.log import TAKEN, entered_afterwards, reports_in
from gis import measure
from gis.shapes import LonLat, Shape
from layers.catalogue import (
    ALARMS,
    EXERCISES,
    INCIDENT_LINKS,
    INCIDENT_LOG,
    INCIDENT_ORDERS,
    INCIDENT_PROJECTIONS,
    INCIDENT_SCENARIOS,
    INCIDENT_TASKS,
    INCIDENTS,
    PROTECTION_TARGETS,
    WARNINGS,
    scenario_layers,
)  # fmt: skip
from layers.catalogue.alarms import AlarmRow
from layers.catalogue.incidents import Incident, IncidentEntry, IncidentLink
from layers.catalogue.incidentscenarios import IncidentProjection, IncidentScenario
from layers.catalogue.orders import PLAIN, IncidentOrder
from layers.catalogue.plans import IncidentTask
from layers.catalogue.scenarios import NOT_VALIDATED, KeptScenario, ScenarioBand, ScenarioZone
from layers.filters import Compare, Filter, In, Op, Spatial, SpatialOp
from layers.layer import Layer
from layers.record import Record
from store.protocol import Store
from store.query import Order, Query
from store.rows import record_of

Told = dict[str, Any]
MOST, LINES, INSIDE, LONGEST = 8, 60, 60, 500
_KEPT = ("reporter", "reporter_phone")
"""Who reported is nothing for a wall, whoever stands before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """Of which moment, and for whom; `seq` is none for now, `afterwards` when what was entered afterwards was.

    Of that the log is read at `lines`, and its lines by then are taken: it may have been entered out of order.
    """

    store: Store
    at: datetime
    scope: Scope
    lang: Lang
    seq: int | None = None
    afterwards: datetime | None = None
    lines: int | None = None

    def say(self, zh: str, en: str) -> str:
        """In the reader's language."""
        return Text(zh, en).of(self.lang)

    def rows(
        self, layer: Layer, where: Filter | None, *, order: tuple[Order, ...] = (), limit: int | None = None,
        fields: tuple[str, ...] | None = None,
    ) -> list[Any]:  # fmt: skip
        """Records of a layer as they stood; none where it is not open to the reader."""
        seen = self.store.catalogue.find(layer.id, self.scope)
        if seen is None:
            return []
        query = Query(where=where, fields=fields, order=order, limit=limit, at_seq=self.seq)
        found = self.store.read(seen, query, scope=self.scope).to_pylist()
        return [record_of(seen, row, self.scope) for row in found]


def light(wall: Wall) -> list[Told] | None:
    """Of each real incident in hand: number, state, title, response; the gravest first. None: kept from the reader."""
    if wall.store.catalogue.find(INCIDENTS.id, wall.scope) is None:
        return None
    return [
        {"code": one.code, "title": one.title, "state": one.state, "hand": one.state in HAND,
         "state_word": code_label("incident_state", one.state, wall.lang), "at": iso(one.reported_at),
         "response_word": response_word(one.response, one.response_ended_at).of(wall.lang)}
        for one in _standing(wall, INCIDENTS)
    ]  # fmt: skip


def incident_wall(wall: Wall, *, exercise: bool, code: str = "") -> Told:
    """Everything a wall says of incidents, or of exercises: the two are never in one answer.

    With a `code` that one alone, whatever became of it since.
    """
    played = code.startswith("YL") if code else exercise
    layer = EXERCISES if played else INCIDENTS
    answer: Told = {
        "at": iso(wall.at), "seq": wall.seq, "exercise": played,
        "afterwards": None if wall.afterwards is None else iso(wall.afterwards), "hand": [], "waiting": [], "more": 0,
        "open": wall.store.catalogue.find(layer.id, wall.scope) is not None,
    }  # fmt: skip
    if code:
        found = wall.rows(layer, Compare("code", Op.EQ, code))
        shown, waiting = found, []
    else:
        found = _standing(wall, layer)
        shown = [one for one in found if one.state in HAND or played]
        waiting = [one for one in found if one not in shown]
    answer["hand"] = [_one(wall, row) for row in shown[:MOST]]
    answer["more"] = max(0, len(shown) - MOST)
    answer["waiting"] = [
        {"code": one.code, "title": one.title, "at": iso(one.reported_at),
         "origin_word": code_label("incident_origin", one.origin, wall.lang)}
        for one in waiting
    ]  # fmt: skip
    return answer


def _standing(wall: Wall, layer: Layer) -> list[Incident]:
    """Those that are not over: the gravest first, then the highest response, then the newest."""
    found: list[Incident] = wall.rows(layer, In("state", tuple(state.value for state in OPEN)), limit=200)
    newest = sorted(found, key=lambda one: one.reported_at, reverse=True)
    return sorted(newest, key=lambda one: (one.level or 9, one.response or 9))


def _one(wall: Wall, row: Incident) -> Told:
    mine = Compare("incident", Op.EQ, row.code)
    log = _log(wall, mine)
    links: list[IncidentLink] = wall.rows(INCIDENT_LINKS, mine)
    due = clocks(row, reports_in(log), wall.at)
    found = told(row, 0, log, links, due, wall.at, store=wall.store, scope=wall.scope, lang=wall.lang)
    lines = [line for line in found["log"] if line["struck"] is None]
    air = _air(wall, row)
    return {
        "code": row.code, "exercise": row.exercise, "grade": found["grade"], "response": found["response"],
        "facts": {name: value for name, value in found["facts"].items() if name not in _KEPT},
        "clocks": found["clocks"], "log": lines[:LINES], "lines": len(lines), "links": found["links"],
        "marks": _marks(lines), "orders": _orders(wall, row), "warnings": _warnings(wall, row),
        "tasks": _tasks(wall, row), "alarms": _alarms(wall, links), **air,
    }  # fmt: skip


def _log(wall: Wall, mine: Filter) -> list[IncidentEntry]:
    """The lines there were."""
    of = wall if wall.lines is None else replace(wall, seq=wall.lines)
    found: list[IncidentEntry] = of.rows(INCIDENT_LOG, mine, order=(Order("number"),))
    return found if wall.afterwards is None else [line for line in found if line.at <= wall.at]


def _marks(lines: Sequence[Told]) -> list[Told]:
    """What a time line shows: the report, each step, reports that went, orders; the oldest first."""
    kinds = ("decision", "report", "order", "warning")
    kept = [line for line in lines if line["number"] == 1 or line["kind"] in kinds]
    return [
        {"at": line["happened_at"], "word": line["kind_word"], "first": line["number"] == 1, "kind": line["kind"],
         "step": any(ref.startswith(TAKEN) for ref in line["refs"]), "text": re.split("[:：]", line["text"])[0][:24]}
        for line in reversed(kept)
    ]  # fmt: skip


def _orders(wall: Wall, row: Incident) -> list[Told] | None:
    """Numbered orders with how they stand, without a phone; None where they are not open to the reader."""
    if wall.store.catalogue.find(INCIDENT_ORDERS.id, wall.scope) is None:
        return None
    found: list[IncidentOrder] = wall.rows(
        INCIDENT_ORDERS, Compare("incident", Op.EQ, row.code), order=(Order("number"),), fields=PLAIN
    )
    receipt = span("order_receipt", wall.at.astimezone(CHINA).date())
    return [
        {"number": one.number, "action": one.action, "to": one.to_name, "state": one.state,
         "word": code_label("order_state", one.state, wall.lang), "at": iso(one.at), "urged": one.urged,
         "eta": None if one.eta is None else iso(one.eta),
         "since": iso(one.ended_at or one.arrived_at or one.acting_at or one.left_at or one.received_at or one.at),
         "receipt": iso(one.at + receipt) if one.state == "issued" else None}
        for one in found
    ]  # fmt: skip


def _tasks(wall: Wall, row: Incident) -> Told | None:
    """Tasks of its plans: how many, how many done."""
    tasks: list[IncidentTask] = wall.rows(INCIDENT_TASKS, Compare("incident", Op.EQ, row.code))
    return {"total": len(tasks), "done": sum(one.state == "done" for one in tasks)} if tasks else None


def _alarms(wall: Wall, links: Iterable[IncidentLink]) -> list[Told]:
    """The alarms that are part of it, as they stood."""
    keys = tuple(one.of_key for one in links if one.of_layer == ALARMS.id)
    found: list[AlarmRow] = wall.rows(ALARMS, In("code", keys)) if keys else []
    return [
        {"code": one.code, "title": one.title, "level": one.level,
         "word": code_label("alarm_state", one.state, wall.lang)}
        for one in found
    ]  # fmt: skip


def moments(wall: Wall, code: str) -> list[str]:
    """When the log of an incident was written or struck: times alone, for a replay to step by.

    By the feed; by the log's own times where it was entered afterwards.
    """
    lines: list[IncidentEntry] = wall.rows(INCIDENT_LOG, Compare("incident", Op.EQ, code), order=(Order("number"),))
    found: set[str] = set()
    for line in lines[:LONGEST]:
        for n, version in enumerate(wall.store.versions(INCIDENT_LOG, line.code, scope=wall.scope)):
            (entry,) = wall.store.feed(after=version.from_seq - 1, scope=SYSTEM_SCOPE, limit=1)
            said = line.at if n == 0 else line.struck_at or entry.at
            found.add(iso(said if entered_afterwards(said, entry.at) else entry.at))
    return sorted(found)


def _warnings(wall: Wall, row: Incident) -> list[Told]:
    """Warnings in force in its area: of what is real alone."""
    if row.exercise or wall.afterwards is not None:
        return []
    found = wall.rows(WARNINGS, Compare("state", Op.EQ, "published"))
    return [{"code": one.code, "title": one.title} for one in found if row.area.startswith(one.area[:4])]


def _air(wall: Wall, row: Incident) -> Told:
    """The scenario, its zones and bands, whom they hold, and what was not counted."""
    none: Told = {"scenario": None, "zones": [], "bands": [], "targets": None, "targets_total": 0, "wind": None,
                  "projection": None}  # fmt: skip
    nothing = wall.say(
        "没有推演情景:影响范围、受影响人数和到达时间都没有算",
        "no scenario: reach, people and arrival were not computed",
    )
    if not row.scenario:
        return none | {"limits": [nothing]}
    kept, of_zones, of_bands = scenario_layers(row.exercise)
    scenarios: list[KeptScenario] = wall.rows(kept, Compare("code", Op.EQ, row.scenario))
    if not scenarios:
        elsewhere = wall.say(
            "情景在值班台查看,本屏没有画影响范围", "its scenario stands on the duty desk; this screen draws no zones"
        )
        return none | {"limits": [elsewhere]}
    mine = Compare("scenario", Op.EQ, row.scenario)
    zones: list[ScenarioZone] = wall.rows(of_zones, mine, order=(Order("severity"),))
    bands: list[ScenarioBand] = wall.rows(of_bands, mine)
    scenario, inside = scenarios[0], _targets(wall, row, zones)
    return {
        "scenario": {
            "code": scenario.code, "title": scenario.title, "computed_at": iso(scenario.computed_at),
            "weather": scenario.weather, "verified": scenario.verified, "valid": scenario.valid,
            "evidence": code_label("evidence_tier", str(scenario.evidence), wall.lang),
            "round": scenario.release in ROUND, "farthest": scenario.farthest, "current": scenario.state == "current",
            "chemical_name": scenario.chemical_name,
        },
        "zones": [_zone(one, wall.lang) for one in zones],
        "bands": [{"severity": one.severity, "geometry": _geojson(one.geometry)} for one in bands],
        "targets": None if inside is None else inside[:INSIDE],
        "targets_total": 0 if inside is None else len(inside), "limits": _limits(wall, scenario, zones, bands),
        "wind": _wind(wall, row), "projection": _projection(wall, row),
    }  # fmt: skip


def _wind(wall: Wall, row: Incident) -> Told | None:
    """The wind its zones were computed with: from where, which station read it and when, or that a person typed it."""
    rounds: list[IncidentScenario] = wall.rows(INCIDENT_SCENARIOS, Compare("scenario", Op.EQ, row.scenario), limit=1)
    if not rounds:
        return None
    return _wind_of(wall, rounds[0])


def _wind_of(wall: Wall, one: IncidentScenario) -> Told | None:
    inputs = {str(each["name"]): each for each in json.loads(one.origins)}
    speed, turn = inputs.get("weather.wind_speed"), inputs.get("weather.wind_from")
    if speed is None or turn is None or not all(isinstance(each["value"], float | int) for each in (speed, turn)):
        return None
    typed = bool(turn["typed"] or speed["typed"])
    old = not typed and bool(turn["at"]) and wall.at - from_iso(str(turn["at"])) > timedelta(seconds=STALE_AFTER)
    return {
        "from": float(turn["value"]), "direction": compass(float(turn["value"])).of(wall.lang),
        "speed": round(float(speed["value"]), 1), "typed": typed,
        "station": "" if typed else str(turn["zh" if wall.lang is Lang.ZH else "en"]),
        "at": None if typed else turn["at"], "stale": bool(old or (not typed and turn["stale"])),
    }  # fmt: skip


def _projection(wall: Wall, row: Incident) -> Told | None:
    """What was computed of the wind as it is now and nobody has adopted: its widest zone and its sentence."""
    mine = Compare("scenario", Op.EQ, row.scenario)
    found: list[IncidentProjection] = wall.rows(
        INCIDENT_PROJECTIONS, mine, order=(Order("number", descending=True),), limit=1
    )
    if not found or found[0].state != "proposed" or row.state not in OPEN:
        return None
    one = found[0]
    return {
        "code": one.code, "number": one.number, "at": iso(one.computed_at), "geometry": _geojson(one.geometry),
        "text": one.told if wall.lang is Lang.ZH else one.told_en, "wind": _wind_of(wall, one),
        "valid": one.valid, "verified": one.verified,
    }  # fmt: skip


def _zone(one: ScenarioZone, lang: Lang) -> Told:
    return {
        "severity": one.severity, "level": (one.level_en or one.level) if lang is Lang.EN else one.level,
        "value": one.value, "unit": one.unit, "reached": one.reached, "distance": one.distance,
        "people": None if one.residents is None else round(one.residents), "known": one.residents_known,
        "verified": one.verified, "valid": one.valid, "cut": one.cut,
        "cut_word": code_label("zone_cut", one.cut, lang), "geometry": _geojson(one.geometry),
    }  # fmt: skip


def _targets(wall: Wall, row: Incident, zones: Iterable[ScenarioZone]) -> list[Told] | None:
    """Schools, homes, hospitals, shelters inside a zone, as at the desk: the gravest zone first, then the nearest."""
    shapes = [(one.severity, one.geometry) for one in zones if one.reached and one.geometry is not None]
    if not shapes or row.geometry is None or not any(wall.store.catalogue.find(one.id, wall.scope) for one in TARGETS):
        return None
    whole = shapely.union_all([shape for _, shape in shapes])
    here = row.geometry.representative_point()
    rows = []
    for layer in TARGETS:
        for one in wall.rows(layer, Spatial(SpatialOp.INTERSECTS, whole), limit=500):
            spot = one.geometry.representative_point()
            inside = [severity for severity, shape in shapes if shape.intersects(one.geometry)]
            away = float(measure.distances(LonLat(here.x, here.y), [spot.x], [spot.y])[0])
            kind = str(getattr(one, "kind", ""))
            rows.append(
                {"code": one.code, "name": one.name, "people": getattr(one, "people_day", None),
                 "room": _room(wall, one), "severity": min(inside, default=9), "distance": away,
                 "lon": round(spot.x, 6), "lat": round(spot.y, 6),
                 "kind": code_label("target_kind", kind, wall.lang) if layer is PROTECTION_TARGETS
                 else layer.title.of(wall.lang),
                 "symbol": layer.style.symbols.get(kind, layer.style.symbol)}
            )  # fmt: skip
    return sorted(rows, key=lambda each: (each["severity"], each["distance"]))


def _room(wall: Wall, one: Record) -> str:
    """What is told of a place where nobody counts people: its beds, or for how many it is."""
    beds, places = getattr(one, "beds", None), getattr(one, "places", None)
    if beds is not None:
        return wall.say(f"{beds} 床", f"{beds} beds")
    return "" if places is None else wall.say(f"可容 {places} 人", f"room for {places}")


def _limits(
    wall: Wall, scenario: KeptScenario, zones: Sequence[ScenarioZone], bands: Sequence[ScenarioBand]
) -> list[str]:
    """What the model did not count, the gravest first: a wall without it says more than is known."""
    say = wall.say
    at = hour_of(scenario.computed_at, wall.at)
    found = []
    if scenario.state != "current":
        found.append(say("情景已撤回,范围不再有效", "the scenario was withdrawn: its zones hold no longer"))
    if not scenario.valid:
        found.append(say("超出模型适用范围,不能用于疏散决策", "outside the model's range: not for evacuation"))
    cuts = {code_label("zone_cut", one.cut, wall.lang) for one in zones if one.cut != "none"}
    found += [say(f"影响区截断:{word}", f"zones {word[:1].lower()}{word[1:]}") for word in sorted(cuts)]
    if not scenario.verified:
        found.append(say("限值、数据或模型未核实", "levels or model unverified"))
    if zones and any(one.residents is None for one in zones):
        found.append(say("人口没有统计", "people were not counted"))
    elif bands:
        found.append(say("人数只计影响区,未含风向带", "people in the band: not counted"))
    known = [one.residents_known for one in zones if one.residents_known is not None]
    if known and min(known) < 0.995:
        share = f"{100 * min(known):.0f}%"
        found.append(say(f"人口数据只覆盖影响区的 {share}", f"data on people cover {share} of the zones"))
    if scenario.release in ROUND:
        if not bands:
            found.append(say("无不确定带(无来源)", "no band of uncertainty: no source"))
    else:
        if not bands:
            found.append(say("风向偏转没有算", "turns of the wind were not counted"))
        found.append(say(f"{at} 之后的风没有算", f"wind since {at}: not counted"))
    found.append(NOT_VALIDATED.of(wall.lang))
    return found


def _geojson(shape: Shape | None) -> Told | None:
    return None if shape is None else orjson.loads(shapely.to_geojson(shape))
