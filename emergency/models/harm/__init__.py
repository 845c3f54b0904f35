"""What it does to people and buildings: doses, probits, risk."""

from emergency.models.harm import (
    cloud,
    death_fraction,
    event_tree,
    individual_risk,
    infiltration,
    overpressure,
    probit,
    societal_risk,
    thermal,
    tolerability,
    toxic,
)

__all__ = [
    "cloud",
    "death_fraction",
    "event_tree",
    "individual_risk",
    "infiltration",
    "overpressure",
    "probit",
    "societal_risk",
    "thermal",
    "tolerability",
    "toxic",
]
