"""What happens in the drawn scenes, by the seconds since they began; the same from the same seed, for ever again.

Somebody walks by all the time. Once in a period something happens that a rule finds without a detector: a zone is
entered, a crate stands before an exit, something burns or smokes, a camera is dark, stands still, or is turned.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

import cv2
import numpy as np

from core.clock import CHINA
from core.units import Second
from video.detections import Image
from video.drawn.eye import SIZE, Canvas
from video.drawn.figures import Dress, Way, crate, flames, lorry, person, smoke, walked
from video.drawn.places import PLACES, lettering, painted

PERIOD: Second = 1800.0
SEED = 20261129
GRAINS = 4
MARK = "演示画面 DEMO"
GREY_COAT = Dress(vest=None, coat=(120, 96, 70))
OFFICE = Dress(vest=None, coat=(84, 64, 60), helmet=(235, 235, 235))
GUARD = Dress(vest=None, coat=(92, 60, 40), helmet=(60, 44, 34))
CARRIER = Dress(carries=True)

PUT_DOWN, TAKEN = 33.0, 118.0
CRATE = (-0.9, 11.1)
BURNS, SMOKES = (60.0, 75.0), (900.0, 930.0)
DARK, FROZEN = (90.0, 115.0), (1000.0, 1025.0)
TURNED = (200.0, 235.0)
ASIDE = (96.0, 40.0)
LEFT_POST = (100.0, 170.0)


def within(t: Second, span: tuple[Second, Second]) -> bool:
    """A moment lies in a span."""
    return span[0] <= t < span[1]


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who comes by again and again, or once in a period."""

    way: Way
    dress: Dress = field(default_factory=Dress)
    again: Second = PERIOD

    def draw(self, canvas: Canvas, t: Second) -> None:
        """Where they are now, if anywhere."""
        place = self.way.at(t % self.again)
        if place is not None:
            rests = self.way.at(t % self.again + 0.2)
            stands = rests is not None and rests[2] == place[2]
            person(canvas, place[0], place[1], 0.0 if stands else place[2] + 0.01, t, self.dress)


WALKERS: dict[str, tuple[Walker, ...]] = {
    "yard": (
        Walker(walked(4, (-20, 18.3), (20, 18.3)), OFFICE, 73),
        Walker(walked(40, (16, 18.8), (-18, 18.8)), Dress(), 97),
        Walker(walked(20, (-11, 12), (4.4, 12.3), (5.6, 14), (-13, 13), rest={1: 9.0})),
    ),
    "tanks": (
        Walker(walked(2, (-12, 10.4), (-6.6, 11.2), (13, 10.6), rest={1: 5.0}), Dress(), 61),
        Walker(walked(30, (14, 11.6), (-13, 11.6)), OFFICE, 89),
    ),
    "gate": (
        Walker(walked(5, (-2.4, 52), (-2.2, 7)), GREY_COAT, 71),
        Walker(walked(20, (1.2, 6.5), (1.4, 50)), Dress(), 103),
        Walker(walked(0, (3.5, 12.3), (3.5, 12.31), (7.0, 17.5), rest={0: LEFT_POST[0]}), GUARD),
        Walker(walked(LEFT_POST[1] - 5, (7.0, 17.5), (3.5, 12.3), (3.5, 12.31), rest={1: PERIOD}), GUARD),
    ),
    "exit": (
        Walker(walked(8, (9, 10.2), (4.0, 10.6), (9.5, 9.4), rest={1: 4.0}), OFFICE, 67),
        Walker(walked(PUT_DOWN - 6.0, (-8.0, 11.2), (-0.5, 11.0)), CARRIER),
        Walker(walked(PUT_DOWN, (-0.5, 11.0), (-8.5, 10.4), rest={0: 1.5}), Dress()),
        Walker(walked(TAKEN - 6.0, (-8.0, 10.6), (-0.5, 11.0)), Dress()),
        Walker(walked(TAKEN, (-0.5, 11.0), (-8.5, 11.0)), CARRIER),
    ),
    "bay": (
        Walker(walked(3, (-16, 12.0), (16, 11.6)), Dress(), 79),
        Walker(walked(40, (-5.0, 13.8), (-4.0, 13.6), (-14, 12.4), rest={0: 45.0, 1: 20.0}), Dress(), 240),
    ),
}  # fmt: skip


