"""Places rounded to the middles of cells: what is told of a place whose exact position is not to be told."""

import numpy as np
import numpy.typing as npt

from core.units import Metre

Degrees = npt.NDArray[np.float64]

DEGREE_UP = 110_574.0
"""Metres in a degree of latitude at the equator, the shortest there is (GRS 80)."""
DEGREE_ACROSS = 111_319.0
"""Metres in a degree of longitude at the equator; times the cosine of a latitude it is never more than there is."""


def rounded(lon: Degrees, lat: Degrees, side: Metre) -> tuple[Degrees, Degrees]:
    """The middle of the cell each position lies in; a position that is not a number stays one.

    Rows of cells are equally high in degrees; each row is divided into as many equal cells as stay at least `side`
    metres wide at its edge nearest the pole. So no cell is lower or narrower than `side`, every position of a cell has
    the same middle, and the middle of a middle is itself.
    """
    up = side / DEGREE_UP
    rows = np.ceil(180 / up)
    row = np.clip(np.floor((lat + 90) / up), 0, rows - 1)
    south = row * up - 90
    polewards = np.minimum(90.0, np.maximum(np.abs(south), np.abs(south + up)))
    cells = np.maximum(1.0, np.floor(360 * DEGREE_ACROSS * np.cos(np.radians(polewards)) / side))
    column = np.clip(np.floor((lon + 180) / 360 * cells), 0, cells - 1)
    north = np.minimum(90.0, south + up)
    return np.round((column + 0.5) * 360 / cells - 180, 6), np.round((south + north) / 2, 6)
