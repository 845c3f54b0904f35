"""A person sees what a camera sees: the picture with its age, what is old as old, and why there is none in words."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.app.test_live_pictures import CITY, OTHERS, folder, playing, shown
from tests.browser.conftest import HALL, Visit
from tests.server import Served

pytestmark = pytest.mark.browser
__all__ = ["folder"]  # the fixture that takes pictures away again

SMALL = """() => [...document.querySelectorAll('#hall-video *')]
  .filter(n => [...n.childNodes].some(c => c.nodeType === 3 && c.textContent.trim()) && n.checkVisibility())
  .filter(n => parseFloat(getComputedStyle(n).fontSize) < 20).map(n => n.textContent)"""
SPILT = """() => { const own = document.querySelector('#hall-video').getBoundingClientRect();
  return [...document.querySelectorAll('#hall-video .eye')].map(n => n.getBoundingClientRect())
    .filter(box => box.bottom > own.bottom + 1 || box.right > own.right + 1).length; }"""


def test_a_picture_is_shown_with_its_age_an_old_one_as_old_and_a_camera_without_a_stream_in_words(
    written: Served, visit: Callable[..., Visit]
) -> None:
    """On the card of the map, round a place, and on the wall: three places, one server, one browser."""
    shown(written.data, OTHERS, ago=60, silent=60)
    with playing(written.data, CITY):
        found = visit(written.address, size=HALL)
        page = found.open(f"/map?layers=cameras&sel=cameras:{CITY}")
        eye = page.locator("#map-card .eye")
        expect(eye).to_have_attribute("data-state", "live")
        expect(eye.locator(".eye-age")).to_contain_text("秒前")
        assert eye.locator("img").evaluate("image => [image.naturalWidth, image.naturalHeight]") == [640, 360]
        expect(eye.locator(".zone")).to_have_count(1)
        expect(eye.locator(".dash")).to_have_count(1)
        page.evaluate("key => OneMap.state.change('selection', { selection: { layer: 'cameras', key } })", OTHERS)
        old = page.locator(f"#map-card .eye[data-camera={OTHERS}]")
        expect(old).to_have_attribute("data-state", "stale")
        expect(old.locator(".eye-age")).to_contain_text("停在")
        expect(old.locator(".why")).to_have_text("视频分析已停,画面不再更新")
        page.evaluate("key => OneMap.state.change('selection', { selection: { layer: 'cameras', key } })", "C0199")
        expect(page.locator("#map-card .eye[data-camera=C0199] .why")).to_have_text("演示中没有视频流")
        camera = page.evaluate(f"fetch('api/feature/cameras/{CITY}').then(answer => answer.json())")
        page.evaluate("at => document.body.append(OneMap.eyes.nearby('here', at.lon, at.lat))", camera)
        near = page.locator(f".eyes-near .eye[data-camera={CITY}]")
        expect(near).to_have_attribute("data-state", "live")
        expect(near.locator(".eye-more")).to_contain_text("距 ")
        page = found.open("/hall?incident=none")
        page.wait_for_function("code => OneMap.hall.eyes.show(code)", arg=CITY)
        wall = page.locator(f"#hall-video .eye[data-camera={CITY}]")
        expect(wall).to_have_attribute("data-state", "live")
        expect(wall.locator("b")).not_to_be_empty()
        expect(page.locator("#hall-video .slot")).to_be_hidden()
        page.get_by_role("button", name="烟花爆竹").click()
        expect(page).to_have_url(re.compile("places=fireworks"))
        expect(page.locator("#hall-video [data-eyes]")).to_contain_text("烟花爆竹")
        assert page.evaluate(SMALL) == []
        assert page.evaluate(SPILT) == 0
    assert found.faults == []


WHOLE = "node => node.scrollWidth <= node.clientWidth + 1 && node.getBoundingClientRect().width > 0"
WITHIN = """node => { const own = node.closest('.eye').getBoundingClientRect(), box = node.getBoundingClientRect();
  return box.left >= own.left && box.right <= own.right + 1; }"""


def test_where_less_than_usual_is_looked_at_it_is_said_on_the_card_on_the_wall_and_at_the_video_desk(
    written: Served, visit: Callable[..., Visit]
) -> None:
    with playing(written.data, CITY, less=True):
        found = visit(written.address, size=HALL)
        page = found.open(f"/map?layers=cameras&sel=cameras:{CITY}")
        eye = page.locator("#map-card .eye")
        expect(eye.locator(".eye-less")).to_have_text("降级 2 帧/秒")
        expect(eye.locator(".eye-more")).to_contain_text("每秒 2 帧，识别宽 320 像素，漏看 30%")
        expect(eye.locator(".eye-more")).to_contain_text("不判定（缺少模型或区域不在画面内）：hat")
        held: list[Route] = []
        page.route("**/api/cameras/wall*", lambda route: held.append(route))
        page = found.open("/hall?incident=none")
        expect(page.locator("#hall-video [data-waiting]")).to_have_text("正在读取视频")
        expect(page.locator("#hall-video .slot", has_text="没有视频点纳入分析")).to_be_hidden()
        for one in held:
            one.continue_()
        page.unroute("**/api/cameras/wall*")
        page.wait_for_function("code => OneMap.hall.eyes.show(code)", arg=CITY)
        less = page.locator(f"#hall-video .eye[data-camera={CITY}] .eye-less")
        expect(less).to_have_text("降级 2 帧/秒")
        assert less.evaluate(WHOLE), "cut off, nobody reads it"
        assert less.evaluate(WITHIN)
        assert page.evaluate(SMALL) == []
        page = found.open("/violations")
        stands = page.locator("#violations-analysis")
        expect(stands.locator("[data-what=less]")).to_have_text("1 路降级")
        expect(stands.locator("[data-worst]")).to_contain_text("识别宽 320 像素，漏看 30%")
    assert found.faults == []
