"""Orders as a screen or a program reads them, and to whom one may be addressed."""

import json
from datetime import datetime, timedelta
from typing import Any

import shapely

from core.clock import iso
from core.scope import Scope
from core.texts import Lang
from dashboards.queries.wording import code_label
from emergency.orders.life import ACTS, acts_of
from gis.measure import distances
from gis.shapes import LonLat
from layers.catalogue import DUTY_CONTACTS, TEAMS
from layers.catalogue.orders import IncidentOrder
from store.protocol import Store
from store.query import Order, Query

Told = dict[str, Any]
MOST = 300
TIMES = ("at", "received_at", "left_at", "acting_at", "arrived_at", "ended_at", "eta", "urged_at")
NAMES = ("by", "received_by", "left_by", "acting_by", "arrived_by", "ended_by")
PLAIN = ("code", "incident", "exercise", "number", "action", "details", "to_kind", "to_name", "to_phone", "team",
         "booking", "place_name", "state", "entry", "said", "urged")  # fmt: skip


def order_told(row: IncidentOrder, receipt: timedelta, lang: Lang, *, acts: bool) -> Told:
    """One order: by when it is to be received, where it leads, each step with who and when, what may be done."""
    point = None if row.geometry is None else row.geometry.representative_point()
    way = None
    if row.way:
        way = {"line": json.loads(row.way), "time_s": row.way_time, "length_m": row.way_length,
               "avoids": row.way_avoids, "said": row.way_said}  # fmt: skip
    return {
        **{name: getattr(row, name) for name in (*PLAIN, *NAMES)},
        **{name: _iso(getattr(row, name)) for name in TIMES},
        "state_word": code_label("order_state", row.state, lang), "receipt_due": iso(row.at + receipt),
        "place": None if point is None else {"lon": round(point.x, 6), "lat": round(point.y, 6)}, "way": way,
        "acts": [{"act": act, "title": ACTS[act].title.of(lang), "why": ACTS[act].why} for act in acts_of(row)]
        if acts else [],
    }  # fmt: skip


def recipients(store: Store, near: LonLat | None, *, scope: Scope, lang: Lang) -> Told:
    """Teams the caller sees, the nearest first where a place is known, and the phone book in its order."""
    return {"teams": _teams(store, near, scope, lang), "contacts": _contacts(store, scope)}


def _teams(store: Store, near: LonLat | None, scope: Scope, lang: Lang) -> list[Told]:
    layer = store.catalogue.find(TEAMS.id, scope)
    if layer is None:
        return []
    wanted = ("code", "name", "kind", "unit", "state", "duty_phone", "area")
    fields = tuple(name for name in wanted if name in layer.fields_in(scope))
    rows = store.read(layer, Query(fields=fields), scope=scope).to_pylist()
    told = []
    for row in rows:
        point = None if row["geometry"] is None else shapely.from_wkb(row["geometry"]).representative_point()
        told.append({
            "code": row["code"], "name": row["name"], "kind_word": code_label("team_kind", row["kind"], lang),
            "unit": row.get("unit") or "", "state": row["state"],
            "state_word": code_label("resource_state", row["state"], lang), "phone": row.get("duty_phone") or "",
            "own": scope.covers(row["area"]), "place": None if point is None else [point.x, point.y],
        })  # fmt: skip
    if near is not None:
        placed = [one for one in told if one["place"] is not None]
        far = distances(near, [one["place"][0] for one in placed], [one["place"][1] for one in placed]).tolist()
        for one, metres in zip(placed, far, strict=True):
            one["metres"] = round(metres)
        told.sort(key=lambda one: (one.get("metres", 1e9), one["code"]))
    return told[:MOST]


def _contacts(store: Store, scope: Scope) -> list[Told]:
    layer = store.catalogue.find(DUTY_CONTACTS.id, scope)
    if layer is None:
        return []
    wanted = ("code", "kind", "name", "unit", "post", "duty_phone")
    fields = tuple(name for name in wanted if name in layer.fields_in(scope))
    query = Query(fields=fields, geometry=False, order=(Order("call_order"),), limit=MOST)
    return [
        {"code": row["code"], "name": row["name"], "kind": row.get("kind") or "", "phone": row.get("duty_phone") or "",
         "said": " ".join(one for one in (row.get("unit"), row.get("post")) if one)}
        for row in store.read(layer, query, scope=scope).to_pylist()
    ]  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return None if at is None else iso(at)
