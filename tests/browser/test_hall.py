"""The wall as a hall sees it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import HALL, WIDE, Visit, widths
from tests.waiting import until

pytestmark = pytest.mark.browser

CALM = "/hall?incident=none"
"""The frame of every day: the demo city has an incident in hand."""

SHOWN = """() => OneMap.hall.canvas.shown()[OneMap.hall.current().layer]"""
FIGURE = """label => {
  const figure = document.querySelector(`[data-figure="${label}"] .v`);
  return Number(figure.firstChild.textContent.replace(/,/g, ''));
}"""


@pytest.mark.parametrize("size", widths(HALL, WIDE))
def test_the_wall_fits_without_scrolling_and_says_nothing_in_the_console(
    server: str, seen: Callable[..., Visit], size: tuple[int, int]
) -> None:
    found = seen(server, "/hall", size=size)
    page = found.page
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.get_attribute(".hall", "data-form") == ("wide" if size == WIDE else "std")
    assert found.faults == []


def test_no_wall_text_is_smaller_than_twenty_pixels(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, "/hall", size=HALL).page
    head = page.locator(".hi-head")  # an incident is in hand: nobody is told that all is calm
    expect(head).to_contain_text("液氯储罐")
    expect(page.locator(".hall-head", has_text="平稳")).to_have_count(0)
    expect(page.locator(".hi-limits")).to_contain_text("什么没有算")
    expect(page.locator(".hi-strip [data-figure='距接报'] .v")).to_contain_text(":")
    small = page.evaluate(
        """() => [...document.querySelectorAll('.hall *')]
        .filter(n => [...n.childNodes].some(c => c.nodeType === 3 && c.textContent.trim()) && n.offsetParent)
        .filter(n => parseFloat(getComputedStyle(n).fontSize) < 20).map(n => n.className + n.textContent)"""
    )
    assert small == []


@pytest.mark.parametrize(("theme", "label"), [(1, "在管企业"), (2, "重大危险源")])
def test_cluster_numbers_add_up_to_the_key_figure(
    server: str, seen: Callable[..., Visit], theme: int, label: str
) -> None:
    found = seen(server, CALM, size=HALL)
    page = found.page
    page.evaluate("k => OneMap.hall.choose(k)", theme)

    def added_up() -> bool:
        if page.evaluate("OneMap.hall.rings.away()"):  # a red alarm of the demo's own came: the map went to it
            found.open(CALM).evaluate("k => OneMap.hall.choose(k)", theme)
        return bool(page.evaluate(f"label => ({SHOWN})() === ({FIGURE})(label)", label))

    until(added_up, bool, within=60)


def test_the_public_wall_has_no_risk_and_says_so(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, CALM, login="public", size=HALL).page
    expect(page.locator(".hall")).to_contain_text("公开视图")
    expect(page.locator(".hall")).to_contain_text("无权查看")
    assert page.evaluate("OneMap.hall.canvas.layers.get('enterprises')?.columns.grade.every(g => g === 0) ?? true")


def test_a_lost_link_is_said_in_words_and_the_picture_is_kept(server: str, visit: Callable[..., Visit]) -> None:
    found = visit(server, size=HALL, alone=True)
    found.page.clock.install()
    found.page.goto(server + CALM)

    def ready() -> bool:
        found.page.clock.run_for(250)
        return found.page.query_selector("[data-ready]") is not None

    until(ready, bool)
    found.page.context.set_offline(True)
    found.page.clock.run_for(26_000)
    lost = found.page.locator(".lost-bar")
    expect(lost).to_contain_text("链路中断")
    expect(lost).to_contain_text("画面停在")
    assert found.page.evaluate("OneMap.hall.canvas.order.length") == 1


FIGURES = """() => [...document.querySelectorAll('#hall-forces .q')].filter(n => n.offsetParent)
  .map(n => Math.round(n.getBoundingClientRect().right))"""
COUNTS = """k => [...document.querySelectorAll('#hall-districts .district')].map(row => {
  const box = row.querySelectorAll('.c')[k].getBoundingClientRect();
  return `${Math.round(box.left)}-${Math.round(box.right)}`; })"""
SPILT = """() => [...document.querySelectorAll('.wall-row')].filter(row => row.offsetParent)
  .filter(row => { const own = row.getBoundingClientRect();
    const blocks = [...row.querySelectorAll('span,div,img')].filter(n => getComputedStyle(n).display !== 'inline');
    return blocks.some(n => { const box = n.getBoundingClientRect();
      return box.right > own.right + 1 || box.left < own.left - 1 || box.bottom > own.bottom + 2; }); })
  .map(row => row.textContent)"""


@pytest.mark.parametrize("lang", widths("zh", "en"))
@pytest.mark.parametrize("size", widths(HALL, WIDE))
def test_columns_align_between_rows_and_no_text_leaves_its_row(
    server: str, seen: Callable[..., Visit], size: tuple[int, int], lang: str
) -> None:
    page = seen(server, CALM if lang == "zh" else f"/hall?lang={lang}", size=size).page
    assert [len(set(page.evaluate(COUNTS, k))) for k in range(4)] == [1, 1, 1, 1]
    assert len(set(page.evaluate(FIGURES))) == 1
    assert page.evaluate(SPILT) == []


def test_names_of_accidents_and_points_are_shown_to_their_end(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, CALM, login="public", size=HALL).page  # others have the alarms in that place
    expect(page.locator("#hall-accidents .nm").first).to_be_attached()
    names = page.locator("#hall-accidents .nm").all_text_contents()
    assert all(name.endswith("事故") for name in names)
    cut = """() => [...document.querySelectorAll('.accident .nm, .parameter .nm')]
      .filter(n => n.offsetParent && (n.scrollWidth > n.clientWidth + 1 || getComputedStyle(n).whiteSpace === 'nowrap'))
      .map(n => n.textContent)"""
    assert page.evaluate(cut) == []


def test_the_figure_of_accidents_is_the_sum_of_the_bars(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, CALM, size=HALL).page
    figure = page.evaluate(FIGURE, "近 12 月事故")
    expect(page.locator("#hall-trend")).to_contain_text(f"近 12 月 {figure} 起")
    expect(page.locator("#hall-trend")).to_contain_text("截至今日")


def test_a_district_wall_says_whose_it_is(server: str, visit: Callable[..., Visit]) -> None:
    found = visit(server, login="district", size=HALL)
    page = found.open(CALM)
    expect(page.locator(".theme-name .t2")).to_have_text("盐港新区")
    expect(page.locator("#hall-forces")).to_contain_text("全市共用")
    page = found.open("/map")
    assert page.locator("#map-tools [aria-label='盐港新区']").is_visible()
    assert page.inner_text("#filter-area option >> nth=0") == "盐港新区"


def test_the_public_wall_names_no_grade_on_the_map_and_leaves_no_panel_without_a_word(
    server: str, visit: Callable[..., Visit]
) -> None:
    page = visit(server, login="public", size=HALL).open(CALM)
    page.evaluate("OneMap.hall.choose(0)")  # the theme turns by itself
    expect(page.locator(".theme-name b")).to_have_text("企业分布")
    expect(page.locator(".hall .legend")).to_contain_text("无权查看")
    assert page.locator(".hall .legend .g-r").count() == 0
    for panel in ("districts", "parameters", "video", "forces"):
        expect(page.locator(f"#hall-{panel}")).to_contain_text("无权查看")
