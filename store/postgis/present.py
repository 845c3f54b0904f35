"""The present rows of a layer's table: found, copied in, taken away and archived, many at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import psycopg
import pyarrow as pa

from core.canonical import sha256
from layers.fields import Kind
from layers.layer import Geometry, Layer
from store.columns import Plain, bodies, table_of
from store.compile import quoted
from store.history import as_written
from store.postgis.connections import Connection
from store.postgis.copying import Arriving, columns_in, copy_in
from store.postgis.layout import Layout
from store.postgis.lexemes import lexemes
from store.present import Present
from store.rows import Row

PLAIN = {
    Kind.DATETIME: 'to_char({0}, \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')',
    Kind.DATE: "to_char({0}, 'YYYY-MM-DD')",
}
"""Times as canonical bodies spell them; every connection's time zone is UTC."""


def columns_of(layer: Layer) -> str:
    """What `rows_of` reads, in its order."""
    names = [PLAIN.get(spec.kind, "{0}").format(quoted(name)) for name, spec in layer.fields.items()]
    if layer.geometry is not Geometry.NONE:
        names.append("encode(ST_AsBinary(geom, 'NDR'), 'hex')")
    return ", ".join([*names, "_version", "_seq", "_hash"])


def rows_of(layer: Layer, rows: Sequence[tuple[Any, ...]]) -> Present:
    """Fetched rows as columns."""
    width = len(layer.fields) + (layer.geometry is not Geometry.NONE) + 3
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
    plain: Plain = {}
    for (name, spec), column in zip(layer.fields.items(), columns, strict=False):
        plain[name] = (
            [None if value is None else orjson.loads(value) for value in column] if spec.kind is Kind.LIST else column
        )
    if layer.geometry is not Geometry.NONE:
        plain["geometry"] = columns[-4]
    return Present([0] * len(rows), plain[layer.key], plain, columns[-3], columns[-2], columns[-1])


def find(db: Connection, layer: Layer, keys: Sequence[str]) -> Present:
    """The live rows among some keys, whoever asks."""
    text = f"SELECT {columns_of(layer)} FROM {quoted(layer.id)} WHERE {quoted(layer.key)} = ANY(%s)"
    return rows_of(layer, _binary(db, text, (list(keys),)).fetchall())


def _binary(db: Connection, text: str, params: Sequence[Any] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
    return db.cursor(binary=True).execute(text.encode(), params)


def last_versions(db: Connection, layer: Layer, keys: Sequence[str]) -> dict[str, int]:
    """The newest archived version of those keys that have one."""
    text = "SELECT key, max(version) FROM om_versions WHERE layer = %s AND key = ANY(%s) GROUP BY key"
    return dict(_binary(db, text, (layer.id, list(keys))).fetchall())


def archive(db: Connection, layer: Layer, layout: Layout, rows: Present, to_seq: int) -> None:
    """Keep these versions; they ended with an entry."""
    if not len(rows):
        return
    history = layout.histories[layer.id]
    kept = bodies(as_written(rows.plain, history, rows.seqs))
    areas, levels = rows.plain["area"], rows.plain["sensitivity"]
    with db.cursor().copy("COPY om_versions FROM STDIN") as copy:
        for key, version, body, row_hash, since, area, level in zip(
            rows.keys, rows.versions, kept, rows.hashes, rows.seqs, areas, levels, strict=True
        ):
            schema = history.schema_at(since)
            copy.write_row((layer.id, key, version, schema, body, row_hash, since, to_seq, area or "", level or 0))


def remove(db: Connection, layer: Layer, rows: Present) -> None:
    """Take rows out of the present; their words and places go with them."""
    db.execute(f"DELETE FROM {quoted(layer.id)} WHERE {quoted(layer.key)} = ANY(%s)".encode(), (rows.keys,))


def arriving(
    layer: Layer, plain: Mapping[str, list[Any]], hashes: Sequence[str], versions: Sequence[int], seqs: Sequence[int]
) -> Arriving:
    """Rows of plain values about to become present."""
    table = table_of(layer, plain)
    return Arriving(
        table=table, digests=pa.array(hashes, pa.string()), versions=pa.array(versions, pa.int32()),
        seqs=pa.array(seqs, pa.int64()), words=lexemes(layer, plain),
    )  # fmt: skip


def write_one(db: Connection, layer: Layer, row: Row, body: bytes, version: int, seq: int) -> None:
    """One row of an edit becomes present, with its words."""
    plain: Mapping[str, Any] = orjson.loads(body)
    columns: Plain = {name: [plain.get(name)] for name in (*layer.fields, "geometry")}
    copy_in(db, quoted(layer.id), columns_in(layer, arriving(layer, columns, [sha256(body)], [version], [seq])))
