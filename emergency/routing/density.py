"""How dense roads are round each junction, by which a place counts as built up or not."""

from typing import Annotated

import numpy as np
import numpy.typing as npt

from core.units import Metre, Unit
from gis.measure import Floats

CELLS = 20
"""The radius is so many cells long, within which junctions are taken together."""

Density = Annotated[float, Unit("km/km2")]


def densities(xy: Floats, metres: Floats, radius: Metre) -> npt.NDArray[np.float64]:
    """Kilometres of road in a square kilometre round each place, shape (n,).

    `metres` of road belong to each place of the plane, `xy` of shape (n, 2). The circle has the edge of the cells it
    is made of: a twentieth of the radius.
    """
    cell = np.floor(xy / (radius / CELLS)).astype(np.int64)
    cell -= cell.min(axis=0) - 2 * CELLS
    width = int(cell[:, 0].max()) + 2 * CELLS
    key, of = np.unique(cell[:, 1] * width + cell[:, 0], return_inverse=True)
    sums = np.concatenate([[0.0], np.cumsum(np.bincount(of, metres))])
    within = np.zeros(len(key))
    for row in range(-CELLS, CELLS + 1):
        half = int(np.sqrt(CELLS * CELLS - row * row))
        low = np.searchsorted(key, key + row * width - half, side="left")
        high = np.searchsorted(key, key + row * width + half, side="right")
        within += sums[high] - sums[low]
    return np.asarray((within / 1e3)[of] / (np.pi * (radius / 1e3) ** 2))
