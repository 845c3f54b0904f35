"""What each of our models of dense clouds says of a trial, by one rule for all trials and with nothing fitted."""

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from math import pi, sqrt
from typing import Any

import numpy as np

from core.texts import Text
from core.units import Fraction, Kelvin, KilogramPerMole, KilogramPerSecond, Speed
from emergency.chemicals import substance
from emergency.models.dispersion.degadis import heavy_plume
from emergency.models.dispersion.dense_or_passive import AIR, choose
from emergency.models.dispersion.obukhov import surface_layer_wind
from emergency.models.dispersion.slab import SlabSource, slab
from emergency.models.dispersion.slab_cloud import SlabCloud
from emergency.models.dispersion.slab_source import (
    LNG,
    SlabSubstance,
    drifting_area,
    expanded_area,
    flashed,
    slab_substance,
)
from emergency.models.dispersion.zone import Cloud, Scaled, mass_of, zones
from emergency.models.sources.entrained_jet import entrained_jet
from emergency.validation.trials import Trial

FAR = 100_000.0


class Rival(StrEnum):
    """The models held against each other."""

    FIRST = "dense-or-passive"
    DEGADIS = "dense-plume-degadis"
    SLAB = "slab"

    @property
    def heading(self) -> Text:
        """What heads its column."""
        return TITLES[self]


TITLES = {
    Rival.FIRST: Text("首算", "first answer"),
    Rival.DEGADIS: Text("DEGADIS 式积分", "after DEGADIS"),
    Rival.SLAB: Text("SLAB", "SLAB"),
}


@cache
def predicted(rival: Rival, trial: Trial) -> Cloud:
    """The cloud in parts of volume of the substance, on the ground or, by SLAB, at the sensors' height."""
    return _BY[rival](trial)


def distance_to(rival: Rival, trial: Trial, level: Fraction) -> float:
    """How far a part of volume is reached."""
    cloud = predicted(rival, trial)
    limit = cloud.farthest if isinstance(cloud, SlabCloud) else FAR
    return zones(cloud, [level], limit=limit)[0].distance


def concentration(rival: Rival, trial: Trial, distance: float) -> float:
    """Kilograms per cubic metre on the axis."""
    part = volume_fraction(rival, trial, distance)
    whole = mass_of(1.0, _gas(trial).molar_mass, trial.ambient_temperature, trial.ambient_pressure)
    return part * whole


def volume_fraction(rival: Rival, trial: Trial, distance: float) -> float:
    """Part of volume of the substance on the axis."""
    return float(predicted(rival, trial).centreline(np.array([distance]))[0])


def mass_fraction(rival: Rival, trial: Trial, distance: float) -> float:
    """Kilograms of the substance a kilogram of the mixture."""
    part, heavy = volume_fraction(rival, trial, distance), _gas(trial).molar_mass
    return part * heavy / (part * heavy + (1 - part) * AIR)


def half_width(rival: Rival, trial: Trial, distance: float) -> float:
    """To where a part in e of the axis's concentration is left."""
    cloud, here = predicted(rival, trial), np.array([distance])
    return float(cloud.half_width(here, float(cloud.centreline(here)[0]) / np.e)[0])


def by_slab(trial: Trial) -> SlabCloud:
    """A pool of its own area, a flashed jet at the speed it had in its hole, or a stream without a speed."""
    gas = _gas(trial)
    given: dict[str, Any] = gas.inputs | {
        "wind_speed": trial.wind_speed, "wind_height": trial.wind_height, "roughness": trial.roughness,
        "stability": trial.stability, "ambient_temperature": trial.ambient_temperature,
        "ambient_pressure": trial.ambient_pressure, "relative_humidity": trial.relative_humidity,
        "mass_rate": trial.mass_rate, "duration": trial.duration, "averaging_time": trial.averaging_time,
        "height": trial.height,
    }  # fmt: skip
    if trial.release == "pool":
        return slab(source=SlabSource.POOL, source_area=trial.pool_area, **given)
    stored = trial.stored_temperature or trial.ambient_temperature
    liquid = flashed(substance(trial.substance), stored)
    mixture = gas.density(liquid, trial.ambient_pressure)
    if trial.hole_area is None:
        area = drifting_area(trial.mass_rate, mixture, trial.wind_speed)
    else:
        area = expanded_area(trial.hole_area, float(substance(trial.substance).liquid_density(stored)), mixture)
    return slab(
        source=SlabSource.JET, source_area=area, liquid_fraction=liquid, release_height=trial.release_height, **given
    )


def by_degadis(trial: Trial) -> Cloud:
    """The steady plume that ends; a flashed jet as its mixture with air when the last droplet is gone."""
    rate, molar_mass, temperature, share = _vapour(trial)
    diameter = 2 * sqrt(trial.pool_area / pi) if trial.release == "pool" else None
    plume = heavy_plume(
        rate, molar_mass, temperature, trial.ambient_temperature, _wind(trial), trial.stability, trial.roughness,
        trial.duration, diameter,
    )  # fmt: skip
    return plume if share == 1.0 else Scaled(plume, share)


def by_choice(trial: Trial) -> Cloud:
    """The first answer of the chain: by the weight of the vapour against the wind, Britter and McQuaid or passive."""
    gas = _gas(trial)
    return choose.method(
        trial.mass_rate, trial.duration, gas.molar_mass, gas.boiling_temperature, trial.ambient_temperature,
        _wind(trial), trial.stability, trial.roughness, trial.release_height,
        trial.pool_area if trial.release == "pool" else None,
    ).cloud  # fmt: skip


_BY: dict[Rival, Callable[[Trial], Cloud]] = {
    Rival.FIRST: by_choice,
    Rival.DEGADIS: by_degadis,
    Rival.SLAB: by_slab,
}


def _gas(trial: Trial) -> SlabSubstance:
    return LNG if trial.substance == "LNG" else slab_substance(substance(trial.substance))


def _wind(trial: Trial) -> Speed:
    return surface_layer_wind(trial.wind_speed, trial.wind_height, 10.0, trial.roughness, trial.stability)


def _vapour(trial: Trial) -> tuple[KilogramPerSecond, KilogramPerMole, Kelvin, Fraction]:
    """Rate, molar mass and temperature of what models of vapour are given, and the substance's share of it.

    A lighter gas would rise as vapour: its flashed jet is heavy by its droplets and the cold air with it.
    """
    gas = _gas(trial)
    if trial.release == "pool" or gas.molar_mass > AIR:
        return trial.mass_rate, gas.molar_mass, gas.boiling_temperature, 1.0
    stored = trial.stored_temperature or trial.ambient_temperature
    jet = entrained_jet(substance(trial.substance), stored, trial.ambient_temperature, trial.ambient_pressure)
    mixed = jet.mole_fraction * gas.molar_mass + (1 - jet.mole_fraction) * AIR
    return trial.mass_rate * (1 + jet.air_ratio), mixed, jet.temperature, jet.mole_fraction
