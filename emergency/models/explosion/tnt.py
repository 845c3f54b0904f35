"""TNT equivalence: the mass of TNT whose explosion is as strong as what of a fuel's energy goes into the blast."""

from core.texts import Text
from core.units import Fraction, JoulePerKilogram, Kilogram
from emergency.evidence import Tier
from emergency.formula import formula
from emergency.model import model


@model(
    id="tnt-equivalence",
    title=Text("TNT 当量法", "TNT equivalence"),
    source="TNT equivalence as in HyRAM+ (tests/hyram/phys/test_overpressure.py) and EPA 550-B-99-009",
    how=Text(
        "可燃物燃烧热乘以爆炸效率,除以单位质量 TNT 的爆炸能。效率由使用者给定。",
        "The fuel's heat of combustion times the yield, by the energy of a kilogram of TNT. The yield is given.",
    ),
    formula=formula(
        "W = m·Y·Hc/Et",
        where={"W": "tnt_mass", "m": "mass", "Y": "blast_yield", "Hc": "heat_of_combustion", "Et": "tnt_energy"},
    ),
    neglects=(Text("拥塞与约束", "congestion and confinement"),),
    cases=("tnt_equivalence",),
    tier=Tier.DOCUMENT,
)
def tnt_equivalent(
    mass: Kilogram, heat_of_combustion: JoulePerKilogram, blast_yield: Fraction, tnt_energy: JoulePerKilogram
) -> Kilogram:
    """The equivalent mass of TNT, m Y Hc / E."""
    return mass * blast_yield * heat_of_combustion / tnt_energy
