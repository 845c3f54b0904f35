"""All ways to one place at once: from the end of every arc, searched backwards, round what is always covered.

What is found serves every start: many-to-one costs one search, and the next route to the same place next to nothing.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.units import Fraction, Metre, Second
from emergency.routing.avoiding import Avoidance, Laid, laid
from emergency.routing.graph import Graph
from emergency.routing.passing import FOREVER, covered_share, departures, driven
from emergency.routing.snapping import OnRoad
from gis.measure import Floats

Ints = npt.NDArray[np.int64]
WEIGHT = 1e6
"""A second in a zone outweighs every time on the road."""
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

    With `rounds`, ways that turn round count too.
    """

    def __init__(
        self, graph: Graph, end: OnRoad, cover: Laid, weighed: Laid | None = None, *, rounds: bool = False
    ) -> None:
        self.graph, self.end, self.cover = graph, end, cover
        self.weighed = NOTHING_LAID if weighed is None else weighed
        self.goals = end.inward(graph)
        self.table = graph.backward if rounds else graph.onward
        arcs = len(graph.tail)
        self.weight, self.before = np.full(arcs, np.inf), np.full(arcs, -1)
        self._search()

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
            if goal is not None and goal >= share and clear(self.cover, arc, share, goal):
                found.append(((goal - share) * whole + self._extra(arc, share, goal), arc, share, True))
            if self.weight[arc] < FOREVER and clear(self.cover, arc, share, 1.0):
                own = (1.0 - share) * whole + self._extra(arc, share, 1.0)
                found.append((own + float(self.weight[arc]), arc, share, False))
        return found

    def _there(self, start: OnRoad) -> bool:
        return start.node is not None and start.node == self.end.node

    def _extra(self, arc: int, begin: Fraction, end: Fraction) -> float:
        if arc >> 1 not in self.weighed:
            return 0.0
        return WEIGHT * covered_share(driven(self.weighed[arc >> 1], arc), begin, end) * float(self.graph.time[arc])

    def _into(self, arc: int) -> int:
        """By which of the two arcs with the place on it the way ends."""
        ends = []
        for to, cost in self.graph.successors[arc]:
            if to in self.goals and clear(self.cover, to, 0.0, self.goals[to]):
                whole = float(self.graph.time[to])
                ends.append((cost - whole + self.goals[to] * whole + self._extra(to, 0.0, self.goals[to]), to))
        return min(ends)[1]

    def _search(self) -> None:
        """Finds `weight`, seconds from the end of each arc, and `before`, the arc that follows it."""
        from scipy.sparse.csgraph import dijkstra

        table, arcs = self.table, len(self.graph.tail)
        last = table.before(
            {
                arc: (1.0 - share) * float(self.graph.time[arc]) - self._extra(arc, 0.0, share)
                for arc, share in self.goals.items()
                if clear(self.cover, arc, 0.0, share)
            }
        )
        if not last:
            return
        cost = table.cost.copy()
        for edge in self.weighed:
            for arc in (2 * edge, 2 * edge + 1):
                cost[table.start[arc] : table.start[arc + 1]] += self._extra(arc, 0.0, 1.0)
        if len(self.cover):
            shut = np.zeros(arcs)
            shut[2 * self.cover.edges] = shut[2 * self.cover.edges + 1] = np.inf
            cost += shut.take(table.into)
        matrix = table.matrix(cost, np.array(list(last)), np.array([seconds for seconds, _ in last.values()]))
        weight, before = dijkstra(matrix, indices=arcs, return_predecessors=True)
        self.weight, self.before = weight[:arcs], before[:arcs]

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


def clear(cover: Laid, arc: int, begin: Fraction, end: Fraction) -> bool:
    """Nothing that lasts covers the arc between two fractions."""
    if arc >> 1 not in cover:
        return True
    return next(departures(driven(cover[arc >> 1], arc), begin, end, 1.0, 0.0, 0.0), None) is not None


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
    graph: Graph, end: OnRoad, avoid: Avoidance | None = None, *, weighed: bool = False, rounds: bool = False
) -> Tree:
    """The ways to a place round all that is avoided, as if it lasted; `weighed`: round what cannot be passed alone."""
    key = _key(end, avoid, weighed, rounds)
    found = graph.trees.get(key)
    if found is not None:
        return found
    cover = NOTHING_LAID if avoid is None else avoid.lasting if weighed else avoid.all
    found = Tree(graph, end, cover, avoid.inside if weighed and avoid is not None else None, rounds=rounds)
    _remember(graph.trees, key, found)
    return found


def asked_before(graph: Graph, end: OnRoad, avoid: Avoidance | None = None, *, rounds: bool = False) -> bool:
    """A way to this place was sought before, round the same: then all ways there are worth knowing."""
    key = _key(end, avoid, False, rounds)
    if key in graph.trees or key in graph.asked:
        return True
    _remember(graph.asked, key, None)
    return False


def _key(end: OnRoad, avoid: Avoidance | None, weighed: bool, rounds: bool) -> object:
    where = (end.node, None) if end.node is not None else (end.edge, end.along)
    return (*where, avoid, weighed, rounds)


def _remember[T](kept: dict[object, T], key: object, value: T) -> None:
    kept[key] = value
    for old in list(kept)[:-KEPT]:
        kept.pop(old, None)
