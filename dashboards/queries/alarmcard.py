"""One alarm for whoever answers it: its states, its point with limits and curve, whom to call, where to look."""

from datetime import datetime, timedelta
from typing import Any

import orjson

from core.actors import SYSTEM_ACTOR
from core.clock import iso
from core.errors import NotFoundError
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.alarms import alarm_layer, queue
from dashboards.queries.readings import Readings
from dashboards.queries.wording import code_label, number, unit
from layers.catalogue.alarms import ALARMS, AlarmRow
from layers.filters import Compare, Op
from layers.layer import Layer
from layers.record import Record
from store.feed import Entry, Version
from store.protocol import Store
from store.query import Query

LONGEST_TALE = 100
"""Versions told of one alarm: one that chatters has more, and the newest say what to do."""

CURVE, BUCKETS = timedelta(hours=1), 120

_LIMITS = ("low_low", "low", "high", "high_high")
_SAID = (
    "raised_at", "last_raised_at", "acknowledged_at", "acknowledged_by", "shelved_at", "shelved_until", "shelved_by",
    "shelved_why", "cleared_at", "closed_at", "closed_by", "outcome", "unknown_since", "told_at",
    "false_at", "false_by", "false_why", "received_at", "received_by", "answered_at", "answered_by", "answer_cause",
    "answer_measure", "answer_until",
)  # fmt: skip
_PHONES = {
    "sites": (("contact", "contact_phone"),),
    "enterprises": (("safety_head", "safety_head_phone"), ("principal", "principal_phone")),
}


def alarm_card(
    store: Store, readings: Readings | None, code: str, now: datetime, *, scope: Scope, lang: Lang
) -> dict[str, Any]:
    """Everything of one alarm this caller may see; NotFoundError where there is none for them."""
    layer = alarm_layer(store, scope)
    found = store.get(layer, code, scope=scope)
    row = found.record
    assert isinstance(row, AlarmRow)
    sensor = _row(store, "sensors", row.point.partition("/")[0], scope)
    return {
        "code": code,
        "version": found.version,
        "title": row.title,
        "state": row.state,
        "state_word": code_label("alarm_state", row.state, lang),
        "level": row.level,
        "said": {name: _plain(getattr(row, name)) for name in _SAID},
        "steps": _steps(store, layer, code, scope, lang),
        "point": None if sensor is None else _point(store, sensor, row, readings, now, scope, lang),
        "calls": _calls(store, row, scope, lang),
        "place": None
        if row.geometry is None
        else {"lon": round(row.geometry.centroid.x, 6), "lat": round(row.geometry.centroid.y, 6)},
        "group": _group(store, layer, row, scope),
        "queue": queue(store, now, scope=scope, lang=lang, codes=(code,))["columns"],
    }


def _plain(value: object) -> object:
    return iso(value) if isinstance(value, datetime) else value


def _row(store: Store, layer_id: str, key: str, scope: Scope) -> Record | None:
    layer = store.catalogue.find(layer_id, scope)
    if layer is None or not key:
        return None
    try:
        return store.get(layer, key, scope=scope).record
    except NotFoundError:
        return None


def _steps(store: Store, layer: Layer, code: str, scope: Scope, lang: Lang) -> list[dict[str, Any]]:
    """What happened, a version each, the newest first."""
    kept = store.versions(layer, code, scope=scope)[-LONGEST_TALE:]
    bodies: list[dict[str, Any] | None] = [None, *(orjson.loads(version.body) for version in kept)]
    steps = []
    for version, before, body in zip(kept, bodies, bodies[1:], strict=False):
        assert body is not None
        steps.append(_step(version, body, before, _entry(store, version.from_seq, scope), lang))
    return steps[::-1]


def _entry(store: Store, seq: int, scope: Scope) -> Entry | None:
    found = store.feed(after=seq - 1, scope=scope, layers=frozenset({ALARMS.id}), limit=1)
    return found[0] if found and found[0].seq == seq else None


_EVENTS = {
    "raised": Text("报警", "Raised"),
    "again": Text("再次报警", "Raised again"),
    "acknowledged": Text("接警", "Answered"),
    "shelved": Text("搁置", "Shelved"),
    "unshelved": Text("取消搁置", "Off the shelf"),
    "cleared": Text("恢复", "Cleared"),
    "closed": Text("关闭", "Closed"),
    "false": Text("判为误报", "Declared false"),
    "received": Text("企业接警", "Received by the enterprise"),
    "answered": Text("企业答复", "Answered by the enterprise"),
    "true": Text("撤销误报", "False alarm withdrawn"),
    "told": Text("转告", "Told to"),
    "unknown": Text("失去有效数据", "No usable value"),
    "known": Text("数据恢复", "Values again"),
    "changed": Text("更新", "Changed"),
}
_BY = {"acknowledged": "acknowledged_by", "shelved": "shelved_by", "closed": "closed_by", "false": "false_by",
       "received": "received_by", "answered": "answered_by"}  # fmt: skip


