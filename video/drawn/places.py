"""The places that are drawn: what stands there for ever. Each is painted once, twice as large, and made smaller."""

from collections.abc import Callable

import cv2
import numpy as np

from core.texts import Text
from video.detections import Image
from video.drawn.eye import SIZE, Canvas, Colour, Eye, shaded

CONCRETE: Colour = (128, 136, 138)
PIPES: tuple[Colour, ...] = ((196, 200, 202), (70, 140, 60), (60, 130, 210), (190, 196, 198), (40, 60, 170))
STEEL: Colour = (116, 120, 112)
YELLOW: Colour = (60, 190, 230)
Paint = Callable[[Canvas], None]


def painted(eye: Eye, paint: Paint, seed: int) -> Image:
    """The empty place in the size of a picture: sky, ground with its stains, and what stands on it."""
    rng = np.random.default_rng(seed)
    large = eye.larger(2)
    picture = np.empty((2 * SIZE[1], 2 * SIZE[0], 3), np.uint8)
    horizon = float(large.pixels([(0, 4000, eye.height)])[0, 1])
    rows = np.arange(2 * SIZE[1])[:, None]
    sky = np.clip((rows - horizon) / max(horizon, 1.0) + 1, 0, 1)
    picture[:] = (np.array([200, 186, 172], np.float32) + sky[..., None] * np.array([22, 24, 26], np.float32)).astype(
        np.uint8
    )
    ground = rows[:, 0] > horizon
    near = np.clip((rows - horizon) / (2 * SIZE[1] - horizon), 0, 1)[..., None]
    stains = np.zeros(picture.shape[:2], np.float32)
    for patches, strength in ((7, 5.0), (40, 4.0), (160, 3.5)):
        spots = rng.normal(0, strength, (patches, patches)).astype(np.float32)
        stains += cv2.resize(spots, (2 * SIZE[0], 2 * SIZE[1]), interpolation=cv2.INTER_CUBIC)
    floor = np.array(CONCRETE, np.float32) * (0.88 + 0.14 * near) + stains[..., None]
    picture[ground] = np.clip(floor, 0, 255).astype(np.uint8)[ground]
    canvas = Canvas(picture, large)
    for y in range(4, 60, 4):
        canvas.line((-40, y, 0), (40, y, 0), shaded(CONCRETE, 0.86), 0.05)
    for across in range(-36, 40, 4):
        canvas.line((across, 1, 0), (across, 60, 0), shaded(CONCRETE, 0.88), 0.05)
    paint(canvas)
    rough = rng.normal(0, 3.0, picture.shape[:2])[..., None]
    whole = np.clip(picture + rough, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(whole, SIZE, interpolation=cv2.INTER_AREA), np.uint8)


def yard(canvas: Canvas) -> None:
    """A pipe rack over a yard, a fenced area for repairs before it."""
    _hall(canvas, -30, 34, 60, 9, (150, 142, 128))
    for y in (20.0, 26.0):
        for n, colour in enumerate(PIPES):
            canvas.line((-30, y + 0.7 * n, 4.6), (30, y + 0.7 * n, 4.6), shaded(colour, 0.8), 0.34)
        for x in range(-24, 25, 8):
            canvas.line((x, y, 0), (x, y, 5.0), STEEL, 0.3)
            canvas.line((x, y + 3, 0), (x, y + 3, 5.0), shaded(STEEL, 0.8), 0.3)
            canvas.line((x, y, 4.3), (x, y + 3, 4.3), STEEL, 0.24)
        canvas.line((-30, y, 4.3), (30, y, 4.3), shaded(STEEL, 1.1), 0.24)
    for left in (-13.0, -9.5):
        canvas.box(left, 15.5, 1.8, 1.2, 1.1, (150, 110, 60))
        canvas.line((left + 0.9, 15.5, 1.1), (left + 0.9, 15.5, 2.6), PIPES[0], 0.16)
    canvas.ground(1.5, 9, 8.5, 16, shaded(CONCRETE, 0.92))
    for n in range(12):
        canvas.line((1.5 + 0.6 * n, 9, 0), (min(8.5, 1.5 + 0.6 * n + 0.5), 9.6, 0), YELLOW, 0.12)
    for one, other in (((1.5, 9), (8.5, 9)), ((8.5, 9), (8.5, 16)), ((8.5, 16), (1.5, 16)), ((1.5, 16), (1.5, 9))):
        canvas.line((*one, 0), (*other, 0), YELLOW, 0.14)
    _sign(canvas, 5.0, 16.2, "检修禁入区")
    _lamp(canvas, -6.5, 12)


