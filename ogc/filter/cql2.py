"""CQL2 text and JSON (OGC 21-065r2): basic, advanced comparison, spatial and temporal operators on instants."""

import re
from typing import Any, cast

import cql2
import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import BadInputError
from core.scope import Scope
from core.texts import Text
from gis.shapes import crowding
from layers.fields import Kind
from layers.filters import (
    And,
    Between,
    Compare,
    Filter,
    In,
    Like,
    Missing,
    Not,
    Op,
    Or,
    Spatial,
    SpatialOp,
    Value,
)
from layers.layer import Geometry, Layer
from ogc.encode.crs import CRS84, OgcCrs, bounds_in, inward
from ogc.filter.limits import (
    MAX_COMBED,
    MAX_CROWDED,
    MAX_DOCUMENT,
    MAX_VALUES,
    MAX_VERTICES,
    MAX_VERTICES_NEAR,
    Reading,
    bad_filter,
    check_pattern,
    check_text,
    holding,
    too_large,
)
from ogc.filter.temporal import compared, interval, moment, related
from ogc.json_body import json_of

_SWAPPED = {Op.LT: Op.GT, Op.GT: Op.LT, Op.LE: Op.GE, Op.GE: Op.LE, Op.EQ: Op.EQ, Op.NE: Op.NE}
_SPATIAL = {f"s_{op.value}": op for op in SpatialOp}
_CONVERSE = {SpatialOp.WITHIN: SpatialOp.CONTAINS, SpatialOp.CONTAINS: SpatialOp.WITHIN}
_METRES = {"m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0}
_METRES |= dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), 1000.0)


def cql2_text(text: str, layer: Layer, scope: Scope, crs: OgcCrs = CRS84) -> Filter:
    """A filter written as CQL2 text."""
    check_text(text)
    try:
        tree = cql2.parse_text(text).to_json()
    except (cql2.ParseError, cql2.ValidationError) as error:
        place = re.search(r"--> \d+:(\d+)", str(error))
        where = int(place[1]) if place else 0
        raise bad_filter(
            f"CQL2 第 {where} 个字符处无法理解:{text[max(0, where - 10) : where + 20]}",
            f"CQL2 not understood at character {where}: {text[max(0, where - 10) : where + 20]}",
        ) from error
    return _read(tree, Reading(layer, scope, crs), 1)


def cql2_json(document: bytes | str, layer: Layer, scope: Scope, crs: OgcCrs = CRS84) -> Filter:
    """A filter written as CQL2 JSON."""
    if len(document) > MAX_DOCUMENT:
        raise too_large("长度", "length", MAX_DOCUMENT)
    try:
        tree = json_of(document.encode() if isinstance(document, str) else document)
    except BadInputError as error:
        raise bad_filter(error.text.zh, error.text.en) from error
    return _read(tree, Reading(layer, scope, crs), 1)


def _read(node: Any, reading: Reading, depth: int) -> Filter:
    reading.count(depth)
    if isinstance(node, bool):
        return And(()) if node else Or(())
    if isinstance(node, dict) and "bbox" in node and isinstance(node["bbox"], list) and len(node["bbox"]) == 5:
        return _spatial(SpatialOp.INTERSECTS, [node["bbox"][0], {"bbox": node["bbox"][1:]}], reading)
    if not isinstance(node, dict) or not isinstance(node.get("args"), list):
        raise bad_filter("应为逻辑表达式", "a condition was expected")
    op, args = str(node.get("op", "")), node["args"]
    folded = op.lower()
    if folded in ("and", "or"):
        parts = tuple(_read(arg, reading, depth + 1) for arg in args)
        return And(parts) if folded == "and" else Or(parts)
    if folded == "not" and len(args) == 1:
        return Not(_read(args[0], reading, depth + 1))
    if op in Op:
        return _comparison(Op(op), args, reading)
    if folded in _SPATIAL:
        return _spatial(_SPATIAL[folded], args, reading)
    if folded.startswith("t_"):
        return _temporal(folded[2:], args, reading)
    match folded, args:
        case "isnull", [subject]:
            return _missing(subject, reading)
        case "like", [subject, pattern]:
            return _like(subject, pattern, reading)
        case "in", [subject, list(values)]:
            if len(values) > MAX_VALUES:
                raise too_large("取值个数", "values of IN", MAX_VALUES)
            return In(reading.field(_name(subject)).name, tuple(_value(value) for value in values))
        case "between", [subject, low, high]:
            return Between(reading.field(_name(subject)).name, _value(low), _value(high))
    raise bad_filter(f"不支持运算“{op}”", f"operator {op!r} is not supported")


