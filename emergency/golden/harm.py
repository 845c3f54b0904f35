"""Golden ids of harm to people: probits, toxic loads, deaths in a population."""

import re
from typing import Any

import numpy as np

from emergency.golden.adapters import Answer, golden
from emergency.golden.cases import Case
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.gaussian_plume import with_spread
from emergency.models.harm.cloud import EffectiveCloud, effective_cloud
from emergency.models.harm.concentration import ConcentrationUnit, InAir
from emergency.models.harm.death_fraction import (
    HEAT_EXPOSURE,
    INDOORS,
    Deaths,
    Period,
    blast_deaths,
    fire_deaths,
    toxic_deaths,
)
from emergency.models.harm.infiltration import STOREY, Sheltering, indoor_share, infiltration_time
from emergency.models.harm.overpressure import (
    BLAST_SETS,
    BlastProbit,
    BlastSet,
    PressureUnit,
    collapse_probit,
    head_impact_probit,
    overpressure_probit,
)
from emergency.models.harm.probit import Lethality, probit_of
from emergency.models.harm.thermal import THERMAL_SETS, DoseUnit, ThermalProbit, ThermalSet, thermal_probit
from emergency.models.harm.toxic import (
    ToxicProbit,
    toxic_load,
    toxic_probit_by_mass,
    toxic_probit_by_volume,
)

THERMAL_NAMES = {
    "eisenberg": ThermalSet.EISENBERG,
    "tsao-perry": ThermalSet.PURPLE_BOOK,
    "tsao & perry": ThermalSet.PURPLE_BOOK,
    "lees": ThermalSet.LEES_CLOTHED,
    "tno": ThermalSet.TNO,
    "purple book": ThermalSet.PURPLE_BOOK,
}
"""A name alone means the constants HyRAM+ has under it, in watts, and for Lees half the dose."""

DOSE_UNITS = {
    "(W/m2)^(4/3) s": DoseUnit.WATTS,
    "(kW/m2)^(4/3) s": DoseUnit.KILOWATTS,
    "1e4 (W/m2)^(4/3) s": DoseUnit.KILOWATTS,
}
BLAST_UNITS = {"psig": PressureUnit.PSI, "psi": PressureUnit.PSI, "Pa": PressureUnit.PASCAL, "bar": PressureUnit.BAR}


TERRAINS = {"open country": 0.03, "urban": 1.0}
"""Roughness in metres, as ALOHA has it; the printed rates say no temperature of the air, 15 degrees gives both."""


def plain(values: Any) -> Any:
    """Numbers as JSON has them."""
    return np.asarray(values, dtype=float).tolist()


def _constants(given: dict[str, Any], names: str) -> dict[str, float]:
    """A probit's constants by letter, however the case writes them; none of them where it gives none."""
    found = {key: given[said] for key in names for said in (key, f"probit_{key}") if said in given}
    return {key: float(value) for key, value in found.items()}


@golden("probit_transform")
def _transform(given: dict[str, Any], case: Case) -> Answer:
    return {"probit": plain(probit_of(np.asarray(given["probability"], dtype=float)))}


@golden("thermal_probit", "thermal_lethality")
def _thermal(given: dict[str, Any], case: Case) -> Answer:
    name = THERMAL_NAMES.get(str(given.get("coefficients", "")).lower())
    probit = THERMAL_SETS[name] if name is not None else None
    if constants := _constants(given, "ab"):
        probit, name = ThermalProbit(a=constants["a"], b=constants["b"], unit=DOSE_UNITS[given["dose_unit"]]), None
    if probit is None:
        raise KeyError("coefficients")
    answer: Answer = {"dose_1pct": plain(probit.dose(0.01)), "dose_50pct": plain(probit.dose(0.5))}
    answer["equivalent_to"] = _alike(probit)
    if "thermal_dose_w43_s" in given:
        return answer | _lethality(probit.of_dose(np.asarray(given["thermal_dose_w43_s"], dtype=float)))
    if "heat_flux_w_m2" not in given:
        return answer
    flux = np.asarray(given["heat_flux_w_m2"], dtype=float)
    seconds = given["exposure_time_s"] if "exposure_time_s" in given else given["exposure_s"]
    return answer | _lethality(probit.of(flux, seconds) if name is None else thermal_probit(flux, seconds, name))


