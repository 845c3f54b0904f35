"""The demo city: the same bytes at every run, and numbers that add up."""

import hashlib
import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import rasterio
import shapely

from layers.catalogue import CATALOGUE
from layers.identifiers import organisation_code_is_valid
from layers.layer import Geometry, Layer
from layers.validation import Terms, check
from scripts.city.firms import ALPHABET, WEIGHTS
from scripts.make_city import make
from tests.conftest import ROOT

SAMPLES = ROOT / "data" / "samples"
ABOUT = json.loads((SAMPLES / "city.json").read_text())


def test_the_generator_makes_the_committed_bytes_again(tmp_path: Path) -> None:
    assert make(tmp_path) == ABOUT["sha256"]


def test_the_committed_files_are_what_the_list_says_and_small() -> None:
    for name, digest in ABOUT["sha256"].items():
        assert hashlib.sha256((SAMPLES / name).read_bytes()).hexdigest() == digest
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 15_000_000


@pytest.mark.parametrize(
    ("layer", "least"),
    [("enterprises", 800), ("hazard_sources", 120), ("sensors", 2000), ("cameras", 200), ("accidents", 400)],
)
def test_there_is_enough_of_everything(layer: str, least: int) -> None:
    assert pq.read_metadata(SAMPLES / f"{layer}.parquet").num_rows >= least


def test_there_are_six_hundred_resources() -> None:
    kinds = ("teams", "depots", "materials", "hospitals", "shelters", "fire_stations")
    assert sum(pq.read_metadata(SAMPLES / f"{kind}.parquet").num_rows for kind in kinds) >= 600


def test_the_population_sums_to_its_stated_total() -> None:
    with rasterio.open(SAMPLES / "rasters" / "population.tif") as raster:
        assert int(raster.read(1, masked=True).sum()) == ABOUT["population"]
        assert raster.crs.to_epsg() == 4490


def test_every_credit_code_has_the_right_check_character() -> None:
    for code in pq.read_table(SAMPLES / "enterprises.parquet")["uscc"].to_pylist():
        total = sum(ALPHABET.index(c) * w for c, w in zip(code[:17], WEIGHTS, strict=True))
        assert code[17] == ALPHABET[(31 - total % 31) % 31]
        assert code.startswith("919901"), "the region is an invented one"
    bodies = [code[8:17] for code in pq.read_table(SAMPLES / "enterprises.parquet")["uscc"].to_pylist()]
    assert organisation_code_is_valid(bodies).all()


def test_sensors_are_two_thousand_cameras_two_hundred_and_accidents_four_hundred_over_five_years() -> None:
    count = {
        name: pq.read_metadata(SAMPLES / f"{name}.parquet").num_rows for name in ("sensors", "cameras", "accidents")
    }
    assert count == {"sensors": 2000, "cameras": 200, "accidents": 400}
    at = pq.read_table(SAMPLES / "accidents.parquet", columns=["occurred_at"])["occurred_at"]
    first, last = pc.min(at).as_py(), pc.max(at).as_py()
    reference = datetime.fromisoformat(ABOUT["reference"])
    assert reference - timedelta(days=5 * 366) < first < reference - timedelta(days=4 * 365)
    assert reference - timedelta(days=60) < last < reference
    assert {when.year for when in at.to_pylist()} >= set(range(2022, 2027))


def test_accident_levels_are_the_worst_that_deaths_injuries_or_loss_reach() -> None:
    """Decree 493 art. 3: 4 below three deaths, ten serious injuries and ten million yuan, 3 from there."""
    for row in pq.read_table(SAMPLES / "accidents.parquet").to_pylist():
        deaths, injured, loss = row["deaths"], row["serious_injuries"], row["direct_loss"]
        steps = [(30, 100, 1e8), (10, 50, 5e7), (3, 10, 1e7)]
        worst = next((n for n, (d, i, y) in enumerate(steps, 1) if deaths >= d or injured >= i or loss >= y), 4)
        assert row["level"] == worst, row["code"]


def test_money_of_firms_is_in_yuan_and_not_in_ten_thousands() -> None:
    firms = pq.read_table(SAMPLES / "enterprises.parquet")
    for name in ("revenue", "assets"):
        each = pc.min_max(pc.divide(firms[name], pc.cast(firms["employees"], "float64")))
        assert 100_000 < each["min"].as_py() < each["max"].as_py() < 2_000_000, name


def test_every_reference_leads_to_a_row_of_the_city() -> None:
    keys = {
        layer.id: set(pq.read_table(SAMPLES / f"{layer.id}.parquet", columns=[layer.key])[layer.key].to_pylist())
        for layer in CATALOGUE
        if (SAMPLES / f"{layer.id}.parquet").exists()
    }
    for layer in (layer for layer in CATALOGUE if layer.id in keys):
        table = pq.read_table(SAMPLES / f"{layer.id}.parquet")
        assert len(keys[layer.id]) == table.num_rows, f"{layer.id} repeats a key"
        for name, spec in layer.fields.items():
            if spec.refers and name in table.column_names:
                strays = set(table[name].to_pylist()) - {None, ""} - keys[spec.refers]
                assert not strays, f"{layer.id}.{name}: {sorted(strays)[:3]}"


def test_every_geometry_is_valid_and_off_the_coast_of_no_real_place() -> None:
    for layer in CATALOGUE:
        path = SAMPLES / f"{layer.id}.parquet"
        if path.exists() and layer.geometry is not Geometry.NONE:
            shapes = shapely.from_wkb(pq.read_table(path, columns=["geometry"])["geometry"].to_pylist())
            assert shapely.is_valid(shapes).all(), layer.id
            if layer.id not in ("water", "landuse"):
                west, south, east, north = shapely.total_bounds(shapes)
                assert (west > 121.5, south > 32.9, east < 122.3, north < 33.5) == (True,) * 4, layer.id


def test_phones_are_in_a_range_that_does_not_exist() -> None:
    for name in ("teams", "hospitals", "enterprises"):
        table = pq.read_table(SAMPLES / f"{name}.parquet")
        for column in (c for c in table.column_names if "phone" in c):
            assert all(re.fullmatch(r"0999-55\d\d-\d{4}", v) for v in table[column].to_pylist() if v)


def test_every_area_has_ground_and_districts_tile_the_city() -> None:
    rows = pq.read_table(SAMPLES / "areas.parquet", columns=["code", "level", "geometry"]).to_pylist()
    size = {row["code"]: shapely.area(shapely.from_wkb(row["geometry"])) for row in rows}
    assert min(size.values()) > 0
    districts = sum(size[row["code"]] for row in rows if row["level"] == "district")
    assert districts == pytest.approx(size["990100"], rel=1e-6)


@pytest.mark.parametrize(
    "layer", [layer for layer in CATALOGUE if (SAMPLES / f"{layer.id}.parquet").exists()], ids=lambda layer: layer.id
)
def test_the_city_passes_its_own_validation(layer: Layer) -> None:
    found = check(layer, pq.read_table(SAMPLES / f"{layer.id}.parquet"), Terms(on=date(2026, 11, 23)))
    assert not found.errors, found.listed(5)


def test_people_live_on_land() -> None:
    ground = pq.read_table(SAMPLES / "landuse.parquet")
    land = shapely.union_all(shapely.from_wkb(ground["geometry"].to_pylist()))
    with rasterio.open(SAMPLES / "rasters" / "population.tif") as raster:
        people = raster.read(1, masked=True).filled(0)
        rows, cols = np.nonzero(people > 0)
        dry = shapely.contains_xy(land, *raster.xy(rows, cols))
    assert people[rows, cols][~dry].sum() < 0.001 * people.sum()
