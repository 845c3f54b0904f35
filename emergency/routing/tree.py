"""All ways to one place at once: from the end of every arc, searched backwards, round what is always covered.

What is found serves every start: many-to-one costs one search, and the next route to the same place next to nothing.
For one start alone the search is led there: every arc's time counts less what it brings nearer to the start
(`landmarks`), which changes no order among ways, and it ends where no better way can be.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.units import Fraction, Metre, Second
from emergency.routing.avoiding import Avoidance, Laid, laid
from emergency.routing.graph import Graph
from emergency.routing.landmarks import Landmarks, landmarks
from emergency.routing.passing import FOREVER, covered_share, departures, driven
from emergency.routing.snapping import OnRoad
from gis.measure import Floats

Ints = npt.NDArray[np.int64]
WEIGHT = 1e6
"""A second in a zone outweighs every time on the road."""
REACHES = ((1.1, 20.0), (1.35, 100.0))
"""For one start it is sought so many times as long as it takes at least and so many seconds more, then farther."""
HAIR: Second = 1e-3
"""More than all that rounding takes from a way."""
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

    `weight` are seconds from the end of each arc, infinite where nothing leads on, `before` is the arc that follows it.
    With `rounds`, ways that turn round count too.
    """

    def __init__(
        self, graph: Graph, end: OnRoad, cover: Laid, weighed: Laid = NOTHING_LAID, *, rounds: bool = False
    ) -> None:
        self.graph, self.end, self.cover, self.weighed = graph, end, cover, weighed
        self.goals = end.inward(graph)
        self.table = graph.backward if rounds else graph.onward
        self._search()

    def legs(self, start: OnRoad, at: Second) -> list[Leg] | None:
        """The way from a place on an edge, None where there is none that meets nothing."""
        chosen = min(self._firsts(start), default=None)
        if chosen is None:
            return None
        _, arc, share, direct = chosen
        chain = [arc] if direct else self._chain(arc)
        if not direct:
            chain.append(self._into(chain[-1]))
        return timed(self.graph, chain, share, self.goals[chain[-1]], at)

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
            whole = self.graph.time.item(arc)
            goal = self.goals.get(arc)
            if goal is not None and goal >= share and self._free(arc, share, goal):
                found.append(((goal - share) * whole + self._extra(arc, share, goal), arc, share, True))
            onward = self._onward(arc)
            if onward < FOREVER and self._free(arc, share, 1.0):
                own = (1.0 - share) * whole + self._extra(arc, share, 1.0)
                found.append((own + onward, arc, share, False))
        return found

    def _onward(self, arc: int) -> Second:
        """Seconds from the end of an arc."""
        return float(self.weight[arc])

    def _chain(self, arc: int) -> list[int]:
        """An arc and those that follow it, without that of the place."""
        chain, arcs, before = [], len(self.before), self.before.item
        while arc != arcs:
            chain.append(arc)
            arc = before(arc)
        return chain

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

    def _last(self) -> dict[int, Second]:
        """The arcs from which one drives into that of the place, and what that takes."""
        table = self.table
        ends: dict[int, Second] = {}
        for arc, share in self.goals.items():
            if not self._free(arc, 0.0, share):
                continue
            lost = (1.0 - share) * self.graph.time.item(arc) - self._extra(arc, 0.0, share)
            part = slice(table.start.item(arc), table.start.item(arc + 1))
            for origin, cost in zip(table.origin[part].tolist(), table.cost[part].tolist(), strict=True):
                ends[origin] = min(ends.get(origin, FOREVER), cost - lost)
        return ends

    def _search(self) -> None:
        """Looks everywhere."""
        from scipy.sparse.csgraph import dijkstra

        table, arcs = self.table, len(self.graph.tail)
        ends = self._last()
        if not ends:
            self.weight, self.before = np.full(arcs, np.inf), np.full(arcs, -1)
            return
        cost = table.cost.copy()
        if len(self.weighed):
            extra, into = np.zeros(arcs), self.weighed.arcs
            time = self.graph.time[into]
            extra[into] = WEIGHT * np.tile(self.weighed.shares, 2) * np.where(np.isfinite(time), time, 0.0)
            cost += extra.take(table.into)
        if len(self.cover):
            shut = np.zeros(arcs)
            shut[self.cover.arcs] = np.inf
            cost += shut.take(table.into)
        matrix = table.matrix(cost, list(ends), list(ends.values()))
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


