"""Which way a gas spreads, by its weight against the wind, with the reason in words; both ways give parts of volume."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import Fraction, Kelvin, KilogramPerMole, KilogramPerSecond, Metre, Pascal, Second, Speed, SquareMetre
from emergency.evidence import Tier
from emergency.formula import MOLAR_GAS_CONSTANT, Meanings, formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.aloha import aloha_plume
from emergency.models.dispersion.dense_plume import GRAVITY, dense_plume
from emergency.models.dispersion.zone import GAS, Cloud, Scaled

AIR: KilogramPerMole = 0.02896
PRESSURE: Pascal = 101_325.0
DENSE: Fraction = 0.15
"""The cube root of a release's buoyancy over the wind, from which it is dense (Britter and McQuaid, continuous)."""

GASES = ("ρ = P·M/(R·T)", "ρa = P·Ma/(R·Ta)")
"""How formulas print the densities of a released gas and of the air it comes into."""

GASES_WHERE: Meanings = {
    "ρ": means("气体密度", "gas density", "kg/m3"),
    "P": means("气压", "pressure of the air", "Pa", PRESSURE),
    "M": "molar_mass",
    "R": MOLAR_GAS_CONSTANT,
    "T": "release_temperature",
    "ρa": means("空气密度", "air density", "kg/m3"),
    "Ma": means("空气摩尔质量", "molar mass of air", "kg/mol", AIR),
    "Ta": "ambient_temperature",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A cloud in parts of volume, the id of the model it came from, and why that one."""

    cloud: Cloud
    model: str
    dense: bool
    reason: Text
    buoyancy: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Whether a gas is dense in its wind, by how much, and why in words; no cloud is computed for it."""

    dense: bool
    reason: Text
    buoyancy: Fraction


def density(molar_mass: KilogramPerMole, temperature: Kelvin, pressure: Pascal = PRESSURE) -> float:
    """Of an ideal gas."""
    return pressure * molar_mass / (GAS * temperature)


@model(
    id="dense-or-passive",
    title=Text("被动/重气扩散自动选择", "Dense or passive, chosen by weight and wind"),
    source=(
        "Britter and McQuaid (1988): dense where (g0 V/(U^3 D))^(1/3) >= 0.15 for a continuous release; D is the "
        "source's diameter, or (V/U)^(1/2) where none is given"
    ),
    how=Text(
        "比较气体的浮力与风的稀释能力:大于 0.15 且重于空气时用 Britter-McQuaid,否则用 ALOHA 式高斯烟羽。重气释放一律按"
        "持续释放计算,不计时长:短时大量释放的外场试验(Jack Rabbit II 7)表明按瞬时云团计算会偏小。",
        "The gas's buoyancy against the wind: from 0.15 on, and heavier than air, Britter and McQuaid, else the "
        "passive plume as in ALOHA. A dense release counts as one without end: in the trial of a great short one "
        "(Jack Rabbit II 7) the puff said three to ten times too little, the plume at most a tenth too little.",
    ),
    formula=formula(
        *GASES,
        "V = Q/ρ",
        "D = 2·√(A/π), A > 0",
        "D = √(V/u), A = 0",
        "B = ∛(g·(ρ − ρa)/ρa·V/(u³·D))",
        "B ≥ Bc",
        where={
            **GASES_WHERE,
            "V": means("体积流率", "volume flow", "m3/s"),
            "Q": "mass_rate",
            "D": means("源的直径", "width of the source", "m"),
            "A": means("液池面积,无液池为 0", "area of the pool, 0 without one", "m2"),
            "u": "wind_speed",
            "B": means("浮力数;不小于 Bc 时为重气", "buoyancy; the gas is dense from Bc on", "1"),
            "g": means("重力加速度", "acceleration of gravity", "m/s2", GRAVITY),
            "Bc": means("界限", "the limit", "1", DENSE),
        },
    ),
    neglects=(
        Text("重气释放的时长(偏安全)", "how long a dense release lasts (on the safe side)"),
        Text("液滴与气溶胶", "droplets"),
        Text("由重气到被动扩散的过渡", "the passage from dense to passive"),
    ),
    cases=("dense_gas_threat_distance",),
    tier=Tier.PEER,
)
def choose(
    mass_rate: KilogramPerSecond,
    duration: Second,
    molar_mass: KilogramPerMole,
    release_temperature: Kelvin,
    ambient_temperature: Kelvin,
    wind_speed: Speed,
    stability: Stability,
    roughness: Metre,
    release_height: Metre = 0.0,
    pool_area: SquareMetre | None = None,
) -> Chosen:
    """The cloud of a release, wind at 10 m."""
    found = weighed(
        mass_rate=mass_rate, molar_mass=molar_mass, release_temperature=release_temperature,
        ambient_temperature=ambient_temperature, wind_speed=wind_speed, pool_area=pool_area,
    )  # fmt: skip
    gas, air = density(molar_mass, release_temperature), density(AIR, ambient_temperature)
    if not found.dense:
        passive = aloha_plume.method(
            mass_rate, duration, wind_speed, stability, roughness, release_height, pool_area
        )  # fmt: skip
        return Chosen(
            cloud=Scaled(passive, 1 / density(molar_mass, ambient_temperature)), model="aloha-passive", dense=False,
            reason=found.reason, buoyancy=found.buoyancy,
        )  # fmt: skip
    plume = dense_plume.method(mass_rate, gas, release_temperature, ambient_temperature, wind_speed, air)
    return Chosen(
        cloud=plume, model="britter-mcquaid-plume", dense=True, buoyancy=found.buoyancy,
        reason=_and(found.reason, plume.outside),
    )  # fmt: skip


def weighed(
    mass_rate: KilogramPerSecond,
    molar_mass: KilogramPerMole,
    release_temperature: Kelvin,
    ambient_temperature: Kelvin,
    wind_speed: Speed,
    pool_area: SquareMetre | None = None,
) -> Weighed:
    """The choice by itself, for whoever computes the cloud with more than `choose` is told."""
    gas, air = density(molar_mass, release_temperature), density(AIR, ambient_temperature)
    flow = mass_rate / gas
    diameter = float(np.sqrt(flow / wind_speed) if pool_area is None else 2 * np.sqrt(pool_area / np.pi))
    heavy = GRAVITY * (gas - air) / air
    buoyancy = float(np.cbrt(heavy * flow / (wind_speed**3 * diameter)))
    dense = buoyancy >= DENSE
    return Weighed(
        dense=dense, reason=_light(gas / air) if gas <= air else _compared(buoyancy, dense=dense), buoyancy=buoyancy
    )


def _light(ratio: Fraction) -> Text:
    return Text(
        f"气体密度为空气的 {ratio:.2f} 倍,不会贴地下沉:按被动扩散计算",
        f"The gas weighs {ratio:.2f} of air and does not slump: passive",
    )


def _compared(buoyancy: Fraction, *, dense: bool) -> Text:
    if dense:
        return Text(
            f"重力大于风的混合(浮力数 {buoyancy:.2f} ≥ {DENSE}):按重气扩散计算",
            f"Gravity outweighs the mixing of the wind (buoyancy {buoyancy:.2f} ≥ {DENSE}): dense",
        )
    return Text(
        f"风的混合大于重力(浮力数 {buoyancy:.2f} < {DENSE}):按被动扩散计算",
        f"The wind mixes faster than gravity pulls (buoyancy {buoyancy:.2f} < {DENSE}): passive",
    )


def _and(reason: Text, outside: Text | None) -> Text:
    return reason if outside is None else Text(f"{reason.zh};{outside.zh}", f"{reason.en}; {outside.en}")
