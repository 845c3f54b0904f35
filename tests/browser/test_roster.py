"""The page of duty by keyboard: a call struck through and not erased, shifts passed by consent, a stock booked."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from core.clock import CHINA, utc_now
from core.ids import new_id
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.test_duty import sent
from tests.server import Served

pytestmark = pytest.mark.browser


def opened(
    visit: Callable[..., Visit], written: Served, query: str, size: tuple[int, int] = DESK, login: str = "district"
) -> Page:
    """A tab of the page, for who is on duty."""
    return visit(written.address, login, size).open(f"/roster?{query}")


def pressed(within: Locator, name: str) -> None:
    """A button by the keyboard."""
    within.get_by_role("button", name=name, exact=True).press("Enter")


def test_a_call_is_typed_called_back_and_struck_through_and_its_words_stay(
    written: Served, visit: Callable[..., Visit]
) -> None:
    page = opened(visit, written, "tab=calls")
    words = f"围堰外有白烟 {new_id()[-6:]}"
    page.keyboard.press("n")
    expect(page.locator("form [name=caller]")).to_be_focused()
    page.keyboard.type("钱工")
    page.keyboard.press("Enter")
    page.keyboard.type("1990999 1234")
    page.locator("form [name=what]").fill(words)
    page.locator("form [name=call_back]").press("Space")
    page.keyboard.press("Control+Enter")
    card = page.locator("#roster-one")
    expect(card.locator(".what")).to_have_text(words)
    expect(card).to_contain_text("1990999 1234")
    line = page.locator(".roster-list li", has_text=words)
    expect(line.locator(".chips")).to_contain_text("前回电")
    pressed(card, "已回电")
    page.locator("dialog [name=said]").fill("已到场查看")
    sent(page)
    expect(card).to_contain_text("回电:已到场查看")
    expect(line.locator(".chips")).not_to_contain_text("前回电")
    pressed(card, "划销")
    page.locator("dialog button[type=submit]").press("Enter")
    expect(page.locator("dialog [name=reason]")).to_be_visible()  # without a reason nothing is struck
    page.locator("dialog [name=reason]").fill("与前一条重复")
    sent(page)
    expect(card.locator(".what.struck")).to_have_text(words)
    expect(card).to_contain_text(re.compile("周敏.*划销:与前一条重复"))
    expect(card.get_by_role("button", name="划销")).to_have_count(0)
    expect(line).to_have_class(re.compile("struck"))
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(page.locator("#roster-one .what.struck")).to_have_text(words)
    assert page.locator("#roster-one .what.struck").evaluate("n => getComputedStyle(n).textDecorationLine") == (
        "line-through"
    )
    phone = opened(visit, written, "tab=calls", PHONE)
    expect(phone.locator(".roster-list li.struck", has_text=words)).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_shifts_are_drawn_up_one_is_passed_by_consent_and_taken_off_with_a_reason(
    written: Served, visit: Callable[..., Visit]
) -> None:
    first = (utc_now().astimezone(CHINA) + timedelta(days=430)).date().replace(day=10)
    page = opened(visit, written, f"tab=month&month={first:%Y-%m}")
    post = f"试排岗{new_id()[-5:]}"
    page.keyboard.press("a")
    form = page.locator("dialog")
    form.locator("[name=post]").fill(post)
    form.locator("[name=first]").fill(first.isoformat())
    form.locator("[name=last]").fill((first + timedelta(days=1)).isoformat())
    for person in ("周敏", "何川"):
        form.get_by_role("checkbox", name=re.compile(person)).first.press("Space")
    sent(page)
    shifts = page.locator(".roster-days .shift").filter(has_text=post)
    expect(shifts).to_have_count(2)
    expect(shifts.first).to_contain_text("周敏")
    shifts.first.press("Enter")
    pressed(page.locator("dialog[open]"), "请人代班")
    asking = page.locator("dialog[open]")
    chosen = asking.locator("[name=of] option").filter(has_text="何川").first.get_attribute("value")
    asking.locator("[name=of]").select_option(chosen)
    asking.locator("[name=why]").fill("培训")
    sent(page)
    expect(shifts.first).to_contain_text("待 何川 同意")
    theirs = visit(written.address, "duty", DESK).open(f"/roster?tab=month&month={first:%Y-%m}")
    mine = theirs.locator(".roster-days .shift").filter(has_text=post)
    mine.first.press("Enter")
    pressed(theirs.locator("dialog[open]"), "同意代班")
    expect(mine.first).to_contain_text("代 周敏")
    expect(shifts.first).to_contain_text("代 周敏")  # the desk beside hears of it
    for left in (1, 0):
        shifts.first.press("Enter")
        pressed(page.locator("dialog[open]"), "撤班")
        page.locator("dialog [name=reason]").fill("测试结束")
        sent(page)
        expect(shifts).to_have_count(left)


def test_a_stock_is_booked_and_what_is_not_given_back_is_used_up(written: Served, visit: Callable[..., Visit]) -> None:
    page = opened(visit, written, "tab=resources", login="city")
    purpose = f"键盘调用 {new_id()[-6:]}"
    book = page.locator(".roster-book").get_by_role("button", name="调用", exact=True).first
    book.press("Enter")
    form = page.locator("dialog[open]")
    form.locator("[name=quantity]").fill("1")
    form.locator("[name=purpose]").fill(purpose)
    sent(page)
    booking = page.locator(".booking").filter(has_text=purpose)
    pressed(booking, "归还")
    page.locator("dialog [name=returned]").fill("0")
    sent(page)
    expect(booking).to_contain_text("归还 0")
    expect(booking.get_by_role("button")).to_have_count(0)


def test_a_number_of_the_phone_book_once_shown_stays_shown_when_the_list_is_read_again(
    written: Served, visit: Callable[..., Visit]
) -> None:
    page = opened(visit, written, "tab=book")
    stem = f"试联系{new_id()[-6:]}"
    page.keyboard.press("a")
    page.locator("dialog [name=name]").fill(stem + "一人")
    page.locator("dialog [name=mobile_phone]").fill("1990999 1234")
    sent(page)
    row = page.locator(".roster-book tr", has_text=stem)
    page.locator(".roster-bar input[type=search]").fill(stem)
    expect(row).to_have_count(1)
    expect(row).not_to_contain_text("1990999 1234")
    pressed(row, "显示")
    expect(row.get_by_role("link", name="1990999 1234")).to_be_visible()
    with page.expect_response(re.compile("/api/roster/contacts[?]q=")):
        page.locator(".roster-bar input[type=search]").fill(stem + "一")
    expect(row.get_by_role("link", name="1990999 1234")).to_be_visible()
    expect(row.get_by_role("button", name="显示", exact=True)).to_have_count(0)


def test_a_call_that_others_wrote_while_a_form_was_open_is_there_once_it_has_closed(
    written: Served, visit: Callable[..., Visit]
) -> None:
    page = opened(visit, written, "tab=calls")
    first, other = f"先来的 {new_id()[-6:]}", f"别人记的 {new_id()[-6:]}"
    call, origin = f"{written.address}/api/roster/calls", {"origin": written.address}
    assert page.context.request.post(call, data={"what": first}, headers=origin).ok
    page.locator(".roster-list li", has_text=first).get_by_role("button").click()
    pressed(page.locator("#roster-one"), "划销")
    assert page.context.request.post(call, data={"what": other}, headers=origin).ok
    page.wait_for_timeout(1500)  # told by the feed, and held back as the form is open
    page.keyboard.press("Escape")
    expect(page.locator(".roster-list li", has_text=other)).to_be_visible()
