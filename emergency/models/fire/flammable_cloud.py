"""How much of a cloud can burn and where its middle is, of whatever model made the cloud."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInputError
from core.texts import Text
from core.units import Kilogram, KilogramPerCubicMetre, Metre

Field = Callable[[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
"""Concentration, kg/m³, at places downwind, crosswind and up, the same to both sides of the axis."""

ALOHA_SHARE = 0.9
"""ALOHA counts from nine tenths of the lower limit (NOAA OR&R 43, 5.2)."""

ALONG, ACROSS, UP = 120, 60, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class FlammableCloud:
    """The mass between two concentrations, the middle of it and how far and wide it goes.

    `rich_centre` is the middle of all above the lower concentration, what is too rich to burn with it.
    """

    mass: Kilogram
    centre: Metre
    rich_centre: Metre
    begins: Metre
    ends: Metre
    half_width: Metre
    top: Metre


EMPTY = FlammableCloud(mass=0.0, centre=0.0, rich_centre=0.0, begins=0.0, ends=0.0, half_width=0.0, top=0.0)


def flammable_cloud(
    concentration: Field,
    lower: KilogramPerCubicMetre,
    upper: KilogramPerCubicMetre,
    *,
    near: Metre = 0.1,
    far: Metre = 5000.0,
    height: Metre = 500.0,
) -> FlammableCloud:
    """The mass of a cloud between two concentrations, summed over cells that grow with the distance from the axis.

    The cloud is first looked over for how far, wide and high it reaches the lower one; `height` is the highest looked
    at, and half of what is looked at sideways.
    """
    if not 0.0 < lower < upper:
        raise BadInputError(
            Text(
                f"可燃下限 {lower:g} kg/m³ 应大于零且小于上限 {upper:g} kg/m³",
                f"the lower limit {lower:g} kg/m³ must be above nought and below the upper one, {upper:g} kg/m³",
            ),
            field="lower",
        )
    x = np.geomspace(near, far, 400)
    aside, above = np.geomspace(near / 100, 2 * height, 200), np.geomspace(near / 100, height, 200)
    rising = np.concatenate([[0.0], above])
    tall = concentration(x[:, None], np.zeros(1), rising[None, :]) >= lower
    if not tall.any():
        return EMPTY
    inside = np.flatnonzero(tall.any(axis=1))
    begins, ends = x[max(inside[0] - 1, 0)], x[min(inside[-1] + 1, x.size - 1)]
    top = rising[min(int(np.flatnonzero(tall.any(axis=0))[-1]) + 1, rising.size - 1)]
    reached = concentration(x[inside, None, None], aside[None, :, None], np.linspace(0.0, top, 16)[None, None, :])
    broad = np.flatnonzero((reached >= lower).any(axis=(0, 2)))
    wide = aside[min(int(broad[-1]) + 1, aside.size - 1)] if broad.size else aside[0]
    (xs, dx), (ys, dy), (zs, dz) = _cells(begins, ends, ALONG), _cells(0.0, wide, ACROSS), _cells(0.0, top, UP)
    found = concentration(xs[:, None, None], ys[None, :, None], zs[None, None, :])
    along, rich = (
        2 * np.einsum("ijk,j,k->i", np.where(counted, found, 0.0), dy, dz) * dx
        for counted in ((found >= lower) & (found <= upper), found >= lower)
    )
    mass = float(along.sum())
    if mass == 0.0:
        return EMPTY
    return FlammableCloud(
        mass=mass, centre=float((along * xs).sum() / mass),
        rich_centre=float((rich * xs).sum() / rich.sum()), begins=float(begins), ends=float(ends),
        half_width=float(wide), top=float(top),
    )  # fmt: skip


def _cells(start: Metre, end: Metre, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles and widths of cells that are small near the start."""
    edges = start + (end - start) * np.linspace(0.0, 1.0, count + 1) ** 2
    return (edges[1:] + edges[:-1]) / 2, np.diff(edges)
