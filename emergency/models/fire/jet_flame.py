"""The flame of a burning jet as Chamberlain shaped it: how fast the gas leaves, how long, bent and wide it burns."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.texts import Text
from core.units import (
    Degree,
    Fraction,
    Kelvin,
    KilogramPerCubicMetre,
    KilogramPerMole,
    KilogramPerSecond,
    Metre,
    Pascal,
    Speed,
)  # fmt: skip
from emergency.evidence import Tier
from emergency.formula import MOLAR_GAS_CONSTANT, STANDARD_GRAVITY, Meanings, formula, means
from emergency.model import model
from emergency.special import root

GRAVITY = 9.80665
GAS_CONSTANT = 8.314462618
AIR_MOLAR_MASS = 0.02896

SOURCE = (
    "Chamberlain (1987), Chem Eng Res Des 65, 299-309, as quoted in HAZEL js/engine/engineJetFire.js and, after Assael "
    "and Kakosimos (2010) p. 108-117, in fireSIM (YakNazim/fireSIM-Matlab-toolbox, MIT)"
)


class Phase(StrEnum):
    """What leaves the hole: gas, or gas with droplets, whose flame begins nearly at the hole."""

    GAS = "gas"
    TWO_PHASE = "two-phase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """The gas once it has expanded to the pressure of the air."""

    mach: Fraction
    temperature: Kelvin
    speed: Speed
    source_diameter: Metre


@dataclass(frozen=True, slots=True, kw_only=True)
class JetFlame:
    """A cone frustum that begins `lift_off` along the hole's axis and bends away from it by `bend`, with the wind."""

    exit: Exit
    still_air_length: Metre
    length: Metre
    bend: Degree
    lift_off: Metre
    frustum_length: Metre
    base_width: Metre
    tip_width: Metre
    area: float
    radiated: Fraction


EXIT = (
    "G = 4·Q/(π·d²)",
    "Pc = G·√(R·(2·T/(1 + γ))/(γ·M))",
    "Mj = √(((γ + 1)·(Pc/P₀)^((γ − 1)/γ) − 2)/(γ − 1)), Pc > P₀",
    "f = G/P₀·√(R·T/(γ·M))",
    "Mj = f·√(2/(√(1 + 2·(γ − 1)·f²) + 1)), Pc ≤ P₀",
    "Tj = 2·T/(2 + (γ − 1)·Mj²)",
    "uj = Mj·√(γ·R·Tj/M)",
    "Ds = √(4·Q/(π·ρa·uj))",
)
"""The expanded jet as formulas print it."""

EXIT_WHERE: Meanings = {
    "G": means("孔口质量通量", "mass flux in the hole", "kg/(m2.s)"),
    "Q": "mass_rate",
    "d": "hole_diameter",
    "Pc": means("壅塞压力", "choked pressure", "Pa"),
    "R": MOLAR_GAS_CONSTANT,
    "T": "upstream_temperature",
    "γ": "heat_capacity_ratio",
    "M": "molar_mass",
    "Mj": means("膨胀后马赫数", "Mach number once expanded", "1"),
    "P₀": "ambient_pressure",
    "f": means("亚声速流量数", "number of the flow below the speed of sound", "1"),
    "Tj": means("膨胀后温度", "temperature once expanded", "K"),
    "uj": means("膨胀后流速", "speed once expanded", "m/s"),
    "Ds": means("等效源直径", "diameter of the source", "m"),
    "ρa": means("空气密度", "air density", "kg/m3"),
}

