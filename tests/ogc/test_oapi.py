"""OGC API Features behind its routes: pages, systems, filters, rights, two languages, nothing fetched from afar."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from core.caller import Caller, current_caller
from core.texts import Lang
from layers.catalogue import ENTERPRISES
from layers.codes import code_list
from ogc.oapi import oapi_routes
from ogc.oapi.schemas import property_schema
from ogc.services import Services
from tests.ogc.loopback import served
from tests.ogc.wells import OFFICER, PUBLIC

ADDRESS = "http://testserver/ogc/k/some-key/api"
CRS = "http://www.opengis.net/def/crs/"
SEEN = 23


class Door:
    """Stands where the guard stands: says who calls."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.caller: Caller = OFFICER

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        current_caller.set(self.caller)
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def door(wells_served: Services) -> Door:
    return Door(Starlette(routes=oapi_routes(wells_served, lambda request, path: ADDRESS)))


@pytest.fixture(scope="module")
def address(door: Door) -> Iterator[str]:
    with served(door) as found:
        yield found


@pytest.fixture
def client(door: Door, address: str) -> Iterator[httpx.Client]:
    door.caller = OFFICER
    with httpx.Client(base_url=f"{address}/ogc/api") as opened:
        yield opened


def asked(client: httpx.Client, path: str, status: int = 200, **given: Any) -> Any:
    answer = client.get(path, params=given)
    assert answer.status_code == status, answer.text
    return json.loads(answer.content)


def test_the_landing_page_leads_everywhere_under_the_callers_own_address(client: httpx.Client) -> None:
    links = {link["rel"]: link["href"] for link in asked(client, "/")["links"]}
    assert {"service-desc", "conformance", "data"} <= set(links)
    assert all(href.startswith(ADDRESS) for href in links.values())
    claimed = asked(client, "/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter" in claimed
    asked(client, "/collections/records/items", 400, sortby="title")
    assert not any("records-1" in one and one.endswith("/sorting") for one in claimed), "what is refused is not claimed"
    assert not any(one.endswith("/coverage-datetime") for one in claimed)


def test_collections_are_those_the_caller_may_know_of(client: httpx.Client) -> None:
    found = {one["id"]: one for one in asked(client, "/collections")["collections"]}
    assert set(found) == {"wells", "fences", "records"}
    assert found["wells"]["extent"]["spatial"]["bbox"][0] == pytest.approx([121.0, 33.0, 121.04, 33.04])
    assert {f"{CRS}EPSG/0/4490", f"{CRS}OGC/1.3/CRS84"} <= set(found["wells"]["crs"])
    assert asked(client, "/collections/vaults", 404)["code"] == "NotFound"
    assert "/collections/wells/items" in asked(client, "/openapi")["paths"]


def test_pages_meet_without_gap_or_overlap_and_end(client: httpx.Client) -> None:
    found: list[str] = []
    page = asked(client, "/collections/wells/items", limit=10, sortby="-depth")
    while True:
        found.extend(feature["id"] for feature in page["features"])
        assert page["numberMatched"] == SEEN
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        if not following:
            break
        assert following[0].startswith(ADDRESS)
        page = json.loads(client.get(f"/collections/wells/items?{urlsplit(following[0]).query}").content)
    assert len(found) == len(set(found)) == SEEN
    assert found[0] == "W022"


@pytest.mark.parametrize(
    ("crs", "first"),
    [("OGC/1.3/CRS84", 121.0), ("EPSG/0/4326", 33.0), ("EPSG/0/4490", 33.0), ("EPSG/0/3857", 13469658.386)],
)
def test_coordinates_come_in_the_axis_order_asked_for(client: httpx.Client, crs: str, first: float) -> None:
    answer = client.get("/collections/wells/items", params={"crs": CRS + crs, "code": "W000"})
    assert answer.headers["content-crs"] == f"<{CRS}{crs}>"
    assert answer.json()["features"][0]["geometry"]["coordinates"][0] == pytest.approx(first, abs=1e-3)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"bbox": "120.995,32.995,121.015,33.005"}, ["W000", "W001"]),
        ({"bbox": "32.995,120.995,33.005,121.015", "bbox-crs": CRS + "EPSG/0/4490"}, ["W000", "W001"]),
        ({"bbox": "13469100,3894600,13471400,3896000", "bbox-crs": CRS + "EPSG/0/3857"}, ["W000", "W001"]),
        ({"name": "澜滨井", "limit": "2"}, ["W000", "W005"]),
        ({"filter": "name = '澜滨井' AND depth > 20"}, ["W015", "W020"]),
        ({"filter": "S_INTERSECTS(geom, POINT(33.01 121.01))", "filter-crs": CRS + "EPSG/0/4326"}, ["W006"]),
        ({"filter": '{"op":"=","args":[{"property":"depth"},3]}', "filter-lang": "cql2-json"}, ["W002"]),
        ({"datetime": "2024-01-03/2024-01-04"}, ["W002", "W003"]),
        ({"datetime": "../2024-01-01T23:00:00Z"}, ["W000"]),
        ({"datetime": "2024-01-05"}, ["W004"]),
    ],
)
def test_parameters_choose_features(client: httpx.Client, given: dict[str, str], expected: list[str]) -> None:
    assert [f["id"] for f in asked(client, "/collections/wells/items", **given)["features"]] == expected


