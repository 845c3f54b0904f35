"""Substances: found by CAS number, UN number or name, with properties and limits that say where they are from."""

from emergency.chemicals.cas import is_cas
from emergency.chemicals.flammability import Flammability, flammability
from emergency.chemicals.levels import Level, Status, guidance, levels
from emergency.chemicals.registry import search, substance, substances
from emergency.chemicals.substance import Constant, Curve, Kind, Substance

__all__ = [
    "Constant", "Curve", "Flammability", "Kind", "Level", "Status", "Substance", "flammability", "guidance", "is_cas",
    "levels", "search", "substance", "substances",
]  # fmt: skip
