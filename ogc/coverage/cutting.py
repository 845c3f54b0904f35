"""A piece of a raster as a GeoTIFF that says where it comes from: cut along the raster's own cells, or resampled.

Cells that count people are never resampled, because neither a mean nor a sample of counts is a count: they are handed
out on their own grid, or refused.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.clock import iso
from core.errors import BadInputError, OneMapError
from core.texts import Text
from gis.shapes import Bounds
from layers.coverage import Kind
from ogc.limits import LIMITS
from store.rasters import Shelved

if TYPE_CHECKING:  # a server that is asked of no raster does without its twenty megabytes
    from rasterio import Affine
    from rasterio.io import DatasetReader
    from rasterio.windows import Window

MOST_CELLS = LIMITS.coverage_cells
"""Of one answer, all bands together; more is asked for in pieces."""

GEOTIFF = "image/tiff"
GRID_DATUM = "EPSG:4490"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is wanted: a box in degrees (None: all of it), a size or a factor, a system, bands counted from 1."""

    box: Bounds | None = None
    size: tuple[int | None, int | None] = (None, None)
    factors: tuple[float, float] | None = None
    """Of columns and of rows."""
    code: int = 4490
    bands: tuple[int, ...] = ()

    @property
    def resampled(self) -> bool:
        """It is not the raster's own cells."""
        return self.factors is not None or self.size != (None, None) or self.code not in (4490, 4326)


