"""Which teams fit an incident and how many are proposed, as data with a status; a person decides."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from core.clock import day_of
from core.texts import Text
from layers.codes import Status

DATA = files("emergency.orders") / "data" / "fitting.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """So many teams of a kind for a kind of incident, and what they are told to do."""

    incident_kind: str
    team_kind: str
    teams: int
    action: Text
    source: str
    status: Status
    valid_from: date | None
    valid_to: date | None


@cache
def table() -> tuple[Fit, ...]:
    """Every row, the most needed of an incident first."""
    rows = csv.DictReader(DATA.read_text("utf-8").splitlines())
    return tuple(
        Fit(
            incident_kind=row["incident_kind"], team_kind=row["team_kind"], teams=int(row["teams"]),
            action=Text(row["zh"], row["en"]), source=row["source"], status=Status(row["status"]),
            valid_from=day_of(row["valid_from"]), valid_to=day_of(row["valid_to"]),
        )
        for row in rows
    )  # fmt: skip


def fitting(incident_kind: str, on: date) -> tuple[Fit, ...]:
    """What fits a kind of incident on a day; of a kind without rows what fits any other."""
    held = [one for one in table() if (one.valid_from or date.min) <= on <= (one.valid_to or date.max)]
    own = tuple(one for one in held if one.incident_kind == incident_kind)
    return own or tuple(one for one in held if one.incident_kind == "other")
