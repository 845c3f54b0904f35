"""What a release of something flammable may become, and how often."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import Fraction, Fractions, Numbers, PerYears
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnitionOutcomes:
    """Yearly frequencies; together they are the release's."""

    immediate: PerYears
    delayed_flash: PerYears
    delayed_explosion: PerYears
    unignited: PerYears


@model(
    id="ignition-event-tree",
    title=Text("点火事件树", "Event tree of ignition"),
    source="structure of TNO Purple Book (CPR 18E) section 4.8: delayed ignition is 0.6 flash fire, 0.4 explosion",
    how=Text(
        "释放先判立即点火,未点火者再判延迟点火,延迟点火按份额分为闪火与爆炸。概率由使用者给定。",
        "A release ignites at once, or later, or not; delayed ignition is shared between flash fire and explosion. "
        "The probabilities are given.",
    ),
    formula=formula(
        "fi = F·pi",
        "ff = F·(1 − pi)·pd·(1 − x)",
        "fe = F·(1 − pi)·pd·x",
        "fn = F·(1 − pi)·(1 − pd)",
        where={
            "fi": means("立即点火频率", "frequency of immediate ignition", "1/a"),
            "F": "event_frequency",
            "pi": "immediate_ignition",
            "ff": means("延迟点火成闪火的频率", "frequency of a delayed flash fire", "1/a"),
            "pd": "delayed_ignition",
            "x": "share_explosion",
            "fe": means("延迟点火成爆炸的频率", "frequency of a delayed explosion", "1/a"),
            "fn": means("未点火频率", "frequency of no ignition", "1/a"),
        },
    ),
    cases=("ignition_event_tree",),
    tier=Tier.DOCUMENT,
)
def ignition_outcomes(
    event_frequency: PerYears, immediate_ignition: Fraction, delayed_ignition: Fraction, share_explosion: Fraction = 0.4
) -> IgnitionOutcomes:
    """The frequency of each outcome of a release."""
    later = event_frequency * (1.0 - immediate_ignition)
    ignited = later * delayed_ignition
    return IgnitionOutcomes(
        immediate=event_frequency * immediate_ignition, delayed_flash=ignited * (1.0 - share_explosion),
        delayed_explosion=ignited * share_explosion, unignited=later * (1.0 - delayed_ignition),
    )  # fmt: skip


@model(
    id="sequential-event-tree",
    title=Text("逐级事件树", "Sequential event tree"),
    source="HyRAM+ 6, event tree of branches in order: P_i = p_i (1 - p_1) … (1 - p_(i-1)), the last outcome the rest",
    how=Text(
        "逐级分支:每级按其概率发生,否则进入下一级;最后一项为全部未发生的概率。",
        "Each branch happens with its probability or hands on to the next; the last outcome is that none happened.",
    ),
    formula=formula(
        "Pᵢ = pᵢ·∏[j<i](1 − pⱼ)",
        "Pₙ = ∏[j](1 − pⱼ)",
        where={
            "P": means(
                "各结果的概率,最后一项为都未发生", "probability of each outcome, the last that none happened", "1"
            ),
            "p": "probability",
        },
    ),
    cases=("sequential_event_probabilities",),
    tier=Tier.DOCUMENT,
)
def sequential_outcomes(probability: Fractions) -> Fractions:
    """The probability of each outcome; one more than there are branches, and they sum to one."""
    branches = np.atleast_1d(np.asarray(probability, dtype=float))
    reached = np.concatenate([[1.0], np.cumprod(1.0 - branches)])
    answer: Numbers = reached * np.append(branches, 1.0)
    return answer
