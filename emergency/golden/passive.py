"""Golden ids of passive dispersion."""

from typing import Any

from emergency.golden.adapters import Answer, golden
from emergency.golden.air import plain
from emergency.golden.cases import Case
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.aloha import aloha_plume
from emergency.models.dispersion.curves import Curves, spread
from emergency.models.dispersion.gaussian_plume import Plume, gaussian_plume, with_spread
from emergency.models.dispersion.gaussian_puff import gaussian_puff
from emergency.models.dispersion.integrated_puff import integrated_puff
from emergency.models.dispersion.mixing_height import mixing_height
from emergency.models.dispersion.palazzi import Along, palazzi
from emergency.models.dispersion.plume_rise import drawn_down, plume_rise
from emergency.models.dispersion.wind import wind_at
from emergency.models.dispersion.zone import mass_of, zones

SETS = {
    "GasDispersion.jl Default": Curves.SPICER_HAVENS,
    "CCPS puff": Curves.SLADE_PUFF,
    "CCPS rural": Curves.BRIGGS_RURAL,
    "CCPS urban": Curves.BRIGGS_URBAN,
    "Briggs rural": Curves.BRIGGS_RURAL,
    "Briggs urban": Curves.BRIGGS_URBAN,
    "ISC3 rural": Curves.ISC3_RURAL,
}
METHODS = {"default": Along.RECEPTOR, "palazzi": Along.RECEPTOR, "intpuff": Along.ENDS, "tno": Along.YELLOW_BOOK}
PRESSURE = 101_325.0
FAR = 100_000.0


@golden("gaussian_plume")
def _plume(given: dict[str, Any], case: Case) -> Answer:
    if "sigma_y_m" in given:
        known = with_spread(
            across=given["sigma_y_m"], up=given["sigma_z_m"], crosswind=given.get("crosswind_distance_m", 0.0),
            height=given.get("height_m", 0.0), mass_rate=given["mass_rate_kg_s"], wind_speed=given["wind_speed_m_s"],
            release_height=given.get("release_height_m", 0.0),
        )  # fmt: skip
        return {"concentration_kg_m3": plain(known)}
    found = gaussian_plume(
        downwind=given["downwind_distance_m"], crosswind=given.get("crosswind_distance_m", 0.0),
        height=given.get("height_m", 0.0), mass_rate=given["mass_rate_kg_s"], wind_speed=given["wind_speed_m_s"],
        stability=Stability(given["stability"]), release_height=given.get("release_height_m", 0.0),
        curves=SETS[given.get("sigma_set", "GasDispersion.jl Default")],
    )  # fmt: skip
    return {"concentration_kg_m3": plain(found)}


@golden("gaussian_puff")
def _puff(given: dict[str, Any], case: Case) -> Answer:
    curves, stability = SETS[given.get("sigma_set", "CCPS puff")], Stability(given["stability"])
    found = gaussian_puff(
        downwind=given["downwind_distance_m"], crosswind=0.0, height=0.0, time=given["time_s"], mass=given["mass_kg"],
        wind_speed=given["wind_speed_m_s"], stability=stability, curves=curves,
    )  # fmt: skip
    size = spread(curves, given["wind_speed_m_s"] * given["time_s"], stability)
    return {
        "concentration_kg_m3": plain(found), "sigma_y_m": plain(size.across), "sigma_z_m": plain(size.up)
    }  # fmt: skip


@golden("integrated_puff")
def _integrated(given: dict[str, Any], case: Case) -> Answer:
    found = integrated_puff(
        downwind=given["downwind_distance_m"], crosswind=0.0, height=given.get("height_m", 0.0), time=given["time_s"],
        mass_rate=given["mass_rate_kg_s"], duration=given["duration_s"], wind_speed=given["wind_speed_m_s"],
        stability=Stability(given["stability"]), release_height=given.get("release_height_m", 0.0),
    )  # fmt: skip
    return {"concentration_kg_m3": plain(found)}


@golden("palazzi_puff")
def _palazzi(given: dict[str, Any], case: Case) -> Answer:
    found = palazzi(
        downwind=given["downwind_distance_m"], crosswind=0.0, height=given.get("height_m", 0.0), time=given["time_s"],
        mass_rate=given["mass_rate_kg_s"], duration=given["duration_s"], wind_speed=given["wind_speed_m_s"],
        stability=Stability(given["stability"]), release_height=given.get("release_height_m", 0.0),
        curves=Curves.SLADE_PUFF if given.get("method") == "intpuff" else Curves.SPICER_HAVENS,
        along_wind=METHODS[given.get("method", "default")],
    )  # fmt: skip
    return {"volume_fraction": min(plain(found) / given["gas_density_kg_m3"], 1.0)}


@golden("gaussian_plume_mixing_layer")
def _lid(given: dict[str, Any], case: Case) -> Answer:
    stability, measured = Stability(given["stability"]), given["wind_height_m"]
    release = given["release_height_m"]
    wind = float(wind_at(given["wind_speed_m_s"], measured, max(release, 1.0), stability))
    lid = None
    if not stability.stable:
        lid = mixing_height(float(wind_at(given["wind_speed_m_s"], measured, 10.0, stability)))
    diameter, velocity = given["stack_diameter_m"], given["exit_velocity_m_s"]
    rise = plume_rise(diameter, velocity, 298.0, 298.0, wind, stability) if given.get("plume_rise") else None
    if given.get("downwash"):
        release = drawn_down(release, diameter, velocity, wind)
    plume = Plume(
        mass_rate=given["mass_rate_kg_s"], wind_speed=wind, stability=stability, curves=Curves.SPICER_HAVENS,
        release_height=release, mixing_height=lid, rise=rise,
    )  # fmt: skip
    found = float(plume.centreline(given["downwind_distance_m"])) / given["gas_density_kg_m3"]
    return {"mixing_height_m": lid, "volume_fraction": found}


@golden("aloha_gaussian_threat_distance", "aloha_area_source_threat_distance", "aloha_gaussian_threat_halfwidth")
def _threat(given: dict[str, Any], case: Case) -> Answer:
    plume = aloha_plume(
        mass_rate=given["mass_rate_kg_s"], duration=given["duration_s"], wind_speed=given["wind_speed_10m_m_s"],
        stability=Stability(given["stability"]), roughness=given["roughness_length_m"],
        release_height=given.get("release_height_m", 0.0), pool_area=given.get("pool_area_m2"),
        mixing_height=given.get("inversion_height_m"),
    )  # fmt: skip
    kind = "max_half_width_m" if case.model.endswith("halfwidth") else "threat_distance_m"
    levels = list(case.expected[kind])
    asked = [mass_of(float(one) * 1e-6, given["molar_mass_kg_mol"], given["temperature_k"], PRESSURE) for one in levels]
    found = zones(plume, asked, limit=FAR)
    sizes = [zone.half_width if kind == "max_half_width_m" else zone.distance for zone in found]
    return {kind: dict(zip(levels, sizes, strict=True))}
