"""Briggs' dispersion curves over open country and in towns, in the form of ALOHA's table 13."""

from dataclasses import dataclass

from core.texts import Text
from core.units import Metres
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability, Terrain
from emergency.models.dispersion.spread import Spread, at_or_beyond_source


@dataclass(frozen=True, slots=True)
class Curve:
    """s = first x (1 + second x)^power."""

    first: float
    second: float
    power: float

    def __call__(self, downwind: Metres) -> Metres:
        """The standard deviation at a distance."""
        x = at_or_beyond_source(downwind)
        return self.first * x * (1 + self.second * x) ** self.power


ACROSS_RURAL = {
    name: Curve(first, 0.0001, -0.5)
    for name, first in zip(Stability, (0.22, 0.16, 0.11, 0.08, 0.06, 0.04), strict=True)
}
ACROSS_URBAN = {
    name: Curve(first, 0.0004, -0.5)
    for name, first in zip(Stability, (0.32, 0.32, 0.22, 0.16, 0.11, 0.11), strict=True)
}
UP_RURAL = {
    Stability.A: Curve(0.20, 0.0, 0.0),
    Stability.B: Curve(0.12, 0.0, 0.0),
    Stability.C: Curve(0.08, 0.0002, -0.5),
    Stability.D: Curve(0.06, 0.0015, -0.5),  # 0.00015 is a misprint that spread from Briggs (1973)
    Stability.E: Curve(0.03, 0.0003, -1.0),
    Stability.F: Curve(0.016, 0.0003, -1.0),
}
UP_URBAN = {
    Stability.A: Curve(0.24, 0.001, 0.5),
    Stability.B: Curve(0.24, 0.001, 0.5),
    Stability.C: Curve(0.20, 0.0, 0.0),
    Stability.D: Curve(0.14, 0.0003, -0.5),
    Stability.E: Curve(0.08, 0.0015, -0.5),
    Stability.F: Curve(0.08, 0.0015, -0.5),
}
RANGE = (100.0, 10_000.0)
"""Metres the curves were drawn for."""


@model(
    id="sigma-briggs",
    title=Text("Briggs 扩散参数(乡村、城市)", "Briggs' dispersion curves, rural and urban"),
    source=(
        "Briggs (1973) as NOAA TM NOS OR&R 43 table 13 (vertical, rural lateral) and CCPS (1999) (urban lateral), as "
        "quoted in HAZEL engineConstants.js and GasDispersion.jl; class D by Griffiths (1994), 0.0015"
    ),
    how=Text(
        "横向与垂直扩散参数为下风向距离的函数,按稳定度与地面类型取系数。",
        "Lateral and vertical spread as functions of the distance, with coefficients by class and terrain.",
    ),
    formula=formula(
        "σy = a·x·(1 + b·x)^c, x ≥ 0",
        "σz = d·x·(1 + e·x)^f, x ≥ 0",
        where={
            "σy": means("横风向扩散参数", "crosswind spread", "m"),
            "σz": means("垂直扩散参数", "vertical spread", "m"),
            "x": "downwind",
            "a": means("横向系数,按稳定度与地面类型", "lateral coefficient by class and terrain", "1"),
            "b": means("横向系数:乡村 0.0001、城市 0.0004", "lateral coefficient: 0.0001 rural, 0.0004 urban", "1/m"),
            "c": means("横向指数", "lateral power", "1", -0.5),
            "d": means("垂直系数,按稳定度与地面类型", "vertical coefficient by class and terrain", "1"),
            "e": means("垂直系数,按稳定度与地面类型", "vertical coefficient by class and terrain", "1/m"),
            "f": means("垂直指数,按稳定度与地面类型", "vertical power by class and terrain", "1"),
        },
    ),
    neglects=(
        Text("100 m 以内与 10 km 以外为外推", "below 100 m and beyond 10 km they are extrapolated"),
        Text("地形起伏与建筑物", "hills and buildings"),
    ),
    cases=("sigma_briggs_rural", "sigma_briggs_urban", "briggs_coefficients"),
    tier=Tier.DOCUMENT,
)
def briggs(downwind: Metres, stability: Stability, terrain: Terrain = Terrain.RURAL) -> Spread:
    """Spread at a distance; zero at the source."""
    if terrain == Terrain.URBAN:
        return Spread(ACROSS_URBAN[stability](downwind), UP_URBAN[stability](downwind))
    return Spread(ACROSS_RURAL[stability](downwind), UP_RURAL[stability](downwind))
