"""Baker-Strehlow-Tang: overpressure and impulse of a vapour cloud by the speed of its flame."""

from dataclasses import dataclass
from enum import StrEnum

from core.texts import Text
from core.units import (
    Fraction,
    JoulePerKilogram,
    Joules,
    Kilograms,
    Metres,
    Pascal,
    Pascals,
    PascalSeconds,
    Speed,
)  # fmt: skip
from emergency.blast_curves import bst_impulse_curves, bst_overpressure_curves
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.explosion.point_source import SACHS, sachs_distance

GROUND_REFLECTION = 2.0
"""A cloud on the ground sends into half a space what in free air would go into a whole one."""

DETONATION = 5.2
"""The flame Mach number of a detonation."""


class Reactivity(StrEnum):
    """How fast the fuel burns."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Congestion(StrEnum):
    """How much stands in the flame's way."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


FLAME_MACH = {
    (Reactivity.LOW, Congestion.LOW): 0.026,
    (Reactivity.LOW, Congestion.MEDIUM): 0.23,
    (Reactivity.LOW, Congestion.HIGH): 0.34,
    (Reactivity.MEDIUM, Congestion.LOW): 0.11,
    (Reactivity.MEDIUM, Congestion.MEDIUM): 0.44,
    (Reactivity.MEDIUM, Congestion.HIGH): 0.5,
    (Reactivity.HIGH, Congestion.LOW): 0.36,
    (Reactivity.HIGH, Congestion.MEDIUM): DETONATION,
    (Reactivity.HIGH, Congestion.HIGH): DETONATION,
}
"""Flame speeds after Pierorazio et al. (2005) as in ALOHA's technical documentation (NOAA OR&R 43) Table 14."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudBlast:
    """The wave of a cloud at each of the places asked for."""

    overpressure: Pascals
    impulse: PascalSeconds


@model(
    id="baker-strehlow-tang",
    title=Text("蒸气云爆炸超压与冲量(Baker-Strehlow-Tang)", "Vapour cloud explosion, Baker-Strehlow-Tang"),
    source=(
        "Baker-Strehlow-Tang curves (CCPS 2010) as digitised in HyRAM+ 6 (930 points of overpressure, 1141 of impulse)"
    ),
    how=Text(
        "能量=地面系数 2×质量×燃烧热;按比距和火焰马赫数在曲线上插值,两条曲线之间按马赫数线性。",
        "Energy is 2 (for the ground) times mass times heat of combustion; the curves are read at the scaled distance, "
        "between two of them in proportion to the flame Mach number.",
    ),
    formula=formula(
        "R = r·∛(P₀/E)",
        "P = P₀·p(M, R)",
        "I = ∛(E)·P₀^(2/3)/c·j(M, R)",
        where={
            **SACHS,
            "E": "energy",
            "P": means("超压", "overpressure", "Pa"),
            "p": means(
                "超压曲线:对数插值,两条马赫数曲线之间线性",
                "overpressure curves: straight in logarithms, and between two of them in M",
            ),
            "M": "flame_mach",
            "I": means("正压冲量", "positive impulse", "Pa.s"),
            "c": "sound_speed",
            "j": means("冲量曲线,插值同上", "impulse curves, read in the same way"),
        },
    ),
    valid={"flame_mach": (0.2, 5.2)},
    neglects=(
        Text(
            "曲线由图读出,误差约数个百分点;算例只核对了能量与比距,未核对曲线",
            "the curves were read from graphs, to a few per cent; the cases test energy and scaled distance, not them",
        ),
        Text("马赫数低于 0.2 的火焰取 0.2 的曲线", "a flame slower than Mach 0.2 is given the curve of 0.2"),
    ),
    cases=("baker_strehlow_tang",),
    tier=Tier.SECONDARY,
)
def baker_strehlow_tang(
    distance: Metres,
    energy: Joules,
    flame_mach: Fraction,
    ambient_pressure: Pascal = 101_325.0,
    sound_speed: Speed = 340.0,
) -> CloudBlast:
    """Overpressure and impulse of a cloud of a given energy, the ground factor included in it."""
    scaled = sachs_distance(distance, energy, ambient_pressure)
    size = energy ** (1 / 3) * ambient_pressure ** (2 / 3) / sound_speed
    return CloudBlast(
        overpressure=ambient_pressure * bst_overpressure_curves()(flame_mach, scaled),
        impulse=size * bst_impulse_curves()(flame_mach, scaled),
    )


def cloud_energy(
    mass: Kilograms, heat_of_combustion: JoulePerKilogram, ground_reflection: Fraction = GROUND_REFLECTION
) -> Joules:
    """The energy the curves are scaled with."""
    return ground_reflection * mass * heat_of_combustion


def flame_mach(reactivity: Reactivity, congestion: Congestion) -> float:
    """The flame Mach number of a fuel in a place."""
    return FLAME_MACH[reactivity, congestion]
