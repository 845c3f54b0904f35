"""What a step writes: the case, its line of the log and what the public is told, and under which scope."""

from collections.abc import Iterable
from dataclasses import replace

from casework.casetype import CaseType
from casework.engine import Event, Taken
from core.scope import Scope, Sensitivity
from layers.catalogue.casework import CASE_FILINGS, CASE_STEPS, CaseRow, CaseStep
from layers.catalogue.documents import ISSUED_DOCUMENTS
from store.feed import Edit, Put


def edits(of: CaseType, done: Taken, version: int, copied: int | None = None) -> list[Edit]:
    """The row, its log line and what the public is told: one transaction.

    `copied` is the version of the row that the case copies from, where it does.
    """
    found: list[Edit] = [
        Put(layer=of.register.id, record=done.row, expected=version),
        Put(layer=CASE_STEPS.id, record=log_line(of, done.row, done.event), expected=0),
    ]
    if of.public is not None and done.public is not None:
        expected = copied if of.copied is not None and of.copied.layer is of.public else None
        found.append(Put(layer=of.public.id, record=done.public, expected=expected))
    return found


def log_line(of: CaseType, row: CaseRow, event: Event) -> CaseStep:
    """One step as the log keeps it."""
    return CaseStep(
        code=f"{of.register.id}/{row.code}/{event.number:04d}", of_layer=of.register.id, of_key=row.code,
        number=event.number, step=event.step, step_title=event.title.zh, source_state=event.source,
        target_state=event.target, at=event.at, by=event.who.name, account=event.who.account,
        role=event.who.role.value, reason=event.reason, files=event.files, documents=event.documents,
        changed=event.changed, due_at=event.due_at, process=event.process, enterprise=row.enterprise, area=row.area,
        sensitivity=max(CASE_STEPS.sensitivity, of.register.sensitivity),
    )  # fmt: skip


def said(event: Event) -> str:
    """What the feed says of a step."""
    return f"{event.title.zh}:{event.reason}" if event.reason else event.title.zh


def wide(scope: Scope, *systems: CaseType, also: Iterable[Edit] = ()) -> Scope:
    """A step writes the whole rows of its cases and what goes with them, nothing outside the caller's areas and firms.

    A layer that is no register of the system, such as notices, is written by who may.
    """
    own = {of.register.id for of in systems} | {edit.layer for edit in also}
    for of in systems:
        kept = of.public is not None and (of.public.made_by is not None or _follows(of))
        own |= {of.public.id} if of.public is not None and (kept or scope.may_write(of.public.id)) else set()
    layers = frozenset({CASE_STEPS.id, CASE_FILINGS.id, ISSUED_DOCUMENTS.id, *own})
    return replace(scope, clearance=Sensitivity.SECRET, layers=layers, hidden=frozenset(), writable=layers)


def _follows(of: CaseType) -> bool:
    """What the public is told are the rows that the cases are about, as licences are of licensing."""
    return of.copied is not None and of.copied.layer is of.public


def log_scope(scope: Scope) -> Scope:
    """Who may see a case may see what became of it, within area, enterprise and clearance."""
    return replace(scope, layers=frozenset({CASE_STEPS.id, ISSUED_DOCUMENTS.id}))
