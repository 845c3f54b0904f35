"""Concentration indoors when the cloud outdoors comes and goes in any way."""

import numpy as np
from numpy.typing import NDArray

from core.units import Second


def indoor_course(
    time: NDArray[np.float64], outdoors: NDArray[np.float64], time_constant: Second
) -> NDArray[np.float64]:
    """Indoors at the times given, clean at the first; outdoors runs straight between them.

    The exact solution of dCi/dt = (Co - Ci)/tau on each piece (NOAA TM NOS OR&R 43 section 4.6), so steps may be long.
    """
    found = np.zeros_like(outdoors, dtype=float)
    for n, step in enumerate(np.diff(time)):
        shift = step / time_constant
        mixed = -np.expm1(-shift)
        rising = 1 - mixed / shift if shift > 0 else 0.0
        change = outdoors[n + 1] - outdoors[n]
        found[n + 1] = found[n] * (1 - mixed) + outdoors[n] * mixed + change * rising
    return found
