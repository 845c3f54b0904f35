"""OGC API Features Part 4 over both engines: one commit or none, under rights, every fault told, told by the feed."""

import json
from collections.abc import Iterator
from math import asinh, radians, tan
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from core.actors import Actor
from core.caller import Caller
from core.clock import utc_now
from core.errors import ForbiddenError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang
from layers.catalogue import CATALOGUE, SHELTERS
from ogc.editing import carry_out
from ogc.editing.geojson import features_of
from ogc.encode.crs import CRS84
from ogc.oapi import oapi_routes
from ogc.services import Services
from store.embedded import open_embedded
from store.feed import Change
from store.postgis import open_postgis
from store.protocol import Store
from store.query import Query
from tests.ogc.drawn_city import EAST, SOUTH, WEST, built
from tests.ogc.editors import BROWSER, CLERK, EDIT, EDITOR, LAYERS, READER, STRANGER, well
from tests.ogc.loopback import served as listening
from tests.ogc.test_oapi import ADDRESS, Door
from tests.ogc.wells import FENCES, WELLS, served

ITEMS = "/collections/wells/items"
GEOJSON = {"content-type": "application/geo+json"}
MERGE = {"content-type": "application/merge-patch+json"}
REFUSED: list[str] = []
R = 6_378_137.0
"""Of the sphere of EPSG:3857."""


