"""A check on a phone: position, every item, a photograph; signed by a colleague, and the order to rectify."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from casework.terms import local_day
from core.clock import utc_now
from tests.app.test_doors import signed_in
from tests.browser.conftest import PHONE, Visit
from tests.server import Served

pytestmark = pytest.mark.browser

SLOW = 20_000
FIRM = "91990106MATYEK5E8U"
SYSTEM = "site-check"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 40


def test_on_a_phone_a_check_is_recorded_and_a_colleague_signs_it(written: Served, visit: Callable[..., Visit]) -> None:
    today = local_day(utc_now())
    with signed_in(written.address, "district") as district, signed_in(written.address, "city") as city:
        plan = {"title": "手机检查(试)", "enterprise": FIRM, "check_by": (today + timedelta(days=5)).isoformat()}
        made = district.post("/api/cases/open", json={"system": SYSTEM, "values": plan}).json()
        code = made["code"]
        pair = {"lead": "周敏", "lead_no": "YL1", "second": "王立", "second_no": "YL2"}
        here = {"lon": 121.81, "lat": 33.21}
        came = _step(district, code, made["version"], "arrive", **pair, geometry=here)
        page = visit(written.address, "district", PHONE).open(f"/cases?system={SYSTEM}&view=open&code={code}")
        case, form = page.locator("#case-one"), page.locator("dialog.case-dialog")
        case.get_by_role("button", name="填写检查记录").click(timeout=SLOW)
        items = form.locator(".case-items li[data-item]")
        expect(items.first).to_be_visible(timeout=SLOW)
        for n in range(items.count()):
            items.nth(n).locator("label.yes").click()
        items.first.locator("label.no").click()
        form.locator("[name=findings]").fill("责任制未更新")
        form.locator("[name=party]").fill("赵强")
        expect(form.locator(".case-against")).to_contain_text("不符合项须写明情况:G-01", timeout=SLOW)
        items.first.locator("input:not([type=radio])").fill("责任制未覆盖外包岗位")
        form.locator("[type=file]").set_input_files({"name": "现场.png", "mimeType": "image/png", "buffer": PNG})
        form.get_by_role("button", name="填写检查记录").click()
        expect(case).to_contain_text("待签字确认", timeout=SLOW)
        expect(case).to_contain_text("责任制未覆盖外包岗位")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page_of = {"system": SYSTEM, "code": code, "name": "签字.png"}
        assert city.post("/api/cases/files", params=page_of, content=PNG + b"signed").status_code == 201
        signed = _step(city, code, came["version"] + 1, "sign", signature="signed")
        later = (today + timedelta(days=15)).isoformat()
        ordered = _step(city, code, signed["version"], "order", order="限期更新责任制", mend_by=later)
        assert (ordered["state"], ordered["turn"]) == ("mending", "enterprise")
        assert ordered["clock"]["due_day"] == later
        over = city.post("/api/cases/step", json={"system": SYSTEM, "code": code, "version": ordered["version"],
                                                  "step": "record", "values": {"findings": "改"}})  # fmt: skip
        assert over.status_code in (400, 409, 422)


def _step(browser: Any, code: str, version: int, step: str, **values: Any) -> dict[str, Any]:
    asked = {"system": SYSTEM, "code": code, "version": version, "step": step, "values": values}
    answer = browser.post("/api/cases/step", json=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
