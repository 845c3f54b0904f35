"""Kinds of licences and filings as data: who issues, how long valid, by when decided and renewed, what is handed in.

What no source gives as a number is kept in words; how far each row is to be trusted stands beside it.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from casework.calendar import Term, Unit, china, end_of
from casework.limits import Limit, limit, limits
from casework.reminders import Rung, ladders
from casework.terms import before, last_day
from core.clock import day_of
from core.errors import NotFoundError
from core.texts import Text
from layers.codes import Status, code_list

DATA = Path(__file__).parent / "data" / "permits.csv"
RUNNING = frozenset({"valid", "soon", "expired"})
"""States of a licence that only time changes."""


class Way(StrEnum):
    """How a kind is dealt with here: examined and decided, filed on the day, or registered only."""

    LICENCE = "licence"
    FILING = "filing"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """One kind. `decision`, `preliminary` and `renewal` name limits; where one is blank the words say what is known.

    `from_acceptance` tells whether the decision counts from the acceptance and not from the papers' receipt; `needed`,
    whether the activity may not go on without it.
    """

    id: str
    title: Text
    way: Way
    issuer: Text
    validity: Term | None
    validity_words: Text
    decision: str
    decision_words: Text
    preliminary: str
    from_acceptance: bool
    renewal: str
    renewal_words: Text
    materials: str
    word: str
    source: str
    status: Status
    valid_from: date | None
    valid_to: date | None
    note: Text
    needed: bool

    def valid(self, on: date) -> bool:
        """It held on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    @property
    def papers(self) -> tuple[str, ...]:
        """Codes of what is handed in (code list `licence_material`); none where no source was at hand."""
        prefix = f"{self.materials}-"
        return tuple(one.code for one in code_list("licence_material") if one.code.startswith(prefix))

    @property
    def renews(self) -> bool:
        """It can be renewed; one that is applied for anew, or ends with its purpose, cannot."""
        return bool(self.renewal)

    def lead(self, on: date) -> Limit | None:
        """How long before the end renewal is asked for."""
        return limit(self.renewal, on) if self.renewal else None

    def ask_by(self, until: date) -> date | None:
        """The last day on which renewal is asked for in time."""
        rule = self.lead(until)
        return None if rule is None else last_day(before(china(), end_of(until), rule.term))

    @property
    def ladder(self) -> tuple[Rung, ...]:
        """When its holder is told that it runs out: from earlier on where renewal is asked for months ahead."""
        months = any(one.id == self.renewal and one.term.unit is Unit.MONTH for one in limits())
        return ladders()["expiry-quarter" if months else "expiry-month"]

    def longest(self, start: date) -> date | None:
        """The last day a certificate may run from a day, None where no validity is known."""
        if self.validity is None:
            return None
        end = china().due(end_of(start - timedelta(days=1)), self.validity)
        assert end is not None
        return end.day - timedelta(days=1)


@cache
def permits() -> tuple[Permit, ...]:
    """Every kind, in the order of the file."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(_permit(row) for row in csv.DictReader(file))


@cache
def permit(id: str, on: date) -> Permit:
    """The row of a kind in force on a day; where none is, that is said."""
    found = next((one for one in permits() if one.id == id and one.valid(on)), None)
    if found is None:
        raise NotFoundError(Text(f"{on} 没有证照种类“{id}”", f"no kind of licence {id!r} on {on}"), permit=id)
    return found


def standing(state: str, kind: str, until: date | None, today: date) -> str:
    """The state of a licence on a day: what only time changes is told by the date and not by what is kept."""
    if state not in RUNNING or until is None:
        return state
    if until < today:
        return "expired"
    return "soon" if (until - today).days <= -permit(kind, today).ladder[0].days else "valid"


def _permit(row: dict[str, str]) -> Permit:
    def both(name: str) -> Text:
        return Text(row[f"{name}_zh"], row[f"{name}_en"])

    return Permit(
        id=row["id"], title=Text(row["zh"], row["en"]), way=Way(row["way"]), issuer=both("issuer"),
        validity=Term(int(row["validity"]), Unit(row["unit"])) if row["validity"] else None,
        validity_words=both("validity"), decision=row["decision"], decision_words=both("decision"),
        preliminary=row["preliminary"], from_acceptance=row["starts"] == "accepted", renewal=row["renewal"],
        renewal_words=both("renewal"), materials=row["materials"], word=row["word"], source=row["source"],
        status=Status(row["status"]), valid_from=day_of(row["valid_from"]), valid_to=day_of(row["valid_to"]),
        note=both("note"), needed=bool(row["needed"]),
    )  # fmt: skip
