"""Numbers of how work is done, as dated tables: id, value, unit, zh, en, source, status and the days they hold."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable

from core.clock import day_of
from core.errors import NotFoundError
from core.texts import Text
from layers.codes import Status


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


def read_practices(file: Traversable) -> tuple[Practice, ...]:
    """Every number of a table, in its order."""
    return tuple(
        Practice(
            id=row["id"], value=float(row["value"]), unit=row["unit"], title=Text(row["zh"], row["en"]),
            source=row["source"], status=Status(row["status"]), valid_from=day_of(row["valid_from"]),
            valid_to=day_of(row["valid_to"]),
        )
        for row in csv.DictReader(file.read_text("utf-8").splitlines())
    )  # fmt: skip


def held(among: Sequence[Practice], name: str, on: date) -> Practice:
    """The number that holds on a day. Raises: NotFoundError where none does."""
    for one in among:
        if one.id == name and (one.valid_from or date.min) <= on <= (one.valid_to or date.max):
            return one
    raise NotFoundError(Text(f"{on} 没有参数“{name}”", f"no number {name!r} holds on {on}"), name=name)
