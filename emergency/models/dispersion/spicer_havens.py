"""Lateral spread by Spicer and Havens with its averaging time, vertical by Seinfeld: GasDispersion.jl's default."""

import numpy as np

from core.texts import Text
from core.units import Metres, Second
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.spread import Spread, at_or_beyond_source

ACROSS = {
    Stability.A: (0.423, 18.4),
    Stability.B: (0.313, 18.4),
    Stability.C: (0.210, 18.4),
    Stability.D: (0.136, 18.3),
    Stability.E: (0.102, 11.4),
    Stability.F: (0.0674, 4.6),
}
"""Coefficient at ten minutes, and the averaging time below which a plume no longer meanders."""

UP = {
    Stability.A: (107.7, -1.7172, 0.2770),
    Stability.B: (0.1355, 0.8752, 0.0136),
    Stability.C: (0.09623, 0.9477, -0.0020),
    Stability.D: (0.04134, 1.1737, -0.0316),
    Stability.E: (0.02275, 1.3010, -0.0450),
    Stability.F: (0.01122, 1.4024, -0.0540),
}


@model(
    id="sigma-spicer-havens",
    title=Text("Spicer-Havens 横向与 Seinfeld 垂直扩散参数", "Spread by Spicer and Havens, and Seinfeld"),
    source=(
        "Spicer and Havens (1988; EPA-450/4-89-019 pp. 45-46), Seinfeld (1986), as quoted in GasDispersion.jl "
        "(src/utils/pasquill_gifford.jl)"
    ),
    how=Text(
        "横向扩散为距离的 0.9 次幂,按平均时间的 0.2 次幂订正;垂直扩散为对数二次式。",
        "Lateral spread goes with the distance to 0.9 and with the averaging time to 0.2; vertical with a parabola in "
        "the logarithm.",
    ),
    formula=formula(
        "σy = a·(max(t, t₀)/600)^0.2·x^0.9, x ≥ 0",
        "xe = exp(−c/(2·d))",
        "X = max(x, xe), d > 0",
        "X = min(x, xe), d < 0",
        "σz = b·exp(c·ln(X) + d·ln(X)²)",
        where={
            "σy": means("横风向扩散参数", "crosswind spread", "m"),
            "σz": means("垂直扩散参数", "vertical spread", "m"),
            "x": "downwind",
            "t": "averaging_time",
            "t₀": means(
                "烟羽不再摆动的平均时间,按稳定度", "averaging time below which a plume does not meander, by class", "s"
            ),
            "a": means("横向系数(10 分钟),按稳定度", "lateral coefficient at ten minutes, by class"),
            "b": means("垂直系数,按稳定度", "vertical coefficient by class"),
            "c": means("垂直一次系数,按稳定度", "vertical coefficient of the logarithm, by class", "1"),
            "d": means("垂直二次系数,按稳定度", "vertical coefficient of its square, by class", "1"),
            "xe": means("曲线的极值点", "where the curve turns", "m"),
            "X": means(
                "极值点以内(A、B 级)或以外(其余)取极值点", "the distance, not across the turn of the curve", "m"
            ),
        },
    ),
    neglects=(
        Text(
            "A 级垂直曲线在 22 m 以内随距离减小而增大,此处取其最小值;稳定级在数十公里外下降,取其最大值",
            "the curve of class A rises towards the source within 22 m, where its least value is kept; those that fall "
            "again far away keep their greatest",
        ),
    ),
    cases=("gaussian_plume",),
    tier=Tier.IMPLEMENTATION,
)
def spicer_havens(downwind: Metres, stability: Stability, averaging_time: Second = 600.0) -> Spread:
    """Spread at a distance; zero at the source."""
    x = at_or_beyond_source(downwind)
    first, still = ACROSS[stability]
    across = first * (max(averaging_time, still) / 600.0) ** 0.2 * x**0.9
    first, power, bend = UP[stability]
    turn = np.exp(-power / (2 * bend))
    logs = np.log(np.maximum(x, turn) if bend > 0 else np.clip(x, 1e-9, turn))
    return Spread(across, np.where(x > 0, first * np.exp(power * logs + bend * logs**2), 0.0))
