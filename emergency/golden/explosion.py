"""Golden ids of explosions."""

from typing import Any

from emergency.golden.adapters import Answer, golden
from emergency.golden.cases import Case
from emergency.models.explosion.tnt import tnt_equivalent


@golden("tnt_equivalence")
def _tnt(given: dict[str, Any], case: Case) -> Answer:
    mass = tnt_equivalent(
        mass=given["fuel_mass_kg"], heat_of_combustion=given["heat_of_combustion_j_kg"],
        blast_yield=given["yield_fraction"], tnt_energy=given["tnt_energy_j_kg"],
    )  # fmt: skip
    return {"tnt_mass_kg": mass}
