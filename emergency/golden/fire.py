"""Golden ids of fires."""

from math import pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emergency.fuels import large_pool, pool_fuels
from emergency.golden.adapters import Answer, golden
from emergency.golden.cases import Case
from emergency.models.dispersion.momentum_jet import momentum_jet
from emergency.models.fire.air import Transmission
from emergency.models.fire.burning_rate import burgess, burning_rate
from emergency.models.fire.cylinder import tilted_cylinder, vertical_cylinder
from emergency.models.fire.fireball import fireball_aloha
from emergency.models.fire.flame import (
    Power,
    Tilt,
    characteristic_wind,
    energy_power,
    flame_length,
    mudan_power,
)  # fmt: skip
from emergency.models.fire.jet_fire import jet_fire
from emergency.models.fire.jet_flame import Phase
from emergency.models.fire.pool_fire import pool_fire
from emergency.models.fire.view import View
from emergency.models.harm.thermal import ThermalSet, thermal_probit
from emergency.reach import reach

SMOKY = ("gasoline", "kerosene", "jp-4", "jp-5", "benzene", "xylene", "diesel", "crude", "crude oil")
"""Fuels whose smoke hides the flame; the rest burn clean."""

ALOHA_RADIATED = 0.3
"""ALOHA's share of the energy that is radiated, for fuels without one of their own."""

RATIOS = {"natural gas": 1.31, "methane": 1.31, "propane": 1.13, "hydrogen": 1.41}
"""Heat capacity ratios the quoted programs take for these fuels."""

MOLAR_MASSES = {"natural gas": 0.01604, "methane": 0.01604, "propane": 0.0441, "butane": 0.05812}

PROPANE_HEAT = 46.35e6
"""Of the ALOHA cases, J/kg."""

PHAST_RATES = {"560861": 0.384974, "607805": 0.558843}
"""kg/s, of the source-term and jet-fire cases of the same reports."""

PHAST_SPEED = 229.6
"""m/s after expansion, of the source-term case of report 560861."""

LIQUIDS = {"toluene": (33_180 / 0.09214, 1700.0, 383.75)}
"""Latent heat, heat capacity and boiling point, as in the tests of HAZEL against ALOHA."""


@golden("view_factor_vertical_cylinder")
def _vertical(given: dict[str, Any], case: Case) -> Answer:
    return _views(vertical_cylinder(given["distance_over_radius"], given["height_over_radius"]))


@golden("view_factor_tilted_cylinder")
def _tilted(given: dict[str, Any], case: Case) -> Answer:
    return _views(tilted_cylinder(given["distance_over_radius"], given["length_over_radius"], given["tilt_deg"]))


@golden("pool_burning_rate")
def _burning_rate(given: dict[str, Any], case: Case) -> Answer:
    row = large_pool(given["fuel"])
    return {"m_inf_kg_m2_s": row.burning_flux, "k_beta_1_m": row.extinction}


@golden("pool_fire_solid_flame")
def _solid_flame(given: dict[str, Any], case: Case) -> Answer:
    still = given.get("flame_length") == "Thomas still air"
    wind = 0.0 if still else given.get("wind_speed_10m_m_s", given.get("wind_speed_m_s", 0.0))
    diameter, flux = given["pool_diameter_m"], given["burning_flux_kg_m2_s"]
    density = given.get("air_density_kg_m3", 1.2)
    away = given["distance_from_centre_m"]
    along, across = {"crosswind": (0.0, away), "upwind": (-away, 0.0)}.get(given.get("direction", ""), (away, 0.0))
    fire = pool_fire(
        along, across, diameter, flux, given["heat_of_combustion_j_kg"], wind,
        radiative_fraction=given.get("radiative_fraction", 0.4), soot_fraction=given.get("soot_fraction", 0.8),
        soot_power=given.get("soot_sep_w_m2", 20e3), air_density=density,
        air_viscosity=given.get("air_kinematic_viscosity_m2_s", 1.5e-5), transmitted=given.get("transmissivity"),
        power=Power.ENERGY if "radiative_fraction" in given else Power.MUDAN,
    )  # fmt: skip
    begins = characteristic_wind(diameter, flux, density)
    most = energy_power(
        diameter, fire.flame.length, flux, given["heat_of_combustion_j_kg"], given.get("radiative_fraction", 0.4)
    )
    heat = float(fire.heat_flux)
    deaths = thermal_probit(heat, 60.0, ThermalSet.EISENBERG)
    return _views(fire.view) | {
        "characteristic_wind_m_s": begins, "scaled_wind": max(wind / begins, 1.0), "heat_flux_w_m2": heat,
        "flame_length_m": fire.flame.length, "length_to_diameter": fire.flame.length / diameter,
        "tilt_deg": fire.flame.tilt, "sep_max_w_m2": most, "sep_actual_w_m2": fire.flame.emissive_power,
        "probability_of_death_eisenberg_60s": float(deaths.probability),
    }  # fmt: skip


