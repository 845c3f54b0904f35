"""Golden ids of explosions."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from emergency.golden.adapters import Answer, golden
from emergency.golden.cases import Case
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.degadis import heavy_plume
from emergency.models.dispersion.dense_or_passive import density
from emergency.models.dispersion.zone import zones
from emergency.models.explosion.baker_strehlow_tang import (
    DETONATION,
    GROUND_REFLECTION,
    Congestion,
    Reactivity,
    cloud_energy,
    flame_mach,
)
from emergency.models.explosion.bauwens_dorofeev import scaled_overpressure
from emergency.models.explosion.blast import Blast, scaled_distance
from emergency.models.explosion.bst_aloha import cloud_overpressure
from emergency.models.explosion.hydrogen_jet import hydrogen_jet
from emergency.models.explosion.kingery_bulmash import Burst, kingery_bulmash, simplified_kingery
from emergency.models.explosion.kinney_graham import kinney_graham
from emergency.models.explosion.one_psi import distance_to_one_psi
from emergency.models.explosion.point_source import overpressure_ratio, sachs_distance
from emergency.models.explosion.reach import Curve, blast_distance
from emergency.models.explosion.tnt import tnt_equivalent
from emergency.models.fire.flammable_cloud import ALOHA_SHARE, flammable_cloud
from emergency.reach import reach

MOLAR_MASSES = {"propane": 0.0441, "butane": 0.05812, "methane": 0.01604}

PROPANE_HEAT = 46.35e6
"""Of the ALOHA cases of the same fuel, J/kg."""


@golden("tnt_equivalence")
def _tnt(given: dict[str, Any], case: Case) -> Answer:
    return {"tnt_mass_kg": _equivalent(given)}


@golden("kingery_bulmash_hemispherical")
def _surface_burst(given: dict[str, Any], case: Case) -> Answer:
    """In pascals the cases are Swisdak's table, in kilopascals the polynomials'."""
    polynomial = any("_kpa" in key or "_ms" in key for key in case.expected)
    z, mass = _charge(given)
    blast = kingery_bulmash(z, mass, Burst.SURFACE) if polynomial else simplified_kingery(z, mass)
    return _parameters(blast, mass)


@golden("kingery_bulmash_spherical")
def _free_air(given: dict[str, Any], case: Case) -> Answer:
    z, mass = _charge(given)
    return _parameters(kingery_bulmash(z, mass, Burst.FREE_AIR), mass)


@golden("kinney_graham_free_air")
def _kinney_graham(given: dict[str, Any], case: Case) -> Answer:
    return {"incident_overpressure_pa": float(kinney_graham(_charge(given)[0]))}


@golden("baker_strehlow_tang")
def _baker_strehlow_tang(given: dict[str, Any], case: Case) -> Answer:
    energy = cloud_energy(
        given["fuel_mass_kg"], given["heat_of_combustion_j_kg"],
        given.get("ground_reflection_factor", GROUND_REFLECTION),
    )  # fmt: skip
    pressure = given.get("ambient_pressure_pa", 101_325.0)
    return {"energy_j": energy, "scaled_distance": sachs_distance(given.get("distance_m", 1.0), energy, pressure)}


@golden("bauwens_dorofeev")
def _bauwens_dorofeev(given: dict[str, Any], case: Case) -> Answer:
    return {"scaled_overpressure": scaled_overpressure(given["scaled_distance"])}


@golden("ideal_point_source_blast")
def _point_source(given: dict[str, Any], case: Case) -> Answer:
    ratio = overpressure_ratio(
        given["scaled_distance_R_over_cuberoot_E_P0"], given.get("symmetry", "spherical"), given.get("gamma", 1.4)
    )
    return {"overpressure_ratio": float(ratio)}


@golden("epa_rmp_vce_1psi")
def _one_psi(given: dict[str, Any], case: Case) -> Answer:
    distance = distance_to_one_psi(
        mass=given["fuel_mass_kg"], heat_of_combustion=given["heat_of_combustion_j_kg"],
        blast_yield=given.get("yield_fraction", 0.1), tnt_energy=given.get("tnt_energy_j_kg", 4.68e6),
    )  # fmt: skip
    return {"tnt_mass_kg": _equivalent(given), "distance_m": distance}


@golden("tnt_equivalence_blast_radius")
def _blast_radius(given: dict[str, Any], case: Case) -> Answer:
    """The yield is not printed there: EPA's 10 % is taken, and the curve of free air."""
    mass = tnt_equivalent(
        mass=given["flammable_mass_kg"], heat_of_combustion=PROPANE_HEAT, blast_yield=0.1, tnt_energy=4.68e6
    )
    levels = case.expected["overpressure_radius_m_by_pa"]
    return {
        "overpressure_radius_m_by_pa": {level: blast_distance(float(level), mass, Curve.FREE_AIR) for level in levels}
    }


