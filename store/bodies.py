"""Canonical bodies of many rows spelt from Arrow columns, as `core.canonical` spells one, and the hash of each.

A column that holds one value throughout is written once; rows are put together by Arrow, without a Python object each.
"""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from store.arrays import alike, column_of, content, hexadecimal, pieces, strided

ROWS = 10_000
"""Rows spelt at a time."""
ESCAPED = r'["\\\x00-\x1f]'
"""Characters that JSON spells in another way."""


def hashes_of(table: pa.Table, pivot: str) -> pa.Array:
    """The SHA-256 of every row's body, as text."""
    digests: list[bytes] = []
    sha256 = hashlib.sha256
    for found in bodies_of(table, pivot):
        data, ends = content(found)
        places, view = ends.tolist(), memoryview(data)
        digests += [sha256(view[start:end]).digest() for start, end in pairwise(places)]
    return strided(hexadecimal(np.frombuffer(b"".join(digests), np.uint8)), 64).cast(pa.string())


def bodies_of(table: pa.Table, pivot: str) -> Iterator[pa.Array]:
    """Bodies, some rows at a time; every row has a value in the column `pivot`."""
    for columns in pieces(table.select(sorted(table.column_names)), ROWS):
        yield _bodies(columns, pivot)


def _bodies(columns: Mapping[str, pa.Array], pivot: str) -> pa.Array:
    parts: list[pa.Array | bytes] = []
    text, before, after = b"{", b"", b","
    for name, column in columns.items():
        if name == pivot:
            before, after = before, b""
        head = before + orjson.dumps(name) + b":"
        if column.null_count == len(column):
            pass
        elif alike(column):
            text += head + _spelt(column[:1])[0].as_py() + after
        elif column.null_count:
            member = pc.binary_join_element_wise(head, _spelt(column), after, b"")
            parts += [text, pc.fill_null(member, b"")]
            text = b""
        else:
            parts += [text + head, _spelt(column)]
            text = after
        if name == pivot:
            before = b","
    parts.append(text + b"}")
    if not any(isinstance(part, pa.Array) for part in parts):
        return pa.repeat(pa.scalar(b"".join(parts), pa.binary()), len(columns[pivot]))
    return pc.binary_join_element_wise(*(part for part in parts if len(part)), b"")


def _spelt(column: pa.Array) -> pa.Array:
    """Each value as JSON, none where there is none."""
    kind = column.type
    if pa.types.is_string(kind):
        return pc.binary_join_element_wise(b'"', _escaped(column), b'"', b"")
    if pa.types.is_binary(kind):
        data, ends = content(column)
        digits = column_of(hexadecimal(data), ends * 2)
        return pc.binary_join_element_wise(b'"', _but(digits, column), b'"', b"")
    if pa.types.is_floating(kind):
        written = orjson.dumps(pc.fill_null(column, 0.0).to_numpy(), option=orjson.OPT_SERIALIZE_NUMPY)
        return _but(pa.array(written[1:-1].split(b","), pa.binary()), column)
    if pa.types.is_list(kind):
        return pa.array([None if value is None else orjson.dumps(value) for value in column.to_pylist()], pa.binary())
    if pa.types.is_timestamp(kind):
        column = pc.strftime(column, "%Y-%m-%dT%H:%M:%SZ")
    if pa.types.is_temporal(kind):
        return pc.binary_join_element_wise(b'"', column.cast(pa.string()).cast(pa.binary()), b'"', b"")
    return column.cast(pa.string()).cast(pa.binary())


def _but(values: pa.Array, column: pa.Array) -> pa.Array:
    """Those values, none where the column has none."""
    return values if not column.null_count else pc.if_else(pc.is_valid(column), values, pa.scalar(None, values.type))


def _escaped(column: pa.Array) -> pa.Array:
    """The inside of each text's JSON."""
    data, _ = content(column)
    plain = column.cast(pa.binary())
    if not ((data < 0x20) | (data == 0x22) | (data == 0x5C)).any():
        return plain
    marked = pc.fill_null(pc.match_substring_regex(column, ESCAPED), False)
    written = [orjson.dumps(text)[1:-1] for text in column.filter(marked).to_pylist()]
    return pc.replace_with_mask(plain, marked, pa.array(written, pa.binary()))
