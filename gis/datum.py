"""Datums of Chinese maps: WGS 84 and CGCS2000 (taken as one), GCJ-02 and BD-09, for whole arrays at once.

CGCS2000 and WGS 84 differ by centimetres to decimetres (PROJ gives a null transformation), less than the data's own
error. GCJ-02 shifts points in China by 265 to 555 m; BD-09 shifts GCJ-02 again. The forward formulas are the public
reverse-engineered ones that every map library uses (Krasovsky 1940 ellipsoid); the backward ones iterate them.
Outside the rectangle the formulas apply to, coordinates stay as they are.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Degrees = npt.NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

AXIS = 6_378_245.0
ECCENTRICITY = 0.006_693_421_622_965_943
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
BD_TURN = np.pi * 3000.0 / 180.0


def _series(x: Degrees, y: Degrees) -> Pair:
    root = np.sqrt(np.abs(x))
    waves = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi / 3 * y)) * 2 / 3
    north += (160 * np.sin(np.pi / 12 * y) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi / 3 * x)) * 2 / 3
    east += (150 * np.sin(np.pi / 12 * x) + 300 * np.sin(np.pi / 30 * x)) * 2 / 3
    return east, north


def shifted_area(lon: Degrees, lat: Degrees) -> npt.NDArray[np.bool_]:
    """Where GCJ-02 differs from WGS 84 at all."""
    return (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)


def wgs84_to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Pair:
    """Arrays of degrees to GCJ-02 degrees; shapes (n,)."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    east, north = _series(lon - 105.0, lat - 35.0)
    angle = np.radians(lat)
    magic = 1 - ECCENTRICITY * np.sin(angle) ** 2
    root = np.sqrt(magic)
    dlat = north * 180.0 / (AXIS * (1 - ECCENTRICITY) / (magic * root) * np.pi)
    dlon = east * 180.0 / (AXIS / root * np.cos(angle) * np.pi)
    inside = shifted_area(lon, lat)
    return np.where(inside, lon + dlon, lon), np.where(inside, lat + dlat, lat)


def gcj02_to_bd09(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Pair:
    """GCJ-02 degrees to BD-09 degrees."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BD_TURN)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BD_TURN)
    inside = shifted_area(lon, lat)
    moved_lon, moved_lat = radius * np.cos(theta) + 0.0065, radius * np.sin(theta) + 0.006
    return np.where(inside, moved_lon, lon), np.where(inside, moved_lat, lat)


def _inverse(forward: Callable[[Degrees, Degrees], Pair], lon: npt.ArrayLike, lat: npt.ArrayLike) -> Pair:
    """Fixed-point iteration: guess, go forward, take the error off; three rounds leave less than a millimetre."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    guess_lon, guess_lat = lon, lat
    for _ in range(3):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon - (there_lon - lon), guess_lat - (there_lat - lat)
    return guess_lon, guess_lat


def gcj02_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Pair:
    """GCJ-02 degrees back to WGS 84."""
    return _inverse(wgs84_to_gcj02, lon, lat)


def bd09_to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Pair:
    """BD-09 degrees back to GCJ-02."""
    return _inverse(gcj02_to_bd09, lon, lat)


def bd09_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Pair:
    """BD-09 degrees back to WGS 84."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def wgs84_to_bd09(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Pair:
    """WGS 84 degrees to BD-09."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))
