"""From which stretch one may drive into which, and what the turn costs."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from core.units import Degree, Second
from gis.measure import Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = npt.NDArray[np.int64]
STRAIGHT: Degree = 45.0
SHARP: Degree = 135.0
ROOM = 64
"""Seldom do more arcs lead into those that meet at one junction."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Turns:
    """For each arc the arcs that follow: those of arc `a` are `to[start[a]:start[a + 1]]`; `cost` in seconds.

    `begin` and `end` are the headings of each arc where it begins and ends, degrees clockwise from north. One may
    turn round at every junction, at its price. `costs` are those of a turn, a sharp turn and of turning round.
    """

    start: Ints
    origin: Ints
    to: Ints
    cost: Floats
    begin: Floats
    end: Floats
    costs: tuple[float, float, float]

    def angle(self, origin: int, to: int) -> Degree:
        """Degrees one turns by from an arc into one that follows; to the right is more than nothing."""
        return (self.begin.item(to) - self.end.item(origin) + 180.0) % 360.0 - 180.0

    def one(self, origin: int, to: int) -> Second:
        """What the turn from an arc into one that follows costs."""
        if origin ^ 1 == to:
            return self.costs[2]
        bend = abs((self.begin.item(to) - self.end.item(origin) + 180.0) % 360.0 - 180.0)
        return 0.0 if bend < STRAIGHT else self.costs[0] if bend <= SHARP else self.costs[1]


def turns(
    flat: npt.NDArray[np.object_], tail: Ints, head: Ints, time: Floats, costs: tuple[float, float, float]
) -> Turns:
    """All turns of a graph from its arcs; `costs` of a turn, a sharp turn and of turning round."""
    arcs = len(tail)
    driven = np.flatnonzero(np.isfinite(time))
    out = driven[np.argsort(tail[driven], kind="stable")]
    nodes = int(max(tail.max(), head.max())) + 1
    begins = np.searchsorted(tail[out], np.arange(nodes + 1))
    degree = np.diff(begins)
    count = np.zeros(arcs, dtype=np.int64)
    count[driven] = degree[head[driven]]
    origin = np.repeat(np.arange(arcs), count)
    ahead = np.arange(len(origin)) - np.repeat(np.cumsum(count) - count, count)
    to = out[begins[head[origin]] + ahead]
    back = (origin ^ 1) == to
    begin, end = _headings(flat)
    angle = (begin[to] - end[origin] + 180.0) % 360.0 - 180.0
    cost = _costs(angle, back, costs)
    return Turns(
        start=np.searchsorted(origin, np.arange(arcs + 1)), origin=origin, to=to, cost=cost,
        begin=begin, end=end, costs=costs,
    )  # fmt: skip


def _costs(angle: Floats, back: npt.NDArray[np.bool_], costs: tuple[float, float, float]) -> Floats:
    bend = np.abs(angle)
    turned = np.where(bend < STRAIGHT, 0.0, np.where(bend <= SHARP, costs[0], costs[1]))
    return np.where(back, costs[2], turned)


def _headings(flat: npt.NDArray[np.object_]) -> tuple[Floats, Floats]:
    """Degrees clockwise from north in which each arc begins and ends."""
    first, second = (shapely.get_coordinates(shapely.get_point(flat, n)) for n in (0, 1))
    last, before = (shapely.get_coordinates(shapely.get_point(flat, n)) for n in (-1, -2))
    into, onward = _heading(second - first), _heading(last - before)
    begin = np.column_stack([into, onward + 180.0]).ravel()
    end = np.column_stack([onward, into + 180.0]).ravel()
    return begin % 360.0, end % 360.0


def _heading(step: Floats) -> Floats:
    return np.asarray(np.degrees(np.arctan2(step[:, 0], step[:, 1])))


class Successors(dict[int, tuple[tuple[int, float], ...]]):
    """The arcs that follow an arc, each with the time of the turn and of driving it; made when first asked for."""

    def __init__(self, turns: Turns, time: Floats) -> None:
        super().__init__()
        self._turns, self._time = turns, time

    def __missing__(self, arc: int) -> tuple[tuple[int, float], ...]:
        turns = self._turns
        part = slice(int(turns.start[arc]), int(turns.start[arc + 1]))
        to = turns.to[part]
        made = self[arc] = tuple(zip(to.tolist(), (turns.cost[part] + self._time[to]).tolist(), strict=True))
        return made

    def turn(self, arc: int, following: int) -> Second:
        """What the turn from one arc into another takes."""
        return next(cost for to, cost in self[arc] if to == following) - float(self._time[following])


class Backward:
    """For each arc those one comes from: of arc `a` `origin[start[a]:start[a + 1]]`; `cost` of turn and arc.

    `into` is the arc that each leads into. With `own`, of those arcs alone, by their numbers in it.
    """

    def __init__(self, turns: Turns, time: Floats, *, round_: bool, own: Ints | None = None) -> None:
        taken = np.argsort(turns.to, kind="stable")
        if not round_:
            taken = taken[turns.origin[taken] ^ 1 != turns.to[taken]]
        arcs = len(time)
        origin, into, cost = turns.origin[taken], turns.to[taken], turns.cost[taken] + time[turns.to[taken]]
        if own is not None:
            number, arcs = np.full(arcs, -1), len(own)
            number[own] = np.arange(arcs)
            inside = (number[origin] >= 0) & (number[into] >= 0)
            origin, into, cost = number[origin[inside]], number[into[inside]], cost[inside]
        self.origin, self.into, self.cost = origin, into, cost
        self.start = np.searchsorted(into, np.arange(arcs + 1))

    @cached_property
    def _frame(self) -> "csr_array":
        return self._framed(ROOM)

    def _framed(self, room: int) -> "csr_array":
        """The matrix without costs; in its last row is room for the arcs from which a search begins."""
        from scipy.sparse import csr_array

        arcs = len(self.start) - 1
        index = np.concatenate([self.origin, np.zeros(room, dtype=np.int64)]).astype(np.int32)
        start = np.append(self.start, len(index)).astype(np.int32)
        return csr_array((np.zeros(len(index)), index, start), shape=(arcs + 1, arcs + 1))

    def matrix(self, cost: Floats, ends: Sequence[int], costs: Sequence[Second]) -> "csr_array":
        """What a search from the end runs on: `cost` of each turn and arc; the last row leads to `ends`, at `costs`.

        What rounding left below nothing costs nothing.
        """
        turns, last = len(self.origin), len(self.origin) + len(ends)
        made = copy(self._frame) if len(ends) <= ROOM else self._framed(len(ends))
        index, data = made.indices.copy(), np.empty(len(made.indices))
        np.maximum(cost, 0.0, out=data[:turns])
        index[turns:last], data[turns:last], data[last:] = ends, costs, np.inf
        made.indices, made.data = index, data
        return made
