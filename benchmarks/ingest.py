"""Readings a second through one process: read, judged, kept: `python -m benchmarks.ingest [--points 2000]`.

Each message has one reading of each of many points, as a gateway of a park sends them. Time is the processor's, all
threads counted, folding into days too; the wall's beside it, which on a shared machine says little.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import shapely

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, SENSORS
from monitoring.formats import parsed
from monitoring.inbox import Inbox
from monitoring.readings import entered
from monitoring.register import Register
from store.embedded import open_embedded
from store.series import open_series

START = 1_795_824_000_000
"""Milliseconds; the readings are of one autumn night."""


def as_json(keys: list[str], at: int, values: np.ndarray) -> bytes:
    """A list of readings."""
    return orjson.dumps(
        [{"point": key, "ts": at, "v": value} for key, value in zip(keys, values.tolist(), strict=True)]
    )


def as_columns(keys: list[str], at: int, values: np.ndarray) -> bytes:
    """The same by columns."""
    return orjson.dumps({"point": keys, "ts": at, "v": values.tolist()})


def as_arrow(keys: list[str], at: int, values: np.ndarray) -> bytes:
    """The same as an Arrow stream."""
    table = pa.table({"point": keys, "ts": np.full(len(keys), at), "v": values})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


FORMATS: dict[str, tuple[str, Callable[[list[str], int, np.ndarray], bytes]]] = {
    "JSON, a reading an object": ("application/json", as_json),
    "JSON by columns": ("application/json", as_columns),
    "Arrow": ("application/vnd.apache.arrow.stream", as_arrow),
}


def run(folder: Path, media: str, bodies: list[bytes], points: list[str]) -> tuple[float, float, float]:
    """Seconds of processor and wall, and the longest wait for one message to be kept."""
    store = open_embedded(folder / "city.gpkg", CATALOGUE, utc_now)
    count = len(points)
    rows = {
        "code": points, "name": points, "kind": ["pressure"] * count, "unit": ["kPa"] * count,
        "area": ["990106"] * count, "range_low": [0.0] * count, "range_high": [100.0] * count,
        "geometry": pa.array([shapely.to_wkb(shapely.Point(121.8, 33.1))] * count, pa.binary()),
    }  # fmt: skip
    store.load(SENSORS, pa.table(rows), actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
    series = open_series(folder / "series", store)
    inbox = Inbox(series, Register(store), utc_now)
    began, processor, longest = time.perf_counter(), time.process_time(), 0.0
    arrived = datetime.fromtimestamp(START / 1000 + 3600, UTC)
    for body in bodies:
        sent_at = time.perf_counter()
        batch = entered(parsed(body, media), inbox.register.known(), source="benchmark", arrived=arrived)
        assert inbox.offer(batch).result().kept == count
        longest = max(longest, time.perf_counter() - sent_at)
    inbox.stop()
    series.close()
    store.close()
    return time.process_time() - processor, time.perf_counter() - began, longest


def main() -> None:
    """A table of the formats."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=2000)
    parser.add_argument("--batches", type=int, default=500)
    given = parser.parse_args()
    keys = [f"P{n:06d}" for n in range(given.points)]
    rng = np.random.default_rng(1)
    for name, (media, written) in FORMATS.items():
        bodies = [
            written(keys, START + 200 * n, np.round(rng.normal(50, 1, given.points), 2)) for n in range(given.batches)
        ]
        with tempfile.TemporaryDirectory() as folder:
            processor, wall, longest = run(Path(folder), media, bodies, keys)
        total = given.points * given.batches
        print(
            f"{name:<26} {total:>9,} readings: {total / processor:>9,.0f} a second of processor, "
            f"{total / wall:>9,.0f} of the wall, longest wait {longest * 1000:5.0f} ms"
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")


if __name__ == "__main__":
    main()
