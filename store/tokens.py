"""Words for full-text search: Chinese as overlapping pairs and single characters, the rest as lower-case words.

Trigram indexes find nothing for two-character words such as 液氨, so the pairs are our own.
"""

import re
import unicodedata
from collections.abc import Iterable
from operator import add

_HAN = "㐀-䶿一-鿿\U00020000-\U000323af"
_RUN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


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
