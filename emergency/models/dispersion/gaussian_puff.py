"""A puff let go at once and carried by the wind."""

import numpy as np

from core.texts import Text
from core.units import Concentrations, Kilogram, Metre, Metres, Second, Speed
from emergency.evidence import Tier
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.curves import Curves, along, spread
from emergency.models.dispersion.gaussian_plume import ROOT, vertical


@model(
    id="gaussian-puff",
    title=Text("高斯烟团", "Gaussian puff"),
    source="CCPS (1999) p. 101, as quoted in GasDispersion.jl (the book's sigma-y of 6.1 m there is a misprint)",
    how=Text(
        "瞬时释放的烟团随风移动,三个方向为正态分布,地面全反射;扩散参数取烟团中心移动距离处的值。",
        "An instantaneous puff moves with the wind, normal in three directions and thrown back by the ground; its "
        "spread is that of the distance its centre has come.",
    ),
    valid={"wind_speed": (1.0, 120.0)},
    neglects=(Text("重气沉降与初始尺寸", "weight and initial size of the cloud"),),
    cases=("gaussian_puff",),
    tier=Tier.DOCUMENT,
)
def gaussian_puff(
    downwind: Metres,
    crosswind: Metres,
    height: Metre,
    time: Second,
    mass: Kilogram,
    wind_speed: Speed,
    stability: Stability,
    release_height: Metre = 0.0,
    curves: Curves = Curves.SLADE_PUFF,
    mixing_height: Metre | None = None,
) -> Concentrations:
    """Concentration at points at one time; nothing before the puff has left its source."""
    x, y = np.asarray(downwind, dtype=float), np.asarray(crosswind, dtype=float)
    centre = wind_speed * time
    found = spread(curves, centre, stability)
    across, up, length = float(found.across), float(found.up), float(along(curves, centre, stability))
    if centre <= 0 or min(across, up, length) <= 0:
        return np.zeros(np.broadcast(x, y).shape)
    gone = np.exp(-0.5 * ((x - centre) / length) ** 2) / (ROOT * length)
    aside = np.exp(-0.5 * (y / across) ** 2) / (ROOT * across)
    return np.asarray(mass * gone * aside * vertical(height, release_height, up, mixing_height))
