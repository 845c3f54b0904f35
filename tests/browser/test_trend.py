"""A trend in the browser: drawn with its limits, moved by keys, read out in words, compared, taken out as a file."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = pytest.mark.browser


def test_a_trend_is_drawn_moved_by_keys_and_read_in_words(server: str, visit: Callable[..., Visit]) -> None:
    one = visit(server, "city", DESK)
    page = one.open("/trend?point=sensors:P00001&range=24h")
    chart = page.locator("#trend-chart")
    expect(chart).to_have_attribute("data-drawn", re.compile(r"[1-9]\d+"))
    canvas = chart.locator("canvas")
    expect(canvas).to_have_attribute("aria-label", re.compile("液位.*最低.*末值"))
    expect(page.locator("[data-point]")).to_contain_text("HH 高高报")
    expect(page.locator("[data-footage] .footage-events")).to_contain_text("视频事件")
    expect(page.locator("[data-footage] .eyes-near")).to_contain_text("距 ")
    canvas.focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(chart.locator(".trend-tip")).to_contain_text("%")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("from=.*to="))
    expect(chart.locator(".trend-hints")).to_be_hidden()
    page.keyboard.press("End")
    page.get_by_role("button", name="模型提示").click()
    expect(chart.locator(".trend-hints")).to_contain_text("蓝 模型提示,未经核实", timeout=30_000)
    expect(page).to_have_url(re.compile("hints=1"))
    page.get_by_role("button", name="7 天").click()
    expect(page).to_have_url(re.compile("range=7d"))
    page.get_by_role("button", name="表格").click()
    expect(chart.locator("caption")).to_contain_text("最低")
    assert chart.locator("tbody tr").count() > 100
    assert one.faults == []


def test_points_are_compared_and_taken_out(server: str, visit: Callable[..., Visit]) -> None:
    one = visit(server, "city", DESK)
    page = one.open("/trend?point=sensors:P00001&point=sensors:P00002&range=7d")
    expect(page.locator("[data-point]")).to_have_count(2)
    page.get_by_label("加一个监测点").fill("P00003")
    page.locator(".trend-hits button").first.click()
    expect(page.locator("[data-point]")).to_have_count(3)
    expect(page).to_have_url(re.compile("P00003"))
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    assert one.faults == []


def test_on_a_phone_a_point_that_is_not_ones_own_is_said_and_nothing_overflows(
    server: str, visit: Callable[..., Visit]
) -> None:
    one = visit(server, "district", PHONE)
    page = one.open("/trend?point=sensors:NONE")
    expect(page.locator("#trend-chart")).to_contain_text("不在您的权限范围内")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [fault for fault in one.faults if "404" not in fault] == []
