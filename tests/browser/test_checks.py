"""From the yearly plan to the recheck: twenty units drawn, a check on a phone with place, photograph and signature."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casework.terms import local_day
from core.clock import utc_now
from tests.app.test_doors import signed_in
from tests.browser.conftest import DESK, PHONE, Visit
from tests.server import Served

pytestmark = pytest.mark.browser

SLOW, PRINTED = 20_000, 60_000
"""The second where a document is printed with the step."""
SYSTEM = "site-check"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 40
HERE = {"latitude": 33.21, "longitude": 121.81, "accuracy": 12}


def test_twenty_units_are_drawn_and_one_is_checked_on_a_phone_signed_ordered_and_rechecked(
    written: Served, visit: Callable[..., Visit]
) -> None:
    """Costs more than a page may: one journey through plan, draw, check, order and recheck with two officers."""
    today = local_day(utc_now())
    due = (today + timedelta(days=20)).isoformat()
    with signed_in(written.address, "district") as district, signed_in(written.address, "city") as city:
        plans = {"system": "inspection-plan", "view": "all", "state": "in_force", "area": "990106"}
        plan = district.get("/api/cases/list", params=plans).json()["rows"][0]["code"]
        item = district.get("/api/cases/plan", params={"code": plan}).json()["items"][-1]
        asked = {"plan_item": item["code"], "units": 20, "check_by": due, "scope": "行业专项"}
        made = city.post("/api/cases/open", json={"system": "random-draw", "values": asked}).json()
        desk = visit(written.address, "city", DESK).open(f"/cases?system=random-draw&view=all&code={made['code']}")
        _draw(desk)
        drawn = city.get("/api/cases/draw", params={"code": made["code"]}).json()["rows"]
        assert len({row["enterprise"] for row in drawn}) == 20
        code = drawn[0]["check"]
        opened = city.get("/api/cases/one", params={"system": SYSTEM, "code": code}).json()
        made = _step(city, code, opened["version"], "make_plan")
        assert [paper["kind"] for paper in made["papers"]] == ["inspection-plan"]
        phone = visit(written.address, "district", PHONE)
        _record(phone, code)
        _sign(desk, code)
        one = city.get("/api/cases/one", params={"system": SYSTEM, "code": code}).json()
        assert one["sealed"]["same"]
        shown = {fact["name"]: fact for fact in one["facts"]}
        assert shown["fix_accuracy"]["value"].startswith("12")
        assert {"arrived_at", "left_at", "signed_at", "distance", "party_signature"} <= set(shown)
        assert (one["place"]["lon"], one["place"]["lat"]) == (121.81, 33.21)
        again = {"system": SYSTEM, "code": code, "version": one["version"], "step": "record"}
        for step in ("record", "arrive", "sign", "reopen_record"):
            over = city.post("/api/cases/step", json=again | {"step": step, "values": {}, "reason": "改记录"})
            assert over.status_code in (400, 409, 422)
        later = (today + timedelta(days=15)).isoformat()
        ordered = _step(city, code, one["version"], "order", order="限期更新责任制", mend_by=later)
        assert (ordered["state"], ordered["turn"], ordered["clock"]["due_day"]) == ("mending", "enterprise", later)
        _attach(district, code, "整改后.png")
        mended = _step(district, code, ordered["version"], "report_mended", mended="已更新责任制")
        _attach(city, code, "复查.png")
        closed = _step(city, code, mended["version"], "accept_mended", recheck="逐项复查,已整改到位")
        assert (closed["state"], closed["sealed"]["same"]) == ("closed", True)
        told = district.get("/api/cases/plan", params={"code": plan}).json()["items"][-1]
        assert (told["done"], told["arranged"]) == (item["done"] + 1, item["arranged"] + 19)


def _draw(page: Page) -> None:
    """A second draw of the item says why; its result is done again before one's eyes."""
    case, form = page.locator("#case-one"), page.locator("dialog.case-dialog")
    case.get_by_role("button", name="随机抽取").click(timeout=SLOW)
    expect(form.locator(".case-against")).to_contain_text("再次抽取须写明理由", timeout=SLOW)
    form.locator("#case-f-reason").fill("四季度第二批")
    form.get_by_role("button", name="随机抽取").click()
    expect(case.locator(".draw-rows li")).to_have_count(20, timeout=SLOW)
    case.get_by_role("button", name="复算核验").click()
    expect(case.locator(".draw-said")).to_contain_text("复算一致:20 家", timeout=SLOW)


