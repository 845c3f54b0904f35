"""The clock of projections: every few seconds open incidents are looked at, in line with what people compute."""

import asyncio
import logging

from app.incidents.projections import Projections
from core.errors import BusyError
from core.units import Second

EVERY: Second = 10.0
_log = logging.getLogger(__name__)


async def keep_projecting(projections: Projections, every: Second = EVERY) -> None:
    """Until the server stops, more often where a change need not last so long; people who compute go first."""
    every = min(every, projections.lasting)
    while True:
        try:
            await projections.chain.planning.run(projections.look)
        except BusyError:
            pass
        except Exception:
            _log.exception("projections wait for the next round")
        await asyncio.sleep(every)
