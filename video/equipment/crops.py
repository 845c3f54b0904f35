"""The part of a picture in which a person's hat and vest are."""

import cv2
import numpy as np

from core.units import Fraction
from video.detections import Floats, Image
from video.thresholds import threshold

ROWS, COLUMNS = 192, 128
"""Pixels a person is shown in: six times four cells of the coarsest features that are looked at."""

TALL = threshold("equipment.tall")
PADDING = 114
HEAD_ROOM: Fraction = 0.08
"""Of the shown height, above the box: detectors cut hats off."""

SLENDER = 1.75
"""The shown height in widths of the box, at most: legs say nothing."""


def upper_body(frame: Image, box: Floats, *, shift: tuple[float, float] = (0.0, 0.0), grown: float = 1.0) -> Image:
    """Head and trunk of the person in a box, (`ROWS`, `COLUMNS`, 3).

    `shift` in widths and heights of the box, for training.
    """
    width, height = max(float(box[2] - box[0]), 1.0), max(float(box[3] - box[1]), 1.0)
    shown = min(height * (1 + HEAD_ROOM), width * SLENDER) * grown
    across = shown * COLUMNS / ROWS
    left = float(box[0] + box[2]) / 2 + shift[0] * width - across / 2
    top = float(box[1]) - HEAD_ROOM * shown + shift[1] * height
    scale = ROWS / shown
    moved = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]], np.float32)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    cut = cv2.warpAffine(frame, moved, (COLUMNS, ROWS), flags=how, borderValue=(PADDING,) * 3)
    return np.asarray(cut, np.uint8)


def judged(box: Floats, size: tuple[int, int]) -> bool:
    """A person is tall enough and not cut by the left, right or upper edge of a picture of `size` (width, height)."""
    left, top, right, bottom = (float(one) for one in box)
    return bottom - top >= TALL and left > 1 and top > 1 and right < size[0] - 2
