"""Debian's Chromium over a real server; whatever a page says in its console or asks of another host is kept."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

from tests.server import PASSWORDS, demo_server

HALL, WIDE, DESK, PHONE = (1920, 1080), (3840, 1080), (1440, 900), (390, 844)


PATIENCE = 60_000
"""Milliseconds for a page to come, and for what is to be pressed to be there: its first tiles are drawn meanwhile."""


def widths(first: object, *others: object) -> list[object]:
    """Sizes or languages that a claim is asked in: in the first by `make test`, in the others by `make drill`."""
    return [first, *(pytest.param(one, marks=pytest.mark.drill) for one in others)]


@dataclass
class Visit:
    """One signed-in page and what went wrong on it."""

    page: Page
    server: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go there and wait until the screen's own script says it is ready."""
        self.page.goto(self.server + path)
        self.page.wait_for_selector("[data-ready]")
        self.page.evaluate("document.fonts.ready.then(() => null)")  # what is measured before is another letter's
        return self.page


class Profiles:
    """Browsers of persons, lent to one test after another: a new one fetches and compiles every script anew.

    They come back without their cookies and without what pages kept in them; the scripts stay, in the cache and in a
    process that a small page of the same site holds.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.free: dict[bool, list[BrowserContext]] = {False: [], True: []}

    def new(self, phone: bool) -> BrowserContext:
        """One that has seen nothing, of a person who wants no motion: what is animated costs a map half a second."""
        made = self.browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=phone, is_mobile=phone, reduced_motion="reduce"
        )
        made.set_default_timeout(PATIENCE)
        return made

    @contextmanager
    def lent(self, server: str, phone: bool) -> Iterator[BrowserContext]:
        """One that nobody else uses now."""
        if not self.free[phone]:
            self.free[phone].append(self.new(phone))
            self.free[phone][0].new_page().goto(server + "/healthz")
        context = self.free[phone].pop()
        yield context
        holding, *pages = context.pages
        for page in pages:
            page.close()
        context.set_offline(False)
        context.clear_cookies()
        session = context.new_cdp_session(holding)
        session.send("Storage.clearDataForOrigin", {"origin": server, "storageTypes": "local_storage,indexeddb"})
        session.detach()
        self.free[phone].append(context)


@pytest.fixture(scope="session")
def profiles(chromium: Browser) -> Profiles:
    """Those of this process."""
    return Profiles(chromium)


def wrong(said: ConsoleMessage) -> bool:
    """Not a piece of the ground that the server had no time to draw beside the others: the page asks for it again."""
    late = "503" in said.text and "/tiles/base/" in said.location["url"]
    return said.type in ("error", "warning") and not late


def signed_in(
    context: BrowserContext, server: str, login: str, size: tuple[int, int], password: str | None = None
) -> Visit:
    """A page of an account, a demo one if no password is given; by a request, for `test_signin` has the pages."""
    form = {"login": login, "password": password or PASSWORDS[login]}
    answer = context.request.post(server + "/signin", form=form, headers={"origin": server}, max_redirects=0)
    assert answer.status == 303, answer.text()
    page = context.new_page()
    page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))
    found = Visit(page=page, server=server)
    own = urlsplit(server).netloc
    page.on("console", lambda said: wrong(said) and found.faults.append(said.text))
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


@pytest.fixture
def visit(profiles: Profiles) -> Iterator[Callable[..., Visit]]:
    """Sign in as a demo account on a screen of some size; `alone` in a browser that is thrown away."""
    with ExitStack() as stack:

        def enter(
            server: str,
            login: str = "city",
            size: tuple[int, int] = DESK,
            *,
            password: str | None = None,
            alone: bool = False,
        ) -> Visit:
            phone = size == PHONE
            lent = closing(profiles.new(phone)) if alone else profiles.lent(server, phone)
            return signed_in(stack.enter_context(lent), server, login, size, password)

        yield enter


@pytest.fixture(scope="module")
def seen(profiles: Profiles) -> Iterator[Callable[..., Visit]]:
    """A page opened once for the tests of a module, which leave it as it was: they look, or end what they begin."""
    opened: dict[tuple[str, str, str, tuple[int, int]], Visit] = {}
    with ExitStack() as stack:

        def look(server: str, path: str, login: str = "city", size: tuple[int, int] = DESK) -> Visit:
            asked = (server, path, login, size)
            if asked not in opened:
                context = stack.enter_context(profiles.lent(server, size == PHONE))
                found = signed_in(context, server, login, size)
                found.open(path)
                opened[asked] = found
            return opened[asked]

        yield look


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server for one test that changes data, with its data folder."""
    with demo_server(tmp_path) as address:
        yield address, tmp_path
