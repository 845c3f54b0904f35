"""The last readings of points whose rate is judged: a rate is over a window, not between two readings."""

import numpy as np

from monitoring.alarms.compiled import LONG_AGO, Ints, Reals

KEPT = 128
"""Readings of a point; of a window with more, the newest ones count."""

MINUTES = 60_000_000
"""Microseconds of one."""


class Windows:
    """A ring of readings for each point that has a rule on its rate."""

    def __init__(self, rings: int) -> None:
        self._at = np.full((rings, KEPT), LONG_AGO)
        self._value = np.full((rings, KEPT), np.nan)
        self._next = np.zeros(rings, np.int64)

    def rates(self, ring: Ints, at: Ints, value: Reals, span: Ints) -> Reals:
        """Change a minute since the oldest reading within the window; NaN if that spans less than half of it."""
        if not len(ring):
            return np.zeros(0)
        kept = self._at[ring]
        inside = kept >= (at - span)[:, None]
        oldest = np.where(inside, kept, np.int64(2**62)).argmin(axis=1)
        row = np.arange(len(ring))
        since = at - kept[row, oldest]
        enough = inside[row, oldest] & (since * 2 >= span)
        change = value - self._value[ring, oldest]
        return np.where(enough, change / np.where(enough, since / MINUTES, 1.0), np.nan)

    def push(self, ring: Ints, at: Ints, value: Reals) -> None:
        """Keep one more reading of each of these."""
        slot = self._next[ring] % KEPT
        self._at[ring, slot] = at
        self._value[ring, slot] = value
        self._next[ring] += 1
