"""Golden ids of the air: dispersion curves, wind, stability, plume rise."""

import math
from typing import Any

import numpy as np

from emergency.golden.adapters import Answer, golden
from emergency.golden.cases import Case
from emergency.models.dispersion.air import Stability, Terrain
from emergency.models.dispersion.briggs import ACROSS_RURAL, UP_RURAL, UP_URBAN, briggs
from emergency.models.dispersion.golder import bounds, golder_class
from emergency.models.dispersion.isc3 import isc3
from emergency.models.dispersion.obukhov import obukhov_length
from emergency.models.dispersion.plume_rise import plume_rise
from emergency.models.dispersion.slade import slade
from emergency.models.dispersion.spread import Spread
from emergency.models.dispersion.srdt import Period, srdt_class
from emergency.models.dispersion.wind import TABLES, wind_at


def plain(value: Any) -> Any:
    """Numbers and lists of them, as JSON would have them."""
    return np.asarray(value).tolist()


@golden("briggs_coefficients")
def _coefficients(given: dict[str, Any], case: Case) -> Answer:
    rural = "sy" in given["form"]
    up = UP_RURAL if rural else UP_URBAN
    found = {str(one): {"sz1": c.first, "sz2": c.second, "sz3": c.power} for one, c in up.items()}
    if rural:
        for one, curve in ACROSS_RURAL.items():
            found[str(one)] |= {"sy1": curve.first, "sy2": curve.second}
    return found


@golden("sigma_briggs_rural", "sigma_briggs_urban", "sigma_puff_ccps")
def _sigmas(given: dict[str, Any], case: Case) -> Answer:
    downwind, stability = np.asarray(given["downwind_distance_m"], dtype=float), Stability(given["stability"])
    match case.model:
        case "sigma_briggs_rural":
            found = briggs(downwind, stability)
        case "sigma_briggs_urban":
            found = briggs(downwind, stability, Terrain.URBAN)
        case _:
            found = slade(downwind, stability)
    return _spelt(found)


@golden("sigma_isc3_rural")
def _isc3(given: dict[str, Any], case: Case) -> Answer:
    stability = Stability(given["stability"])
    across = isc3(np.asarray(given.get("sigma_y_at_m", 0.0), dtype=float), stability).across
    up = isc3(np.asarray(given.get("sigma_z_at_m", 0.0), dtype=float), stability).up
    return {"sigma_y_m": plain(across), "sigma_z_m": plain(up)}


def _spelt(found: Spread) -> Answer:
    along = {} if found.along is None else {"sigma_x_m": plain(found.along)}
    return along | {"sigma_y_m": plain(found.across), "sigma_z_m": plain(found.up)}


@golden("wind_power_law")
def _wind(given: dict[str, Any], case: Case) -> Answer:
    wanted = tuple(given["exponents"][one] for one in Stability)
    table = next(name for name, exponents in TABLES.items() if exponents == wanted)
    return {
        str(one): plain(
            wind_at(given["reference_speed_m_s"], given["reference_height_m"], given["height_m"], one, table)
        )
        for one in Stability
    }


@golden("obukhov_length")
def _obukhov(given: dict[str, Any], case: Case) -> Answer:
    return {str(one): obukhov_length(one, given["roughness_length_m"]) for one in Stability}


@golden("stability_golder")
def _golder(given: dict[str, Any], case: Case) -> Answer:
    limits = bounds(given["roughness_m"])
    found: Answer = {f"abs_L_{n[0]}_{n[1]}_m": limits[n] for n in ("AB", "BC", "CD")}
    found |= {f"L_{n[0]}_{n[1]}_m": limits[n] for n in ("DE", "EF")}
    length = given.get("monin_obukhov_length_m")
    if length is not None:
        finite = 1e12 if length == "inf" or math.isinf(length) else length
        found["stability_class"] = str(golder_class(finite, given["roughness_m"]))
    return found


@golden("stability_srdt")
def _srdt(given: dict[str, Any], case: Case) -> Answer:
    found = srdt_class(
        given["wind_speed_10m_m_s"], Period(given["period"]), given.get("solar_w_m2"), given.get("delta_t_k")
    )
    return {"stability_class": str(found.stability)}


@golden("plume_rise_briggs")
def _rise(given: dict[str, Any], case: Case) -> Answer:
    found = plume_rise(
        stack_diameter=given["stack_diameter_m"], exit_velocity=given["exit_velocity_m_s"],
        exit_temperature=given["exit_temperature_k"], ambient_temperature=given["ambient_temperature_k"],
        wind_speed=given["wind_speed_m_s"], stability=Stability(given["stability"]),
        temperature_gradient=given.get("dtheta_dz_k_m"),
    )  # fmt: skip
    return {
        "buoyancy_flux_m4_s3": found.buoyancy_flux,
        "final_rise_m": found.final,
        "final_rise_distance_m": found.reached_at,
    }
