"""Tiles kept on disk between two changes of the data: bounded, dropped by layer and box, never believed blindly.

The file says up to which entry of the feed its tiles have been looked through (`as_of`). Dropping what a change touches
and moving that number are one transaction, and a tile that is older than the number is not taken in. So whatever a
process, a power cut or another process does in between, a tile in the file holds for the data of `as_of`.
"""

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gis.shapes import Bounds

log = logging.getLogger(__name__)

SHARE = 10
"""One part in so many goes, those unused longest, when the file is full."""

SUMMED_EVERY = 64
"""After so many additions the size is asked of the file again: other processes add to it too."""

_TABLES = """
CREATE TABLE IF NOT EXISTS tile (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, used INTEGER NOT NULL, tag TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS tile_used ON tile (used);
CREATE TABLE IF NOT EXISTS about (
    layer TEXT NOT NULL, tile INTEGER NOT NULL, west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL,
    north REAL NOT NULL, PRIMARY KEY (layer, tile)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS about_tile ON about (tile);
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTile:
    """A tile to keep: under its name, of these layers, within a box in degrees; `tag` is of its content."""

    name: str
    layers: tuple[str, ...]
    bounds: Bounds
    tag: str
    body: bytes


Drop = tuple[str, Bounds | None]
"""A layer and the box in which it changed; None is anywhere."""


def tag_of(body: bytes) -> str:
    """What a tile's content goes by."""
    return hashlib.sha256(body).hexdigest()[:20]


