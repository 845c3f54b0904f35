"""A passive plume in a steady wind, with what the ground and a lid throw back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import Concentrations, KilogramPerSecond, Metre, Metres, Second, Speed
from emergency.evidence import Tier
from emergency.formula import Meanings, formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.curves import Curves, along, spread
from emergency.models.dispersion.plume_rise import Rise
from emergency.special import erf

ROOT = np.sqrt(2 * np.pi)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plume:
    """A plume to ask for concentrations: `wind_speed` is the wind that carries it, `height` where it is breathed.

    With a `duration` the concentrations are the highest that pass (Palazzi's at their own time); `source_width` is the
    standard deviation a source of some width starts with; a `rise` lifts the plume and widens it by a 3.5th of itself.
    """

    mass_rate: KilogramPerSecond
    wind_speed: Speed
    stability: Stability
    curves: Curves = Curves.ALOHA_RURAL
    release_height: Metre = 0.0
    height: Metres = 0.0
    averaging_time: Second | None = None
    mixing_height: Metre | None = None
    source_width: Metre = 0.0
    duration: Second | None = None
    rise: Rise | None = None

    start: Metre = 0.0
    """Nothing is upwind of it."""

    def axis(self, downwind: Metres) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Concentration on the axis at the height asked, and the standard deviation across the wind."""
        x = np.asarray(downwind, dtype=float)
        found = spread(self.curves, x, self.stability, self.averaging_time)
        across, up = np.asarray(found.across), np.asarray(found.up)
        release_height: Metres = self.release_height
        if self.rise is not None:
            risen = np.asarray(self.rise.at(x))
            release_height = self.release_height + risen
            across, up = np.hypot(across, risen / 3.5), np.hypot(up, risen / 3.5)
        if np.any(self.source_width):
            across = np.hypot(across, self.source_width)
        inside = (x > 0) & (up > 0) & (across > 0)
        across, up = np.where(inside, across, 1.0), np.where(inside, up, 1.0)
        peak = self.mass_rate / (self.wind_speed * ROOT * across)
        if self.duration is not None:
            length = np.where(inside, np.asarray(along(self.curves, x, self.stability)), 1.0)
            peak = peak * erf(self.wind_speed * self.duration / (2 * np.sqrt(2) * length))
        upwards = vertical(self.height, release_height, up, self.mixing_height)
        return np.where(inside, peak * upwards, 0.0), across

    def centreline(self, downwind: Metres) -> NDArray[np.float64]:
        """Concentration on the axis."""
        return self.axis(downwind)[0]

    def half_width(self, downwind: Metres, level: Concentrations) -> NDArray[np.float64]:
        """How far from the axis a concentration is reached; zero where it is not."""
        peak, across = self.axis(downwind)
        return np.asarray(across * np.sqrt(2 * np.log(np.maximum(peak / level, 1.0))))

    def at(self, downwind: Metres, crosswind: Metres) -> NDArray[np.float64]:
        """Concentration at points."""
        peak, across = self.axis(downwind)
        return np.asarray(peak * np.exp(-0.5 * (np.asarray(crosswind) / across) ** 2))

    def field(self, downwind: NDArray[np.float64], crosswind: NDArray[np.float64]) -> NDArray[np.float64]:
        """Concentration on a grid, shape (downwind, crosswind): one line of curves, one exponential a cell."""
        peak, across = self.axis(downwind)
        powers = np.outer(-0.5 / across**2, np.asarray(crosswind, dtype=float) ** 2)
        np.exp(powers, out=powers)
        powers *= peak[:, None]
        return powers


def with_spread(
    across: Metre,
    up: Metre,
    crosswind: Metres,
    height: Metre,
    mass_rate: KilogramPerSecond,
    wind_speed: Speed,
    release_height: Metre = 0.0,
) -> Concentrations:
    """Concentration where the spread is known, as in hand calculations."""
    aside = np.exp(-0.5 * (np.asarray(crosswind) / across) ** 2) / (ROOT * across)
    return np.asarray(mass_rate / wind_speed * aside * vertical(height, release_height, up))


def vertical(height: Metres, release_height: Metres, up: Metres, mixing_height: Metre | None = None) -> Metres:
    """The vertical distribution, per metre: the source and its images below ground and above a lid.

    Under a lid images serve while the plume is thin, a cosine series once it is thicker; both are the same function
    (Seinfeld and Pandis 2006), each is exact with few terms where it is used.
    """
    down, back = height - release_height, height + release_height
    free = (np.exp(-0.5 * (down / up) ** 2) + np.exp(-0.5 * (back / up) ** 2)) / (ROOT * up)
    if mixing_height is None:
        return np.asarray(free)
    lid = mixing_height
    images, series = free, np.ones_like(np.asarray(up, dtype=float))
    for n in range(1, 5):
        far = 2 * n * lid
        each = [np.exp(-0.5 * ((step + sign * far) / up) ** 2) for step in (down, back) for sign in (-1, 1)]
        images = images + sum(each) / (ROOT * up)
        turn = n * np.pi / lid
        series = series + 2 * np.cos(turn * height) * np.cos(turn * release_height) * np.exp(-0.5 * (turn * up) ** 2)
    within = (np.asarray(height) <= lid) & (np.asarray(release_height) <= lid)
    return np.where(within, np.where(up < lid, images, series / lid), 0.0)


VERTICAL = (
    "V = (exp(−(z − H)²/(2·σz²)) + exp(−(z + H)²/(2·σz²)))/(√(2·π)·σz), hm = ∞",
    "V = ∑[n=−4…4](exp(−(z − H + 2·n·hm)²/(2·σz²)) + exp(−(z + H + 2·n·hm)²/(2·σz²)))/(√(2·π)·σz), σz < hm ∧ hm < ∞",
    "V = (1 + 2·∑[n=1…4](cos(n·π·z/hm)·cos(n·π·H/hm)·exp(−(n·π·σz/hm)²/2)))/hm, σz ≥ hm",
)
"""The vertical distribution as formulas print it: open, under a lid while it is thin, and once it has filled it."""

VERTICAL_WHERE: Meanings = {
    "V": means("垂直分布;z 或 H 高于混合层顶时为 0", "vertical distribution; none with z or H above the lid", "1/m"),
    "z": "height",
    "H": "release_height",
    "hm": "mixing_height",
    "σz": means("垂直扩散参数", "vertical spread", "m"),
}


@model(
    id="gaussian-plume",
    title=Text("高斯烟羽", "Gaussian plume"),
    source="Pasquill and Gifford's plume as in CCPS (1999) p. 97 and NOAA TM NOS OR&R 43 section 4.3",
    how=Text(
        "稳定风场中连续点源的浓度:横向与垂直为正态分布,地面与混合层顶全反射;扩散参数取自所选曲线。",
        "A steady point source in a steady wind: normal across and upwards, thrown back by the ground and the lid, "
        "with the spread of the curves chosen.",
    ),
    formula=formula(
        "C = Q/(u·√(2·π)·σy)·exp(−y²/(2·σy²))·V, x > 0",
        *VERTICAL,
        "σy = σ₀·(t/t₀)^0.2",
        where={
            "C": means("质量浓度", "mass concentration", "kg/m3"),
            "Q": "mass_rate",
            "u": "wind_speed",
            "y": "crosswind",
            "x": "downwind",
            **VERTICAL_WHERE,
            "σy": means("横风向扩散参数", "crosswind spread", "m"),
            "σ₀": means("所选曲线的横风向扩散参数", "crosswind spread of the curves chosen", "m"),
            "t": "averaging_time",
            "t₀": means(
                "所选曲线的平均时间;不给 t 时 σy = σ₀", "averaging time of the curves; without t, σy = σ₀", "s"
            ),
        },
    ),
    valid={"downwind": (100.0, 10_000.0), "wind_speed": (1.0, 120.0)},
    neglects=(
        Text("重气沉降、浮力与动量", "weight, buoyancy and momentum of the gas"),
        Text("地形、建筑物与风向变化", "hills, buildings and a turning wind"),
        Text("沉积与化学反应", "deposition and reactions"),
    ),
    cases=("gaussian_plume", "gaussian_plume_mixing_layer"),
    tier=Tier.IMPLEMENTATION,
)
def gaussian_plume(
    downwind: Metres,
    crosswind: Metres,
    height: Metre,
    mass_rate: KilogramPerSecond,
    wind_speed: Speed,
    stability: Stability,
    release_height: Metre = 0.0,
    curves: Curves = Curves.ALOHA_RURAL,
    averaging_time: Second | None = None,
    mixing_height: Metre | None = None,
) -> Concentrations:
    """Concentration at points, in the wind that carries the plume; zero upwind."""
    plume = Plume(
        mass_rate=mass_rate, wind_speed=wind_speed, stability=stability, curves=curves, release_height=release_height,
        height=height, averaging_time=averaging_time, mixing_height=mixing_height,
    )  # fmt: skip
    return plume.at(downwind, crosswind)
