"""The video desk in the browser: an event comes in, is stepped through, called false, taken back, then checked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from casework.terms import local_day
from core.clock import utc_now
from tests.browser.conftest import HALL, Visit
from tests.server import Served
from tests.video.telling import BEFORE, telling

pytestmark = pytest.mark.browser
SLOW, PRINTED = 20_000, 60_000
"""Milliseconds; the second where a case is opened with its documents."""
STILL = "() => { const film = document.querySelector('#violations-evidence video'); return film && film.paused"


def test_an_event_comes_in_is_looked_at_called_false_taken_back_and_becomes_a_check(
    written: Served, visit: Callable[..., Visit]
) -> None:
    with telling(written.data) as tell:
        seen = visit(written.address, "district", HALL)
        page = seen.open("/violations?verdict=pending")
        page.wait_for_function("() => OneMap.live.state() === 'open'")
        event = tell(box=(400, 10, 460, 90), filmed=True)
        assert event is not None
        line = page.locator(f"#violations-list [data-code='{event.code}']")
        expect(line).to_be_visible(timeout=SLOW)
        line.click()
        side, evidence = page.locator("#violations-one"), page.locator("#violations-evidence")
        expect(side.locator("h2").first).to_contain_text("区域入侵", timeout=SLOW)
        page.wait_for_function("() => document.querySelector('.violations-stage img')?.naturalWidth > 0")
        expect(evidence.get_by_text("校验一致")).to_have_count(2)

        page.keyboard.press("f")
        page.wait_for_function(f"{STILL} && Math.abs(film.currentTime - {BEFORE}) < 0.3 }}")
        expect(evidence.locator("[role=status]")).to_contain_text("判定时刻")
        at = page.evaluate("document.querySelector('#violations-evidence video').currentTime")
        page.keyboard.press("ArrowLeft")
        page.wait_for_function(f"{STILL} && Math.abs(film.currentTime - {at - 0.2}) < 0.05 }}")

        page.keyboard.press("3")  # a reason without N is nothing
        page.locator("[name=remark]").fill("y检修人员,已报备")  # letters in a field are letters
        page.locator("[name=quiet]").check()
        side.locator("h2").first.click()
        page.keyboard.press("n")
        page.keyboard.press("3")
        said = side.locator(".violations-said")
        expect(said).to_contain_text("误报，反光或遮挡", timeout=SLOW)
        expect(said).to_contain_text("y检修人员,已报备")
        assert tell(box=(400, 10, 460, 90)) is None
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Control+z")
        expect(side.get_by_role("button", name="核实")).to_be_visible(timeout=SLOW)

        page.keyboard.press("Shift+?")
        expect(page.locator("dialog")).to_contain_text("画面与录像切换")
        page.keyboard.press("Escape")
        page.keyboard.press("e")
        dialog = page.locator("dialog")
        dialog.locator("input[type=date]").fill((local_day(utc_now()) + timedelta(5)).isoformat())
        dialog.get_by_role("button", name="立项").click()
        link = side.locator(".violations-said a")
        expect(link).to_contain_text("现场检查", timeout=PRINTED)
        side.locator(".violations-looks summary").click()
        expect(side.locator(".violations-looks li")).to_contain_text(
            ["报出事件", "已结束", "查看", "误报", "撤回结论", "属实"], timeout=SLOW
        )
        link.click()
        expect(page.locator("#case-one")).to_contain_text(event.code, timeout=SLOW)
        seen.open("/violations/accuracy")
        expect(page.locator("#accuracy-body")).to_contain_text("未评测")
        expect(page.locator("#accuracy-body").get_by_role("link", name="区域入侵")).to_be_visible()
        assert seen.faults == []


def test_what_is_written_of_an_event_stays_while_it_is_drawn_anew_and_is_never_another_ones(
    written: Served, visit: Callable[..., Visit]
) -> None:
    with telling(written.data) as tell:
        here, other = tell(box=(300, 10, 360, 90)), tell(box=(500, 200, 560, 290))
        assert here is not None
        assert other is not None
        seen = visit(written.address, "district", HALL)
        page = seen.open(f"/violations?verdict=pending#{here.code}")
        side = page.locator("#violations-one")
        remark, quiet = side.locator("[name=remark]"), side.locator("[name=quiet]")
        remark.fill("已报备的检修")
        quiet.check()
        side.locator("h2").first.click()
        page.keyboard.press("n")
        page.keyboard.press("Escape")  # draws the verdict anew, as a film that comes does
        expect(remark).to_have_value("已报备的检修")
        expect(quiet).to_be_checked()
        page.locator(f"#violations-list [data-code='{other.code}']").click()
        expect(side).to_contain_text(other.code, timeout=SLOW)
        expect(remark).to_have_value("")
        expect(quiet).not_to_be_checked()
        assert seen.faults == []
