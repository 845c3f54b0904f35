"""Death by poison in the air: Y = a + b ln(C^n t), each set of constants with its own unit, time in minutes."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import Concentrations, Fraction, Fractions, Numbers, Seconds
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.harm.concentration import (
    ByMass,
    ByVolume,
    ConcentrationUnit,
    InAir,
    counted,
    from_counted,
)
from emergency.models.harm.probit import SHARE, Lethality, lethality, log, probit_of

MINUTE = 60.0
CASES = ("toxic_probit",)
NEGLECTS = (
    Text("浓度随时间的起伏", "concentrations that come and go"),
    Text("老人、儿童等敏感人群", "the old, the young and the sick"),
)
HOW = Text(
    "浓度的 n 次方乘以时间为毒性剂量,按 a、b 换算致死概率;常数只对其公布的单位成立。",
    "The toxic dose is the concentration to the n times the time; a and b hold only for the unit they were given in.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToxicProbit:
    """One set of constants; `unit` says which kind of concentration they are for, and no other is taken."""

    a: float
    b: float
    n: float
    unit: ConcentrationUnit

    def of(self, air: InAir, exposure_time: Seconds) -> Lethality:
        """What a steady concentration does in a time."""
        minutes = np.asarray(exposure_time, dtype=float) / MINUTE
        return lethality(self.a + self.b * (self.n * log(counted(air, self.unit)) + log(minutes)))

    def concentration(self, probability: Fractions, exposure_time: Seconds) -> InAir:
        """The steady concentration that kills a share of people in a time: LC50 for a half."""
        minutes = np.asarray(exposure_time, dtype=float) / MINUTE
        dose: Numbers = (probit_of(probability) - self.a) / self.b
        return from_counted(np.exp((dose - log(minutes)) / self.n), self.unit)


@model(
    id="toxic-probit-mass",
    title=Text("中毒致死概率(mg/m³ 常数)", "Death by poison, constants for mg/m³"),
    source="Y = a + b ln(C^n t), C in mg/m3, t in min: TNO Purple Book (CPR 18E) ch. 5, worked in App. 6.B",
    how=HOW,
    formula=formula(
        "Y = a + b·ln((10⁶·C)^n·t/60)",
        "p = Φ(Y − 5)",
        where={
            **SHARE,
            "a": "probit_a",
            "b": "probit_b",
            "C": "concentration",
            "n": "probit_n",
            "t": "exposure_time",
        },
    ),
    neglects=NEGLECTS,
    cases=CASES,
    tier=Tier.DOCUMENT,
)
def toxic_probit_by_mass(
    concentration: Concentrations, exposure_time: Seconds, probit_a: Fraction, probit_b: Fraction, probit_n: Fraction
) -> Lethality:
    """The share of people a mass concentration kills in a time, by constants for mg/m3 and minutes."""
    constants = ToxicProbit(a=probit_a, b=probit_b, n=probit_n, unit=ConcentrationUnit.MG_M3)
    return constants.of(ByMass(concentration), exposure_time)


@model(
    id="toxic-probit-volume",
    title=Text("中毒致死概率(ppm 常数)", "Death by poison, constants for ppm"),
    source="Y = a + b ln(C^n t), C in ppm, t in min: Lees (2005) as tabulated in HSE SPC/Tech/OSD/30 Table 2",
    how=HOW,
    formula=formula(
        "Y = a + b·ln((10⁶·C)^n·t/60)",
        "p = Φ(Y − 5)",
        where={
            **SHARE,
            "a": "probit_a",
            "b": "probit_b",
            "C": "volume_fraction",
            "n": "probit_n",
            "t": "exposure_time",
        },
    ),
    neglects=NEGLECTS,
    cases=CASES,
    tier=Tier.DOCUMENT,
)
def toxic_probit_by_volume(
    volume_fraction: Fractions, exposure_time: Seconds, probit_a: Fraction, probit_b: Fraction, probit_n: Fraction
) -> Lethality:
    """The share of people a volume fraction kills in a time, by constants for ppm and minutes."""
    constants = ToxicProbit(a=probit_a, b=probit_b, n=probit_n, unit=ConcentrationUnit.PPM)
    return constants.of(ByVolume(volume_fraction), exposure_time)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToxicLoad:
    """A dangerous toxic load C^n t, in the unit to the n times minutes."""

    n: float
    value: float
    unit: ConcentrationUnit

    def concentration(self, exposure_time: Seconds) -> InAir:
        """The steady concentration that reaches it in a time."""
        minutes = np.asarray(exposure_time, dtype=float) / MINUTE
        return from_counted(np.power(self.value / minutes, 1.0 / self.n), self.unit)


@model(
    id="toxic-load",
    title=Text("毒性负荷", "Toxic load"),
    source="HSE, toxicity levels of chemicals (SLOT and SLOD dangerous toxic loads): C^n t, C in ppm, t in min",
    how=Text(
        "体积分数(ppm)的 n 次方乘以分钟数,与物质的危险毒性负荷(SLOT、SLOD)比较。",
        "The concentration in ppm to the n times the minutes, to be held against a substance's SLOT or SLOD.",
    ),
    formula=formula(
        "TL = (10⁶·C)^n·t/60",
        where={
            "TL": means("毒性负荷,ppmⁿ·min", "toxic load, ppmⁿ·min"),
            "C": "volume_fraction",
            "n": "probit_n",
            "t": "exposure_time",
        },
    ),
    neglects=NEGLECTS,
    cases=("toxic_load",),
    tier=Tier.DOCUMENT,
)
def toxic_load(volume_fraction: Fractions, exposure_time: Seconds, probit_n: Fraction) -> Numbers:
    """The toxic load in ppm^n min."""
    ppm = counted(ByVolume(volume_fraction), ConcentrationUnit.PPM)
    return np.power(ppm, probit_n) * (exposure_time / MINUTE)
