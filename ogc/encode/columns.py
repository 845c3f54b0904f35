"""Columns of text made from columns of values: JSON literals, XML text, and coordinates joined ring by ring."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray
from shapely import GeometryType

from layers.fields import FieldSpec, Kind
from ogc.encode.crs import Coordinates, OgcCrs, outward
from ogc.encode.moments import moment_texts

_BARRED = ("\ufffe".encode(), "\uffff".encode())
WKB_POINT = b"\x01\x01\x00\x00\x00"
_NOT_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"


Parts = tuple[pa.Array | str, ...]
"""What a row is joined from: columns, and what stands between them in every row."""


def _table(members: bytes) -> NDArray[np.bool_]:
    table = np.zeros(256, bool)
    table[list(members)] = True
    return table


_CONTROL = bytes(range(0x20))
_OF_JSON = _table(_CONTROL)
_OF_JSON_TOO = _table(_CONTROL + b'"\\')
_OF_XML = _table(bytes(set(_CONTROL) - set(b"\t\n\r")) + b"&<>\r")


def holds_any(column: pa.Array, table: NDArray[np.bool_]) -> bool:
    """Some byte of these texts, or of those they were sliced from, is in the table: one look at the whole buffer."""
    data = column.buffers()[2]
    return data is not None and bool(table[np.frombuffer(data, np.uint8)].any())


def same_for_all(column: pa.Array) -> bool:
    """Every row says the same, as sources, areas and times of a load do: what is spelt once need not be joined."""
    count = len(column)
    if column.null_count or not count:
        return False
    if pa.types.is_boolean(column.type):
        return column.true_count in (0, count)
    if pa.types.is_string(column.type):
        ends = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + count + 1]
        start, width, size = int(ends[0]), int(ends[1] - ends[0]), int(ends[-1] - ends[0])
        if size != width * count:
            return False
        said = bytes(memoryview(column.buffers()[2] or b"")[start : start + size])
        return said == said[:width] * count and bool((np.diff(ends) == width).all())
    if not pa.types.is_primitive(column.type):
        return False
    bits = np.frombuffer(column.buffers()[1], f"i{column.type.bit_width // 8}")
    values = bits[column.offset : column.offset + count]
    return bool(values[0] == values[-1] and (values == values[0]).all())


def joined(*parts: pa.Array | str) -> pa.Array:
    """Row by row concatenation; a null anywhere makes the row null."""
    return pc.binary_join_element_wise(*(_scalar(p) if isinstance(p, str) else p for p in _merged(parts)), "")


@lru_cache(maxsize=2048)
def _scalar(text: str) -> pa.Scalar:
    """What stands between values of one layer is the same in every answer."""
    return pa.scalar(text)


def _merged(parts: Sequence[pa.Array | str]) -> list[pa.Array | str]:
    """The parts with neighbouring constants made one."""
    merged: list[pa.Array | str] = []
    for part in parts:
        if merged and isinstance(part, str) and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def run_together(texts: pa.Array) -> bytes:
    """Texts without nulls one after the other: that is how Arrow keeps them, so nothing is joined."""
    data = texts.buffers()[2]
    if data is None or not len(texts):
        return b""
    offsets = np.frombuffer(texts.buffers()[1], np.int32)
    first, last = int(offsets[texts.offset]), int(offsets[texts.offset + len(texts)])
    return bytes(data.slice(first, last - first))


def json_texts(column: pa.Array) -> pa.Array:
    """Strings as JSON literals; the rare control characters are spelt by the library, value by distinct value."""
    return joined('"', json_inner(column), '"')


def json_inner(column: pa.Array) -> pa.Array:
    """What stands between the quotation marks of JSON literals."""
    if not holds_any(column, _OF_JSON_TOO):
        return column
    if holds_any(column, _OF_JSON):
        coded = column.dictionary_encode()
        words = [orjson.dumps(word).decode()[1:-1] for word in coded.dictionary.to_pylist()]
        return pa.array(words, pa.string()).take(coded.indices)
    return pc.replace_substring(pc.replace_substring(column, "\\", "\\\\"), '"', '\\"')


def xml_texts(column: pa.Array) -> pa.Array:
    """Strings as XML character data; what XML 1.0 cannot carry is dropped."""
    data = column.buffers()[2]
    if not holds_any(column, _OF_XML) and (data is None or not any(barred in data.to_pybytes() for barred in _BARRED)):
        return column
    safe = pc.replace_substring(column, "&", "&amp;")
    safe = pc.replace_substring(pc.replace_substring(safe, "<", "&lt;"), ">", "&gt;")
    return pc.replace_substring_regex(safe, _NOT_XML, "")


def plain_texts(column: pa.Array, kind: Kind) -> pa.Array:
    """Numbers, truths, dates and times as ISO and XSD spell them; numbers that are none become null."""
    match kind:
        case Kind.DATETIME:
            return moment_texts(column)
        case Kind.REAL:
            finite = pc.is_finite(column)
            there = finite.true_count == len(column)
            return (column if there else pc.if_else(finite, column, None)).cast(pa.string())
        case _:
            return column.cast(pa.string())


def json_values(column: pa.Array, spec: FieldSpec) -> pa.Array:
    """One field as JSON literals, `null` where nothing is known."""
    match spec.kind:
        case Kind.TEXT:
            texts = json_texts(column)
        case Kind.DATE | Kind.DATETIME:
            texts = joined('"', plain_texts(column, spec.kind), '"')
        case Kind.LIST:
            texts = _lists(column)
        case _:
            texts = plain_texts(column, spec.kind)
    return pc.fill_null(texts, "null") if texts.null_count else texts


def _lists(column: pa.Array) -> pa.Array:
    inner = pa.ListArray.from_arrays(_filled_offsets(column), pc.fill_null(json_texts(column.flatten()), "null"))
    texts = joined("[", pc.binary_join(inner, ","), "]")
    return pc.if_else(column.is_valid(), texts, None)


def repeated(column: pa.Array, opening: str, closing: str) -> pa.Array:
    """Lists as one element per item; an absent list is no element."""
    items = joined(opening, pc.fill_null(xml_texts(column.flatten()), ""), closing)
    return pc.binary_join(pa.ListArray.from_arrays(_filled_offsets(column), items), "")


def _filled_offsets(column: pa.Array) -> pa.Array:
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    return pa.array(np.concatenate(([0], np.cumsum(lengths))).astype(np.int32))


def gathered(offsets: NDArray[np.integer], parts: pa.Array, separator: str) -> pa.Array:
    """Parts joined group by group; `offsets` bound the groups."""
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), parts), separator)


@dataclass(frozen=True, slots=True)
class Ragged:
    """Geometries of one kind taken apart: vertices as text, and the offsets that put them together again.

    `rows` are the places in the column the geometries came from; the others have none. `box` is around them all, the
    lower corner before the upper one, in the order of the vertices.
    """

    kind: GeometryType
    vertices: pa.Array
    offsets: Sequence[NDArray[np.integer]]
    rows: NDArray[np.int64]
    total: int
    box: tuple[float, float, float, float]

    def spread(self, texts: pa.Array) -> pa.Array:
        """The texts back in their rows, null where there was no geometry."""
        if len(self.rows) == self.total:
            return texts
        places = np.full(self.total, -1, np.int64)
        places[self.rows] = np.arange(len(self.rows))
        return texts.take(pa.array(places, mask=places < 0))


def taken_apart(wkb: pa.Array, crs: OgcCrs, separator: str) -> Ragged | None:
    """A geometry column as text vertices in the axis order of `crs`; None when every geometry is missing."""
    places = points(wkb)
    if places is not None:
        rows, moved = np.flatnonzero(np.asarray(wkb.is_valid())), outward(places, crs)
        return Ragged(GeometryType.POINT, vertex_texts(moved, separator), (), rows, len(wkb), _around(moved))
    shapes = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    rows = np.flatnonzero(there)
    if not len(rows):
        return None
    kind, xy, offsets = shapely.to_ragged_array(shapely.force_2d(shapes[there]))
    moved = outward(np.asarray(xy, np.float64), crs)
    return Ragged(kind, vertex_texts(moved, separator), offsets, rows, len(shapes), _around(moved))


def points(wkb: pa.Array) -> Coordinates | None:
    """The coordinates of a column of points, read out of their bytes; None where it is another column, or has none."""
    there = wkb.drop_null() if wkb.null_count else wkb
    data = there.buffers()[2]
    if data is None or not len(there):
        return None
    offsets = np.frombuffer(there.buffers()[1], np.int32)[there.offset : there.offset + len(there) + 1]
    if not (np.diff(offsets) == len(WKB_POINT) + 16).all():
        return None
    rows = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]].reshape(len(there), -1)
    if not (rows[:, : len(WKB_POINT)] == np.frombuffer(WKB_POINT, np.uint8)).all():
        return None
    found = np.ascontiguousarray(rows[:, len(WKB_POINT) :]).view("<f8")
    return None if np.isnan(found).any() else found


def vertex_texts(xy: Coordinates, separator: str) -> pa.Array:
    """Each vertex as its two numbers, as short as they can be said: the JSON of the array without its brackets."""
    said = np.frombuffer(orjson.dumps(np.ascontiguousarray(xy), option=orjson.OPT_SERIALIZE_NUMPY), np.uint8)[1:-1]
    ends = said == ord("]")
    kept = ~(ends | (said == ord("[")))
    kept[1:] &= ~ends[:-1]  # the comma behind a vertex
    data = said[kept]
    data[data == ord(",")] = ord(separator)
    offsets = np.concatenate(([0], np.cumsum(kept, dtype=np.int32)[ends])).astype(np.int32)
    return pa.StringArray.from_buffers(len(xy), pa.py_buffer(offsets), pa.py_buffer(data))


def _around(xy: Coordinates) -> tuple[float, float, float, float]:
    low, high = xy.min(axis=0), xy.max(axis=0)
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
