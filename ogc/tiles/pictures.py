"""PNG tiles of layers in a style: drawn sixteen at a time, kept by everything their look depends on."""

import hashlib
import threading
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import layers
import ogc
from core.caller import Caller
from core.scope import Scope
from core.texts import Lang, Text
from gis.shapes import Bounds
from layers.coverage import Kind
from layers.layer import Catalogue, Layer
from ogc.exceptions import OgcError
from ogc.render.base import BASE_LAYERS
from ogc.render.drawing import Drawing, Format
from ogc.render.palette import MapTheme, palette
from ogc.render.renderer import MapnikRenderer
from ogc.render.request import BASEMAP, LayerRequest, MapRequest
from ogc.tiles.kept import Held, KeptTiles
from ogc.tiles.matrix import TILE, Tile
from ogc.wms.getmap import named, styles_of
from store.rasters import Shelved

SIDE = 4
"""Tiles along the edge of what is drawn at once: a name across the edge of two tiles is drawn once and cut."""

BUFFER = 128
REGISTER = "coverages"
"""The layer of the rasters in use: a change of it is one of theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileAsk:
    """One picture tile: what a request names, not yet held against what the caller may see."""

    layer: str
    style: str
    tile: Tile
    lang: Lang
    theme: MapTheme

    def name(self, scope: Scope) -> str:
        """What the tile is kept under: callers of equal scopes share it, others never do."""
        at = self.tile
        parts = (self.layer, self.style, at.set.id, at.level, str(at.row), str(at.column), "png", self.lang.value,
                 self.theme.value, scope.digest)  # fmt: skip
        return "/".join(parts)


@cache
def drawn_by(catalogue: Catalogue) -> str:
    """What draws, and how layers are declared: tiles of another drawing code, or of another look, are of no use.

    Nor are those with a field, or a place, that their reader may no longer see.
    """
    digest = hashlib.sha256(version("mapnik").encode())
    here, declared = Path(ogc.__file__).parent, Path(layers.__file__).parent
    for part in (here / "render", here / "encode", here / "tiles", declared / "symbols", declared / "tokens.json"):
        for path in sorted(part.rglob("*")) if part.is_dir() else (part,):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    for layer in catalogue:
        digest.update(repr(_look(layer)).encode())
    return digest.hexdigest()[:16]


def _look(layer: Layer) -> tuple[object, ...]:
    """What of a declaration a tile shows."""
    fields = tuple((spec.name, spec.kind, spec.sensitivity) for spec in layer.fields.values())
    return (layer.id, layer.geometry, layer.style, layer.label, layer.sensitivity, layer.shared, layer.cell, fields)


class TilePictures:
    """Tiles for callers; what is at hand is answered without waiting for anything."""

    def __init__(self, renderer: MapnikRenderer, kept: KeptTiles) -> None:
        self._renderer = renderer
        self._kept = kept
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def at_hand(self, ask: TileAsk, caller: Caller) -> Held | None:
        """The tile, if it is in memory: it was drawn for a caller of the same scope, so it may be seen."""
        return self._kept.at_hand(ask.name(caller.scope))

    def tile(self, ask: TileAsk, caller: Caller) -> Held:
        """The tile, kept or drawn; OgcError where the caller has no such layer or style."""
        rasters = () if self._renderer.shelf is None else self._renderer.shelf.seen(caller.scope)
        layers = offered(ask, self._renderer.catalogue, caller.scope, rasters)
        about = depends_on(layers, rasters)
        name = ask.name(caller.scope)
        found = self._kept.find(name, about, around(ask.tile))
        if found is not None:
            return found
        side = _side(ask.tile)
        first = replace(ask.tile, row=ask.tile.row // side * side, column=ask.tile.column // side * side, side=side)
        with self._lock(replace(ask, tile=first).name(caller.scope)):
            found = self._kept.find(name, about, around(ask.tile))
            return found or self._drawn(ask, first, layers, about, caller, rasters)

    def _drawn(
        self, ask: TileAsk, block: Tile, layers: tuple[str, ...], about: tuple[str, ...], caller: Caller,
        rasters: tuple[Shelved, ...],
    ) -> Held:  # fmt: skip
        as_of = self._kept.follow()
        request = MapRequest(
            layers=tuple(LayerRequest(layer=name, style=ask.style) for name in layers),
            extent=block.extent,
            crs=block.set.crs,
            width=TILE * block.side,
            height=TILE * block.side,
            scope=caller.scope,
            lang=ask.lang,
            theme=ask.theme,
            format=_format(layers, rasters),
            background=palette(ask.theme).fill("sea") if BASEMAP in layers else None,
        )
        drawing = Drawing(
            parts=self._renderer.parts_of(request),
            extent=request.extent,
            width=request.width,
            height=request.height,
            format=request.format,
            background=request.background,
            buffer=BUFFER,
            tiles=block.side,
        )
        bodies = self._renderer.pool.draw(drawing)
        tiles = [
            replace(block, row=block.row + number // block.side, column=block.column + number % block.side, side=1)
            for number in range(len(bodies))
        ]
        named_tiles = [
            (replace(ask, tile=tile).name(caller.scope), body, around(tile))
            for tile, body in zip(tiles, bodies, strict=True)
        ]
        held = self._kept.keep(named_tiles, about, as_of)
        return held[tiles.index(ask.tile)]

    def _lock(self, name: str) -> threading.Lock:
        with self._guard:
            if len(self._locks) > 4096:
                self._locks = {k: lock for k, lock in self._locks.items() if lock.locked()}
            return self._locks.setdefault(name, threading.Lock())


def offered(ask: TileAsk, catalogue: Catalogue, scope: Scope, rasters: tuple[Shelved, ...]) -> tuple[str, ...]:
    """The layers that are drawn, bottom first."""
    layers = named(ask.layer, catalogue, scope, rasters)
    styles = styles_of(ask.layer, rasters)
    if ask.style not in styles:
        allowed = ", ".join(styles)
        raise OgcError(
            "InvalidParameterValue",
            Text(
                f"图层“{ask.layer}”没有样式“{ask.style}”,可用:{allowed}",
                f"{ask.layer!r} has no style {ask.style!r}; use {allowed}",
            ),
            locator="Style",
        )
    return layers


def depends_on(layers: tuple[str, ...], rasters: tuple[Shelved, ...]) -> tuple[str, ...]:
    """The layers whose changes make a picture old."""
    own = {one.declared.id for one in rasters}
    found: dict[str, None] = {}
    for name in layers:
        found |= dict.fromkeys(BASE_LAYERS if name == BASEMAP else (REGISTER,) if name in own else (name,))
    return tuple(found)


def around(tile: Tile) -> Bounds:
    """The box in which a change shows on the tile: a symbol or a name reaches over from its neighbours."""
    box = tile.bounds
    across, up = box.east - box.west, box.north - box.south
    return Bounds(box.west - across, box.south - up, box.east + across, box.north + up)


def _side(tile: Tile) -> int:
    matrix = tile.set.levels[tile.level]
    return min(SIDE, int(matrix.matrixWidth), int(matrix.matrixHeight))


def _format(layers: tuple[str, ...], rasters: tuple[Shelved, ...]) -> Format:
    """A palette of 256 colours, but for heights and pictures."""
    smooth = {one.declared.id for one in rasters if one.declared.kind is not Kind.COUNT}
    return Format.PNG if smooth.intersection(layers) else Format.PNG8
