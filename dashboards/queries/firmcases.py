"""The cases of one enterprise in every business system open to the reader: one question for each register."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from casework.casetype import CaseType
from casework.terms import last_day, local_day
from core.clock import CHINA, iso
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.wording import code_label, shown
from layers.catalogue import ENTERPRISES, PENALTIES
from layers.filters import And, Compare, During, Filter, Missing, Not, Op, Or
from layers.layer import Layer
from store.protocol import Store
from store.query import COUNT, Measure, Order, Query, Total

States = Callable[[Sequence[CaseType]], Mapping[str, Mapping[str, Text]]]
"""What the states of systems are called, by system and state."""

MOST = 500
"""Cases of one firm in one register that are read whole; of more the counts are asked apart and the newest told."""

FIELDS = ("code", "title", "state", "turn", "opened_at", "due_at", "stopped_at", "closed_at")
OPEN = Missing("closed_at")
FINED = Not(Missing("decided_at"))

Told = dict[str, Any]


def declared_states(systems: Sequence[CaseType]) -> dict[str, dict[str, Text]]:
    """The states that the program declares."""
    return {of.id: {code: of.state_title(code) for code in of.state_codes} for of in systems}


@dataclass(frozen=True, kw_only=True)
class Firm:
    """Whose cases, asked when and by whom."""

    store: Store
    key: str
    now: datetime
    scope: Scope
    lang: Lang
    states: States = field(default=declared_states)


def registers(firm: Firm, systems: Sequence[CaseType]) -> list[tuple[CaseType, Layer, tuple[str, ...]]]:
    """The registers open to the reader that name enterprises, with the fields that do.

    A case may be about a firm and not be its own, as a complaint is: then it is none of what the firm's account meets.
    """
    found = []
    for of in systems:
        layer = firm.store.catalogue.find(of.register.id, firm.scope)
        if layer is None:
            continue
        named = tuple(name for name, spec in layer.fields_in(firm.scope).items() if spec.refers == ENTERPRISES.id)
        if "enterprise" in named and (firm.scope.enterprises is None or len(named) == 1):
            found.append((of, layer, named))
    return found


def cases_of(firm: Firm, systems: Sequence[CaseType], *, listed: int, year: int | None = None) -> list[Told]:
    """For each system how many cases are open, overdue, standing and closed, and the first `listed`: open ones first.

    With a year those that were opened in it; `years` are those of all.
    """
    asked = registers(firm, systems)
    titles = firm.states([of for of, _, _ in asked]) if asked else {}
    return [_of_system(firm, of, layer, _about(firm, named), titles[of.id], listed, year) for of, layer, named in asked]


def _about(firm: Firm, named: tuple[str, ...]) -> Filter:
    parts = tuple(Compare(name, Op.EQ, firm.key) for name in named)
    return parts[0] if len(parts) == 1 else Or(parts)


def _of_system(
    firm: Firm,
    of: CaseType,
    layer: Layer,
    mine: Filter,
    titles: Mapping[str, Text],
    listed: int,
    year: int | None,
) -> Told:
    graded = layer.style.grade
    fined = ("decided_at", "amount") if layer.id == PENALTIES.id else ()
    seen = layer.fields_in(firm.scope)
    fields = tuple(name for name in (*FIELDS, graded, *fined) if name is not None and name in seen)
    newest = Query(
        where=mine, fields=fields, order=(Order("opened_at", descending=True),), limit=MOST + 1, geometry=False
    )
    rows = firm.store.read(layer, newest, scope=firm.scope).to_pylist()
    years = sorted({_year(row["opened_at"]) for row in rows}, reverse=True)
    counts = None
    if len(rows) > MOST:
        mine = mine if year is None else And((mine, in_year("opened_at", year)))
        counts = _counted(firm, layer, mine, bool(fined))
        open_first = _by_deadline(newest, And((mine, OPEN)))
        rows = firm.store.read(layer, open_first, scope=firm.scope).to_pylist()[:MOST]
    elif year is not None:
        rows = [row for row in rows if _year(row["opened_at"]) == year]
    if counts is None:
        counts = _counts(rows, firm.now, bool(fined))
    rows.sort(key=lambda row: _place(row, firm.now))
    told: Told = {"system": of.id, "title": of.title.of(firm.lang), "layer": layer.id, **counts, "years": years}
    return told | {"rows": [_row(row, layer, titles, firm) for row in rows[:listed]]}


def _by_deadline(query: Query, where: Filter) -> Query:
    """The same question about other rows, by their deadlines."""
    return Query(where=where, fields=query.fields, order=(Order("due_at"),), limit=query.limit, geometry=False)


def in_year(field: str, year: int) -> Filter:
    """Moments of a calendar year here."""
    return During(field, datetime(year, 1, 1, tzinfo=CHINA), datetime(year + 1, 1, 1, tzinfo=CHINA))


def _year(at: datetime) -> int:
    return at.astimezone(CHINA).year


def _late(row: Mapping[str, Any], now: datetime) -> bool:
    return row["closed_at"] is None and row["stopped_at"] is None and row["due_at"] is not None and row["due_at"] <= now


def _stands(row: Mapping[str, Any]) -> bool:
    return row["closed_at"] is None and not row["turn"]


def _counts(rows: list[Told], now: datetime, fined: bool) -> Told:
    closed = sum(row["closed_at"] is not None for row in rows)
    standing = sum(_stands(row) for row in rows)
    told: Told = {
        "total": len(rows), "closed": closed, "standing": standing, "open": len(rows) - closed - standing,
        "overdue": sum(_late(row, now) for row in rows),
    }  # fmt: skip
    if fined:
        decided = [row for row in rows if row.get("decided_at") is not None]
        told |= {"decided": len(decided), "fines": sum(row.get("amount") or 0.0 for row in decided)}
    return told


def _counted(firm: Firm, layer: Layer, mine: Filter, fined: bool) -> Told:
    """The same counts of more cases than are read."""
    nobody = Compare("turn", Op.EQ, "")
    late = And((OPEN, Missing("stopped_at"), Compare("due_at", Op.LE, firm.now)))
    asked = [
        Total("closed", Measure.COUNT, where=Not(OPEN)), Total("standing", Measure.COUNT, where=And((OPEN, nobody))),
        Total("overdue", Measure.COUNT, where=late),
    ]  # fmt: skip
    if fined:
        asked.append(Total("decided", Measure.COUNT, where=FINED))
        asked.append(Total("fines", Measure.SUM, "amount", where=FINED))
    found = firm.store.totals(layer, Query(where=mine), of=(COUNT, *asked), scope=firm.scope).to_pylist()[0]
    told = {one.name: found[one.name] or 0 for one in asked}
    total = found["count"]
    return {"total": total, "open": total - told["closed"] - told["standing"], **told}


def _place(row: Mapping[str, Any], now: datetime) -> tuple[int, float]:
    """Overdue ones by their deadline, then open ones by theirs, what stands, and closed ones, the newest first."""
    if row["closed_at"] is not None:
        return 3, -row["closed_at"].timestamp()
    if _stands(row):
        return 2, -row["opened_at"].timestamp()
    due = row["due_at"]
    return (0 if _late(row, now) else 1), float("inf") if due is None else due.timestamp()


def _row(row: Mapping[str, Any], layer: Layer, titles: Mapping[str, Text], firm: Firm) -> Told:
    due, graded, lang = row["due_at"], layer.style.grade, firm.lang
    state = titles.get(row["state"])
    told: Told = {
        "code": row["code"], "title": row["title"], "state": row["state"],
        "state_word": row["state"] if state is None else state.of(lang),
        "turn_word": code_label("case_role", row["turn"], lang) if row["turn"] else "",
        "opened_at": iso(row["opened_at"]), "closed_at": None if row["closed_at"] is None else iso(row["closed_at"]),
        "due_day": None if due is None else last_day(due).isoformat(), "overdue": _late(row, firm.now),
        "days": None if due is None else (last_day(due) - local_day(firm.now)).days,
        "stopped": row["stopped_at"] is not None, "grade": row.get(graded) if graded else None,
        "grade_word": shown(layer.fields[graded], row.get(graded), lang) if graded else "",
    }  # fmt: skip
    if row.get("decided_at") is not None:
        told["amount"] = row.get("amount")
    return told
