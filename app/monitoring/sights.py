"""Which points each scope shows: the points are read once for all, and each scope's are found among them.

Posts with the same areas have one scope, so five hundred accounts that come in one moment cost one reading of the
points, a few milliseconds for each scope, and an entry in the audit for each reader who sees what is sensitive.
"""

import threading
from collections import OrderedDict
from contextvars import Context
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.caller import current_caller
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue import SENSORS, WEATHER_STATIONS
from layers.filters import Compare, Op
from store.protocol import Store
from store.query import Query
from store.sifting import needed, sifted

LAYERS = {layer.id: layer for layer in (SENSORS, WEATHER_STATIONS)}
WATCHED = frozenset(LAYERS)
MORE = {SENSORS.id: ("in_use", "interval_seconds")}
"""What is asked of points besides rights."""

SENSITIVE = int(Sensitivity.SENSITIVE)
Name = tuple[str, str, str]
"""Layer, code and element of what is told."""

KEPT = 1000
"""Scopes whose sight is kept: a byte for each point."""


@dataclass(slots=True)
class Sight:
    """Which of all points a scope shows, and none behind them; in which layers one is sensitive; who has read them."""

    shown: NDArray[np.bool_]
    sensitive: tuple[str, ...]
    readers: set[str] = field(default_factory=set)


class Sights:
    """Kept until points or stations change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._points: dict[str, pa.Table] = {}
        self._places: dict[tuple[str, str], int] = {}
        self._named = np.zeros(0, np.int64)
        self._found: OrderedDict[str, Sight] = OrderedDict()
        self._head = -1

    def read(self, scope: Scope) -> None:
        """Somebody is about to be told of the points of a scope: what of them is sensitive is recorded as read.

        Also where others of the same scope listen; who listens by many streams has read them until they change.
        """
        caller = current_caller.get(None)
        reader = "" if caller is None else caller.actor.id
        with self._lock:
            sight = self._of(scope)
        if reader in sight.readers:
            return
        for name in sight.sensitive:
            layer = LAYERS[name]
            query = Query(where=Compare("sensitivity", Op.GE, SENSITIVE), fields=(layer.key,), geometry=False)
            self._store.read(layer, query, scope=scope)
        sight.readers.add(reader)

    def seen(self, scope: Scope, names: list[Name]) -> NDArray[np.bool_]:
        """Which of some names a scope shows; the list is one that grows and is asked with again and again."""
        with self._lock:
            sight = self._of(scope)
            more = [self._places.get(name[:2], -1) for name in names[len(self._named) :]]
            if more:
                self._named = np.concatenate([self._named, np.array(more, np.int64)])
            return sight.shown[self._named]

    def in_use(self, scope: Scope) -> pa.Table | None:
        """The measuring points in use a scope shows, with the intervals they should report at; recorded as `read`.

        None where measuring points are not open to it.
        """
        self.read(scope)
        with self._lock:
            sight, rows = self._of(scope), self._points[SENSORS.id]
        if not SENSORS.visible(scope):
            return None
        shown = pa.array(sight.shown[: rows.num_rows])  # they are the first
        return rows.filter(pc.and_(shown, rows["in_use"])).select([SENSORS.key, "interval_seconds"])

    def _of(self, scope: Scope) -> Sight:
        self._look_again()
        known = self._found.get(scope.digest)
        if known is None:
            self._learn()
            known = self._found[scope.digest] = self._sifted(scope)
            if len(self._found) > KEPT:
                self._found.popitem(last=False)
        return known

    def _sifted(self, scope: Scope) -> Sight:
        masks = [sifted(LAYERS[name], rows, scope) for name, rows in self._points.items()]
        sensitive = tuple(
            name
            for (name, rows), mask in zip(self._points.items(), masks, strict=True)
            if (mask & (rows["sensitivity"].to_numpy() >= SENSITIVE)).any()
        )
        return Sight(np.concatenate([*masks, np.zeros(1, bool)]), sensitive)

    def _learn(self) -> None:
        """Every point with what rights ask of it; nobody reads it here, so outside of any caller."""
        if self._points:
            return
        for name, layer in LAYERS.items():
            query = Query(fields=(layer.key, *needed(layer), *MORE.get(name, ())), geometry=False)
            self._points[name] = Context().run(partial(self._store.read, layer, query, scope=SYSTEM_SCOPE))
        names = ((name, code) for name, rows in self._points.items() for code in rows[LAYERS[name].key].to_pylist())
        self._places = {one: place for place, one in enumerate(names)}
        self._named = np.zeros(0, np.int64)

    def _look_again(self) -> None:
        """Forget who sees what where points or stations changed."""
        head = self._store.head()
        if head != self._head:
            if self._head < 0 or self._store.feed(after=self._head, scope=SYSTEM_SCOPE, layers=WATCHED, limit=1):
                self._points.clear()
                self._found.clear()
            self._head = head
