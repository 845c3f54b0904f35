"""What a camera sees is drawn from its card, with what is not known of it, and goes with the card."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
SLOW = 20_000


def test_the_view_of_a_camera_is_drawn_to_the_metres_chosen_and_goes_with_its_card(
    server: str, seen: Callable[..., Visit]
) -> None:
    found = seen(server, "/map?layers=cameras&sel=cameras:C0001")
    page = found.page
    card, view = page.locator("#map-card [data-section=sight]"), page.locator("path[fill='#4FD1C5']")
    card.get_by_role("button", name="看视域").click(timeout=SLOW)
    expect(card.locator("li").first).to_have_text("可视距离未登记,按所选 500 米绘制", timeout=SLOW)
    expect(card).to_contain_text("被地形遮挡")
    expect(view).to_have_count(1)
    card.locator("select").select_option("200")
    expect(card.locator("li").first).to_have_text("可视距离未登记,按所选 200 米绘制", timeout=SLOW)
    again = "card => OneMap.sight.section(card, OneMap.map.map) === document.querySelector('[data-section=sight]')"
    whole = page.evaluate("() => fetch('api/feature/cameras/C0001').then(answer => answer.json())")
    assert page.evaluate(again, whole), "drawn anew with the card, it says what it said"
    page.locator("#map-card header .close").click()
    expect(view).to_have_count(0)
    assert found.faults == []
