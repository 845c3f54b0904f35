"""A business system declared once: register, states, steps, limits, documents, numbering and reminders.

Values are data; logic is a named function that returns the sentence of why not. A wrong declaration fails at import
with every fault at once.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from casework.documents.filling import Mark
from casework.documents.kinds import kinds
from casework.documents.wording import GENERAL
from casework.limits import limit_ids
from casework.reminders import Rung
from casework.sums import Sums, sum_faults
from core.errors import Fault, FaultsError
from core.texts import Text
from layers.catalogue.casework import CaseRow
from layers.codes import code_list
from layers.fields import Kind
from layers.layer import Layer
from layers.record import Record


class Role(StrEnum):
    """As whom a step is taken (code list `case_role`)."""

    OFFICER = "officer"
    ENTERPRISE = "enterprise"
    MEMBER = "member"
    PUBLIC = "public"
    SYSTEM = "system"


class Clock(StrEnum):
    """What a step does to the time limit that runs: the state reached has its own or none, the one that runs holds
    for it too, it stands still, it goes on.
    """

    GOES_ON = "goes_on"
    KEEPS = "keeps"
    STOPS = "stops"
    RESUMES = "resumes"


Guard = Callable[..., Text | None]
"""Of one `casework.engine.Asked`: the sentence an officer reads when the step is refused, or None."""

Effect = Callable[..., dict[str, Any]]
"""Of one `casework.engine.Asked`: fields that follow from the step."""

PublicCopy = Callable[[Any], Record | None]
"""Of the case's row: the row the public layer then holds, or None."""

Turn = Callable[[Any], Role]
"""Of the case's row: who is to act next while it is open."""

Choices = Callable[[Any, str], frozenset[str] | None]
"""Of the case's row and a field's name: the codes that may be chosen in this case, or None for all of the list."""


Named = Callable[[Any], str]
"""Of what is known of a case that begins (a mapping): its title where nobody gives one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A deadline that depends on the case: the rule, from when it counts (None: from the step), and a date of the
    register that ends it earlier. With neither rule nor date there is none.
    """

    rule: str = ""
    since: datetime | None = None
    until: str = ""


Deadline = Callable[[Any, datetime], Chosen]
"""Of the row after a step and the moment of the step: by what the state reached is limited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What of a row of another layer stands in the case too: the field of the case that names the row, and their fields
    with ours. Read anew at each step, and the step is refused where that row has changed meanwhile. `told` are the
    fields by which a person chooses among such rows.
    """

    field: str
    layer: Layer
    into: tuple[tuple[str, str], ...]
    told: tuple[str, ...] = ()


Fill = Callable[..., str | tuple[str, ...] | tuple[Mark, ...]]
"""Of one `casework.papers.Drafting`: what a document says where its form names the function."""

REMIND = "remind"
"""The step the system itself takes when a rung of the ladder is passed; no declaration may use the name."""

WITHDRAW, REPLACE = "withdraw_document", "replace_document"
"""What an officer does to a document that was issued, in the log of its case; no declaration may use the names."""

RESERVED = frozenset({REMIND, WITHDRAW, REPLACE})

REGISTERED = frozenset({"number", "organ"})
"""What a case may keep of the registration of a document."""