class Led(Tree):
    """The ways to `end` from `near` alone: `weight` counts what an arc brings nearer to it as won already (`ahead`).

    Both are of arcs as `marks` numbers them; others are driven first or last alone.
    """

    def __init__(self, graph: Graph, end: OnRoad, cover: Laid, near: OnRoad, marks: Landmarks) -> None:
        self.near, self.marks, self.number = near, marks, marks.number.item
        super().__init__(graph, end, cover)

    def _onward(self, arc: int) -> Second:
        number = self.number(arc)
        if number >= 0:
            return float(self.weight[number]) - float(self.ahead[number])
        through = min((cost + self._onward(to) for to, cost in self._from_aside(arc)), default=FOREVER)
        return min(through, self.ends.get(arc, FOREVER))

    def _from_aside(self, arc: int) -> list[tuple[int, Second]]:
        """What one may drive on from an arc that has no number, and how long that takes."""
        covered, number = self.cover.met, self.number
        return [
            (to, cost) for to, cost in self.graph.successors[arc] if number(to) >= 0 and to >> 1 not in covered
        ]  # fmt: skip

    def _chain(self, arc: int) -> list[int]:
        chain, own, before = [], self.marks.own.item, self.before.item
        number, last = self.number(arc), len(self.before)
        if number < 0:
            chain.append(arc)
            onward = self._onward(arc)
            if onward == self.ends.get(arc):
                return chain
            number = self.number(min((cost + self._onward(to), to) for to, cost in self._from_aside(arc))[1])
        while number != last:
            chain.append(own(number))
            number = before(number)
        return chain

    def _search(self) -> None:
        """Looks towards the start, farther out until what is found is the best."""
        from scipy.sparse.csgraph import dijkstra

        marks, table, arcs = self.marks, self.marks.table, len(self.marks.own)
        self.ends = self._last()
        ends = {number: seconds for arc, seconds in self.ends.items() if (number := self.number(arc)) >= 0}
        starts = self._starts()
        if not ends or not starts:
            self.weight, self.before, self.ahead = np.full(arcs, np.inf), np.full(arcs, -1), np.zeros(arcs)
            return
        ahead = behind = self.ahead = marks.least(starts[0][0], list(ends))
        if len(self.cover):
            behind = np.append(ahead, 0.0)
            behind[marks.number[self.cover.arcs]] = -np.inf
        cost = ahead.take(table.origin)
        cost += table.cost
        cost -= behind.take(table.into)
        last = [seconds + ahead.item(arc) for arc, seconds in ends.items()]
        matrix = table.matrix(cost, list(ends), last)
        unsure = [(arc, ahead.item(arc) - own) for arc, own in starts]
        into, seconds = next(iter(ends.items()))
        likely = min(own + marks.most(arc, into) for arc, own in starts) + seconds + max(more for _, more in unsure)
        for reach in (*sorted([likely + HAIR, *(more * min(last) + spare for more, spare in REACHES)]), FOREVER):
            weight, before = dijkstra(matrix, indices=arcs, return_predecessors=True, limit=reach)
            self.weight, self.before = weight[:arcs], before[:arcs]
            found = min(self._firsts(self.near), default=(FOREVER,))[0]
            if all(weight.item(arc) < FOREVER or found <= reach - more for arc, more in unsure):
                return

    def _starts(self) -> list[tuple[int, Second]]:
        """The numbers of the first arcs that have any, and when one is at their ends."""
        found = []
        for arc, share in self.near.outward(self.graph):
            own, number = (1.0 - share) * self.graph.time.item(arc), self.number(arc)
            if number >= 0:
                found.append((number, own))
            else:
                found += [(self.number(to), own + cost) for to, cost in self._from_aside(arc)]
        return found


def timed(graph: Graph, arcs: Sequence[int], begin: Fraction, end: Fraction, at: Second) -> list[Leg]:
    """Arcs driven one after another without waiting, the first from `begin`, the last to `end`."""
    time, turned = graph.time.item, graph.turns.one
    found: list[Leg] = []
    before, turn, low = -1, 0.0, begin
    for arc in arcs:
        if found:
            turn, low = turned(before, arc), 0.0
        leaves = at + turn
        at = leaves + (1.0 - low) * time(arc)
        found.append(Leg(arc, low, 1.0, turn, leaves, at))
        before = arc
    if end < 1.0:
        arc, low, _, turn, leaves, _ = found[-1]
        found[-1] = Leg(arc, low, end, turn, leaves, leaves + (end - low) * time(arc))
    return found


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
    trees: dict[object, Tree] = graph.remembered.setdefault("trees", {})
    found = trees.get(key)
    if found is not None:
        return found
    cover = NOTHING_LAID if avoid is None else avoid.lasting if weighed else avoid.all
    once = graph.remembered.setdefault("asked once", {})
    if near is not None and key not in once:
        _remember(once, key, None)
        marks = landmarks(graph, near.piece)
        if marks is not None:
            return Led(graph, end, cover, near, marks)
    inside = avoid.inside if weighed and avoid is not None else NOTHING_LAID
    found = Tree(graph, end, cover, inside, rounds=rounds)
    _remember(trees, key, found)
    return found


def _remember[T](kept: dict[object, T], key: object, value: T) -> None:
    kept[key] = value
    if len(kept) > KEPT:
        for old in list(kept)[:-KEPT]:
            kept.pop(old, None)
