"""How far it is at least, told without searching, by the exact times from and to a few far arcs.

A. V. Goldberg, C. Harrelson (2005), Computing the shortest path: A* search meets graph theory, SODA, section 4: what
holds on free roads holds all the more where some are closed.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gis.measure import Floats

if TYPE_CHECKING:
    from emergency.routing.graph import Graph

Ints = npt.NDArray[np.int64]
MARKS = 12
"""So many landmarks has a connected part, each the farthest from those before."""
USED = 4
"""So many of the two times of each landmark are used for one pair: those that say most of it."""
NONE: Ints = np.zeros(0, dtype=np.int64)
FEW = 200
"""Parts of fewer stretches are searched whole."""


class Landmarks:
    """The times of one connected part: rows of `known` are such that a way from arc `a` to `b` takes at least
    `known[:, b] - known[:, a]` from end to end. `outside` are the arcs that are not of the part."""

    def __init__(self, graph: "Graph", piece: int) -> None:
        from scipy.sparse.csgraph import dijkstra

        inside = np.repeat(graph.piece == piece, 2) & np.isfinite(graph.time)
        self.outside = np.flatnonzero(~inside)
        back = graph.backward.matrix(graph.backward.cost, NONE, np.zeros(0))
        there = back.T.tocsr()
        own = np.flatnonzero(inside)
        mark = int(own[np.argmax(dijkstra(there, indices=int(own[0]))[own])])
        rows: list[Floats] = []
        near = np.full(len(own), np.inf)
        for _ in range(MARKS):
            away, home = (dijkstra(one, indices=mark)[:-1] for one in (there, back))
            rows += [np.where(inside, away, 0.0), np.where(inside, -home, 0.0)]
            near = np.minimum(near, np.minimum(away[own], home[own]))
            mark = int(own[np.argmax(near)])
        self.known = np.array(rows)

    def least(self, start: int, ends: Sequence[int]) -> Floats:
        """Seconds that it takes at least from the end of an arc to that of each other, the best towards `ends`."""
        known, here = self.known, self.known[:, start]
        rows = np.argpartition(here - known[:, ends].min(axis=1), USED)[:USED].tolist()
        found, other = np.zeros(known.shape[1]), np.empty(known.shape[1])
        for row in rows:
            np.subtract(known[row], here[row], out=other)
            np.maximum(found, other, out=found)
        return found


def landmarks(graph: "Graph", piece: int) -> Landmarks | None:
    """Those of a connected part, made when first asked for; None where it is small."""
    kept = graph.landmarks
    if piece not in kept:
        kept[piece] = Landmarks(graph, piece) if (graph.piece == piece).sum() >= FEW else None
    return kept[piece]
