"""A liquid above its boiling point through a hole or a short pipe: the homogeneous non-equilibrium model."""

import numpy as np

from core.texts import Text
from core.units import (
    Fraction,
    JoulePerKilogram,
    JoulePerKilogramKelvin,
    Kelvin,
    KilogramPerCubicMetre,
    MassFluxes,
    Metre,
    Pascal,
    Pascals,
)
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model

EQUILIBRIUM_LENGTH = 0.1
"""m; the length in which flashing comes to equilibrium."""


@model(
    id="flashing-hole",
    title=Text("过热液体经孔口或短管泄漏(HNM)", "Superheated liquid through a hole or short pipe (HNM)"),
    source=(
        "Fauske (1985), Fauske and Epstein (1987), Henry and Fauske (1971) as in NOAA TM NOS OR&R 43, 3.4.5, as quoted "
        "in HAZEL"
    ),
    how=Text(
        "G = L/(vg-vl)·(N·cp·T)^(-1/2),N = L²vl/(2ΔP·Cd²(vg-vl)²T·cp) + l/0.1 m;孔口(l=0)时即为液体伯努利出流。",
        "G = L / (vg - vl) (N cp T)^(-1/2), N = L² vl / (2 ΔP Cd² (vg - vl)² T cp) + l / 0.1 m; for a hole (l = 0) "
        "that is Bernoulli's flow of the liquid.",
    ),
    formula=formula(
        "Gb = Cd·√(2·max(P − Pa, 0)·ρ)",
        "Ge = H/(1/ρv − 1/ρ)/√(c·T)",
        "G = 1/√(1/Gb² + ℓ/(0.1·Ge²))",
        where={
            "Gb": means("液体伯努利通量", "Bernoulli's flux of the liquid", "kg/(m2.s)"),
            "Cd": "discharge_coefficient",
            "P": "upstream_pressure",
            "Pa": "ambient_pressure",
            "ρ": "liquid_density",
            "Ge": means("平衡闪蒸通量", "flux at equilibrium", "kg/(m2.s)"),
            "H": "latent_heat",
            "ρv": "gas_density",
            "c": "liquid_heat_capacity",
            "T": "temperature",
            "G": means("质量通量", "mass flux", "kg/(m2.s)"),
            "ℓ": "pipe_length",
        },
    ),
    neglects=(Text("入口处已含的蒸气、长管摩擦", "vapour already in the liquid, and friction in longer pipes"),),
    cases=("two_phase_leak_flashing", "two_phase_tank_release"),
    tier=Tier.PEER,
)
def flashing_flux(
    upstream_pressure: Pascals,
    temperature: Kelvin,
    liquid_density: KilogramPerCubicMetre,
    gas_density: KilogramPerCubicMetre,
    latent_heat: JoulePerKilogram,
    liquid_heat_capacity: JoulePerKilogramKelvin,
    pipe_length: Metre = 0.0,
    ambient_pressure: Pascal = 101_325.0,
    discharge_coefficient: Fraction = 0.61,
) -> MassFluxes:
    """Mass flux in the opening; `gas_density` is that of the saturated vapour."""
    drive = np.maximum(upstream_pressure - ambient_pressure, 0.0)
    bernoulli = discharge_coefficient * np.sqrt(2 * drive * liquid_density)
    equilibrium = latent_heat / (1 / gas_density - 1 / liquid_density) / np.sqrt(liquid_heat_capacity * temperature)
    with np.errstate(divide="ignore"):
        slowed = pipe_length / EQUILIBRIUM_LENGTH / np.square(equilibrium)
        flux: MassFluxes = (1 / np.square(bernoulli) + slowed) ** -0.5
    return flux
