"""What may be flames: fire-coloured at its brightest, brighter and darker again and again, at one place.

Colour alone takes red roofs and vests for fire; flicker alone takes leaves. A passing thing changes a pixel twice, a
flame many times. Pictures of flames on screens and posters are told by their paint: pure colours without white.
"""

from collections import deque
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from core.units import Second
from video.detections import Image
from video.look import Blob
from video.thresholds import threshold

WIDTH = 426
SPAN: Second = threshold("flames.span")
LOOKS, LONGEST = int(threshold("flames.looks")), threshold("flames.longest")
SELDOM = threshold("flames.seldom")
SHORTEST: Second = threshold("flames.shortest")
STIR, TURNS = threshold("flames.stir"), threshold("flames.turns")
SHARE, CORE = threshold("flames.share"), threshold("flames.core")
RED, WARM = threshold("flames.red"), threshold("flames.warm")
CORE_RED, CORE_GREEN = threshold("flames.core_red"), threshold("flames.core_green")
PURE, WHITE = threshold("flames.pure"), threshold("flames.white")

Ways = NDArray[np.int8]
"""Of each pixel: 1 brighter than a look before, -1 darker, 0 as it was."""


@dataclass(frozen=True, slots=True, eq=False)
class Small:
    """One look, small: the picture, its light, and what changed since the look before."""

    at: Second
    picture: Image
    light: NDArray[np.float32]
    ways: Ways


@dataclass(slots=True)
class Flames:
    """The last two seconds of one camera, small."""

    seen: deque[Small] = field(default_factory=deque)

    def look(self, at: Second, frame: Image) -> tuple[Blob, ...]:
        """Places that may burn now; `since` is when the looks that say so began."""
        wide = min(WIDTH, frame.shape[1])
        scale = wide / frame.shape[1]
        high = max(1, round(frame.shape[0] * scale))
        now = cv2.resize(frame, (wide, high), interpolation=cv2.INTER_AREA)
        light = cv2.transform(now.astype(np.float32), np.full((1, 3), 1 / 3, np.float32))
        if self.seen and self.seen[-1].light.shape != light.shape:
            self.seen.clear()
        change = light - self.seen[-1].light if self.seen else np.zeros_like(light)
        self.seen.append(Small(at, now, light, (change > STIR).astype(np.int8) - (change < -STIR).astype(np.int8)))
        while at - self.seen[0].at > (SPAN if len(self.seen) > LOOKS else LONGEST):
            self.seen.popleft()
        began = self.seen[0].at
        if at - began < SHORTEST:
            return ()
        most = (len(self.seen) - 2) / SELDOM
        needed = max(2, round(min(TURNS * (at - began), most)))
        places = np.flatnonzero(_turns([one.ways for one in self.seen][1:]) >= needed)
        hot = self._brightest(places)
        fiery = _fiery(hot)
        places, hot = places[fiery], hot[fiery]
        if not len(places):
            return ()
        burning = np.zeros(light.shape, np.uint8)
        burning.flat[places] = 1
        grown = cv2.dilate(burning, np.ones((3, 3), np.uint8))
        count, labels, facts, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
        whose = labels.flat[places]
        found = []
        for n in range(1, count):
            left, top, width, height, area = (int(one) for one in facts[n])
            if area < SHARE * grown.size or not _flame(hot[whose == n]):
                continue
            box = np.array([left, top, left + width, top + height], np.float32) / scale
            found.append(Blob(box=box, since=began, why={"share": round(area / grown.size, 4)}))
        return tuple(found)

    def _brightest(self, places: NDArray[np.intp]) -> Image:
        """Pixels (n, 3) at flat places (n), each when it was brightest."""
        when = np.stack([one.light.flat[places] for one in self.seen]).argmax(axis=0)
        pixels = np.stack([one.picture.reshape(-1, 3)[places] for one in self.seen])
        picked: Image = pixels[when, np.arange(len(places))]
        return picked


def _turns(looks: list[Ways]) -> NDArray[np.uint8]:
    """How often each pixel turned from brighter to darker or back."""
    turns, last = np.zeros(looks[0].shape, np.uint8), np.zeros(looks[0].shape, np.int8)
    for ways in looks:
        turns += (ways * last) < 0
        np.copyto(last, ways, where=ways != 0)
    return turns


def _fiery(hot: Image) -> NDArray[np.bool_]:
    """Red above green above blue, and bright; pixels (n, 3)."""
    blue, green, red = (hot[:, n].astype(np.int16) for n in range(3))
    found: NDArray[np.bool_] = (red > RED) & (red >= green) & (green > blue) & (red - blue > WARM)
    return found


def _flame(pixels: Image) -> bool:
    """They have a bright core, and not the pure colours of a picture; pixels (n, 3)."""
    if not len(pixels):
        return False
    core = ((pixels[:, 2] > CORE_RED) & (pixels[:, 1] > CORE_GREEN)).mean()
    colours = cv2.cvtColor(pixels[None], cv2.COLOR_BGR2HSV)[0]
    pure = ((colours[:, 1] > 242) & (colours[:, 2] > 190)).mean()
    white = (pixels.min(axis=1) > 150).mean()
    return bool(core >= CORE and not (pure >= PURE and white < WHITE))
