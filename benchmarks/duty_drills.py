"""Whole incidents at the duty desk by the keyboard alone: `python -m benchmarks.duty_drills [DRILL ...] [--size desk]`.

On the demo city of an own server in Chromium: a chlorine leak, a tank fire and a BLEVE of liquefied gas, each from its
alarm to report and end, at the size of a desk and of a phone. What the plant does, an alarm, is put into the store; all
that people do is done with keys, by one officer and a second one who approves the warning. The mouse is never used.

Each step waits for what the page shows and is timed. Exit status 1 where a step does not come, the console says
something, or from the alarm to the drafted warning and the proposed dispatch takes more than ten seconds. Pictures are
left in `--pictures FOLDER`.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, Response, expect, sync_playwright

from tests.alarmed import Told, tell
from tests.browser.conftest import HALL, PHONE, signed_in
from tests.chromium import FLAGS
from tests.server import demo_server

FIRST, SECOND = "city", "duty"
PATIENCE = 30_000
AIM = 10.0
MOST_TABS = 260
BEFORE_DISPATCH = ("alarm", "incident", "confirmed", "scenario", "warning", "dispatch")
"""Steps that the aim is about: until a warning is drafted and a dispatch is proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What goes wrong: the points whose alarms tell of it (one a size: an alarm is part of one incident), what kind it
    is, and what the officer types when asked.
    """

    points: tuple[str, str]
    kind: str
    typed: dict[str, str]
    order: str


DRILLS = {
    "chlorine": Drill(
        points=("P00004", "P00012"), kind="leak", order="堵漏并设警戒",
        typed={"release.hole_diameter": "20", "release.duration": "30", "hole_diameter": "20"},
    ),
    "tank-fire": Drill(
        points=("P00027", "P00031"), kind="fire", order="冷却邻罐",
        typed={"release.pool_area": "400", "release.bund_area": "400", "pool_area": "400"},
    ),
    "bleve": Drill(
        points=("P00174", "P00178"), kind="explosion", order="撤离并远距离冷却", typed={"chemical": "74-98-6"},
    ),
}  # fmt: skip


@dataclass(slots=True)
class Hands:
    """A person at a keyboard, who sees what the page shows and waits for it."""

    page: Page
    laps: list[tuple[str, float]] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, selector: str) -> None:
        """Tab until what is meant has the focus."""
        for _ in range(MOST_TABS):
            if self.page.evaluate("selector => document.activeElement?.matches(selector) || false", selector):
                return
            self.press("Tab")
        raise AssertionError(f"the keyboard does not reach {selector}")

    def write(self, name: str, text: str) -> None:
        """Into a field of the open form."""
        self.reach(f"dialog[open] [name='{name}']")
        self.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, name: str, value: str) -> None:
        """One of a list in the open form."""
        self.reach(f"dialog[open] [name='{name}']")
        self.press("Home")
        for _ in range(200):
            if self.page.evaluate("() => document.activeElement.value") == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{name} offers no {value}")

    def fill(self, name: str, value: str) -> None:
        """A field of the open form, of whatever kind it is."""
        listed = self.page.locator(f"dialog[open] select[name='{name}']").count()
        (self.choose if listed else self.write)(name, value)

    def send(self) -> None:
        """The open form, which closes once it was taken."""
        self.press("Control+Enter")
        expect(self.page.locator("dialog[open]")).to_have_count(0, timeout=PATIENCE)

    def opened(self) -> None:
        """A form has opened."""
        expect(self.page.locator("dialog[open]")).to_have_count(1, timeout=PATIENCE)

    @contextmanager
    def lap(self, name: str) -> Iterator[None]:
        """Time one step."""
        begun = time.monotonic()
        yield
        self.laps.append((name, time.monotonic() - begun))
        print(f"  {name}: {self.laps[-1][1]:.1f} s", flush=True)

    def asked(self) -> list[str]:
        """Fields of the open form that must be filled and are not."""
        found: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll("dialog[open] [name]")].filter((one) => one.required && !one.value
            && one.offsetParent).map((one) => one.name)"""
        )
        return found


