"""Golden ids that name SLAB: its own decks, and liquid hydrogen let go in the open."""

from math import pi
from typing import Any

import numpy as np

from emergency.chemicals import substance
from emergency.golden.adapters import Answer, golden
from emergency.golden.cases import Case
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.slab import FARTHEST, SlabSource, slab
from emergency.models.dispersion.slab_cloud import SlabCloud
from emergency.models.dispersion.slab_source import LNG, SlabSubstance, expanded_area, flashed, slab_substance
from emergency.models.dispersion.zone import zones

DECKS = {1: SlabSource.POOL, 2: SlabSource.JET, 3: SlabSource.STACK, 4: SlabSource.AT_ONCE}
PARTS = 7
"""Column of the cloud's mean part of volume (cv) in the reference outputs; the first is the distance."""

PROPERTIES = {
    "molar_mass_kg_mol": "molar_mass",
    "cp_vapour_j_kg_k": "vapour_heat_capacity",
    "boiling_temperature_k": "boiling_temperature",
    "latent_heat_j_kg": "latent_heat",
    "cp_liquid_j_kg_k": "liquid_heat_capacity",
    "liquid_density_kg_m3": "liquid_density",
}
SPILLS = {2: (297.0, 0.49, 40.0), 4: (288.0, 0.43, 33.0), 5: (285.0, 0.43, 24.0), 6: (288.0, 0.29, 35.0)}
"""White Sands: air K, humidity, seconds of the spill (Witcofski and Chirivella 1984 table 1, as quoted in degali)."""

DESERT, FIELD = 0.003, 0.03
"""Roughness, which neither report gives; nor does either give a class: neutral air is taken."""

DIGITS = 6
"""Of a percentage; less is nothing."""


@golden("slab")
def _slab(given: dict[str, Any], case: Case) -> Answer:
    cloud = _deck(given)
    found: Answer = {}
    if "distance_to_5pct_m" in case.expected:
        found["distance_to_5pct_m"] = zones(cloud, [0.05], limit=cloud.farthest)[0].distance
    if table := case.expected.get("csv"):
        found["csv"] = _told(cloud, case, table)
        found["columns"] = case.expected.get("columns")
    return found


@golden("lh2_spill_dispersion")
def _hydrogen(given: dict[str, Any], case: Case) -> Answer:
    cloud = _spill(given) if "release_rate_kg_s" in given else _spadeadam()
    part = cloud.concentration(float(given["distance_m"]), 0.0, float(given["height_m"]))
    return {"vol_pct": round(100 * float(part), DIGITS)}


def _deck(given: dict[str, Any]) -> SlabCloud:
    source = DECKS[given["idspl"]] if "idspl" in given else SlabSource.POOL
    gas = _substance(given).inputs
    lasts = given.get("duration_s")
    whole = {"mass": given["mass_rate_kg_s"] * (lasts or 1.0)}
    steady = {"mass_rate": given["mass_rate_kg_s"], "duration": lasts}
    return slab(
        source=source,
        source_area=given.get("pool_area_m2") or given["source_area_m2"],
        wind_speed=given["wind_speed_m_s"],
        ambient_temperature=given["ambient_temperature_k"],
        roughness=given["roughness_length_m"],
        stability=Stability(given["stability"]) if "stability" in given else None,
        inverse_obukhov=given.get("inverse_obukhov_1_m"),
        wind_height=given.get("wind_height_m", 10.0),
        relative_humidity=given.get("relative_humidity_pct", 50.0) / 100,
        release_temperature=given.get("release_temperature_k") or given.get("source_temperature_k"),
        liquid_fraction=given.get("liquid_fraction", 0.0),
        release_height=given.get("source_height_m", 0.0),
        averaging_time=given.get("averaging_time_s", 10.0),
        height=given.get("receptor_height_m", 0.0),
        farthest=given.get("max_distance_m", FARTHEST),
        **gas | (whole if source is SlabSource.AT_ONCE else steady),
    )


def _substance(given: dict[str, Any]) -> SlabSubstance:
    """As the deck gives it; what it does not give is the manual's of LNG or the substance's own."""
    told = {ours: given[theirs] for theirs, ours in PROPERTIES.items() if theirs in given}
    if len(told) == len(PROPERTIES):
        return SlabSubstance(**told)
    known = LNG if given.get("material", "LNG") == "LNG" else slab_substance(substance(given["material"]))
    return SlabSubstance(**known.inputs | told)


def _told(cloud: SlabCloud, case: Case, table: str) -> str:
    """The table's own name where the cloud is as the table has it, by the median; else how far it is off."""
    file = case.folder / table
    if not file.exists():
        return f"{table} is not in the folder"
    rows = np.loadtxt(file, ndmin=2)
    place, part = rows[:, 0], rows[:, PARTS]
    there = (place > cloud.start) & (place <= cloud.farthest) & (part > 0)
    ours = np.exp(np.interp(place[there], cloud.distance, np.log(np.maximum(cloud.part, 1e-30))))
    off = float(np.median(np.abs(ours / part[there] - 1)))
    return table if off <= case.tolerance.relative else f"{off:.1%} off in the median"


def _spill(given: dict[str, Any]) -> SlabCloud:
    air, humidity, lasts = SPILLS[given["trial"]]
    return slab(
        source=SlabSource.POOL,
        source_area=pi / 4 * given.get("pond_diameter_m", 9.1) ** 2,
        mass_rate=given["release_rate_kg_s"],
        duration=lasts,
        wind_speed=float(np.mean(given["wind_speed_m_s"])),
        ambient_temperature=air,
        relative_humidity=humidity,
        roughness=DESERT,
        stability=Stability.D,
        averaging_time=1.0,
        farthest=2000.0,
        **slab_substance(substance("hydrogen")).inputs,
    )


def _spadeadam() -> SlabCloud:
    """Test 6: 0.833 kg/s level from 25.4 mm at 0.5 m, 3.53 bar, winds of 2.3 to 2.7 m/s (degali, from FFI 20/03101)."""
    hydrogen = substance("hydrogen")
    gas, stored = slab_substance(hydrogen), hydrogen.saturation_temperature(353_000.0)
    liquid = flashed(hydrogen, stored)
    hole = pi / 4 * 0.0254**2
    return slab(
        source=SlabSource.JET,
        source_area=expanded_area(hole, float(hydrogen.liquid_density(stored)), gas.density(liquid, 101_325.0)),
        liquid_fraction=liquid,
        mass_rate=0.833,
        duration=120.0,
        release_height=0.5,
        wind_speed=2.5,
        ambient_temperature=277.15,
        relative_humidity=0.9,
        roughness=FIELD,
        stability=Stability.D,
        averaging_time=1.0,
        farthest=2000.0,
        **gas.inputs,
    )
