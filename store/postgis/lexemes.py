"""Search words as PostgreSQL's tsvector takes them in binary: of each row its different words, in order."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.scope import Sensitivity
from layers.layer import Layer
from store.arrays import column_of, content, strided
from store.tokens import END, Character, Words, characters, searched, texts_of_field, words_of

LONGEST_WORD = 500
"""Characters; tsvector refuses words of over 2,046 bytes, and nobody types one of 500."""
ROWS = 10_000
"""Rows whose words are sorted at a time."""
AFTER = b"\0\0\0"
"""The end of a word, and that it has no places."""

Numbers = npt.NDArray[np.int64]


def searchable(layer: Layer, plain: Mapping[str, list[Any]]) -> list[list[str]]:
    """The words of rows as texts, none longer than the index takes."""
    if not layer.search:
        return []
    return [
        [" ".join(w for w in text.split(" ") if len(w) <= LONGEST_WORD) if len(text) > LONGEST_WORD else text
         for text in column.to_pylist()]
        for column in words_of(layer, plain)
    ]  # fmt: skip


def lexemes(layer: Layer, plain: Mapping[str, list[Any]]) -> Words:
    """The words of rows by sensitivity, as the server takes them in binary."""
    if not layer.search:
        return []
    count = len(plain[layer.key])
    found: Words = []
    for level in Sensitivity:
        fields = [texts_of_field(plain[name]) for name in searched(layer, level)]
        fields = [texts for texts in fields if any(texts)]
        parts = [
            _lexemes([texts[start : start + ROWS] for texts in fields], min(ROWS, count - start))
            for start in range(0, count, ROWS)
        ]
        found.append(pa.concat_arrays(parts or [pa.array([], pa.binary())]))
    return found


def _lexemes(fields: list[list[str]], rows: int) -> pa.Array:
    texts = [text for field in fields for text in field]
    joined = END.join(texts)
    if joined.count(END) >= max(1, len(texts)):
        joined = END.join(text.replace(END, " ") for text in texts)
    codes, kinds = characters(joined)
    goes_on = np.append(kinds[:-1] == kinds[1:], False)
    row = np.repeat(
        np.arange(rows * max(1, len(fields))) % rows, np.diff(np.flatnonzero(kinds == Character.END), prepend=-1)
    )
    starts, words = _words(codes, kinds, goes_on)
    pairs, cut = _pairs(codes, kinds, goes_on)
    word_numbers, word_dictionary = _numbered(words)
    pair_numbers, pair_dictionary = _numbered(cut)
    dictionary = pc.binary_join_element_wise(
        pa.concat_arrays([word_dictionary, _texts_of_pairs(pair_dictionary)]), AFTER, b""
    )
    found = np.concatenate([row[starts] << 32 | word_numbers, row[pairs] << 32 | (pair_numbers + len(word_dictionary))])
    found.sort()
    found = found[np.append(True, found[1:] != found[:-1])] if len(found) else found
    counts = np.bincount(found >> 32, minlength=rows)
    data, ends = content(dictionary.take(pa.array(found & 0xFFFFFFFF)))
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
