"""Experts on the map: all of a field within fifty kilometres of a place, each called by a press."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, Visit

pytestmark = pytest.mark.browser


def test_all_hazchem_experts_within_fifty_kilometres_are_listed_and_called(
    server: str, visit: Callable[..., Visit]
) -> None:
    desk = visit(server, "city", DESK)
    page = desk.open("/map?layers=enterprises,experts&sel=enterprises:91990106MATYEK5E8U")
    page.get_by_role("button", name="圈查 3 km").click()
    radius = page.locator("#map-card input[type=number], .card-room input[type=number]").first
    radius.fill("50")
    radius.press("Enter")
    experts = page.locator("[data-section=experts]")
    experts.locator("select").select_option("危险化学品")
    rows = experts.locator("li")
    assert rows.count() > 2
    expect(experts.locator("h3 .t3")).to_have_text(str(rows.count()))
    called = [one.get_attribute("href") or "" for one in experts.locator("a.phone").all()]
    assert len(called) == rows.count()
    assert all(one.startswith("tel:199") for one in called)
    assert desk.faults == []
