"""The past of one layer, rebuilt in memory with the layer's own tables, so that the same queries answer on it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from layers.layer import Geometry, Layer
from store.columns import Plain, arrow_column
from store.compile import quoted
from store.embedded.layout import METADATA, create_table, fill_metadata
from store.embedded.present import Arriving, columns_of, insert, next_fid, rows_of
from store.history import History, columns_now

CHUNK = 20_000


@contextmanager
def past(db: sqlite3.Connection, layer: Layer, history: History, at_seq: int) -> Iterator[sqlite3.Connection]:
    """A database in memory that holds the layer as it was after an entry."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        memory.executescript(METADATA)
        fill_metadata(memory)
        create_table(memory, layer)
        live = db.execute(f"SELECT {columns_of(layer)} FROM {quoted(layer.id)} WHERE _seq <= ?", (at_seq,))
        while rows := live.fetchmany(CHUNK):
            kept = rows_of(layer, rows)
            _write(memory, layer, kept.plain, kept.versions, kept.seqs, kept.hashes)
        archived = db.execute(
            "SELECT body, version, from_seq, row_hash FROM om_versions"
            " WHERE layer = ? AND from_seq <= ? AND to_seq > ?",
            (layer.id, at_seq, at_seq),
        )
        while rows := archived.fetchmany(CHUNK):
            bodies, versions, seqs, hashes = (list(column) for column in zip(*rows, strict=True))
            plain = columns_now(layer, history, [orjson.loads(body) for body in bodies], seqs)
            _write(memory, layer, plain, versions, seqs, hashes)
        yield memory
    finally:
        memory.close()


def _write(
    memory: sqlite3.Connection, layer: Layer, plain: Plain, versions: list[int], seqs: list[int], hashes: list[Any]
) -> None:
    geometry = None if layer.geometry is Geometry.NONE else arrow_column(layer, "geometry", plain["geometry"])
    rows = Arriving(plain=plain, geometry=geometry, hashes=hashes, versions=versions, seqs=seqs)
    insert(memory, layer, rows, next_fid(memory, layer))
