"""A puff of dense gas let go on the ground, by Britter and McQuaid's workbook."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import (
    Concentrations,
    CubicMetre,
    Fraction,
    Kelvin,
    KilogramPerCubicMetre,
    Metre,
    Metres,
    Second,
    Seconds,
    Speed,
    SquareMetrePerSecond,
)
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.britter_mcquaid import Decay, Release, decay, warmed
from emergency.models.dispersion.dense_plume import BEYOND, GRAVITY

CARRIED = 0.4
"""Part of the wind at 10 m that moves the puff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DensePuff:
    """A round, uniform cloud that spreads and drifts; concentrations are parts of volume of the gas released.

    `initial` is the part of gas in the cloud at the start, `heavy` its reduced gravity, `warmth` its temperature over
    that of the air.
    """

    volume: CubicMetre
    initial: Fraction
    alpha: float
    heavy: float
    wind_speed: Speed
    warmth: Fraction
    curve: Decay
    outside: Text | None

    @property
    def length(self) -> Metre:
        """The cube root of the volume."""
        return float(np.cbrt(self.volume))

    def centre(self, time: Seconds) -> Metres:
        """Where its middle is."""
        return self.drift * np.asarray(time)

    def radius(self, time: Seconds) -> Metres:
        """How far from its middle it goes."""
        first = np.cbrt(3 * self.volume / (4 * np.pi))
        return np.asarray(np.sqrt(first**2 + self.growth * np.asarray(time)))

    @property
    def drift(self) -> Speed:
        """How fast its middle goes."""
        return CARRIED * self.wind_speed

    @property
    def growth(self) -> SquareMetrePerSecond:
        """How fast the square of its radius grows."""
        return float(1.2 * np.sqrt(self.heavy * self.volume))

    @property
    def start(self) -> Metre:
        """The farthest it spreads upwind: where its edge stands still against the wind."""
        widest = max(self.growth / (2 * self.drift), float(self.radius(0.0)))
        turned = (widest**2 - float(self.radius(0.0)) ** 2) / self.growth if self.growth > 0 else 0.0
        return self.drift * turned - widest

    def at(self, downwind: Metres, crosswind: Metres, time: Seconds) -> NDArray[np.float64]:
        """Part of volume at points at a time: the same all through the cloud, by how far its front has come."""
        centre, radius = self.centre(time), self.radius(time)
        inside = np.hypot(np.asarray(downwind) - centre, crosswind) <= radius
        return np.where(inside, self.within(time), 0.0)

    def within(self, time: Seconds) -> NDArray[np.float64]:
        """Part of volume all through the cloud at a time."""
        return self._part((self.centre(time) + self.radius(time)) / self.length)

    def depth(self, time: Seconds) -> Metres:
        """How deep it is, so that it keeps its mass."""
        ratio = self.curve.at((self.centre(time) + self.radius(time)) / self.length)
        return np.asarray(self.volume / (ratio * np.pi * self.radius(time) ** 2))

    def passage(self, downwind: Metres, crosswind: Metres) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """When its edge comes to places and when it leaves them; infinite where it never is.

        Its edge is there when the square of the distance from its middle is that of its radius, a square in time.
        """
        x, y = np.broadcast_arrays(np.asarray(downwind, dtype=float), crosswind)
        drift = self.drift
        half = drift * x + self.growth / 2
        least = x**2 + y**2 - self.radius(0.0) ** 2
        root = half**2 - drift**2 * least
        real = np.sqrt(np.maximum(root, 0.0))
        come, gone = (half - real) / drift**2, (half + real) / drift**2
        never = (root < 0) | (gone < 0)
        return np.where(never, np.inf, np.maximum(come, 0.0)), np.where(never, -np.inf, gone)

    def highest(self, downwind: Metres, crosswind: Metres, height: Metres = 0.0) -> NDArray[np.float64]:
        """The most that is reached at points: when its edge arrives."""
        come = self.passage(downwind, crosswind)[0]
        there = np.where(np.isfinite(come), come, 0.0)
        found = self._part((self.centre(there) + self.radius(there)) / self.length)
        return np.where(np.isfinite(come) & (np.asarray(height) <= self.depth(there)), found, 0.0)

    def centreline(self, downwind: Metres) -> NDArray[np.float64]:
        """The most that is reached on the axis: when the front arrives."""
        x = np.asarray(downwind, dtype=float)
        return np.where(x >= self.start, self._part(np.maximum(x, self.radius(0.0)) / self.length), 0.0)

    def half_width(self, downwind: Metres, level: Concentrations) -> NDArray[np.float64]:
        """How far from the axis a level is reached by any of the circles the cloud goes through until it is thinner."""
        x = np.asarray(downwind, dtype=float)
        front = np.geomspace(self.radius(0.0), 1e6 * self.length, 4000)
        reached = front[self._part(front / self.length) >= level]
        if not reached.size:
            return np.zeros_like(x)
        widest = np.clip((x + self.growth / (2 * self.drift)) / self.drift, 0.0, self._until(float(reached[-1])))
        aside = self.radius(widest) ** 2 - (x - self.centre(widest)) ** 2
        return np.asarray(np.sqrt(np.maximum(aside, 0.0)))

    def _part(self, fronts: Metres) -> NDArray[np.float64]:
        return np.asarray(self.initial * warmed(self.curve.at(fronts), self.warmth))

    def _until(self, front: Metre) -> Second:
        """When the front is there: the smaller root of a square in time."""
        half = self.drift * front + self.growth / 2
        square = half**2 - self.drift**2 * (front**2 - float(self.radius(0.0)) ** 2)
        return float(max(half - np.sqrt(max(square, 0.0)), 0.0)) / self.drift**2


