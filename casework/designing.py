"""A procedure as an administrator writes it: what may be chosen, every fault at its field, what differs from another.

Code keeps what cannot be written here: the register, the functions and what the public is told. Guards and effects are
chosen by name among those that the program declares for this system.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from casework.casetype import ENGINE_FIELDS, CaseType, Clock, Role
from casework.documents.kinds import DocumentKind, kinds
from casework.documents.wording import GENERAL
from casework.reminders import Tier
from casework.tables import rows_of
from casework.versions import Data, Function, as_data, fill, from_body, name_of, names_called
from core.errors import Fault, FaultsError
from core.texts import Text

FIXED = ("id", "register", "numbering", "turn", "standing")
"""What the program alone says of a system."""

Title = Annotated[str, Field(max_length=120)]
Words = Annotated[str, Field(max_length=1000)]
Name = Annotated[str, Field(max_length=40)]
Names = Annotated[list[Name], Field(max_length=60)]
Pair = tuple[Title, Title]
Lines = tuple[Words, Words]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Own(_Strict):
    code: Name
    title: Pair
    turn: Name


class _Paper(_Strict):
    id: Name
    title: Pair
    form: Title
    fills: Names = []
    when: Name | None = None
    into: Annotated[list[tuple[Name, Name]], Field(max_length=10)] = []
    ends: Names = []


class _Rung(_Strict):
    days: Annotated[int, Field(ge=-365, le=3650)]
    tier: Name


class _Step(_Strict):
    name: Name
    title: Pair
    source: Names
    target: Name | None
    by: Names
    asks: Names
    needs: Names
    guards: Names
    sets: Name | None
    limit: Name | None
    until: Name | None
    deadline: Name | None = None
    clock: Name
    reason: bool
    files: Annotated[int, Field(ge=0, le=20)]
    documents: Names
    law: Lines | None
    opens: bool
    afterwards: bool = False


class _Written(_Strict):
    id: Name
    title: Pair
    about: Lines
    register_: Annotated[Name, Field(alias="register")]
    states: Names
    start: Name
    final: Names
    numbering: Name
    law: Lines
    turn: Name
    documents: Annotated[list[_Paper], Field(max_length=40)]
    reminders: Annotated[list[_Rung], Field(max_length=20)]
    steps: Annotated[list[_Step], Field(max_length=60)]
    own: Annotated[list[_Own], Field(max_length=20)] = []
    standing: Names = []


def guards_of(of: CaseType) -> dict[str, Function]:
    """The guards that the program declares for a system."""
    return {name_of(one): one for step in of.steps for one in step.guards}


def effects_of(of: CaseType) -> dict[str, Function]:
    """What steps may have follow from them."""
    return {name_of(step.sets): step.sets for step in of.steps if step.sets is not None}


def deadlines_of(of: CaseType) -> dict[str, Function]:
    """What chooses a time limit by the case."""
    return {name_of(step.deadline): step.deadline for step in of.steps if step.deadline is not None}


def fills_of(of: CaseType) -> dict[str, Function]:
    """What the program can say in documents of a system, by what a form calls it."""
    return {name_of(one): one for paper in of.documents for one in paper.fills}


def conditions_of(of: CaseType) -> dict[str, Function]:
    """What may decide whether a step makes a document: the guards, and what documents name already."""
    return {**guards_of(of), **{name_of(one.when): one.when for one in of.documents if one.when is not None}}


def forms_of(of: CaseType) -> tuple[DocumentKind, ...]:
    """The documents that steps of a system can make: there is a form, and somebody knows all it asks for."""
    known = GENERAL | set(of.register.fields) | set(fills_of(of))
    return tuple(one for one in kinds().values() if one.has_form and one.placeholders <= known)


@cache
def _sentences() -> dict[str, Text]:
    return {row["function"]: Text(row["zh"], row["en"]) for row in rows_of("functions")}


def sentence(name: str, function: Function | None = None) -> Text:
    """What a function asks or does, in a sentence; one without a row says the first line of its own words."""
    line = (getattr(function, "__doc__", None) or name).strip().split("\n")[0]
    return _sentences().get(name, Text(line, line))


def designed(written: object, version: int, now: CaseType) -> CaseType:
    """The procedure that an administrator wrote. FaultsError with everything that is wrong, each at its field."""
    data = _plain(written)
    data["documents"] = [_filled(one, now) for one in data["documents"]]
    faults = [*_fixed(data, now), *_unknown(data, now)]
    if faults:
        raise FaultsError(faults)
    known = {**conditions_of(now), **effects_of(now), **deadlines_of(now), name_of(now.turn): now.turn}
    known |= {fill(now.id, name): function for name, function in fills_of(now).items()}
    made = from_body(orjson.dumps(data).decode(), version, now, known)
    unasked = list(_unasked(made))
    if unasked:
        raise FaultsError(unasked)
    return made


def _filled(paper: Data, now: CaseType) -> Data:
    """The document with everything its form asks for and the program can say; nobody has to name that by hand."""
    form = kinds().get(paper["form"])
    asked = frozenset() if form is None or not form.has_form else form.placeholders
    more = [name for name in fills_of(now) if name in asked and name not in paper["fills"]]
    return {**paper, "fills": [*(name for name in paper["fills"] if name in asked), *more]}


def _plain(written: object) -> Data:
    try:
        read = _Written.model_validate_json(orjson.dumps(written))
    except (ValidationError, TypeError) as error:
        if not isinstance(error, ValidationError):
            raise FaultsError([_fault("steps", "", "不是流程内容", "is no procedure")]) from error
        steps = written.get("steps") if isinstance(written, dict) else None
        raise FaultsError([_misshapen(one, steps) for one in error.errors()[:100]]) from error
    data: Data = read.model_dump(mode="json", by_alias=True)
    for step in data["steps"]:
        if step["deadline"] is None:  # as versions without one are kept
            del step["deadline"]
    for paper in data["documents"]:
        for name in ("into", "ends"):
            if not paper[name]:
                del paper[name]
    return {name: value for name, value in data.items() if value or name not in ("own", "standing")}


def _misshapen(error: Any, steps: object) -> Fault:
    """A value of another kind, at the field the page knows it by."""
    at = [str(one) for one in error["loc"]]
    if len(at) > 1 and at[0] == "steps" and isinstance(steps, list) and at[1].isdigit():
        step = steps[int(at[1])] if int(at[1]) < len(steps) else None
        name = step.get("name") if isinstance(step, dict) else None
        at = ["steps", name if isinstance(name, str) else at[1], *at[2:3]]
    told = error.get("ctx") or {}
    rule = {
        "missing": Text("缺少此项", "is missing"),
        "extra_forbidden": Text("没有这一项", "is no part of a procedure"),
        "string_too_long": Text(
            f"最多 {told.get('max_length')} 个字", f"has {told.get('max_length')} characters at most"
        ),
        "too_long": Text(f"最多 {told.get('max_length')} 项", f"has {told.get('max_length')} entries at most"),
        "greater_than_equal": Text(f"不得小于 {told.get('ge')}", f"must be {told.get('ge')} or more"),
        "less_than_equal": Text(f"不得大于 {told.get('le')}", f"must be {told.get('le')} or less"),
    }.get(error["type"], Text("格式不对", "is not well formed"))
    return Fault(field=".".join(at), value="", rule=rule)


def _fixed(data: Data, now: CaseType) -> Iterator[Fault]:
    """What is the program's, changed all the same."""
    own = as_data(now)
    for name in FIXED:
        if data.get(name) != own.get(name):
            yield _fault(name, str(data.get(name)), "由程序规定,不能修改", "is the program's and cannot be changed")


