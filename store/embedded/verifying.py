"""What verification reads of the GeoPackage: live rows, archived versions and entries."""

import sqlite3
from collections.abc import Iterator

from layers.layer import Catalogue, Layer
from store import entries
from store.columns import as_written, bodies
from store.compile import quoted
from store.embedded.layout import Layout
from store.embedded.present import columns_of, rows_of
from store.feed import Entry
from store.rows import hash_of
from store.verifying import Verified, verified

CHUNK = 20_000


def verify(db: sqlite3.Connection, catalogue: Catalogue, layout: Layout) -> Verified:
    """Recompute everything; reads the whole file."""
    live = ((layer.id, *row) for layer in catalogue for row in _live(db, layer, layout))
    archived = (
        (layer, key, version, bytes(body, "utf-8") if isinstance(body, str) else body, kept, seq)
        for layer, key, version, body, kept, seq in db.execute(
            "SELECT layer, key, version, body, row_hash, from_seq FROM om_versions"
        )
    )
    return verified(live, archived, _entries(db))


def _live(db: sqlite3.Connection, layer: Layer, layout: Layout) -> Iterator[tuple[str, int, int, str, str]]:
    cursor = db.execute(f"SELECT {columns_of(layer)} FROM {quoted(layer.id)}")
    while fetched := cursor.fetchmany(CHUNK):
        rows = rows_of(layer, fetched)
        plain = as_written(rows.plain, layout.since[layer.id], rows.seqs)
        found = (hash_of(body) for body in bodies(plain))
        yield from zip(rows.keys, rows.versions, rows.seqs, rows.hashes, found, strict=True)


def _entries(db: sqlite3.Connection) -> Iterator[Entry]:
    for row in db.execute(f"SELECT {entries.COLUMNS} FROM om_feed ORDER BY seq"):
        yield entries.entry_of(row)
