"""Heat from the ground under a pool."""

from enum import StrEnum

import numpy as np

from core.texts import Text
from core.units import (
    Fluxes,
    JoulePerKilogram,
    Kelvin,
    Kelvins,
    MassFluxes,
    Seconds,
    SquareMetrePerSecond,
    WattPerMetreKelvin,
)
from emergency.formula import Meanings, formula, means
from emergency.model import model


class Ground(StrEnum):
    """What the pool lies on."""

    SOIL = "soil"
    CONCRETE = "concrete"
    DRY_SAND = "dry sand"
    MOIST_SAND = "moist sand"


GROUNDS: dict[Ground, tuple[WattPerMetreKelvin, SquareMetrePerSecond]] = {
    Ground.SOIL: (8.64, 4.13e-6),
    Ground.CONCRETE: (8.28, 3.74e-6),
    Ground.DRY_SAND: (2.34, 1.74e-6),
    Ground.MOIST_SAND: (5.31, 3.02e-6),
}
"""Conductivity and diffusivity: NOAA TM NOS OR&R 43 table 9 (Briscoe and Shaw 1980), as quoted in HAZEL. They hold the
correction that makes measured boiling rates come out, about nine times the conductivity of the soil itself."""


GROUND_WHERE: Meanings = {
    "k": means("地面有效导热系数,按地面类型", "effective conductivity by kind of ground", "W/(m.K)"),
    "κ": means("地面热扩散率,按地面类型", "diffusivity by kind of ground", "m2/s"),
}


@model(
    id="ground-heat-flux",
    title=Text("地面向液池的导热", "Heat from the ground to a pool"),
    source="conduction into a half space, as NOAA TM NOS OR&R 43, 3.3.3.3, and its table 9, as quoted in HAZEL",
    how=Text("k(Tg - Tp)/√(πκt)。", "k (Tg - Tp) / √(π κ t)."),
    formula=formula(
        "q = k·(Tg − T)/√(π·κ·max(t, 1))",
        where={
            "q": means("导热通量", "heat flux into the pool", "W/m2"),
            **GROUND_WHERE,
            "Tg": "ground_temperature",
            "T": "temperature",
            "t": "time",
        },
    ),
    neglects=(Text("液池温度变化的历史、地面水分冻结", "the history of the pool's temperature, freezing moisture"),),
)
def ground_flux(
    time: Seconds, ground_temperature: Kelvin, temperature: Kelvins, ground: Ground = Ground.SOIL
) -> Fluxes:
    """Into the pool at a temperature, this long after it came to lie there; the first second counts as its end."""
    conductivity, diffusivity = GROUNDS[ground]
    return conductivity * (ground_temperature - temperature) / np.sqrt(np.pi * diffusivity * np.maximum(time, 1.0))


@model(
    id="pool-boiling-on-ground",
    title=Text("低温液体在地面上沸腾", "A cold liquid boiling on the ground"),
    source="`ground-heat-flux` divided by the latent heat: Shaw and Briscoe's boiling on land",
    how=Text("沸腾速率等于地面导热除以汽化热。", "What the ground gives, by the latent heat."),
    formula=formula(
        "m = max(k·(Tg − Tb)/√(π·κ·max(t, 1)), 0)/H",
        where={
            "m": means("沸腾通量", "flux of boiling", "kg/(m2.s)"),
            **GROUND_WHERE,
            "Tg": "ground_temperature",
            "Tb": "boiling_temperature",
            "t": "time",
            "H": "latent_heat",
        },
    ),
    neglects=(Text("太阳、风和空气的供热", "heat from sun, wind and air"),),
)
def boiling_flux(
    time: Seconds, ground_temperature: Kelvin, boiling_temperature: Kelvin, latent_heat: JoulePerKilogram,
    ground: Ground = Ground.SOIL,
) -> MassFluxes:  # fmt: skip
    """Vapour from each square metre; none from ground colder than the boiling point."""
    return np.maximum(ground_flux(time, ground_temperature, boiling_temperature, ground), 0.0) / latent_heat
