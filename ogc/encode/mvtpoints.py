"""Vector tiles of points whose attributes were written before: all features of one are a single run of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.fields import FieldSpec
from ogc.encode import mvt
from ogc.encode.ragged import field, spelt, varint_sizes, zigzag

Ints = NDArray[np.int64]
_AT_ONCE = 50_000
_ID, _TAGS, _SHAPE = 3, 5, 6
"""Places in a feature's numbers: its own, and the lengths of its tags and (from the end) of its commands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of all features: the values as a tile writes them, and which of them each feature has, or -1."""

    name: str
    numbers: Ints
    values: bytes
    count: int


def written(column: pa.ChunkedArray, spec: FieldSpec) -> pa.Array:
    """A column as the bytes of its values in a tile; where they come again, each once in a dictionary."""
    plain = pa.chunked_array([mvt.plain(chunk, spec) for chunk in column.chunks] or [pa.array([], pa.string())])
    coded = plain.combine_chunks().dictionary_encode()
    different = coded.dictionary
    some = [_messages(different.slice(start, _AT_ONCE)) for start in range(0, len(different), _AT_ONCE)]
    words = pa.concat_arrays(some or [pa.array([], pa.large_binary())])
    if 2 * len(words) > len(coded):
        return words.take(coded.indices)
    small = np.min_scalar_type(-max(1, len(words)))
    return pa.DictionaryArray.from_arrays(coded.indices.cast(pa.from_numpy_dtype(small)), words)


def _messages(distinct: pa.Array) -> pa.Array:
    found = field(0x22, mvt.values_of(distinct))
    ends = np.concatenate(([0], np.cumsum(found.lengths)))
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(found.flat)]
    return pa.Array.from_buffers(pa.large_binary(), len(distinct), buffers)


def numbered(written: pa.Array, places: Ints) -> tuple[Ints, pa.Array]:
    """For some rows of a written column the number of each one's value, or -1, and those values."""
    found = written.take(pa.array(places))
    there = found.is_valid().to_numpy(zero_copy_only=False) if found.null_count else np.ones(len(found), bool)
    numbers = np.full(len(found), -1, np.int64)
    if not isinstance(found, pa.DictionaryArray):
        numbers[there] = np.arange(int(there.sum()))
        return numbers, found.drop_null()
    used, which = np.unique(found.indices.drop_null().to_numpy(), return_inverse=True)
    numbers[there] = which
    return numbers, found.dictionary.take(pa.array(used))


def run(words: pa.Array) -> bytes:
    """Values one after the other, as Arrow keeps them."""
    _, offsets, data = words.buffers()
    if data is None or not len(words):
        return b""
    ends = np.frombuffer(offsets, np.int64)
    first = int(ends[words.offset])
    return bytes(data.slice(first, int(ends[words.offset + len(words)]) - first))


def point_layer(name: str, ids: NDArray[np.uint64], corners: Ints, attributes: Sequence[Attribute]) -> bytes:
    """A layer of points at whole coordinates of the tile, shape (n, 2).

    A feature of it is nothing but varints (MVT 2.1, 4.2), so all are one matrix of numbers, out of which the
    attributes a feature does not have are left.
    """
    if not len(ids):
        return b""
    wide = 2 * len(attributes)
    numbers = np.empty((len(ids), _SHAPE + wide + 7), np.uint64)
    numbers[:, :_SHAPE] = (0x12, 0, 0x08, 0, 0x12, 0)
    numbers[:, _ID] = ids
    numbers[:, _SHAPE + wide :] = (0x18, 1, 0x22, 0, 9, 0, 0)
    numbers[:, -2:] = zigzag(corners)
    tags, base = numbers[:, _SHAPE : _SHAPE + wide], 0
    there = np.ones((len(ids), wide), bool)
    for place, one in enumerate(attributes):
        tags[:, 2 * place] = place
        tags[:, 2 * place + 1] = np.maximum(one.numbers, 0) + base
        there[:, 2 * place : 2 * place + 2] = (one.numbers >= 0)[:, None]
        base += one.count
    sizes = varint_sizes(numbers)
    sizes[:, _SHAPE : _SHAPE + wide] *= there
    for at, first, end in ((_TAGS, _SHAPE, _SHAPE + wide), (-4, -3, None), (1, 2, None)):
        numbers[:, at] = sizes[:, first:end].sum(axis=1)
        sizes[:, at] = varint_sizes(numbers[:, at])
    kept = slice(None) if there.all() else np.flatnonzero(sizes.ravel())
    features = spelt(numbers.ravel()[kept], sizes.ravel()[kept]).tobytes()
    names, values = [one.name for one in attributes], b"".join(one.values for one in attributes)
    return mvt.layer_of(name, features, names, values)