@dataclass(slots=True)
class Played:
    """What one drill came to."""

    drill: str
    size: str
    incident: str = ""
    laps: list[tuple[str, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def to_dispatch(self) -> float:
        """Seconds from the alarm to a drafted warning and a proposed dispatch."""
        return sum(seconds for name, seconds in self.laps if name in BEFORE_DISPATCH)


def played(name: str, size: str, server: str, data: Path, browser: Browser, pictures: Path | None) -> Played:
    """One drill at one size, from alarm to end."""
    drill, told = DRILLS[name], Played(drill=name, size=size)
    screen = PHONE if size == "phone" else HALL
    context, other = (browser.new_context(is_mobile=size == "phone", has_touch=size == "phone") for _ in range(2))
    seen = signed_in(context, server, FIRST, screen)
    page = seen.open("/duty")
    page.wait_for_selector(".duty[data-ready]", timeout=PATIENCE, state="attached")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('.duty').dataset.incident", timeout=PATIENCE)

    def heard(got: Response) -> None:
        if got.status >= 400:
            told.refused.append(f"{got.status} {got.url}")

    page.on("response", heard)
    hands = Hands(page)
    try:
        told.incident = _led(hands, drill, size, data, pictures and pictures / f"{name}-{size}")
        _approved(Hands(signed_in(other, server, SECOND, screen).open(f"/duty?incident={told.incident}&step=6")), hands)
        _ended(hands, told.incident, pictures and pictures / f"{name}-{size}")
    finally:
        told.laps, told.faults = hands.laps, seen.faults
        if pictures:
            page.screenshot(path=pictures / f"{name}-{size}-last.png")
        context.close()
        other.close()
    return told


def _led(hands: Hands, drill: Drill, size: str, data: Path, picture: Path | None) -> str:
    """From the alarm to the order that was received; the incident's number."""
    page, chain = hands.page, hands.page.locator("#duty-chain")
    with hands.lap("alarm"):
        (alarm,) = tell(data, [Told(drill.points[size == "phone"], level=1, ago=2.0)])
        page.wait_for_function("code => OneMap.alarms.world.rows.has(code)", arg=alarm, timeout=PATIENCE)
        for _ in range(60):
            hands.press("j")
            if f"sel={alarm}" in page.url:
                break
        hands.press("a")
        expect(page.locator("#duty-card")).to_contain_text("已接警", timeout=PATIENCE)
    with hands.lap("incident"):
        hands.press("i")
        hands.opened()
        hands.choose("kind", drill.kind)
        hands.send()
        page.wait_for_function("() => document.querySelector('.duty').dataset.incident", timeout=PATIENCE)
    code: str = page.evaluate("() => document.querySelector('.duty').dataset.incident")
    with hands.lap("confirmed"):
        for act, word in (("confirm", "已核实"), ("respond", "处置中")):
            hands.reach(f"#duty-side [data-act={act}]")
            hands.press("Enter")
            if act == "respond":
                hands.opened()
                hands.send()
            expect(page.locator("#duty-bar")).to_contain_text(word, timeout=PATIENCE)
    with hands.lap("scenario"):
        hands.press("f")
        hands.opened()
        for name in hands.asked():
            hands.fill(name, drill.typed[name])
        hands.send()
        for step in (1, 2, 3):
            expect(chain.locator(f"[data-step='{step}']")).not_to_contain_text("未做", timeout=PATIENCE)
    _shot(page, picture, "zones")
    with hands.lap("warning"):
        hands.press("6")
        expect(page.locator("#duty-warn-draft")).to_be_visible(timeout=PATIENCE)
        hands.press("w")
        hands.opened()
        hands.choose("level", "2")
        hands.write("contact", "0990-12350")
        hands.send()
        expect(page.locator("#duty-side [data-warning]").first).to_be_visible(timeout=PATIENCE)
    with hands.lap("dispatch"):
        hands.press("d")
        expect(page.locator("#duty-side .force-list li").first).to_be_visible(timeout=PATIENCE)
    _shot(page, picture, "dispatch")
    with hands.lap("order"):
        hands.press("o")
        hands.opened()
        hands.write("action", drill.order)
        hands.choose("place", "incident")
        hands.press("Control+Enter")
        expect(page.locator("#duty-side [data-order='1']")).to_contain_text("已下达", timeout=PATIENCE)
        expect(page.locator("dialog[open]")).to_have_count(0, timeout=PATIENCE)
    with hands.lap("receipt"):
        hands.reach("#duty-side [data-order='1'] .order-row")
        hands.press("Enter")
        for act, word in (("receive", "已签收"), ("leave", "在途"), ("arrive", "到达")):
            hands.reach(f"#duty-side [data-order-act={act}]")
            hands.press("Enter")
            expect(page.locator("#duty-side [data-order='1']")).to_contain_text(word, timeout=PATIENCE)
    return code


def _approved(second: Hands, hands: Hands) -> None:
    """Another person approves; the warning is published."""
    second.page.wait_for_selector(".duty[data-ready]", timeout=PATIENCE, state="attached")
    with hands.lap("approved and published"):
        for word in ("已审批", "已发布"):
            expect(second.page.locator("#duty-side [data-warning]").first).to_be_visible(timeout=PATIENCE)
            second.press("y")
            second.opened()
            second.send()
            expect(second.page.locator("#duty-side [data-warning]").first).to_contain_text(word, timeout=PATIENCE)


def _ended(hands: Hands, code: str, picture: Path | None) -> None:
    """Report, losses, under control, over."""
    page, bar = hands.page, hands.page.locator("#duty-bar")
    with hands.lap("report"):
        hands.press("7")
        hands.reach("#duty-side [data-paper-of=flash]")
        hands.press("Enter")
        hands.opened()
        hands.write("to", "省应急管理厅")
        with page.expect_popup() as paper:
            hands.send()
        paper.value.close()
        expect(page.locator("#duty-side [data-paper='1']")).to_contain_text("快报", timeout=PATIENCE)
    _shot(page, picture, "report")
    with hands.lap("ended"):
        hands.reach("#duty-side .duty-edits button:last-child")
        hands.press("Enter")
        hands.opened()
        for name in ("deaths", "missing", "serious_injuries", "trapped"):
            hands.write(name, "0")
        hands.send()
        hands.reach("#duty-side [data-act=control]")
        hands.press("Enter")
        expect(bar).to_contain_text("已控制", timeout=PATIENCE)
        hands.reach("#duty-side [data-act=close]")
        hands.press("Enter")
        hands.opened()
        hands.write("why", "险情消除,现场移交")
        hands.send()
        expect(bar).to_contain_text("已结束", timeout=PATIENCE)


def _shot(page: Page, picture: Path | None, name: str) -> None:
    if picture is not None:
        page.wait_for_timeout(1500)
        page.screenshot(path=picture.with_name(f"{picture.name}-{name}.png"))


def main() -> int:
    """Play them and print a table; 0 where all came to their end and in time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("drills", nargs="*", choices=[*DRILLS, []], default=[])
    parser.add_argument("--size", choices=("desk", "phone"))
    parser.add_argument("--pictures", type=Path)
    asked = parser.parse_args()
    if asked.pictures:
        asked.pictures.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    results: list[dict[str, Any]] = []
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        with demo_server(data) as server:
            for name in asked.drills or DRILLS:
                for size in [asked.size] if asked.size else ("desk", "phone"):
                    print(f"{name}, {size}", flush=True)
                    told = played(name, size, server, data, browser, asked.pictures)
                    results.append({"drill": name, "size": size, "incident": told.incident,
                                    "to_dispatch": round(told.to_dispatch, 1), "console": told.faults,
                                    "refused": told.refused,
                                    "laps": {step: round(took, 2) for step, took in told.laps}})  # fmt: skip
        browser.close()
    print(json.dumps(results, ensure_ascii=False, indent=1))
    return 0 if all(one["to_dispatch"] <= AIM and not one["console"] for one in results) else 1


if __name__ == "__main__":
    sys.exit(main())
