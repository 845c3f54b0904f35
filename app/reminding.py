"""Climbs the reminder ladders of all cases and licences while the server runs, ends what was public long enough, and
gives back credit points whose time is over.

Each is told by one of all processes.
"""

import asyncio
import logging

from app.duty.reminding import remind_duty
from app.repeating import Chore, repeating
from app.systems import SYSTEMS
from app.wiring import System
from casework.crediting import Crediting
from casework.publication import take_off
from casework.renewals import climb
from core.texts import Text
from core.units import Second
from layers.catalogue import CREDIT_EVENTS, LICENCES, PENALTY_LISTINGS

EVERY: Second = 600.0
ON_DUTY: Second = 60.0
"""A notice of a quarter of an hour is no use ten minutes late."""

REMINDED = Chore(
    Text("办件和许可到期提醒", "Reminders of cases and licences"), "nobody was reminded of due cases and licences"
)
TOLD = Chore(Text("值班到期提醒", "Reminders of those on duty"), "nobody on the roster was reminded")
_log = logging.getLogger(__name__)


def remind(system: System) -> int:
    """Tell whoever is due to be told, end what was public and what counted long enough; how many were told."""
    told = sum(system.cases.remind(of) for of in SYSTEMS if of.register.id in system.store.catalogue)
    if PENALTY_LISTINGS.id in system.store.catalogue:
        take_off(system.store, system.clock)
    if CREDIT_EVENTS.id in system.store.catalogue:
        Crediting(store=system.store, clock=system.clock).lapse()
    return told + (climb(system.store, system.clock) if LICENCES.id in system.store.catalogue else 0)


async def keep_reminding(system: System) -> None:
    """Remind at once and then every ten minutes, those on duty every minute; a failure is logged and tried anew."""
    await asyncio.gather(
        repeating(_log, EVERY, {REMINDED: lambda: remind(system)}, system.chores),
        repeating(_log, ON_DUTY, {TOLD: lambda: remind_duty(system)}, system.chores),
    )
