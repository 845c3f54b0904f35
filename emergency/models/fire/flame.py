"""The flame over a pool: how long it is, how far the wind leans it, how brightly it shines."""

from enum import StrEnum

import numpy as np

from core.texts import Text
from core.units import (
    Degree,
    Fraction,
    JoulePerKilogram,
    KilogramPerCubicMetre,
    KilogramPerSquareMetreSecond,
    Metre,
    Speed,
    SquareMetrePerSecond,
    WattPerSquareMetre,
)  # fmt: skip
from emergency.evidence import Tier
from emergency.formula import STANDARD_GRAVITY, formula, means
from emergency.model import model

GRAVITY = 9.80665


class Tilt(StrEnum):
    """Which relation leans the flame."""

    YELLOW_BOOK = "yellow-book"
    AGA = "aga"


class Power(StrEnum):
    """Where the emissive power comes from: the energy burnt, or the diameter alone."""

    ENERGY = "energy"
    MUDAN = "mudan"


def characteristic_wind(
    pool_diameter: Metre, burning_flux: KilogramPerSquareMetreSecond, air_density: KilogramPerCubicMetre
) -> Speed:
    """The wind a flame of this size begins to feel, (g m D / ρa)^(1/3)."""
    return float((GRAVITY * burning_flux * pool_diameter / air_density) ** (1 / 3))


@model(
    id="flame-length-thomas",
    title=Text("池火火焰长度(Thomas)", "Length of a pool flame, Thomas"),
    source="Thomas (1963) as in TNO Yellow Book (2005) eq. 6.12 to 6.14; still air 42 and 0.61",
    how=Text(
        "无风:42·D·(m/(ρa√(gD)))^0.61;有风:55·D·(m/(ρa√(gD)))^0.67·u*^-0.21,u* 小于 1 时取 1。",
        "In still air 42 D (m / (ρa √(gD)))^0.61, in wind 55 D (m / (ρa √(gD)))^0.67 u*^-0.21, u* at least 1.",
    ),
    formula=formula(
        "u* = max(u/∛(g·m·D/ρa), 1)",
        "L = 42·D·(m/(ρa·√(g·D)))^0.61, u = 0",
        "L = 55·D·(m/(ρa·√(g·D)))^0.67·u*^(−0.21), u > 0",
        where={
            "u*": means("无量纲风速", "scaled wind", "1"),
            "u": "wind",
            "g": STANDARD_GRAVITY,
            "m": "burning_flux",
            "D": "pool_diameter",
            "ρa": "air_density",
            "L": "flame_length",
        },
    ),
    neglects=(Text("池的形状与围堰", "the shape of the pool and its bund"),),
    cases=("pool_fire_solid_flame", "pool_fire_observed"),
    tier=Tier.OBSERVED,
)
def flame_length(
    pool_diameter: Metre,
    burning_flux: KilogramPerSquareMetreSecond,
    wind: Speed = 0.0,
    air_density: KilogramPerCubicMetre = 1.2,
) -> Metre:
    """Length along the flame's axis."""
    number = burning_flux / (air_density * (GRAVITY * pool_diameter) ** 0.5)
    if wind == 0.0:
        return float(42 * pool_diameter * number**0.61)
    scaled = max(wind / characteristic_wind(pool_diameter, burning_flux, air_density), 1.0)
    return float(55 * pool_diameter * number**0.67 * scaled**-0.21)


