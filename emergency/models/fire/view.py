"""How much of what a small surface sees is flame: view factors as sums over the flame's own surface."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.units import Fractions

Floats = NDArray[np.float64]

AROUND, ALONG, BLOCK = 32, 40, 64
"""Points round and along a flame (0.004 off the closed form a twentieth of a radius away), and targets at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What an upright surface turned to the flame, one lying flat, and the best turned one see of it."""

    vertical: Fractions
    horizontal: Fractions
    maximum: Fractions


def seen(dx: Floats, dy: Floats, dz: Floats, weight: Floats) -> View:
    """View factors of patches of flame, shape (target, patch).

    `dx`, `dy`, `dz` point from the target to each patch; `weight` is cos β dA / (π s⁴) of the patch, none where it
    looks away. What is behind an upright surface does not shine on it: a flame that leans over the target is cut
    there, where the closed form goes wrong.
    """
    east, north = np.einsum("ij,ij->i", dx, weight), np.einsum("ij,ij->i", dy, weight)
    level = np.hypot(east, north)
    known = np.where(level > 0.0, level, 1.0)
    ahead = dx * (east / known)[:, None]
    ahead += dy * (north / known)[:, None]
    vertical = np.minimum(np.einsum("ij,ij->i", np.maximum(ahead, 0.0, out=ahead), weight), 1.0)
    whole, size = np.einsum("ij,ij->i", dz, weight), np.einsum("ij,ij->i", np.abs(dz), weight)
    horizontal = np.minimum((size + np.abs(whole)) / 2, 1.0)
    return View(vertical=vertical, horizontal=horizontal, maximum=np.minimum(np.hypot(vertical, horizontal), 1.0))


def in_blocks(look: Callable[..., View], *places: Floats) -> View:
    """What many targets see, a block of them at a time, so that the sums stay in the processor's cache."""
    shape = np.broadcast_shapes(*(one.shape for one in places))
    flat = [np.broadcast_to(one, shape).reshape(-1) for one in places]
    views = [look(*(one[start : start + BLOCK] for one in flat)) for start in range(0, max(flat[0].size, 1), BLOCK)]
    return View(
        vertical=np.concatenate([np.asarray(one.vertical) for one in views]).reshape(shape),
        horizontal=np.concatenate([np.asarray(one.horizontal) for one in views]).reshape(shape),
        maximum=np.concatenate([np.asarray(one.maximum) for one in views]).reshape(shape),
    )


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
