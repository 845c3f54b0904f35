"""How fast a closed house lets outside air in, and what that makes of a cloud indoors."""

from enum import StrEnum

import numpy as np

from core.texts import Text
from core.units import Fractions, Kelvin, Metre, Numbers, Second, Seconds, Speed
from emergency.evidence import Tier
from emergency.formula import STANDARD_GRAVITY, formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.obukhov import PROFILE, PROFILE_WHERE, surface_layer_wind

LEAKAGE = 0.00059
"""Effective leakage area by floor area, the mean of 196 houses (Sherman 1980)."""

VERTICAL = 0.5
"""The share of the leakage in floor and ceiling."""

GRAVITY = 9.80665
STOREY: Metre = 2.5
SOURCE = "NOAA TM NOS OR&R 43 (ALOHA 5.4.4) section 4.6, after Sherman (1980) and Wilson (1987), as quoted in HAZEL"


class Sheltering(StrEnum):
    """Whether trees and houses keep the wind off."""

    SHELTERED = "sheltered"
    UNSHELTERED = "unsheltered"


WIND_FACTORS = {Sheltering.SHELTERED: 0.24, Sheltering.UNSHELTERED: 0.32}


@model(
    id="building-infiltration",
    title=Text("建筑物渗风时间常数", "Infiltration of a building"),
    source=f"{SOURCE}: tau = V / sqrt(Qs² + Qw²)",
    how=Text(
        "温差与风各自推动的渗风量平方和开方,除建筑容积得时间常数。渗漏面积与容积都与建筑面积成正比,故面积不出现。",
        "The volume by the root of the squares of what temperature and wind drive in. Leaks and volume both grow with "
        "the floor area, which therefore drops out.",
    ),
    formula=formula(
        "U = Um·(ln((h + z₀)/z₀) − ψ(h/L))/(ln((zm + z₀)/z₀) − ψ(zm/L))",
        *PROFILE,
        "w = s·(1 − 0.5)^(1/3)·U",
        "q = (1 + 0.5/2)/3·√(g·h/Ti)·√(|Ti − Ta|)",
        "τ = h/(0.00059·√(q² + w²))",
        where={
            "U": means("屋顶高度的风速", "wind at the height of the building", "m/s"),
            "Um": "wind_speed",
            "h": "structure_height",
            "z₀": "roughness",
            "zm": "wind_height",
            **PROFILE_WHERE,
            "w": means("风压渗风速度", "what the wind drives in", "m/s"),
            "s": means("风的系数:有遮蔽 0.24、无遮蔽 0.32", "factor of the wind: 0.24 sheltered, 0.32 not", "1"),
            "q": means("热压渗风速度", "what temperature drives in", "m/s"),
            "g": STANDARD_GRAVITY,
            "Ti": "indoor_temperature",
            "Ta": "ambient_temperature",
            "τ": "time_constant",
        },
    ),
    neglects=(
        Text("机械通风、开窗", "ventilation by machines, open windows"),
        Text("多室与过滤", "several rooms, filtering"),
    ),
    cases=("building_infiltration",),
    tier=Tier.PEER,
)
def infiltration_time(
    wind_speed: Speed,
    ambient_temperature: Kelvin,
    stability: Stability,
    wind_height: Metre = 10.0,
    roughness: Metre = 0.03,
    structure_height: Metre = STOREY,
    indoor_temperature: Kelvin = 293.15,
    sheltering: Sheltering = Sheltering.UNSHELTERED,
) -> Second:
    """The time in which indoor air comes within 37 % of a change outdoors; its inverse is the rate of exchange."""
    wind = surface_layer_wind.method(wind_speed, wind_height, structure_height, roughness, stability)
    by_wind = WIND_FACTORS[sheltering] * (1.0 - VERTICAL) ** (1.0 / 3.0) * wind
    stack = (1.0 + VERTICAL / 2.0) / 3.0 * np.sqrt(GRAVITY * structure_height / indoor_temperature)
    by_heat = stack * np.sqrt(abs(indoor_temperature - ambient_temperature))
    return float(structure_height / (LEAKAGE * np.hypot(by_heat, by_wind)))


@model(
    id="indoor-concentration",
    title=Text("室内浓度比", "Concentration indoors"),
    source=f"{SOURCE}: dCi/dt = (Co - Ci)/tau, its solution for a cloud that comes at once and goes at once",
    how=Text(
        "云到达后室内浓度按时间常数逼近室外浓度,云过后同样缓慢排出;给出与室外浓度之比。",
        "Indoors the concentration nears that outdoors with the time constant, and goes as slowly when the cloud has "
        "passed; given as a share of the concentration outdoors.",
    ),
    formula=formula(
        "c = 1 − exp(−t/τ), t ≤ T",
        "c = (1 − exp(−T/τ))·exp(−(t − T)/τ), t > T",
        where={
            "c": means("室内与室外浓度之比", "concentration indoors by that outdoors", "1"),
            "t": "time",
            "τ": "time_constant",
            "T": "duration",
        },
    ),
    neglects=(Text("室外浓度的起伏", "a cloud that rises and falls"), Text("墙面吸附", "what walls take up")),
    cases=("building_infiltration",),
    tier=Tier.DOCUMENT,
)
def indoor_share(time: Seconds, time_constant: Seconds, duration: Seconds | None = None) -> Fractions:
    """Indoors by outdoors, `time` after the cloud came; without a `duration` it stays."""
    since, scale = np.asarray(time, dtype=float), np.asarray(time_constant, dtype=float)
    inside = since if duration is None else np.minimum(since, duration)
    answer: Numbers = -np.expm1(-inside / scale) * np.exp(-(since - inside) / scale)
    return answer
