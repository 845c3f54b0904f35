"""Columns of text made from columns of values: JSON literals, XML text, and coordinates joined ring by ring."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray
from shapely import GeometryType

from layers.fields import FieldSpec, Kind
from ogc.encode.crs import OgcCrs, outward

_CONTROL = r"[\x00-\x1f]"
_NOT_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"


def joined(*parts: pa.Array | str) -> pa.Array:
    """Row by row concatenation; a null anywhere makes the row null."""
    return pc.binary_join_element_wise(*(pa.scalar(p) if isinstance(p, str) else p for p in parts), "")


def json_texts(column: pa.Array) -> pa.Array:
    """Strings as JSON literals; the rare control characters are spelt by the library, value by distinct value."""
    if pc.any(pc.match_substring_regex(column, _CONTROL)).as_py():
        coded = column.dictionary_encode()
        words = [orjson.dumps(word).decode() for word in coded.dictionary.to_pylist()]
        return pa.array(words, pa.string()).take(coded.indices)
    safe = pc.replace_substring(pc.replace_substring(column, "\\", "\\\\"), '"', '\\"')
    return joined('"', safe, '"')


def xml_texts(column: pa.Array) -> pa.Array:
    """Strings as XML character data; what XML 1.0 cannot carry is dropped."""
    safe = pc.replace_substring(column, "&", "&amp;")
    safe = pc.replace_substring(pc.replace_substring(safe, "<", "&lt;"), ">", "&gt;")
    return pc.replace_substring_regex(safe, _NOT_XML, "")


def plain_texts(column: pa.Array, kind: Kind) -> pa.Array:
    """Numbers, truths, dates and times as ISO and XSD spell them; numbers that are none become null."""
    match kind:
        case Kind.DATETIME:
            texts = pc.strftime(column.cast(pa.timestamp("us", "UTC")), "%Y-%m-%dT%H:%M:%SZ")
            return pc.replace_substring_regex(texts, r"\.?0+Z$", "Z")
        case Kind.REAL:
            finite = pc.if_else(pc.is_finite(column), column, None)
            return finite.cast(pa.string())
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
    return pc.fill_null(texts, "null")


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
    shapes = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    rows = np.flatnonzero(there)
    if not len(rows):
        return None
    kind, xy, offsets = shapely.to_ragged_array(shapely.force_2d(shapes[there]))
    moved = outward(np.asarray(xy, np.float64), crs)
    first = pa.array(np.ascontiguousarray(moved[:, 0])).cast(pa.string())
    second = pa.array(np.ascontiguousarray(moved[:, 1])).cast(pa.string())
    vertices = pc.binary_join_element_wise(first, second, separator)
    low, high = moved.min(axis=0), moved.max(axis=0)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Ragged(kind, vertices, offsets, rows, len(shapes), box)
