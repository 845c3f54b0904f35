"""The live stream: one Server-Sent-Events connection per browser, tailing feed and readings under one scope."""

import asyncio
import re
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from time import monotonic
from typing import TypeVar

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import StreamingResponse

from app.monitoring.condition import Wrong
from app.monitoring.newest import Newest, Wanted
from app.monitoring.sights import WATCHED
from core.caller import Caller, current_address, current_caller
from core.clock import Clock, iso
from core.errors import BadInputError, OneMapError
from core.scope import Sensitivity
from core.texts import Text, whole
from core.units import Second
from layers.catalogue import EXERCISES, INCIDENT_COMMANDS
from layers.catalogue.incidents import STREAM
from store.feed import BATCHES, Entry
from store.protocol import Store

HEARTBEAT: Second = 5.0
LOOK_AGAIN: Second = 1.0
"""How old the knowledge of who listens may be when an entry is sent, while few sessions listen."""
LOOKS = 100
"""So many sessions a second are asked whether they are still let in: of five hundred each every five seconds."""
PULSE: Second = 0.1
"""Streams are woken no more often: what comes meanwhile is told together."""
ASKING = 8
"""So many streams ask at once who they are and what is new: other doors need threads as well."""
STEPS = 8
"""So many rounds a stream that is behind is told one by one, each made once for its scope; of more the newest."""
MOST_LOOKED = 10_000
PAGE = 500
KEPT = 256
PLAYED = re.compile(r"(^|/)YL")
"""What the key of a row of an exercise has: its orders, tasks, lines, marks are kept beside those of what is real."""

T = TypeVar("T")
Made = tuple[str, int, int, Wanted | None]
"""Scope, from and up to where, and the layers of readings; None for changes."""


Again = Callable[[], Awaitable[Caller | None]]
"""Who the same request would be let in as now."""


class TooManyStreams(OneMapError):
    """One address holds as many live streams as it may."""

    code = "too-many-streams"
    status = 429


