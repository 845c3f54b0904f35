"""Pasquill's class from the Obukhov length and the roughness of the ground, by Golder's figure as AERMOD codes it."""

from math import log

from core.texts import Text
from core.units import Metre
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import CLASSES, Stability

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
    formula=formula(
        "zr = min(max(z₀, 0.01), 0.5)",
        "LA = |−70/(ln(zr) − 4.35)|",
        "LB = |−85.2/(ln(zr) − 0.502)|",
        "LC = |−245/(ln(zr) − 0.05)|",
        "LD = |−327/(ln(zr) − 0.627)|",
        "LE = |−70/(ln(zr) − 0.295)|",
        "S = A, L < 0 ∧ |L| ≤ LA",
        "S = B, L < 0 ∧ LA < |L| ∧ |L| ≤ LB",
        "S = C, L < 0 ∧ LB < |L| ∧ |L| ≤ LC",
        "S = D, L < 0 ∧ LC < |L|",
        "S = D, L ≥ 0 ∧ L ≥ LD",
        "S = E, L ≥ 0 ∧ LE ≤ L ∧ L < LD",
        "S = F, L ≥ 0 ∧ L < LE",
        where={
            "zr": means("所取粗糙度", "roughness taken", "m"),
            "z₀": "roughness",
            "LA": means("A、B 级界限", "limit of A and B", "m"),
            "LB": means("B、C 级界限", "limit of B and C", "m"),
            "LC": means("C、D 级界限", "limit of C and D", "m"),
            "LD": means("D、E 级界限", "limit of D and E", "m"),
            "LE": means("E、F 级界限", "limit of E and F", "m"),
            "L": "obukhov_length",
            **CLASSES,
        },
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
