"""What verification reads of the database: live rows, archived versions and entries, each through a server's cursor."""

from collections.abc import Iterable, Iterator
from typing import Any

from layers.layer import Catalogue, Layer
from store import entries
from store.columns import bodies
from store.compile import quoted
from store.feed import Entry
from store.history import as_written
from store.postgis.connections import Connection
from store.postgis.layout import Layout
from store.postgis.present import columns_of, rows_of
from store.rows import hash_of
from store.verifying import Remainder, Seal, Verified, verified

CHUNK = 20_000


def verify(db: Connection, catalogue: Catalogue, layout: Layout, seals: Iterable[Seal]) -> Verified:
    """Recompute everything; reads the whole schema."""
    live = ((layer.id, *row) for layer in catalogue for row in _live(db, layer, layout))
    return verified(live, _archived(db), _entries(db), _remainders(db), seals)


def _fetched(db: Connection, name: str, text: str) -> Iterator[list[tuple[Any, ...]]]:
    with db.cursor(name, binary=True) as cursor:
        cursor.execute(text.encode())
        while rows := cursor.fetchmany(CHUNK):
            yield rows


def _live(db: Connection, layer: Layer, layout: Layout) -> Iterator[tuple[str, int, int, str, str]]:
    for fetched in _fetched(db, "live", f"SELECT {columns_of(layer)} FROM {quoted(layer.id)}"):
        rows = rows_of(layer, fetched)
        plain = as_written(rows.plain, layout.histories[layer.id], rows.seqs)
        found = (hash_of(body) for body in bodies(plain))
        yield from zip(rows.keys, rows.versions, rows.seqs, rows.hashes, found, strict=True)


def _archived(db: Connection) -> Iterator[tuple[str, str, int, bytes, str, int]]:
    for rows in _fetched(db, "archived", "SELECT layer, key, version, body, row_hash, from_seq FROM om_versions"):
        yield from rows


def _entries(db: Connection) -> Iterator[Entry]:
    for rows in _fetched(db, "entries", f"SELECT {entries.COLUMNS} FROM om_feed ORDER BY seq"):
        for row in rows:
            yield entries.entry_of(row)


def _remainders(db: Connection) -> Iterator[Remainder]:
    for rows in _fetched(db, "remainders", "SELECT layer, key, version, seq, row_hash FROM om_erased"):
        for layer, key, version, seq, row_hash in rows:
            yield Remainder(layer=layer, key=key, version=version, seq=seq, row_hash=row_hash)
