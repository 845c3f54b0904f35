"""OGC API Records, Coverages and Maps: what is told, cut and drawn is what the caller may see."""

import io
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from rasterio.io import MemoryFile
from starlette.applications import Starlette

from app.imports.rasters import import_raster
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from ogc.kvp import KVP
from ogc.oapi import oapi_routes
from ogc.oapi.views import view_routes
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from ogc.render.sources import GeoPackageRows
from ogc.services import Services
from ogc.wms import wms
from store.rasters import RasterShelf
from tests.ogc.drawn_city import EVERYONE, ONE_DISTRICT, PUBLIC, built
from tests.ogc.loopback import served
from tests.ogc.test_oapi import Door
from tests.ogc.test_rasters import ABOUT, EAST, NORTH, SOUTH, STEP, WEST, hill, people
from tests.rasterfiles import geotiff


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("kinds")
    store = built(folder / "city.gpkg")
    shelf = RasterShelf(store, folder / "rasters", COVERAGES, utc_now)
    for name, cells, nodata in (("population", people(), -1), ("terrain", hill(), None)):
        file = geotiff(folder / f"{name}.tif", cells, west=WEST, north=NORTH, step=STEP, nodata=nodata)
        import_raster(shelf, file, name, ABOUT, actor=SYSTEM_ACTOR)
    renderer = MapnikRenderer(
        CATALOGUE, store, GeoPackageRows(folder / "city.gpkg"), folder, DrawingPool(processes=1), shelf
    )
    yield Services(catalogue=CATALOGUE, store=store, renderer=renderer, shelf=shelf)
    renderer.close()
    store.close()


@pytest.fixture(scope="module")
def door(services: Services) -> Door:
    def here(request: object, path: str) -> str:
        return "http://testserver/ogc/k/KEY/api"

    return Door(Starlette(routes=[*view_routes(services, here), *oapi_routes(services, here)]))


@pytest.fixture(scope="module")
def address(door: Door) -> Iterator[str]:
    with served(door) as found:
        yield f"{found}/ogc/api"


@pytest.fixture
def client(door: Door, address: str) -> Iterator[httpx.Client]:
    door.caller = EVERYONE
    with httpx.Client(base_url=address, timeout=60) as opened:
        yield opened


def asked(client: httpx.Client, path: str, status: int = 200, **given: str) -> Any:
    answer = client.get(path, params=given)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_record_says_whose_when_how_exact_and_where_to_get_it(client: httpx.Client) -> None:
    one = asked(client, "/collections/records/items/enterprises")
    told = one["properties"]
    assert (told["type"], told["owner"], told["access"]) == ("dataset", CATALOGUE["enterprises"].owner.zh, "公开")
    assert told["updated"].endswith("Z")
    assert told["lineage"]
    assert told["frequency"]
    assert "http://www.opengis.net/def/crs/EPSG/0/4490" in told["crs"]
    assert one["geometry"]["type"] == "Polygon"
    assert all(link["href"].startswith("http://testserver/ogc/k/KEY/") for link in one["links"])
    raster = asked(client, "/collections/records/items/population", lang="en")["properties"]
    assert (raster["type"], raster["unit"]) == ("coverage", "{people}")
    assert "unverified" in raster["precision"]
    asked(client, "/collections/records/items/no_such", 404)


def test_records_are_found_by_word_kind_place_and_time(client: httpx.Client) -> None:
    def ids(**given: str) -> set[str]:
        return {one["id"] for one in asked(client, "/collections/records/items", limit="200", **given)["features"]}

    assert ids(ids="roads,water") == {"roads", "water"}
    assert ids(type="coverage") == {"population", "terrain"}
    assert "enterprises" in ids(q="企业")
    assert ids(q="没有这个词") == set()
    assert ids(bbox="0,0,1,1") == set()
    assert "enterprises" in ids(datetime="2020-01-01/..")
    assert ids(datetime="../2020-01-01") == set()
    first = asked(client, "/collections/records/items", limit="2")
    assert first["numberReturned"] == 2
    assert first["numberMatched"] > 2
    assert [link["rel"] for link in first["links"]] == ["self", "next"]
    for wrong in ({"limit": "0"}, {"bbox": "1,2"}, {"datetime": "soon"}, {"colour": "red"}):
        assert asked(client, "/collections/records/items", 400, **wrong)["code"] == "InvalidParameterValue"
    assert "责任单位" in client.get("/collections/records/items", params={"f": "html"}).text


def test_the_catalogue_lists_what_a_caller_may_see_and_no_more(door: Door, client: httpx.Client) -> None:
    every = {one["id"] for one in asked(client, "/collections/records/items", limit="200")["features"]}
    door.caller = PUBLIC
    public = {one["id"] for one in asked(client, "/collections/records/items", limit="200")["features"]}
    assert {"sensors", "population"} <= every - public
    assert "terrain" in public
    asked(client, "/collections/records/items/sensors", 404)
    asked(client, "/collections/population", 404)
    asked(client, "/collections/population/coverage", 404, f="json")
    asked(client, "/collections/population/map", 404)
    asked(client, "/collections/sensors/map", 404)
    assert "population" not in {one["id"] for one in asked(client, "/collections")["collections"]}


