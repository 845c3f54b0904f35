"""The duty desk in the browser, by the keyboard: a call becomes an incident, is logged, struck, found false."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.ids import new_id
from tests.browser.conftest import HALL, PHONE, Visit
from tests.server import Served

pytestmark = pytest.mark.browser


PRINTED = 60_000
"""Milliseconds where a document is printed with what is sent."""


def sent(page: Page, within: float | None = None) -> None:
    """The open form is sent by the keyboard and has closed: behind it nothing takes a key."""
    page.locator("dialog button[type=submit]").press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0, timeout=within)


def test_a_call_becomes_an_incident_with_clocks_and_a_log_that_is_struck_and_kept(
    written: Served, visit: Callable[..., Visit]
) -> None:
    seen = visit(written.address, "district", HALL)
    page = seen.open("/duty?incident=none")
    page.wait_for_function("() => document.querySelector('.duty')?.dataset.ready")
    dated = "(days) => window.OneMap.time.dated(new Date(window.OneMap.time.now().getTime() + days * 864e5))"
    assert re.fullmatch(r"\d\d:\d\d", page.evaluate(dated, 0))
    assert all(re.fullmatch(r"(\d{4}-)?\d\d-\d\d \d\d:\d\d", page.evaluate(dated, day)) for day in (-1, 1, 30))
    linked = "(text) => window.OneMap.time.linked(text)"
    assert page.evaluate(linked, "2026-11-29T14:30 08:00") == "2026-11-29T06:30:00.000Z", "a plus that became a space"
    assert [page.evaluate(linked, text) for text in ("2026-11-29T14:30", "garbage", "")] == ["", "", ""]
    title = f"键盘登记泄漏 {new_id()[-6:]}"
    page.keyboard.press("i")
    page.locator("dialog [name=title]").fill(title)
    page.locator("dialog [name=area]").select_option("990106")
    page.locator("dialog [name=text]").fill("电话:阀门处有气味")
    page.keyboard.press("Control+End")
    sent(page)
    bar, log = page.locator("#duty-bar"), page.locator("#duty-log")
    expect(bar).to_contain_text(title)
    expect(bar).to_contain_text("已接报")
    expect(page.locator("#duty-side")).to_contain_text("第十一条")
    expect(page.locator("#duty-chain [data-step='4']")).to_contain_text("未做")
    assert "incident=SJ" in page.url
    page.keyboard.press("n")
    page.locator("dialog [name=text]").fill("误记的一笔")
    sent(page)
    line = log.locator("li", has_text="误记的一笔")
    expect(line).to_be_visible()
    line.get_by_role("button", name="划去").press("Enter")
    page.locator("dialog [name=why]").fill("写错")
    sent(page)
    expect(log.locator("li.struck s")).to_have_text("误记的一笔")
    expect(log.locator("li.struck")).to_contain_text("写错")
    side = page.locator("#duty-side")
    page.keyboard.press("7")
    side.locator("[data-paper-of=flash]").press("Enter")
    expect(page.locator("dialog")).to_contain_text("缺 发生时间")
    page.locator("dialog [name=to]").fill("云澜市应急管理局")
    with page.expect_popup(timeout=PRINTED) as paper:
        sent(page, PRINTED)
    paper.value.close()
    expect(side.locator("[data-paper='1']")).to_contain_text("快报")
    expect(side.locator("[data-clock-id=relay]")).to_contain_text("已完成")
    expect(side.locator("[data-paper-of=followup]")).to_be_visible()
    page.keyboard.press("5")
    expect(page.locator("#duty-chain [data-step='5']")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("o")
    page.locator("dialog [name=to_kind]").select_option("unit")
    page.locator("dialog [name=to_name]").fill("盐港镇")
    page.locator("dialog [name=action]").fill("组织下风向疏散")
    expect(page.locator("dialog .order-to")).to_contain_text("发给 1 个对象：盐港镇")
    page.keyboard.press("Control+Enter")
    expect(side.locator("[data-order='1']")).to_contain_text("已下达")
    expect(page.locator("#duty-chain [data-step='5']")).to_contain_text("0 / 1")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator("#duty-side [data-act=false]").press("Enter")
    page.locator("dialog [name=why]").fill("测试")
    sent(page)
    expect(bar).to_contain_text("误报")
    page.keyboard.press("Escape")
    expect(bar).to_contain_text("没有打开的事件")

    phone = visit(written.address, "district", PHONE)
    page = phone.open("/duty")
    page.wait_for_function("() => document.querySelector('.duty')?.dataset.ready")
    expect(page.locator("#duty-tabs")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