def _name(node: Any) -> str:
    if isinstance(node, dict) and isinstance(node.get("property"), str):
        return cast("str", node["property"])
    raise bad_filter("此处应为字段名", "a property name was expected")


def _value(node: Any) -> Value:
    if isinstance(node, dict):
        if len(node) == 1 and ("timestamp" in node or "date" in node):
            return moment(str(next(iter(node.values()))))
        raise bad_filter("此处应为常量", "a literal was expected")
    if isinstance(node, float) and node.is_integer() and abs(node) < 2**53:
        return int(node)
    if isinstance(node, str | int | float | bool):
        return node
    raise bad_filter("此处应为常量", "a literal was expected")


def _comparison(op: Op, args: list[Any], reading: Reading) -> Filter:
    if len(args) != 2:
        raise bad_filter("比较需要两项", "a comparison has two sides")
    left, right = args
    if isinstance(bare := _bare(right), dict) and "property" in bare:
        left, right, op = right, left, _SWAPPED[op]
    if isinstance(left, dict) and left.get("op") == "casei" and op in (Op.EQ, Op.NE):
        same = _like(left, re.sub(r"([\\%_])", r"\\\1", str(_bare(right))), reading)
        return same if op is Op.EQ else Not(same)
    spec, value = reading.field(_name(left)), _value(right)
    if spec.kind in (Kind.DATE, Kind.DATETIME):
        return compared(spec, op, moment(value) if isinstance(value, str) else _moment(value))
    if spec.kind is Kind.LIST:
        return holding(spec, op, str(value))
    return Compare(spec.name, op, value)


def _moment(value: Value) -> Any:
    if isinstance(value, int | float):
        raise bad_filter(f"“{value}”不是时间", f"{value!r} is not a time")
    return value


def _bare(node: Any) -> Any:
    return node["args"][0] if isinstance(node, dict) and node.get("op") == "casei" and node.get("args") else node


def _like(subject: Any, pattern: Any, reading: Reading) -> Filter:
    folding = isinstance(subject, dict) and subject.get("op") == "casei"
    spec, text = reading.field(_name(_bare(subject))), _bare(pattern)
    if spec.kind is not Kind.TEXT or not isinstance(text, str):
        raise bad_filter(f"LIKE 只用于文本字段“{spec.name}”", f"LIKE compares text, {spec.name!r} is {spec.kind.value}")
    return Like(spec.name, check_pattern(text), ignore_case=folding)


def _missing(subject: Any, reading: Reading) -> Filter:
    return Missing(reading.field(_name(subject)).name)


def _named_unit(given: Any) -> Any:
    """`'m'` as text, or `meters` bare, as GeoServer's CQL has it, which reads as a property."""
    return given["property"] if isinstance(given, dict) and "property" in given else given


_EDGES = (SpatialOp.TOUCHES, SpatialOp.CROSSES, SpatialOp.OVERLAPS)
"""Told edge by edge for each row; of areas it is told from relations they can be prepared for."""


def _spatial(op: SpatialOp, args: list[Any], reading: Reading) -> Filter:
    distance = 0.0
    if op in (SpatialOp.DWITHIN, SpatialOp.BEYOND):
        if len(args) not in (3, 4) or not isinstance(args[2], int | float) or not args[2] >= 0:
            raise bad_filter("距离应为非负数", "a distance must be a number not below 0")
        unit = str(_named_unit(args[3])).lower() if len(args) == 4 else "m"
        if unit not in _METRES:
            raise bad_filter(f"距离单位“{unit}”应为 m 或 km", f"distance unit {unit!r} must be m or km")
        distance = float(args[2]) * _METRES[unit]
    elif len(args) != 2:
        raise bad_filter("空间关系需要两项", "a spatial relation has two sides")
    left, right = args[:2]
    if isinstance(right, dict) and "property" in right:
        left, right, op = right, left, _CONVERSE.get(op, op)
    reading.geometry(_name(left))
    return related_to(op, _shape(right, reading.crs), distance, reading.layer)


