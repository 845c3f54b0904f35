"""Writes of the embedded store: each in one transaction with its versions, feed entries and search words."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from core.actors import Actor
from core.clock import iso
from core.errors import ConflictError, Fault, FaultsError, ForbiddenError
from core.scope import Scope, Sensitivity
from core.texts import Text
from layers.layer import Catalogue, Geometry, Layer
from store.chain import GENESIS, hash_of_hashes, linked
from store.compile import quoted
from store.embedded.blob import blobs
from store.embedded.dialect import stored
from store.embedded.reading import head, present
from store.feed import Change, Delete, Edit, Entry, Put
from store.rows import Row, body_of, complete, hash_of, row_of
from store.schema import FEED_COLUMNS, stream_of
from store.tokens import tokens

BATCH = 50_000


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def append(db: sqlite3.Connection, entry: Entry) -> Entry:
    """Number, chain and write one entry; the caller holds the write lock, so no number is ever missed or reused."""
    previous = db.execute(
        "SELECT chain FROM om_feed WHERE stream = ? ORDER BY seq DESC LIMIT 1", (entry.stream,)
    ).fetchone()
    entry = linked(previous[0] if previous else GENESIS, replace(entry, seq=head(db) + 1))
    db.execute(
        f"INSERT INTO om_feed ({FEED_COLUMNS}) VALUES ({_marks(16)})",
        (
            entry.seq, iso(entry.at), entry.actor, entry.door, entry.stream, entry.layer, entry.key, str(entry.change),
            entry.area, int(entry.sensitivity), entry.old_version, entry.new_version, entry.rows, entry.row_hash,
            entry.reason, entry.chain,
        ),
    )  # fmt: skip
    return entry


def draft(layer: Layer, key: str, change: Change, actor: Actor, at: datetime, reason: str, row: Row) -> Entry:
    """An entry not yet numbered nor chained."""
    return Entry(
        seq=0, at=at, actor=actor.id, door=actor.door, stream=stream_of(layer), layer=layer.id, key=key, change=change,
        area=row["area"] or "", sensitivity=Sensitivity(row["sensitivity"]), old_version=None, new_version=None, rows=1,
        row_hash="", reason=reason, chain="",
    )  # fmt: skip


def commit(
    db: sqlite3.Connection,
    catalogue: Catalogue,
    edits: Sequence[Edit],
    actor: Actor,
    at: datetime,
    reason: str,
    scope: Scope,
) -> tuple[Entry, ...]:
    """Apply the edits inside the caller's transaction."""
    entries = []
    for edit in edits:
        layer = catalogue.find(edit.layer, scope)
        if layer is None or not scope.may_write(layer.id):
            raise ForbiddenError(Text(f"无权修改图层 {edit.layer}", f"may not change layer {edit.layer}"))
        if isinstance(edit, Put):
            entries.append(_put(db, layer, edit, actor, at, reason, scope))
        else:
            entries.append(_delete(db, layer, edit, actor, at, reason, scope))
    return tuple(entries)


def _expected(layer: Layer, key: str, expected: int | None, version: int) -> None:
    if expected is not None and expected != version:
        raise ConflictError(
            Text(
                f"“{key}”已被他人修改(现为第 {version} 版,您看到的是第 {expected} 版),请重新打开后再改",
                f"{key!r} was changed by someone else (now version {version}, you saw {expected}); reopen it first",
            ),
            layer=layer.id,
            key=key,
            version=version,
        )


def _inside(layer: Layer, key: str, row: Row, scope: Scope) -> None:
    if not scope.covers(row["area"] or "") or row["sensitivity"] > scope.clearance:
        raise ForbiddenError(
            Text(
                f"“{key}”(行政区划 {row['area'] or '未填'})不在您的管辖范围内",
                f"{key!r} (area {row['area'] or 'not given'}) is outside your area or clearance",
            )
        )


def _put(
    db: sqlite3.Connection, layer: Layer, edit: Put, actor: Actor, at: datetime, reason: str, scope: Scope
) -> Entry:
    row = row_of(layer, edit.record)
    key = row[layer.key]
    if not key:
        raise FaultsError([Fault(field=layer.key, value="", rule=Text("主键不得为空", "the key must not be empty"))])
    _inside(layer, key, row, scope)
    found = present(db, layer, key)
    _expected(layer, key, edit.expected, found[2] if found else 0)
    if found:
        _inside(layer, key, found[1], scope)
    body = body_of(row)
    last = found[2] if found else last_version(db, layer, key)
    entry = replace(
        draft(layer, key, Change.PUT, actor, at, reason, row),
        old_version=found[2] if found else None,
        new_version=last + 1,
        row_hash=hash_of(body),
    )
    entry = append(db, entry)
    if found:
        archive(db, layer, [(found[1], found[2], found[3])], entry.seq)
        remove(db, layer, [found[0]])
    insert(db, layer, [row], [entry.row_hash], [last + 1], entry.seq)
    return entry


