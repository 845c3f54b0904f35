"""Bulk loads by COPY: one thread prepares a batch while the server takes the one before, all in one transaction."""

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
from store.feed import Change
from store.keeping import keeping
from store.loads import BATCH, Brought, Ready, ahead, news
from store.postgis.copying import Arriving, columns_in, copy_in
from store.postgis.layout import drop_indexes
from store.postgis.lexemes import lexemes
from store.postgis.present import find, last_versions, rows_of
from store.postgis.standing import Standing
from store.postgis.writing import PostGisEngine
from store.present import Present
from store.protocol import Loaded
from store.rights import all_inside, all_owned, loadable


def load(
    engine: PostGisEngine,
    layer: Layer,
    batches: Iterable[pa.RecordBatch],
    actor: Actor,
    at: datetime,
    reason: str,
    scope: Scope,
    keep: Collection[str],
) -> tuple[Loaded, bool]:
    """Write many rows inside the caller's transaction, one entry for each 50,000 at most.

    With it comes whether the table was filled without its indexes: the caller makes them when all is committed.
    """
    loadable(layer, scope)
    empty = engine.db.execute(f"SELECT 1 FROM {quoted(layer.id)} LIMIT 1".encode()).fetchone() is None
    done: list[Loaded] = []
    brought = Brought()
    standing: Standing | None = None
    whole = keeping(layer, batches, keep, scope, partial(find, engine.db, layer))
    for part in ahead(layer, whole, lambda rows: lexemes(layer, rows.plain)):
        if empty and not done and len(part.rows) >= BATCH:
            drop_indexes(engine.db, layer)
            standing = Standing(engine.db, quoted(layer.id))
        fresh = empty and brought.none_of(part.rows)
        done.append(_write(engine, layer, part, actor, at, reason, scope, standing, fresh=fresh))
    if standing is not None:
        standing.clear()
    if sum(p.rows for p in done) >= BATCH:
        engine.db.execute(f"ANALYZE {quoted(layer.id)}".encode())
    entries = tuple(entry for part in done for entry in part.entries)
    counts = (sum(p.new for p in done), sum(p.unchanged for p in done))
    return Loaded(sum(p.rows for p in done), entries, *counts), standing is not None


def _write(
    engine: PostGisEngine,
    layer: Layer,
    ready: Ready,
    actor: Actor,
    at: datetime,
    reason: str,
    scope: Scope,
    standing: Standing | None,
    *,
    fresh: bool,
) -> Loaded:
    db, rows = engine.db, ready.rows
    all_inside(rows.areas, rows.sensitivity, scope)
    all_owned(layer, rows.keys, rows.plain, scope)
    found = rows_of(layer, []) if fresh else find(db, layer, rows.keys)
    new = news(layer, ready, found, scope)
    rows, words, found, unchanged = new.rows, new.words, new.replaced, new.unchanged
    if not len(rows):
        return Loaded(0, (), 0, unchanged)
    area = next(iter(rows.areas)) if len(rows.areas) == 1 else ""
    batch_hash = hash_of_hashes(rows.hashes)
    entry = draft(layer, batch_hash[:16], Change.LOAD, actor, at, reason, area, rows.sensitivity)
    entry = engine.append(replace(entry, rows=len(rows), row_hash=batch_hash))
    versions = _versions(engine, layer, rows, found)
    if len(found):
        engine.archive(layer, found, entry.seq)
        engine.remove(layer, found)
    arriving = Arriving(
        table=rows.table, digests=rows.digests, versions=versions,
        seqs=pa.repeat(pa.scalar(entry.seq, pa.int64()), len(rows)), words=words,
    )  # fmt: skip
    copy_in(db, quoted(layer.id), columns_in(layer, arriving), standing)
    return Loaded(len(rows), (entry,), len(rows) - len(found), unchanged)


def _versions(engine: PostGisEngine, layer: Layer, rows: Prepared, found: Present) -> pa.Array:
    """The version each row becomes, after those it replaces and those of a row that was once deleted."""
    had = engine.db.execute("SELECT 1 FROM om_versions WHERE layer = %s LIMIT 1", (layer.id,)).fetchone()
    known = last_versions(engine.db, layer, rows.keys) if had else {}
    known |= dict(zip(found.keys, found.versions, strict=True))
    if not known:
        return pa.repeat(pa.scalar(1, pa.int32()), len(rows))
    return pa.array([known.get(key, 0) + 1 for key in rows.keys], pa.int32())
