"""A steady plume of dense gas on the ground, by Britter and McQuaid's workbook."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import (
    Concentrations,
    CubicMetrePerSecond,
    Fraction,
    Kelvin,
    KilogramPerCubicMetre,
    KilogramPerSecond,
    Metre,
    Metres,
    Speed,
)
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.britter_mcquaid import Decay, Release, decay, warmed

GRAVITY = 9.80616
"""At 45 degrees of latitude, as GasDispersion.jl takes it."""

BEYOND = Text(
    "浮力参数 α 大于 1,超出曲线范围,按直线外推", "alpha is above 1, beyond the curves; their last lines are continued"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DensePlume:
    """A plume to ask for parts of volume: uniform within `half_width` of the axis and as deep as what it carries.

    `length` is the square root of the volume flow over the wind, `buoyancy` the length its weight gives it, `warmth`
    the temperature of the release over that of the air.
    """

    volume_flow: CubicMetrePerSecond
    alpha: float
    length: Metre
    buoyancy: Metre
    warmth: Fraction
    curve: Decay
    outside: Text | None

    @property
    def start(self) -> Metre:
        """It creeps upwind, drawn there as a rectangle (Yellow Book)."""
        return -(self.length / 2 + 2 * self.buoyancy)

    def centreline(self, downwind: Metres) -> NDArray[np.float64]:
        """Part of volume on the axis."""
        x = np.asarray(downwind, dtype=float)
        return np.where(x >= self.start, warmed(self.curve.at(x / self.length), self.warmth), 0.0)

    def edge(self, downwind: Metres) -> NDArray[np.float64]:
        """How far from the axis the plume goes."""
        x = np.asarray(downwind, dtype=float)
        wide = self.length + 8 * self.buoyancy + 2.5 * np.cbrt(self.buoyancy * np.maximum(x, 0.0) ** 2)
        return np.where(x >= self.start, wide, 0.0)

    def depth(self, downwind: Metres) -> NDArray[np.float64]:
        """How deep it is, so that what passes is what is released; not the workbook's form, which loses mass."""
        ratio = self.curve.at(np.asarray(downwind) / self.length)
        with np.errstate(divide="ignore"):
            return np.asarray(self.length**2 / (2 * self.edge(downwind) * ratio))

    def at(self, downwind: Metres, crosswind: Metres, height: Metres = 0.0) -> NDArray[np.float64]:
        """Part of volume at points: the axis's within the edge and the depth, nothing beyond."""
        x = np.asarray(downwind, dtype=float)
        within = (np.abs(crosswind) <= self.edge(x)) & (np.asarray(height) <= self.depth(x))
        return np.where(within, self.centreline(x), 0.0)

    def half_width(self, downwind: Metres, level: Concentrations) -> NDArray[np.float64]:
        """How far from the axis a level is reached: to the plume's edge, where it is reached at all."""
        return np.where(self.centreline(downwind) >= level, self.edge(downwind), 0.0)


