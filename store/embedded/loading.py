"""Bulk loads: one thread prepares a batch while the other writes the one before, all in one transaction."""

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

import pyarrow as pa

from core.actors import Actor
from core.scope import Scope
from layers.layer import Layer
from store.chain import hash_of_hashes
from store.columns import Prepared
from store.commits import draft
from store.compile import quoted
from store.embedded.layout import Layout, create_indexes, index_masks
from store.embedded.packing import Boxes
from store.embedded.present import Arriving, archive, find, insert, last_versions, next_fid, remove, rows_of
from store.embedded.words import first_word, write_words
from store.embedded.writing import append
from store.feed import Change
from store.keeping import keeping
from store.loads import BATCH, Brought, Ready, ahead, news
from store.present import Present
from store.protocol import Loaded
from store.rights import all_inside, all_owned, loadable
from store.schema import indexes
from store.tokens import words_of

QUICK_MERGES = (("automerge", 0), ("crisismerge", 64))
USUAL_MERGES = (("automerge", 4), ("crisismerge", 16))
"""FTS5's settings while much is written, and its own defaults."""


class First:
    """What a load into an empty layer puts off to its end, for an index is made at once in a fraction of the time."""

    def __init__(self) -> None:
        self.brought = Brought()
        self.boxes = Boxes()
        self.gone: set[int] = set()
        """Rows it wrote and replaced itself."""

    def without_indexes(self, db: sqlite3.Connection, layer: Layer) -> None:
        """Before many rows; small loads leave the indexes as they are."""
        for name in (*indexes(layer), f"{layer.id}_mask"):
            db.execute(f"DROP INDEX IF EXISTS {quoted(name)}")

    def index(self, db: sqlite3.Connection, layer: Layer) -> None:
        """Make what was put off."""
        self.boxes.write(db, layer, self.gone)
        create_indexes(db, layer)
        if layer.cell:
            index_masks(db, layer)


def load(
    db: sqlite3.Connection,
    layer: Layer,
    layout: Layout,
    batches: Iterable[pa.RecordBatch],
    actor: Actor,
    at: datetime,
    reason: str,
    scope: Scope,
    keep: Collection[str],
) -> Loaded:
    """Write many rows inside the caller's transaction, one entry for each 50,000 at most."""
    loadable(layer, scope)
    done: list[Loaded] = []
    whole = keeping(layer, batches, keep, scope, partial(find, db, layer))
    empty = db.execute(f"SELECT 1 FROM {quoted(layer.id)} LIMIT 1").fetchone() is None
    first = First() if empty else None
    _merges(db, QUICK_MERGES)
    db.execute("PRAGMA cache_size = -262144")
    parts = ahead(layer, whole, lambda rows: words_of(layer, rows.plain))
    try:
        for part in parts:
            if first is not None and not done and len(part.rows) >= BATCH:
                first.without_indexes(db, layer)
            done.append(_write(db, layer, layout, part, actor, at, reason, scope, first))
        if first is not None:
            first.index(db, layer)
    finally:
        db.execute("PRAGMA cache_size = -65536")
    _merges(db, USUAL_MERGES)
    entries = tuple(entry for part in done for entry in part.entries)
    return Loaded(sum(p.rows for p in done), entries, sum(p.new for p in done), sum(p.unchanged for p in done))


def _merges(db: sqlite3.Connection, settings: Iterable[tuple[str, int]]) -> None:
    db.executemany("INSERT INTO om_words (om_words, rank) VALUES (?, ?)", settings)


def _write(
    db: sqlite3.Connection,
    layer: Layer,
    layout: Layout,
    ready: Ready,
    actor: Actor,
    at: datetime,
    reason: str,
    scope: Scope,
    first: First | None,
) -> Loaded:
    rows = ready.rows
    all_inside(rows.areas, rows.sensitivity, scope)
    all_owned(layer, rows.keys, rows.plain, scope)
    fresh = first is not None and first.brought.none_of(rows)
    found = rows_of(layer, []) if fresh else find(db, layer, rows.keys)
    new = news(layer, ready, found, scope)
    rows, words, found, unchanged = new.rows, new.words, new.replaced, new.unchanged
    if not len(rows):
        return Loaded(0, (), 0, unchanged)
    area = next(iter(rows.areas)) if len(rows.areas) == 1 else ""
    batch_hash = hash_of_hashes(rows.hashes)
    entry = draft(layer, batch_hash[:16], Change.LOAD, actor, at, reason, area, rows.sensitivity)
    entry = append(db, replace(entry, rows=len(rows), row_hash=batch_hash))
    versions = _versions(db, layer, rows, found, fresh)
    archive(db, layer, layout, found, entry.seq)
    remove(db, layer, layout, found)
    if first is not None:
        first.gone.update(found.fids)
    fid = next_fid(db, layer)
    if words:
        write_words(db, first_word(layout.numbers[layer.id], fid), words)
    arriving = Arriving(
        plain=rows.plain,
        geometry=rows.geometry,
        hashes=rows.hashes,
        versions=versions,
        seqs=[entry.seq] * len(rows),
    )
    insert(db, layer, arriving, fid, first.boxes if first else None)
    return Loaded(len(rows), (entry,), len(rows) - len(found), unchanged)


def _versions(db: sqlite3.Connection, layer: Layer, rows: Prepared, found: Present, fresh: bool) -> list[int]:
    """The version each row becomes, after those it replaces and those of a row that was once deleted."""
    known = {} if fresh and _never_had(db, layer) else last_versions(db, layer, rows.keys)
    known |= dict(zip(found.keys, found.versions, strict=True))
    return [known.get(key, 0) + 1 for key in rows.keys]


def _never_had(db: sqlite3.Connection, layer: Layer) -> bool:
    return db.execute("SELECT 1 FROM om_versions WHERE layer = ? LIMIT 1", (layer.id,)).fetchone() is None
