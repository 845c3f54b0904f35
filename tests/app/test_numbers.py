"""Numbers in addresses are ASCII digits: what only looks like a number to Python is refused at every door."""

import httpx
import pytest

from tests.app.test_doors import signed_in

STRANGE = ["²", "١", "1_0", "９", "9" * 5000, "-1"]
KEY = "/ogc/k/demo-agency"
MAP = {
    "service": "WMS", "version": "1.3.0", "layers": "enterprises", "styles": "", "crs": "CRS:84",
    "bbox": "121.7,33.05,122,33.3", "width": "64", "height": "64", "format": "image/png",
}  # fmt: skip
POINT = {"request": "GetFeatureInfo", "query_layers": "enterprises", "i": "1", "j": "1"}


@pytest.mark.parametrize("strange", STRANGE, ids=lambda text: text[:4])
def test_our_own_doors_refuse_it(server: str, strange: str) -> None:
    with signed_in(server, "city") as client:
        for path, name in (("/api/table/enterprises", "offset"), ("/api/live", "after")):
            answer = client.get(path, params={name: strange})
            assert (answer.status_code, f"{name}=" in answer.text) == (400, True), answer.text
        for tile in (f"/tiles/base/night/{strange}/0/0.png", f"/tiles/coverage/terrain/1/{strange}/0"):
            assert client.get(tile).status_code == 404


@pytest.mark.parametrize("strange", STRANGE, ids=lambda text: text[:4])
@pytest.mark.parametrize("name", ["count", "startIndex", "maxFeatures"])
def test_wfs_refuses_it(server: str, strange: str, name: str) -> None:
    query = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "onemap:hospitals"}
    answer = httpx.get(server + KEY + "/wfs", params={**query, name: strange})
    assert (answer.status_code, f'locator="{name}"' in answer.text) == (400, True), answer.text


@pytest.mark.parametrize("strange", STRANGE, ids=lambda text: text[:4])
@pytest.mark.parametrize("name", ["limit", "offset"])
def test_the_ogc_api_refuses_it(server: str, strange: str, name: str) -> None:
    answer = httpx.get(server + KEY + "/api/collections/hospitals/items", params={name: strange})
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("strange", STRANGE, ids=lambda text: text[:4])
@pytest.mark.parametrize(
    "given",
    [{"request": "GetMap", "width": ""}, {"request": "GetMap", "bbox": ""}, {**POINT, "i": ""},
     {**POINT, "feature_count": ""}, {"request": "GetCapabilities", "updateSequence": ""}],
)  # fmt: skip
def test_wms_refuses_it_as_its_clients_expect(server: str, strange: str, given: dict[str, str]) -> None:
    (name,) = (name for name, value in given.items() if not value)
    text = f"{strange},33,122,34" if name == "bbox" and strange != "-1" else strange
    answer = httpx.get(server + KEY + "/wms", params={**MAP, **given, name: text})
    assert answer.status_code == 200
    assert "<ServiceException" in answer.text


def test_a_version_that_is_no_number_is_answered_as_the_newest(server: str) -> None:
    answer = httpx.get(server + KEY + "/wms", params={"service": "WMS", "request": "GetCapabilities", "version": "²"})
    assert 'version="1.3.0"' in answer.text
