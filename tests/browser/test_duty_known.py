"""What is known of an incident: written by two at once, wrongly, while a session ends; nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from core.clock import CHINA, utc_now
from core.ids import new_id
from tests.browser.conftest import HALL, Visit
from tests.server import PASSWORDS, Served

pytestmark = pytest.mark.browser


def ready(page: Page) -> Page:
    page.wait_for_function("() => document.querySelector('.duty')?.dataset.ready")
    return page


def opened(seen: Visit, server: str) -> str:
    """An incident of a call, without a place."""
    body = {"command": new_id(), "origin": "call", "title": f"来电 {new_id()[-6:]}", "kind": "other", "area": "990106",
            "text": "电话:有气味"}  # fmt: skip
    answer = seen.page.context.request.post(
        f"{server}/api/incidents/open", data=body, headers={"origin": server}
    ).json()
    return str(answer["code"])


def note(page: Page, server: str, code: str) -> None:
    body = {"command": new_id(), "code": code, "kind": "note", "text": "别人记的一笔"}
    assert page.context.request.post(f"{server}/api/incidents/note", data=body, headers={"origin": server}).ok


def test_what_a_call_left_out_is_told_later_and_two_who_write_lose_nothing(
    written: Served, visit: Callable[..., Visit]
) -> None:
    seen, other = visit(written.address, "district", HALL), visit(written.address, "city", HALL)
    code = opened(seen, written.address)
    page = ready(seen.open(f"/duty?incident={code}&step=4"))
    side = page.locator("#duty-side")
    expect(side).to_contain_text("没有位置")
    page.keyboard.press("d")
    expect(page.locator(".alarms-toast")).to_contain_text("按 L 在图上标")
    side.locator("[data-act=told]").click()
    page.locator("dialog [name=kind]").select_option("leak")
    page.locator("dialog [name=named]").fill("苯")
    page.locator("dialog .duty-hits button").first.wait_for()
    page.locator("dialog [name=named]").fill("液氯")
    page.locator("dialog [name=named]").press("Enter")  # before it is found: what was found for 苯 is not taken
    expect(page.locator("dialog [role=status]").first).to_contain_text(re.compile("已选重大危险源.*液氯"))
    page.locator("dialog [name=summary]").fill("法兰处泄漏")
    told = (utc_now() - timedelta(minutes=5)).astimezone(CHINA)
    page.locator("dialog [name=unit_told_at]").fill(f"{told:%Y-%m-%dT%H:%M}")

    rival = ready(other.open(f"/duty?incident={code}"))
    rival.locator("#duty-side [data-act=losses]").click()
    losses = rival.locator("dialog")
    losses.locator("[name=deaths]").fill("1e3")
    losses.locator("[type=submit]").click()
    expect(losses.locator(".adm-wrong")).to_contain_text("“1e3”：应为 0 以上的整数")
    losses.locator("[name=deaths]").fill("０")
    losses.locator("[name=serious_injuries]").fill("2")
    losses.locator("[type=submit]").click()
    expect(rival.locator("dialog[open]")).to_have_count(0)

    form = page.locator("dialog")
    form.locator("[type=submit]").click()
    expect(form.locator(".adm-fault")).to_contain_text("重伤 未填 → 2")
    expect(form.locator("[name=summary]")).to_have_value("法兰处泄漏")
    form.locator("[type=submit]").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(side).to_contain_text("7782-50-5")
    expect(page.locator("#duty-log")).to_contain_text(f"单位负责人接报时间 未填 → {told:%Y-%m-%d %H:%M}")
    expect(side).to_contain_text("重伤 2")
    expect(page.locator("#duty-log")).to_contain_text("位置取自登记")
    expect(page.locator(".duty-pin.here")).to_have_count(1)

    page.keyboard.press("l")
    box = page.locator("#duty-leaflet").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 - 20)
    expect(page.locator("dialog")).to_contain_text("离原位置")
    page.keyboard.press("Escape")


def test_a_wrong_radius_can_be_mended_and_what_is_typed_outlives_what_others_write(
    written: Served, visit: Callable[..., Visit]
) -> None:
    seen = visit(written.address, "district", HALL)
    code = opened(seen, written.address)
    page = ready(seen.open(f"/duty?incident={code}&step=6"))
    radius = page.locator("#duty-side input[type=number]")
    radius.fill("-5")
    radius.press("Enter")
    expect(page.locator("#duty-side [role=alert]").first).to_contain_text("以米为单位的整数")
    radius.fill("15")
    page.locator("#duty-side summary", has_text="措施用语的来源").click()
    radius.focus()
    note(page, written.address, code)
    expect(page.locator("#duty-log")).to_contain_text("别人记的一笔")
    expect(radius).to_have_value("15")
    expect(radius).to_be_focused()
    expect(page.locator("#duty-side details", has_text="措施用语的来源")).to_have_attribute("open", "")
    page.locator(".language").click()
    ready(page)
    assert f"incident={code}" in page.url, "another language is no other incident"
    assert "step=6" in page.url
    expect(page.locator("#duty-bar")).to_contain_text("Reported")


def test_a_session_that_ends_in_a_form_ends_no_form(written: Served, visit: Callable[..., Visit]) -> None:
    seen = visit(written.address, "district", HALL, alone=True)
    code = opened(seen, written.address)
    page = ready(seen.open(f"/duty?incident={code}"))
    page.keyboard.press("n")
    page.locator("dialog [name=text]").fill("说到一半")
    page.keyboard.press("Escape")
    expect(page.locator("dialog .adm-fault")).to_contain_text("再按一次 Esc 放弃")
    expect(page.locator("dialog [name=text]")).to_have_value("说到一半")
    asks, origin = page.context.request, {"origin": written.address}
    asks.post(f"{written.address}/signout", headers=origin, max_redirects=0)
    page.locator("dialog [type=submit]").click()
    expect(page.locator("dialog .adm-fault")).to_contain_text("登录已失效")
    expect(page.locator("dialog .adm-fault a")).to_have_attribute(
        "href", f"/signin?next=%2Fduty%3Fincident%3D{code}%26step%3D7"
    )
    form = {"login": "district", "password": PASSWORDS["district"]}
    asks.post(f"{written.address}/signin", form=form, headers=origin, max_redirects=0)
    page.locator("dialog [type=submit]").click()
    expect(page.locator("#duty-log")).to_contain_text("说到一半")


def test_a_replay_calls_late_what_was_late_then(written: Served, visit: Callable[..., Visit]) -> None:
    """The third order of the demo's incident was given at its fourteenth minute and never received."""
    seen = visit(written.address, "city", HALL)
    asks = seen.page.context.request
    hand = asks.get(f"{written.address}/api/incidents").json()["rows"]
    (code,) = [row["code"] for row in hand if row["title"].startswith("云澜氯碱 2号")]
    orders = asks.get(f"{written.address}/api/incidents/orders", params={"code": code}).json()["rows"]
    given = datetime.fromisoformat(next(row["at"] for row in orders if row["number"] == 3))
    for minutes, late in ((2, 0), (4, 1)):
        at = (given + timedelta(minutes=minutes)).isoformat()
        seen.page.goto(f"{written.address}/hall?{urlencode({'incident': code, 'at': at})}")
        expect(seen.page.locator("[data-order='3']")).to_contain_text("未签收")
        expect(seen.page.locator(".hi-order.waits")).to_have_count(late)


