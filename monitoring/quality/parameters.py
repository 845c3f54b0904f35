"""By what a point's readings are judged: its own range and interval, and for the rest rows of `data/practice.csv`."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("data") / "practice.csv"
Floats = NDArray[np.float64]


@cache
def practice() -> Mapping[tuple[str, str], float]:
    """The value of each parameter and kind of sensor (none: every kind that has no row of its own)."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {(row["id"], row["kind"]): float(row["value"]) for row in csv.DictReader(file)}


def of_kind(name: str, kind: str) -> float:
    """A parameter for a kind of sensor; NaN where it has none."""
    rows = practice()
    return rows.get((name, kind), rows.get((name, ""), float("nan")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What is declared of a point; None and an empty kind are not known; seconds since 1970 for calibration."""

    kind: str = ""
    low: float | None = None
    high: float | None = None
    interval: float | None = None
    calibrated_until: float | None = None


@dataclass(frozen=True, slots=True)
class Parameters:
    """One value a point in arrays of one length, NaN where a check does not apply."""

    low: Floats
    high: Floats
    interval: Floats
    spike_step: Floats
    stuck_time: Floats
    stuck_tolerance: Floats
    rest: Floats
    drift: Floats
    calibrated_until: Floats

    def __len__(self) -> int:
        return len(self.low)


def parameters(points: Sequence[Point]) -> Parameters:
    """The parameters of points in their order."""
    kinds = [point.kind for point in points]
    each = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
    place = np.array([each[kind] for kind in kinds], dtype=np.int64)

    def by_kind(name: str) -> Floats:
        return np.array([of_kind(name, kind) for kind in each], dtype=float)[place] if kinds else np.empty(0)

    low = np.array([np.nan if point.low is None else point.low for point in points], dtype=float)
    high = np.array([np.nan if point.high is None else point.high for point in points], dtype=float)
    interval = np.array([np.nan if point.interval is None else point.interval for point in points], dtype=float)
    span = high - low
    return Parameters(
        low=low,
        high=high,
        interval=np.where(np.isnan(interval), by_kind("interval"), interval),
        spike_step=by_kind("spike_span") * span,
        stuck_time=by_kind("stuck_time"),
        stuck_tolerance=np.nan_to_num(by_kind("stuck_tolerance") * span),
        rest=by_kind("rest"),
        drift=by_kind("drift_span") * span,
        calibrated_until=np.array(
            [np.nan if point.calibrated_until is None else point.calibrated_until for point in points], dtype=float
        ),
    )


def joined(one: Parameters, other: Parameters) -> Parameters:
    """Those of some points and then of others."""
    return Parameters(*(np.concatenate([getattr(one, f.name), getattr(other, f.name)]) for f in fields(Parameters)))
