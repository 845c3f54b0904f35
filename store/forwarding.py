"""What a site holds for the centre: messages in a SQLite file, on the disk before anybody is told they were taken.

The file has a bound. What does not fit is refused, or takes the oldest with it where that was chosen, which is counted,
and the count stays. What the centre refused is held apart, to be sent again once somebody has mended why.
"""

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.clock import from_iso, iso
from core.errors import BusyError
from core.texts import Text

FULL = Text("本地缓存已满,暂不接收,请稍后重发", "the buffer of this site is full; send it again later")
_TABLES = """
CREATE TABLE IF NOT EXISTS held (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, rows INTEGER NOT NULL, message BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS refused (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, rows INTEGER NOT NULL, message BLOB NOT NULL, said TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, count INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Held:
    """One message that waits."""

    id: int
    rows: int
    message: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How much waits and since when; what was sent and given up since the file was made."""

    waiting: int
    bytes: int
    oldest: datetime | None
    sent: int
    given_up: int
    refused: int


class Forwarding:
    """The file; any thread may call."""

    def __init__(self, file: Path, *, most: int, drop_oldest: bool = False) -> None:
        self.changed = threading.Event()
        self._most = most
        self._drop_oldest = drop_oldest
        self._lock = threading.Lock()
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA busy_timeout = 10000")
        self._db.executescript(_TABLES)

    def put(self, message: bytes, rows: int, *, at: datetime) -> None:
        """Hold a message; on the disk when this returns. Raises BusyError when full."""
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            over = self._size() + len(message) - self._most
            if over > 0 and not self._drop_oldest:
                raise BusyError(FULL, retry_after=10)
            while over > 0:
                found = self._db.execute("SELECT id, rows, length(message) FROM held ORDER BY id LIMIT 1").fetchone()
                if found is None:
                    break
                self._db.execute("DELETE FROM held WHERE id = ?", found[:1])
                self._count("given_up", found[1])
                over -= found[2]
            self._db.execute("INSERT INTO held (at, rows, message) VALUES (?, ?, ?)", (iso(at), rows, message))
        self.changed.set()

    def oldest(self, *, rows: int, size: int) -> list[Held]:
        """The messages to be sent next, so many readings and bytes and no more, but one at least."""
        taken: list[Held] = []
        with self._lock:
            asked = self._db.execute("SELECT id, rows, length(message) FROM held ORDER BY id LIMIT 5000").fetchall()
            count = total = 0
            wanted: list[int] = []
            for number, has, length in asked:
                if wanted and (count + has > rows or total + length > size):
                    break
                wanted.append(number)
                count, total = count + has, total + length
            if wanted:
                found = self._db.execute(
                    "SELECT id, rows, message FROM held WHERE id BETWEEN ? AND ? ORDER BY id", (wanted[0], wanted[-1])
                )
                taken = [Held(*row) for row in found]
        return taken

    def done(self, held: Sequence[Held]) -> None:
        """The centre has answered for these."""
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._delete(held)
            self._count("sent", sum(one.rows for one in held))

    def refuse(self, held: Sequence[Held], said: str) -> None:
        """The centre will not have these, or some of their rows; they are held apart."""
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(
                "INSERT OR REPLACE INTO refused SELECT id, at, rows, message, ? FROM held WHERE id = ?",
                [(said[:4000], one.id) for one in held],
            )
            self._delete(held)

    def again(self) -> int:
        """Put what was refused back in the queue; how many messages."""
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            done = self._db.execute(
                "INSERT INTO held (at, rows, message) SELECT at, rows, message FROM refused ORDER BY id"
            )
            self._db.execute("DELETE FROM refused")
        self.changed.set()
        return done.rowcount

    def refusals(self, limit: int = 20) -> list[tuple[int, str]]:
        """How many readings were refused and what was said, newest first."""
        with self._lock:
            return self._db.execute("SELECT rows, said FROM refused ORDER BY id DESC LIMIT ?", (limit,)).fetchall()

    def depth(self) -> Depth:
        """What waits."""
        with self._lock:
            waiting, oldest = self._db.execute("SELECT coalesce(sum(rows), 0), min(at) FROM held").fetchone()
            refused = self._db.execute("SELECT coalesce(sum(rows), 0) FROM refused").fetchone()[0]
            counts = dict(self._db.execute("SELECT name, count FROM counts").fetchall())
            size = self._size()
        return Depth(
            waiting=waiting, bytes=size, oldest=None if oldest is None else from_iso(oldest),
            sent=counts.get("sent", 0), given_up=counts.get("given_up", 0), refused=refused,
        )  # fmt: skip

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()

    def _size(self) -> int:
        held: Any = self._db.execute(
            "SELECT coalesce((SELECT sum(length(message)) FROM held), 0)"
            " + coalesce((SELECT sum(length(message)) FROM refused), 0)"
        ).fetchone()
        return int(held[0])

    def _delete(self, held: Sequence[Held]) -> None:
        self._db.executemany("DELETE FROM held WHERE id = ?", [(one.id,) for one in held])

    def _count(self, name: str, more: int) -> None:
        self._db.execute(
            "INSERT INTO counts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET count = count + excluded.count",
            (name, more),
        )
