"""What SLAB leaves downwind, as a cloud to ask for parts of volume at any place, by its published profiles."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.units import Fractions, Metre, Metres, Second
from emergency.special import erf

NOTHING = 1e-30
"""A part of volume that is none, where a logarithm is taken."""

HALVINGS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class SlabCloud:
    """Ermak (1990) equations 13, 28 and 48 to 55: the most that an averaging time sees pass at each place downwind.

    `part` is the mean over the cloud, `most` on the axis at the height of its peak; `core` and `tail` are b and the
    meandering beta of the profile across, `centre` and `deep` the height and spread of the profile upwards, `wide` the
    half-width and `speed` the cloud's own. It comes by at `arrival` and for `passing`. `height` is the sensor's,
    None: wherever above the ground most is.
    """

    distance: NDArray[np.float64]
    part: NDArray[np.float64]
    most: NDArray[np.float64]
    core: NDArray[np.float64]
    tail: NDArray[np.float64]
    centre: NDArray[np.float64]
    deep: NDArray[np.float64]
    wide: NDArray[np.float64]
    speed: NDArray[np.float64]
    arrival: NDArray[np.float64]
    passing: NDArray[np.float64]
    averaging_time: Second
    height: Metre | None = 0.0

    @property
    def start(self) -> Metre:
        """Where it begins: the upwind edge of a pool, which it may have widened."""
        return float(self.distance[0])

    @property
    def farthest(self) -> Metre:
        """How far it was followed; beyond, it says nothing is there."""
        return float(self.distance[-1])

    def at_height(self, height: Metre | None) -> "SlabCloud":
        """The same cloud as a sensor at another height sees it, or at whatever height most is."""
        return replace(self, height=height)

    def lifted(self, release_height: Metre, level: float, within: Metre) -> bool:
        """It rose off the ground: by more than its depth, to where the ground sees less than half, level not past."""
        crest = _mirrored(peak_height(self.centre, self.deep), self.centre, self.deep)
        ground = np.exp(_mirrored(np.zeros_like(crest), self.centre, self.deep) - crest)
        risen = (self.centre > release_height + self.deep) & (ground < 0.5)
        return bool((risen & (self.most >= level) & (self.distance <= within)).any())

    def centreline(self, downwind: Metres) -> NDArray[np.float64]:
        """Part of volume on the axis at the sensor's height."""
        return self.concentration(downwind, 0.0, self.height)

    def concentration(self, downwind: Metres, crosswind: Metres, height: Metres | None) -> NDArray[np.float64]:
        """Part of volume at places downwind, across and above the ground, by numpy's rules of broadcasting."""
        x = np.asarray(downwind, dtype=float)
        here = self._along(x, np.log(np.maximum(self.most, NOTHING)))
        up = 1.0 if height is None else self._upwards(x, np.asarray(height, dtype=float))
        across = self._across(x, np.asarray(crosswind, dtype=float))
        inside = (x >= self.start) & (x <= self.farthest)
        return np.where(inside, np.exp(here) * across * up, 0.0)

    def half_width(self, downwind: Metres, level: Fractions) -> NDArray[np.float64]:
        """How far from the axis a level is reached at the sensor's height; zero where it is not."""
        x = np.asarray(downwind, dtype=float)
        peak = self.centreline(x)
        wanted = np.divide(level, peak, out=np.full_like(peak, 2.0), where=peak > 0)
        low, high = np.zeros_like(x), self._along(x, self.core) + 12 * self._along(x, self.tail)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            reached = self._across(x, middle) >= wanted
            low, high = np.where(reached, middle, low), np.where(reached, high, middle)
        return np.where(wanted <= 1.0, low, 0.0)

    def width_at(self, downwind: Metres, share: float) -> NDArray[np.float64]:
        """Distance from the axis at which this share of the axis's concentration is left."""
        return self.half_width(downwind, share * self.centreline(downwind))

    def _along(self, x: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.interp(x, self.distance, values))

    def _across(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of the axis's concentration, equation 13."""
        core, tail = self._along(x, self.core), np.sqrt(2) * self._along(x, self.tail)
        return np.asarray((erf((y + core) / tail) - erf((y - core) / tail)) / (2 * erf(core / tail)))

    def _upwards(self, x: NDArray[np.float64], z: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of the concentration at the height of the peak, the ground a mirror; logarithms, for what is aloft."""
        crest = _mirrored(peak_height(self.centre, self.deep), self.centre, self.deep)
        here = _mirrored(z, self._along(x, self.centre), self._along(x, self.deep))
        return np.exp(here - self._along(x, crest))


def peak_height(centre: NDArray[np.float64], deep: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where two equal bells about a height and its mirror image add up to most: the ground, until they part."""
    lifted = centre > deep
    top = np.where(lifted, centre, 0.0)
    for _ in range(60):
        other = np.exp(-np.minimum(2 * centre * top / deep**2, 700.0))
        top = np.where(lifted, centre * (1 - other) / (1 + other), 0.0)
    return np.asarray(top)


def _mirrored(z: NDArray[np.float64], centre: NDArray[np.float64], deep: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.logaddexp(-0.5 * ((z - centre) / deep) ** 2, -0.5 * ((z + centre) / deep) ** 2))
