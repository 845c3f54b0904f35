"""Publishing in the browser: a notice reaches another account, is read there for good, corrected, and withdrawn."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, HALL, PHONE, Visit, widths
from tests.server import Served

pytestmark = pytest.mark.browser

TITLE = "关于汛期领导带班的通知"


def publish(page: Page, title: str) -> None:
    page.get_by_role("button", name="发布通知").click()
    form = page.locator("dialog.adm-dialog")
    form.locator("[name=title]").fill(title)
    form.locator("[name=body]").fill("各单位落实领导带班。")
    form.locator("[type=submit]").click()
    expect(page.locator("tr", has_text=title)).to_contain_text("在期")


def test_a_notice_is_published_read_by_another_account_and_withdrawn(
    written: Served, visit: Callable[..., Visit]
) -> None:
    office, firm = visit(written.address, "district"), visit(written.address, "town")
    page = office.open("/notices")
    publish(page, TITLE)
    home = firm.open("/home")
    expect(home.locator("#home-notices-body li", has_text=TITLE)).to_be_visible()
    before = home.locator("#home-notices-unread").inner_text()
    home.locator("#home-notices-body li", has_text=TITLE).get_by_role("button").click()
    expect(home.locator("dialog.paper")).to_contain_text("各单位落实领导带班。")
    home.locator("dialog button.icon").click()
    expect(home.locator("#home-notices-body li.unread", has_text=TITLE)).to_have_count(0)
    expect(home.locator("#home-notices-unread")).not_to_have_text(before)
    after = home.locator("#home-notices-unread").inner_text()
    elsewhere = visit(written.address, "town").open("/home")
    expect(elsewhere.locator("#home-notices-unread")).to_have_text(after)
    expect(elsewhere.locator("#home-notices-body li", has_text=TITLE)).to_be_visible()
    page.locator("tr", has_text=TITLE).get_by_role("button", name="撤回").click()
    form = page.locator("dialog.adm-dialog")
    form.locator("[name=reason]").fill("内容有误")
    form.locator("[type=submit]").click()
    expect(page.locator("tr", has_text=TITLE)).to_have_count(0)
    expect(home.locator("#home-notices-body li", has_text=TITLE)).to_have_count(0)
    page.get_by_label("状态").select_option("gone")
    gone = page.locator("tr", has_text=TITLE)
    expect(gone).to_contain_text("内容有误")
    gone.get_by_role("button", name="历史").click()
    expect(page.locator(".board-steps li")).to_have_count(2)
    expect(page.locator(".board-steps li").first).to_contain_text("撤回")
    assert office.faults + firm.faults == []


def test_what_is_wrong_is_said_at_its_field_and_a_stale_form_is_refused(
    written: Served, visit: Callable[..., Visit]
) -> None:
    first, second = visit(written.address, "district"), visit(written.address, "district")
    page = first.open("/notices")
    publish(page, "关于值班表报送的通知")
    other = second.open("/notices")
    for one in (page, other):
        one.locator("tr", has_text="关于值班表报送的通知").get_by_role("button", name="更正").click()
    form = page.locator("dialog.adm-dialog")
    form.locator("[name=expires_on]").fill("2020-01-01")
    form.locator("[name=reason]").fill("补期限")
    form.locator("[type=submit]").click()
    expect(form.locator(".adm-field", has_text="失效日期").locator(".adm-wrong")).to_contain_text("不得早于发布时间")
    form.locator("[name=expires_on]").fill("2099-01-01")
    form.locator("[type=submit]").click()
    expect(page.locator("tr", has_text="关于值班表报送的通知")).to_contain_text("至 2099-01-01")
    late = other.locator("dialog.adm-dialog")
    late.locator("[name=reason]").fill("再改")
    late.locator("[type=submit]").click()
    expect(late.locator(".adm-fault")).to_contain_text("已被他人修改")


@pytest.mark.parametrize("lang", widths("zh", "en"))
@pytest.mark.parametrize("size", widths(PHONE, DESK, HALL))
def test_both_boards_open_without_a_fault_or_a_sideways_scroll(
    written: Served, visit: Callable[..., Visit], size: tuple[int, int], lang: str
) -> None:
    found = visit(written.address, "city", size)
    page = found.open(f"/notices?lang={lang}")
    for name in ("notices", "schedules"):
        page.locator(f"[data-board={name}]").click()
        page.locator("#board-body .adm-card:not([aria-busy]) .adm-table").wait_for()
        page.locator(".adm-bar .primary:enabled").click()
        page.locator("dialog.adm-dialog [name=title]").wait_for()
        page.keyboard.press("Escape")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert found.faults == []


def test_who_may_not_publish_export_or_make_briefs_is_offered_none_of_it(
    written: Served, visit: Callable[..., Visit]
) -> None:
    found = visit(written.address, "enterprise")
    page = found.open("/home")
    expect(page.locator("a[href$='/notices']")).to_have_count(0)
    answer = page.request.get(written.address + "/notices")
    assert answer.status == 403
    page = found.open("/map?layers=enterprises&table=enterprises")
    page.locator("#map-table tbody tr").first.click()
    page.locator("#map-card .actions").wait_for()
    expect(page.get_by_role("button", name="导出")).to_have_count(0)
    expect(page.get_by_role("button", name="离线简报")).to_have_count(0)
    expect(page.locator("a[href$='/hall']")).to_have_count(0)
    assert found.faults == []
