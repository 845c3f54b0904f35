"""FES 2.0 filters (and the 1.1 spelling GDAL and QGIS still send) to the one filter value."""

from typing import Any, cast

from lxml import etree

from core.errors import BadInputError
from core.scope import Scope
from core.texts import Text
from layers.fields import Kind
from layers.filters import And, Between, Compare, Filter, In, Like, Missing, Not, Op, Or, Spatial, SpatialOp
from layers.layer import Layer
from ogc.encode.crs import CGCS2000, OgcCrs
from ogc.encode.gml import key_in
from ogc.filter.cql2 import related_to
from ogc.filter.gml_shapes import box, geometry
from ogc.filter.limits import MAX_DOCUMENT, MAX_XML_DEPTH, Reading, bad_filter, check_pattern, holding, too_large
from ogc.filter.temporal import compared, interval, moment, related

Element = etree._Element

_COMPARISONS = {
    "PropertyIsEqualTo": Op.EQ,
    "PropertyIsNotEqualTo": Op.NE,
    "PropertyIsLessThan": Op.LT,
    "PropertyIsLessThanOrEqualTo": Op.LE,
    "PropertyIsGreaterThan": Op.GT,
    "PropertyIsGreaterThanOrEqualTo": Op.GE,
}
_SWAPPED = {Op.LT: Op.GT, Op.GT: Op.LT, Op.LE: Op.GE, Op.GE: Op.LE, Op.EQ: Op.EQ, Op.NE: Op.NE}
_SPATIAL = {
    "Equals": SpatialOp.EQUALS,
    "Disjoint": SpatialOp.DISJOINT,
    "Touches": SpatialOp.TOUCHES,
    "Within": SpatialOp.WITHIN,
    "Overlaps": SpatialOp.OVERLAPS,
    "Crosses": SpatialOp.CROSSES,
    "Intersects": SpatialOp.INTERSECTS,
    "Intersect": SpatialOp.INTERSECTS,
    "Contains": SpatialOp.CONTAINS,
    "DWithin": SpatialOp.DWITHIN,
    "Beyond": SpatialOp.BEYOND,
}
_TEMPORAL = {
    "After": "after",
    "Before": "before",
    "During": "during",
    "TEquals": "equals",
    "Begins": "starts",
    "Ends": "finishes",
    "AnyInteracts": "anyinteracts",
}
_METRES = {"m": 1.0, "metre": 1.0, "meter": 1.0, "metres": 1.0, "meters": 1.0, "km": 1000.0, "kilometre": 1000.0}


def parsed(document: bytes) -> Element:
    """XML without entities, DTDs or network; anything else is refused."""
    if len(document) > MAX_DOCUMENT:
        raise too_large("长度", "length", MAX_DOCUMENT)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        # a bomb is an error of the parser's before the document type is seen
        if b"<!DOCTYPE" in document:
            raise no_types() from error
        if "xcessive depth" in (error.msg or ""):
            raise too_large("XML 嵌套层数", "nesting of XML", MAX_XML_DEPTH) from error
        line, column = error.position
        raise BadInputError(
            Text(f"不是格式良好的 XML(第 {line} 行第 {column} 列)", f"not well-formed XML: {error.msg}"),
            field="filter",
        ) from error
    if cast("Any", root.getroottree()).docinfo.doctype:
        raise no_types()
    return root


def no_types() -> BadInputError:
    """A document type may bring entities, and nothing here needs one."""
    return BadInputError(Text("不接受 DTD 与实体声明", "document types and entities are refused"), field="filter")


