"""From an event to the screens: `python -m benchmarks.video_to_browser [--events 20]`.

A demo server with its analysis of cameras: the drawn scenes and one more, a camera of motion JPEG on the loopback that
shows the drawn tanks, where something burns for three seconds every eight or so. Its events go the whole way, from
worker to recorder, store, feed and live stream, to a browser that has /violations and /map open.

Told, from when the picture by which an event was raised was received (its `raised_at`, of the clock all processes here
share): until it was kept, until each page was told of it, until its row stands on /violations and until its mark is
drawn on /map. Events of the drawn scenes do not count. Exit status 1 where one did not come, or the 95th percentile of
row or mark is a second or more.
"""

import argparse
import random
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import shapely
from playwright.sync_api import Page, sync_playwright

from app.video.running import set_rules
from core.actors import Actor
from core.clock import from_iso, utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CAMERAS, CATALOGUE
from layers.catalogue.sensing import Camera as Registered
from store.feed import Put
from store.opening import open_store
from store.query import EVERYTHING, Query
from tests.browser.conftest import HALL, Visit, signed_in
from tests.chromium import FLAGS
from tests.server import demo_city, set_server
from tests.video.streams import Camera, motion_jpeg
from video.drawn.scenes import BURNS, Scene

RATE, CYCLES, BURNING, CALM = 10.0, 12, 3.0, (4.0, 7.0)
"""Pictures a second; rounds that differ, seconds of fire in each, and the shortest and longest time without."""

PATIENCE, AFTER, AIM = 20.0, 3.0, 1.0
"""Seconds allowed for an event, those waited after the last one, and what the 95th percentile must stay below."""

RULES = """zones:
  sheds: [[0, 300], [640, 300], [640, 40], [0, 40]]
rules:
  - {id: fire, kind: fire, zone: sheds, clear_s: 1}
"""
LOGIN = "city"
OPERATOR = Actor(id="benchmark", name="基准测试", door="cli")

TOLD = """() => {
  window.told = {}; window.kept = {}; window.seen = {};
  OneMap.live.onChanges((layers, changes) => {
    for (const one of changes) if (one.layer === 'violations' && one.key && !(one.key in told)) {
      told[one.key] = Date.now();
      kept[one.key] = Date.parse(one.at);
    }
  });
}"""
"""When the page heard of each event first, and when that was kept."""

ROWS = """() => {
  const list = document.querySelector('#violations-list');
  const look = () => list.querySelectorAll('[data-code]').forEach((row) => { seen[row.dataset.code] ??= Date.now(); });
  new MutationObserver(() => requestAnimationFrame(look)).observe(list, { childList: true, subtree: true });
}"""

MARKS = """() => {
  const { canvas } = OneMap.map;
  const drawn = (place) => {
    const at = canvas.map.latLngToLayerPoint(place).subtract(canvas.offset);
    return canvas.drawn.some((mark) => mark.id === 'violations' && Math.hypot(mark.x - at.x, mark.y - at.y) < 80);
  };
  canvas.on('drawn', () => {
    for (const key of Object.keys(told).filter((one) => !(one in seen))) {
      const place = canvas.position('violations', key);
      if (place && drawn(place)) seen[key] = Date.now();
    }
  });
}"""
"""A mark stands for it within the reach of those that stand close together."""

Moments = dict[str, float]
"""By event, milliseconds of the wall clock."""


def pictures() -> list[bytes]:
    """The tanks as JPEG, with and without fire in turn; the times between differ, so that they meet no other's pace."""
    scene, chance, found = Scene("tanks"), random.Random(8), list[bytes]()
    now = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
    for _ in range(CYCLES):
        calm = np.arange(0, chance.uniform(*CALM), 1 / RATE) + BURNS[0] - CALM[1] - 1
        for t in (*calm.tolist(), *(np.arange(0, BURNING, 1 / RATE) + BURNS[0]).tolist()):
            shown = scene.draw(t, now + timedelta(seconds=len(found) / RATE))
            found.append(cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes())
    return found


