"""A fireball: how large, how long, and what heat arrives of it; as ALOHA does it, and as TNO."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import (
    Fluxes,
    Fraction,
    Fractions,
    JoulePerKilogram,
    Kelvin,
    Kilogram,
    Metre,
    Metres,
    Pascal,
    Second,
    WattPerSquareMetre,
)  # fmt: skip
from emergency.evidence import Tier
from emergency.formula import Meanings, formula, means
from emergency.model import model
from emergency.models.fire.air import THROUGH, TRANSMITTED, WATER, Transmission, transmissivity

PROPANE_HEAT = 46e6
"""The heat of combustion to which ALOHA's 350 kW/m² belong, J/kg."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fireball:
    """The ball at its largest and what arrives of it at each place."""

    diameter: Metre
    duration: Second
    centre_height: Metre
    emissive_power: WattPerSquareMetre
    view_factor: Fractions
    transmissivity: Fractions
    heat_flux: Fluxes


FIREBALL: Meanings = {
    "D": means("火球直径", "diameter of the ball", "m"),
    "t": means("持续时间", "duration", "s"),
    "E": means("表面辐射", "emissive power", "W/m2"),
    "F": means("视角系数", "view factor", "1"),
    "q": means("热辐射通量", "heat flux", "W/m2"),
}


@model(
    id="fireball-aloha",
    title=Text("BLEVE 火球热辐射(ALOHA)", "Heat of a BLEVE fireball, ALOHA"),
    source=(
        "ALOHA technical documentation (NOAA OR&R 43) 6.3 (Roberts 1982, AIChE 1994, Duiser 1992), as quoted in HAZEL "
        "js/engine/engineBleve.js"
    ),
    how=Text(
        "D=5.8·M^(1/3),球心高 D/2,表面辐射 350 kW/m²×ΔHc/46 MJ/kg,竖直面视角系数 x·r²/(x²+r²)^1.5;球内取 1。",
        "D = 5.8 M^(1/3), touching the ground, 350 kW/m² times ΔHc / 46 MJ/kg, view factor of an upright surface "
        "x r² / (x² + r²)^1.5, 1 within the ball's radius.",
    ),
    formula=formula(
        "D = 5.8·∛(M)",
        "t = 0.852·M^0.26",
        "E = 350000·Hc/(46·10⁶)",
        "F = 1, x ≤ D/2",
        "F = x·(D/2)²/(x² + (D/2)²)^1.5, x > D/2",
        "s = x",
        THROUGH[0],
        THROUGH[2],
        "q = E·F·τc",
        where={
            **FIREBALL,
            "M": "mass",
            "Hc": "heat_of_combustion",
            "x": "distance",
            "s": means("空气路径", "path through the air", "m"),
            **WATER,
            "τc": TRANSMITTED["τc"],
        },
    ),
    valid={"mass": (1.0, 5e6)},
    neglects=(
        Text("火球升起与随时间的变化", "that it rises and changes with time"),
        Text("未参与闪蒸的液体另成池火", "liquid that does not flash and burns as a pool"),
    ),
    cases=("bleve_fireball",),
    tier=Tier.PEER,
)
def fireball_aloha(
    distance: Metres,
    mass: Kilogram,
    heat_of_combustion: JoulePerKilogram,
    relative_humidity: Fraction = 0.5,
    ambient_temperature: Kelvin = 288.15,
) -> Fireball:
    """Heat on an upright surface on the ground, by distance from below the ball."""
    diameter = 5.8 * mass ** (1 / 3)
    power = 350e3 * heat_of_combustion / PROPANE_HEAT
    x, radius = np.asarray(distance, dtype=float), diameter / 2
    view = np.where(x <= radius, 1.0, x * radius**2 / (x**2 + radius**2) ** 1.5)
    through = transmissivity(x, relative_humidity, ambient_temperature, Transmission.COOK)
    return Fireball(
        diameter=diameter, duration=0.852 * mass**0.26, centre_height=radius, emissive_power=power, view_factor=view,
        transmissivity=through, heat_flux=power * view * through,
    )  # fmt: skip


