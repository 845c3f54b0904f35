"""A duty officer's screen that stays open while something is done to the city: what its bar said, in order."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from app.auth.opening import open_identity
from tests.chromium import FLAGS
from tests.matrix.people import COOKIE, hire, session

WATCHER = "watcher"
NOTED = """() => {
  window.said = [];
  setInterval(() => {
    const bar = document.querySelector('.lost-bar'), words = document.querySelector('[data-lost-words]');
    const seen = bar && getComputedStyle(bar).display !== 'none';
    const shown = seen ? words.textContent.replace(/[0-9]+ ?(秒|分)/g, '').trim() : '';
    if (shown !== (said.at(-1) ?? '')) said.push(shown);
  }, 100);
}"""
"""Notes what the bar says whenever that changes; how long a link is lost is left out."""


@contextlib.contextmanager
def watched(address: str, data: Path, database: str | None) -> Iterator[Callable[[], list[str]]]:
    """The alarm desk, open in Chromium; the answer tells what was said so far."""
    identity = open_identity(data, database)
    hire(identity, WATCHER)
    token = session(identity, WATCHER)
    identity.close()
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        context.add_cookies([{"name": COOKIE, "value": token, "domain": urlsplit(address).hostname or "", "path": "/"}])
        page = context.new_page()
        page.goto(f"{address}/alarms")
        page.wait_for_function("() => OneMap.live.state() === 'open'")
        page.evaluate(NOTED)
        yield lambda: [words for words in page.evaluate("said") if words]
        browser.close()
