"""Two districts at every door: their own rows apart, what the city shares alike, and no way to ask for the other's."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx
import numpy as np
import pytest
from PIL import Image

from layers.catalogue import CATALOGUE
from layers.layer import Geometry, Publish
from ogc.render.renderer import drawable
from tests.matrix.conftest import Site
from tests.matrix.people import NORTH
from tests.waiting import until

LAYERS = [layer.id for layer in CATALOGUE if layer.publish is Publish.FEATURES]
PRIVATE = [layer for layer in LAYERS if not CATALOGUE[layer].shared]
SHARED = [layer for layer in LAYERS if CATALOGUE[layer].shared]
POINTS = [layer for layer in PRIVATE if CATALOGUE[layer].geometry is Geometry.POINT and drawable(CATALOGUE[layer])]
ALL = 10_000
Found = TypeVar("Found")
WHOLE_CITY = {"polygon": [[121.4, 32.9], [122.6, 32.9], [122.6, 33.7], [121.4, 33.7], [121.4, 32.9]]}
WFS = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "outputFormat": "application/json"}
WMS = {
    "service": "WMS",
    "version": "1.3.0",
    "styles": "",
    "format": "image/png",
    "crs": "CRS:84",
    "transparent": "true",
}


def features(browser: httpx.Client, layer: str, **more: str) -> list[dict[str, Any]]:
    answer = browser.get("/ogc/wfs", params={**WFS, "typeNames": f"onemap:{layer}", "count": str(ALL), **more})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["features"]
    return found


def keys(browser: httpx.Client, layer: str, **more: str) -> set[str]:
    return {one["id"].removeprefix(layer + ".") for one in features(browser, layer, **more)}


def at_one_moment(site: Site, ask: Callable[[], Found]) -> Found:
    """What several questions answer while nothing is written: a city that lives has new alarms between two of them."""
    for _ in range(8):
        before = site.of("city").get("/api/layers").json()["head"]
        found = ask()
        if site.of("city").get("/api/layers").json()["head"] == before:
            return found
    raise AssertionError("something was written each time")


@pytest.fixture(scope="module")
def east(site: Site) -> httpx.Client:
    return site.of("district")


@pytest.fixture(scope="module")
def north(site: Site) -> httpx.Client:
    return site.of("north")


@pytest.fixture(scope="module")
def theirs(north: httpx.Client) -> dict[str, dict[str, Any]]:
    """One row of the other district for each private layer."""
    return {layer: features(north, layer, count="1")[0] for layer in PRIVATE}


@pytest.fixture(scope="module")
def ids(theirs: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {layer: one["id"].removeprefix(layer + ".") for layer, one in theirs.items()}


@pytest.mark.parametrize("layer", PRIVATE)
def test_private_rows_are_apart_by_wfs_items_map_and_export_alike(
    site: Site, east: httpx.Client, north: httpx.Client, layer: str
) -> None:
    def asked() -> tuple[list[set[str]], list[tuple[int, dict[str, Any]]]]:
        pages = [
            (
                one.get(f"/api/table/{layer}").json()["total"],
                one.get(f"/ogc/api/collections/{layer}/items", params={"limit": ALL, "f": "json"}).json(),
            )
            for one in (east, north)
        ]
        return [keys(one, layer) for one in (east, north, site.of("city"))], pages

    (mine, other, whole), pages = at_one_moment(site, asked)
    assert mine
    assert other
    assert not mine & other
    assert mine | other <= whole
    for (total, page), found in zip(pages, (mine, other), strict=True):
        assert total == len(found)
        assert {one["id"] for one in page["features"]} == found
        assert page["numberMatched"] == len(found)


@pytest.mark.parametrize("layer", SHARED)
def test_shared_rows_are_the_same_for_both(east: httpx.Client, north: httpx.Client, layer: str) -> None:
    assert keys(east, layer) == keys(north, layer)
    assert features(east, layer, count="5") == features(north, layer, count="5")


@pytest.mark.parametrize("layer", POINTS)
def test_the_map_points_of_the_two_are_apart(east: httpx.Client, north: httpx.Client, layer: str) -> None:
    mine, other = (set(one.get(f"/api/map/{layer}").json()["keys"]) for one in (east, north))
    assert mine
    assert not mine & other


@pytest.mark.parametrize("layer", PRIVATE)
def test_by_url_a_row_of_the_other_is_as_absent_as_one_that_never_was(
    east: httpx.Client, ids: dict[str, str], layer: str
) -> None:
    key, never = ids[layer], "no-such-row"
    for path in (f"/api/feature/{layer}/{{}}", f"/ogc/api/collections/{layer}/items/{{}}?f=json",
                 f"/api/files?layer={layer}&key={{}}"):  # fmt: skip
        asked, control = east.get(path.format(key)), east.get(path.format(never))
        assert asked.status_code == control.status_code == 404, path
        assert asked.text.replace(key, "?") == control.text.replace(never, "?")


@pytest.mark.parametrize("layer", POINTS)
def test_by_tile_the_place_of_the_other_is_drawn_empty_and_a_click_there_meets_nothing(
    east: httpx.Client, north: httpx.Client, theirs: dict[str, dict[str, Any]], ids: dict[str, str], layer: str
) -> None:
    lon, lat = theirs[layer]["geometry"]["coordinates"][:2]
    box = {"bbox": f"{lon - 0.002},{lat - 0.002},{lon + 0.002},{lat + 0.002}", "width": "101", "height": "101"}
    asked = {**WMS, **box, "layers": layer, "request": "GetMap"}
    drawn = [np.asarray(Image.open(io.BytesIO(one.get("/ogc/wms", params=asked).content)).convert("RGBA"))
             for one in (east, north)]  # fmt: skip
    assert not drawn[0][..., 3].any()
    assert drawn[1][..., 3].any()
    click = {**asked, "request": "GetFeatureInfo", "query_layers": layer, "info_format": "application/json",
             "i": "50", "j": "50", "feature_count": "20"}  # fmt: skip
    told = [one.get("/ogc/wms", params=click).text for one in (east, north)]
    assert ids[layer] not in told[0]
    assert ids[layer] in told[1]


def test_what_is_sensitive_as_a_whole_is_drawn_for_nobody(east: httpx.Client, north: httpx.Client) -> None:
    for one in (east, north):
        assert "onemap:complaints" not in one.get("/ogc/wms", params={"request": "GetCapabilities"}).text
        box = {"bbox": "121,33,122,34", "width": "101", "height": "101"}
        assert (
            "LayerNotDefined"
            in one.get("/ogc/wms", params={**WMS, **box, "layers": "complaints", "request": "GetMap"}).text
        )


def test_by_kept_tile_neither_is_given_what_was_drawn_for_the_other(
    site: Site, east: httpx.Client, north: httpx.Client, theirs: dict[str, dict[str, Any]], ids: dict[str, str]
) -> None:
    lon, lat = theirs["enterprises"]["geometry"]["coordinates"][:2]
    span = 360 / 2**17
    column, row = int((lon + 180) / span), int((90 - lat) / span)
    path = f"/ogc/wmts/1.0.0/enterprises/shapes/CGCS2000Quad/17/{row}/{column}.png"
    for _ in range(2):  # drawn, then kept
        drawn = [np.asarray(Image.open(io.BytesIO(one.get(path).content)).convert("RGBA"))[..., 3].any()
                 for one in (north, east, site.of("city"))]  # fmt: skip
        assert drawn == [True, False, True]
        vector = f"/ogc/api/collections/enterprises/tiles/CGCS2000Quad/17/{row}/{column}"
        told = [ids["enterprises"].encode() in one.get(vector).content for one in (north, east, site.of("city"))]
        assert told == [True, False, True]


@pytest.mark.parametrize("layer", PRIVATE)
def test_by_wfs_filter_no_row_of_the_other_is_met(east: httpx.Client, ids: dict[str, str], layer: str) -> None:
    key = CATALOGUE[layer].key
    tests = (
        f"<fes:PropertyIsEqualTo><fes:ValueReference>{key}</fes:ValueReference><fes:Literal>{ids[layer]}</fes:Literal>"
        "</fes:PropertyIsEqualTo>",
        f'<fes:ResourceId rid="{layer}.{ids[layer]}"/>',
        "<fes:PropertyIsLike wildCard='*' singleChar='?' escapeChar='!'><fes:ValueReference>area</fes:ValueReference>"
        f"<fes:Literal>{NORTH}*</fes:Literal></fes:PropertyIsLike>",
    )
    for test in tests:
        filter_ = f'<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0">{test}</fes:Filter>'
        assert keys(east, layer, filter=filter_) == set()


@pytest.mark.parametrize("layer", PRIVATE)
def test_by_cql2_no_row_of_the_other_is_met(east: httpx.Client, ids: dict[str, str], layer: str) -> None:
    key = CATALOGUE[layer].key
    for text in (f"{key} = '{ids[layer]}'", f"area LIKE '{NORTH}%'", f"NOT (area LIKE '990106%') OR {key} = '?'"):
        page = east.get(f"/ogc/api/collections/{layer}/items", params={"filter": text, "f": "json"}).json()
        assert (page["features"], page["numberMatched"]) == ([], 0), text
        assert keys(east, layer, cql_filter=text) == set()


@pytest.mark.parametrize("layer", PRIVATE)
def test_by_count_the_other_district_holds_nothing(
    site: Site, east: httpx.Client, north: httpx.Client, layer: str
) -> None:
    def hits(browser: httpx.Client, **more: str) -> int:
        asked = {**WFS, "typeNames": f"onemap:{layer}", "resultType": "hits", "outputFormat": "", **more}
        text = browser.get("/ogc/wfs", params={name: value for name, value in asked.items() if value}).text
        return int(text.partition('numberMatched="')[2].partition('"')[0])

    def asked() -> tuple[int, ...]:
        return (*(hits(one) for one in (east, north, site.of("city"))), hits(north, cql_filter=f"area LIKE '{NORTH}%'"))

    mine, other, whole, again = at_one_moment(site, asked)
    assert mine + other <= whole
    assert hits(east, cql_filter=f"area LIKE '{NORTH}%'") == 0
    assert again == other
    assert east.get(f"/api/table/{layer}", params={"area": NORTH}).json().get("total", 0) == 0


def test_by_facet_the_figures_are_of_ones_own(site: Site, east: httpx.Client, north: httpx.Client) -> None:
    def figures(browser: httpx.Client) -> dict[str, int]:
        themes = browser.get("/api/layers").json()["themes"]
        return {entry["id"]: entry["count"] for theme in themes for entry in theme["layers"]}

    def asked() -> list[tuple[dict[str, int], dict[str, int]]]:
        seen = [figures(one) for one in (east, north)]
        held = [{layer: len(keys(one, layer)) for layer in PRIVATE if layer in seen[0]} for one in (east, north)]
        return list(zip(seen, held, strict=True))

    (mine, my_rows), (other, other_rows) = at_one_moment(site, asked)
    assert {layer: mine[layer] for layer in my_rows} == my_rows
    assert {layer: other[layer] for layer in other_rows} == other_rows
    whole = figures(site.of("city"))
    for layer in SHARED:
        assert mine.get(layer) == other.get(layer) == whole.get(layer), layer


def test_by_search_no_row_of_the_other_is_found(
    east: httpx.Client, north: httpx.Client, theirs: dict[str, dict[str, Any]], ids: dict[str, str]
) -> None:
    name = theirs["enterprises"]["properties"]["name"]
    for text in (name, ids["enterprises"], name[:2]):
        found = {(hit["layer"], hit["key"]) for hit in east.get("/api/search", params={"q": text}).json()["hits"]}
        assert ("enterprises", ids["enterprises"]) not in found
        for layer, key in found:
            assert layer in SHARED or east.get(f"/api/feature/{layer}/{key}").status_code == 200
    mine = north.get("/api/search", params={"q": name}).json()["hits"]
    assert ids["enterprises"] in {hit["key"] for hit in mine}


def test_by_a_drawn_shape_only_ones_own_are_met(east: httpx.Client, north: httpx.Client) -> None:
    asked = {"layers": POINTS, **WHOLE_CITY}
    seen = []
    for browser in (east, north):
        answer = browser.post("/api/within", json=asked)
        assert answer.status_code == 200, answer.text
        seen.append({(block["layer"], key) for block in answer.json()["blocks"] for key in block["keys"]})
    assert seen[0]
    assert not seen[0] & seen[1]


def test_by_brief_no_name_of_the_other_is_in_the_file(east: httpx.Client, north: httpx.Client) -> None:
    asked = {"layers": ["enterprises"], **WHOLE_CITY}
    listed = [set(one.post("/api/within", json=asked).json()["blocks"][0]["label"]) for one in (east, north)]
    mine, other = (one.post("/api/brief", json=asked) for one in (east, north))
    assert mine.status_code == other.status_code == 200
    foreign = listed[1] - listed[0]
    assert len(foreign) > 20
    assert any(name in other.text for name in foreign)
    assert not [name for name in foreign if name in mine.text]


def replayed(browser: httpx.Client) -> list[dict[str, Any]]:
    """Every change since the beginning, as the stream tells it."""
    head = browser.get("/api/layers").json()["head"]
    found: list[dict[str, Any]] = []
    with browser.stream("GET", "/api/live", headers={"last-event-id": "0"}) as live:
        for line in _data(live.iter_lines()):
            if "seq" in line:
                found.append(line)
            if line.get("seq", 0) >= head or (found and "seq" not in line):
                return found
    return found


def _data(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def test_by_replay_from_the_beginning_no_change_of_the_other_is_told(east: httpx.Client, north: httpx.Client) -> None:
    told = {name: replayed(browser) for name, browser in (("990106", east), (NORTH, north))}
    for own, entries in told.items():
        private = [one for one in entries if not CATALOGUE[one["layer"]].shared]
        assert entries
        assert not [one for one in private if one["area"] and not one["area"].startswith(own)]
    named = [{(one["layer"], one["key"]) for one in entries if one["key"] and one["layer"] in PRIVATE}
             for entries in told.values()]  # fmt: skip
    assert not named[0] & named[1]


def _done(browser: httpx.Client, job: str) -> None:
    going = ("queued", "running", "waiting")
    until(lambda: browser.get(f"/api/jobs/{job}").json()["state"], lambda state: state not in going)


def test_by_job_result_and_its_id_nothing_of_the_other_comes_out(
    east: httpx.Client, north: httpx.Client, ids: dict[str, str]
) -> None:
    asked = {"kind": "export", "asked": {"layers": ["enterprises"], "format": "geojson"}}
    job = north.post("/api/jobs", json=asked).json()["id"]
    _done(north, job)
    given = north.get(f"/api/jobs/{job}/file")
    assert given.status_code == 200, given.text
    for method, tail in (("GET", ""), ("GET", "/file"), ("POST", "/cancel")):
        asking, control = (east.request(method, f"/api/jobs/{one}{tail}") for one in (job, "none"))
        assert asking.status_code == control.status_code == 404
        assert asking.text.replace(job, "?") == control.text.replace("none", "?")
    assert job not in east.get("/api/jobs").text
    own = east.post("/api/jobs", json=asked).json()["id"]
    _done(east, own)
    assert ids["enterprises"].encode() not in east.get(f"/api/jobs/{own}/file").content


def test_by_file_id_a_file_of_the_other_is_as_absent_as_none(
    east: httpx.Client, north: httpx.Client, ids: dict[str, str]
) -> None:
    asked = {"layer": "enterprises", "key": ids["enterprises"], "name": "a.png"}
    kept = north.post("/api/files", params=asked, content=b"\x89PNG\r\n\x1a\n" + b"picture" * 100)
    assert kept.status_code == 201, kept.text
    file = kept.json()["id"]
    assert north.get(f"/api/files/{file}").status_code == 200
    for method, tail in (("GET", ""), ("POST", "/remove?reason=误传误传")):
        asking, control = (east.request(method, f"/api/files/{one}{tail}") for one in (file, "none"))
        assert asking.status_code == control.status_code == 404
        assert asking.text.replace(file, "?") == control.text.replace("none", "?")


def test_by_scenario_nothing_of_the_other_is_told_compared_changed_or_handed_out(
    east: httpx.Client, north: httpx.Client
) -> None:
    own, code = (browser.get("/api/scenarios").json()["rows"][0]["code"] for browser in (east, north))
    assert code not in east.get("/api/scenarios").text
    assert east.get("/api/scenarios", params={"q": code}).json()["rows"] == []
    files = north.get(f"/api/scenarios/{code}").json()["files"]
    assert {one["name"].partition("-")[0] for one in files} == {"scenario.yaml", "result", "ground"}
    never = "QJ20000101-000000000000"
    for method, path in (
        ("GET", "{}"), ("GET", "{}/answer"), ("GET", f"{own}/diff/{{}}"), ("GET", f"{{}}/diff/{own}"),
        ("POST", "{}/withdraw"), ("POST", "{}/again"),
    ):  # fmt: skip
        body = {"reason": "不是我的"} if path.endswith("withdraw") else {}
        asked, control = (
            east.request(method, "/api/scenarios/" + path.format(key), json=body if method == "POST" else None)
            for key in (code, never)
        )
        assert asked.status_code == control.status_code == 404, path
        assert asked.text.replace(code, "?") == control.text.replace(never, "?")
    for file in files:
        assert north.get(f"/api/files/{file['id']}").status_code == 200
        assert east.get(f"/api/files/{file['id']}").status_code == 404
    elsewhere = north.get(f"/api/scenarios/{code}").json()["scenario"] | {"hazard_source": None}
    assert east.post("/api/scenarios", json={"scenario": elsewhere}).status_code == 403
