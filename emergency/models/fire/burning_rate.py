"""How fast a pool burns: from a table by its diameter, or from what the fuel needs to evaporate."""

import numpy as np

from core.texts import Text
from core.units import (
    JoulePerKilogram,
    JoulePerKilogramKelvin,
    Kelvin,
    KilogramPerSquareMetreSecond,
    KilogramsPerSquareMetreSecond,
    Metres,
    PerMetre,
)  # fmt: skip
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model


@model(
    id="burning-rate-babrauskas",
    title=Text("池火燃烧速率(Babrauskas)", "Burning rate of a pool, Babrauskas"),
    source="TNO Yellow Book (2005) eq. 6.66, coefficients of its Table 6.5 (Babrauskas 1983)",
    how=Text(
        "燃烧通量=m∞·(1-exp(-kβ·D));没有 kβ 的燃料(醇类)不随直径变化。",
        "The flux is m∞ (1 - exp(-kβ D)); fuels without kβ (the alcohols) burn alike at any size.",
    ),
    formula=formula(
        "m = m∞·(1 − exp(−kβ·D))",
        "m = m∞, kβ = ∞",
        where={
            "m": means("燃烧通量", "burning flux", "kg/(m2.s)"),
            "m∞": "large_pool_flux",
            "kβ": "extinction",
            "D": "pool_diameter",
        },
    ),
    valid={"pool_diameter": (0.2, 100.0)},
    neglects=(Text("风与油层厚度", "wind and the depth of the layer"),),
    cases=("pool_burning_rate",),
    tier=Tier.DOCUMENT,
)
def burning_rate(
    pool_diameter: Metres, large_pool_flux: KilogramPerSquareMetreSecond, extinction: PerMetre | None = None
) -> KilogramsPerSquareMetreSecond:
    """Mass burnt by a square metre in a second."""
    whole = np.ones_like(np.asarray(pool_diameter, dtype=float))
    share = whole if extinction is None else -np.expm1(-extinction * np.asarray(pool_diameter, dtype=float))
    return np.asarray(large_pool_flux * share)


@model(
    id="burning-rate-burgess",
    title=Text("池火燃烧速率(Burgess)", "Burning rate of a pool, Burgess"),
    source="TNO Yellow Book (2005) eq. 6.67; the same in ALOHA technical documentation 6.5.1 after Mudan (1984)",
    how=Text(
        "燃烧通量=0.001·ΔHc/(ΔHv+Cp·(Tb-Ta));沸点低于气温时只计汽化热。",
        "The flux is 0.001 ΔHc / (ΔHv + Cp (Tb - Ta)); of a fuel that boils below the air's temperature ΔHv alone.",
    ),
    formula=formula(
        "m = 0.001·Hc/(Hv + cp·max(Tb − Ta, 0))",
        where={
            "m": means("燃烧通量", "burning flux", "kg/(m2.s)"),
            "Hc": "heat_of_combustion",
            "Hv": "latent_heat",
            "cp": "liquid_heat_capacity",
            "Tb": "boiling_temperature",
            "Ta": "ambient_temperature",
        },
    ),
    neglects=(Text("池径", "the size of the pool"),),
)
def burgess(
    heat_of_combustion: JoulePerKilogram,
    latent_heat: JoulePerKilogram,
    liquid_heat_capacity: JoulePerKilogramKelvin,
    boiling_temperature: Kelvin,
    ambient_temperature: Kelvin = 288.15,
) -> KilogramPerSquareMetreSecond:
    """Mass burnt by a square metre of a large pool in a second."""
    warming = liquid_heat_capacity * max(boiling_temperature - ambient_temperature, 0.0)
    return 0.001 * heat_of_combustion / (latent_heat + warming)
