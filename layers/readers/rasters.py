"""Cells of a raster in use: the value at a place, and windows of cells that fit in memory.

Each call opens the file for itself, so threads share nothing. A GeoTIFF is opened as a GeoTIFF and as nothing else: no
SQLite of GDAL's comes near the store's file.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.errors import OneMapError
from core.texts import Text
from gis.shapes import Bounds, LonLat
from gis.zonal import Grid

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

CELLS_AT_ONCE = 4_000_000


@contextmanager
def _opened(path: Path) -> Iterator["DatasetReader"]:
    import rasterio  # here, for a server that is asked of no raster does without its twenty megabytes
    from rasterio.errors import RasterioIOError

    try:
        with rasterio.open(path, driver="GTiff") as raster:
            yield raster
    except RasterioIOError as error:
        raise OneMapError(
            Text(f"栅格文件读取失败:{path.name}", f"the raster file cannot be read: {path.name}"), file=path.name
        ) from error


def values_at(path: Path, place: LonLat) -> tuple[float, ...] | None:
    """The value of every band in the cell a place lies in; None beyond the raster or where it has no data."""
    from rasterio.windows import Window

    with _opened(path) as raster:
        column, row = ~raster.transform @ (place.lon, place.lat)
        if not (0 <= column < raster.width and 0 <= row < raster.height):
            return None
        cell = raster.read(window=Window(math.floor(column), math.floor(row), 1, 1), masked=True)
    if np.ma.getmaskarray(cell).any() or np.isnan(cell.astype(float)).any():
        return None
    return tuple(float(value) for value in cell.data.ravel())


def grids(path: Path, box: Bounds, cells_at_once: int = CELLS_AT_ONCE) -> Iterator[Grid]:
    """Every cell of the first band that meets a box, in strips from the north; NaN is no data."""
    from rasterio.windows import Window

    with _opened(path) as raster:
        left, top = ~raster.transform @ (box.west, box.north)
        right, bottom = ~raster.transform @ (box.east, box.south)
        first, last = max(0, math.floor(left)), min(raster.width, math.ceil(right))
        upper, lower = max(0, math.floor(top)), min(raster.height, math.ceil(bottom))
        if first >= last or upper >= lower:
            return
        strip = max(1, cells_at_once // (last - first))
        for row in range(upper, lower, strip):
            window = Window(first, row, last - first, min(strip, lower - row))
            values = raster.read(1, window=window, masked=True).astype(np.float64).filled(np.nan)
            yield Grid(values, Bounds(*raster.window_bounds(window)))
