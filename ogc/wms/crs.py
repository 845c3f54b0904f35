"""The coordinate systems a map may be asked in, and which of them put north first in WMS 1.3.0."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyproj

from core.texts import Text
from gis.shapes import Bounds
from ogc.exceptions import OgcError
from ogc.render.drawing import Extent


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCrs:
    """One system: its name on the wire, the EPSG code the renderer uses, whether 1.3.0 writes north before east."""

    name: str
    code: int
    north_first: bool
    degrees: bool


CRS84 = MapCrs(name="CRS:84", code=4326, north_first=False, degrees=True)
WGS84 = MapCrs(name="EPSG:4326", code=4326, north_first=True, degrees=True)
CGCS2000 = MapCrs(name="EPSG:4490", code=4490, north_first=True, degrees=True)
WEB_MERCATOR = MapCrs(name="EPSG:3857", code=3857, north_first=False, degrees=False)

_FIRST_ZONE, _FIRST_MERIDIAN, _LAST_MERIDIAN = 4534, 75, 135
"""CGCS2000 three-degree Gauss-Krüger zones without prefix, by central meridian: EPSG:4534 (75° E) to 4554 (135° E)."""


def zones(extent: Bounds) -> tuple[MapCrs, ...]:
    """The Gauss-Krüger zones on either side of an extent: a city by the seam keeps to one of them."""
    first = max(_FIRST_MERIDIAN, math.floor(extent.west / 3) * 3)
    last = min(_LAST_MERIDIAN, math.ceil(extent.east / 3) * 3)
    codes = [_FIRST_ZONE + (meridian - _FIRST_MERIDIAN) // 3 for meridian in range(first, last + 1, 3)]
    return tuple(MapCrs(name=f"EPSG:{code}", code=code, north_first=True, degrees=False) for code in codes[:7])


def spoken(extent: Bounds, version: str) -> tuple[MapCrs, ...]:
    """The systems offered for data of this extent; CRS:84 has no name in 1.1.1."""
    named = (CRS84,) if version == "1.3.0" else ()
    return (WGS84, CGCS2000, WEB_MERCATOR, *named, *zones(extent))


def found(name: str, extent: Bounds, version: str) -> MapCrs:
    """A system by the name a client wrote."""
    asked = name.strip().upper()
    asked = {"EPSG:900913": "EPSG:3857", "EPSG:102100": "EPSG:3857", "OGC:CRS84": "CRS:84"}.get(asked, asked)
    offered = spoken(extent, version)
    for crs in offered:
        if crs.name == asked:
            return crs
    allowed = ", ".join(crs.name for crs in offered)
    raise OgcError(
        "InvalidCRS" if version == "1.3.0" else "InvalidSRS",
        Text(f"坐标系“{name}”不受支持,可用:{allowed}", f"{name!r} is not supported; use {allowed}"),
        locator="crs",
    )


@cache
def _transformer(source: int, target: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def in_crs(extent: Bounds, crs: MapCrs) -> tuple[float, float, float, float]:
    """An extent in degrees as left, bottom, right, top of a system."""
    if crs.degrees:
        return extent.west, extent.south, extent.east, extent.north
    left, bottom, right, top = _transformer(4490, crs.code).transform_bounds(*extent, densify_pts=11)
    return float(left), float(bottom), float(right), float(top)


def in_degrees(extent: Extent, crs: MapCrs) -> Bounds | None:
    """A window in degrees; None where the system does not reach."""
    box = (extent.left, extent.bottom, extent.right, extent.top)
    if not crs.degrees:
        west, south, east, north = _transformer(crs.code, 4490).transform_bounds(*box, densify_pts=11)
        box = (float(west), float(south), float(east), float(north))
    if not np.isfinite(box).all() or box[0] > box[2] or box[1] > box[3]:
        return None
    return Bounds(*box)
