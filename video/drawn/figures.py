"""What moves in a drawn scene: people, lorries, a crate, flames, smoke."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from core.units import Second
from video.drawn.eye import Canvas, Colour, shaded

SKIN: Colour = (120, 150, 196)
BOOTS: Colour = (38, 38, 42)
PACE = 1.25
"""Metres a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where somebody is: points (seconds, metres right, metres ahead), straight between them, nowhere outside."""

    points: tuple[tuple[Second, float, float], ...]

    def at(self, t: Second) -> tuple[float, float, float] | None:
        """Place, and metres gone since the beginning; None before and after."""
        if not self.points[0][0] <= t < self.points[-1][0]:
            return None
        gone = 0.0
        for (t0, x0, y0), (t1, x1, y1) in zip(self.points, self.points[1:], strict=False):
            long = math.hypot(x1 - x0, y1 - y0)
            if t < t1:
                share = (t - t0) / (t1 - t0)
                return x0 + share * (x1 - x0), y0 + share * (y1 - y0), gone + share * long
            gone += long
        return None


def walked(start: Second, *places: tuple[float, float], rest: dict[int, Second] | None = None) -> Way:
    """A way at a walking pace from place to place; `rest` is how long somebody stays at the place of a number."""
    points, t = [(start, *places[0])], start
    for n, place in enumerate(places):
        if n:
            t += math.dist(places[n - 1], place) / PACE
            points.append((t, *place))
        if rest and n in rest:
            t += rest[n]
            points.append((t, *place))
    return Way(points=tuple(points))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """What somebody wears."""

    coat: Colour = (96, 74, 52)
    trousers: Colour = (70, 58, 46)
    helmet: Colour | None = (40, 200, 240)
    vest: Colour | None = (40, 120, 245)
    carries: bool = False


def person(canvas: Canvas, x: float, y: float, gone: float, t: Second, dress: Dress) -> None:
    """Somebody of 1.74 m who walks by the metres gone, or stands and stirs a little."""
    stands = gone == 0.0
    swing = 0.26 * math.sin(gone * 2 * math.pi / 1.4) if not stands else 0.0
    lean = 0.03 * math.sin(t * 0.9 + x) if stands else 0.0
    canvas.shadow(x + 0.15, y, 0.42, 0.3, 0.35)
    hip, neck = 0.88, 1.46
    for side, foot in ((-0.09, swing), (0.09, -swing)):
        canvas.line((x + side, y, hip), (x + side + foot * 0.8, y - 0.05, 0.06), dress.trousers, 0.17)
        canvas.line((x + side + foot * 0.8, y - 0.05, 0.05), (x + side + foot * 0.8 + 0.08, y - 0.1, 0.04), BOOTS, 0.13)
    arms = ((-0.27, -swing), (0.27, swing)) if not dress.carries else ((-0.22, 0.12), (0.22, -0.12))
    for side, hand in arms:
        canvas.line((x + side + lean, y, neck - 0.05), (x + side + lean + hand * 0.7, y - 0.1, 0.86), dress.coat, 0.13)
    torso = [(-0.24, neck), (0.24, neck), (0.19, hip - 0.06), (-0.19, hip - 0.06)]
    canvas.face([(x + dx + lean * (dz > 1), y, dz) for dx, dz in torso], dress.vest or dress.coat)
    if dress.vest:
        for z in (1.08, 1.24):
            canvas.line((x - 0.21 + lean, y - 0.02, z), (x + 0.21 + lean, y - 0.02, z), (215, 225, 225), 0.05)
    centre = canvas.eye.pixels([(x + lean, y, 1.62)])[0]
    radius = max(1.2, 0.115 * canvas.eye.scale((x, y, 1.6)))
    _disc(canvas, centre, radius, SKIN)
    hat = dress.helmet or (34, 30, 30)
    cap = [(centre[0] + 1.16 * radius * math.cos(a), centre[1] - 0.15 * radius - 1.12 * radius * math.sin(a))
           for a in np.linspace(-0.1, math.pi + 0.1, 12)]  # fmt: skip
    canvas.patch(np.array(cap), hat)
    if dress.carries:
        crate(canvas, x - 0.3, y - 0.35, 0.72, 0.55)


def crate(canvas: Canvas, x: float, y: float, z: float = 0.0, size: float = 0.9) -> None:
    """A wooden crate with battens."""
    if z == 0.0:
        canvas.shadow(x + size / 2, y + size / 2, size * 0.75, size * 0.6, 0.4)
    wood: Colour = (70, 120, 168)
    canvas.box(x, y, size, size, size * 0.85, wood, z)
    for n in (0.08, 0.5, 0.92):
        canvas.line(
            (x, y - 0.01, z + n * size * 0.8), (x + size, y - 0.01, z + n * size * 0.8), shaded(wood, 0.6), 0.07
        )


def lorry(canvas: Canvas, x: float, y: float, colour: Colour = (190, 196, 200)) -> None:
    """A road tanker seen from its side, its cab to the right."""
    canvas.shadow(x + 4, y + 1, 4.6, 1.5, 0.45)
    for dx in (0.9, 2.0, 6.9):
        canvas.box(x + dx, y - 0.05, 0.9, 0.3, 0.9, (36, 36, 38))
    canvas.box(x, y, 6.2, 2.3, 0.35, (60, 60, 64), 0.75)
    around = np.linspace(0, math.pi, 10)
    low = [(x + 0.1, y, 1.05), (x + 6.0, y, 1.05)]
    for n in range(9):
        z0, z1 = 1.05 + 1.75 * (n / 9), 1.05 + 1.75 * ((n + 1) / 9)
        light = 0.62 + 0.5 * math.sin(around[n])
        canvas.face([(low[0][0], y, z0), (low[1][0], y, z0), (low[1][0], y, z1), (low[0][0], y, z1)],
                    shaded(colour, light))  # fmt: skip
    canvas.ground(x + 0.1, y, x + 6.0, y + 2.2, shaded(colour, 1.2), 2.8)
    _plate(canvas, (x + 0.1, y - 0.02, 1.7), (x + 6.0, y - 0.02, 1.95), (50, 90, 220))
    canvas.box(x + 6.3, y, 2.0, 2.3, 2.2, (170, 96, 40), 0.6)
    _plate(canvas, (x + 6.9, y - 0.02, 1.8), (x + 8.1, y - 0.02, 2.5), (92, 84, 70))


def flames(canvas: Canvas, x: float, y: float, high: float, rng: np.random.Generator) -> None:
    """Tongues of fire, other ones in each picture: red without, yellow and white within, and their light."""
    base = canvas.eye.pixels([(x, y, 0.15)])[0]
    unit = canvas.eye.scale((x, y, 0.5))
    for share, colour in (
        (1.0, (30, 90, 225)),
        (0.74, (40, 165, 250)),
        (0.46, (120, 225, 255)),
        (0.24, (215, 250, 255)),
    ):
        for _ in range(5):
            at = base[0] + unit * 0.75 * share * rng.uniform(-1, 1)
            tall = unit * high * share * rng.uniform(0.45, 1.25)
            wide = unit * 0.42 * share * rng.uniform(0.7, 1.3)
            sway = wide * rng.uniform(-0.8, 0.8)
            outline = ((-1, 0), (-0.6, 0.45), (sway / wide, 1), (0.6, 0.5), (1, 0))
            canvas.patch(np.array([(at + wide * dx, base[1] - tall * dy) for dx, dy in outline]), colour)


def smoke(canvas: Canvas, x: float, y: float, age: Second, rng: np.random.Generator) -> None:
    """A grey veil that rises, drifts to the right and spreads with its age; the scene shines through."""
    veil = np.zeros(canvas.picture.shape[:2], np.float32)
    base, unit = canvas.eye.pixels([(x, y, 0.3)])[0], canvas.eye.scale((x, y, 1.0))
    risen = min(1.0, age / 6.0)
    for n in range(26):
        up = risen * (n + rng.uniform(0, 1)) / 26
        centre = (base[0] + unit * (1.7 * up + 0.35 * math.sin(5 * up + age)), base[1] - unit * 5.2 * up)
        _disc_on(veil, centre, unit * (0.45 + 1.25 * up), 0.17 * (1.15 - 0.4 * up))
    veil = np.minimum(cv2.GaussianBlur(veil, (0, 0), 5), 0.72)[..., None]
    canvas.picture[:] = (canvas.picture * (1 - veil) + np.array([186, 186, 184], np.float32) * veil).astype(np.uint8)


def _plate(canvas: Canvas, low: tuple[float, float, float], high: tuple[float, float, float], colour: Colour) -> None:
    """An upright rectangle that faces the camera."""
    canvas.face([low, (high[0], low[1], low[2]), high, (low[0], low[1], high[2])], colour)


def _disc(canvas: Canvas, centre: np.ndarray, radius: float, colour: Colour) -> None:
    around = np.linspace(0, 2 * math.pi, 16)
    canvas.patch(np.stack([centre[0] + radius * np.cos(around), centre[1] + radius * np.sin(around)], axis=1), colour)


def _disc_on(veil: np.ndarray, centre: tuple[float, float], radius: float, strength: float) -> None:
    drawn = np.zeros_like(veil)
    cv2.circle(drawn, (round(centre[0]), round(centre[1])), max(1, round(radius)), strength, -1, cv2.LINE_AA)
    np.add(veil, drawn, out=veil)