def extent(one: Shelved) -> Bounds:
    """Where its cells lie, edges counted in."""
    shape = one.record.geometry
    if shape is None:
        raise OneMapError(Text("栅格登记缺少范围", "the register lacks the raster's extent"))
    return Bounds(*shape.bounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Values, shape (band, row, column), where they lie, and what the file says of their bands and of no value."""

    values: np.ndarray
    placed: "Affine"
    crs: str
    names: tuple[str, ...]
    nodata: float | None


def cut(one: Shelved, piece: Piece, most: int | None = None) -> Cells:
    """The cells of the piece; more than `most` of them (MOST_CELLS) are refused before one is read."""
    import rasterio
    from rasterio.errors import RasterioIOError

    if piece.resampled and one.declared.kind is Kind.COUNT:
        raise BadInputError(
            Text(
                f"“{one.declared.title.zh}”按格计数,不能重采样或改投影;请按原格网(EPSG:4490)索取",
                f"{one.declared.id!r} counts in cells and is not resampled; ask for it on its own grid (EPSG:4490)",
            ),
            field="scale",
        )
    try:
        with rasterio.open(one.path, driver="GTiff") as raster:
            return _cut(raster, piece, most or MOST_CELLS)
    except RasterioIOError as error:
        raise OneMapError(
            Text(f"栅格文件读取失败:{one.declared.id}", f"the raster file of {one.declared.id} cannot be read")
        ) from error


def _cut(raster: "DatasetReader", piece: Piece, most: int) -> Cells:
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.transform import from_bounds
    from rasterio.warp import reproject, transform_bounds

    bands = list(piece.bands) or list(range(1, raster.count + 1))
    window = _window(raster, piece.box)
    if not piece.resampled:
        _bounded(int(window.width) * int(window.height) * len(bands), most)
        return _cells(raster, raster.read(bands, window=window), raster.window_transform(window), GRID_DATUM, bands)
    width, height = _size(piece, window)
    _bounded(width * height * len(bands), most)
    box = raster.window_bounds(window)
    system = f"EPSG:{piece.code}" if piece.code not in (4490, 4326) else GRID_DATUM
    # CGCS2000 and WGS 84 are taken as one here; PROJ knows the former only inside China
    datum = "EPSG:4326" if piece.code == 3857 else GRID_DATUM
    edges = box if system == GRID_DATUM else transform_bounds(datum, system, *box)
    placed = from_bounds(*edges, width, height)
    found = np.full((len(bands), height, width), _nothing(raster), raster.dtypes[0])
    reproject(
        rasterio.band(raster, bands), found, src_crs=datum, dst_crs=datum if system == GRID_DATUM else system,
        dst_transform=placed, src_nodata=raster.nodata, dst_nodata=_nothing(raster), resampling=Resampling.bilinear,
    )  # fmt: skip
    return _cells(raster, found, placed, system, bands)


def _cells(raster: "DatasetReader", values: np.ndarray, placed: "Affine", crs: str, bands: list[int]) -> Cells:
    names = tuple(raster.descriptions[band - 1] or f"band{band}" for band in bands)
    return Cells(values=values, placed=placed, crs=crs, names=names, nodata=raster.nodata)


def _nothing(raster: "DatasetReader") -> float:
    """What a cell holds where there is no value."""
    if raster.nodata is not None:
        return float(raster.nodata)
    return float("nan") if np.issubdtype(np.dtype(raster.dtypes[0]), np.floating) else 0.0


def _window(raster: "DatasetReader", box: Bounds | None) -> "Window":
    """The cells whose middle lies in the box, at least one; a box beside the raster is refused."""
    from rasterio.windows import Window

    if box is None:
        return Window(0, 0, raster.width, raster.height)
    edge = raster.bounds
    if box.west >= edge.right or box.east <= edge.left or box.south >= edge.top or box.north <= edge.bottom:
        raise BadInputError(
            Text("所要范围在栅格之外", "the subset lies outside the coverage"), field="subset", exception="outside"
        )
    left, top = ~raster.transform @ (max(box.west, edge.left), min(box.north, edge.top))
    right, bottom = ~raster.transform @ (min(box.east, edge.right), max(box.south, edge.bottom))
    first, upper = _first(left, raster.width), _first(top, raster.height)
    columns = max(1, min(raster.width, math.floor(right + 0.5)) - first)
    rows = max(1, min(raster.height, math.floor(bottom + 0.5)) - upper)
    return Window(first, upper, columns, rows)


def _first(edge: float, most: int) -> int:
    return min(max(0, math.ceil(edge - 0.5 - 1e-9)), most - 1)


def _size(piece: Piece, window: "Window") -> tuple[int, int]:
    """Columns and rows of the answer; one given alone keeps the cells square to their own shape."""
    columns, rows = int(window.width), int(window.height)
    if piece.factors is not None:
        across, down = piece.factors
        return max(1, round(columns * across)), max(1, round(rows * down))
    width, height = piece.size
    if width is None and height is None:
        return columns, rows
    if width is None:
        width = max(1, round(columns * (height or rows) / rows))
    return width, height or max(1, round(rows * width / columns))


def _bounded(cells: int, most: int) -> None:
    if cells > most:
        raise BadInputError(
            Text(
                f"一次最多 {most} 个像元(所要为 {cells}),请分块索取",
                f"at most {most} cells at once ({cells} were asked for); ask for pieces",
            ),
            field="subset",
        )


def geotiff(one: Shelved, piece: Piece) -> bytes:
    """The piece as a file; its tags tell unit, source, date and whether somebody verified it."""
    from rasterio.io import MemoryFile

    record, cells = one.record, cut(one, piece)
    tags = {
        "TITLE": one.declared.title.en, "UNIT": one.declared.unit, "SOURCE": record.source,
        "OBSERVED_AT": "" if record.observed_at is None else iso(record.observed_at),
        "VERIFIED": "yes" if record.verified else "no (unverified)", "SHA256_OF_ORIGIN": record.sha256,
    }  # fmt: skip
    count, height, width = cells.values.shape
    profile = {
        "driver": "GTiff", "width": width, "height": height, "count": count, "dtype": cells.values.dtype,
        "crs": cells.crs, "transform": cells.placed, "nodata": cells.nodata, "compress": "deflate",
        "tiled": height >= 256 and width >= 256,
    }  # fmt: skip
    with MemoryFile() as room:
        with room.open(**profile) as file:
            file.write(cells.values)
            file.update_tags(**tags)
            for place, name in enumerate(cells.names, start=1):
                file.set_band_description(place, name)
        found: bytes = room.read()
    return found
