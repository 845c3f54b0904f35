"""What routes keep out of: zones in space and time, and roads reported closed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import BadInputError
from core.texts import Text
from core.units import Fraction, Second
from emergency.routing.assumptions import assumed
from emergency.routing.graph import Graph, Vehicle
from gis.shapes import LonLat

Span = tuple[Fraction, Fraction, Second, Second]
"""A part of an edge, as fractions of its length, and from when until when it is covered."""
Spans = dict[int, list[Span]]
ALWAYS = (-np.inf, np.inf)
HAIR = 1e-9
CROSSING, WHOLE = 1.1, 0.9
"""A line follows a stretch whose part beside it is longer than a crossing would make it, or nearly all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A polygon nobody is to be led through; where it has times, between them only."""

    shape: BaseGeometry
    title: str = ""
    begins: datetime | None = None
    ends: datetime | None = None

    @property
    def window(self) -> tuple[Second, Second]:
        """From when until when it is there, in seconds since 1970."""
        return _window(self.begins, self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A road that cannot be passed: by its code, at a point of it, or along or across a line."""

    road: str = ""
    shape: BaseGeometry | None = None
    title: str = ""
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Avoidance:
    """Zones and closures laid on the edges of one graph, made once and asked by many routes.

    `inside` are the parts of edges in zones, `shut` those that cannot be passed; `unmatched` closures lie on no road.
    """

    zones: tuple[Zone, ...]
    inside: Spans
    shut: Spans
    nodes: Mapping[int, list[tuple[Second, Second]]]
    closures: tuple[Closure, ...]
    unmatched: tuple[Closure, ...]
    vehicle: Vehicle | None

    @cached_property
    def all(self) -> Spans:
        """Both together."""
        return {edge: [*self.inside.get(edge, ()), *self.shut.get(edge, ())] for edge in {*self.inside, *self.shut}}

    @cached_property
    def timed(self) -> bool:
        """Something of it is not there always."""
        return any(span[2:] != ALWAYS for spans in self.all.values() for span in spans)

    @cached_property
    def lasting(self) -> Spans:
        """What cannot be passed, taken as if it lasted."""
        return {edge: [(low, high, *ALWAYS) for low, high, _, _ in spans] for edge, spans in self.shut.items()}

    def holds(self, place: LonLat, begins: Second, ends: Second) -> tuple[Zone, ...]:
        """The zones a place is in at some time between two."""
        spot = shapely.Point(place.lon, place.lat)
        return tuple(
            zone for zone in self.zones
            if zone.window[0] < ends and begins < zone.window[1] and shapely.intersects(zone.shape, spot)
        )  # fmt: skip


NOTHING = Avoidance(zones=(), inside={}, shut={}, nodes={}, closures=(), unmatched=(), vehicle=None)


def avoidance(
    graph: Graph, zones: Iterable[Zone] = (), closures: Iterable[Closure] = (), vehicle: Vehicle | None = None
) -> Avoidance:
    """Zones and closures on the edges of a graph, and what a vehicle is kept from by signs."""
    zones, closures = tuple(zones), tuple(closures)
    for_a_while = any(zone.begins or zone.ends for zone in zones)
    inside: Spans = {}
    nodes: dict[int, list[tuple[Second, Second]]] = {}
    for zone in zones:
        if zone.shape.geom_type not in ("Polygon", "MultiPolygon"):
            raise BadInputError(Text("避让区须为面", "a zone to avoid must be a polygon"), field="avoid")
        flat, (since, until) = graph.plane(zone.shape), zone.window
        for edge, low, high in _within(graph, flat):
            inside.setdefault(edge, []).append((low, high, since, until))
        if for_a_while:
            for node in _nodes_within(graph, flat):
                nodes.setdefault(node, []).append((since, until))
    shut: Spans = {}
    unmatched = []
    for closure in closures:
        found = _closed(graph, closure)
        if not found:
            unmatched.append(closure)
        for edge, low, high in found:
            shut.setdefault(edge, []).append((low, high, *_window(closure.begins, closure.ends)))
    for edge in graph.excluded(vehicle).tolist() if vehicle is not None else ():
        shut.setdefault(edge, []).append((0.0, 1.0, *ALWAYS))
    merged = {node: _merged(windows) for node, windows in nodes.items()}
    return Avoidance(
        zones=zones,
        inside=inside,
        shut=shut,
        nodes=merged,
        closures=closures,
        unmatched=tuple(unmatched),
        vehicle=vehicle,
    )


