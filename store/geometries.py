"""Geometries as the store keeps them: two dimensions, the layer's own type, inside the degrees of the earth."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import Fault, FaultsError
from core.texts import Text
from core.units import Metre
from gis.shapes import Bounds
from layers.layer import Geometry, Layer
from store.arrays import column_of, content

_POINT, _LINE, _POLYGON, _LINES, _POLYGONS = 0, 1, 3, 5, 6
_ACCEPTED = {Geometry.POINT: (_POINT,), Geometry.LINE: (_LINE, _LINES), Geometry.POLYGON: (_POLYGON, _POLYGONS)}
MAX_FAULTS = 1000
PLACE = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
"""A point's WKB as `wkb_of` spells it."""
METRES_PER_DEGREE = 110_574.0
"""A degree of latitude at the equator, the shortest there is (GRS 80): a box widened by it is never too small."""


def kept_column(layer: Layer, column: pa.Array) -> pa.Array:
    """A column of WKB as it is kept; points that are spelt so already, as most are, are looked at as numbers."""
    found = places_in(column) if layer.geometry is Geometry.POINT else None
    if found is not None and ((np.abs(found["x"]) <= 180) & (np.abs(found["y"]) <= 90)).all():
        return column
    return pa.array(wkb_of(kept(layer, column.to_pylist())), pa.binary())


def places_in(column: pa.Array) -> np.ndarray | None:
    """The points of a column of WKB without the missing ones, or None if one of the others is something else."""
    data, ends = content(column.drop_null() if column.null_count else column)
    if len(data) != PLACE.itemsize * (len(ends) - 1) or (np.diff(ends) != PLACE.itemsize).any():
        return None
    found = data.view(PLACE)
    return found if ((found["order"] == 1) & (found["kind"] == 1)).all() else None


def bounds_of(column: pa.Array) -> np.ndarray:
    """West, south, east and north of each of a column of WKB, not a number where there is none."""
    points = places_in(column)
    if points is None:
        return np.asarray(shapely.bounds(shapely.from_wkb(column.to_numpy(zero_copy_only=False))))
    found = np.full((len(column), 4), np.nan)
    there = pc.is_valid(column).to_numpy(zero_copy_only=False)
    found[there] = np.column_stack([points["x"], points["y"], points["x"], points["y"]])
    return found


def points_column(x: np.ndarray, y: np.ndarray) -> pa.Array:
    """A column of the WKB of points, none where a coordinate is not a number."""
    there = ~np.isnan(x)
    found = np.zeros(int(there.sum()), PLACE)
    found["order"], found["kind"], found["x"], found["y"] = 1, 1, x[there], y[there]
    ends = np.concatenate([[0], np.cumsum(there) * PLACE.itemsize])
    column = column_of(found.view(np.uint8), ends)
    return column if there.all() else pc.if_else(pa.array(there), column, pa.scalar(None, pa.binary()))


def kept(layer: Layer, wkb: Sequence[bytes | None]) -> np.ndarray:
    """Shapes of a column of WKB, lines and polygons as multi-geometries; every row that cannot be kept is named."""
    try:
        shapes = shapely.from_wkb(np.asarray(wkb, dtype=object))
    except shapely.errors.ShapelyError as error:
        rule = Text(f"不是有效的 WKB:{error}", f"is not valid WKB: {error}")
        raise FaultsError([Fault(field="geometry", value="", rule=rule)]) from error
    return settled(layer, shapes)


def settled(layer: Layer, shapes: np.ndarray) -> np.ndarray:
    """The same for shapes in hand."""
    given = ~shapely.is_missing(shapes)
    if not given.any():
        return shapes
    kinds = shapely.get_type_id(shapes)
    _refuse(given & ~np.isin(kinds, _ACCEPTED[layer.geometry]), shapes, _wrong_type(layer))
    _refuse(given & shapely.is_empty(shapes), shapes, Text("几何为空", "geometry is empty"))
    west, south, east, north = shapely.bounds(shapes).T
    with np.errstate(invalid="ignore"):
        inside = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    outside = Text(
        "坐标应为经纬度(经度 -180 至 180,纬度 -90 至 90)",
        "coordinates must be degrees: longitude -180 to 180, latitude -90 to 90",
    )
    _refuse(given & ~inside, shapes, outside)
    if shapely.has_z(shapes).any() or shapely.has_m(shapes).any():
        shapes = shapely.force_2d(shapes)
    single = np.isin(kinds, (_LINE, _POLYGON))
    if single.any():
        shapes = shapes.copy()
        gather = shapely.multilinestrings if layer.geometry is Geometry.LINE else shapely.multipolygons
        shapes[single] = gather(shapes[single], indices=np.arange(int(single.sum())))
    return shapes


def wkb_of(shapes: np.ndarray) -> list[bytes | None]:
    """Little-endian WKB without SRID: the one spelling that is stored and hashed."""
    found: list[bytes | None] = shapely.to_wkb(shapes, byte_order=1, include_srid=False).tolist()
    return found


def _wrong_type(layer: Layer) -> Text:
    return Text(f"几何类型应为 {layer.geometry.value}", f"geometry must be a {layer.geometry.value}")


def _refuse(wrong: np.ndarray, shapes: np.ndarray, rule: Text) -> None:
    if not wrong.any():
        return
    rows = np.flatnonzero(wrong)[:MAX_FAULTS]
    values = [str(shapes[row])[:80] for row in rows]
    raise FaultsError(
        [Fault(field="geometry", value=v, rule=rule, row=int(row) + 1) for row, v in zip(rows, values, strict=True)]
    )


def widened(shape: BaseGeometry, distance: Metre) -> Bounds:
    """A box in degrees that surely holds everything within a distance of the shape."""
    west, south, east, north = shape.bounds
    up = distance / METRES_PER_DEGREE * 1.01
    polewards = min(89.0, max(abs(south), abs(north)) + up)
    across = up / max(0.01, float(np.cos(np.radians(polewards))))
    return Bounds(west - across, south - up, east + across, north + up)
