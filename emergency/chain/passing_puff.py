"""A cloud let go at once as a field in time: a puff the wind carries, or a dense one that spreads by its weight."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import Metres, Seconds
from emergency.field import TAILS, Floats, Measure, Passage
from emergency.models.dispersion.curves import along
from emergency.models.dispersion.dense_puff import DensePuff
from emergency.models.dispersion.gaussian_puff import Puff

PUFF = Text(
    "烟团按模型自身风速移动,前后各按顺风向扩散参数展宽",
    "the puff moves with the model's own wind and is blurred along it before and behind",
)
SLUMP = Text(
    "云团以 0.4 倍风速移动并因自重扩展,到达与离开按其边缘计",
    "the cloud moves with 0.4 of the wind and spreads by its weight; it comes and goes with its edge",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PuffField:
    """A passive puff; `factor` makes parts of volume of its concentrations."""

    puff: Puff
    factor: float
    timing: Text = PUFF
    measure: Measure = Measure.CONCENTRATION

    def at(
        self, downwind: Metres, crosswind: Metres, height: Metres | None = None, time: Seconds | None = None
    ) -> Floats:
        """The puff at a time, or the highest that passes."""
        if time is None:
            return self.puff.highest(downwind, crosswind, height) * self.factor
        return self.puff.at(downwind, crosswind, time, height) * self.factor

    def passage(self, downwind: Metres, crosswind: Metres) -> Passage:
        """By its spread along the wind: its body is one of them to either side of its middle, all of it four."""
        x = np.maximum(np.asarray(downwind, dtype=float), 0.0)
        first, come, gone, last = (self._middle(x, spreads) for spreads in (-TAILS, -1.0, 1.0, TAILS))
        return Passage(first=first, arrival=come, departure=gone, last=last)

    def _middle(self, downwind: Floats, spreads: float) -> Floats:
        """When the middle is so many of its spreads along the wind beyond a place; it spreads as it goes."""
        middle = downwind
        for _ in range(40):
            middle = downwind + spreads * np.asarray(along(self.puff.curves, middle, self.puff.stability))
            middle = np.maximum(middle, 0.0)
        return np.asarray(middle / self.puff.wind_speed)


@dataclass(frozen=True, slots=True, kw_only=True)
class DensePuffField:
    """A dense puff: the same all through itself, and nothing outside of it."""

    puff: DensePuff
    timing: Text = SLUMP
    measure: Measure = Measure.CONCENTRATION

    def at(
        self, downwind: Metres, crosswind: Metres, height: Metres | None = None, time: Seconds | None = None
    ) -> Floats:
        """The puff at a time, or the highest that passes: when its edge comes."""
        high = np.asarray(0.0 if height is None else height)
        if time is None:
            return self.puff.highest(downwind, crosswind, high)
        come, gone = self.puff.passage(downwind, crosswind)
        since = np.maximum(np.asarray(time, dtype=float), 0.0)
        inside = (high <= self.puff.depth(since)) & (np.asarray(time) >= come) & (np.asarray(time) <= gone)
        return np.where(inside, self.puff.within(since), 0.0)

    def passage(self, downwind: Metres, crosswind: Metres) -> Passage:
        """By its edge."""
        come, gone = self.puff.passage(downwind, crosswind)
        return Passage(first=come, arrival=come, departure=gone, last=gone)