def _unknown(data: Data, now: CaseType) -> Iterator[Fault]:
    """Names that no choice of the page has; what else is wrong the declaration itself says."""
    guards, effects, deadlines = guards_of(now), effects_of(now), deadlines_of(now)
    for step in data["steps"]:
        at = f"steps.{step['name']}"
        for guard in step["guards"]:
            if guard not in guards:
                yield _fault(f"{at}.guards", guard, "不是本业务的规则", "is no rule of this system")
        if step["sets"] is not None and step["sets"] not in effects:
            yield _fault(f"{at}.sets", step["sets"], "不是本业务的办理结果", "is no effect of this system")
        if step.get("deadline") is not None and step["deadline"] not in deadlines:
            yield _fault(f"{at}.deadline", step["deadline"], "不是本业务的期限算法", "chooses no limit in this system")
        for role in step["by"]:
            if role not in now.roles:
                yield _fault(f"{at}.by", role, "不是办理身份", "is nobody who takes steps")
        if step["clock"] not in set(Clock):
            yield _fault(f"{at}.clock", step["clock"], "不是计时方式", "is nothing a clock does")
    conditions, fills = conditions_of(now), fills_of(now)
    own = {(one.id, one.form) for one in now.documents}
    for paper in data["documents"]:
        form = kinds().get(paper["form"])
        if (paper["id"], paper["form"]) not in own and (form is None or not form.has_form):
            zh, en = "没有这种文书或没有模板", "is no kind of document, or has no template"
            yield _fault(f"documents.{paper['id']}.form", paper["form"], zh, en)
        for name in paper["fills"]:
            if name not in fills:
                yield _fault(f"documents.{paper['id']}", name, "程序不能填写此项", "is nothing the program can say")
        if paper["when"] is not None and paper["when"] not in conditions:
            yield _fault(f"documents.{paper['id']}", paper["when"], "不是本业务的规则", "is no rule of this system")
    for rung in data["reminders"]:
        if rung["tier"] not in set(Tier) - {Tier.NONE}:
            yield _fault("reminders", rung["tier"], "不是提醒层级", "is nobody who is told")
    for own in data.get("own", ()):
        if own["turn"] not in set(now.roles) - {Role.SYSTEM}:
            yield _fault(f"states.{own['code']}", own["turn"], "须说明待谁办理", "must say who acts next")


def _unasked(made: CaseType) -> Iterator[Fault]:
    """What the register needs and nobody would be asked for: such a procedure opens no case."""
    step = made.opening
    for name, spec in made.register.fields.items():
        if spec.required and name not in ENGINE_FIELDS and name not in step.asks:
            zh, en = f"须填写“{spec.title.zh}”,否则不能立项", f"must ask for {spec.title.en}, or no case is opened"
            yield _fault(f"steps.{step.name}.asks", name, zh, en)


def _fault(field: str, value: str, zh: str, en: str) -> Fault:
    return Fault(field=field, value=value[:80], rule=Text(zh, en))


def names_gone(data: Data, functions: Mapping[str, Function]) -> list[str]:
    """Functions a version names that the program no longer has."""
    return sorted({name for name in names_called(data) if name not in functions})