FLAME = (
    "ρa = P₀·Ma/(R·Ta)",
    *EXIT,
    "W = M/(15.816·M + 0.0395)",
    "0.024·∛(g·Ds/uj²)·Y^(5/3) + 0.2·Y^(2/3) = (2.85/W)^(2/3)",
    "Lb = Ds·Y",
    "L = Lb·(0.51·exp(−0.4·u) + 0.49)·(1 − 0.00607·(θ − 90))",
    "r = u/uj",
    "ξ = Lb·∛(g/(Ds·uj)²)",
    "k = 8000·r, r ≤ 0.05",
    "k = 1726·√(r − 0.026) + 134, r > 0.05",
    "α = min(max((k + ξ·(θ − 90)·(1 − exp(−25.6·r)))/ξ, 0), θ)",
    "K = 0.185·exp(−20·r) + 0.015",
    "b = L·sin(K·min(α, 90)·π/180)/sin(min(α, 90)·π/180), α > 0",
    "b = L·K, α = 0",
    "ℓ = √(L² − (b·sin(α·π/180))²) − b·cos(α·π/180)",
    "Ri = Ds·∛(g/(Ds·uj)²)",
    "C = (1000·exp(−100·r) + 0.8)·r",
    "W₁ = Ds·(13.5·exp(−6·r) + 1.5)·max(1 − (1 − √(Tj/Ta·Ma/M)/15)·exp(−70·Ri^C), 0)",
    "W₂ = L·(0.18·exp(−1.5·r) + 0.31)·(1 − 0.47·exp(−25·r))",
    "A = π/4·(W₁² + W₂²) + π/2·(W₁ + W₂)·√(ℓ² + ((W₂ − W₁)/2)²)",
    "F = min(0.21·e·exp(−0.00323·uj) + 0.11, 1)",
)
"""The frustum as formulas print it."""

FLAME_WHERE: Meanings = EXIT_WHERE | {
    "Ma": means("空气摩尔质量", "molar mass of air", "kg/mol", 0.02896),
    "Ta": "ambient_temperature",
    "W": means("化学计量混合物中燃料的质量分数", "mass fraction of fuel in the stoichiometric mixture", "1"),
    "g": STANDARD_GRAVITY,
    "Y": means("无量纲静风长度", "length in still air over Ds", "1"),
    "Lb": means("静风火焰长度", "length in still air", "m"),
    "L": means("火焰长度", "length of the flame", "m"),
    "u": "wind",
    "θ": "from_wind",
    "r": means("风速与流速之比", "wind over the speed of the jet", "1"),
    "ξ": means("静风火焰的理查德森数", "Richardson number of the flame in still air", "1"),
    "k": means("风的推力项", "how the wind pushes", "deg"),
    "α": means("火焰与孔轴的夹角", "angle of the flame to the hole's axis", "deg"),
    "K": means("抬升系数;两相喷射 0.015", "coefficient of lift-off; 0.015 of a two-phase jet", "1"),
    "b": means("抬升距离", "lift-off", "m"),
    "ℓ": means("圆台长度", "length of the frustum", "m"),
    "Ri": means("源的理查德森数", "Richardson number of the source", "1"),
    "C": means("底宽指数", "power of the base's width", "1"),
    "W₁": means("底宽", "width of the base", "m"),
    "W₂": means("顶宽", "width of the tip", "m"),
    "A": means("圆台表面积", "surface of the frustum", "m2"),
    "F": means("辐射份额", "radiated share", "1"),
    "e": means(
        "重燃料的倍数:摩尔质量 21 g/mol 以下 1,以上 √(1000·M/21),60 g/mol 以上 1.69",
        "of heavier fuels: 1 below 21 g/mol, √(1000·M/21) above, 1.69 beyond 60 g/mol",
        "1",
    ),
}


