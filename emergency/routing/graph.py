"""The roads as a graph: stretches between junctions, which ways they may be driven, how long each takes."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import BadInputError
from core.texts import Text
from core.units import Kilogram, Metre
from emergency.routing.assumptions import KMH, assumed, class_speeds
from emergency.routing.density import densities
from emergency.routing.lines import Lines, lines
from emergency.routing.turning import Backward, Successors, Turns, turns
from gis.measure import Floats, lengths
from gis.shapes import LonLat

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Shapes = npt.NDArray[np.object_]

SAME_PLACE = 1e7
"""Points whose degrees are equal in so many parts of a degree are one: about a centimetre."""
METRES_A_DEGREE = 111_194.93
CLOSED = "closed"
RESTRICTED = ("private", "destination", "emergency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """What drives; a size not known is held against no limit. Emergency vehicles pass private roads and the like."""

    height: Metre | None = None
    width: Metre | None = None
    weight: Kilogram | None = None
    hazardous: bool = False
    emergency: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """What the rows of the layer say, one element for each row that vehicles may use."""

    code: Shapes
    name: Shapes
    kind: Shapes
    access: Shapes
    height_limit: Floats
    width_limit: Floats
    weight_limit: Floats
    hazchem_banned: Flags


@dataclass(frozen=True, kw_only=True, eq=False)
class Graph:
    """Edges are stretches of road; edge `e` driven as it is drawn is arc `2e`, against that `2e + 1`.

    Edge arrays have shape (edges,), arc arrays (2 edges,), node arrays (nodes,). `time` is infinite where an arc may
    not be driven. `piece` numbers the parts within which every place leads to every other, -1 for none.
    `flat` are the edges in metres on a plane round `middle`, on which straight lines stay straight.
    """

    roads: Roads
    shapes: Shapes
    flat: Shapes
    tree: shapely.STRtree
    middle: LonLat
    road: Ints
    length: Floats
    time: Floats
    tail: Ints
    head: Ints
    node_lon: Floats
    node_lat: Floats
    piece: Ints
    turns: Turns
    left_out: int

    @property
    def edges(self) -> int:
        """How many stretches there are."""
        return len(self.shapes)

    @property
    def nodes(self) -> int:
        """How many junctions and ends there are."""
        return len(self.node_lon)

    @cached_property
    def node_xy(self) -> Floats:
        """Where nodes are on the plane."""
        return _flat(np.column_stack([self.node_lon, self.node_lat]), self.middle)

    @cached_property
    def backward(self) -> Backward:
        """The turns as a search from the end needs them."""
        return Backward(self.turns, self.time, round_=True)

    @cached_property
    def onward(self) -> Backward:
        """The same without turning round: where nothing comes and goes, no quickest way has that.

        To turn round at the end of an arc costs the arc twice and more than the turn that was to be saved.
        """
        costs = self.turns.costs
        return self.backward if costs[2] < max(costs) else Backward(self.turns, self.time, round_=False)

    @cached_property
    def remembered(self) -> dict[str, dict[Any, Any]]:
        """What those who search on these roads keep of it, by a name of its own each; it goes with the graph."""
        return {}

    @cached_property
    def lines(self) -> Lines:
        """The points of all edges."""
        return lines(self.shapes, self.flat)

    @cached_property
    def signs(self) -> tuple[Floats, Flags]:
        """Of each edge limits of height, width and weight, shape (edges, 3); hazchem ban, restriction: (edges, 2)."""
        roads = self.roads
        limits = np.column_stack([roads.height_limit, roads.width_limit, roads.weight_limit])
        return limits[self.road], np.column_stack([roads.hazchem_banned, np.isin(roads.access, RESTRICTED)])[self.road]

    @cached_property
    def signed(self) -> frozenset[int]:
        """The edges on which a sign says anything."""
        limits, flags = self.signs
        return frozenset(np.flatnonzero(np.isfinite(limits).any(axis=1) | flags.any(axis=1)).tolist())

    def leaving(self, node: int) -> list[int]:
        """The arcs that may be driven away from a node."""
        return self._meeting[0].get(node, [])

    def entering(self, node: int) -> list[int]:
        """The arcs that may be driven to a node."""
        return self._meeting[1].get(node, [])

    @cached_property
    def _meeting(self) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        away: dict[int, list[int]] = {}
        to: dict[int, list[int]] = {}
        for arc in np.flatnonzero(np.isfinite(self.time)).tolist():
            away.setdefault(int(self.tail[arc]), []).append(arc)
            to.setdefault(int(self.head[arc]), []).append(arc)
        return away, to

    @cached_property
    def heads(self) -> list[int]:
        """The node each arc leads to, as plain numbers."""
        return [int(node) for node in self.head]

    @cached_property
    def successors(self) -> Successors:
        """What follows each arc, told when asked."""
        return Successors(self.turns, self.time)

    @cached_property
    def scale(self) -> tuple[Metre, Metre]:
        """Metres of the plane in a degree eastward and northward."""
        return float(METRES_A_DEGREE * np.cos(np.radians(self.middle.lat))), METRES_A_DEGREE

    def plane(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in degrees on the plane of `flat`."""
        return shapely.transform(shape, lambda xy: (xy - (self.middle.lon, self.middle.lat)) * self.scale)

    def on_plane(self, place: LonLat) -> tuple[Metre, Metre]:
        """A place on the plane of `flat`."""
        east, north = self.scale
        return (place.lon - self.middle.lon) * east, (place.lat - self.middle.lat) * north

    def degrees(self, x: Metre, y: Metre) -> LonLat:
        """A point of the plane in degrees."""
        east, north = self.scale
        return LonLat(self.middle.lon + x / east, self.middle.lat + y / north)

    def excluded(self, vehicle: Vehicle) -> Ints:
        """The edges a vehicle is kept from by signs that are known."""
        roads = self.roads
        shut = np.zeros(len(roads.code), dtype=bool)
        if vehicle.height is not None:
            shut |= roads.height_limit < vehicle.height
        if vehicle.width is not None:
            shut |= roads.width_limit < vehicle.width
        if vehicle.weight is not None:
            shut |= roads.weight_limit < vehicle.weight
        if vehicle.hazardous:
            shut |= roads.hazchem_banned
        if not vehicle.emergency:
            shut |= np.isin(roads.access, RESTRICTED)
        return np.flatnonzero(shut[self.road])


