"""Published curves of blast waves, read once from the tables beside the package."""

import csv
import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInputError
from core.texts import Text
from core.units import Numbers

if TYPE_CHECKING:
    from scipy.interpolate import CubicHermiteSpline

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class LogPolynomial:
    """y = to_si · base ** p(a + b log x), in pieces; beyond its ends it goes on along its last slope.

    Below its lower end it keeps the value there: nothing published says more about the neighbourhood of a charge.
    """

    low: float
    high: float
    base: float
    to_si: float
    ends: tuple[float, ...]
    pieces: tuple[tuple[float, float, tuple[float, ...]], ...]

    def __call__(self, x: Numbers) -> NDArray[np.float64]:
        """The curve at each x."""
        values = np.asarray(x, dtype=float)
        inside = self._inside(np.clip(values, self.low, self.high))
        return np.asarray(inside * np.maximum(values / self.high, 1.0) ** self.last_slope)

    @cached_property
    def last_slope(self) -> float:
        """How the logarithm goes on where the curve ends."""
        step = 1.001
        ends = self._inside(np.array([self.high / step, self.high]))
        return float(np.log(ends[1] / ends[0]) / np.log(step))

    def _inside(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        t = np.log(x) / np.log(self.base)
        which = np.searchsorted(self.ends, t, side="left")
        found = np.zeros_like(t)
        for number, (a, b, c) in enumerate(self.pieces):
            found = np.where(which == number, np.polynomial.polynomial.polyval(a + b * t, c), found)
        return np.asarray(self.to_si * self.base**found)


@cache
def kingery_bulmash_curves(name: str) -> dict[str, LogPolynomial]:
    """The curves of one set, by parameter: `hemispherical`, `spherical` or `simplified`."""
    curves = json.loads((DATA / "kingery_bulmash.json").read_text("utf-8"))["curves"][name]
    return {parameter: _polynomial(curve) for parameter, curve in curves.items()}


def _polynomial(curve: dict[str, Any]) -> LogPolynomial:
    return LogPolynomial(
        low=curve["low"], high=curve["high"], base=np.e if curve["base"] == "e" else curve["base"],
        to_si=curve["to_si"], ends=tuple(one["to"] for one in curve["segments"][:-1]),
        pieces=tuple((one["a"], one["b"], tuple(one["c"])) for one in curve["segments"]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FlameCurves:
    """Curves by flame Mach number, each made to never rise with distance.

    Reading a graph by hand leaves steps up and down of a few per cent: a place nearer is given at least what one
    farther out has.
    """

    machs: tuple[float, ...]
    logs: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]

    def __call__(self, mach: float, distance: Numbers) -> NDArray[np.float64]:
        """The value at a scaled distance, between two curves in proportion to the Mach number."""
        above = min(int(np.searchsorted(self.machs, mach)), len(self.machs) - 1)
        if above == 0 or mach >= self.machs[above]:
            return self._at(above, distance)
        low, high = self.machs[above - 1], self.machs[above]
        share = (mach - low) / (high - low)
        return (1 - share) * self._at(above - 1, distance) + share * self._at(above, distance)

    def _at(self, number: int, distance: Numbers) -> NDArray[np.float64]:
        x, y = self.logs[number]
        place = np.log(np.maximum(np.asarray(distance, dtype=float), 1e-12))
        decade = np.searchsorted(x, x[-1] - np.log(2.0))
        slope = (y[-1] - y[decade]) / (x[-1] - x[decade])
        return np.asarray(np.exp(np.interp(place, x, y) + slope * np.maximum(place - x[-1], 0.0)))


@cache
def bst_overpressure_curves() -> FlameCurves:
    """Baker-Strehlow-Tang: overpressure over ambient pressure against scaled distance."""
    return _flame_curves("bst_overpressure.csv")


@cache
def bst_impulse_curves() -> FlameCurves:
    """Baker-Strehlow-Tang: scaled positive impulse against scaled distance."""
    return _flame_curves("bst_impulse.csv")


def _flame_curves(name: str) -> FlameCurves:
    rows = np.array([[float(cell) for cell in row] for row in _rows(name)])
    machs = np.unique(rows[:, 0])
    logs = []
    for mach in machs:
        curve = rows[rows[:, 0] == mach]
        distances = np.unique(curve[:, 1])
        values = np.array([curve[curve[:, 1] == one, 2].max() for one in distances])
        logs.append((np.log(distances), np.log(np.maximum.accumulate(values[::-1])[::-1])))
    return FlameCurves(machs=tuple(float(one) for one in machs), logs=tuple(logs))


@cache
def point_source_curve(symmetry: str = "spherical", heat_capacity_ratio: float = 1.4) -> "CubicHermiteSpline":
    """ln of the overpressure ratio against ln of the scaled distance, with its slopes, of one kind of wave."""
    from scipy.interpolate import CubicHermiteSpline  # a fifth of the time a server takes to start

    wave = [symmetry, f"{heat_capacity_ratio:g}"]
    rows = np.array([[float(cell) for cell in row[2:]] for row in _rows("point_source_blast.csv") if row[:2] == wave])
    if not rows.size:
        raise BadInputError(
            Text(
                f"没有 {symmetry}、绝热指数 {heat_capacity_ratio:g} 的点源爆炸表",
                f"no table of {symmetry} waves of heat capacity ratio {heat_capacity_ratio:g}",
            ),
            field="symmetry",
        )
    return CubicHermiteSpline(rows[:, 0], rows[:, 1], rows[:, 2])


def _rows(name: str) -> list[list[str]]:
    """The rows of a table, without its remarks and its head."""
    lines = [line for line in (DATA / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return list(csv.reader(lines))[1:]
