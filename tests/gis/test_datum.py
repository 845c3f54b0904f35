"""Datum shifts against published values: 664 Chinese cities in every datum."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis import datum
from gis.measure import ELLIPSOID


@pytest.fixture(scope="module")
def cities(test_data: Path) -> dict[str, np.ndarray]:
    rows = json.loads((test_data / "coords" / "gcoord_china-cities.json").read_text())
    assert len(rows) == 664
    return {name: np.array([row["coords"][name] for row in rows]) for name in ("WGS84", "GCJ02", "BD09")}


def metres(a: tuple[np.ndarray, np.ndarray], b: np.ndarray) -> np.ndarray:
    return np.asarray(ELLIPSOID.inv(a[0], a[1], b[:, 0], b[:, 1])[2])


def test_gcj02_of_every_city_is_within_a_metre(cities: dict[str, np.ndarray]) -> None:
    assert metres(datum.wgs84_to_gcj02(*cities["WGS84"].T), cities["GCJ02"]).max() <= 1.0


def test_bd09_of_every_city_is_within_two_centimetres(cities: dict[str, np.ndarray]) -> None:
    assert metres(datum.gcj02_to_bd09(*cities["GCJ02"].T), cities["BD09"]).max() <= 0.02


def test_going_there_and_back_ends_within_twenty_centimetres(cities: dict[str, np.ndarray]) -> None:
    there = datum.wgs84_to_gcj02(*cities["WGS84"].T)
    assert metres(datum.gcj02_to_wgs84(*there), cities["WGS84"]).max() <= 0.2
    assert metres(datum.bd09_to_wgs84(*datum.wgs84_to_bd09(*cities["WGS84"].T)), cities["WGS84"]).max() <= 0.2


def test_places_outside_china_are_left_alone() -> None:
    lon, lat = datum.wgs84_to_gcj02([183.0, -71.0], [45.0, 42.0])
    assert (lon.tolist(), lat.tolist()) == ([183.0, -71.0], [45.0, 42.0])


@given(st.floats(74, 134), st.floats(18, 53))
def test_the_inverse_undoes_the_shift_anywhere_in_china(lon: float, lat: float) -> None:
    back = datum.gcj02_to_wgs84(*datum.wgs84_to_gcj02(np.array([lon]), np.array([lat])))
    assert ELLIPSOID.inv(lon, lat, back[0][0], back[1][0])[2] < 0.2
