"""What counts for or against the credit of an enterprise: a score by rules that are data, and the grade it reaches.

Of an enterprise whose grade nobody scored yet, or changed by hand since, the score starts where its grade has it.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from casework.calendar import Term, Unit, china
from casework.following import Signed
from casework.terms import last_day, local_day
from core.clock import Clock
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue.creditevents import CREDIT_EVENTS, CreditEvent
from layers.catalogue.credits import CREDITS
from layers.catalogue.documents import IssuedDocument
from layers.catalogue.enterprises import ENTERPRISES, Enterprise
from layers.codes import Status, code_list
from layers.filters import And, Compare, Not, Op
from store.feed import Edit, Put
from store.protocol import Store
from store.query import Order, Query

DATA = Path(__file__).parent / "data"
LOWEST, HIGHEST = 0.0, 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """So many points, counted for so many years (0: for good)."""

    id: str
    points: float
    years: int
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A grade: the least score that reaches it, and the score an enterprise that has it starts from."""

    grade: str
    least: float
    start: float


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _in_force(name: str, on: date) -> Iterable[dict[str, str]]:
    day = on.isoformat()
    return (row for row in _rows(name) if (row["valid_from"] or day) <= day <= (row["valid_to"] or day))


def rule(id: str, on: date) -> Rule:
    """The rule in force on a day."""
    found = next((row for row in _in_force("credit_rules.csv", on) if row["rule"] == id), None)
    if found is None:
        raise NotFoundError(Text(f"{on} 没有诚信计分规则“{id}”", f"no credit rule {id!r} in force on {on}"))
    return Rule(
        id=id, points=float(found["points"]), years=int(found["years"]), source=found["source"],
        status=Status(found["status"]),
    )  # fmt: skip


def scale(on: date) -> tuple[Band, ...]:
    """The grades, best first."""
    found = _in_force("credit_scale.csv", on)
    bands = [Band(grade=row["grade"], least=float(row["least"]), start=float(row["start"])) for row in found]
    return tuple(sorted(bands, key=lambda one: -one.least))


def grade_of(score: float, on: date) -> str:
    """The grade a score reaches.

    >>> [grade_of(score, date(2026, 3, 2)) for score in (90, 89.9, 60, 0)]
    ['A', 'B', 'C', 'D']
    """
    return next(one.grade for one in scale(on) if score >= one.least)


def start_of(grade: str, on: date) -> float | None:
    """Where the score of an enterprise of a grade starts; None where it has none."""
    return next((one.start for one in scale(on) if one.grade == grade), None)


def counted(firm: Enterprise, last: CreditEvent | None, by: Rule, case: Any, at: datetime) -> CreditEvent:
    """The entry that follows: score and grade before and after.

    An enterprise without a grade is given none by it; what happened is noted all the same.
    """
    today, had = local_day(at), firm.credit_grade
    before = last.score if last is not None and last.grade == had and last.score is not None else start_of(had, today)
    score = None if before is None else min(HIGHEST, max(LOWEST, before + by.points))
    word = next((one.title.zh for one in code_list("credit_rule") if one.code == by.id), by.id)
    ends = china().due(at, Term(by.years, Unit.YEAR)) if by.years else None
    return CreditEvent(
        code=f"{case.code}/{case.steps:04d}", title=f"{firm.name}:{word}"[:200], enterprise=firm.uscc,
        enterprise_name=firm.name, rule=by.id, points=by.points, at=at, from_case=case.code, score_before=before,
        score=score, grade_before=had, grade=had if score is None else grade_of(score, today),
        counts_until=None if ends is None else last_day(ends.at), area=firm.area, sensitivity=CREDIT_EVENTS.sensitivity,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Crediting:
    """What steps write beside their cases, each on the version of the ledger that was read."""

    store: Store
    clock: Clock

    def penalty(self, row: Any, _: Signed, __: tuple[IssuedDocument, ...]) -> list[Edit]:
        """A penalty of the unit lowers the score as it is decided; one of a person is not the unit's."""
        if row.party != "unit":
            return []
        severe = {"suspension", "revocation"} & set(row.kinds)
        return self._counts(row, "penalty_spot" if row.simple else "penalty_severe" if severe else "penalty_general")

    def certificate(self, row: Any, _: Signed, __: tuple[IssuedDocument, ...]) -> list[Edit]:
        """A certificate of standardization raises it, and stands in the ledger."""
        ledger = {"std_grade": str(row.grade), "std_cert": row.number, "std_expiry": row.valid_until}
        return self._counts(row, f"standard_{row.grade}", ledger)

    def listing(self, row: Any, _: Signed, __: tuple[IssuedDocument, ...]) -> list[Edit]:
        """Who is listed is marked in the ledger."""
        return self._counts(row, "listed", {"blacklist": True})

    def removal(self, row: Any, _: Signed, __: tuple[IssuedDocument, ...]) -> list[Edit]:
        """Who is removed is given back what a listing takes; the mark goes where no other listing stands."""
        where = And((
            Compare("enterprise", Op.EQ, row.enterprise), Compare("state", Op.EQ, "listed"),
            Not(Compare("code", Op.EQ, row.code)),
        ))  # fmt: skip
        others = self.store.count(CREDITS, Query(where=where), scope=SYSTEM_SCOPE)
        return self._counts(row, "removed", {"blacklist": others > 0})

    def _counts(self, row: Any, by: str, ledger: dict[str, Any] | None = None) -> list[Edit]:
        """The entry and the ledger's row; nothing of an enterprise that the ledger has not."""
        try:
            kept = self.store.get(ENTERPRISES, row.enterprise, scope=SYSTEM_SCOPE)
        except NotFoundError:
            return []
        firm, at = kept.record, self.clock()
        assert isinstance(firm, Enterprise)
        entry = counted(firm, _last(self.store, firm.uscc), rule(by, local_day(at)), row, at)
        changed = firm.model_copy(update={"credit_grade": entry.grade, **(ledger or {})})
        return [
            Put(layer=CREDIT_EVENTS.id, record=entry, expected=0),
            *([Put(layer=ENTERPRISES.id, record=changed, expected=kept.version)] if changed != firm else []),
        ]


def _last(store: Store, uscc: str) -> CreditEvent | None:
    query = Query(
        where=Compare("enterprise", Op.EQ, uscc), order=(Order("at", descending=True),), limit=1, geometry=False,
        fields=("code",),
    )  # fmt: skip
    keys = store.read(CREDIT_EVENTS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()
    found = store.get(CREDIT_EVENTS, keys[0], scope=SYSTEM_SCOPE).record if keys else None
    assert found is None or isinstance(found, CreditEvent)
    return found
