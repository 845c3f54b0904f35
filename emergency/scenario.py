"""A scenario: what is released where, in what weather, in a file that people write, compare and keep."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from emergency.form import Direction, Length, Part, Pressure, Share, Temperature, WindSpeed
from emergency.models.dispersion.air import Stability, Terrain
from emergency.releases import Release
from gis.shapes import LonLat

LARGEST = 256 * 1024
"""Bytes of a file."""


class Place(Part):
    """Where it is released, EPSG:4490."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]

    @property
    def point(self) -> LonLat:
        """The same as a point."""
        return LonLat(self.lon, self.lat)


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
    """Which dispersion model: the automatic choice is algebraic and says its reason; the others integrate.

    `integral` is the plume after DEGADIS, `slab` is SLAB (decision 0012), which knows droplets and speed of a release.
    """

    AUTO = "auto"
    PASSIVE = "passive"
    DENSE = "dense"
    INTEGRAL = "integral"
    SLAB = "slab"


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
        raise FaultsError([fault_of(one) for one in error.errors(include_url=False)]) from error


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


def fault_of(one: Any) -> Fault:
    """One of pydantic's errors in the words of either language."""
    field = ".".join(str(part) for part in one["loc"] if part not in ("LevelWish",))
    said, facts = one["msg"].removeprefix("Value error, "), one.get("ctx", {})
    zh, _, en = said.partition("\n")
    if known := _RULES.get(one["type"]):
        zh, en = (text.format(**facts) for text in known)
    rule = Text(zh, en) if en else Text(f"不合要求({said})", said)
    value = one["input"]
    return Fault(field=field or "scenario", value="" if isinstance(value, dict | list) else str(value)[:100], rule=rule)


__all__ = ["Release", "Scenario", "read_file", "read_scenario", "scenario", "spelt"]
