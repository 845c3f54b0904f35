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