def _alike(probit: ThermalProbit) -> str | None:
    """The set of the same constants in another unit, to the last digit that both print."""
    for name, said in (("Tsao-Perry", ThermalSet.TSAO_PERRY), ("Eisenberg", ThermalSet.EISENBERG)):
        other = THERMAL_SETS[said].converted(probit.unit)
        if probit.b == other.b and abs(probit.a - other.a) < 0.005:
            return name
    return None


def _lethality(found: Lethality) -> Answer:
    share = plain(found.probability)
    return {
        "probit": plain(found.probit), "fatality_probability": share, "probability_of_death": share,
        "fatality_percent": plain(np.asarray(found.probability) * 100.0),
    }  # fmt: skip


@golden("overpressure_probit")
def _overpressure(given: dict[str, Any], case: Case) -> Answer:
    name = str(given.get("coefficients", "")).lower()
    pressure, impulse = given.get("overpressure_pa"), given.get("impulse_pa_s")
    if "head" in name and pressure is not None and impulse is not None:
        return _lethality(head_impact_probit(pressure, impulse))
    if "collapse" in name and pressure is not None and impulse is not None:
        return _lethality(collapse_probit(pressure, impulse))
    chosen = BlastSet.LUNG_EISENBERG if "eisenberg" in name else BlastSet.LUNG_HSE if "lung" in name else BlastSet.HSC
    if "a" in given:
        unit = BLAST_UNITS[given.get("overpressure_unit", "Pa")]
        probit = BlastProbit(a=given["a"], b=given["b"], unit=unit)
        answer = _lethality(probit.of(pressure)) if pressure is not None else {}
    else:
        probit = BLAST_SETS[chosen]
        answer = _lethality(overpressure_probit(pressure, chosen)) if pressure is not None else {}
    if "fatality_probability" in given:
        answer["overpressure_psi"] = plain(probit.overpressure(given["fatality_probability"]) / PressureUnit.PSI.size)
    return answer


@golden("toxic_probit")
def _toxic(given: dict[str, Any], case: Case) -> Answer:
    constants = _constants(given, "abn")
    named = {f"probit_{key}": value for key, value in constants.items()}
    seconds = 60.0 * given["exposure_min"] if "exposure_min" in given else None
    if "concentration_mg_m3" in given and seconds is not None:
        mass = np.asarray(given["concentration_mg_m3"], dtype=float) * 1e-6
        return _lethality(toxic_probit_by_mass(mass, seconds, **named))
    if "concentration_ppm" in given and seconds is not None:
        share = np.asarray(given["concentration_ppm"], dtype=float) * 1e-6
        return _lethality(toxic_probit_by_volume(share, seconds, **named))
    unit = ConcentrationUnit(given["concentration_unit"])
    probit = ToxicProbit(a=constants["a"], b=constants["b"], n=constants["n"], unit=unit)
    answer: Answer = {} if seconds is None else {"lc50": _number(probit.concentration(0.5, seconds))}
    asked = case.expected.get("lc_ppm", {})
    found = {key: re.fullmatch(r"([\d.]+)%/([\d.]+)min", key) for key in asked}
    answer["lc_ppm"] = {
        key: _number(probit.concentration(float(said[1]) / 100.0, 60.0 * float(said[2])))
        for key, said in found.items()
        if said
    }
    return answer


def _number(air: InAir) -> Any:
    return plain(np.asarray(air.values) * 1e6)


@golden("toxic_load")
def _load(given: dict[str, Any], case: Case) -> Answer:
    share = np.asarray(given["concentration_ppm"], dtype=float) * 1e-6
    return {"toxic_load_ppm_n_min": plain(toxic_load(share, 60.0 * given["exposure_min"], given["n"]))}


@golden("toxic_effective_cloud_width")
def _width(given: dict[str, Any], case: Case) -> Answer:
    return widths(cloud_of(given, given["concentration_g_m3"] * 1e-3))


