"""Search words as PostgreSQL's tsvector takes them in binary: of each row its different words, in order."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from layers.layer import Layer
from store.arrays import column_of, content, strided
from store.postgis.layout import word_levels
from store.tokens import END, Character, Words, characters, searched, texts_of_field

LONGEST_WORD = 500
"""Characters; tsvector refuses words of over 2,046 bytes, and nobody types one of 500."""
ROWS = 10_000
"""Rows whose words are sorted at a time."""
AFTER = b"\0\0\0"
"""The end of a word, and that it has no places."""

Numbers = npt.NDArray[np.int64]


def lexemes(layer: Layer, plain: Mapping[str, list[Any]]) -> Words:
    """The columns of a layer's words, as the server takes them in binary."""
    count = len(plain[layer.key])
    found: Words = []
    for level in word_levels(layer):
        fields = [texts_of_field(plain[name]) for name in searched(layer, level)]
        fields = [texts for texts in fields if any(texts)]
        parts = [
            _lexemes([texts[start : start + ROWS] for texts in fields], min(ROWS, count - start))
            for start in range(0, count, ROWS)
        ]
        found += [pa.concat_arrays(script) for script in zip(*(parts or [_lexemes([], 0)]), strict=True)]
    return found


def _lexemes(fields: list[list[str]], rows: int) -> tuple[pa.Array, pa.Array]:
    """Words of Chinese characters, and the others."""
    texts = [text for field in fields for text in field]
    joined = END.join(texts)
    if joined.count(END) >= max(1, len(texts)):
        joined = END.join(text.replace(END, " ") for text in texts)
    codes, kinds = characters(joined)
    goes_on = np.append(kinds[:-1] == kinds[1:], False)
    row = np.repeat(
        np.arange(rows * max(1, len(fields))) % rows, np.diff(np.flatnonzero(kinds == Character.END), prepend=-1)
    )
    pairs, cut = _pairs(codes, kinds, goes_on)
    pair_numbers, different = _numbered(cut)
    starts, words = _words(codes, kinds, goes_on)
    return (
        _vectors(row[pairs], pair_numbers, _texts_of_pairs(different), rows),
        _vectors(row[starts], *_numbered(words), rows),
    )


def _vectors(row: Numbers, numbers: Numbers, dictionary: pa.Array, rows: int) -> pa.Array:
    """Of each row its different words in order, given by their numbers in a dictionary that is in order."""
    found = row << 32 | numbers
    found.sort()
    found = found[np.append(True, found[1:] != found[:-1])] if len(found) else found
    counts = np.bincount(found >> 32, minlength=rows)
    ended = pc.binary_join_element_wise(dictionary, AFTER, b"")
    data, ends = content(ended.take(pa.array(found & 0xFFFFFFFF)))
    of_rows = column_of(data, ends[np.concatenate([[0], np.cumsum(counts)])])
    return pc.binary_join_element_wise(strided(counts.astype(">i4").view(np.uint8), 4), of_rows, b"")


def _numbered(values: pa.Array) -> tuple[Numbers, pa.Array]:
    """The place of each value among the different ones in order, and those."""
    encoded = values.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    place = np.empty(len(order), np.int64)
    place[order.to_numpy()] = np.arange(len(order))
    return place[encoded.indices.to_numpy()], encoded.dictionary.take(order)


def _words(codes: np.ndarray, kinds: np.ndarray, goes_on: np.ndarray) -> tuple[Numbers, pa.Array]:
    """Where words begin that are not Chinese, and their bytes."""
    of_word = kinds == Character.WORD
    starts = np.flatnonzero(of_word & ~np.append(False, goes_on[:-1]))
    lengths = np.flatnonzero(of_word & ~goes_on) + 1 - starts
    words = _texts(codes[of_word], lengths)
    short = lengths <= LONGEST_WORD
    return (starts, words) if short.all() else (starts[short], words.filter(pa.array(short)))


def _pairs(codes: np.ndarray, kinds: np.ndarray, goes_on: np.ndarray) -> tuple[Numbers, pa.Array]:
    """Where Chinese characters are, and each with the one after it, if any, as one number."""
    places = np.flatnonzero(kinds == Character.HAN)
    after = np.where(goes_on[places], codes[np.minimum(places + 1, len(codes) - 1)], 0)
    return places, pa.array(codes[places].astype(np.int64) << 32 | after)


def _texts_of_pairs(pairs: pa.Array) -> pa.Array:
    numbers = pairs.to_numpy()
    both = np.column_stack([numbers >> 32, numbers & 0xFFFFFFFF])
    return _texts(both[both > 0].astype(np.uint32), (both > 0).sum(axis=1))


def _texts(codes: np.ndarray, lengths: np.ndarray) -> pa.Array:
    """Texts in UTF-8 of so many characters each."""
    data = np.frombuffer(codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass").encode("utf-8"), np.uint8)
    widths = 1 + (codes >= 0x80).astype(np.int32) + (codes >= 0x800) + (codes >= 0x10000)
    ends = np.concatenate([[0], np.cumsum(widths)])
    return column_of(data, ends[np.concatenate([[0], np.cumsum(lengths)])])
