"""Zones: downwind of the source, nested, banded, and saying what they are worth."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some

from core.errors import BadInputError
from core.texts import Text
from emergency.model import Check
from emergency.zones import Cut, Level, Zone, circle_zone, downwind_zone, nested, with_band, zones_frame
from gis.measure import bearing, directions
from gis.shapes import LonLat

SOURCE = LonLat(121.6, 33.2)
WORST = Level(name=Text("AEGL-3", "AEGL-3"), value=20.0, unit="ppm", severity=1, verified=False, averaging_time=3600.0)
MILD = replace(WORST, name=Text("AEGL-2", "AEGL-2"), value=2.0, severity=2)


def leaf(length: float, width: float) -> np.ndarray:
    """The outline of a plume: from the source to its end and back, widest at half way."""
    x = np.linspace(0.0, length, 60)
    y = width / 2.0 * np.sin(np.pi * x / length)
    return np.vstack([np.column_stack([x, y]), np.column_stack([x, -y])[-2:0:-1]])


def plume(level: Level, length: float, width: float, wind_from: float = 315.0) -> Zone:
    return downwind_zone(level, SOURCE, wind_from, leaf(length, width), model="gaussian-plume")


@given(some.floats(0.0, 360.0))
def test_a_zone_lies_where_the_wind_goes_to(wind_from: float) -> None:
    zone = plume(WORST, 3000.0, 400.0, wind_from)
    middle = LonLat(zone.shape.centroid.x, zone.shape.centroid.y)
    off = (bearing(SOURCE, middle) - wind_from - 180.0 + 180.0) % 360.0 - 180.0
    assert abs(off) < 0.1
    assert zone.distance == pytest.approx(3000.0, abs=0.01)


def test_a_northwest_wind_carries_to_the_southeast() -> None:
    middle = plume(WORST, 3000.0, 400.0, 315.0).shape.centroid
    assert middle.x > SOURCE.lon
    assert middle.y < SOURCE.lat


def test_area_is_of_the_ground() -> None:
    """A half wave of sine: two thirds by pi of its box."""
    assert plume(WORST, 3000.0, 400.0).area == pytest.approx(3000.0 * 400.0 * 2.0 / np.pi, rel=1e-3)
    assert circle_zone(WORST, SOURCE, 500.0, model="tnt").area == pytest.approx(np.pi * 500.0**2, rel=2e-5)


def test_zones_are_nested_worst_first_and_none_is_told_safer_than_it_is() -> None:
    inner, outer = plume(WORST, 1000.0, 300.0), plume(MILD, 3000.0, 100.0)
    first, second = nested([outer, inner])
    assert (first.level, second.level) == (WORST, MILD)
    assert shapely.area(shapely.difference(first.shape, second.shape)) < 1e-15
    assert second.area > outer.area
    assert second.distance == pytest.approx(3000.0, abs=0.01)


def test_a_level_never_reached_is_an_empty_zone() -> None:
    zone = downwind_zone(WORST, SOURCE, 0.0, np.empty((0, 2)), model="gaussian-plume")
    assert (zone.reached, zone.distance, zone.area) == (False, 0.0, 0.0)
    assert not circle_zone(WORST, SOURCE, 0.0, model="tnt").reached
    assert with_band(zone, 0.0, 30.0).band is not None
    assert [one.reached for one in nested([zone, plume(MILD, 100.0, 10.0)])] == [False, True]


@given(wind=some.floats(0.0, 360.0), spread=some.floats(0.0, 180.0), seed=some.integers(0, 1000))
def test_whatever_the_wind_within_its_spread_the_zone_lies_in_the_band(wind: float, spread: float, seed: int) -> None:
    zone = with_band(plume(WORST, 4000.0, 500.0, wind), wind, spread)
    assert zone.band is not None
    room = shapely.buffer(zone.band, 1e-6)
    for turn in np.random.default_rng(seed).uniform(-spread, spread, 5):
        other = plume(WORST, 4000.0, 500.0, (wind + turn) % 360.0)
        assert shapely.area(shapely.difference(other.shape, room)) <= 1e-4 * shapely.area(other.shape)


def test_a_band_does_not_reach_behind_the_source_or_farther_than_the_zone() -> None:
    zone = with_band(plume(WORST, 4000.0, 500.0, 0.0), 0.0, 30.0)
    assert zone.band is not None
    corners = shapely.get_coordinates(zone.band)
    metres, degrees = directions(SOURCE, corners[:, 0], corners[:, 1])
    away = metres > 1.0
    assert metres.max() <= 4000.2
    assert np.abs(degrees[away] - 180.0).max() < 30.0 + 12.0


def test_a_cloud_that_drifted_is_as_far_from_the_source_as_its_far_side() -> None:
    centre = LonLat(121.62, 33.2)
    zone = circle_zone(WORST, SOURCE, 300.0, model="baker-strehlow-tang", centre=centre)
    assert zone.distance == pytest.approx(1863.8 + 300.0, abs=2.0)


def test_what_a_zone_is_worth_goes_with_it_into_the_table() -> None:
    missed = Check(
        parameter="distance", title=Text("距离", "distance"), value=9.0, low=0.0, high=1.0, unit="m", holds=False
    )
    zone = circle_zone(WORST, SOURCE, 500.0, model="tnt", checks=(missed,), cut=Cut.MODEL_RANGE)
    frame = zones_frame([zone, plume(MILD, 3000.0, 900.0)])
    assert frame["severity"].tolist() == [2, 1]
    assert frame.iloc[1][["verified", "valid", "reached", "cut"]].tolist() == [False, False, True, "model-range"]
    assert frame.crs.to_epsg() == 4490
    assert Cut.MODEL_RANGE.text.zh.startswith("在模型适用距离处截断")


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: plume(WORST, 100.0, 10.0, 361.0), "wind_from"),
        (lambda: with_band(plume(WORST, 100.0, 10.0), 0.0, 200.0), "spread"),
        (lambda: downwind_zone(WORST, SOURCE, 0.0, [[0.0, 1.0, 2.0]], model="x"), "outline"),
        (lambda: plume(WORST, 300_000.0, 10.0), "distance"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(call, named: str) -> None:
    with pytest.raises(BadInputError) as refused:
        call()
    assert refused.value.facts["field"] == named
