"""A pool evaporates in time: its temperature follows from what heats and cools it."""

from enum import StrEnum

import numpy as np

from core.texts import Text
from core.units import Degree, Fraction, Kelvin, Kilogram, Metre, Pascal, Second, Speed
from emergency.chemicals.substance import Substance
from emergency.evidence import Tier
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.sources import brighton, mackay_matsugu, vapour
from emergency.models.sources.ground import GROUNDS, Ground
from emergency.models.sources.release import Regime, Release

AIR_DIFFUSIVITY, AIR_DENSITY, AIR_HEAT_CAPACITY = 2.0e-5, 1.2, 1004.0
EMISSIVITY, REFLECTIVITY, STEFAN_BOLTZMANN = 0.97, 0.03, 5.67e-8
CLOUDS = (
    (0.740, 44.3e-6), (0.750, 44.3e-6), (0.760, 44.3e-6), (0.770, 44.2e-6), (0.783, 40.7e-6), (0.793, 40.5e-6),
    (0.800, 39.9e-6), (0.810, 38.4e-6), (0.820, 35.4e-6), (0.840, 31.0e-6), (0.870, 26.6e-6),
)  # fmt: skip
"""Factors of radiation from the sky by tenths of cloud: NOAA TM NOS OR&R 43 table 8, as quoted in HAZEL."""


class Transfer(StrEnum):
    """Whose coefficient of mass transfer."""

    BRIGHTON = "brighton"
    MACKAY_MATSUGU = "mackay_matsugu"


@model(
    id="evaporating-pool",
    title=Text("液池蒸发随时间变化", "A pool evaporating in time"),
    source=(
        "balance of energy of NOAA TM NOS OR&R 43, 3.3.2-3.3.3 (Raphael 1962, Thibodeaux 1979, Brighton 1985), as "
        "quoted in HAZEL; mass transfer as in `brighton-evaporation` or `mackay-matsugu`"
    ),
    how=Text(
        "固定面积的液池;池温由日照、大气与自身长波辐射、地面导热、空气对流和蒸发冷却的平衡逐步求得;接近沸点时蒸发量"
        "等于得热除以汽化热。",
        "A pool of fixed area; its temperature follows from sun, sky, its own radiation, ground, air and evaporation, "
        "step by step; near the boiling point it evaporates what the heat suffices for.",
    ),
    neglects=(
        Text("铺展与面积变化、地面热史", "spreading, a changing area, the history of the ground's heat"),
        Text("溶解与渗漏", "solution and seepage"),
    ),
    cases=("pool_evaporation",),
    tier=Tier.PEER,
)
def evaporating_pool(
    substance: Substance,
    mass: Kilogram,
    pool_diameter: Metre,
    wind_speed: Speed,
    temperature: Kelvin,
    ambient_temperature: Kelvin,
    stability: Stability = Stability.D,
    ground: Ground = Ground.SOIL,
    ground_temperature: Kelvin | None = None,
    relative_humidity: Fraction = 0.5,
    cloud_cover: Fraction = 0.5,
    solar_elevation: Degree = 0.0,
    transfer: Transfer = Transfer.BRIGHTON,
    roughness: Metre = 0.001,
    ambient_pressure: Pascal = 101_325.0,
    time_limit: Second = 3600.0,
) -> Release:
    """Rates over time until the pool is gone or the limit is reached; the sun is below the horizon unless given."""
    boiling = substance.saturation_temperature(ambient_pressure)
    area = float(np.pi / 4 * pool_diameter**2)
    steady = _radiation(ambient_temperature, relative_humidity, cloud_cover, solar_elevation)
    warm = ambient_temperature if ground_temperature is None else ground_temperature
    conductivity, diffusivity = GROUNDS[ground]
    if transfer is Transfer.BRIGHTON:
        moved = float(brighton.coefficient(wind_speed, pool_diameter, substance.molar_mass, stability, roughness))
    else:
        moved = float(mackay_matsugu.coefficient(wind_speed, pool_diameter, substance.molar_mass))
    lewis = (AIR_DIFFUSIVITY / vapour.diffusivity(substance.molar_mass)) ** (2 / 3)
    exchange = AIR_DENSITY * AIR_HEAT_CAPACITY * lewis * moved
    now, here, left = 0.0, min(temperature, boiling), mass
    rows: list[tuple[float, float, float, float]] = []
    while True:
        pressure, latent = float(substance.vapour_pressure(here)), float(substance.latent_heat(here))
        faster = float(vapour.correction(pressure / ambient_pressure))
        flux = float(vapour.flux(moved, here, pressure, substance.molar_mass, ambient_pressure))
        heat = (
            steady - EMISSIVITY * STEFAN_BOLTZMANN * here**4 + exchange * faster * (ambient_temperature - here)
            + conductivity * (warm - here) / float(np.sqrt(np.pi * diffusivity * max(now, 1.0)))
        )  # fmt: skip
        if faster >= vapour.MOST_CORRECTION:
            flux = max(flux, heat / latent)
        rows.append((now, flux * area if left > 0 else 0.0, mass - left, here))
        if left <= 0 or now >= time_limit:
            break
        warming = (heat - latent * flux) * area / (left * float(substance.liquid_heat_capacity(here)))
        step = min(10.0, 0.1 + 0.02 * now, 0.25 / max(abs(warming), 1e-9), time_limit - now)
        if flux > 0:
            step = min(step, left / (flux * area))
        left -= min(flux * area * step, left)
        left = 0.0 if left < 1e-6 * mass else left
        now = time_limit if time_limit - now - step < 1e-9 else now + step
        here = float(np.clip(here + warming * step, substance.curve("vapour_pressure").low, boiling))
    time, rate, released, temperatures = np.array(rows).T
    return Release(
        time=time, rate=rate, released=released, left=left, regime=Regime.VAPOUR, temperature=temperatures
    )  # fmt: skip


def _radiation(air: float, humidity: float, cloud: float, elevation: float) -> float:
    """From the sun (Raphael 1962) and from the sky (Thibodeaux 1979), W/m2; water in the air by Magnus's formula."""
    index, height = 10 * cloud, float(np.sin(np.radians(elevation)))
    sun = 1111 * (1 - 0.0071 * index**2) * (height - 0.1) if height > 0.1 else 0.0
    celsius = air - 273.15
    water = humidity * 610.94 * float(np.exp(17.625 * celsius / (celsius + 243.04)))
    a, b = CLOUDS[round(index)]
    return sun + (1 - REFLECTIVITY) * (a + b * water) * STEFAN_BOLTZMANN * air**4
