"""A pool fire as a leaning cylinder of flame: what heat arrives anywhere round it, and how far a heat reaches."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import (
    Degree,
    Fluxes,
    Fraction,
    Fractions,
    JoulePerKilogram,
    Kelvin,
    KilogramPerCubicMetre,
    KilogramPerSquareMetreSecond,
    Metre,
    Metres,
    Speed,
    SquareMetrePerSecond,
    WattPerSquareMetre,
)  # fmt: skip
from emergency.evidence import Tier
from emergency.formula import STANDARD_GRAVITY, formula, means
from emergency.model import model
from emergency.models.fire.air import THROUGH, TRANSMITTED, WATER, Transmission, transmissivity
from emergency.models.fire.cylinder import cylinder_view
from emergency.models.fire.flame import Power, Tilt, energy_power, flame_length, flame_tilt, mudan_power
from emergency.models.fire.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolFlame:
    """The flame itself, before anybody stands near it."""

    diameter: Metre
    length: Metre
    tilt: Degree
    emissive_power: WattPerSquareMetre


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolFire:
    """The flame and what arrives of it at each place."""

    flame: PoolFlame
    view: View
    transmissivity: Fractions
    heat_flux: Fluxes


def pool_flame(
    pool_diameter: Metre,
    burning_flux: KilogramPerSquareMetreSecond,
    heat_of_combustion: JoulePerKilogram,
    wind: Speed = 0.0,
    radiative_fraction: Fraction = 0.4,
    soot_fraction: Fraction = 0.0,
    soot_power: WattPerSquareMetre = 20e3,
    power: Power = Power.ENERGY,
    leaning: Tilt = Tilt.YELLOW_BOOK,
    air_density: KilogramPerCubicMetre = 1.2,
    air_viscosity: SquareMetrePerSecond = 1.5e-5,
) -> PoolFlame:
    """Length, lean and brightness of the flame over a pool."""
    length = flame_length.method(pool_diameter, burning_flux, wind, air_density)
    tilt = flame_tilt.method(pool_diameter, burning_flux, wind, air_density, air_viscosity, leaning)
    if power is Power.MUDAN:
        shines = mudan_power.method(pool_diameter)
    else:
        shines = energy_power.method(
            pool_diameter, length, burning_flux, heat_of_combustion, radiative_fraction, soot_fraction, soot_power
        )
    return PoolFlame(diameter=pool_diameter, length=length, tilt=tilt, emissive_power=shines)


@model(
    id="pool-fire",
    title=Text("池火热辐射(固体火焰)", "Heat of a pool fire, solid flame"),
    source=(
        "TNO Yellow Book (2005) 6.5.4 and 6.6.3: Thomas, Pritchard-Binding tilt, eq. 6.71 or 6.19, view factor summed, "
        "transmissivity of Bagster; options of ALOHA's documentation 6.5"
    ),
    how=Text(
        "热通量=表面辐射×视角系数×透射率。目标取最不利朝向,任意方位;火焰悬于目标上方时数值求和。",
        "Flux is emissive power times view factor times transmissivity, of the worst turned surface, in any direction; "
        "summed, so that a flame leaning over the target is right too.",
    ),
    formula=formula(
        "L = 42·D·(m/(ρa·√(g·D)))^0.61, u = 0",
        "L = 55·D·(m/(ρa·√(g·D)))^0.67·max(u/∛(g·m·D/ρa), 1)^(−0.21), u > 0",
        "tan(θ)/cos(θ) = 0.666·(u²/(g·D))^0.333·(u·D/ν)^0.117",
        "E = f·m·Hc/(1 + 4·L/D)·(1 − k) + Es·k",
        "V = v(x, y, z, D/2, L, θ)",
        "s = √(x² + y²) − D/2",
        *THROUGH,
        "q = E·V·τ",
        where={
            "L": "flame_length",
            "D": "pool_diameter",
            "m": "burning_flux",
            "ρa": "air_density",
            "g": STANDARD_GRAVITY,
            "u": "wind",
            "θ": "tilt",
            "ν": "air_viscosity",
            "E": means("表面辐射;选 Mudan 时只按池径", "emissive power; with Mudan by the diameter alone", "W/m2"),
            "f": "radiative_fraction",
            "Hc": "heat_of_combustion",
            "k": "soot_fraction",
            "Es": "soot_power",
            "s": means("空气路径", "path through the air", "m"),
            "x": "downwind",
            "y": "crosswind",
            **WATER,
            **TRANSMITTED,
            "q": means("热辐射通量;选 Cook 时以 τc 代 τ", "heat flux; with Cook, τc for τ", "W/m2"),
            "V": means("最大视角系数", "greatest view factor", "1"),
            "z": "height",
            "v": means(
                "倾斜圆柱的视角系数(view-factor-cylinder-sum)",
                "view factor of a leaning cylinder (view-factor-cylinder-sum)",
            ),
        },
    ),
    valid={"pool_diameter": (1.0, 50.0), "wind": (0.0, 20.0)},
    neglects=(
        Text("火焰根部拖移、双层火焰", "drag of the foot of the flame and its two zones"),
        Text("障碍物遮挡", "shielding by obstacles"),
    ),
    cases=("pool_fire_solid_flame", "pool_fire_threat_distance"),
    tier=Tier.DOCUMENT,
)
def pool_fire(
    downwind: Metres,
    crosswind: Metres,
    pool_diameter: Metre,
    burning_flux: KilogramPerSquareMetreSecond,
    heat_of_combustion: JoulePerKilogram,
    wind: Speed = 0.0,
    height: Metres = 0.0,
    radiative_fraction: Fraction = 0.4,
    soot_fraction: Fraction = 0.0,
    soot_power: WattPerSquareMetre = 20e3,
    relative_humidity: Fraction = 0.7,
    ambient_temperature: Kelvin = 288.15,
    air_density: KilogramPerCubicMetre = 1.2,
    air_viscosity: SquareMetrePerSecond = 1.5e-5,
    transmitted: Fraction | None = None,
    power: Power = Power.ENERGY,
    leaning: Tilt = Tilt.YELLOW_BOOK,
    transmission: Transmission = Transmission.BAGSTER,
) -> PoolFire:
    """Heat at places given from the pool's centre; `transmitted`, if known, stands for what the air lets through."""
    flame = pool_flame(
        pool_diameter, burning_flux, heat_of_combustion, wind, radiative_fraction, soot_fraction, soot_power, power,
        leaning, air_density, air_viscosity,
    )  # fmt: skip
    radius = pool_diameter / 2
    view = cylinder_view.method(downwind, crosswind, radius, flame.length, flame.tilt, height)
    path = np.hypot(np.asarray(downwind, dtype=float), np.asarray(crosswind, dtype=float)) - radius
    through = (
        transmissivity(path, relative_humidity, ambient_temperature, transmission)
        if transmitted is None
        else np.full_like(path, transmitted)
    )
    flux = flame.emissive_power * view.maximum * through
    return PoolFire(flame=flame, view=view, transmissivity=through, heat_flux=flux)
