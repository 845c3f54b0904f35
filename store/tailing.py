"""The feed read under a scope, whichever engine keeps it: what may be told of each entry, page by page."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Protocol

from core.scope import Scope
from layers.layer import Catalogue, Layer
from store import entries
from store.compile import Sql, reach_clause
from store.feed import BATCHES, Entry

PAGE = 500
"""Entries looked at together, at least, when only some enterprises' may be told."""

Numbered = tuple[str, int]
"""A row's key and the number of one of its versions."""


class Tail(Protocol):
    """What an engine answers while its feed is read, all of one moment."""

    def statement(self) -> Sql:
        """An empty statement of this engine."""

    def rows(self, text: str, params: list[Any]) -> list[tuple[Any, ...]]:
        """Rows of the feed."""

    def owners(self, layer: Layer, versions: Collection[Numbered]) -> Mapping[Numbered, str]:
        """The enterprise each of these versions belonged to; those that are nowhere are left out."""


def tail(
    engine: Tail, catalogue: Catalogue, after: int, scope: Scope, layers: frozenset[str] | None, limit: int
) -> tuple[Entry, ...]:
    """Entries as the scope may know them; a load is told to all who may see its layer.

    Whole pages are looked at until enough may be told: one that ended early would be taken for the end of the feed.
    """
    seen = {layer.id: layer for layer in catalogue.seen_by(scope) if layers is None or layer.id in layers}
    size = limit if scope.enterprises is None else max(limit, PAGE)
    found: list[Entry] = []
    while seen:
        page = [(entries.entry_of(row), entries.before_of(row)) for row in _page(engine, seen, scope, after, size)]
        theirs = _theirs(engine.owners, [entry for entry, _ in page], seen, scope)
        told = (entries.told(entry, before, seen[entry.layer], scope, theirs) for entry, before in page)
        found.extend(entry for entry in told if entry is not None)
        if len(page) < size or len(found) >= limit:
            break
        after = page[-1][0].seq
    return tuple(found[:limit])


def _page(engine: Tail, seen: Mapping[str, Layer], scope: Scope, after: int, size: int) -> list[tuple[Any, ...]]:
    sql = engine.statement()
    parts = []
    for layer in seen.values():
        name = sql.bind(layer.id)
        here = reach_clause(sql, layer, scope)
        there = reach_clause(sql, layer, scope, suffix="_before")
        parts.append(f"(layer = {name} AND ({here} OR change IN ('load', 'step') OR {there}))")
    text = f"SELECT {entries.COLUMNS}, {entries.BEFORE} FROM om_feed WHERE ({' OR '.join(parts)})"
    text += f" AND seq > {sql.bind(after)} ORDER BY seq LIMIT {sql.bind(size)}"
    return engine.rows(text, sql.params)


def _theirs(
    owners: Callable[[Layer, Collection[Numbered]], Mapping[Numbered, str]],
    page: Iterable[Entry],
    seen: Mapping[str, Layer],
    scope: Scope,
) -> entries.Versions:
    """The versions these entries made and ended that belonged to the scope's enterprises; asked once a layer."""
    if scope.enterprises is None:
        return frozenset()
    asked: dict[str, set[Numbered]] = defaultdict(set)
    for entry in page:
        if entry.change not in BATCHES and seen[entry.layer].narrowed_by(scope) is not None:
            numbers = (entry.old_version, entry.new_version)
            asked[entry.layer].update((entry.key, number) for number in numbers if number is not None)
    found: set[tuple[str, str, int]] = set()
    for layer_id, versions in asked.items():
        layer = seen[layer_id]
        ledger = layer.enterprise_field == layer.key
        whose = {version: version[0] for version in versions} if ledger else owners(layer, versions)
        found.update((layer_id, *version) for version, owner in whose.items() if owner in scope.enterprises)
    return frozenset(found)
