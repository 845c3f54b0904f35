"""What came in last: batches in SQLite as they came, the same in memory as arrays, and the newest of each point.

A batch is one row, so what it costs hardly depends on how many readings it has. Nothing is sorted until it is folded
into files of days.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.durable import locked
from store.series.block import NEVER, Block, joined, lasts, reached, unpacked
from store.series.points import Points

TABLES = """
CREATE TABLE IF NOT EXISTS points (id INTEGER PRIMARY KEY, layer TEXT NOT NULL, key TEXT NOT NULL,
    element TEXT NOT NULL, UNIQUE (layer, key, element));
CREATE TABLE IF NOT EXISTS batches (seq INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS newest (point INTEGER PRIMARY KEY, at INTEGER NOT NULL, value REAL, quality INTEGER NOT NULL,
    flags INTEGER NOT NULL, arrived INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO state VALUES ('seq', 1000), ('folded', 1000), ('origin', random()), ('bulk', 0);
"""
PIECE = 20_000
"""Rows written between letting others at the database."""


@dataclass(frozen=True, slots=True)
class Part:
    """Batches that came one after the other."""

    first: int
    last: int
    block: Block


class Journal:
    """The file and what is in memory of it; every method may be called by any thread."""

    def __init__(self, path: Path) -> None:
        self.lock = threading.RLock()
        self.points = Points()
        self.seq = 0
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        with locked(path.parent):  # two that make the file at once would wait for each other
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(TABLES)
        self._parts: list[Part] = []
        self._sealed = 0
        self._newest = _nothing(0)
        self._furthest = np.empty(0, np.int64)
        self._touched: set[int] = set()
        self._version = self.bulk = -1
        self.refresh()

    @property
    def db(self) -> sqlite3.Connection:
        """For whoever holds the lock."""
        return self._db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that has seen what other processes wrote; on failure nothing of it stays."""
        with self.lock:
            self._db.execute("BEGIN IMMEDIATE")
            known = len(self.points.names)
            try:
                self._catch_up()
                known = len(self.points.names)
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                self.points.forget(known)
                raise

    def refresh(self) -> None:
        """See what other processes wrote."""
        with self.lock:
            self._catch_up()

    def version(self) -> int:
        """Changes when another process writes."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def _catch_up(self) -> None:
        version = self.version()
        if version == self._version:
            return
        self.points.load(self._db)
        folded, bulk = self._state("folded"), self._state("bulk")
        if any(part.last <= folded for part in self._parts):
            self._parts = [part for part in self._parts if part.last > folded]
            self._sealed = 0
            self.bulk = -1
        if bulk != self.bulk:
            self._load_newest()
            self.bulk = bulk
        text = "SELECT seq, body FROM batches WHERE seq > ? ORDER BY seq"
        for seq, body in self._db.execute(text, (self.seq,)).fetchall():
            self.remember(seq, unpacked(body))
        self.seq = max(self.seq, self._state("seq"))
        self._version = version

    def _state(self, name: str) -> int:
        return int(self._db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()[0])

    @property
    def origin(self) -> int:
        """What tells this numbering of points from any other."""
        with self.lock:
            return self._state("origin")

    def next(self) -> int:
        """A number for what is written now, within the caller's transaction."""
        self._db.execute("UPDATE state SET value = value + 1 WHERE name = 'seq'")
        return self._state("seq")

    def append(self, block: Block) -> None:
        """Keep a batch whose points are numbered."""
        with self.lock:
            with self.writing() as db:
                seq = self.next()
                db.execute("INSERT INTO batches VALUES (?, ?)", (seq, block.packed()))
            self.remember(seq, block)

    def remember(self, seq: int, block: Block) -> None:
        """Take a batch that is in the file into memory."""
        self._parts.append(Part(seq, seq, block))
        while len(self._parts) - self._sealed > 1:
            one, other = self._parts[-2:]
            if len(one.block) > 2 * len(other.block):
                break
            self._parts[-2:] = [Part(one.first, other.last, joined([one.block, other.block]))]
        self.seq = max(self.seq, seq)
        self.newer(block)

    def newer(self, block: Block) -> None:
        """Let the newest of each point be the newest of these where they are no older."""
        with self.lock:
            count = len(self.points.names)
            if count > len(self._newest):
                self._newest = joined([self._newest, _nothing(max(count, 2 * len(self._newest)) - len(self._newest))])
            last = block.chosen(lasts(block))
            self._furthest = _grown(self._furthest, len(self._newest))
            np.maximum.at(self._furthest, block.point, block.at)
            known = self._newest.chosen(last.point)
            now, before = reached(last), reached(known)
            last = last.chosen((now > before) | ((now == before) & (last.at >= known.at)))
            for name in ("at", "value", "quality", "flags", "arrived"):
                getattr(self._newest, name)[last.point] = getattr(last, name)
            self._touched.update(last.point.tolist())

    def rows(self) -> int:
        """How many readings wait to be folded."""
        with self.lock:
            return sum(len(part.block) for part in self._parts)

    def parts(self) -> tuple[Part, ...]:
        """What is in memory now, oldest first."""
        with self.lock:
            return tuple(self._parts)

    def newest(self, points: NDArray[np.int32]) -> Block:
        """The newest reading of each of some points that has one."""
        with self.lock:
            known = points[points < len(self._newest)]
            found = self._newest.chosen(known)
        return Block(known, *(getattr(found, name) for name in ("at", "value", "quality", "flags", "arrived"))).chosen(
            found.at != NEVER
        )

    def newest_at(self, points: NDArray[np.int32]) -> NDArray[np.int64]:
        """The time of the newest reading of each of some points."""
        with self.lock:
            found = np.full(len(points), NEVER)
            known = points < len(self._furthest)
            found[known] = self._furthest[points[known]]
            return found

    def seal(self) -> tuple[Part, ...]:
        """What is in memory, which is not joined to anything any more until `folded`."""
        with self.lock:
            self._sealed = len(self._parts)
            return tuple(self._parts)

    def folded(self, parts: tuple[Part, ...]) -> None:
        """Some sealed parts stand in files: leave them out, the newest of each point kept first."""
        if not parts:
            return
        self.keep_newest()
        with self.writing() as db:
            db.execute("DELETE FROM batches WHERE seq <= ?", (parts[-1].last,))
            db.execute("UPDATE state SET value = max(value, ?) WHERE name = 'folded'", (parts[-1].last,))
        with self.lock:
            self._parts = [part for part in self._parts if part.last > parts[-1].last]
            self._sealed = 0

    def keep_newest(self) -> None:
        """Write down the newest readings that changed, a piece at a time so that others get their turn."""
        with self.lock:
            touched = np.fromiter(self._touched, np.int32, len(self._touched))
            self._touched.clear()
        touched.sort()
        for start in range(0, len(touched), PIECE):
            block = self.newest(touched[start : start + PIECE])
            columns = (block.point, block.at, block.value, block.quality, block.flags, block.arrived)
            with self.writing() as db:
                db.executemany(
                    "INSERT INTO newest VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at,"
                    " value = excluded.value, quality = excluded.quality, flags = excluded.flags,"
                    " arrived = excluded.arrived WHERE iif(excluded.arrived = ?, excluded.at,"
                    " min(excluded.at, excluded.arrived)) >= iif(newest.arrived = ?, newest.at,"
                    " min(newest.at, newest.arrived))",
                    [(*row, NEVER, NEVER) for row in zip(*(one.tolist() for one in columns), strict=True)],
                )

    def tell_of_bulk(self) -> None:
        """Days were written past the batches: other processes have the newest to read again."""
        with self.writing() as db:
            db.execute("UPDATE state SET value = value + 1 WHERE name = 'bulk'")
            self.bulk = self._state("bulk")

    def _load_newest(self) -> None:
        waiting = set(self._touched)  # to be written down still
        rows = self._db.execute("SELECT point, at, value, quality, flags, arrived FROM newest").fetchall()
        if not rows:
            return
        point, at, value, quality, flags, arrived = zip(*rows, strict=True)
        self.newer(
            Block(
                np.array(point, np.int32),
                np.array(at, np.int64),
                np.array(value, np.float64),  # None becomes NaN
                np.array(quality, np.int8),
                np.array(flags, np.int32),
                np.array(arrived, np.int64),
            )
        )
        self._touched = waiting

    def close(self) -> None:
        """Release the file."""
        with self.lock:
            self._db.close()


def _grown(furthest: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    return np.concatenate([furthest, np.full(count - len(furthest), NEVER)]) if count > len(furthest) else furthest


def _nothing(count: int) -> Block:
    return Block(
        np.arange(count, dtype=np.int32),
        np.full(count, NEVER),
        np.full(count, np.nan),
        np.zeros(count, np.int8),
        np.zeros(count, np.int32),
        np.full(count, NEVER),
    )
