"""Work that a server does by itself, again and again, for as long as it runs."""

import asyncio
import logging
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from core.units import Second


async def repeating(log: logging.Logger, every: Second, work: dict[str, Callable[[], object]]) -> None:
    """Each piece of work by itself, under what is logged when it fails: it is tried anew the next time."""
    while True:
        for failed, one in work.items():
            try:
                await run_in_threadpool(one)
            except Exception:
                log.exception(failed)
        await asyncio.sleep(every)
