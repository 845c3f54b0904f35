"""The registry of devices by keyboard: from the list to one device, a secret that is shown once, and back."""

import re
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import expect

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue import CATALOGUE, DEVICES
from layers.catalogue.devices import Device
from store.feed import Put
from store.opening import open_store
from tests.browser.conftest import HALL, Visit
from tests.server import Served

pytestmark = pytest.mark.browser

LONG = 20_000


def test_by_keyboard_a_device_is_opened_given_a_secret_that_is_shown_once_and_left(
    written: Served, visit: Callable[..., Visit]
) -> None:
    with closing(open_store(written.data, None, CATALOGUE, utc_now)) as store:
        found = Device(code="TEST-KEYS-1", name="键盘测试网关", area="990106", sensitivity=Sensitivity.INTERNAL)
        store.commit([Put(layer=DEVICES.id, record=found)], actor=SYSTEM_ACTOR, reason="测试", scope=SYSTEM_SCOPE)
    seen = visit(written.address, "city", HALL)
    page = seen.open("/devices?q=TEST-KEYS")
    expect(page.locator("#devices-list [data-code]")).to_have_count(1, timeout=LONG)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    side = page.locator("#devices-one")
    expect(side.locator("h2")).to_have_text("键盘测试网关", timeout=LONG)
    expect(side).to_contain_text("没有密钥")
    side.get_by_role("button", name="生成密钥").click()
    page.locator("dialog [name=reason]").fill("首次接入")
    page.locator("dialog [type=submit]").click()
    secret = page.locator("#adm-secret")
    expect(secret).to_have_value(re.compile("^device-"), timeout=LONG)
    shown = secret.input_value()
    page.get_by_role("button", name="我已保存").click()
    expect(page.locator("dialog[open]")).to_have_count(0)  # keys are the dialog's until it has gone
    expect(side).to_contain_text("发放", timeout=LONG)
    assert shown not in page.content()
    page.keyboard.press("Escape")
    expect(side).to_be_hidden()
    expect(page.locator("#devices-list [data-code=TEST-KEYS-1]")).to_be_focused()
    assert seen.faults == []
