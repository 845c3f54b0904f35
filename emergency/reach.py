"""How far out a value is still at a level: the way back from a model's answer to a distance."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Along = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""A value at each of many distances."""


def reach(values: Along, level: float, *, near: float, far: float, steps: int = 400) -> float:
    """The farthest distance at which a value is at least `level`; 0 where it never is, infinite beyond `far`.

    The whole range is looked over before the crossing is refined, so a zone that begins away from its source, or is
    narrow, is not stepped over.
    """
    places = np.geomspace(near, far, steps)
    reached = np.flatnonzero(np.asarray(values(places)) >= level)
    if reached.size == 0:
        return 0.0
    last = int(reached[-1])
    if last == steps - 1:
        return float("inf")
    return float(brentq(lambda place: float(values(np.array([place]))[0]) - level, places[last], places[last + 1]))
