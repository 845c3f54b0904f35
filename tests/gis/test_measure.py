"""Measures on the ellipsoid, and zonal sums that lose nobody."""

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.measure import area, bearing, buffer, circle, distances, length, lengths
from gis.shapes import Bounds, LonLat
from gis.zonal import Grid, inside, insides, zonal


def test_a_degree_along_the_equator_is_111_319_metres() -> None:
    assert distances(LonLat(0, 0), [1.0], [0.0])[0] == pytest.approx(111_319.491, abs=0.01)
    assert length(shapely.LineString([(0, 0), (1, 0)])) == pytest.approx(111_319.491, abs=0.01)


@given(st.floats(-170, 170), st.floats(-80, 80), st.floats(10, 50_000))
def test_the_corners_of_a_circle_are_its_radius_away(lon: float, lat: float, radius: float) -> None:
    ring = shapely.get_coordinates(circle(LonLat(lon, lat), radius))
    np.testing.assert_allclose(distances(LonLat(lon, lat), ring[:, 0], ring[:, 1]), radius, rtol=1e-6)


@pytest.mark.parametrize("lat", [0.0, 33.0, 60.0])
def test_a_buffer_is_as_wide_in_metres_at_every_latitude(lat: float) -> None:
    ring = shapely.get_coordinates(buffer(shapely.Point(121.0, lat), 3000.0))
    np.testing.assert_allclose(distances(LonLat(121.0, lat), ring[:, 0], ring[:, 1]), 3000.0, rtol=1e-3)
    assert area(buffer(shapely.Point(121.0, lat), 3000.0)) == pytest.approx(np.pi * 9e6, rel=2e-3)


def test_east_is_ninety_degrees() -> None:
    assert bearing(LonLat(121.0, 0.0), LonLat(122.0, 0.0)) == pytest.approx(90.0)


def test_zones_that_tile_a_grid_share_out_its_whole_sum() -> None:
    values = np.random.default_rng(3).uniform(0, 100, (40, 50))
    grid = Grid(values, Bounds(121.0, 33.0, 121.5, 33.4))
    cuts = [121.0, 121.137, 121.31, 121.5]
    zones = gpd.GeoSeries([shapely.box(a, 33.0, b, 33.4) for a, b in itertools.pairwise(cuts)])
    assert zonal(grid, zones)["sum"].sum() == pytest.approx(values.sum(), rel=1e-9)
    half = zonal(grid, gpd.GeoSeries([shapely.box(121.0, 33.0, 121.005, 33.01)]), ("count",))
    assert half["count"].iloc[0] == pytest.approx(0.5, rel=1e-6)


def test_bounds_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="out of order"):
        Bounds(122.0, 33.0, 121.0, 34.0)


def test_many_lines_have_the_length_of_each() -> None:
    one = shapely.LineString([(121.0, 33.0), (121.1, 33.0), (121.1, 33.2)])
    two = shapely.MultiLineString([[(121.0, 33.0), (121.2, 33.1)], [(120.0, 30.0), (120.0, 30.5)]])
    found = lengths([one, shapely.LineString(), two, shapely.Point(121.0, 33.0)])
    assert found == pytest.approx([length(one), 0.0, length(two), 0.0])


def test_many_shapes_in_one_pass_hold_what_each_holds_alone() -> None:
    grid = Grid(np.arange(100.0).reshape(10, 10), Bounds(121.0, 33.0, 121.1, 33.1))
    upper = Grid(grid.values[:4], Bounds(121.0, 33.06, 121.1, 33.1))
    lower = Grid(grid.values[4:], Bounds(121.0, 33.0, 121.1, 33.06))
    shapes = [shapely.box(121.013, 33.02, 121.07, 33.081), shapely.Polygon(), shapely.box(121.09, 33.0, 121.2, 33.05)]
    together = insides([upper, lower], shapes)
    for found, shape in zip(together, shapes, strict=True):
        alone = inside([grid], shape)
        assert found.total == pytest.approx(alone.total, rel=1e-6)
        assert found.known == pytest.approx(alone.known, rel=1e-6)
    assert (together[1].total, together[1].known) == (0.0, 0.0)


def test_the_area_of_parts_with_holes_is_that_of_each_without_its_holes() -> None:
    outer, hole = shapely.box(121.0, 33.0, 121.2, 33.2), shapely.box(121.05, 33.05, 121.1, 33.1)
    ring = shapely.Polygon(outer.exterior.coords, [hole.exterior.coords])
    both = shapely.MultiPolygon([ring, shapely.box(121.5, 33.0, 121.6, 33.1)])
    assert area(ring) == pytest.approx(area(outer) - area(hole), rel=1e-12)
    assert area(both) == pytest.approx(area(ring) + area(shapely.box(121.5, 33.0, 121.6, 33.1)), rel=1e-12)
    assert area(shapely.Polygon()) == area(shapely.LineString([(121.0, 33.0), (121.1, 33.1)])) == 0.0
