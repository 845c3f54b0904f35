"""Trials of dense gases in the open, as far as their conditions and observations stand in documents that were read."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import pi
from typing import Any

from core.units import Fraction, Kelvin, KilogramPerSecond, Metre, Pascal, Second, Speed, SquareMetre
from emergency.models.dispersion.air import Stability


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One observation: a value at a distance."""

    distance: Metre
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was released into what air, and what was seen: concentrations in kg/m3, parts, half-widths to 1/e.

    Parts are of volume or of mass. `evaporation` is the flux that makes a pool's area of its rate.
    """

    id: str
    substance: str
    release: str
    mass_rate: KilogramPerSecond
    duration: Second
    wind_speed: Speed
    wind_height: Metre
    stability: Stability
    roughness: Metre
    ambient_temperature: Kelvin
    height: Metre
    averaging_time: Second = 10.0
    evaporation: float = 0.0
    hole_diameter: Metre | None = None
    stored_temperature: Kelvin | None = None
    release_height: Metre = 0.0
    ambient_pressure: Pascal = 101_325.0
    relative_humidity: Fraction = 0.5
    concentrations: tuple[Seen, ...] = ()
    volume_fractions: tuple[Seen, ...] = ()
    mass_fractions: tuple[Seen, ...] = ()
    half_widths: tuple[Seen, ...] = ()
    source: str = ""
    note: str = ""

    @property
    def pool_area(self) -> SquareMetre:
        """Of a pool from which as much evaporates as is spilt."""
        return self.mass_rate / self.evaporation

    @property
    def hole_area(self) -> SquareMetre | None:
        """Of a round hole, where there was one."""
        return None if self.hole_diameter is None else pi / 4 * self.hole_diameter**2


@cache
def trials() -> dict[str, Trial]:
    """Every trial by name, in order."""
    text = (files("emergency") / "data" / "dense_trials.json").read_text("utf-8")
    return {one["id"]: _trial(one) for one in json.loads(text)["trials"]}


def _trial(given: dict[str, Any]) -> Trial:
    seen = {
        name: tuple(Seen(distance=one["distance"], value=one["value"]) for one in given.get(name, ()))
        for name in ("concentrations", "volume_fractions", "mass_fractions", "half_widths")
    }
    return Trial(**given | seen | {"stability": Stability(given["stability"])})