class TileCache:
    """One file, shared by the processes of a server; what goes wrong with it costs speed and nothing else."""

    def __init__(self, path: Path, *, largest: int, maker: str) -> None:
        self._path = path
        self._largest = largest
        self._maker = maker
        self._lock = threading.Lock()
        self._added = 0
        self._turn = 0
        self._db: sqlite3.Connection | None = None
        if largest > 0:
            self._open()

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        for attempt in (1, 2):
            try:
                self._db = self._opened()
                return
            except sqlite3.Error as error:
                log.warning("the tile cache does not open: %s", error)
                self._db = None
                if attempt == 1 and isinstance(error, sqlite3.DatabaseError):
                    for name in (self._path.name, self._path.name + "-wal", self._path.name + "-shm"):
                        self._path.with_name(name).unlink(missing_ok=True)

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=2.0, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.executescript(_TABLES)
            known = db.execute("SELECT value FROM state WHERE name = 'maker'").fetchone()
            if known is None or known[0] != self._maker:
                db.execute("BEGIN IMMEDIATE")
                _emptied(db)
                db.execute("INSERT OR REPLACE INTO state VALUES ('maker', ?)", (self._maker,))
                db.execute("COMMIT")
            self._turn = db.execute("SELECT coalesce(max(used), 0) FROM tile").fetchone()[0]
        except sqlite3.Error:
            db.close()
            raise
        return db

    @property
    def on(self) -> bool:
        """Tiles are kept."""
        return self._db is not None

    def as_of(self) -> tuple[int, str] | None:
        """The entry the tiles were last looked through for, and its chain value; None where none was."""
        with self._lock:
            if self._db is None:
                return None
            try:
                return _as_of(self._db)
            except sqlite3.Error as error:
                self._off(error)
                return None

    def get(self, name: str) -> tuple[bytes, str, int] | None:
        """Body, tag and the entry it holds for; a body that is not what its tag says is none."""
        with self._lock:
            if self._db is None:
                return None
            try:
                row = self._db.execute(
                    "SELECT tile.id, body, tag, used, state.value FROM tile, state"
                    " WHERE tile.name = ? AND state.name = 'as_of'",
                    (name,),
                ).fetchone()
                if row is None or tag_of(row[1]) != row[2]:
                    return None
                if self._turn - row[3] > SUMMED_EVERY:
                    self._db.execute("UPDATE tile SET used = ? WHERE id = ?", (self._turn, row[0]))
            except sqlite3.OperationalError:
                return None
            except sqlite3.Error as error:
                self._off(error)
                return None
            return row[1], row[2], int(row[4])

    def put(self, tiles: Sequence[NewTile], *, as_of: int) -> bool:
        """Keep tiles drawn from the data of an entry; not kept when the file was looked through for a newer one."""
        with self._lock:
            if self._db is None or not tiles:
                return False
            try:
                self._db.execute("BEGIN IMMEDIATE")
                seen = _as_of(self._db)
                if seen is None or seen[0] > as_of:
                    self._db.execute("ROLLBACK")
                    return False
                self._turn += 1
                for tile in tiles:
                    self._add(self._db, tile)
                self._make_room(self._db, len(tiles))
                self._db.execute("COMMIT")
            except sqlite3.OperationalError as error:
                log.warning("tiles were not kept: %s", error)
                self._undo()
                return False
            except sqlite3.Error as error:
                self._undo()
                self._off(error)
                return False
            return True

    def settle(self, seq: int, chain: str, drops: Iterable[Drop], *, everything: bool = False) -> None:
        """Drop what changes touch and note that the feed was looked through to `seq`; both or neither."""
        with self._lock:
            if self._db is None:
                return
            try:
                self._db.execute("BEGIN IMMEDIATE")
                if everything:
                    _emptied(self._db)
                for layer, box in drops:
                    _dropped(self._db, layer, box)
                seen = None if everything else _as_of(self._db)
                if seen is None or seq > seen[0]:
                    self._db.executemany(
                        "INSERT OR REPLACE INTO state VALUES (?, ?)", [("as_of", str(seq)), ("chain", chain)]
                    )
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                self._undo()
                self._off(error)

    def size(self) -> int:
        """Bytes of all the tiles."""
        with self._lock:
            return 0 if self._db is None else _size(self._db)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _add(self, db: sqlite3.Connection, tile: NewTile) -> None:
        db.execute("DELETE FROM about WHERE tile = (SELECT id FROM tile WHERE name = ?)", (tile.name,))
        db.execute("DELETE FROM tile WHERE name = ?", (tile.name,))
        number = db.execute(
            "INSERT INTO tile (name, used, tag, body) VALUES (?, ?, ?, ?)", (tile.name, self._turn, tile.tag, tile.body)
        ).lastrowid
        box = (tile.bounds.west, tile.bounds.south, tile.bounds.east, tile.bounds.north)
        db.executemany(
            "INSERT INTO about VALUES (?, ?, ?, ?, ?, ?)",
            [(layer, number, *box) for layer in dict.fromkeys(tile.layers)],
        )

    def _make_room(self, db: sqlite3.Connection, added: int) -> None:
        self._added += added
        if self._added < SUMMED_EVERY:
            return
        self._added = 0
        while _size(db) > self._largest:
            count = db.execute("SELECT count(*) FROM tile").fetchone()[0]
            db.execute(
                "DELETE FROM tile WHERE id IN (SELECT id FROM tile ORDER BY used, id LIMIT ?)", (count // SHARE + 1,)
            )
        db.execute("DELETE FROM about WHERE tile NOT IN (SELECT id FROM tile)")

    def _undo(self) -> None:
        if self._db is not None and self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _off(self, error: sqlite3.Error) -> None:
        """Keep nothing more until the next start, which looks the file through again from where it stopped."""
        log.error("the tile cache is switched off: %s", error)
        if self._db is not None:
            self._db.close()
            self._db = None


def _as_of(db: sqlite3.Connection) -> tuple[int, str] | None:
    found = dict(db.execute("SELECT name, value FROM state WHERE name IN ('as_of', 'chain')").fetchall())
    return (int(found["as_of"]), found["chain"]) if "as_of" in found else None


def _size(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT coalesce(sum(length(body)), 0) FROM tile").fetchone()[0])


def _emptied(db: sqlite3.Connection) -> None:
    for table in ("tile", "about", "state"):
        db.execute(f"DELETE FROM {table} {'' if table != 'state' else 'WHERE name != ' + repr('maker')}")


def _dropped(db: sqlite3.Connection, layer: str, box: Bounds | None) -> None:
    where, values = "layer = ?", [layer]
    if box is not None:
        where += " AND west <= ? AND east >= ? AND south <= ? AND north >= ?"
        values += [box.east, box.west, box.north, box.south]  # type: ignore[list-item]
    found = [row[0] for row in db.execute(f"SELECT tile FROM about WHERE {where}", values)]
    db.executemany("DELETE FROM tile WHERE id = ?", [(number,) for number in found])
    db.executemany("DELETE FROM about WHERE tile = ?", [(number,) for number in found])
