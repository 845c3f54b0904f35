"""The life of an early warning: draft, approve, publish, change, lift; a step gives a new value or is refused with why.

Emergency Response Law (突发事件应对法, 2024), articles 63, 64 and 70: levels, the eight items, adjusting and lifting.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.errors import BadInputError, ConflictError, Fault, FaultsError
from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.warnings import EarlyWarning, ExercisePaper, ExerciseWarning, WarningPaper
from layers.record import Record


class State(StrEnum):
    """Of the paper in hand; while a change is in hand the warning published before stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    REVISING = "revising"
    REVISION_APPROVED = "revision_approved"
    LIFTED = "lifted"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What may be done with it."""

    EDIT = "edit"
    APPROVE = "approve"
    RETURN = "return"
    PUBLISH = "publish"
    CHANGE = "change"
    LIFT = "lift"
    WITHDRAW = "withdraw"


NEXT: dict[tuple[State, Step], State] = {
    (State.DRAFT, Step.EDIT): State.DRAFT,
    (State.DRAFT, Step.APPROVE): State.APPROVED,
    (State.DRAFT, Step.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Step.RETURN): State.DRAFT,
    (State.APPROVED, Step.PUBLISH): State.PUBLISHED,
    (State.APPROVED, Step.WITHDRAW): State.WITHDRAWN,
    (State.PUBLISHED, Step.CHANGE): State.REVISING,
    (State.PUBLISHED, Step.LIFT): State.LIFTED,
    (State.REVISING, Step.EDIT): State.REVISING,
    (State.REVISING, Step.APPROVE): State.REVISION_APPROVED,
    (State.REVISING, Step.WITHDRAW): State.PUBLISHED,
    (State.REVISING, Step.LIFT): State.LIFTED,
    (State.REVISION_APPROVED, Step.RETURN): State.REVISING,
    (State.REVISION_APPROVED, Step.PUBLISH): State.PUBLISHED,
    (State.REVISION_APPROVED, Step.LIFT): State.LIFTED,
}

ITEMS: dict[str, Text] = {
    "kind": Text("类别", "kind"),
    "level": Text("级别", "level"),
    "starts_at": Text("起始时间", "start"),
    "extent": Text("可能影响的范围", "where it may reach"),
    "cautions": Text("警示事项", "cautions"),
    "measures": Text("应当采取的措施", "measures to take"),
    "issuer": Text("发布单位", "issuer"),
    "issued_at": Text("发布时间", "time of issue"),
}
"""The eight items of article 64; the last is set by publishing."""

WRITTEN = (
    "title", "kind", "level", "starts_at", "ends_at", "extent", "cautions", "measures", "issuer", "title_en",
    "extent_en", "cautions_en", "measures_en", "issuer_en", "areas", "responses", "contact", "basis", "geometry",
)  # fmt: skip
"""What a draft or a change may write; the rest follows from the steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who takes a step, by account and name."""

    account: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The paper in hand, and the warning as it stands published: None before the first time."""

    paper: WarningPaper
    standing: EarlyWarning | None = None

    @property
    def state(self) -> State:
        """Of the paper."""
        return State(self.paper.state)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What may be done next."""
        return tuple(step for state, step in NEXT if state is self.state)

    @property
    def rows(self) -> tuple[tuple[str, Record], ...]:
        """Layer and record to keep of it."""
        before = "exercise_" if self.played else ""
        papers: tuple[tuple[str, Record], ...] = ((f"{before}warning_papers", self.paper),)
        return papers if self.standing is None else (*papers, (f"{before}warnings", self.standing))

    @property
    def played(self) -> bool:
        """It is of an exercise: kept apart, and told to nobody outside."""
        return isinstance(self.paper, ExercisePaper)

    def in_force(self, at: datetime) -> bool:
        """Published, begun and not lifted; one whose expected end has passed stands until it is lifted."""
        standing = self.standing
        if standing is None or standing.starts_at is None:
            return False
        return standing.state == State.PUBLISHED and standing.starts_at <= at


def drafted(code: str, by: Person, at: datetime, **items: Any) -> Case:
    """A new draft; what the law asks for may still be missing."""
    _only_written(items)
    paper = (ExercisePaper if code.startswith(PLAYED) else WarningPaper)(
        code=code, drafted_by=by.name, drafted_account=by.account, sensitivity=Sensitivity.INTERNAL, observed_at=at,
        area=_shared_area(items.get("areas", ())), **items,
    )  # fmt: skip
    return Case(paper=paper)


def taken(case: Case, step: Step, by: Person, at: datetime, *, why: str = "", **items: Any) -> Case:
    """The case after a step. ConflictError where its state does not allow it; FaultsError names items that are missing.

    `items` are for EDIT and CHANGE; `why` is asked for by LIFT.
    """
    after = NEXT.get((case.state, step))
    if after is None:
        allowed = "、".join(case.steps) or "-"
        raise ConflictError(
            Text(
                f"预警 {case.paper.code} 处于“{case.state}”,不能 {step};可以:{allowed}",
                f"warning {case.paper.code} is {case.state}: {step} is not possible, only {allowed}",
            ),
            state=case.state, step=step,
        )  # fmt: skip
    if items and step not in (Step.EDIT, Step.CHANGE):
        raise BadInputError(Text("此步骤不能改写内容", "this step changes no content"), field=next(iter(items)))
    match step:
        case Step.EDIT | Step.CHANGE:
            return _rewritten(case, after, by, at, items)
        case Step.APPROVE:
            return _approved(case, after, by, at)
        case Step.PUBLISH:
            return _published(case, at)
        case Step.LIFT:
            return _lifted(case, at, why)
        case Step.WITHDRAW if case.standing is not None:
            return replace(case, paper=_paper(case.paper, **_content(case.standing), state=after, observed_at=at))
        case _:
            return replace(case, paper=_paper(case.paper, state=after, observed_at=at, **UNAPPROVED))


PLAYED = "YL"
"""What the numbers of exercises begin with."""
UNAPPROVED: dict[str, Any] = {"approved_by": "", "approved_account": "", "approved_at": None}


def missing(warning: EarlyWarning, *, published: bool = False) -> list[Fault]:
    """Which of the eight items are not there; before it is published the time of issue is not asked for."""
    asked = [name for name in ITEMS if published or name != "issued_at"]
    rule = Text("是法定预警内容,不得缺少", "is an item the law asks for")
    faults = [Fault(field=name, value="", rule=rule, key=warning.code) for name in asked if not getattr(warning, name)]
    if warning.starts_at and warning.ends_at and warning.ends_at <= warning.starts_at:
        late = Text("须晚于起始时间", "must be after the start")
        faults.append(Fault(field="ends_at", value=str(warning.ends_at), rule=late, key=warning.code))
    return faults


def _rewritten(case: Case, after: State, by: Person, at: datetime, items: dict[str, Any]) -> Case:
    _only_written(items)
    if not items:
        raise BadInputError(Text("没有改写任何内容", "nothing is changed"), field="items")
    author = {"drafted_by": by.name, "drafted_account": by.account}
    area = {"area": _shared_area(items["areas"])} if "areas" in items else {}
    return replace(case, paper=_paper(case.paper, **items, **author, **area, **UNAPPROVED, state=after, observed_at=at))


def _approved(case: Case, after: State, by: Person, at: datetime) -> Case:
    faults = missing(case.paper)
    if faults:
        raise FaultsError(faults)
    if by.account == case.paper.drafted_account:
        raise ConflictError(
            Text("拟稿人不能审批本人的稿件", "whoever drafted a warning cannot approve it"), account=by.account
        )
    approved = {"approved_by": by.name, "approved_account": by.account, "approved_at": at}
    return replace(case, paper=_paper(case.paper, state=after, observed_at=at, **approved))


def _published(case: Case, at: datetime) -> Case:
    at = at.replace(microsecond=0)
    revision = case.paper.revision + 1
    messages = (*case.paper.messages, f"{case.paper.code}-{revision} {at.isoformat()}")
    issued = {"state": State.PUBLISHED.value, "issued_at": at, "revision": revision, "messages": messages}
    paper = _paper(case.paper, observed_at=at, **issued)
    faults = missing(paper, published=True)
    if faults:
        raise FaultsError(faults)
    return Case(paper=paper, standing=_public(paper))


def _lifted(case: Case, at: datetime, why: str) -> Case:
    if not why.strip():
        raise FaultsError([Fault(field="why", value="", rule=Text("须写明解除事由", "must say why it is lifted"))])
    assert case.standing is not None
    at = at.replace(microsecond=0)
    revision = case.standing.revision + 1
    messages = (*case.standing.messages, f"{case.paper.code}-{revision} {at.isoformat()}")
    ended = {
        "state": State.LIFTED.value,
        "lifted_at": at,
        "lifted_why": why,
        "revision": revision,
        "messages": messages,
    }
    standing = _valid(type(case.standing), case.standing, ended | {"observed_at": at})
    return Case(paper=_paper(case.paper, **_content(standing), **ended, observed_at=at), standing=standing)


def _content(standing: EarlyWarning) -> dict[str, Any]:
    return {name: getattr(standing, name) for name in WRITTEN if name in EarlyWarning.model_fields}


def _public(paper: WarningPaper) -> EarlyWarning:
    own = {name: getattr(paper, name) for name in EarlyWarning.model_fields}
    if isinstance(paper, ExercisePaper):
        return ExerciseWarning(**own | {"sensitivity": Sensitivity.INTERNAL})
    return EarlyWarning(**own | {"sensitivity": Sensitivity.PUBLIC})


def _paper(paper: WarningPaper, **changes: Any) -> WarningPaper:
    return _valid(type(paper), paper, changes)


def _valid[R: Record](kind: type[R], record: R, changes: dict[str, Any]) -> R:
    """A copy that is checked as a new one would be."""
    return kind(**{name: getattr(record, name) for name in kind.model_fields} | changes)


def _only_written(items: dict[str, Any]) -> None:
    wrong = [name for name in items if name not in WRITTEN]
    if wrong:
        rule = Text("不由拟稿人填写", "is not for the drafter to write")
        raise FaultsError([Fault(field=name, value=str(items[name]), rule=rule) for name in wrong])


def _shared_area(areas: tuple[str, ...]) -> str:
    """The area the paper belongs to: what the codes it names begin with in common, whole levels of it."""
    if not areas:
        return ""
    first, last = min(areas), max(areas)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[: next((level for level in (12, 9, 6, 4, 2) if level <= same), 0)]
