"""Which rows stand in a relation to a shape: candidates from the R-tree, then shapely and geodesics, all at once."""

import sqlite3
from collections.abc import Callable
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from core.units import Metre
from gis.shapes import Bounds
from layers.filters import Spatial, SpatialOp
from layers.layer import Geometry, Layer
from store.compile import quoted
from store.embedded.blob import wkb_offset
from store.geometries import widened

CHUNK = 50_000
GEOD = pyproj.Geod(ellps="GRS80")
Test = Callable[[np.ndarray], np.ndarray]


def rtree(layer: Layer) -> str:
    """The name of a layer's spatial index."""
    return quoted(f"rtree_{layer.id}_geom")


def in_box(db: sqlite3.Connection, layer: Layer, box: Bounds) -> np.ndarray:
    """Rows that meet a box; those the index already has wholly inside are not read."""
    west, south, east, north = box
    meeting = "minx <= ? AND maxx >= ? AND miny <= ? AND maxy >= ?"
    inside = "minx >= ? AND maxx <= ? AND miny >= ? AND maxy <= ?"
    wholly = db.execute(f"SELECT id FROM {rtree(layer)} WHERE {inside}", (west, east, south, north)).fetchall()
    partly = f"SELECT id FROM {rtree(layer)} WHERE {meeting} AND NOT ({inside})"
    params = (east, west, north, south, west, east, south, north)
    polygon = box.polygon
    shapely.prepare(polygon)
    refined = _refined(db, layer, partly, params, lambda rows: shapely.intersects(polygon, rows))
    return np.concatenate([np.array([row[0] for row in wholly], np.int64), refined])


def related(db: sqlite3.Connection, layer: Layer, where: Spatial, *, masked: bool) -> np.ndarray:
    """Rows that fulfil a relation; for DISJOINT and BEYOND those that do not, because they are the fewer."""
    if where.op in (SpatialOp.DWITHIN, SpatialOp.BEYOND):
        box, test = widened(where.shape, where.distance), _near(where.shape, where.distance)
    else:
        box, test = Bounds(*where.shape.bounds), _relation(where)
    candidates = f"SELECT id FROM {rtree(layer)} WHERE minx <= ? AND maxx >= ? AND miny <= ? AND maxy >= ?"
    if masked:
        candidates = f"SELECT fid FROM {quoted(layer.id)} WHERE _mx <= ? AND _mx >= ? AND _my <= ? AND _my >= ?"
    return _refined(db, layer, candidates, (box.east, box.west, box.north, box.south), test, masked=masked)


def _refined(
    db: sqlite3.Connection,
    layer: Layer,
    candidates: str,
    params: tuple[float, ...],
    test: Test,
    *,
    masked: bool = False,
) -> np.ndarray:
    point = layer.geometry is Geometry.POINT
    columns = "_mx, _my" if masked else "_x, _y" if point else f"substr(geom, {wkb_offset(layer)})"
    cursor = db.execute(f"SELECT fid, {columns} FROM {quoted(layer.id)} WHERE fid IN ({candidates})", params)
    found = [np.empty(0, np.int64)]
    while rows := cursor.fetchmany(CHUNK):
        columned: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
        if point:
            shapes = np.asarray(shapely.points(np.column_stack([columned[1], columned[2]])))
        else:
            shapes = np.asarray(shapely.from_wkb(np.array(columned[1], dtype=object)))
        found.append(np.array(columned[0], np.int64)[test(shapes)])
    return np.concatenate(found)


def _relation(where: Spatial) -> Test:
    shape = where.shape
    shapely.prepare(shape)
    tests: dict[SpatialOp, Test] = {
        SpatialOp.INTERSECTS: lambda rows: shapely.intersects(shape, rows),
        SpatialOp.DISJOINT: lambda rows: shapely.intersects(shape, rows),
        SpatialOp.WITHIN: lambda rows: shapely.contains(shape, rows),
        SpatialOp.CONTAINS: lambda rows: shapely.within(shape, rows),
        SpatialOp.TOUCHES: lambda rows: shapely.touches(shape, rows),
        SpatialOp.CROSSES: lambda rows: shapely.crosses(rows, shape),
        SpatialOp.OVERLAPS: lambda rows: shapely.overlaps(shape, rows),
        SpatialOp.EQUALS: lambda rows: shapely.equals(shape, rows),
    }
    return tests[where.op]


def _near(shape: BaseGeometry, distance: Metre) -> Test:
    if isinstance(shape, shapely.Point):
        lon, lat = shape.x, shape.y

        def by_point(rows: np.ndarray) -> np.ndarray:
            if not (shapely.get_type_id(rows) == 0).all():
                return _nearest(shape, rows) <= distance
            x, y = shapely.get_x(rows), shapely.get_y(rows)
            return np.asarray(GEOD.inv(np.full(len(x), lon), np.full(len(x), lat), x, y)[2] <= distance)

        return by_point
    return lambda rows: np.asarray(_nearest(shape, rows) <= distance)


def _nearest(shape: BaseGeometry, rows: np.ndarray) -> np.ndarray:
    """Geodesic distance of the nearest points, which are found in an equidistant plane about the shape's middle."""
    middle = shape.centroid
    plane = pyproj.Transformer.from_crs(
        "EPSG:4490", f"+proj=aeqd +lon_0={middle.x} +lat_0={middle.y} +ellps=GRS80", always_xy=True
    )
    flat_rows = shapely.transform(rows, lambda xy: np.column_stack(plane.transform(xy[:, 0], xy[:, 1])))
    flat_shape = shapely.transform(shape, lambda xy: np.column_stack(plane.transform(xy[:, 0], xy[:, 1])))
    ends = shapely.get_coordinates(shapely.shortest_line(flat_rows, flat_shape))
    lon, lat = plane.transform(ends[:, 0], ends[:, 1], direction="INVERSE")
    return np.asarray(GEOD.inv(lon[0::2], lat[0::2], lon[1::2], lat[1::2])[2])
