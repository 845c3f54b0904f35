"""Where places of the ground fall on a picture, and how coarse a picture is."""

import math
from functools import cache

import numpy as np
import numpy.typing as npt
import pyproj

from gis.shapes import Bounds
from ogc.render.drawing import Extent
from ogc.render.sheet import SCALE_AT_ZOOM_0

Floats = npt.NDArray[np.float64]
DEGREES = (4326, 4490)
MERCATOR = 3857
RADIUS = 6_378_137.0
STANDARD_PIXEL = 0.00028
WORLD = Bounds(-180.0, -90.0, 180.0, 90.0)
_MERCATOR_END = 89.5


@cache
def _transformer(crs: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(4490, crs, always_xy=True)


def projected(lon: Floats, lat: Floats, crs: int) -> tuple[Floats, Floats]:
    """Places in a reference system, x to the east; Mercator by its own formula, for the rest costs 20 times as much."""
    if crs in DEGREES:
        return lon, lat
    if crs == MERCATOR:
        angle = np.radians(np.clip(lat, -_MERCATOR_END, _MERCATOR_END))
        return np.radians(lon) * RADIUS, np.arctanh(np.sin(angle)) * RADIUS
    x, y = _transformer(crs).transform(lon, lat)
    return np.asarray(x), np.asarray(y)


def in_degrees(extent: Extent, crs: int) -> Bounds:
    """A window in degrees, all of the world where its system does not say."""
    box = (extent.left, extent.bottom, extent.right, extent.top)
    if crs == MERCATOR:
        west, east = (math.degrees(v / RADIUS) for v in (extent.left, extent.right))
        south, north = (math.degrees(math.atan(math.sinh(v / RADIUS))) for v in (extent.bottom, extent.top))
        box = (west, south, east, north)
    elif crs not in DEGREES:
        found = _transformer(crs).transform_bounds(
            *box, densify_pts=11, direction=pyproj.enums.TransformDirection.INVERSE
        )
        box = (float(found[0]), float(found[1]), float(found[2]), float(found[3]))
    if not all(map(math.isfinite, box)) or box[0] >= box[2] or box[1] >= box[3]:
        return WORLD
    return Bounds(*box)


def zoom(extent: Extent, width: int, crs: int, scale: float = 1.0) -> float:
    """The web map zoom of a picture's scale, as rules of a sheet reckon it."""
    pixel = (extent.right - extent.left) / width
    metres = pixel * math.radians(1.0) * RADIUS if crs in DEGREES else pixel
    return math.log2(SCALE_AT_ZOOM_0 / (metres / STANDARD_PIXEL * scale))


def widened(extent: Extent, width: int, height: int, pixels: float) -> Extent:
    """The window with some room around it."""
    across = (extent.right - extent.left) / width * pixels
    up = (extent.top - extent.bottom) / height * pixels
    return Extent(
        left=extent.left - across, bottom=extent.bottom - up, right=extent.right + across, top=extent.top + up
    )
