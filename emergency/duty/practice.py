"""Numbers of how duty is kept, as dated data with source and status; none of them stands in code."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from core.errors import NotFoundError
from core.texts import Text
from layers.codes import Status

DATA = files("emergency") / "duty" / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """One number, with where it comes from and how far that is to be trusted."""

    id: str
    value: float
    unit: str
    title: Text
    source: str
    status: Status
    valid_from: date | None
    valid_to: date | None


@cache
def practices() -> tuple[Practice, ...]:
    """Every number in the order of the file."""
    rows = csv.DictReader((DATA / "practice.csv").read_text("utf-8").splitlines())
    return tuple(
        Practice(
            id=row["id"], value=float(row["value"]), unit=row["unit"], title=Text(row["zh"], row["en"]),
            source=row["source"], status=Status(row["status"]), valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
        )
        for row in rows
    )  # fmt: skip


def span(name: str, on: date) -> timedelta:
    """How long it is on a day."""
    for one in practices():
        if one.id == name and (one.valid_from or date.min) <= on <= (one.valid_to or date.max):
            return timedelta(days=one.value) if one.unit == "d" else timedelta(seconds=one.value)
    raise NotFoundError(Text(f"{on} 没有参数“{name}”", f"no number {name!r} holds on {on}"), name=name)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
