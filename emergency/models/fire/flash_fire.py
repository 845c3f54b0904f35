"""A cloud catches fire before it bursts: who stands in it burns, so its zone is that of a concentration."""

from enum import StrEnum

from core.texts import Text
from core.units import Fraction
from emergency.formula import formula, means
from emergency.model import model


class Envelope(StrEnum):
    """How far out the burning cloud is drawn."""

    LOWER_LIMIT = "lower-limit"
    HALF = "half"
    ALOHA = "aloha"


SHARES = {Envelope.LOWER_LIMIT: 1.0, Envelope.HALF: 0.5, Envelope.ALOHA: 0.6}
"""Of the lower limit: pockets burn where the mean is below it."""


@model(
    id="flash-fire",
    title=Text("闪火范围", "Envelope of a flash fire"),
    source=(
        "TNO Purple Book (CPR 18E), all die inside the burning cloud, as quoted in petrolord-engines; half the lower "
        "limit as Phast prints it, 60 % of it as ALOHA draws it (NOAA OR&R 43)"
    ),
    how=Text(
        "闪火范围取扩散模型中达到爆炸下限(或其一半、六成)的区域,平均时间宜取数秒。",
        "The zone is where the dispersion model reaches the lower limit, or half or six tenths of it, averaged over "
        "seconds.",
    ),
    formula=formula(
        "Y = k·LFL",
        where={
            "Y": means("绘制范围的体积分数", "part of volume the zone is drawn at", "1"),
            "k": means("份额:1、一半 0.5、ALOHA 0.6", "share: 1, half 0.5, ALOHA 0.6", "1"),
            "LFL": "flammability_limit",
        },
    ),
    neglects=(
        Text("燃烧时气体膨胀使范围扩大", "that the burning gas expands beyond it"),
        Text("范围外的热辐射", "heat outside of it"),
    ),
)
def envelope(flammability_limit: Fraction, drawn: Envelope = Envelope.LOWER_LIMIT) -> Fraction:
    """The part of volume to draw the zone at."""
    return flammability_limit * SHARES[drawn]
