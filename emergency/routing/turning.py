"""From which stretch one may drive into which, and what the turn costs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from core.units import Degree, Second
from gis.measure import Floats

Ints = npt.NDArray[np.int64]
STRAIGHT: Degree = 45.0
SHARP: Degree = 135.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Turns:
    """For each arc the arcs that follow: those of arc `a` are `to[start[a]:start[a + 1]]`; `cost` in seconds.

    `begin` and `end` are the headings of each arc where it begins and ends, degrees clockwise from north. One may
    turn round at every junction, at its price.
    """

    start: Ints
    origin: Ints
    to: Ints
    cost: Floats
    begin: Floats
    end: Floats


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
    bend = np.abs(angle)
    cost = np.where(bend < STRAIGHT, 0.0, np.where(bend <= SHARP, costs[0], costs[1]))
    cost = np.where(back, costs[2], cost)
    return Turns(
        start=np.searchsorted(origin, np.arange(arcs + 1)), origin=origin, to=to, cost=cost,
        begin=begin, end=end,
    )  # fmt: skip


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Backward:
    """For each arc those one comes from: of arc `a` `origin[start[a]:start[a + 1]]`; `cost` of turn and arc."""

    start: npt.NDArray[np.int32]
    origin: npt.NDArray[np.int32]
    cost: Floats


def backward(turns: Turns, time: Floats) -> Backward:
    """The turns by the arc they lead into."""
    order = np.argsort(turns.to, kind="stable")
    to = turns.to[order]
    return Backward(
        start=np.searchsorted(to, np.arange(len(time) + 1)).astype(np.int32),
        origin=turns.origin[order].astype(np.int32),
        cost=turns.cost[order] + time[to],
    )  # fmt: skip