def _delete(
    db: sqlite3.Connection, layer: Layer, edit: Delete, actor: Actor, at: datetime, reason: str, scope: Scope
) -> Entry:
    found = present(db, layer, edit.key)
    if found is None or not scope.covers(found[1]["area"] or ""):
        raise ConflictError(Text(f"没有“{edit.key}”可删", f"no {edit.key!r} to delete"), layer=layer.id, key=edit.key)
    fid, row, version, seq = found
    _inside(layer, edit.key, row, scope)
    _expected(layer, edit.key, edit.expected, version)
    entry = append(db, replace(draft(layer, edit.key, Change.DELETE, actor, at, reason, row), old_version=version))
    archive(db, layer, [(row, version, seq)], entry.seq)
    remove(db, layer, [fid])
    return entry


def last_version(db: sqlite3.Connection, layer: Layer, key: str) -> int:
    """The newest archived version of a key, 0 if it never was."""
    found = db.execute("SELECT max(version) FROM om_versions WHERE layer = ? AND key = ?", (layer.id, key)).fetchone()
    return found[0] or 0


def archive(db: sqlite3.Connection, layer: Layer, rows: Iterable[tuple[Row, int, int]], to_seq: int) -> None:
    """Keep versions (values, version, from_seq) that end with an entry."""
    kept = []
    for row, version, from_seq in rows:
        body = body_of(row)
        kept.append(
            (layer.id, row[layer.key], version, layer.schema_version, body, hash_of(body), from_seq, to_seq,
             row["area"] or "", int(row["sensitivity"]))
        )  # fmt: skip
    db.executemany(f"INSERT INTO om_versions VALUES ({_marks(10)})", kept)


def remove(db: sqlite3.Connection, layer: Layer, fids: list[int]) -> None:
    """Take rows out of the present with their index entries."""
    numbered = [(fid,) for fid in fids]
    keys = [
        db.execute(f"SELECT {quoted(layer.key)} FROM {quoted(layer.id)} WHERE fid = ?", n).fetchone() for n in numbered
    ]
    if layer.search:
        ids = [
            db.execute("SELECT id FROM om_search WHERE layer = ? AND key = ?", (layer.id, key[0])).fetchone()
            for key in keys
        ]
        db.executemany("DELETE FROM om_search_text WHERE rowid = ?", ids)
        db.executemany("DELETE FROM om_search WHERE id = ?", ids)
    if layer.geometry is not Geometry.NONE:
        db.executemany(f"DELETE FROM {quoted(f'rtree_{layer.id}_geom')} WHERE id = ?", numbered)
    db.executemany(f"DELETE FROM {quoted(layer.id)} WHERE fid = ?", numbered)


def insert(
    db: sqlite3.Connection, layer: Layer, rows: list[Row], hashes: list[str], versions: list[int], seq: int
) -> None:
    """Write rows with their spatial and search index entries."""
    names = list(layer.fields)
    kinds = [layer.fields[name].kind for name in names]
    fid = (db.execute(f"SELECT coalesce(max(fid), 0) FROM {quoted(layer.id)}").fetchone()[0]) + 1
    spatial = layer.geometry is not Geometry.NONE
    columns = ["fid", *(quoted(name) for name in names), "_version", "_seq", "_hash"]
    geometry: list[bytes | None] = []
    bounds: Any = None
    if spatial:
        columns += ["_x", "_y", "geom"]
        geometry, bounds = blobs(layer, [row["geometry"] for row in rows])
        middle = ((bounds[:, 0] + bounds[:, 2]) / 2).tolist(), ((bounds[:, 1] + bounds[:, 3]) / 2).tolist()
    values = []
    for i, row in enumerate(rows):
        one = [fid + i, *(stored(row[n], k) for n, k in zip(names, kinds, strict=True)), versions[i], seq, hashes[i]]
        if spatial:
            there = geometry[i] is not None
            one += [middle[0][i] if there else None, middle[1][i] if there else None, geometry[i]]
        values.append(one)
    db.executemany(f"INSERT INTO {quoted(layer.id)} ({', '.join(columns)}) VALUES ({_marks(len(columns))})", values)
    if spatial:
        west, south, east, north = (column.tolist() for column in bounds.T)
        boxes = [(fid + i, west[i], east[i], south[i], north[i]) for i, g in enumerate(geometry) if g is not None]
        db.executemany(f"INSERT INTO {quoted(f'rtree_{layer.id}_geom')} VALUES (?, ?, ?, ?, ?)", boxes)
    if layer.search:
        _index_words(db, layer, rows)


