"""The life of an incident: a step gives a new value, or is refused with the reason; nothing is kept here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from core.clock import CHINA
from core.errors import ConflictError, Fault, FaultsError
from core.texts import Lang, Text
from emergency.duty.practice import span
from emergency.incidents.grading import graded, last_correction
from layers.catalogue.incidents import INCIDENTS, Incident
from layers.codes import code_list

AHEAD = timedelta(minutes=1)
"""How far a clock that people type from may go before ours."""


class State(StrEnum):
    """Where it stands (code list `incident_state`)."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    RESPONDING = "responding"
    CONTROLLED = "controlled"
    CLOSED = "closed"
    FALSE = "false"
    MERGED = "merged"


class Step(StrEnum):
    """What may be done with it."""

    CONFIRM = "confirm"
    RESPOND = "respond"
    LEVEL = "level"
    CONTROL = "control"
    STOP = "stop"
    RESUME = "resume"
    CLOSE = "close"
    FALSE = "false"
    REOPEN = "reopen"
    MERGE = "merge"
    UNMERGE = "unmerge"


STEPS: dict[Step, Text] = {
    Step.CONFIRM: Text("核实", "Confirm"),
    Step.RESPOND: Text("启动响应", "Begin the response"),
    Step.LEVEL: Text("调整响应", "Change the response level"),
    Step.CONTROL: Text("险情控制", "Under control"),
    Step.STOP: Text("终止响应", "End the response"),
    Step.RESUME: Text("险情反复", "Out of control again"),
    Step.CLOSE: Text("结束", "Close"),
    Step.FALSE: Text("误报", "False"),
    Step.REOPEN: Text("恢复", "Open again"),
    Step.MERGE: Text("并入", "Merge"),
    Step.UNMERGE: Text("撤销并入", "Take apart again"),
}

OPEN = (State.REPORTED, State.CONFIRMED, State.RESPONDING, State.CONTROLLED)
"""States in which it is in hand."""

HAND = (State.CONFIRMED, State.RESPONDING, State.CONTROLLED)
"""In hand and known to be true; what nobody confirmed is a line on the wall, not its picture."""

NEXT: dict[tuple[State, Step], State] = {
    (State.REPORTED, Step.CONFIRM): State.CONFIRMED,
    (State.REPORTED, Step.RESPOND): State.RESPONDING,
    (State.REPORTED, Step.FALSE): State.FALSE,
    (State.REPORTED, Step.MERGE): State.MERGED,
    (State.CONFIRMED, Step.RESPOND): State.RESPONDING,
    (State.CONFIRMED, Step.CONTROL): State.CONTROLLED,
    (State.CONFIRMED, Step.FALSE): State.FALSE,
    (State.CONFIRMED, Step.MERGE): State.MERGED,
    (State.RESPONDING, Step.LEVEL): State.RESPONDING,
    (State.RESPONDING, Step.CONTROL): State.CONTROLLED,
    (State.RESPONDING, Step.MERGE): State.MERGED,
    (State.CONTROLLED, Step.STOP): State.CONTROLLED,
    (State.CONTROLLED, Step.RESUME): State.RESPONDING,
    (State.CONTROLLED, Step.CLOSE): State.CLOSED,
    (State.CLOSED, Step.REOPEN): State.CONTROLLED,
    (State.FALSE, Step.REOPEN): State.REPORTED,
    (State.MERGED, Step.UNMERGE): State.CONFIRMED,
}

WHY = frozenset({Step.LEVEL, Step.STOP, Step.RESUME, Step.CLOSE, Step.FALSE, Step.REOPEN, Step.MERGE, Step.UNMERGE})
"""Steps that say why."""

MOMENTS: dict[Step, str] = {
    Step.CONFIRM: "confirmed_at", Step.RESPOND: "responding_at", Step.CONTROL: "controlled_at", Step.CLOSE: "closed_at",
    Step.FALSE: "closed_at", Step.MERGE: "closed_at",
}  # fmt: skip

