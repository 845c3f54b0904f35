"""Reads of the embedded store: rows to Arrow, counts, totals, feed, versions and search."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import orjson
import pyarrow as pa

from core.clock import from_iso
from core.errors import BadInputError, NotFoundError
from core.scope import Scope, Sensitivity
from core.texts import Text
from layers.fields import Kind
from layers.layer import Catalogue, Geometry, Layer
from store.compile import Sql, after_clause, checked, order_by, order_text, quoted, scope_clause, where_clause
from store.embedded.blob import wkb_offset
from store.embedded.dialect import SqliteDialect
from store.feed import Change, Entry, Version
from store.protocol import Hit, Stored
from store.query import Measure, Query, Total
from store.rows import Row, record_of
from store.schema import ARROW, FEED_COLUMNS, Selection, selection
from store.tokens import tokens, wanted


@contextmanager
def _sql() -> Iterator[Sql]:
    dialect = SqliteDialect()
    try:
        yield Sql(dialect)
    finally:
        dialect.forget()


def _decoded(column: tuple[Any, ...], kind: Kind) -> pa.Array:
    match kind:
        case Kind.DATETIME:
            return pa.array([None if v is None else from_iso(v) for v in column], ARROW[kind])
        case Kind.DATE:
            return pa.array([None if v is None else date.fromisoformat(v) for v in column], ARROW[kind])
        case Kind.BOOLEAN:
            return pa.array([None if v is None else bool(v) for v in column], ARROW[kind])
        case Kind.LIST:
            return pa.array([None if v is None else orjson.loads(v) for v in column], ARROW[kind])
    return pa.array(column, ARROW[kind])


def _plain(value: Any, kind: Kind) -> Any:
    return _decoded((value,), kind)[0].as_py()


def _columns(layer: Layer, chosen: Selection) -> str:
    names = [quoted(spec.name) for spec in chosen.fields]
    if chosen.geometry:
        names.append(f"substr(geom, {wkb_offset(layer)})")
    return ", ".join([*names, "_version", "_seq"])


def _batch(chosen: Selection, rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
    schema = chosen.arrow
    if not rows:
        return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)
    columns = list(zip(*rows, strict=True))
    arrays = [_decoded(columns[i], spec.kind) for i, spec in enumerate(chosen.fields)]
    arrays += [pa.array(column, schema.types[i]) for i, column in enumerate(columns) if i >= len(arrays)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def batches(db: sqlite3.Connection, layer: Layer, query: Query, scope: Scope, size: int) -> Iterator[pa.RecordBatch]:
    """Rows in batches, one cursor, flat memory; at least one batch, perhaps empty."""
    chosen = selection(layer, query.fields, query.geometry, scope)
    with _sql() as sql:
        text = (
            f"SELECT {_columns(layer, chosen)} FROM {quoted(layer.id)} WHERE {where_clause(sql, layer, query, scope)}"
        )
        if query.order or query.limit is not None or query.offset or query.after:
            order = order_by(layer, query.order, scope)
            if query.after:
                text += f" AND {after_clause(sql, layer, order, query.after)}"
            text += f" ORDER BY {order_text(layer, order)}"
            text += f" LIMIT {sql.bind(-1 if query.limit is None else query.limit)} OFFSET {sql.bind(query.offset)}"
        cursor = db.execute(text, sql.params)
        first = True
        while rows := cursor.fetchmany(size):
            first = False
            yield _batch(chosen, rows)
        if first:
            yield _batch(chosen, [])


def count(db: sqlite3.Connection, layer: Layer, query: Query, scope: Scope) -> int:
    """How many rows, exactly."""
    with _sql() as sql:
        where = where_clause(sql, layer, query, scope)
        return int(db.execute(f"SELECT count(*) FROM {quoted(layer.id)} WHERE {where}", sql.params).fetchone()[0])


def totals(
    db: sqlite3.Connection, layer: Layer, query: Query, by: tuple[str, ...], of: tuple[Total, ...], scope: Scope
) -> pa.Table:
    """Aggregates per group, largest groups' order left to the caller."""
    seen = checked(layer, scope)
    groups, names = [], []
    for item in by:
        name, _, digits = item.partition(":")
        if name not in seen or (digits and not digits.isdigit()):
            raise BadInputError(Text(f"不能按“{item}”分组", f"cannot group by {item!r}"), field="by")
        names.append(name)
        groups.append(f"substr({quoted(name)}, 1, {int(digits)})" if digits else quoted(name))
    measures = []
    for total in of:
        if total.measure is not Measure.COUNT and total.field not in seen:
            raise BadInputError(Text(f"没有字段“{total.field}”", f"no field {total.field!r}"), field="of")
        inner = "*" if total.field is None else quoted(total.field)
        measures.append(f"{total.measure.value}({inner})")
    with _sql() as sql:
        where = where_clause(sql, layer, query, scope)
        text = f"SELECT {', '.join(groups + measures)} FROM {quoted(layer.id)} WHERE {where}"
        if groups:
            text += f" GROUP BY {', '.join(str(i + 1) for i in range(len(groups)))} ORDER BY 1"
        rows = db.execute(text, sql.params).fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * (len(groups) + len(measures))
    arrays = [_decoded(columns[i], layer.fields[name].kind) for i, name in enumerate(names)]
    arrays += [pa.array(columns[len(names) + i]) for i in range(len(measures))]
    return pa.Table.from_arrays(arrays, names=[*names, *(total.name for total in of)])


