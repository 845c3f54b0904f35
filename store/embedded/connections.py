"""Connections to the file: one that writes, one reader a thread, and a watch on other processes' commits."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from core.units import Second
from store.embedded.dialect import register_functions

POLL: Second = 0.1


def connect(path: Path, *, writer: bool = False) -> sqlite3.Connection:
    """A connection with our functions and pragmas; readers cannot write."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30.0, cached_statements=256)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA temp_store = MEMORY")
    db.execute("PRAGMA cache_size = -65536")
    db.execute("PRAGMA mmap_size = 268435456")
    if not writer:
        db.execute("PRAGMA query_only = ON")
    register_functions(db)
    return db


class Connections:
    """The writer with its lock, and a reader for each thread that reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = connect(path, writer=True)
        self.lock = threading.RLock()
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._registry = threading.Lock()

    @property
    def reader(self) -> sqlite3.Connection:
        """This thread's reading connection."""
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = connect(self.path)
            self._local.db = db
            with self._registry:
                self._readers.append(db)
        return db

    def close(self) -> None:
        """Close them all; the write-ahead log is folded back into the file."""
        with self.lock, self._registry:
            for db in self._readers:
                db.close()
            self._readers.clear()
            self.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
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
                    listener(head)
        db.close()
