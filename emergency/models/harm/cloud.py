"""How wide a poisonous plume counts as deadly, and how likely a person at a distance is in it."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import Concentrations, Fraction, Fractions, Metres, Numbers, Seconds
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.harm.concentration import ByMass, ConcentrationUnit
from emergency.models.harm.probit import SHARE
from emergency.models.harm.toxic import ToxicProbit
from emergency.special import ndtr, ndtri

NODES, WEIGHTS = np.polynomial.legendre.leggauss(64)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveCloud:
    """Lethality integrated across the wind, how wide a cloud as deadly as its axis would be, and what follows."""

    probability_integral: Metres
    effective_width: Metres
    probability_in_cloud: Fractions
    probability_of_death: Fractions


@model(
    id="effective-cloud-width",
    title=Text("毒性云有效宽度", "Effective width of a toxic cloud"),
    source="TNO Purple Book (CPR 18E) App. 6.B, worked example, as quoted with its errata in Petrolord findings",
    how=Text(
        "高斯分布的横风向浓度逐点换算致死率并积分(低于截止值的不计),除以轴线致死率为有效宽度;"
        "有效宽度占该距离上一个风向扇区弧长的份额为处于云中的概率。",
        "Lethality is integrated across a Gaussian plume as far as it is above the cut-off; by the axis's lethality "
        "that is the effective width, whose share of a wind sector's arc is the probability of being in the cloud.",
    ),
    formula=formula(
        "Y = a + b·ln((10⁶·C)^n·t/60)",
        "p = Φ(Y − 5)",
        "k = b·n/2",
        "w = √(max(Y − 5 − N(pc), 0)/k)",
        "I = 2·σy·∫[0…w](Φ(Y − k·z² − 5))dz, p > pc",
        "W = I/p",
        "pi = min(1, W·m/(2·π·x))",
        "pd = pi·p",
        where={
            **SHARE,
            "a": "probit_a",
            "b": "probit_b",
            "C": "concentration",
            "n": "probit_n",
            "t": "exposure_time",
            "k": means("概率单位随横向距离的下降", "how the probit falls across the wind", "1"),
            "w": means("致死率降到截止值处,以 σy 计", "where lethality has fallen to the cut-off, in σy", "1"),
            "N": means("标准正态分布的分位数", "quantile of the standard normal distribution"),
            "pc": "cutoff",
            "I": means("致死率的横风向积分", "lethality integrated across the wind", "m"),
            "σy": "sigma_y",
            "z": means("以 σy 计的横风向距离", "crosswind distance in σy", "1"),
            "W": means("有效宽度", "effective width", "m"),
            "pi": means("处于云中的概率", "probability of being in the cloud", "1"),
            "m": "sectors",
            "x": "distance",
            "pd": means("死亡概率", "probability of death", "1"),
        },
    ),
    neglects=(Text("扇区之内风向的摆动", "wind wandering within the sector"),),
    cases=("toxic_effective_cloud_width", "toxic_probit_plume"),
    tier=Tier.DOCUMENT,
)
def effective_cloud(
    concentration: Concentrations,
    sigma_y: Metres,
    distance: Metres,
    exposure_time: Seconds,
    probit_a: Fraction,
    probit_b: Fraction,
    probit_n: Fraction,
    sectors: Fraction = 12.0,
    cutoff: Fraction = 0.01,
) -> EffectiveCloud:
    """The effective cloud of a plume whose concentration on the axis is `concentration`, by constants for mg/m3."""
    constants = ToxicProbit(a=probit_a, b=probit_b, n=probit_n, unit=ConcentrationUnit.MG_M3)
    axis = constants.of(ByMass(concentration), exposure_time)
    probit, most = np.asarray(axis.probit, dtype=float), np.asarray(axis.probability, dtype=float)
    fall = probit_b * probit_n / 2.0
    above = np.maximum(np.where(np.isfinite(probit), probit, 0.0) - (ndtri(cutoff) + 5.0), 0.0)
    edge = np.where(most > cutoff, np.sqrt(above / fall), 0.0)
    across = edge[..., None] * (NODES + 1.0) / 2.0
    deaths = ndtr(np.where(np.isfinite(probit), probit, -np.inf)[..., None] - fall * across**2 - 5.0)
    integral: Numbers = np.asarray(sigma_y) * edge * (deaths @ WEIGHTS)
    with np.errstate(invalid="ignore", divide="ignore"):
        width = np.where(most > cutoff, integral / most, 0.0)
        inside = np.where(width > 0.0, np.minimum(1.0, width * sectors / (2.0 * np.pi * np.asarray(distance))), 0.0)
    return EffectiveCloud(
        probability_integral=integral, effective_width=width, probability_in_cloud=inside,
        probability_of_death=inside * most,
    )  # fmt: skip
