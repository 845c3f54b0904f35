"""Cases in the browser: on a phone a firm reports a danger, is told what is missing, and mends it with a photograph."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.app.test_doors import signed_in
from tests.browser.conftest import HALL, PHONE, Visit
from tests.server import Served

pytestmark = pytest.mark.browser

SLOW = 20_000
"""Milliseconds: the answers are computed, and the machine may be shared."""

FIRM = "91990106MATYEK5E8U"
TITLE = "装卸臂接地夹松动(试)"
CHECKED_AT = "**/api/cases/check"
CHECKED = {"recheck": "现场复查,接地电阻合格"}
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 40


def test_on_a_phone_a_firm_reports_a_danger_with_a_photograph_mends_it_and_it_is_verified_and_closed(
    written: Served, visit: Callable[..., Visit]
) -> None:
    """Of those that are late the list says how far up they were told; a major one is listed in `test_acceptance`."""
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
    expect(form).to_contain_text("草稿存于", timeout=SLOW)
    expect(form.locator("[name=title]")).to_have_value(TITLE)
    found = {"name": "发现时.png", "mimeType": "image/png", "buffer": PNG + b"found"}
    form.locator("[type=file]").set_input_files(found)
    form.get_by_role("button", name="上报").click()
    case = page.locator("#case-one")
    expect(case.locator("h2")).to_have_text(TITLE, timeout=SLOW)
    expect(case).to_contain_text("发现时.png", timeout=SLOW)
    case.get_by_role("button", name="定为一般隐患").click()
    ticked = form.locator("[type=checkbox]").first
    ticked.press("Space")  # what is wrong with the form is told above it, and moves it, while one aims
    expect(ticked).to_be_checked()
    expect(form.locator(".case-against")).to_contain_text("不能定为一般隐患", timeout=SLOW)
    ticked.press("Space")
    expect(ticked).not_to_be_checked()
    form.get_by_role("button", name="定为一般隐患").click()
    case.get_by_role("button", name="立即整改完毕").click(timeout=SLOW)
    form.locator("[name=outcome]").fill("已紧固并复测")
    form.locator("[type=file]").set_input_files({"name": "现场.png", "mimeType": "image/png", "buffer": PNG})
    form.get_by_role("button", name="立即整改完毕").click()
    expect(case).to_contain_text("待复查", timeout=SLOW)
    expect(case.locator(".case-log li").first).to_contain_text("现场.png")
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    code = (case.locator("header p").text_content() or "").split(" ")[0]
    with signed_in(written.address, "district") as officer:
        asked = {"system": "hidden-danger", "code": code}
        version = officer.get("/api/cases/one", params=asked).json()["version"]
        told = officer.post("/api/cases/step", json={**asked, "version": version, "step": "accept", "values": CHECKED})
        assert told.status_code == 200, told.text
    page.reload()
    expect(case).to_contain_text("已销号", timeout=SLOW)
    expect(case.locator(".case-log > li")).to_have_count(4)
    page.goto(f"{written.address}/cases?view=overdue")
    late = page.locator(".case-rows li").first
    expect(late.locator(".case-late")).to_contain_text("逾期", timeout=SLOW)
    expect(late).to_contain_text("已提醒至")


def test_nothing_moves_in_a_form_while_something_in_it_is_pressed(written: Served, visit: Callable[..., Visit]) -> None:
    """What is wrong with the form is told above it: a click, or the stroke of a signature, would go elsewhere."""
    page = visit(written.address, "city", HALL).open("/cases?view=open&system=hidden-danger")
    form, held = page.locator("dialog.case-dialog"), list[Route]()
    page.route(CHECKED_AT, lambda route: held.append(route))
    page.locator("#case-bar").get_by_role("button", name="上报").click(timeout=SLOW)
    with page.expect_request(CHECKED_AT):
        form.locator("[name=title]").fill("按住(试)")
    expect(form.locator(".case-draft")).to_contain_text("草稿已保存", timeout=SLOW)
    wrong, place = form.locator(".case-against li, .adm-fault:visible"), form.locator("[name=place]")
    box = place.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    with page.expect_response(CHECKED_AT):
        held[-1].continue_()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert (wrong.count(), place.bounding_box()) == (0, box)
    page.mouse.up()
    expect(wrong.first).to_be_visible()
    form.get_by_role("button", name="关闭").click()
    page.evaluate("OneMap.post('api/cases/draft', { system: 'hidden-danger' })")


def answered_late(route: Route) -> None:
    """The case is filed at once, and said to be after what was typed last would have been kept."""
    answer = route.fetch()
    time.sleep(1.3)
    route.fulfill(response=answer)


def test_a_draft_goes_on_in_another_window_and_of_two_windows_the_second_is_asked(
    written: Served, visit: Callable[..., Visit]
) -> None:
    title = "压力表超期未检(稿)"
    desk = visit(written.address, "district", HALL)
    page = desk.open("/cases?view=open")
    page.locator("#case-bar").get_by_role("button", name="上报").click(timeout=SLOW)
    form = page.locator("dialog.case-dialog")
    form.locator("[name=title]").fill(title)
    expect(form.locator(".case-draft")).to_contain_text("草稿已保存", timeout=SLOW)
    other = page.context.new_page()
    other.goto(f"{written.address}/cases?view=open")
    other.locator("#case-bar").get_by_role("button", name="我的草稿").click(timeout=SLOW)
    other.locator(".case-drafts li", has_text=title).get_by_role("button", name="继续填写").click()
    second = other.locator("dialog.case-dialog")
    expect(second.locator("[name=title]")).to_have_value(title, timeout=SLOW)
    second.locator("[name=place]").fill("二车间")
    expect(second.locator(".case-draft")).to_contain_text("草稿已保存", timeout=SLOW)
    form.locator("[name=place]").fill("三车间")
    expect(form.locator(".case-draft")).to_contain_text("另一窗口", timeout=SLOW)
    form.get_by_role("button", name="载入那一份").click()
    expect(form.locator("[name=place]")).to_have_value("二车间", timeout=SLOW)
    form.get_by_role("button", name="清除草稿").click()
    expect(form.locator("[name=title]")).to_have_value("", timeout=SLOW)
    other.close()


def test_a_step_filed_without_a_network_is_kept_with_its_photograph_over_a_reload_and_sent_once(
    written: Served, visit: Callable[..., Visit]
) -> None:
    title = "护栏松动(离线)"
    phone = visit(written.address, "enterprise", PHONE)
    page = phone.open("/cases?view=open")
    expect(page.locator(".case-rows li").first).to_be_visible(timeout=SLOW)
    page.locator("#case-bar").get_by_role("button", name="上报").click()
    form = page.locator("dialog.case-dialog")
    for name, value in (("title", title), ("enterprise", FIRM), ("place", "平台"), ("found_at", "2026-01-05T08:00")):
        form.locator(f"[name={name}]").fill(value)
    page.route("**/api/cases/open", answered_late)
    form.get_by_role("button", name="上报").click()
    case = page.locator("#case-one")
    expect(case.locator("h2")).to_have_text(title, timeout=SLOW)
    drafts = page.evaluate("fetch('api/cases/drafts').then((answer) => answer.json())")["drafts"]
    assert title not in [one["name"] for one in drafts], "what is filed is no draft again"
    case.get_by_role("button", name="定为一般隐患").click()
    form.get_by_role("button", name="定为一般隐患").click()
    case.get_by_role("button", name="立即整改完毕").click(timeout=SLOW)
    page.context.set_offline(True)
    form.locator("[name=outcome]").fill("已加固")
    form.locator("[type=file]").set_input_files({"name": "护栏.png", "mimeType": "image/png", "buffer": PNG + b"3"})
    form.get_by_role("button", name="立即整改完毕").click()
    waiting = page.locator("#case-queue li")
    expect(waiting).to_contain_text("待发送", timeout=SLOW)
    expect(waiting).to_contain_text("1 个附件")
    page.route("**/api/cases/step", lambda route: (route.fetch(), route.abort()))  # it arrives, its answer does not
    page.context.set_offline(False)  # from here on it is sent
    page.reload()
    expect(page.locator("#case-queue li")).to_contain_text(title, timeout=SLOW)
    page.unroute("**/api/cases/step")
    page.reload()
    expect(page.locator("#case-queue")).to_be_hidden(timeout=SLOW)
    expect(case).to_contain_text("待复查", timeout=SLOW)
    log = case.locator(".case-log > li")
    expect(log).to_have_count(3)
    expect(log.first).to_contain_text("护栏.png")
