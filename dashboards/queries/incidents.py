"""Incidents as a screen or a program reads them: lists, one with its log, clocks, grade and what may be done."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import shapely

from core.clock import iso
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.wording import area_names, code_label
from emergency.chemicals import substances
from emergency.incidents.clocks import Clock
from emergency.incidents.grading import MEASURES, RESPONSE_MEASURES, graded, last_correction, suggested
from emergency.incidents.life import OPEN, STEPS, WHY, Step, response_word, steps_of
from emergency.incidents.log import BY_HAND, TAKEN
from layers.catalogue import EXERCISES, INCIDENTS
from layers.catalogue.incidents import Incident, IncidentEntry, IncidentLink
from layers.codes import code_list
from layers.fields import FieldSpec
from layers.filters import In
from store.protocol import Store
from store.query import Order, Query

Told = dict[str, Any]
MOST = 200
LISTED = (
    "code", "title", "state", "kind", "origin", "reported_at", "occurred_at", "response",
    "response_ended_at", "level", "enterprise_name", "area", "deaths", "serious_injuries", "minor_injuries", "exercise",
    "direct_loss",    "closed_at", "chemical_name",
)  # fmt: skip
WORDS = {"state": "incident_state", "kind": "incident_kind", "origin": "incident_origin"}


def listed(store: Store, *, exercise: bool, every: bool, scope: Scope, lang: Lang) -> Told:
    """Incidents in hand, or all of the newest; exercises by themselves and never among the real."""
    layer = EXERCISES if exercise else INCIDENTS
    seen = store.catalogue.find(layer.id, scope)
    if seen is None:
        return {"rows": [], "total": 0, "exercise": exercise, "may_see": False}
    where = None if every else In("state", tuple(state.value for state in OPEN))
    fields = tuple(name for name in LISTED if name in seen.fields_in(scope))
    query = Query(where=where, fields=fields, order=(Order("code", descending=True),), limit=MOST)
    rows = store.read(seen, query, scope=scope).to_pylist()
    names = area_names(store, scope)
    total = store.count(seen, Query(where=where), scope=scope)
    return {"rows": [_line(row, names, lang) for row in rows], "total": total, "exercise": exercise,
            "may_see": True}  # fmt: skip


def told(
    row: Incident, version: int, log: Sequence[IncidentEntry], links: Sequence[IncidentLink], due: Iterable[Clock],
    now: datetime, *, store: Store, scope: Scope, lang: Lang,
) -> Told:  # fmt: skip
    """All of one incident."""
    layer = EXERCISES if row.exercise else INCIDENTS
    seen = layer.fields_in(scope)
    facts = {name: _plain(getattr(row, name)) for name in seen if name in type(row).model_fields}
    facts["area_name"] = area_names(store, scope).get(row.area, row.area)
    facts |= {f"{name}_word": code_label(codes, getattr(row, name), lang) for name, codes in WORDS.items()}
    if row.geometry is not None:
        point = row.geometry.representative_point()
        facts["place"] = {"lon": round(point.x, 6), "lat": round(point.y, 6)}
    until = last_correction(row)
    return {
        "code": row.code, "version": version, "exercise": row.exercise, "facts": facts,
        "titles": {name: spec.title.of(lang) for name, spec in seen.items()},
        "grade": grade_told(row, lang), "response": response_told(row, lang),
        "correct_until": None if until is None else {"at": iso(until[0]), "basis": until[1]},
        "clocks": [clock_told(one, lang) for one in due],
        "steps": [{"step": one.value, "title": STEPS[one].of(lang), "why": one in WHY,
                   "response": one in (Step.RESPOND, Step.LEVEL), "into": one is Step.MERGE} for one in steps_of(row)],
        "log": [entry_told(one, lang) for one in reversed(log)],
        "links": [link_told(one, lang) for one in links if one.role != "warned"], "now": iso(now),
    }  # fmt: skip


def grade_told(row: Incident, lang: Lang) -> Told:
    """The level, what reaches it, what is unknown, and the rule."""
    found = graded(row)
    word = "" if found.level is None else code_label("accident_level", str(found.level), lang)
    return {
        "level": found.level, "word": word, "at_least": found.at_least,
        "reached": [MEASURES[name].of(lang) for name in found.reached],
        "unknown": [MEASURES[name].of(lang) for name in found.unknown],
        "none": None if found.none is None else found.none.of(lang), "source": found.source,
        "status": found.status.value,
    }  # fmt: skip


def response_told(row: Incident, lang: Lang) -> Told:
    """The response level that stands, and the one a plan suggests."""
    found = suggested(row)
    level = row.response
    return {
        "level": level, "word": response_word(level, row.response_ended_at).of(lang),
        "ended_at": _iso(row.response_ended_at),
        "suggested": None if found is None else found.level,
        "suggested_word": "" if found is None else code_label("response_level", str(found.level), lang),
        "reached": [] if found is None else [RESPONSE_MEASURES[name].of(lang) for name in found.reached],
        "source": "" if found is None else found.source, "status": "" if found is None else found.status.value,
    }  # fmt: skip


def clock_told(one: Clock, lang: Lang) -> Told:
    """A clock with its rule; seconds left, below zero once overdue."""
    return {
        "id": one.id, "title": one.title.of(lang), "since": _iso(one.since), "until": _iso(one.until),
        "done_at": _iso(one.done_at), "shown": one.shown.value,
        "left": None if one.left is None else round(one.left.total_seconds()), "basis": one.basis,
        "status": one.status.value, "status_word": code_label("basis_status", one.status.value, lang),
        "note": one.note.of(lang),
    }  # fmt: skip


def entry_told(one: IncidentEntry, lang: Lang) -> Told:
    """A line of the log; a struck one with who, when and why."""
    place = None if one.geometry is None else one.geometry.representative_point()
    return {
        "code": one.code, "number": one.number, "kind": one.kind,
        "kind_word": code_label("incident_entry", one.kind, lang), "at": iso(one.at),
        "happened_at": iso(one.happened_at), "by": one.by, "text": one.text, "refs": list(one.refs),
        "place": None if place is None else {"lon": round(place.x, 6), "lat": round(place.y, 6)},
        "by_hand": one.kind in BY_HAND and not any(ref.startswith(TAKEN) for ref in one.refs),
        "struck": None if one.struck_at is None
        else {"at": iso(one.struck_at), "by": one.struck_by, "why": one.struck_why},
    }  # fmt: skip


def link_told(one: IncidentLink, lang: Lang) -> Told:
    """A row that is part of an incident."""
    return {
        "layer": one.of_layer, "key": one.of_key, "title": one.title, "role": one.role,
        "role_word": code_label("incident_link", one.role, lang), "at": iso(one.at), "by": one.by,
        "incident": one.incident,
    }  # fmt: skip


def choices(store: Store, scope: Scope, lang: Lang) -> Told:
    """What a form of an incident offers."""
    own = {code: name for code, name in area_names(store, scope).items() if scope.covers(code)}
    lists = {"kinds": "incident_kind", "origins": "incident_origin", "entries": "incident_entry",
             "responses": "response_level", "accident_kinds": "accident_type"}  # fmt: skip
    return {
        **{name: [{"code": one.code, "name": one.title.of(lang)} for one in code_list(id)]
           for name, id in lists.items()},
        "areas": [{"code": code, "name": name} for code, name in sorted(own.items())],
        "facts": {name: _spec(spec, lang) for name, spec in INCIDENTS.fields.items()},
        "chemicals": [{"cas": one.cas, "name": one.name.of(lang)} for one in substances().values() if one.cas],
    }  # fmt: skip


def _spec(spec: FieldSpec, lang: Lang) -> Told:
    return {"title": spec.title.of(lang), "kind": spec.kind.value}


def _line(row: Told, names: dict[str, str], lang: Lang) -> Told:
    place = row.pop("geometry", None)
    told_: Told = {name: _plain(value) for name, value in row.items() if not name.startswith("_")}
    told_ |= {f"{name}_word": code_label(codes, row.get(name), lang) for name, codes in WORDS.items()}
    least = row.get("level") not in (None, 1) and any(row.get(name) is None for name in MEASURES)
    word = code_label("accident_level", str(row["level"]), lang) if row.get("level") else ""
    told_["level_word"] = Text(f"至少{word}", f"at least {word}").of(lang) if least else word
    told_["response_word"] = response_word(row.get("response"), row.get("response_ended_at")).of(lang)
    told_["area_name"] = names.get(row.get("area") or "", row.get("area"))
    told_["version"] = row["_version"]
    told_["place"] = None if place is None else _place(place)
    return told_


def _place(body: bytes) -> Told:
    point = shapely.from_wkb(body).representative_point()
    return {"lon": round(point.x, 6), "lat": round(point.y, 6)}


def _iso(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, tuple):
        return list(value)
    return value
