"""Rows as PostgreSQL's COPY takes them in binary, spelt from Arrow columns without a Python object for each value."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from layers.fields import Kind
from layers.layer import Geometry, Layer
from store.arrays import alike, content, pieces, strided
from store.compile import quoted
from store.masking import masked_column
from store.postgis.connections import Connection
from store.postgis.layout import word_columns
from store.postgis.standing import Standing
from store.tokens import Words

SRID = 4490
ROWS = 10_000
"""Rows spelt at a time."""
START, END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
NOTHING = b"\xff\xff\xff\xff"
"""The length of no value."""
DAYS, MICROSECONDS = 10_957, 946_684_800_000_000
"""From 1970, where Arrow begins to count, to 2000, where PostgreSQL does."""
WIDTHS = {"bool": "u1", "int32": ">i4", "int64": ">i8", "double": ">f8"}
EWKB_TYPES = {Geometry.POINT: 1, Geometry.LINE: 5, Geometry.POLYGON: 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """Rows about to become present: every field and the place's WKB, and its `lexemes`."""

    table: pa.Table
    digests: pa.Array
    versions: pa.Array
    seqs: pa.Array
    words: Words


def columns_in(layer: Layer, rows: Arriving) -> pa.Table:
    """The columns of the layer's table as COPY takes them."""
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    for name, spec in layer.fields.items():
        column = rows.table.column(name)
        columns[quoted(name)] = _listed(column) if spec.kind is Kind.LIST else column
    columns |= {"_version": rows.versions, "_seq": rows.seqs, "_hash": rows.digests}
    columns |= dict(zip(word_columns(layer), rows.words, strict=True))
    if layer.geometry is not Geometry.NONE:
        wkb = rows.table.column("geometry").combine_chunks()
        columns["geom"] = ewkb(layer.geometry, wkb)
        if layer.cell:
            columns["_mask"] = ewkb(Geometry.POINT, masked_column(layer, wkb))
    return pa.table(columns)


def ewkb(geometry: Geometry, wkb: pa.Array) -> pa.Array:
    """Places with their reference system, as the server takes them."""
    header = struct.pack("<BII", 1, EWKB_TYPES[geometry] | 0x20000000, SRID)
    return pc.binary_replace_slice(wkb, 0, 5, header)


def _listed(column: pa.ChunkedArray) -> pa.Array:
    """Lists as the JSON they are kept as."""
    if alike(column.combine_chunks()):
        return pa.repeat("[]", len(column)) if not column.null_count else pa.nulls(len(column), pa.string())
    return pa.array([None if v is None else orjson.dumps(v).decode() for v in column.to_pylist()], pa.string())


def copy_in(db: Connection, table: str, columns: pa.Table, standing: Standing | None = None) -> None:
    """Rows into a table; the server takes what it has while the next are being spelt.

    Columns without any value are left out: a register has many that a delivery does not fill.
    """
    if standing is None:
        empty = [name for name, c in zip(columns.column_names, columns.columns, strict=True) if c.null_count == len(c)]
        columns = columns.drop_columns(empty)
    else:
        columns = columns.drop_columns(standing.left_out(columns))
    text = f"COPY {table} ({', '.join(columns.column_names)}) FROM STDIN WITH (FORMAT binary)"
    with db.cursor().copy(text.encode()) as copy:
        copy.write(START)
        for data in spelt(columns):
            copy.write(data)
        copy.write(END)


def spelt(columns: pa.Table) -> Iterator[bytes]:
    """Rows in binary, some at a time."""
    for piece in pieces(columns, ROWS):
        yield _rows(piece)


def _rows(columns: Mapping[str, pa.Array]) -> bytes:
    parts: list[Any] = [struct.pack(">h", len(columns))]
    for column in columns.values():
        if alike(column):
            found: list[Any] = [b"".join(p if isinstance(p, bytes) else p[0].as_py() for p in _parts(column[:1]))]
        else:
            found = _parts(column)
        for part in found:
            if isinstance(part, bytes) and isinstance(parts[-1], bytes):
                parts[-1] += part
            else:
                parts.append(part)
    if len(parts) == 1:
        return bytes(parts[0]) * len(column)
    data, _ = content(pc.binary_join_element_wise(*parts, b""))
    return data.tobytes()


def _parts(column: pa.Array) -> list[Any]:
    """The length and the bytes of each value."""
    if pa.types.is_string(column.type) or pa.types.is_binary(column.type):
        lengths = np.diff(content(column)[1]).astype(">i4")
        plain = column.cast(pa.binary())
        if column.null_count:
            lengths[pc.is_null(column).to_numpy(zero_copy_only=False)] = -1
            plain = pc.fill_null(plain, b"")
        elif len(lengths) and (lengths == lengths[0]).all():
            return [lengths[:1].tobytes(), plain]
        return [strided(lengths.view(np.uint8), 4), plain]
    numbers = _numbers(column)
    values = strided(numbers.view(np.uint8), numbers.itemsize)
    length = struct.pack(">i", numbers.itemsize)
    if not column.null_count:
        return [length, values]
    return [pc.if_else(pc.is_valid(column), pc.binary_join_element_wise(length, values, b""), NOTHING)]


def _numbers(column: pa.Array) -> np.ndarray:
    """Values of one width, the highest byte first; whatever where there is none."""
    kind, shift = str(column.type), 0
    if pa.types.is_date(column.type):
        column, kind, shift = column.cast(pa.int32()), "int32", DAYS
    elif pa.types.is_timestamp(column.type):
        column, kind, shift = column.cast(pa.int64()), "int64", MICROSECONDS
    elif pa.types.is_boolean(column.type):
        column, kind = column.cast(pa.uint8()), "bool"
    found: np.ndarray = pc.fill_null(column, 0).to_numpy()
    return (found - shift if shift else found).astype(WIDTHS[kind])
