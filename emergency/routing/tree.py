"""All ways to one place at once: from the end of every arc, searched backwards, round what is always covered.

What is found serves every start: many-to-one costs one search, and the next route to the same place next to nothing.
For one start alone the search is led there: every arc's time counts less what it brings nearer to the start
(`landmarks`), which changes no order among ways, and it ends where no better way can be.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.units import Fraction, Metre, Second
from emergency.routing.avoiding import Avoidance, Laid, laid
from emergency.routing.graph import Graph
from emergency.routing.landmarks import landmarks
from emergency.routing.passing import FOREVER, covered_share, departures, driven
from emergency.routing.snapping import OnRoad
from gis.measure import Floats

Ints = npt.NDArray[np.int64]
WEIGHT = 1e6
"""A second in a zone outweighs every time on the road."""
REACHES = ((1.1, 20.0), (1.25, 90.0), (1.5, 300.0), (1.0, FOREVER))
"""For one start it is sought so many times as long as it takes at least and so many seconds more, then farther."""
KEPT = 32
"""So many trees a graph remembers."""
NOTHING_LAID = laid({})


class Leg(NamedTuple):
    """One arc as it is driven: from which fraction to which, set out when, there when; `turn` is what the turn took."""

    arc: int
    begin: Fraction
    end: Fraction
    turn: Second
    leaves: Second
    arrives: Second


class Tree:
    """The ways to `end`. What `cover` covers is not driven; time in `weighed` counts before all other time.

    With `near`, what is said of arcs from there holds as far as `limit` seconds out and no farther. With `rounds`,
    ways that turn round count too.
    """

    def __init__(
        self, graph: Graph, end: OnRoad, cover: Laid, weighed: Laid | None = None, near: OnRoad | None = None, *,
        rounds: bool = False,
    ) -> None:  # fmt: skip
        self.graph, self.end, self.cover = graph, end, cover
        self.weighed = NOTHING_LAID if weighed is None else weighed
        self.goals = end.inward(graph)
        self.table = graph.backward if rounds else graph.onward
        self.limit: Second = FOREVER
        arcs = len(graph.tail)
        self.weight, self.before = np.full(arcs, np.inf), np.full(arcs, -1)
        self.least = self.weight
        self._search(near)

    def legs(self, start: OnRoad, at: Second) -> list[Leg] | None:
        """The way from a place on an edge, None where there is none that meets nothing."""
        chosen = min(self._firsts(start), default=None)
        if chosen is None:
            return None
        _, arc, share, direct = chosen
        chain, arcs, before = [arc], len(self.graph.tail), self.before.item
        while not direct:
            following = before(arc)
            if following == arcs:
                chain.append(self._into(arc))
                break
            chain.append(following)
            arc = following
        return timed(self.graph, np.array(chain), share, self.goals[chain[-1]], at)

    def settles(self, start: OnRoad) -> bool:
        """What is said of this place is the best there is, as far out as was looked."""
        return self.limit == FOREVER or min(self._firsts(start), default=(FOREVER,))[0] <= self.limit

    def reached(self, start: OnRoad) -> tuple[Second, Metre] | None:
        """How long and how far it is from a place on an edge; None where no way leads that meets nothing."""
        chosen = min(self._firsts(start), default=None)
        if chosen is None:
            return None
        seconds, arc, share, direct = chosen
        whole = float(self.graph.length[arc >> 1])
        return seconds, (self.goals[arc] - share) * whole if direct else (1.0 - share) * whole + float(self.metres[arc])

    def _firsts(self, start: OnRoad) -> list[tuple[float, int, float, bool]]:
        """What each first arc weighs, from which fraction it is driven, and whether the place is on it."""
        found = [(0.0, next(iter(self.goals)), 1.0, True)] if self._there(start) else []
        for arc, share in start.outward(self.graph):
            whole = float(self.graph.time[arc])
            goal = self.goals.get(arc)
            if goal is not None and goal >= share and self._free(arc, share, goal):
                found.append(((goal - share) * whole + self._extra(arc, share, goal), arc, share, True))
            if self.weight[arc] < FOREVER and self._free(arc, share, 1.0):
                own = (1.0 - share) * whole + self._extra(arc, share, 1.0)
                found.append((own + float(self.weight[arc]), arc, share, False))
        return found

    def _there(self, start: OnRoad) -> bool:
        return start.node is not None and start.node == self.end.node

    def _free(self, arc: int, begin: Fraction, end: Fraction) -> bool:
        if arc >> 1 not in self.cover:
            return True
        return next(departures(driven(self.cover[arc >> 1], arc), begin, end, 1.0, 0.0, 0.0), None) is not None

    def _extra(self, arc: int, begin: Fraction, end: Fraction) -> float:
        if arc >> 1 not in self.weighed:
            return 0.0
        return WEIGHT * covered_share(driven(self.weighed[arc >> 1], arc), begin, end) * float(self.graph.time[arc])

    def _into(self, arc: int) -> int:
        """By which of the two arcs with the place on it the way ends."""
        ends = []
        for to, cost in self.graph.successors[arc]:
            if to in self.goals and self._free(to, 0.0, self.goals[to]):
                whole = float(self.graph.time[to])
                ends.append((cost - whole + self.goals[to] * whole + self._extra(to, 0.0, self.goals[to]), to))
        return min(ends)[1]

    def _last(self) -> tuple[list[int], list[Second]]:
        """The arcs from which one drives into that of the place, and what that takes."""
        table, ends = self.table, dict[int, float]()
        for arc, share in self.goals.items():
            if not self._free(arc, 0.0, share):
                continue
            lost = (1.0 - share) * float(self.graph.time[arc]) - self._extra(arc, 0.0, share)
            part = slice(int(table.start[arc]), int(table.start[arc + 1]))
            for origin, cost in zip(table.origin[part].tolist(), table.cost[part].tolist(), strict=True):
                ends[origin] = min(ends.get(origin, np.inf), cost - lost)
        return list(ends), list(ends.values())

    def _search(self, near: OnRoad | None) -> None:
        """Finds `weight`, seconds from the end of each arc, `before`, the arc that follows it, and `least`.

        `least` is what it takes at least, of which two neighbours differ by no more than the way between them.
        """
        from scipy.sparse.csgraph import dijkstra

        table, arcs = self.table, len(self.graph.tail)
        ends, costs = self._last()
        if not ends:
            return
        firsts = [] if near is None else [arc for arc, _ in near.outward(self.graph)]
        led = landmarks(self.graph, near.piece) if near is not None and firsts else None
        cost, last = table.cost.copy(), np.array(costs)
        for edge in self.weighed:
            for arc in (2 * edge, 2 * edge + 1):
                cost[table.start[arc] : table.start[arc + 1]] += self._extra(arc, 0.0, 1.0)
        ahead = np.zeros(arcs) if led is None else led.least(firsts[0], ends)
        behind = ahead.copy()
        behind[2 * self.cover.edges] = behind[2 * self.cover.edges + 1] = -np.inf
        reaches = [FOREVER]
        if led is not None:
            behind[led.outside] = -np.inf
            last += ahead[ends]
            cost += ahead.take(table.origin)
            reaches = [more * float(last.min()) + spare for more, spare in REACHES]
        cost -= behind.take(table.into)
        np.maximum(cost, 0.0, out=cost)
        matrix = table.matrix(cost, np.array(ends), last)
        for reach in reaches:
            weight, before = dijkstra(matrix, indices=arcs, return_predecessors=True, limit=reach)
            self.weight, self.before = weight[:arcs] - ahead, before[:arcs]
            self.limit = reach - (float(ahead[firsts].max()) if led is not None else 0.0)
            if near is None or self.settles(near):
                break
        self.least = np.minimum(weight[:arcs], reach) - ahead
        if led is not None:
            self.least[led.outside] = np.inf

    @cached_property
    def metres(self) -> Floats:
        """From the end of each arc to the place, along the arcs that follow: sums by doubling."""
        arcs = len(self.before)
        step = np.append(np.where(self.before >= 0, self.before, arcs), arcs)
        own = np.append(np.repeat(self.graph.length, 2), 0.0)
        ahead = own[step]
        for arc in np.flatnonzero(self.before == arcs):
            goal = self._into(int(arc))
            ahead[arc] = self.goals[goal] * float(self.graph.length[goal >> 1])
        while (step != arcs).any():
            ahead, step = ahead + ahead[step], step[step]
        return np.asarray(ahead[:arcs])


def timed(graph: Graph, arcs: Ints, begin: Fraction, end: Fraction, at: Second) -> list[Leg]:
    """Arcs driven one after another without waiting, the first from `begin`, the last to `end`."""
    low, high, turn = np.zeros(len(arcs)), np.ones(len(arcs)), np.zeros(len(arcs))
    low[0], high[-1] = begin, end
    turn[1:] = graph.turns.between(arcs[:-1], arcs[1:])
    clock = np.empty(2 * len(arcs) + 1)
    clock[0], clock[1::2], clock[2::2] = at, turn, (high - low) * graph.time[arcs]
    clock = np.cumsum(clock)
    columns = (arcs, low, high, turn, clock[1::2], clock[2::2])
    return list(map(Leg._make, zip(*(column.tolist() for column in columns), strict=True)))


def tree(
    graph: Graph,
    end: OnRoad,
    avoid: Avoidance | None = None,
    *,
    weighed: bool = False,
    near: OnRoad | None = None,
    rounds: bool = False,
) -> Tree:
    """The ways to a place round all that is avoided, as if it lasted; `weighed`: round what cannot be passed alone.

    With `near`, those from there alone where the place is asked for the first time.
    """  # fmt: skip
    where = (end.node, None) if end.node is not None else (end.edge, end.along)
    key = (*where, avoid, weighed, rounds)
    kept = graph.trees
    found = kept.get(key)
    if found is not None:
        return found
    cover = NOTHING_LAID if avoid is None else avoid.lasting if weighed else avoid.all
    if near is not None and key not in graph.asked:
        _remember(graph.asked, key, None)
        return Tree(graph, end, cover, near=near, rounds=rounds)
    found = Tree(graph, end, cover, avoid.inside if weighed and avoid is not None else None, rounds=rounds)
    _remember(kept, key, found)
    return found


def _remember[T](kept: dict[object, T], key: object, value: T) -> None:
    kept[key] = value
    for old in list(kept)[:-KEPT]:
        kept.pop(old, None)