def present(db: sqlite3.Connection, layer: Layer, key: str) -> tuple[int, Row, int, int] | None:
    """The live row of a key whoever asks: fid, plain values, version, seq."""
    names = list(layer.fields)
    geometry = f"substr(geom, {wkb_offset(layer)})" if layer.geometry is not Geometry.NONE else "NULL"
    columns = ", ".join(quoted(name) for name in names)
    found = db.execute(
        f"SELECT fid, {columns}, {geometry}, _version, _seq FROM {quoted(layer.id)} WHERE {quoted(layer.key)} = ?",
        (key,),
    ).fetchone()
    if found is None:
        return None
    row = {name: _plain(found[i + 1], layer.fields[name].kind) for i, name in enumerate(names)}
    row["geometry"] = found[-3]
    return found[0], row, found[-2], found[-1]


def get(db: sqlite3.Connection, layer: Layer, key: str, scope: Scope) -> Stored:
    """One row under the scope."""
    checked(layer, scope)
    with _sql() as sql:
        clause = scope_clause(sql, layer, scope)
        seen = db.execute(
            f"SELECT 1 FROM {quoted(layer.id)} WHERE {clause} AND {quoted(layer.key)} = ?", (*sql.params, key)
        ).fetchone()
    found = present(db, layer, key) if seen else None
    if found is None:
        raise NotFoundError(
            Text(f"{layer.title.zh}中没有“{key}”", f"no {key!r} in {layer.id}"), layer=layer.id, key=key
        )
    _, row, version, seq = found
    return Stored(record_of(layer, row, scope), version, seq)


def head(db: sqlite3.Connection) -> int:
    """The newest sequence number, 0 in an empty store."""
    return int(db.execute("SELECT coalesce(max(seq), 0) FROM om_feed").fetchone()[0])


def entry_of(row: tuple[Any, ...]) -> Entry:
    """A feed row as a value."""
    (seq, at, actor, door, stream, layer, key, change, area, level, old, new, rows, row_hash, reason, chain) = row
    return Entry(
        seq=seq, at=from_iso(at), actor=actor, door=door, stream=stream, layer=layer, key=key, change=Change(change),
        area=area, sensitivity=Sensitivity(level), old_version=old, new_version=new, rows=rows, row_hash=row_hash,
        reason=reason, chain=chain,
    )  # fmt: skip


