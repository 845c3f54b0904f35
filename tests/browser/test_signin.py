"""Somebody signs in without touching a mouse: account, password, second factor, and is where they wanted to be."""

from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page, expect

from app.auth.factors import STEP, new_secret
from app.auth.opening import open_identity
from app.auth.sealing import Sealer
from app.settings import Settings
from core.caller import UserClass
from core.clock import utc_now
from store.identity import Account, Post
from tests.hashes import light_hash
from tests.server import Served

LOGIN, PASSWORD = "zhou.min", "Yunlan-Gang-2026"


def employed(data: Path) -> pyotp.TOTP:
    """Somebody with a post over the city and an authenticator of their own."""
    identity, now, secret = open_identity(data, None), utc_now(), new_secret()
    sealed = Sealer(Settings(data=data).identity_key_file).seal(secret)
    identity.people.add(
        Account(
            id="zhou", login=LOGIN, name="周敏", user_class=UserClass.REGULATOR, sealed_totp=sealed, created_at=now,
            password_hash=light_hash(PASSWORD), password_at=now,
        ),
        at=now,
    )  # fmt: skip
    identity.posts.give(
        Post(id="p", account="zhou", role="regulator", areas=("99",), since=now, given_by="t", given_at=now)
    )
    identity.close()
    return pyotp.TOTP(secret, interval=STEP)


def focused(page: Page) -> str:
    """What the keyboard is on; it must show that it is."""
    seen = page.evaluate(
        "() => { const e = document.activeElement, s = getComputedStyle(e);"
        " return [e.id || e.name || e.className || e.tagName, e.matches(':focus-visible')"
        " && (s.outlineStyle !== 'none' || s.boxShadow !== 'none')]; }"
    )
    assert seen[1], f"nothing shows that the keyboard is on {seen[0]}"
    return str(seen[0])


def test_a_whole_sign_in_with_the_second_factor_needs_the_keyboard_only(written: Served, chromium: Browser) -> None:
    authenticator, server = employed(written.data), written.address
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    keys = page.keyboard
    page.goto(server + "/map?layers=teams")
    expect(page.locator("#login")).to_be_focused()  # a browser gives it the keyboard as it first draws the page
    assert focused(page) == "login"
    keys.type(LOGIN)
    keys.press("Tab")
    assert focused(page) == "password"
    keys.type(PASSWORD)
    keys.press("Tab")
    assert focused(page) == "show"
    keys.press("Space")
    assert page.locator("#password").get_attribute("type") == "text"
    assert focused(page) == "password"
    keys.press("Tab")
    keys.press("Tab")
    assert focused(page) == "duty"
    keys.press("Space")
    assert page.locator("[name=duty]").is_checked()
    keys.press("Tab")
    assert focused(page) == "primary"
    keys.press("Enter")
    page.wait_for_url("**/signin/code?next=*")
    expect(page.locator("#code")).to_be_focused()
    assert focused(page) == "code"
    keys.type(f"{(int(authenticator.now()) + 1) % 1_000_000:06}")
    keys.press("Enter")
    page.locator("#error[role=alert]").wait_for()
    assert page.locator("#code").get_attribute("aria-describedby") == "error"
    expect(page.locator("#code")).to_be_focused()
    assert focused(page) == "code"
    keys.type(authenticator.now())
    keys.press("Enter")
    page.wait_for_url("**/map?layers=teams*")
    page.wait_for_selector("[data-ready]", timeout=30_000)
    told = page.evaluate("fetch('/api/me').then(answer => answer.json())")
    assert (told["login"], told["second_factor"]) == (LOGIN, True)
    context.close()