def prepared(data: Path, stream: str) -> tuple[str, str]:
    """A camera of the demo city that had none gets that stream and a rule about fire; its code and the map there."""
    with closing(open_store(data, None, CATALOGUE, utc_now)) as store:
        query = Query(where=EVERYTHING.where, fields=("code", "stream"), geometry=False)
        rows = store.read(CAMERAS, query, scope=SYSTEM_SCOPE).sort_by("code").to_pylist()
        code = next(row["code"] for row in reversed(rows) if not row["stream"])
        record = store.get(CAMERAS, code, scope=SYSTEM_SCOPE).record.model_copy(update={"stream": stream})
        assert isinstance(record, Registered)
        store.commit([Put(layer=CAMERAS.id, record=record)], actor=OPERATOR, reason="基准测试", scope=SYSTEM_SCOPE)
        rules = data / "fire.yaml"
        rules.write_text(RULES, "utf-8")
        set_rules(store, code, rules)
    assert isinstance(record.geometry, shapely.Point)
    place = f"{record.geometry.x:.5f},{record.geometry.y:.5f}"
    return code, f"/map?layers=violations,cameras&theme=none&c={place}&z=12"


def watched(visit: Visit, path: str, script: str) -> Page:
    """A page that notes when it shows what."""
    page = visit.open(path)
    page.wait_for_function("() => OneMap.live.state() === 'open'")
    page.evaluate(TOLD)
    page.evaluate(script)
    return page


def moments(page: Page, name: str) -> Moments:
    """What a page noted."""
    found: Moments = page.evaluate(f"() => window.{name}")
    return found


def raised(page: Page, server: str, code: str) -> Moments:
    """When each event of a camera was raised."""
    found: Moments = {}
    while True:
        answer = page.request.get(f"{server}/api/violations?camera={code}&from={len(found)}").json()
        found |= {row["code"]: 1000 * from_iso(row["at"]).timestamp() for row in answer["rows"]}
        if len(found) >= answer["total"] or not answer["rows"]:
            return found


def waited(desk: Page, chart: Page, events: int, opened: Camera) -> None:
    """Until so many events stand on both pages, or it took too long; that the camera is read is said."""
    ends, before = time.monotonic() + PATIENCE * events + 60, -1
    while time.monotonic() < ends:
        there = len(moments(desk, "seen").keys() & moments(chart, "seen").keys() & moments(chart, "told").keys())
        if there != before:
            print(f"\r{there} of {events} events, camera opened {opened.opened} times", end="", file=sys.stderr)
            before = there
        if there >= events:
            break
        time.sleep(0.5)
    print(file=sys.stderr)
    time.sleep(AFTER)


def said(name: str, late: Sequence[float]) -> float:
    """One line of the table; its 95th percentile."""
    p50, p95, most = np.quantile(late, (0.5, 0.95, 1.0))
    print(f"| {name} | {p50:.0f} | {p95:.0f} | {most:.0f} |")
    return float(p95)


def measured(desk: Page, chart: Page, server: str, code: str) -> int:
    """The table; 0 where all came in time."""
    began, heard = raised(desk, server, code), moments(chart, "told")
    codes = sorted(began.keys() & heard.keys())
    rows, marks = moments(desk, "seen"), moments(chart, "seen")
    missing = [code for code in codes if code not in rows or code not in marks]
    print(f"{len(codes)} events, {len(missing)} not shown on one of the pages\n")
    codes = [code for code in codes if code not in missing]
    if not codes:
        return 1
    print("| ms since the picture was received until | p50 | p95 | max |\n|---|---|---|---|")
    steps = (
        ("it is kept", moments(chart, "kept")),
        ("/violations is told", moments(desk, "told")),
        ("/map is told", heard),
    )
    for name, when in steps:
        said(name, [when[code] - began[code] for code in codes if code in when])
    worst = max(
        said("its row stands on /violations", [rows[code] - began[code] for code in codes]),
        said("its mark is drawn on /map", [marks[code] - began[code] for code in codes]),
    )
    return int(bool(missing) or worst >= 1000 * AIM)


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20)
    events = parser.parse_args().events
    shown = pictures()
    camera = Camera(motion_jpeg, show=lambda number: shown[number % len(shown)])
    camera.rate = RATE
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    given = {"ONEMAP_DEMO_VIDEO": "true", "ONEMAP_VIDEO_HOSTS": '["127.0.0.1"]'}
    with TemporaryDirectory() as folder:
        data = demo_city(Path(folder) / "data")
        code, view = prepared(data, f"http://127.0.0.1:{camera.port}/live")
        with set_server(data, **given) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            visits = [signed_in(browser.new_context(locale="zh-CN"), server, LOGIN, HALL) for _ in range(2)]
            desk, chart = watched(visits[0], "/violations", ROWS), watched(visits[1], view, MARKS)
            waited(desk, chart, events, camera)
            status = measured(desk, chart, server, code)
            faults = [fault for visit in visits for fault in visit.faults]
            browser.close()
        camera.gone()
    for fault in faults:
        print(fault, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
