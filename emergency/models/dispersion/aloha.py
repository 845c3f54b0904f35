"""The passive plume with the choices ALOHA makes for it."""

import numpy as np

from core.texts import Text
from core.units import KilogramPerSecond, Metre, Second, Speed, SquareMetre
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.curves import Curves
from emergency.models.dispersion.gaussian_plume import VERTICAL, VERTICAL_WHERE, Plume
from emergency.models.dispersion.obukhov import PROFILE, PROFILE_WHERE, surface_layer_wind

ROUGH: Metre = 0.2
"""Roughness from which ALOHA takes the curves of towns."""

CARRIED: Metre = 3.0
"""Height of the wind that carries a plume from the ground."""


@model(
    id="aloha-passive",
    title=Text("ALOHA 式被动扩散烟羽", "Passive plume as in ALOHA"),
    source=(
        "NOAA TM NOS OR&R 43 (2013) sections 4.2.3 and 4.3, as quoted in HAZEL engineGaussian.js; the wind at 3 m (or "
        "at the release) and the start of a pool's plume are what HAZEL found to reproduce ALOHA 5.4.7"
    ),
    how=Text(
        "Briggs 曲线(粗糙度 0.2 m 起取城市垂直曲线)、3 m 或释放高度处的对数风速、Palazzi 时长修正、Beals 顺风向扩散;"
        "液池按其直径给初始横向宽度。",
        "Briggs' curves (the vertical one of towns from a roughness of 0.2 m), the logarithmic wind at 3 m or at the "
        "release, Palazzi's peak for a release that ends with Beals' spread, and for a pool a width to start with.",
    ),
    formula=formula(
        "zc = max(3, H)",
        "u = U·(ln((zc + z₀)/z₀) − ψ(zc/L))/(ln((10 + z₀)/z₀) − ψ(10/L))",
        *PROFILE,
        "σy = √((σ₀·(t/180)^0.2)² + (2·√(A/π)/√(2·π))²)",
        "C = Q/(u·√(2·π)·σy)·exp(−y²/(2·σy²))·V·erf(u·τ/(2·√(2)·σx)), x > 0",
        *VERTICAL,
        where={
            "zc": means("带动烟羽的风的高度", "height of the wind that carries the plume", "m"),
            "u": means("带动烟羽的风速", "wind that carries the plume", "m/s"),
            "U": "wind_speed",
            "z₀": "roughness",
            **PROFILE_WHERE,
            "σy": means("横风向扩散参数", "crosswind spread", "m"),
            "σ₀": means("Briggs 乡村横向扩散参数", "Briggs' rural crosswind spread", "m"),
            "t": means("平均时间,不给时 180 s", "averaging time, 180 s unless given", "s"),
            "A": "pool_area",
            "C": means("质量浓度", "mass concentration", "kg/m3"),
            "Q": "mass_rate",
            "x": "downwind",
            "y": "crosswind",
            "τ": "duration",
            "σx": means("Beals 顺风向扩散参数", "Beals' spread along the wind", "m"),
            **VERTICAL_WHERE,
            "z": means("受体高度,地面为 0", "receptor height, 0 on the ground", "m"),
        },
    ),
    valid={"wind_speed": (1.0, 120.0), "duration": (0.0, 3600.0)},
    neglects=(
        Text("重气沉降", "weight of the cloud"),
        Text("液池面积只作为宽度,不计纵深", "a pool is as wide as it is but not long"),
    ),
    cases=("aloha_gaussian_threat_distance", "aloha_area_source_threat_distance", "aloha_gaussian_threat_halfwidth"),
    tier=Tier.PEER,
)
def aloha_plume(
    mass_rate: KilogramPerSecond,
    duration: Second,
    wind_speed: Speed,
    stability: Stability,
    roughness: Metre,
    release_height: Metre = 0.0,
    pool_area: SquareMetre | None = None,
    mixing_height: Metre | None = None,
    averaging_time: Second | None = None,
) -> Plume:
    """The plume of highest concentrations at the ground; the wind is that at 10 m."""
    carried = surface_layer_wind.method(wind_speed, 10.0, max(CARRIED, release_height), roughness, stability)
    diameter = 0.0 if pool_area is None else 2 * float(np.sqrt(pool_area / np.pi))
    return Plume(
        mass_rate=mass_rate, wind_speed=carried, stability=stability, release_height=release_height, duration=duration,
        curves=Curves.ALOHA_URBAN if roughness >= ROUGH else Curves.ALOHA_RURAL, mixing_height=mixing_height,
        averaging_time=averaging_time, source_width=diameter / float(np.sqrt(2 * np.pi)),
    )  # fmt: skip
