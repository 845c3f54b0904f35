"""Project Prairie Grass: the highest ten-minute concentration on each arc, predicted by the Gaussian plume.

The rule is fixed here and not fitted: Golder's class from the Obukhov length and the roughness (AERMOD's code form),
Briggs' rural curves as published, the wind as measured at 2 m, the source at 0.46 m, the samplers at 1.5 m. There is
no correction for averaging time, none for evaporation, and no run is left out that has its meteorology.
"""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.units import KilogramPerCubicMetre, KilogramPerSecond, Metre, Speed
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.curves import Curves
from emergency.models.dispersion.gaussian_plume import Plume
from emergency.models.dispersion.golder import golder_class
from emergency.validation.statistics import Agreement, agreement

ROUGHNESS: Metre = 0.007
"""Middle of the 0.006 to 0.008 m reported for the site; Golder's figure starts at 0.01 m and is read there."""

SCALES = (0.5, 0.7, 1.0, 1.4, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """One arc of one run: what was released in what air, and the most any sampler caught."""

    run: int
    distance: Metre
    mass_rate: KilogramPerSecond
    release_height: Metre
    height: Metre
    obukhov_length: Metre
    wind_speed: Speed
    observed: KilogramPerCubicMetre

    @property
    def stability(self) -> Stability:
        """The class by the rule."""
        return golder_class(self.obukhov_length, ROUGHNESS)

    @property
    def predicted(self) -> KilogramPerCubicMetre:
        """What the plume says for the arc's axis."""
        plume = Plume(
            mass_rate=self.mass_rate, wind_speed=self.wind_speed, stability=self.stability,
            curves=Curves.BRIGGS_RURAL, release_height=self.release_height, height=self.height,
        )  # fmt: skip
        return float(plume.centreline(self.distance))


def read_arcs(folder: Path) -> list[Arc]:
    """Every arc of `prairie_grass_arcmax.csv` whose run is in `prairie_grass_met.csv`."""
    air = {row["run"]: row for row in _rows(folder / "prairie_grass_met.csv")}
    return [
        Arc(
            run=int(row["run"]), distance=float(row["arc_m"]), mass_rate=float(row["release_rate_g_s"]) / 1000,
            release_height=float(row["release_height_m"]), height=float(row["receptor_height_m"]),
            obukhov_length=float(air[row["run"]]["obukhov_length_m"]),
            wind_speed=float(air[row["run"]]["wind_speed_m_s"]), observed=float(row["arcmax_mg_m3"]) / 1e6,
        )
        for row in _rows(folder / "prairie_grass_arcmax.csv")
        if row["run"] in air
    ]  # fmt: skip


def compared(arcs: list[Arc]) -> Agreement:
    """How well the arcs agree."""
    observed, predicted = values(arcs)
    return agreement(observed, predicted)


def values(arcs: list[Arc]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Observed and predicted, in kg/m3."""
    return np.array([one.observed for one in arcs]), np.array([one.predicted for one in arcs])


def scaled(arcs: list[Arc], scale: float) -> list[Arc]:
    """The same arcs, were the Obukhov lengths this many times as long: what the class rule alone can move."""
    return [replace(one, obukhov_length=one.obukhov_length * scale) for one in arcs]


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))
