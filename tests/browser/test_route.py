"""Who is nearest by road is told on the card of an object, the way is drawn, and both go with the card."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
SLOW = 20_000


def test_the_nearest_by_road_are_listed_the_way_of_the_first_is_drawn_and_of_another_when_chosen(
    server: str, seen: Callable[..., Visit]
) -> None:
    found = seen(server, "/map?layers=hospitals&sel=hospitals:HP0001")
    card = found.page.locator("#map-card [data-section=route]")
    way = found.page.locator("#map path[stroke-width='4'], .leaflet-overlay-pane path[stroke-width='4']")
    card.get_by_role("button", name="查最近").click(timeout=SLOW)
    rows = card.locator(".route-list button")
    expect(rows).to_have_count(6, timeout=SLOW)
    expect(rows.first).to_have_attribute("aria-pressed", "true")
    expect(rows.first).to_contain_text("直线")
    expect(way).to_have_count(1)
    before = way.get_attribute("d")
    rows.nth(3).click()
    expect(rows.nth(3)).to_have_attribute("aria-pressed", "true", timeout=SLOW)
    expect(way).not_to_have_attribute("d", before or "")
    expect(card).to_contain_text("未计入")
    found.page.locator("#map-card header .close").click()
    expect(way).to_have_count(0)
    assert found.faults == []
