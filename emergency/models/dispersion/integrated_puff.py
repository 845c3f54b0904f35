"""A release that ends, as endless puffs one after another."""

import numpy as np

from core.texts import Text
from core.units import Concentrations, KilogramPerSecond, Metre, Metres, Second, Speed
from emergency.evidence import Tier
from emergency.formula import Meanings, formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.curves import Curves, along, spread
from emergency.models.dispersion.gaussian_plume import ROOT, VERTICAL, VERTICAL_WHERE, vertical
from emergency.special import erf

ENDS = ("s = u·t", "e = u·max(t − τ, 0)")
"""How formulas print the two ends of a cloud that a release of some duration leaves."""

ENDS_WHERE: Meanings = {
    "s": means("云团前缘", "the front of the cloud", "m"),
    "u": "wind_speed",
    "t": "time",
    "e": means("云团后缘", "its rear", "m"),
    "τ": "duration",
    "C": means("质量浓度", "mass concentration", "kg/m3"),
    "Q": "mass_rate",
}


@model(
    id="gaussian-integrated-puff",
    title=Text("积分烟团(有限时长释放)", "Integrated puff (a release that ends)"),
    source="GasDispersion.jl, IntPuff: puffs without number, spread across and up at the receptor's distance",
    how=Text(
        "有限时长释放视为连续发出的烟团,沿风向积分得误差函数;横向与垂直扩散取受体距离处的值。",
        "A release of some duration as puffs without number, integrated along the wind to error functions; spread "
        "across and upwards is that at the receptor.",
    ),
    formula=formula(
        *ENDS,
        "C = Q/(2·u)·(erf((x − e)/(√(2)·σe)) − erf((x − s)/(√(2)·σs)))·exp(−y²/(2·σy²))/(√(2·π)·σy)·V, x > 0",
        *VERTICAL[:1],
        where={
            **ENDS_WHERE,
            "x": "downwind",
            "σe": means("后缘处的顺风向扩散参数", "spread along the wind at the rear", "m"),
            "σs": means("前缘处的顺风向扩散参数", "spread along the wind at the front", "m"),
            "y": "crosswind",
            "σy": means("横风向扩散参数", "crosswind spread", "m"),
            **VERTICAL_WHERE,
            "hm": means("混合层高度,此处不设", "mixing height, none here", "m"),
        },
    ),
    valid={"wind_speed": (1.0, 120.0)},
    neglects=(Text("重气沉降", "weight of the cloud"),),
    cases=("integrated_puff",),
    tier=Tier.IMPLEMENTATION,
)
def integrated_puff(
    downwind: Metres,
    crosswind: Metres,
    height: Metre,
    time: Second,
    mass_rate: KilogramPerSecond,
    duration: Second,
    wind_speed: Speed,
    stability: Stability,
    release_height: Metre = 0.0,
    curves: Curves = Curves.SLADE_PUFF,
) -> Concentrations:
    """Concentration at points at one time after the release began."""
    x = np.asarray(downwind, dtype=float)
    ended = max(time - duration, 0.0)
    last = edge(x, wind_speed * ended, float(along(curves, wind_speed * ended, stability)))
    first = edge(x, wind_speed * time, float(along(curves, wind_speed * time, stability)))
    found = spread(curves, x, stability)
    inside = (x > 0) & (np.asarray(found.up) > 0)
    across, up = np.where(inside, found.across, 1.0), np.where(inside, found.up, 1.0)
    aside = np.exp(-0.5 * (np.asarray(crosswind) / across) ** 2) / (ROOT * across)
    cloud = mass_rate / wind_speed * (last - first) / 2 * aside * vertical(height, release_height, up)
    return np.where(inside, cloud, 0.0)


def edge(downwind: Metres, centre: Metre, length: Metres) -> Metres:
    """An end of the cloud as an error function; a step where it has no length yet."""
    beyond = np.asarray(downwind) - centre
    return np.where(np.asarray(length) > 0, erf(beyond / (np.sqrt(2) * np.maximum(length, 1e-12))), np.sign(beyond))
