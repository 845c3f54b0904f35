"""Licensing in the browser: what is past its limit; a renewal from the application on is in `test_acceptance`."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

SLOW = 20_000
"""Milliseconds: the answers are computed, and the machine may be shared."""


def test_a_case_past_its_limit_is_red_and_in_the_supervision_list_with_who_holds_it(
    server: str, visit: Callable[..., Visit]
) -> None:
    page = visit(server, "city").open("/cases?system=admin-licence&view=overdue")
    late = page.locator(".case-rows li").first
    expect(late.locator(".case-late")).to_contain_text("逾期", timeout=SLOW)
    title = late.locator("b.el").text_content() or ""
    red = late.locator(".case-late").evaluate("node => getComputedStyle(node).color")
    page.locator("#case-bar").get_by_role("button", name="电子督办").click()
    listed = page.locator("dialog .case-held li", has_text=title).first
    expect(listed).to_have_class("over", timeout=SLOW)
    expect(listed).to_contain_text("待监管人员")
    expect(listed).to_contain_text("上一步")
    assert listed.locator(".case-late").evaluate("node => getComputedStyle(node).color") == red
    listed.get_by_role("button", name=title).click()
    expect(page.locator("#case-one h2")).to_have_text(title, timeout=SLOW)
    expect(page.locator("#case-one .case-clock")).to_have_class("case-clock late")
