"""The quickest way round what covers roads for a while only: past before it comes, or after waiting until it is over.

Of each arc the earliest arrival within a time in which its end is not covered is enough, because one may wait there:
M. Phillips, M. Likhachev (2011), SIPP: Safe interval path planning for dynamic environments, ICRA, section III.
The search is led by the exact times to the place on roads that nothing covers, which no way round can beat.
"""

from heapq import heappop, heappush

from core.units import Fraction, Second
from emergency.routing.avoiding import Avoidance
from emergency.routing.graph import Graph
from emergency.routing.passing import FOREVER, clear_until, departures, driven
from emergency.routing.snapping import OnRoad
from emergency.routing.tree import Leg, tree

GOAL = -1


def quickest(graph: Graph, start: OnRoad, end: OnRoad, at: Second, avoid: Avoidance) -> list[Leg] | None:
    """The way that arrives first and meets nothing; None where there is none. Waits where that lets it through."""
    if not avoid.timed:
        return tree(graph, end, avoid, near=start).legs(start, at)
    free = tree(graph, end, near=start).legs(start, at)
    if free is not None and all(_meets_nothing(graph, leg, avoid) for leg in free):
        return free
    return _Search(graph, start, end, at, avoid).run()


def _meets_nothing(graph: Graph, leg: Leg, avoid: Avoidance) -> bool:
    """Set out at its time, a leg is driven before or after all that covers its part of the arc."""
    edge = leg.arc >> 1
    if edge not in avoid.all:
        return True
    spans = driven(avoid.all[edge], leg.arc)
    return (
        next(departures(spans, leg.begin, leg.end, graph.time.item(leg.arc), leg.leaves, leg.leaves), None) is not None
    )


def least_exposed(graph: Graph, start: OnRoad, end: OnRoad, at: Second, avoid: Avoidance) -> list[Leg] | None:
    """The way with the least time in zones, of those the quickest, as if zones and closures lasted; no waiting."""
    return tree(graph, end, avoid, weighed=True).legs(start, at)


class _Search:
    """One search in time; a state is an arc and how many times of danger at its end are over."""

    def __init__(self, graph: Graph, start: OnRoad, end: OnRoad, at: Second, avoid: Avoidance) -> None:
        self.graph, self.start, self.at = graph, start, at
        self.cover, self.windows = avoid.all, avoid.nodes
        free = tree(graph, end, rounds=True)
        self.goals, self.bound = free.goals, free.weight.item
        self.arcs = len(graph.tail)
        self.there = start.node is not None and start.node == end.node
        self.heap: list[tuple[float, float, int]] = []
        self.best: dict[int, float] = {}
        self.came: dict[int, tuple[int | None, int, Fraction, Second, Second]] = {}

    def run(self) -> list[Leg] | None:
        """The legs, None where the goal is not reached."""
        self._begin()
        heap, best, came, bound = self.heap, self.best, self.came, self.bound
        heads, successors, windows, goals = self.graph.heads, self.graph.successors, self.windows, self.goals
        arcs, covered, time = self.arcs, self.cover.met, self.graph.time.item
        while heap:
            _, spent, state = heappop(heap)
            if state == GOAL:
                return self._legs()
            if spent > best[state]:
                continue
            arc = state % arcs
            latest = clear_until(windows[heads[arc]], spent)[1] if heads[arc] in windows else FOREVER
            for following, cost in successors[arc]:
                there = spent + cost
                if following in goals:
                    ready = there - time(following)
                    for leaves, arrives in self._passages(following, 0.0, goals[following], ready, latest):
                        self._push(GOAL, state, following, 0.0, leaves, arrives, 0.0)
                if following >> 1 in covered:
                    for leaves, arrives in self._passages(following, 0.0, 1.0, there - time(following), latest):
                        self._reach(state, following, 0.0, leaves, arrives)
                elif heads[following] in windows:
                    self._reach(state, following, 0.0, there - time(following), there)
                elif there < best.get(following, FOREVER) and there + bound(following) < best.get(GOAL, FOREVER):
                    best[following] = there
                    came[following] = (state, following, 0.0, there - time(following), there)
                    heappush(heap, (there + bound(following), there, following))
        return None

    def _begin(self) -> None:
        if self.there:
            self._push(GOAL, None, next(iter(self.goals)), 1.0, self.at, self.at, 0.0)
        for arc, share in self.start.outward(self.graph):
            latest = self._may_stand(arc, share)
            if self.goals.get(arc, -1.0) >= share:
                for leaves, there in self._passages(arc, share, self.goals[arc], self.at, latest):
                    self._push(GOAL, None, arc, share, leaves, there, 0.0)
            for leaves, there in self._passages(arc, share, 1.0, self.at, latest):
                self._reach(None, arc, share, leaves, there)

    def _may_stand(self, arc: int, share: Fraction) -> Second:
        """Until when one may wait where one starts."""
        spans = driven(self.cover.get(arc >> 1, ()), arc)
        return min(
            (since for low, high, since, _ in spans if low <= share <= high and since > self.at), default=FOREVER
        )

    def _passages(
        self, arc: int, begin: Fraction, end: Fraction, earliest: Second, latest: Second
    ) -> list[tuple[Second, Second]]:
        """When one may set out on a part of an arc and is at its end."""
        whole = float(self.graph.time[arc])
        spans = driven(self.cover.get(arc >> 1, ()), arc)
        leaving = departures(spans, begin, end, whole, earliest, max(latest, earliest))
        return [(leaves, leaves + (end - begin) * whole) for leaves in leaving]

    def _reach(self, before: int | None, arc: int, begin: Fraction, leaves: Second, there: Second) -> None:
        windows = self.windows.get(self.graph.heads[arc])
        over = clear_until(windows, there)[0] if windows else 0
        self._push(arc + over * self.arcs, before, arc, begin, leaves, there, self.bound(arc))

    def _push(
        self, state: int, before: int | None, arc: int, begin: Fraction, leaves: Second, there: Second, bound: Second
    ) -> None:
        best = self.best
        if there < best.get(state, FOREVER) and there + bound < best.get(GOAL, FOREVER):
            best[state] = there
            self.came[state] = (before, arc, begin, leaves, there)
            heappush(self.heap, (there + bound, there, state))

    def _legs(self) -> list[Leg]:
        """The way from its end to its start, turned round."""
        found: list[Leg] = []
        state: int | None = GOAL
        while state is not None:
            before, arc, begin, leaves, there = self.came[state]
            turn = 0.0 if before is None else self.graph.successors.turn(before % self.arcs, arc)
            end = self.goals[arc] if state == GOAL else 1.0
            found.append(Leg(arc=arc, begin=begin, end=end, turn=turn, leaves=leaves, arrives=there))
            state = before
        return found[::-1]
