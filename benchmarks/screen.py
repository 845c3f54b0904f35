"""The map over a full store in Chromium: `python -m benchmarks.screen --rows 100000` prints feed, draw and pace."""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from app.demo_accounts import DEMO_ACCOUNTS, add_demo_accounts
from app.settings import Settings
from app.wiring import assemble
from benchmarks.store_load import ledger
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import ENTERPRISES

FLAGS = ["--no-sandbox", "--disable-gpu"]
SERVE = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", "0", "--data"]

COUNT = """zooming => {
  const map = OneMap.map.map, times = [], start = performance.now();
  let last = start, step = 0;
  window.pace = () => [1000 * times.length / (last - start), Math.max(...times)];
  const frame = now => {
    times.push(now - last); last = now;
    step += 1;
    if (zooming && step % 50 === 1) map.setZoom(map.getZoom() >= 14 ? 10 : map.getZoom() + 1);
    if (now - start < 6000) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


@contextmanager
def filled(rows: int) -> Iterator[str]:
    """The address of a server over a store of so many enterprises."""
    with tempfile.TemporaryDirectory() as folder:
        system = assemble(Settings(data=Path(folder)))
        add_demo_accounts(system.identity, system.clock)
        system.store.load(ENTERPRISES, ledger(rows), actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
        system.close()
        process = subprocess.Popen([*SERVE, folder], stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            said = (re.search(r"^OneMap: (https?://[^/]+)/", line) for line in process.stdout)
            yield next(found[1] for found in said if found)
        finally:
            process.terminate()
            process.wait(timeout=20)


def said(name: str, value: float, unit: str) -> None:
    """One line of the table."""
    print(f"{name:<44}{value:>12,.1f} {unit}", flush=True)


def feed(base: str) -> None:
    """Bytes and time of the points, plain, packed and unchanged."""
    account = DEMO_ACCOUNTS[0]
    with httpx.Client(base_url=base, headers={"origin": base}, timeout=60) as client:
        client.post("/signin", data={"login": account.login, "password": account.password, "next": "/map"})
        tag = ""
        for name, encoding in (("plain", "identity"), ("gzip", "gzip")):
            times, size = [], 0
            for _ in range(5):
                started = time.perf_counter()
                with client.stream("GET", "/api/map/enterprises", headers={"accept-encoding": encoding}) as answer:
                    size = sum(len(part) for part in answer.iter_raw())
                    tag = answer.headers["etag"]
                times.append((time.perf_counter() - started) * 1000)
            said(f"feed {name}, median of 5", sorted(times)[2], "ms")
            said(f"feed {name}, size", size / 1000, "kB")
        started = time.perf_counter()
        assert client.get("/api/map/enterprises", headers={"if-none-match": tag}).status_code == 304
        said("feed unchanged (304)", (time.perf_counter() - started) * 1000, "ms")


def signed_in(page: Page, base: str) -> None:
    """Past the sign-in form, on a map without any layer."""
    page.goto(base + "/signin?next=/map?layers=")
    page.fill("#login", DEMO_ACCOUNTS[0].login)
    page.fill("#password", DEMO_ACCOUNTS[0].password)
    page.click("button.primary")
    page.wait_for_selector("[data-ready]", timeout=60_000)


def dragged(page: Page) -> None:
    """Drag the map about with the mouse for six seconds, letting go after each pull as a hand does."""
    until = time.monotonic() + 6
    for turn in range(100):
        page.mouse.move(1100, 500)
        page.mouse.down()
        page.mouse.move(1100 + (300 if turn % 2 else -300), 500 + 60 * (turn % 3), steps=40)
        page.mouse.up()
        if time.monotonic() > until:
            return


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with filled(rows) as base, sync_playwright() as playwright:
        feed(base)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        signed_in(page, base)
        started = time.perf_counter()
        page.goto(base + "/map?layers=enterprises")
        drawn = "n => window.OneMap?.map?.canvas.total('enterprises') === n && OneMap.map.canvas.drawn.length > 0"
        page.wait_for_function(drawn, arg=rows, timeout=120_000)
        said("open /map to all points drawn", (time.perf_counter() - started) * 1000, "ms")
        page.wait_for_timeout(2000)
        for run in ("drag", "zoom"):
            page.evaluate(COUNT, run == "zoom")
            if run == "drag":
                dragged(page)
            else:
                page.wait_for_timeout(6200)
            frames, longest = page.evaluate("window.pace()")
            said(f"{run}, frames a second over 6 s", frames, "fps")
            said(f"{run}, longest frame", longest, "ms")
        browser.close()


if __name__ == "__main__":
    main()
