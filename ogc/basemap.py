"""Base map tiles in Web Mercator from the city's own layers."""

from collections.abc import Sequence
from pathlib import Path

from core.errors import BadInputError
from core.texts import Text
from ogc.render.drawing import Drawing, Extent, Format, RasterPass
from ogc.render.palette import MapTheme, palette
from ogc.render.renderer import MapnikRenderer
from ogc.render.sheet import SheetLayer, parts
from ogc.tilefiles import Block, Place, TileFiles, blocks

MEDIA_TYPE = "image/png"
_BUFFER = 192
DRAWING = 2
"""Raised when the same city would be drawn in another way: tiles of before are then of no use."""


class BaseMap:
    """Tiles by theme, zoom, column, row and scale; a change of a base layer starts a new generation of them."""

    def __init__(self, renderer: MapnikRenderer, folder: Path) -> None:
        self._renderer = renderer
        self._files = TileFiles(folder / "base")
        self._names = TileFiles(folder / "names")

    def base_tile(self, theme: str, z: int, x: int, y: int, scale: int = 1) -> bytes:
        """One PNG tile."""
        look, place = theme_named(theme), Place(z=z, x=x, y=y, scale=scale)
        generation = f"{DRAWING}-{self._renderer.base_head()}"
        return self._files.tile(generation, look.value, place, lambda block: self._draw(look, block, names=False))

    def names_tile(self, theme: str, z: int, x: int, y: int, scale: int = 1) -> bytes:
        """One clear PNG tile with the names of the base map, to lie over what hides them."""
        look, place = theme_named(theme), Place(z=z, x=x, y=y, scale=scale)
        generation = f"{DRAWING}-{self._renderer.base_head()}"
        return self._names.tile(generation, look.value, place, lambda block: self._draw(look, block, names=True))

    def ahead(self, theme: MapTheme, extent: Extent, z: int, scale: int = 1) -> None:
        """Draw what covers an extent, in metres of EPSG:3857, before anybody asks."""
        for x, y in blocks(extent, z):
            self.base_tile(theme.value, z, x, y, scale)

    def _draw(self, theme: MapTheme, block: Block, *, names: bool) -> list[bytes]:
        drawing = Drawing(
            parts=parts(self._layers(theme, names=names), "epsg:3857"),
            extent=block.extent,
            width=block.pixels,
            height=block.pixels,
            format=Format.PNG8,
            background=None if names else palette(theme).fill("sea"),
            scale=float(block.scale),
            buffer=_BUFFER * block.scale,
            tiles=block.side,
        )
        return self._renderer.pool.draw(drawing)

    def _layers(self, theme: MapTheme, *, names: bool) -> Sequence[SheetLayer | RasterPass]:
        return self._renderer.name_layers(theme) if names else self._renderer.base_layers(theme, 3857)


def theme_named(name: str) -> MapTheme:
    """A theme by its name; BadInputError lists those there are."""
    try:
        return MapTheme(name)
    except ValueError as error:
        allowed = ", ".join(theme.value for theme in MapTheme)
        raise BadInputError(Text(f"没有主题“{name}”,可用:{allowed}", f"no theme {name!r}; use {allowed}")) from error
