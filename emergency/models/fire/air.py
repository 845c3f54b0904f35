"""What the air between a flame and a target lets through, by the water in it."""

from enum import StrEnum

import numpy as np

from core.texts import Text
from core.units import Fraction, Fractions, Kelvin, Metres, Pascal, Pascals
from emergency.formula import Meanings, formula, means
from emergency.model import model

SHORTEST_PATH = 1e-3
"""Nearer than this the logarithm of the path says nothing, m."""


class Transmission(StrEnum):
    """Which relation of water vapour and path."""

    BAGSTER = "bagster"
    COOK = "cook"


THROUGH = (
    "pw = 99.89·H·exp(21.66 − 5431.3/Ta)",
    "τ = 2.02·min(max(pw·max(s, 0.001), 10⁴), 10⁵)^(−0.09)",
    "τc = min(max(1.389 − 0.135·log₁₀(pw·max(s, 0.001)), 0), 1)",
)
"""What the air lets through by both relations, as formulas print it; `s` is their own path."""

WATER: Meanings = {
    "pw": means("水汽分压", "partial pressure of water vapour", "Pa"),
    "H": "relative_humidity",
    "Ta": "ambient_temperature",
}
TRANSMITTED: Meanings = {
    "τ": means("透射率(Bagster)", "transmissivity by Bagster", "1"),
    "τc": means("透射率(Cook)", "transmissivity by Cook", "1"),
}


@model(
    id="transmissivity-bagster",
    title=Text("大气透射率(Bagster)", "Transmissivity of the air, Bagster"),
    source="TNO Yellow Book (2005) eq. 6.29: 2.02 (pw x)^-0.09 for pw x of 1e4 to 1e5 N/m",
    how=Text(
        "按水汽分压与路径之积求透射率;乘积在 1e4–1e5 之外时取端点值。",
        "By the product of vapour pressure and path; outside 1e4 to 1e5 the value at the end is kept.",
    ),
    formula=formula(
        "τ = 2.02·min(max(X, 10⁴), 10⁵)^(−0.09)",
        where={"τ": means("透射率", "transmissivity", "1"), "X": "vapour_path"},
    ),
    valid={"vapour_path": (1e4, 1e5)},
    neglects=(Text("二氧化碳、雾、雨和烟", "carbon dioxide, fog, rain and smoke"),),
)
def bagster(vapour_path: Pascals) -> Fractions:
    """Share of the radiation that arrives; 0.88 at 1e4 and 0.72 at 1e5 N/m."""
    return np.asarray(2.02 * np.clip(np.asarray(vapour_path, dtype=float), 1e4, 1e5) ** -0.09)


@model(
    id="transmissivity-cook",
    title=Text("大气透射率(Cook)", "Transmissivity of the air, Cook"),
    source=(
        "Cook, Bahrami and Whitehouse (1990) as in ALOHA technical documentation 6.3.3, quoted in HAZEL "
        "js/engine/engineBleve.js: 1.389 - 0.135 log10(pw x)"
    ),
    how=Text(
        "按水汽分压与路径之积的对数求透射率,限于 0 到 1。",
        "By the logarithm of vapour pressure times path, kept between 0 and 1.",
    ),
    formula=formula(
        "τ = min(max(1.389 − 0.135·log₁₀(X), 0), 1)",
        where={"τ": means("透射率", "transmissivity", "1"), "X": "vapour_path"},
    ),
    neglects=(Text("二氧化碳、雾、雨和烟", "carbon dioxide, fog, rain and smoke"),),
)
def cook(vapour_path: Pascals) -> Fractions:
    """Share of the radiation that arrives."""
    path = np.maximum(np.asarray(vapour_path, dtype=float), SHORTEST_PATH)
    return np.asarray(np.clip(1.389 - 0.135 * np.log10(path), 0.0, 1.0))


def vapour_pressure(relative_humidity: Fraction, ambient_temperature: Kelvin) -> Pascal:
    """Partial pressure of water after Thibodeaux (1979), as in ALOHA technical documentation 6.3.3."""
    return float(99.89 * relative_humidity * np.exp(21.66 - 5431.3 / ambient_temperature))


def transmissivity(
    path: Metres, relative_humidity: Fraction, ambient_temperature: Kelvin, relation: Transmission
) -> Fractions:
    """Share of the radiation that arrives over a path of air."""
    water = vapour_pressure(relative_humidity, ambient_temperature)
    vapour_path = water * np.maximum(np.asarray(path, dtype=float), SHORTEST_PATH)
    return bagster.method(vapour_path) if relation is Transmission.BAGSTER else cook.method(vapour_path)