class Live:
    """Wakes every open stream when the feed grows or readings came; one answer serves all streams of the same scope."""

    def __init__(
        self,
        store: Store,
        newest: Newest,
        clock: Clock,
        *,
        most: int = 100,
        condition: Callable[[], tuple[Wrong, ...]] = tuple,
    ) -> None:
        self.store = store
        self.newest = newest
        self.clock = clock
        self.most = most
        self.open: Counter[str] = Counter()
        self.head = 0
        self.wrong: tuple[Wrong, ...] = ()
        """What is wrong on the way to the screens; a new value whenever it changes."""
        self._condition = condition
        self._pulse = asyncio.Event()
        self._struck = -PULSE
        self._due: asyncio.TimerHandle | None = None
        self._beating: asyncio.Task[None] | None = None
        self._over = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop_watching: Callable[[], None] = lambda: None
        self._sessions: Counter[str] = Counter()
        self._looked: dict[str, tuple[float, asyncio.Future[Caller | None]]] = {}
        self._asking = asyncio.Semaphore(ASKING)
        self._made: OrderedDict[Made, asyncio.Task[tuple[bytes, int]]] = OrderedDict()

    async def start(self) -> None:
        """Begin to watch feed and readings; call once inside the running loop."""
        self._loop = asyncio.get_running_loop()
        self._pulse = asyncio.Event()
        self.head = await run_in_threadpool(self.store.head)
        self._stop_watching = self.store.watch(partial(self._from_elsewhere, self._move))
        self.newest.ring = partial(self._from_elsewhere, self._rung)
        self._beating = asyncio.create_task(self._beat())

    def stop(self) -> None:
        """Stop watching and let open streams end."""
        self._stop_watching()
        self._over = True
        if self._beating is not None:
            self._beating.cancel()
        self._pulse.set()

    def _from_elsewhere(self, told: Callable[[T], None], what: T) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(told, what)

    def _move(self, head: int) -> None:
        self.head = max(self.head, head)
        self._strike()

    def _rung(self, wait: Second) -> None:
        asyncio.get_running_loop().call_later(wait, self._close_round)

    def _close_round(self) -> None:
        self.newest.close_round()
        self._strike()

    def _strike(self) -> None:
        """Wake the streams now, or when the last time is long enough ago."""
        if self._due is None:
            wait = max(0.0, self._struck + PULSE - monotonic())
            self._due = asyncio.get_running_loop().call_later(wait, self._struck_now)

    def _struck_now(self) -> None:
        self._due, self._struck = None, monotonic()
        pulse, self._pulse = self._pulse, asyncio.Event()
        pulse.set()

    async def _beat(self) -> None:
        """Wake them in any case, so that none needs a clock of its own for its heartbeat."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            wrong = self._condition()
            if wrong != self.wrong:
                self.wrong = wrong
            self._strike()

    async def _once(self, wanted: Made, work: Callable[[], tuple[bytes, int]]) -> tuple[bytes, int]:
        """What streams of the same scope that have seen as much are told, made for the first that asks."""
        task = self._made.get(wanted)
        if task is None:
            task = asyncio.ensure_future(self._worked(work))
            self._made[wanted] = task
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        return await asyncio.shield(task)

    async def _worked(self, work: Callable[[], tuple[bytes, int]]) -> tuple[bytes, int]:
        async with self._asking:
            return await run_in_threadpool(work)

    def _changes(self, caller: Caller, after: int, head: int, exercise: bool) -> tuple[bytes, int]:
        entries = self.store.feed(after=after, scope=caller.scope, limit=PAGE)
        told = b"".join(_event(entry) for entry in entries if exercise or not of_an_exercise(entry))
        return told, head if len(entries) < PAGE else entries[-1].seq

    async def _news(
        self, caller: Caller, after: int, seen: int, wanted: Wanted, exercise: bool
    ) -> tuple[bytes, int, int]:
        told, digest = b"", caller.scope.digest
        if after < (head := self.head):
            told, after = await self._once(
                (f"{digest}{exercise}", after, head, None), lambda: self._changes(caller, after, head, exercise)
            )
        while wanted and seen < (until := self.newest.round):
            until = seen + 1 if until - seen <= STEPS else until
            more, seen = await self._once(
                (digest, seen, until, wanted), partial(self.newest.since, caller.scope, seen, wanted, until)
            )
            told += more
        return told, after, seen

    async def stream(
        self, caller: Caller, after: int, again: Again, wanted: Wanted = frozenset(), *, exercise: bool = False
    ) -> AsyncIterator[bytes]:
        """Entries after a sequence number as they come, the newest values of points of the layers wanted, heartbeats.

        What is played is told to screens of exercises alone, which ask for it.
        What is wrong meanwhile is told to whoever works with alarms, when it changes. It ends with `ended` once the
        caller is no longer who they were: signed out, expired, disabled, other rights.
        """
        yield b"retry: 2000\n\n" + self._heartbeat()
        looked = sent = monotonic()
        seen = await self._entered(caller) if wanted else 0
        told_wrong: tuple[Wrong, ...] = ()
        staff = caller.scope.clearance >= Sensitivity.INTERNAL
        self._sessions[caller.session] += 1
        try:
            while not self._over:
                pulse = self._pulse
                if staff and told_wrong != self.wrong:
                    told_wrong = self.wrong
                    yield _condition(told_wrong)
                due = monotonic() - sent >= HEARTBEAT
                if due or after < self.head or (wanted and seen < self.newest.round):
                    if due or monotonic() - looked > self._look_after():
                        still, looked = await self._still(caller, again)
                        if not still:
                            yield self._ended()
                            return
                    told, after, seen = await self._news(caller, after, seen, wanted, exercise)
                    if told or due:
                        yield told or self._heartbeat()
                        sent = monotonic()
                    if after < self.head:
                        continue
                await pulse.wait()
        finally:
            self._sessions[caller.session] -= 1
            if not self._sessions[caller.session]:
                del self._sessions[caller.session]
            if wanted:
                self.newest.leave()

    async def woken(self, caller: Caller, again: Again) -> AsyncIterator[int]:
        """The head of the feed whenever it grew, and each heartbeat; ends where the caller is not who they were."""
        looked = sent = monotonic()
        after = self.head
        self._sessions[caller.session] += 1
        try:
            while not self._over:
                pulse = self._pulse
                due = monotonic() - sent >= HEARTBEAT
                if due or after < self.head:
                    if due or monotonic() - looked > self._look_after():
                        still, looked = await self._still(caller, again)
                        if not still:
                            return
                    after, sent = self.head, monotonic()
                    yield after
                await pulse.wait()
        finally:
            self._sessions[caller.session] -= 1
            if not self._sessions[caller.session]:
                del self._sessions[caller.session]

    def _look_after(self) -> Second:
        return max(LOOK_AGAIN, len(self._sessions) / LOOKS)

    async def _entered(self, caller: Caller) -> int:
        async with self._asking:
            return await run_in_threadpool(self.newest.enter, caller.scope)

    async def _still(self, caller: Caller, again: Again) -> tuple[bool, float]:
        """Whether the caller is who they were, and as of when: streams of one session ask together."""
        known = self._looked.get(caller.session) if caller.session else None
        if known is None or monotonic() - known[0] > self._look_after():
            known = monotonic(), asyncio.ensure_future(self._look(again))
            if len(self._looked) > MOST_LOOKED:
                self._looked.clear()
            self._looked[caller.session] = known
        now = await asyncio.shield(known[1])
        same = now is not None and now.actor.id == caller.actor.id and now.scope.digest == caller.scope.digest
        return same, known[0]

    async def _look(self, again: Again) -> Caller | None:
        async with self._asking:
            return await again()

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


def _condition(wrong: tuple[Wrong, ...]) -> bytes:
    return b"event: condition\ndata: " + orjson.dumps({"wrong": [one.as_json() for one in wrong]}) + b"\n\n"


def of_an_exercise(entry: Entry) -> bool:
    """It changed something that is played, or is a command, whose key does not say of what it was."""
    if entry.stream == EXERCISES.stream:
        return True
    return entry.layer == INCIDENT_COMMANDS.id or (entry.stream == STREAM and PLAYED.search(entry.key) is not None)


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
    """GET /api/live, replaying from `Last-Event-ID` (or `?after=`) under the caller's scope.

    `?readings=sensors,weather_stations` asks for the newest values of their points besides, `?exercise=1` for what
    changes in exercises, which no stream tells otherwise.
    """
    live: Live = request.app.state.live
    name = "last-event-id" if request.headers.get("last-event-id") else "after"
    asked = request.headers.get("last-event-id") or request.query_params.get("after") or str(live.head)
    after = whole(asked)
    if after is None:
        rule = Text("须为非负整数", "must be a whole number from 0")
        raise BadInputError(Text(f"{name}={asked[:20]}:{rule.zh}", f"{name}={asked[:20]}: {rule.en}"), field=name)
    wanted = frozenset(name for name in request.query_params.get("readings", "").split(",") if name)
    if not wanted <= WATCHED:
        allowed = ", ".join(sorted(WATCHED))
        given = ",".join(sorted(wanted))[:60]
        raise BadInputError(
            Text(f"readings={given}:可选 {allowed}", f"readings={given}: any of {allowed}"), field="readings"
        )
    played = request.query_params.get("exercise") == "1"
    again = request.scope["onemap.again"]
    return streamed(live, live.stream(current_caller.get(), after, again, wanted, exercise=played))


def streamed(live: Live, events: AsyncIterator[bytes]) -> StreamingResponse:
    """A stream as an answer. TooManyStreams where the address holds as many as it may."""
    address = current_address.get()
    if live.open[address] >= live.most:
        raise TooManyStreams(
            Text(f"同一地址至多同时打开 {live.most} 个实时连接", f"one address may hold {live.most} live streams")
        )
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(live.counted(events, address), media_type="text/event-stream", headers=headers)
