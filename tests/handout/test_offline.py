"""The scenario as one HTML document: complete, safe, read from disk in Chromium without any network."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from lxml import html
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from core.scope import Scope, Sensitivity
from core.texts import Lang
from dashboards.brief.window import Window
from dashboards.handout.contents import LIMITS, Handout
from dashboards.handout.offline import offline
from emergency.model import MODELS
from layers.catalogue import CATALOGUE
from tests.handout.conftest import BLAST, CHLORINE, Bench

NASTY = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


def grey(window: Window, _: Lang) -> bytes:
    """A base map of one colour, as large as asked."""
    out = io.BytesIO()
    Image.new("RGB", window.size, (230, 230, 224)).save(out, "PNG")
    return out.getvalue()


def written(handout: Handout) -> str:
    return offline(handout, CATALOGUE, grey).decode()


def words(text: str, path: str = "//main") -> str:
    return re.sub(r"\s+", " ", str(html.fromstring(text).xpath(f"string({path})")))


def test_zones_people_limits_and_receipt_are_said(chlorine: Handout) -> None:
    text = written(chlorine)
    side = chlorine.sides[0]
    said = words(text)
    assert LIMITS.zh in said
    assert side.result.receipt.fingerprint in said
    assert "王立" in said
    for zone in side.result.zones:
        people = side.people(zone)
        assert people is not None
        row = words(text, f"//tr[@data-mark='A-zone-{zone.level.severity}']")
        assert zone.level.name.zh in row
        assert f"{round(people[0]):,}" in row
        assert "未核实" in row


def test_the_value_is_drawn_against_distance_with_every_level_and_its_doubt(both: Handout) -> None:
    for side, drawing in zip(both.sides, html.fromstring(written(both)).xpath("//*[@class='curve']"), strict=True):
        told = re.sub(r"\s+", " ", drawing.text_content())
        assert side.result.curves[0].title.zh in told
        for zone in side.result.zones:
            assert f"{zone.level.value:g}" in told
            assert f"{zone.level.name.zh.split(' ')[0]}" in told
        doubtful = [zone for zone in side.result.zones if not zone.level.verified]
        assert told.count("未核实") == len(doubtful) == len(drawing.xpath(".//*[@stroke-dasharray]")) > 0
        (course,) = drawing.xpath(".//*[@class='course']")
        at = np.array([pair.split() for pair in course.get("d")[1:].split("L")], dtype=float)
        assert (np.diff(at[:, 0]) > 0).all()
        assert at[:, 1].max() <= 250.0


def test_a_value_is_drawn_for_a_blast_in_english(bench: Bench) -> None:
    told = words(written(bench.handout(BLAST, lang=Lang.EN)), "//*[@class='curve']")
    assert "overpressure" in told.lower()


def test_every_number_has_its_basis(chlorine: Handout) -> None:
    side, text = chlorine.sides[0], written(chlorine)
    parts = [re.sub(r"\s+", " ", one.text_content()) for one in html.fromstring(text).xpath("//details")]
    reached = side.result.zones
    assert len(parts) == 2 * len(reached) + 2 + len(side.result.figures)
    used = {one.id: one for one in side.result.receipt.models}
    for zone, part in zip(reached, parts, strict=False):
        assert zone.level.name.zh in part
        assert used[zone.model].source in part
        assert re.sub(r"\s+", " ", MODELS[zone.model].card.formula.text) in part
        assert used[zone.model].tier.title.zh in part
        assert zone.level.source in part
        for check in zone.checks:
            assert check.title.zh in part


def test_what_lies_inside_is_listed_nearest_first_with_people(chlorine: Handout) -> None:
    targets = chlorine.sides[0].inside.targets
    assert targets is not None
    rows = html.fromstring(written(chlorine)).xpath("//tr[starts-with(@data-mark, 'A-targets-')]")
    assert [row.get("data-name") for row in rows] == targets["name"].tolist()
    assert any("学校" in row.text_content() for row in rows)


def test_two_scenarios_are_compared_but_not_where_one_is_cut(both: Handout) -> None:
    rows = {
        row[0].text_content(): [cell.text_content() for cell in row[1:]]
        for row in html.fromstring(written(both)).xpath("//section[@id='compare']//tbody/tr")
    }
    (worst,) = [cells for title, cells in rows.items() if "AEGL-3" in title and "距离" in title]
    assert worst[2].startswith("−")
    (mildest,) = [cells for title, cells in rows.items() if "AEGL-1" in title and "距离" in title]
    assert mildest[0].startswith("≥")
    assert mildest[2] == "不可比"


def test_a_kind_that_is_not_open_is_named_and_not_zero(bench: Bench) -> None:
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
    text = written(bench.handout(CHLORINE, scope=public))
    assert "未统计:制作人无权查看,或未读取数据" in words(text, "//section[@id='inside']")


def test_the_document_names_nothing_to_fetch(both: Handout) -> None:
    tree = html.fromstring(written(both))
    assert not tree.xpath("//link | //script[@src] | //iframe | //object")
    assert all(place.startswith(("data:", "#")) for place in tree.xpath("//@src | //a/@href"))
    for style in tree.xpath("//style/text()"):
        assert all(place.startswith(('"data:', "#")) for place in re.findall(r"url\((.{8})", style))


def test_the_english_reader_gets_english(bench: Bench) -> None:
    handout = bench.handout(CHLORINE | {"title": "leak"}, BLAST | {"title": "blast"}, lang=Lang.EN)
    text = written(handout)
    for one in handout.sides[0].inside.data:
        text = text.replace(one.source or "…", "")  # as whoever registered the data named it
    for row in html.fromstring(text).xpath("//section[@id='basis'] | //section[@id='compare'] | //thead"):
        assert not re.search(r"[\u4e00-\u9fff]", row.text_content())


@dataclass
class Reading:
    """A page opened from disk, what it asked for and what it said."""

    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture
def read(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Reading]]:
    contexts = []

    def opened(text: str, size: tuple[int, int] = (1920, 1080)) -> Reading:
        file = tmp_path / f"handout-{len(contexts)}.html"
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
        page.wait_for_function("() => handout.sheets.length && document.fonts.status === 'loaded'")
        return found

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.browser
def test_it_opens_without_a_network_and_hatches_what_nobody_verified(
    both: Handout, read: Callable[..., Reading]
) -> None:
    found = read(written(both))
    zones = sum(len(side.drawn) for side in both.sides)
    assert found.page.locator("path[fill='url(#unverified)']").count() == zones
    assert found.page.locator("path[fill^='url(#level-']").count() == zones
    labels = found.page.locator(".pin span").all_inner_texts()
    assert sum("未核实" in label for label in labels) == zones
    assert sum("≥" in label for label in labels) == 1
    assert found.page.locator(".wind").count() == 2
    assert (found.asked, found.said) == ([], [])


@pytest.mark.browser
def test_both_maps_show_one_place_at_one_scale(both: Handout, read: Callable[..., Reading]) -> None:
    page = read(written(both)).page
    page.evaluate("handout.sheets[0].map.setView([33.15, 121.85], 14, {animate: false})")
    places = page.evaluate("handout.sheets.map(s => [s.map.getCenter().lat, s.map.getCenter().lng, s.map.getZoom()])")
    assert np.allclose(places[0], places[1], atol=1e-6)


@pytest.mark.browser
def test_a_target_in_the_list_is_shown_on_the_map_with_the_same_words(
    chlorine: Handout, read: Callable[..., Reading]
) -> None:
    page = read(written(chlorine)).page
    button = page.locator("button[data-show]").first
    name = button.inner_text()
    button.click()
    assert name in page.locator(".leaflet-popup-content").inner_text()


@pytest.mark.browser
def test_nothing_is_wider_than_a_desk_or_a_phone(both: Handout, read: Callable[..., Reading]) -> None:
    text = written(both)
    for size in ((1920, 1080), (390, 844)):
        page = read(text, size).page
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        marks = page.locator(".zones .doubt").all()
        assert all((mark.bounding_box() or {"x": 1e9})["x"] < size[0] - 20 for mark in marks)


@pytest.mark.browser
def test_a_hostile_title_is_only_words(bench: Bench, read: Callable[..., Reading]) -> None:
    nasty = CHLORINE | {"title": NASTY, "note": NASTY}
    found = read(written(bench.handout(nasty)))
    found.page.locator("button[data-show]").first.click()
    assert found.page.locator(".what").inner_text() == NASTY
    assert found.page.locator("img[src=x]").count() == 0
    assert (found.asked, found.said) == ([], [])
