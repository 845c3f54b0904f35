"""What a step makes of a case: the new row and what happened, or every reason why not; no store, no clock inside."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from casework.calendar import Calendar, Due, Term, Unit, end_of
from casework.casetype import REMIND, CaseType, Chosen, Clock, Document, Role, Step
from casework.limits import limit, limit_ids
from casework.reminders import Rung, Tier, passed
from casework.terms import before, local_day, resumed
from core.errors import Fault, FaultsError
from core.texts import Lang, Text
from layers.catalogue.casework import CaseRow
from layers.codes import code_list
from layers.fields import FieldSpec
from layers.record import Record

Values = Mapping[str, Any]
LEAST_REASON = 2


class StepRefusedError(FaultsError):
    """A step the rules do not allow now, with all the reasons at once."""

    code = "step-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who takes a step, and as what."""

    account: str
    name: str
    role: Role


SYSTEM = Who(account="system", name="系统", role=Role.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked[R: CaseRow]:
    """What a guard sees: the row as it would be with what was filled in, and as it was (None: not opened yet)."""

    row: R
    before: R | None
    who: Who
    at: datetime
    calendar: Calendar
    reason: str = ""
    files: int = 0
    attached: tuple[str, ...] = ()
    facts: Values | None = None
    """What was found in the store for this step (`casework.gathering`); None where only what may be done is asked."""

    def ends(self, rule: str, start: datetime) -> datetime:
        """When a term of a rule is over that starts at a moment."""
        found = self.calendar.due(start, limit(rule, local_day(self.at)).term)
        assert found is not None
        return found.at

    def term(self, rule: str) -> Text:
        """How long a rule gives, as a person reads it."""
        return limit(rule, local_day(self.at)).term.title

    def before_end(self, rule: str, end: datetime) -> datetime:
        """The latest moment from which a term of a rule still lies before an end."""
        return before(self.calendar, end, limit(rule, local_day(self.at)).term)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened: one line of the case's log."""

    number: int
    step: str
    title: Text
    source: str
    target: str
    who: Who
    at: datetime
    reason: str
    files: tuple[str, ...]
    changed: tuple[str, ...]
    due_at: datetime | None
    process: int
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The row after a step, its log line, what the public layer then holds, and which documents are to be issued."""

    row: CaseRow
    event: Event
    public: Record | None = None
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A step of the present state for one person: open to them, or why not as things stand."""

    step: Step
    reasons: tuple[Text, ...]


def opened(
    of: CaseType, code: str, values: Values, *, who: Who, at: datetime, calendar: Calendar, files: tuple[str, ...] = (),
    reason: str = "", about: Values | None = None, facts: Values | None = None,
) -> Taken:  # fmt: skip
    """A new case; `about` is what the enterprise's ledger says (name, industry, area), not for people to write."""
    step = of.opening
    refusals = [*_who_may(step, who), *_unasked(step, values)]
    month = local_day(at).strftime("%Y-%m")
    begun = {
        "code": code, "state": str(of.start), "process": of.version, "opened_at": at, "opened_month": month,
        "opened_by": who.name, "opened_account": who.account, "state_since": at, "sensitivity": of.register.sensitivity,
    }  # fmt: skip
    plain = {name: spec.default for name, spec in of.register.fields.items() if not spec.required}
    known = {**plain, **(about or {}), **values, **begun}
    if of.named is not None and not str(known.get("title") or "").strip():
        known["title"] = of.named(known)
    row, faults = _written(of, known)
    return _taken(of, step, None, row, [*refusals, *faults], tuple(values), who, at, calendar, reason, files, facts)


def taken(
    of: CaseType, row: CaseRow, name: str, values: Values, *, who: Who, at: datetime, calendar: Calendar,
    files: tuple[str, ...] = (), reason: str = "", facts: Values | None = None,
) -> Taken:  # fmt: skip
    """The case after a step. StepRefusedError lists every reason why it may not be taken."""
    step = of.step(name)
    if step is None or step.opens:
        raise StepRefusedError([_said("step", name, Text("没有这个步骤", "is no step of this procedure"))])
    refusals = [*_state_allows(of, step, row), *_who_may(step, who), *_unasked(step, values)]
    after, faults = _written(of, {**_plain(row), **values}) if values else (row, [])
    return _taken(of, step, row, after, [*refusals, *faults], tuple(values), who, at, calendar, reason, files, facts)


def options(of: CaseType, row: CaseRow, *, who: Who, at: datetime, calendar: Calendar) -> tuple[Option, ...]:
    """The steps of the present state that this person might take, each with what stands against it as things are.

    What is only missing because nobody has filled it in yet is left to the form.
    """
    found = []
    for step in of.out_of(row.state):
        if who.role in step.by:
            asked = Asked(row=row, before=row, who=who, at=at, calendar=calendar, reason="—" * LEAST_REASON, files=1)
            against = [] if step.asks else [one for guard in step.guards if (one := guard(asked)) is not None]
            found.append(Option(step=step, reasons=tuple(against)))
    return tuple(found)


TIERS: dict[Tier, Text] = {
    Tier.NONE: Text("无", "nobody"),
    Tier.ENTERPRISE: Text("企业", "the enterprise"),
    Tier.TOWN: Text("镇街", "the town"),
    Tier.DISTRICT: Text("区县", "the district"),
    Tier.CITY: Text("市级", "the city"),
}
REMINDED = Text("到期提醒", "Reminder")


def told_of(tier: Tier, *, over: bool) -> Text:
    """What a reminder says in the log of a case."""
    if over:
        return Text(f"逾期,已提醒至{TIERS[tier].zh}", f"overdue, told up to {TIERS[tier].en}")
    return Text(f"临期,已提醒{TIERS[tier].zh}", f"soon due, {TIERS[tier].en} told")


def reminder_in(lang: Lang, reason: str) -> str:
    """What the log holds of a reminder, in the reader's words; it is kept in Chinese.

    >>> reminder_in(Lang.EN, "逾期,已提醒至市级")
    'overdue, told up to the city'
    """
    said = (told_of(tier, over=over) for tier in Tier for over in (True, False))
    return next((one.of(lang) for one in said if one.zh == reason), reason)


def reminded(of: CaseType, row: CaseRow, *, at: datetime) -> Taken | None:
    """What the ladder says must be told by now and has not been, as one step of the system; None where nothing is."""
    if row.due_at is None or row.closed_at is not None or row.stopped_at is not None:
        return None
    rungs = passed(of.reminders, row.due_at, at)
    if rungs <= row.reminded:
        return None
    rung: Rung = of.reminders[rungs - 1]
    said = told_of(rung.tier, over=row.due_at <= at)
    changes = {"reminded": rungs, "told": rung.tier.value, "told_at": at, "steps": row.steps + 1}
    after = row.model_copy(update=changes)
    event = Event(
        number=after.steps, step=REMIND, title=REMINDED, source=row.state, target=row.state,
        who=SYSTEM, at=at, reason=said.zh, files=(), changed=(), due_at=row.due_at, process=row.process,
    )  # fmt: skip
    return Taken(row=after, event=event)


def overdue(row: CaseRow, at: datetime) -> bool:
    """Its time is over while its clock runs."""
    return row.due_at is not None and row.closed_at is None and row.stopped_at is None and row.due_at <= at


def _taken(
    of: CaseType, step: Step, before: CaseRow | None, row: CaseRow | None, refusals: list[Fault],
    changed: tuple[str, ...], who: Who, at: datetime, calendar: Calendar, reason: str, files: tuple[str, ...],
    facts: Values | None,
) -> Taken:  # fmt: skip
    reason, facts = reason.strip(), facts or {}
    if step.reason and len(reason) < LEAST_REASON:
        refusals.append(_said("reason", reason, Text("请写明理由", "say why")))
    if len(files) < step.files:
        need = Text(f"至少附 {step.files} 个附件(照片或文件)", f"needs {step.files} attachment(s) at least")
        refusals.append(_said("files", str(len(files)), need))
    if row is not None:
        refusals += _missing(of, step, row)
        asked = Asked(
            row=row,
            before=before,
            who=who,
            at=at,
            calendar=calendar,
            reason=reason,
            files=len(files),
            facts=facts,
            attached=files,
        )
        refusals += [_said("step", step.name, one) for guard in step.guards if (one := guard(asked)) is not None]
    if refusals or row is None:
        raise StepRefusedError(refusals, _summed(of, step, refusals))
    if step.sets is not None:
        row = row.model_copy(update=step.sets(asked))
    row = row.model_copy(update=_moved(of, step, before, row, at, calendar))
    nobody = row.closed_at is not None or row.state in of.standing
    row = row.model_copy(update={"turn": "" if nobody else of.next_turn(row).value})
    event = Event(
        number=row.steps, step=step.name, title=step.title, source="" if before is None else before.state,
        target=row.state, who=who, at=at, reason=reason, files=files, changed=changed, due_at=row.due_at,
        process=row.process,
    )  # fmt: skip
    public = None if of.public_copy is None else of.public_copy(row)
    after = Asked(row=row, before=before, who=who, at=at, calendar=calendar, reason=reason, files=len(files))
    return Taken(row=row, event=event, public=public, documents=tuple(_to_issue(of, step, after)))


def _to_issue(of: CaseType, step: Step, asked: Asked[Any]) -> Iterator[Document]:
    """What the step issues in this case: documents are the organ's, so that only its officers make any."""
    if asked.who.role is not Role.OFFICER:
        return
    for name in step.documents:
        paper = next(one for one in of.documents if one.id == name)
        if paper.form and (paper.when is None or paper.when(asked) is None):
            yield paper


def noted(
    of: CaseType, row: CaseRow, name: str, title: Text, *, who: Who, at: datetime, reason: str
) -> Taken:  # fmt: skip
    """What is done to a document of a case, as one line of its log; state and clock stay."""
    if len(reason.strip()) < LEAST_REASON:
        raise StepRefusedError([_said("reason", reason, Text("请写明理由", "say why"))])
    if who.role is not Role.OFFICER:
        rule = Text("文书由监管人员撤回或更换", "documents are withdrawn or replaced by an officer")
        raise StepRefusedError([_said("by", who.role, rule)], rule)
    after = row.model_copy(update={"steps": row.steps + 1})
    event = Event(
        number=after.steps, step=name, title=title, source=row.state, target=row.state, who=who, at=at,
        reason=reason.strip(), files=(), changed=(), due_at=row.due_at, process=row.process,
    )  # fmt: skip
    return Taken(row=after, event=event)


def _moved(
    of: CaseType, step: Step, before: CaseRow | None, row: CaseRow, at: datetime, calendar: Calendar
) -> dict[str, Any]:
    """State, deadline and clock after a step."""
    changes: dict[str, Any] = {"steps": row.steps + 1}
    if step.target is not None:
        changes |= {"state": str(step.target), "state_since": at, "closed_at": None}
        if step.target in of.final:
            return changes | {"closed_at": at, "due_at": None, "due_basis": "", "stopped_at": None}
    if step.clock is Clock.KEEPS:
        return changes
    if step.clock is Clock.STOPS:
        return changes | ({} if row.stopped_at is not None else {"stopped_at": at})
    if step.clock is Clock.RESUMES and row.stopped_at is not None:
        changes["stopped_at"] = None
        if row.due_at is not None:
            again = resumed(calendar, row.due_at, row.stopped_at, at, _counted(row, at))
            changes |= {"due_at": again.at, "due_assumed": row.due_assumed or not again.certain}
            held = _due(step, row, at, calendar)
            if held is not None and held.end.at < again.at:  # a date that no stopped clock moves
                changes |= {"due_at": held.end.at, "due_basis": held.basis, "due_from": held.since}
        return changes
    due = _due(step, row, at, calendar)
    moves = step.target is not None and str(step.target) != (before.state if before else "")
    if due is not None or moves or step.deadline is not None:
        changes |= {
            "due_at": None if due is None else due.end.at, "due_assumed": due is not None and not due.end.certain,
            "due_basis": "" if due is None else due.basis, "due_from": at if due is None else due.since,
            "stopped_at": None,
        }  # fmt: skip
        changes |= {"reminded": 0, "told": Tier.NONE.value, "told_at": None}
    return changes


def _counted(row: CaseRow, at: datetime) -> Term:
    """The term that runs; a date that people set is moved by calendar days."""
    if row.due_basis not in limit_ids():
        return Term(0, Unit.CALENDAR_DAY)
    return limit(row.due_basis, local_day(row.due_from or at)).term


@dataclass(frozen=True, slots=True)
class _Limited:
    """When a state must be left, by what, and from when that counts."""

    end: Due
    basis: str
    since: datetime


def _due(step: Step, row: CaseRow, at: datetime, calendar: Calendar) -> _Limited | None:
    """When the state reached must be left: of a rule and a date the earlier."""
    chosen = Chosen(rule=step.limit or "", until=step.until or "") if step.deadline is None else step.deadline(row, at)
    since = chosen.since or at
    found: list[_Limited] = []
    if chosen.until and (day := getattr(row, chosen.until)) is not None:
        found.append(_Limited(Due(end_of(day), certain=True), chosen.until, since))
    if chosen.rule:
        end = calendar.due(since, limit(chosen.rule, local_day(since)).term)
        assert end is not None
        found.append(_Limited(end, chosen.rule, since))
    return min(found, key=lambda one: one.end.at, default=None)


def _state_allows(of: CaseType, step: Step, row: CaseRow) -> list[Fault]:
    if row.state in step.source:
        return []
    here = of.state_title(row.state)
    rule = Text(
        f"案件现为“{here.zh}”,不能办理“{step.title.zh}”", f"the case is {here.en!r}: {step.title.en!r} is not possible"
    )
    return [_said("state", row.state, rule)]


def _who_may(step: Step, who: Who) -> list[Fault]:
    if who.role in step.by:
        return []
    zh = "、".join(ROLES[role].zh for role in step.by)
    en = ", ".join(ROLES[role].en for role in step.by)
    return [_said("by", who.role, Text(f"“{step.title.zh}”由{zh}办理", f"{step.title.en!r} is for {en}"))]


ROLES: dict[Role, Text] = {
    Role.OFFICER: Text("监管人员", "an officer"),
    Role.ENTERPRISE: Text("企业", "the enterprise"),
    Role.MEMBER: Text("安委会成员单位", "a member of the safety committee"),
    Role.PUBLIC: Text("举报人", "the reporter"),
    Role.SYSTEM: Text("系统", "the system"),
}


def _unasked(step: Step, values: Values) -> list[Fault]:
    rule = Text("不是此步骤填写的内容", "is not for this step to fill in")
    return [_said(name, str(values[name])[:80], rule) for name in values if name not in step.asks]


def _missing(of: CaseType, step: Step, row: CaseRow) -> list[Fault]:
    found = []
    for name in step.needs:
        value = getattr(row, name)
        if value is None or (isinstance(value, str) and not value.strip()) or value == ():
            title = Text("位置", "Place") if name == "geometry" else of.register.fields[name].title
            found.append(_said(name, "", Text(f"须填写{title.zh}", f"{title.en} must be filled in")))
    return found


def _plain(row: CaseRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).model_fields}