@pytest.fixture(scope="module", params=["embedded", "postgis"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Services over wells kept by each engine, which note whom they refused."""
    if request.param == "embedded":
        store: Store = open_embedded(Path(tmp_path_factory.mktemp("edited")) / "wells.gpkg", LAYERS, utc_now)
    else:
        store = open_postgis(request.getfixturevalue("postgres_url"), LAYERS, utc_now, "edited_wells")
    found = served(store)
    yield Services(catalogue=LAYERS, store=store, refused=lambda caller: REFUSED.append(caller.actor.id))
    found.store.close()


@pytest.fixture(scope="module")
def door(kept: Services) -> Door:
    return Door(Starlette(routes=oapi_routes(kept, lambda request, path: ADDRESS)))


@pytest.fixture(scope="module")
def address(door: Door) -> Iterator[str]:
    with listening(door) as found:
        yield found


@pytest.fixture
def client(door: Door, address: str) -> Iterator[httpx.Client]:
    door.caller = EDITOR
    with httpx.Client(base_url=f"{address}/ogc/api") as opened:
        yield opened


def sent(client: httpx.Client, method: str, path: str, body: Any, **headers: str) -> httpx.Response:
    kind = MERGE if method == "PATCH" else GEOJSON
    given = kind | {name.replace("_", "-"): value for name, value in headers.items()}
    return client.request(method, path, content=json.dumps(body), headers=given)


def added(client: httpx.Client, code: str, **properties: Any) -> str:
    """A new well's tag."""
    answer = sent(client, "POST", ITEMS, well(code, **properties))
    assert answer.status_code == 201, answer.text
    return answer.headers["etag"]


def row(kept: Services, code: str) -> Any:
    return kept.store.get(WELLS, code, scope=SYSTEM_SCOPE)


def told(answer: httpx.Response, status: int) -> dict[tuple[int | None, str], str]:
    """The faults of a refusal by feature and field."""
    assert answer.status_code == status, answer.text
    return {(one["row"], one["field"]): one["rule"] for one in answer.json()["faults"]}


def test_a_feature_goes_in_changes_and_goes_and_the_feed_tells_each_step(client: httpx.Client, kept: Services) -> None:
    head = kept.store.head()
    answer = sent(client, "POST", ITEMS, well("E1", name="新井", grade=2, tags=["a", "b;c"], drilled="2024-05-06"))
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{ADDRESS}{ITEMS}/E1"
    assert answer.json()["ids"] == ["E1"]
    read = client.get(ITEMS + "/E1")
    assert read.headers["etag"] == answer.headers["etag"]
    assert read.json()["properties"]["tags"] == ["a", "b;c"]
    patched = sent(client, "PATCH", ITEMS + "/E1", {"properties": {"name": None, "depth": 1e-7}})
    assert (patched.status_code, patched.content) == (204, b"")
    assert row(kept, "E1").record.depth == 1e-7
    assert row(kept, "E1").record.name is None
    assert row(kept, "E1").record.tags == ("a", "b;c")
    replaced = sent(client, "PUT", ITEMS + "/E1", well("E1", grade=3), if_match=patched.headers["etag"])
    assert replaced.status_code == 204
    assert (row(kept, "E1").record.grade, row(kept, "E1").record.tags) == (3, None)
    assert client.get(ITEMS + "/E1").headers["etag"] == replaced.headers["etag"]
    assert client.delete(ITEMS + "/E1", headers={"if-match": replaced.headers["etag"]}).status_code == 204
    assert client.get(ITEMS + "/E1").status_code == 404
    entries = kept.store.feed(after=head, scope=EDITOR.scope)
    assert [(one.change, one.key, one.actor, one.door, one.new_version) for one in entries] == [
        (Change.PUT, "E1", "officer", "ogc", 1), (Change.PUT, "E1", "officer", "ogc", 2),
        (Change.PUT, "E1", "officer", "ogc", 3), (Change.DELETE, "E1", "officer", "ogc", None),
    ]  # fmt: skip
    assert all("OGC API" in one.reason for one in entries)
    assert len(kept.store.versions(WELLS, "E1", scope=EDITOR.scope)) == 3


def test_an_old_copy_replaces_nothing_and_an_unconditional_replacement_is_asked_for_its_version(
    client: httpx.Client, kept: Services
) -> None:
    old = added(client, "E2", name="one")
    assert sent(client, "PUT", ITEMS + "/E2", well("E2")).status_code == 428
    assert sent(client, "PATCH", ITEMS + "/E2", {"properties": {"name": "two"}}, if_match=old).status_code == 204
    for method, body in (("PUT", well("E2")), ("PATCH", {"properties": {"name": "three"}}), ("DELETE", None)):
        answer = sent(client, method, ITEMS + "/E2", body, if_match=old)
        assert (answer.status_code, answer.json()["type"]) == (412, "urn:onemap:problem:stale"), method
    assert row(kept, "E2").record.name == "two"
    assert sent(client, "PUT", ITEMS + "/E2", well("E2", name="four"), if_match="*").status_code == 204
    assert sent(client, "PUT", ITEMS + "/none", well("none"), if_match="*").status_code == 404
    assert client.delete(ITEMS + "/none").status_code == 404


def test_a_half_bad_batch_leaves_nothing_behind_and_lists_every_fault_of_every_feature(
    client: httpx.Client, kept: Services
) -> None:
    head = kept.store.head()
    line = {"type": "LineString", "coordinates": [[121.5, 33.5], [122, 34]]}
    bad = [
        well("B1", name="good"),
        {**well("B2", nme="x", grade="1"), "geometry": line},
        well("W001", 33.5, 121.5, grade=9, drilled="soon"),
        {"type": "Feature", "geometry": None, "properties": {"area": "88"}},
        well("B4", ready=1, depth="deep", tags="a", seen_at=5),
    ]
    answer = sent(client, "POST", ITEMS, {"type": "FeatureCollection", "features": bad})
    faults = told(answer, 422)
    assert set(faults) == {
        (2, "nme"), (2, "grade"), (2, "geometry"), (3, "code"), (3, "grade"), (3, "drilled"), (3, "geometry"),
        (4, "code"), (4, "area"), (5, "ready"), (5, "depth"), (5, "tags"), (5, "seen_at"),
    }  # fmt: skip
    assert "depth, ready" in faults[2, "nme"]
    assert "whole number" in faults[2, "grade"]
    assert "9901" in faults[4, "area"]
    assert "'soon'" in answer.json()["title"]
    assert kept.store.head() == head
    good = {"type": "FeatureCollection", "features": [well("B5"), well("B6")]}
    assert sent(client, "POST", ITEMS, good).json()["ids"] == ["B5", "B6"]


def test_a_field_that_is_hidden_keeps_what_it_holds_and_is_unknown_to_who_does_not_see_it(
    client: httpx.Client, door: Door, kept: Services
) -> None:
    before = row(kept, "W001").record.phone
    door.caller = CLERK
    tag = client.get(ITEMS + "/W001").headers["etag"]
    assert sent(client, "PUT", ITEMS + "/W001", well("W001", name="by the clerk"), if_match=tag).status_code == 204
    assert (row(kept, "W001").record.name, row(kept, "W001").record.phone) == ("by the clerk", before)
    refused = sent(client, "PATCH", ITEMS + "/W001", {"properties": {"phone": "1"}})
    assert (1, "phone") in told(refused, 422)
    assert "phone" not in refused.json()["faults"][0]["rule"]
    above = sent(client, "PATCH", ITEMS + "/W001", {"properties": {"sensitivity": 2}})
    assert above.status_code == 403
    assert row(kept, "W001").record.phone == before


@pytest.mark.parametrize(
    ("caller", "words"),
    [(READER, "may not edit"), (BROWSER, "Basic"), (STRANGER, "edit"), (CLERK, "may not change layer fences")],
)
def test_who_may_not_write_changes_nothing_is_told_why_and_is_noted(
    client: httpx.Client, door: Door, kept: Services, caller: Any, words: str
) -> None:
    head = kept.store.head()
    REFUSED.clear()
    door.caller = caller
    items = "/collections/fences/items"
    answers = [
        sent(client, "POST", items, {}),
        *(sent(client, method, items + "/F1", {}, if_match="*") for method in ("PUT", "PATCH", "DELETE")),
    ]
    for answer in answers:
        assert answer.status_code == 403, answer.text
        assert words in answer.json()["title"]
    assert len(REFUSED) == len(answers)
    assert kept.store.head() == head
    if caller is not CLERK:
        assert not any("-features-4/" in one for one in client.get("/conformance").json()["conformsTo"])
    assert "PUT" not in client.options(items + "/F1").headers["allow"]


def test_a_layer_that_something_else_makes_is_not_written_and_one_beyond_the_clearance_is_not_there(
    client: httpx.Client,
) -> None:
    answer = sent(client, "POST", "/collections/zones/items", well("Z"))
    assert (answer.status_code, "made by a model" in answer.text) == (403, True)
    assert sent(client, "POST", "/collections/vaults/items", well("V")).status_code == 404


def test_rows_of_another_area_are_neither_taken_nor_given_away(
    client: httpx.Client, door: Door, kept: Services
) -> None:
    door.caller = CLERK
    assert (
        sent(client, "POST", ITEMS, {**well("A1"), "properties": {"code": "A1", "area": "990103"}}).status_code == 403
    )
    assert sent(client, "PATCH", ITEMS + "/W002", {"properties": {"area": "990103"}}).status_code == 403
    assert client.delete(ITEMS + "/W024").status_code == 404  # of area 880000
    taken = sent(client, "POST", ITEMS, well("W024"))
    assert (taken.status_code, "880000" in taken.text) == (409, False)
    assert row(kept, "W002").record.area == "990102"


def test_what_may_be_done_is_told_to_who_may(client: httpx.Client) -> None:
    one, many = client.options(ITEMS + "/W001"), client.options(ITEMS)
    assert one.headers["allow"] == "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"
    assert one.headers["accept-patch"] == "application/merge-patch+json"
    assert "application/geo+json" in many.headers["accept-post"]
    claimed = {name.rpartition("/")[2] for name in client.get("/conformance").json()["conformsTo"] if "-4/" in name}
    assert claimed == {"create-replace-delete", "update", "optimistic-locking-etags", "features"}
    paths = client.get("/openapi").json()["paths"]
    assert {"get", "put", "patch", "delete"} <= set(paths["/collections/wells/items/{featureId}"])
    body = paths["/collections/wells/items"]["post"]["requestBody"]["content"]
    assert (
        body["application/geo+json"]["schema"]["properties"]["properties"]["properties"]["grade"]["type"] == "integer"
    )
    assert "put" not in paths["/collections/zones/items/{featureId}"]


@pytest.mark.parametrize(
    ("system", "place"),
    [
        ("http://www.opengis.net/def/crs/EPSG/0/4490", [33.5, 121.5]),
        ("http://www.opengis.net/def/crs/EPSG/0/3857", [R * radians(121.5), R * asinh(tan(radians(33.5)))]),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", [121.5, 33.5]),
    ],
)
def test_a_place_in_another_system_is_converted(
    client: httpx.Client, kept: Services, system: str, place: list[float]
) -> None:
    code = "C" + system[-4:].strip("/")
    answer = sent(client, "POST", ITEMS, well(code, *place), content_crs=f"<{system}>")
    assert answer.status_code == 201, answer.text
    shape = row(kept, code).record.geometry
    assert (shape.x, shape.y) == pytest.approx((121.5, 33.5), abs=1e-6)


BOW_TIE = {"type": "Polygon", "coordinates": [[[121, 33], [121.1, 33.1], [121.1, 33], [121, 33.1], [121, 33]]]}


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        (BOW_TIE, "Self-intersection"),
        ({"type": "Point", "coordinates": [121, 33]}, "must be a polygon"),
        ({"type": "Polygon", "coordinates": []}, "empty"),
        ({"type": "Polygon", "coordinates": [[[1, 2]]]}, "no GeoJSON geometry"),
        ({"type": "Blob"}, "no GeoJSON geometry"),
        (["Polygon"], "no GeoJSON geometry"),
    ],
)
def test_a_shape_that_cannot_be_is_told(client: httpx.Client, geometry: Any, words: str) -> None:
    fence = {"type": "Feature", "geometry": geometry, "properties": {"code": "F9", "area": "990102"}}
    answer = sent(client, "POST", "/collections/fences/items", fence)
    assert words in told(answer, 422)[1, "geometry"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ("{", 400, "not JSON"),
        ("[]", 400, "JSON object"),
        ('{"type": "Feature", "geometry": ' + "[" * 300 + "]" * 300 + "}", 400, "nested 301 deep, more than 128"),
        ('{"type": "Polygon"}', 400, "must be Feature"),
        ('{"type": "FeatureCollection", "features": []}', 400, "one at least"),
        ('{"type": "Feature", "geometry": null, "properties": [1]}', 422, "must be a JSON object"),
        ('{"type": "Feature", "colour": 1, "geometry": null, "properties": {}}', 422, "no field of wells"),
        ('{"type": "Feature", "crs": {"properties": {"name": "EPSG:3857"}}}', 400, "Content-Crs"),
    ],
)
def test_a_body_that_is_none_is_told(client: httpx.Client, body: str, status: int, words: str) -> None:
    answer = client.post(ITEMS, content=body, headers=GEOJSON)
    assert answer.status_code == status
    assert words in answer.json()["title"]


