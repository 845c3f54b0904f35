"""Who is told when a deadline nears or has passed: rungs of a ladder, as data with source and status."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from casework.tables import rows_of
from layers.codes import Status


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
    rows = rows_of("reminders")
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
    found = [Status(row["status"]) for row in rows_of("reminders") if row["ladder"] == name]
    return max(found, key=list(Status).index)


def passed(ladder: tuple[Rung, ...], due: datetime, now: datetime) -> int:
    """How many rungs the clock has passed."""
    return sum(1 for rung in ladder if due + timedelta(days=rung.days) <= now)
