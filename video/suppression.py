"""What a person called false at a camera is not told again where it was."""

from video.detections import Floats, overlap
from video.thresholds import threshold

SAME_PLACE = threshold("events.suppressed")


def suppressed(boxes: Floats, false: Floats) -> bool:
    """Every box (n, 4) of an event lies where one of `false` (m, 4) did; an event without a place never does."""
    return bool(len(boxes) and len(false) and (overlap(boxes, false).max(axis=1) >= SAME_PLACE).all())
