"""Every hazard source's grade computed again from what it holds by `emergency.gb18218`.

Nothing here reads the generator's own numbers; a substance's category is what the tables infer from its boiling and
flash point, since the catalogue of dangerous chemicals is not at hand.
"""

from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pytest
import rasterio
import shapely

from emergency.gb18218 import Grading, Holding, grade
from gis.measure import buffer
from gis.shapes import Bounds
from gis.zonal import Grid, zonal
from tests.conftest import ROOT

SAMPLES = ROOT / "data" / "samples"
SOURCES: list[dict[str, Any]] = pq.read_table(SAMPLES / "hazard_sources.parquet").to_pylist()


def graded(source: dict[str, Any]) -> Grading:
    """Amounts are kept in kilograms."""
    held = zip(source["cas_numbers"], source["quantities"], strict=True)
    return grade([Holding(mass=float(kilograms), cas=cas) for cas, kilograms in held], source["exposed_people"])


def test_every_grade_follows_from_the_inventory_and_the_people_around() -> None:
    for source in SOURCES:
        found = graded(source)
        assert found.is_major, f"{source['code']} is below the threshold"
        assert source["s_value"] == pytest.approx(found.s, abs=5.1e-4), source["code"]
        assert source["r_value"] == pytest.approx(found.r, abs=5.1e-3), source["code"]
        assert source["alpha"] == found.alpha, source["code"]
        assert source["grade"] == found.level, source["code"]


def test_some_sources_hold_more_than_one_substance_and_every_grade_occurs() -> None:
    assert max(len(source["substances"]) for source in SOURCES) > 1
    assert {source["grade"] for source in SOURCES} == {1, 2, 3, 4}


def test_tanks_hold_what_their_source_declares() -> None:
    held: dict[tuple[str, str], float] = {}
    for tank in pq.read_table(SAMPLES / "tanks.parquet").to_pylist():
        place = (tank["hazard_source"], tank["cas"])
        held[place] = held.get(place, 0.0) + tank["design_mass"]
        assert 0 < tank["mass"] <= tank["design_mass"], tank["code"]
    declared = {
        (source["code"], cas): float(kilograms)
        for source in SOURCES
        for cas, kilograms in zip(source["cas_numbers"], source["quantities"], strict=True)
    }
    assert held == pytest.approx(declared, abs=2.0)


def test_enterprises_count_the_sources_they_hold() -> None:
    counted = [(s["enterprise"], s["grade"]) for s in SOURCES]
    for firm in pq.read_table(SAMPLES / "enterprises.parquet").to_pylist():
        for level in (1, 2, 3, 4):
            assert (firm[f"mhi_{level}"] or 0) == counted.count((firm["uscc"], level)), firm["uscc"]


def test_the_people_around_are_those_of_the_population_raster() -> None:
    """Cells are 100 m, counted whole by the generator and by area here, so only the sum over all sources can agree."""
    with rasterio.open(SAMPLES / "rasters" / "population.tif") as raster:
        people = Grid(raster.read(1, masked=True).astype(float).filled(np.nan), Bounds(*raster.bounds))
    sites = {
        row["code"]: shapely.from_wkb(row["geometry"]) for row in pq.read_table(SAMPLES / "sites.parquet").to_pylist()
    }
    rings = [buffer(sites[source["site"]], 500.0).difference(sites[source["site"]]) for source in SOURCES]
    counted = zonal(people, gpd.GeoSeries(rings, crs=4490))["sum"].fillna(0).to_numpy()
    stated = np.array([source["exposed_people"] for source in SOURCES])
    assert counted.sum() == pytest.approx(stated.sum(), rel=0.05)
    assert np.corrcoef(counted, stated)[0, 1] > 0.95
