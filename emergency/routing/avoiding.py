"""What routes keep out of: zones in space and time, and roads reported closed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from emergency.routing.graph import Graph, Ints, Vehicle
from emergency.routing.passing import Span, covered_share
from gis.measure import Floats
from gis.shapes import LonLat

Spans = Mapping[int, Sequence[Span]]
ALWAYS = (-np.inf, np.inf)
HAIR = 1e-9
NONE: Ints = np.zeros(0, dtype=np.int64)
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

    def during(self, begins: Second, ends: Second) -> bool:
        """It is there at some time between two."""
        low, high = self.window
        return low < ends and begins < high


Held = list[tuple[Zone, list[bool]]]
"""Zones, each with which of some places lie in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A road that cannot be passed: by its code, at a point of it, or along or across a line."""

    road: str = ""
    shape: BaseGeometry | None = None
    title: str = ""
    begins: datetime | None = None
    ends: datetime | None = None


class Laid(Mapping[int, Sequence[Span]]):
    """What covers edges: which are met is known, which parts of them is made out when first asked for."""

    def __init__(self, edges: Ints, spans: Callable[[], Spans]) -> None:
        self.edges, self._made = edges, spans

    @cached_property
    def met(self) -> frozenset[int]:
        """The edges of which something is covered."""
        return frozenset(self.edges.tolist())

    @cached_property
    def arcs(self) -> Ints:
        """Both ways along each of these edges."""
        return np.concatenate([2 * self.edges, 2 * self.edges + 1])

    @cached_property
    def shares(self) -> Floats:
        """How much of each of these edges is covered, at any time."""
        return np.array([covered_share(self._spans[edge], 0.0, 1.0) for edge in self.edges.tolist()])

    @cached_property
    def _spans(self) -> Spans:
        return self._made()

    def __contains__(self, edge: object) -> bool:
        return edge in self.met

    def __getitem__(self, edge: int) -> Sequence[Span]:
        if edge not in self.met:
            raise KeyError(edge)
        return self._spans[edge]

    def meets(self, edges: Iterable[int]) -> bool:
        """Something of it covers one of these."""
        return not self.met.isdisjoint(edges)

    def __iter__(self) -> Iterator[int]:
        return iter(self.met)

    def __len__(self) -> int:
        return len(self.edges)


def laid(spans: Spans) -> Laid:
    """What is known already."""
    return Laid(np.array(list(spans), dtype=np.int64), lambda: spans)


@dataclass(frozen=True, kw_only=True, eq=False)
class Avoidance:
    """Zones and closures laid on the edges of one graph, made once and asked by many routes.

    `inside` are the parts of edges in zones, `shut` those that cannot be passed; `unmatched` closures lie on no road.
    `timed`: something of it is not there always.
    """

    zones: tuple[Zone, ...]
    inside: Laid
    shut: Laid
    nodes: Mapping[int, list[tuple[Second, Second]]]
    closures: tuple[Closure, ...]
    unmatched: tuple[Closure, ...]
    vehicle: Vehicle | None
    timed: bool

    @cached_property
    def all(self) -> Laid:
        """Both together."""
        if not self.shut:
            return self.inside

        def both() -> Spans:
            return {edge: [*self.inside.get(edge, ()), *self.shut.get(edge, ())] for edge in edges.tolist()}

        edges = np.union1d(self.inside.edges, self.shut.edges)
        return Laid(edges, both)

    @cached_property
    def lasting(self) -> Laid:
        """What cannot be passed, taken as if it lasted."""
        return laid({edge: [(low, high, *ALWAYS) for low, high, _, _ in spans] for edge, spans in self.shut.items()})

    def holds(self, place: LonLat, begins: Second, ends: Second) -> tuple[Zone, ...]:
        """The zones a place is in at some time between two."""
        return tuple(zone for zone, _ in self.holding([place]) if zone.during(begins, ends))

    def holding(self, places: Sequence[LonLat]) -> Held:
        """The zones that one of some places lies in, whenever they are there, each with which of them do."""
        lon, lat = [place.lon for place in places], [place.lat for place in places]
        held = [(zone, shapely.intersects_xy(zone.shape, lon, lat).tolist()) for zone in self.zones]
        return [(zone, spots) for zone, spots in held if any(spots)]


NOTHING = Avoidance(
    zones=(), inside=laid({}), shut=laid({}), nodes={}, closures=(), unmatched=(), vehicle=None, timed=False
)  # fmt: skip


def avoidance(
    graph: Graph, zones: Iterable[Zone] = (), closures: Iterable[Closure] = (), vehicle: Vehicle | None = None
) -> Avoidance:
    """Zones and closures on the edges of a graph, and what a vehicle is kept from by signs."""
    zones, closures = tuple(zones), tuple(closures)
    for_a_while = any(zone.begins or zone.ends for zone in zones)
    met: list[tuple[BaseGeometry, Ints, Zone]] = []
    nodes: dict[int, list[tuple[Second, Second]]] = {}
    for zone in zones:
        if zone.shape.geom_type not in ("Polygon", "MultiPolygon"):
            raise BadInputError(Text("避让区须为面", "a zone to avoid must be a polygon"), field="avoid")
        flat = graph.plane(zone.shape)
        met.append((flat, _met(graph, flat), zone))
        if for_a_while:
            for node in _nodes_within(graph, flat):
                nodes.setdefault(node, []).append(zone.window)
    shut: dict[int, list[Span]] = {}
    unmatched = []
    for closure in closures:
        found = _closed(graph, closure)
        if not found:
            unmatched.append(closure)
        for edge, low, high in found:
            shut.setdefault(edge, []).append((low, high, *_window(closure.begins, closure.ends)))
    for edge in graph.excluded(vehicle).tolist() if vehicle is not None else ():
        shut.setdefault(edge, []).append((0.0, 1.0, *ALWAYS))
    edges = met[0][1] if len(met) == 1 else np.unique(np.concatenate([one for _, one, _ in met] or [NONE]))
    return Avoidance(
        zones=zones,
        inside=Laid(edges, lambda: _inside(graph, met)),
        shut=laid(shut),
        nodes={node: _merged(windows) for node, windows in nodes.items()},
        closures=closures,
        unmatched=tuple(unmatched),
        vehicle=vehicle,
        timed=any(len(one) and zone.window != ALWAYS for _, one, zone in met)
        or any(span[2:] != ALWAYS for spans in shut.values() for span in spans),
    )


def _inside(graph: Graph, met: Sequence[tuple[BaseGeometry, Ints, Zone]]) -> Spans:
    inside: dict[int, list[Span]] = {}
    for flat, edges, zone in met:
        for edge, low, high in _parts(graph, flat, edges):
            inside.setdefault(edge, []).append((low, high, *zone.window))
    return inside


def _window(begins: datetime | None, ends: datetime | None) -> tuple[Second, Second]:
    low, high = ALWAYS
    return (low if begins is None else begins.timestamp(), high if ends is None else ends.timestamp())


def _met(graph: Graph, flat: BaseGeometry) -> Ints:
    """The edges that a shape on the plane touches."""
    shapely.prepare(flat)
    return np.asarray(graph.tree.query(flat, predicate="intersects"), dtype=np.int64)


def _parts(graph: Graph, flat: BaseGeometry, met: Ints) -> list[tuple[int, Fraction, Fraction]]:
    """The parts of edges that a shape touches, as fractions; a point it touches is a part of no length."""
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
            return _parts(graph, flat, _met(graph, flat))
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
