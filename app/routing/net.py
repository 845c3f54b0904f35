"""The roads of the store as a graph, made when first asked for and again once a road has changed."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import pyarrow.compute as pc

from core.errors import BadInputError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from emergency.routing import Graph, graph
from layers.catalogue import ROADS
from store.protocol import Store
from store.query import Query

KEPT = 4
"""So many graphs stay, one for each set of roads that callers may see."""
FIELDS = (
    "code", "name", "kind", "oneway", "speed_limit", "height_limit", "hazchem_banned", "observed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """A graph with the feed entry it stands for, how many roads it is of, and the newest time of their data."""

    graph: Graph
    seq: int
    roads: int
    observed_at: datetime | None


class RoadNet:
    """The graphs of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._kept: OrderedDict[str, Net] = OrderedDict()
        self._looked = 0

    def of(self, scope: Scope) -> Net:
        """The roads this scope shows, as of now. Raises BadInputError where there are none."""
        with self._lock:
            self._forget_what_changed()
            found = self._kept.pop(scope.digest, None) or self._made(scope)
            self._kept[scope.digest] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return found

    def _forget_what_changed(self) -> None:
        head = self._store.head()
        if head == self._looked:
            return
        roads = frozenset({ROADS.id})
        if self._store.feed(after=self._looked, scope=SYSTEM_SCOPE, layers=roads, limit=1):
            self._kept.clear()
        self._looked = head

    def _made(self, scope: Scope) -> Net:
        layer = self._store.catalogue.find(ROADS.id, scope)
        if layer is None:
            raise BadInputError(Text("没有可用的道路图层", "there is no layer of roads"), field="roads")
        shown = layer.fields_in(scope)
        query = Query(fields=tuple(name for name in FIELDS if name in shown))
        seq = self._looked
        table = self._store.read(layer, query, scope=scope)
        newest = pc.max(table["observed_at"]).as_py() if "observed_at" in table.column_names and len(table) else None
        return Net(graph=graph(table), seq=seq, roads=table.num_rows, observed_at=newest)
