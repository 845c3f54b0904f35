"""A small city: two tanks' pressures, a gas detector, a weather station, their readings and an inbox."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
import shapely

from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import SENSORS, WEATHER_STATIONS
from monitoring.inbox import Inbox
from monitoring.register import Register
from store.protocol import Store
from store.series import Series, open_series
from tests.blank import blank_city

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@dataclass
class Plant:
    """What a test of ingest needs."""

    store: Store
    series: Series
    inbox: Inbox

    def values(self, key: str = "P1") -> list[tuple[datetime, float | None, int]]:
        """What the series has of a pressure around noon."""
        table = self.series.read(
            SENSORS, [key], start=NOON - timedelta(days=30), end=NOON + timedelta(days=1), scope=SYSTEM_SCOPE
        )
        return [(row["at"], row["value"], row["flags"]) for row in table.to_pylist()]


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    store = blank_city(tmp_path / "city.gpkg", lambda: NOON)
    point = pa.array([shapely.to_wkb(shapely.Point(121.8, 33.1))] * 3, pa.binary())
    sensors = {
        "code": ["P1", "P2", "G1"], "name": ["甲", "乙", "丙"], "kind": ["pressure", "pressure", "combustible"],
        "unit": ["kPa", "kPa", "%LEL"], "range_low": [0.0] * 3, "range_high": [100.0] * 3, "interval_seconds": [60] * 3,
        "area": ["990106", "990104", "990106"], "geometry": point,
    }  # fmt: skip
    store.load(SENSORS, pa.table(sensors), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    stations = {"code": ["W1"], "name": ["站"], "area": ["990106"], "geometry": point[:1]}
    store.load(WEATHER_STATIONS, pa.table(stations), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    series = open_series(tmp_path / "series", store)
    inbox = Inbox(series, Register(store), lambda: NOON, most=10_000)
    yield Plant(store, series, inbox)
    inbox.stop()
    series.close()
    store.close()
