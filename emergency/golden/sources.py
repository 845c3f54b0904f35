"""Golden ids of source terms."""

from typing import Any

import numpy as np

from emergency.chemicals import Substance, substance
from emergency.chemicals.equations import GAS_CONSTANT
from emergency.golden.adapters import Answer, golden
from emergency.golden.cases import Case
from emergency.golden.formulas import evaluated
from emergency.models.dispersion.air import Stability
from emergency.models.sources.compressibility import compressibility
from emergency.models.sources.entrained_jet import entrained_jet
from emergency.models.sources.evaporating_pool import evaporating_pool
from emergency.models.sources.flash import flash_fraction, isentropic_flash
from emergency.models.sources.flashing_hole import flashing_flux
from emergency.models.sources.gas_hole import gas_hole
from emergency.models.sources.ground import Ground
from emergency.models.sources.liquid_hole import GRAVITY, liquid_hole
from emergency.models.sources.pool_geometry import pool_of
from emergency.models.sources.tank_flashing import tank_flashing
from emergency.models.sources.tank_gas import tank_gas
from emergency.models.sources.vessel import Shape

ATMOSPHERE = 101_325.0
TRIALS = {"Desert Tortoise": {"temperature": 294.65, "ambient_temperature": 302.45, "ambient_pressure": 90_900.0}}
"""Stored liquid and air of the first Desert Tortoise trial, as in degali 0.1.0."""
GROUNDS = {
    "concrete": Ground.CONCRETE,
    "default": Ground.SOIL,
    "soil": Ground.SOIL,
    "sandy dry": Ground.DRY_SAND,
    "default soil": Ground.SOIL,
    "dry sandy soil": Ground.DRY_SAND,
    "moist sandy soil": Ground.MOIST_SAND,
    "sandy moist": Ground.MOIST_SAND,
    "sandy": Ground.DRY_SAND,
}


def _pressure(given: dict[str, Any]) -> float:
    absolute = given.get("upstream_pressure_pa_abs")
    return float(absolute if absolute is not None else given["upstream_pressure_pa_gauge"] + _ambient(given))


def _ambient(given: dict[str, Any]) -> float:
    return float(given.get("ambient_pressure_pa_abs", ATMOSPHERE))


def _compressibility(material: Substance, pressure: float, temperature: float) -> float:
    return float(
        compressibility(
            pressure=pressure, temperature=temperature,
            critical_temperature=material.constant("critical_temperature"),
            critical_pressure=material.constant("critical_pressure"),
            acentric_factor=material.constant("acentric_factor"),
        )
    )  # fmt: skip


@golden("liquid_orifice")
def _liquid(given: dict[str, Any], case: Case) -> Answer:
    density = given.get("liquid_density_kg_m3")
    if density is None:
        density = evaluated(given["liquid_density_formula"], given["temperature_k"])
    optional = {"discharge_coefficient": given["discharge_coefficient"]} if "discharge_coefficient" in given else {}
    jet = liquid_hole(
        hole_diameter=given["hole_diameter_m"], liquid_density=density, upstream_pressure=_pressure(given),
        liquid_head=given.get("liquid_head_m", 0.0), ambient_pressure=_ambient(given),
        gravity=given.get("g_m_s2", GRAVITY), **optional,
    )  # fmt: skip
    return {"mass_rate_kg_s": float(jet.mass_rate), "jet_velocity_m_s": float(jet.velocity)}


@golden("gas_orifice_choked")
def _gas(given: dict[str, Any], case: Case) -> Answer:
    pressure = _pressure(given)
    temperature: float = given["upstream_temperature_k" if "upstream_temperature_k" in given else "temperature_k"]
    material = substance(given["material"]) if "material" in given else None
    density = given.get("gas_density_upstream_kg_m3")
    if "heat_capacity_ratio" in given:
        ratio = float(given["heat_capacity_ratio"])
    else:
        ratio = float(substance(given["material"]).heat_capacity_ratio(temperature))
    if density is None:
        molar: float = (
            given["molar_mass_kg_mol"] if "molar_mass_kg_mol" in given else substance(given["material"]).molar_mass
        )
        z = _compressibility(material, pressure, temperature) if material else 1.0
        density = pressure * molar / (z * GAS_CONSTANT * temperature)
    coefficient = given.get("discharge_coefficient", 0.85)
    jet = gas_hole(
        hole_diameter=given["hole_diameter_m"], upstream_pressure=pressure, upstream_temperature=temperature,
        gas_density=density, heat_capacity_ratio=ratio, ambient_pressure=_ambient(given),
        discharge_coefficient=coefficient,
    )  # fmt: skip
    return {
        "mass_rate_kg_s": float(jet.mass_rate), "exit_pressure_pa_abs": float(jet.exit_pressure),
        "exit_temperature_k": float(jet.exit_temperature), "exit_velocity_m_s": float(jet.exit_velocity),
        "orifice_velocity_m_s": float(jet.throat_velocity), "final_temperature_k": float(jet.final_temperature),
        "final_velocity_m_s": float(jet.final_velocity), "discharge_coefficient": coefficient,
    }  # fmt: skip