def _event(body: dict[str, Any], before: dict[str, Any] | None) -> str:
    """What made a version out of the one before it."""
    if before is None:
        return "raised"
    state, was = body.get("state"), before.get("state")
    if was == "false":
        if state != was:
            return "true"
        return "cleared" if body.get("cleared_at") and not before.get("cleared_at") else _unusable(body, before)
    if state == "false":
        return "false"
    if state != was and state in ("closed", "shelved", "cleared") and body.get("raises") == before.get("raises"):
        return str(state)
    if body.get("raises") != before.get("raises"):
        return "again"
    if body.get("acknowledged_at") and not before.get("acknowledged_at"):
        return "acknowledged"
    if body.get("answered_at") != before.get("answered_at"):
        return "answered"
    if body.get("received_at") != before.get("received_at"):
        return "received"
    if was == "shelved" and state != was:
        return "unshelved"
    if body.get("told") != before.get("told"):
        return "told"
    return _unusable(body, before)


def _unusable(body: dict[str, Any], before: dict[str, Any]) -> str:
    """Whether usable values went or came; else something changed that has no name."""
    if bool(body.get("unknown_since")) == bool(before.get("unknown_since")):
        return "changed"
    return "unknown" if body.get("unknown_since") else "known"


def _step(
    version: Version, body: dict[str, Any], before: dict[str, Any] | None, entry: Entry | None, lang: Lang
) -> dict[str, Any]:  # fmt: skip
    event = _event(body, before)
    words = _EVENTS[event].of(lang)
    if event == "told":
        words += Text("", " ").of(lang) + code_label("alarm_tier", body.get("told"), lang)
    actor = "" if entry is None else entry.actor
    system = Text("系统", "System").of(lang) if actor == SYSTEM_ACTOR.id else actor
    return {
        "version": version.version,
        "event": event,
        "words": words,
        "state": str(body.get("state", "raised")),
        "at": None if entry is None else iso(entry.at),
        "actor": str(body.get(_BY.get(event, ""), "") or system),
    }


def _point(
    store: Store, sensor: Record, row: AlarmRow, readings: Readings | None, now: datetime, scope: Scope, lang: Lang
) -> dict[str, Any]:
    """The measuring point: its limits, its newest value, and the last hour as a curve."""
    seen = store.catalogue["sensors"].fields_in(scope)
    given = {name: getattr(sensor, name) for name in (*_LIMITS, "range_low", "range_high") if name in seen}
    kind, measures = str(getattr(sensor, "kind", "")), unit(getattr(sensor, "unit", ""))
    about: dict[str, Any] = {
        "code": row.point,
        "name": getattr(sensor, "name", row.point),
        "kind": code_label("sensor_kind", kind, lang),
        "tag": getattr(sensor, "tag", "") if "tag" in seen else "",
        "unit": measures,
        "limits": {name: value for name, value in given.items() if value is not None},
        "limits_word": [
            {"name": code_label("alarm_condition", short, lang), "value": f"{number(given[name])} {measures}".strip()}
            for name, short in zip(_LIMITS, ("LL", "L", "H", "HH"), strict=True)
            if given.get(name) is not None
        ],
        "reading": None,
        "curve": {"at": [], "value": []},
    }
    if readings is None or "/" in row.point:
        return about
    about["reading"] = readings.latest([row.point], now, scope=scope, lang=lang).get(row.point)
    curve = readings.series.window(row.point, now - CURVE, now, BUCKETS)
    about["curve"] = {"at": [iso(at) for at in curve["at"].to_pylist()], "value": curve["value"].to_pylist()}
    return about


def _calls(store: Store, row: AlarmRow, scope: Scope, lang: Lang) -> dict[str, Any]:
    """Enterprise and persons to call; a phone that is kept from the caller is said to be."""
    people = []
    for layer_id, key in (("sites", row.site), ("enterprises", row.enterprise)):
        record, layer = _row(store, layer_id, key, scope), store.catalogue.find(layer_id, scope)
        if record is None or layer is None:
            continue
        seen = layer.fields_in(scope)
        for name, phone in _PHONES[layer_id]:
            person = getattr(record, name) if name in seen else ""
            number_ = getattr(record, phone) if phone in seen else ""
            if person or number_:
                title = layer.fields[name].title.of(lang)
                people.append({"title": title, "name": person, "phone": number_, "kept": phone not in seen})
    firm = _row(store, "enterprises", row.enterprise, scope)
    name = "" if firm is None else str(getattr(firm, "name", ""))
    return {"enterprise": row.enterprise, "name": name, "people": people}


def _group(store: Store, layer: Layer, row: AlarmRow, scope: Scope) -> dict[str, Any]:
    """How many alarms are of one cause with this one, open or closed, and which came first."""
    where = Compare("group", Op.EQ, row.group or row.code)
    table = store.read(layer, Query(where=where, fields=("code", "title", "first_out"), geometry=False), scope=scope)
    first = [one for one in table.to_pylist() if one["first_out"]]
    return {
        "code": row.group or row.code,
        "total": table.num_rows,
        "first": {"code": first[0]["code"], "title": first[0]["title"]} if first else None,
    }
