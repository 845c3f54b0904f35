"""A hydrogen jet that is lit late: the part of it that can detonate, and the blast of that part."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import Fractions, Joule, Kelvin, Kilogram, KilogramPerSecond, Metre, Metres, Pascal, Pascals
from emergency.evidence import Tier
from emergency.formula import MOLAR_GAS_CONSTANT, formula, means
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
    formula=formula(
        "A = π·d²/4",
        "Q = A·p·√(γ·M/(R·T))·(2/(γ + 1))^((γ + 1)/(2·(γ − 1)))",
        "pt = p·(2/(γ + 1))^(γ/(γ − 1))",
        "u = √(2·γ·R·T/((γ + 1)·M)) + max(pt − P₀, 0)·A/Q",
        "xc = (1 + λ²)/λ²·Q/(π·ρa·√(2·Q·u/(π·ρa))·β)",
        "w = min(xc/x, 1)·exp(−(r/(λ·β·x))²)",
        "Y = (w/M)/(w/M + (1 − w)/Ma)",
        "φ = Y/(1 − Y)/(2/4.76)",
        "ℓ = exp(2.94771698 − 0.16536739·ln(φ) + 2.2608031·ln(φ)² − 1.18064551·ln(φ)³ + 0.45823461·ln(φ)⁴)/1000",
        "m = ∫∫(ρ·w·2·π·r)dr dx, |grad(ℓ)| ≤ 0.1 ∧ 2·∫(1/ℓ)dr > 5 ∧ 0.04 < Y ∧ Y < 0.75",
        "E = 120·10⁶·m",
        "Z = s·∛(P₀/E)",
        "P = P₀·(0.34/Z^(4/3) + 0.062/Z² + 0.0033/Z³)",
        where={
            "A": means("孔面积", "hole area", "m2"),
            "d": "hole_diameter",
            "Q": means("泄漏速率", "mass rate", "kg/s"),
            "p": "upstream_pressure",
            "γ": means("绝热指数", "heat capacity ratio", "1", 1.41),
            "M": means("氢的摩尔质量", "molar mass of hydrogen", "kg/mol", 0.002016),
            "R": MOLAR_GAS_CONSTANT,
            "T": "upstream_temperature",
            "pt": means("喉部压力", "pressure in the throat", "Pa"),
            "u": means("膨胀后流速", "speed once expanded", "m/s"),
            "P₀": "ambient_pressure",
            "xc": means("未混合核心长度", "length of the unmixed core", "m"),
            "λ": means("浓度与速度断面宽度之比", "width of the concentration by that of the velocity", "1", 1.16),
            "ρa": means("气温 T₀ 下的空气密度", "density of the air", "kg/m3"),
            "β": means("速度断面宽度与距离之比 0.28/√(2π)", "width of the velocity by the distance, 0.28/√(2π)", "1"),
            "w": means("氢的质量分数", "mass fraction of hydrogen", "1"),
            "x": means("沿轴线的距离", "distance along the axis", "m"),
            "r": means("离轴线的距离", "distance from the axis", "m"),
            "Y": means("氢的体积分数", "part of volume of hydrogen", "1"),
            "Ma": means("空气摩尔质量", "molar mass of air", "kg/mol", 0.02896),
            "φ": means("当量比", "equivalence ratio", "1"),
            "ℓ": means("爆轰胞格宽度", "width of a detonation cell", "m"),
            "m": means("可爆轰质量", "detonable mass", "kg"),
            "ρ": means("混合物密度", "density of the mixture", "kg/m3"),
            "grad": means("梯度", "gradient"),
            "E": means("爆炸能量", "energy of the blast", "J"),
            "Z": means("Sachs 比距", "distance scaled by Sachs", "1"),
            "s": "distance",
            "P": means("超压", "overpressure", "Pa"),
        },
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
