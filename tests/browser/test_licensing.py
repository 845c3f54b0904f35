"""Licensing in the browser: an enterprise renews what runs out, from the map, and the clock of its kind runs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.app.test_doors import signed_in
from tests.browser.conftest import PHONE, Visit
from tests.server import Served

pytestmark = pytest.mark.browser

SLOW = 20_000
"""Milliseconds: the answers are computed, and the machine may be shared."""

ASKED = {"system": "admin-licence"}
PNG = b"\x89PNG\r\n\x1a\n" + b"paper" * 40


def test_an_enterprise_that_was_told_renews_its_licence_and_sees_the_days_of_its_kind(
    written: Served, visit: Callable[..., Visit]
) -> None:
    with signed_in(written.address, "enterprise") as firm:
        fields = {one["name"]: one for one in firm.get("/api/cases/form", params=ASKED).json()["form"]}
        own = next(one for one in fields["licence"]["choices"] if one["name"].startswith("危险化学品经营许可证"))
        assert not fields["title"]["needed"]
        kept = firm.get(f"/api/feature/licences/{own['code']}").json()
        said = {one["title"]: one["words"] for one in kept["sections"][0]["pairs"] if "words" in one}
        assert said["证照状态"] == "临近届满"
        assert said["到期提醒至"] == "企业"
        assert said["到期提醒时间"]
    phone = visit(written.address, "enterprise", PHONE)
    page = phone.open(f"/cases?system=admin-licence&view=open&begin=renew&licence={own['code']}")
    form = page.locator("dialog.case-dialog")
    expect(form.locator("[name=licence]")).to_have_value(own["code"], timeout=SLOW)
    form.locator("[name=matter]").select_option("change")
    expect(form.locator(".case-against")).to_contain_text("须写明事由", timeout=SLOW)
    form.locator("[name=matter]").select_option("renew")
    expect(form.locator(".case-against")).to_be_hidden(timeout=SLOW)
    form.locator("[type=file]").set_input_files({"name": "申请书.png", "mimeType": "image/png", "buffer": PNG})
    form.get_by_role("button", name="提出申请").click()
    case = page.locator("#case-one")
    expect(case.locator("h2")).to_have_text("信禾助剂有限公司危险化学品经营许可证延续", timeout=SLOW)
    expect(case.locator(".case-clock")).to_contain_text("受理或一次告知补正:5 个工作日,自收到申请之日起")
    code = (page.locator("#case-one header p").text_content() or "").split(" ")[0]
    with signed_in(written.address, "district") as officer:
        told = officer.get("/api/cases/one", params=ASKED | {"code": code}).json()
        step = {**ASKED, "code": code, "version": told["version"], "step": "accept", "values": {}, "reason": ""}
        assert officer.post("/api/cases/step", json=step).status_code == 200
    page.reload()
    clock = case.locator(".case-clock")
    expect(clock).to_contain_text("危险化学品经营许可决定:30 日,自收到证明材料之日起", timeout=SLOW)
    expect(clock).to_contain_text("还有 30 天")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    case.get_by_role("button", name="撤回申请").click()
    form.locator("#case-f-reason").fill("试填,撤回")
    form.get_by_role("button", name="撤回申请").click()
    expect(case).to_contain_text("已撤回", timeout=SLOW)
    assert phone.faults == []


def test_a_case_past_its_limit_is_red_and_in_the_supervision_list_with_who_holds_it(
    server: str, visit: Callable[..., Visit]
) -> None:
    page = visit(server, "city").open("/cases?system=admin-licence&view=overdue")
    late = page.locator(".case-rows li").first
    expect(late.locator(".case-late")).to_contain_text("逾期", timeout=SLOW)
    title = late.locator("b.el").text_content() or ""
    red = late.locator(".case-late").evaluate("node => getComputedStyle(node).color")
    page.locator("#case-bar").get_by_role("button", name="电子督办").click()
    listed = page.locator("dialog .case-held li", has_text=title).first
    expect(listed).to_have_class("over", timeout=SLOW)
    expect(listed).to_contain_text("待监管人员")
    expect(listed).to_contain_text("上一步")
    assert listed.locator(".case-late").evaluate("node => getComputedStyle(node).color") == red
    listed.get_by_role("button", name=title).click()
    expect(page.locator("#case-one h2")).to_have_text(title, timeout=SLOW)
    expect(page.locator("#case-one .case-clock")).to_have_class("case-clock late")
