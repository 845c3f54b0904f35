"""A store whose sensitive reads are in the audit before they are answered: what the web process is given."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from core.actors import Actor
from core.caller import Caller, current_caller
from core.clock import Clock
from core.scope import Scope, Sensitivity
from layers.filters import In, fields_named
from layers.layer import Layer
from layers.record import Record
from store.audit import AuditEntry, AuditLog, Keys, Kind, Outcome, by, keys_in
from store.audit.wording import asked
from store.feed import Edit, Entry, Version
from store.history import History
from store.protocol import Erased, Hit, Loaded, Store, Stored
from store.query import Query, Total
from store.snapshots import Snapshot
from store.vectortiles import MadeTile, MakesTiles, TileQuery
from store.verifying import Seal, Verified

SENSITIVE = Sensitivity.SENSITIVE
ROW_LEVEL = "sensitivity"
ALWAYS_COUNTED = ("area", ROW_LEVEL)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A read to be recorded: by whom, of what, and how the rows that count are told.

    `personal` when every row counts, for the answer holds or was sought by a sensitive field; else only rows that are
    sensitive themselves do. `query` asks for what is needed to tell, `added` of which the caller did not ask for.
    """

    caller: Caller
    layer: Layer
    query: Query
    added: tuple[str, ...]
    personal: bool

    def keys(self, rows: pa.Table | pa.RecordBatch) -> list[pa.Array]:
        """The keys of the rows that count; no columns where there are none."""
        if not self.personal:
            rows = rows.filter(pc.greater_equal(rows.column(ROW_LEVEL), int(SENSITIVE)))
        if not rows.num_rows:
            return []
        column = rows.column(self.layer.key)
        return column.chunks if isinstance(column, pa.ChunkedArray) else [column]


def _reading(layer: Layer, query: Query, scope: Scope) -> _Reading | None:
    """None where nothing has to be recorded: no caller, or a scope that shows nothing sensitive."""
    caller = current_caller.get(None)
    if caller is None or scope.clearance < SENSITIVE:
        return None
    seen = layer.fields_in(scope)
    named = set(seen if query.fields is None else query.fields)
    named.update(fields_named(query.where))
    named.update(order.field for order in query.order)
    personal = layer.holds(SENSITIVE, named)
    if not personal and ROW_LEVEL not in seen:
        return None
    needed = (layer.key,) if personal else (layer.key, ROW_LEVEL)
    added = () if query.fields is None else tuple(name for name in needed if name not in query.fields)
    widened = replace(query, fields=(*query.fields, *added)) if query.fields is not None and added else query
    return _Reading(caller, layer, widened, added, personal)


