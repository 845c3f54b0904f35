"""People inside a shape: sums by hand and of whole files, shares of edge cells, and what is said of none."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely

from app.imports.rasters import import_raster
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import Scope, Sensitivity
from core.texts import Lang
from dashboards.queries.people import people_inside
from dashboards.queries.within import circle
from gis.measure import area
from gis.shapes import Bounds, LonLat
from gis.zonal import inside
from layers.coverage import COVERAGES
from layers.readers.rasters import grids, values_at
from store.protocol import Store
from store.rasters import Provenance, RasterShelf
from tests.blank import blank_city
from tests.conftest import ROOT
from tests.rasterfiles import geotiff
from tests.readers import forked_readers

__all__ = ["forked_readers"]

pytestmark = pytest.mark.usefixtures("forked_readers")

STAFF = Scope(areas=("9901",), clearance=Sensitivity.INTERNAL)
PUBLIC = Scope(areas=("9901",), clearance=Sensitivity.PUBLIC)
CENSUS = Provenance(source="第七次人口普查", observed_at=datetime(2020, 10, 31, 16, tzinfo=UTC), verified=True)
DEMO = ROOT / "data" / "samples" / "rasters" / "population.tif"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = blank_city(tmp_path / "city.gpkg", utc_now)
    yield found
    found.close()


@pytest.fixture
def shelf(store: Store, tmp_path: Path) -> RasterShelf:
    return RasterShelf(store, tmp_path / "rasters", COVERAGES, utc_now)


def put(shelf: RasterShelf, file: Path) -> None:
    import_raster(shelf, file, "population", CENSUS, actor=SYSTEM_ACTOR)


def four(folder: Path) -> Path:
    """Cells of one degree/1000: 10 and 20 above, 30 and no data below; the top left corner at 121 E, 33 N."""
    return geotiff(folder / "four.tif", np.array([[10, 20], [30, -1]], np.int32))


@pytest.mark.parametrize(
    ("box", "people", "uncovered"),
    [
        ((121.000, 32.999, 121.001, 33.000), 10.0, 0.0),
        ((121.000, 32.998, 121.002, 33.000), 60.0, 0.25),
        ((121.0005, 32.9985, 121.0015, 32.9995), 15.0, 0.25),
        ((121.0010, 32.998, 121.0020, 32.999), 0.0, 1.0),
        ((120.999, 32.999, 121.001, 33.000), 10.0, 0.5),
        ((130.0, 40.0, 130.1, 40.1), 0.0, 1.0),
    ],
)
def test_a_box_holds_what_a_clerk_adds_up_by_hand(
    shelf: RasterShelf, tmp_path: Path, box: tuple[float, ...], people: float, uncovered: float
) -> None:
    put(shelf, four(tmp_path))
    answer = people_inside(shelf, shapely.box(*box), scope=STAFF, lang=Lang.ZH)
    assert answer is not None
    assert answer["people"] == pytest.approx(people, abs=1e-3)
    assert answer["uncovered"] == pytest.approx(uncovered, abs=1e-6)


def test_the_answer_says_year_source_resolution_and_that_it_is_an_estimate(shelf: RasterShelf, tmp_path: Path) -> None:
    put(shelf, four(tmp_path))
    answer = people_inside(shelf, circle(LonLat(121.001, 32.999), 50.0).outline, scope=STAFF, lang=Lang.ZH)
    assert answer is not None
    assert (answer["date"], answer["source"], answer["verified_text"]) == ("2020-11-01", "第七次人口普查", "已核实")
    assert answer["resolution"] == "约 93 × 110 m"
    assert "估算" in answer["method"]
    assert answer["area"] == pytest.approx(np.pi * 50**2, rel=1e-3)


def test_the_whole_demo_city_is_its_stated_total(shelf: RasterShelf) -> None:
    put(shelf, DEMO)
    with rasterio.open(DEMO) as raster:
        whole = shapely.box(*raster.bounds)
    answer = people_inside(shelf, whole, scope=STAFF, lang=Lang.ZH)
    assert answer is not None
    assert answer["people"] == 1_286_000


@pytest.mark.system
def test_a_real_raster_sums_to_what_its_file_sums_to(test_data: Path) -> None:
    path = test_data / "population" / "burundi_worldpop.tif"
    with rasterio.open(path) as raster:
        box = Bounds(*raster.bounds)
        total = float(raster.read(1, masked=True).astype(float).sum())
    assert inside(grids(path, box), box.polygon).total == total == 9_131_486


def test_strips_of_a_large_raster_add_up_to_the_whole(tmp_path: Path) -> None:
    cells = np.random.default_rng(5).integers(0, 50, (97, 61)).astype(np.int32)
    path = geotiff(tmp_path / "p.tif", cells)
    shape = shapely.Point(121.03, 32.955).buffer(0.028)
    box = Bounds(*shape.bounds)
    strips = list(grids(path, box, cells_at_once=200))
    assert len(strips) > 10
    one, many = inside(grids(path, box), shape), inside(strips, shape)
    assert many.total == pytest.approx(one.total)
    assert many.known == pytest.approx(one.known) == pytest.approx(1.0)


def test_a_circle_has_the_area_of_a_circle() -> None:
    assert area(circle(LonLat(121.8, 33.2), 3000.0).outline) == pytest.approx(np.pi * 3000**2, rel=2e-5)


def test_who_may_not_see_the_raster_is_told_nothing(shelf: RasterShelf, tmp_path: Path) -> None:
    put(shelf, four(tmp_path))
    assert people_inside(shelf, shapely.box(121, 32, 122, 33), scope=PUBLIC, lang=Lang.ZH) is None


def test_no_raster_and_a_lost_file_are_said(shelf: RasterShelf, tmp_path: Path) -> None:
    asked = shapely.box(121, 32.9, 121.1, 33)
    absent = people_inside(shelf, asked, scope=STAFF, lang=Lang.ZH)
    assert absent is not None
    assert (absent["state"], absent["note"]) == ("absent", "尚未装入人口栅格，无法估算")
    put(shelf, four(tmp_path))
    found = shelf.find("population", STAFF)
    assert found is not None
    found.path.unlink()
    failed = people_inside(shelf, asked, scope=STAFF, lang=Lang.EN)
    assert failed is not None
    assert failed["state"] == "failed"


def test_a_place_has_the_value_of_its_cell(tmp_path: Path) -> None:
    path = four(tmp_path)
    assert values_at(path, LonLat(121.0001, 32.9999)) == (10.0,)
    assert values_at(path, LonLat(121.0019, 32.9981)) is None
    assert values_at(path, LonLat(120.9, 33.0)) is None
