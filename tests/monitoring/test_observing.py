"""What a weather station reports stands in its row, and nothing old beside it."""

from datetime import timedelta

import pyarrow as pa

from app.monitoring.observing import observe
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import WEATHER_STATIONS
from layers.catalogue.sensing import WeatherStation
from monitoring.formats.json import from_rows
from monitoring.readings import entered
from monitoring.register import Register
from store.feed import Put
from store.series.days import READINGS
from tests.monitoring.plant import NOON, Plant, plant

__all__ = ["plant"]


def row(plant: Plant, code: str) -> WeatherStation:
    found = plant.store.get(WEATHER_STATIONS, code, scope=SYSTEM_SCOPE).record
    assert isinstance(found, WeatherStation)
    return found


def test_a_stations_row_follows_its_readings_and_one_entered_by_hand_does_not(plant: Plant) -> None:
    seen = WeatherStation(code="RG-1", name="码头", kind="manual", read_at=NOON - timedelta(hours=1), wind_speed=9.0)
    plant.store.commit([Put(layer="weather_stations", record=seen)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    told = [("W1", "wind_speed", 0, 3.5), ("W1", "wind_from", 1, 90.0), ("W1", "rain_hour", 120, 4.0),
            ("W1", "humidity", 0, 400.0), ("RG-1", "wind_speed", 0, 3.0)]  # fmt: skip
    rows = [
        {"point": code, "element": name, "ts": (NOON - timedelta(minutes=ago)).isoformat(), "v": value}
        for code, name, ago, value in told
    ]
    batch = entered(from_rows(rows), Register(plant.store).known(), source="test", arrived=NOON)
    plant.inbox.offer(batch).result()
    assert observe(plant.store, plant.series) == 1
    w1 = row(plant, "W1")
    assert (w1.read_at, w1.wind_speed, w1.wind_from) == (NOON, 3.5, 90.0)
    assert (w1.rain_hour, w1.humidity) == (None, None), "too old, and out of its range"
    assert row(plant, "RG-1") == seen
    assert observe(plant.store, plant.series) == 0


def test_a_wind_that_stopped_keeps_its_time_and_a_clock_ahead_makes_nothing_younger(plant: Plant) -> None:
    def offered(*told: tuple[str, int, float]) -> WeatherStation:
        rows = [
            {"point": "W1", "element": name, "ts": (NOON - timedelta(minutes=ago)).isoformat(), "v": value}
            for name, ago, value in told
        ]
        batch = entered(from_rows(rows), Register(plant.store).known(), source="test", arrived=NOON)
        plant.inbox.offer(batch).result()
        observe(plant.store, plant.series)
        return row(plant, "W1")

    stopped = offered(("wind_speed", 25, 3.5), ("wind_from", 25, 90.0), ("temperature", 0, 21.0))
    assert (stopped.wind_speed, stopped.temperature, stopped.read_at) == (3.5, 21.0, NOON - timedelta(minutes=25))
    assert observe(plant.store, plant.series) == 0
    ahead = offered(("wind_speed", -600, 4.0), ("wind_from", -600, 180.0))
    assert (ahead.wind_speed, ahead.read_at) == (4.0, NOON), "it is not of ten hours from now"


def test_a_reading_of_which_nobody_knows_when_it_came_is_of_its_own_time(plant: Plant) -> None:
    at = NOON - timedelta(minutes=5)
    told = pa.table({"layer": ["weather_stations"], "key": ["W1"], "element": ["wind_speed"], "at": [at],
                     "value": [2.5], "quality": [0]})  # fmt: skip
    plant.series.append(told.select(READINGS.names).cast(READINGS))
    assert observe(plant.store, plant.series) == 1
    assert (row(plant, "W1").wind_speed, row(plant, "W1").read_at) == (2.5, at)
