"""The wall as a hall sees it."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import HALL, WIDE, Visit

pytestmark = pytest.mark.browser

SHOWN = """() => OneMap.hall.canvas.shown()[OneMap.hall.current().layer]"""
FIGURE = """label => {
  const figure = document.querySelector(`[data-figure="${label}"] .v`);
  return Number(figure.firstChild.textContent.replace(/,/g, ''));
}"""


@pytest.mark.parametrize("size", [HALL, WIDE])
def test_the_wall_fits_without_scrolling_and_says_nothing_in_the_console(
    server: str, visit: Callable[..., Visit], size: tuple[int, int]
) -> None:
    found = visit(server, size=size)
    page = found.open("/hall")
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.get_attribute(".hall", "data-form") == ("wide" if size == WIDE else "std")
    assert found.faults == []


def test_no_wall_text_is_smaller_than_twenty_pixels(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(server, size=HALL).open("/hall")
    small = page.evaluate(
        """() => [...document.querySelectorAll('.hall *')]
        .filter(n => [...n.childNodes].some(c => c.nodeType === 3 && c.textContent.trim()) && n.offsetParent)
        .filter(n => parseFloat(getComputedStyle(n).fontSize) < 20).map(n => n.className + n.textContent)"""
    )
    assert small == []


@pytest.mark.parametrize(("theme", "label"), [(1, "在管企业"), (2, "重大危险源")])
def test_cluster_numbers_add_up_to_the_key_figure(
    server: str, visit: Callable[..., Visit], theme: int, label: str
) -> None:
    page = visit(server, size=HALL).open("/hall")
    page.evaluate("k => OneMap.hall.choose(k)", theme)
    page.wait_for_function(f"label => ({SHOWN})() === ({FIGURE})(label)", arg=label, timeout=10_000)


def test_the_public_wall_has_no_risk_and_says_so(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(server, login="public", size=HALL).open("/hall")
    text = page.inner_text(".hall")
    assert "公开视图" in text
    assert "无权查看" in text
    assert page.evaluate("OneMap.hall.canvas.layers.get('enterprises')?.columns.grade.every(g => g === 0) ?? true")


def test_a_lost_link_is_said_in_words_and_the_picture_is_kept(server: str, visit: Callable[..., Visit]) -> None:
    found = visit(server, size=HALL)
    found.page.clock.install()
    found.page.goto(server + "/hall")
    for _ in range(40):
        found.page.clock.run_for(250)
        if found.page.query_selector("[data-ready]"):
            break
        found.page.wait_for_timeout(100)
    found.page.context.set_offline(True)
    found.page.clock.run_for(26_000)
    assert "链路中断" in found.page.inner_text(".lost-bar")
    assert "画面停在" in found.page.inner_text(".lost-bar")
    assert found.page.evaluate("OneMap.hall.canvas.order.length") == 1


FIGURES = (
    "() => [...document.querySelectorAll('#hall-forces .q')].map(n => Math.round(n.getBoundingClientRect().right))"
)
COUNTS = """k => [...document.querySelectorAll('#hall-districts .district')].map(row => {
  const box = row.querySelectorAll('.c')[k].getBoundingClientRect();
  return `${Math.round(box.left)}-${Math.round(box.right)}`; })"""
SPILT = """() => [...document.querySelectorAll('.wall-row')].filter(row => row.offsetParent)
  .filter(row => { const own = row.getBoundingClientRect();
    const blocks = [...row.querySelectorAll('span,div,img')].filter(n => getComputedStyle(n).display !== 'inline');
    return blocks.some(n => { const box = n.getBoundingClientRect();
      return box.right > own.right + 1 || box.left < own.left - 1 || box.bottom > own.bottom + 2; }); })
  .map(row => row.textContent)"""


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [HALL, WIDE])
def test_columns_align_between_rows_and_no_text_leaves_its_row(
    server: str, visit: Callable[..., Visit], size: tuple[int, int], lang: str
) -> None:
    page = visit(server, size=size).open(f"/hall?lang={lang}")
    assert [len(set(page.evaluate(COUNTS, k))) for k in range(4)] == [1, 1, 1, 1]
    assert len(set(page.evaluate(FIGURES))) == 1
    assert page.evaluate(SPILT) == []


def test_names_of_accidents_and_points_are_shown_to_their_end(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(server, login="public", size=HALL).open("/hall")  # others have the alarms in that place
    names = page.locator("#hall-accidents .nm").all_text_contents()
    assert names
    assert all(name.endswith("事故") for name in names)
    cut = """() => [...document.querySelectorAll('.accident .nm, .parameter .nm')]
      .filter(n => n.offsetParent && (n.scrollWidth > n.clientWidth + 1 || getComputedStyle(n).whiteSpace === 'nowrap'))
      .map(n => n.textContent)"""
    assert page.evaluate(cut) == []


def test_the_figure_of_accidents_is_the_sum_of_the_bars(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(server, size=HALL).open("/hall")
    figure = page.evaluate(FIGURE, "近 12 月事故")
    assert f"近 12 月 {figure} 起" in page.inner_text("#hall-trend")
    assert "截至今日" in page.inner_text("#hall-trend")


def test_a_district_wall_says_whose_it_is(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(server, login="district", size=HALL).open("/hall")
    assert page.inner_text(".theme-name .t2") == "盐港新区"
    assert "全市共用" in page.inner_text("#hall-forces")
    page = visit(server, login="district").open("/map")
    assert page.locator("#map-tools [aria-label='盐港新区']").is_visible()
    assert page.inner_text("#filter-area option >> nth=0") == "盐港新区"


def test_the_public_wall_names_no_grade_on_the_map_and_leaves_no_panel_without_a_word(
    server: str, visit: Callable[..., Visit]
) -> None:
    page = visit(server, login="public", size=HALL).open("/hall")
    assert page.inner_text(".theme-name b") == "企业分布"
    assert page.locator(".hall .legend .g-r").count() == 0
    assert "无权查看" in page.inner_text(".hall .legend")
    for panel in ("districts", "parameters", "video", "forces"):
        assert "无权查看" in page.inner_text(f"#hall-{panel}")
