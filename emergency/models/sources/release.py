"""What has been released by when: the common answer of sources that change in time."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.units import (
    Kelvins,
    Kilogram,
    KilogramPerSecond,
    Kilograms,
    KilogramsPerSecond,
    Second,
    Seconds,
    SquareMetres,
)


class Regime(StrEnum):
    """What leaves the opening."""

    LIQUID = "liquid"
    TWO_PHASE = "two-phase"
    GAS = "gas"
    VAPOUR = "vapour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Rates and the mass released until each time, from 0; `left` stays behind where the opening cannot reach it.

    `temperature` is that of the contents or of the pool at each time, where the method knows it; `area` the pool's.
    """

    time: Seconds
    rate: KilogramsPerSecond
    released: Kilograms
    left: Kilogram
    regime: Regime
    temperature: Kelvins | None = None
    area: SquareMetres | None = None

    @property
    def total(self) -> Kilogram:
        """All that is released."""
        return float(np.asarray(self.released)[-1])

    @property
    def duration(self) -> Second:
        """From the start to the end of the release or of the time limit."""
        return float(np.asarray(self.time)[-1])

    def sustained(self, window: Second = 60.0) -> KilogramPerSecond:
        """The greatest rate averaged over a window, over the whole release when that is shorter."""
        time, released = np.asarray(self.time), np.asarray(self.released)
        if self.duration <= window:
            return self.total / self.duration if self.duration > 0 else 0.0
        last = self.duration - window
        starts = np.unique(np.clip(np.concatenate([time, time - window]), 0.0, last))
        averages = (np.interp(starts + window, time, released) - np.interp(starts, time, released)) / window
        return float(averages.max())


def until(release: Release, limit: Second) -> Release:
    """The release cut off at a time; what would still come is left."""
    time, rate, released = (np.asarray(one) for one in (release.time, release.rate, release.released))
    if release.duration <= limit:
        return release
    inside = time < limit
    last = float(np.interp(limit, time, released))
    return Release(
        time=np.append(time[inside], limit), rate=np.append(rate[inside], np.interp(limit, time, rate)),
        released=np.append(released[inside], last), left=release.left + release.total - last, regime=release.regime,
        temperature=None if release.temperature is None
        else np.append(np.asarray(release.temperature)[inside], np.interp(limit, time, release.temperature)),
    )  # fmt: skip


def none(left: Kilogram, regime: Regime) -> Release:
    """Nothing drives anything out."""
    return Release(time=np.zeros(1), rate=np.zeros(1), released=np.zeros(1), left=left, regime=regime)


def marched(masses: Kilograms, rate: KilogramsPerSecond) -> tuple[Seconds, Kilograms]:
    """Times at which each of these masses has left, at rates known for each: exact for a rate linear in time."""
    steps = np.diff(np.asarray(masses, dtype=float))
    mean = (np.asarray(rate)[1:] + np.asarray(rate)[:-1]) / 2
    times = np.concatenate([[0.0], np.cumsum(np.divide(steps, mean, out=np.zeros_like(steps), where=mean > 0))])
    return times, np.asarray(masses, dtype=float)
