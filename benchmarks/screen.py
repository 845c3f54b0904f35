"""The map over a full store in Chromium: `python -m benchmarks.screen --rows 100000 [--points 440000]`."""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pyarrow as pa
import shapely
from playwright.sync_api import Page, sync_playwright

from app.demo_accounts import DEMO_ACCOUNTS, add_demo_accounts
from app.settings import Settings
from app.wiring import assemble
from benchmarks.store_load import ledger
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import ENTERPRISES, SENSORS

CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu"]
SERVE = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", "0", "--data"]

LONG = """window.long = [];
const seen = list => list.getEntries().forEach(one => window.long.push(one.duration));
new PerformanceObserver(seen).observe({type: 'longtask', buffered: true});"""

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


def measuring(points: int) -> pa.Table:
    """Measuring points in sixty parks, one in ten of each park within fifty metres of another."""
    rng = np.random.default_rng(6)
    centres = rng.uniform([121.0, 33.0], [121.6, 33.5], (60, 2))
    places = centres[rng.integers(60, size=points)] + rng.normal(0, 0.008, (points, 2))
    kinds = np.array(["gas", "level", "pressure", "temperature"])[rng.integers(4, size=points)]
    return pa.table(
        {
            "code": [f"P{i:07d}" for i in range(points)],
            "name": [f"{i % 97}号装置{i}测点" for i in range(points)],
            "kind": kinds,
            "quantity": ["浓度"] * points,
            "unit": ["%LEL"] * points,
            "enterprise": [f"9199{i % 1000:014d}" for i in range(points)],
            "area": ["990102001"] * points,
            "geometry": list(shapely.to_wkb(shapely.points(places))),
        }
    )


@contextmanager
def filled(rows: int, points: int) -> Iterator[str]:
    """The address of a server over a store of so many enterprises and measuring points."""
    with tempfile.TemporaryDirectory() as folder:
        system = assemble(Settings(data=Path(folder)))
        add_demo_accounts(system.identity, system.clock)
        system.store.load(ENTERPRISES, ledger(rows), actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
        if points:
            system.store.load(SENSORS, measuring(points), actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
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


def feed(base: str, layer: str) -> None:
    """Bytes and time of the points, plain, packed and unchanged."""
    account = DEMO_ACCOUNTS[0]
    with httpx.Client(base_url=base, headers={"origin": base}, timeout=120) as client:
        client.post("/signin", data={"login": account.login, "password": account.password, "next": "/map"})
        tag = ""
        for name, encoding in (("plain", "identity"), ("gzip", "gzip")):
            times, size = [], 0
            for _ in range(5):
                started = time.perf_counter()
                with client.stream("GET", f"/api/map/{layer}", headers={"accept-encoding": encoding}) as answer:
                    size = sum(len(part) for part in answer.iter_raw())
                    tag = answer.headers["etag"]
                times.append((time.perf_counter() - started) * 1000)
            said(f"feed {name}, median of 5", sorted(times)[2], "ms")
            said(f"feed {name}, size", size / 1000, "kB")
        started = time.perf_counter()
        assert client.get(f"/api/map/{layer}", headers={"if-none-match": tag}).status_code == 304
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
    parser.add_argument(
        "--points", type=int, default=0, help="show so many measuring points instead of the enterprises"
    )
    asked = parser.parse_args()
    layer, rows = ("sensors", asked.points) if asked.points else ("enterprises", asked.rows)
    with filled(asked.rows, asked.points) as base, sync_playwright() as playwright:
        feed(base, layer)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        signed_in(page, base)
        page.add_init_script(LONG)
        started = time.perf_counter()
        page.goto(f"{base}/map?layers={layer}")
        drawn = "([id, n]) => window.OneMap?.map?.canvas.total(id) === n && OneMap.map.canvas.drawn.length > 0"
        page.wait_for_function(drawn, arg=[layer, rows], timeout=240_000)
        said("open /map to all points drawn", (time.perf_counter() - started) * 1000, "ms")
        page.wait_for_timeout(2000)
        blocked = page.evaluate("Math.max(0, ...(window.long || []))")
        said("longest block of the page while opening", blocked, "ms")
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
