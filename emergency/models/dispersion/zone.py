"""Where a cloud reaches a level: how far, how wide, and the outline to lay on a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from core.texts import Text
from core.units import Concentrations, Kelvin, KilogramPerCubicMetre, KilogramPerMole, Metre, Metres, Pascal

GAS = 8.314462618
LIMIT: Metre = 10_000.0
"""Where ALOHA stops: an hour of steady weather carries a cloud no further to be believed."""

NEAREST: Metre = 0.05
SAMPLES = 1200
OUTLINE = 48


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
    """The zone of each level, looked for between the source and the limit.

    The axis is sampled at steps of one per cent and every peak between samples is climbed, so that a zone shorter than
    a step is not stepped over; its ends are then found by halving.
    """
    x, found = _sampled(cloud, limit)
    return tuple(_zone(cloud, level, x, found, limit) for level in levels)


def mass_of(
    fraction: float, molar_mass: KilogramPerMole, temperature: Kelvin, pressure: Pascal
) -> KilogramPerCubicMetre:
    """Kilograms per cubic metre of a gas that is this part of the air's volume."""
    return fraction * pressure * molar_mass / (GAS * temperature)


def _sampled(cloud: Cloud, limit: Metre) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x = np.geomspace(NEAREST, limit, SAMPLES)
    found = cloud.centreline(x)
    tops = np.flatnonzero((found[1:-1] > found[:-2]) & (found[1:-1] >= found[2:])) + 1
    if tops.size:
        between = np.unique(np.concatenate([np.linspace(x[top - 1], x[top + 1], 41) for top in tops[:8]]))
        x = np.union1d(x, between)
        found = cloud.centreline(x)
    return x, found


def _zone(cloud: Cloud, level: float, x: NDArray[np.float64], found: NDArray[np.float64], limit: Metre) -> Zone:
    inside = found >= level
    if not inside.any():
        return Zone(level=level, distance=0.0, half_width=0.0, widest_at=0.0, outline=MultiPolygon())
    steps = np.diff(inside.astype(np.int8))
    ups, downs = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    begins = [cloud.start] if inside[0] else []
    begins += [_crossing(cloud, level, x[one], x[one + 1]) for one in ups]
    ends = [_crossing(cloud, level, x[one + 1], x[one]) for one in downs]
    if inside[-1]:
        ends.append(limit)
    pieces, widths = [], []
    for begin, end in zip(begins, ends, strict=True):
        along = begin + (end - begin) * (1 - np.cos(np.linspace(0, np.pi, OUTLINE))) / 2
        aside = cloud.half_width(along, level)
        widths.append((float(aside.max()), float(along[aside.argmax()])))
        edge = np.concatenate([np.column_stack([along, aside]), np.column_stack([along, -aside])[::-1]])
        pieces.append(Polygon(edge).buffer(0))
    half_width, widest_at = max(widths)
    parts = [part for piece in pieces for part in getattr(piece, "geoms", [piece]) if not part.is_empty]
    cut = None
    if inside[-1]:
        cut = Text(
            f"超出适用距离 {limit / 1000:g} km,仅绘至该处", f"goes on beyond the validity of {limit / 1000:g} km"
        )
    return Zone(
        level=level, distance=float(ends[-1]), half_width=half_width, widest_at=widest_at, outline=MultiPolygon(parts),
        cut=cut,
    )  # fmt: skip


def _crossing(cloud: Cloud, level: float, outside: Metre, inside: Metre) -> Metre:
    """Between a place below the level and one at it: sixteen cuts in sixteen, four times over."""
    low, high = outside, inside
    for _ in range(4):
        tries = np.linspace(low, high, 17)
        reached = cloud.centreline(tries) >= level
        first = int(np.argmax(reached)) if reached.any() else 16
        low, high = float(tries[max(first - 1, 0)]), float(tries[first])
    return (low + high) / 2


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
