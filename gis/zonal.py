"""What of a raster lies inside polygons, each cell counted by the exact fraction that is covered."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource

from gis.shapes import Bounds

CGCS2000 = pyproj.CRS.from_epsg(4490).to_wkt()


@dataclass(frozen=True, slots=True)
class Grid:
    """A raster in EPSG:4490: `values` of shape (row, column), north up, filling `bounds`; NaN is no data."""

    values: npt.NDArray[np.float64]
    bounds: Bounds

    def __post_init__(self) -> None:
        if self.values.ndim != 2:
            raise ValueError(f"a grid has two dimensions, not {self.values.ndim}")


def zonal(grid: Grid, zones: gpd.GeoSeries, measures: tuple[str, ...] = ("sum",)) -> pd.DataFrame:
    """One row a zone, one column a measure (`sum`, `mean`, `min`, `max`, `count` …), by exactextract."""
    west, south, east, north = grid.bounds
    source = NumPyRasterSource(
        grid.values, xmin=west, ymin=south, xmax=east, ymax=north, nodata=np.nan, srs_wkt=CGCS2000
    )
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(zones.to_numpy(), crs=4490))
    answer: pd.DataFrame = exact_extract(source, frame, list(measures), output="pandas")
    return answer
