"""Death by heat radiation, by probits of the thermal dose; each set of constants keeps the unit it was published in."""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import log as ln

import numpy as np

from core.texts import Text
from core.units import Fluxes, Fractions, Numbers, Seconds
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.harm.probit import SHARE, Lethality, lethality, log, probit_of


class DoseUnit(StrEnum):
    """What a probit's dose I^(4/3) t is counted in; the same probit has another constant in another unit."""

    WATTS = "(W/m2)^(4/3) s"
    KILOWATTS = "(kW/m2)^(4/3) s"

    @property
    def size(self) -> float:
        """How many (W/m2)^(4/3) s it is."""
        return 1.0 if self is DoseUnit.WATTS else 1e4


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalProbit:
    """Y = a + b ln(share × dose), the dose in `unit`; radiation comes in SI and is converted here and nowhere else."""

    a: float
    b: float
    unit: DoseUnit
    share: float = 1.0
    source: str = ""

    def of(self, heat_flux: Fluxes, exposure_time: Seconds) -> Lethality:
        """What a steady heat flux does in a time."""
        return self.of_dose(np.power(heat_flux, 4.0 / 3.0) * exposure_time)

    def of_dose(self, watts: Numbers) -> Lethality:
        """What a dose in (W/m2)^(4/3) s does."""
        return lethality(self.a + self.b * log(np.asarray(watts, dtype=float) * (self.share / self.unit.size)))

    def dose(self, probability: Fractions) -> Numbers:
        """The dose, in this set's own unit, that kills a share of people."""
        answer: Numbers = np.exp((probit_of(probability) - self.a) / self.b) / self.share
        return answer

    def heat_flux(self, probability: Fractions, exposure_time: Seconds) -> Fluxes:
        """The steady heat flux that kills a share of people in a time."""
        answer: Numbers = np.power(self.dose(probability) * self.unit.size / exposure_time, 0.75)
        return answer

    def converted(self, unit: DoseUnit) -> "ThermalProbit":
        """The same probit with its constant for another unit."""
        return replace(self, a=self.a + self.b * ln(unit.size / self.unit.size), unit=unit)


class ThermalSet(StrEnum):
    """The published sets."""

    PURPLE_BOOK = "purple-book"
    TSAO_PERRY = "tsao-perry"
    EISENBERG = "eisenberg"
    LEES = "lees"
    LEES_CLOTHED = "lees-half-dose"
    TNO = "tno"


OSD30 = "HSE SPC/Tech/OSD/30 Table 17, as quoted in Petrolord validation findings"
HYRAM = "HyRAM+ 6 (Sandia), thermal probits, in (W/m2)^(4/3) s"

THERMAL_SETS = {
    ThermalSet.PURPLE_BOOK: ThermalProbit(
        a=-36.38, b=2.56, unit=DoseUnit.WATTS, source="TNO Purple Book (CPR 18E) ch. 5, as in HyRAM+ for Tsao & Perry"
    ),
    ThermalSet.TSAO_PERRY: ThermalProbit(a=-12.8, b=2.56, unit=DoseUnit.KILOWATTS, source=OSD30),
    ThermalSet.EISENBERG: ThermalProbit(
        a=-38.48, b=2.56, unit=DoseUnit.WATTS, source=f"Eisenberg et al. (1975), {HYRAM}; -14.9 in kW"
    ),
    ThermalSet.LEES: ThermalProbit(a=-10.7, b=1.99, unit=DoseUnit.KILOWATTS, source=OSD30),
    ThermalSet.LEES_CLOTHED: ThermalProbit(a=-29.02, b=1.99, unit=DoseUnit.WATTS, share=0.5, source=HYRAM),
    ThermalSet.TNO: ThermalProbit(a=-37.23, b=2.56, unit=DoseUnit.WATTS, source=HYRAM),
}


@model(
    id="thermal-probit",
    title=Text("热辐射致死概率", "Death by heat radiation"),
    source="Y = a + b ln(I^(4/3) t). TNO Purple Book ch. 5; Tsao & Perry and Lees in HSE SPC/Tech/OSD/30 Table 17; "
    "Eisenberg, TNO and Lees with half the dose as in HyRAM+ 6",
    how=Text(
        "恒定热通量的 4/3 次方乘以暴露时间为热剂量,按所选常数组换算致死概率。"
        "紫皮书常数与 Tsao-Perry 相同,比 Eisenberg 高 2.1。",
        "The dose is the flux to the 4/3 times the exposure; the chosen set's probit gives the share that dies. "
        "The Purple Book's constants are those of Tsao and Perry, 2.1 above Eisenberg's.",
    ),
    formula=formula(
        "Y = a + b·ln(f·q^(4/3)·t/c)",
        "p = Φ(Y − 5)",
        where={
            **SHARE,
            "a": means("常数,按所选常数组", "constant of the set chosen", "1"),
            "b": means("系数,按所选常数组", "slope of the set chosen", "1"),
            "f": means(
                "计入的剂量份额:lees-half-dose 0.5,其余 1",
                "share of the dose that counts: 0.5 of lees-half-dose, else 1",
                "1",
            ),
            "q": "heat_flux",
            "t": "exposure_time",
            "c": means("常数组的剂量单位:以 W 计 1,以 kW 计 10⁴", "the set's unit of dose: 1 of W, 10⁴ of kW"),
        },
    ),
    neglects=(
        Text("逃离与遮蔽;暴露时间由使用者限定", "escape and shelter; the user bounds the exposure"),
        Text("衣物(仅 lees-half-dose 计一半剂量)", "clothing, but for lees-half-dose, which takes half the dose"),
    ),
    cases=("thermal_probit", "thermal_lethality"),
    tier=Tier.DOCUMENT,
)
def thermal_probit(
    heat_flux: Fluxes, exposure_time: Seconds, coefficients: ThermalSet = ThermalSet.PURPLE_BOOK
) -> Lethality:
    """The share of exposed people a steady heat flux kills in a time, by a published set of constants."""
    return THERMAL_SETS[coefficients].of(heat_flux, exposure_time)
