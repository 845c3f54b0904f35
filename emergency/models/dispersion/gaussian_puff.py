"""A puff let go at once and carried by the wind."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import Concentrations, Kilogram, Metre, Metres, Second, Seconds, Speed
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.curves import Curves, along, spread
from emergency.models.dispersion.gaussian_plume import ROOT, VERTICAL, VERTICAL_WHERE, vertical

BEFORE_AND_AFTER = np.linspace(-3.0, 7.0, 101)
"""Where the puff's middle may be, in its own spreads along the wind, when a place has most of it: far aside, beyond."""

CLOSER = np.linspace(-1.0, 1.0, 21)


@dataclass(frozen=True, slots=True, kw_only=True)
class Puff:
    """A puff to ask for concentrations: `wind_speed` carries it, `height` is where it is breathed.

    `centreline` and `half_width` are of the highest that passes at any time, so that zones are what it sweeps over.
    """

    mass: Kilogram
    wind_speed: Speed
    stability: Stability
    curves: Curves = Curves.SLADE_PUFF
    release_height: Metre = 0.0
    height: Metre = 0.0
    mixing_height: Metre | None = None

    start: Metre = 0.0
    """Nothing is upwind of it."""

    def at(
        self, downwind: Metres, crosswind: Metres, time: Seconds, height: Metres | None = None
    ) -> NDArray[np.float64]:
        """Concentration at points and times."""
        centre = self.wind_speed * np.asarray(time, dtype=float)
        found, across = self._axis(downwind, centre, self.height if height is None else height)
        return np.asarray(found * np.exp(-0.5 * (np.asarray(crosswind) / across) ** 2))

    def centreline(self, downwind: Metres) -> NDArray[np.float64]:
        """The most that is reached on the axis."""
        return self.highest(downwind, 0.0)

    def highest(self, downwind: Metres, crosswind: Metres, height: Metres | None = None) -> NDArray[np.float64]:
        """The most that is reached at points."""
        x, y, z = np.broadcast_arrays(
            np.asarray(downwind, dtype=float), crosswind, self.height if height is None else height
        )

        def there(centre: NDArray[np.float64]) -> NDArray[np.float64]:
            found, across = self._axis(x[..., None], centre, z[..., None])
            return np.asarray(found * np.exp(-0.5 * (y[..., None] / across) ** 2))

        return self._most(there, x)

    def half_width(self, downwind: Metres, level: Concentrations) -> NDArray[np.float64]:
        """How far from the axis a concentration is reached as it passes; zero where it is not."""
        x = np.asarray(downwind, dtype=float)

        def aside(centre: NDArray[np.float64]) -> NDArray[np.float64]:
            found, across = self._axis(x[..., None], centre, self.height)
            return np.asarray(across * np.sqrt(2 * np.log(np.maximum(found / level, 1.0))))

        return self._most(aside, x)

    def _most(
        self, value: Callable[[NDArray[np.float64]], NDArray[np.float64]], downwind: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The greatest of a value over where the middle of the puff may be, looked over and then closed in on."""
        x = np.maximum(downwind, 0.0)[..., None]
        length = np.asarray(along(self.curves, x, self.stability))
        tries, step = BEFORE_AND_AFTER, float(BEFORE_AND_AFTER[1] - BEFORE_AND_AFTER[0])
        for _ in range(4):
            found = value(np.maximum(x + tries * length, 0.0))
            best = found.argmax(axis=-1)[..., None]
            tries = np.take_along_axis(np.broadcast_to(tries, found.shape), best, -1) + step * CLOSER
            step /= 10
        return np.asarray(found.max(axis=-1))

    def _axis(
        self, downwind: Metres, centre: NDArray[np.float64], height: Metres
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        found = spread(self.curves, centre, self.stability)
        length = np.asarray(along(self.curves, centre, self.stability))
        inside = (centre > 0) & (length > 0) & (np.asarray(found.up) > 0) & (np.asarray(found.across) > 0)
        across, up, length = (np.where(inside, one, 1.0) for one in (found.across, found.up, length))
        gone = np.exp(-0.5 * ((np.asarray(downwind) - centre) / length) ** 2) / (ROOT * length)
        upwards = vertical(height, self.release_height, up, self.mixing_height)
        return np.where(inside, self.mass * gone / (ROOT * across) * upwards, 0.0), across


@model(
    id="gaussian-puff",
    title=Text("高斯烟团", "Gaussian puff"),
    source="CCPS (1999) p. 101, as quoted in GasDispersion.jl (the book's sigma-y of 6.1 m there is a misprint)",
    how=Text(
        "瞬时释放的烟团随风移动,三个方向为正态分布,地面全反射;扩散参数取烟团中心移动距离处的值。",
        "An instantaneous puff moves with the wind, normal in three directions and thrown back by the ground; its "
        "spread is that of the distance its centre has come.",
    ),
    formula=formula(
        "s = u·t",
        "C = m/(2·π·σx·σy)·exp(−(x − s)²/(2·σx²))·exp(−y²/(2·σy²))·V, s > 0",
        *VERTICAL,
        where={
            "s": means(
                "烟团中心移动的距离,扩散参数取此处", "how far the puff has come, where its spread is taken", "m"
            ),
            "u": "wind_speed",
            "t": "time",
            "C": means("质量浓度", "mass concentration", "kg/m3"),
            "m": "mass",
            "σx": means("顺风向扩散参数", "spread along the wind", "m"),
            "σy": means("横风向扩散参数", "crosswind spread", "m"),
            "x": "downwind",
            "y": "crosswind",
            **VERTICAL_WHERE,
        },
    ),
    valid={"wind_speed": (1.0, 120.0)},
    neglects=(Text("重气沉降与初始尺寸", "weight and initial size of the cloud"),),
    cases=("gaussian_puff",),
    tier=Tier.DOCUMENT,
)
def gaussian_puff(
    downwind: Metres,
    crosswind: Metres,
    height: Metre,
    time: Second,
    mass: Kilogram,
    wind_speed: Speed,
    stability: Stability,
    release_height: Metre = 0.0,
    curves: Curves = Curves.SLADE_PUFF,
    mixing_height: Metre | None = None,
) -> Concentrations:
    """Concentration at points at one time; nothing before the puff has left its source."""
    puff = Puff(
        mass=mass, wind_speed=wind_speed, stability=stability, curves=curves, release_height=release_height,
        height=height, mixing_height=mixing_height,
    )  # fmt: skip
    return puff.at(downwind, crosswind, time)
