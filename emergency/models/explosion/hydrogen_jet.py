"""A hydrogen jet that is lit late: the part of it that can detonate, and the blast of that part."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import Fractions, Joule, Kelvin, Kilogram, KilogramPerSecond, Metre, Metres, Pascal, Pascals
from emergency.evidence import Tier
from emergency.model import model
from emergency.models.dispersion.dense_or_passive import AIR
from emergency.models.dispersion.momentum_jet import BROADER, SPREAD, MomentumJet, momentum_jet
from emergency.models.explosion.bauwens_dorofeev import bauwens_dorofeev

GAS = 8.314462618
HYDROGEN = 0.002016
RATIO = 1.41
HEAT = 120e6
LOWER, UPPER = 0.04, 0.75
STOICHIOMETRIC = 2 / 4.76
"""Moles of hydrogen to moles of air that burn with nothing left."""

CELL = (2.94771698, -0.16536739, 2.2608031, -1.18064551, 0.45823461)
"""ln of the detonation cell in millimetres by powers of ln of the equivalence ratio."""

STEEPEST = 0.1
"""How fast the cell may grow with distance for a detonation to follow."""

FEWEST = 5.0
"""Cells that must fit across the jet."""

ALONG, ACROSS = 800, 800


@dataclass(frozen=True, slots=True, kw_only=True)
class HydrogenJet:
    """The leak, what of it can detonate, and the overpressure at each distance from the hole."""

    mass_rate: KilogramPerSecond
    detonable_mass: Kilogram
    energy: Joule
    overpressure: Pascals


@model(
    id="hydrogen-jet-blast",
    title=Text("氢气射流延迟点火超压", "Blast of a hydrogen jet lit late"),
    source=(
        "Bauwens and Dorofeev, ICHS 2019 paper 279: detonable mass by cell size, its gradient of at most 0.1 and five "
        "cells across; fits as quoted in HyRAM+ 6 (sandialabs/hyram, _unconfined_overpressure.py); jet: momentum-jet"
    ),
    how=Text(
        "理想气体临界流求流量与动量,动量射流求浓度;爆轰胞格随距离变化不超过 0.1 且横向容纳五个以上胞格的部分参与爆轰。",
        "Choked flow of an ideal gas gives rate and momentum, the momentum jet the mixture; what takes part is where "
        "the detonation cell grows slowly enough and five of them fit across.",
    ),
    valid={"hole_diameter": (0.019, 0.06)},
    neglects=(
        Text("真实气体效应:高压低温时流量偏大", "real gas: the rate is too high when cold and compressed"),
        Text("孔径小于 19 mm 时偏大至 11 倍(偏安全)", "holes below 19 mm: up to eleven times too high"),
        Text("风、浮力、障碍物", "wind, buoyancy, obstacles"),
    ),
    cases=("hydrogen_jet_delayed_ignition_overpressure",),
    tier=Tier.OBSERVED,
)
def hydrogen_jet(
    distance: Metres,
    upstream_pressure: Pascal,
    upstream_temperature: Kelvin,
    hole_diameter: Metre,
    ambient_temperature: Kelvin = 288.15,
    ambient_pressure: Pascal = 101_325.0,
) -> HydrogenJet:
    """Overpressure at distances from the hole; none of a jet too small to detonate or without pressure behind it."""
    rate, speed = choked(upstream_pressure, upstream_temperature, hole_diameter, ambient_pressure)
    jet = momentum_jet.method(rate, speed, HYDROGEN, ambient_temperature, ambient_pressure)
    mass = detonable_mass(jet, ambient_temperature, ambient_pressure)
    away = np.maximum(np.asarray(distance, dtype=float), hole_diameter)
    pressure = bauwens_dorofeev.method(away, mass * HEAT, ambient_pressure) if mass > 0.0 else np.zeros_like(away)
    return HydrogenJet(mass_rate=rate, detonable_mass=mass, energy=mass * HEAT, overpressure=np.asarray(pressure))


def choked(
    pressure: Pascal, temperature: Kelvin, hole_diameter: Metre, ambient_pressure: Pascal
) -> tuple[KilogramPerSecond, float]:
    """Rate of an ideal gas at the speed of sound in the hole, and its speed once expanded with its momentum kept."""
    area = np.pi * hole_diameter**2 / 4
    flux = pressure * np.sqrt(RATIO * HYDROGEN / (GAS * temperature))
    rate = area * flux * (2 / (RATIO + 1)) ** ((RATIO + 1) / (2 * (RATIO - 1)))
    throat = pressure * (2 / (RATIO + 1)) ** (RATIO / (RATIO - 1))
    sound = np.sqrt(RATIO * GAS * 2 * temperature / ((RATIO + 1) * HYDROGEN))
    return float(rate), float(sound + max(throat - ambient_pressure, 0.0) * area / rate)


def detonable_mass(jet: MomentumJet, temperature: Kelvin, pressure: Pascal) -> Kilogram:
    """Of the hydrogen in the jet, summed over rings of it."""
    leanest = LOWER * HYDROGEN / (LOWER * HYDROGEN + (1 - LOWER) * AIR)
    x = np.linspace(jet.core, jet.core / leanest, ALONG)
    r = np.linspace(0.0, 3 * BROADER * SPREAD * x[-1], ACROSS)
    by_mass = jet.mass_fraction(x[:, None], r[None, :])
    by_volume = jet.volume(by_mass)
    burns = (by_volume > LOWER) & (by_volume < UPPER)
    cell = np.where(burns, cell_size(np.where(burns, by_volume, STOICHIOMETRIC / (1 + STOICHIOMETRIC))), 1e99)
    steep = np.hypot(*np.gradient(cell, x, r))
    fit = np.asarray(2 * np.trapezoid(1 / cell, r, axis=1))
    follows = burns & (steep <= STEEPEST) & (fit[:, None] > FEWEST)
    density = pressure / (GAS * temperature) / (by_mass / HYDROGEN + (1 - by_mass) / AIR)
    ring = np.where(follows, density * by_mass, 0.0) * 2 * np.pi * r
    return float(np.trapezoid(np.trapezoid(ring, r, axis=1), x))


def cell_size(by_volume: Fractions) -> NDArray[np.float64]:
    """Width of a detonation cell in air at one atmosphere."""
    part = np.asarray(by_volume, dtype=float)
    ratio = np.log(part / (1 - part) / STOICHIOMETRIC)
    return np.asarray(np.exp(np.polynomial.polynomial.polyval(ratio, CELL)) / 1000)
