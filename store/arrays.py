"""Arrow columns as the bytes they are: what a column's values take up, columns made of such bytes, tables in pieces."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bytes = npt.NDArray[np.uint8]
Ends = npt.NDArray[np.int32]

_HEXADECIMAL = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), np.uint16)
PIECE = 64 << 20
"""Bytes of a table taken at a time; Arrow's plain columns hold no more than 2 GB each."""


def pieces(table: pa.Table, rows: int) -> Iterator[dict[str, pa.Array]]:
    """So many rows at a time, fewer where they are large; each piece as columns of one chunk."""
    waiting = [table.slice(start, rows) for start in range(0, table.num_rows, rows)][::-1]
    while waiting:
        piece = waiting.pop()
        if piece.nbytes > PIECE and piece.num_rows > 1:
            half = piece.num_rows // 2
            waiting += [piece.slice(half), piece.slice(0, half)]
            continue
        yield {name: whole(column) for name, column in zip(piece.column_names, piece.columns, strict=True)}


def whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column in one chunk."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.nulls(0, column.type)])


def content(column: pa.Array) -> tuple[Bytes, Ends]:
    """The bytes of a column of text or bytes, and where each value starts in them, with the end of the last."""
    _, places, data = column.buffers()
    if not len(column):
        return np.empty(0, np.uint8), np.zeros(1, np.int32)
    ends = np.frombuffer(places, np.int32, len(column) + 1, column.offset * 4)
    first, last = int(ends[0]), int(ends[-1])
    found = (
        np.empty(0, np.uint8) if data is None or last == first else np.frombuffer(data, np.uint8, last - first, first)
    )
    return found, ends - first if first else ends


def column_of(data: Bytes, ends: Ends) -> pa.Array:
    """A column of bytes, the inverse of `content`."""
    return pa.Array.from_buffers(
        pa.binary(), len(ends) - 1, [None, pa.py_buffer(np.ascontiguousarray(ends, np.int32)), pa.py_buffer(data)]
    )


def strided(data: Bytes, width: int) -> pa.Array:
    """A column of values that are all so many bytes long."""
    return column_of(data, np.arange(0, len(data) + 1, width, dtype=np.int32))


def hexadecimal(data: Bytes) -> Bytes:
    """Two lower-case digits for each byte."""
    return _HEXADECIMAL[data].view(np.uint8)


def repeated(value: object, kind: pa.DataType, count: int) -> pa.Array:
    """A column of one value."""
    if value is None:
        return pa.nulls(count, kind)
    if pa.types.is_string(kind):
        data = np.frombuffer(str(value).encode() * count, np.uint8)
        return column_of(data, np.arange(count + 1, dtype=np.int32) * (len(data) // max(1, count))).cast(kind)
    if value == []:
        return pa.ListArray.from_arrays(pa.array(np.zeros(count + 1, np.int32)), pa.array([], kind.value_type))
    return pa.repeat(pa.scalar(value, kind), count)


def alike(column: pa.Array) -> bool:
    """Every row has the same value. Lists are looked at for being empty only."""
    if column.null_count or not len(column):
        return bool(len(column) and column.null_count == len(column))
    if pa.types.is_list(column.type):
        return not pc.max(pc.list_value_length(column)).as_py()
    if (pa.types.is_string(column.type) or pa.types.is_binary(column.type)) and not len(content(column)[0]):
        return True
    first = column[0]
    return bool(column[-1] == first and column[len(column) // 2] == first and pc.all(pc.equal(column, first)).as_py())
