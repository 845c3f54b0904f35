"""How well predictions agree with observations, by the measures of Chang and Hanna (2004)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.units import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """`fb` and `mg` as observed over predicted: below zero, or below one, the model says too much.

    `fac2` is the part within a factor of two; `nmse` weighs the large, `mg` and `vg` all alike.
    """

    count: int
    fac2: Fraction
    fb: Fraction
    nmse: Fraction
    mg: Fraction
    vg: Fraction

    @property
    def acceptable(self) -> bool:
        """Chang and Hanna's rural criteria, all of them."""
        return self.fac2 > 0.5 and abs(self.fb) < 0.3 and 0.7 < self.mg < 1.3 and self.nmse < 4


def agreement(observed: NDArray[np.float64], predicted: NDArray[np.float64]) -> Agreement:
    """Pairs compared; all observations are above zero.

    A prediction of nothing counts against `fac2` and makes `mg` and `vg` infinite, as it should.
    """
    ratio = predicted / observed
    with np.errstate(divide="ignore"):
        logs = np.log(observed) - np.log(predicted)
    mean_observed, mean_predicted = float(observed.mean()), float(predicted.mean())
    return Agreement(
        count=len(observed),
        fac2=float(np.mean((ratio >= 0.5) & (ratio <= 2.0))),
        fb=(mean_observed - mean_predicted) / (0.5 * (mean_observed + mean_predicted)),
        nmse=float(np.mean((observed - predicted) ** 2)) / (mean_observed * mean_predicted),
        mg=float(np.exp(logs.mean())),
        vg=float(np.exp(np.mean(logs**2))),
    )
