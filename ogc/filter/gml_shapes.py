"""GML geometries inside filters: points, lines, polygons, their multiples and envelopes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from lxml import etree
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.shapes import Bounds
from ogc.encode.crs import OgcCrs, bounds_in, wfs_crs
from ogc.filter.cql2 import checked_shape
from ogc.filter.limits import bad_filter

Element = etree._Element
_MULTIPLES: dict[str, Callable[..., Any]] = {
    "MultiPoint": shapely.multipoints,
    "MultiCurve": shapely.multilinestrings,
    "MultiLineString": shapely.multilinestrings,
    "MultiSurface": shapely.multipolygons,
    "MultiPolygon": shapely.multipolygons,
}


def _local(node: Element) -> str:
    return etree.QName(node).localname


def _system(node: Element, default: OgcCrs) -> OgcCrs:
    name = node.get("srsName")
    return wfs_crs(name) if name else default


def _numbers(node: Element) -> NDArray[np.float64]:
    text = node.text or ""
    flat = (text.replace(",", " ") if _local(node) == "coordinates" else text).split()
    size = int(node.get("srsDimension", "2")) if node.get("srsDimension", "2") in ("2", "3") else 2
    try:
        values = np.array(flat, np.float64).reshape(-1, size)
    except ValueError as error:
        raise bad_filter("坐标应为成对的数字", "coordinates must be pairs of numbers") from error
    if not len(values) or not np.isfinite(values).all():
        raise bad_filter("坐标应为有限的数字", "coordinates must be finite numbers")
    return values[:, :2]


def _vertices(node: Element) -> NDArray[np.float64]:
    lists = [part for part in node if _local(part) in ("posList", "pos", "coordinates")]
    if not lists:
        raise bad_filter(f"{_local(node)} 没有坐标", f"{_local(node)} has no coordinates")
    return np.concatenate([_numbers(part) for part in lists])


def box(node: Element, default: OgcCrs) -> Bounds:
    """A `gml:Envelope` (or the Box of GML 2) as bounds in EPSG:4490."""
    corners = [part for part in node if _local(part) in ("lowerCorner", "upperCorner")] or [
        part for part in node if _local(part) == "coordinates"
    ]
    if _local(node) not in ("Envelope", "Box") or not corners:
        raise bad_filter("此处应为 gml:Envelope", "a gml:Envelope was expected")
    xy = np.concatenate([_numbers(part) for part in corners])
    if len(xy) != 2:
        raise bad_filter("范围应有两角", "an envelope has two corners")
    return bounds_in((float(xy[0, 0]), float(xy[0, 1]), float(xy[1, 0]), float(xy[1, 1])), _system(node, default))


def geometry(node: Element, default: OgcCrs) -> BaseGeometry:
    """A GML geometry in EPSG:4490 lon-lat, valid and within the limits."""
    if _local(node) == "Envelope":
        return box(node, default).polygon
    try:
        found: BaseGeometry = _plain(node)
    except (shapely.errors.ShapelyError, ValueError) as error:
        raise bad_filter("几何无法理解", "the geometry is not understood") from error
    return checked_shape(found, _system(node, default))


def written(node: Element, default: OgcCrs) -> tuple[BaseGeometry, OgcCrs]:
    """A GML geometry as it was written, not judged yet, and the system it or a part of it names."""
    name = next((part.get("srsName") for part in node.iter() if part.get("srsName")), None)
    found: BaseGeometry = _plain(node)
    return found, wfs_crs(name) if name else default


def _plain(node: Element, depth: int = 1) -> Any:
    if depth > 4:
        raise bad_filter("几何嵌套过深", "the geometry is nested too deeply")
    name = _local(node)
    if name == "Point":
        return shapely.Point(_vertices(node)[0])
    if name == "LineString":
        return shapely.LineString(_vertices(node))
    if name == "Curve":
        return shapely.LineString(np.concatenate([_vertices(part) for part in node.iter("{*}LineStringSegment")]))
    if name in ("Polygon", "PolygonPatch"):
        rings: dict[str, list[Any]] = {"exterior": [], "interior": []}
        for part in node:
            role = {"outerBoundaryIs": "exterior", "innerBoundaryIs": "interior"}.get(_local(part), _local(part))
            if role in rings and len(part):
                rings[role].append(shapely.LinearRing(_vertices(part[0])))
        if len(rings["exterior"]) != 1:
            raise bad_filter("面应有一个外环", "a polygon has one exterior")
        return shapely.polygons(rings["exterior"][0], rings["interior"] or None)
    if name == "Surface":
        return shapely.multipolygons(np.array([_plain(part, depth + 1) for part in node.iter("{*}PolygonPatch")]))
    if name in _MULTIPLES:
        parts = [_plain(part, depth + 1) for member in node for part in member]
        return _MULTIPLES[name](np.array([single for part in parts for single in getattr(part, "geoms", [part])]))
    raise bad_filter(f"不支持几何 {name}", f"geometry {name} is not supported")
