"""Filters, scopes and orders compiled to SQL with bound parameters; engines differ in a handful of fragments."""

import base64
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

import orjson

from core.clock import iso
from core.errors import BadInputError, NotFoundError
from core.scope import Scope
from core.texts import Text
from gis.shapes import Bounds
from layers.fields import FieldSpec, Kind
from layers.filters import (
    GEOMETRY,
    And,
    Between,
    Compare,
    During,
    Filter,
    In,
    Like,
    Missing,
    Not,
    Or,
    Spatial,
    Under,
    fields_named,
)
from layers.layer import Geometry, Layer
from store.query import Order, Query
from store.tokens import held_by

MAX_FILTER_PARTS = 2000
JOINED = 100
LOOKED = 8
"""Patterns of one statement for which the search index is asked; each is a question of its own."""
LAST = "\U0010ffff"
"""Behind every character a code may hold: the open end of a range of prefixes."""


class Dialect(Protocol):
    """What an engine says differently."""

    def spatial(self, sql: "Sql", layer: Layer, where: Spatial) -> str:
        """A topological or distance predicate on the layer's geometry."""

    def bbox(self, sql: "Sql", layer: Layer, bounds: Bounds) -> str:
        """The feature's geometry meets the box, by the spatial index."""

    def among(self, sql: "Sql", column: str, values: list[Any]) -> str:
        """The column holds one of the values, however many."""

    def like(self, sql: "Sql", column: str, pattern: str, ignore_case: bool) -> str:
        """SQL LIKE with backslash escapes."""

    def holding(self, sql: "Sql", layer: Layer, words: list[str]) -> str:
        """The rows whose search fields hold words begun like these, by the index; blank where that does not help."""

    def value(self, value: Any, spec: FieldSpec) -> Any:
        """A Python value as the engine keeps it."""


@dataclass(slots=True)
class Sql:
    """Parameters gathered while text is built; `negated` while inside an odd number of NOTs; `masked` when
    places are asked of the masked copy; `looked` counts the questions to the search index."""

    dialect: Dialect
    mark: str = "?"
    negated: bool = False
    masked: bool = False
    looked: int = 0
    params: list[Any] = field(default_factory=list)

    def bind(self, value: Any) -> str:
        """The placeholder of a bound value."""
        self.params.append(value)
        return self.mark


def quoted(name: str) -> str:
    """An identifier as SQL text; names come from declarations only."""
    return '"' + name.replace('"', '""') + '"'


def checked(layer: Layer, scope: Scope) -> dict[str, FieldSpec]:
    """The fields the caller may use; a layer beyond the scope does not exist."""
    if not layer.visible(scope):
        raise NotFoundError(Text(f"没有图层 {layer.id}", f"no layer {layer.id}"), layer=layer.id)
    return layer.fields_in(scope)


def _unknown(layer: Layer, name: str, seen: Iterable[str]) -> BadInputError:
    allowed = ", ".join(seen)
    return BadInputError(
        Text(
            f"图层 {layer.id} 没有字段“{name}”,可用:{allowed}",
            f"layer {layer.id} has no field {name!r}; allowed: {allowed}",
        ),
        field=name,
    )


def scope_clause(sql: Sql, layer: Layer, scope: Scope) -> str:
    """Rows of the layer the caller may see: in their reach and, where the scope says so, of their enterprises."""
    reach, own = reach_clause(sql, layer, scope), layer.narrowed_by(scope)
    if own is None:
        return reach
    theirs = sorted(scope.enterprises or ())
    return f"({reach} AND {sql.dialect.among(sql, quoted(own), list(theirs)) if theirs else '1=0'})"


def reach_clause(sql: Sql, layer: Layer, scope: Scope, suffix: str = "") -> str:
    """Inside the caller's areas (unless the layer is shared) and within their clearance; of versions and entries too.

    Those do not say whose a row is: for a scope limited to enterprises `store.tailing` decides over them.
    """
    parts = [f"sensitivity{suffix} <= {sql.bind(int(scope.clearance))}"]
    if not layer.shared and not scope.everywhere:
        area = f"area{suffix}"
        ranges = [f"({area} >= {sql.bind(p)} AND {area} < {sql.bind(p + LAST)})" for p in scope.areas]
        parts.append("(" + " OR ".join(ranges or ["1=0"]) + ")")
    return "(" + " AND ".join(parts) + ")"


def narrow(layer: Layer, query: Query, order: tuple[Order, ...], columns: tuple[str, ...]) -> bool:
    """A page whose rows are chosen and put in order by these columns of one index: the rest is read of few."""
    if query.limit is None or query.bbox is not None or query.after or query.at_seq is not None:
        return False
    asked = {*fields_named(query.where), *(item.field for item in order)}
    return len(order) > 1 and asked <= set(columns)


