"""The other language: chosen on the map, kept on every page, with nothing cut off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, HALL, PHONE, Visit, widths

pytestmark = pytest.mark.browser

LAPTOP = (1366, 768)

# Names of firms, places, people and incidents are data and stay as they are; every other word is the screen's own.
CHINESE = """own => [...document.querySelectorAll(own)]
  .filter(n => n.offsetParent && !n.closest('.language,.account .el,.phone-foot .el,.hall-state .el'))
  .flatMap(n => [...n.childNodes].filter(c => c.nodeType === 3).map(c => c.textContent)
    .concat(['title', 'aria-label', 'placeholder'].map(a => n.getAttribute(a) || '')))
  .filter(t => /[\\u4e00-\\u9fff]/.test(t))"""
MAP_WORDS = ".desk-head :not(.weather *), #map-layers *:not(option), #map-tools *, .legend *, .source *, #map-table th"
HALL_WORDS = ".kpi *, .ph, .ph .m, .theme-name *, .legend *, .hall-state *, .force *, .slot *, .key *, .wall-more *"
CUT = """own => [...document.querySelectorAll(own)].filter(n => n.offsetParent &&
  (n.scrollWidth > n.clientWidth + 1 || n.getBoundingClientRect().right > innerWidth + 0.5)).map(n => n.textContent)"""


IN_ENGLISH = "/map?lang=en&table=enterprises&layers=enterprises,sensors,hospitals"


def in_english(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("size", widths(LAPTOP, HALL, DESK))
def test_the_map_in_english_has_no_chinese_words_of_its_own_and_cuts_none(
    server: str, seen: Callable[..., Visit], size: tuple[int, int]
) -> None:
    found = seen(server, IN_ENGLISH, size=size)
    page = found.page
    page.wait_for_selector("#map-table th")
    in_english(page)
    assert page.evaluate(CHINESE, MAP_WORDS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate(CUT, ".segments button, .chip, .field > span, .desk-head > *") == []
    assert found.faults == []


def test_the_hall_in_english_has_no_chinese_words_of_its_own_and_cuts_none(
    server: str, visit: Callable[..., Visit]
) -> None:
    page = visit(server, size=HALL).open("/hall?lang=en&incident=none")
    in_english(page)
    assert page.evaluate(CHINESE, HALL_WORDS) == []
    assert page.evaluate(CUT, ".hall-head > *, .kpi .v, .kpi .a, .force, .force .w, .ph") == []


def test_the_language_is_switched_on_the_map_and_kept_everywhere(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(server).open("/map?layers=teams&risk=1&z=13&c=121.9,33.2")
    page.click(".desk-head .language")
    page.wait_for_selector("[data-ready]")
    in_english(page)
    for kept in ("layers=teams", "risk=1", "z=13", "c=121.9"):
        assert kept in page.url
    expect(page.locator("#map-layers li[data-layer=teams] label")).to_contain_text("Rescue teams")
    for other in ("/hall", "/home", "/signin", "/map"):
        assert '<html lang="en"' in page.request.get(server + other).text()
    assert page.title() == "Yunlan work-safety map"
    page.click(".desk-head .language")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_the_phone_switches_the_language_in_its_sheet(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(server, size=PHONE).open("/map")
    page.tap("#map-tools button.phone-only")
    page.tap("#map-layers .language")
    page.wait_for_selector("[data-ready]")
    in_english(page)
    page.tap("#map-tools button.phone-only")
    assert page.evaluate(CHINESE, MAP_WORDS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_an_unknown_language_changes_nothing(server: str, visit: Callable[..., Visit]) -> None:
    answer = visit(server).page.request.get(server + "/map?lang=fr")
    assert '<html lang="zh-CN"' in answer.text()


@pytest.mark.parametrize("lang", widths("en", "zh"))
def test_the_bar_of_a_laptop_stays_on_one_line(server: str, seen: Callable[..., Visit], lang: str) -> None:
    page = seen(server, IN_ENGLISH if lang == "en" else f"/map?lang={lang}", size=LAPTOP).page
    heights = (
        "() => [...document.querySelectorAll('.desk-head h1, .desk-head a, .desk-head .el')].map(n => n.offsetHeight)"
    )
    assert max(page.evaluate(heights)) < 40
    assert page.evaluate(CUT, ".desk-head > *") == []
