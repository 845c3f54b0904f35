"""The blast of all energy released at one point: the upper envelope of every real explosion far away."""

import numpy as np

from core.texts import Text
from core.units import Joules, Metres, Numbers, Pascal, Pascals
from emergency.blast_curves import point_source_curve
from emergency.evidence import Tier
from emergency.formula import Meanings, formula, means
from emergency.model import model

SACHS: Meanings = {
    "R": means("Sachs 比距", "distance scaled by Sachs", "1"),
    "r": "distance",
    "P₀": "ambient_pressure",
}
POINT_SOURCE = means(
    "点源精确解的超压比:对 ln R 三次插值 ln f,表外按端点斜率延伸",
    "overpressure ratio of the exact point source: ln f cubic in ln R, beyond the table along its end slopes",
)


@model(
    id="ideal-point-source",
    title=Text("理想点源爆炸超压", "Blast of an ideal point source"),
    source=(
        "numerical solution of the ideal point source, spherical, heat capacity ratio 1.4: table of Blast::IPS "
        "(S. Hancock, MIT), data file S1x4.pm, stated error below 1e-6"
    ),
    how=Text(
        "按 Sachs 比距 r(p0/E)^(1/3) 在精确解的表上三次插值。能量不含地面系数;贴地爆炸用两倍能量。",
        "Cubic interpolation in the table of the exact solution by Sachs' scaled distance; the energy is without a "
        "ground factor: twice it for a burst on the ground.",
    ),
    formula=formula(
        "R = r·∛(P₀/E)",
        "P = P₀·f(R)",
        where={
            **SACHS,
            "E": "energy",
            "P": means("超压", "overpressure", "Pa"),
            "f": POINT_SOURCE,
        },
    ),
    neglects=(Text("爆源的大小与燃烧时间", "the size of the source and the time it burns"),),
    cases=("ideal_point_source_blast",),
    tier=Tier.PEER,
)
def point_source(distance: Metres, energy: Joules, ambient_pressure: Pascal = 101_325.0) -> Pascals:
    """Overpressure of the shock at a distance of a point source."""
    return ambient_pressure * overpressure_ratio(sachs_distance(distance, energy, ambient_pressure))


def sachs_distance(distance: Numbers, energy: Numbers, ambient_pressure: Numbers) -> Numbers:
    """Distance scaled by energy and ambient pressure, r (p0 / E)^(1/3)."""
    return distance * (ambient_pressure / energy) ** (1 / 3)


def overpressure_ratio(scaled: Numbers, symmetry: str = "spherical", heat_capacity_ratio: float = 1.4) -> Numbers:
    """Overpressure over ambient pressure; nearer than the table it goes on along its first slope, that of a
    self-similar wave, farther out along its last.
    """
    curve = point_source_curve(symmetry, heat_capacity_ratio)
    place = np.log(np.maximum(np.asarray(scaled, dtype=float), 1e-9))
    first, last = curve.x[0], curve.x[-1]
    slope = curve.derivative()
    inside = curve(np.clip(place, first, last))
    beyond = np.maximum(place - last, 0.0) * slope(last) + np.minimum(place - first, 0.0) * slope(first)
    return np.asarray(np.exp(inside + beyond))
