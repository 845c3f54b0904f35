"""A late backfill by each door while a city reports and is read: `python -m benchmarks.backfill [--rows 250000]`.

One process as the server is one: a thousand readings a second come meanwhile, and a reader draws an hour of a point and
asks for the newest of all, again and again. What counts is the clock, so the machine should have little else to do.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from app.monitoring.dropped import STILL, Dropped
from app.repeating import Chores
from benchmarks.ingest import as_arrow
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, SENSORS
from monitoring.formats import parsed
from monitoring.inbox import Inbox
from monitoring.readings import MOST_ROWS, entered
from monitoring.register import Register
from store.embedded import open_embedded
from store.series import Series, open_series

POINTS = 1000
LIMIT = 30.0
"""Seconds a backfill of 250,000 may take."""


def late(rows: int, day: int) -> pa.Table:
    """Readings of all points, minutes apart, so many days ago."""
    each = rows // POINTS
    begin = int((utc_now() - timedelta(days=day)).timestamp() * 1000)
    at = begin + np.tile(np.arange(each) * 60_000, POINTS)
    keys = pa.array(np.repeat([f"P{n:04d}" for n in range(POINTS)], each))
    return pa.table({"point": keys, "ts": at, "v": np.round(np.random.default_rng(7).normal(50, 5, each * POINTS), 3)})


@contextmanager
def busy(inbox: Inbox, series: Series, waits: list[float]) -> Iterator[None]:
    """A thousand readings a second come, and somebody reads; the seconds each read took are noted."""
    over = threading.Event()
    keys = [f"P{n:04d}" for n in range(POINTS)]

    def report() -> None:
        while not over.wait(1.0):
            body = as_arrow(keys, int(utc_now().timestamp() * 1000), np.full(POINTS, 50.0))
            sent = parsed(body, "application/vnd.apache.arrow.stream")
            inbox.offer(entered(sent, inbox.register.known(), source="live", arrived=utc_now()))

    def read() -> None:
        while not over.wait(0.05):
            began, now = time.perf_counter(), utc_now()
            series.read(SENSORS, keys[:1], start=now - timedelta(hours=1), end=now, scope=SYSTEM_SCOPE)
            series.latest(SENSORS, keys, scope=SYSTEM_SCOPE)
            waits.append(time.perf_counter() - began)

    threads = [threading.Thread(target=report), threading.Thread(target=read)]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        over.set()
        for one in threads:
            one.join()


def told(name: str, seconds: float, kept: int, waits: list[float]) -> bool:
    """One line; whether it was in time."""
    found = np.array(waits) * 1000
    half, most = np.percentile(found, (50, 99))
    quick = f"reads p50 {half:.0f} ms, p99 {most:.0f} ms, worst {found.max():.0f} ms"
    print(f"{name}: {kept:,} kept in {seconds:.1f} s; {len(found)} {quick}", flush=True)
    return seconds < LIMIT


def main() -> int:
    """Through dropped files and through the HTTP door's own steps; the number that took too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=250_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onemap-backfill-") as name:
        folder = Path(name)
        store = open_embedded(folder / "city.gpkg", CATALOGUE, utc_now)
        sensors = {
            "code": [f"P{n:04d}" for n in range(POINTS)], "name": ["点"] * POINTS, "kind": ["pressure"] * POINTS,
            "unit": ["kPa"] * POINTS, "range_low": [0.0] * POINTS, "range_high": [100.0] * POINTS,
            "area": ["990106"] * POINTS, "geometry": pa.nulls(POINTS, pa.binary()),
        }  # fmt: skip
        store.load(SENSORS, pa.table(sensors), actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
        series = open_series(folder / "series", store)
        inbox = Inbox(series, Register(store), utc_now)
        calm: list[float] = []
        with busy(inbox, series, calm):
            time.sleep(10)
        told("nothing late", 10.0, 0, calm)
        slow = _dropped(inbox, series, folder, given.rows) + _posted(inbox, series, given.rows)
        inbox.stop()
        series.close()
        store.close()
    return slow


def _dropped(inbox: Inbox, series: Series, folder: Path, rows: int) -> int:
    drop = folder / "drop"
    for one in ("done", "refused"):
        (drop / one).mkdir(parents=True)
    pa.csv.write_csv(late(rows, 10), drop / "late.csv")
    dropped = Dropped(inbox, utc_now, drop, largest=1_000_000_000, chores=Chores(utc_now))
    before, waits = inbox.told().late, list[float]()
    with busy(inbox, series, waits):
        began = time.perf_counter()
        for _ in range(STILL + 1):
            dropped.look()
        seconds = time.perf_counter() - began
    assert (drop / "done" / "late.csv").exists()
    return not told("dropped CSV", seconds, inbox.told().late - before, waits)


def _posted(inbox: Inbox, series: Series, rows: int) -> int:
    table = late(rows, 20)
    before, waits = inbox.told().late, list[float]()
    with busy(inbox, series, waits):
        began = time.perf_counter()
        for start in range(0, table.num_rows, MOST_ROWS):
            piece = table.slice(start, MOST_ROWS)
            out = pa.BufferOutputStream()
            with pa.ipc.new_stream(out, piece.schema) as stream:
                stream.write_table(piece)
            sent = parsed(bytes(out.getvalue()), "application/vnd.apache.arrow.stream")
            inbox.offer(entered(sent, inbox.register.known(), source="late", arrived=utc_now())).result()
        seconds = time.perf_counter() - began
    return not told("HTTP, Arrow in three messages", seconds, inbox.told().late - before, waits)


if __name__ == "__main__":
    raise SystemExit(main())
