"""A vessel of liquid below its boiling point drains through a hole."""

import numpy as np

from core.texts import Text
from core.units import Fraction, KilogramPerCubicMetre, Metre, Pascal, Second
from emergency.evidence import Tier
from emergency.formula import STANDARD_GRAVITY, formula, means
from emergency.model import model
from emergency.models.sources.liquid_hole import liquid_hole
from emergency.models.sources.release import Regime, Release, marched, none, until
from emergency.models.sources.vessel import VESSEL, Shape, capacity, level, volume

STEPS = 400


@model(
    id="tank-liquid-draining",
    title=Text("储罐液体泄漏随时间变化", "A tank of liquid draining in time"),
    source="Bernoulli as in `liquid-hole`, integrated over the falling level; TNO Yellow Book CPR 14E (2005) 2.6.4.1",
    how=Text(
        "逐液位用伯努利方程求速率,由液位与体积的关系积分得时间;液面上方压力保持不变,液位降到孔口为止。",
        "Bernoulli's rate at each level, integrated over the volume below it; the pressure above the liquid is held; "
        "it ends when the level reaches the hole.",
    ),
    formula=formula(
        "q = Cd·π/4·d²·√(2·ρ·max(P − Pa + ρ·g·(h − hh), 0))",
        "ρ·dV/dt = −q, h > hh",
        "Vt = v(D, Lt)",
        "V₀ = φ·Vt",
        where={
            "q": "mass_rate",
            "Cd": "discharge_coefficient",
            "d": "hole_diameter",
            "ρ": "liquid_density",
            "P": "upstream_pressure",
            "Pa": "ambient_pressure",
            "g": STANDARD_GRAVITY,
            "h": means("液位,由 V 与容器形状求得", "level, from V and the shape of the vessel", "m"),
            "hh": "hole_height",
            "V": means("液体体积", "volume of liquid", "m3"),
            "t": "time",
            "V₀": means("起始液体体积", "volume of liquid at the start", "m3"),
            "φ": "fill_fraction",
            **VESSEL,
        },
    ),
    neglects=(
        Text("气相压力变化与吸气不畅", "that the pressure above changes, and surging for want of air"),
        Text("孔口自身高度", "the height of the hole itself"),
    ),
    tier=Tier.NONE,
)
def tank_liquid(
    shape: Shape,
    vessel_diameter: Metre,
    vessel_length: Metre,
    fill_fraction: Fraction,
    hole_diameter: Metre,
    hole_height: Metre,
    liquid_density: KilogramPerCubicMetre,
    upstream_pressure: Pascal = 101_325.0,
    ambient_pressure: Pascal = 101_325.0,
    discharge_coefficient: Fraction = 0.61,
    time_limit: Second = 3600.0,
) -> Release:
    """Rates over time; `fill_fraction` is of the volume."""
    filled = fill_fraction * capacity(shape, vessel_diameter, vessel_length)
    top = float(level(shape, vessel_diameter, vessel_length, filled))
    if top <= hole_height:
        return none(filled * liquid_density, Regime.LIQUID)
    levels = hole_height + (top - hole_height) * np.square(np.linspace(1.0, 0.0, STEPS + 1))
    volumes = np.asarray(volume(shape, vessel_diameter, vessel_length, levels))
    jet = liquid_hole(
        hole_diameter=hole_diameter, liquid_density=liquid_density, upstream_pressure=upstream_pressure,
        liquid_head=levels - hole_height, ambient_pressure=ambient_pressure,
        discharge_coefficient=discharge_coefficient,
    )  # fmt: skip
    rates = np.asarray(jet.mass_rate)
    flowing = int(np.argmin(rates > 0)) + 1 if (rates <= 0).any() else rates.size
    if flowing <= 1:
        return none(filled * liquid_density, Regime.LIQUID)
    times, out = marched((volumes[0] - volumes[:flowing]) * liquid_density, rates[:flowing])
    return until(
        Release(
            time=times, rate=rates[:flowing], released=out, left=float(volumes[flowing - 1] * liquid_density),
            regime=Regime.LIQUID,
        ),
        time_limit,
    )  # fmt: skip
