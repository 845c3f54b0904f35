"""Tiles of the rasters in use: kept by version of the register, shown to whoever the register shows the raster."""

import base64
from dataclasses import dataclass
from pathlib import Path

from core.errors import NotFoundError
from core.scope import Scope
from core.texts import Text
from gis.shapes import Bounds
from layers.coverage import Kind
from ogc.basemap import theme_named
from ogc.render.coverages import raster_pass
from ogc.render.drawing import Drawing, Format
from ogc.render.palette import MapTheme
from ogc.render.pool import DrawingPool
from ogc.tilefiles import Block, Place, TileFiles
from ogc.wms.crs import WEB_MERCATOR, in_degrees
from store.rasters import RasterShelf, Shelved

CLEAR = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgYGBgAAAABQABeqhXUAAAAABJRU5ErkJggg=="
)
_FORMATS = {Kind.COUNT: Format.PNG8, Kind.SURFACE: Format.WEBP, Kind.PICTURE: Format.WEBP}


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterTile:
    """A tile with the name its content goes by: file, version of the register, theme and scale."""

    body: bytes
    media_type: str
    tag: str


class RasterTiles:
    """Tiles by coverage, version, theme and place; what is drawn does not depend on who asks, being shown it does."""

    def __init__(self, shelf: RasterShelf, pool: DrawingPool, folder: Path) -> None:
        self._shelf = shelf
        self._pool = pool
        self._files = {one.id: TileFiles(folder / one.id) for one in shelf.coverages}

    def found(self, coverage_id: str, scope: Scope) -> Shelved:
        """The raster in use, NotFoundError where there is none for this caller; asked before any cache is."""
        one = self._shelf.find(coverage_id, scope)
        if one is None:
            raise NotFoundError(Text(f"没有栅格“{coverage_id}”", f"no raster {coverage_id!r}"), coverage=coverage_id)
        return one

    def tile(self, one: Shelved, theme: str, place: Place) -> RasterTile:
        """One tile; a clear one without drawing where the raster does not reach."""
        look = theme_named(theme)
        tag = f"{one.record.sha256[:16]}-{one.version}-{look.value}"
        format_ = _FORMATS[one.declared.kind]
        if not _meets(one, place):
            return RasterTile(body=CLEAR, media_type="image/png", tag=tag)
        generation = f"{one.record.sha256[:16]}-{one.version}"
        draw = lambda block: self._draw(one, look, block, format_)  # noqa: E731
        body = self._files[one.declared.id].tile(generation, look.value, place, draw)
        return RasterTile(body=body, media_type=format_.media_type, tag=tag)

    def _draw(self, one: Shelved, theme: MapTheme, block: Block, format_: Format) -> list[bytes]:
        drawing = Drawing(
            parts=(raster_pass(one, 3857, theme),),
            extent=block.extent,
            width=block.pixels,
            height=block.pixels,
            format=format_,
            tiles=block.side,
        )
        return self._pool.draw(drawing)


def _meets(one: Shelved, place: Place) -> bool:
    box, shape = in_degrees(place.extent, WEB_MERCATOR), one.record.geometry
    if box is None or shape is None:
        return False
    own = Bounds(*shape.bounds)
    return box.west < own.east and box.east > own.west and box.south < own.north and box.north > own.south
