"""Shapes drawn in metres round a place, put on the ellipsoid: every corner at its true distance and direction from it.

A flat drawing is spread over the ground as an azimuthal equidistant map is. From the place itself all distances and
bearings are exact; of lengths across, an error of (distance / earth radius)² / 6 remains: 4·10⁻⁶ at 30 km, 4·10⁻⁵ at
100 km, the range that is allowed.
"""

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import BadInputError
from core.texts import Text
from core.units import Degree, Metre
from gis.measure import ELLIPSOID, Floats, directions
from gis.shapes import LonLat

FARTHEST: Metre = 100_000.0
"""Beyond it a flat drawing is no picture of the ground."""


def ahead(shape: BaseGeometry, origin: LonLat, bearing: Degree) -> BaseGeometry:
    """A shape in metres, x in the direction of `bearing` and y to its left, as longitude and latitude."""

    def moved(xy: Floats) -> Floats:
        return np.column_stack(placed(origin, bearing, xy[:, 0], xy[:, 1]))

    return shapely.transform(shape, moved)


def along_and_left(origin: LonLat, bearing: Degree, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Metres of places in the direction of `bearing` and to its left: what `ahead` puts back on the ground."""
    metres, degrees = directions(origin, lon, lat)
    angle = np.radians(bearing - degrees)
    return metres * np.cos(angle), metres * np.sin(angle)


def placed(origin: LonLat, bearing: Degree, along: Floats, left: Floats) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of what lies so many metres in the direction of `bearing` and to its left, each (n,)."""
    along, left = along + 0.0, left + 0.0  # -0.0 and 0.0 are one place, and arctan2 would see two directions
    metres = np.hypot(along, left)
    if metres.size and not metres.max() <= FARTHEST:
        raise _too_far(float(metres.max()))
    places = _from(origin, bearing - np.degrees(np.arctan2(left, along)), metres)
    return places[:, 0], places[:, 1]


def turned(shape: BaseGeometry, origin: LonLat, angle: Degree) -> BaseGeometry:
    """A shape in longitude and latitude turned clockwise about a place."""

    def moved(xy: Floats) -> Floats:
        forward, _, metres = ELLIPSOID.inv(
            np.full(len(xy), origin.lon), np.full(len(xy), origin.lat), xy[:, 0], xy[:, 1]
        )
        return _from(origin, np.asarray(forward) + angle, np.asarray(metres))

    return shapely.transform(shape, moved)


def sector(origin: LonLat, radius: Metre, first: Degree, last: Degree) -> BaseGeometry:
    """A slice of a geodesic circle, clockwise from one bearing to another; corners at most one degree apart."""
    if not 0.0 < radius <= FARTHEST:
        raise _too_far(radius)
    opening = last - first
    if opening >= 360.0:
        return shapely.Polygon(_from(origin, np.arange(0.0, 360.0, 0.5), np.full(720, radius)))
    bearings = np.linspace(first, last, max(2, int(np.ceil(opening)) + 1))
    arc = _from(origin, bearings, np.full(bearings.size, radius))
    return shapely.Polygon(np.vstack([[origin.lon, origin.lat], arc]))


def _from(origin: LonLat, bearings: Floats, metres: Floats) -> Floats:
    """Positions so far in such directions; a place across the antimeridian is refused, like boxes that cross it."""
    count = len(metres)
    lon, lat, _ = ELLIPSOID.fwd(np.full(count, origin.lon), np.full(count, origin.lat), bearings, metres)
    places = np.column_stack([lon, lat])
    if count and np.ptp(places[:, 0]) > 180.0:
        raise BadInputError(
            Text("图形跨越 180° 经线,无法处理", "the shape crosses the antimeridian"), field="origin", value=origin
        )
    return places


def _too_far(metres: float) -> BadInputError:
    return BadInputError(
        Text(
            f"距离 {metres:g} m 不在 0–{FARTHEST:g} m 内,平面图形不能代表地面",
            f"distance {metres:g} m is not within 0–{FARTHEST:g} m, where a flat drawing is true to the ground",
        ),
        field="distance",
        value=metres,
    )