def test_media_types_parameters_systems_and_ids_that_do_not_fit_are_refused(client: httpx.Client) -> None:
    xml = {"content-type": "text/xml", "if-match": "*"}
    assert client.put(ITEMS + "/W001", content="<a/>", headers=xml).status_code == 415
    refused = client.post(ITEMS, content="<a/>", headers={"content-type": "text/plain"})
    assert (refused.status_code, "geo+json" in refused.json()["title"]) == (415, True)
    assert client.post(ITEMS + "?colour=red", content="{}", headers=GEOJSON).status_code == 400
    assert sent(client, "POST", ITEMS, well("X"), content_crs="<EPSG:2000>").status_code == 400
    renamed = sent(client, "PUT", ITEMS + "/W001", well("W999"), if_match="*")
    assert "a key is not changed" in told(renamed, 422)[1, "code"]
    many = {"type": "FeatureCollection", "features": [well(f"M{n}") for n in range(1001)]}
    assert "at most 1000" in sent(client, "POST", ITEMS, many).json()["title"]


def test_a_search_by_cql2_is_still_a_search(client: httpx.Client) -> None:
    answer = client.post(ITEMS, json={"op": "=", "args": [{"property": "code"}, "W001"]})
    assert [one["id"] for one in answer.json()["features"]] == ["W001"]


