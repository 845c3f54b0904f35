"""Liquid through a hole: Bernoulli with a discharge coefficient."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import Fraction, KilogramPerCubicMetre, KilogramsPerSecond, Metres, Pascal, Pascals, Speeds
from emergency.evidence import Tier
from emergency.formula import STANDARD_GRAVITY, formula, means
from emergency.model import model

GRAVITY = 9.80665
"""m/s2, standard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidJet:
    """The velocity is the mean over the hole: the discharge coefficient is in it."""

    mass_rate: KilogramsPerSecond
    velocity: Speeds


@model(
    id="liquid-hole",
    title=Text("液体经孔口泄漏", "Liquid through a hole"),
    source=(
        "CCPS (1999), Guidelines for Consequence Analysis, p. 40, and TNO Yellow Book CPR 14E (2005) 2.6.4.1, as in "
        "GasDispersion.jl and Petrolord's oracle; Cd 0.61 from ALOHA (NOAA TM NOS OR&R 43, 3.4.4.1) as quoted in HAZEL"
    ),
    how=Text(
        "伯努利方程:ṁ = Cd·A·√(2ρ(P - Pa + ρgh));压差不为正时不出流。",
        "Bernoulli: ṁ = Cd A √(2 ρ (P - Pa + ρ g h)); no flow without a pressure above the air's.",
    ),
    formula=formula(
        "Δp = max(P − Pa + ρ·g·h, 0)",
        "u = Cd·√(2·Δp/ρ)",
        "q = ρ·π/4·d²·u",
        where={
            "Δp": means("孔口压差", "pressure over the hole", "Pa"),
            "P": "upstream_pressure",
            "Pa": "ambient_pressure",
            "ρ": "liquid_density",
            "g": STANDARD_GRAVITY,
            "h": "liquid_head",
            "u": means("孔口平均流速", "mean velocity in the hole", "m/s"),
            "Cd": "discharge_coefficient",
            "q": "mass_rate",
            "d": "hole_diameter",
        },
    ),
    neglects=(Text("闪蒸、黏性、孔口长度", "flashing, viscosity and the length of the hole"),),
    cases=("liquid_orifice",),
    tier=Tier.DOCUMENT,
)
def liquid_hole(
    hole_diameter: Metres,
    liquid_density: KilogramPerCubicMetre,
    upstream_pressure: Pascals,
    liquid_head: Metres = 0.0,
    ambient_pressure: Pascal = 101_325.0,
    discharge_coefficient: Fraction = 0.61,
    gravity: float = GRAVITY,
) -> LiquidJet:
    """Mass rate and mean velocity in the hole; `upstream_pressure` is that above the liquid."""
    drive = np.maximum(upstream_pressure - ambient_pressure + liquid_density * gravity * liquid_head, 0.0)
    velocity = discharge_coefficient * np.sqrt(2 * drive / liquid_density)
    return LiquidJet(mass_rate=liquid_density * np.pi / 4 * hole_diameter**2 * velocity, velocity=velocity)
