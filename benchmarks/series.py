"""A year of one-minute readings of one point, as the trend's door answers it: `python -m benchmarks.series`.

Each day's file also holds what a city writes beside it: 40 points by the minute and 2,000 by the hour. The hours of
days that are over are made first, as a server makes them when a day is over, and what that takes is told. Cold means
that the files were put out of the page cache and the series opened anew; warm is the median of five more. Seconds of
the processor are told beside, because they say the same on a machine that others use.
"""

import argparse
import os
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import shapely

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from core.texts import Lang
from dashboards.queries.curve import Window, asked_point, trend_of
from layers.catalogue import CATALOGUE, SENSORS
from store.opening import open_store
from store.protocol import Store
from store.series import READINGS, Series, open_series

MINUTELY, HOURLY = 40, 2000
END = datetime(2026, 11, 28, tzinfo=UTC)
POINTS = [f"P{n:05d}" for n in range(1, HOURLY + 1)]


def day_of(start: datetime, rng: np.random.Generator) -> pa.Table:
    """One day of the whole city."""
    keys = np.concatenate([np.repeat(POINTS[:MINUTELY], 1440), np.repeat(POINTS[MINUTELY:], 24)])
    minutes = np.concatenate([np.tile(np.arange(1440), MINUTELY), np.tile(np.arange(24) * 60, HOURLY - MINUTELY)])
    at = np.datetime64(start.replace(tzinfo=None), "us") + minutes.astype("timedelta64[m]")
    values = np.round(50 + 20 * np.sin(minutes / 229) + rng.normal(size=len(keys)), 2)
    same = {"layer": SENSORS.id, "element": "value"}
    columns = {name: pa.repeat(pa.scalar(word), len(keys)) for name, word in same.items()}
    columns |= {"key": pa.array(keys), "at": pa.array(at, pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))}
    columns |= {"value": pa.array(values), "quality": pa.array(np.zeros(len(keys), np.int8))}
    return pa.table([columns[name] for name in READINGS.names], names=READINGS.names).cast(READINGS)


def filled(folder: Path, days: int, database_url: str | None) -> Store:
    """A city whose points reported for so many days; the last day is still in the database."""
    store = open_store(folder, database_url, CATALOGUE, utc_now)
    table = pa.table({
        "code": POINTS, "name": POINTS, "kind": ["level"] * HOURLY, "unit": ["%"] * HOURLY, "area": ["990106"] * HOURLY,
        "geometry": pa.array([shapely.to_wkb(shapely.Point(121.8, 33.1))] * HOURLY, pa.binary()),
    })  # fmt: skip
    store.load(SENSORS, table, actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
    series, rng = open_series(folder / "series", store), np.random.default_rng(5)
    for back in range(days, 1, -1):
        series.write_days(day_of(END - timedelta(days=back), rng))
    series.append(day_of(END - timedelta(days=1), rng))
    series.close()
    return store


def forgotten(folder: Path) -> None:
    """Put every file out of the page cache, as far as the system does as it is told."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def drawn(store: Store, series: Series, days: int, width: int) -> tuple[float, float, int]:
    """Seconds for one answer, those of the processor, and how many readings it stands for."""
    started, worked = time.perf_counter(), time.process_time()
    window = Window(start=END - timedelta(days=days), end=END, width=width)
    point = asked_point(store, SENSORS.id, POINTS[0], "", scope=SYSTEM_SCOPE, lang=Lang.ZH)
    found = trend_of(store, series, point, window, now=END, scope=SYSTEM_SCOPE, lang=Lang.ZH)
    orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)
    return time.perf_counter() - started, time.process_time() - worked, found["readings"]


def made(folder: Path, days: int, database_url: str | None) -> Store:
    """A city with its readings, and the hours of the days that are over."""
    started = time.perf_counter()
    store = filled(folder, days, database_url)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{days} days written in {time.perf_counter() - started:.0f} s, {size / 1e6:.0f} MB")
    series, started, worked = open_series(folder / "series", store), time.perf_counter(), time.process_time()
    closed = series.sum_up()
    series.close()
    size = sum(path.stat().st_size for path in (folder / "series" / "hours").iterdir())
    spent = f"{time.perf_counter() - started:.0f} s (processor {time.process_time() - worked:.0f})"
    print(f"hours of {closed} days summed up in {spent}, {size / 1e6:.0f} MB")
    return store


def main() -> None:
    """Fill, forget, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--width", type=int, default=1200, help="columns of pixels of the chart")
    parser.add_argument("--database-url", help="an empty PostgreSQL database instead of the embedded store")
    parser.add_argument("--data", type=Path, help="a folder that stays: what an earlier run made there is drawn again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = given.data or Path(name)
        if (folder / "series").is_dir():
            store = open_store(folder, given.database_url, CATALOGUE, utc_now)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            store = made(folder, given.days, given.database_url)
        for days in (1, 30, given.days):
            forgotten(folder)
            series = open_series(folder / "series", store)
            cold, work, readings = drawn(store, series, days, given.width)
            again = [drawn(store, series, days, given.width) for _ in range(5)]
            warm, less = (float(np.median([one[n] for one in again])) for n in (0, 1))
            print(
                f"{days:>4} days, {readings:>7,} readings: cold {cold * 1000:6.0f} ms (processor {work * 1000:5.0f}), "
                f"warm {warm * 1000:6.0f} ms ({less * 1000:5.0f})"
            )
            series.close()
        store.close()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")


if __name__ == "__main__":
    main()
