"""The portal in a browser: sections filled, one click to every system, two languages, two themes."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESK, HALL, PHONE, Visit, widths

pytestmark = pytest.mark.browser

SECTIONS = ("todos", "documents", "today", "entries", "state", "notices", "place")


@pytest.mark.parametrize("size", widths(DESK, HALL, PHONE))
def test_every_section_is_filled_and_nothing_is_cut_off(
    server: str, seen: Callable[..., Visit], size: tuple[int, int]
) -> None:
    found = seen(server, "/home", size=size)
    page = found.page
    for name in SECTIONS:
        body = page.locator(f"#home-{name}-body")
        expect(body.locator(".skeleton")).to_have_count(0)
        expect(body.locator(".failed")).to_have_count(0)
        assert body.inner_text().strip()
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert found.faults == []


@pytest.mark.parametrize("lang", widths("zh", "en"))
def test_the_desk_shows_the_portal_without_scrolling(server: str, seen: Callable[..., Visit], lang: str) -> None:
    page = seen(server, "/home" if lang == "zh" else f"/home?lang={lang}").page
    assert page.evaluate("document.documentElement.scrollHeight") <= DESK[1]


def test_each_to_do_says_its_deadline_and_the_overdue_come_first(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, "/home").page
    words = page.locator("#home-todos .due").all_inner_texts()
    assert words[0].startswith("逾期")
    assert all(word.startswith(("逾期", "即办", "今天", "剩")) for word in words)
    late = [word.startswith("逾期") for word in words]
    assert late == sorted(late, reverse=True)


def test_a_line_that_stands_for_many_opens_them(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, "/home").page
    page.locator("#home-todos li button").first.click()
    expect(page.locator("dialog .todos li").nth(20)).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_a_notice_is_unread_until_it_is_opened(server: str, seen: Callable[..., Visit]) -> None:
    page = seen(server, "/home").page
    expect(page.locator("#home-notices-unread")).to_have_text("未读 6")
    page.locator("#home-notices button").first.click()
    expect(page.locator("dialog h2")).to_contain_text("重大危险源安全评估")
    page.locator("dialog button.icon").click()
    expect(page.locator("#home-notices-unread")).to_have_text("未读 5")
    page.reload()
    expect(page.locator("#home-notices-unread")).to_have_text("未读 5")


def test_one_click_reaches_a_system(server: str, visit: Callable[..., Visit]) -> None:
    found = visit(server)
    page = found.open("/home")
    page.click("[data-entry=hazards]")
    page.wait_for_selector("[data-screen=map][data-ready]")
    assert "table=hazard_sources" in page.url
    assert found.faults == []


def test_a_hit_of_the_search_opens_the_map_at_the_object(server: str, visit: Callable[..., Visit]) -> None:
    page = visit(server).open("/home")
    page.fill("#search-input", "云澜氯碱")
    page.wait_for_selector("#search-hits [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-screen=map][data-ready]")
    expect(page.locator("#map-card h2")).to_contain_text("云澜氯碱")


def test_enter_opens_what_was_typed_last_and_not_what_was_found_before(
    server: str, visit: Callable[..., Visit]
) -> None:
    page = visit(server).open("/home")
    page.fill("#search-input", "云澜氯碱")
    expect(page.locator("#search-hits [role=option]").first).to_contain_text("云澜氯碱")
    page.fill("#search-input", "浦口加油站")
    page.keyboard.press("Enter")  # before anything is found for it
    page.wait_for_selector("[data-screen=map][data-ready]")
    expect(page.locator("#map-card h2")).to_contain_text("浦口加油站")


def test_the_map_of_a_district_is_framed_on_that_district(
    server: str, visit: Callable[..., Visit], seen: Callable[..., Visit]
) -> None:
    page = visit(server, login="district").open("/home")
    west, east = page.evaluate(
        "(() => { const b = window.__maps[0].getBounds(); return [b.getWest(), b.getEast()]; })()"
    )
    city = seen(server, "/home").page
    wide = city.evaluate("(() => { const b = window.__maps[0].getBounds(); return b.getEast() - b.getWest(); })()")
    assert east - west < wide
    expect(page.locator("#home-place-more")).to_have_text("盐港新区")


def test_the_theme_chosen_in_the_menu_is_kept_and_the_menu_signs_out(server: str, visit: Callable[..., Visit]) -> None:
    found = visit(server)
    page = found.open("/home")
    page.click(".account-box summary")
    page.click(".theme-switch")
    expect(page.locator("[data-screen=home]")).to_have_attribute("data-theme", "night")
    page = found.open("/profile")
    expect(page.locator("[data-screen=profile]")).to_have_attribute("data-theme", "night")
    page.click("#profile-themes >> text=浅色")
    expect(page.locator("[data-screen=profile]")).to_have_attribute("data-theme", "day")
    assert found.faults == []
    page.click(".account-box summary")
    page.click("text=退出登录")
    page.wait_for_url("**/signin*")


def test_the_profile_says_who_i_am_in_both_languages(server: str, visit: Callable[..., Visit]) -> None:
    found = visit(server, login="district")
    page = found.open("/profile")
    expect(page.locator("#profile-who")).to_contain_text("盐港新区应急管理局")
    page.click("#profile-language >> text=English")
    page.wait_for_selector("[data-ready]")
    expect(page.locator("#profile-who h2")).to_have_text("Who you are")
    expect(page.locator("#security")).to_be_attached()
    page.click("#profile-language >> text=中文")  # kept with the account, which other tests sign in with
    page.wait_for_selector("[data-ready]")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_the_public_account_has_no_to_dos_and_fewer_entries(server: str, visit: Callable[..., Visit]) -> None:
    found = visit(server, login="public")
    page = found.open("/home")
    expect(page.locator("#home-todos .empty")).to_be_visible()
    expect(page.locator("[data-entry=sensors]")).to_have_count(0)
    assert found.faults == []


@pytest.mark.parametrize("size", widths(PHONE, DESK))
def test_a_stranger_looks_up_a_shelter_without_an_account(
    server: str, chromium: Browser, size: tuple[int, int]
) -> None:
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", is_mobile=size == PHONE
    )
    page, own, faults = context.new_page(), urlsplit(server).netloc, []
    page.on("console", lambda said: said.type in ("error", "warning") and faults.append(said.text))
    page.on("request", lambda asked: urlsplit(asked.url).netloc != own and faults.append(asked.url))
    page.goto(server + "/public")
    page.click("text=避难场所 >> nth=0")
    page.fill("input[name=q]", "听涛")
    page.click("button:has-text('查询')")
    expect(page.locator(".hits li").first).to_contain_text("听涛")
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    page.locator("summary").first.click()
    expect(page.locator("details[open]")).to_contain_text("避难场所")
    page.goto(server + "/public?lang=en")
    expect(page.locator(".find h2")).to_have_text("Look up")
    assert faults == []
    context.close()


def test_every_page_is_in_the_head_or_behind_more_at_every_width(server: str, seen: Callable[..., Visit]) -> None:
    """The row never runs out of sight; the page that is open stays in it; the menu is used without a mouse."""
    page = seen(server, "/limits", "city").page
    row, more = page.locator(".office-head > nav"), page.locator(".ways-more")
    every = row.locator("a").evaluate_all("all => all.map((n) => n.textContent)")
    assert {"规则", "限值", "发布"} <= {name.removeprefix("报警") for name in every}
    menu = more.get_by_role("navigation", name="更多页面")
    for width in (3840, 1920, 1440, 1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(
            "() => { const n = document.querySelector('.office-head > nav'); return n.scrollWidth <= n.clientWidth; }"
        )
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        expect(row.locator("a.here")).to_be_visible()
        shown = row.locator("a:visible").all_inner_texts()
        if len(shown) < len(every):
            more.locator("summary").press("Enter")
            expect(menu).to_be_visible()
            shown += menu.locator("a").all_inner_texts()
            box = menu.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            page.keyboard.press("Escape")
            expect(menu).to_be_hidden()
            expect(more.locator("summary")).to_be_focused()
        assert sorted(shown) == sorted(every), width
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