def _window(begins: datetime | None, ends: datetime | None) -> tuple[Second, Second]:
    low, high = ALWAYS
    return (low if begins is None else begins.timestamp(), high if ends is None else ends.timestamp())


def _within(graph: Graph, flat: BaseGeometry) -> list[tuple[int, Fraction, Fraction]]:
    """The parts of edges that a shape on the plane touches, as fractions; a point it touches is a part of no length."""
    shapely.prepare(flat)
    met = graph.tree.query(flat, predicate="intersects")
    if not len(met):
        return []
    lines = graph.flat[met]
    whole = shapely.contains_properly(flat, lines) | shapely.is_closed(lines)
    found = [(int(edge), 0.0, 1.0) for edge in met[whole]]
    met, lines = met[~whole], lines[~whole]
    pieces, owner = shapely.get_parts(shapely.intersection(lines, flat), return_index=True)
    deeper, inner = shapely.get_parts(pieces, return_index=True)
    owner = owner[inner]
    line = shapely.get_type_id(deeper) == shapely.GeometryType.LINESTRING
    first, last = deeper.copy(), deeper.copy()
    first[line], last[line] = shapely.get_point(deeper[line], 0), shapely.get_point(deeper[line], -1)
    one, other = (shapely.line_locate_point(lines[owner], end, normalized=True) for end in (first, last))
    low, high = np.minimum(one, other) - HAIR, np.maximum(one, other) + HAIR
    found += zip(met[owner].tolist(), low.tolist(), high.tolist(), strict=True)
    lost = np.setdiff1d(np.arange(len(met)), owner)
    return found + [(int(met[at]), 0.0, 1.0) for at in lost]


def _nodes_within(graph: Graph, flat: BaseGeometry) -> list[int]:
    west, south, east, north = flat.bounds
    xy = graph.node_xy
    near = np.flatnonzero((xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north))
    return [int(node) for node in near[shapely.intersects_xy(flat, xy[near, 0], xy[near, 1])]]


def _closed(graph: Graph, closure: Closure) -> list[tuple[int, Fraction, Fraction]]:
    if closure.road:
        return [(int(edge), 0.0, 1.0) for edge in np.flatnonzero(graph.roads.code[graph.road] == closure.road)]
    if closure.shape is None:
        raise BadInputError(
            Text("封闭道路须给出编号、点或线", "a closure needs a road's code, a point or a line"), field="blocked"
        )
    flat = graph.plane(closure.shape)
    match closure.shape.geom_type:
        case "Point":
            return _closed_at(graph, flat)
        case "LineString" | "MultiLineString":
            return _closed_along(graph, flat)
        case "Polygon" | "MultiPolygon":
            return _within(graph, flat)
    raise BadInputError(Text("封闭道路须为点、线或面", "a closure is a point, a line or a polygon"), field="blocked")


def _closed_at(graph: Graph, spot: BaseGeometry) -> list[tuple[int, Fraction, Fraction]]:
    near = graph.tree.query_nearest(spot, max_distance=assumed("closure_reach"), all_matches=True)
    along = shapely.line_locate_point(graph.flat[near], spot, normalized=True)
    return [(int(edge), at - HAIR, at + HAIR) for edge, at in zip(near, along.tolist(), strict=True)]


def _closed_along(graph: Graph, line: BaseGeometry) -> list[tuple[int, Fraction, Fraction]]:
    """The stretches that a line follows; where it follows none, what it crosses."""
    width = assumed("closure_width")
    band = shapely.buffer(line, width)
    near = graph.tree.query(band, predicate="intersects")
    covered = shapely.length(shapely.intersection(graph.flat[near], band))
    followed = (covered > CROSSING * 2 * width) | (covered >= WHOLE * shapely.length(graph.flat[near]))
    if not followed.any():
        followed = shapely.intersects(graph.flat[near], line)
    return [(int(edge), 0.0, 1.0) for edge in near[followed]]


def _merged(windows: Sequence[tuple[Second, Second]]) -> list[tuple[Second, Second]]:
    found: list[tuple[Second, Second]] = []
    for low, high in sorted(windows):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found
