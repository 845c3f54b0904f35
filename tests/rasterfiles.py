"""GeoTIFFs made by hand, for tests that need to know every cell."""

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin


def geotiff(
    path: Path,
    cells: np.ndarray,
    *,
    west: float = 121.0,
    north: float = 33.0,
    step: float = 0.001,
    nodata: float | None = -1,
    crs: str = "EPSG:4490",
) -> Path:
    """A north-up raster with its top left corner at a place; one band for two dimensions, else bands first."""
    bands = cells[None] if cells.ndim == 2 else cells
    count, height, width = bands.shape
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=count, dtype=bands.dtype, crs=crs,
        transform=from_origin(west, north, step, step), nodata=nodata,
    ) as raster:  # fmt: skip
        raster.write(bands)
    return path
