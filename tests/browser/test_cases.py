"""Cases in the browser: on a phone a firm reports a danger, is told what is missing, and mends it with a photograph."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.server import Served

pytestmark = pytest.mark.browser

SLOW = 20_000
"""Milliseconds: the answers are computed, and the machine may be shared."""

FIRM = "91990106MATYEK5E8U"
TITLE = "装卸臂接地夹松动(试)"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 40


def test_on_a_phone_a_firm_reports_a_danger_and_mends_it_with_a_photograph(
    written: Served, visit: Callable[..., Visit]
) -> None:
    phone = visit(written.address, "enterprise", PHONE)
    page = phone.open("/cases?view=open")
    expect(page.locator(".case-rows li").first).to_be_visible(timeout=SLOW)
    page.locator("#case-bar").get_by_role("button", name="上报").click()
    form = page.locator("dialog.case-dialog")
    form.locator("[name=title]").fill(TITLE)
    expect(form.locator("#case-f-place-said")).to_have_text("必须填写", timeout=SLOW)
    form.locator("[name=enterprise]").fill(FIRM)
    form.locator("[name=place]").fill("装卸站台")
    form.locator("[name=found_at]").fill("2026-01-05T08:00")
    expect(form.locator("#case-f-place-said")).to_be_hidden(timeout=SLOW)
    form.get_by_role("button", name="关闭").click()
    page.locator("#case-bar").get_by_role("button", name="上报").click()
    expect(form).to_contain_text("草稿存于")
    expect(form.locator("[name=title]")).to_have_value(TITLE)
    form.get_by_role("button", name="上报").click()
    case = page.locator("#case-one")
    expect(case.locator("h2")).to_have_text(TITLE, timeout=SLOW)
    case.get_by_role("button", name="定为一般隐患").click()
    form.locator("[type=checkbox]").first.check()
    expect(form.locator(".case-against")).to_contain_text("不能定为一般隐患", timeout=SLOW)
    form.locator("[type=checkbox]").first.uncheck()
    form.get_by_role("button", name="定为一般隐患").click()
    case.get_by_role("button", name="立即整改完毕").click(timeout=SLOW)
    form.locator("[name=outcome]").fill("已紧固并复测")
    form.locator("[type=file]").set_input_files({"name": "现场.png", "mimeType": "image/png", "buffer": PNG})
    form.get_by_role("button", name="立即整改完毕").click()
    expect(case).to_contain_text("待复查", timeout=SLOW)
    expect(case.locator(".case-log li").first).to_contain_text("现场.png")
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
