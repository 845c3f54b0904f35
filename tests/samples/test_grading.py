"""Every hazard source's grade computed again from what it holds: R = alpha * sum(beta * q / Q), GB 18218-2018.

`gb18218.csv` holds Q (table 1) and beta (tables 3 and 4) as public secondary sources copy the standard; nobody has
checked them against the printed one. A substance's class in table 4 follows from its boiling and flash point, since the
catalogue of dangerous chemicals is not at hand. Nothing here reads the generator's own numbers.
"""

import csv
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pytest
import rasterio
import shapely

from gis.measure import buffer
from gis.shapes import Bounds
from gis.zonal import Grid, zonal
from tests.conftest import ROOT

SAMPLES = ROOT / "data" / "samples"
COPIED = Path(__file__).parent / "gb18218.csv"
KNOWN = {row["cas"]: row for row in csv.DictReader(COPIED.read_text(encoding="utf-8").splitlines())}
SOURCES: list[dict[str, Any]] = pq.read_table(SAMPLES / "hazard_sources.parquet").to_pylist()


def alpha(people: int) -> float:
    """Table 5, by people living within 500 m beyond the boundary."""
    return next(value for least, value in ((100, 2.0), (50, 1.5), (30, 1.2), (1, 1.0), (0, 0.5)) if people >= least)


def parts(source: dict[str, Any]) -> list[tuple[float, float]]:
    """q/Q and beta of every substance; amounts are kept in kilograms."""
    return [
        (float(kilograms) / 1000 / float(KNOWN[cas]["threshold_t"]), float(KNOWN[cas]["beta"]))
        for cas, kilograms in zip(source["cas_numbers"], source["quantities"], strict=True)
    ]


def test_the_worked_case_of_the_method_comes_out_right() -> None:
    case = {"cas_numbers": ["7664-41-7", "7782-50-5"], "quantities": ["100000", "60000"]}
    assert sum(share for share, _ in parts(case)) == pytest.approx(22)
    assert alpha(60) * sum(share * beta for share, beta in parts(case)) == pytest.approx(102)


def test_every_grade_follows_from_the_inventory_and_the_people_around() -> None:
    for source in SOURCES:
        held = parts(source)
        s = sum(share for share, _ in held)
        r = alpha(source["exposed_people"]) * sum(share * beta for share, beta in held)
        assert s >= 1, f"{source['code']} is below the threshold"
        assert source["s_value"] == pytest.approx(s, abs=5.1e-4), source["code"]
        assert source["r_value"] == pytest.approx(r, abs=5.1e-3), source["code"]
        assert source["alpha"] == alpha(source["exposed_people"]), source["code"]
        assert source["grade"] == (1 if r >= 100 else 2 if r >= 50 else 3 if r >= 10 else 4), source["code"]


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
        for grade in (1, 2, 3, 4):
            assert (firm[f"mhi_{grade}"] or 0) == counted.count((firm["uscc"], grade)), firm["uscc"]


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
