"""What a filter may weigh before it is read, and the errors that say so."""

import re
from dataclasses import dataclass, field

import orjson

from core.errors import BadInputError
from core.scope import Scope
from core.texts import Text
from layers.fields import FieldSpec, Kind
from layers.filters import Filter, Like, Not, Op
from layers.layer import Geometry, Layer
from ogc.encode.crs import CRS84, OgcCrs
from ogc.limits import LIMITS

MAX_TEXT = LIMITS.filter_text
MAX_DOCUMENT = LIMITS.filter_document
MAX_DEPTH = LIMITS.filter_depth
MAX_XML_DEPTH = LIMITS.xml_depth
"""Of any XML: what libxml2 reads without being told that a document is huge."""
MAX_PARTS = LIMITS.filter_parts
MAX_VALUES = LIMITS.filter_values
MAX_VERTICES = LIMITS.shape_vertices
MAX_VERTICES_NEAR = LIMITS.shape_vertices_measured
"""Of a shape that distances are measured to: every vertex is measured from every row."""
MAX_WILDCARDS = LIMITS.pattern_wildcards

MAX_CROWDED = LIMITS.shape_crowding
MAX_COMBED = LIMITS.shape_crowding_edges
"""Edges of a polygon that both some parallel and some meridian meet: each point is weighed against so many."""

GEOMETRY_NAMES = ("geometry", "geom", "the_geom", "shape")

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_WKT = re.compile(
    r"\b(?:POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON|BBOX)\s*Z?\s*\([\d\s.,()eE+\-]*\)", re.I
)


def bad_filter(zh: str, en: str, name: str = "filter") -> BadInputError:
    """A filter that cannot be answered, and why."""
    return BadInputError(Text(f"过滤条件有误:{zh}", f"filter: {en}"), field=name)


def too_large(what_zh: str, what_en: str, limit: int) -> BadInputError:
    """A filter beyond a limit."""
    return bad_filter(f"{what_zh}超过上限 {limit}", f"{what_en} beyond the limit of {limit}")


def holding(spec: FieldSpec, op: Op, value: str) -> Filter:
    """A list with an item that equals the value, or with none that does; lists are kept as compact JSON."""
    if op not in (Op.EQ, Op.NE):
        raise bad_filter(
            f"列表字段“{spec.name}”只能用等于或不等于", f"{spec.name!r} is a list: only = and <> apply", spec.name
        )
    item = re.sub(r"([\\%_])", r"\\\1", orjson.dumps(value).decode())
    found = Like(spec.name, f"%{item}%")
    return found if op is Op.EQ else Not(found)


def check_pattern(pattern: str) -> str:
    """Refuse a pattern with so many `%` that matching it may take as long as its author likes."""
    if pattern.count("%") > MAX_WILDCARDS:
        raise too_large("通配符个数", "wild cards", MAX_WILDCARDS)
    return pattern


def check_text(text: str) -> None:
    """Refuse text that would make a recursive parser run out of stack, before it sees it."""
    if len(text) > MAX_TEXT:
        raise too_large("长度", "length", MAX_TEXT)
    bare = _QUOTED.sub("''", text)
    words = _WKT.sub("POINT", bare)
    depth = deepest = 0
    for char in words:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH or len(re.findall(r"\bNOT\b", words, re.I)) > 4 * MAX_DEPTH:
        raise too_large("嵌套层数", "nesting", MAX_DEPTH)
    if len(re.findall(r"[+*/^%\-]|\bdiv\b", words, re.I)) > 4 * MAX_DEPTH:
        raise too_large("算术运算", "arithmetic", 4 * MAX_DEPTH)


@dataclass(slots=True)
class Reading:
    """One filter being read: the fields its caller may name, the system its shapes are in, and how much is left."""

    layer: Layer
    scope: Scope
    crs: OgcCrs = CRS84
    parts: int = 0
    seen: dict[str, FieldSpec] = field(init=False)

    def __post_init__(self) -> None:
        self.seen = self.layer.fields_in(self.scope)

    def count(self, depth: int) -> None:
        """One more part, at this depth."""
        self.parts += 1
        if depth > MAX_DEPTH:
            raise too_large("嵌套层数", "nesting", MAX_DEPTH)
        if self.parts > MAX_PARTS:
            raise too_large("条件个数", "conditions", MAX_PARTS)

    def field(self, name: str) -> FieldSpec:
        """A field the caller may see; any other is unknown, hidden ones included."""
        spec = self.seen.get(name)
        if spec is None:
            allowed = ", ".join(self.seen)
            raise bad_filter(f"没有字段“{name}”,可用:{allowed}", f"no property {name!r}; use one of {allowed}", name)
        return spec

    def geometry(self, name: str) -> None:
        """The layer's one geometry, by any of its usual names."""
        if name not in GEOMETRY_NAMES or self.layer.geometry is Geometry.NONE:
            raise bad_filter(f"“{name}”不是几何字段", f"{name!r} is not the geometry", name)

    def temporal(self, name: str) -> FieldSpec:
        """A field that holds dates or times."""
        spec = self.field(name)
        if spec.kind not in (Kind.DATE, Kind.DATETIME):
            raise bad_filter(f"“{name}”不是时间字段", f"{name!r} holds no time", name)
        return spec
