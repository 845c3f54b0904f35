"""The ground under a brief's map."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dashboards.brief.window import HALF_WORLD, WEB_MERCATOR, window_round
from dashboards.queries.within import circle
from gis.crs import moved
from gis.shapes import LonLat


@given(st.floats(-179, 179), st.floats(-80, 80), st.floats(10, 100_000))
def test_the_picture_reaches_round_any_circle_and_ends_with_the_world(lon: float, lat: float, radius: float) -> None:
    outline = circle(LonLat(lon, lat), radius).outline
    window = window_round(outline)
    assert -HALF_WORLD <= window.left < window.right <= HALF_WORLD
    assert -HALF_WORLD <= window.bottom < window.top <= HALF_WORLD
    assert max(window.size) == 2048
    (south, west), (north, east) = window.corners
    if abs(lon) < 170:
        assert shapely.box(west, south, east, north).contains(outline)


def test_the_corners_are_those_of_the_picture() -> None:
    window = window_round(circle(LonLat(121.84, 33.14), 3000).outline)
    (south, west), (north, east) = window.corners
    there = moved(np.array([[west, south], [east, north]]), 4490, WEB_MERCATOR)
    assert there.ravel() == pytest.approx([window.left, window.bottom, window.right, window.top], abs=0.01)
    wide, high = window.size
    assert (window.right - window.left) / (window.top - window.bottom) == pytest.approx(wide / high, rel=1e-3)