LOSSES = ("deaths", "missing", "serious_injuries", "minor_injuries", "trapped", "evacuated", "direct_loss")
CASUALTIES = ("deaths", "serious_injuries")
"""What the law lets change for a number of days only."""

PERSONAL = ("reporter", "reporter_phone")
"""Facts of who reported: the log tells that they changed and not what they are, for it goes farther."""

FACTS = (
    "title", "kind", "occurred_at", "unit_told_at", "unit_reported_at", "reporter", "reporter_phone", "enterprise",
    "enterprise_name", "hazard_source", "chemical", "chemical_name", "address", "summary", "measures",
    "accident_kind", "area", "geometry", *LOSSES,
)  # fmt: skip
"""What people write of an incident; the rest follows from steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The incident after a step or a change, and the sentence of it for the log."""

    row: Incident
    said: Text


def steps_of(row: Incident) -> tuple[Step, ...]:
    """What may be done next."""
    return tuple(
        step for state, step in NEXT if state == row.state and (step is not Step.STOP or responding(row) is not None)
    )


def responding(row: Incident) -> int | None:
    """The level of the response that is under way; none where none was begun, or it was ended."""
    return None if row.response_ended_at is not None else row.response


def response_word(level: int | None, ended: datetime | None) -> Text:
    """The response level in words, and that it was ended where it was; blank where none was begun."""
    if level is None:
        return Text("", "")
    codes, over = code_list("response_level"), ended is not None
    zh, en = (codes.label(str(level), lang) or str(level) for lang in (Lang.ZH, Lang.EN))
    return Text(f"{zh}(已终止)", f"{en} (ended)") if over else Text(zh, en)


def taken(
    row: Incident, step: Step, at: datetime, *, why: str = "", response: int | None = None,
    into: Incident | None = None, before: str = "",
) -> Done:  # fmt: skip
    """The incident after a step. ConflictError where its state does not allow it, FaultsError where something lacks.

    `before` is the state it was merged in, to which it returns when it is taken apart again.
    """
    after = NEXT.get((State(row.state), step))
    if after is None or (step is Step.STOP and responding(row) is None):
        allowed = [STEPS[one] for one in steps_of(row)]
        raise ConflictError(
            Text(
                f"事件 {row.code} {_word(row.state)},不能{STEPS[step].zh};"
                f"可以:{'、'.join(one.zh for one in allowed) or '无'}",
                f"incident {row.code} is {row.state}; possible: {', '.join(one.en for one in allowed) or 'nothing'}",
            ),
            state=row.state, step=step,
        )  # fmt: skip
    faults = [*_why(step, why), *_response(row, step, response), *_target(row, step, into), *_losses(row, step)]
    if faults:
        raise FaultsError(faults)
    if step is Step.UNMERGE and before in OPEN:
        after = State(before)
    changes: dict[str, Any] = {"state": after.value, "observed_at": at}
    moment = MOMENTS.get(step)
    if moment is not None and (getattr(row, moment) is None or step is not Step.CONFIRM):
        changes[moment] = at
    if step is Step.RESPOND and row.confirmed_at is None:
        changes["confirmed_at"] = at  # who begins a response holds it for true
    if step is Step.RESUME:
        changes |= {"controlled_at": None, "response_ended_at": None}
    ended = responding(row) if step in (Step.STOP, Step.CLOSE) else None
    if ended is not None:
        changes["response_ended_at"] = at
    if step in (Step.RESPOND, Step.LEVEL):
        changes["response"] = response
    if step in (Step.CLOSE, Step.FALSE, Step.MERGE):
        changes["closed_why"] = why
    if step is Step.MERGE and into is not None:
        changes["merged_into"] = into.code
    if step in (Step.REOPEN, Step.UNMERGE):
        changes |= {"closed_at": None, "closed_why": "", "merged_into": ""}
    return Done(row=valid(row, **changes), said=_said(step, why, response or ended, into))


