"""The chain of an incident as a screen or a program reads it: inputs with origin, zones, people, what is new."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import shapely

from app.incidents.chain import Standing
from app.incidents.prefill import Filled, Prefill, fields_of, offered_in, required
from app.incidents.projections import Proposed
from app.incidents.rounds import origin_told
from app.incidents.wording import TITLES
from core.clock import iso
from core.texts import Lang, Text
from dashboards.planner.answer import answer
from dashboards.planner.choices import word
from dashboards.queries.readings import STALE_AFTER
from emergency.chain import ROUND
from emergency.exposure import People
from emergency.incidents.changes import Change, chain_limits
from emergency.incidents.falling import Falling, Reached
from emergency.incidents.front import Front
from emergency.result import Result
from gis.shapes import LonLat
from layers.catalogue.incidentscenarios import IncidentScenario
from layers.layer import Catalogue

Json = dict[str, Any]
WATCHED: dict[str, Text] = {
    "team": Text("队伍驻地", "Team's base"), "called": Text("已调用队伍", "Team called out"),
    "post": Text("位置、指挥部", "Position or post"), "shelter": Text("避难场所", "Shelter"),
    "route": Text("路线", "Route"), "order": Text("指令位置", "Place of an order"),
}  # fmt: skip


def prefill_told(one: Prefill, lang: Lang) -> Json:
    """What is known, what is asked and why; with the fields of every kind that is put forward."""
    specs = specs_of(one.kind, lang)
    shown = [_filled(each, specs, lang) for each in one.fields]
    known = {each.name for each in one.fields}
    optional = [spec | {"value": spec.get("default"), "required": False} for name, spec in specs.items()
                if name not in known]  # fmt: skip
    return {
        "kind": one.kind,
        "kinds": [{"id": id, "title": word(id, lang), "why": why.of(lang)} for id, why in one.kinds],
        "source": None if one.source is None
        else {"layer": one.source[0], "key": one.source[1], "title": one.source_title},
        "sources": [{"layer": each["layer"], "layer_title": each["layer_zh" if lang is Lang.ZH else "layer_en"],
                     "key": each["key"], "title": each["name"], "chemical": each["chemical"],
                     "away": each.get("away")} for each in one.sources],
        "station": one.station,
        "stations": [{name: each[name] for name in ("code", "name", "distance", "at", "stale", "manual")}
                     for each in one.stations],
        "fields": shown, "optional": optional, "missing": required(one.fields),
        "begun_at": _filled(one.begun_at, {}, lang), "notes": [each.of(lang) for each in one.notes],
        "chemicals": offered_in(lang)["chemicals"],
    }  # fmt: skip


def specs_of(kind: str, lang: Lang) -> dict[str, Json]:
    """The form's own fields by `part.field`: title, units, range, choices."""
    all_of = offered_in(lang)
    found = {f"release.{spec['name']}": spec for spec in fields_of(kind, lang)}
    found |= {f"weather.{spec['name']}": spec for spec in all_of["weather"]}
    found |= {f"ground.{spec['name']}": spec for spec in all_of["ground"]}
    found["period"] = {"title": TITLES["period"].of(lang), "options": all_of["period"], "required": False}
    return {name: {**spec, "name": name} for name, spec in found.items()}


def _filled(one: Filled, specs: Mapping[str, Json], lang: Lang) -> Json:
    spec = specs.get(
        one.name, {"name": one.name, "title": TITLES[one.name].of(lang) if one.name in TITLES else one.name}
    )
    return spec | {
        "name": one.name, "value": one.value, "required": one.value is None or bool(spec.get("required")),
        "origin": None if one.origin is None else _origin(origin_told(one.origin), lang),
        "why": None if one.why is None else one.why.of(lang), "among": list(one.among),
    }  # fmt: skip


def _origin(one: Mapping[str, Any], lang: Lang) -> Json:
    return {
        "text": one["zh" if lang is Lang.ZH else "en"], "layer": one["layer"], "key": one["key"], "at": one["at"],
        "stale": one["stale"], "default": one["default"],
        "note": one["note_zh" if lang is Lang.ZH else "note_en"],
    }  # fmt: skip


