"""The clocks of an incident: from when, until when, by which rule, done when; past the limit they count up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.clock import CHINA
from core.texts import Text
from emergency.incidents.grading import QUICK
from emergency.incidents.tables import Line, in_force, status, whole
from layers.catalogue.incidents import Incident
from layers.codes import Status

HURRY = 0.2
"""Share of the time left below which a clock is shown as hurrying."""


class Shown(StrEnum):
    """How a clock stands."""

    WAITS = "waits"
    """What it counts from is not known, so nothing is counted."""
    RUNS = "runs"
    HURRIES = "hurries"
    OVERDUE = "overdue"
    DONE = "done"
    LATE = "late"
    """Done, after its time."""
    OVER = "over"
    """Nothing was to be done: its time is over."""


STANDS: dict[Shown, Text] = {
    Shown.WAITS: Text("起算时间未知", "beginning unknown"), Shown.RUNS: Text("计时中", "running"),
    Shown.HURRIES: Text("将到期", "nearly due"), Shown.OVERDUE: Text("超时", "overdue"),
    Shown.DONE: Text("已完成", "done"), Shown.LATE: Text("逾期完成", "done late"), Shown.OVER: Text("已过", "over"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A report that left the house: of which kind, and when."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock at a moment; `left` is below zero once it is overdue."""

    id: str
    title: Text
    since: datetime | None
    until: datetime | None
    done_at: datetime | None
    shown: Shown
    left: timedelta | None
    basis: str
    status: Status
    note: Text


def clocks(row: Incident, reports: tuple[Reported, ...], at: datetime) -> tuple[Clock, ...]:
    """Every clock that applies to the incident, in the order of the table."""
    if row.state in ("false", "merged"):
        return ()
    return tuple(_clock(line, row, reports, at) for line in in_force("clocks", _day(row)) if _applies(line, row))


def _applies(line: Line, row: Incident) -> bool:
    kinds = line["kinds"].split(";") if line["kinds"] else []
    if kinds == ["other"] and row.kind in QUICK:
        return False
    if kinds and kinds != ["other"] and row.kind not in kinds:
        return False
    gravest, mildest = whole(line["gravest"]), whole(line["mildest"])
    if gravest is None or mildest is None:
        return True
    return row.level is not None and gravest <= row.level <= mildest


def _clock(line: Line, row: Incident, reports: tuple[Reported, ...], at: datetime) -> Clock:
    term = timedelta(**{f"{line['unit']}s": int(line["amount"])})
    since, done = _since(line, row, reports), _done(line, row, reports)
    until = None if since is None else since + term
    rested = row.controlled_at or row.closed_at
    if line["repeats"] and rested is not None:
        done = done or rested
    shown = _shown(line, since, until, done, at, term)
    left = None if until is None or shown in (Shown.DONE, Shown.LATE) else until - at
    return Clock(
        id=line["id"], title=Text(line["zh"], line["en"]), since=since, until=until, done_at=done, shown=shown,
        left=left, basis=f"{line['source']}{line['article']}", status=status(line),
        note=Text(line["note_zh"], line["note_en"]),
    )  # fmt: skip


def _since(line: Line, row: Incident, reports: tuple[Reported, ...]) -> datetime | None:
    if line["starts"] == "last_report":
        return max((one.at for one in reports if one.kind in ("flash", "followup", "special")), default=None)
    found: datetime | None = getattr(row, line["starts"])
    return found


def _done(line: Line, row: Incident, reports: tuple[Reported, ...]) -> datetime | None:
    by = line["done_by"]
    if not by:
        return None
    if line["repeats"]:
        return None if not any(one.kind == "special" for one in reports) else _first(reports, "special")
    if by in type(row).model_fields:
        found: datetime | None = getattr(row, by)
        return found
    return _first(reports, by)


def _first(reports: tuple[Reported, ...], kind: str) -> datetime | None:
    return min((one.at for one in reports if one.kind == kind), default=None)


def _shown(
    line: Line, since: datetime | None, until: datetime | None, done: datetime | None, at: datetime, term: timedelta
) -> Shown:
    if since is None or until is None:
        return Shown.WAITS if done is None else Shown.DONE
    if done is not None:
        return Shown.LATE if done > until else Shown.DONE
    if not line["done_by"]:
        return Shown.RUNS if at <= until else Shown.OVER
    if at > until:
        return Shown.OVERDUE
    return Shown.HURRIES if until - at <= term * HURRY else Shown.RUNS


def _day(row: Incident) -> date:
    return row.reported_at.astimezone(CHINA).date()
