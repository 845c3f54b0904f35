"""The page of substances: found by its Chinese name, the card says what is unverified, the address opens it again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def test_chlorine_is_found_and_its_address_opens_its_card_again(server: str, visit: Callable[..., Visit]) -> None:
    one = visit(server, "city")
    page = one.open("/chemicals")
    page.get_by_label("查找化学品").fill("液氯")
    page.locator(".chem-rows button", has_text="7782-50-5").click()
    card = page.locator("#chemicals-card")
    expect(card.locator("h2")).to_have_text("氯")
    expect(card).to_contain_text("UN 1017")
    expect(card).to_contain_text("AEGL-2")
    expect(card.locator(".adm-chip").first).to_have_text("未核实")
    again = visit(server, "city").open("/chemicals?id=7782-50-5")
    expect(again.locator("#chemicals-card h2")).to_have_text("氯")
    assert one.faults == []
