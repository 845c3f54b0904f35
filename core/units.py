"""Units carried by annotations; values inside are SI floats, conversion happens at the edge."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a number, written as UCUM-like text (`m/s`, `kg`, `Cel`)."""

    symbol: str


Metre = Annotated[float, Unit("m")]
SquareMetre = Annotated[float, Unit("m2")]
Second = Annotated[float, Unit("s")]
Speed = Annotated[float, Unit("m/s")]
Degree = Annotated[float, Unit("deg")]
Kilogram = Annotated[float, Unit("kg")]
Celsius = Annotated[float, Unit("Cel")]
Pascal = Annotated[float, Unit("Pa")]
CubicMetre = Annotated[float, Unit("m3")]
KilogramPerSecond = Annotated[float, Unit("kg/s")]
SquareMetrePerSecond = Annotated[float, Unit("m2/s")]
KilogramPerCubicMetre = Annotated[float, Unit("kg/m3")]
KilogramPerMole = Annotated[float, Unit("kg/mol")]
KilogramPerSquareMetreSecond = Annotated[float, Unit("kg/(m2.s)")]
Kelvin = Annotated[float, Unit("K")]
Joule = Annotated[float, Unit("J")]
JoulePerKilogram = Annotated[float, Unit("J/kg")]
JoulePerKilogramKelvin = Annotated[float, Unit("J/(kg.K)")]
WattPerSquareMetre = Annotated[float, Unit("W/m2")]
WattPerMetreKelvin = Annotated[float, Unit("W/(m.K)")]
PascalSecond = Annotated[float, Unit("Pa.s")]
KelvinPerMetre = Annotated[float, Unit("K/m")]
BuoyancyFlux = Annotated[float, Unit("m4/s3")]
PerSecond = Annotated[float, Unit("1/s")]
CubicMetrePerSecond = Annotated[float, Unit("m3/s")]
Fraction = Annotated[float, Unit("1")]
PerYear = Annotated[float, Unit("1/a")]
PerMetre = Annotated[float, Unit("1/m")]
HoursPerYear = Annotated[float, Unit("h/a")]

Numbers = float | NDArray[np.float64]
"""One value, or many of any shape."""

Metres = Annotated[Numbers, Unit("m")]
Seconds = Annotated[Numbers, Unit("s")]
Pascals = Annotated[Numbers, Unit("Pa")]
PascalSeconds = Annotated[Numbers, Unit("Pa.s")]
PerYears = Annotated[Numbers, Unit("1/a")]
Fractions = Annotated[Numbers, Unit("1")]
Fluxes = Annotated[Numbers, Unit("W/m2")]
Concentrations = Annotated[Numbers, Unit("kg/m3")]
Kilograms = Annotated[Numbers, Unit("kg")]
KilogramsPerSecond = Annotated[Numbers, Unit("kg/s")]
MassFluxes = Annotated[Numbers, Unit("kg/(m2.s)")]
Kelvins = Annotated[Numbers, Unit("K")]
CubicMetres = Annotated[Numbers, Unit("m3")]
SquareMetres = Annotated[Numbers, Unit("m2")]
Densities = Annotated[Numbers, Unit("kg/m3")]
Joules = Annotated[Numbers, Unit("J")]
Speeds = Annotated[Numbers, Unit("m/s")]
ScaledDistances = Annotated[Numbers, Unit("m/kg^(1/3)")]
Degrees = Annotated[Numbers, Unit("deg")]
KilogramsPerSquareMetreSecond = Annotated[Numbers, Unit("kg/(m2.s)")]
