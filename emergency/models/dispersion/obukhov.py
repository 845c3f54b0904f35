"""The Obukhov length a class stands for, and the wind of the surface layer that follows from it, as in ALOHA."""

from math import atan, inf, isinf, log, pi

from core.texts import Text
from core.units import Metre, Speed
from emergency.evidence import Tier
from emergency.formula import Meanings, formula, means
from emergency.model import OutsideValidityError, model
from emergency.models.dispersion.air import Stability

LENGTHS = {
    Stability.A: (-11.4, 0.10),
    Stability.B: (-26.0, 0.17),
    Stability.C: (-123.0, 0.30),
    Stability.E: (123.0, 0.30),
    Stability.F: (26.0, 0.17),
}


PROFILE = (
    "ψ(ζ) = −4.7·ζ, ζ ≥ 0",
    "ψ(ζ) = 2·ln((1 + a(ζ))/2) + ln((1 + a(ζ)²)/2) − 2·arctan(a(ζ)) + π/2, ζ < 0",
    "a(ζ) = (1 − 15·ζ)^(1/4)",
)
"""Businger's correction as formulas print it."""

PROFILE_WHERE: Meanings = {
    "ψ": means("Businger 稳定度订正", "Businger's correction for stability"),
    "a": means("其中的辅助函数", "a function in it"),
    "ζ": means("高度与奥布霍夫长度之比", "height over the Obukhov length", "1"),
    "L": means("奥布霍夫长度,按稳定度与粗糙度", "Obukhov length by class and roughness", "m"),
}


@model(
    id="obukhov-length",
    title=Text("由稳定度求奥布霍夫长度", "Obukhov length of a class"),
    source="Pasquill (1974) as in NOAA TM NOS OR&R 43 section 4.2.3, as quoted in GasDispersion.jl and HAZEL",
    how=Text(
        "每一稳定度按地面粗糙度的幂给出长度;中性为无穷大。",
        "A power of the roughness for each class; infinite in neutral air.",
    ),
    formula=formula(
        "L = a·z₀^b",
        where={
            "L": means("奥布霍夫长度", "Obukhov length", "m"),
            "z₀": "roughness",
            "a": means("系数,按稳定度;D 级 L = ∞", "coefficient by class; in class D, L = ∞"),
            "b": means("指数,按稳定度", "power by class", "1"),
        },
    ),
    cases=("obukhov_length",),
    tier=Tier.IMPLEMENTATION,
)
def obukhov_length(stability: Stability, roughness: Metre) -> Metre:
    """L in metres, below zero in unstable air."""
    if stability == Stability.D:
        return inf
    length, power = LENGTHS[stability]
    return float(length * roughness**power)


@model(
    id="surface-layer-wind",
    title=Text("近地层对数风廓线", "Wind of the surface layer"),
    source="Businger (1973) as in NOAA TM NOS OR&R 43 section 4.2.3, as quoted in HAZEL engineGaussian.js",
    how=Text(
        "对数廓线加稳定度订正,由测风高度换算到所需高度。",
        "The logarithmic profile with Businger's correction for stability, from the height measured to the one asked.",
    ),
    formula=formula(
        "u = U·(ln((z + z₀)/z₀) − ψ(z/L))/(ln((zm + z₀)/z₀) − ψ(zm/L))",
        *PROFILE,
        where={
            "u": means("所求高度的风速", "wind at the height asked", "m/s"),
            "U": "wind_speed",
            "z": "height",
            "z₀": "roughness",
            "zm": "wind_height",
            **PROFILE_WHERE,
        },
    ),
    neglects=(Text("近地层以上的风", "wind above the surface layer"),),
    cases=("aloha_gaussian_threat_distance", "building_infiltration"),
    tier=Tier.PEER,
)
def surface_layer_wind(
    wind_speed: Speed, wind_height: Metre, height: Metre, roughness: Metre, stability: Stability
) -> Speed:
    """The speed at `height`, given that at `wind_height`."""
    length = obukhov_length.method(stability, roughness)
    asked, measured = _profile(height, roughness, length), _profile(wind_height, roughness, length)
    if min(asked, measured) <= 0.0:
        raise OutsideValidityError(
            model="surface-layer-wind", parameter="roughness", value=roughness, low=0.0,
            high=min(height, wind_height) / 10, unit="m",
        )  # fmt: skip
    return wind_speed * asked / measured


def _profile(height: Metre, roughness: Metre, length: Metre) -> float:
    return log((height + roughness) / roughness) - correction(0.0 if isinf(length) else height / length)


def correction(zeta: float) -> float:
    """Businger's correction of the logarithmic profile at a height over the Obukhov length."""
    if zeta >= 0:
        return -4.7 * zeta
    a = (1 - 15 * zeta) ** 0.25
    return 2 * log((1 + a) / 2) + log((1 + a * a) / 2) - 2 * atan(a) + pi / 2
