"""Takes out of audit, drafts and messages what is older than it is kept, once a day while the server runs.

The evidence of events too: where no analysis runs, or on another machine, nobody else does.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from app.repeating import Chore, repeating
from app.video.retention import EVIDENCE, Retention, Terms
from app.video.unwatched import settle_unwatched
from app.wiring import System
from casework.drafting import draft_rules
from core.actors import SYSTEM_ACTOR
from core.texts import Text
from core.units import Second
from layers.codes.retention import kept_until
from store.audit.verifying import Cleared
from store.turns import open_turn

EVERY: Second = 86_400.0
SETTLED: Second = 60.0
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


def clear_evidence(system: System) -> int:
    """Clear pictures and films of events whose time is over; of how many. None while another process does it."""
    settings = system.settings
    turn = open_turn(settings.data, settings.database_url, EVIDENCE)
    try:
        return Retention(system.store, system.cabinet, system.clock, Terms.of(settings), turn=turn).sweep()
    finally:
        turn.release()


async def keep_settling(system: System, every: Second = SETTLED) -> None:
    """End again and again what an analysis left standing that is there no more."""
    chore = Chore(
        Text("了结无人分析的视频事件", "Events on video that nobody follows are ended"),
        "events on video that nobody follows were not ended",
    )
    live = system.settings.data / "video" / "live"
    work: dict[Chore, Callable[[], object]] = {
        chore: lambda: settle_unwatched(system.store, system.cabinet, system.clock, live)
    }
    await repeating(_log, every, work, system.chores)


async def keep_clearing(system: System, every: Second = EVERY) -> None:
    """Clear at once and then each day; a failure is logged and tried anew the next day."""
    work: dict[Chore, Callable[[], object]] = {
        Chore(Text("清理到期审计", "Audit past its time is cleared"), "the audit was not cleared"): lambda: clear_audit(
            system
        ),
        Chore(Text("清理旧草稿", "Old drafts are dropped"), "old drafts were not dropped"): lambda: forget_drafts(
            system
        ),
        Chore(Text("清理旧消息", "Old messages are dropped"), "old messages were not dropped"): lambda: forget_messages(
            system
        ),
        Chore(
            Text("清理到期视频证据", "Video evidence past its time is cleared"),
            "evidence whose time is over was not cleared",
        ): lambda: clear_evidence(system),
    }
    await repeating(_log, every, work, system.chores)
