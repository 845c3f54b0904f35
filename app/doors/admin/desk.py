"""The administrator's desk: what the doors of administration share, and the entry each change leaves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from app.auth.callers import Doorman
from app.doors.admin.fields import Given
from app.doors.admin.reach import Reach
from app.doors.admin.staff import staff_of
from app.repeating import Chores
from core.caller import Caller, current_address
from core.canonical import canonical_json
from layers.layer import Catalogue
from store.audit import AuditEntry, Kind, Outcome, Sought
from store.identity import Identity

ADDED = "added"
_TOLD: ContextVar[list[AuditEntry] | None] = ContextVar("told", default=None)
"""The entries of the change that is being made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Accounts and their rules; `areas` names the administrative areas there are, by code."""

    doorman: Doorman
    catalogue: Catalogue
    areas: Callable[[], dict[str, str]]
    chores: Chores

    @property
    def identity(self) -> Identity:
        """The accounts."""
        return self.doorman.identity

    def reach(self, caller: Caller) -> Reach:
        """What the caller may see and change now."""
        staff = staff_of(self.identity, self.doorman.clock())
        return Reach(caller, staff, self.areas(), lambda what: self._made(caller, what))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """One change in one transaction; each entry of one that comes to nothing is followed by one that says so."""
        told: list[AuditEntry] = []
        token = _TOLD.set(told)
        try:
            with self.identity.alone():
                yield
        except Exception:
            for entry in told:
                self.doorman.audit.record(replace(entry, at=self.doorman.clock(), outcome=Outcome.FAILED, detail=""))
            raise
        finally:
            _TOLD.reset(token)

    def record(
        self, caller: Caller, what: str, key: str, word: str, *, before: Given | None = None, after: Given | None = None
    ) -> None:
        """One entry for one change, on the disk before the change is made."""
        if before is not None and after is not None:
            changed = {name for name in after if before.get(name) != after[name]}
            before, after = ({name: form[name] for name in form if name in changed} for form in (before, after))
        detail = {"before": _said(before), "after": _said(after)}
        entry = AuditEntry(
            at=self.doorman.clock(), kind=Kind.ADMIN, actor=caller.actor.id, door="page", account=caller.account,
            post=caller.post, address=current_address.get(), what=what, key=key, where=word,
            detail=canonical_json(detail).decode(),
        )  # fmt: skip
        self.doorman.audit.record(entry)
        told = _TOLD.get()
        if told is not None:
            told.append(entry)

    def _made(self, caller: Caller, what: str) -> frozenset[str]:
        """What the caller added, as the audit knows it."""
        asked = Sought(account=caller.account, kinds=(Kind.ADMIN,), what=what)
        found = (one.entry for one in self.doorman.audit.stream(asked))
        return frozenset(entry.key for entry in found if entry.where == ADDED)


def _said(form: Given | None) -> Given | None:
    """What a form says: neither what is empty, nor what the entry has already."""
    silent = {"id", "given_by", "given_at", "created_at", "people"}
    empty: tuple[object, ...] = (None, "", [], {})
    return None if form is None else {k: form[k] for k in form if k not in silent and form[k] not in empty}
