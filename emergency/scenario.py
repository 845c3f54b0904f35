"""A scenario: what is released where, in what weather, in a file that people write, compare and keep."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from core.units import Unit
from emergency.models.dispersion.air import Stability, Terrain
from emergency.quantities import QUANTITIES
from emergency.written import read
from gis.shapes import LonLat

LARGEST = 256 * 1024
"""Bytes of a file."""


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

    @model_validator(mode="after")
    def _possible(self) -> Self:
        for name in type(self).model_fields:
            value, quantity = getattr(self, name), QUANTITIES.get(name)
            if isinstance(value, float) and quantity is not None and not quantity.allows(value, value):
                above = f"> {quantity.low:g}" if quantity.open_low else f"≥ {quantity.low:g}"
                below = f",≤ {quantity.high:g}" if quantity.high < float("inf") else ""
                raise ValueError(
                    f"{quantity.title.zh}({name})为 {value:g} {quantity.unit},应 {above}{below} {quantity.unit}\n"
                    f"{quantity.title.en} ({name}) is {value:g} {quantity.unit}, must be {above}{below} {quantity.unit}"
                )
        return self


class Place(Part):
    """Where it is released, EPSG:4490."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]

    @property
    def point(self) -> LonLat:
        """The same as a point."""
        return LonLat(self.lon, self.lat)


class Direct(Part):
    """So much a second, for so long; without a temperature of its own it is as warm as the air."""

    kind: Literal["direct"]
    mass_rate: MassRate
    duration: Duration
    release_height: Length = 0.0
    release_temperature: Temperature | None = None


class Instantaneous(Part):
    """All at once."""

    kind: Literal["instantaneous"]
    mass: Mass


class LiquidHole(Part):
    """A liquefied gas through a hole or short pipe, all of it airborne."""

    kind: Literal["liquid-hole"]
    hole_diameter: Length
    upstream_pressure: Pressure
    upstream_temperature: Temperature
    liquid_head: Length = 0.0
    pipe_length: Length = 0.0
    mass: Mass
    duration: Duration
    release_height: Length = 0.0


class GasHole(Part):
    """Gas through a hole, choked or not."""

    kind: Literal["gas-hole"]
    hole_diameter: Length
    upstream_pressure: Pressure
    upstream_temperature: Temperature
    mass: Mass
    duration: Duration
    release_height: Length = 0.0


class Pool(Part):
    """A pool that evaporates."""

    kind: Literal["pool"]
    mass: Mass
    pool_area: Area
    duration: Duration
    release_temperature: Temperature | None = None


class PoolFire(Part):
    """A pool that burns."""

    kind: Literal["pool-fire"]
    pool_area: Area


class JetFire(Part):
    """A burning jet."""

    kind: Literal["jet-fire"]
    hole_diameter: Length
    upstream_pressure: Pressure
    upstream_temperature: Temperature
    release_height: Length = 1.0


class Fireball(Part):
    """A vessel that bursts in a fire and what of it burns at once."""

    kind: Literal["fireball"]
    mass: Mass


class CloudExplosion(Part):
    """A vapour cloud of so much fuel that explodes."""

    kind: Literal["vapour-cloud-explosion"]
    mass: Mass
    blast_yield: Share


class Charge(Part):
    """A condensed explosive, as the TNT it equals."""

    kind: Literal["tnt"]
    tnt_mass: Mass


Release = Direct | Instantaneous | LiquidHole | GasHole | Pool | PoolFire | JetFire | Fireball | CloudExplosion | Charge


class Weather(Part):
    """The air: typed by a person, or a station's with the moment it was read."""

    wind_speed: WindSpeed
    wind_from: Direction
    wind_height: Length = 10.0
    stability: Stability
    ambient_temperature: Temperature
    relative_humidity: Share = 0.5
    ambient_pressure: Pressure = 101_325.0
    mixing_height: Length | None = None
    source: str = "typed"
    observed_at: datetime | None = None


class Ground(Part):
    """The surroundings."""

    terrain: Terrain = Terrain.RURAL
    roughness: Length = 0.03


class Period(StrEnum):
    """When, for who is where."""

    DAY = "day"
    NIGHT = "night"


class LevelWish(Part):
    """A level of one's own, beside or instead of the published ones."""

    name: str
    value: Annotated[float, Field(gt=0)]
    unit: Literal["ppm", "mg/m3", "W/m2", "Pa"]


