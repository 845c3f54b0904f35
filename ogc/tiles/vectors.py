"""Vector tiles of layers with every attribute the caller may see, kept like pictures where no record has to be made."""

import numpy as np

from core.caller import Caller
from core.errors import NotFoundError
from core.scope import Scope, Sensitivity
from core.texts import Text
from gis.shapes import Bounds
from layers.layer import Geometry, Layer, Publish
from ogc.encode import mvt, mvtpoints
from ogc.limits import LIMITS
from ogc.render.drawing import PointSource
from ogc.render.plates import Plates
from ogc.services import Services
from ogc.tiles.kept import Held, KeptTiles
from ogc.tiles.matrix import Tile
from ogc.tiles.pictures import around
from ogc.tiles.stock import Stock
from store.query import Order, Query
from store.tilecache import tag_of
from store.vectortiles import MakesTiles, TileQuery

MOST = LIMITS.tile_features
"""Features of one tile; of more the worst graded are sent, and a layer `omitted` says how many there are."""

ROW_LEVEL = "sensitivity"


class TileVectors:
    """Vector tiles for callers; what shows something sensitive is read, and recorded, each time.

    Those of big point layers are cut from `stocks`, wherever a stock says what the rows would.
    """

    def __init__(self, services: Services, kept: KeptTiles, stocks: Plates | None = None) -> None:
        self._services = services
        self._kept = kept
        self._stocks = stocks
        self._opened: dict[tuple[str, bool], tuple[PointSource, Stock]] = {}

    def at_hand(self, layer_id: str, tile: Tile, caller: Caller) -> Held | None:
        """The tile, if it is in memory: it was made for a caller of the same scope."""
        return self._kept.at_hand(_name(layer_id, tile, caller.scope))

    def tile(self, layer_id: str, tile: Tile, caller: Caller) -> tuple[Held, bool]:
        """The tile and whether it may be kept; NotFoundError where the caller has no such layer."""
        layer = self.layer(layer_id, caller.scope)
        name, box = _name(layer_id, tile, caller.scope), around(tile)
        found = self._kept.find(name, (layer.id,), box)
        if found is not None:
            return found, True
        as_of = self._kept.follow()
        body, sensitive = self._made(layer, tile, caller.scope)
        if sensitive:
            return Held(body=body, tag=tag_of(body), layers=(layer.id,), bounds=box, as_of=as_of), False
        return self._kept.keep([(name, body, box)], (layer.id,), as_of)[0], True

    def layer(self, layer_id: str, scope: Scope) -> Layer:
        """A layer that has tiles for this caller."""
        layer = self._services.catalogue.find(layer_id, scope)
        if layer is None or layer.publish is not Publish.FEATURES or layer.geometry is Geometry.NONE:
            raise NotFoundError(Text(f"没有数据集“{layer_id}”", f"no collection {layer_id!r}"), collection=layer_id)
        return layer

    def _made(self, layer: Layer, tile: Tile, scope: Scope) -> tuple[bytes, bool]:
        """The tile, and whether reading it was recorded: then the next caller's reading has to be too."""
        seen, store = layer.fields_in(scope), self._services.store
        cut = self._cut(layer, tile, scope)
        if cut is not None:
            return cut, False
        grade = layer.style.grade
        order = (Order(grade),) if grade is not None and grade in seen else ()
        reach, box = _reach(tile), tile.extent
        if isinstance(store, MakesTiles):
            asked = TileQuery(
                crs=tile.set.crs, left=box.left, bottom=box.bottom, right=box.right, top=box.top, reach=reach,
                extent=mvt.EXTENT, margin=mvt.MARGIN, most=MOST, corners=mvt.MOST_CORNERS,
                order=order,
            )  # fmt: skip
            made = store.vector_tile(layer, asked, scope=scope)
            if made is not None:
                matched = store.count(layer, Query(bbox=reach), scope=scope) if made.more else made.rows
                return made.body + mvt.omitted(layer, made.rows, matched), bool(made.recorded)
        query = Query(bbox=reach, limit=MOST + 1, order=order)
        rows = store.read(layer, query, scope=scope)
        matched = rows.num_rows
        if matched > MOST:
            matched = store.count(layer, Query(bbox=query.bbox), scope=scope)
            rows = rows.slice(0, MOST)
        body = mvt.encoded(rows, layer, tuple(seen.values()), tile, matched=matched)
        sensitive = scope.clearance >= Sensitivity.SENSITIVE and (
            layer.holds(Sensitivity.SENSITIVE, seen)
            or (
                ROW_LEVEL in seen
                and any(level >= Sensitivity.SENSITIVE for level in rows[ROW_LEVEL].unique().to_pylist())
            )
        )
        return body, sensitive

    def _cut(self, layer: Layer, tile: Tile, scope: Scope) -> bytes | None:
        """The tile from the layer's stock; None where there is none, or a reading would have to be recorded."""
        seen = layer.fields_in(scope)
        if self._stocks is None or layer.narrowed_by(scope) is not None or layer.holds(Sensitivity.SENSITIVE, seen):
            return None
        source = self._stocks.source(layer, scope)
        if source is None:
            return None
        opened = self._opened.get((layer.id, layer.masked(scope)))
        if opened is None or opened[0] != source:
            opened = self._opened[layer.id, layer.masked(scope)] = source, Stock(source)
        stock = opened[1]
        areas = None if layer.shared or scope.everywhere else scope.areas
        graded = layer.style.grade in seen
        chosen = stock.chosen(_reach(tile), areas, int(scope.clearance), MOST, graded=graded)
        if chosen is None:
            return None
        attributes = [stock.attribute(name, chosen.places) for name in seen]
        corners = mvt.on_tile(chosen.xy, tile)
        body = mvtpoints.point_layer(layer.id, chosen.ids, np.rint(corners).astype(np.int64), attributes)
        return body + mvt.omitted(layer, len(chosen.ids), chosen.matched)


def _name(layer_id: str, tile: Tile, scope: Scope) -> str:
    parts = (layer_id, tile.set.id, tile.level, str(tile.row), str(tile.column), "mvt", scope.digest)
    return "/".join(parts)


def _reach(tile: Tile) -> Bounds:
    """The tile with the margin its shapes are cut at."""
    box, share = tile.bounds, mvt.MARGIN / mvt.EXTENT
    across, up = (box.east - box.west) * share, (box.north - box.south) * share
    return Bounds(box.west - across, max(-90.0, box.south - up), box.east + across, min(90.0, box.north + up))
