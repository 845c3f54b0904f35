"""Readings of one point in time order as arrays, by themselves or by spans: lowest, highest, last, worst doubt."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
HOUR = 3_600_000_000
BAD = 2
"""From this quality on a reading is no value."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Readings, or spans of readings, in time order."""

    at: Ints
    low: Floats
    high: Floats
    last: Floats
    count: Ints
    quality: NDArray[np.int8]
    flags: NDArray[np.int32]
    refused: Floats

    def __len__(self) -> int:
        return len(self.at)

    def chosen(self, rows: NDArray[Any]) -> "Rows":
        """Some of them, by mask or place."""
        return Rows(*(getattr(self, field.name)[rows] for field in fields(Rows)))


def rows_of(readings: pa.Table) -> Rows:
    """Each reading by itself (columns at, value, quality, flags, in time order)."""
    at = pc.cast(readings["at"], pa.int64()).to_numpy()
    value = np.asarray(readings["value"].to_numpy(), dtype=float)
    quality = readings["quality"].to_numpy().astype(np.int8)
    flags = pc.fill_null(readings["flags"], 0).to_numpy().astype(np.int32)
    usable = (quality < BAD) & np.isfinite(value)
    kept = np.where(usable, value, np.nan)
    refused = np.where(usable, np.nan, value)
    return Rows(at, kept, kept, kept, usable.astype(np.int64), quality, flags, refused)


def taken(readings: pa.Table, places: NDArray[np.int64]) -> Rows:
    """Some readings, each by itself."""
    return rows_of(readings.select(["at", "value", "quality", "flags"]).take(pa.array(places)))


def spans(rows: Rows, start: int, span: int) -> Rows:
    """Equal spans counted from a moment, each with what its rows say; a span without rows is not there."""
    if not len(rows):
        return rows
    place = (rows.at - start) // span
    begin = np.flatnonzero(np.append(True, place[1:] != place[:-1]))
    return summed_by(rows, begin, place[begin] * span + start)


def summed_by(rows: Rows, begin: Ints, at: Ints) -> Rows:
    """What rows say together from each place to the next."""
    if not len(rows):
        return rows
    return Rows(
        at=at,
        low=np.fmin.reduceat(rows.low, begin),
        high=np.fmax.reduceat(rows.high, begin),
        last=_last(rows.last, begin),
        count=np.add.reduceat(rows.count, begin),
        quality=np.maximum.reduceat(rows.quality, begin),
        flags=np.bitwise_or.reduceat(rows.flags, begin),
        refused=_last(rows.refused, begin),
    )


def _last(values: Floats, begin: Ints) -> Floats:
    """The last value of each span that is one."""
    place = np.maximum.reduceat(np.where(np.isnan(values), -1, np.arange(len(values))), begin)
    return np.where(place < 0, np.nan, values[place])


def joined(parts: Sequence[Rows]) -> Rows:
    """One after the other."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return NOTHING
    return Rows(*(np.concatenate([getattr(one, field.name) for one in parts]) for field in fields(Rows)))


def joined_in_time(parts: Sequence[Rows]) -> Rows:
    """Several, in time order."""
    whole = joined(parts)
    return whole.chosen(np.argsort(whole.at, kind="stable"))


NOTHING = rows_of(pa.table({"at": pa.array([], pa.int64()), "value": pa.array([], pa.float64()),
                            "quality": pa.array([], pa.int8()), "flags": pa.array([], pa.int32())}))  # fmt: skip
