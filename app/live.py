"""The live stream: one Server-Sent-Events connection per browser, tailing the change feed under the caller's scope."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from time import monotonic

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import StreamingResponse

from core.caller import Caller, current_address, current_caller
from core.clock import Clock, iso
from core.errors import BadInputError, OneMapError
from core.texts import Text, whole
from core.units import Second
from store.feed import BATCHES, Entry
from store.protocol import Store

HEARTBEAT: Second = 5.0
LOOK_AGAIN: Second = 1.0
"""How old the knowledge of who listens may be when an entry is sent."""
PAGE = 500
KEPT = 256


Again = Callable[[], Awaitable[Caller | None]]
"""Who the same request would be let in as now."""


class TooManyStreams(OneMapError):
    """One address holds as many live streams as it may."""

    code = "too-many-streams"
    status = 429


class Live:
    """Wakes every open stream when the feed grows; one read serves all streams of the same scope."""

    def __init__(self, store: Store, clock: Clock, *, most: int = 100) -> None:
        self.store = store
        self.clock = clock
        self.most = most
        self.open: Counter[str] = Counter()
        self.head = 0
        self._moved: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop_watching: Callable[[], None] = lambda: None
        self._read: OrderedDict[tuple[str, int, int], asyncio.Task[tuple[Entry, ...]]] = OrderedDict()

    async def start(self) -> None:
        """Begin to watch the feed; call once inside the running loop."""
        self._loop = asyncio.get_running_loop()
        self._moved = asyncio.Event()
        self.head = await run_in_threadpool(self.store.head)
        self._stop_watching = self.store.watch(self._moved_elsewhere)

    def stop(self) -> None:
        """Stop watching; open streams end at their next heartbeat."""
        self._stop_watching()

    def _moved_elsewhere(self, head: int) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._move, head)

    def _move(self, head: int) -> None:
        self.head = max(self.head, head)
        if self._moved is not None:
            moved, self._moved = self._moved, asyncio.Event()
            moved.set()

    async def _entries(self, caller: Caller, after: int) -> tuple[Entry, ...]:
        wanted = (caller.scope.digest, after, self.head)
        task = self._read.get(wanted)
        if task is None:
            task = asyncio.ensure_future(
                run_in_threadpool(self.store.feed, after=after, scope=caller.scope, limit=PAGE)
            )
            self._read[wanted] = task
            while len(self._read) > KEPT:
                self._read.popitem(last=False)
        return await asyncio.shield(task)

    async def stream(self, caller: Caller, after: int, again: Again) -> AsyncIterator[bytes]:
        """Entries after a sequence number as they come, and a heartbeat with the server's time in between.

        It ends with `ended` once the caller is no longer who they were: signed out, expired, disabled, other rights.
        """
        yield b"retry: 2000\n\n"
        yield self._heartbeat()
        looked = monotonic()
        while True:
            while after < self.head:
                head = self.head
                if monotonic() - looked > LOOK_AGAIN:
                    if not await _still(caller, again):
                        yield self._ended()
                        return
                    looked = monotonic()
                entries = await self._entries(caller, after)
                for entry in entries:
                    yield _event(entry)
                after = head if len(entries) < PAGE else entries[-1].seq
            moved = self._moved
            if moved is None:
                return
            try:
                await asyncio.wait_for(moved.wait(), HEARTBEAT)
            except TimeoutError:
                if not await _still(caller, again):
                    yield self._ended()
                    return
                looked = monotonic()
                yield self._heartbeat()

    async def counted(self, events: AsyncIterator[bytes], address: str) -> AsyncIterator[bytes]:
        """The same events, the stream counted as its address's own while it is open."""
        self.open[address] += 1
        try:
            async for event in events:
                yield event
        finally:
            self.open[address] -= 1
            if not self.open[address]:
                del self.open[address]

    def _ended(self) -> bytes:
        return b"event: ended\ndata: " + orjson.dumps({"at": iso(self.clock())}) + b"\n\n"

    def _heartbeat(self) -> bytes:
        body = orjson.dumps({"at": iso(self.clock()), "head": self.head})
        return b"event: heartbeat\ndata: " + body + b"\n\n"


async def _still(caller: Caller, again: Again) -> bool:
    now = await again()
    return now is not None and now.actor.id == caller.actor.id and now.scope.digest == caller.scope.digest


def _event(entry: Entry) -> bytes:
    body = {
        "seq": entry.seq,
        "layer": entry.layer,
        "change": entry.change,
        "key": None if entry.change in BATCHES else entry.key,
        "rows": entry.rows,
        "area": entry.area,
        "at": iso(entry.at),
    }
    return b"event: change\nid: %d\ndata: " % entry.seq + orjson.dumps(body) + b"\n\n"


async def live_endpoint(request: Request) -> StreamingResponse:
    """GET /api/live, replaying from `Last-Event-ID` (or `?after=`) under the caller's scope."""
    live: Live = request.app.state.live
    name = "last-event-id" if request.headers.get("last-event-id") else "after"
    asked = request.headers.get("last-event-id") or request.query_params.get("after") or str(live.head)
    after = whole(asked)
    if after is None:
        rule = Text("须为非负整数", "must be a whole number from 0")
        raise BadInputError(Text(f"{name}={asked[:20]}:{rule.zh}", f"{name}={asked[:20]}: {rule.en}"), field=name)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    address = current_address.get()
    if live.open[address] >= live.most:
        raise TooManyStreams(
            Text(f"同一地址至多同时打开 {live.most} 个实时连接", f"one address may hold {live.most} live streams")
        )
    events = live.counted(live.stream(current_caller.get(), after, request.scope["onemap.again"]), address)
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)