def test_a_fault_that_was_there_before_does_not_bar_an_edit_of_something_else(
    client: httpx.Client, kept: Services
) -> None:
    swapped = kept.store.read(WELLS, Query(limit=1), scope=SYSTEM_SCOPE).drop_columns(["_version", "_seq"])
    broken = swapped.set_column(0, "code", [["OLD"]]).set_column(swapped.column_names.index("grade"), "grade", [[9]])
    kept.store.load(WELLS, broken, actor=EDITOR.actor, reason="history", scope=SYSTEM_SCOPE)
    assert sent(client, "PATCH", ITEMS + "/OLD", {"properties": {"name": "named"}}).status_code == 204
    assert (row(kept, "OLD").record.name, row(kept, "OLD").record.grade) == ("named", 9)
    assert (1, "grade") in told(sent(client, "PATCH", ITEMS + "/OLD", {"properties": {"grade": 8}}), 422)


def test_an_edited_store_verifies(kept: Services) -> None:
    assert kept.store.verify().findings == ()
    assert kept.store.count(FENCES, Query(), scope=SYSTEM_SCOPE) == 2


def test_a_key_that_opens_one_layer_is_told_whose_a_place_is_all_the_same(tmp_path: Path) -> None:
    store = built(tmp_path / "city.gpkg")
    services = Services(catalogue=CATALOGUE, store=store)
    narrow = frozenset({"shelters"})
    scope = Scope(areas=("990102",), clearance=Sensitivity.INTERNAL, layers=narrow, writable=narrow)
    caller = Caller(actor=Actor(id="k", name="k", door="ogc"), scope=scope, rights=EDIT, lang=Lang.EN)

    def put(code: str, lon: float) -> None:
        body = json.dumps(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [lon, SOUTH + 0.01]},
                "properties": {"code": code, "name": "馆", "places": 3},
            }
        )
        carry_out(features_of(body.encode(), SHELTERS, scope, CRS84), caller, services, "test")

    put("S-1", WEST + 0.01)
    kept = store.get(SHELTERS, "S-1", scope=SYSTEM_SCOPE)
    assert kept is not None
    assert kept.record.area == "990102"
    for lon, why in (
        (EAST - 0.01, "'990106': is outside your areas"),
        (EAST + 0.5, "area: is left out, and the place"),
    ):
        with pytest.raises(ForbiddenError, match=why):
            put("S-2", lon)
    store.close()
