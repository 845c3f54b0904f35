"""The embedded engine's side of a commit: entries and rows in the caller's transaction."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from layers.layer import Layer
from store import entries
from store.chain import GENESIS, linked
from store.embedded import present
from store.embedded.layout import Layout
from store.embedded.reading import head
from store.feed import Entry
from store.present import Present
from store.rows import Row


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

    def append(self, entry: Entry, before: entries.Before | None = None) -> Entry:
        """Number, chain and write one entry."""
        return append(self.db, entry, before)

    def archive(self, layer: Layer, rows: Present, to_seq: int) -> None:
        """Keep these versions."""
        present.archive(self.db, layer, self.layout, rows, to_seq, layer.schema_version)

    def remove(self, layer: Layer, rows: Present) -> None:
        """Take rows out of the present."""
        present.remove(self.db, layer, self.layout, rows)

    def write_one(self, layer: Layer, row: Row, body: bytes, version: int, seq: int) -> None:
        """One row becomes present."""
        present.write_one(self.db, layer, self.layout, row, body, version, seq)
