"""Feed entries between the engines' rows and what one caller is told of them."""

from dataclasses import replace
from typing import Any

from core.clock import from_iso, iso
from core.scope import Scope, Sensitivity
from layers.layer import Layer
from store.feed import BATCHES, Change, Entry

COLUMNS = (
    "seq, at, actor, door, stream, layer, key, change, area, sensitivity, "
    "old_version, new_version, rows, row_hash, reason, chain"
)
BEFORE = "area_before, sensitivity_before"
"""Where the row was before the change, so that those who lose sight of it are told."""

Before = tuple[str, int]
Versions = frozenset[tuple[str, str, int]]
"""Versions of rows by layer, key and number."""


def entry_of(row: tuple[Any, ...]) -> Entry:
    """A feed row as a value; times come as text or as moments."""
    (seq, at, actor, door, stream, layer, key, change, area, level, old, new, rows, row_hash, reason, chain) = row[:16]
    return Entry(
        seq=seq, at=from_iso(at) if isinstance(at, str) else at, actor=actor, door=door, stream=stream, layer=layer,
        key=key, change=Change(change), area=area, sensitivity=Sensitivity(level), old_version=old, new_version=new,
        rows=rows, row_hash=row_hash, reason=reason, chain=chain,
    )  # fmt: skip


def row_of(entry: Entry, before: Before | None) -> tuple[Any, ...]:
    """An entry as COLUMNS and BEFORE keep it."""
    return (
        entry.seq, iso(entry.at), entry.actor, entry.door, entry.stream, entry.layer, entry.key, str(entry.change),
        entry.area, int(entry.sensitivity), entry.old_version, entry.new_version, entry.rows, entry.row_hash,
        entry.reason, entry.chain, *(before or (None, None)),
    )  # fmt: skip


def before_of(row: tuple[Any, ...]) -> Before | None:
    """What the same row says of the time before."""
    return None if row[16] is None else (row[16], row[17])


def reached(layer: Layer, scope: Scope, area: str, level: int) -> bool:
    """What `store.compile.reach_clause` says, of one version in hand."""
    return level <= scope.clearance and (layer.shared or scope.covers(area))


def told(entry: Entry, before: Before | None, layer: Layer, scope: Scope, theirs: Versions) -> Entry | None:
    """What `_told` says of the entry; without the hashes where places are masked, by which a guess is confirmed."""
    found = _told(entry, before, layer, scope, theirs)
    return replace(found, row_hash="", chain="") if found is not None and layer.masked(scope) else found


def _told(entry: Entry, before: Before | None, layer: Layer, scope: Scope, theirs: Versions) -> Entry | None:
    """The entry as a caller may know it; `theirs` are the versions of the enterprises a scope is limited to.

    Of a load beyond the scope only that the layer changed, and nothing more of any load where the caller sees only
    rows of their own: nobody knows whose all of its rows are. Of a row that left the scope only that it left.
    """
    whole = layer.narrowed_by(scope) is None
    if entry.change in BATCHES:
        if whole and reached(layer, scope, entry.area, entry.sensitivity):
            return entry
        return replace(entry, key="", area="", sensitivity=layer.sensitivity, rows=0, row_hash="", reason="", chain="")

    def own(version: int | None) -> bool:
        return whole or (version is not None and (layer.id, entry.key, version) in theirs)

    now = entry.old_version if entry.new_version is None else entry.new_version
    if own(now) and reached(layer, scope, entry.area, entry.sensitivity):
        return entry
    if before is not None and own(entry.old_version) and reached(layer, scope, *before):
        area, level = before
        return replace(
            entry, change=Change.DELETE, area=area, sensitivity=Sensitivity(level), new_version=None, row_hash="",
            reason="", chain="",
        )  # fmt: skip
    return None
