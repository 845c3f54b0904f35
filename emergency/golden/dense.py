"""Golden ids of dense gases."""

import math
from typing import Any

import numpy as np

from emergency.chemicals import substance
from emergency.golden.adapters import Answer, golden
from emergency.golden.cases import Case
from emergency.golden.sources import GROUNDS
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.britter_mcquaid import CONTINUOUS, INSTANTANEOUS, Release, betas
from emergency.models.dispersion.degadis import heavy_plume
from emergency.models.dispersion.dense_or_passive import AIR, choose, density
from emergency.models.dispersion.dense_plume import dense_plume
from emergency.models.dispersion.dense_puff import dense_puff
from emergency.models.dispersion.heavy_sequence import heavy_sequence
from emergency.models.dispersion.zone import Cloud, zones
from emergency.models.sources.evaporating_pool import evaporating_pool

FAR = 100_000.0
ATMOSPHERE = 101_325.0
OPEN = 0.03
"""Roughness of open country, where ALOHA is not told another."""


@golden("britter_mcquaid_correlation")
def _correlation(given: dict[str, Any], case: Case) -> Answer:
    release = Release(given["release"])
    curves = CONTINUOUS if release == Release.CONTINUOUS else INSTANTANEOUS
    found = betas(given["alpha"], release)
    return {"beta": [found[one] for one in given.get("concentrations", curves)]}


@golden("britter_mcquaid_plume")
def _plume(given: dict[str, Any], case: Case) -> Answer:
    air = given.get("air_density_kg_m3") or density(AIR, given["ambient_temperature_k"])
    plume = dense_plume(
        mass_rate=given["mass_rate_kg_s"], gas_density=given["gas_density_kg_m3"],
        release_temperature=given["release_temperature_k"], ambient_temperature=given["ambient_temperature_k"],
        wind_speed=given["wind_speed_m_s"], air_density=air,
    )  # fmt: skip
    asked = case.expected.get("volume_fraction_at_m", {})
    found: Answer = {
        "alpha": plume.alpha, "l_b_m": plume.buoyancy, "volume_flow_m3_s": plume.volume_flow,
        "beta_at_conc": {f"{ratio:g}": beta for ratio, beta in betas(plume.alpha, Release.CONTINUOUS).items()},
        "volume_fraction_at_m": {place: float(plume.centreline(float(place))) for place in asked},
        "distance_to_5pct_m": zones(plume, [0.05], limit=FAR)[0].distance,
    }  # fmt: skip
    return found


@golden("britter_mcquaid_puff")
def _puff(given: dict[str, Any], case: Case) -> Answer:
    ambient = given["ambient_temperature_k"]
    puff = dense_puff(
        cloud_volume=given["initial_cloud_volume_m3"], gas_density=given["cloud_density_kg_m3"],
        release_temperature=given.get("release_temperature_k", ambient) if given["temperature_correction"] else ambient,
        ambient_temperature=ambient, wind_speed=given["wind_speed_m_s"], air_density=density(AIR, ambient),
        initial_fraction=given["initial_concentration"],
    )  # fmt: skip
    asked = case.expected["volume_fraction"]
    return {
        "volume_fraction": [one | {"c": float(puff.at(one["x_m"], 0.0, one["t_s"]))} for one in asked]
    }  # fmt: skip


@golden("dense_gas_threat_distance")
def _threat(given: dict[str, Any], case: Case) -> Answer:
    if "spill_mass_kg" in given:
        return _reach(_boiled(given), given, case)
    air = {
        "molar_mass": given["molar_mass_kg_mol"],
        "release_temperature": given["temperature_k"],
        "ambient_temperature": given["temperature_k"],
        "wind_speed": given["wind_speed_10m_m_s"],
        "stability": Stability(given["stability"]),
        "roughness": given["roughness_length_m"],
        "mass_rate": given["mass_rate_kg_s"],
        "duration": given["duration_s"],
    }
    chosen = choose(**air, pool_area=given.get("pool_area_m2"))
    cloud = heavy_plume(**air, pool_diameter=_diameter(given.get("pool_area_m2"))) if chosen.dense else chosen.cloud
    return _reach(cloud, given, case)


def _boiled(given: dict[str, Any]) -> Cloud:
    """The cloud of a pool of liquefied gas spilt at its boiling point."""
    gas, air, stability = substance(given["material"]), given["temperature_k"], Stability(given["stability"])
    boiling, wind, diameter = (
        gas.saturation_temperature(ATMOSPHERE),
        given["wind_speed_10m_m_s"],
        _diameter(given["pool_area_m2"]),
    )
    pool = evaporating_pool(
        gas, mass=given["spill_mass_kg"], pool_diameter=diameter or 0.0, wind_speed=wind, temperature=boiling,
        ambient_temperature=air, stability=stability, ground=GROUNDS[given.get("ground", "default")],
        relative_humidity=given.get("relative_humidity", 0.5),
    )  # fmt: skip
    return heavy_sequence(
        np.asarray(pool.time), np.asarray(pool.released), molar_mass=gas.molar_mass, release_temperature=boiling,
        ambient_temperature=air, wind_speed=wind, stability=stability, roughness=given.get("roughness_length_m", OPEN),
        pool_diameter=diameter,
    )  # fmt: skip


def _reach(cloud: Cloud, given: dict[str, Any], case: Case) -> Answer:
    wanted = case.expected.get("threat_distance_m")
    levels = list(wanted) if isinstance(wanted, dict) else [given["level_ppm"]]
    found = zones(cloud, [float(one) * 1e-6 for one in levels], limit=FAR)
    width = found[0].half_width
    low, high = case.expected.get("peak_half_width_between_m", (0.0, 0.0))
    return {
        "threat_distance_m": dict(zip(levels, (one.distance for one in found), strict=True))
        if isinstance(wanted, dict)
        else found[0].distance,
        "peak_half_width_m": width,
        "peak_half_width_between_m": [low, high] if low <= width <= high else [width, width],
    }


def _diameter(area: float | None) -> float | None:
    return None if area is None else 2 * math.sqrt(area / math.pi)
