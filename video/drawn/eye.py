"""A camera that stands over level ground, and strokes in perspective on the picture it makes."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from core.units import Degree, Metre
from video.detections import Image

Point = tuple[float, float, float]
"""Metres: to the right of the camera, ahead of it, above the ground."""

Colour = tuple[int, int, int]
"""Blue, green, red."""

SIZE = (640, 360)
FRACTION = 4
"""Bits of a pixel's fraction that strokes are placed by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Eye:
    """Where a camera stands and looks: height, how far below the horizon, how wide; `zoom` is for painting larger."""

    height: Metre
    tilt: Degree
    view: Degree
    zoom: float = 1.0
    aside: tuple[float, float] = (0.0, 0.0)
    """By how many pixels what it sees is displaced: it was turned."""

    def larger(self, zoom: float) -> "Eye":
        """The same for a picture so many times as large."""
        return replace(self, zoom=self.zoom * zoom)

    def pixels(self, points: Iterable[Point]) -> NDArray[np.float64]:
        """Where points (n, 3) are seen, (n, 2); what is behind the camera is taken as close before it."""
        x, y, z = np.asarray(list(points), np.float64).T
        down = math.radians(self.tilt)
        ahead = np.maximum(y * math.cos(down) + (self.height - z) * math.sin(down), 0.3)
        below = (self.height - z) * math.cos(down) - y * math.sin(down)
        focal = self.zoom * SIZE[0] / 2 / math.tan(math.radians(self.view / 2))
        middle = self.zoom * np.array([SIZE[0] / 2 + self.aside[0], SIZE[1] / 2 + self.aside[1]])
        return middle + focal * np.stack([x, below], axis=1) / ahead[:, None]

    def scale(self, point: Point) -> float:
        """Pixels a metre there."""
        low, high = self.pixels([point, (point[0] + 1.0, point[1], point[2])])
        return float(abs(high[0] - low[0]))


@dataclass(frozen=True, slots=True)
class Canvas:
    """A picture and the eye it is made by."""

    picture: Image
    eye: Eye

    def face(self, corners: Sequence[Point], colour: Colour) -> None:
        """A flat piece of any outline."""
        self.patch(self.eye.pixels(corners), colour)

    def patch(self, pixels: NDArray[np.float64], colour: Colour) -> None:
        """An outline in pixels, filled."""
        cv2.fillPoly(self.picture, [_fixed(pixels)], colour, cv2.LINE_AA, FRACTION)

    def ground(self, left: float, near: float, right: float, far: float, colour: Colour, z: float = 0.0) -> None:
        """A rectangle lying at a height."""
        self.face([(left, near, z), (right, near, z), (right, far, z), (left, far, z)], colour)

    def line(self, one: Point, other: Point, colour: Colour, width: Metre = 0.06) -> None:
        """A rod of a thickness in metres."""
        ends = self.eye.pixels([one, other])
        middle = tuple((a + b) / 2 for a, b in zip(one, other, strict=True))
        thick = max(1, round(width * self.eye.scale((middle[0], middle[1], middle[2]))))
        first, last = _fixed(ends).tolist()
        cv2.line(self.picture, first, last, colour, thick, cv2.LINE_AA, FRACTION)

    def box(
        self, left: float, near: float, wide: float, deep: float, high: float, colour: Colour, z: float = 0.0
    ) -> None:
        """A cuboid: its top, the side that faces the camera, and the one of its flanks that is seen."""
        right, far, top = left + wide, near + deep, z + high
        if right < 0:
            self.face([(right, near, z), (right, far, z), (right, far, top), (right, near, top)], shaded(colour, 0.72))
        elif left > 0:
            self.face([(left, near, z), (left, far, z), (left, far, top), (left, near, top)], shaded(colour, 0.72))
        if top < self.eye.height:
            self.ground(left, near, right, far, shaded(colour, 1.15), top)
        self.face([(left, near, z), (right, near, z), (right, near, top), (left, near, top)], colour)

    def cylinder(self, x: float, y: float, radius: Metre, high: Metre, colour: Colour) -> None:
        """A tank that stands: lit from the left, its roof where it is seen from above."""
        steps = 28
        around = np.linspace(math.pi, 2 * math.pi, steps + 1)
        for n in range(steps):
            one, other = around[n], around[n + 1]
            light = 0.62 + 0.48 * math.cos((one + other) / 2 - math.pi * 1.22) ** 2 * (1 if n < 20 else 0.86)
            a = (x + radius * math.cos(one), y + radius * math.sin(one))
            b = (x + radius * math.cos(other), y + radius * math.sin(other))
            self.face([(*a, 0), (*b, 0), (*b, high), (*a, high)], shaded(colour, light))
        rim = [(x + radius * math.cos(a), y + radius * math.sin(a), high) for a in np.linspace(0, 2 * math.pi, 40)]
        if high < self.eye.height:
            self.face(rim, shaded(colour, 1.12))

    def shadow(self, x: float, y: float, wide: Metre, deep: Metre, strength: float) -> None:
        """A soft darkening of the ground."""
        around = np.linspace(0, 2 * math.pi, 20)
        outline = self.eye.pixels([(x + wide * math.cos(a), y + deep * math.sin(a), 0) for a in around])
        low = np.maximum(np.floor(outline.min(axis=0)).astype(int) - 2, 0)
        high = np.ceil(outline.max(axis=0)).astype(int) + 3
        part = self.picture[low[1] : high[1], low[0] : high[0]]
        if not part.size:
            return
        mask = np.zeros(part.shape[:2], np.uint8)
        cv2.fillPoly(mask, [_fixed(outline - low)], 255, cv2.LINE_AA, FRACTION)
        part[:] = (part * (1 - strength * mask[..., None] / 255.0)).astype(np.uint8)


def shaded(colour: Colour, light: float) -> Colour:
    """A colour, lighter or darker."""
    blue, green, red = (max(0, min(255, round(one * light))) for one in colour)
    return blue, green, red


def _fixed(pixels: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.asarray(np.clip(pixels, -4000, 8000) * 2**FRACTION).round().astype(np.int32)
