"""`make soak`: a demo server read, written and watched; memory each minute, errors and missed changes."""

import argparse
import itertools
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import orjson

from app.demo_accounts import DEMO_ACCOUNTS
from benchmarks.doors import REQUESTS
from core.actors import Actor
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, SHELTERS
from store.feed import Put
from store.opening import open_store
from store.query import Query
from tests.server import PASSWORDS, demo_server

WATCHERS = 20
READERS = 4
WRITE_EVERY = 0.5
SOAK = Actor(id="soak", name="持续运行", door="cli")


def children(pid: int) -> list[int]:
    """Every process below one, and itself; threads and processes that end meanwhile are left out."""
    below: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            below += [int(child) for child in listed.read_text().split()]
    return [pid, *(one for child in below for one in children(child))]


def memory() -> float:
    """Megabytes of the server and all its processes, shared pages counted once (PSS)."""
    total = 0
    for pid in children(threading.main_thread().native_id or 0)[1:]:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1000


@contextmanager
def signed_in(server: str, login: str = "city") -> Iterator[httpx.Client]:
    """A browser's connection."""
    with httpx.Client(base_url=server, headers={"origin": server}, timeout=60) as client:
        client.post("/signin", data={"login": login, "password": PASSWORDS[login]})
        yield client


def read(server: str, over: threading.Event, offset: int) -> tuple[int, list[str]]:
    """Ask round and round; how many were asked and which failed."""
    asked, failed = 0, []
    with signed_in(server, DEMO_ACCOUNTS[offset % 2].login) as client:
        addresses = list(REQUESTS.values())
        for address in itertools.cycle(addresses[offset:] + addresses[:offset]):
            if over.is_set():
                return asked, failed
            asked += 1
            answer = client.get(address)
            if answer.status_code != 200:
                failed.append(f"{answer.status_code} {address}")
    return asked, failed


def watch(server: str, over: threading.Event) -> set[int]:
    """The sequence numbers of shelter changes one live stream was told of."""
    seen: set[int] = set()
    with signed_in(server) as client, client.stream("GET", "/api/live") as stream:
        for line in stream.iter_lines():
            if line.startswith("data:") and '"layer":"shelters"' in line:
                seen.add(orjson.loads(line[5:])["seq"])
            if over.is_set() and line.startswith("event: heartbeat"):
                return seen
    return seen


def write(folder: Path, over: threading.Event) -> set[int]:
    """Change one shelter twice a second from another process's point of view; the entries acknowledged."""
    store = open_store(folder, None, CATALOGUE, utc_now)
    written: set[int] = set()
    try:
        keys = store.read(SHELTERS, Query(fields=(SHELTERS.key,), geometry=False), scope=SYSTEM_SCOPE)
        for turn, key in enumerate(itertools.cycle(keys[SHELTERS.key].to_pylist())):
            if over.wait(WRITE_EVERY):
                return written
            record = store.get(SHELTERS, key, scope=SYSTEM_SCOPE).record.model_copy(update={"source": f"第 {turn} 次"})
            edits = [Put(layer=SHELTERS.id, record=record)]
            written.add(store.commit(edits, actor=SOAK, reason="持续运行", scope=SYSTEM_SCOPE)[0].seq)
    finally:
        store.close()
    return written


def main() -> None:
    """Run all three until the time is over, then compare what was written with what was told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    minutes = parser.parse_args().minutes
    reading, watching = threading.Event(), threading.Event()
    with tempfile.TemporaryDirectory() as name, demo_server(Path(name)) as server, ThreadPoolExecutor(32) as pool:
        watchers = [pool.submit(watch, server, watching) for _ in range(WATCHERS)]
        time.sleep(3)
        readers = [pool.submit(read, server, reading, k) for k in range(READERS)]
        writer = pool.submit(write, Path(name), reading)
        started = time.monotonic()
        print("minute  memory MB", flush=True)
        while (passed := time.monotonic() - started) < 60 * minutes:
            print(f"{passed / 60:6.1f}  {memory():.0f}", flush=True)
            time.sleep(min(60.0, 60 * minutes - passed + 0.01))
        print(f"{minutes:6.1f}  {memory():.0f}")
        reading.set()
        asked = [one.result() for one in readers]
        written = writer.result()
        watching.set()
        told = [one.result() for one in watchers]
    failed = [line for _, lines in asked for line in lines]
    missed = sum(len(written - seen) for seen in told)
    print(f"requests {sum(count for count, _ in asked)}, failed {len(failed)} {failed[:3]}")
    print(f"changes {len(written)}, told to {WATCHERS} live streams, missed {missed}")


if __name__ == "__main__":
    main()
