"""The embedded engine's side of a commit: entries and rows in the caller's transaction."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from layers.layer import Layer
from store import entries
from store.chain import GENESIS, linked
from store.embedded import present
from store.embedded.layout import Layout
from store.embedded.reading import head
from store.erasing import Past
from store.feed import Entry
from store.history import History
from store.present import Present
from store.rows import Row
from store.verifying import Remainder


def append(db: sqlite3.Connection, entry: Entry, before: entries.Before | None = None) -> Entry:
    """Number, chain and write one entry; the caller holds the write lock, so no number is ever missed or reused."""
    previous = db.execute(
        "SELECT chain FROM om_feed WHERE stream = ? ORDER BY seq DESC LIMIT 1", (entry.stream,)
    ).fetchone()
    entry = linked(previous[0] if previous else GENESIS, replace(entry, seq=head(db) + 1))
    values = entries.row_of(entry, before)
    db.execute(
        f"INSERT INTO om_feed ({entries.COLUMNS}, {entries.BEFORE}) VALUES ({', '.join('?' * len(values))})", values
    )
    return entry


@dataclass(frozen=True, slots=True)
class EmbeddedEngine:
    """See `store.commits.Engine`; the connection is inside a write transaction."""

    db: sqlite3.Connection
    layout: Layout

    def find(self, layer: Layer, keys: Sequence[str]) -> Present:
        """The live rows among some keys."""
        return present.find(self.db, layer, keys)

    def last_versions(self, layer: Layer, keys: Sequence[str]) -> dict[str, int]:
        """The newest archived version of each."""
        return present.last_versions(self.db, layer, keys)

    def head(self) -> int:
        """The newest entry's number."""
        return head(self.db)

    def append(self, entry: Entry, before: entries.Before | None = None) -> Entry:
        """Number, chain and write one entry."""
        return append(self.db, entry, before)

    def archive(self, layer: Layer, rows: Present, to_seq: int) -> None:
        """Keep these versions."""
        present.archive(self.db, layer, self.layout, rows, to_seq)

    def remove(self, layer: Layer, rows: Present) -> None:
        """Take rows out of the present."""
        present.remove(self.db, layer, self.layout, rows)

    def write_one(self, layer: Layer, row: Row, body: bytes, version: int, seq: int) -> None:
        """One row becomes present."""
        present.write_one(self.db, layer, self.layout, row, body, version, seq)

    def history(self, layer: Layer) -> History:
        """Under which names the layer's rows were written."""
        return self.layout.histories[layer.id]

    def archived(self, layer: Layer, key: str) -> list[Past]:
        """Every archived version of a row."""
        rows = self.db.execute(
            "SELECT version, body, from_seq, area, sensitivity FROM om_versions WHERE layer = ? AND key = ?"
            " ORDER BY version",
            (layer.id, key),
        )
        return [
            Past(version=version, body=body, seq=seq, area=area, sensitivity=level)
            for version, body, seq, area, level in rows
        ]

    def rewrite(self, layer: Layer, key: str, rests: Mapping[int, bytes]) -> None:
        """Put what is left in the place of archived versions."""
        self.db.executemany(
            "UPDATE om_versions SET body = ? WHERE layer = ? AND key = ? AND version = ?",
            [(rest, layer.id, key, version) for version, rest in rests.items()],
        )

    def note(self, remainders: Sequence[Remainder]) -> None:
        """Write down the hashes of what is left."""
        self.db.executemany(
            "INSERT INTO om_erased VALUES (?, ?, ?, ?, ?)",
            [(one.layer, one.key, one.version, one.seq, one.row_hash) for one in remainders],
        )