def corrected(row: Incident, facts: dict[str, Any], at: datetime, *, why: str = "") -> Done:
    """The incident with other facts and the level they make; what nothing changes is refused.

    Of an incident that is over only its losses change, with a reason, and its casualties within the days of the law;
    when it happened is told once where nobody had, as the terms of its investigation begin there.
    """
    strange = [name for name in facts if name not in FACTS]
    faults = [
        Fault(field=name, value=str(facts[name])[:60], rule=Text("不由人填写", "is not for people to write"))
        for name in strange
    ]
    changed = {name: value for name, value in facts.items() if name in FACTS and getattr(row, name) != value}
    if not changed and not faults:
        faults.append(Fault(field="facts", value="", rule=Text("没有改动", "nothing is changed")))
    over = row.state not in OPEN
    if over and row.state != State.CLOSED:
        raise ConflictError(
            Text(f"事件 {row.code} 已判误报或并入,不能改", f"incident {row.code} is false or merged"), state=row.state
        )
    if over:
        faults += _after_the_end(row, changed, at)
    after = valid(row, **changed) if not faults else row
    faults += _moments(after, at)
    level = graded(after).level
    if (over or (level != row.level and row.level is not None)) and not why.strip():
        rule = Text("等级改变或事件已结束,须写明事由", "the level changes, or it is over: say why")
        faults.append(Fault(field="why", value="", rule=rule))
    if faults:
        raise FaultsError(faults)
    after = valid(after, level=level, observed_at=at)
    return Done(row=after, said=_changes(row, after, changed, why))


def opened(row: Incident, at: datetime) -> Incident:
    """A new incident with the level that what is known of it makes; FaultsError names what cannot be."""
    faults = _moments(row, at)
    if faults:
        raise FaultsError(faults)
    return valid(row, level=graded(row).level, observed_at=at)


def valid[I: Incident](row: I, **changes: Any) -> I:
    """A copy that is checked as a new one would be."""
    return type(row)(**{name: getattr(row, name) for name in type(row).model_fields} | changes)


def oldest(at: datetime) -> datetime:
    """What is said to have happened before was written by mistake."""
    return at - span("told_oldest", at.astimezone(CHINA).date())


def _moments(row: Incident, at: datetime) -> list[Fault]:
    late = Text("不能晚于现在", "is not later than now")
    names = ("occurred_at", "unit_told_at", "unit_reported_at", "reported_at")
    faults = [
        Fault(field=name, value=str(getattr(row, name)), rule=late)
        for name in names
        if getattr(row, name) is not None and getattr(row, name) > at + AHEAD
    ]
    early = Text(f"早于 {_day(oldest(at))},应为误填", f"is before {_day(oldest(at))}: written by mistake")
    faults += [
        Fault(field=name, value=str(getattr(row, name)), rule=early)
        for name in names
        if getattr(row, name) is not None and getattr(row, name) < oldest(at)
    ]
    if row.occurred_at is not None and row.occurred_at > row.reported_at + AHEAD:
        rule = Text("不能晚于接报时间", "is not later than the report of it")
        faults.append(Fault(field="occurred_at", value=str(row.occurred_at), rule=rule))
    return faults


def _after_the_end(row: Incident, changed: dict[str, Any], at: datetime) -> list[Fault]:
    told = changed.get("occurred_at") if row.occurred_at is None else None
    kept = [name for name in changed if name not in LOSSES and not (name == "occurred_at" and told is not None)]
    faults = [
        Fault(field=name, value=str(changed[name])[:60], rule=Text("事件已结束,不能改", "the incident is over"))
        for name in kept
    ]
    until = last_correction(row if told is None else valid(row, occurred_at=told))
    for name in CASUALTIES:
        if name in changed and (until is None or at > until[0]):
            rule = (
                Text("发生时间未知,不能改变伤亡", "nobody knows when it happened: casualties stay")
                if until is None
                else Text(
                    f"伤亡变化补报期至 {_day(until[0])}({until[1]}),已过期",
                    f"casualties may change until {_day(until[0])} ({until[1]})",
                )
            )
            faults.append(Fault(field=name, value=str(changed[name]), rule=rule))
    return faults


def _why(step: Step, why: str) -> list[Fault]:
    if step not in WHY or why.strip():
        return []
    return [Fault(field="why", value="", rule=Text("须写明事由", "say why"))]


