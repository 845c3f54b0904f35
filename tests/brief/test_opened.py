"""The brief as the reader opens it: from disk, in Chromium, without any network."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from dashboards.brief.window import WEB_MERCATOR, Window, window_round
from gis.crs import moved
from tests.brief.conftest import NASTY, Desk, away, firm, hospital

pytestmark = pytest.mark.browser

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
AT = """name => { const icon = [...document.querySelectorAll('.leaflet-marker-icon')].find(n => n.alt === name),
  map = document.querySelector('.folium-map').getBoundingClientRect(), box = icon.getBoundingClientRect();
  return [box.x + box.width / 2 - map.x, box.y + box.height / 2 - map.y, map.x, map.y]; }"""


@dataclass
class Reading:
    """A page opened from disk, what it asked for and what it said."""

    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture
def read(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Reading]]:
    """Open a document as a file, with the network off."""
    contexts = []

    def opened(text: str, size: tuple[int, int] = (1440, 900)) -> Reading:
        file = tmp_path / f"brief-{len(contexts)}.html"
        file.write_text(text, "utf-8")
        context = chromium.new_context(viewport=ViewportSize(width=size[0], height=size[1]), offline=True)
        contexts.append(context)
        found = Reading(page=context.new_page())
        page, own = found.page, file.as_uri()
        page.on("request", lambda r: r.url.split("#")[0] != own and r.url[:5] != "data:" and found.asked.append(r.url))
        page.on("console", lambda m: found.said.append(m.text))
        page.on("pageerror", lambda error: found.said.append(str(error)))
        page.on("dialog", lambda box: (found.said.append(f"dialog {box.message}"), box.dismiss()))
        page.goto(own)
        page.wait_for_function("() => brief.map() && document.fonts.status === 'loaded'")
        return found

    yield opened
    for context in contexts:
        context.close()


def chequered(window: Window) -> bytes:
    """A picture whose four quarters differ, so that it shows where its middle lies."""
    width, height = window.size
    cells = np.zeros((height, width, 3), np.uint8)
    cells[: height // 2, : width // 2] = (200, 0, 0)
    cells[: height // 2, width // 2 :] = (0, 200, 0)
    cells[height // 2 :, : width // 2] = (0, 0, 200)
    out = io.BytesIO()
    Image.fromarray(cells).save(out, "PNG")
    return out.getvalue()


def test_the_file_asks_nobody_says_nothing_and_shows_every_object(desk: Desk, read: Callable[..., Reading]) -> None:
    desk.put("enterprises", *(firm(n, f"厂{n}", away(90 * n, 50 * n), risk=1 + n % 4) for n in range(1, 30)))
    desk.put("hospitals", hospital("H1", away(900, 10)))
    brief = desk.brief()
    found = read(desk.written(brief, chequered(window_round(brief.reach.outline))))
    assert found.page.locator(".leaflet-marker-icon").count() == brief.count == 30
    assert found.page.locator("tr[data-mark]").count() == 30
    found.page.mouse.move(600, 500)
    found.page.mouse.wheel(0, -400)
    assert (found.asked, found.said) == ([], [])


def test_a_mark_lies_where_the_picture_says_its_place_is(desk: Desk, read: Callable[..., Reading]) -> None:
    desk.put("enterprises", firm(1, "东厂", away(2000, 75), risk=1))
    brief = desk.brief()
    window = window_round(brief.reach.outline)
    page = read(desk.written(brief, chequered(window))).page
    place = moved(np.array([[brief.blocks[0].lon[0], brief.blocks[0].lat[0]]]), 4490, WEB_MERCATOR)[0]
    share = (
        (place[0] - window.left) / (window.right - window.left),
        (window.top - place[1]) / (window.top - window.bottom),
    )
    picture = page.evaluate(
        """() => { const b = document.querySelector('.leaflet-image-layer').getBoundingClientRect(),
          map = document.querySelector('.folium-map').getBoundingClientRect();
          return [b.x - map.x, b.y - map.y, b.width, b.height]; }"""
    )
    x, y, left, top = page.evaluate(AT, "东厂")
    assert x == pytest.approx(picture[0] + share[0] * picture[2], abs=1.5)
    assert y == pytest.approx(picture[1] + share[1] * picture[3], abs=1.5)
    bare = "document.querySelectorAll('.leaflet-overlay-pane svg, .leaflet-marker-pane').forEach(n => n.remove())"
    page.evaluate(bare)
    shot = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    middle_x, middle_y = left + picture[0] + picture[2] / 2, top + picture[1] + picture[3] / 2
    quarters = [tuple(shot[round(middle_y + dy), round(middle_x + dx)]) for dy in (-6, 6) for dx in (-6, 6)]
    assert quarters == [(200, 0, 0), (0, 200, 0), (0, 0, 200), (0, 0, 0)]


def test_the_picture_fills_the_map_on_a_desk_on_a_phone_and_on_paper(desk: Desk, read: Callable[..., Reading]) -> None:
    brief = desk.brief()
    text = desk.written(brief, chequered(window_round(brief.reach.outline)))
    uncovered = """() => { const b = document.querySelector('.leaflet-image-layer').getBoundingClientRect(),
      map = document.querySelector('.folium-map').getBoundingClientRect();
      return Math.max(b.left - map.left, b.top - map.top, map.right - b.right, map.bottom - b.bottom); }"""
    for size in ((1920, 1080), (390, 844)):
        page = read(text, size).page
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert page.evaluate(uncovered) <= 2
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(uncovered) <= 2


def test_a_hostile_name_is_harmless_in_popup_list_and_script(desk: Desk, read: Callable[..., Reading]) -> None:
    more = {"address": '"><img src=x onerror=alert(2)>', "principal_phone": "<svg onload=alert(3)>"}
    desk.put("enterprises", firm(1, NASTY, away(500, 45), risk=2, **more))
    asked = {"layer": "enterprises", "key": "91990106MA00000001"}
    text = desk.written(desk.brief(subject=asked))
    for document in (text, POLICY.sub("", text)):
        found = read(document)
        found.page.click(".leaflet-marker-icon")
        popup = found.page.locator(".leaflet-popup-content")
        assert popup.locator("b").inner_text() == NASTY
        assert "<svg onload=alert(3)>" in popup.inner_text()
        assert found.page.locator("tr[data-mark] button").inner_text() == NASTY
        assert found.page.locator("img[src=x], .leaflet-popup svg[onload]").count() == 0
        assert (found.asked, found.said) == ([], [])
    assert text.count("Content-Security-Policy") == 1


def test_a_row_of_the_list_leads_to_its_mark(desk: Desk, read: Callable[..., Reading]) -> None:
    desk.put("enterprises", firm(1, "甲厂", away(500, 45), risk=2), firm(2, "乙厂", away(1500, 200), risk=3))
    page = read(desk.written(desk.brief())).page
    page.click("tr[data-mark='enterprises:1'] button")
    assert page.locator(".leaflet-popup-content b").inner_text() == "乙厂"
    assert "◆ 黄" in page.locator(".leaflet-popup-content").inner_text().replace("\u00a0", " ")


def test_layers_are_switched_off_and_on(desk: Desk, read: Callable[..., Reading]) -> None:
    desk.put("enterprises", firm(1, "甲厂", away(500, 45)))
    desk.put("hospitals", hospital("H1", away(900, 10)))
    page = read(desk.written(desk.brief())).page
    page.click(".leaflet-control-layers-overlays label:has-text('企业')")
    assert [n.get_attribute("alt") for n in page.locator(".leaflet-marker-icon").all()] == ["澜滨医院"]


def test_a_shape_with_nothing_inside_still_opens(desk: Desk, read: Callable[..., Reading]) -> None:
    found = read(desk.written(desk.brief(layers=["hospitals"])))
    assert found.page.locator(".leaflet-control-layers").count() == 0
    assert (found.asked, found.said) == ([], [])


def test_it_prints_on_a4_with_the_whole_shape_and_without_controls(desk: Desk, read: Callable[..., Reading]) -> None:
    desk.put("enterprises", *(firm(n, f"厂{n}", away(90 * n, 50 * n), risk=1 + n % 4) for n in range(1, 30)))
    page = read(desk.written(desk.brief())).page
    pdf = page.pdf(prefer_css_page_size=True)
    width, height = (float(side) for side in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)[0])
    assert (width, height) == (pytest.approx(595.3, abs=1), pytest.approx(841.9, abs=1))
    page.set_viewport_size({"width": 680, "height": 960})
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".leaflet-control-zoom").is_hidden()
    assert page.locator(".leaflet-control-layers").is_hidden()
    assert page.locator(".folium-map").bounding_box()["width"] == pytest.approx(180 / 25.4 * 96, abs=1)  # type: ignore[index]
    inside = "() => brief.map().getBounds().contains(L.latLngBounds([[33.113, 121.808], [33.167, 121.872]]))"
    assert page.evaluate(inside)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator(".leaflet-control-zoom").is_visible()