def tanks(canvas: Canvas) -> None:
    """Tanks in a bund, their pumps before it."""
    for x, y, radius, high, colour in (
        (-9.5, 34, 5.2, 8.6, (206, 206, 200)), (3.0, 36, 5.2, 8.6, (206, 208, 204)),
        (15.5, 34, 5.0, 8.4, (200, 204, 202)), (-3.5, 23, 3.6, 4.9, (214, 212, 206)),
        (8.5, 23.5, 3.6, 4.9, (210, 210, 206)),
    ):  # fmt: skip
        canvas.shadow(x + 1.0, y, radius * 1.15, radius * 0.8, 0.3)
        canvas.cylinder(x, y, radius, high, colour)
        canvas.line(
            (x + radius * 0.5, y - radius * 0.87, 0),
            (x + radius * 0.2, y - radius * 0.98, high),
            shaded(STEEL, 0.7),
            0.16,
        )
    canvas.box(-17, 17.6, 34, 0.3, 0.9, (142, 148, 150))
    for n, colour in enumerate(PIPES[:4]):
        canvas.line((-16, 16.9 - 0.35 * n, 0.5), (16, 16.9 - 0.35 * n, 0.5), colour, 0.2)
    for x in (-7.5, -3.0, 3.5):
        canvas.box(x, 13.2, 1.5, 0.9, 0.35, (120, 122, 124))
        canvas.box(x + 0.1, 13.3, 0.85, 0.6, 0.7, (150, 96, 50), 0.35)
        canvas.line((x + 1.2, 13.4, 0.6), (x + 1.2, 16.5, 0.6), PIPES[0], 0.18)
    canvas.box(9.2, 12.2, 0.7, 0.5, 1.3, (40, 40, 190))
    _sign(canvas, -12.0, 14.5, "严禁烟火")


def gate(canvas: Canvas) -> None:
    """A gate with a guard's booth and a barrier."""
    canvas.ground(-5.5, 0, 4.5, 60, shaded(CONCRETE, 0.72))
    for y in range(2, 60, 4):
        canvas.ground(-0.6, y, -0.4, y + 2, (214, 218, 218))
    for x in range(-30, -7, 3):
        _fence(canvas, x, 24)
    for x in range(8, 30, 3):
        _fence(canvas, x, 24)
    canvas.box(-7.6, 23.6, 1.5, 1.2, 4.4, (150, 158, 166))
    canvas.box(5.6, 23.6, 1.5, 1.2, 4.4, (150, 158, 166))
    canvas.box(-7.6, 23.5, 14.7, 1.2, 1.0, (120, 70, 40), 4.4)
    canvas.box(5.4, 12.5, 3.0, 2.8, 2.7, (208, 206, 200))
    canvas.face([(5.7, 12.48, 1.1), (8.1, 12.48, 1.1), (8.1, 12.48, 2.2), (5.7, 12.48, 2.2)], (110, 100, 84))
    canvas.face([(5.38, 13, 1.1), (5.38, 15, 1.1), (5.38, 15, 2.2), (5.38, 13, 2.2)], (96, 88, 74))
    canvas.box(5.2, 12.3, 3.4, 3.2, 0.25, (120, 70, 40), 2.7)
    canvas.box(4.7, 15.6, 0.5, 0.5, 1.05, YELLOW)
    canvas.ground(2.7, 11.2, 4.4, 13.4, (110, 150, 120))
    _sign(canvas, -9.0, 16, "进厂须登记")


