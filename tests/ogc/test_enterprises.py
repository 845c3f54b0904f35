"""What one firm is shown of the whole city through the OGC doors is what a city of that firm alone would show."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import numpy as np
import pytest
import shapely
from lxml import etree
from PIL import Image
from starlette.applications import Starlette

from app.wiring import rows_of
from core.caller import Caller
from core.clock import utc_now
from gis.shapes import Bounds
from layers.catalogue import CATALOGUE, ENTERPRISES, HOSPITALS, SITES
from layers.layer import Layer
from ogc.kvp import KVP
from ogc.oapi import oapi_routes
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from ogc.services import Response, Services
from ogc.wfs import wfs
from ogc.wms import wms
from store.embedded import open_embedded
from store.postgis import open_postgis
from store.protocol import Store
from store.query import Query
from tests.ogc.drawn_city import EAST, EVERYONE, NORTH, SOUTH, WEST, load, wkb
from tests.ogc.loopback import served
from tests.ogc.test_oapi import Door

OURS, OTHERS = "91990102MA00000001", "91990102MA00000002"
FIRM = replace(EVERYONE, scope=replace(EVERYONE.scope, enterprises=frozenset({OURS})))
NOBODY = replace(EVERYONE, scope=replace(EVERYONE.scope, enterprises=frozenset()))
HERE, THERE = shapely.Point(WEST + 0.02, SOUTH + 0.03), shapely.Point(EAST - 0.02, NORTH - 0.03)
LAYERS = "enterprises,sites,hospitals"


def filled(store: Store, firms: dict[str, shapely.Point]) -> Store:
    """A firm with a fenced site at each place, and a hospital everybody sees."""
    keys, places, count = list(firms), list(firms.values()), len(firms)
    load(store, ENTERPRISES, uscc=keys, name=[f"企业{key[-1]}" for key in keys], sector=["hazchem"] * count,
         risk=[1] * count, area=["990102001"] * count, geometry=wkb(*places))  # fmt: skip
    load(store, SITES, code=[f"S-{key[-1]}" for key in keys], name=["厂区"] * count, enterprise=keys,
         area=["990102001"] * count,
         geometry=wkb(*(shapely.MultiPolygon([place.buffer(0.008)]) for place in places)))  # fmt: skip
    load(store, HOSPITALS, code=["H1"], name=["人民医院"], area=["990106001"],
         geometry=wkb(shapely.Point((WEST + EAST) / 2, SOUTH + 0.06)))  # fmt: skip
    return store


@dataclass(frozen=True)
class Cities:
    """The whole city, and one in which there is only our firm."""

    whole: Services
    alone: Services


@pytest.fixture(scope="module", params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def cities(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cities]:
    pool = DrawingPool(processes=1)
    found: list[Services] = []
    for name, firms in (("whole", {OURS: HERE, OTHERS: THERE}), ("alone", {OURS: HERE})):
        folder = Path(tmp_path_factory.mktemp(name))
        if request.param == "embedded":
            store: Store = open_embedded(folder / "city.gpkg", CATALOGUE, utc_now)
        else:
            url = request.getfixturevalue("postgres_url")
            store = open_postgis(url, CATALOGUE, utc_now, f"firms_{name}")
        filled(store, firms)
        renderer = MapnikRenderer(CATALOGUE, store, rows_of(store), folder, pool)
        found.append(Services(catalogue=CATALOGUE, store=store, renderer=renderer))
    yield Cities(*found)
    pool.close()
    for services in found:
        services.store.close()


def map_of(services: Services, caller: Caller, **given: str) -> Response:
    asked = {
        "service": "WMS", "version": "1.3.0", "request": "GetMap", "layers": LAYERS, "styles": "", "width": "400",
        "height": "300", "format": "image/png", "crs": "CRS:84", "bbox": f"{WEST},{SOUTH},{EAST},{NORTH}", **given,
    }  # fmt: skip
    return wms(KVP(asked.items()), caller, services, "http://127.0.0.1/ogc/wms")


def pixels(answer: Response) -> np.ndarray:
    assert answer.media_type.startswith("image/"), answer.content()[:300]
    return np.asarray(Image.open(io.BytesIO(answer.content())).convert("RGBA"), np.int16)


def features(services: Services, caller: Caller, **given: str) -> Response:
    asked = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", **given}
    return wfs(KVP(asked.items()), b"", caller, services, "http://127.0.0.1/ogc/wfs")


def properties(answer: Response) -> list[dict[str, object]]:
    """Features as GeoJSON without what the feed numbers."""
    assert answer.status == 200, answer.content()
    return [{"id": one["id"], **one["properties"]} for one in json.loads(answer.content())["features"]]


def test_a_map_is_the_one_of_a_city_without_the_others(cities: Cities) -> None:
    ours, alone = pixels(map_of(cities.whole, FIRM)), pixels(map_of(cities.alone, EVERYONE))
    assert (ours == alone).all()
    assert (ours != pixels(map_of(cities.whole, EVERYONE))).any()
    where_others_lie = {"bbox": f"{EAST - 0.03},{NORTH - 0.04},{EAST},{NORTH}"}
    window = pixels(map_of(cities.whole, FIRM, **where_others_lie))
    assert (window == window[0, 0]).all()


def test_who_acts_for_no_enterprise_is_drawn_what_everybody_shares(cities: Cities) -> None:
    shared = pixels(map_of(cities.whole, EVERYONE, layers="hospitals"))
    assert (pixels(map_of(cities.whole, NOBODY)) == shared).all()


@pytest.mark.parametrize("form", ["application/json", "text/plain", "text/html"])
def test_a_click_on_a_firm_of_others_meets_nothing(cities: Cities, form: str) -> None:
    x, y = round((THERE.x - WEST) / (EAST - WEST) * 400), round((NORTH - THERE.y) / (NORTH - SOUTH) * 300)
    asked = {"request": "GetFeatureInfo", "query_layers": LAYERS, "info_format": form, "i": str(x), "j": str(y)}
    assert OTHERS in map_of(cities.whole, EVERYONE, **asked).content().decode()
    told = map_of(cities.whole, FIRM, **asked).content().decode()
    assert OTHERS not in told
    assert "S-2" not in told


@pytest.mark.parametrize("layer", ["enterprises", "sites", "hospitals"])
def test_features_and_their_number_are_those_of_a_city_without_the_others(cities: Cities, layer: str) -> None:
    given = {"typenames": f"onemap:{layer}", "outputformat": "application/json"}
    assert properties(features(cities.whole, FIRM, **given)) == properties(features(cities.alone, EVERYONE, **given))
    hits = {"typenames": f"onemap:{layer}", "resulttype": "hits"}
    matched = [
        etree.fromstring(features(services, caller, **hits).content()).get("numberMatched")
        for services, caller in ((cities.whole, FIRM), (cities.alone, EVERYONE))
    ]
    assert matched == ["1", "1"]


@pytest.mark.parametrize(
    "test",
    [
        f"<fes:PropertyIsEqualTo><fes:ValueReference>enterprise</fes:ValueReference><fes:Literal>{OTHERS}</fes:Literal>"
        "</fes:PropertyIsEqualTo>",
        f"<fes:Not><fes:PropertyIsEqualTo><fes:ValueReference>enterprise</fes:ValueReference><fes:Literal>{OURS}"
        "</fes:Literal></fes:PropertyIsEqualTo></fes:Not>",
        '<fes:ResourceId rid="sites.S-2"/>',
    ],
)
def test_no_filter_asks_for_the_features_of_others(cities: Cities, test: str) -> None:
    filter_ = f'<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0">{test}</fes:Filter>'
    given = {"typenames": "onemap:sites", "outputformat": "application/json", "filter": filter_}
    assert [one["id"] for one in properties(features(cities.whole, EVERYONE, **given))] == ["S-2"]
    assert properties(features(cities.whole, FIRM, **given)) == []


@pytest.mark.parametrize("layer", [ENTERPRISES, SITES], ids=lambda layer: layer.id)
def test_counts_and_extents_are_of_their_own_rows_and_remembered_apart(cities: Cities, layer: Layer) -> None:
    figures, alone = cities.whole.figures, cities.alone.figures
    for _ in range(2):
        assert figures.count(layer, Query(), EVERYONE.scope) == 2
        assert figures.count(layer, Query(), FIRM.scope) == 1
        assert figures.count(layer, Query(), NOBODY.scope) == 0
        assert figures.extent(layer, FIRM.scope) == alone.extent(layer, EVERYONE.scope)
        assert isinstance(figures.extent(layer, EVERYONE.scope), Bounds)
        assert figures.extent(layer, NOBODY.scope) is None


@pytest.fixture(scope="module")
def client(cities: Cities) -> Iterator[httpx.Client]:
    """OGC API Features of the whole city for who acts for our firm."""
    door = Door(Starlette(routes=oapi_routes(cities.whole, lambda request, path: "http://testserver/ogc/api")))
    door.caller = FIRM
    with served(door) as address, httpx.Client(base_url=f"{address}/ogc/api") as opened:
        yield opened


def test_items_one_item_and_the_extent_are_of_their_own_rows(client: httpx.Client) -> None:
    for layer, own, other in (("enterprises", OURS, OTHERS), ("sites", "S-1", "S-2")):
        page = client.get(f"/collections/{layer}/items").json()
        assert ([one["id"] for one in page["features"]], page["numberMatched"]) == ([own], 1)
        assert client.get(f"/collections/{layer}/items/{own}").status_code == 200
        assert client.get(f"/collections/{layer}/items/{other}").status_code == 404
        (box,) = client.get(f"/collections/{layer}").json()["extent"]["spatial"]["bbox"]
        assert box[2] < THERE.x - 0.01
    page = client.get(
        "/collections/sites/items", params={"filter": f"enterprise = '{OTHERS}' OR enterprise <> '{OURS}'"}
    )
    assert page.json()["features"] == []
