"""The button that makes an offline brief: from a drawn shape and from a card, and what it says when it is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.brief.conftest import rows
from tests.browser.conftest import Visit
from tests.browser.test_map import api

pytestmark = pytest.mark.browser

DRAW = "() => { const c = OneMap.map.map.getCenter(); return OneMap.tools.circle(c.lng, c.lat, 4000); }"
BUTTON = "#map-card .actions >> text=离线简报"


def test_the_button_downloads_the_list_on_the_screen_as_a_file(server: str, seen: Callable[..., Visit]) -> None:
    found = seen(server, "/map")
    page = found.page
    page.evaluate(DRAW)
    shown = page.locator("#map-card [data-section=shelters] h3 .t3").inner_text()
    with page.expect_download(timeout=60_000) as download:
        page.click(BUTTON)
    assert download.value.suggested_filename.startswith("简报_云澜市_")
    text = Path(download.value.path()).read_text("utf-8")
    assert len(rows(text, "shelters")) == int(shown)
    expect(page.locator("#map-card .brief-state")).to_contain_text("已下载")
    assert found.faults == []


def test_the_card_of_an_enterprise_makes_a_brief_of_its_surroundings(server: str, visit: Callable[..., Visit]) -> None:
    with api(server, "city") as client:
        listed = client.get("/api/map/enterprises?risk=1").json()
    page = visit(server).open(f"/map?sel=enterprises:{listed['keys'][0]}")
    with page.expect_download(timeout=60_000) as download:
        page.click(BUTTON)
    text = Path(download.value.path()).read_text("utf-8")
    assert f"{listed['label'][0]}周边 3.00\u2009km" in text
    assert rows(text, "enterprises")[0][1].startswith(listed["label"][0])


def test_a_refusal_and_a_failure_are_said_beside_the_button(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, "/map").page  # the last to use it: nobody is signed in there any more
    page.evaluate(DRAW)
    state = page.locator("#map-card .brief-state")
    page.context.set_offline(True)
    page.click(BUTTON)
    expect(state).to_have_text("制作失败：连不上服务器")
    page.context.set_offline(False)
    page.context.clear_cookies()
    page.click(BUTTON)
    expect(state).to_have_text("无权制作：请先登录")
    expect(page.locator(BUTTON)).to_be_enabled()
