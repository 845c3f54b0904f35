"""A vector tile asked of an engine that can make one itself, from its rows and under the scope."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from core.scope import Scope
from gis.shapes import Bounds
from layers.layer import Layer
from store.query import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class TileQuery:
    """The tile's rectangle in the EPSG code `crs`, x first, and what of the ground beyond it is meant (`reach`).

    Coordinates are counted in `extent` parts of the tile; shapes are cut `margin` parts beyond it; of more than `most`
    rows the first by `order` are in the tile. Shapes of more than `corners` corners together are thinned, at
    most by an eighth of the tile.
    """

    crs: int
    left: float
    bottom: float
    right: float
    top: float
    reach: Bounds
    extent: int
    margin: int
    most: int
    corners: int
    order: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeTile:
    """The tile, how many rows it was made of, and the keys of those whose reading has to be recorded.

    One row more than `most` was met where `more` says so: how many there are has to be counted.
    """

    body: bytes
    rows: int
    more: bool
    recorded: tuple[str, ...] = ()


@runtime_checkable
class MakesTiles(Protocol):
    """A store that may make vector tiles itself."""

    def vector_tile(self, layer: Layer, tile: TileQuery, *, scope: Scope) -> MadeTile | None:
        """One tile; None where the engine cannot, and rows have to be read."""
