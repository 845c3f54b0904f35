"""Refusals put on record: forged or spent things shown at a door, and what somebody's role does not let them do.

Of each kind so many a minute from one address or person as the limits say, so that a flood cannot fill the audit.
"""

from enum import StrEnum

from app.auth.limits import limits
from app.auth.rates import Rates
from core.caller import Caller, current_address
from core.clock import Clock
from store.audit import AuditEntry, AuditLog, Kind, Outcome, UnrecordedError


class Why(StrEnum):
    """What was wrong with a request; the `what` of its entry."""

    KEY = "key"
    SESSION = "session"
    STEP = "sign-in step"
    KIOSK = "wall screen"
    RIGHT = "right"
    ORIGIN = "origin"


class Refusals:
    """Notes refusals; a refusal stands even when it cannot be noted."""

    def __init__(self, audit: AuditLog, clock: Clock) -> None:
        self.audit = audit
        self.clock = clock
        self._rates = Rates()

    def note(self, why: Why, door: str, *, caller: Caller | None = None) -> None:
        """One entry, if there was none like it just now; `door` is a method and a rule's path, never an address."""
        address = current_address.get()
        whose = address if caller is None else f"{caller.actor.id} {door}"
        if not self._rates.hit(str(why), whose, most=limits().refusals_per_minute):
            return
        entry = AuditEntry(
            at=self.clock(), kind=Kind.REFUSED, actor="" if caller is None else caller.actor.id,
            account="" if caller is None else caller.account, post="" if caller is None else caller.post,
            door="ogc" if " /ogc/" in door else "page", address=address, what=str(why), where=door,
            outcome=Outcome.REFUSED,
        )  # fmt: skip
        try:
            self.audit.record(entry)
        except UnrecordedError:
            return