@model(
    id="britter-mcquaid-puff",
    title=Text("Britter-McQuaid 重气云团(瞬时释放)", "Dense puff by Britter and McQuaid"),
    source=(
        "Britter and McQuaid (1988), HSE CRR 17/1988, curves as in CCPS (1999), as quoted in GasDispersion.jl; checked "
        "against the workbook's example of Potchefstroom"
    ),
    how=Text(
        "由浮力参数 α 查得浓度比对应的无量纲前缘距离;云团为均匀圆形,以 0.4 倍风速移动,因重力扩展。",
        "Alpha gives how far the front has come at each ratio of concentrations; the cloud is round and uniform, moves "
        "with 0.4 of the wind and spreads by its weight.",
    ),
    formula=formula(
        "g′ = g·(ρ − ρa)/ρa, ρ > ρa",
        "α = 0.5·log₁₀(g′·∛(V)/u²)",
        "s = 0.4·u·t",
        "b = √((3·V/(4·π))^(2/3) + 1.2·t·√(g′·V))",
        "X = (s + b)/∛(V)",
        "βᵢ = kᵢ·α + mᵢ",
        "r = max(3.24/(3.24 + X²), 0.1), X ≤ 10^β₁",
        "r = rᵢ + (rₙ − rᵢ)·(log₁₀(X) − βᵢ)/(βₙ − βᵢ), 10^β₁ < X ∧ X < 10^β₇",
        "r = 0.001·(10^β₇/X)², X ≥ 10^β₇",
        "Y = Y₀·r/(r + (1 − r)·T/Ta)",
        "h = V/(π·b²·r)",
        where={
            "g′": means("折减重力", "reduced gravity", "m/s2"),
            "g": means("重力加速度", "acceleration of gravity", "m/s2", 9.80616),
            "ρ": "gas_density",
            "ρa": "air_density",
            "α": means("浮力参数", "buoyancy parameter", "1"),
            "V": "cloud_volume",
            "u": "wind_speed",
            "s": means("云团中心移动的距离", "how far its middle has come", "m"),
            "t": "time",
            "b": means("云团半径", "radius of the cloud", "m"),
            "X": means("无量纲前缘距离", "distance of the front over the cube root of the volume", "1"),
            "β": means("各浓度比处 log₁₀X", "log₁₀ X at each tabulated ratio", "1"),
            "k": means("曲线斜率,按浓度比与 α 分段", "slope of the curve by ratio and piece of α", "1"),
            "m": means("曲线截距,按浓度比与 α 分段", "height of the curve by ratio and piece of α", "1"),
            "r": means(
                "浓度与初始浓度之比(等温);列表值 0.1、0.05、0.02、0.01、0.005、0.002、0.001",
                "concentration over the first; tabulated at 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001",
                "1",
            ),
            "β₁": means("比值 0.1 处的 β", "β at the ratio 0.1", "1"),
            "β₇": means("比值 0.001 处的 β", "β at the ratio 0.001", "1"),
            "Y": means("体积分数", "part of volume", "1"),
            "Y₀": "initial_fraction",
            "T": "release_temperature",
            "Ta": "ambient_temperature",
            "h": means("云团厚度", "depth of the cloud", "m"),
        },
    ),
    valid={"wind_speed": (1.0, 120.0)},
    neglects=(
        Text("稳定度与地面粗糙度", "stability and roughness"),
        Text("浓度比小于 0.001 为平方外推", "below a ratio of 0.001 the square of the distance is followed"),
    ),
    cases=("britter_mcquaid_puff", "britter_mcquaid_correlation"),
    tier=Tier.DOCUMENT,
)
def dense_puff(
    cloud_volume: CubicMetre,
    gas_density: KilogramPerCubicMetre,
    release_temperature: Kelvin,
    ambient_temperature: Kelvin,
    wind_speed: Speed,
    air_density: KilogramPerCubicMetre,
    initial_fraction: Fraction = 1.0,
) -> DensePuff:
    """The puff of a cloud heavier than air, its density and volume as it starts, wind at 10 m."""
    heavy = GRAVITY * max(gas_density - air_density, 1e-9) / air_density
    alpha = 0.5 * float(np.log10(heavy * np.cbrt(cloud_volume) / wind_speed**2))
    return DensePuff(
        volume=cloud_volume, initial=initial_fraction, alpha=alpha, heavy=heavy, wind_speed=wind_speed,
        warmth=release_temperature / ambient_temperature, curve=decay(alpha, Release.INSTANTANEOUS),
        outside=BEYOND if alpha > 1 else None,
    )  # fmt: skip