@golden("toxic_probit_plume")
def _plume(given: dict[str, Any], case: Case) -> Answer:
    if given["probit_conc_unit"] != "mg/m3":
        raise ValueError(f"probit_conc_unit {given['probit_conc_unit']}")
    axis = with_spread(
        across=given["sigma_y_m"], up=given["sigma_z_m"], crosswind=0.0, height=given.get("receptor_height_m", 0.0),
        mass_rate=given["release_rate_kg_s"], wind_speed=given["wind_speed_m_s"],
        release_height=given.get("source_height_m", 0.0),
    )  # fmt: skip
    minutes = min(given["exposure_min"], given.get("exposure_cap_min", np.inf))
    found = toxic_probit_by_mass(
        axis, 60.0 * minutes, probit_a=given["probit_a"], probit_b=given["probit_b"], probit_n=given["probit_n"]
    )
    answer: Answer = {
        "concentration_g_m3": plain(np.asarray(axis) * 1e3), "concentration_mg_m3": plain(np.asarray(axis) * 1e6),
        "probit": plain(found.probit), "lethality_centreline": plain(found.probability),
    }  # fmt: skip
    return answer | widths(cloud_of(given, plain(axis)))


def cloud_of(given: dict[str, Any], axis: float) -> EffectiveCloud:
    """The effective cloud round an axis of so many kg/m3."""
    minutes = min(given["exposure_min"], given.get("exposure_cap_min", np.inf))
    return effective_cloud(
        concentration=axis, sigma_y=given["sigma_y_m"], distance=given["distance_m"], exposure_time=60.0 * minutes,
        probit_a=given["probit_a"], probit_b=given["probit_b"], probit_n=given["probit_n"],
        sectors=given.get("sectors", 12), cutoff=given.get("cutoff_lethality", 0.01),
    )  # fmt: skip


def widths(found: EffectiveCloud) -> Answer:
    """Under the keys of the cases."""
    return {
        "probability_integral_m": plain(found.probability_integral),
        "effective_cloud_width_m": plain(found.effective_width),
        "probability_in_cloud": plain(found.probability_in_cloud),
        "probability_of_death": plain(found.probability_of_death),
    }


@golden("population_death_fraction")
def _deaths(given: dict[str, Any], case: Case) -> Answer:
    indoors = given.get("fraction_indoors", INDOORS[Period(given.get("period", "day"))])
    found: Deaths
    if "overpressure_kpa" in given:
        found = blast_deaths(
            np.asarray(given["overpressure_kpa"], dtype=float) * 1e3, indoors,
            given.get("indoor_factor_10_to_30_kpa", 0.025),
        )  # fmt: skip
    elif "heat_flux_w_m2" in given:
        seconds = given.get("exposure_s", given.get("exposure_cap_s", HEAT_EXPOSURE))
        found = fire_deaths(
            np.asarray(given["heat_flux_w_m2"], dtype=float), min(seconds, given.get("exposure_cap_s", seconds)),
            indoors, given.get("clothing_factor", 0.14),
        )  # fmt: skip
    else:
        found = toxic_deaths(
            np.asarray(given["probability_of_death_outdoors"], dtype=float), indoors, given.get("indoor_factor", 0.1)
        )
    return {"fraction_killed": plain(found.fraction), "probability_of_death": plain(found.probability)}


@golden("building_infiltration")
def _infiltration(given: dict[str, Any], case: Case) -> Answer:
    if "time_h" in given:
        constant = given["time_constant_h"] if "time_constant_h" in given else _time_constant(given) / 3600.0
        return {"indoor_to_outdoor": plain(indoor_share(_seconds(given["time_h"]), _seconds(constant)))}
    return {"air_changes_per_h": 3600.0 / _time_constant(given)}


def _seconds(hours: Any) -> Any:
    return 3600.0 * np.asarray(hours, dtype=float)


def _time_constant(given: dict[str, Any]) -> float:
    return infiltration_time(
        wind_speed=given["wind_speed_10m_m_s"], stability=Stability(given["stability_class"]),
        ambient_temperature=given.get("outdoor_temp_c", 15.0) + 273.15, roughness=TERRAINS[given["terrain"]],
        indoor_temperature=given.get("indoor_temp_c", 20.0) + 273.15, structure_height=STOREY * given["storeys"],
        sheltering=Sheltering.SHELTERED if given["sheltered"] else Sheltering.UNSHELTERED,
    )  # fmt: skip
