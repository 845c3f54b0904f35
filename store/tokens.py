"""Words for full-text search: Chinese as overlapping pairs and single characters, the rest as lower-case words.

Trigram indexes find nothing for two-character words such as 液氨, so the pairs are our own.
"""

import re
import unicodedata
from collections.abc import Iterable

_RUN = re.compile(r"[㐀-䶿一-鿿]+|[0-9a-z]+")


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def tokens(texts: Iterable[str | None]) -> str:
    """What the index keeps of some texts: every character, every pair, every word.

    >>> tokens(["液氨 LT-201"])
    '液 氨 液氨 lt 201'
    """
    found: list[str] = []
    for text in texts:
        if not text:
            continue
        for run in _runs(text):
            if run[0] < "㐀":
                found.append(run)
            else:
                found.extend(run)
                found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return " ".join(found)


def wanted(text: str) -> tuple[list[str], list[str]]:
    """The tokens a question must find: exact ones, and prefixes (the words of letters and digits).

    >>> wanted("液氨 91")
    (['液氨'], ['91'])
    """
    exact: list[str] = []
    prefixes: list[str] = []
    for run in _runs(text):
        if run[0] < "㐀":
            prefixes.append(run)
        elif len(run) == 1:
            exact.append(run)
        else:
            exact.extend(run[i : i + 2] for i in range(len(run) - 1))
    return exact, prefixes
