"""How likely one person is to die in a year: at a place, with presence, and how far out a risk reaches."""

import numpy as np

from core.texts import Text
from core.units import Fractions, HoursPerYear, Metre, Metres, Numbers, PerYear, PerYears
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model

SOURCE = "TNO Purple Book (CPR 18E) chapter 6"


@model(
    id="individual-risk-increment",
    title=Text("单一事件的个人风险增量", "One event's share of individual risk"),
    source=f"{SOURCE}: frequency × probability of the weather and wind direction × probability of death",
    how=Text(
        "事件频率、天气与风向概率、该处死亡概率三者之积。",
        "The frequency, the probability of the weather and wind direction and that of death, multiplied.",
    ),
    formula=formula(
        "ΔIR = f·w·p",
        where={
            "ΔIR": means("个人风险增量", "share of individual risk", "1/a"),
            "f": "event_frequency",
            "w": "weather_probability",
            "p": "probability",
        },
    ),
)
def risk_increment(event_frequency: PerYears, weather_probability: Fractions, probability: Fractions) -> PerYears:
    """What one event in one weather adds to the risk at a place."""
    return event_frequency * weather_probability * probability


@model(
    id="location-specific-individual-risk",
    title=Text("特定位置个人风险", "Location-specific individual risk"),
    source=f"{SOURCE}: the sum over events of frequency × probability of death, of a person always there, unprotected",
    how=Text(
        "对全部事件求和:频率乘以该处死亡概率。数组第一维为事件,其余为位置。",
        "Frequency times probability of death, summed over events: the first axis; further axes are places.",
    ),
    formula=formula(
        "LSIR = ∑[i](fᵢ·pᵢ)",
        where={
            "LSIR": means("特定位置个人风险", "location-specific individual risk", "1/a"),
            "f": "event_frequency",
            "p": "probability",
        },
    ),
    neglects=(Text("在场时间、室内庇护与撤离", "presence, shelter and escape"),),
    cases=("location_specific_individual_risk",),
    tier=Tier.IMPLEMENTATION,
)
def location_risk(event_frequency: PerYears, probability: Fractions) -> PerYears:
    """The risk at each place; one frequency an event, lethality of shape (event, place…)."""
    often, deaths = np.atleast_1d(event_frequency), np.atleast_1d(probability)
    answer: Numbers = np.tensordot(often, np.broadcast_to(deaths, (often.size, *deaths.shape[1:])), axes=1)
    return answer


@model(
    id="individual-risk-per-annum",
    title=Text("个人年风险", "Individual risk per annum"),
    source=f"{SOURCE}: location risk weighted by the share of time at each place",
    how=Text("各处个人风险按在场时间比例加权求和。", "Location risks weighted by the share of time spent there."),
    formula=formula(
        "IRPA = ∑[i](rᵢ·sᵢ)",
        where={"IRPA": means("个人年风险", "individual risk per annum", "1/a"), "r": "risk", "s": "presence"},
    ),
    cases=("individual_risk_per_annum",),
    tier=Tier.IMPLEMENTATION,
)
def personal_risk(risk: PerYears, presence: Fractions) -> PerYear:
    """The yearly risk of a person who spends such shares of the time at such places."""
    return float(np.sum(np.asarray(risk) * np.asarray(presence)))


@model(
    id="average-individual-risk",
    title=Text("平均个人风险", "Average individual risk"),
    source="HyRAM+ 6: AIR = exposed hours a year × FAR × 1e-8",
    how=Text("每亿工时死亡人数乘以一人的年暴露小时数。", "The fatal accident rate times one person's exposed hours."),
    formula=formula(
        "AIR = FAR·10⁻⁸·H",
        where={
            "AIR": means("平均个人风险", "average individual risk", "1/a"),
            "FAR": "fatal_accident_rate",
            "H": "exposed_hours",
        },
    ),
    cases=("average_individual_risk",),
    tier=Tier.DOCUMENT,
)
def average_risk(fatal_accident_rate: Fractions, exposed_hours: HoursPerYear) -> PerYears:
    """The yearly risk of one who is exposed so many hours."""
    return fatal_accident_rate * 1e-8 * exposed_hours


@model(
    id="risk-contour-distance",
    title=Text("个人风险等值线距离", "Distance of an individual-risk contour"),
    source="interpolation linear in distance and in the logarithm of the risk, as in the Petrolord QRA cases",
    how=Text(
        "自外向内找到风险仍达界限的最远点,在其与下一点之间按距离线性、风险对数插值。"
        "处处低于界限为 0,到最远点仍达界限为无穷。",
        "From the farthest point where the risk reaches the threshold, interpolated to the next; 0 where it is nowhere "
        "reached, infinite where the points do not reach far enough.",
    ),
    formula=formula(
        "D = xᵢ + (xₙ − xᵢ)·ln(R/rᵢ)/ln(rₙ/rᵢ)",
        where={
            "D": means(
                "等值线距离;i 为风险仍达界限的最远点,n 为其后一点",
                "distance of the contour; i the farthest point where the risk reaches it, n the next",
                "m",
            ),
            "x": "distance",
            "R": "threshold",
            "r": "risk",
        },
    ),
    cases=("individual_risk_contour_distance",),
    tier=Tier.IMPLEMENTATION,
)
def contour_distance(distance: Metres, risk: PerYears, threshold: PerYear) -> Metre:
    """How far from the source the risk reaches a threshold."""
    metres, risks = np.atleast_1d(distance).astype(float), np.atleast_1d(risk).astype(float)
    order = np.argsort(metres)
    metres, risks = metres[order], risks[order]
    reached = np.flatnonzero(risks >= threshold)
    if not reached.size:
        return 0.0
    last = int(reached[-1])
    if last == metres.size - 1:
        return float("inf")
    if risks[last + 1] <= 0.0:
        return float(metres[last])
    share = np.log(threshold / risks[last]) / np.log(risks[last + 1] / risks[last])
    return float(metres[last] + share * (metres[last + 1] - metres[last]))
