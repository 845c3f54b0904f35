"""Masked places at every door: the public meets the middles of cells and works out no more; staff meet the places."""

import io
import json
import re
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from gis.rounding import rounded
from layers.catalogue import CATALOGUE
from tests.matrix.conftest import Site
from tests.matrix.test_districts import WFS, WMS, _done, replayed

MASKED = [layer.id for layer in CATALOGUE if layer.cell]
ALL = 10_000
STEP = 2e-5
"""Degrees: two metres, a box that holds one of two places and not the other."""
Places = dict[str, tuple[float, float]]


def by_wfs(browser: httpx.Client, layer: str, **more: str) -> Places:
    answer = browser.get("/ogc/wfs", params={**WFS, "typeNames": f"onemap:{layer}", "count": str(ALL), **more})
    assert answer.status_code == 200, answer.text
    return _places(answer.json(), layer + ".")


def by_items(browser: httpx.Client, layer: str, **more: str) -> Places:
    asked = {"limit": ALL, "f": "json", **more}
    return _places(browser.get(f"/ogc/api/collections/{layer}/items", params=asked).json())


def _places(page: dict[str, Any], prefix: str = "") -> Places:
    found = ((one["id"].removeprefix(prefix), one["geometry"]) for one in page["features"])
    return {key: (shape["coordinates"][0], shape["coordinates"][1]) for key, shape in found if shape is not None}


def by_map(browser: httpx.Client, layer: str) -> Places:
    said = browser.get(f"/api/map/{layer}").json()
    return {key: (lon, lat) for key, lon, lat in zip(said["keys"], said["lon"], said["lat"], strict=True)}


@pytest.fixture(scope="module")
def public(site: Site) -> httpx.Client:
    return site.of("public")


@pytest.fixture(scope="module")
def staff(site: Site) -> httpx.Client:
    return site.of("city")


@pytest.fixture(scope="module")
def seen(public: httpx.Client) -> dict[str, Places]:
    return {layer: by_wfs(public, layer) for layer in MASKED}


@pytest.fixture(scope="module")
def exact(staff: httpx.Client) -> dict[str, Places]:
    return {layer: by_wfs(staff, layer) for layer in MASKED}


@pytest.fixture(scope="module")
def far(seen: dict[str, Places], exact: dict[str, Places]) -> dict[str, str]:
    """In each layer a row that is drawn well away from where it is, and alone at both places."""
    found = {}
    for layer in MASKED:
        others = [*seen[layer].values(), *exact[layer].values()]
        for key, place in seen[layer].items():
            moved = np.hypot(*np.subtract(place, exact[layer][key]))
            here = np.hypot(*(np.array(others) - exact[layer][key]).T)
            if moved > 0.001 and (here < 0.0006).sum() == 1:
                found[layer] = key
                break
    assert set(found) == set(MASKED)
    return found


@pytest.mark.parametrize("layer", MASKED)
def test_every_door_tells_the_public_the_same_middle_and_staff_the_place(
    public: httpx.Client, staff: httpx.Client, seen: dict[str, Places], exact: dict[str, Places], layer: str
) -> None:
    assert seen[layer]
    assert set(seen[layer]) <= set(exact[layer])
    keys = list(seen[layer])
    places = np.array([exact[layer][key] for key in keys])
    x, y = rounded(places[:, 0], places[:, 1], CATALOGUE[layer].cell)
    assert np.abs(np.array([seen[layer][key] for key in keys]) - np.c_[x, y]).max() < 1e-6
    for door in (by_items, by_map):
        told, true = door(public, layer), door(staff, layer)
        assert set(told) == set(keys)
        for key in keys:
            assert told[key] == pytest.approx(seen[layer][key], abs=1e-6)
            assert true[key] == pytest.approx(exact[layer][key], abs=1e-6)


@pytest.mark.parametrize("layer", MASKED)
def test_one_object_tells_its_middle_and_says_so(
    public: httpx.Client, staff: httpx.Client, seen: dict[str, Places], exact: dict[str, Places], layer: str
) -> None:
    key = next(iter(seen[layer]))
    said = public.get(f"/api/feature/{layer}/{key}").json()
    assert (said["lon"], said["lat"]) == pytest.approx(seen[layer][key], abs=1e-6)
    assert said["precision"] == "位置已按 500 米概略化"
    said = staff.get(f"/api/feature/{layer}/{key}").json()
    assert (said["lon"], said["lat"]) == pytest.approx(exact[layer][key], abs=1e-6)
    assert said["precision"] is None
    item = public.get(f"/ogc/api/collections/{layer}/items/{key}", params={"f": "json"}).json()
    assert tuple(item["geometry"]["coordinates"]) == pytest.approx(seen[layer][key], abs=1e-6)


