"""How much of a passive puff on the ground can burn at one time, and the most at any time."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import Kilogram, KilogramPerCubicMetre, Metre, Numbers, Second
from emergency.models.dispersion.gaussian_puff import Puff
from emergency.special import erf

LOOKED_OVER = np.geomspace(1.0, 20_000.0, 2000)
"""Metres its middle may have come."""

HOW = Text(
    "地面高斯烟团内浓度高于某值的部分为椭球,其质量占比 erf(r/√2) - √(2/π)·r·exp(-r²/2),r² = 2ln(峰值/该值)",
    "what is above a concentration in a puff on the ground is an ellipsoid with erf(r/√2) - √(2/π) r exp(-r²/2) of the "
    "mass, r² = 2 ln(peak / it)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlammablePuff:
    """The greatest mass between two concentrations, and where the middle of the puff is then."""

    mass: Kilogram
    centre: Metre
    time: Second


def share_above(peak_ratio: Numbers) -> Numbers:
    """The part of a puff's mass where it is above a concentration, by the peak over that concentration."""
    radius = np.sqrt(2 * np.log(np.maximum(peak_ratio, 1.0)))
    found: Numbers = erf(radius / np.sqrt(2)) - np.sqrt(2 / np.pi) * radius * np.exp(-(radius**2) / 2)
    return found


def flammable_puff(puff: Puff, lower: KilogramPerCubicMetre, upper: KilogramPerCubicMetre) -> FlammablePuff:
    """Looked over all the way the puff may come; one let go above the ground is taken as on it."""
    times = LOOKED_OVER / puff.wind_speed
    peak = puff.at(LOOKED_OVER, 0.0, times, puff.release_height)
    between = puff.mass * (np.asarray(share_above(peak / lower)) - np.asarray(share_above(peak / upper)))
    most = int(between.argmax())
    return FlammablePuff(mass=float(between[most]), centre=float(LOOKED_OVER[most]), time=float(times[most]))