ENGINE_FIELDS = frozenset(CaseRow.model_fields) - {"title", "enterprise", "area", "geometry"}
"""What the engine alone writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A paper of the procedure, issued when an officer takes a step that names it; `form` is its kind and template.

    The template is filled with what every case has (`casework.documents.wording.GENERAL`), the fields of the register,
    and what the functions `fills` say, each under its own name. With `when` it is made only where that finds nothing
    against it. Without a form it is only named: no step makes it. `into` says what of its registration the case keeps:
    a field of `IssuedDocument` and the field of the register that holds it. The step `proof`, where one is named, gives
    it its number and sets it without seal, signature and code; a later step that names it seals it under that number.
    `ends` are documents of the case that hold no longer once this one is issued.
    """

    id: str
    title: Text
    form: str = ""
    fills: tuple[Fill, ...] = ()
    when: Guard | None = None
    into: tuple[tuple[str, str], ...] = ()
    proof: str = ""
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnState:
    """A state that an administrator added to a procedure: in no code list, so it says itself what it is called."""

    code: str
    title: Text
    turn: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What may be done in some states, by whom, and what the case is then.

    `target` None leaves the state and its deadline. `asks` are fields filled in here, of which `needs` must be;
    `limit` names the rule that limits the state reached, `until` the date field that does instead, `deadline` the
    function that chooses by the case (of the three one at most); `files` is the least number of attachments. A step
    `afterwards` may be taken of a case that is over: it leaves it so, or opens it again.
    """

    name: str
    title: Text
    source: tuple[StrEnum | str, ...]
    target: StrEnum | str | None
    by: tuple[Role, ...]
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    sets: Effect | None = None
    limit: str | None = None
    until: str | None = None
    deadline: Deadline | None = None
    clock: Clock = Clock.GOES_ON
    reason: bool = False
    files: int = 0
    documents: tuple[str, ...] = ()
    law: Text | None = None
    opens: bool = False
    afterwards: bool = False

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        """What it calls, which a published version knows by name."""
        return (*self.guards, *(one for one in (self.sets, self.deadline) if one is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseType:
    """One business system; `opening` is the step that begins a case, `final` the states in which it is over.

    `standing` are states neither in hand nor over: what was registered stands, nobody is to act, and its date of expiry
    is watched as any other deadline. Where `video` is set, cameras round a case are open on its page, not folded. What
    of the register its statistics add up is `sums`.
    """

    id: str
    title: Text
    about: Text
    register: Layer
    states: type[StrEnum] | tuple[str, ...]
    start: StrEnum | str
    final: tuple[StrEnum | str, ...]
    steps: tuple[Step, ...]
    numbering: str
    law: Text
    turn: Turn
    documents: tuple[Document, ...] = ()
    reminders: tuple[Rung, ...] = ()
    public: Layer | None = None
    public_copy: PublicCopy | None = None
    own: tuple[OwnState, ...] = ()
    standing: tuple[StrEnum | str, ...] = ()
    copied: Copied | None = None
    choices: Choices | None = None
    named: Named | None = None
    video: bool = False
    sums: Sums | None = None
    version: int = 1

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            said = "; ".join(f"{one.field}={one.value}: {one.rule.en}" for one in faults)
            raise FaultsError(faults, Text(f"业务声明有误:{self.id}", f"case type declared wrongly: {self.id} {said}"))

    @property
    def state_codes(self) -> tuple[str, ...]:
        """Every state, in the order declared."""
        return tuple(str(one) for one in self.states)

    @property
    def roles(self) -> tuple[Role, ...]:
        """As whom steps may be taken here: members of the safety committee only where the program gives them one."""
        members = any(Role.MEMBER in step.by for step in self.steps)
        return tuple(one for one in Role if one is not Role.MEMBER or members)

    @property
    def opening(self) -> Step:
        """The step that begins a case."""
        return next(step for step in self.steps if step.opens)

    def step(self, name: str) -> Step | None:
        """A step by its name."""
        return next((one for one in self.steps if one.name == name), None)

    def out_of(self, state: str) -> tuple[Step, ...]:
        """What may be done in a state."""
        return tuple(one for one in self.steps if not one.opens and state in one.source)

    def state_title(self, state: str) -> Text:
        """What a state says; one that the list no longer has is said by its code."""
        own = next((one.title for one in self.own if one.code == state), None)
        found = own or next((one.title for one in code_list(self.state_list) if one.code == state), None)
        return found or Text(state, state)

    def next_turn(self, row: CaseRow) -> Role:
        """Who is to act next: by the declaration's function, or as a state of its own says."""
        own = next((one.turn for one in self.own if one.code == row.state), None)
        return own or self.turn(row)

    @property
    def state_list(self) -> str:
        """The code list of the register's states."""
        return self.register.fields["state"].codes or ""


NAME = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_STATE = 40


