"""A computed scenario as the rows kept of it: the scenario, a zone for each level, a band where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import ndiff

import shapely
from shapely.geometry.base import BaseGeometry

from core.canonical import sha256
from core.scope import Sensitivity
from core.texts import Text
from emergency.exposure import People
from emergency.result import Result
from emergency.scenario import Scenario, spelt
from emergency.zones import Cut, Zone
from layers.catalogue.scenarios import KeptScenario, ScenarioBand, ScenarioZone
from layers.record import Record

LEVEL = Sensitivity.INTERNAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What the computation does not know: the key, who keeps it and when, whose and where it is."""

    code: str
    by: str
    at: datetime
    area: str
    account: str = ""
    enterprise: str = ""
    chemical_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The rows of one scenario and the bytes of its two files; the row names the files by their hashes."""

    scenario: KeptScenario
    zones: tuple[ScenarioZone, ...]
    bands: tuple[ScenarioBand, ...]
    scenario_file: bytes
    result_file: bytes

    @property
    def rows(self) -> tuple[Record, ...]:
        """All of them."""
        return (self.scenario, *self.zones, *self.bands)


def kept(scenario: Scenario, result: Result, people: Sequence[People] | None, made: Made) -> Kept:
    """The rows of a scenario; `people` in the order of severity, None where the keeper may not see the population."""
    files = spelt(scenario).encode(), result.to_json()
    ranked = sorted(result.zones, key=lambda one: one.level.severity)
    inside = people or (None,) * len(ranked)
    zones = tuple(
        _zone(one, found, made, place) for place, (one, found) in enumerate(zip(ranked, inside, strict=True), 1)
    )
    banded = [(place, one) for place, one in enumerate(ranked, 1) if one.band is not None and not one.band.is_empty]
    bands = tuple(_band(one, made, place) for place, one in banded)
    receipt = result.receipt
    row = KeptScenario(
        code=made.code, title=scenario.title, release=scenario.release.kind, chemical=scenario.chemical,
        chemical_name=made.chemical_name, hazard_source=scenario.hazard_source or "", enterprise=made.enterprise,
        weather=weather_line(scenario), made_by=made.by, account=made.account, made_at=made.at,
        computed_at=receipt.computed_at,
        code_version=receipt.code_version, fingerprint=receipt.fingerprint, verified=result.verified,
        valid=not result.outside, evidence=int(receipt.evidence),
        farthest=max((one.distance for one in result.zones), default=0.0), scenario_sha256=sha256(files[0]),
        result_sha256=sha256(files[1]), note=scenario.note, area=made.area, sensitivity=LEVEL,
        geometry=shapely.Point(result.source.lon, result.source.lat), source=f"onemap {receipt.code_version}",
        observed_at=scenario.weather.observed_at,
    )  # fmt: skip
    return Kept(scenario=row, zones=zones, bands=bands, scenario_file=files[0], result_file=files[1])


@dataclass(frozen=True, slots=True)
class Line:
    """One line of two files laid beside each other: `-` in the first alone, `+` in the second alone, ` ` in both."""

    mark: str
    text: str


def difference(first: str, second: str) -> tuple[Line, ...]:
    """Every line of two spelt scenarios, in order."""
    return tuple(
        Line(line[0], line[2:]) for line in ndiff(first.splitlines(), second.splitlines()) if not line.startswith("?")
    )


def withdrawn(row: KeptScenario, *, at: datetime, why: str) -> KeptScenario:
    """The row of a scenario that nobody should use any more; what it was stays readable."""
    return row.model_copy(update={"state": "withdrawn", "withdrawn_at": at, "withdrawn_why": why})


def weather_line(scenario: Scenario) -> str:
    """The air in one line: wind, stability class, temperature, humidity."""
    air = scenario.weather
    return (
        f"{air.wind_speed:g} m/s, {air.wind_from:g}°, {air.stability}, "
        f"{air.ambient_temperature - 273.15:.1f} °C, {air.relative_humidity:.0%}"
    )


def label(zone: Zone) -> Text:
    """What stands on the map in a zone: its level, with what must not be overlooked."""
    marks = []
    if not zone.verified:
        marks.append(Text("未核实", "unverified"))
    if not zone.valid:
        marks.append(Text("超出适用范围", "outside validity"))
    if zone.cut is not Cut.NONE:
        marks.append(Text("截断", "cut"))
    zh = " ".join((zone.level.name.zh, *(mark.zh for mark in marks)))
    return Text(zh, ", ".join((zone.level.name.en, *(mark.en for mark in marks))))


def _zone(zone: Zone, people: People | None, made: Made, place: int) -> ScenarioZone:
    level, said = zone.level, label(zone)
    return ScenarioZone(
        code=f"{made.code}-{place}", scenario=made.code, enterprise=made.enterprise, title=said.zh,
        title_en=said.en, severity=level.severity, level=level.name.zh, level_en=level.name.en, value=level.value,
        unit=level.unit, averaging_time=level.averaging_time, reached=zone.reached, distance=zone.distance,
        extent=zone.area, residents=None if people is None else people.residents,
        residents_known=None if people is None else people.known, model=zone.model, verified=zone.verified,
        valid=zone.valid, cut=zone.cut.value, made_at=made.at, area=made.area, sensitivity=LEVEL,
        geometry=_polygons(zone.shape),
    )  # fmt: skip


def _band(zone: Zone, made: Made, place: int) -> ScenarioBand:
    said = label(zone)
    of = Text("风向带", "band of the wind") if zone.ends is None else Text("不确定带", "band of what is published")
    return ScenarioBand(
        code=f"{made.code}-{place}", scenario=made.code, enterprise=made.enterprise,
        title=f"{of.zh}:{said.zh}", title_en=f"{of.en}: {said.en}", severity=zone.level.severity,
        verified=zone.verified, made_at=made.at, area=made.area, sensitivity=LEVEL, geometry=_polygons(zone.band),
    )  # fmt: skip


def _polygons(shape: BaseGeometry | None) -> BaseGeometry | None:
    """The polygons of a shape as one, or None: what touches itself leaves lines and points behind."""
    if shape is None or shape.is_empty:
        return None
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts) if parts else None
