"""Recipients of warnings in the browser: added by keyboard, refused at the field, tried, ended."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit, widths
from tests.server import set_server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", widths(PHONE, (1920, 1080)))
def test_a_recipient_is_added_tried_and_ended(
    tmp_path: Path, visit: Callable[..., Visit], size: tuple[int, int]
) -> None:
    with set_server(tmp_path / "city", ONEMAP_SMS_URL="sink:") as address:
        found = visit(address, "admin", size, alone=True)
        page = found.open("/admin#recipients")
        page.get_by_text("还没有接收单位").wait_for()
        page.keyboard.press("n")
        form = page.locator("dialog.adm-dialog").first
        form.locator("[name=name]").fill("值班手机")
        form.locator("[name=address]").fill("https://elsewhere.example/cap")
        form.get_by_text("盐港新区 990106", exact=True).click()
        form.locator("[type=submit]").click()
        wrong = form.locator(".adm-field:has([name=address]) .adm-wrong")
        expect(wrong).to_contain_text("ONEMAP_CAP_HOSTS")
        form.locator("[name=channel]").select_option("sms")
        form.locator("[name=address]").fill("13812345678")
        page.keyboard.press("Control+Enter")
        row = page.locator("#admin-body tr", has_text="值班手机")
        expect(row).to_contain_text("138****5678")
        expect(row).to_contain_text("盐港新区")
        row.get_by_role("button", name="测试").click()
        page.get_by_role("dialog", name="发送测试消息").get_by_role("button", name="发送测试").click()
        receipt = page.get_by_role("dialog", name="测试回执：值班手机")
        receipt.locator("[data-state=sent]").wait_for()
        expect(receipt).to_contain_text("测试接收端")
        page.keyboard.press("Escape")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        row.get_by_role("button", name="停用").click()
        page.get_by_role("dialog", name="停用接收单位").get_by_role("button", name="停用").click()
        expect(row).to_contain_text("已结束")
        assert [fault for fault in found.faults if "422" not in fault] == []
