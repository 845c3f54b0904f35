"""Histories of the demo city, computed from a seed: plausible, and the same for the same end."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from store.series import READINGS

SEED = 20261123
NAMED = 40
HOURS = 24 * 30
HOUR = 3_600_000_000
MINUTE = 60_000_000


def _table(
    layer: str, keys: np.ndarray, element: str, at: np.ndarray, value: np.ndarray, quality: np.ndarray
) -> pa.Table:
    """Readings from matrices of shape (point, time)."""
    points, times = value.shape
    return pa.table(
        {
            "layer": pa.array([layer] * (points * times)),
            "key": pa.array(np.repeat(keys, times)),
            "element": pa.array([element] * (points * times)),
            "at": pa.array(np.tile(at, points), pa.int64()).cast(READINGS.field("at").type),
            "value": pa.array(np.round(value, 3).ravel()),
            "quality": pa.array(quality.ravel().astype(np.int8)),
        },
        schema=READINGS,
    )


def _curves(kinds: np.ndarray, high: np.ndarray, hours: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Values of shape (point, time): tanks fill and are drawn down, the rest follow the day."""
    count = len(kinds)
    phase, pace = rng.uniform(0, 1, count)[:, None], rng.uniform(30, 120, count)[:, None]
    saw = (hours[None] / pace + phase) % 1.0
    filling = np.where(saw < 0.4, saw / 0.4, (1 - saw) / 0.6)
    day = np.sin((hours[None] % 24 - 9) / 24 * 2 * np.pi)
    noise = rng.normal(size=(count, len(hours)))
    low = rng.uniform(20, 45, count)[:, None]
    level = low + (rng.uniform(66, 79, count)[:, None] - low) * filling + 0.15 * noise
    temperature = rng.uniform(6, 26, count)[:, None] + 4 * day + 0.3 * noise
    pressure = high[:, None] * (rng.uniform(0.3, 0.7, count)[:, None] + 0.02 * day + 0.004 * noise)
    gas = np.abs(0.12 * noise) + rng.gamma(0.4, 0.25, count)[:, None]
    choices = [(kinds == "level")[:, None], (kinds == "temperature")[:, None], (kinds == "pressure")[:, None]]
    return np.select(choices, [level, temperature, pressure], gas)


def sensor_history(sensors: pa.Table, end: datetime) -> Iterator[pa.Table]:
    """Hourly readings of 30 days for every point, then one-minute ones for the first 40; about 3.2 million in all.

    A few points stop early (silent) and a few report a fault at the end, so that stale and failed states exist.
    """
    rng = np.random.default_rng(SEED)
    keys = np.asarray(sensors["code"].to_pylist())
    kinds = np.asarray(sensors["kind"].to_pylist())
    high = np.nan_to_num(np.asarray(sensors["high"].to_pylist(), dtype=float), nan=1.0)
    last = int(end.timestamp()) * 1_000_000 // HOUR * HOUR
    at = last - np.arange(HOURS - 1, -1, -1, dtype=np.int64) * HOUR
    value = _curves(kinds, high, at / HOUR, rng)
    quality = np.zeros(value.shape, dtype=np.int8)
    faulty = rng.random(len(keys)) < 0.006
    quality[faulty, -6:] = 3
    value[faulty, -6:] = np.nan
    silent = rng.random(len(keys)) < 0.01
    yield _table("sensors", keys[~silent], "value", at, value[~silent], quality[~silent])
    yield _table("sensors", keys[silent], "value", at[:-30], value[silent, :-30], quality[silent, :-30])
    named = slice(0, NAMED)
    minute = int(end.timestamp()) * 1_000_000 // MINUTE * MINUTE
    fine = minute - np.arange(60 * HOURS - 1, -1, -1, dtype=np.int64) * MINUTE
    fine = fine[fine % HOUR != 0]
    value = _curves(kinds[named], high[named], fine / HOUR, np.random.default_rng(SEED + 1))
    yield _table("sensors", keys[named], "value", fine, value, np.zeros(value.shape, dtype=np.int8))


ELEMENTS = ("wind_speed", "wind_from", "gust", "temperature", "humidity", "pressure", "cloud", "solar")


def weather_history(stations: pa.Table, end: datetime) -> Iterator[pa.Table]:
    """A year of hourly weather: monsoon by season, sea breeze by day; m/s, degrees it comes from, Pa, tenths, W/m2."""
    rng = np.random.default_rng(SEED + 2)
    keys = np.asarray(stations["code"].to_pylist())
    last = int(end.timestamp()) * 1_000_000 // (10 * MINUTE) * 10 * MINUTE
    hours = np.arange(24 * 365 - 1, -1, -1, dtype=np.int64)
    at = last - hours * HOUR
    local = at / HOUR + 8
    day_of_year = (local / 24) % 365.25
    season = np.cos((day_of_year - 200) / 365.25 * 2 * np.pi)
    hour = local % 24
    sun = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, None) * (0.62 + 0.3 * season)
    slow = np.convolve(rng.normal(size=len(at) + 71), np.hanning(72) / np.hanning(72).sum(), mode="valid") * 6
    count, size = len(keys), (len(keys), len(at))
    jitter = rng.normal(size=size)
    cloud = np.clip(np.round(5 + 3.8 * slow[None] + 0.6 * jitter), 0, 10)
    temperature = 15.5 + 11.5 * season + 3.2 * np.sin((hour - 9) / 12 * np.pi) - 2 * slow + 0.3 * jitter
    speed = np.clip(3.2 + 1.6 * np.abs(slow) + 1.1 * sun + rng.normal(0, 0.5, size), 0.2, None)
    seasonal = np.where(season > 0, 135.0, 20.0)
    breeze = np.where((hour > 10) & (hour < 18), 20.0, -10.0)
    wind_from = (seasonal + breeze + 45 * slow + rng.normal(0, 12, size)) % 360
    values = {
        "wind_speed": speed,
        "wind_from": wind_from,
        "gust": speed * rng.uniform(1.3, 1.7, size),
        "temperature": temperature,
        "humidity": np.clip(72 - 14 * np.sin((hour - 9) / 12 * np.pi) + 8 * slow + jitter, 25, 100),
        "pressure": 100 * (1016 - 8 * season - 3 * slow + 0.2 * jitter),
        "cloud": cloud,
        "solar": np.clip(980 * sun * (1 - 0.06 * cloud), 0, None),
    }
    for element in ELEMENTS:
        value = np.broadcast_to(values[element], size)
        yield _table(
            "weather_stations", keys, element, at, np.round(value, 1), np.zeros((count, len(at)), dtype=np.int8)
        )


def shifted(table: pa.Table, days: timedelta) -> pa.Table:
    """Every date and time of a table moved by whole days."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type) and field.name != "observed_at":
            micros = pa.scalar(int(days.total_seconds() * 1_000_000), pa.int64())
            moved = pa.compute.add(table.column(place).cast(pa.int64()), micros).cast(field.type)
            table = table.set_column(place, field, moved)
    return table