class Choice(StrEnum):
    """Which dispersion model: the automatic choice is algebraic and says its reason; the integral one takes longer."""

    AUTO = "auto"
    PASSIVE = "passive"
    DENSE = "dense"
    INTEGRAL = "integral"


class Scenario(Part):
    """One scenario."""

    form: Literal["onemap-scenario/1"] = "onemap-scenario/1"
    title: Annotated[str, Field(min_length=1, max_length=200)]
    place: Place
    hazard_source: str | None = None
    chemical: Annotated[str, Field(pattern=r"^\d{2,7}-\d{2}-\d$")]
    release: Annotated[Release, Field(discriminator="kind")]
    weather: Weather
    ground: Ground = Ground()
    period: Period = Period.DAY
    levels: Literal["aegl", "erpg"] | tuple[LevelWish, ...] = "aegl"
    model: Choice = Choice.AUTO
    note: Annotated[str, Field(max_length=2000)] = ""

    def inputs(self) -> dict[str, Any]:
        """The whole in SI, for the receipt."""
        return self.model_dump(mode="json")


def scenario(given: object) -> Scenario:
    """A scenario from what a file or a request said.

    Raises FaultsError with every field that is wrong.
    """
    if not isinstance(given, dict):
        raise BadInputError(Text("情景应为键值对", "a scenario is a mapping"), field="scenario")
    try:
        return Scenario.model_validate(given)
    except ValidationError as error:
        raise FaultsError([_fault(one) for one in error.errors(include_url=False)]) from error


def read_scenario(text: str, name: str = "") -> Scenario:
    """A scenario from YAML or JSON text."""
    if len(text.encode()) > LARGEST:
        raise BadInputError(Text(f"情景文件超过 {LARGEST // 1024} KB", f"larger than {LARGEST // 1024} kB"), field=name)
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadInputError(Text(f"{name} 不是 YAML 或 JSON:{error}", f"{name}: {error}"), field=name) from error
    return scenario(given)


def read_file(file: Path) -> Scenario:
    """A scenario from a file."""
    try:
        return read_scenario(file.read_text("utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(Text(f"不能读取 {file}", f"cannot read {file}"), field=str(file)) from error


def spelt(one: Scenario) -> str:
    """The scenario as a YAML file: SI, a line a value, in a fixed order, so that two can be compared line by line."""
    return yaml.safe_dump(one.model_dump(mode="json"), allow_unicode=True, sort_keys=False)


_RULES = {
    "missing": ("必须填写", "is required"),
    "extra_forbidden": ("没有这一项", "there is no such field"),
    "greater_than": ("应大于 {gt:g}", "must be above {gt:g}"),
    "greater_than_equal": ("应不小于 {ge:g}", "must be at least {ge:g}"),
    "less_than_equal": ("应不大于 {le:g}", "must be at most {le:g}"),
    "enum": ("应为 {expected} 之一", "must be one of {expected}"),
    "literal_error": ("应为 {expected}", "must be {expected}"),
    "union_tag_invalid": ("应为 {expected_tags} 之一", "must be one of {expected_tags}"),
    "union_tag_not_found": ("必须填写 kind", "kind is required"),
    "string_too_short": ("不得少于 {min_length} 个字", "must have at least {min_length} characters"),
    "string_too_long": ("不得超过 {max_length} 个字", "must have at most {max_length} characters"),
    "string_pattern_mismatch": ("格式应为 {pattern}", "must match {pattern}"),
    "string_type": ("应为文本", "must be a text"),
    "float_type": ("应为数", "must be a number"),
    "float_parsing": ("应为数", "must be a number"),
    "finite_number": ("应为有限的数", "must be a finite number"),
}
"""What pydantic finds wrong, in both languages; `{…}` are its own facts of the fault."""


def _fault(one: Any) -> Fault:
    field = ".".join(str(part) for part in one["loc"] if part not in ("LevelWish",))
    said, facts = one["msg"].removeprefix("Value error, "), one.get("ctx", {})
    zh, _, en = said.partition("\n")
    if known := _RULES.get(one["type"]):
        zh, en = (text.format(**facts) for text in known)
    rule = Text(zh, en) if en else Text(f"不合要求({said})", said)
    value = one["input"]
    return Fault(field=field or "scenario", value="" if isinstance(value, dict | list) else str(value)[:100], rule=rule)


__all__ = ["Scenario", "read_file", "read_scenario", "scenario", "spelt"]
