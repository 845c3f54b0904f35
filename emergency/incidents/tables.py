"""The tables of this room: rows of text with the days between which they hold."""

import csv
from datetime import date
from functools import cache
from importlib.resources import files

from layers.codes import Status

DATA = files("emergency.incidents") / "data"
Line = dict[str, str]


@cache
def lines(name: str) -> tuple[Line, ...]:
    """Every row of a table, in its order."""
    text = (DATA / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def in_force(name: str, on: date) -> list[Line]:
    """The rows of a table that hold on a day."""
    return [row for row in lines(name) if _held(row, on)]


def status(row: Line) -> Status:
    """How far a row is to be trusted."""
    return Status(row["status"])


def whole(text: str) -> int | None:
    """A number, or none where the table says nothing."""
    return int(text) if text else None


def _held(row: Line, on: date) -> bool:
    first, last = row["valid_from"], row["valid_to"]
    return (not first or date.fromisoformat(first) <= on) and (not last or on <= date.fromisoformat(last))
