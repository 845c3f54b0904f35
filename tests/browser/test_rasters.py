"""Rasters on the map page: off until asked for, kept in the address, told with source and date; what fails is said."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from app.imports.rasters import import_raster
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from store.embedded import open_embedded
from store.rasters import Provenance, RasterShelf
from tests.browser.conftest import PHONE, Visit
from tests.rasterfiles import geotiff

pytestmark = pytest.mark.browser

SMALL = (800, 600)
"""Where a server of one test draws every tile for the first time."""

DRAWN = """id => [...document.querySelectorAll('img.leaflet-tile')]
    .filter(t => t.src.includes(`/tiles/coverage/${id}/`) && t.complete && t.naturalWidth > 0).length"""


def drawn(page: Page, coverage: str) -> None:
    page.wait_for_function(f"id => ({DRAWN})(id) > 0", arg=coverage)


def test_rasters_are_off_until_asked_for_and_kept_in_the_address(server: str, visit: Callable[..., Visit]) -> None:
    found = visit(server)
    page = found.open("/map")
    assert page.evaluate(DRAWN, "population") == 0
    expect(page.locator(".raster-legend")).to_be_hidden()
    page.check("#map-layers li[data-raster=population] input[type=checkbox]")
    drawn(page, "population")
    page.locator("#map-layers li[data-raster=population] input[type=range]").fill("40")
    page.check("#map-layers li[data-raster=terrain] input[type=checkbox]")
    page.wait_for_function("() => location.search.includes('rasters=population:40,terrain')")
    again = visit(server)
    other = again.open(page.url.removeprefix(server))
    drawn(other, "terrain")
    assert other.locator("#map-layers li[data-raster=population] input[type=range]").input_value() == "40"
    assert other.evaluate("document.querySelector('.raster-count').style.opacity") == "0.4"
    other.uncheck("#map-layers li[data-raster=population] input[type=checkbox]")
    other.wait_for_function("() => !location.search.includes('population')")
    assert other.evaluate(DRAWN, "population") == 0
    assert found.faults == again.faults == []


def test_the_key_says_what_the_colours_mean_whose_they_are_and_that_nobody_verified_them(
    server: str, seen: Callable[..., Visit]
) -> None:
    page = seen(server, "/map?rasters=population").page
    key = page.locator(".raster-legend [data-key=population]")
    for words in ("人口栅格", "人/km²", "演示城市合成数据", "2026-11-23", "未核实"):
        expect(key).to_contain_text(words)
    tree = page.locator("#map-layers li[data-raster=population]")
    expect(tree.locator(".tones li")).to_have_count(7)
    expect(tree).to_contain_text("（5.2 至 21）")


def test_names_lie_over_a_raster(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(server).open("/map?rasters=imagery:100&z=13&c=121.95,33.19")
    names = "[...document.querySelectorAll('img.leaflet-tile')].filter(t => t.src.includes('/tiles/names/')).length"
    page.wait_for_function(f"() => {names} > 0")
    page.uncheck("#map-layers li[data-raster=imagery] input[type=checkbox]")
    page.wait_for_function(f"() => {names} === 0")


def test_the_public_is_offered_the_terrain_only(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(server, login="public").open("/map?rasters=population,terrain")
    drawn(page, "terrain")
    assert page.evaluate(DRAWN, "population") == 0
    assert page.locator("#map-layers [data-raster]").count() == 1


def test_tiles_that_fail_are_said_and_can_be_tried_again(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(server).open("/map")
    broken = re.compile("/tiles/coverage/terrain/")

    def refuse(route: Route) -> None:
        route.fulfill(status=500, body="")

    page.route(broken, refuse)
    page.check("#map-layers li[data-raster=terrain] input[type=checkbox]")
    expect(page.locator("#map-layers .raster-failed")).to_contain_text("读取失败")
    expect(page.locator(".raster-legend .key-state")).to_contain_text("图上不全")
    page.unroute(broken, refuse)
    page.click("#map-layers .raster-failed button")
    drawn(page, "terrain")
    expect(page.locator("#map-layers .raster-failed")).to_have_count(0)


def test_a_raster_replaced_by_another_process_is_redrawn_without_reload(
    own_server: tuple[str, Path], visit: Callable[..., Visit], tmp_path: Path
) -> None:
    address, data = own_server
    page = visit(address, size=SMALL).open("/map?rasters=population")
    drawn(page, "population")
    page.wait_for_function("() => OneMap.live.state() === 'open'")
    store = open_embedded(data / "city.gpkg", CATALOGUE, utc_now)
    try:
        shelf = RasterShelf(store, data / "rasters", COVERAGES, utc_now)
        cells = geotiff(tmp_path / "new.tif", np.full((40, 40), 9, np.int32), west=121.7, north=33.3, step=0.01)
        about = Provenance(source="新一轮普查", observed_at=None)
        import_raster(shelf, cells, "population", about, actor=SYSTEM_ACTOR)
    finally:
        store.close()
    expect(page.locator(".raster-legend [data-key=population]")).to_contain_text("新一轮普查")
    page.wait_for_function("() => [...document.querySelectorAll('img.leaflet-tile')].some(t => t.src.includes('&v=2'))")


def test_a_circle_estimates_its_residents_and_says_what_it_does_not_cover(
    server: str, seen: Callable[..., Visit]
) -> None:
    page = seen(server, "/map?rasters=population").page
    page.evaluate("OneMap.tools.circle(121.84, 33.14, 3000)")
    people = page.locator("#map-card [data-section=people]")
    for words in ("常住人口", "估算", "人", "演示城市合成数据", "格网 约 100 × 100 m", "未核实"):
        expect(people).to_contain_text(words)
    assert people.locator(".uncovered").count() == 0
    page.evaluate("OneMap.tools.circle(121.62, 33.2, 4000)")
    expect(people.locator(".uncovered")).to_contain_text("没有人口数据，未计入")


def test_the_phone_keeps_the_key_clear_of_its_tools(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(server, size=PHONE).open("/map?rasters=population")
    drawn(page, "population")
    expect(page.locator(".raster-legend")).to_be_visible()
    key, tools = (page.locator(name).bounding_box() for name in (".raster-legend", "#map-tools"))
    assert key is not None
    assert tools is not None
    assert key["x"] + key["width"] <= tools["x"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
