"""Pasquill's class from wind, sun by day and the temperature difference by night (SRDT)."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import BadInputError
from core.texts import Text
from core.units import Kelvin, Speed, WattPerSquareMetre
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import CLASSES, Stability

WINDS = (2.0, 3.0, 5.0, 6.0)
SUN = (925.0, 675.0, 175.0)
DAY = ("AABD", "ABCD", "BBCD", "CCDD", "CDDD")
DISPUTED = Text(
    "夜间风速 2.0–2.5 m/s 时原始程序取 E/F,两种更正版取 D/E;此处取更稳定(威胁距离更长)的一级",
    "between 2.0 and 2.5 m/s at night the original code gives E or F and two corrected ones D or E; the more stable "
    "class, which gives the longer distance, is taken",
)


class Period(StrEnum):
    """Day or night, by the sun above or below the horizon."""

    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """A class, and what about it is in doubt."""

    stability: Stability
    doubt: Text | None = None


@model(
    id="stability-srdt",
    title=Text("SRDT 稳定度分级(辐射与温差)", "Stability by solar radiation and delta-T"),
    source="EPA-454/R-99-005 section 6.4.2 table 6-7, as coded in six public ports (the report was not read)",
    how=Text(
        "白天由 10 m 风速与太阳辐射、夜间由 10 m 风速与垂直温差查表。",
        "A table of the wind at 10 m and the solar radiation by day, or the vertical temperature difference by night.",
    ),
    formula=formula(
        "i = ∑[k=1…4](u ≥ Uₖ)",
        "j = ∑[k=1…3](G < Gₖ)",
        "S = T(i, j)",
        "S = F, u < 2.5 ∧ ΔT ≥ 0",
        "S = E, u < 2.5 ∧ ΔT < 0",
        "S = D, u ≥ 2.5",
        where={
            "i": means("风速档(0–4)", "band of wind, 0 to 4", "1"),
            "u": "wind_speed",
            "U": means("风速界限 2、3、5、6 m/s", "bounds of wind 2, 3, 5, 6 m/s", "m/s"),
            "j": means("辐射档(0–3)", "band of radiation, 0 to 3", "1"),
            "G": "solar_radiation",
            "T": means(
                "白天的表,行 i:AABD、ABCD、BBCD、CCDD、CDDD;后三式为夜间",
                "the table by day, rows i: AABD, ABCD, BBCD, CCDD, CDDD; the last three lines are for the night",
            ),
            "ΔT": "temperature_difference",
            **{one: CLASSES[one] for one in "SFED"},
        },
    ),
    neglects=(Text("云与降水只通过辐射体现", "cloud and rain, but through the radiation"),),
    cases=("stability_srdt",),
    tier=Tier.SECONDARY,
)
def srdt_class(
    wind_speed: Speed,
    period: Period,
    solar_radiation: WattPerSquareMetre | None = None,
    temperature_difference: Kelvin | None = None,
) -> Classified:
    """The class; by day the radiation is needed, by night the upper less the lower temperature (10 m and 2 m)."""
    if period == Period.DAY:
        if solar_radiation is None:
            raise BadInputError(
                Text("白天需给出太阳辐射(solar_radiation)", "by day the solar radiation (solar_radiation) is needed"),
                field="solar_radiation",
            )
        row = sum(wind_speed >= bound for bound in WINDS)
        column = sum(solar_radiation < bound for bound in SUN)
        return Classified(stability=Stability(DAY[row][column]))
    if temperature_difference is None:
        raise BadInputError(
            Text(
                "夜间需给出垂直温差(temperature_difference)",
                "by night the vertical temperature difference (temperature_difference) is needed",
            ),
            field="temperature_difference",
        )
    inversion = temperature_difference >= 0
    if wind_speed < 2.0:
        return Classified(stability=Stability.F if inversion else Stability.E)
    if wind_speed < 2.5:
        return Classified(stability=Stability.F if inversion else Stability.E, doubt=DISPUTED)
    return Classified(stability=Stability.D)
