"""Death by blast: probits of the overpressure, and of overpressure with impulse."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.texts import Text
from core.units import Fractions, Numbers, Pascals, PascalSeconds
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.harm.probit import SHARE, Lethality, lethality, log, probit_of


class PressureUnit(StrEnum):
    """What a probit's overpressure is counted in."""

    PASCAL = "Pa"
    BAR = "bar"
    PSI = "psi"

    @property
    def size(self) -> float:
        """How many pascals it is."""
        return {PressureUnit.PASCAL: 1.0, PressureUnit.BAR: 1e5, PressureUnit.PSI: 6894.757293168}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlastProbit:
    """Y = a + b ln(P), the side-on overpressure in `unit`; pressures come in pascals and are converted here."""

    a: float
    b: float
    unit: PressureUnit
    source: str = ""

    def of(self, overpressure: Pascals) -> Lethality:
        """What an overpressure does."""
        return lethality(self.a + self.b * log(np.asarray(overpressure, dtype=float) / self.unit.size))

    def overpressure(self, probability: Fractions) -> Pascals:
        """The overpressure that kills a share of people."""
        answer: Numbers = np.exp((probit_of(probability) - self.a) / self.b) * self.unit.size
        return answer


class BlastSet(StrEnum):
    """The published sets of overpressure alone."""

    HSC = "hsc"
    LUNG_EISENBERG = "lung-eisenberg"
    LUNG_HSE = "lung-hse"


BLAST_SETS = {
    BlastSet.HSC: BlastProbit(
        a=1.47, b=1.37, unit=PressureUnit.PSI,
        source="HSC road and rail transport study, HSE SPC/Tech/OSD/30 eq. 4, as quoted in Petrolord findings",
    ),
    BlastSet.LUNG_EISENBERG: BlastProbit(
        a=-77.1, b=6.91, unit=PressureUnit.PASCAL, source="Eisenberg et al. (1975), lung haemorrhage, as in HyRAM+ 6"
    ),
    BlastSet.LUNG_HSE: BlastProbit(
        a=5.13, b=1.37, unit=PressureUnit.BAR, source="HSE, lung haemorrhage, as in HyRAM+ 6"
    ),
}  # fmt: skip


@model(
    id="overpressure-probit",
    title=Text("超压致死概率", "Death by overpressure"),
    source="Y = a + b ln(P). HSC in HSE SPC/Tech/OSD/30 eq. 4 (psig); lung haemorrhage as in HyRAM+ 6 (Pa, bar)",
    how=Text(
        "入射超压按所选常数组的单位取对数,换算致死概率。",
        "The logarithm of the side-on overpressure, in the unit of the chosen set, gives the probit.",
    ),
    formula=formula(
        "Y = a + b·ln(P/c)",
        "p = Φ(Y − 5)",
        where={
            **SHARE,
            "a": means("常数,按所选常数组", "constant of the set chosen", "1"),
            "b": means("系数,按所选常数组", "slope of the set chosen", "1"),
            "P": "overpressure",
            "c": means("常数组的压力单位:Pa、bar 或 psi", "the set's unit of pressure: Pa, bar or psi", "Pa"),
        },
    ),
    neglects=(Text("正压时间与冲量", "duration and impulse"), Text("碎片与坠落", "fragments and falls")),
    cases=("overpressure_probit",),
    tier=Tier.DOCUMENT,
)
def overpressure_probit(overpressure: Pascals, coefficients: BlastSet = BlastSet.HSC) -> Lethality:
    """The share of people a side-on overpressure kills, by a published set of constants."""
    return BLAST_SETS[coefficients].of(overpressure)


@model(
    id="head-impact-probit",
    title=Text("头部撞击致死概率", "Death by impact of the head"),
    source="TNO, head impact: Y = 5 - 8.49 ln(2430/P + 4e8/(P i)), P in Pa, i in Pa s; as in HyRAM+ 6",
    how=Text(
        "人被冲击波抛起、头部撞击而死亡的概率,由超压与冲量共同决定。",
        "People are thrown and die of their heads' impact; overpressure and impulse decide together.",
    ),
    formula=formula(
        "Y = 5 − 8.49·ln(2430/P + 4·10⁸/(P·i))",
        "p = Φ(Y − 5)",
        where={**SHARE, "P": "overpressure", "i": "impulse"},
    ),
    cases=("overpressure_probit",),
    tier=Tier.DOCUMENT,
)
def head_impact_probit(overpressure: Pascals, impulse: PascalSeconds) -> Lethality:
    """The share of people who die by the impact of the head."""
    p, i = np.asarray(overpressure, dtype=float), np.asarray(impulse, dtype=float)
    with np.errstate(divide="ignore", over="ignore"):
        return lethality(5.0 - 8.49 * np.log(2430.0 / p + 4e8 / (p * i)))


@model(
    id="collapse-probit",
    title=Text("建筑倒塌致死概率", "Death by collapse of buildings"),
    source="TNO, structural collapse: Y = 5 - 0.22 ln((40000/P)^7.4 + (460/i)^11.3), Pa and Pa s; as in HyRAM+ 6",
    how=Text(
        "建筑物倒塌致室内人员死亡的概率,由超压与冲量共同决定。",
        "People indoors die by the collapse of the building; overpressure and impulse decide together.",
    ),
    formula=formula(
        "Y = 5 − 0.22·ln((40000/P)^7.4 + (460/i)^11.3)",
        "p = Φ(Y − 5)",
        where={**SHARE, "P": "overpressure", "i": "impulse"},
    ),
    cases=("overpressure_probit",),
    tier=Tier.DOCUMENT,
)
def collapse_probit(overpressure: Pascals, impulse: PascalSeconds) -> Lethality:
    """The share of people who die by collapsing buildings."""
    p, i = np.asarray(overpressure, dtype=float), np.asarray(impulse, dtype=float)
    with np.errstate(divide="ignore", over="ignore"):
        return lethality(5.0 - 0.22 * np.log((40_000.0 / p) ** 7.4 + (460.0 / i) ** 11.3))
