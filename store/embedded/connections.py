"""Connections to the file: one that writes, readers on loan, and a watch on other processes' commits."""

import logging
import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import BusyError
from core.texts import Text
from core.units import Second

POLL: Second = 0.1
READ_WITHIN: Second = 60.0
KEPT_READERS = 16
KEPT_LONG = 2
MAPPED = 268_435_456
"""Bytes of the file a reader maps: a window of a thousand rows is read in four fifths of the time.

What it touches counts as memory of the process until the system wants it back, so a long reading maps nothing.
"""
WRITER_CACHE, READER_CACHE, LONG_CACHE = 65_536, 16_384, 8_192
"""Kilobytes of pages; a larger one gains a reader nothing, for what it maps is not copied."""
_log = logging.getLogger(__name__)


def connect(path: Path, *, writer: bool = False, long: bool = False) -> sqlite3.Connection:
    """A connection with our pragmas; readers cannot write, and a `long` one holds little however much it reads."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30.0, cached_statements=256)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute(f"PRAGMA temp_store = {'FILE' if long else 'MEMORY'}")  # a sort of all rows is a file that has no name
    db.execute(f"PRAGMA cache_size = -{WRITER_CACHE if writer else LONG_CACHE if long else READER_CACHE}")
    db.execute(f"PRAGMA mmap_size = {0 if long else MAPPED}")
    db.execute("PRAGMA query_only = ON" if not writer else "PRAGMA secure_delete = ON")
    return db


def disk_is_full(error: sqlite3.OperationalError) -> bool:
    """There is no room left, or the disk does not take what is written."""
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


def no_room() -> BusyError:
    """What a person reads when the disk takes nothing more; the transaction is undone."""
    return BusyError(
        Text(
            "磁盘已满或无法写入,本次未保存;请腾出空间后重试", "the disk is full or cannot be written; nothing was kept"
        )
    )


class Connections:
    """The writer with its lock, and readers lent one at a time, each in a snapshot of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = connect(path, writer=True)
        self.lock = threading.RLock()
        self._idle: dict[bool, list[sqlite3.Connection]] = {False: [], True: []}
        self._guard = threading.Lock()
        self._closed = False

    @contextmanager
    def reading(self, within: Second | None = READ_WITHIN, *, long: bool = False) -> Iterator[sqlite3.Connection]:
        """A reader that sees one moment of the file; past `within` seconds it is stopped.

        A `long` one may go through a whole layer and leaves little memory behind.
        """
        db = self._borrowed(long)
        deadline = math.inf if within is None else time.monotonic() + within
        db.set_progress_handler(lambda: time.monotonic() > deadline, 100_000)
        try:
            db.execute("BEGIN")
            yield db
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            raise BusyError(
                Text(f"查询超过 {within:.0f} 秒,已停止,请缩小范围", f"stopped after {within:.0f} s; narrow the query")
            ) from error
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")
            self._give_back(db, long)

    def _borrowed(self, long: bool) -> sqlite3.Connection:
        with self._guard:
            if self._idle[long]:
                return self._idle[long].pop()
        return connect(self.path, long=long)

    def _give_back(self, db: sqlite3.Connection, long: bool) -> None:
        if long:
            db.execute("PRAGMA shrink_memory")
        with self._guard:
            if not self._closed and len(self._idle[long]) < (KEPT_LONG if long else KEPT_READERS):
                self._idle[long].append(db)
                return
        db.close()

    def close(self) -> None:
        """Close them all; the write-ahead log is folded back into the file as far as other processes let it.

        Waiting for their readers would keep a command, and every writer meanwhile, half a minute.
        """
        with self.lock, self._guard:
            if self._closed:
                return
            self._closed = True
            for db in (*self._idle[False], *self._idle[True]):
                db.close()
            self._idle = {False: [], True: []}
            self.writer.execute("PRAGMA wal_checkpoint(PASSIVE)")
            self.writer.close()


class Watch:
    """Tells listeners when the head moved: at once for commits of this process, within 100 ms for others'."""

    def __init__(self, path: Path, head: Callable[[sqlite3.Connection], int]) -> None:
        self._path = path
        self._head = head
        self._listeners: dict[int, Callable[[int], None]] = {}
        self._stopped = threading.Event()
        self._nudge = threading.Event()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Begin to tell a listener; the answer stops it."""
        with self._guard:
            self._listeners[id(listener)] = listener
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="feed-watch", daemon=True)
                self._thread.start()
        return lambda: self._remove(listener)

    def _remove(self, listener: Callable[[int], None]) -> None:
        with self._guard:
            self._listeners.pop(id(listener), None)

    def nudge(self) -> None:
        """A commit of this process has happened."""
        self._nudge.set()

    def stop(self) -> None:
        """End the watching thread."""
        self._stopped.set()
        self._nudge.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        db = connect(self._path)
        seen = self._head(db)
        version = db.execute("PRAGMA data_version").fetchone()
        while not self._stopped.is_set():
            nudged = self._nudge.wait(POLL)
            self._nudge.clear()
            now = db.execute("PRAGMA data_version").fetchone()
            if now == version and not nudged:
                continue
            version = now
            head = self._head(db)
            if head != seen:
                seen = head
                with self._guard:
                    listeners = list(self._listeners.values())
                for listener in listeners:
                    _tell(listener, head)
        db.close()


def _tell(listener: Callable[[int], None], head: int) -> None:
    try:
        listener(head)
    except Exception:
        _log.exception("a listener of the feed failed; the others are told")
