"""Golden ids of field trials of dense gases, predicted by the integrated plume with nothing fitted.

Liquefied gases are taken as vapour at their boiling point; a flashed jet of ammonia as the mixture with air in which
its last droplet has just evaporated.
"""

from typing import Any

import numpy as np

from emergency.chemicals import substance
from emergency.golden.adapters import Answer, golden
from emergency.golden.cases import Case
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.degadis import HeavyPlume, heavy_plume
from emergency.models.dispersion.dense_or_passive import AIR
from emergency.models.dispersion.obukhov import surface_layer_wind
from emergency.models.dispersion.zone import mass_of, zones
from emergency.models.sources.entrained_jet import entrained_jet

METHANE, METHANE_BOILS = 0.01604, 111.7
LFL = 0.05
PRESSURE = 101_325.0
FAR = 100_000.0
AIR_TEMPERATURE = 290.0
"""Of the Burro trials, where a case gives none (as in the deck of slabx for Burro 8)."""


def _plume(given: dict[str, Any], rate: float, molar_mass: float, temperature: float) -> HeavyPlume:
    stability, roughness = Stability(given["stability"]), given["roughness_length_m"]
    wind = surface_layer_wind(given["wind_speed_m_s"], given["wind_height_m"], 10.0, roughness, stability)
    ambient = given.get("ambient_temperature_k", AIR_TEMPERATURE)
    return heavy_plume(rate, molar_mass, temperature, ambient, wind, stability, roughness, given["duration_s"])


@golden("lng_pool_dispersion_lfl")
def _lfl(given: dict[str, Any], case: Case) -> Answer:
    plume = _plume(given, given["mass_rate_kg_s"], METHANE, METHANE_BOILS)
    distance = zones(plume, [LFL], limit=FAR)[0].distance
    return dict.fromkeys(case.expected, distance)


@golden("lng_pool_dispersion", "lng_vapour_fence")
def _lng(given: dict[str, Any], case: Case) -> Answer:
    places = list(case.expected["mass_fraction"])
    part = _plume(given, given["mass_rate_kg_s"], METHANE, METHANE_BOILS).centreline(np.array(places, dtype=float))
    share = part * METHANE / (part * METHANE + (1 - part) * AIR)
    return {"mass_fraction": dict(zip(places, share.tolist(), strict=True))}


@golden("two_phase_chlorine_dense_gas")
def _chlorine(given: dict[str, Any], case: Case) -> Answer:
    gas, pressure = substance(given["material"]), given["ambient_pressure_pa"]
    plume = _plume(given, given["effective_rate_kg_s"], gas.molar_mass, gas.saturation_temperature(pressure))
    return {"peak_concentration_kg_m3": _masses(plume, 1.0, gas.molar_mass, given, case, "peak_concentration_kg_m3")}


@golden("two_phase_ammonia_dense_gas")
def _ammonia(given: dict[str, Any], case: Case) -> Answer:
    gas, ambient = substance(given["material"]), given["ambient_temperature_k"]
    jet = entrained_jet(gas, ambient, ambient, given["ambient_pressure_pa"])
    mixed = jet.mole_fraction * gas.molar_mass + (1 - jet.mole_fraction) * AIR
    plume = _plume(given, given["mass_rate_kg_s"] * (1 + jet.air_ratio), mixed, jet.temperature)
    found = _masses(plume, jet.mole_fraction, gas.molar_mass, given, case, "concentration_kg_m3")
    return {"concentration_kg_m3": found}


def _masses(
    plume: HeavyPlume, share: float, molar_mass: float, given: dict[str, Any], case: Case, key: str
) -> dict[str, float]:
    """Kilograms per cubic metre at the arcs asked for."""
    places = list(case.expected[key])
    parts = share * plume.centreline(np.array(places, dtype=float))
    pressure = given.get("ambient_pressure_pa", PRESSURE)
    whole = mass_of(1.0, molar_mass, given["ambient_temperature_k"], pressure)
    return dict(zip(places, (parts * whole).tolist(), strict=True))