def related_to(op: SpatialOp, shape: BaseGeometry, distance: float, layer: Layer) -> Spatial:
    """A relation to a shape, which must be simple enough for what each row is asked of it."""
    corners = shapely.get_num_coordinates(shape)
    if op in (SpatialOp.DWITHIN, SpatialOp.BEYOND) and corners > MAX_VERTICES_NEAR:
        raise too_large("量距几何顶点数", "vertices of a shape to measure to", MAX_VERTICES_NEAR)
    if op not in _EDGES:
        return Spatial(op, shape, distance)
    if shapely.get_dimensions(shape) < 2 and corners > MAX_VERTICES_NEAR:
        told = "vertices of lines or points touched, crossed or overlapped"
        raise too_large("相接、穿越、部分重叠的线或点的顶点数", told, MAX_VERTICES_NEAR)
    if layer.geometry is not Geometry.POINT and corners > MAX_COMBED and max(crowding(shape)) > MAX_COMBED:
        told = "edges on one parallel or meridian of a polygon touched, crossed or overlapped"
        raise too_large("相接、穿越、部分重叠的多边形中一条纬线或经线所过的边数", told, MAX_COMBED)
    return Spatial(op, shape, distance)


def _shape(node: Any, crs: OgcCrs) -> BaseGeometry:
    if not isinstance(node, dict):
        raise bad_filter("此处应为几何", "a geometry was expected")
    if isinstance(node.get("bbox"), list):
        numbers = node["bbox"]
        if len(numbers) == 6:
            numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
        try:
            a, b, c, d = (float(number) for number in numbers)
        except (TypeError, ValueError) as error:
            raise bad_filter("BBOX 应为四个数字", "BBOX takes four numbers") from error
        return bounds_in((a, b, c, d), crs).polygon
    found = shapely.from_geojson(_written(node), on_invalid="ignore")
    if found is None:
        raise bad_filter("几何无法理解", "the geometry is not understood")
    return checked_shape(shapely.force_2d(found), crs)


def _written(node: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(node)
    except TypeError as error:
        raise bad_filter("几何无法理解", "the geometry is not understood") from error


def checked_shape(found: BaseGeometry, crs: OgcCrs) -> BaseGeometry:
    """A shape fit for a spatial relation, in EPSG:4490 lon-lat."""
    if shapely.get_num_coordinates(found) > MAX_VERTICES:
        raise too_large("几何顶点数", "vertices", MAX_VERTICES)
    if found.is_empty:
        raise bad_filter("几何为空", "the geometry is empty")
    if not found.is_valid:
        why = shapely.is_valid_reason(found)
        raise bad_filter(f"几何无效:{why}", f"the geometry is not valid: {why}")
    moved = inward(found, crs)
    west, south, east, north = moved.bounds
    if west > 360 or east < -360 or south > 90 or north < -90 or not np.isfinite(moved.bounds).all():
        order = Text("先纬度后经度", "latitude first") if crs.flipped else Text("先经度后纬度", "longitude first")
        raise bad_filter(
            f"几何在地球之外:{crs.name} {order.zh}", f"the geometry lies off the globe: {crs.name} is {order.en}"
        )
    if shapely.get_num_coordinates(moved) > MAX_CROWDED and min(crowding(moved)) > MAX_CROWDED:
        raise too_large("几何中一条纬线、一条经线所过的边数", "edges on one parallel and on one meridian", MAX_CROWDED)
    return moved


def _temporal(relation: str, args: list[Any], reading: Reading) -> Filter:
    if len(args) != 2:
        raise bad_filter("时间关系需要两项", "a temporal relation has two sides")
    left, right = args
    if isinstance(right, dict) and "property" in right:
        left, right = right, left
        relation = {"after": "before", "before": "after"}.get(relation, relation)
    spec = reading.temporal(_name(left))
    if isinstance(right, dict) and isinstance(right.get("interval"), list) and len(right["interval"]) == 2:
        ends = right["interval"]
        if not all(isinstance(end, str) for end in ends):
            raise bad_filter("时间段两端应为时间", "an interval has two times")
        low, high = interval((ends[0], ends[1]))
        return related(spec, relation, low, high)
    value = _value(right)
    at = moment(value) if isinstance(value, str) else _moment(value)
    return related(spec, relation, at, at)
