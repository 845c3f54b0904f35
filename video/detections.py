"""What a detector found in one frame, as columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Image = NDArray[np.uint8]
"""Rows, columns, blue-green-red."""


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Boxes (n, 4: left, top, right, bottom in pixels of the frame), scores (n) and names of classes (n)."""

    boxes: Floats
    scores: Floats
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        """Columns are of one length."""
        if not len(self.boxes) == len(self.scores) == len(self.names):
            raise ValueError("boxes, scores and names are of different lengths")

    def __len__(self) -> int:
        return len(self.names)

    def of(self, name: str, least: float) -> "Detections":
        """Those of one class that score at least so much."""
        kept = np.array([one == name for one in self.names], dtype=bool) & (self.scores >= least)
        return Detections(self.boxes[kept], self.scores[kept], (name,) * int(kept.sum()))


NOTHING = Detections(np.empty((0, 4), np.float32), np.empty(0, np.float32), ())


def feet(boxes: Floats) -> Floats:
    """Where each box stands: the middle of its lower edge, (n, 2)."""
    return np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], axis=1)


def overlap(one: Floats, other: Floats) -> Floats:
    """Intersection over union of every box of one with every box of the other, (n, m)."""
    wide = np.minimum(one[:, None, 2], other[None, :, 2]) - np.maximum(one[:, None, 0], other[None, :, 0])
    tall = np.minimum(one[:, None, 3], other[None, :, 3]) - np.maximum(one[:, None, 1], other[None, :, 1])
    shared = np.maximum(wide, 0) * np.maximum(tall, 0)
    sizes = [(boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]) for boxes in (one, other)]
    union = sizes[0][:, None] + sizes[1][None, :] - shared
    found: Floats = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return found
