"""Step 4 on small screens: state, age and telephone of a team stay there, and what was booked is given back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from core.ids import new_id
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_duty import sent
from tests.server import Served

pytestmark = pytest.mark.browser

SMALL = (1280, 800)
HERE = {"lon": 121.83, "lat": 33.13}
SLOW = 30_000


def test_what_was_booked_is_given_back_and_a_team_tells_its_state_and_age_at_every_width(
    written: Served, visit: Callable[..., Visit]
) -> None:
    asking = visit(written.address, "city", SMALL)
    page, to = asking.page, {"headers": {"origin": written.address}}
    said = {"command": new_id(), "origin": "map", "title": f"小屏调派 {new_id()[-6:]}", "kind": "leak", **HERE}
    one = page.request.post(f"{written.address}/api/incidents/open", data=said, **to).json()
    code = one["code"]
    teams = page.request.get(f"{written.address}/api/incidents/orders/proposal?code={code}").json()["teams"]
    free = [team for team in teams if team["state"] == "ready" and team["own"] and team["duration_s"] is not None]
    ready = min(free, key=lambda team: team["duration_s"] + 60 * (team["turnout_min"] or 0))  # it heads the list
    order = {
        "command": new_id(),
        "code": code,
        "to_kind": "team",
        "to_key": ready["key"],
        "action": "出动",
        "book": True,
    }
    assert page.request.post(f"{written.address}/api/incidents/orders", data=order, **to).ok

    phone = visit(written.address, "city", PHONE).open(f"/duty?incident={code}&step=4")
    page = asking.open(f"/duty?incident={code}&step=4")
    for screen in (phone, page):
        screen.locator("[data-act=propose]").press("Enter")
        row = screen.locator(f".sendable[data-team='{ready['key']}']")
        expect(row).to_be_visible(timeout=SLOW)
        expect(row).to_contain_text("已有指令")
        expect(row.get_by_text("已有指令")).to_be_visible()
        expect(row.get_by_text("无数据时间")).to_be_visible()  # an age that is not known is said, not left out
        expect(row.get_by_role("link")).to_be_visible()
        held = screen.locator(".sendable.held")
        expect(held.get_by_role("button", name="归还")).to_be_visible()
        assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".sendable.held").get_by_role("button", name="归还").press("Enter")
    sent(page)
    expect(page.locator(".sendable.held")).to_contain_text("归还")
    expect(page.locator(".sendable.held").get_by_role("button")).to_have_count(0)
    false = {"command": new_id(), "code": code, "version": one["version"], "step": "false", "why": "测试结束"}
    assert page.request.post(f"{written.address}/api/incidents/step", data=false, **to).ok
