"""Steps of plans as tasks of an incident: which of them, due when, which states follow which; pure.

A task's time counts from a moment of the incident, or, for `responding`, from when the response of its level began.
Where nobody knows that moment nothing is counted and nothing is late.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import BadInputError, ConflictError, Fault, FaultsError
from core.scope import Sensitivity
from core.texts import Text
from emergency.incidents.life import OPEN
from layers.catalogue.incidents import Incident, IncidentEntry
from layers.catalogue.plans import EmergencyPlan, IncidentTask, PlanStep
from layers.codes import code_list

MOST = 999


class Task(StrEnum):
    """How a task stands."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    NOT_NEEDED = "not_needed"


UNDONE = (Task.TODO, Task.DOING)
NEXT: dict[Task, tuple[Task, ...]] = {
    Task.TODO: (Task.DOING, Task.DONE, Task.NOT_NEEDED), Task.DOING: (Task.DONE, Task.NOT_NEEDED, Task.TODO),
    Task.DONE: (Task.DOING,), Task.NOT_NEEDED: (Task.TODO,),
}  # fmt: skip
"""Where a task may go: what was ticked off by mistake is taken up again, and the log says so."""
MOMENTS = {
    "occurred": "occurred_at", "reported": "reported_at", "confirmed": "confirmed_at", "controlled": "controlled_at",
}  # fmt: skip
LEVEL_STEPS = ("step/respond", "step/level")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Since when, until when, and how late: before its end while undone, or done after it."""

    since: datetime | None
    until: datetime | None
    overdue: timedelta | None
    """How long an undone task is past its end now."""
    late: timedelta | None
    """How long after its end a task was done."""


def of_level(steps: Iterable[PlanStep], level: int) -> list[PlanStep]:
    """The steps that a response of a level asks for, in their order."""
    return sorted(
        (one for one in steps if not one.levels or str(level) in one.levels), key=lambda one: (one.number, one.code)
    )


def level_since(lines: Sequence[IncidentEntry]) -> datetime | None:
    """When the response of the level that stands began, by the log."""
    found = [line.at for line in lines if any(ref in LEVEL_STEPS for ref in line.refs)]
    return max(found, default=None)


def made(
    row: Incident, plan: EmergencyPlan, steps: Sequence[PlanStep], before: Sequence[IncidentTask],
    since: datetime | None, *, by: str, at: datetime,
) -> list[IncidentTask]:  # fmt: skip
    """New tasks of steps that are no tasks of this incident yet, numbered on."""
    if row.state not in OPEN:
        raise ConflictError(Text(f"事件 {row.code} 已结束,不能下达任务", f"incident {row.code} is over"), code=row.code)
    if row.response is None:
        raise ConflictError(
            Text("尚未启动应急响应,不能下达预案任务", "no response was begun: a plan's tasks are taken up with one"),
            code=row.code,
        )
    known = {one.step for one in before}
    fresh = [one for one in of_level(steps, row.response) if one.code not in known]
    number = max((one.number for one in before), default=0)
    if number + len(fresh) > MOST:
        raise BadInputError(Text(f"一个事件的任务不超过 {MOST} 项", f"an incident has {MOST} tasks at most"))
    return [
        IncidentTask(
            code=f"{row.code}/T{number + n:03d}", incident=row.code, exercise=row.exercise, number=number + n,
            plan=plan.code, plan_title=plan.title, edition=plan.edition, step=step.code, phase=step.phase,
            unit=step.unit, role=step.role, text=step.text, detail=step.detail, response=row.response,
            minutes=step.minutes, moment=step.moment, since=since if step.moment == "responding" else None,
            made_at=at, made_by=by, state_at=at, state_by=by, area=row.area, sensitivity=Sensitivity.INTERNAL,
            observed_at=at,
        )
        for n, step in enumerate(fresh, start=1)
    ]  # fmt: skip


def due(task: IncidentTask, row: Incident, at: datetime) -> Due:
    """The clock of a task at a moment."""
    since = task.since if task.moment == "responding" else getattr(row, MOMENTS[task.moment])
    if since is None or task.minutes is None:
        return Due(since=since, until=None, overdue=None, late=None)
    until = since + timedelta(minutes=task.minutes)
    undone, done = task.state in UNDONE, task.done_at
    return Due(
        since=since, until=until, overdue=at - until if undone and at > until else None,
        late=done - until if task.state == Task.DONE and done is not None and done > until else None,
    )  # fmt: skip


def moved(
    task: IncidentTask, to: Task | None, *, by: str, at: datetime, why: str = "", owner: str | None = None
) -> IncidentTask:
    """The task after a change of its state or its owner; what is not needed says why, and so does what is taken back.

    Raises: ConflictError where its state does not lead there; FaultsError where the reason lacks or nothing changes.
    """
    state, why = Task(task.state), why.strip()
    faults = []
    if to is None or to is state:
        if owner is None or owner == task.owner:
            faults.append(Fault(field="state", value=state.value, rule=Text("没有改动", "nothing is changed")))
        to = state
    elif to not in NEXT[state]:
        raise ConflictError(
            Text(f"任务{word(state)},不能改为{word(to)}", f"a task that is {state} does not become {to}"), state=state
        )
    back = state is Task.DONE or (state is Task.NOT_NEEDED and to is not state)
    if not why and to is not state and (to is Task.NOT_NEEDED or back):
        faults.append(Fault(field="why", value="", rule=Text("须写明原因", "say why")))
    if faults:
        raise FaultsError(faults)
    changes: dict[str, object] = {"observed_at": at}
    if owner is not None:
        changes["owner"] = owner
    if to is not state:
        changes |= {
            "state": to.value, "state_at": at, "state_by": by, "why": why,
            "started_at": None if to is Task.TODO else task.started_at or (None if to is Task.NOT_NEEDED else at),
            "done_at": at if to is Task.DONE else None,
        }  # fmt: skip
    return task.model_copy(update=changes)


def said(before: IncidentTask, after: IncidentTask) -> str:
    """The sentence of a change for the log."""
    parts = []
    if after.state != before.state:
        parts.append(word(Task(after.state)))
    if after.owner != before.owner:
        parts.append(f"承办 {after.owner or '未指定'}")
    why = f"({after.why})" if after.why and after.state != before.state else ""
    return f"任务 {after.number:02d} {'、'.join(parts)}:{after.text}{why}"


def word(state: Task) -> str:
    """The word of a state."""
    return code_list("task_state").label(state.value) or state.value