def test_a_posted_filter_is_cql2_json(client: httpx.Client) -> None:
    answer = client.post("/collections/wells/items", content='{"op":"<","args":[{"property":"depth"},3]}')
    assert [f["id"] for f in answer.json()["features"]] == ["W000", "W001"]


def test_properties_and_geometry_can_be_left_out(client: httpx.Client) -> None:
    found = asked(client, "/collections/wells/items", properties="name", skipGeometry="true", limit=1)["features"][0]
    assert set(found["properties"]) == {"name"}
    assert found["geometry"] is None


def test_one_feature_by_any_key_and_its_etag(client: httpx.Client) -> None:
    answer = client.get("/collections/wells/items/W%207%2F%E7%94%B2")
    assert answer.json()["id"] == "W 7/甲"
    assert answer.headers["etag"].startswith('"1-')
    assert asked(client, "/collections/wells/items/W024", 404)["code"] == "NotFound"


@pytest.mark.parametrize(
    "given",
    [
        {"nosuch": "1"},
        {"limit": "0"},
        {"limit": "x"},
        {"offset": "-1"},
        {"bbox": "1,2,x"},
        {"bbox": "1,2,3"},
        {"bbox-crs": CRS + "EPSG/0/4490"},
        {"bbox": "120,32,122,34", "bbox-crs": CRS + "EPSG/0/99"},
        {"crs": "EPSG:99"},
        {"filter": "nowhere = 1"},
        {"filter": "(("},
        {"filter-lang": "sql"},
        {"sortby": "nowhere"},
        {"properties": "nowhere"},
        {"skipGeometry": "maybe"},
        {"datetime": "yesterday"},
        {"datetime": "2024-01-02/2024-01-01"},
        {"f": "shp"},
        {"depth": "deep"},
    ],
)
def test_every_mistake_is_a_400_that_says_what_is_wrong(client: httpx.Client, given: dict[str, str]) -> None:
    answer = client.get("/collections/wells/items", params=given)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "InvalidParameterValue"
    assert len(answer.json()["detail"]) > 8


def test_the_public_sees_no_field_beyond_its_clearance(client: httpx.Client, door: Door) -> None:
    everywhere = ("/collections/wells/items", "/collections/wells/schema", "/collections/wells/queryables", "/openapi")
    assert all("phone" in client.get(path).text for path in everywhere)
    door.caller = PUBLIC
    assert not any("phone" in client.get(path).text for path in everywhere)
    for given in ({"phone": "1"}, {"filter": "phone IS NULL"}, {"sortby": "phone"}, {"properties": "phone"}):
        asked(client, "/collections/wells/items", 400, **given)


def test_schemas_speak_the_callers_language_and_carry_units(client: httpx.Client) -> None:
    found = asked(client, "/collections/wells/queryables")["properties"]
    assert (found["depth"]["title"], found["depth"]["x-ogc-unit"]) == ("Depth", "m")
    assert found["code"]["x-ogc-role"] == "id"
    assert found["seen_at"]["x-ogc-role"] == "primary-instant"
    chinese = asked(client, "/collections/wells/queryables", lang="zh")
    assert chinese["properties"]["depth"]["title"] == "深度"


def test_a_schema_says_what_every_code_of_a_list_means(client: httpx.Client) -> None:
    risk, height = code_list("risk"), asked(client, "/collections/fences/schema")["properties"]["height"]
    for lang in Lang:
        told = asked(client, "/collections/wells/schema", lang=lang.value)["properties"]["grade"]["oneOf"]
        assert told == [{"const": int(one.code), "title": one.title.of(lang)} for one in risk]
    assert "oneOf" not in height
    page = client.get("/collections/wells/schema", params={"f": "html"}).text
    assert all(one.title.en in page for one in risk)


def test_a_text_may_be_left_empty_and_a_list_of_thousands_is_named_only() -> None:
    coded = {name: property_schema(spec, Lang.EN) for name, spec in ENTERPRISES.fields.items() if spec.codes}
    assert coded["std_grade"]["oneOf"][-1] == {"const": "", "title": "Not told"}
    assert coded["industry_code"]["x-onemap-codes"] == "industry"
    assert "oneOf" not in coded["industry_code"]
    assert {"const": "material", "title": "Building materials"} in coded["sector"]["oneOf"]


PAGES = (
    "/",
    "/conformance",
    "/openapi",
    "/collections",
    "/collections/wells",
    "/collections/wells/schema",
    "/collections/wells/queryables",
    "/collections/wells/items",
    "/collections/wells/items/W000",
)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fetches_nothing_and_runs_nothing(client: httpx.Client, path: str, lang: str) -> None:
    answer = client.get(path, params={"lang": lang}, headers={"accept": "text/html,application/xhtml+xml"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-language"] == lang
    assert not re.findall(r"<(?:script|link|img|iframe)|@import|url\(", answer.text)
    assert ("数据集" in answer.text) is (lang == "zh")


def test_markup_in_data_stays_text_on_pages(client: httpx.Client) -> None:
    assert "<Sons>" not in client.get("/collections/wells/items?f=html").text
    assert "&lt;Sons&gt;" in client.get("/collections/wells/items?f=html").text
