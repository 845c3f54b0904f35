"""Who is told when a deadline nears or has passed: rungs of a ladder, as data with source and status."""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from layers.codes import Status

DATA = Path(__file__).parent / "data" / "case_reminders.csv"


class Tier(StrEnum):
    """Who is told (code list `case_tier`), each with all before it."""

    NONE = "none"
    ENTERPRISE = "enterprise"
    TOWN = "town"
    DISTRICT = "district"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Rung:
    """So many days after the deadline (before it, when negative) this tier is told."""

    days: int
    tier: Tier


@cache
def ladders() -> dict[str, tuple[Rung, ...]]:
    """Every ladder by name, rungs in order of time."""
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = dict.fromkeys(row["ladder"] for row in rows)
    return {
        name: tuple(
            sorted(
                (Rung(int(row["days"]), Tier(row["tier"])) for row in rows if row["ladder"] == name),
                key=lambda rung: rung.days,
            )
        )
        for name in names
    }


@cache
def ladder_status(name: str) -> Status:
    """How far a ladder is to be trusted: the least sure of its rungs."""
    with DATA.open(encoding="utf-8", newline="") as file:
        found = [Status(row["status"]) for row in csv.DictReader(file) if row["ladder"] == name]
    return max(found, key=list(Status).index)


def passed(ladder: tuple[Rung, ...], due: datetime, now: datetime) -> int:
    """How many rungs the clock has passed."""
    return sum(1 for rung in ladder if due + timedelta(days=rung.days) <= now)
