"""Things left behind: what stands still where nothing stood, and since when nobody has been with it.

A slow background that takes up only what agrees with it, and a quick one that tells still from moving. Light that
changes at once (auto-exposure) is taken out by its gain; where more than `SUDDEN` of the picture changes together, all
is learned anew: background subtraction without either raises dozens of false objects on such jumps.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from core.units import Second
from video.detections import Detections, Image
from video.episodes import UNSEEN
from video.look import Blob
from video.thresholds import threshold

Floats = NDArray[np.float32]
WIDTH = 360
DIFFERENT, STILL = threshold("left.different"), threshold("left.still")
SUDDEN = threshold("left.sudden")
LEARNING: Second = threshold("left.learning")
SMALLEST, LARGEST = threshold("left.smallest"), threshold("left.largest")
STANDING: Second = threshold("left.standing")
NEAR = threshold("left.near")
GREY = np.full((1, 3), 1 / 3, np.float32)


@dataclass(slots=True)
class LeftThings:
    """The memory of one camera's scene."""

    slow: Floats | None = None
    quick: Floats | None = None
    stood: Floats | None = None
    attended: Floats | None = None
    began: Second = 0.0
    before: Second = 0.0
    kernel: NDArray[np.uint8] = field(default_factory=lambda: np.ones((3, 3), np.uint8))

    def look(self, at: Second, frame: Image, people: Detections | None) -> tuple[Blob, ...]:
        """Things that stand unattended now; `since` is when they stood still and the last person had gone."""
        scale = WIDTH / frame.shape[1]
        height = max(1, round(frame.shape[0] * scale))
        now = cv2.resize(frame, (WIDTH, height), interpolation=cv2.INTER_AREA).astype(np.float32)
        now = cv2.GaussianBlur(now, (5, 5), 0)
        if self.slow is None or self.slow.shape != now.shape:
            self._learn(at, now)
            return ()
        assert self.quick is not None
        assert self.stood is not None
        assert self.attended is not None
        passed, self.before = min(at - self.before, UNSEEN), at
        lit = (cv2.transform(now, GREY)[::4, ::4] + 1) / (cv2.transform(self.slow, GREY)[::4, ::4] + 1)
        even = now / float(np.median(lit))
        stirring = _largest(cv2.absdiff(now, self.quick)) > STILL
        other = _largest(cv2.absdiff(even, self.slow)) > DIFFERENT
        cv2.accumulateWeighted(now, self.quick, 0.35)
        if other.mean() > SUDDEN and at - self.began > LEARNING:
            self._learn(at, now)
            return ()
        if at - self.began <= LEARNING:
            cv2.accumulateWeighted(even, self.slow, 0.2)
            return ()
        moving = cv2.dilate((other & stirring).astype(np.uint8), self.kernel, iterations=2) > 0
        if people is not None and len(people):
            for left, top, right, bottom in (people.boxes * scale).round().astype(int):
                moving[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
        held = other & ~moving
        self.stood = np.where(
            held, self.stood + passed, np.where(moving, self.stood, np.maximum(self.stood - 4 * passed, 0))
        )
        cv2.accumulateWeighted(even, self.slow, 0.02, mask=(~other & ~moving).astype(np.uint8))
        return self._things(at, now, scale, moving, other)

    def _learn(self, at: Second, now: Floats) -> None:
        self.slow, self.quick = now.copy(), now.copy()
        self.stood = np.zeros(now.shape[:2], np.float32)
        self.attended = np.full(now.shape[:2], at, np.float32)
        self.began = self.before = at

    def _things(
        self, at: Second, now: Floats, scale: float, moving: NDArray[np.bool_], other: NDArray[np.bool_]
    ) -> tuple[Blob, ...]:
        assert self.stood is not None
        assert self.slow is not None
        assert self.attended is not None
        standing = cv2.morphologyEx(
            (self.stood >= STANDING).astype(np.uint8), cv2.MORPH_CLOSE, self.kernel, iterations=2
        )
        count, labels, facts, _ = cv2.connectedComponentsWithStats(standing, connectivity=8)
        found = []
        for n in range(1, count):
            left, top, wide, high, area = (int(one) for one in facts[n])
            if not SMALLEST <= area / standing.size <= LARGEST:
                continue
            within = labels == n
            if other[within].mean() < 0.5:  # taken away: how long it stood is forgotten more slowly
                continue
            reach = int(NEAR * max(wide, high))
            around = np.s_[max(0, top - reach) : top + high + reach, max(0, left - reach) : left + wide + reach]
            if moving[around].sum() > 0.25 * area:
                self.attended[within] = at
            if not self._is_there(now, within):
                continue
            since = max(at - float(np.median(self.stood[within])), float(self.attended[within].max()))
            box = np.array([left, top, left + wide, top + high], np.float32) / scale
            found.append(
                Blob(
                    box=box, since=since, why={"seconds": round(at - since, 1), "share": round(area / standing.size, 4)}
                )
            )
        return tuple(found)

    def _is_there(self, now: Floats, within: NDArray[np.bool_]) -> bool:
        """The edge of the thing is in the picture, not in the background: else something was taken away."""
        assert self.slow is not None
        shape = within.astype(np.uint8)
        rim = (cv2.dilate(shape, self.kernel) - cv2.erode(shape, self.kernel)) > 0
        if not rim.any():
            return False
        steep = [np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))[rim].mean() for grey in
                 (now.mean(axis=2), self.slow.mean(axis=2))]  # fmt: skip
        return bool(steep[0] >= 0.9 * steep[1])


def _largest(apart: Floats) -> Floats:
    """Of three channels the largest, (row, column)."""
    found: Floats = np.maximum(np.maximum(apart[..., 0], apart[..., 1]), apart[..., 2])
    return found