def standing_told(one: Standing | None, catalogue: Catalogue, lang: Lang) -> Json:
    """All of the newest round; `number` 0 where nothing was computed yet."""
    if one is None:
        return {"number": 0, "scenario": "", "stale": False, "changes": [], "falling": [], "zones": []}
    row, computed = one.round.row, one.round.one
    told = answer(computed.scenario, computed.result, computed.inside, catalogue, lang)
    people = {each.severity: each for each in computed.inside.people or ()}
    most = {each.severity: each for each in one.round.most or ()}
    specs = specs_of(row.release, lang)
    zones = [zone | _people(zone["severity"], people, most) for zone in told.pop("zones")]
    exposure = told["exposure"]
    return told | {
        "scenario_inputs": computed.scenario.inputs(),
        "number": row.number, "round": row.code, "scenario": row.scenario, "title": row.title, "by": row.by,
        "computed_at": iso(row.computed_at), "begun_at": None if row.begun_at is None else iso(row.begun_at),
        "note": row.chosen, "chemical_name": row.chemical_name,
        "inputs": [_input(each, specs, lang) for each in json.loads(row.origins)], "zones": zones,
        "wind_old": row.observed_at is not None and one.at - row.observed_at > timedelta(seconds=STALE_AFTER),
        "round_zones": row.release in ROUND, "timing": one.round.front.timing.of(lang), "timed": one.round.front.timed,
        "targets": exposure["targets"], "domino": exposure["hazards"],
        "stale": bool(one.changed), "changes": [_change(each, specs, one.now, lang) for each in one.changed],
        "falling": [falling_told(each, one.at, lang, turns=row.release not in ROUND) for each in one.falling],
        "before": None if one.before is None or one.before_result is None
        else _before(one.before, one.before_result, lang),
        "at": iso(one.at),
    }  # fmt: skip


def proposed_told(one: Proposed, standing: Standing | None, catalogue: Catalogue, lang: Lang) -> Json:
    """The projection beside a round: its zones, who and what would fall inside, as of which wind; or why there is none.

    Targets are those that no zone of the round holds; without rights to them there is no list.
    """
    none: Json = {"projection": None, "projection_none": "" if one.why_none is None else one.why_none.of(lang)}
    if standing is None or one.row is None or one.round is None:
        return none
    row, computed, front = one.row, one.round.one, one.round.front
    told = answer(computed.scenario, computed.result, computed.inside, catalogue, lang)
    people = {each.severity: each for each in computed.inside.people or ()}
    most = {each.severity: each for each in one.round.most or ()}
    specs = specs_of(row.release, lang)
    held = standing.round.one.inside.targets
    known = set() if held is None else set(zip(held["layer"].tolist(), held["key"].tolist(), strict=True))
    targets = told["exposure"]["targets"]
    if targets is not None and held is not None:
        fresh = [each for each in targets["rows"] if (each["layer"], each["key"]) not in known]
        table = computed.inside.targets
        keys = [] if table is None else zip(table["layer"].tolist(), table["key"].tolist(), strict=True)
        for each in fresh:
            each["after_s"] = _comes(front, shapely.Point(*each["at"]), one.begun, standing.at)
        targets = {"total": sum(key not in known for key in keys), "rows": fresh}
    return none | {"projection": {
        "code": row.code, "number": row.number, "of_round": standing.round.row.number,
        "computed_at": iso(row.computed_at), "turned_at": None if row.turned_at is None else iso(row.turned_at),
        "begun_at": None if one.begun is None else iso(one.begun),
        "text": row.told if lang is Lang.ZH else row.told_en, "wind": told["wind"], "kind": told["kind"],
        "zones": [zone | _people(zone["severity"], people, most) for zone in told["zones"]],
        "inputs": [_input(each, specs, lang) for each in json.loads(row.origins)],
        "since": [_change(each, specs, standing.now, lang) for each in one.since],
        "again_at": None if one.again is None else iso(one.again),
        "valid": not computed.result.outside, "verified": computed.result.verified,
        "timing": front.timing.of(lang), "timed": front.timed, "targets": targets,
        "falling": [falling_told(each, standing.at, lang, turns=row.release not in ROUND) for each in one.falling],
    }}  # fmt: skip


def _comes(front: Front, place: shapely.Point, begun: datetime | None, now: datetime) -> float | None:
    """In how many seconds a cloud comes to a place; None where it has no times, or nobody knows since when."""
    if not front.timed or begun is None:
        return None
    return front.comes(place) - (now - begun).total_seconds()


def _people(severity: int, people: Mapping[int, People], most: Mapping[int, People]) -> Json:
    found, upper = people.get(severity), most.get(severity)
    if found is None:
        return {"people": None, "people_most": None, "people_known": None}
    return {
        "people": found.residents, "people_known": found.known,
        "people_most": None if upper is None else max(upper.residents, found.residents),
    }  # fmt: skip


