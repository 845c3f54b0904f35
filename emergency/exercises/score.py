"""The score sheet of an exercise: each expected action done in time, late or not done, read from the log.

A line that was struck answers nothing. Time is the exercise's own, without its pauses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.texts import Text
from core.units import Second
from emergency.evaluation.sheet import Measure
from emergency.exercises.course import played
from layers.catalogue.exercises import EXERCISE_INJECTS, ExerciseInject, ExerciseRun
from layers.catalogue.incidents import IncidentEntry

FIRED, REPLY, DONE = "exercise/fired", "exercise/reply", "exercise/done"
"""What a line of the log refers to: an inject was fired, was answered, was acted upon as expected."""


class Result(StrEnum):
    """What came of an expected action."""

    UNFIRED = "unfired"
    OPEN = "open"
    DONE = "done"
    LATE = "late"
    MISSED = "missed"


RESULTS: dict[Result, Text] = {
    Result.UNFIRED: Text("未注入", "not fired"), Result.OPEN: Text("时限内", "time left"),
    Result.DONE: Text("按时完成", "done in time"), Result.LATE: Text("逾期完成", "done late"),
    Result.MISSED: Text("未完成", "not done"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """An inject with what came of it; `took` is the exercise's own time from its firing to the action."""

    inject: ExerciseInject
    replies: tuple[IncidentEntry, ...]
    done: IncidentEntry | None
    took: Second | None
    left: Second | None
    result: Result

    @property
    def answered(self) -> bool:
        """Somebody said something."""
        return bool(self.replies)


def ref_of(code: str) -> str:
    """How the log refers to an inject."""
    return f"{EXERCISE_INJECTS.id}/{code}"


def scored(
    run: ExerciseRun, injects: Iterable[ExerciseInject], log: Sequence[IncidentEntry], at: datetime
) -> list[Scored]:
    """Every inject in order, scored as the log stands."""
    return [_scored(run, one, log, at) for one in sorted(injects, key=lambda one: one.number)]


def _scored(run: ExerciseRun, inject: ExerciseInject, log: Sequence[IncidentEntry], at: datetime) -> Scored:
    mine = [one for one in log if one.struck_at is None and ref_of(inject.code) in one.refs]
    replies = tuple(one for one in mine if REPLY in one.refs or DONE in one.refs)
    done = min((one for one in mine if DONE in one.refs), key=lambda one: one.at, default=None)
    if inject.fired_at is None:
        return Scored(inject=inject, replies=replies, done=None, took=None, left=None, result=Result.UNFIRED)
    since = played(run, inject.fired_at)
    took = None if done is None else (played(run, done.at) - since).total_seconds()
    left = inject.within - (played(run, at) - since).total_seconds()
    if took is not None:
        result = Result.DONE if took <= inject.within else Result.LATE
    else:
        result = Result.MISSED if run.state == "ended" or left < 0 else Result.OPEN
    return Scored(
        inject=inject, replies=replies, done=done, took=took, left=left if took is None else None, result=result
    )


def measure(lines: Sequence[Scored]) -> Measure:
    """The measure `injects` of the evaluation sheet: fired injects that somebody answered."""
    fired = [one for one in lines if one.inject.fired_at is not None]
    answered = sum(one.answered for one in fired)
    return Measure(done=answered, of=len(fired), basis=f"注入 {len(fired)} 条,有回应 {answered} 条")


def counts(lines: Iterable[Scored]) -> dict[Result, int]:
    """How many of each result."""
    found = dict.fromkeys(Result, 0)
    for one in lines:
        found[one.result] += 1
    return found
