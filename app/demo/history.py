"""Histories of the demo city, computed from a seed: plausible, and the same for the same end.

`python -m app.demo.history SERIES END` computes and keeps them; it needs nothing of the server and imports little.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from app.demo.histories import samples
from core.clock import from_iso
from store.series import READINGS
from store.series.bulk import holds_days, keep_days

SEED = 20261123
NAMED = 40
HOURS = 24 * 30
HOUR = 3_600_000_000
MINUTE = 60_000_000
LIVE = 5_000_000
TEN_MINUTES = 10 * MINUTE


def _table(
    layer: str, keys: np.ndarray, element: str, at: np.ndarray, value: np.ndarray, quality: np.ndarray
) -> pa.Table:
    """Readings from matrices of shape (point, time); names stand once, rows have their numbers."""
    points, times = value.shape
    rows = np.repeat(np.arange(points, dtype=np.int32), times)
    one = np.zeros(len(rows), np.int32)
    return pa.table(
        {
            "layer": pa.DictionaryArray.from_arrays(pa.array(one), pa.array([layer], pa.string())),
            "key": pa.DictionaryArray.from_arrays(pa.array(rows), pa.array(keys.tolist(), pa.string())),
            "element": pa.DictionaryArray.from_arrays(pa.array(one), pa.array([element], pa.string())),
            "at": pa.array(np.tile(at, points), pa.int64()).cast(READINGS.field("at").type),
            "value": pa.array(np.round(value, 3).ravel()),
            "quality": pa.array(quality.ravel().astype(np.int8)),
        }
    )


def _spelt(parts: list[pa.Table]) -> pa.Table:
    """Readings with the names in every row, as whoever reports them sends them."""
    return pa.concat_tables([part.cast(READINGS) for part in parts])


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The measuring points with what makes each one's curve its own; the same draws whatever span is asked for."""

    keys: np.ndarray
    kinds: np.ndarray
    high: np.ndarray
    drawn: np.ndarray
    offset: np.ndarray
    faulty: np.ndarray
    silent: np.ndarray

    @classmethod
    def of(cls, sensors: pa.Table) -> "Points":
        """From the rows of the sensors, in their order."""
        rng = np.random.default_rng(SEED)
        keys = np.asarray(sensors["code"].to_pylist())
        return cls(
            keys=keys,
            kinds=np.asarray(sensors["kind"].to_pylist()),
            high=np.nan_to_num(np.asarray(sensors["high"].to_pylist(), dtype=float), nan=1.0),
            drawn=rng.uniform(0, 1, (6, len(keys))),
            offset=rng.gamma(0.4, 0.25, len(keys)),
            faulty=rng.random(len(keys)) < 0.006,
            silent=rng.random(len(keys)) < 0.01,
        )

    def only(self, chosen: np.ndarray | slice) -> "Points":
        """Some of them, by mask or slice."""
        parts = {name: getattr(self, name)[chosen] for name in ("keys", "kinds", "high", "offset", "faulty", "silent")}
        return Points(drawn=self.drawn[:, chosen], **parts)

    def values(self, hours: np.ndarray, noise: np.random.Generator) -> np.ndarray:
        """Values of shape (point, time): tanks fill and are drawn down, the rest follow the day."""
        drawn = self.drawn[:, :, None]
        saw = (hours[None] / (30 + 90 * drawn[1]) + drawn[0]) % 1.0
        filling = np.where(saw < 0.4, saw / 0.4, (1 - saw) / 0.6)
        day = np.sin((hours[None] % 24 - 9) / 24 * 2 * np.pi)
        wobble = noise.normal(size=(len(self.keys), len(hours)))
        low, top = 20 + 25 * drawn[2], 66 + 13 * drawn[3]
        level = low + (top - low) * filling + 0.15 * wobble
        temperature = 6 + 20 * drawn[4] + 4 * day + 0.3 * wobble
        pressure = self.high[:, None] * (0.3 + 0.4 * drawn[5] + 0.02 * day + 0.004 * wobble)
        gas = np.abs(0.12 * wobble) + self.offset[:, None]
        kinds = self.kinds[:, None]
        choices = [kinds == "level", kinds == "temperature", kinds == "pressure"]
        return np.select(choices, [level, temperature, pressure], gas)

    def readings(self, at: np.ndarray, noise: np.random.Generator) -> pa.Table:
        """Good readings at some times."""
        value = self.values(at / HOUR, noise)
        return _table("sensors", self.keys, "value", at, value, np.zeros(value.shape, dtype=np.int8))


