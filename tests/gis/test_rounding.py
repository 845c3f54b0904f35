"""Rounded places: cells no smaller than said, one middle each, the same whoever computes it."""

import numpy as np
import pyproj
from hypothesis import given
from hypothesis import strategies as st

from gis.rounding import rounded

GEOD = pyproj.Geod(ellps="GRS80")
LON = st.floats(-180, 180)
LAT = st.floats(-89.9, 89.9)
SIDE = st.sampled_from((10.0, 100.0, 500.0, 5000.0))


def middle(lon: float, lat: float, side: float) -> tuple[float, float]:
    x, y = rounded(np.array([lon]), np.array([lat]), side)
    return float(x[0]), float(y[0])


@given(LON, LAT, SIDE)
def test_the_middle_of_a_middle_is_itself(lon: float, lat: float, side: float) -> None:
    there = middle(lon, lat, side)
    assert middle(*there, side) == there


@given(LON, st.floats(-80, 80), SIDE)
def test_nothing_is_moved_further_than_half_a_cell_goes(lon: float, lat: float, side: float) -> None:
    x, y = middle(lon, lat, side)
    assert -180 <= x <= 180
    assert -90 <= y <= 90
    assert GEOD.inv(lon, lat, x, y)[2] < side  # half the diagonal of a square is 0.71 of its side


@given(LON, st.floats(-80, 80), SIDE)
def test_who_stands_within_a_third_of_a_side_of_the_middle_has_the_same(lon: float, lat: float, side: float) -> None:
    x, y = middle(lon, lat, side)
    for azimuth in range(0, 360, 45):
        east, north, _ = GEOD.fwd(x, y, azimuth, side * 0.3)
        assert middle(east, north, side) == (x, y)


def test_a_cell_is_nowhere_narrower_or_lower_than_said() -> None:
    for lat in (0.0, 18.2, 33.1, 53.5, 75.0):
        line = np.linspace(121.0, 121.1, 20_001)
        x, _ = rounded(line, np.full_like(line, lat), 500.0)
        _, y = rounded(np.full_like(line, 121.0), lat + line - 121.0, 500.0)
        across = np.diff(np.unique(x)).min()
        up = np.diff(np.unique(y)).min()
        assert GEOD.inv(0.0, lat, across, lat)[2] >= 499.8  # middles are told to a tenth of a metre
        assert GEOD.inv(0.0, lat, 0.0, lat + up)[2] >= 499.8


def test_many_are_rounded_as_each_alone_and_no_place_stays_none() -> None:
    random = np.random.default_rng(3)
    lon, lat = random.uniform(73, 135, 500), random.uniform(18, 54, 500)
    lon[7] = lat[7] = np.nan
    x, y = rounded(lon, lat, 500.0)
    assert np.isnan((x[7], y[7])).all()
    for i in (0, 1, 8, 499):
        assert middle(lon[i], lat[i], 500.0) == (x[i], y[i])
