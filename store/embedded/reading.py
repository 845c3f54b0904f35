"""Reads of the embedded store: rows to Arrow, counts, totals, feed and versions."""

import math
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import pyarrow as pa

from core.errors import BadInputError, NotFoundError
from core.scope import Scope
from core.texts import Text
from layers.fields import Kind
from layers.filters import GEOMETRY
from layers.layer import Layer
from store.columns import bodies
from store.compile import (
    Sql,
    after_clause,
    checked,
    narrow,
    of_those,
    order_by,
    order_text,
    quoted,
    reach_clause,
    scope_clause,
    where_clause,
)
from store.embedded.blob import wkb_offset
from store.embedded.dialect import SqliteDialect
from store.embedded.layout import Layout, key_index
from store.embedded.present import find
from store.entries import reached
from store.feed import Version
from store.history import as_written, owner_then
from store.masking import body_for
from store.protocol import Stored
from store.query import Measure, Query, Total
from store.rows import only, record_of
from store.schema import ARROW, Selection, listing, selection, total_type
from store.tailing import Numbered


def _decoded(column: Sequence[Any], kind: Kind) -> pa.Array:
    match kind:
        case Kind.DATETIME | Kind.DATE:
            return pa.array(column, pa.string()).cast(ARROW[kind])
        case Kind.BOOLEAN:
            return pa.array([None if v is None else bool(v) for v in column], ARROW[kind])
        case Kind.LIST:
            return pa.array(orjson.loads("[" + ",".join("null" if v is None else v for v in column) + "]"), ARROW[kind])
    return pa.array(column, ARROW[kind])


def _columns(layer: Layer, chosen: Selection, scope: Scope) -> str:
    names = [quoted(spec.name) for spec in chosen.fields]
    if chosen.geometry:
        names.append(f"substr({'_mask' if layer.masked(scope) else 'geom'}, {wkb_offset(layer)})")
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
    sql = Sql(SqliteDialect(db))
    columns, where = _columns(layer, chosen, scope), where_clause(sql, layer, query, scope)
    text = f"SELECT {columns} FROM {quoted(layer.id)} WHERE {where}"
    if query.order or query.limit is not None or query.offset or query.after:
        order = order_by(layer, query.order, scope)
        if len(order) == 1 and _mostly_seen(db, layer, query, where, sql.params):
            text = f"SELECT {columns} FROM {quoted(layer.id)} INDEXED BY {quoted(key_index(layer))} WHERE {where}"
        if query.after:
            text += f" AND {after_clause(sql, layer, order, query.after)}"
        ordered = f" ORDER BY {order_text(layer, order)}"
        page = f" LIMIT {sql.bind(-1 if query.limit is None else query.limit)} OFFSET {sql.bind(query.offset)}"
        if narrow(layer, query, order, listing(layer)):
            table = quoted(layer.id)
            text = f"SELECT {columns} FROM {table} WHERE fid IN (SELECT fid FROM {table} WHERE {where}{ordered}{page})"
            page = ""
        text += ordered + page
    cursor = db.execute(text, sql.params)
    first = True
    while rows := cursor.fetchmany(size):
        first = False
        yield _batch(chosen, rows)
    if first:
        yield _batch(chosen, [])


def _mostly_seen(db: sqlite3.Connection, layer: Layer, query: Query, where: str, params: list[Any]) -> bool:
    """A page in the order of the keys is found sooner by walking their index than by sorting what the caller may see.

    Of N rows n are seen, and m are wanted: the walk meets about m N / n rows, the sort n. SQLite, which knows no n,
    takes any condition for a narrow one.
    """
    if query.bbox is not None or query.where is not None or query.at_seq is not None:
        return False
    rows = int(db.execute(f"SELECT coalesce(max(fid), 0) FROM {quoted(layer.id)}").fetchone()[0])
    wanted = rows if query.limit is None else min(rows, query.offset + query.limit)
    enough = math.isqrt(wanted * rows)
    seen = db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {quoted(layer.id)} WHERE {where} LIMIT ?)", [*params, enough]
    )
    return int(seen.fetchone()[0]) >= enough


def count(db: sqlite3.Connection, layer: Layer, query: Query, scope: Scope) -> int:
    """How many rows, exactly."""
    sql = Sql(SqliteDialect(db))
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
    sql = Sql(SqliteDialect(db))
    for total in of:
        if total.measure is not Measure.COUNT and total.field not in seen:
            raise BadInputError(Text(f"没有字段“{total.field}”", f"no field {total.field!r}"), field="of")
        inner = "*" if total.field is None else quoted(total.field)
        measures.append(f"{total.measure.value}({inner}){of_those(sql, layer, total.where, scope)}")
    where = where_clause(sql, layer, query, scope)
    text = f"SELECT {', '.join(groups + measures)} FROM {quoted(layer.id)} WHERE {where}"
    if groups:
        places = ", ".join(str(i + 1) for i in range(len(groups)))
        text += f" GROUP BY {places} ORDER BY {places}"
    rows = db.execute(text, sql.params).fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * (len(groups) + len(measures))
    arrays = [_decoded(columns[i], layer.fields[name].kind) for i, name in enumerate(names)]
    for column, total in zip(columns[len(names) :], of, strict=True):
        kind = total_type(layer, total)
        values = [None if v is None else bool(v) for v in column] if kind == pa.bool_() else column
        text_like = pa.types.is_temporal(kind)
        arrays.append(pa.array(values, pa.string()).cast(kind) if text_like else pa.array(values, kind))
    return pa.Table.from_arrays(arrays, names=[*names, *(total.name for total in of)])


