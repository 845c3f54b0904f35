"""How far out a value is still at a level: the way back from a model's answer to a distance."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from emergency.special import root

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
    return root(lambda place: float(values(np.array([place]))[0]) - level, places[last], places[last + 1])


def outline(
    values: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]],
    levels: Sequence[float],
    *,
    near: float,
    far: float,
    directions: int = 72,
    steps: int = 80,
) -> NDArray[np.float64]:
    """How far out a value is at least each level, in each direction counted from downwind towards crosswind.

    `values` takes places downwind and crosswind; distances between two places looked at are taken in proportion in
    logarithms. 0 where it is nowhere so high, infinite beyond `far`. Shape (level, direction).
    """
    turns = np.linspace(0.0, 2 * np.pi, directions, endpoint=False)
    places = np.geomspace(near, far, steps)
    found = np.asarray(values(np.outer(np.cos(turns), places), np.outer(np.sin(turns), places)))
    return np.stack([_farthest(found, places, level) for level in levels])


def _farthest(found: NDArray[np.float64], places: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    directions, steps = found.shape
    above = found >= level
    last = steps - 1 - np.argmax(above[:, ::-1], axis=1)
    row, after = np.arange(directions), np.minimum(last + 1, steps - 1)
    tiny = np.finfo(float).tiny
    inner = np.log(np.maximum(found[row, last], tiny))
    outer = np.log(np.maximum(found[row, after], tiny))
    fall = np.where(inner > outer, inner - outer, 1.0)
    share = np.clip((inner - np.log(level)) / fall, 0.0, 1.0)
    distance = np.exp(np.log(places[last]) + share * np.log(places[after] / places[last]))
    return np.where(~above.any(axis=1), 0.0, np.where(last == steps - 1, np.inf, distance))
