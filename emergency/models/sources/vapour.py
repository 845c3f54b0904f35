"""Vapour leaving a pool: how it diffuses in air, and what a transfer coefficient makes of a vapour pressure."""

import numpy as np

from core.units import KilogramPerMole, MassFluxes, Numbers, SquareMetrePerSecond
from emergency.chemicals.equations import GAS_CONSTANT
from emergency.formula import MOLAR_GAS_CONSTANT, Meanings, means

WATER_DIFFUSIVITY, WATER_MOLAR_MASS = 2.39e-5, 0.018015
AIR_VISCOSITY = 1.5e-5
MOST_CORRECTION = 4.0
"""Beyond it the pool boils. This and the rest: NOAA TM NOS OR&R 43, 3.3.1, as quoted in HAZEL."""


def diffusivity(molar_mass: KilogramPerMole) -> SquareMetrePerSecond:
    """Of the vapour in air, from that of water by Graham's law."""
    return float(WATER_DIFFUSIVITY * np.sqrt(WATER_MOLAR_MASS / molar_mass))


def schmidt(molar_mass: KilogramPerMole) -> float:
    """Viscosity of the air by the diffusivity of the vapour."""
    return AIR_VISCOSITY / diffusivity(molar_mass)


def correction(share: Numbers) -> Numbers:
    """How much faster a volatile liquid evaporates, -(Pa/Pv) ln(1 - Pv/Pa) of `share` = Pv/Pa, at most 4."""
    part = np.minimum(np.maximum(share, 1e-9), 1 - 1e-9)
    factor: Numbers = np.minimum(-np.log1p(-part) / part, MOST_CORRECTION)
    return factor


def flux(transfer: Numbers, temperature: Numbers, pressure: Numbers, molar_mass: float, ambient: float) -> MassFluxes:
    """What evaporates with a coefficient of transfer in m/s, the correction for volatile liquids in it."""
    return transfer * correction(pressure / ambient) * pressure * molar_mass / (GAS_CONSTANT * temperature)


VAPOUR = (
    "c = min(−(Pa/Pv)·ln(1 − Pv/Pa), 4), Pv < Pa",
    "c = 4, Pv ≥ Pa",
    "m = k·c·Pv·M/(R·T)",
)
"""The flux that a coefficient of transfer makes of a vapour pressure, as formulas print it."""

VAPOUR_WHERE: Meanings = {
    "c": means("易挥发液体修正", "correction for volatile liquids", "1"),
    "Pa": "ambient_pressure",
    "Pv": "vapour_pressure",
    "m": means("蒸发通量", "flux of evaporation", "kg/(m2.s)"),
    "k": means("传质系数", "coefficient of transfer", "m/s"),
    "M": "molar_mass",
    "R": MOLAR_GAS_CONSTANT,
    "T": "temperature",
}
