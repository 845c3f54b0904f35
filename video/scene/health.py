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
Why = dict[str, float]
WIDTH = 320
SLACK: Second = 0.05
"""Looks come a little early or late."""

DARK, PLAIN = threshold("health.dark"), threshold("health.plain")
SMOOTH = threshold("health.smooth")
COVERED, DULL = threshold("health.covered"), threshold("health.dull")
BLURRED = threshold("health.blurred")
ELSEWHERE, FEW = threshold("health.elsewhere"), threshold("health.few")
LIT, LAMP = threshold("health.lit"), int(threshold("health.lamp"))
GLOW: Second = threshold("health.glow")
ENOUGH, EVER = threshold("health.enough"), threshold("health.ever")
STILL: Second = threshold("health.still")
LEARNED: Second = threshold("health.learned")
SLOW = threshold("health.slow")
PACE = threshold("health.pace")


def small(frame: Image) -> Grey:
    """Grey, 320 wide, shape (rows, 320)."""
    grey: Grey = cv2.cvtColor(shrunk(frame, WIDTH), cv2.COLOR_BGR2GRAY)
    return grey


def entropy(grey: Grey) -> float:
    """Shannon's, of 32 levels of grey, in bits."""
    counts = cv2.calcHist([grey], [0], None, [32], [0, 256]).ravel().astype(float)
    share = counts[counts > 0] / grey.size
    return float(-(share * np.log2(share)).sum())


def sharpness(grey: Grey) -> float:
    """Variance of the Laplacian, the grain of the camera taken out before."""
    steep = cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), SMOOTH), cv2.CV_16S)  # whole numbers, as the picture's are
    return float(cv2.meanStdDev(steep)[1].item() ** 2)


def edges(grey: Grey) -> NDArray[np.bool_]:
    """Where the picture changes sharply, a pixel of tolerance around."""
    found = cv2.Canny(cv2.GaussianBlur(grey, (3, 3), 0), 60, 160)
    return np.asarray(found > 0)


def lit(grey: Grey) -> bool:
    """Something bright and wider than the strokes of a caption is in the picture: a lamp in the night, a flame."""
    return int(cv2.erode(grey, np.ones((LAMP, LAMP), np.uint8)).max()) - float(np.median(grey)) >= LIT


@dataclass(slots=True)
class Health:
    """The memory of one camera's picture; `look` tells what is wrong now, with the measure that says so and its limit.

    Faults last for seconds, so that they are judged once a second (`seen`), not at every look.
    """

    sharp: deque[float] = field(default_factory=lambda: deque(maxlen=600))
    usual: NDArray[np.float32] | None = None
    since: Second | None = None
    before: Grey | None = None
    same: Second | None = None
    shone: Second | None = None
    own: float = 1.0
    found: dict[str, Why] = field(default_factory=dict)
    judged: Second | None = None
    learned: Second = 0.0

    def seen(self, at: Second, grey: Grey) -> dict[str, Why]:
        """What is wrong, judged anew where it is time for that."""
        if self.judged is None or not self.judged <= at < self.judged + 1 / PACE - SLACK:
            self.found, self.judged = self.look(at, grey), at
        return self.found

    def look(self, at: Second, grey: Grey) -> dict[str, Why]:
        """Faults by kind; an empty dict is a good picture."""
        found: dict[str, Why] = {}
        if self.before is not None and self.before.shape == grey.shape and np.array_equal(self.before, grey):
            self.same = at if self.same is None else self.same
            if at - self.same >= STILL:
                found["frozen"] = {"same": round(at - self.same, 1), "same_least": STILL}
        else:
            self.same = None
        self.before = grey
        mean, bits, sharp = float(cv2.mean(grey)[0]), entropy(grey), sharpness(grey)
        usual = float(np.median(self.sharp)) if len(self.sharp) >= 10 else None
        plain = bits < PLAIN
        if plain and lit(grey):
            self.shone = at
        blind = plain and (self.shone is None or not self.shone <= at < self.shone + GLOW)
        if blind and mean < DARK:
            found["black"] = {"grey": round(mean, 1), "grey_limit": DARK}
        elif blind:
            found["occluded"] = {"bits": round(bits, 2), "bits_limit": PLAIN}
        elif not plain and sharp < COVERED and bits < DULL:
            found["occluded"] = {"sharp": round(sharp, 2), "sharp_limit": COVERED}
        elif usual is not None and sharp < BLURRED * usual:
            found["defocused"] = {"sharpness": round(sharp / usual, 3), "sharpness_limit": BLURRED}
        elif (common := self._common(at, grey)) is not None and common < ELSEWHERE:
            fault = "moved" if self.own >= FEW else "defocused"
            found[fault] = {"edges": round(common, 2), "edges_limit": ELSEWHERE}
        if not found:
            self.sharp.append(sharp)
        return found

    def _common(self, at: Second, grey: Grey) -> float | None:
        """Share of the reference's edges that the picture still has; the reference goes slowly with a good picture.

        Where nearly all that has edges moves (a flame in the dark) it is the share of the picture's own edges that lie
        where some were before.
        """
        now = edges(grey)
        usual = self.usual
        if usual is None or usual.shape != now.shape:
            self.usual, self.since, self.learned, self.own = now.astype(np.float32), at, at, 1.0
            return None
        assert self.since is not None
        kept, common = usual > 0.5, None
        own, there = int(np.count_nonzero(now)), int(np.count_nonzero(kept))
        stands = there >= ENOUGH
        self.own = own / max(1.0, there if stands else float(usual.sum()))
        if stands:
            common = int(np.count_nonzero(_near(now) & kept)) / there
        elif usual.sum() >= ENOUGH and own:
            common = int(np.count_nonzero(_near(usual > EVER) & now)) / own
        learning = at - self.since < LEARNED
        if learning or common is None or common >= ELSEWHERE:
            gone = max(0.0, at - self.learned)
            usual += max(1 - (1 - SLOW) ** gone, min(1.0, gone / (at - self.since + 1))) * (now - usual)
        self.learned = at
        return None if learning else common


def _near(edges_: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Those pixels and their neighbours."""
    return np.asarray(cv2.dilate(edges_.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
