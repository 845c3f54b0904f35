"""The embedded store: the protocol over one GeoPackage."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from core.actors import Actor
from core.clock import Clock
from core.errors import NotFoundError
from core.scope import Scope
from core.texts import Text
from layers.layer import Catalogue, Layer
from store.compile import checked
from store.embedded import reading, writing
from store.embedded.connections import Connections, Watch
from store.embedded.layout import lay_out
from store.feed import Edit, Entry, Version
from store.protocol import Hit, Loaded, Stored
from store.query import Query, Total
from store.rows import body_of


class EmbeddedStore:
    """See `store.protocol.Store`; `path` is the live file, private to this software."""

    def __init__(self, path: Path, catalogue: Catalogue, clock: Clock) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.catalogue = catalogue
        self._clock = clock
        self._connections = Connections(path)
        lay_out(self._connections.writer, catalogue)
        self._watch = Watch(path, reading.head)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._connections.lock:
            db = self._connections.writer
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
        self._watch.nudge()

    def get(self, layer: Layer, key: str, *, scope: Scope) -> Stored:
        """One row."""
        return reading.get(self._connections.reader, layer, key, scope)

    def read(self, layer: Layer, query: Query, *, scope: Scope) -> pa.Table:
        """Rows as one table."""
        return pa.Table.from_batches(list(self.batches(layer, query, scope=scope, rows=50_000)))

    def batches(self, layer: Layer, query: Query, *, scope: Scope, rows: int = 5000) -> Iterator[pa.RecordBatch]:
        """Rows as a stream."""
        checked(layer, scope)
        return reading.batches(self._connections.reader, layer, query, scope, rows)

    def count(self, layer: Layer, query: Query, *, scope: Scope) -> int:
        """How many rows."""
        return reading.count(self._connections.reader, layer, query, scope)

    def totals(
        self, layer: Layer, query: Query, *, by: tuple[str, ...] = (), of: tuple[Total, ...], scope: Scope
    ) -> pa.Table:
        """Aggregates per group."""
        return reading.totals(self._connections.reader, layer, query, by, of, scope)

    def commit(self, edits: Sequence[Edit], *, actor: Actor, reason: str, scope: Scope) -> tuple[Entry, ...]:
        """All edits or none."""
        with self._writing() as db:
            return writing.commit(db, self.catalogue, edits, actor, self._clock(), reason, scope)

    def load(
        self, layer: Layer, rows: pa.Table | Iterator[pa.RecordBatch], *, actor: Actor, reason: str, scope: Scope
    ) -> Loaded:
        """Many rows, all or nothing."""
        batches = iter(rows.to_batches(writing.BATCH)) if isinstance(rows, pa.Table) else rows
        with self._writing() as db:
            total, entries = writing.load(db, layer, batches, actor, self._clock(), reason, scope)
        return Loaded(total, entries)

    def feed(
        self, *, after: int, scope: Scope, layers: frozenset[str] | None = None, limit: int = 1000
    ) -> tuple[Entry, ...]:
        """Entries after a number."""
        return reading.feed(self._connections.reader, self.catalogue, after, scope, layers, limit)

    def head(self) -> int:
        """The newest number."""
        return reading.head(self._connections.reader)

    def watch(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Tell a listener of new heads."""
        return self._watch.add(listener)

    def versions(self, layer: Layer, key: str, *, scope: Scope) -> tuple[Version, ...]:
        """Archived and present versions; a caller who may not see every field gets none of the bodies."""
        seen = checked(layer, scope)
        if len(seen) < len(layer.fields):
            raise NotFoundError(Text("历史版本含您无权查看的字段", "the history holds fields beyond your clearance"))
        db = self._connections.reader
        kept = reading.versions(db, layer, key, scope)
        live = reading.present(db, layer, key)
        if live is not None and scope.covers(live[1]["area"] or "") and live[1]["sensitivity"] <= scope.clearance:
            _, row, version, seq = live
            kept.append(
                Version(layer=layer.id, key=key, version=version, schema_version=layer.schema_version,
                        body=body_of(row), from_seq=seq, to_seq=None)
            )  # fmt: skip
        return tuple(kept)

    def search(
        self, text: str, *, scope: Scope, layers: frozenset[str] | None = None, limit: int = 20
    ) -> tuple[Hit, ...]:
        """Full-text search."""
        return reading.search(self._connections.reader, self.catalogue, text, scope, layers, limit)

    def close(self) -> None:
        """Release the file."""
        self._watch.stop()
        self._connections.close()


def open_embedded(path: Path, catalogue: Catalogue, clock: Clock) -> EmbeddedStore:
    """Open or create the GeoPackage for these declarations."""
    return EmbeddedStore(path, catalogue, clock)
