"""Debian's Chromium over a real server; whatever a page says in its console or asks of another host is kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.server import PASSWORDS, demo_server

HALL, WIDE, DESK, PHONE = (1920, 1080), (3840, 1080), (1440, 900), (390, 844)


@dataclass
class Visit:
    """One signed-in page and what went wrong on it."""

    page: Page
    server: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go there and wait until the screen's own script says it is ready."""
        self.page.goto(self.server + path)
        self.page.wait_for_selector("[data-ready]", timeout=30_000)
        return self.page


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Sign in as a demo account on a screen of some size; by a request, for `test_signin` has the pages."""
    contexts = []

    def enter(server: str, login: str = "city", size: tuple[int, int] = DESK) -> Visit:
        context = chromium.new_context(
            viewport=ViewportSize(width=size[0], height=size[1]),
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=size == PHONE,
            is_mobile=size == PHONE,
        )
        contexts.append(context)
        form = {"login": login, "password": PASSWORDS[login]}
        answer = context.request.post(server + "/signin", form=form, headers={"origin": server}, max_redirects=0)
        assert answer.status == 303, answer.text()
        page = context.new_page()
        found = Visit(page=page, server=server)
        own = urlsplit(server).netloc
        page.on("console", lambda said: said.type in ("error", "warning") and found.faults.append(said.text))
        page.on("pageerror", lambda error: found.faults.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                urlsplit(asked.url).scheme in ("http", "https", "ws", "wss")
                and urlsplit(asked.url).netloc != own
                and found.faults.append(f"outside request {asked.url}")
            ),
        )
        return found

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server for one test that changes data, with its data folder."""
    with demo_server(tmp_path) as address:
        yield address, tmp_path
