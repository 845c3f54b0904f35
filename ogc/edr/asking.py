"""A query of EDR read into points, parameters and a time: every mistake named, nothing passed over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import BadInputError
from core.texts import Text, real, whole
from core.units import Metre
from gis.shapes import Bounds, LonLat
from layers.filters import Filter, In, Spatial, SpatialOp
from layers.layer import Layer
from ogc.edr.parameters import Parameter
from ogc.encode.crs import CRS84, OgcCrs, box_of, crs_named
from ogc.filter.cql2 import checked_shape
from ogc.filter.temporal import end_of, interval, moment, start_of
from ogc.limits import LIMITS

MOST_POINTS = LIMITS.edr_points
MOST_READINGS = LIMITS.edr_readings
LONGEST = timedelta(days=366)
FARTHEST: Metre = 100_000.0
_UNITS = {
    "m": 1.0,
    "metre": 1.0,
    "metres": 1.0,
    "meters": 1.0,
    "km": 1000.0,
    "kilometers": 1000.0,
    "kilometres": 1000.0,
}


class Shape(StrEnum):
    """How the points are chosen."""

    LOCATIONS = "locations"
    POSITION = "position"
    AREA = "area"
    RADIUS = "radius"
    CUBE = "cube"


_OWN = {
    Shape.LOCATIONS: frozenset(("limit", "bbox")),
    Shape.POSITION: frozenset(("coords",)),
    Shape.AREA: frozenset(("coords",)),
    Shape.RADIUS: frozenset(("coords", "within", "within-units")),
    Shape.CUBE: frozenset(("bbox",)),
}
_EVERY = frozenset(("f", "lang", "datetime", "parameter-name", "crs"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which points, of what, when; without a time it is the newest reading of each. `near`: the nearest of them."""

    where: Filter | None = None
    near: LonLat | None = None
    box: Bounds | None = None
    start: datetime | None = None
    end: datetime | None = None
    names: tuple[str, ...] = ()


def asked(
    shape: Shape, layer: Layer, given: Mapping[str, str], known: Mapping[str, Parameter], now: datetime, key: str = ""
) -> Asked:
    """What a request means; an interval whose end is open ends now."""
    allowed = _EVERY | _OWN[shape]
    for name in given:
        if name not in allowed:
            listed = ", ".join(sorted(allowed))
            raise _refused(name, f"未知参数“{name}”,可用:{listed}", f"unknown parameter {name!r}; use {listed}")
    crs = _system(given)
    near = _position(given, crs) if shape is Shape.POSITION else None
    where, box = _points(shape, layer, given, crs, key)
    start, end = _time(given.get("datetime", ""), now)
    names = tuple(part.strip() for part in given.get("parameter-name", "").split(",") if part.strip())
    for name in names:
        if name not in known:
            listed = ", ".join(known)
            raise _refused(
                "parameter-name",
                f"parameter-name 中没有观测参数“{name}”,可用:{listed}",
                f"parameter-name: no parameter {name!r}; use {listed}",
            )
    return Asked(where=where, near=near, box=box, start=start, end=end, names=names)


def limit_of(given: Mapping[str, str]) -> int:
    """How many locations a page lists."""
    found = whole(given.get("limit", "1000"))
    if found is None or not 1 <= found <= 10_000:
        raise _refused("limit", "limit 应为 1 至 10000 的整数", "limit is a whole number from 1 to 10000")
    return found


def _system(given: Mapping[str, str]) -> OgcCrs:
    """Of the coordinates that are sent; answers are always CRS84."""
    text = given.get("crs", "")
    return crs_named(text) if text else CRS84


def _points(
    shape: Shape, layer: Layer, given: Mapping[str, str], crs: OgcCrs, key: str
) -> tuple[Filter | None, Bounds | None]:
    match shape:
        case Shape.LOCATIONS:
            if key:
                return In(layer.key, (key,)), None
            return None, box_of(given["bbox"], crs)[0] if given.get("bbox") else None
        case Shape.CUBE:
            if not given.get("bbox"):
                raise _refused("bbox", "缺少参数 bbox", "bbox is missing")
            return None, box_of(given["bbox"], crs)[0]
        case Shape.AREA:
            found = _shape(given, crs, ("Polygon", "MultiPolygon"))
            return Spatial(SpatialOp.INTERSECTS, found), None
        case Shape.RADIUS:
            found = _shape(given, crs, ("Point",))
            return Spatial(SpatialOp.DWITHIN, found, _distance(given)), None
        case Shape.POSITION:
            return None, None


def _position(given: Mapping[str, str], crs: OgcCrs) -> LonLat:
    found = _shape(given, crs, ("Point",))
    return LonLat(*shapely.get_coordinates(found)[0])


def _shape(given: Mapping[str, str], crs: OgcCrs, kinds: tuple[str, ...]) -> BaseGeometry:
    text = given.get("coords", "")
    if not text:
        raise _refused("coords", "缺少参数 coords", "coords is missing")
    if len(text) > 1_000_000:
        raise _refused("coords", "coords 过长", "coords is too long")
    try:
        found = shapely.from_wkt(text)
    except shapely.errors.GEOSException as error:
        raise _refused("coords", "coords 不是 WKT", "coords is not well-known text") from error
    if found.geom_type not in kinds or found.is_empty:
        listed = " 或 ".join(kinds)
        raise _refused("coords", f"coords 应为 {listed}", f"coords must be {' or '.join(kinds)}")
    if not np.isfinite(shapely.get_coordinates(found)).all():
        raise _refused("coords", "coords 的坐标应为有限的数", "coords must hold finite numbers")
    try:
        moved = checked_shape(shapely.force_2d(found), crs)
    except BadInputError as error:
        raise _refused("coords", f"coords:{error.text.zh}", f"coords: {error.text.en}") from error
    west, south, east, north = moved.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise _refused(
            "coords",
            f"coords 不在 {crs.name} 的范围内",
            f"coords lie outside the world as {crs.name} counts it",
        )
    return moved


def _distance(given: Mapping[str, str]) -> Metre:
    try:
        found = real(given.get("within", "")) * _UNITS[given.get("within-units", "").strip().lower()]
    except (ValueError, KeyError) as error:
        raise _refused(
            "within", "within 应为数,within-units 应为 m 或 km", "within is a number and within-units m or km"
        ) from error
    if not 0 < found <= FARTHEST:
        raise _refused("within", "within 应大于 0 且不超过 100 km", "within must be over 0 and at most 100 km")
    return found


def _time(text: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """An instant (that minute), a day, or an interval whose beginning is known; None where nothing was asked."""
    if not text:
        return None, None
    parts = text.split("/")
    if len(parts) > 2:
        raise _refused("datetime", "datetime 应为时刻或时段", "datetime is an instant or an interval")
    try:
        first, last = (moment(text), moment(text)) if len(parts) == 1 else interval((parts[0], parts[1]))
    except BadInputError as error:
        raise _refused("datetime", f"datetime:{error.text.zh}", f"datetime: {error.text.en}") from error
    if first is None:
        raise _refused("datetime", "datetime 的时段应写明起点", "datetime: an interval must say where it begins")
    last = last if last is not None else max(now, start_of(first))
    start, end = start_of(first), end_of(last) + timedelta(microseconds=isinstance(last, datetime))
    if end - start > LONGEST + timedelta(days=1):
        raise _refused("datetime", "datetime 的时段不超过一年", "datetime: an interval is at most a year")
    return start, end


def _refused(name: str, zh: str, en: str) -> BadInputError:
    return BadInputError(Text(zh, en), field=name)
