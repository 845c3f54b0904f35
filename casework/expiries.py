"""What runs out and by which rule: dated fields of the city's layers, as data with source and status."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from core.caller import UserClass
from core.texts import Text
from layers.codes import Status

DATA = Path(__file__).parent / "data" / "expiries.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """A date in a layer that somebody must act on: it ends `years` after the field's day, or on that day itself.

    `lead_days` before the end it becomes a to-do of the user classes named; `basis` says the rule in a sentence; `only`
    is a field and the codes it has in rows the rule is about (none: all of them), `kind` the coded field that says what
    a row is.
    """

    id: str
    layer: str
    field: str
    title: Text
    system: Text
    years: int
    lead_days: int
    classes: frozenset[UserClass]
    basis: Text
    source: str
    status: Status
    only: tuple[str, tuple[str, ...]] | None = None
    kind: str = ""

    def ends(self, day: date) -> date:
        """The last day in force for a row that holds this day.

        >>> next(e for e in expiries() if e.years == 3).ends(date(2024, 2, 29))
        datetime.date(2027, 2, 28)
        """
        return _years(day, self.years)

    def begins(self, end: date) -> date:
        """The latest day a row may hold that ends on or before this one."""
        return _years(end, -self.years)

    def horizon(self, today: date) -> date:
        """Rows that end up to this day are to be done something about."""
        return today + timedelta(days=self.lead_days)


def _years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


@cache
def expiries() -> tuple[Expiry, ...]:
    """Every rule, in the order of the file."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(_expiry(row) for row in csv.DictReader(file))


def _expiry(row: dict[str, str]) -> Expiry:
    return Expiry(
        id=row["id"],
        layer=row["layer"],
        field=row["field"],
        title=Text(row["zh"], row["en"]),
        system=Text(row["system_zh"], row["system_en"]),
        years=int(row["years"]),
        lead_days=int(row["lead_days"]),
        classes=frozenset(UserClass(name) for name in row["classes"].split(";")),
        basis=Text(row["basis_zh"], row["basis_en"]),
        source=row["source"],
        status=Status(row["status"]),
        only=_only(row["only"]),
        kind=row["kind"],
    )


def _only(text: str) -> tuple[str, tuple[str, ...]] | None:
    field, _, codes = text.partition(":")
    return (field, tuple(codes.split(";"))) if field else None
