"""Undoing a merge: exactly what it moved goes back, unless it was changed again or deleted since."""

from collections.abc import Iterator
from typing import Any

import orjson

from core.errors import ConflictError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.fields import Kind
from layers.layer import Layer
from layers.record import Record
from store.feed import Change, Entry, Put, Version
from store.merging import Desk, Merge, Moved, Plan, Seen, edit, out_of_reach
from store.protocol import Stored
from store.rows import body_of, row_from_plain, row_of
from store.schema import nullable

PAGE = 1000

Plain = dict[str, Any]


def unmerge(desk: Desk, drop: str, *, reason: str, seen: Seen | None = None) -> Merge:
    """Take a row out of the one it was merged into, with the references that moved then; later ones stay."""
    return desk.settled(lambda: planned(desk, drop, seen=seen), f"撤销 {drop} 的合并:{reason}")


def planned(desk: Desk, drop: str, *, seen: Seen | None = None) -> Plan:
    """What `unmerge` would write now."""
    dropped = desk.found(drop, seen or {})
    if not getattr(dropped.record, desk.into):
        raise ConflictError(
            Text(f"“{drop}”没有并入其他记录", f"{drop!r} is not merged into another"), layer=desk.layer.id, key=drop
        )
    since, keep = _merged_since(desk, drop)
    heirs = _heirs(desk, keep)
    edits: list[Put] = [edit(desk.layer, dropped, {desk.into: ""}, Change.UNMERGE)]
    moved: list[Moved] = []
    filled: tuple[str, ...] = ()
    for entry in _entries_of_merge(desk, since):
        layer = desk.store.catalogue[entry.layer]
        if (layer.id, entry.key) == (desk.layer.id, drop) or _stored(desk, layer, entry.key) is None:
            continue
        before, after = _before_and_after(desk, layer, entry)
        stored = _reached(desk, layer, entry.key)
        if (layer.id, entry.key) == (desk.layer.id, keep):
            back = _unfilled(desk, before, after, stored.record)
            filled = tuple(back)
        else:
            back = _returned(desk, layer, (before, after), (drop, keep), stored.record, heirs)
            if not back:
                continue
            moved.append(Moved(layer.id, entry.key, tuple(back)))
        edits.append(edit(layer, stored, back, Change.UNMERGE))
    done = Merge(layer=desk.layer.id, keep=keep, drop=drop, moved=tuple(moved), filled=filled)
    return Plan(done, tuple(edits))


def _merged_since(desk: Desk, drop: str) -> tuple[int, str]:
    """The entry that merged the row away, and what it was merged into then."""
    since, keep = 0, ""
    for version in reversed(desk.store.versions(desk.layer, drop, scope=SYSTEM_SCOPE)):
        into = _plain(desk, desk.layer, version).get(desk.into)
        if not into:
            break
        since, keep = version.from_seq, into
    return since, keep


def _heirs(desk: Desk, keep: str) -> set[str]:
    """The row merged into, and what that one was merged into since: its references moved on with it."""
    heirs: set[str] = set()
    while keep and keep not in heirs:
        heirs.add(keep)
        stored = _stored(desk, desk.layer, keep)
        keep = "" if stored is None else getattr(stored.record, desk.into)
    return heirs


def _entries_of_merge(desk: Desk, since: int) -> Iterator[Entry]:
    """The entries of the commit that began with this one: in a row, of one moment, one actor and one reason."""
    first: Entry | None = None
    after = since - 1
    while entries := desk.store.feed(after=after, scope=SYSTEM_SCOPE, limit=PAGE):
        for entry in entries:
            first = first or entry
            if (entry.change, entry.at, entry.actor, entry.reason) != (
                Change.MERGE, first.at, first.actor, first.reason,
            ):  # fmt: skip
                return
            yield entry
        after = entries[-1].seq


def _before_and_after(desk: Desk, layer: Layer, entry: Entry) -> tuple[Plain, Plain]:
    """A row's plain values before and after an entry."""
    found = {version.version: version for version in desk.store.versions(layer, entry.key, scope=SYSTEM_SCOPE)}
    before, after = found[int(entry.old_version or 0)], found[int(entry.new_version or 0)]
    return _plain(desk, layer, before), _plain(desk, layer, after)


def _plain(desk: Desk, layer: Layer, version: Version) -> Plain:
    """What a version says, under the names of today."""
    return desk.store.history(layer).as_now(orjson.loads(version.body), version.from_seq)


def _stored(desk: Desk, layer: Layer, key: str) -> Stored | None:
    try:
        return desk.store.get(layer, key, scope=SYSTEM_SCOPE)
    except NotFoundError:
        return None


def _reached(desk: Desk, layer: Layer, key: str) -> Stored:
    try:
        return desk.store.get(layer, key, scope=desk.scope)
    except NotFoundError:
        raise out_of_reach(desk, layer, 1) from None


def _returned(
    desk: Desk, layer: Layer, bodies: tuple[Plain, Plain], keys: tuple[str, str], now: Record, heirs: set[str]
) -> dict[str, object]:
    """The references of a row that the merge moved and that still follow it."""
    (before, after), (drop, keep) = bodies, keys
    fields = [name for name, spec in layer.fields.items() if spec.refers == desk.layer.id]
    fields = [name for name in fields if (before.get(name), after.get(name)) == (drop, keep)]
    if not set(fields) <= set(layer.fields_in(desk.scope)):
        raise out_of_reach(desk, layer, 1)
    return {name: drop for name in fields if getattr(now, name) in heirs}


def _unfilled(desk: Desk, before: Plain, after: Plain, now: Record) -> dict[str, object]:
    """What the merge filled in and nobody changed since, back to what it was."""
    names = [name for name in (*desk.layer.fields, "geometry") if before.get(name) != after.get(name)]
    if not set(names) - {"geometry"} <= set(desk.layer.fields_in(desk.scope)):
        raise out_of_reach(desk, desk.layer, 1)
    present: Plain = orjson.loads(body_of(row_of(desk.layer, now)))
    typed = row_from_plain(desk.layer, before)
    back: dict[str, object] = {}
    for name in names:
        if present.get(name) == after.get(name):
            back[name] = _typed(desk.layer, name, typed[name])
    return back


def _typed(layer: Layer, name: str, value: Any) -> object:
    """A value as a record holds it."""
    spec = layer.fields.get(name)
    if spec is None:
        return None
    if value is None and not nullable(layer, name):
        return spec.default
    return tuple(value) if spec.kind is Kind.LIST else value
