"""Spread along the wind, which only a release that ends has use for."""

from core.texts import Text
from core.units import Metres
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.spread import at_or_beyond_source

COEFFICIENTS = {
    Stability.A: (0.02, 1.22),
    Stability.B: (0.02, 1.22),
    Stability.C: (0.02, 1.22),
    Stability.D: (0.04, 1.14),
    Stability.E: (0.17, 0.97),
    Stability.F: (0.17, 0.97),
}


@model(
    id="sigma-along-beals",
    title=Text("Beals 顺风向扩散参数", "Beals' spread along the wind"),
    source="Beals (1971) as NOAA TM NOS OR&R 43 table 13, as quoted in HAZEL engineConstants.js",
    how=Text("顺风向扩散参数为下风向距离的幂。", "A power of the distance downwind for each class."),
    formula=formula(
        "σx = a·x^b, x ≥ 0",
        where={
            "σx": means("顺风向扩散参数", "spread along the wind", "m"),
            "x": "downwind",
            "a": means("系数,按稳定度", "coefficient by class"),
            "b": means("指数,按稳定度", "power by class", "1"),
        },
    ),
    neglects=(Text("风速随高度的剪切", "that wind shears with height"),),
    cases=("aloha_gaussian_threat_distance",),
    tier=Tier.PEER,
)
def beals(downwind: Metres, stability: Stability) -> Metres:
    """Standard deviation along the wind."""
    first, power = COEFFICIENTS[stability]
    return first * at_or_beyond_source(downwind) ** power
