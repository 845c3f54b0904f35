"""Zones of a picture: who stands inside, with an edge that a trembling box does not cross twice."""

import math
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from core.errors import BadInputError
from core.texts import Text
from video.detections import Floats, feet
from video.thresholds import threshold

SLACK = threshold("zones.slack")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A polygon in pixels of the frame. Raises: BadInputError where it is none."""

    id: str
    corners: tuple[tuple[float, float], ...]
    shape: shapely.Polygon = field(init=False, compare=False, repr=False)
    wider: shapely.Polygon = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """The shape is made once."""
        shape = shapely.Polygon(self.corners) if len(self.corners) >= 3 else shapely.Polygon()
        if not shape.is_valid or shape.area <= 0:
            rule = Text(
                "须为三个以上角点、边不相交的多边形", "must be a polygon of three corners or more, no edges crossing"
            )
            raise BadInputError(
                Text(f"区域 {self.id}:{rule.zh}", f"zone {self.id}: {rule.en}"), field=f"zones.{self.id}"
            )
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "wider", shape.buffer(SLACK * math.sqrt(shape.area)))

    def holds(self, points: NDArray[np.floating], *, already: bool = False) -> NDArray[np.bool_]:
        """Which points (n, 2) lie inside; `already` asks by the wider edge."""
        found: NDArray[np.bool_] = shapely.contains_xy(
            self.wider if already else self.shape, points[:, 0], points[:, 1]
        )
        return found

    def meets(self, boxes: Floats) -> NDArray[np.bool_]:
        """Which boxes have their foot or their middle inside: a person behind a table has no foot."""
        if not len(boxes):
            return np.zeros(0, bool)
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        return self.holds(feet(boxes)) | self.holds(middles)

    def mask(self, height: int, width: int, scale: float) -> NDArray[np.uint8]:
        """The zone as pixels of a frame drawn at `scale`: 255 inside, shape (height, width)."""
        import cv2

        drawn = np.zeros((height, width), np.uint8)
        corners = np.clip(np.asarray(self.corners) * scale, -32000, 32000).round().astype(np.int32)
        cv2.fillPoly(drawn, [corners.reshape(-1, 1, 2)], 255)
        return drawn
