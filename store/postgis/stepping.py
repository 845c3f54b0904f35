"""The PostGIS engine's side of declared steps: columns and rows of the layer's table changed in place."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import pyarrow as pa

from layers.fields import Kind
from layers.layer import Layer
from store.compile import quoted
from store.history import History
from store.postgis.connections import Connection
from store.postgis.copying import copy_in
from store.postgis.layout import EVERY_WORD_COLUMN, SQL_TYPES, Layout, word_columns
from store.postgis.lexemes import lexemes
from store.postgis.present import columns_of, rows_of
from store.postgis.writing import PostGisEngine
from store.present import Present
from store.stepping import Stamp

PAGE = 50_000


def pages(db: Connection, layer: Layer) -> Iterator[Present]:
    """Every present row, some at a time, by key: the table may be changed in between."""
    last = ""
    key = quoted(layer.key)
    text = f"SELECT {columns_of(layer)} FROM {quoted(layer.id)} WHERE {key} > %s ORDER BY {key} LIMIT {PAGE}"
    while rows := db.cursor(binary=True).execute(text.encode(), (last,)).fetchall():
        found = rows_of(layer, rows)
        yield found
        last = found.keys[-1]


@dataclass(frozen=True, slots=True)
class PostGisStepper(PostGisEngine):
    """See `store.stepping.Stepper`."""

    def pages(self, layer: Layer) -> Iterator[Present]:
        """Every present row."""
        return pages(self.db, layer)

    def rename_column(self, layer: Layer, old: str, new: str) -> None:
        """A new name in the table and in what the database knows of it."""
        _run(self.db, f"ALTER TABLE {quoted(layer.id)} RENAME COLUMN {quoted(old)} TO {quoted(new)}")
        self.db.execute("UPDATE om_columns SET field = %s WHERE layer = %s AND field = %s", (new, layer.id, old))

    def new_column(self, layer: Layer, name: str, kind: Kind) -> str:
        """An empty column of the new kind."""
        provisional = f"_new_{name}"
        _run(self.db, f"ALTER TABLE {quoted(layer.id)} ADD COLUMN {quoted(provisional)} {SQL_TYPES[kind]}")
        return provisional

    def swap_column(self, layer: Layer, name: str, provisional: str, kind: Kind) -> None:
        """The column of the new kind in the place of the old one."""
        table = quoted(layer.id)
        _run(self.db, f"ALTER TABLE {table} DROP COLUMN {quoted(name)}")
        _run(self.db, f"ALTER TABLE {table} RENAME COLUMN {quoted(provisional)} TO {quoted(name)}")
        self.db.execute("UPDATE om_columns SET kind = %s WHERE layer = %s AND field = %s", (str(kind), layer.id, name))

    def set_values(self, layer: Layer, rows: Present, column: str, kind: Kind, values: Sequence[Any]) -> None:
        """One column of some rows."""
        if kind is Kind.LIST:
            values = [None if value is None else orjson.dumps(value).decode() for value in values]
        _update(self.db, layer, rows.keys, {quoted(column): (SQL_TYPES[kind], values)})

    def stamp(self, layer: Layer, rows: Present, stamp: Stamp) -> None:
        """Rows written anew."""
        columns = {
            "_version": ("integer", [version + 1 for version in rows.versions]),
            "_seq": ("bigint", [stamp.seq] * len(rows)),
            "_hash": ("text", stamp.hashes),
        }
        _update(self.db, layer, rows.keys, columns)

    def step_done(self, name: str, seq: int) -> None:
        """A step was applied."""
        self.db.execute("INSERT INTO om_steps VALUES (%s, %s)", (name, seq))

    def schema_since(self, layer: Layer, version: int, seq: int) -> None:
        """The last entry before a schema version."""
        self.db.execute("INSERT INTO om_schemas VALUES (%s, %s, %s)", (layer.id, version, seq))

    def under(self, layer: Layer, history: History) -> "PostGisStepper":
        """The same transaction under another history."""
        return PostGisStepper(self.db, Layout({layer.id: history}))


def index_anew(db: Connection, layer: Layer) -> None:
    """Word columns made and filled for the search fields of today; their indexes are made with the others."""
    table = quoted(layer.id)
    _run(db, f"ALTER TABLE {table} {', '.join(f'DROP COLUMN IF EXISTS {name}' for name in EVERY_WORD_COLUMN)}")
    columns = word_columns(layer)
    if not columns:
        return
    _run(db, f"ALTER TABLE {table} {', '.join(f'ADD COLUMN {name} tsvector' for name in columns)}")
    for rows in pages(db, layer):
        with _updating(db, layer, dict.fromkeys(columns, "tsvector")) as arriving:
            words = dict(zip(columns, lexemes(layer, rows.plain), strict=True))
            copy_in(db, arriving, pa.table({"_k": pa.array(rows.keys, pa.string()), **words}))


def _update(
    db: Connection, layer: Layer, keys: Sequence[str], columns: Mapping[str, tuple[str, Sequence[Any]]]
) -> None:
    """Columns of many rows at once."""
    if not keys:
        return
    kinds = {name: kind for name, (kind, _) in columns.items()}
    with _updating(db, layer, kinds) as arriving, db.cursor().copy(f"COPY {arriving} FROM STDIN".encode()) as copy:
        for row in zip(keys, *(values for _, values in columns.values()), strict=True):
            copy.write_row(row)


@contextmanager
def _updating(db: Connection, layer: Layer, kinds: Mapping[str, str]) -> Iterator[str]:
    """A temporary table to be filled with keys `_k` and columns, from where the layer's rows take them."""
    told = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    _run(db, f'CREATE TEMPORARY TABLE arriving (_k text COLLATE "C", {told}) ON COMMIT DROP')
    yield "arriving"
    sets = ", ".join(f"{name} = arriving.{name}" for name in kinds)
    _run(db, f"UPDATE {quoted(layer.id)} SET {sets} FROM arriving WHERE {quoted(layer.key)} = arriving._k")
    _run(db, "DROP TABLE arriving")


def _run(db: Connection, text: str) -> None:
    db.execute(text.encode())