class RecordedStore:
    """See `store.protocol.Store`; under a caller, what is sensitive is recorded, one entry a read, or not answered.

    A read counts when it shows or is sought by a field of sensitivity SENSITIVE or above, or shows a row that is. A
    stream of more than one batch is two entries: `begun` before the first batch leaves, and its count and hash before
    the last one does. Snapshots are recorded by who takes them (exports, briefs); the feed tells that a row changed,
    not what it says.
    """

    def __init__(self, store: Store, log: AuditLog, clock: Clock) -> None:
        self.catalogue = store.catalogue
        self._store = store
        self._log = log
        self._clock = clock

    def get(self, layer: Layer, key: str, *, scope: Scope) -> Stored:
        """One row."""
        found = self._store.get(layer, key, scope=scope)
        self._record_one(layer, found.record, key, scope)
        return found

    def read(self, layer: Layer, query: Query, *, scope: Scope) -> pa.Table:
        """Rows as one table."""
        reading = _reading(layer, query, scope)
        if reading is None:
            return self._store.read(layer, query, scope=scope)
        rows = self._store.read(layer, reading.query, scope=scope)
        keys = reading.keys(rows)
        if keys:
            self._record(reading.caller, layer, keys_in(keys), asked(query))
        return rows.drop_columns(list(reading.added)) if reading.added else rows

    def batches(self, layer: Layer, query: Query, *, scope: Scope, rows: int = 5000) -> Iterator[pa.RecordBatch]:
        """Rows as a stream."""
        reading = _reading(layer, query, scope)
        if reading is None:
            return self._store.batches(layer, query, scope=scope, rows=rows)
        return self._recorded(reading, query, self._store.batches(layer, reading.query, scope=scope, rows=rows))

    def _recorded(self, reading: _Reading, query: Query, source: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The stream one batch late, so that its end is recorded before its last rows leave."""
        where, taken = asked(query), list[pa.Array]()
        held: pa.RecordBatch | None = None
        begun: AuditEntry | None = None
        whole = False
        try:
            for batch in source:
                if held is not None:
                    if taken and begun is None:
                        begun = self._record(reading.caller, reading.layer, (), where, Outcome.BEGUN)
                    yield held
                taken += reading.keys(batch)
                held = batch.drop_columns(list(reading.added)) if reading.added else batch
            whole = True
            if taken:
                self._record(reading.caller, reading.layer, keys_in(taken), _ended(where, begun))
            if held is not None:
                yield held
        finally:
            if begun is not None and not whole:
                self._record(reading.caller, reading.layer, keys_in(taken), _ended(where, begun), Outcome.FAILED)

    def vector_tile(self, layer: Layer, tile: TileQuery, *, scope: Scope) -> MadeTile | None:
        """A tile by the engine, where it makes them; the rows in it that count are recorded before it leaves."""
        if not isinstance(self._store, MakesTiles):
            return None
        made = self._store.vector_tile(layer, tile, scope=scope)
        caller = current_caller.get(None)
        if caller is not None and made is not None and made.recorded:
            self._record(caller, layer, made.recorded, asked(Query(bbox=tile.reach)))
        return made

    def count(self, layer: Layer, query: Query, *, scope: Scope) -> int:
        """How many rows; recorded when they are sought by a sensitive field."""
        found = self._store.count(layer, query, scope=scope)
        self._record_sum(layer, "count", query, fields_named(query.where), scope)
        return found

    def totals(
        self, layer: Layer, query: Query, *, by: tuple[str, ...] = (), of: tuple[Total, ...], scope: Scope
    ) -> pa.Table:
        """Aggregates per group; recorded when a sensitive field is in them or sought by."""
        found = self._store.totals(layer, query, by=by, of=of, scope=scope)
        summed = (*by, *(total.field for total in of if total.field), *fields_named(query.where))
        summed += tuple(name for total in of for name in fields_named(total.where))
        self._record_sum(layer, "totals", query, summed, scope)
        return found

    def versions(self, layer: Layer, key: str, *, scope: Scope) -> tuple[Version, ...]:
        """Every kept version of a row."""
        found = self._store.versions(layer, key, scope=scope)
        caller = current_caller.get(None)
        if caller is not None and found and scope.clearance >= SENSITIVE:
            levels = (int(orjson.loads(version.body).get(ROW_LEVEL) or 0) for version in found)
            if layer.holds(SENSITIVE, layer.fields_in(scope)) or max(levels) >= SENSITIVE:
                self._record(caller, layer, [key], "versions")
        return found

    def search(
        self, text: str, *, scope: Scope, layers: frozenset[str] | None = None, limit: int = 20
    ) -> tuple[Hit, ...]:
        """Full-text search; one entry for each layer whose search fields, or whose rows found, are sensitive."""
        hits = self._store.search(text, scope=scope, layers=layers, limit=limit)
        caller = current_caller.get(None)
        if caller is not None and scope.clearance >= SENSITIVE:
            for name in dict.fromkeys(hit.layer for hit in hits):
                layer = self.catalogue[name]
                keys = tuple(hit.key for hit in hits if hit.layer == name)
                if not layer.holds(SENSITIVE, set(layer.search) & set(layer.fields_in(scope))):
                    keys = self._sensitive(layer, keys, scope)
                if keys:
                    self._record(caller, layer, keys, f"search {text!r}")
        return hits

    def _sensitive(self, layer: Layer, keys: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
        if ROW_LEVEL not in layer.fields_in(scope):
            return ()
        query = Query(where=In(layer.key, keys), fields=(layer.key, ROW_LEVEL), geometry=False)
        rows = self._store.read(layer, query, scope=scope)
        return tuple(rows.filter(pc.greater_equal(rows[ROW_LEVEL], int(SENSITIVE)))[layer.key].to_pylist())

    def _record_one(self, layer: Layer, record: Record, key: str, scope: Scope) -> None:
        caller = current_caller.get(None)
        if caller is None or scope.clearance < SENSITIVE:
            return
        if layer.holds(SENSITIVE, layer.fields_in(scope)) or record.sensitivity >= SENSITIVE:
            self._record(caller, layer, [key], "")

    def _record_sum(self, layer: Layer, what: str, query: Query, names: Iterable[str], scope: Scope) -> None:
        """How many there are, by what the layer says all its rows are counted by, tells of nobody."""
        caller, told = current_caller.get(None), set(names) - {*layer.counted, *ALWAYS_COUNTED}
        if caller is not None and scope.clearance >= SENSITIVE and told and layer.holds(SENSITIVE, told):
            self._record(caller, layer, (), "; ".join(part for part in (what, asked(query)) if part))

    def _record(
        self, caller: Caller, layer: Layer, keys: Iterable[str] | Keys, where: str, outcome: Outcome = Outcome.DONE
    ) -> AuditEntry:
        entry = by(caller, Kind.READ, at=self._clock(), what=layer.id, keys=keys, where=where, outcome=outcome)
        return self._log.record(entry)

    # What follows is passed on as it is.

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """One moment of every layer."""
        return self._store.snapshot()

    def commit(
        self, edits: Sequence[Edit], *, actor: Actor, reason: str, scope: Scope, at_head: int | None = None
    ) -> tuple[Entry, ...]:
        """All edits or none."""
        return self._store.commit(edits, actor=actor, reason=reason, scope=scope, at_head=at_head)

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
        return self._store.load(layer, rows, actor=actor, reason=reason, scope=scope, keep=keep, at_head=at_head)

    def erase(
        self, layer: Layer, keys: Sequence[str], fields: Sequence[str], *, actor: Actor, reason: str, scope: Scope
    ) -> Erased:
        """Personal fields out for good."""
        return self._store.erase(layer, keys, fields, actor=actor, reason=reason, scope=scope)

    def feed(
        self, *, after: int, scope: Scope, layers: frozenset[str] | None = None, limit: int = 1000
    ) -> tuple[Entry, ...]:
        """Entries of the feed."""
        return self._store.feed(after=after, scope=scope, layers=layers, limit=limit)

    def head(self) -> int:
        """The newest sequence number."""
        return self._store.head()

    def watch(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Call back when the head moves."""
        return self._store.watch(listener)

    def history(self, layer: Layer) -> History:
        """Under which names rows were written."""
        return self._store.history(layer)

    def streams(self) -> dict[str, tuple[int, str]]:
        """The newest entry of each stream."""
        return self._store.streams()

    def unindexed(self) -> tuple[str, ...]:
        """Indexes that are missing."""
        return self._store.unindexed()

    def verify(self, seals: Iterable[Seal] = ()) -> Verified:
        """Everything recomputed and compared."""
        return self._store.verify(seals)

    def close(self) -> None:
        """Release every connection."""
        self._store.close()


def _ended(where: str, begun: AuditEntry | None) -> str:
    return where if begun is None else "; ".join(part for part in (f"begun #{begun.seq}", where) if part)
