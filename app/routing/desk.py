"""A request for routes answered for a caller: places and zones by their rights, the way, and what is said of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow.compute as pc
import shapely

from app.keeping import Archive, read_kept, record
from app.routing.asking import Named, Spot, Wish, wish
from app.routing.net import Net, RoadNet
from core.caller import Caller
from core.clock import Clock, iso
from core.errors import NotFoundError
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.questions import bad
from emergency.routing import (
    Approach,
    Avoidance,
    Closure,
    Reached,
    Route,
    Staging,
    Zone,
    avoidance,
    nearest,
    route,
    staging,
)  # fmt: skip
from gis.measure import distances
from gis.shapes import LonLat
from layers.catalogue import SCENARIO_ZONES
from layers.catalogue.registered import Registered
from layers.filters import And, Compare, Missing, Op
from layers.layer import Geometry, Publish
from store.protocol import Store
from store.query import Query

Json = dict[str, Any]
Kept = Callable[[str, Scope], tuple[Sequence[Zone], Approach | None]]
"""The zones in space and time of an incident, and its source with its wind."""

Closed = Callable[[str, Scope], Sequence[Closure]]
"""Roads reported blocked, as the caller may know, for ways of an incident or of none."""

NO_SCENARIO = Text("事件还没有情景,未避让任何影响区", "the incident has no scenario yet: no zone was avoided")
WEIGHED = 60
"""So many of the nearest in a straight line are weighed by road."""
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What may be sent: where it is, what it is called, and how old what is known of it is."""

    layer: str
    layer_title: str
    key: str
    title: str
    place: LonLat
    observed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDesk:
    """The door of routes."""

    store: Store
    net: RoadNet
    archive: Archive
    clock: Clock
    incident: Kept | None = None
    closed: Closed | None = None

    def routes(self, given: Json, caller: Caller) -> Json:
        """POST /api/routes: one route, or who is nearest by road with the route of the first."""
        asked = wish(given)
        net = self.net.of(caller.scope)
        zones, found = self._zones(asked, caller.scope)
        more: Sequence[Zone] = ()
        if asked.incident and self.incident is not None:
            more, source = self.incident(asked.incident, caller.scope)
            zones, found = [*zones, *more], found or source
        approach = asked.approach or (found if asked.upwind else None)
        if asked.upwind and approach is None:
            raise bad(
                "approach",
                "upwind",
                Text("须同时给出情景或有情景的事件", "needs a scenario, or an incident that has one"),
            )
        shut = () if self.closed is None else self.closed(asked.incident, caller.scope)
        avoid = avoidance(net.graph, [*asked.zones, *zones], [*asked.closures, *shut], asked.vehicle)
        empty = bool(asked.incident) and not more
        at, to = asked.depart or self.clock(), self._place(asked.to, caller.scope)
        told = self._basis(net, avoid, at, caller.lang)
        if empty:
            told["notices"] += [NO_SCENARIO.of(caller.lang)]
        resources = self._resources(asked, to, caller)
        starts = [self._place(one, caller.scope) for one in asked.starts]
        if asked.staging:
            if approach is None:
                raise bad("staging", "", Text("须给出 approach", "needs approach"))
            teams = [*starts, *(one.place for one in resources if asked.gather)]
            found_places = staging(net.graph, approach, avoid, at=at, teams=teams)
            told["staging"] = [_gathering(one, caller.lang) for one in found_places]
            if asked.gather and found_places:
                to, approach = found_places[0].place, None
        if asked.gather:
            told["to"] = [to.lon, to.lat]
        if asked.nearest:
            return told | self._nearest(resources, asked.most, net, avoid, at, to, approach, caller)
        if len(starts) == 1 and not asked.gather:
            one = route(net.graph, starts[0], to, at=at, avoid=avoid, approach=approach)
            return told | {"route": one.geojson(caller.lang)}
        return told | {
            "nearest": [_row(one, caller.lang) for one in nearest(net.graph, starts, to, at=at, avoid=avoid)]
        }

    def _nearest(
        self, resources: Sequence[Resource], most: int, net: Net, avoid: Avoidance, at: datetime, to: LonLat,
        approach: Approach | None, caller: Caller,
    ) -> Json:  # fmt: skip
        reached = nearest(net.graph, [one.place for one in resources], to, at=at, avoid=avoid)[:most]
        told: Json = {"nearest": [_row(one, caller.lang) | _told(resources[one.index]) for one in reached]}
        first = next((one for one in reached if one.reachable), None)
        if first is not None:
            found: Route = route(net.graph, resources[first.index].place, to, at=at, avoid=avoid, approach=approach)
            told["route"] = found.geojson(caller.lang)
        return told

    def _resources(self, asked: Wish, to: LonLat, caller: Caller) -> list[Resource]:
        found: list[Resource] = []
        for name in asked.nearest:
            layer = self.store.catalogue.find(name, caller.scope)
            if layer is None or layer.publish is Publish.NONE or layer.geometry is not Geometry.POINT:
                raise NotFoundError(Text(f"没有点图层“{name}”", f"no layer of points {name!r}"), layer=name)
            shown = layer.fields_in(caller.scope)
            fields = tuple(f for f in dict.fromkeys((layer.key, layer.label, "observed_at")) if f and f in shown)
            where = Missing("closed_at") if issubclass(layer.record, Registered) else None
            table = self.store.read(layer, Query(where=where, fields=fields, limit=MOST_ROWS), scope=caller.scope)
            table = table.filter(pc.is_valid(table["geometry"]))
            points = shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False))
            metres = distances(to, shapely.get_x(points), shapely.get_y(points)) if len(points) else np.zeros(0)
            for row in np.argsort(metres, kind="stable")[:WEIGHED].tolist():
                said = {field: table[field][row].as_py() for field in fields}
                found.append(
                    Resource(
                        layer=name, layer_title=layer.title.of(caller.lang), key=said[layer.key],
                        title=said.get(layer.label or "") or said[layer.key], observed_at=said.get("observed_at"),
                        place=LonLat(float(shapely.get_x(points[row])), float(shapely.get_y(points[row]))),
                    )
                )  # fmt: skip
        return found

    def _place(self, spot: Spot, scope: Scope) -> LonLat:
        if isinstance(spot, LonLat):
            return spot
        return self._named(spot, scope)

    def _named(self, spot: Named, scope: Scope) -> LonLat:
        layer = self.store.catalogue.find(spot.layer, scope)
        nothing = NotFoundError(
            Text(f"没有“{spot.layer}”中的对象“{spot.key}”", f"no object {spot.key!r} in {spot.layer!r}"),
            layer=spot.layer,
        )
        if layer is None or layer.geometry is Geometry.NONE:
            raise nothing
        query = Query(where=Compare(layer.key, Op.EQ, spot.key), fields=(layer.key,), limit=1)
        table = self.store.read(layer, query, scope=scope)
        if not table.num_rows or table["geometry"][0].as_py() is None:
            raise nothing
        point = shapely.point_on_surface(shapely.from_wkb(table["geometry"][0].as_py()))
        return LonLat(float(point.x), float(point.y))

    def _zones(self, asked: Wish, scope: Scope) -> tuple[list[Zone], Approach | None]:
        """The zones of a kept scenario that are reached somewhere, and its source with its wind."""
        if not asked.scenario:
            return [], None
        kept = record(self.archive.one(asked.scenario, scope))
        given = read_kept(self.archive.scenario_file(kept, scope))
        layer = self.store.catalogue.find(SCENARIO_ZONES.id, scope) or SCENARIO_ZONES
        where = And((Compare("scenario", Op.EQ, asked.scenario), Compare("reached", Op.EQ, True)))
        table = self.store.read(layer, Query(where=where, fields=("code", "title")), scope=scope)
        zones = [
            Zone(shape=shapely.from_wkb(row["geometry"]), title=row["title"])
            for row in table.to_pylist() if row["geometry"] is not None
        ]  # fmt: skip
        return zones, Approach(source=given.place.point, wind_from=float(given.weather.wind_from))

    def _basis(self, net: Net, avoid: Avoidance, at: datetime, lang: Lang) -> Json:
        lost = [one.title or one.road or "" for one in avoid.unmatched]
        notices = [
            Text(f"封闭“{one}”不在任何道路上,未计入", f"closure {one!r} lies on no road").of(lang) for one in lost
        ]
        return {
            "depart": iso(at),
            "closed": [one.title or one.road for one in avoid.closures if one not in avoid.unmatched],
            "avoided": list(dict.fromkeys(zone.title for zone in avoid.zones)),
            "roads": {
                "rows": net.roads, "stretches": net.graph.edges, "left_out": net.graph.left_out, "seq": net.seq,
                "observed_at": None if net.observed_at is None else iso(net.observed_at),
            },
            "notices": notices,
        }  # fmt: skip


def _row(one: Reached, lang: Lang) -> Json:
    return {
        "index": one.index,
        "duration_s": round(one.duration, 1) if one.reachable else None,
        "waits_s": round(one.waits, 1) if one.reachable else None,
        "length_m": round(one.length, 1) if one.reachable else None,
        "straight_m": round(one.straight, 1),
        "avoids": one.avoids,
        "exposure_s": round(one.exposure, 1) if one.reachable else None,
        "why": None if one.why is None else one.why.of(lang),
    }


def _gathering(one: Staging, lang: Lang) -> Json:
    return {
        "lon": one.place.lon, "lat": one.place.lat, "road": one.road, "from_source_m": round(one.from_source),
        "bearing": round(one.bearing), "soonest_s": one.soonest, "why": one.why.of(lang),
    }  # fmt: skip


def _told(one: Resource) -> Json:
    return {
        "layer": one.layer, "layer_title": one.layer_title, "key": one.key, "title": one.title,
        "lon": one.place.lon, "lat": one.place.lat,
        "observed_at": None if one.observed_at is None else iso(one.observed_at),
    }  # fmt: skip
