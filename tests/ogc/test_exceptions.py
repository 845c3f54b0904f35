"""Every exception code of the standards is brought by a request, in both languages, and the page of them is true."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import httpx
import numpy as np
import orjson
import pytest
from lxml import etree
from starlette.applications import Starlette

from app.imports.rasters import import_raster
from core.actors import SYSTEM_ACTOR
from core.caller import Caller, Right
from core.clock import utc_now
from core.texts import Lang
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from ogc.kvp import KVP
from ogc.oapi import oapi_routes
from ogc.oapi.views import view_routes
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from ogc.render.sources import GeoPackageRows
from ogc.services import Response, Services
from ogc.tiles.kept import KeptTiles
from ogc.tiles.pictures import TilePictures
from ogc.wcs import wcs
from ogc.wfs import wfs
from ogc.wms import wms
from ogc.wmts import wmts
from ogc.wmts.service import Wmts
from store.rasters import RasterShelf
from store.tilecache import TileCache
from tests.ogc.drawn_city import EVERYONE, built
from tests.ogc.exceptions import BEGIN, END, PAGE, ROWS, Row, table
from tests.ogc.loopback import served
from tests.ogc.schemas import compiled, schema_folder
from tests.ogc.test_oapi import Door
from tests.ogc.test_rasters import ABOUT, EAST, NORTH, SOUTH, STEP, WEST, hill
from tests.rasterfiles import geotiff

URL = "https://map.example/ogc/k/KEY/"
EDITOR = replace(
    EVERYONE,
    rights=frozenset({Right.SERVICES, Right.EDIT}),
    scope=replace(EVERYONE.scope, writable=frozenset({"shelters"})),
)
RIGHT = {
    "WMS": {
        "service": "WMS", "request": "GetMap", "layers": "enterprises", "styles": "", "crs": "CRS:84",
        "srs": "EPSG:4326",
        "bbox": f"{WEST},{SOUTH},{EAST},{NORTH}", "width": "64", "height": "64", "format": "image/png",
    },
    "WFS": {"service": "WFS", "request": "GetFeature", "typenames": "enterprises", "count": "1"},
    "WMTS": {
        "service": "WMTS", "request": "GetTile", "layer": "enterprises", "style": "", "format": "image/png",
        "tilematrixset": "WebMercatorQuad", "tilematrix": "3", "tilerow": "3", "tilecol": "6",
    },
    "WCS": {"service": "WCS", "request": "GetCoverage", "coverageid": "terrain"},
}  # fmt: skip


class City(NamedTuple):
    """The services over a small town, and their OGC API on a port."""

    services: Services
    tiles: Wmts
    api: Door
    address: str


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("exceptions")
    store = built(folder / "city.gpkg")
    shelf = RasterShelf(store, folder / "rasters", COVERAGES, utc_now)
    photo = np.stack([np.full((15, 20), value, np.uint8) for value in (200, 100, 50)])
    for name, cells in (("terrain", hill()), ("imagery", photo)):
        file = geotiff(folder / f"{name}.tif", cells, west=WEST, north=NORTH, step=STEP, nodata=None)
        import_raster(shelf, file, name, ABOUT, actor=SYSTEM_ACTOR)
    pool = DrawingPool(processes=1)
    renderer = MapnikRenderer(CATALOGUE, store, GeoPackageRows(folder / "city.gpkg"), folder, pool, shelf)
    kept = KeptTiles(store, TileCache(folder / "tiles.db", largest=1_000_000, maker="test"))
    services = Services(catalogue=CATALOGUE, store=store, renderer=renderer, shelf=shelf)

    def here(request: object, path: str) -> str:
        return URL + "api"

    api = Door(Starlette(routes=[*view_routes(services, here), *oapi_routes(services, here)]))
    with served(api) as address:
        yield City(services, Wmts(services, TilePictures(renderer, kept)), api, f"{address}/ogc/api")
    renderer.close()
    kept.close()
    store.close()


def given_of(row: Row, head: int) -> KVP:
    """The right request with what is wrong laid over it."""
    sent = {**RIGHT[row.service], "version": row.version, **row.sent}
    return KVP((name, value.format(head=head)) for name, value in sent.items() if value is not None)


def answered(row: Row, city: City, caller: Caller) -> Response:
    """What the service of a row says to it."""
    if row.service == "OGC API":
        city.api.caller = caller
        media = "application/geo+json"
        verb = "POST" if row.body else "GET"
        answer = httpx.request(
            verb, city.address + str(row.sent["path"]), content=row.body or None, timeout=60,
            headers={"accept-language": caller.lang.value, **({"content-type": media} if row.body else {})},
        )  # fmt: skip
        return Response(status=answer.status_code, media_type=answer.headers["content-type"], body=answer.content)
    given = given_of(row, city.services.store.head())
    match row.service:
        case "WMS":
            return wms(given, caller, city.services, URL + "wms")
        case "WMTS":
            return wmts(given, caller, city.tiles, URL + "wmts")
        case "WCS":
            return wcs(given, caller, city.services, URL + "wcs")
    return wfs(KVP([]) if row.body else given, row.body.encode(), caller, city.services, URL + "wfs")


def told(answer: Response) -> tuple[str | None, str | None, str]:
    """Code, locator and words, in whichever form they came."""
    if "json" in answer.media_type:
        said = orjson.loads(answer.content())
        return said["code"], None, said["detail"]
    (one,) = etree.fromstring(answer.content())
    return one.get("exceptionCode") or one.get("code"), one.get("locator"), "".join(map(str, one.itertext()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.service}-{row.version}-{row.code}")
def test_each_code_is_brought_by_its_request_in_both_languages(city: City, row: Row) -> None:
    said = {}
    for lang in Lang:
        answer = answered(row, city, replace(EDITOR, lang=lang))
        code, locator, words = told(answer)
        assert (code, answer.status, locator) == (row.code, row.status, row.locator), words
        assert any(word.lower() in words.lower() for word in row.words.split("|")), words
        said[lang] = words
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said[Lang.ZH]), said
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in said[Lang.EN]), said


def test_the_page_of_codes_is_the_table_that_is_tested() -> None:
    assert PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0].strip() == table(), (
        "run: python -m tests.ogc.exceptions"
    )


@pytest.mark.parametrize("service", ["WMS", "WMTS", "WCS"])
def test_the_language_of_a_request_is_that_of_its_refusal(city: City, service: str) -> None:
    row = next(one for one in ROWS if one.service == service and one.code == "OperationNotSupported")
    assert "not supported" in told(answered(replace(row, sent={**row.sent, "lang": "en"}), city, EVERYONE))[2]


@pytest.mark.parametrize("version", ["1.3.0", "1.1.1"])
@pytest.mark.parametrize(
    ("form", "media_type"),
    [("XML", "xml"), ("INIMAGE", "image/png"), ("BLANK", "image/png"), ("JSON", "application/json"),
     ("application/vnd.ogc.se_inimage", "image/png"), ("nonsense", "xml")],
)  # fmt: skip
def test_a_refused_map_comes_in_the_form_that_was_asked_for(
    city: City, version: str, form: str, media_type: str
) -> None:
    row = next(one for one in ROWS if one.service == "WMS" and one.code == "LayerNotDefined" and one.version == version)
    answer = answered(replace(row, sent={**row.sent, "exceptions": form}), city, EDITOR)
    assert media_type in answer.media_type
    if form == "JSON":
        (one,) = orjson.loads(answer.content())["exceptions"]
        assert (one["code"], one["locator"], "nowhere" in one["text"]) == ("LayerNotDefined", "layers", True)


def test_reports_of_wms_are_valid_by_their_schema(city: City, test_data: Path) -> None:
    schema_file = schema_folder(test_data) / "wms" / "1.3.0" / "exceptions_1_3_0.xsd"
    schema = compiled(schema_folder(test_data), ("http://www.opengis.net/ogc", str(schema_file)))
    for row in (one for one in ROWS if (one.service, one.version) == ("WMS", "1.3.0")):
        schema.assertValid(etree.fromstring(answered(row, city, EDITOR).content()))
