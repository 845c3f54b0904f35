"""The wall of points in the browser: what is unknown never looks like a value, filters live in the address, ways on."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = pytest.mark.browser

ZOOMED_AT_ONCE = """() => {
  const box = document.body.appendChild(document.createElement("div"));
  box.style.cssText = "width:400px;height:300px";
  const map = L.map(box).setView([33.2, 121.9], 10), { Points } = window.OneMap.points;
  const points = new Points({ scale: 1, pad: 0.25, theme: () => "day" }).addTo(map);
  map.fire("zoomanim", { center: map.getCenter(), zoom: 11 });
  return new Promise((done) => points.on("drawn", () => done(Boolean(points.at))));
}"""
"""What Leaflet says as it begins to zoom, before the worker has answered for the first time."""


def test_silent_points_are_listed_filtered_by_the_address_and_lead_to_their_trend(
    server: str, visit: Callable[..., Visit]
) -> None:
    one = visit(server, "city", DESK)
    page = one.open("/points?why=silent")
    first = page.locator("#points-list tbody tr:has(.points-value small)").first
    expect(first).to_contain_text("静默")
    expect(first.locator(".points-value b")).to_have_text("未知")
    expect(first.locator(".points-value small")).to_contain_text("最后一次")
    page.get_by_label("区县").select_option("990106")
    expect(page).to_have_url(re.compile("area=990106"))
    page.locator("#points-list").get_by_role("link", name="曲线").first.click()
    page.wait_for_selector("[data-screen=trend][data-ready]")
    expect(page.locator(".trend-now")).to_contain_text("未知")
    assert one.faults == []


def test_the_card_on_the_map_says_unknown_and_shows_the_trend(server: str, visit: Callable[..., Visit]) -> None:
    one = visit(server, "city", DESK)
    silent = one.page.request.get(server + "/api/points?why=silent").json()["rows"]
    silent = next(row["code"] for row in silent if row["said"] is not None)
    page = one.open(f"/map?layers=sensors&sel=sensors:{silent}")
    card = page.locator("[data-section=reading]")
    expect(card.locator(".big-reading")).to_contain_text("未知", timeout=20_000)
    expect(card.locator(".big-reading")).to_contain_text("最后一次")
    expect(card.locator(".trend")).to_have_attribute("data-drawn", re.compile(r"\d+"), timeout=20_000)
    assert one.faults == []


def test_on_a_phone_the_list_is_cards_and_nothing_overflows(server: str, visit: Callable[..., Visit]) -> None:
    one = visit(server, "district", PHONE)
    page = one.open("/points")
    expect(page.locator("#points-list tbody tr").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert one.faults == []


def test_a_map_zoomed_before_its_points_were_answered_for_does_not_fail(
    server: str, visit: Callable[..., Visit]
) -> None:
    one = visit(server, "city", DESK)
    page = one.open("/points")
    assert page.evaluate(ZOOMED_AT_ONCE)
    assert one.faults == []
