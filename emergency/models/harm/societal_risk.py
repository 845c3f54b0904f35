"""How many people accidents kill in a year: sums, rates, and the curve of how often so many die at once."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import Fraction, Fractions, HoursPerYear, PerYear, PerYears
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LossOfLife:
    """Expected deaths a year, and each event's share of them."""

    total: PerYear
    shares: Fractions


@model(
    id="potential-loss-of-life",
    title=Text("潜在生命损失", "Potential loss of life"),
    source="TNO Purple Book (CPR 18E) chapter 6: the sum of frequency × fatalities",
    how=Text("各事件频率乘以死亡人数之和。", "Frequency times fatalities, summed over events."),
    formula=formula(
        "PLL = ∑[i](fᵢ·Nᵢ)",
        "sᵢ = fᵢ·Nᵢ/PLL",
        where={
            "PLL": "loss_of_life",
            "f": "event_frequency",
            "N": "fatalities",
            "s": means("各事件所占份额", "each event's share", "1"),
        },
    ),
    cases=("potential_loss_of_life", "fn_curve"),
    tier=Tier.IMPLEMENTATION,
)
def loss_of_life(event_frequency: PerYears, fatalities: Fractions) -> LossOfLife:
    """Expected deaths a year."""
    each = np.atleast_1d(event_frequency) * np.atleast_1d(fatalities)
    total = float(each.sum())
    return LossOfLife(total=total, shares=each / total if total > 0 else np.zeros_like(each))


@model(
    id="fatal-accident-rate",
    title=Text("每亿工时死亡率", "Fatal accident rate"),
    source="HyRAM+ 6: FAR = PLL × 1e8 / exposed person-hours a year",
    how=Text("潜在生命损失除以年暴露人时,乘以一亿。", "Potential loss of life by exposed person-hours, times 1e8."),
    formula=formula(
        "FAR = PLL·10⁸/H",
        where={"FAR": "fatal_accident_rate", "PLL": "loss_of_life", "H": "exposed_hours"},
    ),
    cases=("fatal_accident_rate",),
    tier=Tier.DOCUMENT,
)
def fatal_accident_rate(loss_of_life: PerYears, exposed_hours: HoursPerYear) -> Fractions:
    """Fatalities in a hundred million hours of exposure."""
    return loss_of_life * 1e8 / exposed_hours


@dataclass(frozen=True, slots=True, kw_only=True)
class FnCurve:
    """`frequency` of `n` or more fatalities at every step, n rising; `harmless`: how often events kill nobody."""

    n: Fractions
    frequency: PerYears
    harmless: PerYear

    def at(self, n: float) -> float:
        """How often n or more die."""
        place = int(np.searchsorted(np.asarray(self.n), n, side="left"))
        frequencies = np.asarray(self.frequency)
        return float(frequencies[place]) if place < frequencies.size else 0.0


@model(
    id="fn-curve",
    title=Text("社会风险 F-N 曲线", "F-N curve of societal risk"),
    source="TNO Purple Book (CPR 18E) eq. 6.6: F is the frequency of N or more fatalities",
    how=Text(
        "按死亡人数从多到少累加频率;死亡人数为 0 的事件不入曲线。",
        "Frequencies summed from the most fatalities down; events that kill nobody are left out of the curve.",
    ),
    formula=formula(
        "F(N) = ∑[i](fᵢ), Nᵢ ≥ N ∧ N > 0",
        where={
            "F": means("死亡 N 人及以上的频率", "how often N or more people die", "1/a"),
            "N": "fatalities",
            "f": "event_frequency",
        },
    ),
    cases=("fn_curve",),
    tier=Tier.IMPLEMENTATION,
)
def fn_curve(event_frequency: PerYears, fatalities: Fractions) -> FnCurve:
    """How often N or more people die, for each N that some event has."""
    often, deaths = np.atleast_1d(event_frequency).astype(float), np.atleast_1d(fatalities).astype(float)
    deadly = deaths > 0.0
    n, place = np.unique(deaths[deadly], return_inverse=True)
    at_once = np.bincount(place, weights=often[deadly], minlength=n.size)
    return FnCurve(n=n, frequency=np.cumsum(at_once[::-1])[::-1], harmless=float(often[~deadly].sum()))


