"""Steps 1 to 3 of the duty desk in the browser, by the keyboard: filled of the tank, computed, drawn."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from core.ids import new_id
from tests.browser.conftest import HALL, Visit
from tests.server import Served

pytestmark = pytest.mark.browser


def test_a_vessel_in_a_fire_is_filled_of_its_tank_checked_computed_and_drawn(
    written: Served, visit: Callable[..., Visit]
) -> None:
    seen = visit(written.address, "city", HALL)
    page = seen.page
    given = {"command": new_id(), "origin": "map", "title": "1号氯乙烯罐受火", "kind": "fire", "exercise": True,
             "hazard_source": "H9901060014"}  # fmt: skip
    made = page.request.post(f"{written.address}/api/incidents/open", data=given, headers={"origin": written.address})
    page = seen.open(f"/duty?exercise=1&incident={made.json()['code']}")
    step = page.locator("#duty-chain [data-step='1']")
    expect(step).to_contain_text("未做")
    page.keyboard.press("1")
    page.keyboard.press("f")
    form = page.locator("dialog.chain-form")
    expect(form).to_contain_text("现存量")
    expect(form).to_contain_text("BLEVE")

    def hold(one: Route) -> None:
        """Answered once nothing holds it any more."""

    page.route("**/api/incidents/warnings?*", hold)
    form.locator("button[type=submit]").press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#duty-side .chain-zone")).to_have_count(3)
    expect(page.locator("#duty-side .chain-zone").first).to_contain_text("上限")
    expect(page.locator("#chain-furniture")).to_contain_text("第 1 轮")
    expect(page.locator("#duty-log")).to_contain_text("第 1 轮推演")
    page.keyboard.press("w")
    page.wait_for_timeout(1000)
    page.unroute("**/api/incidents/warnings?*", hold)
    warning = page.locator("dialog.duty-warn-form")
    expect(warning.locator("[name=extent]"), "a draft is of the newest round").to_have_value(re.compile(r"\d"))
    page.keyboard.press("Escape")
    expect(warning).to_have_count(0)
    page.keyboard.press("1")
    expect(page.locator("#duty-side .chain-inputs").first).to_contain_text("现存量")
    expect(page.locator("#duty-side .chain-limits")).to_contain_text("不得单独作为疏散依据")
    page.keyboard.press("5")
    expect(page.locator("#duty-side .chain-limits")).to_contain_text("不得单独作为疏散依据")

    page.set_viewport_size({"width": 1280, "height": 800})
    page = seen.open(f"/duty?exercise=1&incident={made.json()['code']}")
    expect(page.locator("#duty-bar [data-up]")).to_be_visible()  # how long ago it was reported, on a small screen too
    expect(page.locator(".duty-map .chain-legend")).to_be_visible()
    legends = (
        "() => ['.chain-legend', '.duty-map .legend'].map((n) => document.querySelector(n).getBoundingClientRect())"
    )
    upper, lower = page.evaluate(legends)
    assert upper["bottom"] <= lower["top"], "one legend lies over the other"
    board, name = page.locator(".duty-map .leaflet-container"), ".duty-pin.here b"
    inside = """(selector) => {
      const [n, m] = [selector, ".duty-map"].map((one) => document.querySelector(one).getBoundingClientRect());
      return n.left >= m.left && n.right <= m.right;
    }"""
    board.focus()
    for _ in range(3):  # the map is moved until its edge is near the burst, from either side
        page.keyboard.press("ArrowLeft")
        page.wait_for_function(inside, arg=name)
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        page.wait_for_function(inside, arg=name)