def graph(table: pa.Table) -> Graph:
    """The graph of rows of the layer `roads`, geometry as WKB in degrees; columns that are missing say nothing.

    Roads meet where they share a point: lines that only cross are one above the other. Classes that vehicles do not
    use (`speeds.csv`) and roads closed to vehicles are left out.
    """
    speeds = class_speeds()
    kind = _words(table, "kind")
    passable = np.array([speeds[one].passable if one in speeds else False for one in kind], dtype=bool)
    taken = np.flatnonzero(passable & (_words(table, "access") != CLOSED))
    lines, owner = shapely.get_parts(
        shapely.from_wkb(table["geometry"].to_numpy()[taken]) if len(taken) else np.array([], dtype=object),
        return_index=True,
    )
    table = table.take(pa.array(taken))
    shapes, tail, head, places, of = _cut(lines)
    if not len(shapes):
        raise BadInputError(
            Text("没有可通行的道路数据,无法计算路线", "there are no roads that vehicles may use"), field="roads"
        )
    road = owner[of]
    roads = _roads(table)
    said = _numbers(table, "speed_limit")
    length = lengths(shapes)
    middle = LonLat(float(places[:, 0].mean()), float(places[:, 1].mean()))
    dense = _dense(_flat(places, middle), tail, head, length)
    class_speed = np.array([(speeds[one].open, speeds[one].speed) for one in roads.kind])[road, dense.astype(int)]
    seconds = length / np.where(np.isnan(said[road]), class_speed, said[road] * KMH)
    against = np.where(_flags(table, "oneway")[road], np.inf, seconds)
    time = np.column_stack([seconds, against]).ravel()
    flat = np.asarray(shapely.transform(shapes, lambda xy: _flat(xy, middle)))
    tails = np.column_stack([tail, head]).ravel()
    heads = np.column_stack([head, tail]).ravel()
    return Graph(
        roads=roads, shapes=shapes, flat=flat, tree=shapely.STRtree(flat), middle=middle, road=road, length=length,
        time=time, tail=tails, head=heads, node_lon=places[:, 0], node_lat=places[:, 1],
        piece=_pieces(tail, head, time, len(places)), turns=turns(flat, tails, heads, time, _costs()),
        left_out=int(len(passable) - len(taken)),
    )  # fmt: skip


