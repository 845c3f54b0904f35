"""Britter and McQuaid's curves of dense gases, by pieces of straight lines as CCPS and TSCREEN print them."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.units import Fraction, Numbers

Piece = tuple[float, float, float]
"""Up to which alpha, and slope and height of beta = slope alpha + height."""

CONTINUOUS: dict[Fraction, tuple[Piece, ...]] = {
    0.10: ((-0.55, 0.0, 1.75), (-0.14, 0.24, 1.88), (1.0, -0.50, 1.78)),
    0.05: ((-0.68, 0.0, 1.92), (-0.29, 0.36, 2.16), (-0.18, 0.0, 2.06), (1.0, -0.56, 1.96)),
    0.02: ((-0.69, 0.0, 2.08), (-0.31, 0.45, 2.39), (-0.16, 0.0, 2.25), (1.0, -0.54, 2.16)),
    0.01: ((-0.70, 0.0, 2.25), (-0.29, 0.49, 2.59), (-0.20, 0.0, 2.45), (1.0, -0.52, 2.35)),
    0.005: ((-0.67, 0.0, 2.40), (-0.28, 0.59, 2.80), (-0.15, 0.0, 2.63), (1.0, -0.48, 2.56)),
    0.002: ((-0.69, 0.0, 2.60), (-0.25, 0.39, 2.87), (-0.13, 0.0, 2.77), (1.0, -0.50, 2.71)),
}
INSTANTANEOUS: dict[Fraction, tuple[Piece, ...]] = {
    0.10: ((-0.44, 0.0, 0.70), (0.43, 0.26, 0.81), (1.0, 0.0, 0.93)),
    0.05: ((-0.56, 0.0, 0.85), (0.31, 0.26, 1.00), (1.0, -0.12, 1.12)),
    0.02: ((-0.66, 0.0, 0.95), (0.32, 0.36, 1.19), (1.0, -0.26, 1.38)),
    0.01: ((-0.71, 0.0, 1.15), (0.37, 0.34, 1.39), (1.0, -0.38, 1.66)),
    0.005: ((-0.52, 0.0, 1.48), (0.24, 0.26, 1.62), (1.0, -0.30, 1.75)),
    0.002: ((0.27, 0.0, 1.83), (1.0, -0.32, 1.92)),
    0.001: ((-0.10, 0.0, 2.075), (1.0, -0.27, 2.05)),
}


NEAR = 30.0
"""Lengths within which a plume has its near field."""


class Release(StrEnum):
    """Whether the gas comes steadily or all at once."""

    CONTINUOUS = "continuous"
    INSTANTANEOUS = "instantaneous"


@dataclass(frozen=True, slots=True)
class Decay:
    """Concentration over that at the source against distance: a near field, the curves, and the square beyond them."""

    near: float
    start: float
    betas: NDArray[np.float64]
    ratios: NDArray[np.float64]

    def at(self, distance: Numbers) -> NDArray[np.float64]:
        """The ratio at distances over the cloud's length; one at the source and upwind."""
        x = np.maximum(np.asarray(distance, dtype=float), 0.0)
        close = np.maximum(self.near / (self.near + x**2), self.ratios[0])
        middle = np.interp(np.log10(np.maximum(x, 1e-12)), self.betas, self.ratios)
        last = 10 ** self.betas[-1]
        far = self.ratios[-1] * (last / np.maximum(x, 1e-12)) ** 2
        return np.asarray(np.where(x <= self.start, close, np.where(x < last, middle, far)))


def betas(alpha: float, release: Release) -> dict[Fraction, float]:
    """The logarithm of the distance at which each ratio of concentrations is reached; beyond alpha 1 lines go on."""
    curves = CONTINUOUS if release == Release.CONTINUOUS else INSTANTANEOUS
    found = {}
    for ratio, pieces in curves.items():
        _, slope, height = next((piece for piece in pieces if alpha <= piece[0]), pieces[-1])
        found[ratio] = slope * alpha + height
    return found


def decay(alpha: float, release: Release) -> Decay:
    """The whole curve of one release: the curves begin at 30 lengths for a plume, where they do for a puff."""
    found = betas(alpha, release)
    ratios, logs = np.array(list(found)), np.maximum.accumulate(np.array(list(found.values())))
    if release == Release.INSTANTANEOUS:
        return Decay(3.24, float(10 ** logs[0]), logs, ratios)
    if logs[0] > np.log10(NEAR):
        ratios, logs = np.insert(ratios, 0, 306 / (306 + NEAR**2)), np.insert(logs, 0, np.log10(NEAR))
    return Decay(306.0, float(10 ** logs[0]), logs, ratios)


def warmed(ratio: NDArray[np.float64], warmth: Fraction) -> NDArray[np.float64]:
    """The ratio of a release that is colder than the air, by its temperature over the air's (workbook section 5.5)."""
    return np.asarray(ratio / (ratio + (1 - ratio) * warmth))
