"""A dense plume integrated downwind, as DEGADIS has it and ALOHA uses it: it knows stability, ground and duration."""

from dataclasses import dataclass
from math import gamma, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import (
    Concentrations,
    Kelvin,
    KilogramPerMole,
    KilogramPerSecond,
    Metre,
    Metres,
    Second,
    Speed,
)
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.beals import beals
from emergency.models.dispersion.briggs import ACROSS_RURAL
from emergency.models.dispersion.dense_or_passive import AIR, GASES, GASES_WHERE, density
from emergency.models.dispersion.dense_plume import GRAVITY
from emergency.models.dispersion.obukhov import PROFILE, PROFILE_WHERE, correction, obukhov_length
from emergency.models.dispersion.wind import Exponents, exponent
from emergency.special import erf

KARMAN = 0.35
FRONT = 1.15
"""How fast the edge of a dense layer runs."""

LAYER = 2.15
"""Height of the layer that entrains, by the effective height of the cloud."""

TYPICAL = 3.1
"""The stability function at a Richardson number of 20, about where a source's takeup is judged."""

REFERENCE: Metre = 10.0
ROUGHEST: Metre = 0.10
"""ALOHA's heavy gas takes no ground to be rougher."""

SMALLEST: Metre = 0.02
FARTHEST: Metre = 100_000.0
STEP = 0.03
"""Part of the distance come that one step goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeavyPlume:
    """Parts of volume along and across: a uniform core with tails like a passive plume's, which it becomes far away."""

    stability: Stability
    wind_speed: Speed
    duration: Second | None
    distance: NDArray[np.float64]
    part: NDArray[np.float64]
    effective: NDArray[np.float64]
    height: NDArray[np.float64]
    speed: NDArray[np.float64]
    radius: Metre

    @property
    def start(self) -> Metre:
        """The blanket over the source reaches upwind as far as downwind."""
        return -self.radius

    def centreline(self, downwind: Metres) -> NDArray[np.float64]:
        """Part of volume on the axis, the highest that passes where the release ends."""
        found = self.steady(downwind)
        if self.duration is None:
            return found
        length = np.maximum(np.asarray(beals.method(downwind, self.stability)), 1e-9)
        return np.asarray(found * erf(self.wind_speed * self.duration / (2 * sqrt(2) * length)))

    def steady(self, downwind: Metres) -> NDArray[np.float64]:
        """Part of volume on the axis of a release without end."""
        x = np.asarray(downwind, dtype=float)
        away = np.log(np.clip(x, self.distance[0], self.distance[-1]))
        found = np.exp(np.interp(away, np.log(self.distance), np.log(self.part)))
        return np.where((x >= self.start) & (x <= self.distance[-1]), found, 0.0)

    def at(self, downwind: Metres, crosswind: Metres, height: Metres = 0.0) -> NDArray[np.float64]:
        """Part of volume at points of a release without end: a uniform core, tails, and the profile upwards.

        Upwards exp(-(z/S)^(1+a)) (equation V.1), S from the effective height, a the exponent of the wind.
        """
        core, tail = self.core(downwind)
        beyond = np.maximum(np.abs(crosswind) - core, 0.0) / np.maximum(tail, 1e-9)
        power = 1 + exponent(Exponents.HAVENS_SPICER, self.stability)
        tall = np.interp(np.asarray(downwind, dtype=float), self.distance, self.height) * power / gamma(1 / power)
        return np.asarray(self.steady(downwind) * np.exp(-(beyond**2) - (np.asarray(height) / tall) ** power))

    def travel(self, downwind: Metres) -> NDArray[np.float64]:
        """Seconds the layer takes to a distance by its own speed at each station."""
        between = np.diff(self.distance) * 2 / (self.speed[1:] + self.speed[:-1])
        times = np.concatenate(([0.0], np.cumsum(between))) + self.distance[0] / self.speed[0]
        stations, since = np.concatenate(([0.0], self.distance)), np.concatenate(([0.0], times))
        return np.asarray(np.interp(np.asarray(downwind, dtype=float), stations, since))

    def core(self, downwind: Metres) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Half-width of the uniform core, and the spread of its tails."""
        x = np.asarray(downwind, dtype=float)
        tail = sqrt(2) * np.asarray(ACROSS_RURAL[self.stability](x))
        wide = np.interp(x, self.distance, self.effective)
        return np.maximum(wide - sqrt(pi) / 2 * tail, 0.0), tail

    def half_width(self, downwind: Metres, level: Concentrations) -> NDArray[np.float64]:
        """How far from the axis a level is reached; zero where it is not."""
        peak = self.centreline(downwind)
        core, tail = self.core(downwind)
        reached = core + tail * np.sqrt(np.log(np.maximum(peak / level, 1.0)))
        return np.where(peak >= level, reached, 0.0)


@model(
    id="dense-plume-degadis",
    title=Text("积分重气烟羽(DEGADIS/ALOHA)", "Integrated dense plume (DEGADIS, ALOHA)"),
    source=(
        "Spicer and Havens (1989), EPA-450/4-89-019 chapter V, and NOAA TM NOS OR&R 43 section 4.4, as quoted in HAZEL "
        "engineHeavyGas.js"
    ),
    how=Text(
        "沿下风向积分云层高度(受密度层结抑制的卷吸)与有效半宽(重力铺展),由质量守恒得轴线浓度;源强超过大气最大带走通量时"
        "先铺成气毯。断面为均匀核心加高斯尾部;有限时长按 Palazzi 与 Beals 修正。",
        "Height (entrainment that weight damps) and effective half-width (spreading by weight) are integrated "
        "downwind, and mass gives the axis; a source stronger than what the air takes up first spreads to a blanket. "
        "Uniform core, Gaussian tails; a release that ends by Palazzi with Beals' spread.",
    ),
    formula=formula(
        *GASES,
        "g₀ = g·max(ρ − ρa, 0)/ρa",
        "zr = min(z₀, 0.10)",
        "u* = k·U/(ln((10 + zr)/zr) − ψ(10/L))",
        *PROFILE,
        "G = Γ(1/(1 + p))",
        "φ(Ri) = 0.88 + 0.099·Ri^1.04 + 1.4·10⁻²⁵·Ri^5.7",
        "I = k·u*·(1 + p)²/(3.1·U·10)·2.15/1.15",
        "N = 10·g₀/u*²·G/(1 + p)·I^(1/(1 + p))",
        "E = ρ·k·u*·(1 + p)·2.15/1.15·∫[0…D](1/φ(N·x^(1/(1 + p))))dx/D",
        "r = max(D/2, √(Q/(π·E))), Q/(π·(D/2)²) > E",
        "h = S·G/(1 + p)",
        "u = U·(S/10)^p/G",
        "C = Q/(u·h·max(2·B, √(2·π)·σy))",
        "w = g₀·min(C/ρ, 1)",
        "dS/dx = k·u*·(1 + p)/(φ(w·h/u*²)·U·(S/10)^p)",
        "dB/dx = 1.15·G·√(w·h)/(U·(S/10)^p)",
        "Y = min(C·R·Ta/(P·M), 1)·erf(U·τ/(2·√(2)·σx))",
        "b = max(B − √(π/2)·σy, 0)",
        "Yy = Y·exp(−(max(|y| − b, 0)/(√(2)·σy))²)",
        where={
            **GASES_WHERE,
            "g₀": means("折减重力", "reduced gravity", "m/s2"),
            "g": means("重力加速度", "acceleration of gravity", "m/s2", GRAVITY),
            "zr": means("所取粗糙度", "roughness taken", "m"),
            "z₀": "roughness",
            "u*": means("摩擦速度", "friction velocity", "m/s"),
            "k": means("卡门常数", "Karman's constant", "1", 0.35),
            "U": "wind_speed",
            **PROFILE_WHERE,
            "p": means("风速幂指数(Havens-Spicer),按稳定度", "power of the wind (Havens and Spicer) by class", "1"),
            "Γ": means("伽马函数", "gamma function"),
            "G": means("廓线形状系数", "shape of the profile", "1"),
            "φ": means("密度层结对卷吸的抑制", "how stratification damps entrainment"),
            "Ri": means("理查德森数", "Richardson number", "1"),
            "I": means("源上方云层的生长率", "growth of the layer over the source"),
            "N": means("源上方理查德森数的系数", "coefficient of the Richardson number over the source"),
            "E": means("大气最大带走通量", "the most the wind takes up", "kg/(m2.s)"),
            "D": means("源直径;孔口取 0.02 m", "diameter of the source; 0.02 m of a hole", "m"),
            "x": "downwind",
            "r": means("气毯半径", "radius of the blanket over the source", "m"),
            "Q": "mass_rate",
            "h": means("有效高度", "effective height", "m"),
            "S": means(
                "垂直尺度,起始由源的截面求得", "vertical scale, to begin with by the section of the source", "m"
            ),
            "u": means("云层速度", "speed of the layer", "m/s"),
            "C": means("轴线质量浓度", "concentration on the axis", "kg/m3"),
            "B": means("有效半宽,起始为 π·r/4", "effective half-width, π·r/4 to begin with", "m"),
            "σy": means("Briggs 乡村横向扩散参数", "Briggs' rural crosswind spread", "m"),
            "w": means("当地折减重力", "reduced gravity at the place", "m/s2"),
            "Y": means(
                "轴线体积分数;不给时长时无误差函数项",
                "part of volume on the axis; without erf where it does not end",
                "1",
            ),
            "τ": "duration",
            "σx": means("Beals 顺风向扩散参数", "Beals' spread along the wind", "m"),
            "b": means("均匀核心半宽", "half-width of the uniform core", "m"),
            "Yy": means("离轴 y 处的体积分数", "part of volume at y from the axis", "1"),
            "y": "crosswind",
        },
    ),
    valid={"wind_speed": (1.0, 120.0), "duration": (0.0, 3600.0)},
    neglects=(
        Text("瞬时释放的重力流头部", "the head of a release at once"),
        Text("地面加热与水汽凝结", "warming by the ground and condensing water"),
        Text("液滴与释放动量", "droplets and momentum of the release"),
        Text(
            "与外场试验相比:Maplin Sands 27 各弧在两倍以内,Burro 8 的爆炸下限距离为实测 2 倍;两相氨(Desert Tortoise 4)"
            "2.8 km 处与短时大量液氯(Jack Rabbit II 7)2 km 以外明显偏小",
            "against trials: Maplin Sands 27 within a factor of two, Burro 8 twice as far to the flammable limit; too "
            "little at 2.8 km of two-phase ammonia (Desert Tortoise 4) and beyond 2 km of chlorine let go in 20 s "
            "(Jack Rabbit II 7)",
        ),
    ),
    cases=("dense_gas_threat_distance", "lng_pool_dispersion"),
    tier=Tier.PEER,
)
def heavy_plume(
    mass_rate: KilogramPerSecond,
    molar_mass: KilogramPerMole,
    release_temperature: Kelvin,
    ambient_temperature: Kelvin,
    wind_speed: Speed,
    stability: Stability,
    roughness: Metre,
    duration: Second | None = None,
    pool_diameter: Metre | None = None,
) -> HeavyPlume:
    """The plume of a gas heavier than air, wind at 10 m; `pool_diameter` for a pool, none for a hole."""
    gas, air = density(molar_mass, release_temperature), density(AIR, ambient_temperature)
    march = _March(
        rate=mass_rate, gas=gas, heavy=GRAVITY * max(gas - air, 0.0) / air, wind=wind_speed,
        power=exponent(Exponents.HAVENS_SPICER, stability), friction=_friction(wind_speed, roughness, stability),
        tail=ACROSS_RURAL[stability].first, bend=ACROSS_RURAL[stability].second,
    )  # fmt: skip
    diameter = SMALLEST if pool_diameter is None else max(pool_diameter, SMALLEST)
    stations = np.array(march.along(diameter, point=pool_diameter is None))
    distance, concentration, effective, height, speed = stations.T
    whole = density(molar_mass, ambient_temperature)
    return HeavyPlume(
        stability=stability, wind_speed=wind_speed, duration=duration, distance=distance,
        part=np.minimum(concentration / whole, 1.0), effective=effective, height=height, speed=speed,
        radius=float(distance[0]),
    )  # fmt: skip


def _friction(wind_speed: Speed, roughness: Metre, stability: Stability) -> Speed:
    rough = min(roughness, ROUGHEST)
    length = obukhov_length.method(stability, rough)
    return KARMAN * wind_speed / (log((REFERENCE + rough) / rough) - correction(REFERENCE / length))


def damping(richardson: float) -> float:
    """How much stratification holds entrainment back (equation V.76, not for heated clouds)."""
    return float(0.88 + 0.099 * richardson**1.04 + 1.4e-25 * richardson**5.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class _March:
    """What stays the same all along the way."""

    rate: KilogramPerSecond
    gas: float
    heavy: float
    wind: Speed
    power: float
    friction: Speed
    tail: float
    bend: float

    def along(self, diameter: Metre, *, point: bool) -> list[tuple[float, float, float, float, float]]:
        """Distance, concentration, effective half-width, height and speed at stations out to the farthest."""
        shape = gamma(1 / (1 + self.power))
        radius = diameter / 2
        tall = self.rate / (self.gas * self.wind * diameter)
        if point:
            tall = sqrt(self.rate * pi / (4 * self.gas * self.wind))
        takeup = self._takeup(diameter, shape)
        if self.rate / (pi * radius**2) > takeup:
            radius = max(radius, sqrt(self.rate / (pi * takeup)))
            tall = self.rate / (self.gas * self.wind * 2 * radius)
        x, wide, deep = max(radius, 0.1), pi * radius / 4, tall * (1 + self.power) / shape
        found = []
        while True:
            here, height, speed, up, out = self._at(x, deep, wide, shape)
            found.append((x, here, wide, height, speed))
            if x >= FARTHEST:
                return found
            step = max(0.01, STEP * x)
            _, _, _, up, out = self._at(x + step / 2, deep + up * step / 2, wide + out * step / 2, shape)
            x, deep, wide = x + step, deep + up * step, wide + out * step

    def _at(self, x: float, deep: float, wide: float, shape: float) -> tuple[float, float, float, float, float]:
        """Concentration, height, speed, and how fast the cloud grows up and out."""
        lifted = (deep / REFERENCE) ** self.power
        height, speed = deep / (1 + self.power) * shape, lifted * self.wind / shape
        tail = sqrt(2) * self.tail * x / sqrt(1 + self.bend * x)
        concentration = self.rate / (speed * max(2 * wide, sqrt(pi) * tail) * height)
        weight = self.heavy * min(concentration / self.gas, 1.0)
        rising = KARMAN * self.friction * (1 + self.power) / damping(weight * height / self.friction**2)
        spreading = FRONT * shape / lifted * sqrt(weight * height) / self.wind
        return concentration, height, speed, rising / (self.wind * lifted), spreading

    def _takeup(self, fetch: Metre, shape: float) -> float:
        """The most the wind takes up over the source, kg/(m2.s) (equations V.59 to V.62)."""
        power = 1 / (1 + self.power)
        ratio = LAYER / (LAYER - 1)
        inner = KARMAN * self.friction * (1 + self.power) / TYPICAL * (1 + self.power) / (self.wind * REFERENCE) * ratio
        scale = self.heavy * REFERENCE / self.friction**2 * shape * power * inner**power
        places = np.linspace(0.0, fetch, 61)
        held = np.trapezoid([1 / damping(scale * place**power) for place in places], places) / fetch
        return float(self.gas * KARMAN * self.friction * (1 + self.power) * held * ratio)