def _dense(xy: Floats, tail: Ints, head: Ints, length: Floats) -> Flags:
    """Stretches with roads round either end as dense as in built-up areas."""
    half = (np.bincount(tail, length, len(xy)) + np.bincount(head, length, len(xy))) / 2
    dense = densities(xy, half, assumed("dense_radius")) >= assumed("dense")
    return np.asarray(dense[tail] | dense[head])


def _costs() -> tuple[float, float, float]:
    return assumed("turn"), assumed("sharp_turn"), assumed("u_turn")


def _flat(xy: Floats, middle: LonLat) -> Floats:
    east = METRES_A_DEGREE * np.cos(np.radians(middle.lat))
    return np.column_stack([(xy[:, 0] - middle.lon) * east, (xy[:, 1] - middle.lat) * METRES_A_DEGREE])


def _cut(lines: Shapes) -> tuple[Shapes, Ints, Ints, Floats, Ints]:
    """Lines cut where they share points: the stretches, the nodes at their ends, where nodes are, whose each is."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    grid = np.round(xy * SAME_PLACE).astype(np.int64)
    mark = ((grid[:, 0] + 1_800_000_000) << 31) | (grid[:, 1] + 900_000_000)
    fresh = np.ones(len(xy), dtype=bool)
    fresh[1:] = (mark[1:] != mark[:-1]) | (line[1:] != line[:-1])
    xy, line, mark = xy[fresh], line[fresh], mark[fresh]
    _, point, met = np.unique(mark, return_inverse=True, return_counts=True)
    ends = np.ones(len(xy), dtype=bool)
    ends[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    stop = np.flatnonzero(ends | (met[point] > 1))
    same = line[stop[1:]] == line[stop[:-1]] if len(stop) else np.zeros(0, dtype=bool)
    first, last = stop[:-1][same], stop[1:][same]
    count = last - first + 1
    edge = np.repeat(np.arange(len(first)), count)
    begun = np.cumsum(count) - count
    index = np.arange(int(count.sum())) - np.repeat(begun, count) + np.repeat(first, count)
    shapes = np.asarray(shapely.linestrings(xy[index], indices=edge)) if len(first) else np.array([], dtype=object)
    nodes, at, inverse = np.unique(np.concatenate([point[first], point[last]]), return_index=True, return_inverse=True)
    del nodes
    places = np.concatenate([xy[first], xy[last]])[at]
    return shapes, inverse[: len(first)], inverse[len(first) :], places, line[first]


def _pieces(tail: Ints, head: Ints, time: Floats, nodes: int) -> Ints:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    driven = np.isfinite(time)
    start = np.column_stack([tail, head]).ravel()[driven]
    end = np.column_stack([head, tail]).ravel()[driven]
    matrix = coo_array((np.ones(len(start)), (start, end)), shape=(nodes, nodes)).tocsr()
    _, part = connected_components(matrix, directed=True, connection="strong")
    size = np.bincount(part)
    inside = (part[tail] == part[head]) & (size[part[tail]] > 1)
    return np.where(inside, part[tail], -1).astype(np.int64)


def _roads(table: pa.Table) -> Roads:
    return Roads(
        code=_words(table, "code"), name=_words(table, "name"), kind=_words(table, "kind"),
        access=_words(table, "access"), height_limit=_numbers(table, "height_limit"),
        width_limit=_numbers(table, "width_limit"), weight_limit=_numbers(table, "weight_limit"),
        hazchem_banned=_flags(table, "hazchem_banned"),
    )  # fmt: skip


def _words(table: pa.Table, name: str) -> Shapes:
    if name not in table.column_names:
        return np.full(table.num_rows, "", dtype=object)
    return np.array([one or "" for one in table[name].to_pylist()], dtype=object)


def _numbers(table: pa.Table, name: str) -> Floats:
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    return np.asarray(table[name].cast(pa.float64()).to_numpy(), dtype=float)


def _flags(table: pa.Table, name: str) -> Flags:
    if name not in table.column_names:
        return np.zeros(table.num_rows, dtype=bool)
    return np.array([bool(one) for one in table[name].to_pylist()], dtype=bool)
