"""The motion gate: a picture that is the one last looked at shows who was there then, and need not be looked at again.

Frigate's method: grey, small, blurred, a difference counted; here from the picture of the last detection, not from the
one before, so that what moves slowly is seen too.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.units import Second
from video.thresholds import threshold

RECHECK: Second = threshold("frames.recheck")
CALMEST: Second = threshold("frames.calmest")
STIR = threshold("frames.stir")
MOVED = threshold("frames.moved")


@dataclass(slots=True)
class Gate:
    """The picture one camera was last looked at in; `longest` is how long it may stand for those that are like it.

    That is twice as long each time that nothing moved meanwhile, up to `calmest`.
    """

    looked: NDArray[np.uint8] | None = None
    at: Second = 0.0
    longest: Second = RECHECK
    calmest: Second = CALMEST
    calm: int = 0
    """How often in a row nothing had moved when it was looked at anew."""

    def opens(self, at: Second, grey: NDArray[np.uint8]) -> bool:
        """A detection is due: something moved since the last one, or it was too long ago; it is taken as made now."""
        now = cv2.GaussianBlur(grey, (3, 3), 0)
        same = (
            self.looked is not None
            and self.looked.shape == now.shape
            and cv2.countNonZero(cv2.threshold(cv2.absdiff(now, self.looked), STIR, 1, cv2.THRESH_BINARY)[1]) < MOVED
        )
        if same and at - self.at < min(self.calmest, self.longest * 2**self.calm):
            return False
        self.calm = min(self.calm + 1, 10) if same else 0
        self.looked, self.at = now, at
        return True