def _index_words(db: sqlite3.Connection, layer: Layer, rows: list[Row]) -> None:
    start = db.execute("SELECT coalesce(max(id), 0) FROM om_search").fetchone()[0] + 1
    levels = [[name for name in layer.search if layer.fields[name].sensitivity == level] for level in Sensitivity]
    db.executemany(
        "INSERT INTO om_search VALUES (?, ?, ?)", [(start + i, layer.id, row[layer.key]) for i, row in enumerate(rows)]
    )
    words = [
        (start + i, *(tokens(_texts(row, names)) if names else "" for names in levels)) for i, row in enumerate(rows)
    ]
    db.executemany("INSERT INTO om_search_text (rowid, t0, t1, t2, t3) VALUES (?, ?, ?, ?, ?)", words)


def _texts(row: Row, names: list[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        value = row[name]
        if isinstance(value, list):
            found.extend(value)
        elif value is not None:
            found.append(str(value))
    return found


def load(
    db: sqlite3.Connection, layer: Layer, batches: Iterable[pa.RecordBatch], actor: Actor, at: datetime, reason: str,
    scope: Scope,
) -> tuple[int, tuple[Entry, ...]]:  # fmt: skip
    """Write many rows inside the caller's transaction, one entry for each 50,000 at most."""
    if not layer.visible(scope) or not scope.may_write(layer.id):
        raise ForbiddenError(Text(f"无权装载图层 {layer.id}", f"may not load layer {layer.id}"))
    total, entries = 0, []
    empty = db.execute(f"SELECT 1 FROM {quoted(layer.id)} LIMIT 1").fetchone() is None
    fresh = empty and db.execute("SELECT 1 FROM om_versions WHERE layer = ? LIMIT 1", (layer.id,)).fetchone() is None
    for given in batches:
        for start in range(0, given.num_rows, BATCH):
            table = complete(layer, given.slice(start, BATCH))
            entries.append(_load_batch(db, layer, table, actor, at, reason, scope, fresh))
            total += table.num_rows
    return total, tuple(entries)


def _load_batch(
    db: sqlite3.Connection,
    layer: Layer,
    table: pa.Table,
    actor: Actor,
    at: datetime,
    reason: str,
    scope: Scope,
    fresh: bool,
) -> Entry:
    table = table.sort_by(layer.key)
    rows: list[Row] = table.to_pylist()
    if layer.geometry is Geometry.NONE:
        for row in rows:
            row["geometry"] = None
    keys = [row[layer.key] for row in rows]
    twice = [keys[i] for i in range(1, len(keys)) if keys[i] == keys[i - 1]]
    if twice:
        raise FaultsError(
            [Fault(field=layer.key, value=k, rule=Text("主键重复", "duplicate key")) for k in twice[:100]]
        )
    for row in rows:
        _inside(layer, row[layer.key], row, scope)
    hashes = [hash_of(body_of(row)) for row in rows]
    areas = {row["area"][:6] for row in rows}
    levels = max((row["sensitivity"] for row in rows), default=0)
    summary: Row = {"area": areas.pop() if len(areas) == 1 else "", "sensitivity": levels}
    batch_hash = hash_of_hashes(hashes)
    entry = append(
        db,
        replace(
            draft(layer, batch_hash[:16], Change.LOAD, actor, at, reason, summary), rows=len(rows), row_hash=batch_hash
        ),
    )
    versions = [1] * len(rows)
    if not fresh:
        replaced = []
        fids = []
        for i, key in enumerate(keys):
            found = present(db, layer, key)
            if found:
                _inside(layer, key, found[1], scope)
                replaced.append((found[1], found[2], found[3]))
                fids.append(found[0])
                versions[i] = found[2] + 1
            else:
                versions[i] = last_version(db, layer, key) + 1
        archive(db, layer, replaced, entry.seq)
        remove(db, layer, fids)
    insert(db, layer, rows, hashes, versions, entry.seq)
    return entry
