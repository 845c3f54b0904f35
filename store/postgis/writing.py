"""The PostGIS engine's side of a commit: entries and rows in a transaction that holds the writers' lock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from layers.layer import Layer
from store import entries
from store.chain import GENESIS, linked
from store.feed import Entry
from store.postgis import present
from store.postgis.connections import Connection
from store.postgis.layout import Layout
from store.postgis.reading import head
from store.present import Present
from store.rows import Row


@dataclass(frozen=True, slots=True)
class PostGisEngine:
    """See `store.commits.Engine`."""

    db: Connection
    layout: Layout

    def find(self, layer: Layer, keys: Sequence[str]) -> Present:
        """The live rows among some keys."""
        return present.find(self.db, layer, keys)

    def last_versions(self, layer: Layer, keys: Sequence[str]) -> dict[str, int]:
        """The newest archived version of each."""
        return present.last_versions(self.db, layer, keys)

    def append(self, entry: Entry, before: entries.Before | None = None) -> Entry:
        """Number, chain and write one entry; the lock is held, so no number is ever missed or reused."""
        previous = self.db.execute(
            "SELECT chain FROM om_feed WHERE stream = %s ORDER BY seq DESC LIMIT 1", (entry.stream,)
        ).fetchone()
        entry = linked(str(previous[0]) if previous else GENESIS, replace(entry, seq=head(self.db) + 1))
        values = entries.row_of(entry, before)
        marks = ", ".join(["%s"] * len(values))
        names = f"{entries.COLUMNS}, {entries.BEFORE}"
        self.db.execute(f"INSERT INTO om_feed ({names}) VALUES ({marks})".encode(), values)
        return entry

    def archive(self, layer: Layer, rows: Present, to_seq: int) -> None:
        """Keep these versions."""
        present.archive(self.db, layer, self.layout, rows, to_seq)

    def remove(self, layer: Layer, rows: Present) -> None:
        """Take rows out of the present."""
        present.remove(self.db, layer, rows)

    def write_one(self, layer: Layer, row: Row, body: bytes, version: int, seq: int) -> None:
        """One row becomes present."""
        present.write_one(self.db, layer, row, body, version, seq)