@model(
    id="jet-exit",
    title=Text("喷射出口膨胀", "Expansion of a jet at its exit"),
    source=f"{SOURCE}; the choked Mach number divided by (γ - 1), which gives 1 where the choked pressure is ambient",
    how=Text(
        "由质量流率和孔径求临界压力;高于环境气压时膨胀到超声速,否则为亚声速出流。",
        "The choked pressure follows from rate and hole; above ambient the jet expands to supersonic, else it stays "
        "below the speed of sound.",
    ),
    formula=formula(
        *EXIT,
        where=EXIT_WHERE | {"ρa": "air_density"},
    ),
    neglects=(Text("两相流与非理想气体", "two-phase flow and non-ideal gas"),),
)
def jet_exit(
    mass_rate: KilogramPerSecond,
    hole_diameter: Metre,
    upstream_temperature: Kelvin,
    molar_mass: KilogramPerMole,
    heat_capacity_ratio: Fraction,
    ambient_pressure: Pascal = 101_325.0,
    air_density: KilogramPerCubicMetre = 1.2,
) -> Exit:
    """Mach number, temperature and speed after expansion, and the width of a jet of air of that rate and speed."""
    ratio = max(heat_capacity_ratio, 1.0 + 1e-6)
    through = 4 * mass_rate / (np.pi * hole_diameter**2)
    throat = 2 * upstream_temperature / (1 + ratio)
    choked = through * np.sqrt(GAS_CONSTANT * throat / (ratio * molar_mass))
    if choked > ambient_pressure:
        grown = (choked / ambient_pressure) ** ((ratio - 1) / ratio)
        mach = np.sqrt(((ratio + 1) * grown - 2) / (ratio - 1))
    else:
        flow = through / ambient_pressure * np.sqrt(GAS_CONSTANT * upstream_temperature / (ratio * molar_mass))
        mach = flow * np.sqrt(2 / (np.sqrt(1 + 2 * (ratio - 1) * flow**2) + 1))
    temperature = 2 * upstream_temperature / (2 + (ratio - 1) * mach**2)
    speed = mach * np.sqrt(ratio * GAS_CONSTANT * temperature / molar_mass)
    width = np.sqrt(4 * mass_rate / (np.pi * air_density * speed))
    return Exit(mach=float(mach), temperature=float(temperature), speed=float(speed), source_diameter=float(width))


def still_air_length(source_diameter: Metre, speed: Speed, molar_mass: KilogramPerMole) -> Metre:
    """Length without wind: Ds Y, where 0.024 (g Ds / u²)^(1/3) Y^(5/3) + 0.2 Y^(2/3) = (2.85 / W)^(2/3)."""
    stoichiometric = molar_mass / (15.816 * molar_mass + 0.0395)
    buoyant = 0.024 * np.cbrt(GRAVITY * source_diameter / speed**2)
    whole = (2.85 / stoichiometric) ** (2 / 3)
    longest = (whole / 0.2) ** 1.5
    found = root(lambda y: buoyant * y ** (5 / 3) + 0.2 * y ** (2 / 3) - whole, 0.0, longest * (1 + 1e-9))
    return float(source_diameter * found)


def bend(ratio: Fraction, still_length: Metre, source_diameter: Metre, speed: Speed, from_wind: Degree) -> Degree:
    """Angle of the flame from the hole's axis, never past the wind's own direction."""
    xi = still_length * np.cbrt(GRAVITY / (source_diameter * speed) ** 2)
    turned = xi * (from_wind - 90) * -np.expm1(-25.6 * ratio)
    pushed = 8000 * ratio if ratio <= 0.05 else 1726 * np.sqrt(ratio - 0.026) + 134
    return float(np.clip((pushed + turned) / xi, 0.0, from_wind))


def radiated_share(speed: Speed, molar_mass: KilogramPerMole) -> Fraction:
    """Share of the energy that is radiated, more of heavier fuels (Cook, Bahrami and Whitehouse 1990)."""
    grams = molar_mass * 1000
    heavier = 1.0 if grams < 21 else np.sqrt(grams / 21) if grams <= 60 else 1.69
    return float(min(0.21 * heavier * np.exp(-0.00323 * speed) + 0.11, 1.0))