def _input(one: Mapping[str, Any], specs: Mapping[str, Json], lang: Lang) -> Json:
    name = str(one["name"])
    spec = specs.get(name, {})
    title = spec.get("title") or (TITLES[name].of(lang) if name in TITLES else name)
    return {
        "name": name, "title": title, "value": one["value"], "unit": spec.get("unit", ""), "shown": spec.get("shown"),
        "word": word(one["value"], lang) if isinstance(one["value"], str) else "", "typed": one["typed"],
        "offered": one.get("offered"), "origin": None if one["typed"] else _origin(one, lang),
    }  # fmt: skip


def _change(one: Change, specs: Mapping[str, Json], now: Prefill, lang: Lang) -> Json:
    spec = specs.get(one.name, {})
    filled = now.of("place.lon" if one.name == "place" else one.name)
    origin = None if filled is None or filled.origin is None else _origin(origin_told(filled.origin), lang)
    return {
        "name": one.name, "title": spec.get("title") or TITLES.get(one.name, Text(one.name, one.name)).of(lang),
        "before": _plain(one.before), "after": _plain(one.after), "unit": spec.get("unit", ""),
        "shown": spec.get("shown"),
        "words": [None if each is None else word(each, lang) if isinstance(each, str) else None
                  for each in (one.before, one.after)],
        "origin": origin,
        "limit": None if one.limit is None
        else {"value": one.limit.value, "unit": one.limit.unit, "way": one.limit.way, "title": one.limit.title.of(lang),
              "source": one.limit.source, "status": one.limit.status.value},
    }  # fmt: skip


def _plain(value: object) -> object:
    return [value.lon, value.lat] if isinstance(value, LonLat) else value


def falling_told(one: Falling, now: datetime, lang: Lang, *, turns: bool = True) -> Json:
    """A thing a zone has reached or will: in seconds from now where the start is known, and in words.

    `turns`: the zone lies with the wind, so that its band is a turn of that.
    """
    watched = one.watched
    return {
        "kind": watched.kind, "kind_word": WATCHED.get(watched.kind, Text(watched.kind, watched.kind)).of(lang),
        "layer": watched.layer, "key": watched.key, "title": watched.title, "note": watched.note,
        "at": None if watched.at is None else iso(watched.at), "reached": one.reached.value,
        "level": one.level.of(lang), "severity": one.severity, "after_s": one.after,
        "since_release_s": one.since_release,
        "soon": falls_soon(one), "text": falling_words(one, turns=turns).of(lang), "now": iso(now),
    }  # fmt: skip


def falls_soon(one: Falling) -> bool:
    """It is in a zone, or will be within the time that is warned of."""
    return one.reached is Reached.INSIDE or (one.after is not None and one.after <= chain_limits()["soon"].value)


def falling_words(one: Falling, *, turns: bool = True) -> Text:
    """What is said of it: before it happens, that it has, or that a turn of the wind would do it."""
    minutes = max(0, round((one.since_release if one.after is None else one.after) / 60))
    zh, en = one.level.zh, one.level.en
    if one.reached.value == "band" and not turns:
        return Text(f"在 {zh} 区不确定带内", f"within what is uncertain of {en}")
    if one.reached.value == "band":
        return Text(f"风向偏转时可能进入 {zh} 区", f"in {en} if the wind turns")
    if one.after is None:
        if one.since_release <= 0.0:
            return Text(f"在 {zh} 区内", f"in {en}")
        return Text(f"释放后约 {minutes} 分进入 {zh} 区", f"in {en} some {minutes} min after the release")
    if one.reached.value == "inside":
        return Text(f"已在 {zh} 区内", f"in {en} now")
    return Text(f"约 {minutes} 分后进入 {zh} 区", f"in {en} in some {minutes} min")


def _before(row: IncidentScenario, result: Result, lang: Lang) -> Json:
    """The round before, as far as the newest is shown beside it."""
    inputs: Sequence[Mapping[str, Any]] = json.loads(row.origins)
    return {
        "number": row.number, "computed_at": iso(row.computed_at), "by": row.by, "kind": row.release,
        "inputs": {str(each["name"]): each["value"] for each in inputs},
        "zones": [{"id": zone.level.id, "name": zone.level.name.of(lang), "distance": zone.distance,
                   "reached": zone.reached, "area": zone.area} for zone in result.zones],
    }  # fmt: skip
