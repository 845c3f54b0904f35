"""Words for full-text search: Chinese as overlapping pairs and single characters, the rest as lower-case words.

Trigram indexes find nothing for two-character words such as 液氨, so the pairs are our own.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from functools import cache
from operator import add
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.scope import Sensitivity
from layers.layer import Layer

_HAN = "㐀-䶿一-鿿\U00020000-\U000323af"
_RUN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")


def _runs(text: str) -> list[str]:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _RUN.findall(plain.lower())


def tokens(texts: Iterable[str | None]) -> str:
    """What the index keeps of some texts: every pair, the last character alone, every word.

    >>> tokens(["液氨 LT-201"])
    '液氨 氨 lt 201'
    """
    found: list[str] = []
    for text in texts:
        if not text:
            continue
        for run in _runs(text):
            if _IS_HAN.match(run):
                found.extend(map(add, run, run[1:]))
                found.append(run[-1])
            else:
                found.append(run)
    return " ".join(found)


def tokens_of_many(texts: Sequence[str]) -> list[str]:
    """`tokens` of each text, cut up all at once: fifteen times as fast for a load of many rows."""
    joined = END.join(texts)
    if joined.count(END) != len(texts) - 1:
        return [tokens((text,)) for text in texts]
    codes, kinds = characters(joined)
    goes_on = np.empty(len(kinds), bool)
    np.equal(kinds[:-1], kinds[1:], out=goes_on[:-1])
    goes_on[-1] = False
    widths = _WIDTHS[goes_on.view(np.uint8), kinds]
    ends = np.cumsum(widths, dtype=np.int32)
    cut = np.full(int(ends[-1]), ord(" "), np.uint32)
    kept = np.flatnonzero(widths)
    starts = ends[kept] - widths[kept]
    cut[starts] = codes[kept]
    pairs = widths[kept] == 3
    cut[starts[pairs] + 1] = codes[kept[pairs] + 1]
    found = cut.tobytes().decode("utf-32-le", "surrogatepass").replace(" " + END, END).split(END)
    return found[:-1]


def characters(text: str) -> tuple[np.ndarray, np.ndarray]:
    """The characters of texts joined by `END`, as the index compares them, with their kinds; an `END` is the last."""
    codes = np.frombuffer((_compatible(text).lower() + END).encode("utf-32-le", "surrogatepass"), np.uint32)
    return codes, _kinds()[codes]


def _compatible(text: str) -> str:
    """The text in NFKC; that of full-width brackets and letters is known without asking, and asking is slow."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    wide = (codes >= 0xFF01) & (codes <= 0xFF5E)
    if wide.any():
        text = np.where(wide, codes - 0xFEE0, codes).astype(np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


END = "\0"
"""Between texts that are cut up at once."""
_WIDTHS = np.array([[0, 2, 2, 1], [0, 3, 1, 1]], np.int32)
"""Characters of the index for one of the text, by whether the next is of its kind, and by its kind."""


class Character(IntEnum):
    """What a character is to the index."""

    NONE = 0
    HAN = 1
    WORD = 2
    END = 3


@cache
def _kinds() -> np.ndarray:
    """The kind of every character there is, by its number."""
    kinds = np.fromiter(map(str.isalnum, map(chr, range(sys.maxunicode + 1))), np.uint8) * np.uint8(Character.WORD)
    for found in re.finditer("(.)-(.)", _HAN):
        kinds[ord(found[1]) : ord(found[2]) + 1] = Character.HAN
    kinds[ord(END)] = Character.END
    return kinds


def wanted(text: str) -> tuple[list[str], list[str]]:
    """The tokens a question must find: exact ones, and prefixes (words, codes, a single character).

    >>> wanted("液氨 91")
    (['液氨'], ['91'])
    """
    exact: list[str] = []
    prefixes: list[str] = []
    for run in _runs(text):
        if _IS_HAN.match(run) and len(run) > 1:
            exact.extend(map(add, run, run[1:]))
        else:
            prefixes.append(run)
    return exact, prefixes


def held_by(pattern: str) -> list[str]:
    """Beginnings of tokens that every text like a pattern of SQL has: of its Chinese, which may stand inside a word.

    >>> held_by("%安全阀%V-1%")
    ['安全', '全阀']
    """
    pieces = _WILD.sub(lambda found: found[0][1:] or "\n", pattern)
    exact, prefixes = wanted(pieces)
    return [*exact, *(token for token in prefixes if of_han(token))]


_WILD = re.compile(r"\\.|[%_]", re.DOTALL)


def of_han(token: str) -> bool:
    """Whether a token is of Chinese characters: every one is or is not, as a whole."""
    return _IS_HAN.match(token) is not None


def found_in(texts: Iterable[str | None], exact: Iterable[str], prefixes: Iterable[str]) -> bool:
    """These texts alone answer the question, so no hidden field has."""
    words = tokens(texts).split(" ")
    return all(token in words for token in exact) and all(
        any(word.startswith(token) for word in words) for token in prefixes
    )


Words = list[pa.Array]
"""The words of many rows as an index takes them: one column a sensitivity."""


def words_of(layer: Layer, plain: Mapping[str, list[Any]]) -> Words:
    """The index's four columns: the words of the fields of each sensitivity, the tokens of a row as one text."""
    columns: Words = []
    for level in Sensitivity:
        words = [_words_of_field(texts_of_field(plain[name])) for name in searched(layer, level)]
        if not words:
            words = [pa.repeat("", len(plain[layer.key]))]
        elif len(words) > 1:
            apart = [pc.if_else(pc.equal(w, ""), "", pc.binary_join_element_wise(" ", w, "")) for w in words]
            words = [pc.ascii_ltrim(pc.binary_join_element_wise(*apart, ""), " ")]
        columns.append(words[0])
    return columns


def searched(layer: Layer, level: Sensitivity) -> list[str]:
    """The fields of one sensitivity that search covers."""
    return [name for name in layer.search if layer.fields[name].sensitivity == level]


def texts_of_field(values: list[Any]) -> list[str]:
    """The text of each value of one field."""
    if values and values.count(values[0]) == len(values):
        return ["\n".join(texts_of(values[0]))] * len(values)
    return [value if isinstance(value, str) else "\n".join(texts_of(value)) for value in values]


def _words_of_field(texts: list[str]) -> pa.Array:
    """The tokens of one column; a text that comes again (streets, products, nothing) is cut up once."""
    known = pa.array(texts, pa.string()).dictionary_encode()
    distinct = known.dictionary.to_pylist()
    cut = tokens_of_many(distinct) if len(distinct) >= MANY else [tokens((text,)) for text in distinct]
    return pa.array(cut, pa.string()).take(known.indices)


MANY = 100
"""Texts from which cutting all at once is worth its table."""


def texts_of(value: str | list[str] | float | None) -> list[str]:
    """The texts of one plain value."""
    if value is None:
        return []
    return value if isinstance(value, list) else [str(value)]
