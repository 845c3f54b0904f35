"""What a store does, whichever engine keeps the rows. One contract suite runs over every implementation."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from core.actors import Actor
from core.scope import Scope
from layers.layer import Catalogue, Layer
from layers.record import Record
from store.feed import Edit, Entry, Version
from store.history import History
from store.query import Query, Total
from store.snapshots import Snapshot
from store.verifying import Seal, Verified


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as kept: the record, its version (from 1) and the feed entry that wrote it."""

    record: Record
    version: int
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One answer of a search; `score` is higher for better matches and comparable within one answer only."""

    layer: str
    key: str
    label: str
    snippet: str
    score: float
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a bulk load did: rows written and the feed entries (one per 50,000 rows at most) that say so.

    Of the rows written `new` had no present row; `unchanged` ones were there already, word for word, and stay.
    `indexed` False: the rows are whole, but an index of theirs could not be made.
    """

    rows: int
    entries: tuple[Entry, ...]
    new: int = 0
    unchanged: int = 0
    indexed: bool = True

    @property
    def changed(self) -> int:
        """Rows that became a further version."""
        return self.rows - self.new


@dataclass(frozen=True, slots=True)
class Erased:
    """The ERASE entries of an erasure; `gone` False: an open reader keeps old bytes alive until it ends."""

    entries: tuple[Entry, ...]
    gone: bool


class Store(Protocol):
    """Rows of every declared layer, their versions and the change feed.

    Columnar answers carry the field columns asked for in declaration order, then `geometry` (WKB, EPSG:4490 lon-lat,
    absent when the query says so or the layer has none), `_version` (int32) and `_seq` (int64). Dates are date32,
    times timestamp("us", "UTC"), lists list<string>. A layer, row or field outside the scope does not exist: reads of
    such a layer raise NotFoundError, filters and orders on such a field raise BadInputError.
    """

    catalogue: Catalogue

    def get(self, layer: Layer, key: str, *, scope: Scope) -> Stored:
        """One row, fields beyond the scope set to their defaults (required text: ""); NotFoundError if unseen."""

    def read(self, layer: Layer, query: Query, *, scope: Scope) -> pa.Table:
        """Rows as one table."""

    def batches(self, layer: Layer, query: Query, *, scope: Scope, rows: int = 5000) -> Iterator[pa.RecordBatch]:
        """Rows as a stream with flat memory."""

    def count(self, layer: Layer, query: Query, *, scope: Scope) -> int:
        """How many rows `read` would give without limit and offset."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """One moment of every layer, for as long as the context is open; writers go on meanwhile."""

    def totals(
        self, layer: Layer, query: Query, *, by: tuple[str, ...] = (), of: tuple[Total, ...], scope: Scope
    ) -> pa.Table:
        """Aggregates per group, under the scope; grouping by `area` may be cut with `area:6` to that many digits."""

    def commit(
        self, edits: Sequence[Edit], *, actor: Actor, reason: str, scope: Scope, at_head: int | None = None
    ) -> tuple[Entry, ...]:
        """All edits or none, with one feed entry each; with `at_head` only if the feed still ends at that entry.

        Raises ForbiddenError outside the scope's areas and writable layers, ConflictError when an expected version
        is not the present one, FaultsError when a record is not valid.
        """

    def load(
        self,
        layer: Layer,
        rows: pa.Table | Iterator[pa.RecordBatch],
        *,
        actor: Actor,
        reason: str,
        scope: Scope,
        keep: Collection[str] = (),
        at_head: int | None = None,
    ) -> Loaded:
        """Insert or replace many rows, all or nothing. Columns as in `read`; missing ones take their defaults.

        With `at_head` only if the feed still ends at that entry: whoever read the rows before replaces nothing unseen.

        Rows that are there keep the fields named in `keep` (`geometry` may be one), and those the scope does not show.
        A row equal to the present one is left alone: no version, no entry.
        """

    def erase(
        self, layer: Layer, keys: Sequence[str], fields: Sequence[str], *, actor: Actor, reason: str, scope: Scope
    ) -> Erased:
        """Take personal fields out of rows, all their versions, the search index and the engine's files, for good.

        Hashes and the chain stay, so verification says "erased", not "broken". Raises FaultsError for the key, required
        fields and those that rights hang on, NotFoundError or ForbiddenError unless every version is in reach, and
        ConflictError where no version holds anything.
        """

    def feed(
        self, *, after: int, scope: Scope, layers: frozenset[str] | None = None, limit: int = 1000
    ) -> tuple[Entry, ...]:
        """Entries after a sequence number that the scope may see, oldest first."""

    def head(self) -> int:
        """The newest sequence number."""

    def watch(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Call back with the head soon after it moves, whichever process moved it; the answer stops the watching."""

    def versions(self, layer: Layer, key: str, *, scope: Scope) -> tuple[Version, ...]:
        """Every kept version of a row, oldest first."""

    def history(self, layer: Layer) -> History:
        """Under which names and kinds the layer's rows were written, to read the bodies of old versions."""

    def search(
        self, text: str, *, scope: Scope, layers: frozenset[str] | None = None, limit: int = 20
    ) -> tuple[Hit, ...]:
        """Full-text search over the declared search fields; two-character Chinese words are found."""

    def streams(self) -> dict[str, tuple[int, str]]:
        """The newest entry of each stream: its number and chain value, for a signed head."""

    def unindexed(self) -> tuple[str, ...]:
        """Declared indexes that are missing: answers are right without them, and slow; the next start makes them."""

    def verify(self, seals: Iterable[Seal] = ()) -> Verified:
        """Chains, versions and live rows recomputed and compared, with each other and with signed heads."""

    def close(self) -> None:
        """Release every connection."""
