"""Events on video in the browser: one comes in while the page is open, is called false, then becomes a check."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from casework.terms import local_day
from core.clock import utc_now
from tests.browser.conftest import HALL, Visit
from tests.server import Served
from tests.video.telling import telling

pytestmark = pytest.mark.browser
SLOW = 20_000


def test_an_event_comes_in_is_looked_at_called_false_taken_back_and_becomes_a_check(
    written: Served, visit: Callable[..., Visit]
) -> None:
    with telling(written.data) as tell:
        seen = visit(written.address, "district", HALL)
        page = seen.open("/violations?verdict=pending")
        expect(page.locator("[data-screen=violations]")).to_have_attribute("data-ready", "1", timeout=SLOW)
        page.wait_for_function("() => OneMap.live.state() === 'open'")
        event = tell(box=(400, 10, 460, 90))
        assert event is not None
        line = page.locator(f"[data-code='{event.code}']")
        expect(line).to_be_visible(timeout=SLOW)
        line.click()
        side = page.locator("#violations-one")
        expect(side.locator("h2")).to_contain_text("区域入侵", timeout=SLOW)
        page.wait_for_function("() => document.querySelector('#violations-one img').naturalWidth > 0")
        side.get_by_role("button", name="误报").click()
        dialog = page.locator("dialog")
        dialog.get_by_role("button", name="确定").click()
        expect(dialog.locator("[role=alert]").first).to_contain_text("请填写误报原因")
        dialog.locator("input:not([type=checkbox])").fill("检修人员,已报备")
        dialog.locator("[type=checkbox]").check()
        dialog.get_by_role("button", name="确定").click()
        expect(side.locator(".violations-said")).to_contain_text("检修人员,已报备", timeout=SLOW)
        expect(side).to_contain_text("不再报出")
        assert tell(box=(400, 10, 460, 90)) is None
        side.get_by_role("button", name="撤回结论").click()
        dialog.locator("input").fill("重新核对")
        dialog.get_by_role("button", name="确定").click()
        side.get_by_role("button", name="转现场检查").click()
        dialog.locator("input[type=date]").fill((local_day(utc_now()) + timedelta(5)).isoformat())
        dialog.get_by_role("button", name="立项").click()
        link = side.locator(".violations-said a")
        expect(link).to_contain_text("现场检查", timeout=SLOW)
        link.click()
        expect(page.locator("#case-one")).to_contain_text(event.code, timeout=SLOW)
        assert seen.faults == []
