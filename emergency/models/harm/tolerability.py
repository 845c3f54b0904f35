"""Whether a risk is to be borne, and what it is worth to lower it."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import Fraction, Fractions, PerYear, PerYears
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model


class Region(StrEnum):
    """The three regions of tolerability."""

    UNACCEPTABLE = "unacceptable"
    TOLERABLE = "tolerable"
    BROADLY_ACCEPTABLE = "broadly-acceptable"


@model(
    id="alarp-region",
    title=Text("个人风险的可容忍区", "Region of tolerability of individual risk"),
    source="HSE, Reducing Risks, Protecting People (2001): 1e-3 a year for workers, 1e-4 for the public, 1e-6 broadly "
    "acceptable; the limits are given by the user",
    how=Text(
        "高于上限为不可接受,不高于下限为广泛可接受,其间为在合理可行时须降低。",
        "Above the upper limit unacceptable, not above the lower broadly acceptable, between them tolerable if reduced "
        "as far as is reasonably practicable.",
    ),
    formula=formula(
        "Z = a, r ≤ Rl",
        "Z = t, Rl < r ∧ r ≤ Ru",
        "Z = u, r > Ru",
        where={
            "Z": means("风险区", "region"),
            "a": means("广泛可接受", "broadly acceptable"),
            "r": "risk",
            "Rl": "lower_limit",
            "t": means("合理可行时须降低", "tolerable if reduced as far as practicable"),
            "Ru": "upper_limit",
            "u": means("不可接受", "unacceptable"),
        },
    ),
    cases=("alarp_region",),
    tier=Tier.DOCUMENT,
)
def tolerability(risk: PerYears, upper_limit: PerYear = 1e-4, lower_limit: PerYear = 1e-6) -> NDArray[np.str_]:
    """The region of each risk."""
    risks = np.atleast_1d(risk)
    inner = np.where(risks <= lower_limit, Region.BROADLY_ACCEPTABLE.value, Region.TOLERABLE.value)
    return np.where(risks > upper_limit, Region.UNACCEPTABLE.value, inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What preventing is worth, item by item, and what may be asked to be spent; in the money of the values given."""

    benefit: Fractions
    total: Fraction
    limit: Fraction


@model(
    id="cost-benefit",
    title=Text("降低风险的成本效益", "Cost and benefit of reducing risk"),
    source="HSE, Cost Benefit Analysis (CBA) checklist: benefit = value × reduction of frequency × years; measures "
    "may be left only where cost / benefit exceeds the disproportion factor",
    how=Text(
        "各项避免损失的价值乘以频率降低量与年数,求和;合计乘以不相称系数为应投入的上限。",
        "The value of each loss avoided times the reduction of frequency and the years, summed; the sum times the "
        "disproportion factor is how much may be asked.",
    ),
    formula=formula(
        "Bᵢ = vᵢ·Δf·n",
        "S = k·∑[i](Bᵢ)",
        where={
            "B": means("各项效益", "what each is worth"),
            "v": "value",
            "Δf": "frequency_reduction",
            "n": "years",
            "S": means("应投入的上限", "the most that may be asked"),
            "k": "disproportion_factor",
        },
    ),
    neglects=(Text("贴现", "discounting"),),
)
def worth_of_reduction(
    value: Fractions, frequency_reduction: PerYears, years: Fraction, disproportion_factor: Fraction = 1.0
) -> Worth:
    """What lowering a frequency is worth over the years."""
    benefit = value * np.asarray(frequency_reduction, dtype=float) * years
    total = float(np.sum(benefit))
    return Worth(benefit=benefit, total=total, limit=total * disproportion_factor)
