"""Places put on the nearest road, on a stretch of it and not at its end, with the distance."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import shapely

from core.texts import Text
from core.units import Fraction, Metre
from emergency.routing.assumptions import assumed
from emergency.routing.graph import Graph, Ints, Shapes
from emergency.routing.refusing import NoRouteError
from gis.measure import distance
from gis.shapes import LonLat

AT_JUNCTION: Metre = 0.5
"""Nearer than so to a junction, a place is at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRoad:
    """Where on an edge a place is, how far along as the edge is drawn, and how far the place is from there.

    At a junction `node` is its number: one may set out and arrive on every road that meets there.
    """

    place: LonLat
    point: LonLat
    edge: int
    along: Fraction
    off: Metre
    piece: int
    node: int | None = None

    def outward(self, graph: Graph) -> list[tuple[int, Fraction]]:
        """The arcs one sets out on, and from which fraction of each."""
        if self.node is not None:
            return [(arc, 0.0) for arc in graph.leaving(self.node)]
        return [
            (arc, share) for arc, share in ((2 * self.edge, self.along), (2 * self.edge + 1, 1.0 - self.along))
            if isfinite(graph.time.item(arc))
        ]  # fmt: skip

    def inward(self, graph: Graph) -> dict[int, Fraction]:
        """The arcs one arrives on, and at which fraction of each."""
        if self.node is not None:
            return dict.fromkeys(graph.entering(self.node), 1.0)
        return dict(self.outward(graph))


def candidates(graph: Graph, place: LonLat, reach: Metre | None = None) -> dict[int, OnRoad]:
    """The nearest point of each connected part of the roads within reach, by the part's number."""
    limit = assumed("reach") if reach is None else reach
    spot = shapely.Point(graph.on_plane(place))
    near = graph.tree.query(spot, predicate="dwithin", distance=limit)
    near = near[graph.piece[near] >= 0]
    if not len(near):
        return {}
    metres = shapely.distance(graph.flat[near], spot)
    order = np.argsort(metres, kind="stable")
    pieces, first = np.unique(graph.piece[near[order]], return_index=True)
    found = _on(graph, [place] * len(first), np.full(len(first), spot), near[order][first])
    return {int(piece): one for piece, one in zip(pieces, found, strict=True)}


def nearest_points(graph: Graph, places: Sequence[LonLat], reach: Metre | None = None) -> list[OnRoad | None]:
    """The nearest point of the roads to each of many places, None where it is out of reach or leads nowhere."""
    limit = assumed("reach") if reach is None else reach
    spots: Shapes = np.asarray(shapely.points([graph.on_plane(place) for place in places]))
    index, near = graph.tree.query_nearest(spots, max_distance=limit, all_matches=False)
    connected = graph.piece[near] >= 0
    index, near = index[connected], near[connected]
    found: list[OnRoad | None] = [None] * len(places)
    for number, one in zip(
        index.tolist(), _on(graph, [places[one] for one in index.tolist()], spots[index], near), strict=True
    ):
        found[number] = one
    return found


def paired(graph: Graph, start: LonLat, end: LonLat, reach: Metre | None = None) -> tuple[OnRoad, OnRoad]:
    """Both ends of a route on one connected part of the roads, the nearest such.

    Raises NoRouteError where an end is out of reach of any road or no part has both.
    """
    limit = assumed("reach") if reach is None else reach
    spots: Shapes = np.asarray(shapely.points([graph.on_plane(start), graph.on_plane(end)]))
    _, near = graph.tree.query_nearest(spots, max_distance=limit, all_matches=False)
    if len(near) == 2 and graph.piece[near[0]] == graph.piece[near[1]] >= 0:
        first, last = _on(graph, [start, end], spots, near)
        return first, last
    here, there = candidates(graph, start, reach), candidates(graph, end, reach)
    for word, found in ((Text("起点", "start"), here), (Text("终点", "end"), there)):
        if not found:
            raise NoRouteError(
                Text(
                    f"{word.zh}周围 {limit:g} m 内没有可通行的道路",
                    f"there is no road that vehicles may use within {limit:g} m of the {word.en}",
                ),
                place=word.en,
            )
    both = here.keys() & there.keys()
    if not both:
        raise NoRouteError(
            Text("起点附近与终点附近的道路互不连通", "the roads near the start and near the end are not connected")
        )
    best = min(both, key=lambda piece: here[piece].off + there[piece].off)
    return here[best], there[best]


def _on(graph: Graph, places: Sequence[LonLat], spots: Shapes, edges: Ints) -> list[OnRoad]:
    lines = graph.flat[edges]
    along = shapely.line_locate_point(lines, spots, normalized=True)
    feet = shapely.get_coordinates(shapely.line_interpolate_point(lines, along, normalized=True))
    found = []
    for place, (x, y), edge, share in zip(places, feet.tolist(), edges.tolist(), along.tolist(), strict=True):
        node = None
        if min(share, 1.0 - share) * graph.length.item(edge) < AT_JUNCTION:
            share = round(share)
            node = (graph.head if share else graph.tail).item(2 * edge)
        point, piece = graph.degrees(x, y), graph.piece.item(edge)
        off = distance(place, point)
        found.append(OnRoad(place=place, point=point, edge=edge, along=share, off=off, piece=piece, node=node))
    return found
