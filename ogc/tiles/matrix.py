"""The tile matrix sets that are served, as data: where a tile lies, and which tiles a place lies in.

`WebMercatorQuad` is the set of OGC 17-083r4. `CGCS2000Quad` is the longitude-latitude scheme of Tianditu (`c` in its
addresses), as its capabilities document tells it (https://t0.tianditu.gov.cn/img_c/wmts?request=GetCapabilities, read
as quoted by https://garden.liuxs.pro/天地图WMTS能力文档查看): EPSG:4490, levels from 1 on, 2 x 1 tiles of 256 pixels
at level 1 from the corner 90 N 180 W. Two doubts. Tianditu writes scale denominators for pixels of 1/96 inch
(295,829,355.45 at level 1); here they are of the 0.28 mm that WMTS 1.0.0 (OGC 07-057r7, 6.1) defines, so that a client
which computes cells from denominators finds the same tiles. And the name is ours: 17-083r4 lists no set for EPSG:4490.
GB/T 35634-2017, which fixes tiles of public electronic maps, was not at hand.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import morecantile
from morecantile.models import TileMatrix

from core.errors import BadInputError
from core.texts import Text
from gis.crs import moved
from gis.shapes import Bounds
from ogc.render.drawing import Extent

TILE = 256
LAST_LEVEL = 20
_METRES_PER_DEGREE = math.pi * 6_378_137.0 / 180.0
_PIXEL = 0.00028


class NoTileError(BadInputError):
    """A level the set does not have, or a column or row outside of it; `field` names which."""

    code = "no-tile"


@dataclass(frozen=True)
class MatrixSet:
    """A set with the EPSG code it is drawn in; `also` is another name it is known by."""

    definition: morecantile.TileMatrixSet
    title: Text
    crs: int
    north_first: bool
    also: str

    @property
    def id(self) -> str:
        """Its identifier."""
        return str(self.definition.id)

    @cached_property
    def levels(self) -> dict[str, TileMatrix]:
        """The matrices by identifier, coarsest first."""
        return {matrix.id: matrix for matrix in self.definition.tileMatrices}

    @cached_property
    def units(self) -> float:
        """Metres in one unit of its coordinates, as scale denominators take it."""
        return _METRES_PER_DEGREE if self.north_first else 1.0

    def origin(self, matrix: TileMatrix) -> tuple[float, float]:
        """The top left corner, x first."""
        first, second = matrix.pointOfOrigin
        return (second, first) if self.north_first else (first, second)

    def tile(self, level: str, row: int, column: int) -> "Tile":
        """One tile of the set; NoTileError where there is none."""
        matrix = self.levels.get(level)
        if matrix is None:
            first, *_, last = self.levels
            raise NoTileError(
                Text(
                    f"{self.id} 没有级别“{level}”,可用 {first} 至 {last}",
                    f"{self.id} has no level {level!r}; use {first} to {last}",
                ),
                field="level",
            )
        for name, value, count in (("row", row, matrix.matrixHeight), ("column", column, matrix.matrixWidth)):
            if not 0 <= value < count:
                said = {"row": "行", "column": "列"}[name]
                raise NoTileError(
                    Text(
                        f"{said}号 {value} 不在 0 至 {count - 1} 内({self.id} 第 {level} 级)",
                        f"{name} {value} is not in 0 to {count - 1} ({self.id}, level {level})",
                    ),
                    field=name,
                )
        return Tile(set=self, level=level, row=row, column=column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One tile, row 0 in the north; `side` above 1 makes it the square of that many tiles from there on."""

    set: MatrixSet
    level: str
    row: int
    column: int
    side: int = 1

    @property
    def extent(self) -> Extent:
        """Its rectangle, x first, in units of the set."""
        matrix = self.set.levels[self.level]
        span = matrix.cellSize * TILE
        west, north = self.set.origin(matrix)
        left, top = west + self.column * span, north - self.row * span
        return Extent(left=left, bottom=top - self.side * span, right=left + self.side * span, top=top)

    @property
    def bounds(self) -> Bounds:
        """The same in degrees."""
        box = self.extent
        if self.set.north_first:
            return Bounds(box.left, box.bottom, box.right, box.top)
        import numpy as np

        corners = moved(np.array([[box.left, box.bottom], [box.right, box.top]]), self.set.crs, 4490)
        return Bounds(*(float(value) for value in corners.ravel()))


def _cgcs2000() -> morecantile.TileMatrixSet:
    """Levels 1 to 20 of the scheme described above."""
    matrices = [
        {
            "id": str(level),
            "cellSize": 360.0 / (TILE * 2**level),
            "scaleDenominator": 360.0 / (TILE * 2**level) * _METRES_PER_DEGREE / _PIXEL,
            "pointOfOrigin": [90.0, -180.0],
            "tileWidth": TILE,
            "tileHeight": TILE,
            "matrixWidth": 2**level,
            "matrixHeight": 2 ** (level - 1),
        }
        for level in range(1, LAST_LEVEL + 1)
    ]
    return morecantile.TileMatrixSet.model_validate(
        {
            "id": "CGCS2000Quad",
            "title": "CGCS2000 longitude and latitude, as Tianditu cuts it",
            "crs": "http://www.opengis.net/def/crs/EPSG/0/4490",
            "orderedAxes": ["Lat", "Lon"],
            "tileMatrices": matrices,
        }
    )


def _web_mercator() -> morecantile.TileMatrixSet:
    """The standard's set down to the last level that is served."""
    whole = morecantile.tms.get("WebMercatorQuad")
    return whole.model_copy(update={"tileMatrices": whole.tileMatrices[: LAST_LEVEL + 1]})


WEB_MERCATOR_QUAD = MatrixSet(
    _web_mercator(), Text("球面墨卡托(通用)", "Web Mercator"), crs=3857, north_first=False, also="w"
)
CGCS2000_QUAD = MatrixSet(
    _cgcs2000(),
    Text("CGCS2000 经纬度(天地图)", "CGCS2000 latitude and longitude (Tianditu)"),
    crs=4490,
    north_first=True,
    also="c",
)
SETS = {one.id: one for one in (WEB_MERCATOR_QUAD, CGCS2000_QUAD)}


def set_named(name: str) -> MatrixSet | None:
    """A set by its identifier, or by the letter Tianditu gives it."""
    return SETS.get(name) or next((one for one in SETS.values() if one.also == name), None)
