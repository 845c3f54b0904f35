"""Video of one object beside its readings: cameras of its own site and round it, and events on video of a span."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely

from core.clock import iso
from core.errors import NotFoundError
from core.scope import Scope
from core.texts import Lang, Text
from core.units import Metre
from dashboards.queries.fireworks import firework_places
from dashboards.queries.sights import near
from dashboards.queries.standings import firm_names
from dashboards.queries.violations import camera_names
from dashboards.queries.wording import code_label
from gis.shapes import LonLat
from layers.catalogue import CAMERAS, VIOLATIONS
from layers.catalogue.alarms import ALARMS
from layers.catalogue.enterprises import ENTERPRISES
from layers.filters import Compare, Filter, In, Op, Or, every
from layers.layer import Geometry, Layer
from store.protocol import Store
from store.query import Order, Query
from store.rasters import RasterShelf

MOST_EVENTS = 100
MOST_CAMERAS = 6
OWN: Metre = 5_000.0
"""Cameras of the enterprise itself count as at the place up to here; others only where they are near."""
NEEDED = ("code", "kind", "camera", "raised_at", "ended_at", "state", "verdict")

POINTS, EYES = ("sensors", "weather_stations"), (CAMERAS.id, VIOLATIONS.id, ALARMS.id)
"""Layers whose cards have the cameras round an object open, and those that show pictures in a way of their own."""


def video_of(layer: Layer, scope: Scope) -> str:
    """How the card of an object shows cameras round it: `open`, `folded` (of an enterprise), empty (not at all)."""
    if layer.geometry is Geometry.NONE or layer.id in EYES:
        return ""
    owned = layer.id == ENTERPRISES.id or "enterprise" in layer.fields_in(scope)
    return "open" if layer.id in POINTS else "folded" if owned else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An object, where it is (None: not known) and whose it is (empty: nobody's, or not for the reader to know)."""

    title: str
    at: LonLat | None
    enterprise: str
    site: str


def place_of(store: Store, layer_id: str, key: str, *, scope: Scope) -> Place:
    """Where an object is and whose; NotFoundError where the reader may not know of it."""
    layer = store.catalogue.find(layer_id, scope)
    if layer is None or layer.geometry is Geometry.NONE:
        raise NotFoundError(Text("没有这个图层", "no such layer"), layer=layer_id[:40])
    record, seen = store.get(layer, key, scope=scope).record, layer.fields_in(scope)
    geometry = getattr(record, "geometry", None)
    middle = None if geometry is None or geometry.is_empty else shapely.centroid(geometry)
    own = key if layer.id == ENTERPRISES.id else _own(record, seen, "enterprise")
    return Place(
        title=_own(record, seen, layer.label or layer.key), enterprise=own, site=_own(record, seen, "site"),
        at=None if middle is None else LonLat(middle.x, middle.y),
    )  # fmt: skip


def _own(record: Any, seen: Any, name: str) -> str:
    return str(getattr(record, name, "") or "") if name in seen else ""


def footage(
    store: Store, shelf: RasterShelf | None, layer_id: str, key: str, start: datetime, end: datetime, *, scope: Scope,
    lang: Lang,
) -> dict[str, Any]:  # fmt: skip
    """Cameras of the object's own site first, then those round it; events of a span, None where they are kept."""
    place = place_of(store, layer_id, key, scope=scope)
    cameras = _cameras(store, shelf, place, scope, lang)
    events = _events(store, place, [one["code"] for one in cameras], start, end, scope, lang)
    fireworks = firework_places(store, scope=scope, lang=lang, only=place.enterprise) if place.enterprise else {}
    return {
        "layer": layer_id, "key": key, "title": place.title, "from": iso(start), "to": iso(end),
        "placed": place.at is not None, "enterprise": place.enterprise,
        "enterprise_name": firm_names(store, [place.enterprise], scope).get(place.enterprise, "")
        if place.enterprise else "",
        "fireworks": fireworks.get(place.enterprise, []), "cameras": cameras,
        "events": None if events is None else events[:MOST_EVENTS],
        "more": events is not None and len(events) > MOST_EVENTS,
    }  # fmt: skip


def _cameras(store: Store, shelf: RasterShelf | None, place: Place, scope: Scope, lang: Lang) -> list[dict[str, Any]]:
    layer = store.catalogue.find(CAMERAS.id, scope)
    if layer is None:
        return []
    own: dict[str, str] = {}
    if place.enterprise and "enterprise" in layer.fields_in(scope):
        fields = tuple(name for name in ("code", "name", "site") if name in layer.fields_in(scope))
        query = Query(where=Compare("enterprise", Op.EQ, place.enterprise), fields=fields, geometry=False)
        rows = store.read(layer, query, scope=scope).to_pylist()
        rows.sort(key=lambda row: (bool(place.site) and row.get("site") != place.site, row["code"]))
        own = {row["code"]: row.get("name") or row["code"] for row in rows}
    if place.at is None:
        return [{"code": code, "name": name, "own": True} for code, name in list(own.items())[:MOST_CAMERAS]]
    mine = near(store, shelf, place.at, scope=scope, lang=lang, most=MOST_CAMERAS, within=OWN, among=own) if own else []
    others = near(store, shelf, place.at, scope=scope, lang=lang, most=MOST_CAMERAS)
    found = {one["code"]: one | {"own": True} for one in mine}
    found |= {one["code"]: one | {"own": one["code"] in own} for one in others if one["code"] not in found}
    return list(found.values())[:MOST_CAMERAS]


def _events(
    store: Store, place: Place, codes: list[str], start: datetime, end: datetime, scope: Scope, lang: Lang
) -> list[dict[str, Any]] | None:
    """Events that went on at some time of the span, newest first: of the enterprise, or of the cameras round it."""
    layer = store.catalogue.find(VIOLATIONS.id, scope)
    seen = {} if layer is None else layer.fields_in(scope)
    if layer is None or not set(NEEDED) <= set(seen):
        return None
    whose: Filter
    if place.enterprise and "enterprise" in seen:
        whose = Compare("enterprise", Op.EQ, place.enterprise)
    elif codes:
        whose = In("camera", tuple(codes))
    else:
        return []
    late = (Compare(name, Op.GE, start) for name in ("ended_at", "raised_at"))
    span = Or((Compare("state", Op.EQ, "standing"), *late))
    query = Query(
        where=every(whose, Compare("raised_at", Op.LE, end), span), fields=NEEDED, geometry=False,
        order=(Order("raised_at", descending=True), Order("code")), limit=MOST_EVENTS + 1,
    )  # fmt: skip
    rows = store.read(layer, query, scope=scope).to_pylist()
    names = camera_names(store, sorted({row["camera"] for row in rows if row["camera"]}), scope)
    return [
        {
            "code": row["code"], "kind": code_label("video_event", row["kind"], lang), "camera": row["camera"],
            "camera_name": names.get(row["camera"], row["camera"]), "from": iso(row["raised_at"]),
            "to": None if row["ended_at"] is None else iso(row["ended_at"]), "state": row["state"],
            "state_word": code_label("violation_state", row["state"], lang), "verdict": row["verdict"],
            "verdict_word": code_label("violation_verdict", row["verdict"], lang),
        }
        for row in rows
    ]  # fmt: skip
