"""Without an account: a licence is looked up, a danger reported, and the report followed by its code to the end."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.app.test_doors import signed_in
from tests.app.test_report_doors import one_of
from tests.browser.conftest import DESK, PHONE, Visit
from tests.server import Served

pytestmark = pytest.mark.browser

SLOW = 20_000
FIRM = "91990106MATYEK5E8U"
DRAWN = """async (input) => { const c = document.createElement("canvas"); c.width = 2400; c.height = 900;
  c.getContext("2d").fillRect(0, 0, 900, 900); const b = await new Promise((r) => c.toBlob(r, "image/png"));
  const d = new DataTransfer(); d.items.add(new File([b], "IMG_0001.png", { type: "image/png" }));
  input.files = d.files; }"""


def take(officer: httpx.Client, number: str, step: str, reason: str = "", **values: Any) -> dict[str, Any]:
    one = one_of(officer, number)
    body = {"system": "complaint", "code": number, "version": one["version"], "step": step, "values": values,
            "reason": reason}  # fmt: skip
    answer = officer.post("/api/cases/step", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_citizen_looks_up_a_licence_reports_without_an_account_and_is_answered_and_rewarded_by_code(
    written: Served, chromium: Browser, visit: Callable[..., Visit]
) -> None:
    context = chromium.new_context(locale="zh-CN", viewport={"width": PHONE[0], "height": PHONE[1]}, is_mobile=True)
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: said.type == "error" and faults.append(said.text))
    try:
        page.goto(written.address + "/public?of=licences&q=信禾助剂")
        expect(page.locator(".hits")).to_contain_text("危险化学品经营许可证")
        page.get_by_role("link", name="网上举报").click()
        form = page.locator(".report-form")
        expect(page.locator(".wrong, .fault:visible")).to_have_count(0)  # nothing is refused before anything is typed
        form.locator("#kind").select_option("violation")
        form.locator("#area").select_option("990106")
        form.locator("#accused_name").fill("信禾助剂")
        form.locator("#place").fill("园区三路东门")
        form.locator("#description").fill("夜间动火,旁边是成品库,没有监护人")
        form.locator("#photo").evaluate(DRAWN)
        context.set_offline(True)
        form.get_by_role("button", name="提交举报").click()
        expect(form.locator(".send-said")).to_contain_text("没有网络", timeout=SLOW)
        context.set_offline(False)
        faults.clear()  # the browser said that there was no network
        form.get_by_role("button", name="提交举报").click()
        query = page.locator(".the-code").text_content(timeout=SLOW) or ""
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

        def followed() -> None:
            page.goto(written.address + "/public/report/progress")
            page.locator(".ask [name=code]").fill(query)
            page.locator(".ask button").click()
            page.locator("dl.paper").wait_for()

        followed()
        number = page.locator("dl.paper dd").first.text_content() or ""
        with signed_in(written.address, "district") as officer:
            (photo,) = one_of(officer, number)["loose"]  # type: ignore[misc]
            assert (photo["name"], photo["media_type"]) == ("举报照片1", "image/jpeg")  # drawn anew: nothing beside it
            take(officer, number, "accept")
            take(officer, number, "dispatch", handler="盐港新区执法大队", area="990106", accused=FIRM)
            told = take(officer, number, "open_check", accused=FIRM, check_by="2099-01-01")
            assert [one["system"] for one in told["related"]] == ["site-check"]
            take(officer, number, "conclude", outcome="true", finding="属实", approved_by="分管负责人")
            take(officer, number, "reply", answer="已责令停止动火并立案")
            take(officer, number, "grant_reward", reward_basis="violation", reward_fine=30000)
        followed()
        expect(page.locator("dl.paper")).to_contain_text("已责令停止动火并立案")
        expect(page.locator("dl.paper")).to_contain_text("4,500 元")
        claim = page.locator("form.act", has_text="申领奖励")
        claim.locator("textarea").fill("到窗口领取现金")
        claim.get_by_role("button", name="申领奖励").click()
        expect(page.locator(".verdict")).to_have_text("奖励已申领", timeout=SLOW)
        assert faults == []
    finally:
        context.close()
    desk = visit(written.address, "duty", DESK)
    case = desk.open(f"/cases?system=complaint&view=all&code={number}").locator("#case-one")
    expect(case.locator(".case-reporter")).to_contain_text("匿名;已说明领奖方式", timeout=SLOW)
    case.get_by_role("button", name="拆阅").click()
    dialog = desk.page.locator("dialog[open]")
    dialog.get_by_label("理由").fill("兑付奖励")
    dialog.get_by_role("button", name="拆阅").click()
    expect(desk.page.locator("dialog[open]")).to_contain_text("到窗口领取现金", timeout=SLOW)
    desk.page.keyboard.press("Escape")
    case.get_by_role("button", name="兑付奖励").click()
    pay = desk.page.locator("dialog.case-dialog")
    pay.locator("[name=voucher]").fill("JL-2026-1")
    pay.get_by_role("button", name="兑付奖励").click()
    expect(case).to_contain_text("已答复", timeout=SLOW)
    assert desk.faults == []
