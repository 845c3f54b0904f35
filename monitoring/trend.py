"""The readings of one point as a chart shows them: spans with their lows, highs and lasts, doubts, and holes left open.

What is bad or missing is no part of a line: it is told apart, with the reason. Arrays over rows; times in microseconds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.units import Second
from store.series.spans import Rows, rows_of, spans

__all__ = ["Rows", "Stretches", "doubts", "holes", "rows_of", "span_of", "spans", "usual_step"]

Ints = NDArray[np.int64]
MOST = 400
"""Stretches and holes told of one chart, the longest of them; the rest are counted."""

FEW_PER_SPAN = 2
"""Up to so many readings a column of pixels are shown each by itself."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """Whiles with the same thing wrong, in time order; `more` were too many to tell, or too short."""

    start: Ints
    end: Ints
    quality: NDArray[np.int8]
    flags: NDArray[np.int32]
    count: Ints
    more: int


def span_of(start: int, end: int, width: int, rows: int) -> int:
    """How long a span of a chart of some pixels is; 0 shows every reading by itself."""
    return 0 if rows <= FEW_PER_SPAN * width else max(1, -(-(end - start) // width))


def usual_step(at: Ints) -> Second | None:
    """The usual time between readings, where nobody registered one; None for fewer than three."""
    return float(np.median(np.diff(at))) / 1e6 if len(at) > 2 else None


def doubts(rows: Rows, patience: Second, near: int = 0, step: int = 0) -> Stretches:
    """Whiles of rows that say the same doubt, each up to the next row, unless that is further off than `patience`.

    Two of the same kind nearer to each other than `near` are one; rows that are spans last `step`.
    """
    if not len(rows):
        return _none()
    kind = rows.quality.astype(np.int64) << 32 | rows.flags
    begin = np.flatnonzero(np.append(True, kind[1:] != kind[:-1]))
    end = np.append(begin[1:], len(rows)) - 1
    wrong = kind[begin] != 0
    begin, end = begin[wrong], end[wrong]
    after = np.minimum(end + 1, len(rows) - 1)
    reach = rows.at[after] - rows.at[end]
    until = np.where(reach - step <= patience * 1e6, rows.at[after], rows.at[end])
    until = np.maximum(until, rows.at[end] + step)
    count = end - begin + 1
    return _longest(*_joined(rows.at[begin], until, kind[begin], count, near))


def _joined(start: Ints, end: Ints, kind: Ints, count: Ints, near: int) -> tuple[Ints, Ints, Ints, Ints]:
    if near <= 0 or len(start) < 2:
        return start, end, kind, count
    apart = np.append(True, (kind[1:] != kind[:-1]) | (start[1:] - end[:-1] > near))
    first = np.flatnonzero(apart)
    last = np.append(first[1:], len(start)) - 1
    return start[first], end[last], kind[first], np.add.reduceat(count, first)


def _longest(start: Ints, end: Ints, kind: Ints, count: Ints) -> Stretches:
    more = max(0, len(start) - MOST)
    if more:
        kept = np.sort(np.argsort(end - start, kind="stable")[more:])
        start, end, kind, count = start[kept], end[kept], kind[kept], count[kept]
    quality, flags = (kind >> 32).astype(np.int8), (kind & 0xFFFFFFFF).astype(np.int32)
    return Stretches(start, end, quality, flags, count, more)


def holes(at: Ints, start: int, end: int, patience: Second, step: int = 0) -> Stretches:
    """Where nothing was reported for longer than `patience`, at the edges too; rows that are spans last `step`."""
    if start >= end:
        return _none()
    edges_from, edges_to = np.append(start, at + step), np.append(at, end)
    long = edges_to - edges_from > patience * 1e6
    kind = np.zeros(int(long.sum()), np.int64)
    return _longest(edges_from[long], edges_to[long], kind, kind)


def _none() -> Stretches:
    nothing = np.empty(0, np.int64)
    return Stretches(nothing, nothing, nothing.astype(np.int8), nothing.astype(np.int32), nothing, 0)
