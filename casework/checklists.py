"""What is looked at in a check, as data by industry, and what was answered: one text for each item."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from core.clock import day_of
from core.texts import Text
from layers.codes import Status

DATA = Path(__file__).parent / "data" / "check_items.csv"
LONGEST_NOTE = 300
CHECKLISTS = frozenset({("site_checks", "items")})
"""Registers and fields that hold answers to a list of items."""


class Mark(StrEnum):
    """What was found of an item."""

    CONFORMS = "yes"
    FAILS = "no"
    NOT_APPLICABLE = "na"


MARKS: dict[Mark, Text] = {
    Mark.CONFORMS: Text("符合", "conforms"),
    Mark.FAILS: Text("不符合", "does not conform"),
    Mark.NOT_APPLICABLE: Text("不涉及", "not applicable"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to look at, for one industry or (blank) for all, with the clause that asks for it."""

    id: str
    sector: str
    title: Text
    source: str
    clause: str
    status: Status
    valid_from: date | None
    valid_to: date | None

    def valid(self, on: date) -> bool:
        """It was asked on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found of one item, with a note."""

    item: str
    mark: Mark
    note: str = ""

    def __str__(self) -> str:
        return f"{self.item}|{self.mark}|{self.note}"


@cache
def all_items() -> tuple[Item, ...]:
    """Every item, in the order of the file."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(
            Item(
                id=row["id"],
                sector=row["sector"],
                title=Text(row["zh"], row["en"]),
                source=row["source"],
                clause=row["clause"],
                status=Status(row["status"]),
                valid_from=day_of(row["valid_from"]),
                valid_to=day_of(row["valid_to"]),
            )
            for row in csv.DictReader(file)
        )


def items_of(sector: str, on: date) -> tuple[Item, ...]:
    """What is looked at in an industry on a day."""
    return tuple(one for one in all_items() if one.sector in ("", sector) and one.valid(on))


def answered(texts: Sequence[str]) -> tuple[tuple[Answer, ...], tuple[str, ...]]:
    """The answers that texts hold, and the texts that hold none."""
    found, wrong = [], []
    for text in texts:
        item, _, rest = text.partition("|")
        mark, _, note = rest.partition("|")
        if item and mark in set(Mark) and len(note) <= LONGEST_NOTE:
            found.append(Answer(item, Mark(mark), note.strip()))
        else:
            wrong.append(text)
    return tuple(found), tuple(wrong)
