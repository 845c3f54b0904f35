"""The lower part of the profile, and the audit's page, in a browser."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pyotp
import pytest
from playwright.sync_api import expect

from app.auth.opening import open_identity
from core.clock import utc_now
from core.ids import new_id
from store.identity import Post
from tests.app.test_message_doors import tell
from tests.browser.conftest import HALL, PHONE, Visit, widths
from tests.hashes import light_hash
from tests.matrix.people import hire
from tests.server import Served

pytestmark = pytest.mark.browser


SECRET = "Yangang-Lu-26-hao"


def employed(data: Path, login: str) -> None:
    """Somebody's own account with a post in a district, and with one more for tonight."""
    identity = open_identity(data, None)
    now = utc_now()
    hire(identity, login, areas=("990106",))
    account = identity.people.find(login)
    assert account is not None
    changed = replace(account, demo=False, password_hash=light_hash(SECRET), password_at=now)
    identity.people.change(changed, at=now)
    identity.posts.give(
        Post(
            id=new_id(), account=account.id, role="committee", areas=("990104",), since=now, given_by="t",
            given_at=now, reason="夜间代管",
        )
    )  # fmt: skip
    identity.close()


def test_people_settle_posts_second_factor_and_sessions_themselves(
    written: Served, visit: Callable[..., Visit]
) -> None:
    server, data = written
    employed(data, "wei.lan")
    with httpx.Client(base_url=server, headers={"origin": server, "user-agent": "iPhone"}) as elsewhere:
        elsewhere.post("/signin", data={"login": "wei.lan", "password": SECRET})
        found = visit(server, login="wei.lan", password=SECRET)
        page = found.open("/profile")
        expect(page.locator("#security")).to_contain_text("盐港新区")
        expect(page.locator("#security")).to_contain_text("手机")
        page.get_by_role("button", name="退出其他会话").click()
        expect(page.locator(".told.well")).to_have_text("已退出 1 个会话")
        assert elsewhere.get("/api/me").status_code == 401
    page.get_by_role("button", name="绑定", exact=True).click()
    secret = page.locator(".enrol code").inner_text().replace(" ", "")
    page.fill("#security-code", pyotp.TOTP(secret).now())
    page.get_by_role("button", name="确认绑定").click()
    expect(page.get_by_role("button", name="解除绑定")).to_be_visible()
    page.get_by_role("button", name="切换").click()
    page.wait_for_selector("[data-screen=home][data-ready]")
    expect(page.locator("#home-state")).to_contain_text("安委会成员单位")
    assert found.faults == []


@pytest.mark.parametrize("size", widths(PHONE, HALL))
def test_the_auditor_asks_who_did_what_and_takes_it_out(
    server: str, visit: Callable[..., Visit], size: tuple[int, int]
) -> None:
    found = visit(server, login="auditor", size=size)
    found.faults.clear()
    page = found.open("/audit?actor=auditor&kind=sign-in")
    rows = page.locator(".audit tbody tr")
    expect(rows.first).to_contain_text("auditor")
    expect(rows.first).to_contain_text("登录")
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    with page.expect_download() as download:
        page.click("#audit-export")
    assert "auditor" in Path(download.value.path()).read_text("utf-8-sig")
    page.select_option("#audit-kind", "export")
    page.get_by_role("button", name="查询").click()
    expect(rows.first).to_contain_text("审计记录")
    assert found.faults == []


def test_messages_are_counted_opened_and_read_and_ways_out_say_when_they_are_not_set_up(
    written: Served, visit: Callable[..., Visit]
) -> None:
    server = written.address
    tell(written, "committee", "隐患 YH2026-000001 将于 2026-12-01 18:00 到期,请及时办理。")
    page = visit(server, login="committee").open("/profile")
    expect(page.locator("#profile-contacts")).to_contain_text("运维尚未配置")
    bell = page.locator("#office-bell")
    expect(bell).to_have_attribute("aria-label", re.compile(r"消息，\d+ 条未读"))
    bell.click()
    fresh = page.locator(".messages .fresh", has_text="YH2026-000001")
    expect(fresh).to_have_count(1)
    page.get_by_role("button", name="全部标为已读").click()
    expect(fresh).to_have_count(0)
    expect(page.locator("#office-unread")).to_have_text("")
