"""Bauwens and Dorofeev: the overpressure of the detonable part of a jet or cloud."""

import numpy as np

from core.texts import Text
from core.units import Joules, Metres, Numbers, Pascal, Pascals
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.explosion.point_source import SACHS, sachs_distance

NEAREST = 1e-9
"""No scaled distance is less, where one is divided by."""


@model(
    id="bauwens-dorofeev",
    title=Text("可爆轰部分的爆炸超压(Bauwens-Dorofeev)", "Overpressure of the detonable mass, Bauwens and Dorofeev"),
    source=(
        "Bauwens and Dorofeev, ICHS 2019 paper 279 and Combustion and Flame (2020), "
        "doi 10.1016/j.combustflame.2020.08.003, as quoted in HyRAM+ (sandialabs/hyram, unconfined overpressure)"
    ),
    how=Text(
        "以可爆轰质量的燃烧热为能量,按比距 R 求 0.34/R^(4/3)+0.062/R²+0.0033/R³。",
        "With the heat of combustion of the detonable mass as energy, 0.34/R^(4/3) + 0.062/R² + 0.0033/R³ of the "
        "scaled distance R.",
    ),
    formula=formula(
        "R = r·∛(P₀/E)",
        "P = P₀·(0.34/R^(4/3) + 0.062/R² + 0.0033/R³)",
        where={**SACHS, "E": "energy", "P": means("超压", "overpressure", "Pa")},
    ),
    neglects=(Text("可爆轰质量须另求", "the detonable mass is to be found elsewhere"),),
    cases=("bauwens_dorofeev",),
    tier=Tier.DOCUMENT,
)
def bauwens_dorofeev(distance: Metres, energy: Joules, ambient_pressure: Pascal = 101_325.0) -> Pascals:
    """Overpressure at a distance of a detonation of a given energy."""
    scaled = np.maximum(np.asarray(sachs_distance(distance, energy, ambient_pressure)), NEAREST)
    return np.asarray(ambient_pressure * scaled_overpressure(scaled))


def scaled_overpressure(scaled: Numbers) -> Numbers:
    """Overpressure over ambient pressure at a scaled distance."""
    return 0.34 / scaled ** (4 / 3) + 0.062 / scaled**2 + 0.0033 / scaled**3