@golden("hydrogen_jet_delayed_ignition_overpressure")
def _hydrogen_jet(given: dict[str, Any], case: Case) -> Answer:
    jet = hydrogen_jet(
        distance=given["distance_from_nozzle_m"], upstream_pressure=given["storage_pressure_pa_abs"],
        upstream_temperature=given["storage_temperature_k"], hole_diameter=given["nozzle_diameter_m"],
        ambient_temperature=297.0,
    )  # fmt: skip
    return {"peak_overpressure_pa": float(jet.overpressure)}


@golden("baker_strehlow_tang_cloud")
def _vapour_cloud(given: dict[str, Any], case: Case) -> Answer:
    """As ALOHA: its dense plume from nine tenths of the lower limit, centred with its rich part; ids say congestion."""
    molar_mass, temperature = MOLAR_MASSES[given["material"]], given["temperature_k"]
    plume = heavy_plume(
        given["mass_rate_kg_s"], molar_mass, temperature, temperature, given["wind_speed_10m_m_s"],
        Stability(given["stability"]), given["roughness_length_m"], given["duration_s"],
    )  # fmt: skip
    whole = density(molar_mass, temperature)
    lower, upper = given["lel_ppm"] / 1e6, given["uel_ppm"] / 1e6

    def field(x: NDArray[np.float64], y: NDArray[np.float64], z: NDArray[np.float64]) -> NDArray[np.float64]:
        core, tail = plume.core(x)
        aside = np.exp(-((np.maximum(np.abs(y) - core, 0.0) / tail) ** 2))
        deep = np.interp(x, plume.distance, plume.height)
        return np.asarray(plume.centreline(x) * whole * aside * (z <= deep))

    cloud = flammable_cloud(field, ALOHA_SHARE * lower * whole, upper * whole, near=0.2, far=500.0, height=20.0)
    flame = DETONATION if "detonation" in case.id else flame_mach(Reactivity.MEDIUM, _congestion(case.id))

    def pressure(away: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(cloud_overpressure(away, cloud.mass, given["heat_of_combustion_j_kg"], flame))

    radii = {psi: reach(pressure, psi * 6894.76, near=0.05, far=5000.0) for psi in (8.0, 3.5, 1.0)}
    far = {share: zones(plume, [share * lower])[0].distance for share in (0.6, 0.1)}
    return {
        "flammable_mass_kg": cloud.mass,
        "flammable_area_m": {f"{100 * share:g}%LEL": distance for share, distance in far.items()},
        "distance_m": {f"{psi:g}psi": radius + cloud.rich_centre if radius else None for psi, radius in radii.items()},
        "one_psi_circle_centre_m": cloud.rich_centre, "one_psi_circle_radius_m": radii[1.0],
    }  # fmt: skip


def _congestion(name: str) -> Congestion:
    return Congestion.LOW if "uncongested" in name else Congestion.HIGH


def _equivalent(given: dict[str, Any]) -> float:
    return tnt_equivalent(
        mass=given["fuel_mass_kg"], heat_of_combustion=given["heat_of_combustion_j_kg"],
        blast_yield=given.get("yield_fraction", 0.1), tnt_energy=given.get("tnt_energy_j_kg", 4.68e6),
    )  # fmt: skip


def _charge(given: dict[str, Any]) -> tuple[float, float]:
    """Scaled distance and mass, of one kilogram where only the first is given."""
    mass = given.get("tnt_mass_kg", 1.0)
    if "scaled_distance_m_kg13" in given:
        return given["scaled_distance_m_kg13"], mass
    return float(scaled_distance(given["distance_m"], mass)), mass


def _parameters(blast: Blast, mass: float) -> Answer:
    """Every spelling of the parameters: in pascals or kilopascals, per cube root of the mass or not."""
    scale = mass ** (1 / 3)
    pressures = {
        "incident_overpressure": blast.incident_overpressure, "reflected_overpressure": blast.reflected_overpressure,
    }  # fmt: skip
    impulses = {"incident_impulse": blast.incident_impulse, "reflected_impulse": blast.reflected_impulse}
    times = {"arrival_time": blast.arrival_time, "positive_duration": blast.positive_duration}
    found: Answer = {}
    for name, value in pressures.items():
        found |= {f"{name}_pa": float(value), f"{name}_kpa": float(value) / 1000}
    for name, value in impulses.items():
        found |= {f"{name}_pa_s": float(value), f"{name}_pa_s_kg13": float(value) / scale}
        found |= {f"{name}_kpa_ms": float(value), f"{name}_kpa_ms_kg13": float(value) / scale}
    for name, value in times.items():
        found |= {f"{name}_s": float(value), f"{name}_s_kg13": float(value) / scale}
        found |= {f"{name}_ms": float(value) * 1000, f"{name}_ms_kg13": float(value) * 1000 / scale}
    return found | {
        "shock_velocity_m_s": float(blast.shock_velocity), "shock_velocity_m_ms": float(blast.shock_velocity) / 1000
    }  # fmt: skip
