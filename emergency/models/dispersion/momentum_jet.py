"""A jet that mixes by its own momentum: how far from a leak the gas can burn before the wind takes it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import (
    Concentrations,
    Fraction,
    Kelvin,
    KilogramPerMole,
    KilogramPerSecond,
    Metre,
    Metres,
    Pascal,
    Speed,
)
from emergency.evidence import Tier
from emergency.formula import MOLAR_GAS_CONSTANT, formula, means
from emergency.model import model
from emergency.models.dispersion.dense_or_passive import AIR, density

ENTRAINMENT = 0.28
"""Air drawn in, m²/s, by the square root of momentum over the air's density (after Ricou and Spalding 1961)."""

BROADER = 1.16
"""Width of the concentration by that of the velocity."""

SPREAD = ENTRAINMENT / np.sqrt(2 * np.pi)
"""Width of the velocity by distance, exp(-(r/b)²): what entrainment and constant momentum leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentumJet:
    """Parts of volume along a jet's axis; `core` is how far it stays unmixed."""

    core: Metre
    molar_mass: KilogramPerMole
    start: Metre = 0.0

    def mass_fraction(self, along: Metres, aside: Metres = 0.0) -> NDArray[np.float64]:
        """Of the gas, at a distance along the axis and from it."""
        x = np.maximum(np.asarray(along, dtype=float), 1e-9)
        across = np.exp(-((np.asarray(aside) / (BROADER * SPREAD * x)) ** 2))
        return np.asarray(np.minimum(self.core / x, 1.0) * across)

    def centreline(self, downwind: Metres) -> NDArray[np.float64]:
        """Part of volume on the axis."""
        found = self.volume(self.mass_fraction(downwind))
        return np.where(np.asarray(downwind) >= 0.0, found, 0.0)

    def half_width(self, downwind: Metres, level: Concentrations) -> NDArray[np.float64]:
        """How far from the axis a part of volume is reached; zero where it is not."""
        mass = level * self.molar_mass / (level * self.molar_mass + (1 - level) * AIR)
        ratio = np.maximum(self.mass_fraction(downwind) / mass, 1.0)
        return np.asarray(BROADER * SPREAD * np.maximum(downwind, 0.0) * np.sqrt(np.log(ratio)))

    def volume(self, mass_fraction: Metres) -> NDArray[np.float64]:
        """Part of volume of a mass fraction."""
        gas = np.asarray(mass_fraction) / self.molar_mass
        return np.asarray(gas / (gas + (1 - np.asarray(mass_fraction)) / AIR))


@model(
    id="momentum-jet",
    title=Text("动量射流浓度", "Concentration of a momentum jet"),
    source=(
        "integral jet of constant momentum with normal profiles; entrainment 0.28 (Ricou and Spalding 1961) and width "
        "ratio 1.16 as quoted in HyRAM+ 6 (sandialabs/hyram, src/hyram/phys/_jet.py: betaA, lam)"
    ),
    how=Text(
        "动量守恒、质量守恒与卷吸给出轴线质量分数随距离反比下降,断面为正态分布。",
        "Constant momentum, the balance of mass and entrainment make the mass fraction on the axis fall as the "
        "distance, normal across.",
    ),
    formula=formula(
        "ρa = P·Ma/(R·Ta)",
        "β = 0.28/√(2·π)",
        "F = √(2·Q·u/(π·ρa))",
        "xc = (1 + λ²)/λ²·Q/(π·ρa·F·β)",
        "w = min(xc/x, 1)·exp(−(r/(λ·β·x))²)",
        "Y = (w/M)/(w/M + (1 − w)/Ma)",
        where={
            "ρa": means("空气密度", "air density", "kg/m3"),
            "P": "ambient_pressure",
            "Ma": means("空气摩尔质量", "molar mass of air", "kg/mol", 0.02896),
            "R": MOLAR_GAS_CONSTANT,
            "Ta": "ambient_temperature",
            "β": means("速度断面宽度与距离之比", "width of the velocity by the distance", "1"),
            "F": means("动量与空气密度之比的平方根尺度", "scale of the momentum", "m2/s"),
            "Q": "mass_rate",
            "u": "exit_velocity",
            "xc": means("未混合核心长度", "length of the unmixed core", "m"),
            "λ": means("浓度与速度断面宽度之比", "width of the concentration by that of the velocity", "1", 1.16),
            "w": means("质量分数", "mass fraction", "1"),
            "x": means("沿轴线的距离", "distance along the axis", "m"),
            "r": means("离轴线的距离", "distance from the axis", "m"),
            "Y": means("体积分数", "part of volume", "1"),
            "M": "molar_mass",
        },
    ),
    neglects=(
        Text("风、浮力与地面", "wind, buoyancy and the ground"),
        Text("液滴蒸发降温", "that evaporating droplets cool the jet"),
    ),
    cases=("flash_fire_envelope",),
    tier=Tier.PEER,
)
def momentum_jet(
    mass_rate: KilogramPerSecond,
    exit_velocity: Speed,
    molar_mass: KilogramPerMole,
    ambient_temperature: Kelvin = 288.15,
    ambient_pressure: Pascal = 101_325.0,
) -> MomentumJet:
    """The jet of a rate at its velocity after expansion to the air's pressure."""
    air = density(AIR, ambient_temperature, ambient_pressure)
    flow = np.sqrt(2 * mass_rate * exit_velocity / (np.pi * air))
    share: Fraction = (1 + BROADER**2) / BROADER**2
    return MomentumJet(core=float(share * mass_rate / (np.pi * air * flow * SPREAD)), molar_mass=molar_mass)
