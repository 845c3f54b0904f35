"""Readings, judged and shown, for minutes: `python -m benchmarks.monitoring [--minutes 10] [--rate 10000] [--postgis]`.

A server with 4,000 points and 2,000 rules is sent so many readings a second by HTTP (Arrow), a hundredth of them beyond
the limit; one browser's stream listens. Told: what was sent against what is kept (counts, and a sum of hashes of point,
time and value), the alarms there should be against those there are, and how late values and alarms reach the stream.
The generator is counted in.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from app.demo_accounts import GATEWAY_KEY
from benchmarks.plant import LIMIT, codes, prepare, processor_seconds, served
from benchmarks.soak import children, signed_in
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.catalogue.alarms import ALARMS
from layers.catalogue.sensing import SENSORS
from store.opening import open_store
from store.query import Query
from store.series import open_series

POINTS, RULES = 4_000, 2_000
STEPS = 5
"""Messages a second."""

HELD = 30
"""Seconds that a point stays beyond its limit, and one in a hundred does at any time."""

ARROW = "application/vnd.apache.arrow.stream"
Heard = list[tuple[str, float]]
MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))


def hashes(point: np.ndarray, at: np.ndarray, value: np.ndarray) -> int:
    """A sum that does not depend on the order of rows, and changes with every one of them."""
    with np.errstate(over="ignore"):
        mixed = point.astype(np.uint64) * MIX[0] ^ at.astype(np.uint64) * MIX[1] ^ value.view(np.uint64)
        scattered = (mixed ^ (mixed >> np.uint64(31))) * MIX[1]
        return int((scattered ^ (scattered >> np.uint64(29))).sum())


class Load:
    """What is sent: each point in turn, a hundredth of the judged and of the others beyond the limit."""

    def __init__(self, rate: int, seed: int = 5) -> None:
        self.rows = rate // STEPS
        self.names = pa.array(codes(POINTS))
        self.noise = np.random.default_rng(seed)
        self.sent = self.hash = 0
        self.raised = np.zeros(POINTS, np.int64)
        self._over = np.zeros(POINTS, bool)

    def message(self, step: int, now: datetime) -> bytes:
        """The next readings, a microsecond apart so that no two of a point are of one moment."""
        point = (np.arange(self.rows) + step * self.rows) % POINTS
        at = int(now.timestamp() * 1e6) + np.arange(self.rows)
        block = (step // STEPS // HELD + point) % 100
        over = block == 0
        value = np.round(np.where(over, LIMIT + 10, LIMIT - 30) + self.noise.normal(0, 0.5, self.rows), 3)
        np.add.at(self.raised, point[over & ~self._over[point]], 1)
        self._over[point] = over
        self.sent += self.rows
        self.hash = (self.hash + hashes(point, at, value)) % 2**64
        table = pa.table(
            {"point": self.names.take(pa.array(point)), "ts": pa.array(at).cast(pa.timestamp("us", "UTC")), "v": value}
        )
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        return bytes(sink.getvalue())


def send(server: str, load: Load, seconds: float) -> float:
    """Every message at its time, one connection; how many seconds the last one was behind."""
    headers = {"authorization": f"Bearer {GATEWAY_KEY}", "content-type": ARROW}
    with httpx.Client(base_url=server, headers=headers, timeout=60) as client:
        start = time.monotonic()
        for step in range(int(seconds * STEPS)):
            time.sleep(max(0.0, start + step / STEPS - time.monotonic()))
            body = load.message(step, utc_now())
            while (answer := client.post("/api/readings", content=body)).status_code == 503:
                time.sleep(float(answer.headers["retry-after"]))
            kept = answer.json()
            assert kept["kept"] == load.rows, kept
        return time.monotonic() - start - seconds + 1 / STEPS


def listen(server: str, ready: threading.Event, over: threading.Event, values: list[float], alarms: Heard) -> None:
    """How old the values of each event are that a browser has, and when it heard of which alarm ("": of many)."""
    with signed_in(server) as client, client.stream("GET", "/api/live?readings=sensors") as stream:
        for line in stream.iter_lines():
            ready.set()
            if over.is_set():
                return
            if not line.startswith("data:"):
                continue
            told, now = orjson.loads(line[5:]), time.time()
            if "layers" in told:
                values.append(now - max(told["layers"]["sensors"]["at"]) / 1000)
            elif told.get("layer") == ALARMS.id:
                alarms.append((told["key"] or "", now))


def first_heard(rows: list[dict[str, Any]], heard: Heard) -> list[float]:
    """How long after it began each alarm was heard of, by its own entry or the next one of many."""
    late = []
    for row in rows:
        begins = row["raised_at"].timestamp()
        at = [now for key, now in heard if key in ("", row["code"]) and now >= begins]
        late += [min(at) - begins] if at else []
    return late


def kept_of(data: Path, url: str | None, begin: datetime) -> tuple[int, int, pa.Table]:
    """Count and hash of what the series holds, and the alarms there are."""
    store = open_store(data, url, CATALOGUE, utc_now)
    series = open_series(data / "series", store)
    names, count, total = codes(POINTS), 0, 0
    try:
        for part, number in _parts(names):
            rows = series.read(SENSORS, part, start=begin, end=utc_now() + timedelta(days=1), scope=SYSTEM_SCOPE)
            point = pc.index_in(rows["key"], pa.array(part)).to_numpy() + number
            at = rows["at"].cast(pa.int64()).to_numpy()
            count += rows.num_rows
            total = (total + hashes(point, at, rows["value"].to_numpy())) % 2**64
        alarms = store.read(ALARMS, Query(geometry=False), scope=SYSTEM_SCOPE)
    finally:
        series.close()
        store.close()
    return count, total, alarms


def _parts(names: list[str]) -> Iterator[tuple[list[str], int]]:
    for n in range(0, len(names), 500):
        yield names[n : n + 500], n


def main() -> None:
    """Send, listen, compare, print; the exit code says whether anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=int, default=10_000)
    parser.add_argument("--postgis", action="store_true")
    given = parser.parse_args()
    load, over, ages, heard = Load(given.rate), threading.Event(), list[float](), Heard()
    with ExitStack() as held:
        data = Path(held.enter_context(tempfile.TemporaryDirectory()))
        url = None
        if given.postgis:
            from tests.postgres import DURABLE, cluster

            url = held.enter_context(cluster(DURABLE))
        prepare(data, url, POINTS, RULES)
        begin = datetime.now(UTC)
        with served(data, url) as server:
            ready = threading.Event()
            listener = threading.Thread(target=listen, args=(server, ready, over, ages, heard), daemon=True)
            listener.start()
            ready.wait(60)
            pids = children(threading.main_thread().native_id or 0)[1:]
            spent, started, own = sum(map(processor_seconds, pids)), time.monotonic(), time.process_time()
            behind = send(server, load, 60 * given.minutes)
            passed = time.monotonic() - started
            spent, own = sum(map(processor_seconds, pids)) - spent, time.process_time() - own
            with signed_in(server) as client:
                while (told := client.get("/api/readings").json()["alarms"])["waiting"]:
                    time.sleep(0.5)
                time.sleep(3)
            over.set()
            listener.join(timeout=10)
        count, total, alarms = kept_of(data, url, begin)
    wanted, rows = int(load.raised[:RULES].sum()), alarms.to_pylist()
    there = sum(row["raises"] for row in rows)
    late = first_heard(rows, heard)
    print(f"sent {load.sent} in {passed:.0f} s ({load.sent / passed:.0f} a second), {max(0.0, behind):.1f} s behind")
    print(f"kept {count}, hashes {'equal' if total == load.hash else 'DIFFER'}")
    print(f"alarms wanted {wanted}, raised {there}, rows {len(rows)}")
    print(f"judged {told['judged']}, dropped {told['dropped']}")
    print(f"cores: server {spent / passed:.2f}, generator and listener {own / passed:.2f}")
    print("| reading to browser | events | p50 ms | p99 ms | longest ms |\n|---|---|---|---|---|")
    for name, times in (("values", ages), ("alarms", late)):
        if times:
            p50, p99, most = 1000 * np.quantile(times, (0.5, 0.99, 1.0))
            print(f"| {name} | {len(times)} | {p50:.0f} | {p99:.0f} | {most:.0f} |")
    raise SystemExit(0 if (count, total, there) == (load.sent, load.hash, wanted) else 1)


if __name__ == "__main__":
    main()
