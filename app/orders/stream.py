"""The stream of a team's phone: that something of its orders or their incidents changed, and that the link is alive."""

from collections.abc import AsyncIterator, Callable

import orjson
from starlette.concurrency import run_in_threadpool

from app.live import Again, Live
from core.caller import Caller
from core.clock import iso
from core.scope import SYSTEM_SCOPE
from layers.catalogue import EXERCISES, INCIDENT_MARKS, INCIDENT_ORDERS, INCIDENTS
from store.feed import BATCHES

TOLD = frozenset({INCIDENT_ORDERS.id, INCIDENT_MARKS.id, INCIDENTS.id, EXERCISES.id})
"""Layers of what a phone shows; a scenario that is computed moves its incident."""
PAGE = 500


async def told(live: Live, caller: Caller, again: Again, mine: Callable[[], frozenset[str]]) -> AsyncIterator[bytes]:
    """`changed` where an incident of `mine` moved, without saying what: the phone asks; `heartbeat` in any case."""
    yield b"retry: 2000\n\n" + _event("heartbeat", live)
    seen = live.head
    async for head in live.woken(caller, again):
        moved = False
        if head > seen:
            moved, seen = await run_in_threadpool(_moved, live, seen, head, mine)
        yield _event("changed" if moved else "heartbeat", live)
    yield _event("ended", live)


def _moved(live: Live, seen: int, head: int, mine: Callable[[], frozenset[str]]) -> tuple[bool, int]:
    entries = live.store.feed(after=seen, scope=SYSTEM_SCOPE, limit=PAGE)
    touched = [one for one in entries if one.layer in TOLD]
    seen = head if len(entries) < PAGE else entries[-1].seq
    if not touched:
        return False, seen
    codes = mine()
    return any(one.change in BATCHES or one.key.partition("/")[0] in codes for one in touched), seen


def _event(name: str, live: Live) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps({"at": iso(live.clock())}))
