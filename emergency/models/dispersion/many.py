"""Many clouds cut at once: the numbers of `zone.reaches` for hundreds of weathers in the time of a few.

Plumes of one set of curves and one class, and dense plumes, are one cloud with columns for its numbers: the formulas
are the plumes' own. What rises and falls along its axis, and any other cloud, is cut by itself.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from core.units import Metre, Metres
from emergency.models.dispersion.britter_mcquaid import Decay
from emergency.models.dispersion.dense_plume import DensePlume
from emergency.models.dispersion.gaussian_plume import Plume
from emergency.models.dispersion.zone import LIMIT, SIXTEENTHS, STEPS, Cloud, Scaled, away, reaches

Floats = NDArray[np.float64]
Stack = Callable[[int], Cloud]
"""The same clouds with their numbers as columns of so many dimensions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Of each cloud (row) and level (column): farthest corner, area, half the greatest width, beyond the limit."""

    farthest: Floats
    area: Floats
    half_width: Floats
    beyond: NDArray[np.bool_]


def reach_numbers(clouds: Sequence[Cloud], levels: Floats, limit: Metre = LIMIT) -> Numbers:
    """What `reaches` says of each cloud at its own levels, shape (cloud, level)."""
    found = Numbers(
        farthest=np.zeros(levels.shape), area=np.zeros(levels.shape), half_width=np.zeros(levels.shape),
        beyond=np.zeros(levels.shape, dtype=bool),
    )  # fmt: skip
    alike: dict[Hashable, list[int]] = defaultdict(list)
    for place, cloud in enumerate(clouds):
        alike[_kind(cloud)].append(place)
    for kind, places in alike.items():
        left = np.array(places)
        if kind is not None:
            stack = _stacked([clouds[one] for one in places])
            falling = _cut(stack, levels[left], limit, found, left)
            left = left[~falling]
        for place in left:
            _alone(clouds[place], levels[place], limit, found, place)
    return found


def _kind(cloud: Cloud) -> Hashable | None:
    """What clouds have in common that can be stacked; None for one that cannot."""
    if isinstance(cloud, DensePlume):
        return ("dense", cloud.curve.ratios.size)
    plume = cloud.cloud if isinstance(cloud, Scaled) else cloud
    if not isinstance(plume, Plume) or plume.rise is not None or plume.duration is None:
        return None
    lid = plume.mixing_height is None
    return (isinstance(cloud, Scaled), plume.curves, plume.stability, plume.averaging_time, lid, plume.height == 0.0)


def _stacked(clouds: Sequence[Cloud]) -> Stack:
    first = clouds[0]
    if isinstance(first, DensePlume):
        dense = [one for one in clouds if isinstance(one, DensePlume)]
        return lambda dimensions: _dense(dense, dimensions)
    plumes = [one.cloud if isinstance(one, Scaled) else one for one in clouds]
    factors = [one.factor if isinstance(one, Scaled) else 1.0 for one in clouds]
    same = [one for one in plumes if isinstance(one, Plume)]
    return lambda dimensions: Scaled(_passive(same, dimensions), _column(factors, dimensions))


def _passive(plumes: Sequence[Plume], dimensions: int) -> Plume:
    def each(name: str) -> float:
        return _column([getattr(one, name) for one in plumes], dimensions)

    first = plumes[0]
    return replace(
        first, mass_rate=each("mass_rate"), wind_speed=each("wind_speed"), release_height=each("release_height"),
        height=each("height"), source_width=each("source_width"), duration=each("duration"),
        mixing_height=None if first.mixing_height is None else each("mixing_height"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Decays:
    """Curves of many dense plumes, one a row; `betas` and `ratios` have the shape (cloud, piece)."""

    near: Floats
    start: Floats
    betas: Floats
    ratios: Floats

    def at(self, distance: Metres) -> Floats:
        """As `Decay.at`: a near field, straight lines in the logarithm between its points, the square beyond them."""
        x = np.maximum(np.asarray(distance, dtype=float), 0.0)
        shape = (-1,) + (1,) * (x.ndim - 1)
        logs = np.log10(np.maximum(x, 1e-12))
        middle = np.broadcast_to(self.ratios[:, 0].reshape(shape), x.shape)
        for piece in range(self.betas.shape[1] - 1):
            low, high = (self.betas[:, one].reshape(shape) for one in (piece, piece + 1))
            wide = np.maximum(high - low, 1e-300)
            drop = (self.ratios[:, piece + 1] - self.ratios[:, piece]).reshape(shape)
            middle = middle + drop * np.clip((logs - low) / wide, 0.0, 1.0)
        near = self.near.reshape(shape)
        close = np.maximum(near / (near + x**2), self.ratios[:, 0].reshape(shape))
        last = 10 ** self.betas[:, -1].reshape(shape)
        far = self.ratios[:, -1].reshape(shape) * (last / np.maximum(x, 1e-12)) ** 2
        return np.asarray(np.where(x <= self.start.reshape(shape), close, np.where(x < last, middle, far)))


def _dense(plumes: Sequence[DensePlume], dimensions: int) -> DensePlume:
    curves = [one.curve for one in plumes]
    decays = _Decays(  # stands where one curve does
        np.array([one.near for one in curves]), np.array([one.start for one in curves]),
        np.array([one.betas for one in curves]), np.array([one.ratios for one in curves]),
    )  # fmt: skip
    return replace(
        plumes[0], length=_column([one.length for one in plumes], dimensions), curve=cast("Decay", decays),
        buoyancy=_column([one.buoyancy for one in plumes], dimensions),
        warmth=_column([one.warmth for one in plumes], dimensions),
    )  # fmt: skip


def _column(values: Sequence[float], dimensions: int) -> float:
    """Numbers as a column, where a cloud has one: numpy spreads them over its places, a row a cloud."""
    return cast("float", np.asarray(values, dtype=float).reshape((-1,) + (1,) * (dimensions - 1)))


def _cut(stack: Stack, levels: Floats, limit: Metre, found: Numbers, places: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Cut those that fall all along their axis, and say which they were."""
    x = away(limit)
    axis = stack(2).centreline(x[None, :])
    falling: NDArray[np.bool_] = (np.diff(axis, axis=1) <= 0.0).all(axis=1)
    count = (axis[:, None, :] >= levels[:, :, None]).sum(axis=2)
    beyond, rows = count == x.size, np.indices(count.shape)
    low, high = x[np.minimum(count, x.size - 1)], x[np.maximum(count - 1, 0)]
    each = stack(3)
    for _ in range(4):
        tries = low[..., None] + (high - low)[..., None] * SIXTEENTHS
        reached = each.centreline(tries) >= levels[..., None]
        first = np.where(reached.any(axis=2), np.argmax(reached, axis=2), 16)
        low, high = tries[*rows, np.maximum(first - 1, 0)], tries[*rows, first]
    end = np.where(beyond, limit, (low + high) / 2)
    start = np.broadcast_to(np.asarray(each.start, dtype=float), (*levels.shape, 1))
    along = start + (end[..., None] - start) * STEPS
    aside = each.half_width(along, levels[..., None])
    there = (count > 0) & falling[:, None]
    for into, values in (
        (found.farthest, np.hypot(along, aside).max(axis=2)), (found.area, 2 * np.trapezoid(aside, along, axis=2)),
        (found.half_width, aside.max(axis=2)),
    ):  # fmt: skip
        into[places] = np.where(there, values, 0.0)
    found.beyond[places] = beyond & there
    return falling


def _alone(cloud: Cloud, levels: Floats, limit: Metre, found: Numbers, place: int) -> None:
    for column, one in enumerate(reaches(cloud, levels.tolist(), limit)):
        found.farthest[place, column], found.area[place, column] = one.farthest, one.area
        found.half_width[place, column], found.beyond[place, column] = one.widest[0], one.beyond
