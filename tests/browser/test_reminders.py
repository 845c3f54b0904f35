"""Who is on the roster is reminded where they sit: at /roster and at /duty, once, with the way to what is due."""

import re
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from playwright.sync_api import expect

from app.auth.opening import open_identity
from app.duty.reminding import remind_duty
from app.wiring import System
from core.clock import CHINA, utc_now
from core.ids import new_id
from layers.catalogue import CATALOGUE
from store.opening import open_store
from tests.browser.conftest import DESK, Visit
from tests.browser.test_duty import sent
from tests.browser.test_roster import opened
from tests.server import Served

pytestmark = pytest.mark.browser

SOON = 8
"""Minutes to the shift that is entered."""


def minute_passes(written: Served) -> int:
    """What the server does by itself each minute, done now by another process over the same folder."""
    with (
        closing(open_store(written.data, None, CATALOGUE, utc_now)) as store,
        closing(open_identity(written.data, None)) as identity,
    ):
        return remind_duty(cast(System, SimpleNamespace(store=store, clock=utc_now, identity=identity)))


def test_a_shift_that_begins_is_told_at_the_roster_and_at_the_desk_and_leads_to_the_roster(
    written: Served, visit: Callable[..., Visit]
) -> None:
    page = opened(visit, written, "tab=month")
    post = f"提醒岗{new_id()[-5:]}"
    local = (utc_now() + timedelta(minutes=SOON)).astimezone(CHINA)
    page.keyboard.press("a")
    form = page.locator("dialog")
    form.locator("[name=post]").fill(post)
    for name in ("first", "last"):
        form.locator(f"[name={name}]").fill(local.date().isoformat())
    form.locator("[name=begins]").fill(f"{local:%H:%M}")
    form.get_by_role("checkbox", name=re.compile("周敏")).first.press("Space")
    sent(page)
    minute_passes(written)
    for path in ("/roster", "/duty?incident=none"):
        desk = visit(written.address, "district", DESK).open(path)
        bell = desk.locator("#office-bell")
        expect(bell.locator(".unread")).not_to_be_empty()
        bell.press("Enter")
        line = desk.locator(".messages li", has_text=post)
        expect(line).to_contain_text("值班提醒")
        expect(line).to_have_count(1)
        desk.keyboard.press("Escape")
        expect(desk.locator("dialog[open]")).to_have_count(0)
        desk.close()
    page.reload()
    page.wait_for_selector("[data-ready]")
    page.locator("#office-bell").press("Enter")
    page.locator(".messages li", has_text=post).locator("a").press("Enter")
    page.wait_for_url("**/roster?tab=month")
