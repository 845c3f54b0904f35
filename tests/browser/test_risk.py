"""The risk map in the browser: mostly unknown is never blue, drivers open their rows, the address keeps it all."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit

pytestmark = pytest.mark.browser

SLOW = 20_000
"""Milliseconds: the answers are computed, and the machine may be shared."""

KNOWN_BY_HALF = """() => { const said = [...document.querySelectorAll('#risk-list .risk-rows small')];
  return said.every(n => Number((n.textContent.match(/(\\d+) 项未知/) || [0, 0])[1]) <= 7); }"""
"""Nothing in the list has most of its terms unknown."""

START = "/risk?sel=e:91990106MATYEK5E8U"


def test_the_drivers_of_a_firm_open_the_rows_they_counted_and_its_area_can_be_looked_back_at(
    server: str, seen: Callable[..., Visit]
) -> None:
    one = seen(server, START)
    page = one.page
    side = page.locator("#risk-one")
    expect(side.locator("h2")).to_have_text("信禾助剂有限公司", timeout=SLOW)
    expect(side).to_contain_text("最高可能", timeout=SLOW)
    expect(side).to_contain_text("至多 +", timeout=SLOW)
    side.locator(".risk-sources button").first.click()
    dialog = page.locator("dialog.adm-dialog")
    expect(dialog.locator("dl")).to_contain_text("R", timeout=SLOW)
    dialog.locator("footer").get_by_role("button", name="关闭").click()
    page.get_by_role("tab", name="区域").click()
    page.locator("#risk-list button.row", has_text="盐港新区").click()
    expect(side.locator("h2")).to_have_text("盐港新区", timeout=SLOW)
    slider = page.get_by_label("回看时刻")
    slider.focus()
    slider.press("Home")
    expect(page.locator(".risk-time")).to_have_class(re.compile("risk-past"))
    page.get_by_role("tab", name="企业").click()
    expect(page.locator("#risk-list")).to_contain_text("当时尚无风险指数", timeout=SLOW)
    slider.press("End")
    expect(page.locator("#risk-list .risk-rows button.row").first).to_be_visible()
    assert one.faults == []


def test_what_is_mostly_unknown_is_not_blue_and_every_score_says_how_high_it_may_be(
    server: str, seen: Callable[..., Visit]
) -> None:
    one = seen(server, START)  # the last to use it: its filters stay
    page = one.page
    rows = page.locator("#risk-list .risk-rows button.row")
    expect(rows.first).to_contain_text("最高", timeout=SLOW)
    page.get_by_role("button", name="蓝", exact=True).click()
    expect(page.get_by_role("button", name="蓝", exact=True)).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(KNOWN_BY_HALF, timeout=SLOW)
    page.get_by_role("button", name="未知", exact=True).click()
    expect(page.locator("#risk-list")).to_contain_text(re.compile("项未知|没有符合条件的企业"), timeout=SLOW)
    look = "share => OneMap.risk.look({grade: 4, grade_highest: 2, share}, 'known').kind"
    assert [page.evaluate(look, share) for share in (0.6, 0.4)] == ["unknown", "open"]
    expect(page.locator(".theme-name")).to_contain_text("非法定公式", timeout=SLOW)
    page.get_by_role("button", name="按最高可能").click()
    page.wait_for_function("() => location.search.includes('by=highest')")
    assert one.faults == []


def test_who_may_not_see_the_index_is_told_and_a_phone_shows_map_and_ranking(
    server: str, visit: Callable[..., Visit]
) -> None:
    closed = visit(server, "intermediary", PHONE).open("/risk")
    expect(closed.locator("#risk-list")).to_contain_text("不对您的岗位开放", timeout=SLOW)
    phone = visit(server, "enterprise", PHONE)
    page = phone.open("/risk")
    expect(page.locator("#risk-list button.row")).to_have_count(1)
    wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert wide, "nothing hangs over the edge"
    assert phone.faults == []
