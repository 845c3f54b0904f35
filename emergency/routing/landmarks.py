"""How far it is at least, told without searching, by the exact times from and to a few far arcs.

A. V. Goldberg, C. Harrelson (2005), Computing the shortest path: A* search meets graph theory, SODA, section 4: what
holds on free roads holds all the more where some are closed.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from core.units import Second
from gis.measure import Floats

if TYPE_CHECKING:
    from emergency.routing.graph import Graph

Ints = npt.NDArray[np.int64]
FEWEST, MOST, ROOM = 12, 128, 1_000_000
"""A connected part has so many landmarks, each the farthest from those before: more where it is small, for what is kept
is the time of every arc to each."""
USED, BETWEEN, SAMPLED = 3, 8, 64
"""Of the two times of each landmark those are used for one pair that say most at its start, and those that say most at
the stretches likeliest between its ends, so many of a sample of all."""
NONE: Ints = np.zeros(0, dtype=np.int64)
FEW = 200
"""Parts of fewer stretches are searched whole."""


class Landmarks:
    """The times of one connected part: rows of `known` are such that a way from arc `a` to `b` takes at least
    `known[:, b] - known[:, a]` from end to end. It is minus infinity for arcs that are not of the part."""

    def __init__(self, graph: "Graph", piece: int) -> None:
        from scipy.sparse.csgraph import dijkstra

        self.inside = np.repeat(graph.piece == piece, 2) & np.isfinite(graph.time)
        back = graph.backward.matrix(graph.backward.cost, NONE, np.zeros(0))
        there = back.T.tocsr()
        own = np.flatnonzero(self.inside)
        mark = int(own[np.argmax(dijkstra(there, indices=int(own[0]))[own])])
        marks = min(max(ROOM // len(own), FEWEST), MOST)
        self.known = np.full((2 * marks, len(self.inside)), -np.inf)
        near = np.full(len(own), np.inf)
        for number in range(marks):
            away, home = (dijkstra(one, indices=mark)[:-1][own] for one in (there, back))
            self.known[2 * number, own], self.known[2 * number + 1, own] = away, -home
            near = np.minimum(near, np.minimum(away, home))
            mark = int(own[np.argmax(near)])
        self._sample = np.ascontiguousarray(
            self.known[:, own[np.linspace(0, len(own) - 1, SAMPLED).astype(int)]].T, dtype=np.float32
        )

    def least(self, start: int, ends: Mapping[int, Second]) -> Floats:
        """Seconds that it takes at least from the end of each arc, the best from `start`, to where one arrives.

        Of each arc of `ends`, what of it is not driven. Infinite for what is not of the part.
        """
        known, here = self.known, self.known[:, start]
        goal = (known[:, list(ends)] - np.array(list(ends.values()))).min(axis=1)
        onward = goal.astype(np.float32) - self._sample
        way = onward.max(axis=1) + (self._sample - here.astype(np.float32)).max(axis=1)
        between = onward[np.argpartition(way, BETWEEN)[:BETWEEN]].argmax(axis=1)
        own = list({*between.tolist(), *np.argpartition(here - goal, USED)[:USED].tolist()})
        far = goal[own].tolist()
        found: Floats = far[0] - known[own[0]]
        other = np.empty_like(found)
        for row, there in zip(own[1:], far[1:], strict=True):
            np.subtract(there, known[row], out=other)
            np.maximum(found, other, out=found)
        return found


def landmarks(graph: "Graph", piece: int) -> Landmarks | None:
    """Those of a connected part, made when first asked for; None where it is small."""
    kept = graph.landmarks
    if piece not in kept:
        kept[piece] = Landmarks(graph, piece) if (graph.piece == piece).sum() >= FEW else None
    return kept[piece]
