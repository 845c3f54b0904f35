"""Heat of a burning jet at any place round it, released in any direction."""

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
    KilogramPerMole,
    KilogramPerSecond,
    Metre,
    Metres,
    Pascal,
    Speed,
    WattPerSquareMetre,
)  # fmt: skip
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.fire.air import THROUGH, TRANSMITTED, WATER, Transmission, transmissivity
from emergency.models.fire.frustum import frustum, surface_view
from emergency.models.fire.jet_flame import FLAME, FLAME_WHERE, SOURCE, JetFlame, Phase, jet_flame
from emergency.models.fire.view import Floats, View


@dataclass(frozen=True, slots=True, kw_only=True)
class JetFire:
    """The flame and what arrives of it at each place."""

    flame: JetFlame
    emissive_power: WattPerSquareMetre
    view: View
    transmissivity: Fractions
    heat_flux: Fluxes


@model(
    id="jet-fire",
    title=Text("喷射火热辐射(Chamberlain)", "Heat of a jet fire, Chamberlain"),
    source=f"{SOURCE}; view factor summed over the frustum, transmissivity of Bagster or Cook",
    how=Text(
        "表面辐射=辐射份额×质量流率×燃烧热/圆台面积;热通量=表面辐射×视角系数×透射率,目标取最不利朝向。",
        "Emissive power is the radiated share of rate times heat of combustion over the frustum's area; flux is that "
        "times view factor and transmissivity, of the worst turned surface.",
    ),
    formula=formula(
        *FLAME,
        "cos(θ·π/180) = cos(ε·π/180)·cos(φ·π/180)",
        "E = F·Q·Hc/A",
        "V = v(x, y, z − h)",
        "s = n(x, y, z − h)",
        *THROUGH,
        "q = E·V·τ",
        where=FLAME_WHERE
        | WATER
        | TRANSMITTED
        | {
            "E": means("表面辐射", "emissive power", "W/m2"),
            "Hc": "heat_of_combustion",
            "ε": "elevation",
            "φ": "bearing",
            "x": "downwind",
            "y": "crosswind",
            "z": "height",
            "h": "release_height",
            "V": means("最大视角系数", "greatest view factor", "1"),
            "v": means("对圆台表面求和的视角系数", "view factor summed over the frustum"),
            "s": means("空气路径", "path through the air", "m"),
            "n": means("到最近火焰面的距离", "distance to the nearest of the flame"),
            "q": means("热辐射通量;选 Cook 时以 τc 代 τ", "heat flux; with Cook, τc for τ", "W/m2"),
        },
    ),
    valid={"wind": (0.0, 15.0)},
    neglects=(
        Text("水平火焰因浮力上卷", "that buoyancy lifts a horizontal flame"),
        Text("两相喷射:流速按气体计算,偏小约两成", "two-phase jets: their speed is that of gas, a fifth too little"),
        Text("障碍物遮挡", "shielding by obstacles"),
    ),
    cases=("jet_fire_observed", "jet_fire_threat_distance"),
    tier=Tier.OBSERVED,
)
def jet_fire(
    downwind: Metres,
    crosswind: Metres,
    mass_rate: KilogramPerSecond,
    hole_diameter: Metre,
    upstream_temperature: Kelvin,
    molar_mass: KilogramPerMole,
    heat_capacity_ratio: Fraction,
    heat_of_combustion: JoulePerKilogram,
    wind: Speed = 0.0,
    elevation: Degree = 90.0,
    bearing: Degree = 0.0,
    height: Metres = 0.0,
    release_height: Metre = 0.0,
    radiative_fraction: Fraction | None = None,
    relative_humidity: Fraction = 0.7,
    ambient_temperature: Kelvin = 288.15,
    ambient_pressure: Pascal = 101_325.0,
    transmission: Transmission = Transmission.BAGSTER,
    phase: Phase = Phase.GAS,
) -> JetFire:
    """Heat at places from below the hole; `elevation` is above the horizon, `bearing` from downwind to crosswind."""
    axis, wind_axis = _direction(elevation, bearing), np.array([1.0, 0.0, 0.0])
    from_wind = float(np.degrees(np.arccos(np.clip(axis @ wind_axis, -1.0, 1.0))))
    flame = jet_flame.method(
        mass_rate, hole_diameter, upstream_temperature, molar_mass, heat_capacity_ratio, wind, from_wind,
        ambient_pressure, ambient_temperature, phase,
    )  # fmt: skip
    share = flame.radiated if radiative_fraction is None else radiative_fraction
    power = share * mass_rate * heat_of_combustion / flame.area
    surface = frustum(
        axis * flame.lift_off, _turned(axis, wind_axis, flame.bend), flame.frustum_length, flame.base_width / 2,
        flame.tip_width / 2,
    )  # fmt: skip
    rise = np.asarray(height, dtype=float) - release_height
    targets = np.stack(np.broadcast_arrays(downwind, crosswind, rise), axis=-1).astype(float)
    view, nearest = surface_view(surface, targets)
    through = transmissivity(nearest, relative_humidity, ambient_temperature, transmission)
    return JetFire(
        flame=flame, emissive_power=power, view=view, transmissivity=through, heat_flux=power * view.maximum * through
    )


def _direction(elevation: Degree, bearing: Degree) -> Floats:
    up, round_ = np.radians(elevation), np.radians(bearing)
    return np.array([np.cos(up) * np.cos(round_), np.cos(up) * np.sin(round_), np.sin(up)])


def _turned(axis: Floats, towards: Floats, angle: Degree) -> Floats:
    """A unit vector turned by an angle in the plane it makes with another; unturned where they make none."""
    aside = towards - (towards @ axis) * axis
    length = np.linalg.norm(aside)
    if length < 1e-9:
        return axis
    turned: Floats = np.cos(np.radians(angle)) * axis + np.sin(np.radians(angle)) * aside / length
    return turned