@cache
def grains() -> tuple[tuple[Image, Image], ...]:
    """What a sensor adds to a picture and takes from it, in turn; for all scenes of a process."""
    rng = np.random.default_rng(SEED)
    rough = np.repeat(rng.normal(0, 2.4, (GRAINS, SIZE[1], SIZE[0], 1)).astype(np.float32), 3, axis=3)
    return tuple((np.clip(one, 0, 255).astype(np.uint8), np.clip(-one, 0, 255).astype(np.uint8)) for one in rough)


class Scene:
    """One place with what happens in it; `draw` answers the picture of a moment, of the size all have."""

    def __init__(self, name: str) -> None:
        self._name = name
        title, self._eye, paint = PLACES[name]
        self._title = title.zh
        number = sorted(PLACES).index(name)
        self._place = painted(self._eye, paint, SEED + number)
        self._turned = replace(self._eye, aside=ASIDE)
        self._elsewhere = painted(self._turned, paint, SEED + number) if name == "gate" else self._place

    def draw(self, t: Second, at: datetime) -> Image:
        """The picture of so many seconds since the scene began; `at` is written into it."""
        now = t % PERIOD
        if self._name == "bay" and within(now, FROZEN):
            since = now - FROZEN[0]
            t, at, now = round(t - since, 3), at - timedelta(seconds=since), FROZEN[0]
        return self._seen(t, now, at)

    def _seen(self, t: Second, now: Second, at: datetime) -> Image:
        turned = self._name == "gate" and within(now, TURNED)
        picture = (self._elsewhere if turned else self._place).copy()
        canvas = Canvas(picture, self._turned if turned else self._eye)
        HAPPENS[self._name](canvas, now)
        for one in WALKERS[self._name]:
            one.draw(canvas, t)
        if self._name == "gate":
            canvas.line((4.9, 15.85, 1.0), (-5.6, 15.85, 1.0), (60, 60, 210), 0.14)
        if self._name == "bay" and within(now, DARK):
            picture[:] = (6, 6, 6)
        brighter, darker = grains()[round(t * 5) % GRAINS]
        picture = np.asarray(cv2.subtract(cv2.add(picture, brighter), darker), np.uint8)
        self._marked(picture, at)
        return picture

    def _marked(self, picture: Image, at: datetime) -> None:
        words = f"{MARK} {self._title}"
        clock = f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
        for text, where in ((words, (12, 26)), (clock, (SIZE[0] - 182, 26))):
            lettering(picture, text, (where[0] + 1, where[1] + 1), (20, 20, 20), 17)
            lettering(picture, text, where, (245, 245, 245), 17)


def _tanks(canvas: Canvas, now: Second) -> None:
    rng = np.random.default_rng([SEED, round(now * 10)])
    if within(now, BURNS):
        flames(canvas, -2.2, 13.0, min(1.9, 0.5 + 0.25 * (now - BURNS[0])), rng)
    if within(now, SMOKES):
        smoke(canvas, 4.2, 13.2, now - SMOKES[0], rng)


def _exit(canvas: Canvas, now: Second) -> None:
    if within(now, (PUT_DOWN, TAKEN)):
        crate(canvas, *CRATE)


def _bay(canvas: Canvas, now: Second) -> None:
    way = Way(points=((8, -34, 16), (26, -8.5, 16), (150, -8.49, 16), (175, 34, 16)))
    place = way.at(now % 240)
    if place is not None:
        lorry(canvas, place[0], place[1])


def _nothing(canvas: Canvas, now: Second) -> None:
    """People alone."""


HAPPENS: dict[str, Callable[[Canvas, Second], None]] = {
    "yard": _nothing, "tanks": _tanks, "gate": _nothing, "exit": _exit, "bay": _bay,
}  # fmt: skip
