"""Live streams under load: `python -m benchmarks.live [--clients 500] [--seconds 30] [--each-its-own] [--postgis]`.

So many browsers' streams of five accounts with different rights (or each of an account of its own with such rights) in
one process beside the server, connecting in one moment; twenty readings a second are posted one by one from then on,
each of another point. Told: how long it takes until the streams have a first value; of the readings posted when
LEAD seconds are over the time from before the POST until a stream has the value, what did not come, and what came to
somebody who may not see it. The generator is counted in.
"""

import argparse
import asyncio
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
import orjson

from app.auth.opening import open_identity
from app.demo_accounts import DEMO_ACCOUNTS, GATEWAY_KEY
from benchmarks.plant import PLACES, codes, prepare, processor_seconds, served
from benchmarks.soak import children
from core.clock import utc_now
from core.ids import new_id
from store.identity import Account, Post
from tests.matrix.people import COOKIE, session
from tests.server import PASSWORDS

POINTS = 80
A_SECOND = 20
LEAD = 10
"""Seconds in which the streams may connect."""

SEES = {
    "city": PLACES,
    "duty": PLACES,
    "district": PLACES[:2],
    "town": PLACES[1:2],
    "enterprise": PLACES[:1],
}
"""The accounts that listen, in turn, and the areas whose points each may see."""

Heard = dict[tuple[int, int], float]
"""When a stream had the value of a number."""


def cookies_of(server: str) -> dict[str, str]:
    """A session of each account."""
    assert set(SEES) <= {one.login for one in DEMO_ACCOUNTS}
    found = {}
    for login in SEES:
        with httpx.Client(base_url=server, headers={"origin": server}) as client:
            client.post("/signin", data={"login": login, "password": PASSWORDS[login]})
            found[login] = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return found


def hired(data: Path, database_url: str | None, clients: int) -> list[str]:
    """As many accounts as streams, with sessions: each with the post of one of the demo's, in turn."""
    demo = {one.login: one for one in DEMO_ACCOUNTS}
    logins, now, found = list(SEES), utc_now(), []
    identity = open_identity(data, database_url)
    try:
        for n in range(clients):
            like = demo[logins[n % len(logins)]]
            account = Account(
                id=new_id(), login=f"listener{n}", name=f"听众{n}", user_class=like.user_class, demo=True
            )  # fmt: skip
            identity.people.add(account, at=now)
            post = Post(
                id=new_id(), account=account.id, role=like.role, areas=like.areas, enterprises=like.enterprises,
                since=now - timedelta(days=1), given_by="benchmark", given_at=now,
            )  # fmt: skip
            identity.posts.give(post)
            found.append(f"{COOKIE}={session(identity, account.login)}")
    finally:
        identity.close()
    return found


async def listen(server: str, number: int, cookie: str, heard: Heard, ready: asyncio.Semaphore) -> None:
    """One stream, read as a browser does; every value of a point is noted when its bytes are here."""
    place = urlsplit(server)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    asked = f"GET /api/live?readings=sensors HTTP/1.1\r\nHost: {place.netloc}\r\nCookie: {cookie}\r\n\r\n"
    writer.write(asked.encode())
    ready.release()
    kind = b""
    try:
        while line := await reader.readline():
            if line.startswith(b"event: "):
                kind = line[7:].strip()
            elif line.startswith(b"data: ") and kind == b"readings":
                now = time.monotonic()
                for value in orjson.loads(line[6:])["layers"]["sensors"]["value"]:
                    heard.setdefault((number, int(value)), now)
    finally:
        writer.close()


def post(server: str, seconds: float, over: threading.Event) -> dict[int, float]:
    """Twenty readings a second, one a message; when each was begun."""
    begun: dict[int, float] = {}
    names = codes(POINTS)
    with httpx.Client(base_url=server, headers={"authorization": f"Bearer {GATEWAY_KEY}"}, timeout=30) as client:
        start = time.monotonic()
        for n in range(int(seconds * A_SECOND)):
            over.wait(max(0.0, start + n / A_SECOND - time.monotonic()))
            begun[n] = time.monotonic()
            said = [{"point": names[n % POINTS], "ts": utc_now().isoformat(), "v": n}]
            client.post("/api/readings", json=said).raise_for_status()
    return begun


