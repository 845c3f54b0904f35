"""How much of a substance is in the air, as two types that cannot be mistaken for each other: mass and volume."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from core.units import Concentrations, Fractions, Kelvin, KilogramPerMole, Numbers, Pascal

GAS_CONSTANT = 8.314462618
"""J/(mol K), exact to ten digits (SI, 2019)."""


class ConcentrationUnit(StrEnum):
    """What a probit or a toxic load counts concentration in."""

    MG_M3 = "mg/m3"
    PPM = "ppm"


@dataclass(frozen=True, slots=True)
class ByMass:
    """Mass of substance in a volume of air, kg/m3."""

    values: Concentrations

    def by_volume(self, molar_mass: KilogramPerMole, temperature: Kelvin, pressure: Pascal) -> "ByVolume":
        """The same as a share of an ideal gas."""
        return ByVolume(self.values * (GAS_CONSTANT * temperature / (pressure * molar_mass)))


@dataclass(frozen=True, slots=True)
class ByVolume:
    """Share of the air's volume, 0 to 1."""

    values: Fractions

    def by_mass(self, molar_mass: KilogramPerMole, temperature: Kelvin, pressure: Pascal) -> ByMass:
        """The same as mass in a volume of ideal gas."""
        return ByMass(self.values * (pressure * molar_mass / (GAS_CONSTANT * temperature)))


InAir = ByMass | ByVolume


def counted(air: InAir, unit: ConcentrationUnit) -> Numbers:
    """The concentration in the unit that constants are for; the other kind is refused, never converted unasked."""
    match air, unit:
        case ByMass(values=values), ConcentrationUnit.MG_M3:
            return np.asarray(values, dtype=float) * 1e6
        case ByVolume(values=values), ConcentrationUnit.PPM:
            return np.asarray(values, dtype=float) * 1e6
    raise BadInputError(
        Text(
            f"常数以 {unit} 计,给出的却是{'体积分数' if isinstance(air, ByVolume) else '质量浓度'},须先按摩尔质量换算",
            f"the constants count in {unit}, but a {'volume' if isinstance(air, ByVolume) else 'mass'} concentration "
            "was given; convert it with the molar mass first",
        ),
        field="concentration",
        unit=unit.value,
    )


def from_counted(number: Numbers, unit: ConcentrationUnit) -> InAir:
    """A concentration from a number in a unit."""
    share = np.asarray(number, dtype=float) * 1e-6
    return ByMass(share) if unit is ConcentrationUnit.MG_M3 else ByVolume(share)
