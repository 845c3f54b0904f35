"""The rows of a big point layer in a box, read from its stock instead of the store: what a page of WFS is made of.

Answered is only what the store would answer without a record: a box and nothing else asked, no field and no row that is
sensitive, no scope of some enterprises. Everything else is None, and the store is asked.
"""

import threading
from collections import OrderedDict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.scope import Scope, Sensitivity
from layers.layer import Layer
from ogc.encode.columns import WKB_POINT
from ogc.render.drawing import PointSource
from ogc.render.plates import Plates
from ogc.tiles.stock import Stock
from store.compile import checked
from store.query import Query
from store.schema import selection

OFTEN = 5
"""Boxes asked of a layer before a stock is made for them: it takes the processor as long as a hundred pages."""

MOST_MET = 20_000
"""Rows of a box, above which the store is asked: it need not put all of them in order for a page."""

_OPEN = 8


class StockRows:
    """Pages of boxes from the stocks of one process, as of the feed's head when asked."""

    def __init__(self, stocks: Plates, *, often: int = OFTEN) -> None:
        self._stocks = stocks
        self._often = often
        self._asked: dict[str, int] = {}
        self._opened: OrderedDict[tuple[str, bool], tuple[PointSource, Stock]] = OrderedDict()
        self._lock = threading.Lock()

    def page(self, layer: Layer, query: Query, scope: Scope) -> tuple[pa.Table, int] | None:
        """The rows of a page in the order of their keys, and how many match in all."""
        if query.bbox is None or query.where is not None or query.order or query.after or query.at_seq is not None:
            return None
        seen = checked(layer, scope)
        recorded = layer.holds(Sensitivity.SENSITIVE, seen)
        if query.limit is None or query.merged or recorded or layer.narrowed_by(scope) is not None:
            return None
        stock = self._stock(layer, scope)
        if stock is None:
            return None
        areas = None if layer.shared or scope.everywhere else scope.areas
        found = stock.met(query.bbox, areas, int(scope.clearance))
        if found is None or len(found.places) > MOST_MET:
            return None
        chosen = selection(layer, query.fields, query.geometry, scope)
        keys = stock.values(layer.fields[layer.key], found.places)
        order = pc.sort_indices(keys).to_numpy()[query.offset : query.offset + query.limit]
        places = found.places[order]
        columns = {
            spec.name: keys.take(pa.array(order)) if spec.name == layer.key else stock.values(spec, places)
            for spec in chosen.fields
        }
        if chosen.geometry:
            columns["geometry"] = _wkb(found.xy[order])
        return pa.table(columns), len(found.places)

    def _stock(self, layer: Layer, scope: Scope) -> Stock | None:
        """The layer's stock, if it is there or asked for often enough to be made."""
        name = layer.id, layer.masked(scope)
        with self._lock:
            self._asked[layer.id] = asked = self._asked.get(layer.id, 0) + 1
        if asked < self._often:
            return None
        source = self._stocks.source(layer, scope)
        if source is None:
            return None
        with self._lock:
            known = self._opened.get(name)
            if known is not None and known[0] == source:
                return known[1]
        stock = Stock(source)
        with self._lock:
            self._opened[name] = source, stock
            self._opened.move_to_end(name)
            while len(self._opened) > _OPEN:
                self._opened.popitem(last=False)
        return stock


def _wkb(xy: np.ndarray) -> pa.Array:
    """Points as the store keeps them: 21 bytes each."""
    size = len(WKB_POINT) + 16
    said = np.empty((len(xy), size), np.uint8)
    said[:, : len(WKB_POINT)] = np.frombuffer(WKB_POINT, np.uint8)
    said[:, len(WKB_POINT) :] = np.ascontiguousarray(xy, "<f8").view(np.uint8)
    ends = np.arange(len(xy) + 1, dtype=np.int32) * size
    return pa.Array.from_buffers(pa.binary(), len(xy), [None, pa.py_buffer(ends), pa.py_buffer(said)])
