"""What long answers cost the whole server in memory: `python -m benchmarks.wfs_served [--rows 1000000] [--postgis]`.

A server over the demo city and so many more enterprises is asked for all of them over HTTP, in each output by a
partner's key (no sensitive fields, nothing recorded) and by a member of the city's staff (every read is recorded), then
for pages of the OGC API. Its memory is looked at from outside while the bytes are thrown away as they come: in all, and
what of it is its own (`RssAnon`), the rest being mapped files, libraries most of all. Each meets a server just started.
"""

import argparse
import os
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from app.demo_accounts import DEMO_KEY
from benchmarks.import_ import COMMAND
from benchmarks.store_load import ledger
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, ENTERPRISES
from store.opening import open_store
from tests.postgres import DURABLE, cluster, own_database
from tests.server import PASSWORDS, demo_city

OUTPUTS = ("gml32", "geojson", "csv", "geopackage")
PAGES = 40
ROWS_OF_A_LOAD = 50_000
Ask = Callable[[httpx.Client], int]


@contextmanager
def started(data: Path, database: str | None) -> Iterator[tuple[str, int]]:
    """A server's address and the number of its process."""
    given = dict(os.environ) if database is None else {**os.environ, "ONEMAP_DATABASE_URL": database}
    command = [*COMMAND, "serve" if database is None else "demo", "--port", "0", "--data", str(data)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=given)
    try:
        assert server.stdout is not None
        yield (
            next(found[1] for line in server.stdout if (found := re.search(r"^OneMap: (http://[^/]+)/", line))),
            server.pid,
        )
    finally:
        server.terminate()
        server.wait()


def held(process: int) -> tuple[float, float]:
    """Megabytes in all and of its own."""
    status = Path(f"/proc/{process}/status").read_text()
    return tuple(int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1000 for name in ("VmRSS", "RssAnon"))  # type: ignore[index,return-value]


class Looking(threading.Thread):
    """The most a process holds, looked at twenty times a second."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process, self._over = process, threading.Event()
        self.most = (0.0, 0.0)

    def run(self) -> None:
        while not self._over.wait(0.05):
            now = held(self._process)
            self.most = (max(self.most[0], now[0]), max(self.most[1], now[1]))

    def end(self) -> None:
        """Look no longer."""
        self._over.set()
        self.join()


def whole(output: str) -> Ask:
    """Every enterprise in one answer."""

    def ask(client: httpx.Client) -> int:
        asked = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "enterprises"}
        with client.stream("GET", "wfs", params={**asked, "count": "10000000", "outputFormat": output}) as answer:
            answer.raise_for_status()
            return sum(len(part) for part in answer.iter_raw())

    return ask


def paged(client: httpx.Client) -> int:
    """Pages of the OGC API across the whole layer."""
    address, size = "api/collections/enterprises/items", 0
    matched = client.get(address, params={"limit": "1", "f": "json"}).raise_for_status().json()["numberMatched"]
    for page in range(PAGES):
        asked = {"limit": "1000", "offset": str(matched // PAGES * page), "f": "json"}
        size += len(client.get(address, params=asked).raise_for_status().content)
    return size


def measured(name: str, ask: Ask, data: Path, database: str | None, who: str) -> None:
    """One line of the table."""
    with started(data, database) as (address, process):
        officer = who == "city"
        base = f"{address}/ogc/" if officer else f"{address}/ogc/k/{DEMO_KEY}/"
        auth = (who, PASSWORDS[who]) if officer else None
        with httpx.Client(base_url=base, auth=auth, timeout=None) as client:
            client.get("wfs", params={"service": "WFS", "request": "GetCapabilities"}).raise_for_status()
            before, looking, start = held(process), Looking(process), time.perf_counter()
            looking.start()
            size = ask(client)
            took = time.perf_counter() - start
            looking.end()
    told = [f"{all_of_it:.0f} ({own:.0f})" for all_of_it, own in (before, looking.most)]
    more = looking.most[0] - before[0]
    line = (name, "staff" if officer else "key", *told, f"{more:.0f}", f"{took:.0f}", f"{size / 1e6:.0f}")
    print("| " + " | ".join(line) + " |", flush=True)


def main() -> None:
    """Fill, start, ask, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--postgis", action="store_true", help="a PostgreSQL of its own, durable settings")
    chosen = options.parse_args()
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onemap-served-"))) / "data"
        database = None
        if chosen.postgis:
            database = stack.enter_context(own_database(stack.enter_context(cluster(DURABLE))))
            with started(data, database):
                pass
        else:
            demo_city(data)
        store = open_store(data, database, CATALOGUE, utc_now)
        rows = iter(ledger(chosen.rows).to_batches(ROWS_OF_A_LOAD))
        store.load(ENTERPRISES, rows, actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
        store.close()
        print("| answer | asked by | before, MB (own) | most, MB (own) | more | s | answer, MB |")
        print("|---|---|---|---|---|---|---|")
        for who in ("key", "city"):
            for output in OUTPUTS:
                measured(output, whole(output), data, database, who)
            measured(f"OGC API, {PAGES} pages of 1,000", paged, data, database, who)


if __name__ == "__main__":
    main()