@model(
    id="fireball-tno",
    title=Text("BLEVE 火球热辐射(TNO)", "Heat of a BLEVE fireball, TNO"),
    source=(
        "Assael and Kakosimos (2010), Fires, Explosions, and Toxic Gas Dispersions, C-2.33 to C-2.47 (TNO), as quoted "
        "in fireSIM (YakNazim/fireSIM-Matlab-toolbox, MIT)"
    ),
    how=Text(
        "D=6.48·M^0.325,t=0.852·M^0.26,辐射份额 0.00325·P^0.32,视角系数 (r/X)²,X 为到球心距离;透射率路径自球面算起。",
        "D = 6.48 M^0.325, t = 0.852 M^0.26, radiated share 0.00325 P^0.32 of the vapour pressure, view factor (r/X)² "
        "to the centre, the air's path from the ball's surface.",
    ),
    formula=formula(
        "D = 6.48·M^0.325",
        "t = 0.852·M^0.26",
        "f = min(0.00325·P^0.32, 1)",
        "E = f·M·Hc/(0.888·π·D²·t)",
        "X = √(x² + (D/2)²)",
        "F = min((D/2/X)², 1)",
        "s = X − D/2",
        THROUGH[0],
        THROUGH[1],
        "q = E·F·τ",
        where={
            **FIREBALL,
            "M": "mass",
            "f": means("辐射份额", "radiated share", "1"),
            "P": "vapour_pressure",
            "Hc": "heat_of_combustion",
            "X": means("到球心的距离", "distance to the ball's centre", "m"),
            "x": "distance",
            "s": means("空气路径", "path through the air", "m"),
            **WATER,
            "τ": TRANSMITTED["τ"],
        },
    ),
    neglects=(Text("火球升起:球心高取 D/2", "that it rises: its centre is at D/2"),),
)
def fireball_tno(
    distance: Metres,
    mass: Kilogram,
    heat_of_combustion: JoulePerKilogram,
    vapour_pressure: Pascal,
    relative_humidity: Fraction = 0.5,
    ambient_temperature: Kelvin = 288.15,
) -> Fireball:
    """Heat on the worst turned surface on the ground, by distance from below the ball."""
    diameter, duration = 6.48 * mass**0.325, 0.852 * mass**0.26
    share = min(0.00325 * vapour_pressure**0.32, 1.0)
    power = share * mass * heat_of_combustion / (0.888 * np.pi * diameter**2 * duration)
    radius = diameter / 2
    centre = np.hypot(np.asarray(distance, dtype=float), radius)
    view = np.minimum((radius / centre) ** 2, 1.0)
    through = transmissivity(centre - radius, relative_humidity, ambient_temperature, Transmission.BAGSTER)
    return Fireball(
        diameter=diameter, duration=duration, centre_height=radius, emissive_power=float(power), view_factor=view,
        transmissivity=through, heat_flux=power * view * through,
    )  # fmt: skip


@model(
    id="fireball-duration-ccps",
    title=Text("火球持续时间(CCPS)", "Duration of a fireball, CCPS"),
    source="a public script crediting CCPS: 0.45 M^(1/3) below 30 t, 2.6 M^(1/6) above; read at second hand",
    how=Text("30 吨以下 0.45·M^(1/3),以上 2.6·M^(1/6)。", "0.45 M^(1/3) below 30 t, 2.6 M^(1/6) above."),
    formula=formula(
        "t = 0.45·∛(M), M < 30000",
        "t = 2.6·M^(1/6), M ≥ 30000",
        where={"t": means("持续时间", "duration", "s"), "M": "mass"},
    ),
)
def duration_ccps(mass: Kilogram) -> Second:
    """Seconds a fireball of a mass burns."""
    return float(0.45 * mass ** (1 / 3) if mass < 30_000.0 else 2.6 * mass ** (1 / 6))
