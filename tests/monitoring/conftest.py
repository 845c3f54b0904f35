"""Sensors as the store gives them, a small city that reports, and one of each engine for alarms."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
import shapely

from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue import CATALOGUE
from layers.catalogue.sensing import Sensor
from monitoring.alarms.rules import POINT_FIELDS
from store.feed import Put
from store.postgis import open_postgis
from store.protocol import Store
from tests.blank import blank_city
from tests.monitoring.park import moment
from tests.monitoring.plant import plant

__all__ = ["plant"]

SITES = {"A": "S1", "B": "S1", "C": "S2"}
AREAS = {"A": "990106001", "B": "990106001", "C": "990107001"}


@pytest.fixture
def sensors() -> pa.Table:
    """One gas detector with the limits of its kind."""
    row = dict.fromkeys(POINT_FIELDS) | {
        "code": "P1", "kind": "combustible", "enterprise": "E1", "unit": "%LEL", "range_low": 0.0, "range_high": 100.0,
        "high": 25.0, "high_high": 50.0, "in_use": True,
    }  # fmt: skip
    return pa.Table.from_pylist([row])


class Hands:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = moment(0)

    def __call__(self) -> datetime:
        return self.now

    def to(self, seconds: float) -> datetime:
        """Move it."""
        self.now = moment(seconds)
        return self.now


@pytest.fixture
def hands() -> Hands:
    """The time of a test."""
    return Hands()


def _peopled(store: Store) -> Store:
    rows = [
        Sensor(
            code=code, name=f"{code} 液位", kind="level", unit="m", enterprise="E1", site=site, low=2.0, high=8.0,
            high_high=9.0, range_low=0.0, range_high=10.0, interval_seconds=10, area=AREAS[code],
            geometry=shapely.Point(121.8, 33.1), sensitivity=Sensitivity.INTERNAL,
        )
        for code, site in SITES.items()
    ]  # fmt: skip
    edits = [Put(layer="sensors", record=row) for row in rows]
    store.commit(edits, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    return store


@pytest.fixture
def city(tmp_path: Path, hands: Hands) -> Iterator[Store]:
    """An embedded store with the sensors A and B on one site and C on another."""
    store = _peopled(blank_city(tmp_path / "city.gpkg", hands))
    yield store
    store.close()


@pytest.fixture(params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def any_city(request: pytest.FixtureRequest, hands: Hands) -> Iterator[Store]:
    """The same of each engine."""
    if request.param == "embedded":
        yield request.getfixturevalue("city")
        return
    kept = request.getfixturevalue("postgres_catalogue")
    store = _peopled(open_postgis(kept.url, CATALOGUE, hands, kept.schema))
    yield store
    store.close()
