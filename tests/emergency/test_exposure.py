"""Who and what is inside zones of the demo city, against its own files counted another way."""

import re
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pyproj
import pytest
import rasterio
import shapely
from typer.testing import CliRunner

from app.cli import command_line
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from emergency.declared import declared
from emergency.exposure import Exposure, exposure
from emergency.result import result_of
from emergency.scenario import Period
from emergency.zones import Level, Zone, circle_zone, downwind_zone, nested
from gis.shapes import LonLat
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from store.embedded import open_embedded
from store.protocol import Store
from store.rasters import RasterShelf
from tests.conftest import ROOT
from tests.emergency.test_scenario import CHLORINE
from tests.server import demo_city

SAMPLES = ROOT / "data" / "samples"
GEOD = pyproj.Geod(ellps="WGS84")
RADII = (1500.0, 4000.0)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, RasterShelf]]:
    data = demo_city(tmp_path_factory.mktemp("exposed"))
    store = open_embedded(data / "city.gpkg", CATALOGUE, utc_now)
    yield store, RasterShelf(store, data / "rasters", COVERAGES, utc_now)
    store.close()


def level(severity: int) -> Level:
    return Level(name=Text("级", "level"), value=1.0 / severity, unit="1", severity=severity, verified=True)


def sample(layer: str) -> gpd.GeoDataFrame:
    """A layer of the demo city as its file has it."""
    table = pq.read_table(SAMPLES / f"{layer}.parquet")
    frame = table.drop_columns(["geometry"]).to_pandas()
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries.from_wkb(table["geometry"].to_pandas()), crs=4490)


@pytest.fixture(scope="module")
def worst() -> gpd.GeoSeries:
    """The hazard source of the highest grade, nearest to others of its kind: where a chain of accidents may begin."""
    return sample("hazard_sources").sort_values(["grade", "code"]).iloc[0]


@pytest.fixture(scope="module")
def source(worst: gpd.GeoSeries) -> LonLat:
    return LonLat(worst.geometry.x, worst.geometry.y)


@pytest.fixture(scope="module")
def circles(source: LonLat) -> tuple[Zone, ...]:
    return nested(
        [circle_zone(level(place), source, radius, model="test") for place, radius in enumerate(RADII, 1)]
    )  # fmt: skip


@pytest.fixture(scope="module")
def found(city: tuple[Store, RasterShelf], circles: tuple[Zone, ...], source: LonLat) -> Exposure:
    store, shelf = city
    return exposure(circles, source, store=store, shelf=shelf, scope=SYSTEM_SCOPE)


