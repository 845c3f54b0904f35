"""Climbs the reminder ladders of all cases while the server runs; of several processes each case is told by one."""

import asyncio
import logging

from starlette.concurrency import run_in_threadpool

from app.systems import SYSTEMS
from app.wiring import System
from core.units import Second

EVERY: Second = 600.0
_log = logging.getLogger(__name__)


def remind(system: System) -> int:
    """Tell whoever is due to be told now; how many cases that were."""
    return sum(system.cases.remind(of) for of in SYSTEMS if of.register.id in system.store.catalogue)


async def keep_reminding(system: System, every: Second = EVERY) -> None:
    """Remind at once and then every ten minutes; a failure is logged and tried anew the next time."""
    while True:
        try:
            await run_in_threadpool(remind, system)
        except Exception:
            _log.exception("nobody was reminded of due cases")
        await asyncio.sleep(every)
