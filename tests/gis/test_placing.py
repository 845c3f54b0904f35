"""A drawing in metres on the ground: true distances and bearings, small errors across, no mixed-up axes."""

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some

from core.errors import BadInputError
from gis.measure import area
from gis.placing import ahead, sector, turned
from gis.shapes import LonLat

WGS84 = pyproj.Geod(ellps="WGS84")
PLACE = LonLat(121.6, 33.2)


@given(
    lon=some.floats(75.0, 135.0), lat=some.floats(3.0, 54.0), bearing=some.floats(0.0, 360.0),
    x=some.floats(-50_000.0, 50_000.0), y=some.floats(-50_000.0, 50_000.0),
)  # fmt: skip
def test_a_corner_lies_as_far_and_in_the_direction_it_was_drawn(
    lon: float, lat: float, bearing: float, x: float, y: float
) -> None:
    point = ahead(shapely.Point(x, y), LonLat(lon, lat), bearing)
    forward, _, metres = WGS84.inv(lon, lat, point.x, point.y)
    drawn = np.hypot(x, y)
    assert metres == pytest.approx(drawn, abs=1e-3)
    if drawn > 1.0:
        off = (forward - (bearing - np.degrees(np.arctan2(y, x))) + 180.0) % 360.0 - 180.0
        assert abs(off) < 1e-4


@given(bearing=some.floats(0.0, 360.0), back=some.floats(1.0, 1_000.0))
def test_a_ring_that_ends_where_it_began_does_so_on_the_ground(bearing: float, back: float) -> None:
    """0.0 and -0.0 are one place behind the origin and two directions: an outline may have both."""
    ring = shapely.Polygon([(-back, 0.0), (0.0, back), (back, 0.0), (0.0, -back), (-back, -0.0)])
    drawn = np.asarray(ahead(ring, PLACE, bearing).exterior.coords)  # type: ignore[attr-defined]
    assert drawn[0].tolist() == drawn[-1].tolist()


def test_ahead_is_ahead_and_left_is_left() -> None:
    """Facing east: ahead is more longitude, left is more latitude."""
    east, north = ahead(shapely.Point(1000, 0), PLACE, 90.0), ahead(shapely.Point(0, 1000), PLACE, 90.0)
    assert (round(east.x - PLACE.lon, 3), round(east.y - PLACE.lat, 3)) == (0.011, 0.0)
    assert (round(north.x - PLACE.lon, 3), round(north.y - PLACE.lat, 3)) == (0.0, 0.009)


@pytest.mark.parametrize(("reach", "off"), [(1_000.0, 1e-6), (30_000.0, 2e-5), (70_000.0, 1e-4)])
def test_lengths_and_areas_across_are_off_by_as_little_as_is_said(reach: float, off: float) -> None:
    """A square with its far corners at the square root of two times the reach."""
    square = ahead(shapely.box(0.0, -reach, reach, reach), PLACE, 30.0)
    (x0, y0), (x1, y1) = (ahead(shapely.Point(reach, side * reach), PLACE, 30.0).coords[0] for side in (-1, 1))
    _, _, across = WGS84.inv(x0, y0, x1, y1)
    assert across == pytest.approx(2 * reach, rel=off)
    assert area(square) == pytest.approx(2 * reach**2, rel=2 * off)


def test_a_shape_turned_there_and_back_is_where_it_was() -> None:
    shape = ahead(shapely.box(-100.0, -300.0, 5000.0, 300.0), PLACE, 200.0)
    back = turned(turned(shape, PLACE, 77.0), PLACE, -77.0)
    assert shapely.hausdorff_distance(shape, back) < 1e-9
    straight = turned(shape, PLACE, 25.0)
    assert shapely.hausdorff_distance(straight, ahead(shapely.box(-100.0, -300.0, 5000.0, 300.0), PLACE, 225.0)) < 1e-9


def test_a_sector_has_its_share_of_the_circle() -> None:
    whole = area(sector(PLACE, 5000.0, 0.0, 360.0))
    assert whole == pytest.approx(np.pi * 5000.0**2, rel=2e-5)
    assert area(sector(PLACE, 5000.0, 340.0, 400.0)) == pytest.approx(whole / 6.0, rel=1e-4)


def test_what_is_too_far_or_across_the_antimeridian_is_refused() -> None:
    with pytest.raises(BadInputError, match="200000 m"):
        ahead(shapely.Point(200_000, 0), PLACE, 0.0)
    with pytest.raises(BadInputError, match="nan"):
        ahead(shapely.Point(float("nan"), 0), PLACE, 0.0)
    with pytest.raises(BadInputError, match="antimeridian"):
        sector(LonLat(179.99, 10.0), 50_000.0, 0.0, 360.0)