def _record(phone: Visit, code: str) -> None:
    """Arrives with the position of the phone, answers every item, photographs."""
    context = phone.page.context
    context.grant_permissions(["geolocation"], origin=phone.server)
    context.set_geolocation(HERE)
    page = phone.open(f"/cases?system={SYSTEM}&view=all&code={code}")
    case, form = page.locator("#case-one"), page.locator("dialog.case-dialog")
    case.get_by_role("button", name="到场亮证").click(timeout=SLOW)
    form.get_by_role("button", name="取本机位置").click(timeout=SLOW)
    expect(form.locator(".case-fix")).to_have_text("±12 米", timeout=SLOW)
    form.get_by_role("button", name="到场亮证").click()
    case.get_by_role("button", name="填写检查记录").click(timeout=SLOW)
    items = form.locator(".case-items li[data-item]")
    expect(items.first).to_be_visible(timeout=SLOW)
    for n in range(items.count()):
        items.nth(n).locator("label.yes").click()
        expect(items.nth(n).locator("label.yes input")).to_be_checked()
    items.first.locator("label.no").click()
    form.locator("[name=findings]").fill("责任制未更新")
    form.locator("[name=party]").fill("赵强")
    expect(form.locator(".case-against")).to_contain_text("不符合项须写明情况:G-01", timeout=SLOW)
    items.first.locator("input:not([type=radio])").fill("责任制未覆盖外包岗位")
    form.locator("[type=file]").set_input_files({"name": "现场.png", "mimeType": "image/png", "buffer": PNG})
    form.get_by_role("button", name="填写检查记录").click()
    expect(case).to_contain_text("责任制未覆盖外包岗位", timeout=PRINTED)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    context.clear_permissions()


def _sign(page: Page, code: str) -> None:
    """The second officer's phone: the party signs on its screen."""
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(f"{page.url.partition('/cases')[0]}/cases?system={SYSTEM}&view=all&code={code}")
    case, form = page.locator("#case-one"), page.locator("dialog.case-dialog")
    case.get_by_role("button", name="签字确认").click(timeout=SLOW)
    form.locator("[name=signature]").select_option("signed")
    expect(form.locator(".case-against")).to_contain_text("须由当事人在屏幕上签名", timeout=SLOW)
    pad = form.locator(".case-pad svg")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    for top in (0.3, 0.6):
        page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + top * box["height"])
        page.mouse.down()
        for n in range(2, 10):
            page.mouse.move(box["x"] + n / 10 * box["width"], box["y"] + (top + n % 2 / 5) * box["height"])
        page.mouse.up()
    expect(pad.locator("path")).to_have_count(2)
    form.get_by_role("button", name="签字确认").click()
    expect(case.locator(".case-sealed")).to_contain_text("与签字时一致", timeout=PRINTED)
    expect(case.locator(".case-facts .case-ink path")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def _attach(browser: Any, code: str, name: str) -> None:
    kept = browser.post("/api/cases/files", params={"system": SYSTEM, "code": code, "name": name},
                        content=PNG + name.encode())  # fmt: skip
    assert kept.status_code == 201, kept.text


def _step(browser: Any, code: str, version: int, step: str, **values: Any) -> dict[str, Any]:
    asked = {"system": SYSTEM, "code": code, "version": version, "step": step, "values": values}
    answer = browser.post("/api/cases/step", json=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
