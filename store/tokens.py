"""Words for full-text search: Chinese as overlapping pairs and single characters, the rest as lower-case words.

Trigram indexes find nothing for two-character words such as 液氨, so the pairs are our own.
"""

import re
import unicodedata
from collections.abc import Iterable
from operator import add
from typing import Any

from core.scope import Sensitivity
from layers.layer import Layer
from store.columns import Plain

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


def found_in(texts: Iterable[str | None], exact: Iterable[str], prefixes: Iterable[str]) -> bool:
    """These texts alone answer the question, so no hidden field has."""
    words = tokens(texts).split(" ")
    return all(token in words for token in exact) and all(
        any(word.startswith(token) for word in words) for token in prefixes
    )


Words = list[list[str]]
"""The words of many rows: one column a sensitivity, the tokens of a row as one text."""


def words_of(layer: Layer, plain: Plain) -> Words:
    """The index's four columns: the words of the fields of each sensitivity."""
    count = len(plain[layer.key])
    columns: Words = []
    for level in Sensitivity:
        names = [name for name in layer.search if layer.fields[name].sensitivity == level]
        words = [_words_of_field(plain[name]) for name in names]
        if len(words) > 1:
            columns.append([" ".join(filter(None, row)) for row in zip(*words, strict=True)])
        else:
            columns.append(words[0] if words else [""] * count)
    return columns


def _words_of_field(values: list[Any]) -> list[str]:
    """The tokens of one column; a text that comes again (streets, products, nothing) is cut up once."""
    known: dict[str, str] = {"": ""}
    found = []
    for value in values:
        text = value if isinstance(value, str) else "\n".join(texts_of(value))
        words = known.get(text)
        if words is None:
            words = known[text] = tokens((text,))
        found.append(words)
    return found


def texts_of(value: str | list[str] | float | None) -> list[str]:
    """The texts of one plain value."""
    if value is None:
        return []
    return value if isinstance(value, list) else [str(value)]
