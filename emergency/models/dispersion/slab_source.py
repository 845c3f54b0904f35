"""What SLAB is told of a substance and of the stream that leaves a hole, as its manual does it."""

from dataclasses import asdict, dataclass

import numpy as np

from core.units import (
    Fraction,
    JoulePerKilogram,
    JoulePerKilogramKelvin,
    Kelvin,
    KilogramPerCubicMetre,
    KilogramPerMole,
    KilogramPerSecond,
    Pascal,
    Speed,
    SquareMetre,
)
from emergency.chemicals.equations import GAS_CONSTANT
from emergency.chemicals.substance import Substance
from emergency.models.sources.flash import flash_fraction

WARM: Kelvin = 288.15
"""Air as it is in the mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlabSubstance:
    """The six properties of a released material, constant over temperature as SLAB takes them."""

    molar_mass: KilogramPerMole
    vapour_heat_capacity: JoulePerKilogramKelvin
    boiling_temperature: Kelvin
    latent_heat: JoulePerKilogram
    liquid_heat_capacity: JoulePerKilogramKelvin
    liquid_density: KilogramPerCubicMetre

    @property
    def inputs(self) -> dict[str, float]:
        """As parameters of the model."""
        return asdict(self)

    def density(self, liquid_fraction: Fraction, pressure: Pascal) -> KilogramPerCubicMetre:
        """Of the mixture of vapour and droplets at the boiling point."""
        vapour = pressure * self.molar_mass / (GAS_CONSTANT * self.boiling_temperature)
        return 1 / ((1 - liquid_fraction) / vapour + liquid_fraction / self.liquid_density)


LNG = SlabSubstance(
    molar_mass=0.016043, vapour_heat_capacity=2238.0, boiling_temperature=111.7, latent_heat=509_900.0,
    liquid_heat_capacity=3348.5, liquid_density=424.1,
)  # fmt: skip
"""As in the SLAB manual's examples (UCRL-MA-105607), quoted in slabx 1.0.7."""


def slab_substance(substance: Substance) -> SlabSubstance:
    """The properties of a substance, NotFoundError where one is not known.

    The liquid's are those at its boiling point; the vapour's heat capacity is the mean on its way to the air's warmth,
    from where its table begins, as one number has to stand for all of it.
    """
    boiling = substance.boiling_temperature
    coldest = max(boiling, substance.curve("gas_molar_heat_capacity").low)
    warming = np.linspace(min(coldest, WARM), max(coldest, WARM), 21)
    return SlabSubstance(
        molar_mass=substance.molar_mass,
        vapour_heat_capacity=float(np.mean(substance.gas_heat_capacity(warming))),
        boiling_temperature=boiling,
        latent_heat=float(substance.latent_heat(boiling)),
        liquid_heat_capacity=float(substance.liquid_heat_capacity(boiling)),
        liquid_density=float(substance.liquid_density(boiling)),
    )


def flashed(substance: Substance, stored: Kelvin) -> Fraction:
    """What is still liquid of a liquefied gas when it has come to the air's pressure at constant enthalpy."""
    boiling = substance.boiling_temperature
    if stored <= boiling:
        return 0.999
    vapour = flash_fraction.method(
        stored, boiling, substance.mean_liquid_heat_capacity(boiling, stored), float(substance.latent_heat(boiling))
    )
    return float(np.clip(1.0 - np.asarray(vapour), 0.0, 0.999))


def expanded_area(
    hole_area: SquareMetre, liquid_density: KilogramPerCubicMetre, density: KilogramPerCubicMetre
) -> SquareMetre:
    """Of a jet that has flashed and kept the speed it had as liquid in the hole.

    So the manual's second example has it (Desert Tortoise 4: 0.93 m2 for 107.87 kg/s, 25.6 m/s); an evaluation with
    the hole's own area said 2.6 times too little (EPA-450/4-90-018, as quoted in slabx).
    """
    return hole_area * liquid_density / density


def drifting_area(mass_rate: KilogramPerSecond, density: KilogramPerCubicMetre, wind_speed: Speed) -> SquareMetre:
    """Of a stream that has no speed of its own: what passes is carried off by the wind."""
    return mass_rate / (density * wind_speed)