@golden("two_phase_leak_flashing")
def _two_phase(given: dict[str, Any], case: Case) -> Answer:
    material, temperature, pressure = substance(given["material"]), given["temperature_k"], _pressure(given)
    density, coefficient = float(material.liquid_density(temperature)), 0.61
    saturated = float(material.vapour_pressure(temperature))
    flux = flashing_flux(
        upstream_pressure=pressure + density * GRAVITY * given.get("tank_head_m", 0.0), temperature=temperature,
        liquid_density=density, gas_density=float(material.gas_density(temperature, saturated)),
        latent_heat=float(material.latent_heat(temperature)),
        liquid_heat_capacity=float(material.liquid_heat_capacity(temperature)), discharge_coefficient=coefficient,
    )  # fmt: skip
    boiling = material.saturation_temperature(ATMOSPHERE)
    jet = isentropic_flash(
        temperature=temperature, boiling_temperature=boiling,
        liquid_heat_capacity=material.mean_liquid_heat_capacity(boiling, temperature),
        latent_heat=float(material.latent_heat(boiling)),
    )  # fmt: skip
    return {
        "mass_rate_kg_s": float(flux) * np.pi / 4 * given["hole_diameter_m"] ** 2,
        "orifice_velocity_m_s": float(flux) / (density * coefficient), "discharge_coefficient": coefficient,
        "liquid_fraction_after_expansion": 1 - float(jet.vapour_fraction), "final_temperature_k": jet.temperature,
        "final_velocity_m_s": float(jet.velocity),
    }  # fmt: skip


@golden("pool_evaporation")
def _pool(given: dict[str, Any], case: Case) -> Answer:
    release = evaporating_pool(
        substance(given["material"]), mass=given["spill_mass_kg"], pool_diameter=given["pool_diameter_m"],
        wind_speed=given["wind_speed_m_s"], temperature=given["air_temperature_k"],
        ambient_temperature=given["air_temperature_k"],
        stability=Stability(given.get("stability", "D")), ground=GROUNDS[given.get("ground", "default")],
        relative_humidity=given.get("relative_humidity", 0.5), cloud_cover=given.get("cloud_cover_fraction", 0.5),
        solar_elevation=0.0 if given.get("night", True) else 45.0,
    )  # fmt: skip
    return {
        "max_avg_sustained_rate_kg_s": release.sustained(), "total_released_kg": release.total,
        "release_duration_s": release.duration,
    }  # fmt: skip


@golden("two_phase_tank_release")
def _tank(given: dict[str, Any], case: Case) -> Answer:
    width: float = given["hole_width_m"]
    height: float = given["hole_height_m"]
    release = tank_flashing(
        substance(given["material"]), shape=Shape(given["tank_shape"]), vessel_diameter=given["tank_diameter_m"],
        vessel_length=given["tank_length_m"], fill_fraction=given["fill_fraction"],
        temperature=given["temperature_k"], hole_area=width * height,
        hole_height=given.get("hole_height_above_bottom_m", 0.0),
    )  # fmt: skip
    return {
        "max_avg_sustained_rate_kg_s": release.sustained(), "total_released_kg": release.total,
        "release_duration_s": release.duration, "regime": str(release.regime),
    }  # fmt: skip


@golden("gas_tank_blowdown")
def _blowdown(given: dict[str, Any], case: Case) -> Answer:
    material, pressure, temperature = substance(given["material"]), given["pressure_pa_abs"], given["temperature_k"]
    shape = Shape(given["tank_shape"])
    release = tank_gas(
        shape, vessel_diameter=given["tank_diameter_m"], vessel_length=given.get("tank_length_m", 1.0),
        upstream_pressure=pressure, temperature=temperature, molar_mass=material.molar_mass,
        heat_capacity_ratio=float(material.heat_capacity_ratio(temperature)),
        hole_diameter=given["hole_diameter_m"], compressibility=_compressibility(material, pressure, temperature),
        time_limit=given.get("duration_limit_s", 3600),
    )  # fmt: skip
    return {
        "tank_mass_kg": release.total + release.left, "first_minute_rate_kg_s": release.sustained(60.0),
        "max_avg_rate_kg_s": release.sustained(60.0), "released_mass_kg": release.total,
        "duration_s": release.duration,
    }  # fmt: skip


@golden("flash_fraction")
def _flash(given: dict[str, Any], case: Case) -> Answer:
    temperature, molar = given["temperature_k"], 58.0  # kg/kmol, the same below and above the line
    share = flash_fraction(
        temperature=temperature, boiling_temperature=given["boiling_temperature_k"],
        liquid_heat_capacity=_number(given["cp_j_kmol_k"], temperature) / molar,
        latent_heat=_number(given["latent_heat_j_kmol"], temperature) / molar,
    )  # fmt: skip
    return {"vapour_mass_fraction": float(share)}


def _number(said: float | str, temperature: float) -> float:
    return evaluated(said, temperature) if isinstance(said, str) else float(said)


@golden("pool_geometry")
def _geometry(given: dict[str, Any], case: Case) -> Answer:
    pool = pool_of(spill_volume=given["spill_volume_m3"], pool_thickness=given["pool_thickness_m"])
    return {"area_m2": float(pool.area), "equivalent_diameter_m": float(pool.diameter)}


@golden("flashing_jet_equivalent_source")
def _entrained(given: dict[str, Any], case: Case) -> Answer:
    conditions = next(one for name, one in TRIALS.items() if given["series"].startswith(name))
    jet = entrained_jet(substance(given["material"]), **conditions)
    return {"plume_temperature_k": jet.temperature, "mole_percent": 100 * jet.mole_fraction}
