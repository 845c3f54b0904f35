"""How far a gas is from ideal: the second virial coefficient by Pitzer and Abbott."""

import numpy as np

from core.texts import Text
from core.units import Fraction, Fractions, Kelvin, Kelvins, Pascal, Pascals
from emergency.formula import formula, means
from emergency.model import model


@model(
    id="pitzer-compressibility",
    title=Text("压缩因子(Pitzer 第二维里系数)", "Compressibility by Pitzer's second virial coefficient"),
    source="Smith, Van Ness and Abbott, Introduction to Chemical Engineering Thermodynamics, ch. 3, as quoted in HAZEL",
    how=Text(
        "Z = 1 + (B⁰ + ωB¹)Pr/Tr,B⁰ = 0.083 - 0.422/Tr^1.6,B¹ = 0.139 - 0.172/Tr^4.2。",
        "Z = 1 + (B⁰ + ω B¹) Pr / Tr, B⁰ = 0.083 - 0.422 / Tr^1.6, B¹ = 0.139 - 0.172 / Tr^4.2.",
    ),
    formula=formula(
        "Tr = T/Tc",
        "B₀ = 0.083 − 0.422/Tr^1.6",
        "B₁ = 0.139 − 0.172/Tr^4.2",
        "Z = max(1 + (B₀ + ω·B₁)·P/(Pc·Tr), 0.2)",
        where={
            "Tr": means("对比温度", "reduced temperature", "1"),
            "T": "temperature",
            "Tc": "critical_temperature",
            "B₀": means("简单流体项", "term of a simple fluid", "1"),
            "B₁": means("偏心修正项", "term of the acentric factor", "1"),
            "Z": "compressibility",
            "ω": "acentric_factor",
            "P": "pressure",
            "Pc": "critical_pressure",
        },
    ),
    neglects=(Text("高对比压力下的高阶项", "higher terms at high reduced pressure"),),
)
def compressibility(
    pressure: Pascals, temperature: Kelvins, critical_temperature: Kelvin, critical_pressure: Pascal,
    acentric_factor: Fraction = 0.0,
) -> Fractions:  # fmt: skip
    """Z, not below 0.2 where the correlation has left its range."""
    tr = temperature / critical_temperature
    b0, b1 = 0.083 - 0.422 / tr**1.6, 0.139 - 0.172 / tr**4.2
    return np.maximum(1 + (b0 + acentric_factor * b1) * pressure / critical_pressure / tr, 0.2)
