"""A procedure in words and as a diagram: what the command line prints and the reference page holds."""

from collections.abc import Iterator
from datetime import date

from casework.casetype import CaseType, Clock, Step
from casework.engine import ROLES, TIERS
from casework.limits import Limit, limit, limits
from casework.reminders import Rung
from core.texts import Lang, Text
from layers.codes import Status

STATUS: dict[Status, Text] = {
    Status.VERIFIED: Text("已核对原文", "read in the law"),
    Status.SECONDARY: Text("二手资料,未核对原文", "second-hand, the text itself not read"),
    Status.UNVERIFIED: Text("未核实", "unverified"),
    Status.OWN: Text("本系统约定", "this system's own"),
}
CLOCKS: dict[Clock, Text] = {
    Clock.KEEPS: Text("期限照旧", "the same limit runs on"),
    Clock.STOPS: Text("计时暂停", "clock stops"),
    Clock.RESUMES: Text("恢复计时", "clock resumes"),
}
BY_CASE = Text("按事项和证照种类的期限规则", "by the rule of its matter and kind")
SOON, LATE = Text("期限前", "before it is due"), Text("逾期", "after it was due")


def limits_of(of: CaseType, on: date) -> tuple[Limit, ...]:
    """The rules its steps and guards rest on, in the order of the file."""
    prefix = getattr(of.register.record, "TERMS", "") or next(
        (step.limit.partition("-")[0] for step in of.steps if step.limit), None
    )
    own = {step.limit for step in of.steps if step.limit}
    return tuple(
        one for one in limits() if one.valid(on) and (one.id in own or one.id.partition("-")[0] == prefix)
    )  # fmt: skip


def limit_words(one: Limit, lang: Lang) -> str:
    """How long, from or before when, by which rule, and how sure."""
    ahead = one.starts.en.startswith("before")
    if lang is Lang.ZH:
        term = f"{one.starts.zh} {one.term.title.zh}" if ahead else f"{one.term.title.zh},自{one.starts.zh}起"
        return f"{term};{one.cited}({STATUS[one.status].zh})"
    return f"{one.term.title.en} {'' if ahead else 'from '}{one.starts.en}; {one.cited} ({STATUS[one.status].en})"


def deadline_words(of: CaseType, step: Step, on: date, lang: Lang) -> str:
    """What limits the state a step leads to, or how it treats the clock."""
    if step.clock is not Clock.GOES_ON:
        return CLOCKS[step.clock].of(lang)
    if step.deadline is not None:
        return BY_CASE.of(lang)
    if step.until is not None:
        return of.register.fields[step.until].title.of(lang)
    return "" if step.limit is None else limit(step.limit, on).term.title.of(lang)


def rung_words(rung: Rung, lang: Lang) -> str:
    """When, and who is told."""
    day = Text(f"{abs(rung.days)} 日", f"{abs(rung.days)} day(s)").of(lang)
    when = Text("到期当日", "the day it is due") if rung.days == 0 else SOON if rung.days < 0 else LATE
    said = when.of(lang) if rung.days == 0 else f"{when.of(lang)} {day}" if lang is Lang.ZH else f"{day} {when.en}"
    return f"{said}: {TIERS[rung.tier].of(lang)}"


def roles_words(step: Step, lang: Lang) -> str:
    """Who may take it."""
    return ("、" if lang is Lang.ZH else ", ").join(ROLES[role].of(lang) for role in step.by)


def guard_words(step: Step) -> str:
    """What is asked before a step, by the first line of each guard."""
    return "; ".join((one.__doc__ or one.__name__).strip().split("\n")[0] for one in step.guards)


def printed(of: CaseType, on: date, lang: Lang) -> Iterator[str]:
    """The whole procedure, a line after the other."""
    yield f"{of.id}  {of.title.of(lang)}  v{of.version}"
    yield f"  {of.about.of(lang)}"
    yield f"  {Text('依据', 'Law').of(lang)}: {of.law.of(lang)}"
    kept = f"{of.register.id} ({of.register.title.of(lang)}), {of.numbering}YYYY-NNNNNN"
    yield f"  {Text('登记', 'Register').of(lang)}: {kept}"
    yield f"\n{Text('状态', 'States').of(lang)}"
    for state in of.state_codes:
        mark = _mark(of, state).of(lang)
        yield f"  {state:<12} {of.state_title(state).of(lang)}{f'  [{mark}]' if mark else ''}"
    yield f"\n{Text('步骤', 'Steps').of(lang)}"
    for step in of.steps:
        source = "、".join(of.state_title(str(one)).of(lang) for one in step.source) or "—"
        target = Text("不变", "stays").of(lang) if step.target is None else of.state_title(str(step.target)).of(lang)
        yield f"  {step.name:<17} {step.title.of(lang)}: {source} → {target}  [{roles_words(step, lang)}]"
        due = deadline_words(of, step, on, lang)
        needs = "、".join(_field(of, one, lang) for one in step.needs)
        facts = [
            due and f"{Text('期限', 'due').of(lang)} {due}",
            needs and f"{Text('须填', 'needs').of(lang)} {needs}",
            step.reason and Text("须写理由", "with a reason").of(lang),
            step.files and Text(f"附件至少 {step.files} 个", f"{step.files} file(s) at least").of(lang),
            step.documents and "、".join(one.title.of(lang) for one in of.documents if one.id in step.documents),
            step.law and step.law.of(lang),
        ]  # fmt: skip
        if any(facts):
            yield f"  {'':<17} {' · '.join(str(one) for one in facts if one)}"
    yield f"\n{Text('期限规则', 'Time limits').of(lang)}"
    for one in limits_of(of, on):
        yield f"  {one.id:<22} {one.title.of(lang)}: {limit_words(one, lang)}"
    yield f"\n{Text('提醒', 'Reminders').of(lang)}"
    for rung in of.reminders:
        yield f"  {rung_words(rung, lang)}"


def mermaid(of: CaseType) -> str:
    """The states and steps as Mermaid's text, which many viewers draw."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{of.state_title(state).zh}" as {state}' for state in of.state_codes]
    for step in of.steps:
        for source in step.source or ("[*]",):
            lines.append(f"    {source} --> {source if step.target is None else step.target}: {step.title.zh}")
    lines += [f"    {state} --> [*]" for state in of.final]
    return "\n".join(lines)


def _mark(of: CaseType, state: str) -> Text:
    if state == of.start:
        return Text("起始", "start")
    return Text("办结", "end") if state in of.final else Text("", "")


def _field(of: CaseType, name: str, lang: Lang) -> str:
    return Text("位置", "Place").of(lang) if name == "geometry" else of.register.fields[name].title.of(lang)
