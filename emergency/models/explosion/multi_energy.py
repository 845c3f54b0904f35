"""TNO multi-energy: four of its ten curves as power fits of unprinted origin, for comparison only."""

from enum import StrEnum

import numpy as np

from core.texts import Text
from core.units import Joules, Metres, Pascal, Pascals
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.explosion.point_source import SACHS, sachs_distance


class Strength(StrEnum):
    """The class of blast strength; the other six curves could not be had from a source to cite."""

    ONE = "1"
    FOUR = "4"
    FIVE = "5"
    SIX = "6"


FITS = {
    Strength.ONE: (0.01, 0.0064, -0.97),
    Strength.FOUR: (0.1, 0.0644, -0.99),
    Strength.FIVE: (0.2, 0.117, -0.99),
    Strength.SIX: (0.5, 0.301, -1.11),
}
"""The plateau near the source, then a and b of a R^b."""


@model(
    id="multi-energy",
    title=Text("蒸气云爆炸超压(TNO 多能法,未核实拟合)", "TNO multi-energy, unverified fits"),
    source="power fits of curves 1, 4, 5 and 6 in a public script of 2021 that prints no origin; not TNO's own table",
    how=Text(
        "按比距 R 取平台值与幂函数 a·R^b 中较小者。仅供比较,不作判据。",
        "The lesser of a plateau and a power a R^b of the scaled distance R. For comparison, not for decisions.",
    ),
    formula=formula(
        "R = r·∛(P₀/E)",
        "P = P₀·min(p, a·R^b)",
        where={
            **SACHS,
            "E": "energy",
            "P": means("超压", "overpressure", "Pa"),
            "p": means("平台值,按强度级", "plateau by class", "1"),
            "a": means("系数,按强度级", "coefficient by class", "1"),
            "b": means("指数,按强度级", "power by class", "1"),
        },
    ),
    neglects=(Text("第 2、3、7~10 级与正压时间", "classes 2, 3 and 7 to 10, and the duration"),),
)
def multi_energy(distance: Metres, energy: Joules, strength: Strength, ambient_pressure: Pascal = 101_325.0) -> Pascals:
    """Overpressure at a distance from the centre of the congested region."""
    plateau, a, b = FITS[strength]
    scaled = np.maximum(np.asarray(sachs_distance(distance, energy, ambient_pressure)), 1e-9)
    return np.asarray(ambient_pressure * np.minimum(plateau, a * scaled**b))
