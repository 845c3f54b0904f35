"""How far an overpressure of a charge of TNT reaches, by the curve chosen."""

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from core.texts import Text
from core.units import Kilogram, Metre, Numbers, Pascal
from emergency.blast_curves import kingery_bulmash_curves
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.explosion.kinney_graham import kinney_graham
from emergency.reach import reach

NEAREST, FARTHEST = 0.05, 1000.0
"""Scaled distances looked over, m/kg^(1/3)."""


class Curve(StrEnum):
    """Overpressure of TNT by scaled distance."""

    SURFACE = "surface"
    FREE_AIR = "free-air"
    KINNEY_GRAHAM = "kinney-graham"


OVERPRESSURE: dict[Curve, Callable[[Numbers], Numbers]] = {
    Curve.SURFACE: lambda z: kingery_bulmash_curves("simplified")["incident_overpressure"](z),
    Curve.FREE_AIR: lambda z: kingery_bulmash_curves("spherical")["incident_overpressure"](z),
    Curve.KINNEY_GRAHAM: lambda z: kinney_graham(z),
}


@model(
    id="blast-distance",
    title=Text("超压可达距离(TNT)", "Distance to an overpressure, TNT"),
    source="inverse of kingery-simplified, kingery-bulmash or kinney-graham, by search and root finding",
    how=Text(
        "在比距 0.05–1000 上找出超压仍不低于给定值的最远处,再乘 W^(1/3)。",
        "The farthest scaled distance from 0.05 to 1000 at which the overpressure is not below what is given, times "
        "W^(1/3).",
    ),
    formula=formula(
        "P = f(Z)",
        "D = Z·∛(W)",
        where={
            "P": "overpressure",
            "f": means("所选曲线的超压", "overpressure by the curve chosen"),
            "Z": means(
                "超压为 P 的最远比距,在 0.05–1000 内找",
                "farthest scaled distance where it is P, from 0.05 to 1000",
                "m/kg^(1/3)",
            ),
            "D": means("超压可达距离", "how far it reaches", "m"),
            "W": "tnt_mass",
        },
    ),
    cases=("tnt_equivalence_blast_radius",),
    tier=Tier.PEER,
)
def blast_distance(overpressure: Pascal, tnt_mass: Kilogram, curve: Curve = Curve.SURFACE) -> Metre:
    """Metres from the charge to where its overpressure has fallen to a level; 0 where it is nowhere so high."""
    along = OVERPRESSURE[curve]
    scaled = reach(lambda z: np.asarray(along(z)), overpressure, near=NEAREST, far=FARTHEST)
    return float(scaled * tnt_mass ** (1 / 3))
