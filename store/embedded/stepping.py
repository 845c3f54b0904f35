"""The embedded engine's side of declared steps: columns and rows of the layer's table changed in place."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from layers.fields import Kind
from layers.layer import Layer
from store.compile import quoted
from store.embedded.dialect import stored
from store.embedded.layout import SQL_TYPES, Layout
from store.embedded.present import columns_of, rows_of
from store.embedded.writing import EmbeddedEngine
from store.history import History
from store.present import Present
from store.stepping import Stamp

PAGE = 50_000


def pages(db: sqlite3.Connection, layer: Layer) -> Iterator[Present]:
    """Every present row, some at a time, by number: the table may be changed in between."""
    last = 0
    text = f"SELECT {columns_of(layer)} FROM {quoted(layer.id)} WHERE fid > ? ORDER BY fid LIMIT {PAGE}"
    while rows := db.execute(text, (last,)).fetchall():
        found = rows_of(layer, rows)
        yield found
        last = found.fids[-1]


@dataclass(frozen=True, slots=True)
class EmbeddedStepper(EmbeddedEngine):
    """See `store.stepping.Stepper`."""

    def pages(self, layer: Layer) -> Iterator[Present]:
        """Every present row."""
        return pages(self.db, layer)

    def rename_column(self, layer: Layer, old: str, new: str) -> None:
        """A new name in the table and in what the file knows of it."""
        self.db.execute(f"ALTER TABLE {quoted(layer.id)} RENAME COLUMN {quoted(old)} TO {quoted(new)}")
        self.db.execute("UPDATE om_columns SET field = ? WHERE layer = ? AND field = ?", (new, layer.id, old))

    def new_column(self, layer: Layer, name: str, kind: Kind) -> str:
        """An empty column of the new kind."""
        provisional = f"_new_{name}"
        self.db.execute(f"ALTER TABLE {quoted(layer.id)} ADD COLUMN {quoted(provisional)} {SQL_TYPES[kind]}")
        return provisional

    def swap_column(self, layer: Layer, name: str, provisional: str, kind: Kind) -> None:
        """The column of the new kind in the place of the old one."""
        table = quoted(layer.id)
        self.db.execute(f"ALTER TABLE {table} DROP COLUMN {quoted(name)}")
        self.db.execute(f"ALTER TABLE {table} RENAME COLUMN {quoted(provisional)} TO {quoted(name)}")
        self.db.execute("UPDATE om_columns SET kind = ? WHERE layer = ? AND field = ?", (str(kind), layer.id, name))

    def set_values(self, layer: Layer, rows: Present, column: str, kind: Kind, values: Sequence[Any]) -> None:
        """One column of some rows."""
        self.db.executemany(
            f"UPDATE {quoted(layer.id)} SET {quoted(column)} = ? WHERE fid = ?",
            [(stored(value, kind), fid) for value, fid in zip(values, rows.fids, strict=True)],
        )

    def stamp(self, layer: Layer, rows: Present, stamp: Stamp) -> None:
        """Rows written anew."""
        self.db.executemany(
            f"UPDATE {quoted(layer.id)} SET _version = _version + 1, _seq = ?, _hash = ? WHERE fid = ?",
            [(stamp.seq, row_hash, fid) for row_hash, fid in zip(stamp.hashes, rows.fids, strict=True)],
        )

    def step_done(self, name: str, seq: int) -> None:
        """A step was applied."""
        self.db.execute("INSERT INTO om_steps VALUES (?, ?)", (name, seq))

    def schema_since(self, layer: Layer, version: int, seq: int) -> None:
        """The last entry before a schema version."""
        self.db.execute("INSERT INTO om_schemas VALUES (?, ?, ?)", (layer.id, version, seq))

    def under(self, layer: Layer, history: History) -> "EmbeddedStepper":
        """The same transaction under another history."""
        return EmbeddedStepper(self.db, Layout(self.layout.numbers, {layer.id: history}))
