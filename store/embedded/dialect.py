"""SQLite's side of the compiler: R-tree boxes, exact predicates by shapely, and values as the file keeps them."""

import itertools
import re
import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import orjson
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from core.clock import iso
from gis.shapes import Bounds
from layers.fields import FieldSpec, Kind
from layers.filters import Spatial, SpatialOp
from layers.layer import Geometry, Layer
from store.compile import Sql, quoted
from store.embedded.blob import wkb_of

METRES_PER_DEGREE = 110_574.0
"""A degree of latitude at the equator, the shortest there is (GRS 80): a box widened by it is never too small."""

_numbers = itertools.count(1)
_shapes: dict[int, BaseGeometry] = {}
_planes: dict[int, tuple[pyproj.Transformer, BaseGeometry]] = {}

_TESTS: dict[SpatialOp, Callable[[BaseGeometry, BaseGeometry], bool]] = {
    SpatialOp.INTERSECTS: lambda shape, row: bool(shapely.intersects(shape, row)),
    SpatialOp.DISJOINT: lambda shape, row: bool(shapely.disjoint(shape, row)),
    SpatialOp.WITHIN: lambda shape, row: bool(shapely.contains(shape, row)),
    SpatialOp.CONTAINS: lambda shape, row: bool(shapely.within(shape, row)),
    SpatialOp.TOUCHES: lambda shape, row: bool(shapely.touches(shape, row)),
    SpatialOp.CROSSES: lambda shape, row: bool(shapely.crosses(row, shape)),
    SpatialOp.OVERLAPS: lambda shape, row: bool(shapely.overlaps(shape, row)),
    SpatialOp.EQUALS: lambda shape, row: bool(shapely.equals(shape, row)),
}


class SqliteDialect:
    """One per query: remembers the shapes it registered, so that `forget` can let them go."""

    def __init__(self) -> None:
        self._registered: list[int] = []

    def forget(self) -> None:
        """Drop the shapes of this query."""
        for number in self._registered:
            _shapes.pop(number, None)
            _planes.pop(number, None)

    def _register(self, shape: BaseGeometry) -> int:
        number = next(_numbers)
        shapely.prepare(shape)
        _shapes[number] = shape
        self._registered.append(number)
        return number

    def bbox(self, sql: Sql, layer: Layer, bounds: Bounds) -> str:
        """By the R-tree, then exactly: its own numbers are 32-bit and rounded outwards."""
        candidates = self._candidates(sql, layer, bounds)
        if layer.geometry is Geometry.POINT:
            across = f"_x BETWEEN {sql.bind(bounds.west)} AND {sql.bind(bounds.east)}"
            return f"{candidates} AND {across} AND _y BETWEEN {sql.bind(bounds.south)} AND {sql.bind(bounds.north)}"
        number = self._register(bounds.polygon)
        return f"{candidates} AND om_test('intersects', geom, {sql.bind(number)})"

    def _candidates(self, sql: Sql, layer: Layer, bounds: Bounds) -> str:
        east, west = sql.bind(bounds.east), sql.bind(bounds.west)
        index = quoted(f"rtree_{layer.id}_geom")
        return (
            f"fid IN (SELECT id FROM {index} WHERE minx <= {east} AND maxx >= {west}"
            f" AND miny <= {sql.bind(bounds.north)} AND maxy >= {sql.bind(bounds.south)})"
        )

    def spatial(self, sql: Sql, layer: Layer, where: Spatial) -> str:
        """Candidates from the R-tree, the relation itself by shapely; distances are geodesic to 0.1 % within 100 km."""
        shape = where.shape
        if where.op in (SpatialOp.DWITHIN, SpatialOp.BEYOND):
            number = self._register(shape)
            centre = shape.centroid
            plane = pyproj.Transformer.from_crs(
                "EPSG:4490", f"+proj=aeqd +lon_0={centre.x} +lat_0={centre.y} +ellps=GRS80", always_xy=True
            )
            _planes[number] = (plane, _moved(plane, shape))
            beyond = where.op is SpatialOp.BEYOND
            candidates = "" if beyond else self._candidates(sql, layer, _widened(shape, where.distance)) + " AND "
            within = f"om_distance(geom, {sql.bind(number)}) <= {sql.bind(where.distance)}"
            return f"NOT ({within})" if beyond else f"({candidates}{within})"
        if where.op is SpatialOp.DISJOINT:
            return f"om_test('disjoint', geom, {sql.bind(self._register(shape))})"
        candidates = self._candidates(sql, layer, Bounds(*shape.bounds))
        return f"({candidates} AND om_test('{where.op.value}', geom, {sql.bind(self._register(shape))}))"

    def like(self, sql: Sql, column: str, pattern: str, ignore_case: bool) -> str:
        """GLOB-free LIKE; SQLite folds ASCII case always, so a sensitive match is checked by the function."""
        if ignore_case:
            return f"{column} LIKE {sql.bind(pattern)} ESCAPE '\\'"
        return f"om_like({column}, {sql.bind(pattern)})"

    def value(self, value: Any, spec: FieldSpec) -> Any:
        """As the file keeps it."""
        return stored(value, spec.kind)


def stored(value: Any, kind: Kind) -> Any:
    """A plain value as SQLite keeps it."""
    if value is None:
        return None
    match kind:
        case Kind.DATETIME:
            return iso(value) if isinstance(value, datetime) else value
        case Kind.DATE:
            return value.isoformat() if isinstance(value, date) else value
        case Kind.BOOLEAN:
            return int(value)
        case Kind.LIST:
            return orjson.dumps(list(value)).decode() if isinstance(value, list | tuple) else value
    return value


def register_functions(db: sqlite3.Connection) -> None:
    """The functions the compiled SQL calls."""
    db.create_function("om_test", 3, _test, deterministic=True)
    db.create_function("om_distance", 2, _distance, deterministic=True)
    db.create_function("om_like", 2, _like, deterministic=True)


def _test(op: str, blob: bytes | None, number: int) -> int | None:
    if blob is None:
        return None
    return int(_TESTS[SpatialOp(op)](_shapes[number], shapely.from_wkb(wkb_of(blob))))


def _distance(blob: bytes | None, number: int) -> float | None:
    if blob is None:
        return None
    plane, shape = _planes[number]
    return float(shapely.distance(shape, _moved(plane, shapely.from_wkb(wkb_of(blob)))))


def _moved(plane: pyproj.Transformer, shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: np.column_stack(plane.transform(xy[:, 0], xy[:, 1])))


def _like(value: str | None, pattern: str) -> int | None:
    if value is None:
        return None
    return int(_matches(value, pattern))


def _matches(value: str, pattern: str) -> bool:
    text, escaped = "", False
    for char in pattern:
        if escaped:
            text, escaped = text + re.escape(char), False
        elif char == "\\":
            escaped = True
        else:
            text += ".*" if char == "%" else "." if char == "_" else re.escape(char)
    return re.fullmatch(text, value, re.DOTALL) is not None


def _widened(shape: BaseGeometry, distance: float) -> Bounds:
    west, south, east, north = shape.bounds
    up = distance / METRES_PER_DEGREE * 1.01
    polewards = min(89.0, max(abs(south), abs(north)) + up)
    across = up / max(0.01, float(np.cos(np.radians(polewards))))
    return Bounds(west - across, south - up, east + across, north + up)
