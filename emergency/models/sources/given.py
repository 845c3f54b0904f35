"""Sources that need no method: a rate that is known, and a mass that is there at once."""

import numpy as np

from core.texts import Text
from core.units import Kilogram, KilogramPerSecond, Second
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.sources.release import Regime, Release


@model(
    id="direct-release",
    title=Text("已知速率的释放", "Release at a known rate"),
    source="definition",
    how=Text("以给定速率持续给定时间。", "The rate given, for the time given."),
    formula=formula(
        "m = q·t, t ≤ τ",
        where={"m": means("已释放质量", "mass released", "kg"), "q": "mass_rate", "t": "time", "τ": "duration"},
    ),
)
def direct(mass_rate: KilogramPerSecond, duration: Second) -> Release:
    """A steady release."""
    return Release(
        time=np.array([0.0, duration]), rate=np.array([mass_rate, mass_rate]),
        released=np.array([0.0, mass_rate * duration]), left=0.0, regime=Regime.GAS,
    )  # fmt: skip


@model(
    id="instantaneous-release",
    title=Text("瞬时释放", "Instantaneous release"),
    source="definition",
    how=Text("全部质量在零时刻进入空气。", "The whole mass is in the air at once."),
    formula=formula(
        "m = M, t ≥ 0",
        where={"m": means("已释放质量", "mass released", "kg"), "M": "mass", "t": "time"},
    ),
)
def instantaneous(mass: Kilogram) -> Release:
    """A puff: no duration, and no rate."""
    return Release(
        time=np.array([0.0]), rate=np.array([0.0]), released=np.array([mass]), left=0.0, regime=Regime.GAS
    )  # fmt: skip