@golden("pool_fire_observed")
def _observed(given: dict[str, Any], case: Case) -> Answer:
    """What is not given is the fuel's own burning rate, ALOHA's radiated share and still air."""
    diameter = given["pool_diameter_m"] if "pool_diameter_m" in given else given["diameter_m"]
    smoky = given["fuel"].lower() in SMOKY
    found: Answer = {"surface_emissive_power_w_m2": mudan_power(diameter)} if smoky else {}
    flux = given.get("burning_flux_kg_m2_s", given.get("mass_flux_kg_m2_s"))
    if flux is None:
        if smoky and given["fuel"].lower() not in {row.fuel.lower() for row in pool_fuels()}:
            return found
        row = large_pool(given["fuel"])
        assert row.burning_flux is not None
        flux = float(burning_rate(diameter, row.burning_flux, row.extinction))
        found["mass_flux_kg_m2_s"] = flux
    length = flame_length(diameter, flux, given.get("wind_speed_m_s", 0.0))
    if not smoky:
        found["surface_emissive_power_w_m2"] = energy_power(
            diameter, length, flux, given.get("heat_of_combustion_j_kg", 50e6),
            given.get("radiative_fraction", ALOHA_RADIATED),
        )  # fmt: skip
    return found | {"flame_length_m": length}


@golden("pool_fire_threat_distance")
def _pool_fire_distance(given: dict[str, Any], case: Case) -> Answer:
    """As ALOHA: Burgess, AGA's tilt, three tenths radiated, nothing hidden by smoke, Cook's air."""
    latent, capacity, boiling = LIQUIDS[given["fuel"]]
    heat = given["heat_of_combustion_j_kg"]
    temperature = given.get("temperature_k", 288.15)
    flux = burgess(heat, latent, capacity, boiling, temperature)
    diameter = sqrt(4 * given["pool_area_m2"] / pi)
    wind = given["wind_speed_10m_m_s"]
    density = _air_density(temperature)

    def heat_at(away: NDArray[np.float64]) -> NDArray[np.float64]:
        fire = pool_fire(
            away, 0.0, diameter, flux, heat, wind, radiative_fraction=ALOHA_RADIATED, air_density=density,
            relative_humidity=given.get("relative_humidity", 0.5), ambient_temperature=temperature,
            leaning=Tilt.AGA, transmission=Transmission.COOK,
        )  # fmt: skip
        return np.asarray(fire.heat_flux)

    levels = case.expected["distance_m_by_w_m2"]
    return {
        "distance_m_by_w_m2": {
            level: reach(heat_at, float(level), near=diameter / 2, far=1e4, steps=120) for level in levels
        },
        "flame_length_m": flame_length(diameter, flux, wind, density),
    }


