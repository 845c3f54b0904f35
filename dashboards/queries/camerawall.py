"""The cameras that matter now, for a wall: with an event that goes on, near the worst alarm, then those listed."""

from collections.abc import Sequence
from typing import Any

import shapely

from core.clock import iso
from core.scope import Scope
from core.texts import Lang
from dashboards.queries.fireworks import firework_places
from dashboards.queries.sights import near
from dashboards.queries.wording import code_label
from gis.shapes import LonLat
from layers.catalogue.alarms import ALARMS
from layers.catalogue.sensing import CAMERAS
from layers.catalogue.violations import VIOLATIONS
from layers.filters import Compare, In, Not, Op, every
from monitoring.alarms.life import STANDING, State
from store.protocol import Store
from store.query import Order, Query
from store.rasters import RasterShelf

LISTED = 24
EVENTS = 12
ROUND_ALARM = 4


def chosen(
    store: Store, shelf: RasterShelf | None, listed: Sequence[str], analysed: Sequence[str], *, scope: Scope, lang: Lang
) -> list[dict[str, Any]]:
    """Codes with why each is shown, the first first; round a red alarm that nobody answered before all others.

    Round an alarm are those of the `analysed` alone: of others there is no picture to look at.
    """
    alarm = worst_alarm(store, scope)
    round_alarm = [] if alarm is None else [
        {"code": one["code"], "alarm": alarm["title"], "level": alarm["level"], "distance": one["distance"],
         "covers": one["covers"], "cover_word": one["why"]}
        for one in near(store, shelf, alarm["place"], scope=scope, lang=lang, most=ROUND_ALARM, among=analysed)
    ]  # fmt: skip
    events = open_events(store, scope=scope, lang=lang)
    urgent = alarm is not None and alarm["level"] == 1 and alarm["state"] == State.RAISED.value
    first, then = (round_alarm, events) if urgent else (events, round_alarm)
    found: dict[str, dict[str, Any]] = {}
    for one in (*first, *then, *({"code": code} for code in (*listed, *analysed))):
        found[one["code"]] = {**one, **found.get(one["code"], {})}
    return list(found.values())[:LISTED]


def key_cameras(store: Store, *, scope: Scope, lang: Lang) -> tuple[int, list[dict[str, Any]]]:
    """How many fireworks places there are, and their cameras, each with what makes it one; with an event first."""
    places = firework_places(store, scope=scope, lang=lang)
    layer = store.catalogue.find(CAMERAS.id, scope)
    if layer is None or not places or "enterprise" not in layer.fields_in(scope):
        return len(places), []
    query = Query(
        where=In("enterprise", tuple(sorted(places))), fields=("code", "enterprise"), geometry=False,
        order=(Order("code"),),
    )  # fmt: skip
    events = {one["code"]: one for one in open_events(store, scope=scope, lang=lang)}
    found = [
        {"code": row["code"], "place": places[row["enterprise"]], **events.get(row["code"], {})}
        for row in store.read(layer, query, scope=scope).to_pylist()
    ]
    return len(places), sorted(found, key=lambda one: "event" not in one)[:LISTED]


def open_events(store: Store, *, scope: Scope, lang: Lang) -> list[dict[str, Any]]:
    """Cameras with an event on video that goes on and that nobody called false, the newest event of each."""
    layer = store.catalogue.find(VIOLATIONS.id, scope)
    if layer is None:
        return []
    where = every(Compare("state", Op.EQ, "standing"), Not(Compare("verdict", Op.EQ, "rejected")))
    wanted = tuple(name for name in ("camera", "kind", "raised_at") if name in layer.fields_in(scope))
    if "camera" not in wanted:
        return []
    query = Query(where=where, fields=wanted, geometry=False, order=(Order("raised_at", descending=True),), limit=200)
    found: dict[str, dict[str, Any]] = {}
    for row in store.read(layer, query, scope=scope).to_pylist():
        word = code_label("video_event", row.get("kind"), lang) if row.get("kind") else ""
        at = row.get("raised_at")
        found.setdefault(row["camera"], {"code": row["camera"], "event": word, "at": None if at is None else iso(at)})
    return list(found.values())[:EVENTS]


def worst_alarm(store: Store, scope: Scope) -> dict[str, Any] | None:
    """The worst alarm that stands and has a place; of several the newest."""
    layer = store.catalogue.find(ALARMS.id, scope)
    if layer is None:
        return None
    fields = ("code", "title", "level", "state", "raised_at")
    query = Query(
        where=In("state", STANDING),
        fields=fields,
        order=(Order("level"), Order("raised_at", descending=True)),
        limit=20,
    )
    table = store.read(layer, query, scope=scope)
    middles = shapely.centroid(shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False)))
    for row, middle in zip(table.drop_columns(["geometry"]).to_pylist(), middles, strict=True):
        if middle is not None:
            return {**row, "place": LonLat(middle.x, middle.y)}
    return None