def readings_of(keys: np.ndarray, at: np.ndarray, value: np.ndarray) -> pa.Table:
    """Good readings of some points from a matrix of shape (point, time)."""
    return _spelt([_table("sensors", keys, "value", at, value, np.zeros(value.shape, dtype=np.int8))])


def _floor(moment: datetime, step: int) -> int:
    return int(moment.timestamp()) * 1_000_000 // step * step


def _steps(after: datetime, until: datetime, step: int) -> np.ndarray:
    """Whole steps with after < at <= until."""
    return np.arange(_floor(after, step) + step, _floor(until, step) + 1, step, dtype=np.int64)


def sensor_history(sensors: pa.Table, end: datetime) -> Iterator[pa.Table]:
    """Hourly readings of 30 days for every point, then one-minute ones for the first 40; about 3.2 million in all.

    A few points stop early (silent) and a few report a fault at the end, so that stale and failed states exist.
    """
    points, noise = Points.of(sensors), np.random.default_rng(SEED + 1)
    at = _floor(end, HOUR) - np.arange(HOURS - 1, -1, -1, dtype=np.int64) * HOUR
    value = points.values(at / HOUR, noise)
    quality = np.zeros(value.shape, dtype=np.int8)
    quality[points.faulty, -6:] = 3
    value[points.faulty, -6:] = np.nan
    loud, silent = ~points.silent, points.silent
    yield _table("sensors", points.keys[loud], "value", at, value[loud], quality[loud])
    yield _table("sensors", points.keys[silent], "value", at[:-30], value[silent, :-30], quality[silent, :-30])
    fine = _floor(end, MINUTE) - np.arange(60 * HOURS - 1, -1, -1, dtype=np.int64) * MINUTE
    yield points.only(slice(0, NAMED)).readings(fine[fine % HOUR != 0], noise)


