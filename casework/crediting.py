"""What counts for or against the credit of an enterprise: a score by rules that are data, and the grade it reaches.

Of an enterprise whose grade nobody scored yet, or changed by hand since, the score starts where its grade has it.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from casework.calendar import Term, Unit, china
from casework.following import Signed
from casework.terms import last_day, local_day
from core.actors import SYSTEM_ACTOR
from core.clock import Clock
from core.errors import ConflictError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue.creditevents import CREDIT_EVENTS, CreditEvent
from layers.catalogue.credits import CREDITS
from layers.catalogue.documents import IssuedDocument
from layers.catalogue.enterprises import ENTERPRISES, Enterprise
from layers.codes import Status, code_list
from layers.filters import And, Compare, Filter, Not, Op
from store.feed import Edit, Put
from store.protocol import Store
from store.query import Order, Query
from store.rows import record_of

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


def counted(firm: Enterprise, file: Sequence[CreditEvent], by: Rule, case: Any, at: datetime) -> CreditEvent:
    """The entry that follows a file: score and grade before and after.

    An enterprise without a grade is given none by it; what happened is noted all the same.
    """
    at, today = _after(file, at), local_day(at)
    before = _score(firm, file, today)
    score = None if before is None else _within(before + by.points)
    ends = china().due(at, Term(by.years, Unit.YEAR)) if by.years else None
    return CreditEvent(
        code=f"{case.code}/{case.steps:04d}", title=f"{firm.name}:{_word(by.id)}"[:200], rule=by.id, points=by.points,
        from_case=case.code, counts_until=None if ends is None else last_day(ends.at),
        **_of(firm, at, before, score),
    )  # fmt: skip


def given_back(
    firm: Enterprise, file: Sequence[CreditEvent], entry: CreditEvent, why: str, at: datetime,
    code: str = "", by: str = "",
) -> CreditEvent:  # fmt: skip
    """The entry that takes one back: the score is what it would be had that one never counted.

    So a fall that stopped at nought gives back no more than it took. Where the score began anew since, because somebody
    graded by hand, nothing of it is left to give back, and the entry says so with no points.
    """
    at, before = _after(file, at), _score(firm, file, local_day(at))
    run = _run(firm, file)
    score = before
    if before is not None and entry in run:
        out = {entry.code, *(one.gives_back for one in run if one.gives_back)}
        score = run[0].score_before
        for one in run:
            if not one.gives_back and one.code not in out and score is not None:
                score = _within(score + one.points)
    points = -entry.points if before is None else (score or 0.0) - before
    return CreditEvent(
        code=code or f"{entry.code}-T", title=f"{firm.name}:{_word(by or entry.rule)}{why}"[:200],
        rule=by or entry.rule, points=points, from_case=entry.from_case, gives_back=entry.code,
        **_of(firm, at, before, score),
    )  # fmt: skip


def _of(firm: Enterprise, at: datetime, before: float | None, score: float | None) -> dict[str, Any]:
    grade = firm.credit_grade if score is None else grade_of(score, local_day(at))
    return {
        "enterprise": firm.uscc, "enterprise_name": firm.name, "at": at, "score_before": before, "score": score,
        "grade_before": firm.credit_grade, "grade": grade, "area": firm.area, "sensitivity": CREDIT_EVENTS.sensitivity,
    }  # fmt: skip


def _word(id: str) -> str:
    return next((one.title.zh for one in code_list("credit_rule") if one.code == id), id)


def _within(score: float) -> float:
    return min(HIGHEST, max(LOWEST, score))


def _after(file: Sequence[CreditEvent], at: datetime) -> datetime:
    """Later than every entry there is: their order is what the score follows from."""
    return at if not file or file[-1].at < at else file[-1].at + timedelta(microseconds=1)


def _score(firm: Enterprise, file: Sequence[CreditEvent], today: date) -> float | None:
    run = _run(firm, file)
    return run[-1].score if run else start_of(firm.credit_grade, today)


def _run(firm: Enterprise, file: Sequence[CreditEvent]) -> list[CreditEvent]:
    """The entries that the present score is made of: none where nobody scored it or somebody graded by hand since."""
    if not file or file[-1].grade != firm.credit_grade or file[-1].score is None:
        return []
    found = [file[-1]]
    for one in reversed(file[:-1]):
        if (one.score, one.grade) != (found[0].score_before, found[0].grade_before):
            break
        found.insert(0, one)
    return found


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
        ledger = {"blacklist": others > 0}
        return self._gives_back(row, "listed", "", ledger, code=f"{row.code}/{row.steps:04d}", by="removed")

    def revocation(self, row: Any, _: Signed, __: tuple[IssuedDocument, ...]) -> list[Edit]:
        """What a penalty took is given back as it is revoked, unless its time was over before."""
        return self._gives_back(row, "penalty_", "(处罚已撤销,退还)")

    def lapse(self) -> int:
        """Give back what has counted for its whole time; how many entries that were. Done again, it finds none."""
        over = Compare("counts_until", Op.LT, local_day(self.clock()))
        done = {one for one in self._column("gives_back", Not(Compare("gives_back", Op.EQ, ""))) if one}
        keys = [key for key in self._column("code", over) if key not in done]
        told = 0
        for key in sorted(keys):
            entry = self.store.get(CREDIT_EVENTS, key, scope=SYSTEM_SCOPE).record
            assert isinstance(entry, CreditEvent)
            edits = self._back(entry, "(计分期满,退还)", {})
            try:
                if edits:
                    self.store.commit(edits, actor=SYSTEM_ACTOR, reason="诚信计分期满", scope=SYSTEM_SCOPE)
            except ConflictError:  # somebody wrote the enterprise meanwhile: the next round asks again
                continue
            told += bool(edits)
        return told

    def _column(self, name: str, where: Filter) -> list[Any]:
        query = Query(where=where, fields=(name,), geometry=False)
        return list(self.store.read(CREDIT_EVENTS, query, scope=SYSTEM_SCOPE)[name].to_pylist())

    def _gives_back(
        self, row: Any, rules: str, why: str, ledger: dict[str, Any] | None = None, **as_: str
    ) -> list[Edit]:  # fmt: skip
        """What a case took by rules of that name, once; of a case that took nothing only the ledger is written."""
        file = _file(self.store, row.enterprise)
        done = {one.gives_back for one in file}
        took = [one for one in file if one.from_case == row.code and one.rule.startswith(rules) and not one.gives_back]
        left = [one for one in took if one.code not in done]
        if left:
            return self._back(left[-1], why, ledger or {}, **as_)
        return self._written(row.enterprise, None, ledger or {})

    def _back(self, entry: CreditEvent, why: str, ledger: dict[str, Any], **as_: str) -> list[Edit]:
        kept = self._firm(entry.enterprise)
        if kept is None:
            return []
        file = _file(self.store, entry.enterprise)
        back = given_back(kept[0], file, entry, why, self.clock(), **as_)
        return self._written(entry.enterprise, back, ledger)

    def _counts(self, row: Any, by: str, ledger: dict[str, Any] | None = None) -> list[Edit]:
        """The entry and the ledger's row; nothing of an enterprise that the ledger has not."""
        kept = self._firm(row.enterprise)
        if kept is None:
            return []
        at = self.clock()
        entry = counted(kept[0], _file(self.store, row.enterprise), rule(by, local_day(at)), row, at)
        return self._written(row.enterprise, entry, ledger or {})

    def _firm(self, uscc: str) -> tuple[Enterprise, int] | None:
        try:
            kept = self.store.get(ENTERPRISES, uscc, scope=SYSTEM_SCOPE)
        except NotFoundError:
            return None
        assert isinstance(kept.record, Enterprise)
        return kept.record, kept.version

    def _written(self, uscc: str, entry: CreditEvent | None, ledger: dict[str, Any]) -> list[Edit]:
        kept = self._firm(uscc)
        if kept is None:
            return []
        firm, version = kept
        graded = {} if entry is None else {"credit_grade": entry.grade}
        changed = firm.model_copy(update={**graded, **ledger})
        return [
            *([] if entry is None else [Put(layer=CREDIT_EVENTS.id, record=entry, expected=0)]),
            *([Put(layer=ENTERPRISES.id, record=changed, expected=version)] if changed != firm else []),
        ]


def _file(store: Store, uscc: str) -> list[CreditEvent]:
    """Every entry of an enterprise, oldest first."""
    query = Query(where=Compare("enterprise", Op.EQ, uscc), order=(Order("at"), Order("code")), geometry=False)
    rows = store.read(CREDIT_EVENTS, query, scope=SYSTEM_SCOPE).to_pylist()
    found = [record_of(CREDIT_EVENTS, row, SYSTEM_SCOPE) for row in rows]
    return [one for one in found if isinstance(one, CreditEvent)]
