"""Hatching as lines of its own, for formats that know no pattern: an unverified zone is hatched there too."""

import math

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.shapes import LonLat

STRIPES = 12
"""Lines across a zone as wide as it is long; a longer one has more."""

FARTHEST = 400
_DEGREE = 111_320.0


def hatched(shape: BaseGeometry, source: LonLat) -> list[shapely.LineString]:
    """Lines from north-west to south-east inside a shape in degrees, as far apart as its size wants.

    >>> square = shapely.box(121.0, 33.0, 121.01, 33.01)
    >>> lines = hatched(square, LonLat(121.0, 33.0))
    >>> 10 < len(lines) < 30, all(square.buffer(1e-9).covers(line) for line in lines)
    (True, True)
    """
    if shape.is_empty:
        return []
    narrow = math.cos(math.radians(source.lat))
    plain = shapely.transform(shape, lambda at: at * (narrow * _DEGREE, _DEGREE))
    apart = max(math.sqrt(plain.area) / STRIPES, 1.0)
    west, south, east, north = plain.bounds
    tall = north - south
    starts = np.arange(west - tall, east, apart * math.sqrt(2))[:FARTHEST]
    ends = np.stack([np.full_like(starts, north), np.full_like(starts, south)], axis=1)
    across = np.stack([np.stack([starts, starts + tall], axis=1), ends], axis=2)
    cut = shapely.intersection(shapely.linestrings(across), plain)
    back = shapely.transform(shapely.get_parts(cut), lambda at: at / (narrow * _DEGREE, _DEGREE))
    return [line for line in back.tolist() if isinstance(line, shapely.LineString) and not line.is_empty]
