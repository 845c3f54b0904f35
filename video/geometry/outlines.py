"""What a polygon of the picture covers of the ground, as far as the calibration reaches."""

import numpy as np

from gis.measure import Floats
from video.geometry.ground import GroundPlane

BEYOND = 3.0
"""A polygon is drawn so many times as far as the farthest pair; what lies further, towards the horizon, is left off."""


def on_ground(plane: GroundPlane, corners: Floats, pairs: Floats) -> tuple[list[list[float]] | None, bool]:
    """The ring on the ground of corners (n, 2) in longitude and latitude, and whether something was left off.

    `pairs` (m, 2) are the pixels it was calibrated with: ground much further than any of them is a guess. None where
    nothing of the polygon is on the ground that near.
    """
    line = np.array(plane.horizon())
    least = float((pairs @ line[:2] + line[2]).min()) / BEYOND
    near = _cut(corners, line, least)
    if len(near) < 3:
        return None, True
    lon, lat, _ = plane.places(near)
    if not np.isfinite(lon).all():
        return None, True
    ring = [[round(float(a), 7), round(float(b), 7)] for a, b in zip(lon, lat, strict=True)]
    return ring, bool(((corners @ line[:2] + line[2]) < least).any())


def _cut(corners: Floats, line: Floats, least: float) -> Floats:
    """The part of a polygon where a x + b y + c is `least` or more (Sutherland and Hodgman 1974)."""
    kept: list[Floats] = []
    value = corners @ line[:2] + line[2] - least
    for n in range(len(corners)):
        before, now = value[n - 1], value[n]
        if (before >= 0) != (now >= 0):
            share = before / (before - now)
            kept.append(corners[n - 1] + share * (corners[n] - corners[n - 1]))
        if now >= 0:
            kept.append(corners[n])
    return np.array(kept).reshape(-1, 2)
