"""Code lists as dated data: what a code says in both languages, where it comes from, and when it held."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from core.clock import day_of
from core.errors import NotFoundError
from core.texts import Lang, Text

DATA = Path(__file__).parent / "data"


class Status(StrEnum):
    """How far the list is to be trusted: read in the law, in a second source, from memory, or this system's own."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"
    OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code; `aliases` are other spellings clerks and other systems use. Valid from and until inclusive."""

    code: str
    title: Text
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def valid(self, on: date) -> bool:
        """The code held on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """A list of codes with its source; iterates in the order declared."""

    id: str
    title: Text
    standard: str
    source: str
    status: Status
    codes: tuple[Code, ...]

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def valid(self, on: date) -> tuple[str, ...]:
        """The codes that held on a day."""
        return tuple(code.code for code in self.codes if code.valid(on))

    def label(self, code: str, lang: Lang = Lang.ZH, on: date | None = None) -> str | None:
        """What a code says, or None if the list does not know it (on that day)."""
        for entry in self.codes:
            if entry.code == code and (on is None or entry.valid(on)):
                return entry.title.of(lang)
        return None

    def members(self, values: pa.Array | pa.ChunkedArray, on: date) -> pa.Array | pa.ChunkedArray:
        """For each value whether it is a code of the list on that day; null stays null."""
        text = pc.cast(values, pa.string())
        found = pc.is_in(text, value_set=pa.array(self.valid(on), pa.string()))
        return pc.if_else(pc.is_valid(text), found, pa.scalar(None, pa.bool_()))

    def codes_of(self, values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
        """Codes for text that may be a code, a label in either language or an alias; unknown text is kept as it is.

        A word that means two codes is left alone.
        """
        text = pc.utf8_trim_whitespace(pc.cast(values, pa.string()))
        words, codes = self._words
        at = pc.index_in(pc.utf8_lower(text), value_set=words)
        return pc.coalesce(pc.take(codes, at), text)

    @property
    def _words(self) -> tuple[pa.Array, pa.Array]:
        return _words(self.id)


@cache
def _words(list_id: str) -> tuple[pa.Array, pa.Array]:
    meaning: dict[str, set[str]] = {}
    codes = code_list(list_id).codes
    own = {code.code.lower() for code in codes}
    for code in codes:
        meaning[code.code.lower()] = {code.code}
        title = code.title.zh.lstrip("■▲◆● ")
        for word in {title, code.title.en, *code.aliases}:
            if word and word.lower() not in own:
                meaning.setdefault(word.lower(), set()).add(code.code)
    sure = {word: next(iter(found)) for word, found in meaning.items() if len(found) == 1}
    return pa.array(list(sure), pa.string()), pa.array(list(sure.values()), pa.string())


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _heads() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in _rows("lists.csv")}


def list_ids() -> tuple[str, ...]:
    """Every list there is."""
    return tuple(_heads())


@cache
def code_list(list_id: str) -> CodeList:
    """One list by its id."""
    head = _heads().get(list_id)
    if head is None:
        raise NotFoundError(Text(f"没有代码表“{list_id}”", f"there is no code list {list_id!r}"), list=list_id)
    return CodeList(
        id=list_id,
        title=Text(head["zh"], head["en"]),
        standard=head["standard"],
        source=head["source"],
        status=Status(head["status"]),
        codes=tuple(
            Code(
                code=row["code"],
                title=Text(row["zh"], row["en"] or row["zh"]),
                aliases=tuple(alias for alias in row["aliases"].split(";") if alias),
                valid_from=day_of(row["valid_from"]),
                valid_to=day_of(row["valid_to"]),
            )
            for row in _rows(f"{list_id}.csv")
        ),
    )
