"""A dense release whose rate changes, as up to five steady ones in a row, as ALOHA takes a pool or a tank."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from core.units import Concentrations, Kelvin, KilogramPerMole, Metre, Metres, Second, Speed
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.beals import beals
from emergency.models.dispersion.degadis import HeavyPlume, heavy_plume
from emergency.special import erf

FIRST: Second = 60.0
"""The first minute stands alone, so that the highest rate that lasts is kept; four equal parts follow."""

MOMENTS = 96


@dataclass(frozen=True, slots=True)
class Step:
    """A steady part of a release and its plume."""

    begin: Second
    duration: Second
    plume: HeavyPlume


@dataclass(frozen=True, slots=True)
class HeavySequence:
    """The most that passes anywhere: plumes added, each while it is there (Palazzi, Beals' spread along the wind)."""

    steps: tuple[Step, ...]

    @property
    def start(self) -> Metre:
        """Where the widest blanket begins."""
        return min(one.plume.start for one in self.steps)

    def centreline(self, downwind: Metres) -> NDArray[np.float64]:
        """Part of volume on the axis when most is there."""
        return np.asarray(self._parts(downwind).sum(axis=0))

    def half_width(self, downwind: Metres, level: Concentrations) -> NDArray[np.float64]:
        """How far from the axis a level is reached, in the shape of the plume that gives most."""
        parts = self._parts(downwind)
        peak, most = parts.sum(axis=0), parts.argmax(axis=0)
        shapes = [one.plume.core(downwind) for one in self.steps]
        core = np.choose(most, [shape[0] for shape in shapes])
        tail = np.choose(most, [shape[1] for shape in shapes])
        return np.where(peak >= level, core + tail * np.sqrt(np.log(np.maximum(peak / level, 1.0))), 0.0)

    def _parts(self, downwind: Metres) -> NDArray[np.float64]:
        """What each step gives at its places at the moment when all together give most, shape (step, place)."""
        x = np.atleast_1d(np.asarray(downwind, dtype=float))
        wind, stability = self.steps[0].plume.wind_speed, self.steps[0].plume.stability
        length = np.maximum(sqrt(2) * np.asarray(beals.method(x, stability)), 1e-9)
        steady = np.stack([one.plume.centreline(x) for one in self.steps])
        end = max(one.begin + one.duration for one in self.steps)
        first, last = np.maximum(x - 4 * length, 0.0) / wind, (x + 4 * length) / wind + end
        times = first + (last - first) * np.linspace(0, 1, MOMENTS)[:, None]
        there = np.stack(
            [
                _edge(wind * (times - one.begin) - x, length)
                - _edge(wind * (times - one.begin - one.duration) - x, length)
                for one in self.steps
            ]
        )
        given = steady[:, None, :] * there / 2
        best = given.sum(axis=0).argmax(axis=0)
        found = given[:, best, np.arange(x.size)]
        return np.asarray(found.reshape((len(self.steps), *np.shape(downwind))))


def heavy_sequence(
    time: NDArray[np.float64],
    released: NDArray[np.float64],
    molar_mass: KilogramPerMole,
    release_temperature: Kelvin,
    ambient_temperature: Kelvin,
    wind_speed: Speed,
    stability: Stability,
    roughness: Metre,
    pool_diameter: Metre | None = None,
) -> HeavySequence:
    """The cloud of what was released by each time, in kilograms; steps keep the mass (NOAA TM NOS OR&R 43, 3.1)."""
    end = float(time[np.searchsorted(released, released[-1] * (1 - 1e-9))])
    bounds = np.array([0.0, end]) if end <= 2 * FIRST else np.concatenate(([0.0], np.linspace(FIRST, end, 5)))
    masses = np.diff(np.interp(bounds, time, released))
    return HeavySequence(
        tuple(
            Step(
                float(begin),
                float(length),
                heavy_plume.method(
                    float(mass / length), molar_mass, release_temperature, ambient_temperature, wind_speed, stability,
                    roughness, None, pool_diameter,
                ),
            )
            for begin, length, mass in zip(bounds[:-1], np.diff(bounds), masses, strict=True)
            if mass > 0
        )
    )  # fmt: skip


def _edge(beyond: NDArray[np.float64], length: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(erf(beyond / length))
