"""A team's phone without a network for an hour: `python -m benchmarks.field_offline [--minutes 60]`; prints JSON.

Chromium at 390 x 844 with a profile on disk opens the page of a team with an order and loses its network. Every minute
its position changes and something is told: a step of the order, words, a photograph, a blocked road. At a third and two
thirds the browser is closed and opened again on the address alone, without a network and while no server runs at all,
so that not even its worker can reach one. The server is killed and begun anew meanwhile, and once more in the middle of
the merging; the session of the phone has ended by then, and who holds it signs in again. Afterwards the log of the
incident must hold each thing once, in the order it was told, with the time it happened and the time it was written;
photographs, blocked roads and the track must be whole. Exit status 1 where anything is lost, doubled, out of order or
at a wrong time.
"""

import argparse
import contextlib
import hashlib
import json
import shutil
import signal
import struct
import sys
import tempfile
import time
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import BrowserContext, Geolocation, Page, Playwright, ViewportSize, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from benchmarks.incident_kill import Server
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, TEAMS
from store.opening import open_store
from store.series import Series, open_series
from tests.app.test_doors import signed_in
from tests.app.test_field_doors import ordered
from tests.chromium import FLAGS
from tests.server import PASSWORDS, demo_city

LOGIN, TEAM = "team", "TM0028"
WORDS = {"receive": "签收", "leave": "出发", "arrive": "到达", "done": "完成"}
OFF = timedelta(seconds=3)
"""How far the time of a line may stand from when the drill pressed the button."""
PATIENCE = 60_000
WAITS = "() => Number(document.querySelector('.field')?.dataset.waiting ?? -1)"
TRACK = """() => new Promise((done, failed) => {
  const asked = indexedDB.open("DATABASE");
  asked.onerror = () => failed(asked.error);
  asked.onsuccess = () => {
    const all = asked.result.transaction("track").objectStore("track").getAll();
    all.onsuccess = () => { asked.result.close(); done(all.result.map((one) => [one.at, one.lon, one.lat])); };
  };
})""".replace("DATABASE", "onemap_field")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing told on the phone, and by which its line is known."""

    kind: str
    at: datetime
    words: str


@dataclass(slots=True)
class Phone:
    """A browser whose profile lies on disk, in somebody's hand."""

    playwright: Playwright
    profile: Path
    address: str
    order: str
    context: BrowserContext | None = None
    faults: list[str] = field(default_factory=list)

    def open(self, *, offline: bool) -> Page:
        """Begun, as after the phone was switched on."""
        program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        assert program is not None, "no Chromium"
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path=program, args=FLAGS, offline=offline, locale="zh-CN",
            timezone_id="Asia/Shanghai", viewport=ViewportSize(width=390, height=844), is_mobile=True, has_touch=True,
            geolocation=Geolocation(longitude=121.9, latitude=33.2, accuracy=9), permissions=["geolocation"],
        )  # fmt: skip
        page = self.context.pages[0]
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.set_default_timeout(PATIENCE)
        return page

    def show(self, page: Page) -> None:
        """The page of the team, ready."""
        page.goto(f"{self.address}/field?order={self.order}", wait_until="commit")
        page.wait_for_selector(".field[data-ready]", state="attached")
        expect(page.locator(f"article[data-order='{self.order}']")).to_be_visible()

    def sign_in(self, page: Page) -> None:
        """By the form, as people do."""
        page.locator("[name=login]").fill(LOGIN)
        page.locator("[name=password]").fill(PASSWORDS[LOGIN])
        page.locator("form [type=submit]").first.click()
        page.wait_for_selector(".field[data-ready]", state="attached")

    def tell(self, page: Page, n: int, of: int) -> Said:
        """What is told in one minute of several."""
        steps = {1: "receive", max(2, of // 8): "leave", max(3, of // 2): "arrive", of: "done"}
        act = steps.get(n) or ("note", "photo", "blocked")[n % 3]
        at, words = utc_now(), f"离线演练第 {n} 分钟"
        button = page.locator(f"#field-acts [data-act={act}]")
        if act == "photo":
            picture = drawn(n)
            with page.expect_file_chooser() as choosing:
                button.click()
            choosing.value.set_files({"name": f"{n}.png", "mimeType": "image/png", "buffer": picture})
            return Said(kind=act, at=at, words=hashlib.sha256(picture).hexdigest())
        button.click()
        if act in ("note", "blocked", "done"):
            page.locator("dialog textarea").fill(words)
            at = utc_now()
            page.locator("dialog .field-main").click()
        return Said(kind=act, at=at, words=WORDS.get(act, words))


def drawn(n: int) -> bytes:
    """A small picture that no other minute has."""
    head = struct.pack(">2I5B", 8, 8, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + bytes((n % 256, row * 30, 90)) * 8 for row in range(8))
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    made = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def moment(text: str) -> datetime:
    """A time as doors and browsers write it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def line_of(said: Said, line: Row) -> bool:
    """Whether a line of the log tells this."""
    kinds = {"note": "note", "photo": "photo", "blocked": "position"}
    told = json.dumps(line["refs"]) if said.kind == "photo" else line["text"]
    return bool(line["kind"] == kinds.get(said.kind, "order") and said.words in told)


def faults(said: list[Said], lines: list[Row], back: datetime, track: list[list[Any]], data: Path) -> list[str]:
    """What is wrong with what is kept, by what was told."""
    wrong = [] if len(said) == len(lines) else [f"told {len(said)}, kept {len(lines)}"]
    for n, one in enumerate(said):
        found = [line for line in lines if line_of(one, line)]
        if len(found) != 1:
            wrong.append(f"{one.kind} {one.words[:24]}: {len(found)} lines")
            continue
        line = found[0]
        if n < len(lines) and lines[n] is not line:
            wrong.append(f"{one.kind} {one.words[:24]} is line {lines.index(line)}, told as {n}")
        if abs(moment(line["happened_at"]) - one.at) > OFF:
            wrong.append(f"{one.kind} at {one.at:%T}, written as happened at {line['happened_at']}")
        if moment(line["at"]) < back:
            wrong.append(f"{one.kind} {one.words[:24]} was written at {line['at']}, before the network was back")
        if back - one.at > timedelta(minutes=1) and "离线补报" not in line["text"]:
            wrong.append(f"{one.kind} {one.words[:24]} does not say that it came later")
    store = open_store(data, None, CATALOGUE, utc_now)
    series = open_series(data / "series", store)
    try:
        wrong += [f"chain: {finding.text.en}" for finding in store.verify().findings]
        kept = track_kept(series, back - timedelta(hours=3))
    finally:
        series.close()
        store.close()
    for at, lon, lat in track:
        near = [seen for seen in kept if abs(seen[0] - moment(at)) < OFF and (seen[1], seen[2]) == (lon, lat)]
        if len(near) != 1:
            wrong.append(f"position of {at}: {len(near)} readings")
    return wrong


def track_kept(series: Series, since: datetime) -> list[tuple[datetime, float, float]]:
    """Where the team was, by its readings."""
    table = series.read(TEAMS, [TEAM], start=since, end=utc_now() + timedelta(minutes=1), scope=SYSTEM_SCOPE)
    seen: dict[datetime, dict[str, float]] = {}
    for row in table.to_pylist():
        seen.setdefault(row["at"], {})[row["element"]] = row["value"]
    return [(at, one["lon"], one["lat"]) for at, one in seen.items() if "lon" in one and "lat" in one]


class Drill:
    """One hour, or fewer minutes of the same."""

    def __init__(self, playwright: Playwright, folder: Path, minutes: int, pace: float, pictures: Path | None) -> None:
        self.minutes, self.pace, self.pictures = minutes, pace, pictures
        self.data = demo_city(folder / "city")
        self.server = Server(self.data)
        self.playwright, self.profile = playwright, folder / "profile"
        self.said: list[Said] = []
        self.happened: list[str] = []
        self.wrong: list[str] = []

    def run(self) -> Row:
        """Told without a network, merged with it, compared."""
        backs = [self.server.start()]
        with self.desk() as desk:
            code, order = ordered(desk, TEAM)
        phone = Phone(playwright=self.playwright, profile=self.profile, address=self.server.address, order=order)
        page = phone.open(offline=False)
        page.goto(f"{phone.address}/field?order={order}")
        phone.sign_in(page)
        page.wait_for_selector(".field[data-kept='1']", state="attached")
        gone, away = utc_now(), len(self.lines(code))
        assert phone.context is not None
        phone.context.set_offline(True)
        page = self._told(phone, page, code, away, backs)
        track = page.evaluate(TRACK)
        waited = page.evaluate(WAITS)
        if waited != len(self.said):
            self.wrong.append(f"told {len(self.said)}, waiting {waited}")
        self._seen(page, "before-the-network")
        with signed_in(self.server.address, LOGIN) as elsewhere:
            assert elsewhere.post("/api/me/sessions/others/end", json={}).status_code == 200
        back = utc_now()
        phone.context.set_offline(False)
        merged = self._merged(phone, page, backs)
        self._seen(page, "merged")
        lines = self.lines(code)[away:]
        with self.desk() as desk:
            files = desk.get("/api/files", params={"layer": "incidents", "key": code}).json()["files"]
            marks = desk.get("/api/incidents/marks", params={"code": code}).json()["rows"]
        phone.context.close()
        self.server.kill(signal.SIGTERM)
        self.wrong += phone.faults + faults(self.said, lines, back, track, self.data)
        counts = {kind: sum(one.kind == kind for one in self.said) for kind in ("note", "photo", "blocked")}
        if len(files) != counts["photo"]:
            self.wrong.append(f"{counts['photo']} photographs told, {len(files)} kept")
        if len(marks) != counts["blocked"]:
            self.wrong.append(f"{counts['blocked']} blocked roads told, {len(marks)} drawn")
        late = [(moment(line["at"]) - moment(line["happened_at"])).total_seconds() for line in lines]
        off = [abs((moment(line["happened_at"]) - one.at).total_seconds())
               for one, line in zip(self.said, lines, strict=False)]  # fmt: skip
        return {
            "minutes": self.minutes, "begun_at": gone.isoformat(timespec="seconds"),
            "offline_s": round((back - gone).total_seconds()), "told": len(self.said),
            "steps": len(self.said) - sum(counts.values()), **counts, "positions": len(track),
            "lines": len(lines), "events": self.happened, "merged_s": round(merged, 1),
            "written_after_happening_s": {"least": round(min(late, default=0)), "most": round(max(late, default=0))},
            "time_off_s": round(max(off, default=0.0), 2), "faults": self.wrong[:20], "sound": not self.wrong,
        }  # fmt: skip

    def _told(self, phone: Phone, page: Page, code: str, away: int, backs: list[float]) -> Page:
        begun = time.monotonic()
        page.locator("#field-acts [data-act=follow]").click()
        for n in range(1, self.minutes + 1):
            assert phone.context is not None
            place = Geolocation(longitude=round(121.9 + n * 0.0004, 6), latitude=33.2, accuracy=9)
            phone.context.set_geolocation(place)
            page.wait_for_timeout(1000)
            self.said.append(phone.tell(page, n, self.minutes))
            expect(page.locator(".field")).to_have_attribute("data-waiting", str(len(self.said)))
            if n in (max(1, self.minutes // 3), max(2, 2 * self.minutes // 3)) and n < self.minutes:
                phone.context.close()
                self.server.kill()
                page = phone.open(offline=True)
                phone.show(page)
                expect(page.locator(".field")).to_have_attribute("data-waiting", str(n))
                expect(page.locator(".field")).to_have_attribute("data-network", "away")
                self._seen(page, f"opened-again-{n}")
                page.locator("#field-acts [data-act=follow]").click()
                backs.append(self.server.start())
                self.happened.append(f"browser closed and opened with no server in minute {n}")
            if n == max(1, self.minutes // 2):
                self.server.kill()
                backs.append(self.server.start())
                self.happened.append(f"server killed in minute {n}, back after {backs[-1]:.1f} s")
            if len(self.lines(code)) != away:
                self.wrong.append(f"minute {n}: something arrived without a network")
            page.wait_for_timeout(max(0.0, (begun + n * self.pace - time.monotonic()) * 1000))
        return page

    def _merged(self, phone: Phone, page: Page, backs: list[float]) -> float:
        """How long until nothing waited; a session that ended meanwhile is begun anew by who holds the phone."""
        since, killed = time.monotonic(), False
        while time.monotonic() - since < 300:
            if "/signin" in page.url:
                phone.sign_in(page)
                self.happened.append("signed in again: the session had ended")
                since = time.monotonic()
            try:
                waiting = page.evaluate(WAITS)
                over = waiting == 0 and not page.evaluate(TRACK)
            except PlaywrightError:  # the page is on its way to the sign-in
                page.wait_for_timeout(200)
                continue
            if not killed and 0 <= waiting < len(self.said) - 2:
                killed = True
                self.server.kill()
                backs.append(self.server.start())
                self.happened.append(f"server killed with {waiting} still to send, back after {backs[-1]:.1f} s")
            if over:
                return time.monotonic() - since
            page.wait_for_timeout(20)
        self.wrong.append("not merged within five minutes")
        return time.monotonic() - since

    def desk(self) -> contextlib.AbstractContextManager[httpx.Client]:
        """Somebody at the duty desk."""
        return signed_in(self.server.address, "city")

    def lines(self, code: str) -> list[Row]:
        """The log of the incident, first line first."""
        with self.desk() as desk:
            log: list[Row] = desk.get("/api/incidents/one", params={"code": code}).json()["log"]
        return log[::-1]

    def _seen(self, page: Page, name: str) -> None:
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=self.pictures / f"{name}.png")


def main() -> int:
    """The drill; 0 where everything is there once, in order and at its time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--pace", type=float, default=60.0, help="seconds of a minute")
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        found = Drill(playwright, Path(name), given.minutes, given.pace, given.pictures).run()
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0 if found["sound"] else 1


if __name__ == "__main__":
    sys.exit(main())
