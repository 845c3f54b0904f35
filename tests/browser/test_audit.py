"""Small promises of the map: keys, coordinates, telephone numbers only for those who may have them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_map import api

pytestmark = pytest.mark.browser

PLACE = "/map?z=13&c=121.9,33.2"
CIRCLE = {"circle": {"lon": 121.9, "lat": 33.2, "radius": 30_000}}


def test_numbers_are_listed_only_for_those_who_may_see_them(server: str) -> None:
    layers = ["enterprises", "hospitals", "shelters"]
    with api(server, "city") as city, api(server, "public") as public:
        full, less = (
            {b["layer"]: b for b in client.post("/api/within", json={**CIRCLE, "layers": layers}).json()["blocks"]}
            for client in (city, public)
        )
    assert any(full["enterprises"]["phone"])
    assert not full["enterprises"]["phone_kept"]
    assert less["enterprises"]["count"] > 0
    assert not any(less["enterprises"]["phone"])
    assert less["enterprises"]["phone_kept"]


def test_the_pointer_reads_out_longitude_and_latitude(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, PLACE).page
    middle = page.evaluate("() => { const s = OneMap.map.map.getSize(); return [s.x / 2, s.y / 2]; }")
    page.hover("#map-leaflet", position={"x": middle[0], "y": middle[1]})
    expect(page.locator(".readout")).to_contain_text(",")
    lon, lat = (float(part) for part in page.inner_text(".readout").split(","))
    assert lon == pytest.approx(121.9, abs=0.001)
    assert lat == pytest.approx(33.2, abs=0.001)


def test_escape_leaves_a_tool_then_the_keyboard_shows_where_it_is(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, PLACE).page
    page.click("#map-tools [aria-label='测距']")
    expect(page.locator("#map-tools [aria-label='测距']")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#map-tools [aria-label='测距']")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Tab")
    ring = "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + ' ' + s.outlineWidth; }"
    assert page.evaluate(ring) == "solid 2px"
