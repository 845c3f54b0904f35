"""The metric frame the city is drawn in: kilometres east and north of a corner in the open sea off Jiangsu."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

EAST0, NORTH0 = 655_000.0, 3_660_000.0
_TO_DEGREES = pyproj.Transformer.from_crs("EPSG:4549", "EPSG:4490", always_xy=True)


def degrees(shapes: Any) -> Any:
    """Kilometres in the frame to EPSG:4490 lon-lat, rounded to 1e-7 degrees (1 cm) so that files are stable."""

    def moved(xy: np.ndarray) -> np.ndarray:
        lon, lat = _TO_DEGREES.transform(EAST0 + xy[:, 0] * 1000.0, NORTH0 + xy[:, 1] * 1000.0)
        return np.round(np.column_stack([lon, lat]), 7)

    return shapely.transform(shapes, moved)


def kilometres(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """EPSG:4490 lon-lat to kilometres in the frame; its axes lean one degree from true north."""
    east, north = _TO_DEGREES.transform(lon, lat, direction="INVERSE")
    return (east - EAST0) / 1000.0, (north - NORTH0) / 1000.0


def smooth(points: Iterable[tuple[float, float]], rounds: int = 3) -> np.ndarray:
    """A curve through corners cut again and again (Chaikin)."""
    xy = np.asarray(list(points), dtype=float)
    for _ in range(rounds):
        a, b = xy[:-1], xy[1:]
        cut = np.empty((2 * len(a), 2))
        cut[0::2], cut[1::2] = 0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b
        xy = np.vstack([xy[:1], cut, xy[-1:]])
    return xy


def wiggled(xy: np.ndarray, rng: np.random.Generator, size: float, step: float = 0.25) -> np.ndarray:
    """A line resampled and shaken by smooth noise, as coasts and rivers are."""
    line = shapely.LineString(xy)
    count = max(12, int(line.length / step))
    at = shapely.get_coordinates(shapely.line_interpolate_point(line, np.linspace(0, line.length, count)))
    noise = rng.normal(size=(count, 2))
    for width in (9, 3):
        kernel = np.hanning(width + 2)[1:-1]
        noise = np.column_stack([np.convolve(noise[:, i], kernel / kernel.sum(), mode="same") for i in (0, 1)])
    noise *= size / max(1e-9, float(np.abs(noise).max()))
    noise[[0, -1]] = 0.0
    return at + noise


def blob(x: float, y: float, radius: float, rng: np.random.Generator, squeeze: float = 1.0) -> BaseGeometry:
    """A town-like patch round a centre."""
    angles = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    radii = radius * (1 + rng.uniform(-0.22, 0.22, len(angles)))
    ring = np.column_stack([x + radii * np.cos(angles), y + squeeze * radii * np.sin(angles)])
    return shapely.Polygon(smooth([*map(tuple, ring), tuple(ring[0])], 2))