@model(
    id="jet-flame-chamberlain",
    title=Text("喷射火火焰形状(Chamberlain)", "Shape of a jet flame, Chamberlain"),
    source=SOURCE,
    how=Text(
        "静风长度由浮力与动量方程求出,按风速和喷射与风的夹角修正;火焰为圆台,自孔轴抬升距离 b 处起,偏向风的方向。",
        "The length in still air by momentum and buoyancy, corrected for wind and the angle to it; a frustum that "
        "begins at a distance b along the hole's axis and bends with the wind.",
    ),
    formula=formula(*FLAME, where=FLAME_WHERE),
    valid={"wind": (0.0, 15.0)},
    neglects=(
        Text(
            "水平喷射因浮力上卷;偏角大于夹角时取夹角",
            "that buoyancy lifts a horizontal flame; the bend is kept within the angle to the wind",
        ),
        Text(
            "火焰被风折回(偏角大于 90°)时公式无界,抬升距离取 90° 时的值",
            "where the wind turns the flame back past a right angle the lift-off grows without bound: that of a right "
            "angle is taken",
        ),
        Text(
            "底宽指数两处来源不一(C 与 C·R),此处取 C·R;K 取 0.185(另一来源 0.187)",
            "sources differ on the exponent of the base width (C or C R; C R here) and on K (0.185 here, or 0.187)",
        ),
        Text(
            "两相喷射只取火焰自孔口 0.015·L 处起,流速与辐射份额仍按气体,热辐射偏小约两成",
            "of two-phase jets only that the flame begins at 0.015 L; speed and share stay those of gas, a fifth low",
        ),
    ),
    cases=("jet_fire_observed",),
    tier=Tier.OBSERVED,
)
def jet_flame(
    mass_rate: KilogramPerSecond,
    hole_diameter: Metre,
    upstream_temperature: Kelvin,
    molar_mass: KilogramPerMole,
    heat_capacity_ratio: Fraction,
    wind: Speed = 0.0,
    from_wind: Degree = 90.0,
    ambient_pressure: Pascal = 101_325.0,
    ambient_temperature: Kelvin = 288.15,
    phase: Phase = Phase.GAS,
) -> JetFlame:
    """The frustum of a jet whose axis makes an angle with the direction the wind blows to."""
    air_density = ambient_pressure * AIR_MOLAR_MASS / (GAS_CONSTANT * ambient_temperature)
    leaves = jet_exit.method(
        mass_rate, hole_diameter, upstream_temperature, molar_mass, heat_capacity_ratio, ambient_pressure, air_density
    )
    width, speed = leaves.source_diameter, leaves.speed
    still = still_air_length(width, speed, molar_mass)
    length = still * (0.51 * np.exp(-0.4 * wind) + 0.49) * (1 - 6.07e-3 * (from_wind - 90))
    ratio = wind / speed
    angle = np.radians(bend(ratio, still, width, speed, from_wind))
    part = 0.185 * np.exp(-20 * ratio) + 0.015
    if phase is Phase.TWO_PHASE:
        part = 0.015
    across = min(angle, np.pi / 2)
    lift_off = length * part if across < 1e-9 else length * np.sin(part * across) / np.sin(across)
    frustum = np.sqrt(length**2 - (lift_off * np.sin(angle)) ** 2) - lift_off * np.cos(angle)
    richardson = np.cbrt(GRAVITY / (width * speed) ** 2) * width
    exponent = (1000 * np.exp(-100 * ratio) + 0.8) * ratio
    lighter = np.sqrt(leaves.temperature / ambient_temperature * AIR_MOLAR_MASS / molar_mass)
    base = width * (13.5 * np.exp(-6 * ratio) + 1.5)
    base *= max(1 - (1 - lighter / 15) * np.exp(-70 * np.exp(min(exponent * np.log(richardson), 100.0))), 0.0)
    tip = length * (0.18 * np.exp(-1.5 * ratio) + 0.31) * (1 - 0.47 * np.exp(-25 * ratio))
    area = np.pi / 4 * (base**2 + tip**2) + np.pi / 2 * (base + tip) * np.hypot(frustum, (tip - base) / 2)
    return JetFlame(
        exit=leaves, still_air_length=still, length=float(length), bend=float(np.degrees(angle)),
        lift_off=float(lift_off), frustum_length=float(frustum), base_width=float(base), tip_width=float(tip),
        area=float(area), radiated=radiated_share(speed, molar_mass),
    )  # fmt: skip