def local(node: Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(node).localname


def fes(document: bytes | Element, layer: Layer, scope: Scope, crs: OgcCrs = CGCS2000) -> Filter:
    """A `fes:Filter` element; shapes without a system of their own are read in `crs`."""
    root = parsed(document) if isinstance(document, bytes) else document
    if local(root) != "Filter":
        raise bad_filter("根元素应为 Filter", "the root must be Filter")
    reading = Reading(layer, scope, crs)
    parts = list(root)
    if parts and all(local(part) in ("ResourceId", "FeatureId", "GmlObjectId") for part in parts):
        return In(layer.key, tuple(_keys(parts, layer)))
    if len(parts) != 1:
        raise bad_filter("Filter 内应有且只有一个条件", "a Filter holds exactly one condition")
    return _read(parts[0], reading, 1)


def _keys(parts: list[Element], layer: Layer) -> list[str]:
    keys = []
    for part in parts:
        key = key_in(layer.id, part.get("rid") or part.get("fid") or part.get("{http://www.opengis.net/gml}id") or "")
        if key is not None:
            keys.append(key)
    return keys


def _read(node: Element, reading: Reading, depth: int) -> Filter:
    reading.count(depth)
    name, parts = local(node), list(node)
    if name in ("And", "Or"):
        read = tuple(_read(part, reading, depth + 1) for part in parts)
        if not read:
            raise bad_filter(f"{name} 内没有条件", f"{name} holds no condition")
        return And(read) if name == "And" else Or(read)
    if name == "Not" and len(parts) == 1:
        return Not(_read(parts[0], reading, depth + 1))
    if name in _COMPARISONS:
        return _comparison(node, _COMPARISONS[name], reading)
    if name == "BBOX":
        shapes = [part for part in parts if not _is_reference(part)]
        for part in parts:
            if _is_reference(part):
                reading.geometry(reference(part))
        if len(shapes) != 1:
            raise bad_filter("BBOX 内应有一个范围", "BBOX holds one envelope")
        return Spatial(SpatialOp.INTERSECTS, box(shapes[0], reading.crs).polygon)
    if name in _SPATIAL:
        return _spatial(parts, _SPATIAL[name], reading)
    if name in _TEMPORAL:
        return _temporal(parts, _TEMPORAL[name], reading)
    if name in ("PropertyIsNull", "PropertyIsNil") and len(parts) == 1:
        return Missing(reading.field(reference(parts[0])).name)
    if name == "PropertyIsLike" and len(parts) == 2:
        return _like(node, reading)
    if name == "PropertyIsBetween" and len(parts) == 3:
        spec = reading.field(reference(parts[0]))
        low, high = (_literal(part) for part in parts[1:])
        if spec.kind in (Kind.DATE, Kind.DATETIME):
            return And((compared(spec, Op.GE, moment(low)), compared(spec, Op.LE, moment(high))))
        return Between(spec.name, low, high)
    if name == "ResourceId":
        return In(reading.layer.key, tuple(_keys([node], reading.layer)))
    raise bad_filter(f"不支持 {name}", f"{name} is not supported")


def _is_reference(node: Element) -> bool:
    return local(node) in ("ValueReference", "PropertyName")


def reference(node: Element) -> str:
    """The field a reference names, its prefix and leading path dropped."""
    if not _is_reference(node):
        raise bad_filter("此处应为 ValueReference", "a ValueReference was expected")
    return named((node.text or "").strip())


def named(path: str) -> str:
    """A field name out of a one-step path: `onemap:enterprises/onemap:risk` is `risk`."""
    return path.rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def _literal(node: Element) -> str:
    if local(node) in ("LowerBoundary", "UpperBoundary") and len(node) == 1:
        return _literal(node[0])
    if local(node) != "Literal":
        raise bad_filter("此处应为 Literal", "a Literal was expected")
    return "".join(cast("list[str]", list(node.itertext()))).strip()


def _comparison(node: Element, op: Op, reading: Reading) -> Filter:
    parts = list(node)
    if len(parts) != 2:
        raise bad_filter("比较需要两项", "a comparison has two sides")
    left, right = parts
    if _is_reference(right) and not _is_reference(left):
        left, right, op = right, left, _SWAPPED[op]
    spec, value = reading.field(reference(left)), _literal(right)
    if spec.kind in (Kind.DATE, Kind.DATETIME):
        return compared(spec, op, moment(value))
    if spec.kind is Kind.LIST:
        return holding(spec, op, value)
    if node.get("matchCase", "true") == "false" and spec.kind is Kind.TEXT and op in (Op.EQ, Op.NE):
        same = Like(spec.name, _escaped(value), ignore_case=True)
        return same if op is Op.EQ else Not(same)
    return Compare(spec.name, op, value)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _like(node: Element, reading: Reading) -> Filter:
    spec, pattern = reading.field(reference(node[0])), _literal(node[1])
    if spec.kind is not Kind.TEXT:
        raise bad_filter(f"LIKE 只用于文本字段“{spec.name}”", f"LIKE compares text, {spec.name!r} is {spec.kind.value}")
    many, one = node.get("wildCard", "*"), node.get("singleChar", "?")
    escape = node.get("escapeChar") or node.get("escape") or "\\"
    text, escaped = "", False
    for char in pattern:
        if escaped:
            text, escaped = text + _escaped(char), False
        elif char == escape:
            escaped = True
        else:
            text += "%" if char == many else "_" if char == one else _escaped(char)
    return Like(spec.name, check_pattern(text), ignore_case=node.get("matchCase", "true") == "false")


def _spatial(parts: list[Element], op: SpatialOp, reading: Reading) -> Filter:
    distance = 0.0
    if op in (SpatialOp.DWITHIN, SpatialOp.BEYOND):
        if len(parts) != 3 or local(parts[2]) != "Distance":
            raise bad_filter("缺少 Distance", "Distance is missing")
        unit = (parts[2].get("uom") or parts[2].get("units") or "m").lower().rsplit(":", 1)[-1]
        try:
            distance = float(parts[2].text or "") * _METRES[unit]
        except (KeyError, ValueError) as error:
            raise bad_filter("距离应为数字,单位 m 或 km", "a distance is a number with uom m or km") from error
        if not distance >= 0:
            raise bad_filter("距离不得为负", "a distance is not below 0")
        parts = parts[:2]
    if len(parts) != 2:
        raise bad_filter("空间关系需要两项", "a spatial relation has two sides")
    left, right = parts
    if _is_reference(right) and not _is_reference(left):
        left, right = right, left
        op = {SpatialOp.WITHIN: SpatialOp.CONTAINS, SpatialOp.CONTAINS: SpatialOp.WITHIN}.get(op, op)
    reading.geometry(reference(left))
    return related_to(op, geometry(right, reading.crs), distance, reading.layer)


def _temporal(parts: list[Element], relation: str, reading: Reading) -> Filter:
    if len(parts) != 2:
        raise bad_filter("时间关系需要两项", "a temporal relation has two sides")
    spec = reading.temporal(reference(parts[0]))
    texts = [text.strip() for text in cast("list[str]", list(parts[1].itertext())) if text.strip()]
    if local(parts[1]) == "TimePeriod" and len(texts) == 2:
        low, high = interval((texts[0], texts[1]))
        return related(spec, relation, low, high)
    if len(texts) != 1:
        raise bad_filter("此处应为时刻或时段", "an instant or a period was expected")
    at = moment(texts[0])
    return related(spec, relation, at, at)