class Zone(StrEnum):
    """Where a curve lies between two criterion lines."""

    UNACCEPTABLE = "unacceptable"
    ALARP = "alarp"
    ACCEPTABLE = "acceptable"


@dataclass(frozen=True, slots=True, kw_only=True)
class FnVerdict:
    """The curve's frequencies by those of the lines, at every step, and what follows for the whole."""

    n: Fractions
    to_upper: Fractions
    to_lower: Fractions
    zone: Zone


def criterion_line(n: Floats, fatalities: float, frequency: float, slope: float) -> Floats:
    """A straight line in logarithms through an anchor."""
    answer: Floats = frequency * np.power(n / fatalities, slope)
    return answer


@model(
    id="fn-criterion",
    title=Text("社会风险基准对照", "Societal risk against criterion lines"),
    source="GB 36894-2018 societal curve through (10, 1e-4) and (10, 1e-6), slope -1, as quoted in a journal paper; "
    "not compared with the printed standard",
    how=Text(
        "曲线各台阶的频率与上、下限线之比;任一处高于上限为不可接受,处处不高于下限为可接受,其余为尽可能降低区。",
        "The curve's frequencies by the lines': above the upper anywhere is unacceptable, nowhere above the lower is "
        "acceptable, all else is to be reduced as far as practicable.",
    ),
    formula=formula(
        "F(N) = ∑[i](fᵢ), Nᵢ ≥ N",
        "U(N) = Fu·(N/Nu)^s",
        "L(N) = Fl·(N/Nl)^s",
        "ru = F(N)/U(N)",
        "rl = F(N)/L(N)",
        where={
            "F": means("死亡 N 人及以上的频率", "how often N or more people die", "1/a"),
            "N": "fatalities",
            "f": "event_frequency",
            "U": means("上限线", "the upper line", "1/a"),
            "Fu": "upper_frequency",
            "Nu": "upper_fatalities",
            "s": "slope",
            "L": means("下限线", "the lower line", "1/a"),
            "Fl": "lower_frequency",
            "Nl": "lower_fatalities",
            "ru": means(
                "与上限之比;任一处大于 1 为不可接受", "by the upper line; above 1 anywhere is unacceptable", "1"
            ),
            "rl": means("与下限之比;处处不大于 1 为可接受", "by the lower line; nowhere above 1 is acceptable", "1"),
        },
    ),
    neglects=(Text("基准曲线的人数起止范围(未见原文)", "the range of N of the criterion (the text was not at hand)"),),
    cases=("fn_criterion_gb36894",),
    tier=Tier.DOCUMENT,
)
def fn_verdict(
    event_frequency: PerYears,
    fatalities: Fractions,
    upper_fatalities: Fraction = 10.0,
    upper_frequency: PerYear = 1e-4,
    lower_fatalities: Fraction = 10.0,
    lower_frequency: PerYear = 1e-6,
    slope: Fraction = -1.0,
) -> FnVerdict:
    """Where the curve of these events lies between two lines; nothing deadly at all is acceptable."""
    curve = fn_curve.method(event_frequency, fatalities)
    n, frequency = np.asarray(curve.n), np.asarray(curve.frequency)
    to_upper = frequency / criterion_line(n, upper_fatalities, upper_frequency, slope)
    to_lower = frequency / criterion_line(n, lower_fatalities, lower_frequency, slope)
    zone = Zone.ALARP
    if (to_upper > 1.0).any():
        zone = Zone.UNACCEPTABLE
    elif (to_lower <= 1.0).all():
        zone = Zone.ACCEPTABLE
    return FnVerdict(n=n, to_upper=to_upper, to_lower=to_lower, zone=zone)
