"""The editor of a camera's zones and rules: by mouse and keys, undone, kept, told when another was first."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.app.test_camera_rule_doors import DRAWN, a_camera
from tests.app.test_doors import signed_in
from tests.browser.conftest import HALL, Visit
from tests.server import Served
from tests.video.telling import ELSEWHERE

pytestmark = pytest.mark.browser
NEAR = """([key, x, y]) => {
  const point = document.querySelector(`svg.zones-sheet [data-point=${key}]`);
  const [a, b] = point.getAttribute("transform").match(/[0-9.]+/g);
  return Math.hypot(a - x, b - y) < 4;
}"""
"""A mouse goes by the screen's pixels, which are not the picture's."""


def test_zones_are_drawn_by_mouse_and_keys_tied_to_the_map_and_kept_over_what_another_kept_first(
    written: Served, visit: Callable[..., Visit]
) -> None:
    camera = a_camera(written, ELSEWHERE)
    seen = visit(written.address, "city", HALL)
    page = seen.open(f"/cameras/rules?camera={camera}")
    zones, sheet = page.locator(".zones-card"), page.locator("svg.zones-sheet")
    page.get_by_role("button", name="加矩形").press("Enter")
    corner = sheet.locator("[data-point=c0]")
    expect(corner).to_have_attribute("transform", "translate(384 288)")
    corner.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(corner).to_have_attribute("transform", "translate(424 288)")
    expect(corner).to_be_focused()
    page.keyboard.press("Enter")
    expect(sheet.locator("[data-point^=c]")).to_have_count(5)
    page.keyboard.press("Delete")
    expect(sheet.locator("[data-point^=c]")).to_have_count(4)
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(corner).to_have_attribute("transform", "translate(384 288)")
    page.get_by_role("button", name="画区域", exact=True).click()
    box = sheet.bounding_box()
    assert box is not None
    for x, y in ((0.1, 0.5), (0.3, 0.5), (0.3, 0.9), (0.1, 0.5)):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    expect(zones).to_have_count(2)
    page.wait_for_function(NEAR, arg=["c1", 384, 360])
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.35 * box["width"], box["y"] + 0.55 * box["height"], steps=3)
    page.mouse.up()
    page.wait_for_function(NEAR, arg=["c1", 448, 396])
    zones.nth(1).get_by_role("button", name="加规则").click()
    form = page.locator("dialog form")
    form.locator("[name=kind]").select_option("absence")
    expect(form).to_contain_text("空为 300 秒,来源 OneMap(本系统自定)")
    form.locator("[name=people]").fill("2000")
    form.locator("[type=submit]").click()
    expect(form.locator(".adm-wrong")).to_contain_text("须不大于 1000")
    form.locator("[name=people]").fill("2")
    form.locator("[type=submit]").click()
    expect(zones.nth(1)).to_contain_text("不可用:未安装人员检测模型")
    page.get_by_role("button", name="标定", exact=True).click()
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.6 * box["height"])
    expect(page.locator("#zones-step")).to_contain_text("在地图上点同一地点")
    page.locator("#zones-leaflet").click(position={"x": 120, "y": 90})
    expect(page.locator("#zones-pairs")).to_contain_text("至少 4 对,现有 1 对")
    expect(page.locator("#zones-told")).to_contain_text("至少标定 4 对点,现有 1 对")
    expect(page.locator("#zones-save")).to_be_disabled()
    page.locator("#zones-undo").click()
    expect(page.locator("#zones-save")).to_be_enabled()
    with signed_in(written.address, "city") as other:
        first = other.post(
            "/api/cameras/rules", json={"camera": camera, "version": 0, "reason": "抢先", "setup": DRAWN}
        )
        assert first.status_code == 200, first.text
    page.locator("#zones-save").click()
    page.locator("dialog [name=reason]").fill("划定岗位")
    page.locator("dialog [type=submit]").click()
    expect(page.locator("#zones-told")).to_contain_text("已保存第 1 版:抢先")
    page.get_by_role("button", name="以我的修改为准继续").click()
    page.locator("dialog [name=reason]").fill("划定岗位")
    page.locator("dialog [type=submit]").click()
    expect(page.locator("#zones-history li").first).to_contain_text("第 2 版")
    expect(page.locator("#zones-history li").first).to_contain_text("划定岗位")
    assert [fault for fault in seen.faults if "409" not in fault] == []
