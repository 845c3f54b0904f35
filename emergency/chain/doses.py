"""What is taken in of a poison over a course of concentrations, by every published exponent of the substance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import Fraction
from emergency.chain.toxic_levels import parts
from emergency.chemicals import substance
from emergency.models.harm.concentration import ByVolume, ConcentrationUnit, counted
from emergency.models.harm.probit import lethality, log
from emergency.models.harm.toxic import MINUTE
from emergency.probits import Published, probits_of, toxic_loads
from emergency.scenario import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """The integral of C^n over time, in `unit` to the n times minutes, and what it means by the set it is by.

    `death_*` is the share of people who die, of a probit; `of_limit_*` the part of a dangerous toxic load reached.
    """

    set: str
    title: Text
    n: float
    unit: str
    outdoors: float
    indoors: float
    death_outdoors: Fraction | None = None
    death_indoors: Fraction | None = None
    of_limit_outdoors: float | None = None
    of_limit_indoors: float | None = None
    source: str
    verified: bool


def doses(scenario: Scenario, times: Floats, outdoors: Floats, indoors: Floats) -> tuple[Dose, ...]:
    """A dose for each set of constants that has the substance; sets disagree, so each is named."""
    gas = substance(scenario.chemical)
    whole = parts(gas, scenario.weather)

    def taken(course: Floats, n: float, unit: ConcentrationUnit) -> float:
        if unit is ConcentrationUnit.PPM:
            counts = np.asarray(counted(ByVolume(course), unit))
        else:
            counts = course * whole * 1e6
        return float(np.trapezoid(counts**n, times) / MINUTE)

    found = []
    for row in probits_of(gas.cas):
        probit = row.probit
        out, inside = (taken(course, probit.n, probit.unit) for course in (outdoors, indoors))
        dead = [
            float(np.asarray(lethality(probit.a + probit.b * np.asarray(log(one))).probability))
            for one in (out, inside)
        ]
        found.append(
            _dose(row.about, probit.n, probit.unit, out, inside, death_outdoors=dead[0], death_indoors=dead[1])
        )
    for limit in (one for one in toxic_loads() if one.about.cas == gas.cas):
        load = limit.load
        out, inside = (taken(course, load.n, load.unit) for course in (outdoors, indoors))
        found.append(
            _dose(
                limit.about, load.n, load.unit, out, inside, level=limit.level, of_limit_outdoors=out / load.value,
                of_limit_indoors=inside / load.value,
            )
        )  # fmt: skip
    return tuple(found)


def _dose(
    about: Published, n: float, unit: ConcentrationUnit, outdoors: float, indoors: float, level: str = "",
    **meaning: float,
) -> Dose:  # fmt: skip
    named = f"{about.set} {level}".strip()
    return Dose(
        set=named, title=Text(f"毒性负荷({named},n = {n:g})", f"toxic load ({named}, n = {n:g})"), n=n,
        unit=f"({unit})^{n:g}.min", outdoors=outdoors, indoors=indoors, source=about.source, verified=about.verified,
        **meaning,
    )  # fmt: skip
