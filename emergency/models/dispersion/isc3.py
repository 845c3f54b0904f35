"""The Pasquill-Gifford curves over open country, in the form of ISC3."""

import numpy as np

from core.texts import Text
from core.units import Metres
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.spread import Spread, at_or_beyond_source

ANGLES = {
    Stability.A: (24.1670, 2.5334),
    Stability.B: (18.3330, 1.8096),
    Stability.C: (12.5000, 1.0857),
    Stability.D: (8.3330, 0.72382),
    Stability.E: (6.2500, 0.54287),
    Stability.F: (4.1667, 0.36191),
}
UP: dict[Stability, tuple[tuple[float, float, float], ...]] = {
    Stability.A: (
        (0.10, 122.800, 0.94470), (0.15, 158.080, 1.05420), (0.20, 170.220, 1.09320), (0.25, 179.520, 1.12620),
        (0.30, 217.410, 1.26440), (0.40, 258.890, 1.40940), (0.50, 346.750, 1.72830), (np.inf, 453.850, 2.11660),
    ),
    Stability.B: ((0.20, 90.673, 0.93198), (0.40, 98.483, 0.98332), (np.inf, 109.300, 1.09710)),
    Stability.C: ((np.inf, 61.141, 0.91465),),
    Stability.D: (
        (0.30, 34.459, 0.86974), (1.00, 32.093, 0.81066), (3.00, 32.093, 0.64403), (10.00, 33.504, 0.60486),
        (30.00, 36.650, 0.56589), (np.inf, 44.053, 0.51179),
    ),
    Stability.E: (
        (0.10, 24.260, 0.83660), (0.30, 23.331, 0.81956), (1.00, 21.628, 0.75660), (2.00, 21.628, 0.63077),
        (4.00, 22.534, 0.57154), (10.00, 24.703, 0.50527), (20.00, 26.970, 0.46713), (40.00, 35.420, 0.37615),
        (np.inf, 47.618, 0.29592),
    ),
    Stability.F: (
        (0.20, 15.209, 0.81558), (0.70, 14.457, 0.78407), (1.00, 13.953, 0.68465), (2.00, 13.953, 0.63227),
        (3.00, 14.823, 0.54503), (7.00, 16.187, 0.46490), (15.00, 17.836, 0.41507), (30.00, 22.651, 0.32681),
        (60.00, 27.074, 0.27436), (np.inf, 34.219, 0.21716),
    ),
}  # fmt: skip
"""By class: up to which distance in kilometres, and a and b of s = a x^b."""

MOST = 5000.0
"""Metres at which ISC3 stops the vertical spread of classes A to C."""


@model(
    id="sigma-isc3-rural",
    title=Text("ISC3 乡村扩散参数(Pasquill-Gifford)", "ISC3's rural dispersion curves (Pasquill-Gifford)"),
    source="EPA-454/B-95-003b vol. II tables 1-1 and 1-2, as quoted in GasDispersion.jl (equation_sets/isc3.jl)",
    how=Text(
        "横向扩散由随距离变化的半角求得,垂直扩散为分段幂函数。",
        "Lateral spread from a half-angle that narrows with distance, vertical spread by pieces of powers.",
    ),
    formula=formula(
        "X = x/1000, x ≥ 0",
        "σy = 465.11628·X·tan(0.017453293·(c − d·ln(X)))",
        "σz = min(a·X^b, m)",
        where={
            "X": means("以千米计的下风向距离", "downwind distance in kilometres", "km"),
            "x": "downwind",
            "σy": means("横风向扩散参数", "crosswind spread", "m"),
            "σz": means("垂直扩散参数", "vertical spread", "m"),
            "c": means("半角,按稳定度", "half-angle by class", "deg"),
            "d": means("半角随距离的减小,按稳定度", "how it narrows with the distance, by class", "deg"),
            "a": means("系数,按稳定度与距离分段", "coefficient by class and piece of distance"),
            "b": means("指数,按稳定度与距离分段", "power by class and piece of distance", "1"),
            "m": means("A–C 级上限 5000 m,其余各级不设", "5000 m for classes A to C, no bound for the others", "m"),
        },
    ),
    neglects=(Text("分段处有小跳跃,原表如此", "small steps where the pieces meet, as published"),),
    cases=("sigma_isc3_rural",),
    tier=Tier.IMPLEMENTATION,
)
def isc3(downwind: Metres, stability: Stability) -> Spread:
    """Spread at a distance; zero at the source."""
    x = at_or_beyond_source(downwind) / 1000.0
    angle, narrowing = ANGLES[stability]
    across = 465.11628 * x * np.tan(0.017453293 * (angle - narrowing * np.log(np.maximum(x, 1e-6))))
    ends, factors, powers = np.array(UP[stability]).T
    piece = np.minimum(np.searchsorted(ends, x), len(ends) - 1)
    up = factors[piece] * x ** powers[piece]
    return Spread(across, np.minimum(up, MOST) if stability in "ABC" else up)