async def measure(server: str, cookies: list[str], seconds: float) -> tuple[Heard, dict[int, float], float]:
    """All of it at once; values heard, values posted, and when the streams began to connect."""
    heard, ready = Heard(), asyncio.Semaphore(0)
    started = time.monotonic()
    tasks = [asyncio.create_task(listen(server, n, cookie, heard, ready)) for n, cookie in enumerate(cookies)]
    begun = await asyncio.to_thread(post, server, LEAD + seconds, threading.Event())
    await asyncio.sleep(3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return heard, begun, started


def connected(heard: Heard, clients: int, started: float) -> list[float]:
    """After how many seconds each stream that heard anything had its first value."""
    first: dict[int, float] = {}
    for (n, _), at in heard.items():
        first[n] = min(at, first.get(n, at))
    return sorted(at - started for n, at in first.items() if n < clients)


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--each-its-own", action="store_true", help="an account of its own for each stream")
    parser.add_argument("--postgis", action="store_true")
    given = parser.parse_args()
    with ExitStack() as held:
        data = Path(held.enter_context(tempfile.TemporaryDirectory()))
        url = None
        if given.postgis:
            from tests.postgres import DURABLE, cluster

            url = held.enter_context(cluster(DURABLE))
        prepare(data, url, POINTS, POINTS)
        own = hired(data, url, given.clients) if given.each_its_own else []
        server = held.enter_context(served(data, url, streams_per_address=str(given.clients + 10)))
        pids = children(threading.main_thread().native_id or 0)[1:]
        five = {} if own else cookies_of(server)
        cookies = own or [five[list(SEES)[n % len(SEES)]] for n in range(given.clients)]
        spent, began = sum(map(processor_seconds, pids)), time.monotonic()
        heard, begun, started = asyncio.run(measure(server, cookies, given.seconds))
        spent, passed = sum(map(processor_seconds, pids)) - spent, time.monotonic() - began
    begun = {value: at for value, at in begun.items() if value >= LEAD * A_SECOND}
    logins, connecting = list(SEES), connected(heard, given.clients, started)
    late: dict[str, list[float]] = defaultdict(list)
    missing: dict[str, int] = defaultdict(int)
    foreign = sum(PLACES[value % len(PLACES)] not in SEES[logins[n % len(logins)]] for n, value in heard)
    for n in range(given.clients):
        login = logins[n % len(logins)]
        for value, at in begun.items():
            if PLACES[value % POINTS % len(PLACES)] not in SEES[login]:
                continue
            came = heard.get((n, value))
            if came is None:
                missing[login] += 1
            else:
                late[login].append(1000 * (came - at))
    p50, p99 = np.quantile(connecting, (0.5, 0.99))
    told = f"p50 {p50:.1f} s, p99 {p99:.1f} s, last {connecting[-1]:.1f} s"
    print(f"{len(connecting)} streams had a first value after: {told}")
    every = np.concatenate([np.array(one) for one in late.values()])
    print(f"clients {given.clients}, readings {len(begun)}, of which told {len(every)}")
    print(f"did not come {sum(missing.values())}, came to who may not see them {foreign}")
    print("| account | p50 ms | p99 ms | longest ms |\n|---|---|---|---|")
    for login, times in (*((name, np.array(one)) for name, one in late.items()), ("all", every)):
        p50, p99, most = np.quantile(times, (0.5, 0.99, 1.0))
        print(f"| {login} | {p50:.0f} | {p99:.0f} | {most:.0f} |")
    print(f"server {spent / passed:.2f} cores, this process {time.process_time() / passed:.2f}")


if __name__ == "__main__":
    main()
