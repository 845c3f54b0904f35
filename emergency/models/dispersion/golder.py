"""Pasquill's class from the Obukhov length and the roughness of the ground, by Golder's figure as AERMOD codes it."""

from math import log

from core.texts import Text
from core.units import Metre
from emergency.evidence import Tier
from emergency.model import model
from emergency.models.dispersion.air import Stability

UNSTABLE = ((Stability.A, -70.0, 4.35), (Stability.B, -85.2, 0.502), (Stability.C, -245.0, 0.05))
STABLE = ((Stability.D, -327.0, 0.627), (Stability.E, -70.0, 0.295))
ROUGHNESS = (0.01, 0.5)
"""Where the figure's curves were fitted; the code form clips to it."""


def bounds(roughness: Metre) -> dict[str, Metre]:
    """The lengths |L| between neighbouring classes: `AB`, `BC`, `CD` for L below zero, `DE`, `EF` above."""
    within = min(max(roughness, ROUGHNESS[0]), ROUGHNESS[1])
    lines = zip(("AB", "BC", "CD", "DE", "EF"), (*UNSTABLE, *STABLE), strict=True)
    return {name: abs(slope / (log(within) - offset)) for name, (_, slope, offset) in lines}


@model(
    id="stability-golder",
    title=Text("Golder 稳定度分级", "Stability by Golder"),
    source="Golder (1972) fig. 4 in the form of subroutine LTOPG of CTDMPLUS/AERMOD (calc1.f, U.S. EPA, public domain)",
    how=Text(
        "由奥布霍夫长度 L 与地面粗糙度确定稳定度:L 小于零为不稳定,等于或大于零为稳定,界限随粗糙度变化。",
        "The class follows from the Obukhov length and the roughness: unstable below zero, stable from zero up, with "
        "limits that move with the roughness.",
    ),
    valid={"roughness": ROUGHNESS},
    neglects=(Text("粗糙度超出 0.01–0.5 m 时按边界取值", "roughness beyond 0.01–0.5 m is taken as the nearer end"),),
    cases=("stability_golder",),
    tier=Tier.IMPLEMENTATION,
)
def golder_class(obukhov_length: Metre, roughness: Metre) -> Stability:
    """The class at an Obukhov length; neutral air is a length far from zero."""
    limit = bounds(roughness)
    far = abs(obukhov_length)
    if obukhov_length < 0:
        for name, found in (("AB", Stability.A), ("BC", Stability.B), ("CD", Stability.C)):
            if far <= limit[name]:
                return found
        return Stability.D
    if far >= limit["DE"]:
        return Stability.D
    return Stability.E if far >= limit["EF"] else Stability.F
