"""Edits applied one by one inside a transaction, the same for every engine: rights, versions, entries, rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from core.actors import Actor
from core.errors import ConflictError
from core.scope import Scope, Sensitivity
from core.texts import Text
from layers.layer import Catalogue, Layer
from store import entries
from store.feed import Change, Delete, Edit, Entry, Put
from store.present import Present
from store.rights import expected, inside, merge_kept, owned, theirs, writable
from store.rows import Row, body_of, hash_of, row_of
from store.schema import stream_of


class FeedMovedError(ConflictError):
    """Somebody wrote after the caller had read; read again."""


class Engine(Protocol):
    """What an engine does with rows inside one open write transaction."""

    def find(self, layer: Layer, keys: Sequence[str]) -> Present:
        """The live rows among some keys, whoever asks."""

    def last_versions(self, layer: Layer, keys: Sequence[str]) -> dict[str, int]:
        """The newest archived version of those keys that have one."""

    def head(self) -> int:
        """The newest entry's number."""

    def append(self, entry: Entry, before: entries.Before | None = None) -> Entry:
        """Number, chain and write one entry."""

    def archive(self, layer: Layer, rows: Present, to_seq: int) -> None:
        """Keep these versions; they ended with an entry."""

    def remove(self, layer: Layer, rows: Present) -> None:
        """Take rows out of the present with their index entries."""

    def write_one(self, layer: Layer, row: Row, body: bytes, version: int, seq: int) -> None:
        """One row becomes present, with its words."""


def draft(
    layer: Layer, key: str, change: Change, actor: Actor, at: datetime, reason: str, area: str | None, level: int
) -> Entry:
    """An entry not yet numbered nor chained."""
    return Entry(
        seq=0, at=at, actor=actor.id, door=actor.door, stream=stream_of(layer), layer=layer.id, key=key, change=change,
        area=area or "", sensitivity=Sensitivity(level), old_version=None, new_version=None, rows=1, row_hash="",
        reason=reason, chain="",
    )  # fmt: skip


def unmoved(engine: Engine, at_head: int | None) -> None:
    """The feed still ends where the caller saw it end, if it said where."""
    if at_head is not None and engine.head() != at_head:
        raise FeedMovedError(
            Text("读取之后又有变更,请重新读取", f"something was written after entry {at_head}; read again")
        )


def commit(
    engine: Engine,
    catalogue: Catalogue,
    edits: Sequence[Edit],
    actor: Actor,
    at: datetime,
    reason: str,
    scope: Scope,
    at_head: int | None = None,
) -> tuple[Entry, ...]:
    """Apply the edits inside the caller's transaction, if the feed still ends where the caller saw it end."""
    unmoved(engine, at_head)
    done = []
    for edit in edits:
        layer = writable(catalogue, edit.layer, scope)
        if isinstance(edit, Put):
            done.append(_put(engine, layer, edit, actor, at, reason, scope))
        else:
            done.append(_delete(engine, layer, edit, actor, at, reason, scope))
    return tuple(done)


def _before(found: Present) -> entries.Before:
    return found.plain["area"][0] or "", found.plain["sensitivity"][0] or 0


def _owner(layer: Layer, found: Present) -> str | None:
    own = layer.enterprise_field
    return None if own is None else found.plain[own][0]


def _put(engine: Engine, layer: Layer, edit: Put, actor: Actor, at: datetime, reason: str, scope: Scope) -> Entry:
    row = row_of(layer, edit.record)
    key = row[layer.key]
    inside(key, row["area"], row["sensitivity"], scope)
    found = engine.find(layer, [key])
    version = found.versions[0] if len(found) else 0
    if version:
        inside(key, *_before(found), scope)
        owned(layer, key, _owner(layer, found), scope)
    expected(layer, key, edit.expected, version)
    if version:
        kept = found.row(layer, 0)
        row |= {name: kept[name] for name in layer.fields if name not in layer.fields_in(scope)}
        if layer.merged_into is not None and edit.change is Change.PUT:
            merge_kept(layer, {key: kept[layer.merged_into]}, {key: row[layer.merged_into]})
    owned(layer, key, row.get(layer.enterprise_field or layer.key), scope)
    body = body_of(row)
    new = (version or engine.last_versions(layer, [key]).get(key, 0)) + 1
    entry = replace(
        draft(layer, key, edit.change, actor, at, reason, row["area"], row["sensitivity"]),
        old_version=version or None,
        new_version=new,
        row_hash=hash_of(body),
    )
    entry = engine.append(entry, _before(found) if version else None)
    if version:
        engine.archive(layer, found, entry.seq)
        engine.remove(layer, found)
    engine.write_one(layer, row, body, new, entry.seq)
    return entry


def _delete(engine: Engine, layer: Layer, edit: Delete, actor: Actor, at: datetime, reason: str, scope: Scope) -> Entry:
    found = engine.find(layer, [edit.key])
    unseen = len(found) and layer.narrowed_by(scope) is not None and not theirs(layer, _owner(layer, found), scope)
    if not len(found) or unseen or not scope.covers(_before(found)[0]):
        raise ConflictError(Text(f"没有“{edit.key}”可删", f"no {edit.key!r} to delete"), layer=layer.id, key=edit.key)
    area, level = _before(found)
    inside(edit.key, area, level, scope)
    owned(layer, edit.key, _owner(layer, found), scope)
    expected(layer, edit.key, edit.expected, found.versions[0])
    entry = draft(layer, edit.key, edit.change, actor, at, reason, area, level)
    entry = engine.append(replace(entry, old_version=found.versions[0]))
    engine.archive(layer, found, entry.seq)
    engine.remove(layer, found)
    return entry
