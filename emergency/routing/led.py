"""The quickest way between two places, led there: of all stretches those that bring one nearer are looked at first.

P. E. Hart, N. J. Nilsson, B. Raphael (1968), A formal basis for the heuristic determination of minimum cost paths,
IEEE Transactions on Systems Science and Cybernetics 4(2), with what landmarks say that it takes at least.
"""

from heapq import heappop, heappush

import numpy as np

from core.units import Fraction, Second
from emergency.routing.avoiding import Laid
from emergency.routing.graph import Graph
from emergency.routing.landmarks import landmarks
from emergency.routing.passing import FOREVER
from emergency.routing.snapping import OnRoad
from emergency.routing.tree import Leg, clear, timed

LOOKED = 400
"""After so many stretches it is quicker to look everywhere, by a search in compiled code."""
CLOSER = 1 + 1e-10
"""Of ways equally quick the one that is nearer its end is followed first; shifts no time by a millionth of a second."""


class TooFarError(Exception):
    """So much must be looked at that a search of the whole is quicker."""


def led(graph: Graph, start: OnRoad, end: OnRoad, cover: Laid, at: Second, looked: int = LOOKED) -> list[Leg] | None:
    """The quickest way that drives nothing of what is covered, None where there is none; TooFarError: not found yet."""
    goals = end.inward(graph)
    if start.node is not None and start.node == end.node:
        arc = next(iter(goals))
        return timed(graph, np.array([arc]), 1.0, 1.0, at)
    marks = landmarks(graph, start.piece)
    if marks is None:
        raise TooFarError
    own, time = marks.inside.item, graph.time.item
    firsts = [(arc, share) for arc, share in start.outward(graph) if own(arc)]
    rests = {arc: (1.0 - share) * time(arc) for arc, share in goals.items() if own(arc)}
    if not firsts or not rests:
        return None
    lasts = graph.onward.before({arc: rest for arc, rest in rests.items() if clear(cover, arc, 0.0, goals[arc])})
    bound = marks.least(firsts[0][0], rests).item
    heap: list[tuple[float, int]] = []
    best: dict[int, float] = {}
    came: dict[int, int] = {}
    begun: dict[int, Fraction] = {}
    goal, chain = FOREVER, []
    for arc, share in firsts:
        own_time, last = time(arc), goals.get(arc)
        if last is not None and last >= share and clear(cover, arc, share, last) and (last - share) * own_time < goal:
            goal, chain = (last - share) * own_time, [arc]
        begun[arc] = share
        if clear(cover, arc, share, 1.0):
            best[arc] = (1.0 - share) * own_time
            heappush(heap, (best[arc] + bound(arc) * CLOSER, arc))
    following, met, done, into = graph.following, cover.met, set[int](), None
    while heap:
        least, arc = heappop(heap)
        if least >= goal:
            break
        if arc in done:
            continue
        done.add(arc)
        if len(done) > looked:
            raise TooFarError
        spent = best[arc]
        if arc in lasts and spent + lasts[arc][0] < goal:
            goal, into = spent + lasts[arc][0], (arc, lasts[arc][1])
        for to, cost in following[arc]:
            if to in done:
                continue
            there = spent + cost
            if (to not in best or there < best[to]) and to >> 1 not in met:
                best[to], came[to] = there, arc
                heappush(heap, (there + bound(to) * CLOSER, to))
    if into is not None:
        arc, last_arc = into
        chain = [last_arc, arc]
        while arc in came:
            arc = came[arc]
            chain.append(arc)
        chain.reverse()
    return timed(graph, np.array(chain), begun[chain[0]], goals[chain[-1]], at) if chain else None
