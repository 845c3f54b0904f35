"""What of a raster lies inside polygons, each cell counted by the exact fraction that is covered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
from shapely.geometry.base import BaseGeometry

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
    return pd.DataFrame(_measured(grid, zones.to_numpy(), measures), columns=list(measures))


def _measured(grid: Grid, shapes: npt.NDArray[np.object_], measures: tuple[str, ...]) -> list[dict[str, float | None]]:
    """What exactextract says of each shape; frames around it would cost more than the sums."""
    from exactextract import exact_extract  # loaded when the first sum is wanted
    from exactextract.raster import NumPyRasterSource

    from gis.outlines import Outlines

    west, south, east, north = grid.bounds
    source = NumPyRasterSource(
        grid.values, xmin=west, ymin=south, xmax=east, ymax=north, nodata=np.nan, srs_wkt=CGCS2000
    )
    answer = exact_extract(source, Outlines(shapes, CGCS2000), list(measures), output="geojson")
    return [row["properties"] for row in answer]


@dataclass(frozen=True, slots=True)
class Inside:
    """What of a raster of counts lies inside a shape, and the share of the shape (0 to 1) that has values at all."""

    total: float
    known: float


def inside(grids: Iterable[Grid], shape: BaseGeometry) -> Inside:
    """Sum and known share over strips of one raster; strips do not overlap, so their sums add up."""
    return insides(grids, [shape])[0]


def insides(grids: Iterable[Grid], shapes: Sequence[BaseGeometry]) -> tuple[Inside, ...]:
    """The same for many shapes in one pass over the raster; an empty shape holds nothing."""
    sizes = np.array([shape.area for shape in shapes])
    real = np.flatnonzero(sizes > 0.0)
    totals, covered = np.zeros(len(shapes)), np.zeros(len(shapes))
    asked = np.asarray(shapes, dtype=object)[real]
    for grid in grids if real.size else ():
        answer = _measured(grid, asked, ("sum", "count"))
        rows, columns = grid.values.shape
        cell = (grid.bounds.east - grid.bounds.west) / columns * (grid.bounds.north - grid.bounds.south) / rows
        for place, row in zip(real, answer, strict=True):
            totals[place] += _or_nothing(row["sum"])
            covered[place] += _or_nothing(row["count"]) * cell
    known = np.divide(covered, sizes, out=np.zeros(len(shapes)), where=sizes > 0.0)
    return tuple(Inside(float(total), min(1.0, float(share))) for total, share in zip(totals, known, strict=True))


def _or_nothing(value: float | None) -> float:
    """Of a shape with no cell that has data, exactextract says none or NaN."""
    return 0.0 if value is None or np.isnan(value) else float(value)
