"""The designer in the browser: a fault stands at its field, the differences in words, and publishing asks why."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, HALL, PHONE, Visit, widths
from tests.server import Served

pytestmark = pytest.mark.browser

SLOW = 20_000
"""Milliseconds: the answers are computed, and the machine may be shared."""


def test_an_administrator_changes_who_may_take_a_step_publishes_it_and_puts_the_earlier_version_back(
    written: Served, visit: Callable[..., Visit]
) -> None:
    found = visit(written.address, "admin")
    page = found.open("/cases/design")
    head, side, said = page.locator(".design-head"), page.locator("#design-side"), page.locator(".design-said")
    before = int(re.findall(r"第 (\d+) 版", head.inner_text())[0])
    head.get_by_role("button", name="修改").click()
    page.locator("tr[data-step=stop_work] .adm-name").click()
    title = side.get_by_label("步骤名称(英文)")
    title.fill("")
    expect(side.locator("[data-fault='steps.stop_work.title']")).to_contain_text("须有中文和英文", timeout=SLOW)
    expect(said).to_contain_text("1 处有误")
    title.fill("Stop work")
    firm = side.get_by_role("group", name="办理身份").get_by_label("企业")
    firm.press("Space")  # the fault above it goes meanwhile, and moves it, while one aims
    expect(firm).not_to_be_checked()
    expect(said).to_contain_text("步骤“停产撤人”办理身份删去:企业", timeout=SLOW)
    expect(head).to_contain_text("草稿已存", timeout=SLOW)
    page.keyboard.press("Escape")
    expect(side).to_be_hidden()
    page.keyboard.press("Control+Enter")
    form = page.locator("dialog.adm-dialog")
    expect(form).to_contain_text("步骤“停产撤人”办理身份删去:企业", timeout=SLOW)
    form.locator("[type=submit]").click()
    expect(form).to_contain_text("请填写发布理由")
    form.locator("[name=reason]").fill("只由监管人员决定(试)")
    form.locator("[type=submit]").click()
    expect(head).to_contain_text(f"第 {before + 1} 版(在用)", timeout=SLOW)
    versions = page.locator(".design-versions li")
    expect(versions.first).to_contain_text("只由监管人员决定(试)")
    versions.filter(has=page.get_by_text(f"第 {before} 版", exact=True)).get_by_role("button").click()
    expect(said).to_contain_text("办理身份增加:企业", timeout=SLOW)
    head.get_by_role("button", name="恢复此版").click()
    form.locator("[name=reason]").fill("恢复(试)")
    form.locator("[type=submit]").click()
    expect(head).to_contain_text(f"第 {before + 2} 版(在用)", timeout=SLOW)
    assert found.faults == []


@pytest.mark.parametrize("lang", widths("zh", "en"))
@pytest.mark.parametrize("size", widths(PHONE, DESK, HALL))
def test_a_step_is_read_without_a_sideways_scroll(
    written: Served, visit: Callable[..., Visit], size: tuple[int, int], lang: str
) -> None:
    found = visit(written.address, "admin", size)
    page = found.open(f"/cases/design?lang={lang}")
    page.locator("tr[data-step=plan] .adm-name").click()
    expect(page.locator("#design-side h3")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found.faults == []
