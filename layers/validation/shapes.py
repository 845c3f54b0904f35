"""Geometries of a whole column checked against the layer: kind, validity, and whether they lie where they can."""

import numpy as np
import pyarrow as pa
import shapely

from core.texts import Text
from gis.shapes import Bounds
from layers.layer import Geometry, Layer
from layers.validation.faults import Faults, Rule, Severity

CHINA = Bounds(73.0, 3.0, 136.0, 54.0)
"""A box around the land and sea of China, for catching swapped axes and wrong datums, not for drawing."""

KINDS: dict[Geometry, tuple[int, ...]] = {Geometry.POINT: (0,), Geometry.LINE: (1, 2, 5), Geometry.POLYGON: (3, 6)}
_WORDS = {
    Geometry.POINT: Text("点", "point"),
    Geometry.LINE: Text("线", "line"),
    Geometry.POLYGON: Text("面", "polygon"),
}


def check_shapes(
    layer: Layer, column: pa.Array | None, faults: Faults, asked: np.ndarray, bounds: Bounds | None
) -> np.ndarray | None:
    """Adds what is wrong with the geometries and gives those that could be read.

    A row without one is let in with a warning, if it is asked for one.
    """
    if layer.geometry is Geometry.NONE:
        return None
    nowhere = Text("没有坐标,不能上图", "no position, cannot be drawn")
    if column is None:
        _add(faults, asked, nowhere, Severity.WARNING)
        return None
    given = column.is_valid().to_numpy(zero_copy_only=False)
    shapes = shapely.from_wkb(column.to_numpy(zero_copy_only=False), on_invalid="ignore")
    there = given & ~shapely.is_missing(shapes)
    empty = there & shapely.is_empty(shapes)
    _add(faults, ~given & asked, nowhere, Severity.WARNING)
    _add(faults, given & ~there, Text("几何数据损坏,无法读取", "broken geometry, cannot be read"))
    _add(faults, empty, Text("几何为空", "the geometry is empty"))
    there &= ~empty
    word = _WORDS[layer.geometry]
    kind = there & ~np.isin(shapely.get_type_id(shapes), KINDS[layer.geometry])
    _add(faults, kind, Text(f"几何类型应为{word.zh}", f"the geometry must be a {word.en}"))
    there &= ~kind
    limits = shapely.bounds(shapes)
    finite = np.isfinite(limits).all(axis=1)
    _add(faults, there & ~finite, Text("坐标不是有限数值", "a coordinate is not finite"))
    there &= finite
    if bounds is not None:
        there &= ~_swapped(faults, limits, there, bounds)
    degrees = (np.abs(limits[:, [0, 2]]) <= 180).all(axis=1) & (np.abs(limits[:, [1, 3]]) <= 90).all(axis=1)
    projected = Text(
        "坐标不是经纬度,疑为投影坐标,请用 --crs 说明(如 EPSG:4549)",
        "not degrees: projected coordinates? state them with --crs",
    )
    _add(faults, there & ~degrees, projected, kind=Rule.OUTSIDE)
    there &= degrees
    _valid(faults, shapes, there)
    if bounds is not None:
        _inside(faults, limits, there, bounds)
    return np.asarray(np.where(there, shapes, None))


def _valid(faults: Faults, shapes: np.ndarray, there: np.ndarray) -> None:
    broken = np.flatnonzero(there & ~shapely.is_valid(shapes))
    reasons = shapely.is_valid_reason(shapes[broken])
    whys = np.array([str(reason).partition("[")[0] for reason in reasons], dtype=object)
    for why in sorted(set(whys)):
        mask = np.zeros(len(shapes), bool)
        mask[broken[whys == why]] = True
        zh = {"Self-intersection": "面自相交", "Ring Self-intersection": "环自相交"}.get(why, "几何不合法")
        _add(faults, mask, Text(f"{zh}({why})", f"invalid geometry: {why}"))


def _within(limits: np.ndarray, bounds: Bounds, x: int, y: int) -> np.ndarray:
    west, south, east, north = bounds
    within = (limits[:, x] >= west) & (limits[:, x + 2] <= east) & (limits[:, y] >= south) & (limits[:, y + 2] <= north)
    return np.asarray(within)


def _swapped(faults: Faults, limits: np.ndarray, there: np.ndarray, bounds: Bounds) -> np.ndarray:
    swapped = there & ~_within(limits, bounds, 0, 1) & _within(limits, bounds, 1, 0)
    _add(faults, swapped, Text("经度与纬度疑似颠倒", "longitude and latitude seem to be swapped"), kind=Rule.OUTSIDE)
    return np.asarray(swapped)


def _inside(faults: Faults, limits: np.ndarray, there: np.ndarray, bounds: Bounds) -> None:
    west, south, east, north = bounds
    box = f"{west:g}-{east:g}°E, {south:g}-{north:g}°N"
    outside = there & ~_within(limits, bounds, 0, 1)
    _add(faults, outside, Text(f"坐标在允许范围 {box} 之外", f"outside the allowed box {box}"), kind=Rule.OUTSIDE)


def _add(
    faults: Faults, mask: np.ndarray, text: Text, severity: Severity = Severity.ERROR, kind: Rule = Rule.GEOMETRY
) -> None:
    faults.add(mask, "geometry", None, kind, text, severity)
