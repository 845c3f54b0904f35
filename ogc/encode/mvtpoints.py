"""Vector tiles of points whose attributes were written before: all features of one are a single run of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from layers.fields import FieldSpec
from ogc.encode import mvt
from ogc.encode.ragged import Spelt, field, zigzag

Ints = NDArray[np.int64]
_AT_ONCE = 50_000


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
    codes = found.indices.drop_null().to_numpy()
    met = np.zeros(len(found.dictionary), bool)
    met[codes] = True
    numbers[there] = (np.cumsum(met) - 1)[codes]
    return numbers, found.dictionary.filter(pa.array(met))


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

    A feature of it is nothing but varints (MVT 2.1, 4.2), and those at one place of all features are made at once.
    """
    if not len(ids):
        return b""
    base, tags = 0, [Spelt() for _ in attributes]
    fewest = sorted(range(len(attributes)), key=lambda place: attributes[place].count)
    for place in fewest:  # small numbers for the values that come often
        one = attributes[place]
        there = one.numbers >= 0
        tags[place].add(np.full(len(ids), place), there)
        tags[place].add(one.numbers + base, there)
        base += one.count
    said = Spelt(*tags)
    where = Spelt()
    for values in (np.full(len(ids), 9), *zigzag(corners).T):
        where.add(values)
    body = Spelt()
    body.add(np.full(len(ids), 0x08))
    body.add(ids)
    body.add(np.full(len(ids), 0x12))
    body.add(said.lengths(len(ids)))
    rest = Spelt()
    for value in (0x18, 1, 0x22):
        rest.add(np.full(len(ids), value))
    rest.add(where.lengths(len(ids)))
    body = Spelt(body, said, rest, where)
    whole = Spelt()
    whole.add(np.full(len(ids), 0x12))
    whole.add(body.lengths(len(ids)))
    names, values = [one.name for one in attributes], b"".join(attributes[place].values for place in fewest)
    return mvt.layer_of(name, Spelt(whole, body).flat(), names, values)
