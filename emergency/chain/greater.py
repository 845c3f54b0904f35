"""Of several clouds the one that says most at each place, drawn where one model alone is known to say too little."""

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import Concentrations, Metre, Metres, Seconds
from emergency.field import Field, Floats, Measure, Passage
from emergency.models.dispersion.zone import Cloud


@dataclass(frozen=True, slots=True)
class Greater:
    """A cloud to cut zones from: each place has the most of any of them."""

    clouds: tuple[Cloud, ...]

    @property
    def start(self) -> Metre:
        """Where the first of them begins."""
        return min(one.start for one in self.clouds)

    def centreline(self, downwind: Metres) -> NDArray[np.float64]:
        """The most on the axis."""
        return reduce(np.maximum, (one.centreline(downwind) for one in self.clouds))

    def half_width(self, downwind: Metres, level: Concentrations) -> NDArray[np.float64]:
        """The widest."""
        return reduce(np.maximum, (one.half_width(downwind, level) for one in self.clouds))


@dataclass(frozen=True, slots=True)
class GreaterField:
    """The same in time."""

    fields: tuple[Field, ...]

    @property
    def measure(self) -> Measure:
        """That of all of them."""
        return self.fields[0].measure

    @property
    def timing(self) -> Text:
        """How each came by its times."""
        told = [one.timing for one in self.fields]
        return Text(";".join(one.zh for one in told), "; ".join(one.en for one in told))

    def at(
        self, downwind: Metres, crosswind: Metres, height: Metres | None = None, time: Seconds | None = None
    ) -> Floats:
        """The most of any."""
        return reduce(np.maximum, (one.at(downwind, crosswind, height, time) for one in self.fields))

    def passage(self, downwind: Metres, crosswind: Metres) -> Passage:
        """From the first of any to the last of any."""
        all_of = [one.passage(downwind, crosswind) for one in self.fields]
        return Passage(
            first=reduce(np.minimum, (one.first for one in all_of)),
            arrival=reduce(np.minimum, (one.arrival for one in all_of)),
            departure=reduce(np.maximum, (one.departure for one in all_of)),
            last=reduce(np.maximum, (one.last for one in all_of)),
        )
