"""All ways to one place at once: from the end of every arc, searched backwards, round what is always covered.

What is found serves every start: many-to-one costs one search, and the next route to the same place next to nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from core.units import Fraction, Metre, Second, Speed
from emergency.routing.avoiding import Avoidance, Spans
from emergency.routing.graph import Graph
from emergency.routing.passing import FOREVER, covered_share, departures, driven
from emergency.routing.snapping import OnRoad
from gis.measure import Floats, distances

Ints = npt.NDArray[np.int64]
WEIGHT = 1e6
"""A second in a zone outweighs every time on the road."""
SLOW: Speed = 6.0
SPARE: Second = 120.0
KEPT = 32
"""So many trees a graph remembers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One arc as it is driven: from which fraction to which, set out when, there when; `turn` is what the turn took."""

    arc: int
    begin: Fraction
    end: Fraction
    turn: Second
    leaves: Second
    arrives: Second


class Tree:
    """The ways to `end`. What `cover` covers is not driven; time in `weighed` counts before all other time."""

    def __init__(
        self, graph: Graph, end: OnRoad, cover: Spans, weighed: Spans | None = None, limit: Second = FOREVER
    ) -> None:
        self.graph, self.end, self.cover, self.weighed = graph, end, cover, weighed or {}
        self.goals = end.inward(graph)
        self.limit = limit
        self.weight, self.before = self._searched()

    def legs(self, start: OnRoad, at: Second) -> list[Leg] | None:
        """The way from a place on an edge, None where there is none that meets nothing."""
        chosen = min(self._firsts(start), default=None)
        if chosen is None:
            return None
        _, arc, share, direct = chosen
        chain = [(arc, share, self.goals[arc] if direct else 1.0, 0.0)]
        arcs, turns = len(self.graph.tail), self.graph.successors
        while not direct:
            following = int(self.before[arc])
            if following == arcs:
                goal, turn = self._into(arc)
                chain.append((goal, 0.0, self.goals[goal], turn))
                break
            chain.append((following, 0.0, 1.0, turns.turn(arc, following)))
            arc = following
        return timed(self.graph, chain, at)

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
        spans = self.cover.get(arc >> 1)
        return spans is None or next(departures(driven(spans, arc), begin, end, 1.0, 0.0, 0.0), None) is not None

    def _extra(self, arc: int, begin: Fraction, end: Fraction) -> float:
        spans = self.weighed.get(arc >> 1)
        if spans is None:
            return 0.0
        return WEIGHT * covered_share(driven(spans, arc), begin, end) * float(self.graph.time[arc])

    def _into(self, arc: int) -> tuple[int, Second]:
        """By which of the two arcs with the place on it the way ends, and the turn into it."""
        successors, time = self.graph.successors, self.graph.time
        ends = []
        for to, cost in successors[arc]:
            if to in self.goals and self._free(to, 0.0, self.goals[to]):
                turn = cost - float(time[to])
                spent = turn + self.goals[to] * float(time[to]) + self._extra(to, 0.0, self.goals[to])
                ends.append((spent, to, turn))
        _, goal, turn = min(ends)
        return goal, turn

    def _searched(self) -> tuple[Floats, Ints]:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        table = self.graph.backward
        arcs = len(self.graph.tail)
        data = table.cost.copy()
        covered = np.zeros(self.graph.edges, dtype=bool)
        covered[list(self.cover)] = True
        data[np.repeat(covered, np.diff(table.start[::2]))] = np.inf
        for edge in self.weighed:
            for arc in (2 * edge, 2 * edge + 1):
                data[table.start[arc] : table.start[arc + 1]] += self._extra(arc, 0.0, 1.0)
        ends: dict[int, float] = {}
        for arc, share in self.goals.items():
            if not self._free(arc, 0.0, share):
                continue
            lost = (1.0 - share) * float(self.graph.time[arc]) - self._extra(arc, 0.0, share)
            part = slice(int(table.start[arc]), int(table.start[arc + 1]))
            for origin, cost in zip(table.origin[part].tolist(), table.cost[part].tolist(), strict=True):
                ends[origin] = min(ends.get(origin, np.inf), cost - lost)
        matrix = csr_array(
            (
                np.concatenate([data, np.array(list(ends.values()), dtype=float)]),
                np.concatenate([table.origin, np.array(list(ends), dtype=np.int32)]),
                np.append(table.start, np.int32(len(data) + len(ends))),
            ),
            shape=(arcs + 1, arcs + 1),
        )
        weight, before = dijkstra(matrix, indices=arcs, return_predecessors=True, limit=self.limit)
        return weight[:arcs], before[:arcs].astype(np.int64)

    @cached_property
    def metres(self) -> Floats:
        """From the end of each arc to the place, along the arcs that follow: sums by doubling."""
        arcs = len(self.before)
        step = np.append(np.where(self.before >= 0, self.before, arcs), arcs)
        own = np.append(np.repeat(self.graph.length, 2), 0.0)
        ahead = own[step]
        for arc in np.flatnonzero(self.before == arcs):
            goal, _ = self._into(int(arc))
            ahead[arc] = self.goals[goal] * float(self.graph.length[goal >> 1])
        while (step != arcs).any():
            ahead, step = ahead + ahead[step], step[step]
        return np.asarray(ahead[:arcs])


def timed(graph: Graph, chain: Sequence[tuple[int, Fraction, Fraction, Second]], at: Second) -> list[Leg]:
    """Arcs driven one after another without waiting."""
    found = []
    for arc, begin, end, turn in chain:
        leaves = at + turn
        at = leaves + (end - begin) * float(graph.time[arc])
        found.append(Leg(arc=arc, begin=begin, end=end, turn=turn, leaves=leaves, arrives=at))
    return found


def tree(
    graph: Graph, end: OnRoad, avoid: Avoidance | None = None, *, weighed: bool = False, near: OnRoad | None = None
) -> Tree:
    """The ways to a place round all that is avoided, as if it lasted; `weighed`: round what cannot be passed alone.

    With `near`, as far out as that place and no farther, where that is enough for it.
    """
    key = (end.node, end.edge if end.node is None else -1, end.along if end.node is None else 0.0, avoid, weighed)
    kept = graph.trees
    found = kept.get(key)
    if found is None or (near is None and found.limit < FOREVER):
        cover: Spans = {} if avoid is None else avoid.lasting if weighed else avoid.all
        limit = FOREVER if near is None or weighed else _likely(near, end)
        found = Tree(graph, end, cover, avoid.inside if weighed and avoid is not None else None, limit)
        kept[key] = found
    if near is not None and not found.settles(near):
        return tree(graph, end, avoid, weighed=weighed)
    if len(kept) > KEPT:
        kept.pop(next(iter(kept)), None)
    return found


def _likely(start: OnRoad, end: OnRoad) -> Second:
    """How long a way between two places takes at most, most often."""
    straight = float(distances(start.point, [end.point.lon], [end.point.lat])[0])
    return straight / SLOW + SPARE
