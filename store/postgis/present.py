"""The present rows of a layer's table: found, copied in, taken away and archived, many at once."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import orjson
import psycopg
import pyarrow as pa
import pyarrow.csv as pa_csv
import shapely

from core.canonical import sha256
from layers.fields import Kind
from layers.layer import Geometry, Layer
from store.columns import Plain, bodies
from store.compile import quoted
from store.history import as_written
from store.masking import masks
from store.postgis.connections import Connection
from store.postgis.layout import Layout, word_levels
from store.present import Present
from store.rows import Row
from store.schema import ARROW
from store.tokens import Words, words_of

SRID = 4490
CHUNK = 5_000
"""Rows spelt as CSV at a time."""
LONGEST_WORD = 500
"""Characters; tsvector refuses words of over 2,046 bytes, and nobody types one of 500."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """Rows about to become present; `words` are their search words by sensitivity, `table` their Arrow columns."""

    plain: Plain
    shapes: np.ndarray | None
    hashes: Sequence[str]
    versions: Sequence[int]
    seqs: Sequence[int]
    words: Words
    table: pa.Table | None = None


def searchable(layer: Layer, plain: Plain) -> Words:
    """The words of rows, none longer than the index takes."""
    if not layer.search:
        return []
    return [
        [" ".join(w for w in text.split(" ") if len(w) <= LONGEST_WORD) if len(text) > LONGEST_WORD else text
         for text in column]
        for column in words_of(layer, plain)
    ]  # fmt: skip


def as_csv(layer: Layer, rows: Arriving) -> tuple[str, Iterator[bytes]]:
    """Column names and the rows as CSV, some at a time: no value is an empty cell, an empty text a quoted one.

    Columns without any value are left out: a register has many that a delivery does not fill.
    """
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    for name, spec in layer.fields.items():
        if rows.table is not None and spec.kind is not Kind.LIST:
            columns[quoted(name)] = rows.table[name]
            continue
        values = rows.plain[name]
        if spec.kind is Kind.LIST:
            values = [None if v is None else orjson.dumps(v).decode() for v in values]
        texts = spec.kind in (Kind.LIST, Kind.DATE, Kind.DATETIME)
        columns[quoted(name)] = pa.array(values, pa.string() if texts else ARROW[spec.kind])
    columns |= {"_version": pa.array(rows.versions, pa.int32()), "_seq": pa.array(rows.seqs, pa.int64())}
    columns["_hash"] = pa.array(rows.hashes, pa.string())
    for level in word_levels(layer):
        columns[f"_t{int(level)}"] = pa.array(rows.words[int(level)], pa.string())
    if rows.shapes is not None:
        columns["geom"] = pa.array(spelt(rows.shapes), pa.string())
        if layer.cell:
            columns["_mask"] = pa.array(spelt(masks(layer, rows.shapes)), pa.string())
    filled = {name: column for name, column in columns.items() if column.null_count < len(column)}
    return ", ".join(filled), _spelt(pa.table(filled))


def spelt(shapes: np.ndarray) -> list[str | None]:
    """Shapes as the server takes them in text."""
    marked = shapely.set_srid(shapes, SRID)
    found: list[str | None] = shapely.to_wkb(marked, hex=True, include_srid=True, byte_order=1).tolist()
    return found


def _spelt(table: pa.Table) -> Iterator[bytes]:
    for start in range(0, len(table), CHUNK):
        sink = io.BytesIO()
        pa_csv.write_csv(table.slice(start, CHUNK), sink, pa_csv.WriteOptions(include_header=False))
        yield sink.getvalue()


def copy_in(db: Connection, table: str, names: str, data: Iterable[bytes]) -> None:
    """CSV into a table; the server takes what it has while the next rows are being spelt."""
    for by_rows, some in groupby(data, _looks_ended):
        if by_rows:
            for part in some:
                _copy_by_rows(db, table, names, part)
            continue
        with db.cursor().copy(f"COPY {table} ({names}) FROM STDIN WITH (FORMAT csv)".encode()) as copy:
            for part in some:
                copy.write(part)


def _looks_ended(data: bytes) -> bool:
    """Before PostgreSQL 18, COPY takes a line of \\. for the end of the data even inside a quoted text."""
    return b"\n\\." in data


def _copy_by_rows(db: Connection, table: str, names: str, data: bytes) -> None:
    options = pa_csv.ConvertOptions(
        strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""],
        column_types={name: pa.string() for name in names.split(", ")},
    )  # fmt: skip
    read = pa_csv.read_csv(
        io.BytesIO(data),
        read_options=pa_csv.ReadOptions(column_names=names.split(", "), block_size=max(len(data) + 1, 1 << 20)),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=options,
    )
    with db.cursor().copy(f"COPY {table} ({names}) FROM STDIN".encode()) as copy:
        for row in zip(*(column.to_pylist() for column in read.columns), strict=True):
            copy.write_row(row)


def write_one(db: Connection, layer: Layer, row: Row, body: bytes, version: int, seq: int) -> None:
    """One row of an edit becomes present, with its words."""
    plain: Mapping[str, Any] = orjson.loads(body)
    columns: Plain = {name: [plain.get(name)] for name in layer.fields}
    shapes = None
    if layer.geometry is not Geometry.NONE:
        shapes = shapely.from_wkb(np.array([row["geometry"]], dtype=object))
    arriving = Arriving(
        plain=columns, shapes=shapes, hashes=[sha256(body)], versions=[version], seqs=[seq],
        words=searchable(layer, columns),
    )  # fmt: skip
    copy_in(db, quoted(layer.id), *as_csv(layer, arriving))
