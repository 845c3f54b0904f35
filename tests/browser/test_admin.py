"""Administration in the browser: somebody is taken in for a time, works, and is out when the post is ended."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, HALL, PHONE, Visit, widths
from tests.server import Served

pytestmark = pytest.mark.browser


def test_a_temporary_post_lets_somebody_work_until_it_is_ended(written: Served, visit: Callable[..., Visit]) -> None:
    found = visit(written.address, "admin")
    page = found.open("/admin")
    page.get_by_role("button", name="新增账号").click()
    form = page.locator("dialog.adm-dialog")
    form.locator("[name=login]").fill("lin")
    form.locator("[name=name]").fill("林晓,市应急管理局")
    form.locator("[type=submit]").click()
    password = page.locator("#adm-secret").input_value()
    page.get_by_role("button", name="我已保存").click()
    page.locator(".adm-side h3").get_by_role("button", name="任职").click()
    form.locator("[name=term]").select_option("passing")
    form.get_by_text("盐港新区 990106", exact=True).click()
    form.locator("[name=until]").fill("2099-12-01T18:00")
    form.locator("[name=reason]").fill("夜间值守")
    form.locator("[type=submit]").click()
    page.locator(".adm-side .passing", has_text="盐港新区").wait_for()
    guest = page.context.browser.new_context()
    other = guest.new_page()
    other.goto(written.address + "/signin?next=/map")
    other.fill("#login", "lin")
    other.fill("#password", password)
    other.click("button.primary")
    for field in ("password", "repeated"):
        other.fill(f"input[name={field}]", "Yunlan-Gang-77")
    other.click("button.primary")
    other.wait_for_url("**/map")
    assert other.request.get(written.address + "/api/layers").status == 200
    page.locator(".adm-side .passing").get_by_role("button", name="结束").click()
    form.get_by_role("button", name="结束任职").click()
    page.get_by_text("没有任职，不能登录。").wait_for()
    assert other.request.get(written.address + "/api/layers").status == 401
    guest.close()
    assert found.faults == []


@pytest.mark.parametrize("lang", widths("zh", "en"))
@pytest.mark.parametrize("size", widths(PHONE, DESK, HALL))
def test_every_tab_opens_without_a_fault_or_a_sideways_scroll(
    written: Served, visit: Callable[..., Visit], size: tuple[int, int], lang: str
) -> None:
    found = visit(written.address, "admin", size)
    page = found.open(f"/admin?lang={lang}")
    for name in ("accounts", "groups", "roles", "keys", "walls", "recipients", "chores"):
        page.locator(f"[data-tab={name}][role=tab]").click()
        page.locator("#admin-body .adm-card:not([aria-busy])").locator(".adm-table, .adm-empty").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert found.faults == []


def test_the_tabs_are_walked_with_the_keyboard_and_a_question_can_be_left(
    written: Served, visit: Callable[..., Visit]
) -> None:
    page = visit(written.address, "admin").open("/admin#accounts")
    page.locator("#admin-tab-accounts").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.activeElement.id === 'admin-tab-groups'")
    expect(page.locator("[role=tab][aria-selected=true]")).to_have_text("分组")
    page.goto(page.url.replace("#groups", "#accounts"))
    page.locator("tr", has_text="district").get_by_role("button").click()
    page.get_by_role("button", name="停用", exact=True).click()
    page.wait_for_function("() => document.activeElement.textContent === '取消'")
    page.keyboard.press("Escape")
    page.locator(".adm-dialog").wait_for(state="detached")
    assert page.locator(".adm-side .adm-chip.good").first.inner_text() == "正常"


def test_a_key_that_writes_is_asked_about_twice_and_listed_with_what_it_changes(
    written: Served, visit: Callable[..., Visit]
) -> None:
    found = visit(written.address, "admin")
    page = found.open("/admin#keys")
    page.get_by_role("button", name="发放密钥").click()
    form = page.locator("dialog.adm-dialog").first
    form.locator("[name=name]").fill("医院名录")
    form.locator("[name=changed]").select_option("some")
    form.locator("fieldset", has_text="可改图层").get_by_label("医院", exact=True).check()
    form.locator("[type=submit]").click()
    question = page.get_by_role("dialog", name="发放可写密钥")
    assert "医院名录" in question.inner_text()
    question.get_by_role("button", name="取消").click()
    page.get_by_text("未发放").wait_for()
    form.locator("[type=submit]").click()
    question.get_by_role("button", name="确认发放").click()
    page.get_by_role("button", name="我已保存").click()
    row = page.locator("tr", has_text="医院名录")
    assert row.locator("[data-name=可改图层]").inner_text() == "医院"
    row.get_by_role("button", name="吊销").click()
    page.locator("dialog.adm-dialog").get_by_role("button", name="吊销").click()
    page.locator("tr", has_text="医院名录").get_by_text("已吊销").wait_for()
    page.locator(".adm-limits summary").click()
    limit = page.locator(".adm-limits tr", has_text="一个几何的顶点")
    assert limit.locator("[data-name=上限]").inner_text() == "25,000 个"
    assert found.faults == []


def test_nobody_else_opens_it(written: Served, visit: Callable[..., Visit]) -> None:
    page = visit(written.address, "city").page
    answer = page.goto(written.address + "/admin")
    assert answer is not None
    assert answer.status == 403
    assert page.get_by_text("无权打开此页").first.is_visible()
