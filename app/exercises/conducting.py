"""The clock of exercises: every two seconds what is due is injected; a failure is logged and tried anew."""

import asyncio
import logging

from starlette.concurrency import run_in_threadpool

from app.exercises.desk import ExerciseDesk
from core.units import Second

EVERY: Second = 2.0
_log = logging.getLogger(__name__)


async def keep_conducting(desk: ExerciseDesk, every: Second = EVERY) -> None:
    """Until the server stops."""
    while True:
        try:
            await run_in_threadpool(lambda: desk.fire(desk.desk.clock()))
        except Exception:
            _log.exception("injects of exercises wait for the next round")
        await asyncio.sleep(every)
