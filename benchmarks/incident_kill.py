"""The server killed in the middle of incidents: `python -m benchmarks.incident_kill [--kills 100]`; prints JSON.

Two dispatchers open incidents, write lines, give orders, urge, move them on and book teams with them, each under
a key of its own and sent again until it is answered. The server is killed without warning at random moments and begun
anew. Afterwards every answer that was given must be true of what is kept, nothing may be there twice, no team may be
held by two, numbers run without a gap, and the chain verifies.
"""

import argparse
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import shapely

from app.auth.opening import open_identity
from benchmarks.reporting_city import free_port
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.ids import new_id
from core.scope import SYSTEM_SCOPE
from emergency.duty.booking import OUT
from layers.catalogue import (
    CATALOGUE,
    INCIDENT_LOG,
    INCIDENT_ORDERS,
    INCIDENTS,
    RESOURCE_BOOKINGS,
    TEAMS,
)  # fmt: skip
from layers.catalogue.areas import Area
from layers.catalogue.resources import Team
from store.feed import Put
from store.opening import open_store
from store.protocol import Store
from store.query import EVERYTHING
from tests.matrix.people import COOKIE, hire, session

AREA, HERE = "990106", (121.9, 33.2)
TEAM_KEYS = tuple(f"KT{n}" for n in range(6))
LONGEST = 1.2
"""Seconds that a server lives at most after it answered."""
BACK = 90.0
"""Seconds it may take to come back."""
Row = dict[str, Any]


@dataclass
class Said:
    """What dispatchers were told: by the words that name each command, the answer; and what was refused."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    answers: dict[str, tuple[str, Row]] = field(default_factory=dict)
    refused: Counter[int] = field(default_factory=Counter)
    again: int = 0
    unanswered: int = 0


def founded(data: Path) -> dict[str, str]:
    """A district with teams and two dispatchers; the cookies of their sessions."""
    data.mkdir(parents=True)
    store = open_store(data, None, CATALOGUE, utc_now)
    square = shapely.MultiPolygon([shapely.box(121.7, 33.0, 122.1, 33.4)])
    edits = [Put(layer="areas", record=Area(code=AREA, name="盐港新区", level="district", area=AREA, geometry=square))]
    edits += [
        Put(layer=TEAMS.id, record=Team(code=key, name=f"队伍{key}", kind="fire", people=9, area=AREA,
                                        geometry=shapely.Point(*HERE)))
        for key in TEAM_KEYS
    ]  # fmt: skip
    store.commit(edits, actor=SYSTEM_ACTOR, reason="drill", scope=SYSTEM_SCOPE)
    store.close()
    identity = open_identity(data, None)
    try:
        for login in ("drill-a", "drill-b"):
            hire(identity, login)
        return {login: session(identity, login) for login in ("drill-a", "drill-b")}
    finally:
        identity.close()


class Server:
    """One that is killed and started over and over."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> float:
        """Begun; how long until it answers."""
        given = {**os.environ, "ONEMAP_DATA": str(self.data), "ONEMAP_PORT": str(self.port), "PYTHONPATH": os.getcwd()}
        since = time.monotonic()
        command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
        self.process = subprocess.Popen(
            command, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if re.search(r"^OneMap: http", line):
                break
        else:
            raise RuntimeError("the server did not come back: " + "".join(lines[-5:]))
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        while time.monotonic() - since < BACK:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.address}/healthz", timeout=5).status_code < 500:
                    return time.monotonic() - since
            time.sleep(0.02)
        raise RuntimeError("the server does not answer")

    def kill(self, how: int = signal.SIGKILL) -> None:
        """The whole group of its processes at once, without warning."""
        assert self.process is not None
        os.killpg(self.process.pid, how)
        self.process.wait(60)


class Dispatcher(threading.Thread):
    """Commands without end, one after another; what is not answered is sent again under the same key."""

    def __init__(self, name: str, server: Server, cookie: str, said: Said, over: threading.Event, seed: int) -> None:
        super().__init__(daemon=True, name=name)
        self.server, self.said, self.over = server, said, over
        self.chance = random.Random(seed)
        self.cookie = cookie
        self.codes: list[str] = []
        self.orders: list[str] = []
        self.n = 0

    def run(self) -> None:
        """Until it is over, and then until the last command is answered."""
        headers = {"origin": self.server.address}
        with httpx.Client(
            base_url=self.server.address, headers=headers, cookies={COOKIE: self.cookie}, timeout=30
        ) as browser:  # fmt: skip
            while not self.over.is_set():
                self.n += 1
                self._one(browser, f"{self.name}-{self.n:05d}")

    def _one(self, browser: httpx.Client, words: str) -> None:
        kinds = ["open"] if not self.codes else ["note"] * 4 + ["order"] * 4 + ["step"] * 4 + ["open"]
        kind = self.chance.choice(kinds)
        if kind == "step" and not self.orders:
            kind = "order"
        key, code = {"command": new_id()}, self.chance.choice(self.codes) if self.codes else ""
        if kind == "open":
            body: Row = {"origin": "map", "title": words, "kind": "leak", "text": words, "lon": HERE[0], "lat": HERE[1]}
            self._sent(browser, kind, words, "/api/incidents/open", key | body)
        elif kind == "note":
            self._sent(browser, kind, words, "/api/incidents/note", key | {"code": code, "kind": "note", "text": words})
        elif kind == "order":
            team = self.chance.random() < 0.6
            to: Row = {"to_kind": "team", "to_key": self.chance.choice(TEAM_KEYS), "book": True}
            body = {"code": code, "action": words, **(to if team else {"to_kind": "unit", "to_name": "盐港镇"})}
            self._sent(browser, kind, words, "/api/incidents/orders", key | body)
        else:
            act = self.chance.choice(["urge", "receive", "leave", "arrive", "withdraw", "withdraw"])
            body = {"order": self.chance.choice(self.orders), "step": act, "why": words}
            self._sent(browser, act, words, "/api/incidents/orders/step", key | body)

    def _sent(self, browser: httpx.Client, kind: str, words: str, path: str, body: Row) -> None:
        while True:
            try:
                answer = browser.post(path, json=body)
            except httpx.TransportError:
                self.said.unanswered += 1
                time.sleep(0.1)
                continue
            if answer.status_code >= 500 or answer.status_code == 429:
                time.sleep(0.05)
                continue
            break
        with self.said.lock:
            if answer.status_code != 200:
                self.said.refused[answer.status_code] += 1
                return
            told = answer.json()
            self.said.again += bool(told.get("again"))
            self.said.answers[words] = (kind, {"entry": told["entry"], "code": told["code"], "of": body})
        if kind == "open":
            self.codes.append(told["code"])
        elif kind == "order":
            self.orders.append(next(row["code"] for row in told["rows"] if row["entry"] == told["entry"]))


