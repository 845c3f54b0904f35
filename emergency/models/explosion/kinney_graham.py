"""Kinney and Graham: the overpressure of TNT in free air in one closed form."""

import numpy as np

from core.texts import Text
from core.units import Pascal, Pascals, ScaledDistances
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model


@model(
    id="kinney-graham",
    title=Text("TNT 自由空气超压(Kinney-Graham)", "TNT overpressure in free air, Kinney and Graham"),
    source=(
        "Kinney and Graham (1985) as printed by Guzas and Earls (2010) eq. 5; 808 and 0.048, which the published "
        "table follows, not the 800 and 0.049 a conference paper prints"
    ),
    how=Text(
        "按比距以一个闭式求入射超压与环境气压之比。",
        "One closed form gives the incident overpressure over ambient pressure by scaled distance.",
    ),
    formula=formula(
        "P = P₀·808·(1 + (Z/4.5)²)/(√(1 + (Z/0.048)²)·√(1 + (Z/0.32)²)·√(1 + (Z/1.35)²))",
        where={"P": means("入射超压", "incident overpressure", "Pa"), "P₀": "ambient_pressure", "Z": "scaled_distance"},
    ),
    valid={"scaled_distance": (0.05, 40.0)},
    neglects=(Text("地面反射", "reflection by the ground"),),
    cases=("kinney_graham_free_air",),
    tier=Tier.DOCUMENT,
)
def kinney_graham(scaled_distance: ScaledDistances, ambient_pressure: Pascal = 101_325.0) -> Pascals:
    """Incident overpressure of a charge in free air."""
    z = np.asarray(scaled_distance, dtype=float)
    below = np.sqrt(1 + (z / 0.048) ** 2) * np.sqrt(1 + (z / 0.32) ** 2) * np.sqrt(1 + (z / 1.35) ** 2)
    return np.asarray(ambient_pressure * 808 * (1 + (z / 4.5) ** 2) / below)
