"""Where a cloud reaches a level: how far, how wide, and the outline to lay on a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from core.texts import Text
from core.units import (
    Concentrations,
    Kelvin,
    KilogramPerCubicMetre,
    KilogramPerMole,
    Metre,
    Metres,
    Pascal,
    SquareMetre,
)

GAS = 8.314462618
LIMIT: Metre = 10_000.0
"""Where ALOHA stops: an hour of steady weather carries a cloud no further to be believed."""

NEAREST: Metre = 0.05
SAMPLES = 1200
OUTLINE = 48
STEPS = (1 - np.cos(np.linspace(0, np.pi, OUTLINE))) / 2
"""Of an outline's way, closer at both ends, where it is round."""

SIXTEENTHS = np.linspace(0.0, 1.0, 17)


class Cloud(Protocol):
    """What zones are cut from: metres downwind and across, concentrations in one unit."""

    @property
    def start(self) -> Metre:
        """Where it begins, below zero if it spreads upwind."""

    def centreline(self, downwind: Metres) -> NDArray[np.float64]:
        """Concentration on the axis."""

    def half_width(self, downwind: Metres, level: Concentrations) -> NDArray[np.float64]:
        """How far from the axis a level is reached; zero where it is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Where a level is reached, in metres downwind (x) and across (y) of the source.

    `cut` says that the zone goes on beyond the limit of validity, where it is not drawn.
    """

    level: float
    distance: Metre
    half_width: Metre
    widest_at: Metre
    outline: MultiPolygon
    cut: Text | None = None


def zones(cloud: Cloud, levels: Sequence[float], limit: Metre = LIMIT) -> tuple[Zone, ...]:
    """The zone of each level, looked for between the source and the limit."""
    return tuple(_drawn(one, limit) for one in reaches(cloud, levels, limit))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where a level is reached, not drawn yet: stretches of the axis, each with half-widths along it.

    `beyond` says that it goes on past the limit.
    """

    level: float
    stretches: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]
    beyond: bool

    @property
    def distance(self) -> Metre:
        """To the end of the last stretch."""
        return float(self.stretches[-1][0][-1]) if self.stretches else 0.0

    @property
    def farthest(self) -> Metre:
        """From the source to the farthest corner: a wide cut edge has corners farther away than its middle."""
        return max((float(np.hypot(along, aside).max()) for along, aside in self.stretches), default=0.0)

    @property
    def widest(self) -> tuple[Metre, Metre]:
        """Half of the greatest width, and where it is."""
        found = ((float(aside.max()), float(along[aside.argmax()])) for along, aside in self.stretches)
        return max(found, default=(0.0, 0.0))

    @property
    def area(self) -> SquareMetre:
        """Of the outline."""
        return sum(float(2 * np.trapezoid(aside, along)) for along, aside in self.stretches)


def reaches(cloud: Cloud, levels: Sequence[float], limit: Metre = LIMIT) -> tuple[Reach, ...]:
    """Where each level is reached between the source and the limit.

    The axis is sampled at steps of one per cent and every peak between samples is climbed, so that a zone shorter than
    a step is not stepped over; its ends are then found by halving, those of all levels at once.
    """
    x, found = _sampled(cloud, limit)
    spans = [_spans(x, found >= level) for level in levels]
    outside = np.concatenate([np.zeros(0), *(x[one.outside] for one in spans)])
    inside = np.concatenate([np.zeros(0), *(x[one.inside] for one in spans)])
    aims = np.repeat(np.asarray(levels, dtype=float), [one.outside.size for one in spans])
    ends = np.split(_crossings(cloud, aims, outside, inside), np.cumsum([one.outside.size for one in spans])[:-1])
    return tuple(
        _reach(cloud, level, one, crossed, limit) for level, one, crossed in zip(levels, spans, ends, strict=True)
    )


def mass_of(
    fraction: float, molar_mass: KilogramPerMole, temperature: Kelvin, pressure: Pascal
) -> KilogramPerCubicMetre:
    """Kilograms per cubic metre of a gas that is this part of the air's volume."""
    return fraction * pressure * molar_mass / (GAS * temperature)


