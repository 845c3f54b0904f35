"""The call log as its page asks for it: newest first, one with its forwards, numbers only where the role opens them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.clock import CHINA, iso
from core.errors import ForbiddenError
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.wording import area_names, code_label
from emergency.duty.book import stale
from emergency.duty.practice import span
from layers.catalogue import DUTY_CALLS, DUTY_CONTACTS, DUTY_FORWARDS
from layers.codes.retention import retention_rules
from layers.filters import Compare, Filter, In, Like, Missing, Op, Or, every
from layers.layer import Layer
from store.protocol import Store
from store.query import Order, Query

PAGE = 60
MOST = 300
SPECIAL = re.compile(r"[%_\\]")
"""What has a meaning of its own in a pattern."""

LISTED = (
    "code", "direction", "at", "written_at", "written_by", "caller", "caller_unit", "what", "place", "recording",
    "call_back", "called_back_at", "incident", "state", "struck_by", "struck_at", "struck_reason", "area",
)  # fmt: skip
OPEN_CALLS = every(
    Compare("call_back", Op.EQ, True), Missing("called_back_at"), Compare("state", Op.EQ, "logged")
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which calls: by a word, those that want something, from which on."""

    words: str = ""
    wanting: bool = False
    start: int = 0


def duty_layer(store: Store, layer: Layer, scope: Scope) -> Layer:
    """One of the duty desk's layers; ForbiddenError for whom it is not there."""
    found = store.catalogue.find(layer.id, scope)
    if found is None:
        raise ForbiddenError(Text("应急值守对您的岗位不开放", "duty is not open to your role"))
    return found


def calls(store: Store, asked: Asked, now: datetime, *, scope: Scope, lang: Lang) -> dict[str, Any]:
    """A page of the log with what waits of it; numbers are told of one at a time."""
    layer = duty_layer(store, DUTY_CALLS, scope)
    waiting = _waiting(store, scope)
    parts: list[Filter | None] = []
    if asked.words:
        word = SPECIAL.sub(r"\\\g<0>", asked.words)
        named = ("code", "what", "place", "caller", "caller_unit", "written_by")
        fit = tuple(Like(name, f"%{word}%", ignore_case=True) for name in named if name in layer.fields_in(scope))
        parts.append(Or(fit))
    if asked.wanting:
        assert OPEN_CALLS is not None
        parts.append(Or((OPEN_CALLS, In("code", tuple(waiting) or ("",)))))
    where = every(*parts)
    seen = layer.fields_in(scope)
    query = Query(
        where=where, fields=tuple(name for name in LISTED if name in seen), order=(Order("at", descending=True),),
        limit=PAGE, offset=asked.start,
    )  # fmt: skip
    table = store.read(layer, query, scope=scope)
    areas = area_names(store, scope)
    to_call = store.count(layer, Query(where=OPEN_CALLS), scope=scope)
    return {
        "at": iso(now), "total": store.count(layer, Query(where=where), scope=scope), "from": asked.start, "page": PAGE,
        "to_call_back": to_call, "receipts_waiting": sum(len(some) for some in waiting.values()),
        "receipts_late": sum(due < now for some in waiting.values() for due in some),
        "rows": [
            _line(row, now, lang)
            | {"area_word": areas.get(row.get("area"), row.get("area")), "place_at": _place(row.get("geometry"))}
            | {"receipts": [iso(due) for due in waiting.get(row["code"], [])]}
            for row in table.to_pylist()
        ],
    }  # fmt: skip


def one_call(store: Store, code: str, now: datetime, *, scope: Scope, lang: Lang) -> dict[str, Any]:
    """One call whole: its number where the role opens it, to whom it was passed on, how long it is kept."""
    layer = duty_layer(store, DUTY_CALLS, scope)
    stored = store.get(layer, code, scope=scope)
    seen = layer.fields_in(scope)
    row = {name: getattr(stored.record, name) if name in seen else None for name in layer.fields}
    forwards = store.catalogue.find(DUTY_FORWARDS.id, scope)
    query = Query(where=Compare("call", Op.EQ, code), order=(Order("sent_at"),), geometry=False, limit=MOST)
    sent = [] if forwards is None else store.read(forwards, query, scope=scope).to_pylist()
    shape = stored.record.geometry
    rule = next((one for one in retention_rules() if one.record == "duty_call"), None)
    return _line(row, now, lang) | {
        "version": stored.version, "caller_phone": row["caller_phone"], "phone_open": "caller_phone" in seen,
        "area": row["area"], "area_word": area_names(store, scope).get(str(row["area"]), row["area"]),
        "place_at": None if shape is None else [shape.centroid.x, shape.centroid.y],
        "called_back_by": row["called_back_by"], "call_back_said": row["call_back_said"],
        "forwards": [
            {
                "code": one["code"], "version": one["_version"], "to": one["to"], "asked": one["asked"],
                "sent_at": iso(one["sent_at"]), "sent_by": one["sent_by"], "due_at": iso(one["due_at"]),
                "state": one["state"], "state_word": code_label("forward_state", one["state"], lang),
                "late": one["state"] == "waiting" and one["due_at"] < now,
                "receipt_at": None if one["receipt_at"] is None else iso(one["receipt_at"]),
                "receipt_from": one["receipt_from"], "receipt": one["receipt"], "noted_by": one["noted_by"],
            }
            for one in sent
        ],
        "kept": None if rule is None else {"months": rule.months, "source": rule.source, "status": rule.status.value},
    }  # fmt: skip