def _response(row: Incident, step: Step, response: int | None) -> list[Fault]:
    if step not in (Step.RESPOND, Step.LEVEL):
        return []
    if response not in (1, 2, 3, 4):
        rule = Text("应为Ⅰ至Ⅳ级响应(1 至 4)", "is a response level from 1 to 4")
        return [Fault(field="response", value=str(response or ""), rule=rule)]
    if step is Step.LEVEL and response == row.response:
        return [Fault(field="response", value=str(response), rule=Text("与现级别相同", "is the level there is"))]
    return []


def _target(row: Incident, step: Step, into: Incident | None) -> list[Fault]:
    if step is not Step.MERGE:
        return []
    wrong = (
        Text("须指明并入哪个事件", "say into which incident")
        if into is None
        else Text("不能并入自身", "not into itself")
        if into.code == row.code
        else Text("演练与真实事件不能合并", "an exercise and the real are never merged")
        if into.exercise != row.exercise
        else Text("目标事件已结束", "that incident is over")
        if into.state not in OPEN
        else None
    )
    return [] if wrong is None else [Fault(field="into", value="" if into is None else into.code, rule=wrong)]


def _losses(row: Incident, step: Step) -> list[Fault]:
    """Nobody closes an incident whose dead and injured nobody has told."""
    if step is not Step.CLOSE:
        return []
    rule = Text("结束前须填写(没有则填 0)", "is told before it is closed (0 where there are none)")
    return [
        Fault(field=name, value="", rule=rule) for name in (*CASUALTIES, "missing") if getattr(row, name) is None
    ] + (
        [Fault(field="trapped", value=str(row.trapped), rule=Text("仍有被困人员", "people are still trapped"))]
        if row.trapped
        else []
    )


def _said(step: Step, why: str, response: int | None, into: Incident | None) -> Text:
    zh, en = STEPS[step].zh, STEPS[step].en
    if response is not None:
        level = f"{'ⅠⅡⅢⅣ'[response - 1]}级"
        zh = f"{zh},{level}响应同时终止" if step is Step.CLOSE else f"{zh} {level}"
        en = f"{en}; the response of level {response} ends" if step is Step.CLOSE else f"{en}: level {response}"
    if into is not None:
        zh, en = f"{zh} {into.code}", f"{en} {into.code}"
    return Text(f"{zh}:{why}", f"{en}: {why}") if why else Text(zh, en)


def _changes(before: Incident, after: Incident, changed: dict[str, Any], why: str) -> Text:
    parts = []
    for name in changed:
        title = _title(name)
        if name in PERSONAL:
            parts.append(f"{title} 已改")
            continue
        parts.append(f"{title} {_plain(name, getattr(before, name))} → {_plain(name, getattr(after, name))}")
    if before.level != after.level:
        parts.append(f"事故等级 {_level(before.level)} → {_level(after.level)}")
    said = ";".join(parts)[:1500] + (f"。事由:{why}" if why else "")
    return Text(said, said)


def _title(name: str) -> str:
    spec = INCIDENTS.fields.get(name)
    return "位置" if spec is None else spec.title.zh


def _plain(name: str, value: Any) -> str:
    """A fact as an official reads it: the word of a code, money whole, in ten thousands of yuan."""
    if value is None or value == "":
        return "未填"
    if name == "geometry":
        point = value.representative_point()
        return f"{point.x:.5f},{point.y:.5f}"
    if isinstance(value, datetime):
        return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return f"{value / 10_000:,.6f}".rstrip("0").rstrip(".") + "万元" if name == "direct_loss" else f"{value:g}"
    spec = INCIDENTS.fields.get(name)
    word = code_list(spec.codes).label(str(value)) if spec is not None and spec.codes else None
    return word or str(value)


def _level(level: int | None) -> str:
    return "未定级" if level is None else ("特别重大", "重大", "较大", "一般")[level - 1]


def _word(state: str) -> str:
    return code_list("incident_state").label(state) or state


def _day(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
