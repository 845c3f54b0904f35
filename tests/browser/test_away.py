"""Cases taken along: the page opens without a network, steps follow each other there and arrive in their order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Error, expect

from casework.terms import local_day
from core.clock import utc_now
from tests.app.test_doors import signed_in
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_checks import PNG, SLOW, SYSTEM
from tests.server import PASSWORDS, Served

pytestmark = pytest.mark.browser

FIRM = "91990106MATYEK5E8U"
GONE = "async () => !(await caches.keys()).length && !(await navigator.serviceWorker.getRegistrations()).length"
CLOSED = """() => {
  const remove = IDBObjectStore.prototype.delete;
  IDBObjectStore.prototype.delete = function (key) {
    this.transaction.addEventListener("complete", () => { document.body.dataset.closed = "1"; });
    indexedDB.open = () => ({});
    return remove.call(this, key);
  };
}"""
"""From the moment a step has left the device nothing more is done on this page."""


def test_a_check_is_recorded_where_there_is_no_network_and_the_copy_goes_with_the_signing_out(
    written: Served, visit: Callable[..., Visit]
) -> None:
    plan = {"title": "无网检查(试)", "enterprise": FIRM, "check_by": local_day(utc_now() + timedelta(9)).isoformat()}
    with signed_in(written.address, "district") as district:
        code = district.post("/api/cases/open", json={"system": SYSTEM, "values": plan}).json()["code"]
        page = visit(written.address, "district", PHONE).open(f"/cases?system={SYSTEM}&view=todo")
        page.get_by_role("button", name="存到本机").click(timeout=SLOW)
        page.locator("dialog").get_by_role("button", name="存到本机").click()
        line, queue = page.locator("#case-away"), page.locator("#case-queue li")
        expect(line).to_contain_text("已存本机:现场检查待办", timeout=SLOW)
        page.context.set_offline(True)
        page.goto(f"{written.address}/cases")
        expect(line).to_contain_text("没有网络", timeout=SLOW)
        page.locator(f"#case-list [data-code={code}]").click()
        case, form = page.locator("#case-one"), page.locator("dialog.case-dialog")
        case.get_by_role("button", name="到场亮证").click(timeout=SLOW)
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"longitude": 121.81, "latitude": 33.21})
        form.get_by_role("button", name="取本机位置").click()
        expect(form.locator(".case-where")).to_contain_text("121.81", timeout=SLOW)
        for name, value in {"lead": "周敏", "lead_no": "YL1", "second": "王立"}.items():
            form.locator(f"[name={name}]").fill(value)
        send = form.locator("footer .primary")
        send.click()
        expect(form.locator("[role=alert]")).to_contain_text("请填齐:协办执法证号", timeout=SLOW)
        form.locator("[name=second_no]").fill("YL2")
        send.click()
        expect(case).to_contain_text("现场检查中(待发送)", timeout=SLOW)
        case.get_by_role("button", name="填写检查记录").click()
        items = form.locator(".case-items li[data-item]")
        for n in range(items.count()):
            items.nth(n).locator("label.yes").click()
        form.locator("[name=findings]").fill("未见异常")
        form.locator("[name=party]").fill("赵强")
        form.locator("[type=file]").set_input_files({"name": "现场.png", "mimeType": "image/png", "buffer": PNG})
        send.click()
        expect(queue).to_contain_text(["已存于本机,联网后自动发送", "前一步送达后发送"], timeout=SLOW)
        page.evaluate(CLOSED)
        page.context.set_offline(False)
        page.wait_for_selector("[data-closed]", state="attached", timeout=SLOW)
        page.reload()
        expect(case.locator(".case-log > li")).to_have_count(3, timeout=SLOW)  # as the server tells it
        expect(queue).to_have_count(0, timeout=SLOW)
        expect(case).to_contain_text("待签字确认", timeout=SLOW)
        expect(line).to_contain_text("已存本机", timeout=SLOW)
        log = district.get("/api/cases/one", params={"system": SYSTEM, "code": code}).json()["log"]
        assert [one["step"] for one in log] == ["record", "arrive", "plan"]
        assert [file["name"] for file in log[0]["files"]] == ["现场.png"]
        page.locator(".account-box summary").click()
        page.get_by_role("button", name="退出登录").click()
        page.wait_for_url("**/signin")
        page.wait_for_function(GONE)


def test_what_one_person_took_along_is_gone_once_another_has_signed_in_on_that_device(
    written: Served, visit: Callable[..., Visit]
) -> None:
    page = visit(written.address, "district", PHONE, alone=True).open(f"/cases?system={SYSTEM}&view=todo")
    page.get_by_role("button", name="存到本机").click(timeout=SLOW)
    page.locator("dialog").get_by_role("button", name="存到本机").click()
    expect(page.locator("#case-away")).to_contain_text("已存本机", timeout=SLOW)
    page.context.clear_cookies()  # the session is over; nobody signed out
    page.goto(f"{written.address}/signin")
    page.locator("#login").fill("city")
    page.locator("#password").fill(PASSWORDS["city"])
    page.locator("#password").press("Enter")
    page.wait_for_selector("[data-ready]", timeout=SLOW)
    assert page.evaluate("async () => [await caches.keys(), localStorage.getItem('onemap_away')]") == [[], None]
    page.context.set_offline(True)
    with pytest.raises(Error, match="net::ERR"):
        page.goto(f"{written.address}/cases")
