"""Pixels put on the ground by a camera whose place and direction are known, and what it can see of a terrain."""

from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInputError
from gis.measure import area, directions, distances
from gis.placing import along_and_left, placed
from gis.shapes import Bounds, LonLat
from video.geometry.ground import Click, ground_plane
from video.geometry.sight import Optics, Relief, sight

ORIGIN = LonLat(121.7, 33.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinhole:
    """A camera `height` above the ground looking north, `tilt` radians down, focal length in pixels, 1280 by 720."""

    height: float = 8.0
    tilt: float = 0.35
    focal: float = 900.0

    def picture(self, north: np.ndarray, west: np.ndarray) -> np.ndarray:
        """Pixels (n, 2) of ground points, by the camera's own geometry."""
        ahead = north * np.cos(self.tilt) + self.height * np.sin(self.tilt)
        down = self.height * np.cos(self.tilt) - north * np.sin(self.tilt)
        return np.column_stack([640 - self.focal * west / ahead, 360 + self.focal * down / ahead])


def clicks(camera: Pinhole, north: np.ndarray, west: np.ndarray, noise: np.ndarray | float = 0.0) -> tuple[Click, ...]:
    """What somebody would click who is `noise` metres off on the map."""
    lon, lat = placed(ORIGIN, 0.0, north + noise, west + noise)
    found = camera.picture(north, west)
    return tuple(Click(x=x, y=y, place=LonLat(a, b)) for (x, y), a, b in zip(found, lon, lat, strict=True))


NORTH = np.array([10.0, 12.0, 30.0, 35.0, 20.0, 50.0])
WEST = np.array([-4.0, 5.0, -10.0, 9.0, 1.0, -3.0])


@given(st.floats(3.0, 40.0), st.floats(0.2, 1.0), st.integers(0, 2**32 - 1))
def test_a_pixel_lies_where_the_camera_sees_it_and_goes_back(height: float, tilt: float, seed: int) -> None:
    camera = Pinhole(height=height, tilt=tilt)
    plane = ground_plane(clicks(camera, NORTH, WEST))
    assert plane.rms is not None
    assert plane.rms < 1e-3
    random = np.random.default_rng(seed)
    north, west = random.uniform(8, 80, 20), random.uniform(-20, 20, 20)
    pixels = camera.picture(north, west)
    lon, lat, radius = plane.places(pixels)
    found_north, found_west = along_and_left(ORIGIN, 0.0, lon, lat)
    np.testing.assert_allclose(found_north, north, atol=0.05)
    np.testing.assert_allclose(found_west, west, atol=0.05)
    np.testing.assert_allclose(plane.pixels(lon, lat), pixels, atol=0.05)
    assert (radius > 0).all()


def test_the_radius_grows_with_the_distance_as_the_picture_says() -> None:
    camera = Pinhole()
    plane = ground_plane(clicks(camera, NORTH, WEST))
    north = np.array([10.0, 80.0])
    _, _, radius = plane.places(camera.picture(north, np.zeros(2)))
    # Two pixels further down the picture, by the camera's own geometry.
    for metres, told in zip(north, radius, strict=True):
        step = 1e-3
        pixels = camera.picture(np.array([metres, metres + step]), np.zeros(2))[:, 1]
        assert told == pytest.approx(2.0 * step / abs(pixels[1] - pixels[0]), rel=0.02)


def test_what_stands_above_the_horizon_has_no_place_on_the_ground() -> None:
    camera = Pinhole()
    plane = ground_plane(clicks(camera, NORTH, WEST))
    horizon = 360 - camera.focal * np.tan(camera.tilt)
    lon, lat, radius = plane.places(np.array([[640.0, horizon - 1.0], [100.0, horizon - 200.0], [640.0, 700.0]]))
    assert np.isnan(lon).tolist() == np.isnan(lat).tolist() == np.isnan(radius).tolist() == [True, True, False]
    behind = placed(ORIGIN, 180.0, np.array([40.0]), np.array([0.0]))
    assert np.isnan(plane.pixels(*behind)).all()


def test_four_pairs_say_nothing_of_their_error_and_a_wrong_one_is_named() -> None:
    camera = Pinhole()
    assert ground_plane(clicks(camera, NORTH, WEST)[:4]).rms is None
    wrong = np.zeros(6)
    wrong[2] = 6.0
    with pytest.raises(BadInputError, match="off by"):
        ground_plane(clicks(camera, NORTH, WEST, wrong))
    off = ground_plane(clicks(camera, NORTH, WEST, np.array([0.2, -0.2, 0.2, -0.2, 0.2, -0.2])))
    assert off.rms is not None
    assert off.foretold is not None
    assert 0.01 < off.rms < off.foretold


@pytest.mark.parametrize(
    ("north", "west", "said"),
    [(NORTH[:3], WEST[:3], "4 pairs at least"), (np.arange(10.0, 50.0, 10), np.zeros(4), "one line"),
     (NORTH * 200, WEST * 200, "further apart")],
)  # fmt: skip
def test_pairs_that_make_no_plane_are_refused_in_words(north: np.ndarray, west: np.ndarray, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as refused:
        ground_plane(clicks(Pinhole(), north, west))
    assert refused.value.facts["field"] == "clicks"


CAMERA = Optics(place=ORIGIN, height=12.0, azimuth=90.0, field_of_view=60.0, reach=400.0)
BOX = Bounds(ORIGIN.lon - 0.01, ORIGIN.lat - 0.01, ORIGIN.lon + 0.01, ORIGIN.lat + 0.01)


def test_over_level_ground_a_camera_sees_its_sector_and_behind_a_ridge_nothing() -> None:
    plain = sight(CAMERA, None)
    assert plain.hidden is None
    assert area(plain.shape) == pytest.approx(np.pi * 400.0**2 / 6, rel=0.01)
    level = sight(CAMERA, Relief(heights=np.zeros((800, 800)), bounds=BOX))
    assert level.hidden == pytest.approx(0.0, abs=0.02)
    heights = np.zeros((800, 800))
    ridge = int((ORIGIN.lon + 0.002 - BOX.west) / 0.02 * 800)
    heights[:, ridge] = 40.0
    hidden = sight(CAMERA, Relief(heights=heights, bounds=BOX))
    assert hidden.hidden is not None
    assert 0.5 < hidden.hidden < 0.9
    far, _ = directions(ORIGIN, *shapely.get_coordinates(hidden.shape).T)
    assert far.max() <= 190.0 / np.cos(np.radians(30)) * 1.05
    assert distances(ORIGIN, ORIGIN.lon + 0.002, ORIGIN.lat) == pytest.approx(186.6, abs=1.0)


def test_where_no_height_is_known_under_the_camera_the_plain_sector_is_told_as_such() -> None:
    for relief in (
        Relief(heights=np.full((8, 8), np.nan), bounds=BOX),
        Relief(heights=np.zeros((8, 8)), bounds=Bounds(100.0, 30.0, 101.0, 31.0)),
    ):
        assert sight(CAMERA, relief) == sight(CAMERA, relief)
        assert sight(CAMERA, relief).hidden is None
