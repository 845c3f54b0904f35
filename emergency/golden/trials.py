"""Golden ids of field trials of dense gases, predicted by one rule for all trials with nothing fitted.

A case that gives no conditions is one of the trials known by name, if it is there.
"""

from dataclasses import replace
from typing import Any

from core.errors import BadInputError
from core.texts import Text
from emergency.chemicals import substance
from emergency.golden.adapters import Answer, golden
from emergency.golden.cases import Case
from emergency.models.dispersion.air import Stability
from emergency.validation.predicted import Rival, concentration, distance_to, half_width, mass_fraction
from emergency.validation.trials import Trial, trials

LFL = 0.05
EVAPORATION = 0.167
"""Of LNG on water, kg/(m2.s): the value of the validation database, as quoted in slabx 1.0.7."""

AIR_TEMPERATURE = 290.0
"""Of the Burro trials, where a case gives none (as in the deck of slabx for Burro 8)."""

GIVEN = {
    "duration_s": "duration",
    "wind_speed_m_s": "wind_speed",
    "wind_height_m": "wind_height",
    "roughness_length_m": "roughness",
    "ambient_pressure_pa": "ambient_pressure",
    "receptor_height_m": "height",
    "release_height_m": "release_height",
    "orifice_diameter_m": "hole_diameter",
}


def _trial(given: dict[str, Any], material: str, release: str) -> Trial:
    """The trial as the case has it, or the one known by its name where the case gives no conditions."""
    if "wind_speed_m_s" not in given:
        return named(given)
    known = trials().get(given["trial"])
    air = given.get("ambient_temperature_k", AIR_TEMPERATURE)
    return Trial(
        id=given["trial"], substance=material, release=release,
        mass_rate=given.get("mass_rate_kg_s") or given["effective_rate_kg_s"],
        stability=Stability(given["stability"]), ambient_temperature=air, stored_temperature=air,
        evaporation=EVAPORATION if release == "pool" else 0.0,
        averaging_time=known.averaging_time if known else 10.0,
        **{"height": 0.0} | {ours: given[theirs] for theirs, ours in GIVEN.items() if theirs in given},
    )  # fmt: skip


def named(given: dict[str, Any]) -> Trial:
    """The trial of this name.

    Raises BadInputError when no readable document gave its conditions.
    """
    known = trials().get(str(given["trial"]))
    if known is None:
        raise BadInputError(
            Text(f"没有试验 {given['trial']} 的条件", f"the conditions of trial {given['trial']} are not known"),
            field="trial", value=given["trial"],
        )  # fmt: skip
    return replace(known, roughness=given.get("roughness_length_m", known.roughness))


@golden("lng_pool_dispersion_lfl")
def _lfl(given: dict[str, Any], case: Case) -> Answer:
    return dict.fromkeys(case.expected, distance_to(Rival.SLAB, _trial(given, "LNG", "pool"), LFL))


@golden("lng_pool_dispersion", "lng_vapour_fence")
def _lng(given: dict[str, Any], case: Case) -> Answer:
    trial = _trial(given, "LNG", "pool")
    places = case.expected["mass_fraction"]
    return {"mass_fraction": {place: mass_fraction(Rival.DEGADIS, trial, float(place)) for place in places}}


@golden("two_phase_chlorine_dense_gas")
def _chlorine(given: dict[str, Any], case: Case) -> Answer:
    trial = _trial(given, substance(given["material"]).cas, "jet")
    places = case.expected["peak_concentration_kg_m3"]
    return {"peak_concentration_kg_m3": {place: concentration(Rival.FIRST, trial, float(place)) for place in places}}


@golden("two_phase_ammonia_dense_gas")
def _ammonia(given: dict[str, Any], case: Case) -> Answer:
    trial = _trial(given, substance(given["material"]).cas, "jet")
    places = case.expected["concentration_kg_m3"]
    return {"concentration_kg_m3": {place: concentration(Rival.SLAB, trial, float(place)) for place in places}}


@golden("dense_gas_half_width")
def _half_width(given: dict[str, Any], case: Case) -> Answer:
    return {"half_width_m": half_width(Rival.SLAB, named(given), float(given["distance_m"]))}
