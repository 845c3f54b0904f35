"""How high a neutral or unstable layer mixes, by the wind alone."""

from math import inf, radians, sin

from core.texts import Text
from core.units import Degree, Metre, Speed
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model

EARTH = 7.2921e-5
"""Angular velocity of the earth, rad/s."""


@model(
    id="mixing-height-mechanical",
    title=Text("机械混合层高度", "Mechanical mixing height"),
    source="0.3 u*/f with u* = 0.1 u10, as quoted in GasDispersion.jl (src/utils/mixing_layer.jl, latitude 40)",
    how=Text(
        "混合层高度为 0.3 倍摩擦速度除以科氏参数;摩擦速度取 10 m 风速的十分之一。",
        "Three tenths of the friction velocity by the Coriolis parameter; the friction velocity is a tenth of the wind "
        "at 10 m.",
    ),
    formula=formula(
        "f = 2·Ω·|sin(ϕ·π/180)|",
        "hm = 0.3·0.1·u/f",
        where={
            "f": means("科氏参数", "Coriolis parameter", "1/s"),
            "Ω": means("地球自转角速度", "angular velocity of the earth", "1/s", 7.2921e-5),
            "ϕ": "latitude",
            "hm": means("混合层高度", "mixing height", "m"),
            "u": "wind_speed",
        },
    ),
    neglects=(Text("日照加热与逆温", "heating by the sun and inversions"),),
    cases=("gaussian_plume_mixing_layer",),
    tier=Tier.IMPLEMENTATION,
)
def mixing_height(wind_speed: Speed, latitude: Degree = 40.0) -> Metre:
    """The height in neutral or unstable air, wind at 10 m; without bound at the equator."""
    turning = 2 * EARTH * abs(sin(radians(latitude)))
    return 0.3 * 0.1 * wind_speed / turning if turning > 0 else inf