def test_what_is_over_is_found_again_and_says_what_became_of_it(written: Served, visit: Callable[..., Visit]) -> None:
    seen = visit(written.address, "district", HALL)
    one, two = opened(seen, written.address), opened(seen, written.address)
    body = {"command": new_id(), "code": two, "version": 1, "step": "merge", "into": one, "why": "同一处"}
    asks, origin = seen.page.context.request, {"origin": written.address}
    assert asks.post(f"{written.address}/api/incidents/step", data=body, headers=origin).ok
    page = ready(seen.open(f"/duty?incident={one}"))
    incoming = page.locator("#duty-incoming")
    expect(incoming.locator(f"[data-incident='{two}']")).to_have_count(0)
    incoming.locator("summary").click()
    incoming.locator(f"[data-incident='{two}']").click()
    bar = page.locator("#duty-bar")
    expect(bar).to_contain_text(f"并入 {one}")
    expect(bar).not_to_contain_text("null")
    page.keyboard.press("o")
    expect(page.locator(".alarms-toast")).to_contain_text("不能下达指令")
    bar.locator("[data-act=into]").click()
    expect(page.locator("#duty-side")).to_contain_text(one)
    line = page.locator("#duty-log li", has_text=two)
    expect(line).to_contain_text("并入本事件")
    expect(line.get_by_role("button")).to_have_count(0)


def test_an_order_that_cannot_be_carried_out_is_said_at_once(written: Served, visit: Callable[..., Visit]) -> None:
    seen = visit(written.address, "district", HALL)
    code = opened(seen, written.address)
    asks, origin, orders = (
        seen.page.context.request,
        {"origin": written.address},
        f"{written.address}/api/incidents/orders",
    )
    given = {"command": new_id(), "code": code, "to_kind": "unit", "to_name": "盐港镇", "action": "组织疏散"}
    order = asks.post(orders, data=given, headers=origin).json()["rows"][0]["code"]
    page = ready(seen.open(f"/duty?incident={code}&step=5"))
    expect(page.locator("[data-order='1']")).to_contain_text("已下达")
    unable = {"command": new_id(), "order": order, "step": "unable", "why": "道路不通"}
    assert asks.post(f"{orders}/step", data=unable, headers=origin).ok
    expect(page.locator(".alarms-toast")).to_contain_text("盐港镇不能执行：道路不通")
    expect(page.locator("#duty-chain [data-step='5']")).to_contain_text("不能执行 1 条")


def test_of_two_who_change_a_warning_each_keeps_what_they_wrote(written: Served, visit: Callable[..., Visit]) -> None:
    seen = visit(written.address, "district", HALL)
    code, asks, origin = opened(seen, written.address), seen.page.context.request, {"origin": written.address}
    ring = [[121.93, 33.19], [121.94, 33.19], [121.94, 33.2], [121.93, 33.19]]
    draft = {"command": new_id(), "code": code, "level": 3,
             "items": {"polygon": {"type": "Polygon", "coordinates": [ring]}}}  # fmt: skip
    kept = asks.post(f"{written.address}/api/incidents/warnings/draft", data=draft, headers=origin).json()
    page = ready(seen.open(f"/duty?incident={code}&step=6"))
    page.locator("[data-warn-step=edit]").click()
    form = page.locator("dialog")
    form.locator("[name=measures]").fill("关闭门窗")
    other = {"code": kept["code"], "version": kept["version"], "step": "edit", "items": {"cautions": "别人改的警示"}}
    assert asks.post(f"{written.address}/api/warnings/step", data=other, headers=origin).ok
    form.locator("[type=submit]").click()
    expect(form.locator(".adm-fault")).to_contain_text("警示事项")
    expect(form.locator("[name=measures]")).to_have_value("关闭门窗")
    form.locator("[type=submit]").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    one = asks.get(f"{written.address}/api/warnings/one", params={"code": kept["code"]}).json()["paper"]
    assert (one["cautions"], one["measures"]) == ("别人改的警示", "关闭门窗")
