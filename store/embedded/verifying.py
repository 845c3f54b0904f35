"""What verification reads of the GeoPackage: live rows, archived versions and entries."""

import sqlite3
from collections.abc import Iterable, Iterator

from layers.layer import Catalogue, Layer
from store import entries
from store.compile import quoted
from store.embedded.layout import Layout
from store.embedded.present import columns_of, recomputed, rows_of
from store.feed import Entry
from store.verifying import Remainder, Seal, Verified, verified

CHUNK = 20_000


def verify(db: sqlite3.Connection, catalogue: Catalogue, layout: Layout, seals: Iterable[Seal]) -> Verified:
    """Recompute everything; reads the whole file."""
    live = ((layer.id, *row) for layer in catalogue for row in _live(db, layer, layout))
    archived = (
        (layer, key, version, bytes(body, "utf-8") if isinstance(body, str) else body, kept, seq)
        for layer, key, version, body, kept, seq in db.execute(
            "SELECT layer, key, version, body, row_hash, from_seq FROM om_versions"
        )
    )
    return verified(live, archived, _entries(db), _remainders(db), seals)


def _live(db: sqlite3.Connection, layer: Layer, layout: Layout) -> Iterator[tuple[str, int, int, str, str]]:
    cursor = db.execute(f"SELECT {columns_of(layer)} FROM {quoted(layer.id)}")
    while fetched := cursor.fetchmany(CHUNK):
        rows = rows_of(layer, fetched)
        yield from zip(rows.keys, rows.versions, rows.seqs, rows.hashes, recomputed(layer, layout, rows), strict=True)


def _remainders(db: sqlite3.Connection) -> Iterator[Remainder]:
    for layer, key, version, seq, row_hash in db.execute("SELECT layer, key, version, seq, row_hash FROM om_erased"):
        yield Remainder(layer=layer, key=key, version=version, seq=seq, row_hash=row_hash)


def _entries(db: sqlite3.Connection) -> Iterator[Entry]:
    for row in db.execute(f"SELECT {entries.COLUMNS} FROM om_feed ORDER BY seq"):
        yield entries.entry_of(row)
