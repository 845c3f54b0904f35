"""The embedded store: the protocol over one GeoPackage."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pyarrow as pa

from core.actors import Actor
from core.clock import Clock
from core.scope import Scope
from core.units import Second
from layers.layer import Catalogue, Layer
from store.commits import commit, unmoved
from store.compile import checked
from store.embedded import reading
from store.embedded.connections import READ_WITHIN, Connections, Watch, disk_is_full, no_room
from store.embedded.loading import load
from store.embedded.past import past
from store.embedded.scrubbing import forget_words, scrub
from store.embedded.settling import lay_out
from store.embedded.verifying import verify
from store.embedded.words import search
from store.embedded.writing import EmbeddedEngine
from store.erasing import erase
from store.feed import Edit, Entry, Version
from store.history import History
from store.loads import BATCH
from store.protocol import Erased, Hit, Loaded, Stored
from store.query import Query, Total
from store.rights import writable
from store.schema import indexes
from store.snapshots import Snapshot
from store.tailing import tail
from store.verifying import Seal, Verified


class EmbeddedStore:
    """See `store.protocol.Store`; `path` is the live file, private to this software."""

    def __init__(self, path: Path, catalogue: Catalogue, clock: Clock) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.catalogue = catalogue
        self._indexes = [name for layer in catalogue for name in indexes(layer)]
        self._clock = clock
        self._connections = Connections(path)
        try:
            self._layout = lay_out(self._connections.writer, catalogue, clock())
            # Other libraries read a GeoPackage's header from the file itself, not from the log beside it.
            self._connections.writer.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except BaseException:
            self._connections.close()
            raise
        self._watch = Watch(path, reading.head)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._connections.lock:
            db = self._connections.writer
            try:
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
            except BaseException as error:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError) and disk_is_full(error):
                    raise no_room() from error
                raise
        self._watch.nudge()

    @contextmanager
    def _asking(
        self, layer: Layer, query: Query, scope: Scope, within: Second | None = READ_WITHIN, *, long: bool = False
    ) -> Iterator[sqlite3.Connection]:
        """A connection to the present, or to the past the query asks for."""
        checked(layer, scope)
        with self._connections.reading(within, long=long) as db:
            if query.at_seq is None:
                yield db
            else:
                with past(db, layer, self._layout.histories[layer.id], query.at_seq) as then:
                    yield then

    def get(self, layer: Layer, key: str, *, scope: Scope) -> Stored:
        """One row."""
        with self._connections.reading() as db:
            return reading.get(db, layer, key, scope)

    def read(self, layer: Layer, query: Query, *, scope: Scope) -> pa.Table:
        """Rows as one table."""
        checked(layer, scope)
        return pa.Table.from_batches(list(self._batches(layer, query, scope, 50_000, long=False)))

    def batches(self, layer: Layer, query: Query, *, scope: Scope, rows: int = 5000) -> Iterator[pa.RecordBatch]:
        """Rows as a stream, however long it takes the reader of it."""
        checked(layer, scope)
        return self._batches(layer, query, scope, rows, long=query.limit is None or query.limit > rows)

    def _batches(self, layer: Layer, query: Query, scope: Scope, rows: int, *, long: bool) -> Iterator[pa.RecordBatch]:
        with self._asking(layer, query, scope, within=None, long=long) as db:
            yield from reading.batches(db, layer, query, scope, rows)

    def count(self, layer: Layer, query: Query, *, scope: Scope) -> int:
        """How many rows."""
        with self._asking(layer, query, scope, long=query.bbox is None and query.where is None) as db:
            return reading.count(db, layer, query, scope)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One moment of every layer."""
        with self._connections.reading(None) as db:
            rows, counted = partial(reading.batches, db), partial(reading.count, db)
            yield Snapshot(head=reading.head(db), rows=rows, counted=counted)

    def totals(
        self, layer: Layer, query: Query, *, by: tuple[str, ...] = (), of: tuple[Total, ...], scope: Scope
    ) -> pa.Table:
        """Aggregates per group."""
        with self._asking(layer, query, scope) as db:
            return reading.totals(db, layer, query, by, of, scope)

    def commit(
        self, edits: Sequence[Edit], *, actor: Actor, reason: str, scope: Scope, at_head: int | None = None
    ) -> tuple[Entry, ...]:
        """All edits or none."""
        with self._writing() as db:
            engine = EmbeddedEngine(db, self._layout)
            return commit(engine, self.catalogue, edits, actor, self._clock(), reason, scope, at_head)

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
        """Many rows, all or nothing."""
        batches = iter(rows.to_batches(BATCH)) if isinstance(rows, pa.Table) else rows
        with self._writing() as db:
            unmoved(EmbeddedEngine(db, self._layout), at_head)
            return load(db, layer, self._layout, batches, actor, self._clock(), reason, scope, keep)

    def erase(
        self, layer: Layer, keys: Sequence[str], fields: Sequence[str], *, actor: Actor, reason: str, scope: Scope
    ) -> Erased:
        """Personal fields out of rows, versions, index and bytes."""
        writable(self.catalogue, layer.id, scope)
        with self._writing() as db:
            engine = EmbeddedEngine(db, self._layout)
            entries = erase(engine, layer, keys, fields, actor, self._clock(), reason, scope)
            if layer.search:
                forget_words(db)
        return Erased(entries, scrub(self.path))

    def feed(
        self, *, after: int, scope: Scope, layers: frozenset[str] | None = None, limit: int = 1000
    ) -> tuple[Entry, ...]:
        """Entries after a number."""
        with self._connections.reading() as db:
            return tail(reading.EmbeddedTail(db, self._layout), self.catalogue, after, scope, layers, limit)

    def head(self) -> int:
        """The newest number."""
        with self._connections.reading() as db:
            return reading.head(db)

    def watch(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Tell a listener of new heads."""
        return self._watch.add(listener)

    def versions(self, layer: Layer, key: str, *, scope: Scope) -> tuple[Version, ...]:
        """Archived and present versions."""
        with self._connections.reading() as db:
            return reading.versions(db, layer, self._layout, key, scope)

    def search(
        self, text: str, *, scope: Scope, layers: frozenset[str] | None = None, limit: int = 20
    ) -> tuple[Hit, ...]:
        """Full-text search."""
        with self._connections.reading() as db:
            return search(db, self.catalogue, self._layout.numbers, text, scope, layers, limit)

    def streams(self) -> dict[str, tuple[int, str]]:
        """The newest entry of each stream."""
        with self._connections.reading() as db:
            return reading.streams(db)

    def history(self, layer: Layer) -> History:
        """Under which names rows were written."""
        return self._layout.histories[layer.id]

    def unindexed(self) -> tuple[str, ...]:
        """Indexes that are missing."""
        with self._connections.reading() as db:
            there = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
        return tuple(name for name in self._indexes if name not in there)

    def verify(self, seals: Iterable[Seal] = ()) -> Verified:
        """Chains, versions, live rows and signed heads compared."""
        with self._connections.reading(None) as db:
            return verify(db, self.catalogue, self._layout, seals)

    def close(self) -> None:
        """Release the file."""
        self._watch.stop()
        self._connections.close()


def open_embedded(path: Path, catalogue: Catalogue, clock: Clock) -> EmbeddedStore:
    """Open or create the GeoPackage for these declarations."""
    return EmbeddedStore(path, catalogue, clock)
