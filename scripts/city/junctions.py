"""Roads that meet share a point there: without it lines that cross are one above the other, and nobody turns."""

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

OVER = frozenset({"residential", "secondary"})
"""Classes that pass under motorways without a junction."""
NEAR = 1e-6
"""Kilometres within which a corner of a line is the crossing."""


def joined(roads: list[dict[str, Any]]) -> list[BaseGeometry]:
    """The lines with a corner wherever two of them meet, in the order given."""
    parts, of = shapely.get_parts([road["line"] for road in roads], return_index=True)
    straight = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    lines, owner = parts[straight], of[straight]
    kinds = np.array([road["kind"] for road in roads])[owner]
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    pairs = (one < other) & ~_apart(kinds[one], kinds[other]) & ~_apart(kinds[other], kinds[one])
    corners: list[list[tuple[float, float]]] = [[] for _ in lines]
    for first, second in zip(one[pairs], other[pairs], strict=True):
        met = shapely.get_coordinates(shapely.intersection(lines[first], lines[second]))
        for x, y in met.tolist():
            corners[first].append((x, y))
            corners[second].append((x, y))
    made = np.array([_with(line, found) for line, found in zip(lines, corners, strict=True)], dtype=object)
    return [shapely.multilinestrings(made[owner == number]) for number in range(len(roads))]


def _apart(kinds: np.ndarray, others: np.ndarray) -> np.ndarray:
    return (kinds == "motorway") & np.isin(others, list(OVER))


def _with(line: BaseGeometry, corners: list[tuple[float, float]]) -> BaseGeometry:
    """A line with these corners; one that it has already gives way."""
    xy = shapely.get_coordinates(line)
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    if not corners:
        return line
    points = np.unique(np.array(corners), axis=0)
    where = shapely.line_locate_point(line, shapely.points(points))
    kept = np.abs(at[:, None] - where[None, :]).min(axis=1) > NEAR
    every, places = np.concatenate([at[kept], where]), np.vstack([xy[kept], points])
    return shapely.LineString(places[np.argsort(every, kind="stable")])