def test_a_coverage_is_described_and_cut(client: httpx.Client) -> None:
    told = asked(client, "/collections/population")
    assert told["extent"]["spatial"]["grid"][0]["cellsCount"] == 20
    chinese = asked(client, "/collections/population", lang="zh")["links"]
    titles = {link["rel"].rsplit("/", 1)[-1]: link["title"] for link in chinese}
    assert (titles["coverage"], titles["map"]) == ("栅格（GeoTIFF）", "地图（PNG）")
    assert asked(client, "/collections/population/schema")["properties"]["band1"]["x-ogc-unit"] == "{people}"
    answer = client.get(
        "/collections/population/coverage", params={"bbox": f"{WEST},{NORTH - 2 * STEP},{WEST + 3 * STEP},{NORTH}"}
    )
    assert answer.headers["content-type"] == "image/tiff"
    with MemoryFile(answer.content) as room, room.open() as file:
        assert (file.read(1) == people()[:2, :3]).all()
    subset = f"Lat({NORTH - 2 * STEP}:{NORTH}),Long({WEST}:{WEST + 3 * STEP})"
    found = asked(client, "/collections/population/coverage", f="json", subset=subset)
    band = found["ranges"]["band1"]
    assert band["shape"] == [2, 3]
    assert band["values"] == [float(v) for v in people()[:2, :3].ravel()]
    assert found["domain"]["axes"]["y"]["start"] == pytest.approx(NORTH - STEP / 2)
    assert found["parameters"]["band1"]["unit"]["symbol"] == "{people}"
    half = asked(client, "/collections/terrain/coverage", f="json", **{"scale-factor": "0.5"})
    assert half["ranges"]["band1"]["shape"] == [8, 10]
    for wrong in (
        {"scale-factor": "2"},
        {"subset": "Up(1:2)"},
        {"bbox": "0,0,1,1"},
        {"f": "png"},
        {"crs": "EPSG:1"},
        {"no": "1"},
    ):
        refused = asked(client, "/collections/population/coverage", 400, **wrong)
        assert refused["code"] == "InvalidParameterValue"
        assert refused["type"].startswith("urn:onemap:problem:")


def pixels(body: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(body)).convert("RGBA"), np.int16)


def test_a_map_is_the_picture_wms_draws(services: Services, client: httpx.Client) -> None:
    box = f"{WEST:g},{SOUTH:g},{EAST:g},{NORTH:g}"
    answer = client.get("/collections/enterprises/map", params={"bbox": box, "width": "400", "height": "300"})
    assert (answer.headers["content-type"], answer.headers["content-bbox"]) == ("image/png", box)
    same = wms(KVP({"service": "WMS", "version": "1.3.0", "request": "GetMap", "layers": "enterprises", "styles": "",
                    "crs": "CRS:84", "bbox": box, "width": "400", "height": "300", "format": "image/png",
                    "transparent": "TRUE"}.items()), EVERYONE, services, "http://x")  # fmt: skip
    assert (pixels(answer.content) == pixels(same.content())).all()
    flipped = client.get(
        "/collections/enterprises/map",
        params={"bbox": box, "width": "400", "height": "300", "crs": "http://www.opengis.net/def/crs/EPSG/0/4490"},
    )
    assert (pixels(flipped.content) == pixels(answer.content)).all()
    assert flipped.headers["content-bbox"].startswith(f"{SOUTH:g},")
    narrowed = client.get(
        "/collections/enterprises/map", params={"bbox": box, "width": "400", "height": "300", "filter": "risk = 1"}
    )
    assert 0 < (pixels(narrowed.content)[..., 3] > 0).sum() < (pixels(answer.content)[..., 3] > 0).sum()
    several = client.get("/map", params={"collections": "enterprises,roads", "width": "300", "f": "jpeg"})
    assert several.headers["content-type"] == "image/jpeg"
    assert pixels(client.get("/collections/terrain/map", params={"width": "50"}).content).shape[1] == 50
    told = asked(client, "/collections/enterprises")
    assert any(link["rel"].endswith("/map") for link in told["links"])
    for wrong in (
        {"width": "0"},
        {"width": "9999"},
        {"f": "gif"},
        {"crs": "EPSG:1"},
        {"bgcolor": "red"},
        {"no": "1"},
        {"filter": "x ="},
        {"mm-per-pixel": "9"},
    ):
        assert asked(client, "/collections/enterprises/map", 400, **wrong)["code"] == "InvalidParameterValue"
    asked(client, "/collections/no_such/map", 404)


def test_a_map_shows_no_other_district(door: Door, client: httpx.Client) -> None:
    box = {"bbox": f"{(WEST + EAST) / 2},{SOUTH},{EAST},{NORTH}", "width": "200"}
    assert (pixels(client.get("/collections/enterprises/map", params=box).content)[..., 3] > 0).any()
    door.caller = ONE_DISTRICT
    assert not (pixels(client.get("/collections/enterprises/map", params=box).content)[..., 3] > 0).any()
