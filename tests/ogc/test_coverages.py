"""WCS 2.0.1: pieces of rasters are the raster's own cells, and absent for whom they are not."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
from lxml import etree
from owslib.wcs import WebCoverageService
from rasterio.io import MemoryFile
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response as Answer
from starlette.routing import Route

from app.imports.rasters import import_raster
from core.actors import SYSTEM_ACTOR
from core.caller import Caller
from core.clock import utc_now
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from ogc.kvp import KVP
from ogc.services import Response, Services
from ogc.wcs import wcs
from store.rasters import RasterShelf
from tests.ogc.drawn_city import EVERYONE, PUBLIC, built
from tests.ogc.loopback import served
from tests.ogc.schemas import Offline, schema_folder
from tests.ogc.test_rasters import ABOUT, EAST, NORTH, SOUTH, STEP, WEST, hill, people
from tests.rasterfiles import geotiff

URL = "https://map.example/ogc/k/KEY/wcs"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("coverages")
    store = built(folder / "city.gpkg")
    shelf = RasterShelf(store, folder / "rasters", COVERAGES, utc_now)
    for name, cells, nodata in (("population", people(), -1), ("terrain", hill(), None)):
        file = geotiff(folder / f"{name}.tif", cells, west=WEST, north=NORTH, step=STEP, nodata=nodata)
        import_raster(shelf, file, name, ABOUT, actor=SYSTEM_ACTOR)
    yield Services(catalogue=CATALOGUE, store=store, shelf=shelf)
    store.close()


def ask(services: Services, *subsets: str, caller: Caller = EVERYONE, **given: str) -> Response:
    asked = {"service": "WCS", "version": "2.0.1", "request": "GetCoverage", "coverageid": "population", **given}
    return wcs(KVP([*asked.items(), *(("SUBSET", one) for one in subsets)]), caller, services, URL)


def opened(answer: Response) -> tuple[np.ndarray, rasterio.Affine, dict[str, str], str]:
    assert answer.media_type == "image/tiff", answer.content()[:400]
    with MemoryFile(answer.content()) as room, room.open() as file:
        return file.read(), file.transform, file.tags(), str(file.crs)


def code_of(answer: Response) -> tuple[str | None, int]:
    found = etree.fromstring(answer.content()).find("{http://www.opengis.net/ows/2.0}Exception")
    assert found is not None, answer.content()
    return found.get("exceptionCode"), answer.status


def test_the_whole_coverage_is_the_raster_and_says_whose_it_is(services: Services) -> None:
    cells, place, tags, crs = opened(ask(services))
    assert (cells[0] == people()).all()
    assert (place.c, place.f, place.a) == pytest.approx((WEST, NORTH, STEP))
    assert (tags["SOURCE"], tags["UNIT"], tags["VERIFIED"]) == ("第七次人口普查", "{people}", "no (unverified)")
    assert crs == "EPSG:4490"


def test_a_subset_is_the_cells_whose_middle_lies_in_it(services: Services) -> None:
    east, north = WEST + 5 * STEP, NORTH - 3 * STEP
    cells, place, *_ = opened(ask(services, f"Long({east},{east + 4 * STEP})", f"Lat({north - 2 * STEP},{north})"))
    assert (cells[0] == people()[3:5, 5:9]).all()
    assert (place.c, place.f) == pytest.approx((east, north))
    open_ended, *_ = opened(ask(services, f"Long(*,{east})", f"Lat({north},*)"))
    assert (open_ended[0] == people()[:3, :5]).all()
    within, *_ = opened(ask(services, f"Long({WEST - 9},{WEST + STEP})"))
    assert (within[0] == people()[:, :1]).all()


def test_a_subset_in_metres_lies_where_the_same_in_degrees_lies(services: Services) -> None:
    x, y = pyproj.Transformer.from_crs(4490, 3857, always_xy=True).transform(
        [WEST + 2 * STEP, WEST + 6 * STEP], [NORTH - 7 * STEP, NORTH - 4 * STEP]
    )
    answer = ask(services, f"X({x[0]},{x[1]})", f"Y({y[0]},{y[1]})", outputcrs="EPSG:4490",
                 subsettingcrs="http://www.opengis.net/def/crs/EPSG/0/3857")  # fmt: skip
    assert (opened(answer)[0][0] == people()[4:7, 2:6]).all()


def test_heights_are_scaled_and_projected_and_counts_are_not(services: Services) -> None:
    half, place, *_ = opened(ask(services, coverageid="terrain", scalefactor="2"))
    assert half.shape == (1, 30, 40)
    assert (place.a, place.e) == pytest.approx((STEP / 2, -STEP / 2))
    assert abs(float(half.max()) - float(hill().max())) < 40
    sized, *_ = opened(ask(services, coverageid="terrain", scalesize="Long(10)"))
    assert sized.shape == (1, 8, 10)
    metres, place, _, crs = opened(ask(services, coverageid="terrain", outputcrs="EPSG:3857"))
    assert crs == "EPSG:3857"
    assert place.c == pytest.approx(WEST * 111319.490793, abs=1)
    assert float(np.nanmax(metres)) == pytest.approx(float(hill().max()), abs=40)
    for given in ({"scalefactor": "2"}, {"outputcrs": "EPSG:3857"}, {"scalesize": "Lat(5)"}):
        refused = ask(services, **given)
        assert code_of(refused)[1] == 404
        assert "计数" in refused.content().decode()


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        ({"scalefactor": "2"}, (1, 30, 40)),
        ({"scaleaxes": "Long(2)"}, (1, 15, 40)),
        ({"scaleaxes": "Lat(0.2),Long(0.5)"}, (1, 3, 10)),
        ({"scalesize": "Long(8),Lat(6)"}, (1, 6, 8)),
        ({"scaleextent": "Long(10:17),Lat(0:5)"}, (1, 6, 8)),
        ({"rangesubset": "band1:band1"}, (1, 15, 20)),
    ],
)
def test_each_way_of_scaling_gives_the_size_it_says(
    services: Services, given: dict[str, str], shape: tuple[int, int, int]
) -> None:
    assert opened(ask(services, coverageid="terrain", **given))[0].shape == shape


@pytest.mark.parametrize(
    ("subsets", "given", "code"),
    [
        ((), {"coverageid": "no_such"}, "NoSuchCoverage"),
        ((), {"request": "DescribeCoverage", "coverageid": ""}, "emptyCoverageIdList"),
        (("Height(1,2)",), {}, "InvalidAxisLabel"),
        (("Lat(1,2)", "lat(1,2)"), {}, "InvalidAxisLabel"),
        (("Lat(33.15,33.12)",), {}, "InvalidSubsetting"),
        (("Lat(33.15)",), {}, "InvalidSubsetting"),
        (("Lat(a,b)",), {}, "InvalidSubsetting"),
        (("Lat(nan,34)",), {}, "InvalidSubsetting"),
        (("Long(10,11)",), {}, "InvalidSubsetting"),
        (("Lat(1,2",), {}, "InvalidSubsetting"),
        ((), {"subsettingcrs": "EPSG:2"}, "SubsettingCrs-NotSupported"),
        ((), {"outputcrs": "EPSG:2"}, "OutputCrs-NotSupported"),
        ((), {"format": "image/png"}, "InvalidParameterValue"),
        ((), {"coverageid": "terrain", "scalefactor": "-1"}, "InvalidScaleFactor"),
        ((), {"coverageid": "terrain", "scalesize": "Long(99999999)"}, "InvalidScaleFactor"),
        ((), {"coverageid": "terrain", "scalefactor": "100", "scalesize": ""}, "InvalidSubsetting"),
        ((), {"coverageid": "terrain", "scaleaxes": "Lat(0)"}, "InvalidScaleFactor"),
        ((), {"coverageid": "terrain", "scaleextent": "Lat(1)"}, "InvalidExtent"),
        ((), {"coverageid": "terrain", "scalefactor": "2", "scaleaxes": "Lat(2)"}, "InvalidParameterValue"),
        ((), {"rangesubset": "band2"}, "NoSuchField"),
        ((), {"version": "1.1.0"}, "InvalidParameterValue"),
        ((), {"request": "Nonsense"}, "OperationNotSupported"),
        ((), {"request": "GetCapabilities", "acceptversions": "1.0.0"}, "VersionNegotiationFailed"),
    ],
)
def test_what_cannot_be_is_refused_with_the_code_of_the_standard(
    services: Services, monkeypatch: pytest.MonkeyPatch, subsets: tuple[str, ...], given: dict[str, str], code: str
) -> None:
    monkeypatch.setattr("ogc.coverage.cutting.MOST_CELLS", 100_000)
    assert code_of(ask(services, *subsets, **given))[0] == code


def test_documents_are_valid_and_describe_the_grid(services: Services, test_data: Path) -> None:
    folder = schema_folder(test_data)
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Offline(folder))
    schema = etree.XMLSchema(etree.parse(str(folder / "wcs/2.0/wcsAll.xsd"), parser))
    told = etree.fromstring(ask(services, request="GetCapabilities").content())
    schema.assertValid(told)
    assert [one.text for one in told.iter("{*}CoverageId")] == ["population", "terrain"]
    described = etree.fromstring(ask(services, request="DescribeCoverage", coverageid="population,terrain").content())
    schema.assertValid(described)
    low = next(described.iter("{*}lowerCorner"))
    assert [float(v) for v in str(low.text).split()] == pytest.approx([SOUTH, WEST])
    assert pytest.approx(WEST + 20 * STEP) == EAST


def test_owslib_and_gdal_read_the_cells(services: Services, tmp_path: Path) -> None:
    gdal = shutil.which("gdal_translate")
    if gdal is None:
        pytest.fail("gdal-bin is missing; make test installs it")

    def door(request: Request) -> Answer:
        found = wcs(KVP.of_query(request.url.query), EVERYONE, services, str(request.url).partition("?")[0])
        return Answer(found.content(), status_code=found.status, media_type=found.media_type)

    with served(Starlette(routes=[Route("/wcs", door)])) as address:
        client = WebCoverageService(f"{address}/wcs", version="2.0.1")
        trims = [("Long", WEST, WEST + 2 * STEP), ("Lat", SOUTH, SOUTH + 3 * STEP)]
        body = client.getCoverage(identifier="population", format="image/tiff", subsets=trims).read()
        target, source = tmp_path / "copy.tif", f"WCS:{address}/wcs?version=2.0.1&coverage=population"
        home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "no_proxy": "127.0.0.1"}
        subprocess.run([gdal, "-q", source, str(target)], check=True, env=home, timeout=60)
    with MemoryFile(body) as room, room.open() as file:
        assert (file.read(1) == people()[-3:, :2]).all()
    with rasterio.open(target) as copy:
        assert (copy.read(1) == people()).all()
        assert copy.crs.to_epsg() == 4490


def test_the_public_finds_no_coverage_it_may_not_see(services: Services) -> None:
    told = ask(services, caller=PUBLIC, request="GetCapabilities").content()
    assert b"population" not in told
    assert b"terrain" in told
    assert code_of(ask(services, caller=PUBLIC)) == ("NoSuchCoverage", 404)
    assert code_of(ask(services, caller=PUBLIC, request="DescribeCoverage")) == ("NoSuchCoverage", 404)
