"""The points of all stretches in columns, so that the line of a way is put together without a shape for each part."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from core.units import Fraction
from gis.measure import Floats

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """Points of edge `e` are `xy[start[e]:start[e + 1]]`, in degrees; `at` is how far along each is, as a fraction."""

    xy: Floats
    at: Floats
    start: Ints

    def joined(self, arcs: list[int], begin: Fraction, end: Fraction) -> tuple[Floats, Floats]:
        """The points of arcs driven one after another, the first from `begin`, the last to `end`; where each begins.

        Shapes (points, 2) and (arcs, 2); a point is not told twice running.
        """
        whole, start = self.xy, self.start.item
        pieces = [
            whole[start(arc >> 1) : start((arc >> 1) + 1)][:: -1 if arc & 1 else 1] for arc in arcs
        ]  # fmt: skip
        last = len(arcs) - 1
        if begin > 0.0 or (last == 0 and end < 1.0):
            pieces[0] = self.part(arcs[0], begin, end if last == 0 else 1.0)
        if last > 0 and end < 1.0:
            pieces[last] = self.part(arcs[last], 0.0, end)
        xy = np.concatenate(pieces)
        fresh = np.ones(len(xy), dtype=bool)
        fresh[1:] = (xy[1:] != xy[:-1]).any(axis=1)
        return xy[fresh], np.array([piece[0] for piece in pieces])

    def part(self, arc: int, begin: Fraction, end: Fraction) -> Floats:
        """The points of a part of an arc as it is driven; those between its ends are the road's own."""
        own = slice(int(self.start[arc >> 1]), int(self.start[(arc >> 1) + 1]))
        xy, at = self.xy[own], self.at[own]
        if arc & 1:
            xy, at = xy[::-1], 1.0 - at[::-1]
        between = (at > begin) & (at < end)
        cut = np.column_stack([np.interp([begin, end], at, xy[:, axis]) for axis in (0, 1)])
        return np.concatenate([cut[:1], xy[between], cut[1:]])


def lines(shapes: Sequence[shapely.Geometry] | npt.NDArray[np.object_], flat: npt.NDArray[np.object_]) -> Lines:
    """The columns of stretches in degrees and the same on a plane."""
    xy, edge = shapely.get_coordinates(shapes, return_index=True)
    plane = shapely.get_coordinates(flat)
    start = np.searchsorted(edge, np.arange(len(flat) + 1))
    step = np.concatenate([[0.0], np.hypot(*np.diff(plane, axis=0).T)])
    step[start[:-1]] = 0.0
    along = np.cumsum(step)
    along -= np.repeat(along[start[:-1]], np.diff(start))
    whole = along[start[1:] - 1]
    at = along / np.repeat(np.where(whole > 0.0, whole, 1.0), np.diff(start))
    at[start[1:] - 1] = 1.0
    return Lines(xy=xy, at=at, start=start)