def rows(store: Store, layer: Any) -> list[Row]:
    """All of a layer."""
    found: list[Row] = store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist()
    return found


def faults(data: Path, said: Said) -> tuple[list[str], dict[str, int]]:
    """What is wrong with what is kept, by what was told; and how much there is."""
    store = open_store(data, None, CATALOGUE, utc_now)
    try:
        incidents, log, orders = rows(store, INCIDENTS), rows(store, INCIDENT_LOG), rows(store, INCIDENT_ORDERS)
        bookings, teams = rows(store, RESOURCE_BOOKINGS), rows(store, TEAMS)
        wrong = [f"chain: {finding.text.en}" for finding in store.verify().findings]
    finally:
        store.close()
    lines, kept = {row["code"]: row for row in log}, {row["entry"]: row for row in orders}
    for words, (kind, told) in said.answers.items():
        line = lines.get(told["entry"])
        if line is None:
            wrong.append(f"lost: {kind} {words} was answered with {told['entry']}")
        elif kind in ("note", "open", "withdraw") and words not in line["text"]:
            wrong.append(f"changed: {told['entry']} says {line['text'][:60]}, not {words}")
        elif kind == "order" and kept.get(told["entry"], {}).get("action") != words:
            wrong.append(f"lost: order {words}")
    twice = Counter(row["title"] for row in incidents) + Counter(row["action"] for row in orders)
    twice += Counter(row["text"] for row in log if row["kind"] == "note")
    wrong += [f"twice: {words}" for words, count in twice.items() if count > 1]
    urged = Counter(told["of"]["order"] for kind, told in said.answers.values() if kind == "urge")
    wrong += [f"urged {row['urged']} times, not {urged[row['code']]}: {row['code']}" for row in orders
              if row["urged"] != urged[row["code"]]]  # fmt: skip
    for what, numbered in (("orders", orders), ("log", log)):
        by = Counter(row["incident"] for row in numbered)
        top = {code: max(row["number"] for row in numbered if row["incident"] == code) for code in by}
        wrong += [f"{what} of {code}: {by[code]} up to number {top[code]}" for code in by if by[code] != top[code]]
    held = Counter(row["of_key"] for row in bookings if row["state"] in OUT)
    wrong += [f"team {key} is held by {count}" for key, count in held.items() if count > 1]
    wrong += [f"team {row['code']} is {row['state']} and held by {held[row['code']]}" for row in teams
              if (row["state"] == "out") != bool(held[row["code"]])]  # fmt: skip
    booked = {row["code"] for row in bookings}
    wrong += [
        f"order {row['code']} names no booking" for row in orders if row["booking"] and row["booking"] not in booked
    ]
    count = {"incidents": len(incidents), "lines": len(log), "orders": len(orders), "bookings": len(bookings)}
    return wrong, count


def drill(kills: int, seed: int) -> Row:
    """All of it; what was done and found."""
    chance, said, over = random.Random(seed), Said(), threading.Event()
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "city"
        cookies = founded(data)
        server = Server(data)
        backs = [server.start()]
        workers = [
            Dispatcher(login, server, cookie, said, over, seed + n) for n, (login, cookie) in enumerate(cookies.items())
        ]  # fmt: skip
        for worker in workers:
            worker.start()
        for _ in range(kills):
            before, since = len(said.answers), time.monotonic()
            while len(said.answers) <= before and time.monotonic() - since < BACK:
                time.sleep(0.01)
            time.sleep(chance.uniform(0.0, LONGEST))
            server.kill()
            backs.append(server.start())
        over.set()
        for worker in workers:
            worker.join(120)
        stuck = sum(worker.is_alive() for worker in workers)
        server.kill(signal.SIGTERM)
        wrong, count = faults(data, said)
    wrong += [f"{stuck} dispatchers were never answered"] if stuck else []
    return {
        "kills": kills, "acknowledged": len(said.answers), "answered_again_by_key": said.again,
        "sent_without_answer": said.unanswered, "refused": dict(sorted(said.refused.items())), **count,
        "back_s": {"median": round(sorted(backs)[len(backs) // 2], 2), "longest": round(max(backs), 2)},
        "faults": wrong[:20], "sound": not wrong,
    }  # fmt: skip


def main() -> int:
    """The drill; 0 where nothing was lost, doubled or broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    found = drill(given.kills, given.seed)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0 if found["sound"] else 1


if __name__ == "__main__":
    sys.exit(main())
