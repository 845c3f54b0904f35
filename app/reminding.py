"""Climbs the reminder ladders of all cases and licences while the server runs, ends what was public long enough, and
gives back credit points whose time is over.

Each is told by one of all processes.
"""

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
REMINDED = Chore(
    Text("办件、许可和值班到期提醒", "Reminders of cases, licences and duty"),
    "nobody was reminded of due cases and licences",
)
_log = logging.getLogger(__name__)


def remind(system: System) -> int:
    """Tell whoever is due to be told, end what was public and what counted long enough; how many were told."""
    told = sum(system.cases.remind(of) for of in SYSTEMS if of.register.id in system.store.catalogue)
    if PENALTY_LISTINGS.id in system.store.catalogue:
        take_off(system.store, system.clock)
    if CREDIT_EVENTS.id in system.store.catalogue:
        Crediting(store=system.store, clock=system.clock).lapse()
    told += remind_duty(system)
    return told + (climb(system.store, system.clock) if LICENCES.id in system.store.catalogue else 0)


async def keep_reminding(system: System, every: Second = EVERY) -> None:
    """Remind at once and then every ten minutes; a failure is logged and tried anew the next time."""
    await repeating(_log, every, {REMINDED: lambda: remind(system)}, system.chores)