def get(db: sqlite3.Connection, layer: Layer, key: str, scope: Scope) -> Stored:
    """One row under the scope."""
    checked(layer, scope)
    sql = Sql(SqliteDialect(db))
    clause = scope_clause(sql, layer, scope)
    text = f"SELECT 1 FROM {quoted(layer.id)} WHERE {clause} AND {quoted(layer.key)} = ?"
    if db.execute(text, (*sql.params, key)).fetchone() is None:
        raise NotFoundError(
            Text(f"{layer.title.zh}中没有“{key}”", f"no {key!r} in {layer.id}"), layer=layer.id, key=key
        )
    found = find(db, layer, [key])
    return Stored(record_of(layer, found.row(layer, 0), scope), found.versions[0], found.seqs[0])


def head(db: sqlite3.Connection) -> int:
    """The newest sequence number, 0 in an empty store."""
    return int(db.execute("SELECT coalesce(max(seq), 0) FROM om_feed").fetchone()[0])


def streams(db: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    """The newest entry of each stream; its index answers."""
    rows = db.execute(
        "SELECT stream, seq, chain FROM om_feed WHERE seq IN (SELECT max(seq) FROM om_feed GROUP BY stream)"
    )
    return {stream: (seq, chain) for stream, seq, chain in rows}


@dataclass(frozen=True, slots=True)
class EmbeddedTail:
    """See `store.tailing.Tail`."""

    db: sqlite3.Connection
    layout: Layout

    def statement(self) -> Sql:
        """An empty statement."""
        return Sql(SqliteDialect(self.db))

    def rows(self, text: str, params: list[Any]) -> list[tuple[Any, ...]]:
        """Rows of the feed."""
        return self.db.execute(text, params).fetchall()

    def owners(self, layer: Layer, versions: Collection[Numbered]) -> dict[Numbered, str]:
        """From the table for present versions, from their bodies for archived ones."""
        asked, history = orjson.dumps(list(versions)).decode(), self.layout.histories[layer.id]
        own = quoted(layer.enterprise_field or layer.key)
        present = self.db.execute(
            f"SELECT {quoted(layer.key)}, _version, {own} FROM {quoted(layer.id)}"
            f" WHERE {quoted(layer.key)} IN (SELECT json_extract(value, '$[0]') FROM json_each(?))",
            (asked,),
        )
        found = {(key, version): owner or "" for key, version, owner in present}
        archived = self.db.execute(
            "SELECT v.key, v.version, v.body, v.from_seq FROM json_each(?) AS asked CROSS JOIN om_versions AS v"
            " ON v.layer = ? AND v.key = json_extract(asked.value, '$[0]')"
            " AND v.version = json_extract(asked.value, '$[1]')",
            (asked, layer.id),
        )
        return found | {(key, number): owner_then(layer, history, body, seq) for key, number, body, seq in archived}


def versions(db: sqlite3.Connection, layer: Layer, layout: Layout, key: str, scope: Scope) -> tuple[Version, ...]:
    """Archived versions and the present one, oldest first, without the fields beyond the scope."""
    history, seen = layout.histories[layer.id], checked(layer, scope)
    sql = Sql(SqliteDialect(db))
    clause = reach_clause(sql, layer, scope)
    rows = db.execute(
        "SELECT version, schema_version, body, from_seq, to_seq FROM om_versions"
        f" WHERE {clause} AND layer = ? AND key = ? ORDER BY version",
        (*sql.params, layer.id, key),
    ).fetchall()
    found = find(db, layer, [key])
    if len(found) and reached(layer, scope, found.plain["area"][0] or "", found.plain["sensitivity"][0]):
        body = bodies(as_written(found.plain, history, found.seqs))[0]
        rows.append((found.versions[0], history.schema_at(found.seqs[0]), body, found.seqs[0], None))
    if layer.narrowed_by(scope) is not None:
        rows = [row for row in rows if owner_then(layer, history, row[2], row[3]) in (scope.enterprises or ())]
    return tuple(
        Version(
            layer=layer.id, key=key, version=version, schema_version=schema,
            body=only(body_for(layer, body, scope), {GEOMETRY, *(history.written_name(name, since) for name in seen)}),
            from_seq=since, to_seq=until,
        )
        for version, schema, body, since, until in rows
    )  # fmt: skip
