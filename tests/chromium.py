"""Debian's Chromium, one for the whole session: a second one in the same thread cannot be started.

Its headless shell draws and runs pages as the whole browser does and takes half the processor time for one: it has no
windows, tabs and profile to keep.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.absent import absent

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb",
    "--process-per-site",
]  # fmt: skip
"""The last: what pages of one person on one server have compiled serves all of them."""

PATIENCE = 20_000
"""Milliseconds that a page may take to show what is expected of it: four workers and a browser share two processors."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session."""
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        absent("Debian's chromium-headless-shell")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()
