"""How it burns: pools, jets, fireballs, clouds."""

from emergency.models.fire import (
    air,
    burning_rate,
    cylinder,
    fireball,
    flame,
    flammable_cloud,
    flammable_puff,
    flash_fire,
    jet_fire,
    jet_flame,
    pool_fire,
)

__all__ = [
    "air",
    "burning_rate",
    "cylinder",
    "fireball",
    "flame",
    "flammable_cloud",
    "flammable_puff",
    "flash_fire",
    "jet_fire",
    "jet_flame",
    "pool_fire",
]
