"""Readings as a model wants them: one value a column, evenly spaced, without a long hole."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitoring.hints.declared import numbers
from store.series.spans import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Even:
    """The end of a span: `value[n]` is the last good one of the column that begins at `start + n * step`."""

    start: int
    step: int
    value: Floats

    def __len__(self) -> int:
        return len(self.value)

    def at(self, column: Ints) -> Ints:
        """When columns begin, in microseconds."""
        return self.start + column * self.step


def evenly(rows: Rows, start: int, end: int, columns: int) -> Even | None:
    """What comes after the last long hole; None where that is too little. Short holes are bridged by a straight line.

    A column is never shorter than the usual time between readings.
    """
    kept = rows.chosen(np.isfinite(rows.last) & (rows.at >= start) & (rows.at < end))
    if len(kept) < numbers()["enough"]:
        return None
    usual = int(np.median(np.diff(kept.at)))
    step = max(1, -(-(end - start) // columns), usual)
    place = (kept.at - start) // step
    ends = np.flatnonzero(np.append(place[1:] != place[:-1], True))
    place, value = place[ends], kept.last[ends]
    holes = np.flatnonzero(np.diff(place) - 1 > numbers()["hole"])
    first = holes[-1] + 1 if len(holes) else 0
    place, value = place[first:], value[first:]
    if len(place) < numbers()["enough"]:
        return None
    every = np.arange(place[0], place[-1] + 1)
    filled = np.interp(every, place, value)
    return Even(start=int(start + place[0] * step), step=int(step), value=filled)
