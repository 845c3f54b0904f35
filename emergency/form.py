"""What every part of a scenario has in common: quantities written in any unit, and no field that nobody asked for."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from core.errors import BadInputError
from core.units import Unit
from emergency.quantities import QUANTITIES
from emergency.written import read


def _si(unit: str) -> Any:
    def in_si(said: object) -> float:
        try:
            return read(said, unit)
        except BadInputError as fault:
            raise ValueError(f"{fault.text.zh}\n{fault.text.en}") from None

    return BeforeValidator(in_si)


Length = Annotated[float, Unit("m"), _si("m")]
Area = Annotated[float, Unit("m2"), _si("m2")]
Duration = Annotated[float, Unit("s"), _si("s")]
Volume = Annotated[float, Unit("m3"), _si("m3")]
Mass = Annotated[float, Unit("kg"), _si("kg")]
MassRate = Annotated[float, Unit("kg/s"), _si("kg/s")]
WindSpeed = Annotated[float, Unit("m/s"), _si("m/s")]
Temperature = Annotated[float, Unit("K"), _si("K")]
Pressure = Annotated[float, Unit("Pa"), _si("Pa")]
Direction = Annotated[float, Unit("deg"), _si("deg"), Field(ge=0.0, le=360.0)]
Share = Annotated[float, Unit("1"), _si("1")]


class Part(BaseModel):
    """A part of a scenario: no field unknown, every quantity within what can exist."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*")
    @classmethod
    def _possible(cls, value: object, about: ValidationInfo) -> object:
        name = str(about.field_name)
        quantity = QUANTITIES.get(name)
        if isinstance(value, float) and quantity is not None and not quantity.allows(value, value):
            above = f"> {quantity.low:g}" if quantity.open_low else f"≥ {quantity.low:g}"
            below = f",≤ {quantity.high:g}" if quantity.high < float("inf") else ""
            raise ValueError(
                f"{quantity.title.zh}({name})为 {value:g} {quantity.unit},应 {above}{below} {quantity.unit}\n"
                f"{quantity.title.en} ({name}) is {value:g} {quantity.unit}, must be {above}{below} {quantity.unit}"
            )
        return value
