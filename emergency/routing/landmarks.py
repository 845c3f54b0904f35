"""How far it is at least, told without searching, by the exact times from and to a few far arcs.

A. V. Goldberg, C. Harrelson (2005), Computing the shortest path: A* search meets graph theory, SODA, section 4: what
holds on free roads holds all the more where some are closed.
"""

from collections.abc import Sequence

import numpy as np

from core.units import Second
from emergency.routing.graph import Graph
from emergency.routing.turning import Backward
from gis.measure import Floats

FEWEST, MOST, ROOM = 12, 48, 500_000
"""So many landmarks has a connected part, each the farthest from those before: more where it is small, for what is kept
is the time of every arc to and from each."""
USED = 4
"""So many of the two times of each landmark are used for one pair: those that say most of it."""
FEW = 200
"""Parts of fewer stretches are searched whole."""


class Landmarks:
    """The times of one connected part between those of its arcs, `own`, that lead on and are led into.

    Rows of `known` are such that a way from the arc numbered `a` to that numbered `b` takes at least
    `known[:, b] - known[:, a]` from end to end. `number` of an arc is -1 where it is none of these, `table` are the
    turns among them.
    """

    def __init__(self, graph: Graph, piece: int) -> None:
        from scipy.sparse.csgraph import dijkstra

        round_ = graph.onward is graph.backward
        arcs = len(graph.time)
        inside = np.flatnonzero(np.repeat(graph.piece == piece, 2) & np.isfinite(graph.time))
        onward = Backward(graph.turns, graph.time, round_=round_, own=inside)
        passed = np.bincount(onward.origin, minlength=len(inside)) * np.bincount(onward.into, minlength=len(inside)) > 0
        self.own = inside[passed]
        self.number = np.full(arcs, -1)
        self.number[self.own] = np.arange(len(self.own))
        self.table = Backward(graph.turns, graph.time, round_=round_, own=self.own)
        around = Backward(graph.turns, graph.time, round_=True, own=inside)
        back = around.matrix(around.cost, (), ())
        there = back.T.tocsr()
        passing = np.flatnonzero(passed)
        mark = int(passing[np.argmax(dijkstra(there, indices=int(passing[0]))[passing])])
        rows: list[Floats] = []
        near = np.full(len(passing), np.inf)
        for _ in range(min(max(ROOM // len(passing), FEWEST), MOST)):
            away, home = (dijkstra(one, indices=mark)[passing] for one in (there, back))
            rows += [away, -home]
            near = np.minimum(near, np.minimum(away, home))
            mark = int(passing[np.argmax(near)])
        self.known = np.array(rows)
        self._by_arc = self.known.T.copy()

    def most(self, start: int, end: int) -> Second:
        """Seconds that it takes at most from the end of one arc to that of another on free roads, by a landmark."""
        return float((self._by_arc[end, ::2] - self._by_arc[start, 1::2]).min())

    def least(self, start: int, ends: Sequence[int]) -> Floats:
        """Seconds that it takes at least from the end of an arc to that of each other, the best towards `ends`."""
        here = self._by_arc[start]
        rows = np.argpartition(here - self._by_arc[ends].min(axis=0), USED)[:USED].tolist()
        known, base = self.known, here.item
        found, other = np.zeros(known.shape[1]), np.empty(known.shape[1])
        for row in rows:
            np.subtract(known[row], base(row), out=other)
            np.maximum(found, other, out=found)
        return found


def landmarks(graph: Graph, piece: int) -> Landmarks | None:
    """Those of a connected part, made when first asked for; None where it is small."""
    kept: dict[int, Landmarks | None] = graph.remembered.setdefault("landmarks", {})
    if piece not in kept:
        kept[piece] = Landmarks(graph, piece) if (graph.piece == piece).sum() >= FEW else None
    return kept[piece]