@model(
    id="britter-mcquaid-plume",
    title=Text("Britter-McQuaid 重气烟羽", "Dense plume by Britter and McQuaid"),
    source=(
        "Britter and McQuaid (1988), HSE CRR 17/1988, curves as in CCPS (1999) p. 118, as quoted in GasDispersion.jl; "
        "depth from the balance of mass (aefarrell.github.io/2023/03/12/Britter-McQuaid)"
    ),
    how=Text(
        "由浮力参数 α 查得各浓度比对应的无量纲距离,近场与远场按公式衔接,并作非等温修正;断面内浓度均匀。",
        "Alpha, from buoyancy, flow and wind, gives the distance of each ratio of concentrations; a near and a far "
        "field join the curves, a cold release is corrected for, and the plume is uniform across.",
    ),
    formula=formula(
        "V = Q/ρ",
        "g′ = g·(ρ − ρa)/ρa, ρ > ρa",
        "α = 0.2·log₁₀(g′²·V/u⁵)",
        "D = √(V/u)",
        "X = x/D",
        "βᵢ = kᵢ·α + mᵢ",
        "r = max(306/(306 + X²), r₁), X ≤ max(30, 10^β₁)",
        "r = rᵢ + (rₙ − rᵢ)·(log₁₀(X) − βᵢ)/(βₙ − βᵢ), max(30, 10^β₁) < X ∧ X < 10^β₆",
        "r = 0.002·(10^β₆/X)², X ≥ 10^β₆",
        "Y = r/(r + (1 − r)·T/Ta)",
        "ℓ = g′·V/u³",
        "b = D + 8·ℓ + 2.5·∛(ℓ·x²)",
        "xu = −(D/2 + 2·ℓ)",
        "h = D²/(2·b·r)",
        where={
            "V": means("体积流率", "volume flow", "m3/s"),
            "Q": "mass_rate",
            "ρ": "gas_density",
            "g′": means("折减重力", "reduced gravity", "m/s2"),
            "g": means("重力加速度", "acceleration of gravity", "m/s2", 9.80616),
            "ρa": "air_density",
            "α": means("浮力参数", "buoyancy parameter", "1"),
            "u": "wind_speed",
            "D": means("特征长度", "length of the release", "m"),
            "x": "downwind",
            "X": means("无量纲距离", "distance over that length", "1"),
            "β": means("各浓度比处 log₁₀X", "log₁₀ X at each tabulated ratio", "1"),
            "k": means("曲线斜率,按浓度比与 α 分段", "slope of the curve by ratio and piece of α", "1"),
            "m": means("曲线截距,按浓度比与 α 分段", "height of the curve by ratio and piece of α", "1"),
            "r": means(
                "浓度与源处浓度之比(等温);列表值 0.1、0.05、0.02、0.01、0.005、0.002",
                "concentration over that at the source; tabulated at 0.1, 0.05, 0.02, 0.01, 0.005, 0.002",
                "1",
            ),
            "r₁": means(
                "近场止处的比值:0.1,或 30 处的 306/1206", "ratio where the near field ends: 0.1, or 306/1206 at 30", "1"
            ),
            "β₁": means("比值 0.1 处的 β", "β at the ratio 0.1", "1"),
            "β₆": means("比值 0.002 处的 β", "β at the ratio 0.002", "1"),
            "Y": means("体积分数", "part of volume", "1"),
            "T": "release_temperature",
            "Ta": "ambient_temperature",
            "ℓ": means("浮力长度", "buoyancy length", "m"),
            "b": means("烟羽半宽", "half-width of the plume", "m"),
            "xu": means("上风向边缘", "its upwind edge", "m"),
            "h": means("烟羽厚度", "depth of the plume", "m"),
        },
    ),
    valid={"wind_speed": (1.0, 120.0)},
    neglects=(
        Text("稳定度与地面粗糙度", "stability and roughness"),
        Text("释放动量、地形与建筑物", "momentum of the release, hills and buildings"),
        Text("浓度比小于 0.002 为平方外推", "below a ratio of 0.002 the square of the distance is followed"),
    ),
    cases=("britter_mcquaid_plume", "britter_mcquaid_correlation"),
    tier=Tier.DOCUMENT,
)
def dense_plume(
    mass_rate: KilogramPerSecond,
    gas_density: KilogramPerCubicMetre,
    release_temperature: Kelvin,
    ambient_temperature: Kelvin,
    wind_speed: Speed,
    air_density: KilogramPerCubicMetre,
) -> DensePlume:
    """The plume of a gas heavier than air, wind at 10 m."""
    flow = mass_rate / gas_density
    heavy = GRAVITY * max(gas_density - air_density, 1e-9) / air_density
    alpha = 0.2 * float(np.log10(heavy**2 * flow / wind_speed**5))
    return DensePlume(
        volume_flow=flow, alpha=alpha, length=float(np.sqrt(flow / wind_speed)), buoyancy=heavy * flow / wind_speed**3,
        warmth=release_temperature / ambient_temperature, curve=decay(alpha, Release.CONTINUOUS),
        outside=BEYOND if alpha > 1 else None,
    )  # fmt: skip
