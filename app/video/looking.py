"""Who looks at live pictures: one line in the audit a camera and sitting, and no more streams at once than may be."""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context
from functools import partial

from core.caller import Caller
from core.clock import Clock
from core.errors import OneMapError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from core.units import Second
from layers.addresses import with_authority, with_secret
from layers.catalogue import CAMERAS
from layers.filters import Compare, Op
from store.audit import AuditLog, Kind, by
from store.protocol import Store
from store.query import Query

SITTING: Second = 1800.0
"""Who looks again within this time still looks; a second look after a longer pause is one of its own."""

REMEMBERED = 20_000


class TooManyStreamsError(OneMapError):
    """As many live streams are open as may be."""

    code = "too-many-streams"
    status = 429


def sitting(caller: Caller) -> str:
    """Who sits there: a session, a key, or else the account."""
    return caller.session or caller.key or caller.actor.id


class Looks:
    """Records that somebody looks at a camera, once a camera and sitting."""

    def __init__(self, audit: AuditLog, clock: Clock) -> None:
        self._audit, self._clock = audit, clock
        self._seen: OrderedDict[tuple[str, str], Second] = OrderedDict()
        self._lock = threading.Lock()

    def look(self, caller: Caller, camera: str) -> None:
        """Called before a picture is given. Raises: UnrecordedError where it cannot be recorded."""
        who, now = (sitting(caller), camera), time.monotonic()
        with self._lock:
            last = self._seen.get(who)
            if last is not None and now - last < SITTING:
                self._seen[who] = now
                self._seen.move_to_end(who)
                return
        self._audit.record(
            by(caller, Kind.READ, at=self._clock(), what=CAMERAS.id, keys=[camera], where="live picture")
        )
        with self._lock:
            self._seen[who] = now
            self._seen.move_to_end(who)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)


class Seats:
    """How many streams are open, in all and of each account."""

    def __init__(self, most: int, each: int) -> None:
        self._most, self._each = most, each
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, caller: Caller) -> Iterator[None]:
        """A seat for as long as it is held. Raises: TooManyStreamsError."""
        who = caller.account or caller.actor.id
        with self._lock:
            if self._open[who] >= self._each:
                raise TooManyStreamsError(
                    Text(f"同一账号至多同时播放 {self._each} 路视频", f"one account may play {self._each} streams")
                )
            if self._open.total() >= self._most:
                raise TooManyStreamsError(
                    Text(f"服务器至多同时播放 {self._most} 路视频", f"the server plays {self._most} streams at most")
                )
            self._open[who] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open[who] -= 1
                if not self._open[who]:
                    del self._open[who]


class Streamed:
    """Which cameras have the address of a stream filed, and whether it bears a password; asked of nobody's rights, and
    no address is given out."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._codes: dict[str, bool] = {}
        self._head = -1

    def __call__(self, codes: Sequence[str]) -> dict[str, bool]:
        """Those of the codes."""
        if not codes:
            return {}
        with self._lock:
            head = self._store.head()
            if self._head < 0 or (
                head != self._head
                and self._store.feed(after=self._head, scope=SYSTEM_SCOPE, layers=frozenset({CAMERAS.id}), limit=1)
            ):
                query = Query(where=Compare("stream", Op.NE, ""), fields=(CAMERAS.key, "stream"), geometry=False)
                rows = Context().run(partial(self._store.read, CAMERAS, query, scope=SYSTEM_SCOPE))
                streams = rows["stream"].combine_chunks()
                bears = with_authority(streams) | with_secret(streams)
                self._codes = dict(zip(rows[CAMERAS.key].to_pylist(), bears.tolist(), strict=True))
            self._head = head
            return {code: self._codes[code] for code in codes if code in self._codes}
