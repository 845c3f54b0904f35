"""Takes out of audit, drafts and messages what is older than it is kept, once a day while the server runs."""

import logging
from collections.abc import Callable
from datetime import timedelta

from app.repeating import repeating
from app.wiring import System
from casework.drafting import draft_rules
from core.actors import SYSTEM_ACTOR
from core.units import Second
from layers.codes.retention import kept_until
from store.audit.verifying import Cleared

EVERY: Second = 86_400.0
_log = logging.getLogger(__name__)


def clear_audit(system: System) -> Cleared | None:
    """Clear what is due; None when nothing is."""
    now = system.clock()
    before = kept_until("audit", now, system.settings.audit_months)
    return system.audit.clear(before=before, actor=SYSTEM_ACTOR, at=now)


def forget_drafts(system: System) -> int:
    """Drop drafts that nobody has touched for as long as they are kept; how many."""
    return system.identity.drafts.forget(before=system.clock() - draft_rules().kept)


def forget_messages(system: System) -> int:
    """Drop messages older than they are kept; how many."""
    before = system.clock() - timedelta(days=system.settings.message_days)
    return system.identity.messages.forget(before=before)


async def keep_clearing(system: System, every: Second = EVERY) -> None:
    """Clear at once and then each day; a failure is logged and tried anew the next day."""
    work: dict[str, Callable[[], object]] = {
        "the audit was not cleared": lambda: clear_audit(system),
        "old drafts were not dropped": lambda: forget_drafts(system),
        "old messages were not dropped": lambda: forget_messages(system),
    }
    await repeating(_log, every, work)