@lru_cache(maxsize=8)
def away(limit: Metre) -> NDArray[np.float64]:
    """Where axes are sampled: steps of one per cent."""
    x = np.geomspace(NEAREST, limit, SAMPLES)
    x.flags.writeable = False
    return x


def _sampled(cloud: Cloud, limit: Metre) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x = away(limit)
    found = cloud.centreline(x)
    tops = np.flatnonzero((found[1:-1] > found[:-2]) & (found[1:-1] >= found[2:])) + 1
    if tops.size:
        between = np.unique(np.concatenate([np.linspace(x[top - 1], x[top + 1], 41) for top in tops[:8]]))
        x = np.union1d(x, between)
        found = cloud.centreline(x)
    return x, found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spans:
    """Samples on either side of each crossing of a level, those going up first."""

    outside: NDArray[np.intp]
    inside: NDArray[np.intp]
    ups: int
    at_start: bool
    at_end: bool


def _spans(x: NDArray[np.float64], above: NDArray[np.bool_]) -> _Spans:
    steps = np.diff(above.astype(np.int8))
    ups, downs = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return _Spans(
        outside=np.concatenate([ups, downs + 1]), inside=np.concatenate([ups + 1, downs]), ups=ups.size,
        at_start=bool(above[0]), at_end=bool(above[-1]),
    )  # fmt: skip


def _reach(cloud: Cloud, level: float, spans: _Spans, crossed: NDArray[np.float64], limit: Metre) -> Reach:
    begins = ([cloud.start] if spans.at_start else []) + crossed[: spans.ups].tolist()
    ends = crossed[spans.ups :].tolist() + ([limit] if spans.at_end else [])
    stretches = []
    for begin, end in zip(begins, ends, strict=True):
        along = begin + (end - begin) * STEPS
        stretches.append((along, cloud.half_width(along, level)))
    return Reach(level=level, stretches=tuple(stretches), beyond=spans.at_end)


def _drawn(reach: Reach, limit: Metre) -> Zone:
    pieces = []
    for along, aside in reach.stretches:
        edge = np.concatenate([np.column_stack([along, aside]), np.column_stack([along, -aside])[::-1]])
        piece = Polygon(edge)
        pieces.append(piece if piece.is_valid else piece.buffer(0))
    parts = [part for piece in pieces for part in getattr(piece, "geoms", [piece]) if not part.is_empty]
    cut = None
    if reach.beyond:
        cut = Text(
            f"超出适用距离 {limit / 1000:g} km,仅绘至该处", f"goes on beyond the validity of {limit / 1000:g} km"
        )
    half_width, widest_at = reach.widest
    return Zone(
        level=reach.level, distance=reach.distance, half_width=half_width, widest_at=widest_at,
        outline=MultiPolygon(parts), cut=cut,
    )  # fmt: skip


def _crossings(
    cloud: Cloud, levels: NDArray[np.float64], outside: NDArray[np.float64], inside: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Between places below each level and places at it: sixteen cuts in sixteen, four times over."""
    if not levels.size:
        return levels
    low, high, rows = outside, inside, np.arange(levels.size)
    for _ in range(4):
        tries = low[:, None] + (high - low)[:, None] * SIXTEENTHS
        reached = cloud.centreline(tries.ravel()).reshape(tries.shape) >= levels[:, None]
        first = np.where(reached.any(axis=1), np.argmax(reached, axis=1), 16)
        low, high = tries[rows, np.maximum(first - 1, 0)], tries[rows, first]
    return np.asarray((low + high) / 2)


@dataclass(frozen=True, slots=True)
class Scaled:
    """The same cloud in another unit of concentration: parts of volume times what a whole one weighs, or back."""

    cloud: Cloud
    factor: float

    @property
    def start(self) -> Metre:
        """Where it begins."""
        return self.cloud.start

    def centreline(self, downwind: Metres) -> NDArray[np.float64]:
        """Concentration on the axis."""
        return self.cloud.centreline(downwind) * self.factor

    def half_width(self, downwind: Metres, level: Concentrations) -> NDArray[np.float64]:
        """How far from the axis a level is reached."""
        return self.cloud.half_width(downwind, level / self.factor)
