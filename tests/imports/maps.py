"""Small map files made by GDAL for the tests, in a process of its own kind: shapefiles, GeoPackages, GeoJSON."""

import json
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

NAMES = ("云湖体育馆", "望海公园")
POINTS = (shapely.Point(121.8, 33.1), shapely.Point(121.9, 33.2))


def frame(shapes: Sequence[shapely.Geometry] = POINTS, crs: int | str | None = 4490) -> gpd.GeoDataFrame:
    """Two shelters, degrees of CGCS2000."""
    columns = {"编码": ["S1", "S2"], "名称": list(NAMES), "人数": [1200, 800]}
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)


def shapefile(path: Path, rows: gpd.GeoDataFrame, encoding: str = "UTF-8", cpg: bool = True) -> Path:
    """A shapefile, with or without the file that says its encoding."""
    pyogrio.write_dataframe(rows, path, driver="ESRI Shapefile", encoding=encoding)
    if not cpg:
        path.with_suffix(".cpg").unlink(missing_ok=True)
    return path


def geopackage(path: Path, rows: gpd.GeoDataFrame, layer: str = "shelters") -> Path:
    """A GeoPackage, or one more layer of it."""
    pyogrio.write_dataframe(rows, path, layer=layer, driver="GPKG", append=path.exists())
    return path


def geojson(path: Path, features: Sequence[dict[str, object]]) -> Path:
    """A collection of features as they are given."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False))
    return path


def feature(shape: shapely.Geometry, **properties: object) -> dict[str, object]:
    """One feature of GeoJSON."""
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