def leaving(canvas: Canvas) -> None:
    """The foot of escape stairs and the exit beside them."""
    _hall(canvas, -12, 15, 24, 8, (156, 160, 164), windows=False)
    canvas.face([(-1.6, 14.98, 0), (1.2, 14.98, 0), (1.2, 14.98, 2.5), (-1.6, 14.98, 2.5)], (82, 112, 66))
    canvas.line((-0.2, 14.95, 0), (-0.2, 14.95, 2.5), (50, 70, 40), 0.06)
    canvas.line((-1.4, 14.94, 1.1), (1.0, 14.94, 1.1), (200, 204, 204), 0.09)
    canvas.face([(-1.1, 14.96, 2.75), (0.7, 14.96, 2.75), (0.7, 14.96, 3.3), (-1.1, 14.96, 3.3)], (70, 150, 40))
    _words(canvas, (-0.2, 14.9, 3.02), "安全出口", (240, 250, 240), 0.36)
    for n in range(12):
        canvas.box(2.6 + 0.42 * n, 12.6, 0.42, 1.7, 0.24 * (n + 1), shaded((124, 128, 126), 1 - 0.014 * n))
    for n in range(0, 13, 2):
        canvas.line((2.6 + 0.42 * n, 12.55, 0.24 * n), (2.6 + 0.42 * n, 12.55, 0.24 * n + 1.0), YELLOW, 0.06)
    canvas.line((2.6, 12.5, 1.0), (7.64, 12.5, 3.9), YELLOW, 0.08)
    for a in ((-1.9, 9.6), (1.5, 9.6)):
        canvas.line((*a, 0), (a[0], 14.8, 0), YELLOW, 0.12)
    canvas.line((-1.9, 9.6, 0), (1.5, 9.6, 0), YELLOW, 0.12)
    for n in range(7):
        canvas.line((-1.9 + 0.5 * n, 9.6, 0), (-1.9 + 0.5 * n + 0.5, 10.3, 0), YELLOW, 0.07)
    canvas.box(-5.6, 14.2, 0.8, 0.6, 1.2, (40, 40, 190))
    for x in (-8.5, -7.4):
        canvas.cylinder(x, 13.2, 0.42, 1.0, (150, 110, 50))


def bay(canvas: Canvas) -> None:
    """A loading bay under its roof, two arms beside the lane of lorries."""
    _hall(canvas, -32, 40, 64, 7, (146, 140, 132))
    canvas.ground(-30, 14.5, 30, 19.5, shaded(CONCRETE, 0.76))
    for x in (-11.0, -3.0, 5.0, 13.0):
        canvas.line((x, 21.5, 0), (x, 21.5, 5.6), STEEL, 0.34)
    canvas.box(-13, 21.2, 28, 1.0, 0.6, (120, 96, 60), 5.2)
    canvas.ground(-13, 21, 15, 26, (136, 132, 122), 5.8)
    canvas.box(-9, 20.6, 10, 1.2, 0.25, (124, 128, 130), 3.0)
    for x in (-7.0, -2.0):
        canvas.line((x, 20.5, 0), (x, 20.5, 3.6), YELLOW, 0.2)
        canvas.line((x, 20.5, 3.6), (x + 1.6, 19.2, 3.9), (200, 204, 206), 0.18)
        canvas.line((x + 1.6, 19.2, 3.9), (x + 1.6, 19.2, 3.1), (200, 204, 206), 0.14)
    for y in (14.5, 19.5):
        canvas.line((-30, y, 0), (30, y, 0), (206, 212, 212), 0.12)
    for x in (-12.0, 6.0):
        canvas.box(x, 12.6, 0.3, 0.3, 1.0, YELLOW)
    canvas.box(9.5, 12.0, 0.7, 0.5, 1.3, (40, 40, 190))
    _sign(canvas, 9.4, 20.2, "静电接地")
    _lamp(canvas, 12.5, 13)