def contacts(store: Store, words: str, now: datetime, *, scope: Scope, lang: Lang) -> dict[str, Any]:
    """The phone book in the order of calling; mobile phones are told of one at a time."""
    layer = duty_layer(store, DUTY_CONTACTS, scope)
    seen = layer.fields_in(scope)
    named = ("code", "kind", "name", "unit", "post", "duties", "duty_phone", "call_order", "verified_on", "verified_by")
    fields = tuple(name for name in (*named, "area") if name in seen)
    where: Filter | None = None
    if words:
        pattern = f"%{SPECIAL.sub(r'\\\g<0>', words)}%"
        sought = (name for name in ("name", "unit", "post", "duties") if name in seen)
        where = Or(tuple(Like(name, pattern, ignore_case=True) for name in sought))
    query = Query(where=where, fields=fields, geometry=False, order=(Order("call_order"), Order("name")), limit=MOST)
    rows, today = store.read(layer, query, scope=scope).to_pylist(), now.astimezone(CHINA).date()
    areas = area_names(store, scope)
    return {
        "at": iso(now), "total": store.count(layer, Query(where=where), scope=scope),
        "stale_days": span("contact_stale", today).days,
        "rows": [
            {
                "code": row["code"], "kind": row.get("kind"), "version": row["_version"],
                "kind_word": code_label("duty_contact_kind", row.get("kind"), lang), "name": row.get("name"),
                "unit": row.get("unit"), "post": row.get("post"), "duties": row.get("duties"),
                "duty_phone": row.get("duty_phone"), "duty_phone_open": "duty_phone" in seen,
                "mobile_open": "mobile_phone" in seen, "call_order": row.get("call_order"),
                "area": row.get("area"), "area_word": areas.get(row.get("area"), row.get("area")),
                "verified_on": row["verified_on"].isoformat() if row.get("verified_on") else None,
                "verified_by": row.get("verified_by"), "stale": stale(row.get("verified_on"), today),
                "own": scope.covers(row.get("area") or "") and scope.may_write(layer.id),
            }
            for row in rows
        ],
    }  # fmt: skip


def one_contact(store: Store, code: str, *, scope: Scope) -> dict[str, Any]:
    """The numbers of one contact, as far as the role opens them; None is what it does not."""
    layer = duty_layer(store, DUTY_CONTACTS, scope)
    stored = store.get(layer, code, scope=scope)
    seen = layer.fields_in(scope)
    return {
        "code": code, "version": stored.version, "name": getattr(stored.record, "name", ""),
        "duty_phone": getattr(stored.record, "duty_phone", "") if "duty_phone" in seen else None,
        "mobile_phone": getattr(stored.record, "mobile_phone", "") if "mobile_phone" in seen else None,
    }  # fmt: skip


def _waiting(store: Store, scope: Scope) -> dict[str, list[datetime]]:
    """When the receipts that are missing fall due, by call."""
    layer = store.catalogue.find(DUTY_FORWARDS.id, scope)
    if layer is None:
        return {}
    query = Query(
        where=Compare("state", Op.EQ, "waiting"), fields=("code", "call", "due_at"), geometry=False,
        order=(Order("due_at"),), limit=MOST,
    )  # fmt: skip
    found: dict[str, list[datetime]] = {}
    for row in store.read(layer, query, scope=scope).to_pylist():
        found.setdefault(row["call"], []).append(row["due_at"])
    return found


def _line(row: dict[str, Any], now: datetime, lang: Lang) -> dict[str, Any]:
    at, written, back = row.get("at"), row.get("written_at"), row.get("called_back_at")
    day = now.astimezone(CHINA).date()
    late = None if at is None or written is None else written - at
    due = None if at is None or not row.get("call_back") or back else at + span("call_back_due", day)
    return {
        "code": row["code"], "direction": row.get("direction"),
        "direction_word": code_label("call_direction", row.get("direction"), lang),
        "at": None if at is None else iso(at), "written_at": None if written is None else iso(written),
        "written_late": late is not None and late > span("write_late", day), "written_by": row.get("written_by"),
        "caller": row.get("caller"), "caller_unit": row.get("caller_unit"), "what": row.get("what"),
        "place": row.get("place"), "recording": row.get("recording"), "call_back": bool(row.get("call_back")),
        "called_back_at": None if back is None else iso(back),
        "call_back_due": None if due is None or row.get("state") == "struck" else iso(due),
        "incident": row.get("incident"), "state": row.get("state"),
        "state_word": code_label("call_state", row.get("state"), lang), "struck_by": row.get("struck_by"),
        "struck_at": iso(row["struck_at"]) if row.get("struck_at") else None,
        "struck_reason": row.get("struck_reason"),
    }  # fmt: skip


def _place(wkb: bytes | None) -> list[float] | None:
    if wkb is None:
        return None
    from shapely import from_wkb

    middle = from_wkb(wkb).centroid
    return [middle.x, middle.y]
