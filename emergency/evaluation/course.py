"""What the log and the tasks of an incident say for its score sheet, and its course by the minute."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from emergency.evaluation.sheet import Measure
from emergency.incidents.clocks import Clock, Shown
from emergency.plans.tasks import Task, due
from layers.catalogue.incidents import Incident, IncidentEntry
from layers.catalogue.orders import IncidentOrder
from layers.catalogue.plans import IncidentTask

WITHDRAWN = "withdrawn"
TOLD = ("decision", "report", "order", "warning", "model", "alarm")
"""Kinds of lines that are steps of the course; of tasks only that a plan was taken up."""
MOMENTS = (
    ("occurred_at", "事发"), ("unit_told_at", "事故单位负责人接报"), ("unit_reported_at", "事故单位报告"),
    ("reported_at", "接报"),
)  # fmt: skip
"""Moments that no line of the log tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One point of the course; minutes from the report, before it below zero."""

    at: datetime
    minutes: int
    text: str
    entry: str


def course(row: Incident, lines: Iterable[IncidentEntry]) -> list[Moment]:
    """The time line, by when it happened: what the facts tell, and the lines that stand."""
    found = [(at, words, "") for name, words in MOMENTS if (at := getattr(row, name)) is not None]
    found += [
        (line.happened_at, line.text, line.code)
        for line in lines
        if line.struck_at is None and (line.kind in TOLD or "plan/taken" in line.refs)
    ]
    return [
        Moment(at=at, minutes=round((at - row.reported_at).total_seconds() / 60), text=words, entry=entry)
        for at, words, entry in sorted(found, key=lambda one: (one[0], one[2]))
    ]


def measures(
    row: Incident, clocks: Iterable[Clock], tasks: Sequence[IncidentTask], orders: Sequence[IncidentOrder], at: datetime
) -> dict[str, Measure]:
    """What is counted, as it stood at the end (`at`, of the clocks too); of a clock whose beginning nobody told, or
    whose time was not up by then, there is no measure, and a person judges.
    """
    found = {f"clock:{one.id}": clocked for one in clocks if (clocked := _clocked(one)) is not None}
    plans = list(dict.fromkeys(one.plan_title for one in tasks))
    basis = f"启用预案《{'》《'.join(plans)}》" if plans else "没有启用预案"
    found["plan"] = Measure(done=int(bool(plans)), of=1, basis=basis)
    asked = [one for one in tasks if one.state != Task.NOT_NEEDED]
    done = sum(one.state == Task.DONE for one in asked)
    found["tasks_done"] = Measure(
        done=done, of=len(asked), basis=f"任务 {len(asked)} 项,完成 {done} 项,不适用 {len(tasks) - len(asked)} 项"
    )
    limited = [(one, clock) for one in asked if (clock := due(one, row, at)).until is not None]
    timed = [
        (one, clock) for one, clock in limited
        if one.state == Task.DONE or (clock.until is not None and clock.until <= at)
    ]  # fmt: skip
    kept = sum(one.state == Task.DONE and clock.late is None for one, clock in timed)
    early = f";另 {rest} 项结束时未到时限,不计" if (rest := len(limited) - len(timed)) else ""
    basis = f"有时限的任务 {len(timed)} 项,按时完成 {kept} 项{early}"
    found["tasks_on_time"] = Measure(done=kept, of=len(timed), basis=basis)
    given = [one for one in orders if one.state != WITHDRAWN]
    received = sum(one.received_at is not None for one in given)
    gone = f";另撤回 {rest} 条,不计" if (rest := len(orders) - len(given)) else ""
    basis = f"指令 {len(given)} 条,签收 {received} 条{gone}"
    found["orders"] = Measure(done=received, of=len(given), basis=basis)
    return found


def _clocked(one: Clock) -> Measure | None:
    if one.shown in (Shown.DONE, Shown.LATE, Shown.OVERDUE):
        words = {Shown.DONE: "按时", Shown.LATE: "逾期完成", Shown.OVERDUE: "未完成"}[one.shown]
        return Measure(done=int(one.shown is Shown.DONE), of=1, basis=f"{one.title.zh}:{words}({one.basis})")
    return None