def way(source: LonLat, frame: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    forward, _, metres = GEOD.inv(
        np.full(len(frame), source.lon), np.full(len(frame), source.lat), frame.geometry.x, frame.geometry.y
    )
    return np.asarray(metres), np.asarray(forward) % 360.0


@pytest.mark.parametrize(
    ("layer", "table"),
    [
        ("protection_targets", "targets"), ("hospitals", "targets"), ("shelters", "targets"),
        ("hazard_sources", "hazards"), ("tanks", "hazards"),
    ],
)  # fmt: skip
def test_what_is_inside_is_what_lies_within_the_radius_at_its_distance_and_bearing(
    found: Exposure, source: LonLat, layer: str, table: str
) -> None:
    rows = sample(layer)
    metres, degrees = way(source, rows)
    inside = metres < RADII[1]
    expected = {
        key: (far, turn, 1 if far < RADII[0] else 2)
        for key, far, turn in zip(rows["code"][inside], metres[inside], degrees[inside], strict=True)
    }
    every = getattr(found, table)
    got = every[every["layer"] == layer]
    assert set(got["key"]) == set(expected)
    for row in got.itertuples():
        far, turn, severity = expected[row.key]
        assert row.distance == pytest.approx(far, abs=0.01)
        assert abs((row.bearing - turn + 180.0) % 360.0 - 180.0) < 0.01 or far < 1.0
        assert row.severity == severity
    assert (np.diff(every["distance"]) >= 0).all()


def test_there_is_something_to_be_found(found: Exposure) -> None:
    assert min(len(table) for table in (found.targets, found.hazards, found.roads)) > 0
    assert found.people is not None
    assert found.people[1].residents > found.people[0].residents > 0.0


def test_people_are_those_of_the_cells_inside_counted_in_a_hundred_parts(
    found: Exposure, circles: tuple[Zone, ...]
) -> None:
    with rasterio.open(SAMPLES / "rasters" / "population.tif") as raster:
        cells = raster.read(1, masked=True).astype(float).filled(0.0)
        rows, columns = (np.arange(10 * size) for size in cells.shape)
        west, north, (width, height) = raster.bounds.left, raster.bounds.top, raster.res
    lon, lat = west + width * (columns + 0.5) / 10.0, north - height * (rows + 0.5) / 10.0
    parts = np.kron(cells, np.ones((10, 10))) / 100.0
    assert found.people is not None
    for zone, people in zip(circles, found.people, strict=True):
        west, south, east, north = zone.shape.bounds
        x, y = (lon > west) & (lon < east), (lat > south) & (lat < north)
        grid = np.meshgrid(lon[x], lat[y])
        hit = shapely.contains_xy(zone.shape, *grid)
        assert people.residents == pytest.approx(float(parts[np.ix_(y, x)][hit].sum()), rel=0.01)


def test_roads_inside_have_the_length_that_lies_inside(found: Exposure, source: LonLat) -> None:
    """On a plane round the source, where a circle is a circle."""
    plane = f"+proj=aeqd +lon_0={source.lon} +lat_0={source.lat} +ellps=GRS80"
    roads = sample("roads").to_crs(plane).set_index("code")
    round_it = shapely.Point(0.0, 0.0).buffer(RADII[1], quad_segs=180)
    inside = roads.geometry.intersection(round_it)
    expected = inside[~inside.is_empty]
    assert found.roads is not None
    got = found.roads.set_index("key")
    assert set(got.index) == set(expected.index)
    assert got["length_inside"].sum() == pytest.approx(expected.length.sum(), rel=1e-4)
    nearest = expected.distance(shapely.Point(0.0, 0.0))
    assert (got["distance"] - nearest.loc[got.index]).abs().max() < 15.0


def test_the_source_that_is_releasing_is_not_among_the_others(
    city: tuple[Store, RasterShelf], circles: tuple[Zone, ...], source: LonLat, worst: gpd.GeoSeries, found: Exposure
) -> None:
    store, shelf = city
    others = exposure(circles, source, store=store, shelf=shelf, scope=SYSTEM_SCOPE, releasing=worst["code"]).hazards
    assert others is not None
    assert found.hazards is not None
    assert worst["code"] in set(found.hazards["key"])
    assert worst["code"] not in set(others["key"])
    assert worst["code"] not in set(others["hazard_source"])
    assert len(others) > 0


def test_counts_by_kind_are_those_of_the_files(found: Exposure, source: LonLat) -> None:
    counts = found.counts()
    assert counts["count"].sum() == sum(len(one) for one in (found.targets, found.hazards, found.roads))
    rows = sample("protection_targets")
    inside = rows[way(source, rows)[0] < RADII[1]]
    got = counts[counts["layer"] == "protection_targets"].groupby("kind")["count"].sum()
    assert got.to_dict() == inside["kind"].value_counts().to_dict()


@pytest.mark.parametrize("period", list(Period))
def test_declared_people_stand_apart_by_register_and_time_of_day(
    found: Exposure, circles: tuple[Zone, ...], source: LonLat, period: Period
) -> None:
    told = {(one.layer, one.severity): one for one in declared(found, circles, period)}
    targets = sample("protection_targets")
    metres = way(source, targets)[0]
    for severity, radius in enumerate(RADII, 1):
        near = targets[metres < radius]
        assert told["protection_targets", severity].people == near[f"people_{period}"].sum()
        assert told["protection_targets", severity].rows == len(near)
    firms = sample("enterprises")
    near = firms[way(source, firms)[0] < RADII[1]]
    if period is Period.NIGHT:
        assert not any(layer == "enterprises" for layer, _ in told)
    else:
        assert told["enterprises", 2].people == near["employees"].sum()
    sites = told["sites", 2]
    assert (sites.people, sites.silent) == (None, sites.rows)
    assert sites.rows > 0


def test_a_caller_is_told_only_what_they_may_see_and_which_kinds_are_left_out(
    city: tuple[Store, RasterShelf], circles: tuple[Zone, ...], source: LonLat, found: Exposure
) -> None:
    store, shelf = city
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
    seen = exposure(circles, source, store=store, shelf=shelf, scope=public)
    assert (seen.people, seen.hazards) == (None, None)
    assert [one.en for one in seen.left_out] == ["people", "hazard sources"]
    assert seen.targets is not None
    assert "people_day" not in seen.targets.columns
    assert found.targets is not None
    assert "people_day" in found.targets.columns
    elsewhere = Scope(areas=("110101",), clearance=Sensitivity.INTERNAL)
    there = exposure(circles, source, store=store, shelf=shelf, scope=elsewhere).hazards
    assert there is not None
    assert len(there) == 0


def test_nothing_is_inside_a_level_that_is_not_reached(city: tuple[Store, RasterShelf], source: LonLat) -> None:
    store, shelf = city
    empty = downwind_zone(level(1), source, 0.0, np.empty((0, 2)), model="test")
    seen = exposure([empty], source, store=store, shelf=shelf, scope=SYSTEM_SCOPE)
    assert seen.people is not None
    assert seen.people[0].residents == 0.0
    assert [len(table) for table in (seen.targets, seen.hazards, seen.roads)] == [0, 0, 0]
    assert seen.counts()["count"].sum() == 0


def test_each_kind_of_data_says_its_age(found: Exposure) -> None:
    ages = {one.name: one for one in found.data}
    assert ages["population"].observed_at is not None
    assert ages["population"].version
    assert set(ages) >= {"protection_targets", "hospitals", "shelters", "hazard_sources", "tanks", "roads"}
    assert len({one.version for name, one in ages.items() if name != "population"}) == 1


def test_a_leak_is_told_from_file_to_people_on_the_command_line(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, source: LonLat
) -> None:
    data = demo_city(tmp_path_factory.mktemp("told"))
    file = tmp_path / "leak.yaml"
    told = CHLORINE.replace("{lon: 121.62, lat: 33.21}", f"{{lon: {source.lon}, lat: {source.lat}}}")

    def ask(text: str) -> str:
        file.write_text(text)
        asked = ["scenario", "run", str(file), "--data", str(data), "-o", str(tmp_path / "result.json")]
        return CliRunner().invoke(command_line("scenario"), asked, catch_exceptions=False).output

    printed = ask(told)
    assert re.search(r"AEGL-1 60 min 0\.5 ppm: 约 [\d,]+ 人", printed)
    assert "重大危险源 / Major hazard sources" in printed
    result = result_of((tmp_path / "result.json").read_bytes())
    assert all(zone.band is not None for zone in result.zones)
    assert any(one.name == "wind-turning" for one in result.receipt.data)
    elsewhere = ask(told.replace(f"lon: {source.lon}", "lon: 100"))
    assert "没有人口数据 / no population data" in elsewhere
    assert "人 / about" not in elsewhere
    assert all(zone.band is None for zone in result_of((tmp_path / "result.json").read_bytes()).zones)