def of_those(sql: Sql, layer: Layer, where: Filter | None, scope: Scope) -> str:
    """What makes an aggregate one of some rows only; it stands before the WHERE, and is bound before it."""
    if where is None:
        return ""
    sql.masked = layer.masked(scope)
    _known(layer, where, checked(layer, scope))
    return f" FILTER (WHERE {condition(sql, layer, where)})"


def where_clause(sql: Sql, layer: Layer, query: Query, scope: Scope) -> str:
    """The whole WHERE of a query: scope, box and filter."""
    _known(layer, query.where, checked(layer, scope))
    sql.masked = layer.masked(scope)
    parts = [scope_clause(sql, layer, scope)]
    if layer.merged_into is not None and not query.merged:
        own = quoted(layer.merged_into)
        parts.append(f"({own} IS NULL OR {own} = '')")  # a plain column: planners know its statistics, of coalesce none
    if query.bbox is not None:
        parts.append(sql.dialect.bbox(sql, layer, query.bbox) if layer.geometry is not Geometry.NONE else "1=0")
    if query.where is not None:
        parts.append(condition(sql, layer, query.where))
    return " AND ".join(parts)


def _known(layer: Layer, where: Filter | None, seen: dict[str, FieldSpec]) -> None:
    for count, name in enumerate(fields_named(where)):
        if count > MAX_FILTER_PARTS:
            raise BadInputError(
                Text(f"过滤条件过多,上限 {MAX_FILTER_PARTS}", f"filter too large, at most {MAX_FILTER_PARTS} parts")
            )
        if name == GEOMETRY:
            if layer.geometry is Geometry.NONE:
                raise _unknown(layer, GEOMETRY, seen)
        elif name not in seen:
            raise _unknown(layer, name, seen)


def condition(sql: Sql, layer: Layer, where: Filter) -> str:
    """One filter node as SQL text."""
    match where:
        case And(parts):
            return _joined([condition(sql, layer, p) for p in parts], " AND ") if parts else "1=1"
        case Or(parts):
            if (alike := _alike(parts)) is not None:
                return _likes(sql, layer, alike)
            return _joined([condition(sql, layer, p) for p in parts], " OR ") if parts else "1=0"
        case Not(part):
            sql.negated = not sql.negated
            inner = condition(sql, layer, part)
            sql.negated = not sql.negated
            return f"NOT ({inner})"
        case Spatial():
            return sql.dialect.spatial(sql, layer, where)
        case Compare(name, op, value):
            return f"{quoted(name)} {op.value} {sql.bind(_typed(sql, layer, name, value))}"
        case In(name, values):
            typed = [_typed(sql, layer, name, v) for v in values]
            return sql.dialect.among(sql, quoted(name), typed) if values else "1=0"
        case Between(name, low, high):
            low_mark = sql.bind(_typed(sql, layer, name, low))
            return f"{quoted(name)} BETWEEN {low_mark} AND {sql.bind(_typed(sql, layer, name, high))}"
        case Missing(name):
            return f"{quoted(name)} IS NULL"
        case Under(name, prefix):
            low_mark = sql.bind(prefix)
            return f"({quoted(name)} >= {low_mark} AND {quoted(name)} < {sql.bind(prefix + LAST)})"
        case Like():
            return _likes(sql, layer, (where,))
        case During(name, start, end):
            sides = ["1=1"]
            if start is not None:
                sides.append(f"{quoted(name)} >= {sql.bind(_typed(sql, layer, name, start))}")
            if end is not None:
                sides.append(f"{quoted(name)} < {sql.bind(_typed(sql, layer, name, end))}")
            return "(" + " AND ".join(sides) + ")"


def _alike(parts: tuple[Filter, ...]) -> tuple[Like, ...] | None:
    """One pattern looked for in several fields: what people type into a box."""
    likes = tuple(part for part in parts if isinstance(part, Like))
    same = len(likes) == len(parts) and len({part.pattern for part in likes}) == 1
    return likes if same else None


def _likes(sql: Sql, layer: Layer, parts: tuple[Like, ...]) -> str:
    """One of the fields is like the pattern; the search index names the rows to look at, where it covers the fields.

    Not inside a NOT: a row that is not looked at is unlike, and one whose field is missing neither.
    """
    words = held_by(parts[0].pattern) if {part.field for part in parts} <= set(layer.search) else []
    near = ""
    if words and not sql.negated and sql.looked < LOOKED:
        near, sql.looked = sql.dialect.holding(sql, layer, words), sql.looked + 1
    likes = [sql.dialect.like(sql, quoted(part.field), part.pattern, part.ignore_case) for part in parts]
    said = likes[0] if len(likes) == 1 else _joined(likes, " OR ")
    return f"({near} AND {said})" if near else said


