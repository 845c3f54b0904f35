"""What is costly to know of a layer and changes only with the feed: how many rows, and where they lie."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow.compute as pc
import shapely

from core.scope import Scope, Sensitivity
from gis.shapes import Bounds
from layers.filters import fields_named
from layers.layer import Geometry, Layer
from store.protocol import Store
from store.query import Query

KEPT = 2000
EXTENT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What one pass over a layer's rows finds: the box around them, and when the newest was written."""

    box: Bounds | None
    newest: datetime | None


class Figures:
    """Counts and extents, remembered under the scope they were computed for; counts are exact for the feed's head."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._counts: OrderedDict[tuple[str, str, str], tuple[int, int]] = OrderedDict()
        self._extents: dict[tuple[str, str], tuple[int, float, Measured]] = {}

    def count(self, layer: Layer, query: Query, scope: Scope) -> int:
        """How many rows match, whatever the page; sought by a sensitive field it is asked each time, for the record."""
        if layer.holds(Sensitivity.SENSITIVE, fields_named(query.where)):
            return self._store.count(layer, query, scope=scope)
        name = (layer.id, scope.digest, repr((query.bbox, query.where)))
        head = self._store.head()
        with self._lock:
            known = self._counts.get(name)
        if known is not None and known[0] == head:
            return known[1]
        found = self._store.count(layer, query, scope=scope)
        with self._lock:
            self._counts[name] = (head, found)
            self._counts.move_to_end(name)
            while len(self._counts) > KEPT:
                self._counts.popitem(last=False)
        return found

    def extent(self, layer: Layer, scope: Scope) -> Bounds | None:
        """The box around every row a caller may see; at most five minutes behind the feed."""
        return None if layer.geometry is Geometry.NONE else self._known(layer, scope).box

    def changed_at(self, layer: Layer, scope: Scope) -> datetime | None:
        """When the newest of the rows a caller may see was written; as far behind the feed as the extent."""
        return self._known(layer, scope).newest

    def _known(self, layer: Layer, scope: Scope) -> "Measured":
        name, head, now = (layer.id, scope.digest), self._store.head(), time.monotonic()
        with self._lock:
            known = self._extents.get(name)
        if known is not None and (known[0] == head or now - known[1] < EXTENT_SECONDS):
            return known[2]
        found = self._measured(layer, scope)
        with self._lock:
            if len(self._extents) > KEPT:
                self._extents.clear()
            self._extents[name] = (head, now, found)
        return found

    def _measured(self, layer: Layer, scope: Scope) -> "Measured":
        boxes, newest, shaped = [], None, layer.geometry is not Geometry.NONE
        query = Query(fields=(layer.key,), geometry=shaped)
        for batch in self._store.batches(layer, query, scope=scope, rows=20_000):
            if batch.num_rows:
                newest = max(newest or 0, pc.max(batch.column("_seq")).as_py())
            if not shaped:
                continue
            shapes = shapely.from_wkb(batch.column("geometry").to_numpy(zero_copy_only=False))
            if len(shapes):
                boxes.append(shapely.total_bounds(shapes))
        written = None if newest is None else self._written(layer, newest, scope)
        table = np.array(boxes)
        if not boxes or np.isnan(table).all():
            return Measured(None, written)
        west, south = np.nanmin(table[:, :2], axis=0)
        east, north = np.nanmax(table[:, 2:], axis=0)
        return Measured(Bounds(float(west), float(south), float(east), float(north)), written)

    def _written(self, layer: Layer, seq: int, scope: Scope) -> datetime | None:
        entries = self._store.feed(after=seq - 1, scope=scope, layers=frozenset({layer.id}), limit=1)
        return entries[0].at if entries else None