def _faults(of: CaseType) -> Iterator[Fault]:
    """Everything wrong with a declaration."""
    if not re.fullmatch(r"[a-z][a-z0-9-]*", of.id):
        yield _fault("id", of.id, "须为小写英文标识,可用连字符", "must be a lower-case identifier")
    if not re.fullmatch(r"[A-Z]{2}", of.numbering):
        yield _fault("numbering", of.numbering, "须为两个大写字母", "must be two capital letters")
    if not issubclass(of.register.record, CaseRow):
        yield _fault("register", of.register.id, "登记表的记录须为 CaseRow", "the register's record must be a CaseRow")
        return
    for field, text in (("title", of.title), ("about", of.about), ("law", of.law)):
        yield from _spoken(field, text)
    states = of.state_codes
    known = {one.code for one in code_list(of.state_list)} if of.state_list else set()
    for own in of.own:
        yield from _spoken(f"states.{own.code}", own.title)
        if not NAME.fullmatch(own.code) or len(own.code) > LONGEST_STATE:
            yield _fault(f"states.{own.code}", own.code, "须为小写英文标识", "must be a lower-case identifier")
        if own.code in known or own.code not in states:
            yield _fault(f"states.{own.code}", own.code, "与已有状态重名或未列入状态", "is in the list or no state")
    known |= {own.code for own in of.own}
    if not of.state_list:
        yield _fault("register", of.register.id, "state 字段没有代码表", "its field state names no code list")
    for state in states:
        if known and state not in known:
            yield _fault("states", state, "不在状态代码表中", "is not in the code list of states")
    for state in of.standing:
        if state in of.final:
            yield _fault("standing", str(state), "已是办结状态", "is where cases end")
    for state in (of.start, *of.final, *of.standing):
        if state not in states:
            yield _fault("states", str(state), "没有声明的状态", "is a state nobody declared")
    names = Counter(step.name for step in of.steps)
    for name, count in names.items():
        if count > 1:
            yield _fault("steps", name, "步骤重名", "is declared twice")
    if sum(step.opens for step in of.steps) != 1:
        yield _fault("steps", of.id, "须恰有一个立项步骤", "must have exactly one step that opens a case")
    papers = {one.id for one in of.documents}
    for step in of.steps:
        yield from _step_faults(of, step, set(states), papers)
    used = {name for step in of.steps for name in step.documents}
    for paper in of.documents:
        yield from _paper_faults(of, paper, paper.id in used)
    yield from _reach_faults(of, states)
    if not NAME.fullmatch(getattr(of.turn, "__name__", "")):
        yield _fault("turn", repr(of.turn), "须为有名字的函数", "must be a function with a name")
    yield from _copied_faults(of)
    if of.sums is not None:
        yield from (_fault("sums", *one) for one in sum_faults(of.sums, of.register, states))
    if (of.public is None) != (of.public_copy is None):
        yield _fault("public", of.id, "公开图层与公开函数须同时声明", "layer and function are declared together")
    if list(of.reminders) != sorted(of.reminders, key=lambda rung: rung.days):
        yield _fault("reminders", of.id, "须按时间先后", "must be in order of time")


def _copied_faults(of: CaseType) -> Iterator[Fault]:
    """Fields that are not there on one side or the other."""
    if of.copied is None:
        return
    own, theirs = of.register.fields, of.copied.layer.fields
    for name in (of.copied.field, *(ours for _, ours in of.copied.into)):
        if name != "geometry" and name not in own:
            yield _fault("copied", name, "不是登记字段", "is no field of the register")
    for name, _ in of.copied.into:
        if name != "geometry" and name not in theirs:
            yield _fault("copied", name, "不是来源图层的字段", "is no field of the layer copied from")


