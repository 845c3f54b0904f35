"""Edits of the embedded store: rows, versions, entries and search words in the caller's transaction."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.actors import Actor
from core.errors import ConflictError
from core.scope import Scope, Sensitivity
from core.texts import Text
from layers.layer import Catalogue, Layer
from store import entries
from store.chain import GENESIS, linked
from store.embedded.layout import Layout
from store.embedded.present import Present, archive, find, last_versions, remove, write_one
from store.embedded.reading import head
from store.feed import Change, Delete, Edit, Entry, Put
from store.rights import expected, inside, writable
from store.rows import body_of, hash_of, row_of
from store.schema import stream_of


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


def draft(
    layer: Layer, key: str, change: Change, actor: Actor, at: datetime, reason: str, area: str | None, level: int
) -> Entry:
    """An entry not yet numbered nor chained."""
    return Entry(
        seq=0, at=at, actor=actor.id, door=actor.door, stream=stream_of(layer), layer=layer.id, key=key, change=change,
        area=area or "", sensitivity=Sensitivity(level), old_version=None, new_version=None, rows=1, row_hash="",
        reason=reason, chain="",
    )  # fmt: skip


def commit(
    db: sqlite3.Connection,
    catalogue: Catalogue,
    layout: Layout,
    edits: Sequence[Edit],
    actor: Actor,
    at: datetime,
    reason: str,
    scope: Scope,
) -> tuple[Entry, ...]:
    """Apply the edits inside the caller's transaction."""
    done = []
    for edit in edits:
        layer = writable(catalogue, edit.layer, scope)
        if isinstance(edit, Put):
            done.append(_put(db, layer, layout, edit, actor, at, reason, scope))
        else:
            done.append(_delete(db, layer, layout, edit, actor, at, reason, scope))
    return tuple(done)


def _before(found: Present) -> entries.Before:
    return found.plain["area"][0] or "", found.plain["sensitivity"][0] or 0


def _put(
    db: sqlite3.Connection,
    layer: Layer,
    layout: Layout,
    edit: Put,
    actor: Actor,
    at: datetime,
    reason: str,
    scope: Scope,
) -> Entry:
    row = row_of(layer, edit.record)
    key = row[layer.key]
    inside(key, row["area"], row["sensitivity"], scope)
    found = find(db, layer, [key])
    version = found.versions[0] if len(found) else 0
    expected(layer, key, edit.expected, version)
    if version:
        inside(key, *_before(found), scope)
        kept = found.row(layer, 0)
        row |= {name: kept[name] for name in layer.fields if name not in layer.fields_in(scope)}
    body = body_of(row)
    new = (version or last_versions(db, layer, [key]).get(key, 0)) + 1
    entry = replace(
        draft(layer, key, edit.change, actor, at, reason, row["area"], row["sensitivity"]),
        old_version=version or None,
        new_version=new,
        row_hash=hash_of(body),
    )
    entry = append(db, entry, _before(found) if version else None)
    if version:
        archive(db, layer, layout, found, entry.seq, layer.schema_version)
        remove(db, layer, layout, found)
    write_one(db, layer, layout, row, body, new, entry.seq)
    return entry


def _delete(
    db: sqlite3.Connection,
    layer: Layer,
    layout: Layout,
    edit: Delete,
    actor: Actor,
    at: datetime,
    reason: str,
    scope: Scope,
) -> Entry:
    found = find(db, layer, [edit.key])
    if not len(found) or not scope.covers(_before(found)[0]):
        raise ConflictError(Text(f"没有“{edit.key}”可删", f"no {edit.key!r} to delete"), layer=layer.id, key=edit.key)
    area, level = _before(found)
    inside(edit.key, area, level, scope)
    expected(layer, edit.key, edit.expected, found.versions[0])
    entry = draft(layer, edit.key, edit.change, actor, at, reason, area, level)
    entry = append(db, replace(entry, old_version=found.versions[0]))
    archive(db, layer, layout, found, entry.seq, layer.schema_version)
    remove(db, layer, layout, found)
    return entry
