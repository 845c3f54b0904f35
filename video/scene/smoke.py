"""What may be smoke: a veil before a place whose edges shine through it, paler and no darker than it was.

A person or a car before the place has edges of its own, which do not fit those behind; a shadow darkens. It needs a
picture from before: what smoked from the first look on is not found. Suspected only; its accuracy was not measured.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.units import Second
from video.detections import Image
from video.episodes import UNSEEN
from video.look import Blob
from video.thresholds import threshold

WIDTH = 320
BLOCK = 16
LEARNING: Second = threshold("smoke.learning")
EDGES, LOST = threshold("smoke.edges"), threshold("smoke.lost")
ALIKE, PALE = threshold("smoke.alike"), threshold("smoke.pale")
LEAST, MOST = threshold("smoke.least"), threshold("smoke.most")
STANDING: Second = threshold("smoke.standing")
Floats = NDArray[np.float32]


@dataclass(slots=True)
class Smoke:
    """Edges, colour and light of one camera's scene, as they usually are."""

    across: Floats | None = None
    down: Floats | None = None
    colour: Floats | None = None
    light: Floats | None = None
    began: Second = 0.0
    standing: Floats | None = None
    before: Second = 0.0

    def look(self, at: Second, frame: Image) -> tuple[Blob, ...]:
        """Places that may smoke now, seen so for a second at least."""
        scale = WIDTH / frame.shape[1]
        rows = max(1, round(frame.shape[0] * scale) // BLOCK)
        small = cv2.resize(frame, (WIDTH, rows * BLOCK), interpolation=cv2.INTER_AREA)
        grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32), (3, 3), 0)
        across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0) / 4, cv2.Sobel(grey, cv2.CV_32F, 0, 1) / 4
        colour, light = (
            _blocks(cv2.cvtColor(small, cv2.COLOR_BGR2HSV)[..., 1].astype(np.float32), rows),
            _blocks(grey, rows),
        )
        if self.across is None or self.across.shape != across.shape:
            self.across, self.down, self.colour, self.light = across, down, colour, light
            self.standing, self.began, self.before = np.zeros_like(light), at, at
            return ()
        assert self.down is not None
        assert self.colour is not None
        assert self.light is not None
        assert self.standing is not None
        passed, self.before = min(at - self.before, UNSEEN), at
        usual = _blocks(self.across**2 + self.down**2, rows)
        now = _blocks(across**2 + down**2, rows)
        shared = _blocks(across * self.across + down * self.down, rows)
        alike = shared / np.sqrt(np.maximum(usual * now, 1e-6))
        veiled = (usual > EDGES**2) & (now < LOST**2 * usual) & (alike >= ALIKE)
        hazy = veiled & (colour <= PALE * self.colour + 2) & (light > self.light - 4)
        learning = at - self.began < LEARNING
        share = 0.2 if learning else 0.01
        for kept, new in ((self.colour, colour), (self.light, light)):
            kept[~hazy] += share * (new - kept)[~hazy]
        fine = np.repeat(np.repeat(~hazy, BLOCK, axis=0), BLOCK, axis=1)
        for kept, new in ((self.across, across), (self.down, down)):
            kept[fine] += share * (new - kept)[fine]
        if learning or hazy.mean() > MOST:
            return ()
        self.standing = np.where(hazy, self.standing + passed, np.maximum(self.standing - 2 * passed, 0)).astype(
            np.float32
        )
        return self._places(at, scale)

    def _places(self, at: Second, scale: float) -> tuple[Blob, ...]:
        assert self.standing is not None
        smoking = self.standing >= STANDING
        grown = cv2.dilate(smoking.astype(np.uint8), np.ones((3, 3), np.uint8))
        count, labels, facts, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
        found = []
        for n in range(1, count):
            within = (labels == n) & smoking
            if within.sum() < LEAST:
                continue
            left, top, width, height, _ = (int(one) * BLOCK for one in facts[n])
            box = np.array([left, top, left + width, top + height], np.float32) / scale
            since = at - float(np.median(self.standing[within]))
            found.append(Blob(box=box, since=since, why={"share": round(float(within.mean()), 4)}))
        return tuple(found)


def _blocks(values: Floats, rows: int) -> Floats:
    means: Floats = values.reshape(rows, BLOCK, WIDTH // BLOCK, BLOCK).mean(axis=(1, 3)).astype(np.float32)
    return means
