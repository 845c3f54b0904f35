"""What of a terrain is seen from one place.

Reference planes (J. Wang, G. J. Robinson and K. White, Generating viewsheds without using sightlines, Photogrammetric
Engineering and Remote Sensing 66(1), 2000, 87-90): a cell is seen where it stands above the plane through the eye and
the highest that was met at its two neighbours towards the eye. One pass over each of eight octants, a line of cells at
a time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.units import Fraction, Metre
from gis.measure import Floats

EARTH: Metre = 6_378_137.0
"""Semi-major axis of GRS80, by which the ground falls away from a level line of sight."""

REFRACTION: Fraction = 1.0 / 7.0
"""How much of the fall of the ground standard air bends light back; 0.13 to 0.25 are in use."""


BOTTOMLESS: Metre = -1.0e9
"""What hides nothing: no infinity, for planes are weighed with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """The cell the eye is in, and how high above its ground."""

    row: int
    column: int
    eye: Metre


def seen(
    heights: Floats,
    seat: Seat,
    cell: tuple[Metre, Metre],
    reach: Metre,
    *,
    target: Metre = 0.0,
    refraction: Fraction | None = REFRACTION,
) -> NDArray[np.bool_]:
    """Which cells are seen from the seat, shape (row, column) like `heights`; its own is.

    `heights` are metres, NaN where unknown: such a cell is not called seen and hides nothing. `cell` is how high and
    how wide a cell is on the ground. Cells whose middles are further than `reach` are not looked at. `target` is how
    far above the ground the thing looked for stands. `refraction` of None leaves the earth flat.

    Raises: ValueError for a seat outside the terrain or on unknown ground.
    """
    if not (0 <= seat.row < heights.shape[0] and 0 <= seat.column < heights.shape[1]):
        raise ValueError(f"seat outside the terrain: {seat}, shape {heights.shape}")
    ground = heights[seat.row, seat.column]
    if np.isnan(ground):
        raise ValueError(f"no height is known at the seat: {seat}")
    high, wide = cell
    north = (np.arange(heights.shape[0]) - seat.row)[:, None] * high
    east = (np.arange(heights.shape[1]) - seat.column)[None, :] * wide
    squared = north**2 + east**2
    fall = 0.0 if refraction is None else (1.0 - refraction) * squared / (2.0 * EARTH)
    above = heights - fall - (ground + seat.eye)
    found = np.zeros(heights.shape, bool)
    for down in (False, True):
        for right in (False, True):
            corner = (
                slice(seat.row, None, 1 if down else -1),
                slice(seat.column, None, 1 if right else -1),
            )
            quarter = above[corner][: int(reach // high) + 2, : int(reach // wide) + 2]
            marked = found[corner]
            _octant(quarter, marked, target)
            _octant(quarter.T, marked.T, target)
    found &= squared <= reach**2
    return found


def _octant(above: Floats, marked: NDArray[np.bool_], target: Metre) -> None:
    """Marks what is seen of the cells (j, i), i no more than j, from an eye at height 0 in the cell (0, 0)."""
    marked[0, 0] = True
    met = np.empty(0)
    for j in range(1, above.shape[0]):
        own = above[j, : j + 1]
        unknown = np.isnan(own)
        if j == 1:
            plane = np.full(len(own), BOTTOMLESS)
        else:
            i = np.arange(len(own))
            straight = np.append(met, 0.0)[: len(own)]  # of no weight where i is j
            aslant = np.concatenate(([0.0], met))[: len(own)]
            plane = (aslant * i + straight * (j - i)) / (j - 1)
        marked[j, : len(own)] |= ~unknown & (own + target >= plane)
        met = np.where(unknown, plane, np.maximum(own, plane))
