"""The PostGIS store: the protocol over one schema of one database."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import psycopg
import pyarrow as pa

from core.actors import Actor
from core.clock import Clock
from core.scope import Scope
from core.units import Second
from layers.layer import Catalogue, Layer
from store.commits import commit, unmoved
from store.compile import checked
from store.erasing import erase
from store.feed import Edit, Entry, Version
from store.history import History
from store.loads import BATCH
from store.postgis import reading
from store.postgis.connections import READ_WITHIN, Connection, Connections, Watch
from store.postgis.indexing import index_filled, makings, missing
from store.postgis.loading import load
from store.postgis.past import look_back
from store.postgis.settling import lay_out
from store.postgis.vectortiles import vector_tile
from store.postgis.verifying import verify
from store.postgis.words import search
from store.postgis.writing import PostGisEngine
from store.protocol import Erased, Hit, Loaded, Stored
from store.query import EVERYTHING, Query, Total
from store.rights import writable
from store.snapshots import Snapshot
from store.tailing import tail
from store.vectortiles import MadeTile, TileQuery
from store.verifying import Seal, Verified

DEFAULT_SCHEMA = "onemap"
TILE_WITHIN: Second = 15.0
"""A tile that takes longer is stopped: whoever asked for it has gone on."""


class PostGisStore:
    """See `store.protocol.Store`; the schema is private to this software."""

    def __init__(self, url: str, catalogue: Catalogue, clock: Clock, schema: str = DEFAULT_SCHEMA) -> None:
        self.catalogue = catalogue
        self.schema = schema
        self._clock = clock
        self._connections = Connections(url, schema)
        self._indexes = makings(catalogue)
        try:
            with self._connections.writing() as db:
                self._layout = lay_out(db, schema, catalogue, clock())
        except BaseException:
            self._connections.close()
            raise
        self._watch = Watch(url, schema, reading.head)

    @property
    def connection(self) -> dict[str, str]:
        """Host, port, database, user and password by libpq's names, for a reader in another process."""
        found = psycopg.conninfo.conninfo_to_dict(self._connections.url)
        return {name: str(value) for name, value in found.items() if value is not None}

    @contextmanager
    def _asking(
        self, layer: Layer, query: Query, scope: Scope, within: Second | None = READ_WITHIN
    ) -> Iterator[Connection]:
        """A connection to the present, or to the past the query asks for."""
        checked(layer, scope)
        with self._connections.reading(within, scratch=query.at_seq is not None) as db:
            if query.at_seq is not None:
                look_back(db, self.schema, layer, self._layout.histories[layer.id], query.at_seq)
            yield db

    def get(self, layer: Layer, key: str, *, scope: Scope) -> Stored:
        """One row."""
        with self._connections.reading() as db:
            return reading.get(db, layer, key, scope)

    def read(self, layer: Layer, query: Query, *, scope: Scope) -> pa.Table:
        """Rows as one table."""
        return pa.Table.from_batches(list(self.batches(layer, query, scope=scope, rows=50_000)))

    def batches(self, layer: Layer, query: Query, *, scope: Scope, rows: int = 5000) -> Iterator[pa.RecordBatch]:
        """Rows as a stream, however long it takes the reader of it."""
        checked(layer, scope)
        return self._batches(layer, query, scope, rows)

    def _batches(self, layer: Layer, query: Query, scope: Scope, rows: int) -> Iterator[pa.RecordBatch]:
        if query.at_seq is None and query.limit is not None and query.limit <= rows:
            yield reading.page(self._connections, layer, query, scope)
            return
        with self._asking(layer, query, scope, within=None) as db:
            yield from reading.batches(db, layer, query, scope, rows)

    def count(self, layer: Layer, query: Query, *, scope: Scope) -> int:
        """How many rows."""
        with self._asking(layer, query, scope) as db:
            return reading.count(db, layer, query, scope)

    def vector_tile(self, layer: Layer, tile: TileQuery, *, scope: Scope) -> MadeTile:
        """A vector tile made by the database."""
        with self._asking(layer, EVERYTHING, scope, within=TILE_WITHIN) as db:
            return vector_tile(db, layer, tile, scope)

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
        with self._connections.writing() as db:
            engine = PostGisEngine(db, self._layout)
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
        with self._connections.writing() as db:
            engine = PostGisEngine(db, self._layout)
            unmoved(engine, at_head)
            loaded, bare = load(engine, layer, batches, actor, self._clock(), reason, scope, keep)
        return replace(loaded, indexed=index_filled(self._connections, layer)) if bare else loaded

    def erase(
        self, layer: Layer, keys: Sequence[str], fields: Sequence[str], *, actor: Actor, reason: str, scope: Scope
    ) -> Erased:
        """Personal fields out of rows, versions and index, and the tables written anew without them.

        The server's write-ahead log and its backups keep old bytes until they are recycled, which is its owner's care.
        """
        writable(self.catalogue, layer.id, scope)
        with self._connections.writing() as db:
            entries = erase(PostGisEngine(db, self._layout), layer, keys, fields, actor, self._clock(), reason, scope)
        return Erased(entries, self._connections.rewritten((layer.id, "om_versions")))

    def feed(
        self, *, after: int, scope: Scope, layers: frozenset[str] | None = None, limit: int = 1000
    ) -> tuple[Entry, ...]:
        """Entries after a number."""
        with self._connections.reading() as db:
            return tail(reading.PostGisTail(db, self._layout), self.catalogue, after, scope, layers, limit)

    def head(self) -> int:
        """The newest number."""
        return reading.number(self._connections.at_once(reading.HEAD)[0])

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
            return search(db, self.catalogue, text, scope, layers, limit)

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
            return tuple(name for name, _, _ in missing(db, self._indexes))

    def verify(self, seals: Iterable[Seal] = ()) -> Verified:
        """Chains, versions, live rows and signed heads compared."""
        with self._connections.reading(None) as db:
            return verify(db, self.catalogue, self._layout, seals)

    def close(self) -> None:
        """Release every connection."""
        self._watch.stop()
        self._connections.close()


def open_postgis(url: str, catalogue: Catalogue, clock: Clock, schema: str = DEFAULT_SCHEMA) -> PostGisStore:
    """Open or create the schema for these declarations."""
    return PostGisStore(url, catalogue, clock, schema)
