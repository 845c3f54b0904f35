"""Reads of the PostGIS store: rows to Arrow, counts, totals, feed and versions."""

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
from store.entries import reached
from store.feed import Version
from store.history import as_written, owner_then
from store.masking import body_for
from store.postgis.connections import Connection, Connections
from store.postgis.dialect import PostGisDialect
from store.postgis.layout import Layout
from store.postgis.present import find
from store.protocol import Stored
from store.query import Measure, Query, Total
from store.rows import only, record_of
from store.schema import ARROW, Selection, listing, selection, total_type
from store.tailing import Numbered

HEAD = "SELECT coalesce(max(seq), 0) FROM om_feed"


def compiler() -> Sql:
    """An empty statement of this engine."""
    return Sql(PostGisDialect(), mark="%s")


def _decoded(column: Sequence[Any], kind: Kind) -> pa.Array:
    if kind is Kind.LIST:
        return pa.array(orjson.loads("[" + ",".join("null" if v is None else v for v in column) + "]"), ARROW[kind])
    return pa.array(column, ARROW[kind])


def _columns(layer: Layer, chosen: Selection, scope: Scope) -> str:
    names = [quoted(spec.name) for spec in chosen.fields]
    if chosen.geometry:
        names.append(f"ST_AsBinary({'_mask' if layer.masked(scope) else 'geom'}, 'NDR')")
    return ", ".join([*names, "_version", "_seq"])