def feed(
    db: sqlite3.Connection, catalogue: Catalogue, after: int, scope: Scope, layers: frozenset[str] | None, limit: int
) -> tuple[Entry, ...]:
    """Entries the scope may see; a load is told to all who may see its layer, its rows stay under their own rights."""
    seen = [layer for layer in catalogue.seen_by(scope) if layers is None or layer.id in layers]
    if not seen:
        return ()
    sql = Sql(SqliteDialect())
    parts = []
    for layer in seen:
        clause = f"layer = {sql.bind(layer.id)}"
        parts.append(f"({clause} AND (change = 'load' OR {scope_clause(sql, layer, scope)}))")
    text = f"SELECT {FEED_COLUMNS} FROM om_feed WHERE ({' OR '.join(parts)}) AND seq > {sql.bind(after)}"
    rows = db.execute(f"{text} ORDER BY seq LIMIT {sql.bind(limit)}", sql.params).fetchall()
    return tuple(entry_of(row) for row in rows)


def versions(db: sqlite3.Connection, layer: Layer, key: str, scope: Scope) -> list[Version]:
    """The archived versions of a row the scope may see, oldest first."""
    sql = Sql(SqliteDialect())
    clause = scope_clause(sql, layer, scope)
    rows = db.execute(
        "SELECT version, schema_version, body, from_seq, to_seq FROM om_versions"
        f" WHERE {clause} AND layer = ? AND key = ? ORDER BY version",
        (*sql.params, layer.id, key),
    ).fetchall()
    return [
        Version(layer=layer.id, key=key, version=v, schema_version=s, body=b, from_seq=f, to_seq=t)
        for v, s, b, f, t in rows
    ]


SEARCHED = 2000


def search(
    db: sqlite3.Connection, catalogue: Catalogue, text: str, scope: Scope, layers: frozenset[str] | None, limit: int
) -> tuple[Hit, ...]:
    """Best matches first; what a caller may not read can neither be found nor counted."""
    exact, prefixes = wanted(text)
    if not exact and not prefixes:
        return ()
    columns = " ".join(f"t{level}" for level in range(int(scope.clearance) + 1))
    terms = [f'"{token}"' for token in exact] + [f'"{token}"*' for token in prefixes]
    found = db.execute(
        "SELECT s.layer, s.key, -bm25(om_search_text)"
        " FROM om_search_text JOIN om_search s ON s.id = om_search_text.rowid"
        " WHERE om_search_text MATCH ? ORDER BY bm25(om_search_text) LIMIT ?",
        (f"{{{columns}}} : ({' AND '.join(terms)})", SEARCHED),
    ).fetchall()
    hits: list[Hit] = []
    for layer_id, key, score in found:
        layer = catalogue.find(layer_id, scope)
        if layer is None or (layers is not None and layer_id not in layers):
            continue
        hit = _hit(db, layer, key, score, scope, exact, prefixes)
        if hit is not None:
            hits.append(hit)
            if len(hits) == limit:
                break
    return tuple(hits)


def _hit(
    db: sqlite3.Connection, layer: Layer, key: str, score: float, scope: Scope, exact: list[str], prefixes: list[str]
) -> Hit | None:
    seen = layer.fields_in(scope)
    shown = [name for name in layer.search if name in seen]
    label = layer.label if layer.label in seen else layer.key
    place = "_x, _y" if layer.geometry is not Geometry.NONE else "NULL, NULL"
    with _sql() as sql:
        clause = scope_clause(sql, layer, scope)
        columns = ", ".join(quoted(name) for name in (label, *shown) if name)
        row = db.execute(
            f"SELECT {place}, {columns} FROM {quoted(layer.id)} WHERE {clause} AND {quoted(layer.key)} = ?",
            (*sql.params, key),
        ).fetchone()
    if row is None:
        return None
    texts = [value for value in row[3:] if value]
    words = tokens(texts).split(" ")
    if not all(token in words for token in exact):
        return None
    if not all(any(word.startswith(token) for word in words) for token in prefixes):
        return None
    snippet = " · ".join(str(value) for value in texts if value != row[2])[:120]
    return Hit(layer=layer.id, key=key, label=str(row[2] or key), snippet=snippet, score=score, lon=row[0], lat=row[1])
