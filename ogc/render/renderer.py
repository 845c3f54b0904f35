"""Requests compiled to sheets under the caller's scope and drawn by the pool."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from core.caller import Caller
from core.errors import NotFoundError
from core.scope import Sensitivity
from core.texts import Lang, Text
from gis.shapes import Bounds
from layers.coverage import TERRAIN
from layers.layer import Catalogue, Geometry, Layer
from ogc.render import base, business, customs, ground
from ogc.render import places as place_pass
from ogc.render.coverages import raster_pass, shade_pass
from ogc.render.drawing import Drawing, Drawn, Extent, Format, PointPass, RasterPass
from ogc.render.palette import MapTheme, palette
from ogc.render.plates import Plates
from ogc.render.pool import DrawingPool
from ogc.render.request import BASEMAP, SHAPES_STYLE, LayerRequest, MapRequest
from ogc.render.sheet import Pass, SheetLayer, parts
from ogc.render.sources import Parameters, Rows
from ogc.render.symbols import SymbolFiles
from store.protocol import Store
from store.rasters import RasterShelf


def drawable(layer: Layer) -> bool:
    """The layer has something to draw, and is not sensitive as a whole: who looks at a picture is not recorded."""
    return layer.geometry is not Geometry.NONE and layer.sensitivity < Sensitivity.SENSITIVE


def _numbered(styles: tuple[tuple[str, str], ...], place: int) -> tuple[tuple[str, str], ...]:
    """The styles under names of their own, for a layer may be asked for twice."""
    return tuple((f"{place}-{n}", text.replace(f'name="{n}"', f'name="{place}-{n}"', 1)) for n, text in styles)


class MapnikRenderer:
    """Draws the catalogue's layers and the shelf's rasters.

    `folder` keeps the composed symbols, `rows` says how drawing processes read, `relief` shades the base map.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        store: Store,
        rows: Rows,
        folder: Path,
        pool: DrawingPool,
        shelf: RasterShelf | None = None,
        *,
        relief: bool = True,
    ) -> None:
        self.catalogue = catalogue
        self.store = store
        self.pool = pool
        self.rows = rows
        self.shelf = shelf
        self.relief = relief
        self._files = SymbolFiles(folder / "symbols")
        self.plates = Plates(store, folder / "plates")
        self._guard = threading.Lock()
        self._boundaries: bytes | None = None
        self._base_head = -1
        self._seen_head = -1

    def base_head(self) -> int:
        """The newest change of any base layer: what keys a base tile."""
        head = self.store.head()
        with self._guard:
            if head != self._seen_head:
                after = max(self._seen_head, 0)
                wanted = frozenset(base.BASE_LAYERS)
                while entries := self.store.feed(after=after, scope=base.PUBLIC_SCOPE, layers=wanted):
                    after = entries[-1].seq
                    self._base_head = after
                    self._boundaries = None
                self._seen_head = head
            return self._base_head

    def boundaries(self) -> bytes:
        """Lines between areas, computed when the areas last changed."""
        self.base_head()
        with self._guard:
            if self._boundaries is None:
                self._boundaries = base.boundaries_of(self.store)
            return self._boundaries

    def base_layers(
        self, theme: MapTheme, crs: int, lang: Lang = Lang.ZH, *, names: bool = True
    ) -> list[SheetLayer | RasterPass]:
        """The base map, bottom first; where a public terrain is in use its slopes shade the land, under the water."""
        sheets = base.sheet_layers(self.catalogue, self.rows, palette(theme), self.boundaries(), lang=lang, names=names)
        found: list[SheetLayer | RasterPass] = [*sheets]
        terrain = None if self.shelf is None or not self.relief else self.shelf.find(TERRAIN.id, base.PUBLIC_SCOPE)
        if terrain is not None:
            order = [layer.name for layer in sheets]
            at = order.index(base.LAND) + 1 if base.LAND in order else 0
            found.insert(at, shade_pass(terrain, crs, theme))
        return found

    def name_layers(self, theme: MapTheme, lang: Lang = Lang.ZH) -> list[SheetLayer]:
        """The base map's names alone."""
        return base.name_layers(self.catalogue, self.rows, palette(theme), lang=lang)

    def parts_of(self, request: MapRequest) -> tuple[str | RasterPass | PointPass, ...]:
        """The compiled sheets and rasters, bottom first: everything about the picture but its window.

        The base map's names wait until the roads, land and water that lie right over it are drawn: these would cover
        them, and their own names find no place where those stand.
        """
        found: list[Pass] = []
        waiting: list[SheetLayer] = []
        for place, wanted in enumerate(request.layers):
            if wanted.layer == BASEMAP:
                found.extend(waiting)
                found.extend(self.base_layers(request.theme, request.crs, request.lang, names=False))
                waiting = self.name_layers(request.theme, request.lang)
                continue
            if wanted.layer not in ground.SINGLE or wanted.rules:
                found.extend(waiting)
                waiting = []
            raster = None if self.shelf is None else self.shelf.find(wanted.layer, request.scope)
            if raster is not None:
                found.append(raster_pass(raster, request.crs, request.theme))
                continue
            found.extend(self._passes(wanted, place, request))
        return parts([*found, *waiting], f"epsg:{request.crs}")

    def _passes(self, wanted: LayerRequest, place: int, request: MapRequest) -> Iterator[Pass]:
        """A layer as passes over its rows: its pictures worst last, then its names worst first."""
        layer = self.catalogue.find(wanted.layer, request.scope)
        if layer is None or not drawable(layer):
            raise NotFoundError(Text(f"没有图层 {wanted.layer}", f"no layer {wanted.layer}"), layer=wanted.layer)
        colours, scope = palette(request.theme), request.scope

        def over(columns: tuple[str, ...], order: str) -> Parameters:
            return self.rows.parameters(layer, columns, scope=scope, where=wanted.where, order=order)

        if wanted.rules:
            styles = _numbered(customs.sheet_style(layer.id, wanted.rules, layer.fields_in(scope), self._files), place)
            source = over(customs.columns(wanted.rules), "")
            yield SheetLayer(name=f"{place}-{layer.id}", datasource=source, styles=styles)
            return
        if layer.id in ground.SINGLE:
            columns = tuple(n for n in ground.COLUMNS[layer.id] if n in layer.fields_in(scope))
            styles = _numbered(ground.SINGLE[layer.id](colours), place)
            source = over(columns, ground.ORDER.get(layer.id, ""))
            yield SheetLayer(name=f"{place}-{layer.id}", datasource=source, styles=styles)
            return
        shapes_only = wanted.style == SHAPES_STYLE
        points = place_pass.point_pass(layer, wanted, request, self.plates, self._files)
        if points is not None:
            yield points
            if (
                wanted.style in place_pass.GROUPED
                or place_pass.zoom_of(request) < business.names_from(layer, scope) - 0.5
            ):
                return
        else:
            styles = _numbered(
                business.styles(layer, colours, self._files, scope=scope, shapes_only=shapes_only), place
            )
            source = over(business.columns(layer, scope), business.order(layer, scope))
            yield SheetLayer(name=f"{place}-{layer.id}", datasource=source, styles=styles)
        named = business.names(layer, colours, scope=scope, lang=request.lang)
        if named is not None and not (shapes_only and layer.geometry is Geometry.POINT):
            columns = business.name_columns(layer, scope, request.lang)
            order = business.order(layer, scope, worst_first=True)
            yield SheetLayer(
                name=f"{place}-{layer.id}-names",
                datasource=over(columns, order),
                styles=_numbered((named,), place),
                zooms=(business.names_from(layer, scope), 24),
            )

    def draw(self, request: MapRequest) -> bytes:
        """One encoded picture."""
        return self.pool.draw(self._drawing(request))[0]

    def reported(self, request: MapRequest) -> Drawn:
        """The picture with the places of its labels."""
        return self.pool.drawn(replace(self._drawing(request), report=True))

    def _drawing(self, request: MapRequest) -> Drawing:
        return Drawing(
            parts=self.parts_of(request),
            extent=request.extent,
            width=request.width,
            height=request.height,
            format=request.format,
            background=request.background,
            scale=request.scale,
        )

    def picture(
        self,
        layers: tuple[str, ...],
        bounds: Bounds,
        crs: int,
        size: tuple[int, int],
        *,
        caller: Caller,
        media_type: str = "image/png",
        transparent: bool = True,
    ) -> bytes:
        """The plain form other doors ask for."""
        request = MapRequest(
            layers=tuple(LayerRequest(layer=name) for name in layers),
            extent=Extent(left=bounds.west, bottom=bounds.south, right=bounds.east, top=bounds.north),
            crs=crs,
            width=size[0],
            height=size[1],
            scope=caller.scope,
            lang=caller.lang,
            format=Format(media_type),
            background=None if transparent and media_type != Format.JPEG.value else palette(MapTheme.DAY).fill("land"),
        )
        return self.draw(request)

    def close(self) -> None:
        """End the drawing processes."""
        self.pool.close()
        self.plates.close()
