"""The register of limits in the browser: one person reads, is kept from confirming, another confirms."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, Visit
from tests.server import demo_server

pytestmark = pytest.mark.browser

ROW = "热辐射 10 kW/m²"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with demo_server(tmp_path_factory.mktemp("limits-page")) as address:
        yield address


def enter(page: Page, button: str, number: str) -> None:
    page.get_by_label("类别").select_option("effects")
    page.locator("#limits-list tr", has_text=ROW).get_by_role("button").click()
    page.locator("#limits-one").get_by_role("button", name=button).click()
    form = page.locator("dialog.adm-dialog")
    form.locator("[name=document]").fill("ALOHA 5.4.7 technical documentation, NOAA, 2013")
    form.locator("[name=page]").fill("81")
    form.locator("[name=value]").fill(number)
    form.locator("[type=submit]").click()


def test_a_limit_read_by_two_persons_is_verified_on_the_page(served: str, visit: Callable[..., Visit]) -> None:
    first, second = visit(served, "city", DESK), visit(served, "duty", DESK)
    page = first.open("/limits")
    enter(page, "核对", "ten")
    expect(page.locator("dialog .adm-wrong")).to_contain_text("应为数")
    page.locator("dialog [name=value]").fill("10000")
    page.locator("dialog [type=submit]").click()
    aside = page.locator("#limits-one")
    expect(aside).to_contain_text("须由另一人复核")
    other = second.open("/limits")
    enter(other, "复核", "10000")
    expect(other.locator("#limits-one .adm-chip")).to_have_text("已核实")
    expect(other.locator("#limits-list tr", has_text=ROW)).to_contain_text("10000 W/m2")
    assert second.faults == []
    assert [fault for fault in first.faults if "422" not in fault] == []
