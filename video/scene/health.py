"""Faults of a camera, from small grey pictures of its stream.

Measured on four clips at 320x180: black has a mean below 20 and an entropy of 0.3 to 0.5 (4.0 to 4.6 else); occluded
a variance of the Laplacian below 1; out of focus 2 to 12 (530 to 2,700 else); edges in common with the reference 0.81
to 0.96, moved 0.24 to 0.55. Real video has single frames equal to their neighbours, so frozen needs ten seconds.
"""

from collections import deque
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from core.units import Second
from video.detections import Image
from video.shrinking import shrunk
from video.thresholds import threshold

Grey = NDArray[np.uint8]
WIDTH = 320
SLACK: Second = 0.05
"""Looks come a little early or late."""

DARK, PLAIN = threshold("health.dark"), threshold("health.plain")
SMOOTH = threshold("health.smooth")
COVERED, DULL = threshold("health.covered"), threshold("health.dull")
BLURRED = threshold("health.blurred")
ELSEWHERE, FEW = threshold("health.elsewhere"), threshold("health.few")
STILL: Second = threshold("health.still")
LEARNED: Second = threshold("health.learned")
SLOW, QUICK = threshold("health.slow"), threshold("health.quick")
PACE = threshold("health.pace")


def small(frame: Image) -> Grey:
    """Grey, 320 wide, shape (rows, 320)."""
    grey: Grey = cv2.cvtColor(shrunk(frame, WIDTH), cv2.COLOR_BGR2GRAY)
    return grey


def entropy(grey: Grey) -> float:
    """Shannon's, of 32 levels of grey, in bits."""
    counts = np.bincount(grey.ravel() >> 3, minlength=32)
    share = counts[counts > 0] / grey.size
    return float(-(share * np.log2(share)).sum())


def edges(grey: Grey) -> NDArray[np.bool_]:
    """Where the picture changes sharply, a pixel of tolerance around."""
    found = cv2.Canny(cv2.GaussianBlur(grey, (3, 3), 0), 60, 160)
    return np.asarray(found > 0)


@dataclass(slots=True)
class Health:
    """The memory of one camera's picture; `look` tells what is wrong now, with the measure that says so.

    Faults last for seconds, so that they are judged once a second (`seen`), not at every look.
    """

    sharp: deque[float] = field(default_factory=lambda: deque(maxlen=600))
    usual: NDArray[np.float32] | None = None
    since: Second | None = None
    before: Grey | None = None
    same: Second | None = None
    own: float = 1.0
    found: dict[str, float] = field(default_factory=dict)
    judged: Second | None = None
    learned: Second = 0.0

    def seen(self, at: Second, grey: Grey) -> dict[str, float]:
        """What is wrong, judged anew where it is time for that."""
        if self.judged is None or not self.judged <= at < self.judged + 1 / PACE - SLACK:
            self.found, self.judged = self.look(at, grey), at
        return self.found

    def look(self, at: Second, grey: Grey) -> dict[str, float]:
        """Faults by kind; an empty dict is a good picture."""
        found: dict[str, float] = {}
        if self.before is not None and self.before.shape == grey.shape and np.array_equal(self.before, grey):
            self.same = at if self.same is None else self.same
            if at - self.same >= STILL:
                found["frozen"] = round(at - self.same, 1)
        else:
            self.same = None
        self.before = grey
        mean, bits = float(grey.mean()), entropy(grey)
        sharp = float(cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), SMOOTH), cv2.CV_64F).var())
        usual = float(np.median(self.sharp)) if len(self.sharp) >= 10 else None
        if mean < DARK and bits < PLAIN:
            found["black"] = round(mean, 1)
        elif bits < PLAIN or (sharp < COVERED and bits < DULL):
            found["occluded"] = round(sharp, 2)
        elif usual is not None and sharp < BLURRED * usual:
            found["defocused"] = round(sharp / usual, 3)
        elif (common := self._common(at, grey)) is not None and common < ELSEWHERE:
            found["moved" if self.own >= FEW else "defocused"] = round(common, 2)
        if not found:
            self.sharp.append(sharp)
        return found

    def _common(self, at: Second, grey: Grey) -> float | None:
        """Share of the reference's edges that the picture still has; the reference goes slowly with a good picture."""
        now = edges(grey)
        self.own = 1.0 if self.usual is None else float(now.sum()) / max(1, int((self.usual > 0.5).sum()))
        if self.usual is None or self.usual.shape != now.shape:
            self.usual, self.since, self.learned = now.astype(np.float32), at, at
            return None
        assert self.since is not None
        kept = self.usual > 0.5
        near = cv2.dilate(now.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        common = float((near & kept).sum() / kept.sum()) if kept.sum() >= 200 else None
        learning = at - self.since < LEARNED
        if learning or common is None or common >= ELSEWHERE:
            share = 1 - (1 - (QUICK if learning else SLOW)) ** max(0.0, at - self.learned)
            self.usual += share * (now - self.usual)
        self.learned = at
        return None if learning else common
