"""A substance: its names and numbers, its constants and its properties over temperature, each with where it is from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from core.errors import NotFoundError
from core.texts import Text
from core.units import JoulePerKilogram, Kelvin, KilogramPerMole, Numbers, Pascal
from emergency.chemicals.equations import EQUATIONS, GAS_CONSTANT


class Kind(StrEnum):
    """A mixture's or a family's properties follow from its composition, which is not known here."""

    PURE = "pure"
    MIXTURE = "mixture"
    FAMILY = "family"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A number of a substance in SI with the table it was taken from."""

    value: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A property over temperature, fitted by its table from `low` to `high`; beyond, the equation is only continued."""

    equation: str
    coefficients: tuple[float, ...]
    scale: float
    low: Kelvin
    high: Kelvin
    source: str

    def __call__(self, temperature: Numbers) -> Numbers:
        """The value, in the units of the property's name."""
        with np.errstate(all="ignore"):
            return self.scale * EQUATIONS[self.equation](temperature, *self.coefficients)

    @property
    def estimated(self) -> bool:
        """From corresponding states, where no table was found."""
        return "estimate" in self.source

    def covers(self, temperature: float) -> bool:
        """The temperature lies where the table was fitted."""
        return self.low <= temperature <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Substance:
    """One dangerous substance; `serials` are its rows in table 1 of GB 18218-2018."""

    id: str
    cas: str
    un: tuple[str, ...]
    hazard_class: tuple[str, ...]
    name: Text
    synonyms: tuple[str, ...]
    kind: Kind
    serials: tuple[int, ...]
    note: str = ""
    constants: Mapping[str, Constant] = field(default_factory=dict)
    curves: Mapping[str, Curve] = field(default_factory=dict)

    def constant(self, name: str) -> float:
        """A constant in SI; NotFoundError says that it is not known, never a guess."""
        if (found := self.constants.get(name)) is None:
            raise NotFoundError(
                Text(f"{self.name.zh} 没有 {name} 的数据", f"{name} of {self.name.en} is not known"),
                substance=self.id, property=name,
            )  # fmt: skip
        return found.value

    def curve(self, name: str) -> Curve:
        """A property over temperature, or NotFoundError."""
        if (found := self.curves.get(name)) is None:
            raise NotFoundError(
                Text(f"{self.name.zh} 没有 {name} 的数据", f"{name} of {self.name.en} is not known"),
                substance=self.id, property=name,
            )  # fmt: skip
        return found

    @property
    def molar_mass(self) -> KilogramPerMole:
        """Kilograms a mole."""
        return self.constant("molar_mass")

    @property
    def boiling_temperature(self) -> Kelvin:
        """At one atmosphere."""
        return self.constant("boiling_temperature")

    @property
    def heat_of_combustion(self) -> JoulePerKilogram:
        """Lower, at 298 K."""
        return self.constant("heat_of_combustion")

    def vapour_pressure(self, temperature: Numbers) -> Numbers:
        """Saturated, Pa."""
        return self.curve("vapour_pressure")(temperature)

    def liquid_density(self, temperature: Numbers) -> Numbers:
        """Of the saturated liquid, kg/m3."""
        if "liquid_density" in self.curves:
            return self.curve("liquid_density")(temperature)
        return self.curve("liquid_molar_density")(temperature) * self.molar_mass

    def latent_heat(self, temperature: Numbers) -> Numbers:
        """Of vaporisation, J/kg."""
        return self.curve("molar_latent_heat")(temperature) / self.molar_mass

    def liquid_heat_capacity(self, temperature: Numbers) -> Numbers:
        """Of the liquid, J/(kg.K)."""
        return self.curve("liquid_molar_heat_capacity")(temperature) / self.molar_mass

    def mean_liquid_heat_capacity(self, one: Kelvin, other: Kelvin) -> float:
        """Of the liquid between two temperatures, J/(kg.K)."""
        return float(np.mean(self.liquid_heat_capacity(np.linspace(one, other, 21))))

    def gas_heat_capacity(self, temperature: Numbers) -> Numbers:
        """Of the ideal gas at constant pressure, J/(kg.K)."""
        return self.curve("gas_molar_heat_capacity")(temperature) / self.molar_mass

    def heat_capacity_ratio(self, temperature: Numbers) -> Numbers:
        """Of the ideal gas, cp / (cp - R)."""
        molar = self.curve("gas_molar_heat_capacity")(temperature)
        return molar / (molar - GAS_CONSTANT)

    def gas_density(self, temperature: Numbers, pressure: Numbers) -> Numbers:
        """Of the ideal gas, kg/m3."""
        return pressure * self.molar_mass / (GAS_CONSTANT * temperature)

    def saturation_temperature(self, pressure: Pascal) -> Kelvin:
        """Where the vapour pressure equals this pressure, by bisection over the curve's range."""
        curve = self.curve("vapour_pressure")
        low, high = curve.low, curve.high
        if not float(curve(low)) <= pressure <= float(curve(high)):
            raise NotFoundError(
                Text(
                    f"{self.name.zh} 的饱和温度在 {pressure:g} Pa 下没有数据",
                    f"the saturation temperature of {self.name.en} at {pressure:g} Pa is not known",
                ),
                substance=self.id, property="vapour_pressure",
            )  # fmt: skip
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if float(curve(middle)) < pressure else (low, middle)
        return (low + high) / 2