def _step_faults(of: CaseType, step: Step, states: set[str], papers: set[str]) -> Iterator[Fault]:
    at = f"steps.{step.name}"
    fields = of.register.fields
    if not NAME.fullmatch(step.name) or step.name in RESERVED:
        taken = ", ".join(sorted(RESERVED))
        yield _fault(at, step.name, f"须为小写英文标识,且不是 {taken}", f"must be an identifier other than {taken}")
    yield from _spoken(f"{at}.title", step.title)
    if step.law is not None:
        yield from _spoken(f"{at}.law", step.law)
    for state in (*step.source, *(() if step.target is None else (step.target,))):
        if state not in states:
            yield _fault(at, str(state), "没有声明的状态", "is a state nobody declared")
        if state in of.final and state in step.source and not step.afterwards:
            yield _fault(at, str(state), "已办结的状态没有下一步", "is final and has no further step")
    if (
        step.afterwards
        and (step.target is None or step.target in of.final)
        and (step.limit or step.until or step.deadline)
    ):
        yield _fault(f"{at}.limit", step.name, "已办结的案件没有期限", "leaves a case over: it has no time limit")
    if step.opens and (step.source or step.target != of.start):
        yield _fault(at, step.name, "立项步骤没有原状态,且进入起始状态", "opens: from nothing, to the start")
    if not step.opens and not step.source:
        yield _fault(at, step.name, "没有原状态", "has no source state")
    if not step.by:
        yield _fault(at, step.name, "没有办理身份", "nobody may take it")
    for name in step.asks:
        if name != "geometry" and (name not in fields or name in ENGINE_FIELDS):
            yield _fault(f"{at}.asks", name, "不是可填写的登记字段", "is no field of the register to fill in")
    for name in step.needs:
        if name not in step.asks:
            yield _fault(f"{at}.needs", name, "不在填写字段中", "is not among what it asks")
    if step.limit is not None and step.limit not in limit_ids():
        yield _fault(f"{at}.limit", step.limit, "没有这条期限规则", "is no rule of a time limit")
    if step.until is not None and (step.until not in fields or fields[step.until].kind is not Kind.DATE):
        yield _fault(f"{at}.until", step.until, "不是日期字段", "is no date of the register")
    if step.deadline is not None and (step.limit is not None or step.until is not None):
        yield _fault(f"{at}.deadline", step.name, "已有期限规则或日期", "has a rule or a date already")
    for paper in step.documents:
        if paper not in papers:
            yield _fault(f"{at}.documents", paper, "没有声明的文书", "is a document nobody declared")
    for called in step.functions:
        if not NAME.fullmatch(getattr(called, "__name__", "")):
            yield _fault(f"{at}.guards", repr(called), "须为有名字的函数", "must be a function with a name")


def _paper_faults(of: CaseType, paper: Document, used: bool) -> Iterator[Fault]:
    """A step that names a document can make it: there is a form, and somebody knows each thing it asks for."""
    at = f"documents.{paper.id}"
    yield from _spoken(f"{at}.title", paper.title)
    for called in (*paper.fills, *(() if paper.when is None else (paper.when,))):
        if not NAME.fullmatch(getattr(called, "__name__", "")):
            yield _fault(f"{at}.fills", repr(called), "须为有名字的函数", "must be a function with a name")
    for theirs, name in paper.into:
        if name not in of.register.fields or of.register.fields[name].kind is not Kind.TEXT or name in ENGINE_FIELDS:
            yield _fault(f"{at}.into", name, "不是文本登记字段", "is no text field of the register")
        if theirs not in REGISTERED:
            yield _fault(f"{at}.into", theirs, "不是可取用的文书登记内容", "is nothing a case may keep of a document")
    for name in paper.ends:
        if all(one.id != name for one in of.documents):
            yield _fault(f"{at}.ends", name, "没有声明的文书", "is a document nobody declared")
    if not used or not paper.form:
        return
    kind = kinds().get(paper.form)
    if kind is None or not kind.has_form:
        yield _fault(f"{at}.form", paper.form, "没有这种文书或没有模板", "is no kind of document, or has no template")
        return
    known = GENERAL | set(of.register.fields) | {getattr(one, "__name__", "") for one in paper.fills}
    for name in sorted(kind.placeholders - known):
        yield _fault(f"{at}.fills", name, "模板需要此项,无处取得", "is asked for by the form, and nobody knows it")


def _reach_faults(of: CaseType, states: tuple[str, ...]) -> Iterator[Fault]:
    """A state that nothing leads to, or out of which nothing leads to an end."""
    moves = {(str(a), str(s.target)) for s in of.steps if s.target is not None for a in s.source}
    for reached, word in ((_spread({str(of.start)}, moves), True),
                          (_spread({str(one) for one in of.final}, {(b, a) for a, b in moves}), False)):  # fmt: skip
        for state in states:
            if state in reached:
                continue
            if word:
                yield _fault("states", state, "没有步骤能到达", "cannot be reached")
            else:
                yield _fault("states", state, "没有步骤能办结", "has no way to an end")


def _spread(begun: set[str], moves: set[tuple[str, str]]) -> set[str]:
    reached = set(begun)
    while more := {b for a, b in moves if a in reached} - reached:
        reached |= more
    return reached


def _spoken(field: str, text: Text) -> Iterator[Fault]:
    if not text.zh.strip() or not text.en.strip():
        yield _fault(field, str(text), "须有中文和英文", "must be in Chinese and English")


def _fault(field: str, value: str, zh: str, en: str) -> Fault:
    return Fault(field=field, value=value, rule=Text(zh, en))