def _written(of: CaseType, values: dict[str, Any]) -> tuple[CaseRow | None, list[Fault]]:
    """The row of these values, or every fault of its fields."""
    filled = ((spec, values.get(name)) for name, spec in of.register.fields.items() if name != "state")
    faults = [fault for spec, value in filled for fault in _uncoded(spec, value)]  # the state is the procedure's own
    record = of.register.record
    try:
        row = record.model_validate(values)
    except ValidationError as error:
        return None, [*faults, *(_field_fault(one) for one in error.errors())]
    assert isinstance(row, CaseRow)
    return row, faults


def _uncoded(spec: FieldSpec, value: object) -> list[Fault]:
    """Values that are in no code list."""
    if spec.codes is None or value in (None, "", ()):
        return []
    many = value if isinstance(value, tuple | list) else (value,)
    known = _codes_of(spec.codes)
    rule = Text("不在代码表中", "is not in the code list")
    return [_said(spec.name, str(one), rule) for one in many if _code(one) not in known]


def _codes_of(list_id: str) -> frozenset[str]:
    return frozenset(one.code for one in code_list(list_id))


def _code(value: object) -> str:
    return str(value.value if isinstance(value, StrEnum) else int(value) if isinstance(value, int) else value)


def _field_fault(error: Any) -> Fault:
    name = str(error["loc"][0]) if error["loc"] else ""
    kind, told = error["type"], error.get("ctx") or {}
    rule = {
        "missing": Text("必须填写", "is missing"),
        "string_too_short": Text("必须填写", "is missing"),
        "string_too_long": Text(
            f"最多 {told.get('max_length')} 个字", f"has {told.get('max_length')} characters at most"
        ),
        "greater_than_equal": Text(f"不得小于 {told.get('ge')}", f"must be {told.get('ge')} or more"),
        "less_than_equal": Text(f"不得大于 {told.get('le')}", f"must be {told.get('le')} or less"),
    }.get(kind, Text("格式不对", f"is not well formed: {error['msg']}"))
    given = error.get("input")
    return _said(name, "" if kind == "missing" or given is None else str(given)[:80], rule)


def _said(field: str, value: str, rule: Text) -> Fault:
    return Fault(field=field, value=value, rule=rule)


def _summed(of: CaseType, step: Step, refusals: list[Fault]) -> Text:
    zh = ";".join(one.rule.zh if one.field in WHOLE else f"{_title(of, one).zh}{one.rule.zh}" for one in refusals)
    en = "; ".join(one.rule.en if one.field in WHOLE else f"{_title(of, one).en} {one.rule.en}" for one in refusals)
    return Text(f"不能办理“{step.title.zh}”:{zh}", f"{step.title.en!r} is refused: {en}")


WHOLE = frozenset({"step", "state", "by", "reason", "files"})
"""Reasons about the step as a whole, not about a field."""


def _title(of: CaseType, fault: Fault) -> Text:
    if fault.rule.zh.startswith("须填写"):
        return Text("", "")
    spec = of.register.fields.get(fault.field)
    return Text(fault.field, fault.field) if spec is None else spec.title
