"""Spread of a puff by Slade's curves, as CCPS prints them."""

from core.texts import Text
from core.units import Metres
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.spread import Spread, at_or_beyond_source

ACROSS = {
    Stability.A: (0.18, 0.92),
    Stability.B: (0.14, 0.92),
    Stability.C: (0.10, 0.92),
    Stability.D: (0.06, 0.92),
    Stability.E: (0.04, 0.92),
    Stability.F: (0.02, 0.89),
}
UP = {
    Stability.A: (0.60, 0.75),
    Stability.B: (0.53, 0.73),
    Stability.C: (0.34, 0.71),
    Stability.D: (0.15, 0.70),
    Stability.E: (0.10, 0.65),
    Stability.F: (0.05, 0.61),
}


@model(
    id="sigma-puff-slade",
    title=Text("烟团扩散参数(Slade,CCPS)", "Spread of a puff by Slade"),
    source="Slade (1968) as in CCPS (1999) p. 91, as quoted in GasDispersion.jl (test/utils/ccps_tests.jl)",
    how=Text(
        "烟团三个方向的扩散参数为移动距离的幂;顺风向与横风向相同。",
        "Powers of the distance travelled; along the wind as across it.",
    ),
    formula=formula(
        "σy = a·x^b, x ≥ 0",
        "σx = σy",
        "σz = c·x^d, x ≥ 0",
        where={
            "σy": means("横风向扩散参数", "crosswind spread", "m"),
            "σx": means("顺风向扩散参数", "spread along the wind", "m"),
            "σz": means("垂直扩散参数", "vertical spread", "m"),
            "x": "downwind",
            "a": means("横向系数,按稳定度", "lateral coefficient by class"),
            "b": means("横向指数,按稳定度", "lateral power by class", "1"),
            "c": means("垂直系数,按稳定度", "vertical coefficient by class"),
            "d": means("垂直指数,按稳定度", "vertical power by class", "1"),
        },
    ),
    cases=("sigma_puff_ccps",),
    tier=Tier.IMPLEMENTATION,
)
def slade(downwind: Metres, stability: Stability) -> Spread:
    """Spread of a puff whose centre has come this far."""
    x = at_or_beyond_source(downwind)
    first, power = ACROSS[stability]
    across = first * x**power
    first, power = UP[stability]
    return Spread(across, first * x**power, across)