def _joined(texts: list[str], word: str) -> str:
    """In brackets, many in groups of their own: SQLite refuses an expression more than a thousand operators deep."""
    while len(texts) > JOINED:
        texts = [_joined(texts[place : place + JOINED], word) for place in range(0, len(texts), JOINED)]
    return "(" + word.join(texts) + ")"


def _typed(sql: Sql, layer: Layer, name: str, value: Any) -> Any:
    """The value as the column's kind, so that '3' finds 3 and a wrong kind is said, not silently empty."""
    spec = layer.fields[name]
    try:
        return sql.dialect.value(_as_kind(value, spec.kind), spec)
    except (TypeError, ValueError) as error:
        raise BadInputError(
            Text(
                f"字段“{name}”的取值“{value}”应为 {spec.kind.value}",
                f"value {value!r} of field {name!r} must be {spec.kind.value}",
            ),
            field=name,
        ) from error


def _as_kind(value: Any, kind: Kind) -> Any:
    match kind:
        case Kind.TEXT | Kind.LIST:
            return value.isoformat() if isinstance(value, date) else str(value)
        case Kind.BOOLEAN:
            if isinstance(value, bool):
                return value
            lowered = str(value).lower()
            if lowered not in ("true", "false", "1", "0"):
                raise ValueError(value)
            return lowered in ("true", "1")
        case Kind.INTEGER | Kind.REAL:
            if isinstance(value, int) and not -(2**63) <= value < 2**63:
                raise ValueError(value)
            number = value if isinstance(value, int) else float(value)
            if isinstance(number, float) and not math.isfinite(number):
                raise ValueError(value)
            if isinstance(number, int):
                return number
            return int(number) if number.is_integer() else number
        case Kind.DATE:
            if isinstance(value, datetime):
                return value.date()
            return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
        case Kind.DATETIME:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            if moment.tzinfo is None:
                raise ValueError(value)
            return moment


def order_by(layer: Layer, order: tuple[Order, ...], scope: Scope) -> tuple[Order, ...]:
    """The order asked for, the key last so that it is total."""
    seen = checked(layer, scope)
    for item in order:
        if item.field not in seen:
            raise _unknown(layer, item.field, seen)
    return (*(item for item in order if item.field != layer.key), *_key_last(layer, order))


def _key_last(layer: Layer, order: tuple[Order, ...]) -> tuple[Order, ...]:
    return (next((item for item in order if item.field == layer.key), Order(layer.key)),)


def order_text(layer: Layer, order: tuple[Order, ...]) -> str:
    """ORDER BY with nulls last whichever way, as both engines can; the key is never null, so its index serves."""
    terms = []
    for item in order:
        if item.field != layer.key:
            terms.append(f"{quoted(item.field)} IS NULL")
        terms.append(quoted(item.field) + (" DESC" if item.descending else ""))
    return ", ".join(terms)


def cursor_of(order: tuple[Order, ...], row: dict[str, Any]) -> str:
    """The opaque place after a row."""
    values = [_plain(row[item.field]) for item in order]
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return iso(value) if isinstance(value, datetime) else value.isoformat() if isinstance(value, date) else value


def after_clause(sql: Sql, layer: Layer, order: tuple[Order, ...], cursor: str) -> str:
    """Rows behind a cursor in a total order with nulls last."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(order):
            raise ValueError(cursor)
    except ValueError as error:
        raise BadInputError(Text("翻页位置无效", "page cursor is not valid"), field="after") from error
    alternatives = []
    for place, item in enumerate(order):
        equal = [_same(sql, layer, order[i].field, values[i]) for i in range(place)]
        alternatives.append("(" + " AND ".join([*equal, _beyond(sql, layer, item, values[place])]) + ")")
    return "(" + " OR ".join(alternatives) + ")"


def _same(sql: Sql, layer: Layer, name: str, value: Any) -> str:
    if value is None:
        return f"{quoted(name)} IS NULL"
    return f"{quoted(name)} = {sql.bind(_typed(sql, layer, name, value))}"


def _beyond(sql: Sql, layer: Layer, item: Order, value: Any) -> str:
    if value is None:
        return "1=0"
    sign = "<" if item.descending else ">"
    bound = sql.bind(_typed(sql, layer, item.field, value))
    beyond = f"{quoted(item.field)} {sign} {bound}"
    return beyond if item.field == layer.key else f"({beyond} OR {quoted(item.field)} IS NULL)"