PLACES: dict[str, tuple[Text, Eye, Paint]] = {
    "yard": (Text("管廊检修区", "Pipe rack"), Eye(height=6.0, tilt=16, view=68), yard),
    "tanks": (Text("罐区泵棚", "Tank area"), Eye(height=6.5, tilt=14, view=68), tanks),
    "gate": (Text("厂区大门", "Gate"), Eye(height=5.5, tilt=14, view=66), gate),
    "exit": (Text("疏散出口", "Escape exit"), Eye(height=4.6, tilt=13, view=62), leaving),
    "bay": (Text("装卸台", "Loading bay"), Eye(height=6.0, tilt=13, view=66), bay),
}
"""Title, eye and painter of each."""


def _hall(
    canvas: Canvas, x: float, y: float, wide: float, high: float, colour: Colour, *, windows: bool = True
) -> None:
    canvas.face([(x, y, 0), (x + wide, y, 0), (x + wide, y, high), (x, y, high)], colour)
    for n in range(int(wide / 1.5)):
        canvas.line((x + 1.5 * n, y, 0), (x + 1.5 * n, y, high), shaded(colour, 0.93), 0.07)
    if windows:
        for n in range(int(wide / 6)):
            left = x + 2 + 6 * n
            canvas.face([(left, y, 3), (left + 3.2, y, 3), (left + 3.2, y, 4.6), (left, y, 4.6)], (104, 92, 78))
            canvas.line((left, y, 3.8), (left + 3.2, y, 3.8), (170, 170, 168), 0.1)
    canvas.face([(x, y, 0), (x + wide, y, 0), (x + wide, y, 0.8), (x, y, 0.8)], shaded(colour, 0.7))


def _fence(canvas: Canvas, x: float, y: float) -> None:
    for n in range(7):
        canvas.line((x + 0.43 * n, y, 0), (x + 0.43 * n, y, 1.9), (90, 96, 92), 0.06)
    for z in (0.3, 1.7):
        canvas.line((x, y, z), (x + 3, y, z), (90, 96, 92), 0.08)


def _lamp(canvas: Canvas, x: float, y: float) -> None:
    canvas.line((x, y, 0), (x, y, 5.4), (100, 104, 100), 0.18)
    canvas.line((x, y, 5.4), (x + 1.1, y, 5.5), (100, 104, 100), 0.12)


def _sign(canvas: Canvas, x: float, y: float, words: str) -> None:
    for dx in (-0.9, 0.9):
        canvas.line((x + dx, y, 0), (x + dx, y, 1.7), (96, 100, 98), 0.09)
    canvas.face([(x - 1.3, y, 1.2), (x + 1.3, y, 1.2), (x + 1.3, y, 2.1), (x - 1.3, y, 2.1)], (40, 170, 240))
    _words(canvas, (x, y, 1.64), words, (20, 24, 30), 0.44)


def _words(canvas: Canvas, at: tuple[float, float, float], words: str, colour: Colour, high: float) -> None:
    """Words in the middle of a place, `high` metres."""
    size = max(6, round(high * canvas.eye.scale(at)))
    x, y = canvas.eye.pixels([at])[0]
    lettering(canvas.picture, words, (round(x - size * len(words) / 2), round(y + size * 0.36)), colour, size)


def lettering(picture: Image, words: str, at: tuple[int, int], colour: Colour, size: int) -> None:
    """Words from their lower left on, in the face that OpenCV carries, of so many pixels."""
    cv2.putText(picture, words, at, colour, cv2.FontFace("uni"), size, 600)
