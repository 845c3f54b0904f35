"""The clock of projections: every few seconds open incidents are looked at, in line with what people compute."""

import asyncio
import logging
from contextlib import suppress

from app.incidents.projections import Projections
from app.repeating import Chore, Chores
from core.errors import BusyError
from core.texts import Text
from core.units import Second

EVERY: Second = 10.0
PROJECTED = Chore(Text("随风向更新事故推演", "Projections of open incidents"), "projections wait for the next round")
_log = logging.getLogger(__name__)


async def keep_projecting(projections: Projections, chores: Chores, every: Second = EVERY) -> None:
    """Until the server stops, more often where a change need not last so long; people who compute go first."""
    every = min(every, projections.lasting)
    while True:
        with chores.tried(_log, PROJECTED), suppress(BusyError):
            await projections.chain.planning.run(projections.look)
        await asyncio.sleep(every)
