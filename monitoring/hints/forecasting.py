"""How a point may go on: exponential smoothing of statsmodels with its band, and how much of the past the band held."""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring.hints.declared import numbers
from monitoring.hints.evenly import Even

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One value a column ahead, between what the band holds."""

    middle: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The forecast made at earlier moments: the share of what then came that was in the band, mean errors, how often.

    `by_last` is the error of saying that the last value stays; below it the model is worth something.
    """

    coverage: float
    error: float
    by_last: float
    times: int


def season_of(even: Even) -> int:
    """Columns of a season, where the span holds enough of them; else 0."""
    season = round(numbers()["season"] * 1e6 / even.step)
    return season if season > 1 and len(even) >= numbers()["seasons"] * season else 0


def forecast(value: Floats, season: int = 0) -> Band:
    """The band over the next columns."""
    return _ahead(value, _fitted(value, season), season)


def replayed(value: Floats, season: int = 0) -> Replayed | None:
    """Forecast again from moments of the later half, by what was known at the first of them; None for too little."""
    ahead, times = int(numbers()["ahead"]), int(numbers()["origins"])
    first = max(len(value) // 2, int(numbers()["enough"]), 2 * season + 1)
    if first + ahead > len(value):
        return None
    origins = np.unique(np.linspace(first, len(value) - ahead, times).astype(int))
    fit = _fitted(value[:first], season)
    inside, error, by_last = [], [], []
    for origin in origins:
        band, came = _ahead(value[:origin], fit, season), value[origin : origin + ahead]
        inside.append((band.low <= came) & (came <= band.high))
        error.append(np.abs(band.middle - came))
        by_last.append(np.abs(value[origin - 1] - came))
    return Replayed(
        coverage=float(np.mean(inside)), error=float(np.mean(error)), by_last=float(np.mean(by_last)),
        times=len(origins),
    )  # fmt: skip


def _model(value: Floats, season: int):  # type: ignore[no-untyped-def]
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # heavy, and only for who asks

    kept = pd.Series(value)
    return ETSModel(kept, error="add", seasonal="add" if season else None, seasonal_periods=season or None)


def _fitted(value: Floats, season: int) -> Floats | None:
    """The parameters, None for what never moves."""
    if not float(np.ptp(value)):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not converged: the coverage that is measured says what it is worth
        fit = _model(value, season).fit(disp=False, maxiter=100)
    return np.asarray(fit.params, dtype=float)


def _ahead(value: Floats, parameters: Floats | None, season: int) -> Band:
    ahead, nominal = int(numbers()["ahead"]), numbers()["nominal"]
    if parameters is None or not float(np.ptp(value)):
        flat = np.full(ahead, value[-1])
        return Band(middle=flat, low=flat, high=flat)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        smoothed = _model(value, season).smooth(parameters)
        told = smoothed.get_prediction(len(value), len(value) + ahead - 1).summary_frame(alpha=1 - nominal)
    middle, low, high = (told[name].to_numpy(dtype=float) for name in ("mean", "pi_lower", "pi_upper"))
    return Band(middle=middle, low=low, high=high)
