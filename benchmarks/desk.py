"""The alarm desk with thousands of open alarms in Chromium: `python -m benchmarks.desk [--alarms 5000]`.

Told is the longest block of the page (a task of more than 50 ms, as the browser reports it) of each thing done, and the
longest frame of scrolling. Server and browser share the processors; there is no graphics card.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.screen import CHROMIUM, FLAGS, LONG
from tests.alarmed import Told, sensors_of, tell
from tests.server import PASSWORDS, demo_server

CONDITIONS = ("H", "HH", "L", "LL", "rise", "fall")
BLOCKED = "() => { const most = Math.max(0, ...window.long); window.long = []; return most; }"
SCROLLED = """() => new Promise((done) => {
  const box = document.querySelector('#alarms-list'), times = [], start = performance.now();
  let last = start;
  const frame = (now) => {
    times.push(now - last); last = now;
    box.scrollTop += 90;
    if (now - start < 4000) requestAnimationFrame(frame); else done(Math.max(...times.slice(1)));
  };
  requestAnimationFrame(frame);
})"""


def told(points: list[str], alarms: int) -> list[Told]:
    """Alarms of all levels, begun one after the other within the last day."""
    lines = [(point, name) for name in CONDITIONS for point in points][:alarms]
    return [
        Told(point, level=1 + (n * 7 % 20 > 0) + (n % 4 > 0) + (n % 3 > 0), condition=name, ago=300.0 + 16 * n)
        for n, (point, name) in enumerate(lines)
    ]


def blocked(page: Page, what: str, wait: float = 2.0) -> None:
    """One line of the table: the longest block since the last."""
    page.wait_for_timeout(1000 * wait)
    print(f"| {what} | {page.evaluate(BLOCKED):.0f} ms |", flush=True)


def main() -> None:
    """Open, wait, scroll, filter, choose, and let others come in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alarms", type=int, default=5000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, demo_server(Path(folder)) as server, sync_playwright() as playwright:
        data = Path(folder)
        points = sensors_of(data, count=3000, kind="")
        many = told(points, given.alarms + 700)
        tell(data, many[: given.alarms])
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(f"{server}/signin?next=/home")
        page.fill("#login", "duty")
        page.fill("#password", PASSWORDS["duty"])
        page.click("button.primary")
        page.wait_for_selector("[data-ready]", timeout=60_000)
        page.add_init_script(LONG)
        page.goto(f"{server}/alarms")
        page.wait_for_selector("[data-ready]", timeout=60_000)
        count = "n => OneMap.alarms.world.rows.size >= n"
        page.wait_for_function(count, arg=given.alarms, timeout=60_000)
        print("| what is done | longest block |\n|---|---|")
        blocked(page, f"open with {page.evaluate('OneMap.alarms.world.rows.size')} alarms", 4)
        blocked(page, "stand for ten seconds", 10)
        print(f"| longest frame while scrolling | {page.evaluate(SCROLLED):.0f} ms |")
        blocked(page, "scroll", 0.5)
        page.click("#alarms-filters [data-level='2']")
        blocked(page, "one level only")
        page.click("#alarms-filters [data-level='2']")
        blocked(page, "all levels again")
        for _ in range(20):
            page.keyboard.press("j")
        blocked(page, "step through twenty", 4)
        page.keyboard.press("Escape")
        blocked(page, "let go")
        page.mouse.move(1100, 500)
        page.mouse.down()
        page.mouse.move(1300, 620, steps=30)
        page.mouse.up()
        blocked(page, "drag the map")
        tell(data, many[given.alarms : given.alarms + 150])
        page.wait_for_function(count, arg=given.alarms + 150, timeout=60_000)
        blocked(page, "150 more, by number", 3)
        tell(data, many[given.alarms + 150 :])
        page.wait_for_function(count, arg=len(many), timeout=60_000)
        blocked(page, "550 more, read again whole", 3)
        browser.close()


if __name__ == "__main__":
    main()
