"""Live streams under load: `python -m benchmarks.live [--clients 500] [--seconds 30] [--postgis]`.

So many browsers' streams of five accounts with different rights, in one process beside the server; twenty readings a
second are posted one by one, each of another point. Told: the time from before the POST until a stream has the value,
what did not come, and what came to somebody who may not see it. The generator is counted in.
"""

import argparse
import asyncio
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
import orjson

from app.demo_accounts import DEMO_ACCOUNTS, GATEWAY_KEY
from benchmarks.plant import PLACES, codes, prepare, processor_seconds, served
from benchmarks.soak import children
from core.clock import utc_now
from tests.server import PASSWORDS

POINTS = 80
A_SECOND = 20
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


async def measure(server: str, clients: int, seconds: float) -> tuple[Heard, dict[int, float]]:
    """All of it at once."""
    cookies, heard, ready = cookies_of(server), Heard(), asyncio.Semaphore(0)
    logins = list(SEES)
    tasks = [
        asyncio.create_task(listen(server, n, cookies[logins[n % len(logins)]], heard, ready)) for n in range(clients)
    ]
    for _ in range(clients):
        await ready.acquire()
    await asyncio.sleep(5)
    begun = await asyncio.to_thread(post, server, seconds, threading.Event())
    await asyncio.sleep(3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return heard, begun


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--postgis", action="store_true")
    given = parser.parse_args()
    with ExitStack() as held:
        data = Path(held.enter_context(tempfile.TemporaryDirectory()))
        url = None
        if given.postgis:
            from tests.postgres import DURABLE, cluster

            url = held.enter_context(cluster(DURABLE))
        prepare(data, url, POINTS, POINTS)
        server = held.enter_context(served(data, url, streams_per_address=str(given.clients + 10)))
        pids = children(threading.main_thread().native_id or 0)[1:]
        spent, started = sum(map(processor_seconds, pids)), time.monotonic()
        heard, begun = asyncio.run(measure(server, given.clients, given.seconds))
        spent, passed = sum(map(processor_seconds, pids)) - spent, time.monotonic() - started
    logins = list(SEES)
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
