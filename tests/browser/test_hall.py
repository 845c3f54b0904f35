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


@pytest.mark.parametrize(("theme", "label"), [(0, "在管企业"), (1, "重大危险源")])
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
