"""The piece of ground a brief's map shows, as a rectangle of Web Mercator, so that its picture lies under the marks."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.texts import Lang
from core.units import Metre
from gis.crs import moved

WEB_MERCATOR = 3857
HALF_WORLD: Metre = math.pi * 6_378_137.0
PIXELS = 2048
"""The longer side of the picture: the map's width on a desk screen at double resolution."""

_NORTHMOST = 85.0
_SMALLEST: Metre = 300.0
_PADDING = 28
_ROOMS = ((1080, 620), (680, 440), (320, 480))
"""Width and height of the map on a desk, on A4 paper and on a phone, as the stylesheet has them: all are filled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A rectangle in the metres of EPSG:3857."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in pixels."""
        wide, high = self.right - self.left, self.top - self.bottom
        most = max(wide, high)
        return max(1, round(PIXELS * wide / most)), max(1, round(PIXELS * high / most))

    @property
    def corners(self) -> list[list[float]]:
        """South-west and north-east as Leaflet writes them: latitude, longitude."""
        ends = moved(np.array([[self.left, self.bottom], [self.right, self.top]]), WEB_MERCATOR, 4490)
        return [[float(lat), float(lon)] for lon, lat in ends]


BasePicture = Callable[[Window, Lang], bytes]
"""Draws the base map of a window as a PNG of the window's size."""


def box_of(outline: BaseGeometry) -> tuple[float, float, float, float]:
    """West, south, east, north of the shape, cut off where Web Mercator ends."""
    west, south, east, north = outline.bounds
    return west, max(south, -_NORTHMOST), east, min(north, _NORTHMOST)


def window_round(outline: BaseGeometry) -> Window:
    """What is seen round a shape that is fitted into any of the rooms."""
    corners = moved(shapely.get_coordinates(shapely.box(*box_of(outline))), 4490, WEB_MERCATOR)
    low, high = corners.min(axis=0), corners.max(axis=0)
    middle, (wide, tall) = (low + high) / 2, np.maximum(high - low, _SMALLEST)
    each = [max(wide / (width - _PADDING), tall / (height - _PADDING)) for width, height in _ROOMS]
    half_wide = max(scale * width for scale, (width, _) in zip(each, _ROOMS, strict=True)) / 2
    half_tall = max(scale * height for scale, (_, height) in zip(each, _ROOMS, strict=True)) / 2
    return Window(
        left=max(float(middle[0] - half_wide), -HALF_WORLD),
        bottom=max(float(middle[1] - half_tall), -HALF_WORLD),
        right=min(float(middle[0] + half_wide), HALF_WORLD),
        top=min(float(middle[1] + half_tall), HALF_WORLD),
    )