def sensor_news(sensors: pa.Table, after: datetime, until: datetime) -> pa.Table:
    """What the points report after one time up to another: each minute the first 40, each whole hour all that work."""
    points = Points.of(sensors)
    noise = np.random.default_rng([SEED, _floor(until, MINUTE) // MINUTE])
    minutes, hours = _steps(after, until, MINUTE), _steps(after, until, HOUR)
    parts = [points.only(slice(0, NAMED)).readings(minutes, noise)]
    rest = ~(points.silent | points.faulty)
    rest[:NAMED] = False
    parts.append(points.only(rest).readings(hours, noise))
    return _spelt(parts)


Touched = Callable[[int, int], np.ndarray]
Changed = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def live_news(sensors: pa.Table, after: datetime, until: datetime, touched: Touched, changed: Changed) -> pa.Table:
    """What a served city reports: every five seconds the first 40 and those `touched`, each whole hour all that work.

    `changed` makes of the values (point, time) of some points what is shown, and says which are heard.
    """
    points = Points.of(sensors)
    ticks, hours = _steps(after, until, LIVE), _steps(after, until, HOUR)
    if not len(ticks):
        return READINGS.empty_table()
    often = np.zeros(len(points.keys), bool)
    often[:NAMED] = True
    often[touched(int(ticks[0]), int(ticks[-1]) + 1)] = True
    parts = [READINGS.empty_table()]
    for chosen, at in ((often, ticks), (~often & ~(points.silent | points.faulty), hours)):
        if len(at) and chosen.any():
            noise = np.random.default_rng([SEED, int(at[0]) // LIVE])
            value = points.only(chosen).values(at / HOUR, noise)
            value, heard = changed(at, np.flatnonzero(chosen), value)
            told = _table("sensors", points.keys[chosen], "value", at, value, np.zeros(value.shape))
            parts.append(told.filter(pa.array(heard.ravel())))
    return _spelt(parts)


ELEMENTS = ("wind_speed", "wind_from", "gust", "temperature", "humidity", "pressure", "cloud", "solar")


def _weather(stations: pa.Table, at: np.ndarray, noise: np.random.Generator) -> Iterator[pa.Table]:
    """Monsoon by season, sea breeze by day, fronts every few days; m/s, degrees it comes from, Pa, tenths, W/m2."""
    keys = np.asarray(stations["code"].to_pylist())
    local = at / HOUR + 8
    season = np.cos(((local / 24) % 365.25 - 200) / 365.25 * 2 * np.pi)
    hour = local % 24
    sun = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, None) * (0.62 + 0.3 * season)
    fronts = np.random.default_rng(SEED + 2)
    period, phase = fronts.uniform(30, 220, (8, 1)), fronts.uniform(0, 2 * np.pi, (8, 1))
    slow = 0.43 * np.sin(local[None] / period * 2 * np.pi + phase).sum(axis=0)
    count, size = len(keys), (len(keys), len(at))
    jitter = noise.normal(size=size)
    cloud = np.clip(np.round(5 + 3.8 * slow[None] + 0.6 * jitter), 0, 10)
    temperature = 15.5 + 11.5 * season + 3.2 * np.sin((hour - 9) / 12 * np.pi) - 2 * slow + 0.3 * jitter
    speed = np.clip(3.2 + 1.6 * np.abs(slow) + 1.1 * sun + noise.normal(0, 0.5, size), 0.2, None)
    seasonal = np.where(season > 0, 135.0, 20.0)
    breeze = np.where((hour > 10) & (hour < 18), 20.0, -10.0)
    values = {
        "wind_speed": speed,
        "wind_from": (seasonal + breeze + 45 * slow + noise.normal(0, 12, size)) % 360,
        "gust": speed * noise.uniform(1.3, 1.7, size),
        "temperature": temperature,
        "humidity": np.clip(72 - 14 * np.sin((hour - 9) / 12 * np.pi) + 8 * slow + jitter, 25, 100),
        "pressure": 100 * (1016 - 8 * season - 3 * slow + 0.2 * jitter),
        "cloud": cloud,
        "solar": np.clip(980 * sun * (1 - 0.06 * cloud), 0, None),
    }
    for element in ELEMENTS:
        value = np.broadcast_to(values[element], size)
        good = np.zeros((count, len(at)), dtype=np.int8)
        yield _table("weather_stations", keys, element, at, np.round(value, 1), good)


def weather_history(stations: pa.Table, end: datetime) -> Iterator[pa.Table]:
    """A year of hourly weather, a table an element."""
    hours = np.arange(24 * 365 - 1, -1, -1, dtype=np.int64)
    yield from _weather(stations, _floor(end, TEN_MINUTES) - hours * HOUR, np.random.default_rng(SEED + 3))


def weather_news(stations: pa.Table, after: datetime, until: datetime) -> pa.Table:
    """What the stations report every ten minutes after one time up to another."""
    at = _steps(after, until, TEN_MINUTES)
    noise = np.random.default_rng([SEED, _floor(until, TEN_MINUTES) // TEN_MINUTES])
    return _spelt(list(_weather(stations, at, noise)))


def keep_history(series: Path, end: datetime) -> int:
    """Readings of all points for thirty days and of all stations for a year; how many, 0 where they are there."""
    if holds_days(series):
        return 0
    sensors, stations = (
        pq.ParquetFile(samples() / f"{name}.parquet").read() for name in ("sensors", "weather_stations")
    )
    whole = pa.concat_tables([*sensor_history(sensors, end), *weather_history(stations, end)])
    return keep_days(series, whole)  # at once: each call adds a file to each day


if __name__ == "__main__":
    keep_history(Path(sys.argv[1]), from_iso(sys.argv[2]))
