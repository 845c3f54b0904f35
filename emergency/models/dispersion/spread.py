"""How wide a cloud has grown at a distance: the value every set of dispersion curves answers with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.units import Metres, Numbers


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviations of the concentration across the wind, upwards, and along it where a set gives that."""

    across: Metres
    up: Metres
    along: Metres | None = None


def at_or_beyond_source(downwind: Numbers) -> NDArray[np.float64]:
    """Distances with what lies upwind counted as the source itself, where no set has spread."""
    return np.asarray(np.maximum(np.asarray(downwind, dtype=float), 0.0))