@golden("bleve_fireball")
def _fireball(given: dict[str, Any], case: Case) -> Answer:
    mass, heat = given["fireball_mass_kg"], given["heat_of_combustion_j_kg"]
    humidity, temperature = given.get("relative_humidity", 0.5), given.get("temperature_k", 288.15)

    def heat_at(away: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(fireball_aloha(away, mass, heat, humidity, temperature).heat_flux)

    ball = fireball_aloha(1.0, mass, heat, humidity, temperature)
    levels = case.expected.get("distance_m_by_w_m2", {})
    return {
        "fireball_diameter_m": ball.diameter, "duration_s": ball.duration,
        "distance_m_by_w_m2": {level: reach(heat_at, float(level), near=1.0, far=1e5) for level in levels},
    }  # fmt: skip


@golden("jet_fire_observed")
def _jet_fire_observed(given: dict[str, Any], case: Case) -> Answer:
    """Places are in the frame of the release; the model's is that of the wind."""
    turn = np.radians(given.get("wind_to_release_angle_deg", 0.0))
    meters = case.expected.get("radiometers", [])
    x, y = (np.array([one[key] for one in meters] or [0.0]) for key in ("x_m", "y_m"))
    rise = np.array([one["z_m"] for one in meters] or [0.0])
    above = max(-float(rise.min()), 0.0) + 1.0
    fire = jet_fire(
        x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn), given["mass_rate_kg_s"],
        given["orifice_diameter_m"], given.get("stagnation_temperature_k", 288.15), given["molar_mass_kg_mol"],
        RATIOS[given["fuel"]], given["heat_of_combustion_j_kg"], wind=given.get("wind_speed_m_s", 0.0),
        elevation=0.0, bearing=float(np.degrees(turn)), height=rise + above, release_height=above,
        relative_humidity=given.get("relative_humidity", 0.7),
        ambient_temperature=given.get("ambient_temperature_k", 288.15),
    )  # fmt: skip
    fluxes = np.asarray(fire.heat_flux)
    return {
        "flame_length_m": fire.flame.length,
        "radiometers": [
            {key: one[key] for key in ("x_m", "y_m", "z_m")} | {"max_oriented_flux_w_m2": float(flux)}
            for one, flux in zip(meters, fluxes, strict=False)
        ],
    }


@golden("jet_fire_threat_distance")
def _jet_fire_distance(given: dict[str, Any], case: Case) -> Answer:
    """Upright as ALOHA has it unless a direction is given; weathers as Phast names them."""
    horizontal = given.get("direction") == "horizontal"

    def distances(levels: dict[str, float], wind: float) -> dict[str, float]:
        def heat_at(away: NDArray[np.float64]) -> NDArray[np.float64]:
            fire = jet_fire(
                away, 0.0, given["mass_rate_kg_s"],
                given["orifice_diameter_m"] if "orifice_diameter_m" in given else given["hole_diameter_m"],
                given.get("temperature_k", given.get("ambient_temperature_k", 288.15)), MOLAR_MASSES[given["fuel"]],
                RATIOS[given["fuel"]], given.get("heat_of_combustion_j_kg", PROPANE_HEAT), wind=wind,
                elevation=0.0 if horizontal else 90.0, height=0.0, release_height=given.get("release_height_m", 0.0),
                relative_humidity=given.get("relative_humidity", 0.5),
                ambient_temperature=given.get("ambient_temperature_k", given.get("temperature_k", 288.15)),
                transmission=Transmission.BAGSTER if horizontal else Transmission.COOK,
                phase=Phase.TWO_PHASE if given.get("two_phase") else Phase.GAS,
            )  # fmt: skip
            return np.asarray(fire.heat_flux)

        return {level: reach(heat_at, float(level), near=0.5, far=5000.0, steps=160) for level in levels}

    by_weather = case.expected.get("distance_m_by_weather_and_w_m2", {})
    return {
        "distance_m_by_w_m2": distances(
            case.expected.get("distance_m_by_w_m2", {}), given.get("wind_speed_10m_m_s", 5.0)
        ),
        "distance_m_by_weather_and_w_m2": {
            weather: distances(levels, float(weather.rstrip("ABCDEF"))) for weather, levels in by_weather.items()
        },
    }


@golden("flash_fire_envelope")
def _flash_fire(given: dict[str, Any], case: Case) -> Answer:
    """The cases print no release: rate and speed stand in other cases of the same reports, the speed in one of them."""
    rate = next((rate for report, rate in PHAST_RATES.items() if report in case.id), PHAST_RATES["560861"])
    jet = momentum_jet(rate, PHAST_SPEED, MOLAR_MASSES[given["fuel"]])
    by_weather = case.expected["distance_m_by_weather"]
    return {
        "distance_m_by_weather": {
            weather: {
                name: reach(jet.centreline, float(name.split()[-1].removesuffix("ppm")) / 1e6, near=0.01, far=1e4)
                for name in levels
            }
            for weather, levels in by_weather.items()
        }
    }


def _air_density(temperature: float) -> float:
    """Of air as an ideal gas of 28.96 g/mol at one atmosphere."""
    return 101_325.0 * 0.02896 / (8.314462618 * temperature)


def _views(view: View) -> Answer:
    return {
        "view_factor_vertical": float(view.vertical), "view_factor_horizontal": float(view.horizontal),
        "view_factor_max": float(view.maximum),
    }  # fmt: skip
