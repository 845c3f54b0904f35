"""A release that spreads at one rate, whatever it came from."""

from dataclasses import dataclass

from core.units import Kelvin, KilogramPerSecond, Metre, Second, SquareMetre


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreading:
    """A steady release as the dispersion models take it.

    `stored` is the temperature of a liquefied gas that flashes as it leaves a hole of `hole_area`; only SLAB asks.
    """

    mass_rate: KilogramPerSecond
    duration: Second
    release_height: Metre = 0.0
    pool_area: SquareMetre | None = None
    temperature: Kelvin | None = None
    stored: Kelvin | None = None
    hole_area: SquareMetre | None = None
