"""The points of all stretches in columns, so that the line of a way is put together without a shape for each part."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely

from core.units import Fraction
from gis.measure import Floats
from gis.shapes import LonLat

Ints = npt.NDArray[np.int64]


Points = npt.NDArray[np.complex128]
"""Longitudes, and latitudes as the imaginary part: a point is one number, so that two are compared at once."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Lines:
    """Points of edge `e` are `points[start[e]:start[e + 1]]`; `at` is how far along each is, as a fraction."""

    points: Points
    at: Floats
    start: Ints

    def first(self, arc: int) -> LonLat:
        """Where an arc begins."""
        point = self.points.item(self.start.item((arc >> 1) + 1) - 1 if arc & 1 else self.start.item(arc >> 1))
        return LonLat(point.real, point.imag)

    def joined(self, arcs: Sequence[int], begin: Fraction, end: Fraction) -> Floats:
        """The points of arcs driven one after another, the first from `begin`, the last to `end`; shape (points, 2).

        A point is not told twice running.
        """
        pieces, last = list(map(self._whole.__getitem__, arcs)), len(arcs) - 1
        if begin > 0.0 or (last == 0 and end < 1.0):
            pieces[0] = self.part(arcs[0], begin, end if last == 0 else 1.0)
        if last > 0 and end < 1.0:
            pieces[last] = self.part(arcs[last], 0.0, end)
        points = np.concatenate(pieces)
        fresh = np.empty(len(points), dtype=bool)
        fresh[0] = True
        np.not_equal(points[1:], points[:-1], out=fresh[1:])
        return points[fresh].view(np.float64).reshape(-1, 2)

    @cached_property
    def _whole(self) -> "_Arcs":
        return _Arcs(self)

    def part(self, arc: int, begin: Fraction, end: Fraction) -> Points:
        """The points of a part of an arc as it is driven; those between its ends are the road's own."""
        low, high = self.start.item(arc >> 1), self.start.item((arc >> 1) + 1)
        points, at = self.points[low:high], self.at[low:high]
        if arc & 1:
            begin, end = 1.0 - end, 1.0 - begin
        first, last = at.searchsorted(begin, "right").item(), at.searchsorted(end, "left").item()
        found = np.empty(last - first + 2 if last > first else 2, dtype=complex)
        found[0], found[-1] = _at(points, at, begin), _at(points, at, end)
        found[1:-1] = points[first:last]
        return found[::-1] if arc & 1 else found


class _Arcs(dict[int, Points]):
    """The points of each whole arc as it is driven, told when first asked for."""

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._points, self._start = lines.points, lines.start.item

    def __missing__(self, arc: int) -> Points:
        own = self._points[self._start(arc >> 1) : self._start((arc >> 1) + 1)]
        made = self[arc] = own[::-1] if arc & 1 else own
        return made


def _at(points: Points, at: Floats, share: Fraction) -> complex:
    """Where a fraction of an edge is."""
    after = min(max(at.searchsorted(share, "right").item(), 1), len(at) - 1)
    low, high = at.item(after - 1), at.item(after)
    begin, end = points.item(after - 1), points.item(after)
    part = (share - low) / (high - low) if high > low else 0.0
    return begin + (end - begin) * min(part, 1.0)


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
    return Lines(points=np.ascontiguousarray(xy).view(complex)[:, 0], at=at, start=start)