@pytest.mark.parametrize("layer", MASKED)
def test_no_box_no_filter_and_no_count_meets_the_place(
    public: httpx.Client, staff: httpx.Client, seen: dict[str, Places], exact: dict[str, Places], far: dict[str, str],
    layer: str,
) -> None:  # fmt: skip
    key = far[layer]
    for browser, own, other in ((public, seen, exact), (staff, exact, seen)):
        for (lon, lat), there in ((own[layer][key], True), (other[layer][key], False)):
            box = f"{lon - STEP},{lat - STEP},{lon + STEP},{lat + STEP}"
            ring = f"POLYGON(({lon - STEP} {lat - STEP},{lon + STEP} {lat - STEP},{lon} {lat + STEP},{lon - STEP} {lat - STEP}))"  # noqa: E501
            assert (key in by_items(browser, layer, bbox=box)) is there
            assert (key in by_items(browser, layer, filter=f"S_INTERSECTS(geometry, {ring})")) is there
            assert (key in by_items(browser, layer, filter=f"NOT S_INTERSECTS(geometry, {ring})")) is not there
            crs = "urn:ogc:def:crs:OGC:1.3:CRS84"
            assert (key in by_wfs(browser, layer, bbox=f"{box},{crs}")) is there
            assert (key in by_wfs(browser, layer, filter=_within(lon, lat, 2.0))) is there
            asked = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "resultType": "hits",
                     "typeNames": f"onemap:{layer}", "bbox": f"{box},{crs}"}  # fmt: skip
            hits = re.search(r'numberMatched="(\d+)"', browser.get("/ogc/wfs", params=asked).text)
            assert hits is not None
            assert (int(hits[1]) > 0) is there


def _within(lon: float, lat: float, metres: float) -> str:
    return (
        '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"><fes:DWithin>'
        '<fes:ValueReference>geometry</fes:ValueReference><gml:Point srsName="urn:ogc:def:crs:OGC:1.3:CRS84">'
        f'<gml:pos>{lon} {lat}</gml:pos></gml:Point><fes:Distance uom="m">{metres}</fes:Distance></fes:DWithin>'
        "</fes:Filter>"
    )


@pytest.mark.parametrize("layer", MASKED)
def test_the_picture_of_any_window_shows_middles_and_a_click_meets_them_there(
    public: httpx.Client, staff: httpx.Client, seen: dict[str, Places], exact: dict[str, Places], far: dict[str, str],
    layer: str,
) -> None:  # fmt: skip
    key = far[layer]
    for browser, own, other in ((public, seen, exact), (staff, exact, seen)):
        for (lon, lat), there in ((own[layer][key], True), (other[layer][key], False)):
            box = f"{lon - 0.0002},{lat - 0.0002},{lon + 0.0002},{lat + 0.0002}"
            asked = {**WMS, "bbox": box, "width": "101", "height": "101", "layers": layer, "request": "GetMap"}
            answer = browser.get("/ogc/wms", params=asked)
            drawn = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGBA"))
            assert bool(drawn[40:61, 40:61, 3].any()) is there
            click = {**asked, "request": "GetFeatureInfo", "query_layers": layer, "info_format": "application/json",
                     "i": "50", "j": "50", "feature_count": "50"}  # fmt: skip
            assert (key in browser.get("/ogc/wms", params=click).text) is there


@pytest.mark.parametrize("layer", MASKED)
def test_a_circle_and_its_brief_measure_to_the_middle(
    public: httpx.Client, seen: dict[str, Places], exact: dict[str, Places], far: dict[str, str], layer: str
) -> None:
    key = far[layer]
    name = public.get(f"/api/feature/{layer}/{key}").json()["title"]
    for (lon, lat), there in ((seen[layer][key], True), (exact[layer][key], False)):
        asked = {"layers": [layer], "circle": {"lon": lon, "lat": lat, "radius": 20}}
        blocks = public.post("/api/within", json=asked).json()["blocks"]
        assert (key in [one for block in blocks for one in block["keys"]]) is there
        brief = public.post("/api/brief", json=asked).text
        assert (name in brief) is there


def test_a_search_leads_to_the_middle(public: httpx.Client, seen: dict[str, Places], exact: dict[str, Places]) -> None:
    key = next(iter(seen["enterprises"]))
    hits = {hit["key"]: hit for hit in public.get("/api/search", params={"q": key}).json()["hits"]}
    assert (hits[key]["lon"], hits[key]["lat"]) == pytest.approx(seen["enterprises"][key], abs=1e-6)


def test_what_the_public_takes_out_holds_middles(public: httpx.Client, seen: dict[str, Places]) -> None:
    for layer in MASKED:
        asked = {"kind": "export", "asked": {"layers": [layer], "format": "geojson"}}
        job = public.post("/api/jobs", json=asked).json()["id"]
        _done(public, job)
        page = json.loads(public.get(f"/api/jobs/{job}/file").content)
        told = [tuple(one["geometry"]["coordinates"][:2]) for one in page["features"] if one["geometry"]]
        assert np.allclose(sorted(told), sorted(seen[layer].values()), atol=1e-6)


def test_the_stream_tells_no_hash_by_which_a_guess_is_confirmed(public: httpx.Client) -> None:
    for entry in replayed(public):
        if entry["layer"] in MASKED:
            assert not entry.get("row_hash")
            assert not entry.get("chain")


def test_the_services_say_how_exact_their_places_are(public: httpx.Client, staff: httpx.Client) -> None:
    asked = {"service": "WFS", "request": "GetCapabilities"}, {"service": "WMS", "request": "GetCapabilities"}
    documents = [f"/ogc/{one['service'].lower()}?service={one['service']}&request={one['request']}" for one in asked]
    documents += [f"/ogc/api/collections/{layer}?f=json" for layer in MASKED]
    for document in documents:
        assert "位置已按 500 米概略化" in public.get(document).text, document
        assert "概略化" not in staff.get(document).text, document
    told = public.get("/api/layers").json()["themes"]
    assert {layer["id"] for theme in told for layer in theme["layers"] if layer["precision"]} == set(MASKED)
