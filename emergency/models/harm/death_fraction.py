"""What share of a population dies, indoors and out, by the rules of the Purple Book."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.texts import Text
from core.units import Fluxes, Fraction, Fractions, Pascals, Seconds
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.harm.thermal import THERMAL_SETS, ThermalSet

SOURCE = "TNO Purple Book (CPR 18E) chapter 5, vulnerability rules, as transcribed in Petrolord QRA findings"


class Period(StrEnum):
    """When people are indoors more or less."""

    DAY = "day"
    NIGHT = "night"


INDOORS = {Period.DAY: 0.93, Period.NIGHT: 0.99}
"""The share of people indoors, Purple Book; for societal risk only."""

FLAME = 35_000.0
"""W/m2: from this flux on everybody dies, in a building too."""

HEAT_EXPOSURE = 20.0
"""s: people are taken to have found shelter by then."""

TOXIC_EXPOSURE = 1800.0
"""s: people are taken to have left a toxic cloud by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deaths:
    """The lethality outdoors and the share of a population that dies, both from 0 to 1."""

    probability: Fractions
    fraction: Fractions


@model(
    id="toxic-death-fraction",
    title=Text("中毒死亡人口比例", "Share of a population that dies of poison"),
    source=f"{SOURCE}: outdoors P, indoors 0.1 P",
    how=Text(
        "室外按致死概率,室内按其十分之一,按室内外人数比例加权。",
        "Outdoors by the lethality, indoors by a tenth of it, weighted by where people are.",
    ),
    formula=formula(
        "f = p·(1 − i) + p·k·i",
        where={
            "f": means("死亡人口比例", "share of the population that dies", "1"),
            "p": "probability",
            "i": "fraction_indoors",
            "k": "indoor_factor",
        },
    ),
    cases=("population_death_fraction",),
    tier=Tier.IMPLEMENTATION,
)
def toxic_deaths(
    probability: Fractions, fraction_indoors: Fraction = INDOORS[Period.DAY], indoor_factor: Fraction = 0.1
) -> Deaths:
    """The share that dies in a toxic cloud."""
    return Deaths(
        probability=probability,
        fraction=probability * (1.0 - fraction_indoors) + probability * indoor_factor * fraction_indoors,
    )


@model(
    id="fire-death-fraction",
    title=Text("火灾死亡人口比例", "Share of a population that dies of fire"),
    source=f"{SOURCE}: all from 35 kW/m2; below, outdoors 0.14 P after at most 20 s, indoors none",
    how=Text(
        "热通量达 35 kW/m² 者全部死亡;低于此值,室外按 20 秒内的热辐射致死概率乘以衣物系数 0.14,室内无人死亡。",
        "From 35 kW/m2 everybody dies; below, people outdoors by the probit of at most 20 s times 0.14 for clothing, "
        "and nobody indoors.",
    ),
    formula=formula(
        "p = Φ(−36.38 + 2.56·ln(q^(4/3)·min(t, 20)) − 5), q < 35000",
        "p = 1, q ≥ 35000",
        "f = p·k·(1 − i), q < 35000",
        "f = 1, q ≥ 35000",
        where={
            "p": means("室外致死概率", "lethality outdoors", "1"),
            "Φ": means("标准正态分布函数", "standard normal distribution function"),
            "q": "heat_flux",
            "t": "exposure_time",
            "f": means("死亡人口比例", "share of the population that dies", "1"),
            "k": "clothing_factor",
            "i": "fraction_indoors",
        },
    ),
    cases=("population_death_fraction",),
    tier=Tier.IMPLEMENTATION,
)
def fire_deaths(
    heat_flux: Fluxes,
    exposure_time: Seconds = HEAT_EXPOSURE,
    fraction_indoors: Fraction = INDOORS[Period.DAY],
    clothing_factor: Fraction = 0.14,
) -> Deaths:
    """The share that dies by heat radiation; longer exposures count as 20 s."""
    shorter = np.minimum(exposure_time, HEAT_EXPOSURE)
    probit = THERMAL_SETS[ThermalSet.PURPLE_BOOK].of(heat_flux, shorter).probability
    lethality = np.where(np.asarray(heat_flux) >= FLAME, 1.0, probit)
    outdoors = lethality * clothing_factor * (1.0 - fraction_indoors)
    return Deaths(probability=lethality, fraction=np.where(np.asarray(heat_flux) >= FLAME, 1.0, outdoors))


@model(
    id="blast-death-fraction",
    title=Text("爆炸死亡人口比例", "Share of a population that dies of an explosion"),
    source=f"{SOURCE}: all above 0.3 bar, above 0.1 bar 0.025 of those indoors",
    how=Text(
        "超压高于 30 kPa 全部死亡;高于 10 kPa 时室内死亡 2.5%,室外无人死亡。",
        "Above 30 kPa everybody dies; above 10 kPa one in forty indoors and nobody outdoors.",
    ),
    formula=formula(
        "f = 0, P ≤ 10000",
        "f = k·i, 10000 < P ∧ P ≤ 30000",
        "f = 1, P > 30000",
        where={
            "f": means("死亡人口比例", "share of the population that dies", "1"),
            "P": "overpressure",
            "k": "indoor_factor",
            "i": "fraction_indoors",
        },
    ),
    cases=("population_death_fraction",),
    tier=Tier.IMPLEMENTATION,
)
def blast_deaths(
    overpressure: Pascals, fraction_indoors: Fraction = INDOORS[Period.DAY], indoor_factor: Fraction = 0.025
) -> Deaths:
    """The share that dies by a vapour cloud explosion; the limits themselves are not above them."""
    pressure = np.asarray(overpressure, dtype=float)
    whole = pressure > 30_000.0
    return Deaths(
        probability=np.where(whole, 1.0, 0.0),
        fraction=np.where(whole, 1.0, np.where(pressure > 10_000.0, indoor_factor * fraction_indoors, 0.0)),
    )
