"""Units carried by annotations; values inside are SI floats, conversion happens at the edge."""

from dataclasses import dataclass
from typing import Annotated


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
