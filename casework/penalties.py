"""Legal numbers of penalties as data: the range each basis allows, thresholds, and the surcharge of late payment."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from core.clock import day_of
from layers.codes import Status

DATA = Path(__file__).parent / "data"
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What one provision allows: a fine between two amounts, of a unit or a person."""

    id: str
    party: str
    least: float
    most: float
    cited: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A legal number in force for some time; None where the rule in force was not at hand."""

    id: str
    value: float | None
    cited: str
    status: Status
    valid_from: date | None
    valid_to: date | None


@cache
def bases() -> dict[str, Basis]:
    """Every basis by its id (code list `penalty_basis`)."""
    with (DATA / "penalty_bases.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: Basis(
                id=row["id"],
                party=row["party"],
                least=float(row["least"] or 0),
                most=float(row["most"]),
                cited=f"{row['source']} {row['article']}",
                status=Status(row["status"]),
            )
            for row in csv.DictReader(file)
        }


@cache
def _numbers() -> tuple[Number, ...]:
    with (DATA / "penalty_numbers.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Number(
                id=row["id"],
                value=float(row["value"]) if row["value"] else None,
                cited=f"{row['source']} {row['article']}".strip(),
                status=Status(row["status"]),
                valid_from=day_of(row["valid_from"]),
                valid_to=day_of(row["valid_to"]),
            )
            for row in csv.DictReader(file)
        )


def number(id: str, on: date) -> Number | None:
    """The number in force on a day; None where none is known to have been."""
    return next(
        (
            one
            for one in _numbers()
            if one.id == id
            and (one.valid_from is None or one.valid_from <= on)
            and (one.valid_to is None or on <= one.valid_to)
        ),
        None,
    )


def surcharge(fine: float, pay_by: date, paid_on: date, suspended: int, rate: float) -> float:
    """What is added to a fine paid late, in CNY: so much of it a day, never more than the fine (article 72).

    Days of a review or a suit are not counted (article 73).
    """
    days = max(0, (paid_on - pay_by).days - suspended)
    owed = min(Decimal(str(fine)) * Decimal(str(rate)) * days, Decimal(str(fine)))
    return float(owed.quantize(CENT, ROUND_HALF_UP))