def _batch(chosen: Selection, rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
    schema = chosen.arrow
    if not rows:
        return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)
    columns = list(zip(*rows, strict=True))
    arrays = [_decoded(columns[i], spec.kind) for i, spec in enumerate(chosen.fields)]
    arrays += [pa.array(column, schema.types[i]) for i, column in enumerate(columns) if i >= len(arrays)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _statement(layer: Layer, query: Query, scope: Scope) -> tuple[Selection, str, list[Any]]:
    chosen = selection(layer, query.fields, query.geometry, scope)
    sql = compiler()
    columns, where = _columns(layer, chosen, scope), where_clause(sql, layer, query, scope)
    text = f"SELECT {columns} FROM {quoted(layer.id)} WHERE {where}"
    if query.order or query.limit is not None or query.offset or query.after:
        order = order_by(layer, query.order, scope)
        if query.after:
            text += f" AND {after_clause(sql, layer, order, query.after)}"
        ordered = page = f" ORDER BY {order_text(layer, order)}"
        if query.limit is not None:
            page += f" LIMIT {sql.bind(query.limit)}"
        page += f" OFFSET {sql.bind(query.offset)}"
        if narrow(layer, query, order, listing(layer)):
            table, key = quoted(layer.id), quoted(layer.key)
            text = f"SELECT {columns} FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {where}{page})"
            page = ordered
        text += page
    return chosen, text, sql.params


def batches(db: Connection, layer: Layer, query: Query, scope: Scope, size: int) -> Iterator[pa.RecordBatch]:
    """Rows in batches through a cursor of the server, flat memory; at least one batch, perhaps empty."""
    chosen, text, params = _statement(layer, query, scope)
    first = True
    large = query.limit is None or query.limit > size
    with db.cursor("rows", binary=True) if large else db.cursor(binary=True) as cursor:
        cursor.execute(text.encode(), params)
        while rows := cursor.fetchmany(size):
            first = False
            yield _batch(chosen, rows)
    if first:
        yield _batch(chosen, [])


def page(connections: Connections, layer: Layer, query: Query, scope: Scope) -> pa.RecordBatch:
    """The rows of a query that has few, asked in one turn."""
    chosen, text, params = _statement(layer, query, scope)
    return _batch(chosen, connections.at_once(text, params))


def count(db: Connection, layer: Layer, query: Query, scope: Scope) -> int:
    """How many rows, exactly."""
    sql = compiler()
    text = f"SELECT count(*) FROM {quoted(layer.id)} WHERE {where_clause(sql, layer, query, scope)}"
    row = db.execute(text.encode(), sql.params).fetchone()
    return int(str(row[0])) if row else 0


def _measure(sql: Sql, layer: Layer, total: Total, scope: Scope) -> str:
    """Booleans have no order and whole numbers sum to numeric here; both are said as the answer's type wants."""
    those = of_those(sql, layer, total.where, scope)
    if total.field is None or total.measure is Measure.COUNT:
        return f"count({'*' if total.field is None else quoted(total.field)}){those}"
    kind = layer.fields[total.field].kind
    name = quoted(total.field) + ("::int" if kind is Kind.BOOLEAN else "")
    text = f"{total.measure.value}({name}){those}"
    if total.measure is Measure.SUM:
        return f"({text})::{'bigint' if kind in (Kind.INTEGER, Kind.BOOLEAN) else 'double precision'}"
    return f"({text})::boolean" if kind is Kind.BOOLEAN else text


def totals(
    db: Connection, layer: Layer, query: Query, by: tuple[str, ...], of: tuple[Total, ...], scope: Scope
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
    for total in of:
        if total.measure is not Measure.COUNT and total.field not in seen:
            raise BadInputError(Text(f"没有字段“{total.field}”", f"no field {total.field!r}"), field="of")
    sql = compiler()
    measures = [_measure(sql, layer, total, scope) for total in of]
    where = where_clause(sql, layer, query, scope)
    text = f"SELECT {', '.join(groups + measures)} FROM {quoted(layer.id)} WHERE {where}"
    if groups:
        places = [str(i + 1) for i in range(len(groups))]
        text += f" GROUP BY {', '.join(places)} ORDER BY {', '.join(f'{p} NULLS FIRST' for p in places)}"
    rows = db.cursor(binary=True).execute(text.encode(), sql.params).fetchall()
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * (len(groups) + len(measures))
    arrays = [_decoded(columns[i], layer.fields[name].kind) for i, name in enumerate(names)]
    for column, total in zip(columns[len(names) :], of, strict=True):
        arrays.append(pa.array(column, total_type(layer, total)))
    return pa.Table.from_arrays(arrays, names=[*names, *(total.name for total in of)])


def get(db: Connection, layer: Layer, key: str, scope: Scope) -> Stored:
    """One row under the scope."""
    checked(layer, scope)
    sql = compiler()
    clause = scope_clause(sql, layer, scope)
    text = f"SELECT 1 FROM {quoted(layer.id)} WHERE {clause} AND {quoted(layer.key)} = %s"
    if "\x00" in key or db.execute(text.encode(), (*sql.params, key)).fetchone() is None:
        raise NotFoundError(
            Text(f"{layer.title.zh}中没有“{key}”", f"no {key!r} in {layer.id}"), layer=layer.id, key=key
        )
    found = find(db, layer, [key])
    return Stored(record_of(layer, found.row(layer, 0), scope), found.versions[0], found.seqs[0])


def head(db: Connection) -> int:
    """The newest sequence number, 0 in an empty store."""
    return number(db.execute(HEAD.encode()).fetchone())


def number(row: tuple[object, ...] | None) -> int:
    """What `HEAD` answers."""
    return int(str(row[0])) if row else 0


def streams(db: Connection) -> dict[str, tuple[int, str]]:
    """The newest entry of each stream."""
    rows: list[tuple[Any, ...]] = db.execute(
        "SELECT stream, seq, chain FROM om_feed WHERE seq IN (SELECT max(seq) FROM om_feed GROUP BY stream)"
    ).fetchall()
    return {stream: (seq, chain) for stream, seq, chain in rows}


@dataclass(frozen=True, slots=True)
class PostGisTail:
    """See `store.tailing.Tail`."""

    db: Connection
    layout: Layout

    def statement(self) -> Sql:
        """An empty statement."""
        return compiler()

    def rows(self, text: str, params: list[Any]) -> list[tuple[Any, ...]]:
        """Rows of the feed."""
        found: list[tuple[Any, ...]] = self.db.execute(text.encode(), params).fetchall()
        return found

    def owners(self, layer: Layer, versions: Collection[Numbered]) -> dict[Numbered, str]:
        """From the table for present versions, from their bodies for archived ones."""
        keys, numbers = [key for key, _ in versions], [number for _, number in versions]
        history, own = self.layout.histories[layer.id], quoted(layer.enterprise_field or layer.key)
        present: list[tuple[Any, ...]] = self.db.execute(
            (
                f"SELECT {quoted(layer.key)}, _version, {own} FROM {quoted(layer.id)}"
                f" WHERE {quoted(layer.key)} = ANY(%s)"
            ).encode(),
            (keys,),
        ).fetchall()
        found = {(key, version): owner or "" for key, version, owner in present}
        archived: list[tuple[Any, ...]] = self.db.execute(
            "SELECT v.key, v.version, v.body, v.from_seq FROM unnest(%s::text[], %s::int[]) AS asked (key, version)"
            " JOIN om_versions AS v ON v.layer = %s AND v.key = asked.key AND v.version = asked.version",
            (keys, numbers, layer.id),
        ).fetchall()
        return found | {(key, number): owner_then(layer, history, body, seq) for key, number, body, seq in archived}


def versions(db: Connection, layer: Layer, layout: Layout, key: str, scope: Scope) -> tuple[Version, ...]:
    """Archived versions and the present one, oldest first, without the fields beyond the scope."""
    history, seen = layout.histories[layer.id], checked(layer, scope)
    if "\x00" in key:
        return ()
    sql = compiler()
    clause = reach_clause(sql, layer, scope)
    rows: list[tuple[Any, ...]] = db.execute(
        (
            "SELECT version, schema_version, body, from_seq, to_seq FROM om_versions"
            f" WHERE {clause} AND layer = %s AND key = %s ORDER BY version"
        ).encode(),
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
