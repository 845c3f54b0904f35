"""Lengths, areas, distances and circles on the ellipsoid, right in metres at any latitude."""

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from core.units import Degree, Metre, SquareMetre
from gis.shapes import LonLat

ELLIPSOID = pyproj.Geod(ellps="GRS80")
Floats = npt.NDArray[np.float64]


def distance(origin: LonLat, target: LonLat) -> Metre:
    """Geodesic metres from one place to another."""
    return float(ELLIPSOID.inv(origin.lon, origin.lat, target.lon, target.lat)[2])


def distances(origin: LonLat, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
    """Geodesic metres from one place to many; shape (n,)."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    _, _, metres = ELLIPSOID.inv(np.full_like(lon, origin.lon), np.full_like(lat, origin.lat), lon, lat)
    return np.asarray(metres)


def directions(origin: LonLat, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Geodesic metres from one place to many, and the degrees clockwise from north to set out in; each shape (n,)."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    forward, _, metres = ELLIPSOID.inv(np.full_like(lon, origin.lon), np.full_like(lat, origin.lat), lon, lat)
    return np.asarray(metres), np.asarray(forward) % 360.0


def bearing(origin: LonLat, target: LonLat) -> Degree:
    """The direction to set out in, degrees clockwise from north, 0 to 360."""
    forward, _, _ = ELLIPSOID.inv(origin.lon, origin.lat, target.lon, target.lat)
    return float(forward) % 360.0


def length(shape: BaseGeometry) -> Metre:
    """Geodesic length of a line, perimeter of a polygon."""
    return float(ELLIPSOID.geometry_length(shape))


def lengths(shapes: npt.ArrayLike) -> Floats:
    """Geodesic metres of many lines at once, of polygons round their edges; shape (n,)."""
    parts, owner = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    corners, part = shapely.get_coordinates(parts, return_index=True)
    metres = np.zeros(np.size(shapes))
    if len(corners) > 1:
        step = part[1:] == part[:-1]
        start, end = corners[:-1][step], corners[1:][step]
        _, _, pieces = ELLIPSOID.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
        np.add.at(metres, owner[part[1:][step]], pieces)
    return metres


def area(shape: BaseGeometry) -> SquareMetre:
    """Geodesic area, whichever way the rings run."""
    parts = shapely.get_parts(shape)
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    rims = sum(map(_round, shapely.get_exterior_ring(polygons)))
    holes = sum(_round(hole) for polygon in polygons for hole in polygon.interiors)
    return float(rims - holes)


def _round(ring: BaseGeometry) -> SquareMetre:
    corners = shapely.get_coordinates(ring)
    return abs(float(ELLIPSOID.polygon_area_perimeter(corners[:, 0], corners[:, 1])[0])) if len(corners) else 0.0


def circle(centre: LonLat, radius: Metre, corners: int = 128) -> BaseGeometry:
    """A polygon whose corners lie on the geodesic circle."""
    angles = np.linspace(0.0, 360.0, corners, endpoint=False)
    lon, lat, _ = ELLIPSOID.fwd(
        np.full(corners, centre.lon), np.full(corners, centre.lat), angles, np.full(corners, radius)
    )
    return shapely.Polygon(np.column_stack([lon, lat]))


def buffer(shape: BaseGeometry, distance: Metre) -> BaseGeometry:
    """Everything within a distance of a shape, on an azimuthal equidistant plane round its middle.

    Error under 0.1 % for shapes and distances within 100 km.
    """
    middle = shape.centroid
    plane = f"+proj=aeqd +lon_0={middle.x} +lat_0={middle.y} +ellps=GRS80"
    there = pyproj.Transformer.from_crs("EPSG:4490", plane, always_xy=True)

    def flat(xy: Floats) -> Floats:
        return np.column_stack(there.transform(xy[:, 0], xy[:, 1]))

    def back(xy: Floats) -> Floats:
        return np.column_stack(there.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))

    return shapely.transform(shapely.buffer(shapely.transform(shape, flat), distance, quad_segs=32), back)
