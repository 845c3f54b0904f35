"""Probits: how a normally distributed tolerance turns a dose into a share of people, and back."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import Fractions, Numbers
from emergency.evidence import Tier
from emergency.formula import Meanings, formula, means
from emergency.model import model
from emergency.special import ndtr, ndtri


@dataclass(frozen=True, slots=True, kw_only=True)
class Lethality:
    """A probit and the share of people that it means; no dose has the probit minus infinity and the share 0."""

    probit: Fractions
    probability: Fractions


SHARE: Meanings = {
    "Y": means("概率单位", "probit", "1"),
    "p": means("致死概率", "share of people that die", "1"),
    "Φ": means("标准正态分布函数", "standard normal distribution function"),
}


@model(
    id="probit-transform",
    title=Text("概率单位换算", "Probit of a probability"),
    source="Finney (1971): Y = 5 + the standard normal quantile of P; TNO Purple Book (CPR 18E) Table 5.1",
    how=Text(
        "概率的标准正态分位数加 5。概率 0 与 1 的概率单位为负、正无穷。",
        "The standard normal quantile of the probability, plus 5; 0 and 1 have infinite probits.",
    ),
    formula=formula(
        "Y = 5 + N(p)",
        where={
            "Y": means("概率单位", "probit", "1"),
            "N": means("标准正态分布的分位数", "quantile of the standard normal distribution"),
            "p": "probability",
        },
    ),
    cases=("probit_transform",),
    tier=Tier.DOCUMENT,
)
def probit_of(probability: Fractions) -> Fractions:
    """The probit of a share of people."""
    answer: Numbers = ndtri(probability) + 5.0
    return answer


def lethality(probit: Numbers) -> Lethality:
    """The share of people of a probit."""
    return Lethality(probit=probit, probability=ndtr(np.asarray(probit, dtype=float) - 5.0))


def log(values: Numbers) -> Numbers:
    """The natural logarithm, minus infinity for nothing: no dose is an answer, not a fault."""
    with np.errstate(divide="ignore"):
        answer: Numbers = np.log(values)
    return answer
