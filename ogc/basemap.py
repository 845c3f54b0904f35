"""Base map tiles in Web Mercator from the city's own layers, drawn sixteen at a time and kept as files."""

import math
import os
import shutil
import threading
from pathlib import Path

from core.errors import BadInputError
from core.texts import Text
from ogc.render import base
from ogc.render.drawing import Drawing, Extent, Format
from ogc.render.palette import MapTheme, palette
from ogc.render.renderer import MapnikRenderer
from ogc.render.sheet import parts

HALF_WORLD = math.pi * 6_378_137.0
TILE = 256
MAX_ZOOM = 19
MEDIA_TYPE = "image/png"
_SIDE = 4
_BUFFER = 192


def metatile(z: int, x: int, y: int) -> tuple[int, int, int]:
    """The block of tiles drawn together: its column, its row and its side."""
    side = min(_SIDE, 2**z)
    return x // side, y // side, side


class BaseMap:
    """Tiles by (theme, generation, zoom, column, row, scale); a change of a base layer starts a new generation."""

    def __init__(self, renderer: MapnikRenderer, folder: Path) -> None:
        self._renderer = renderer
        self._folder = folder
        self._locks: dict[tuple[object, ...], threading.Lock] = {}
        self._guard = threading.Lock()
        self._generation = -2

    def base_tile(self, theme: str, z: int, x: int, y: int, scale: int = 1) -> bytes:
        """One PNG tile, from the cache or drawn with its neighbours."""
        look = _theme(theme)
        if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z and scale in (1, 2)):
            raise BadInputError(
                Text(
                    f"没有瓦片 {z}/{x}/{y}@{scale}", f"no tile {z}/{x}/{y}@{scale}; zoom 0 to {MAX_ZOOM}, scale 1 or 2"
                )
            )
        head = self._renderer.base_head()
        self._forget_before(head)
        path = self._path(look, head, z, x, y, scale)
        if path.exists():
            return path.read_bytes()
        column, row, _ = block = metatile(z, x, y)
        with self._lock((look, head, z, block, scale)):
            if path.exists():
                return path.read_bytes()
            return self._draw(look, head, z, column, row, scale, (x, y))

    def _path(self, theme: MapTheme, head: int, z: int, x: int, y: int, scale: int) -> Path:
        return self._folder / str(head) / f"{theme}@{scale}" / str(z) / str(x) / f"{y}.png"

    def _lock(self, key: tuple[object, ...]) -> threading.Lock:
        with self._guard:
            if len(self._locks) > 4096:
                self._locks = {k: lock for k, lock in self._locks.items() if lock.locked()}
            return self._locks.setdefault(key, threading.Lock())

    def _draw(
        self, theme: MapTheme, head: int, z: int, column: int, row: int, scale: int, wanted: tuple[int, int]
    ) -> bytes:
        side = min(_SIDE, 2**z)
        span = 2 * HALF_WORLD / 2**z
        left, top = -HALF_WORLD + column * side * span, HALF_WORLD - row * side * span
        colours = palette(theme)
        layers = base.sheet_layers(self._renderer.catalogue, self._renderer.rows, colours, self._renderer.boundaries())
        pictures = self._renderer.pool.draw(
            Drawing(
                parts=parts(layers, "epsg:3857"),
                extent=Extent(left=left, bottom=top - side * span, right=left + side * span, top=top),
                width=side * TILE * scale,
                height=side * TILE * scale,
                format=Format.PNG8,
                background=colours.fill("sea"),
                scale=float(scale),
                buffer=_BUFFER * scale,
                tiles=side,
            )
        )
        found = b""
        for place, picture in enumerate(pictures):
            x, y = column * side + place % side, row * side + place // side
            path = self._path(theme, head, z, x, y, scale)
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
            draft.write_bytes(picture)
            draft.replace(path)
            if (x, y) == wanted:
                found = picture
        return found

    def _forget_before(self, head: int) -> None:
        with self._guard:
            if head == self._generation:
                return
            self._generation = head
        if self._folder.is_dir():
            for old in self._folder.iterdir():
                if old.name.lstrip("-").isdigit() and int(old.name) < head:
                    shutil.rmtree(old, ignore_errors=True)


def _theme(name: str) -> MapTheme:
    try:
        return MapTheme(name)
    except ValueError as error:
        allowed = ", ".join(theme.value for theme in MapTheme)
        raise BadInputError(Text(f"没有主题“{name}”,可用:{allowed}", f"no theme {name!r}; use {allowed}")) from error
