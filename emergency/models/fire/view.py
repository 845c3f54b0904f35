"""How much of what a small surface sees is flame: view factors as sums over the flame's own surface."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.units import Fractions

Floats = NDArray[np.float64]

AROUND, ALONG = 32, 40
"""Gauss points round and along a flame: within 0.004 of the closed form a twentieth of a radius off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What an upright surface turned to the flame, one lying flat, and the best turned one see of it."""

    vertical: Fractions
    horizontal: Fractions
    maximum: Fractions


def seen(towards: Floats, weight: Floats) -> View:
    """View factors of patches of flame.

    `towards` points from the target to each patch, shape (…, patch, 3); `weight` is cos β dA / (π s⁴) of the patch,
    none where it looks away. What is behind an upright surface does not shine on it: a flame that leans over the
    target is cut there, where the closed form goes wrong.
    """
    pull = (towards * weight[..., None]).sum(axis=-2)
    level = np.hypot(pull[..., 0], pull[..., 1])
    facing = np.divide(pull[..., :2], level[..., None], out=np.zeros_like(pull[..., :2]), where=level[..., None] > 0.0)
    ahead = np.maximum((towards[..., :2] * facing[..., None, :]).sum(axis=-1), 0.0)
    vertical = np.minimum((ahead * weight).sum(axis=-1), 1.0)
    above = (np.maximum(towards[..., 2], 0.0) * weight).sum(axis=-1)
    below = (np.maximum(-towards[..., 2], 0.0) * weight).sum(axis=-1)
    horizontal = np.minimum(np.maximum(above, below), 1.0)
    return View(vertical=vertical, horizontal=horizontal, maximum=np.minimum(np.hypot(vertical, horizontal), 1.0))


def inside(view: View, within: NDArray[np.bool_]) -> View:
    """The same, all flame where the target is in the flame."""
    return View(
        vertical=np.where(within, 1.0, view.vertical),
        horizontal=np.where(within, 1.0, view.horizontal),
        maximum=np.where(within, 1.0, view.maximum),
    )


def gauss(count: int) -> tuple[Floats, Floats]:
    """Places and weights on 0 to 1."""
    places, weights = np.polynomial.legendre.leggauss(count)
    return (places + 1) / 2, weights / 2
