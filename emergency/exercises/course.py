"""The time of an exercise: it runs from the start, stands still in a pause, and ends once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from core.clock import from_iso, iso
from core.errors import ConflictError
from core.texts import Text
from layers.catalogue.exercises import ExerciseInject, ExerciseRun


class Act(StrEnum):
    """What its director does with an exercise."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


ACTS: dict[Act, Text] = {
    Act.START: Text("开始", "Start"), Act.PAUSE: Text("暂停", "Pause"), Act.RESUME: Text("继续", "Go on"),
    Act.STOP: Text("结束", "End"),
}  # fmt: skip

NEXT: dict[tuple[str, Act], str] = {
    ("ready", Act.START): "running", ("ready", Act.STOP): "ended", ("running", Act.PAUSE): "paused",
    ("running", Act.STOP): "ended", ("paused", Act.RESUME): "running", ("paused", Act.STOP): "ended",
}  # fmt: skip


def acts(run: ExerciseRun) -> tuple[Act, ...]:
    """What may be done with it now."""
    return tuple(act for (state, act) in NEXT if state == run.state)


def taken(run: ExerciseRun, act: Act, at: datetime) -> ExerciseRun:
    """The exercise after it. Raises: ConflictError where it stands otherwise."""
    after = NEXT.get((run.state, act))
    if after is None:
        raise ConflictError(
            Text(f"演练现为“{run.state}”,不能{ACTS[act].zh}", f"it is {run.state}: no {act.value}"), state=run.state
        )
    changes: dict[str, object] = {"state": after, "observed_at": at}
    if act is Act.START:
        changes["started_at"] = at
    if act is Act.PAUSE:
        changes["paused_at"] = at
    if run.paused_at is not None and act in (Act.RESUME, Act.STOP):
        changes |= {"paused_at": None, "pauses": (*run.pauses, f"{iso(run.paused_at)}/{iso(at)}")}
    if act is Act.STOP:
        changes["ended_at"] = at
    return run.model_copy(update=changes)


def played(run: ExerciseRun, at: datetime) -> timedelta:
    """How much of its own time had passed: nothing before the start, pauses left out, no more after the end."""
    if run.started_at is None or at <= run.started_at:
        return timedelta()
    end = at if run.ended_at is None else min(at, run.ended_at)
    if run.paused_at is not None:
        end = min(end, run.paused_at)
    passed = end - run.started_at
    for one in run.pauses:
        begun, _, over = one.partition("/")
        since, until = from_iso(begun), from_iso(over)
        passed -= max(timedelta(), min(end, until) - since)
    return max(timedelta(), passed)


def due(run: ExerciseRun, injects: Iterable[ExerciseInject], at: datetime) -> list[ExerciseInject]:
    """Injects whose time has come and that were not fired, the first first; none while it does not run."""
    if run.state != "running":
        return []
    passed = played(run, at).total_seconds()
    waiting = (one for one in injects if one.fired_at is None and one.offset <= passed)
    return sorted(waiting, key=lambda one: (one.offset, one.number))
