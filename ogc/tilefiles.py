"""Web Mercator tiles kept as files: drawn sixteen at a time by whoever asks first, dropped when their data change."""

import math
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import BadInputError
from core.texts import Text
from ogc.render.drawing import Extent

HALF_WORLD = math.pi * 6_378_137.0
TILE = 256
MAX_ZOOM = 19
_SIDE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One tile: zoom, column, row from the north, and 1 or 2 for double resolution."""

    z: int
    x: int
    y: int
    scale: int = 1

    def __post_init__(self) -> None:
        z, x, y, scale = self.z, self.x, self.y, self.scale
        if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z and scale in (1, 2)):
            raise BadInputError(
                Text(
                    f"没有瓦片 {z}/{x}/{y}@{scale}", f"no tile {z}/{x}/{y}@{scale}; zoom 0 to {MAX_ZOOM}, scale 1 or 2"
                )
            )

    @property
    def extent(self) -> Extent:
        """The tile's own square, in metres of EPSG:3857."""
        return extent(self.z, self.x, self.y, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Tiles drawn together, answered from the top left, row by row."""

    z: int
    column: int
    row: int
    side: int
    scale: int

    @property
    def extent(self) -> Extent:
        """The whole block's square."""
        return extent(self.z, self.column * self.side, self.row * self.side, self.side)

    @property
    def pixels(self) -> int:
        """Pixels along its edge."""
        return self.side * TILE * self.scale


def extent(z: int, x: int, y: int, side: int) -> Extent:
    """A square of tiles from its top left one, in metres of EPSG:3857."""
    span = 2 * HALF_WORLD / 2**z
    left, top = -HALF_WORLD + x * span, HALF_WORLD - y * span
    return Extent(left=left, bottom=top - side * span, right=left + side * span, top=top)


def blocks(wanted: Extent, z: int) -> Iterator[tuple[int, int]]:
    """The top left tile of each block that meets an extent, in metres of EPSG:3857."""
    span, last = 2 * HALF_WORLD / 2**z, 2**z - 1
    columns = [min(max(int((at + HALF_WORLD) // span), 0), last) // _SIDE for at in (wanted.left, wanted.right)]
    rows = [min(max(int((HALF_WORLD - at) // span), 0), last) // _SIDE for at in (wanted.top, wanted.bottom)]
    for row in range(rows[0], rows[1] + 1):
        for column in range(columns[0], columns[1] + 1):
            yield column * _SIDE, row * _SIDE


class TileFiles:
    """Tiles under `folder`, by generation and look; a new generation makes the older ones go."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[tuple[object, ...], threading.Lock] = {}
        self._guard = threading.Lock()
        self._generation = ""

    def tile(self, generation: str, look: str, place: Place, draw: Callable[[Block], list[bytes]]) -> bytes:
        """One tile, from its file or drawn with its neighbours."""
        self._forget_but(generation)
        path = self._path(generation, look, place)
        if path.exists():
            return path.read_bytes()
        side = min(_SIDE, 2**place.z)
        block = Block(z=place.z, column=place.x // side, row=place.y // side, side=side, scale=place.scale)
        with self._lock((generation, look, block)):
            if path.exists():
                return path.read_bytes()
            found = b""
            for number, picture in enumerate(draw(block)):
                x, y = block.column * side + number % side, block.row * side + number // side
                self._keep(self._path(generation, look, Place(z=place.z, x=x, y=y, scale=place.scale)), picture)
                if (x, y) == (place.x, place.y):
                    found = picture
            return found

    def _path(self, generation: str, look: str, place: Place) -> Path:
        return self._folder / generation / f"{look}@{place.scale}" / str(place.z) / str(place.x) / str(place.y)

    @staticmethod
    def _keep(path: Path, picture: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        draft.write_bytes(picture)
        draft.replace(path)

    def _lock(self, key: tuple[object, ...]) -> threading.Lock:
        with self._guard:
            if len(self._locks) > 4096:
                self._locks = {k: lock for k, lock in self._locks.items() if lock.locked()}
            return self._locks.setdefault(key, threading.Lock())

    def _forget_but(self, generation: str) -> None:
        with self._guard:
            if generation == self._generation:
                return
            self._generation = generation
        if self._folder.is_dir():
            for old in self._folder.iterdir():
                if old.name != generation:
                    shutil.rmtree(old, ignore_errors=True)
