"""What moves in the picture, whatever it is: it says that something moves, never that it is a person.

The difference from a slowly learned picture, cleaned, its connected places tracked as detections are. What sways in its
place does not get away from where it began, and is left out by the rule that asks.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from core.units import Second
from video.detections import NOTHING, Detections
from video.scene.health import WIDTH, Grey
from video.thresholds import threshold
from video.tracker import Track, Tracks, followed

DIFFERENT = threshold("movers.different")
SMALLEST, LARGEST = threshold("movers.smallest"), threshold("movers.largest")
SUDDEN = threshold("movers.sudden")
LEARNING: Second = threshold("movers.learning")
SLOW, SLOWEST = threshold("movers.slow"), threshold("movers.slowest")
LOST: Second = threshold("movers.lost")
CLOSING, OPENING = np.ones((5, 3), np.uint8), np.ones((2, 2), np.uint8)


@dataclass(slots=True)
class Movers:
    """The usual picture of one camera, and what moves before it."""

    usual: NDArray[np.float32] | None = None
    began: Second = 0.0
    tracks: Tracks = field(default_factory=Tracks)

    def look(self, at: Second, grey: Grey, scale: float) -> tuple[Track, ...]:
        """Tracks of what moves, in pixels of the frame, which is `scale` times as large as the grey picture."""
        now = cv2.GaussianBlur(grey, (5, 5), 0).astype(np.float32)
        if self.usual is None or self.usual.shape != now.shape:
            return self._learn(at, now)
        lit = float(np.median((now[::4, ::4] + 1) / (self.usual[::4, ::4] + 1)))
        other = cv2.absdiff(now / max(lit, 0.1), self.usual) > DIFFERENT
        if other.mean() > SUDDEN:
            return self._learn(at, now)
        if at - self.began < LEARNING:
            cv2.accumulateWeighted(now, self.usual, 0.2)
            return ()
        moving = cv2.morphologyEx(other.astype(np.uint8), cv2.MORPH_OPEN, OPENING)
        moving = cv2.morphologyEx(moving, cv2.MORPH_CLOSE, CLOSING, iterations=2)
        cv2.accumulateWeighted(now, self.usual, SLOW, mask=(moving == 0).astype(np.uint8))
        cv2.accumulateWeighted(now, self.usual, SLOWEST, mask=moving)
        self.tracks = followed(self.tracks, at, self._found(moving, scale), lost=LOST)
        return self.tracks.tracks

    def _learn(self, at: Second, now: NDArray[np.float32]) -> tuple[Track, ...]:
        self.usual, self.began, self.tracks = now, at, Tracks(next=self.tracks.next)
        return ()

    def _found(self, moving: NDArray[np.uint8], scale: float) -> Detections:
        count, _, facts, _ = cv2.connectedComponentsWithStats(moving, connectivity=8)
        if count < 2:
            return NOTHING
        left, top, wide, high, area = facts[1:].T.astype(np.float32)
        share = area / moving.size
        kept = (share >= SMALLEST) & (share <= LARGEST)
        boxes = np.stack([left, top, left + wide, top + high], axis=1)[kept] * scale
        return Detections(boxes.astype(np.float32), np.ones(len(boxes), np.float32), ("thing",) * len(boxes))


def scale_of(columns: int) -> float:
    """How many times as wide a frame is as the grey picture that is looked at."""
    return columns / WIDTH