@model(
    id="flame-tilt",
    title=Text("池火火焰倾角", "Tilt of a pool flame"),
    source=(
        "TNO Yellow Book (2005) eq. 6.16, 6.68 to 6.70; AGA (1973) as in ALOHA technical documentation 6.5.2: "
        "acos(1/√u*)"
    ),
    how=Text(
        "黄皮书:tanθ/cosθ=0.666·Fr^0.333·Re^0.117;AGA:u*>1 时 θ=acos(1/√u*)。",
        "Yellow Book: tan θ / cos θ = 0.666 Fr^0.333 Re^0.117; AGA: θ = acos(1/√u*) for u* above 1.",
    ),
    formula=formula(
        "Fr = u²/(g·D)",
        "Re = u·D/ν",
        "tan(θ)/cos(θ) = 0.666·Fr^0.333·Re^0.117",
        "u* = u/∛(g·m·D/ρa)",
        "θA = arccos(1/√(u*)), u* > 1",
        "θA = 0, u* ≤ 1",
        where={
            "Fr": means("弗劳德数", "Froude number", "1"),
            "u": "wind",
            "g": STANDARD_GRAVITY,
            "D": "pool_diameter",
            "Re": means("雷诺数", "Reynolds number", "1"),
            "ν": "air_viscosity",
            "θ": "tilt",
            "u*": means("无量纲风速", "scaled wind", "1"),
            "m": "burning_flux",
            "ρa": "air_density",
            "θA": means("火焰倾角(AGA)", "tilt by AGA", "deg"),
        },
    ),
    neglects=(Text("火焰根部被风拖移", "that wind drags the foot of the flame"),),
    cases=("pool_fire_solid_flame",),
    tier=Tier.DOCUMENT,
)
def flame_tilt(
    pool_diameter: Metre,
    burning_flux: KilogramPerSquareMetreSecond,
    wind: Speed,
    air_density: KilogramPerCubicMetre = 1.2,
    air_viscosity: SquareMetrePerSecond = 1.5e-5,
    relation: Tilt = Tilt.YELLOW_BOOK,
) -> Degree:
    """Degrees from upright, downwind."""
    if wind == 0.0:
        return 0.0
    if relation is Tilt.AGA:
        scaled = wind / characteristic_wind(pool_diameter, burning_flux, air_density)
        return float(np.degrees(np.arccos(scaled**-0.5))) if scaled > 1.0 else 0.0
    froude, reynolds = wind**2 / (GRAVITY * pool_diameter), wind * pool_diameter / air_viscosity
    leaning = 0.666 * froude**0.333 * reynolds**0.117
    return float(np.degrees(np.arcsin(2 * leaning / (np.sqrt(4 * leaning**2 + 1) + 1))))


@model(
    id="emissive-power-mudan",
    title=Text("多烟池火表面辐射(Mudan)", "Emissive power of a smoky pool fire, Mudan"),
    source="Mudan and Croce as in TNO Yellow Book (2005) eq. 6.19: 140 exp(-0.12 D) + 20 (1 - exp(-0.12 D)) kW/m2",
    how=Text(
        "只按池径:小池接近 140 kW/m²,大池被烟遮蔽而接近 20 kW/m²。",
        "By the diameter alone: near 140 kW/m² of a small pool, near 20 of a large one hidden by its smoke.",
    ),
    formula=formula(
        "E = 140000·exp(−0.12·D) + 20000·(1 − exp(−0.12·D))",
        where={"E": means("表面辐射", "emissive power", "W/m2"), "D": "pool_diameter"},
    ),
    neglects=(
        Text("不适用于 LNG 等清洁燃烧的燃料:实测 165–265 kW/m²", "LNG and other clean fuels: measured 165 to 265"),
    ),
    cases=("pool_fire_observed",),
    tier=Tier.OBSERVED,
)
def mudan_power(pool_diameter: Metre) -> WattPerSquareMetre:
    """Mean over the flame's surface."""
    clear = float(np.exp(-0.12 * pool_diameter))
    return 140e3 * clear + 20e3 * (1 - clear)


@model(
    id="emissive-power-energy",
    title=Text("池火表面辐射(能量法)", "Emissive power of a pool fire, by energy"),
    source="TNO Yellow Book (2005) eq. 6.71 and 6.20; soot 20 kW/m2 over a share of 0.8 for oil products",
    how=Text(
        "最大值=Fs·m·ΔHc/(1+4L/D);被烟遮蔽的份额 s 只辐射烟的 20 kW/m²。",
        "At most Fs m ΔHc / (1 + 4 L/D); the share s that smoke hides shines with the smoke's 20 kW/m² only.",
    ),
    formula=formula(
        "E = f·m·Hc/(1 + 4·L/D)·(1 − s) + Es·s",
        where={
            "E": means("表面辐射", "emissive power", "W/m2"),
            "f": "radiative_fraction",
            "m": "burning_flux",
            "Hc": "heat_of_combustion",
            "L": "flame_length",
            "D": "pool_diameter",
            "s": "soot_fraction",
            "Es": "soot_power",
        },
    ),
    valid={"radiative_fraction": (0.1, 0.4)},
    neglects=(Text("沿火焰高度的变化", "that it changes along the flame"),),
    cases=("pool_fire_solid_flame", "pool_fire_observed"),
    tier=Tier.OBSERVED,
)
def energy_power(
    pool_diameter: Metre,
    flame_length: Metre,
    burning_flux: KilogramPerSquareMetreSecond,
    heat_of_combustion: JoulePerKilogram,
    radiative_fraction: Fraction = 0.4,
    soot_fraction: Fraction = 0.0,
    soot_power: WattPerSquareMetre = 20e3,
) -> WattPerSquareMetre:
    """Mean over the flame's surface."""
    most = radiative_fraction * burning_flux * heat_of_combustion / (1 + 4 * flame_length / pool_diameter)
    return most * (1 - soot_fraction) + soot_power * soot_fraction
