"""The coordinate systems the doors speak, their names, and the axis order each name means."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from core.errors import BadInputError
from core.texts import Text, real
from gis.shapes import Bounds

Coordinates = NDArray[np.float64]
KEPT = 4490


@dataclass(frozen=True, slots=True, kw_only=True)
class OgcCrs:
    """One coordinate system; `flipped` means latitude comes first, `digits` is what a tenth of a millimetre needs.

    `said` is the name an answer gives it, whose form tells the order of its axes.
    """

    code: int
    urn: str
    url: str
    name: str
    flipped: bool
    degrees: bool
    digits: int
    said: str

    @property
    def across(self) -> "OgcCrs":
        """The same system with longitude or easting first, as GeoJSON always is."""
        return replace(self, flipped=False)

    @property
    def same_as_kept(self) -> bool:
        """CGCS2000, WGS 84 and CRS84 coincide here (PROJ's null transformation); only the axis order differs."""
        return self.degrees


def _epsg(code: int, *, degrees: bool) -> OgcCrs:
    return OgcCrs(
        code=code,
        urn=f"urn:ogc:def:crs:EPSG::{code}",
        url=f"http://www.opengis.net/def/crs/EPSG/0/{code}",
        name=f"EPSG:{code}",
        flipped=degrees,
        degrees=degrees,
        digits=9 if degrees else 4,
        said=f"urn:ogc:def:crs:EPSG::{code}",
    )


CRS84 = OgcCrs(
    code=4326,
    urn="urn:ogc:def:crs:OGC:1.3:CRS84",
    url="http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    name="CRS:84",
    flipped=False,
    degrees=True,
    digits=9,
    said="urn:ogc:def:crs:OGC:1.3:CRS84",
)
CGCS2000 = _epsg(4490, degrees=True)
WGS84 = _epsg(4326, degrees=True)
WEB_MERCATOR = _epsg(3857, degrees=False)
SPOKEN = (CGCS2000, WGS84, WEB_MERCATOR, CRS84)

_EPSG_NAME = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:EPSG:[0-9.]*:|https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/|EPSG:)([0-9]{1,6})$",
    re.IGNORECASE,
)
_OLD_NAME = re.compile(r"https?://www\.opengis\.net/gml/srs/epsg\.xml#([0-9]{1,6})$", re.IGNORECASE)


def crs_named(text: str, field: str = "crs") -> OgcCrs:
    """The system of a URN, URL or short name; by the old `epsg.xml#` names longitude comes first."""
    asked = text.strip().strip("[]")
    if re.fullmatch(
        r"(?:urn:ogc:def:crs:OGC:[0-9.]*:|https?://www\.opengis\.net/def/crs/OGC/[0-9.]+/|CRS:|OGC:CRS|OGC:|CRS)(?:CRS)?84",
        asked,
        re.I,
    ):
        return CRS84
    found = _EPSG_NAME.match(asked)
    for crs in SPOKEN:
        if found and int(found[1]) == crs.code and crs is not CRS84:
            return crs
    old = _OLD_NAME.match(asked)
    if old and old[1] in ("4326", "4490"):
        return CRS84
    if old and old[1] == "3857":
        return WEB_MERCATOR
    allowed = ", ".join(crs.name for crs in SPOKEN)
    raise BadInputError(
        Text(f"坐标系“{text}”不受支持,可用:{allowed}", f"coordinate system {text!r} is not supported; use {allowed}"),
        field=field,
    )


def wfs_crs(text: str, field: str = "srsName") -> OgcCrs:
    """A name as WFS takes it: plain `EPSG:4326` is longitude first, a URN or URL as its authority says.

    So do GeoServer (docs.geoserver.org, "Axis ordering"), GDAL and QGIS; what is asked for by one form is said in it.
    """
    crs, asked = crs_named(text, field), text.strip().strip("[]")
    if asked.upper().startswith("EPSG:"):
        return replace(crs.across, said=crs.name)
    return replace(crs, said=crs.url) if asked.lower().startswith("http") and crs is not CRS84 else crs


@cache
def _from_kept(code: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(KEPT, code, always_xy=True)


@cache
def _to_kept(code: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(code, KEPT, always_xy=True)


def outward(xy: Coordinates, crs: OgcCrs) -> Coordinates:
    """Kept coordinates (lon, lat) as the system orders and counts them."""
    if not crs.same_as_kept:
        x, y = _from_kept(crs.code).transform(xy[:, 0], xy[:, 1])
        return np.round(np.column_stack((x, y)), crs.digits)
    return xy[:, ::-1] if crs.flipped else xy


def inward(shape: BaseGeometry, crs: OgcCrs) -> BaseGeometry:
    """A shape in a system's own axis order, brought to EPSG:4490 lon-lat."""

    def moved(given: Coordinates) -> Coordinates:
        xy = given[:, ::-1] if crs.flipped else given
        if crs.same_as_kept:
            return xy
        return np.column_stack(_to_kept(crs.code).transform(xy[:, 0], xy[:, 1]))

    return shapely.transform(shape, moved)


def bounds_in(values: tuple[float, float, float, float], crs: OgcCrs, field: str = "bbox") -> Bounds:
    """A box as a request wrote it, lower corner then upper, in the axis order of its system."""
    a, b, c, d = (values[1], values[0], values[3], values[2]) if crs.flipped else values
    if a > c or b > d:
        raise BadInputError(
            Text(f"范围 {values} 的下角大于上角", f"box {values}: the lower corner lies beyond the upper one"),
            field=field,
        )
    if crs.same_as_kept:
        if max(abs(b), abs(d)) > 90 >= max(abs(a), abs(c)):
            order = Text("先纬度后经度", "latitude first") if crs.flipped else Text("先经度后纬度", "longitude first")
            raise BadInputError(
                Text(
                    f"范围 {values} 的纬度超过 90 度:{crs.name} {order.zh}",
                    f"box {values} has a latitude beyond 90: {crs.name} is {order.en}",
                ),
                field=field,
            )
        return Bounds(a, max(b, -90.0), c, min(d, 90.0)) if b <= 90 and d >= -90 else Bounds(a, b, c, d)
    west, south, east, north = _to_kept(crs.code).transform_bounds(a, b, c, d, densify_pts=5)
    if not np.isfinite([west, south, east, north]).all():
        raise BadInputError(Text(f"范围 {values} 不在坐标系内", f"box {values} lies outside its system"), field=field)
    return Bounds(float(west), float(south), float(east), float(north))


def box_of(text: str, default: OgcCrs, naming: Callable[[str, str], OgcCrs] = crs_named) -> tuple[Bounds, OgcCrs]:
    """The `bbox` parameter: four numbers (six are cut to their plane) and perhaps a system's name."""
    parts = [part.strip() for part in text.split(",")]
    crs = default
    if len(parts) in (5, 7):
        crs = naming(parts.pop(), "bbox")
    try:
        numbers = [real(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4 or not np.isfinite(numbers).all():
        raise BadInputError(
            Text(f"bbox“{text}”应为四个数字", f"bbox {text!r} must be four numbers: lower corner, upper corner"),
            field="bbox",
        )
    return bounds_in((numbers[0], numbers[1], numbers[2], numbers[3]), crs), crs
