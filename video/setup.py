"""The rules of a camera as a site writes them: zones in the picture or on the ground, what is watched for, calibration.

A file in YAML and the text a store keeps are checked here alike.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from gis.shapes import LonLat
from video.episodes import Timing
from video.geometry.ground import Click, Fit, GroundPlane, Size, fitted
from video.rules.kinds import kinds
from video.rules.rule import Kind, Rule
from video.thresholds import threshold
from video.zones import Zone, zone_on_ground

LARGEST = 256 * 1024
LEAST = threshold("people.least")

Seconds = Annotated[float, Field(ge=0, le=86_400)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Side = Annotated[int, Field(ge=16, le=16_384)]
Corners = Annotated[list[tuple[Finite, Finite]], Field(min_length=3, max_length=200)]
Degrees = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-85, le=85)]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Rule(_Strict):
    id: Annotated[str, Field(min_length=1, max_length=60)]
    kind: Kind
    zone: str
    people: Annotated[int, Field(ge=0, le=1000)] = 1
    after_s: Seconds | None = None
    bridge_s: Seconds | None = None
    clear_s: Seconds | None = None
    least: Annotated[float, Field(ge=0.05, le=0.99)] = LEAST


class _Zone(_Strict):
    picture: Corners | None = None
    ground: Annotated[list[Degrees], Field(min_length=3, max_length=200)] | None = None

    @model_validator(mode="before")
    @classmethod
    def plain(cls, given: Any) -> Any:
        """A list of corners is a zone of the picture."""
        return {"picture": given} if isinstance(given, list) else given

    @model_validator(mode="after")
    def one_of_both(self) -> "_Zone":
        """In the picture or on the ground."""
        if (self.picture is None) == (self.ground is None):
            raise ValueError("either corners of the picture, or ground")
        return self


class _Pair(_Strict):
    x: Finite
    y: Finite
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-85, le=85)]


class Written(_Strict):
    """What is written, before it is judged as a whole."""

    size: tuple[Side, Side] | None = None
    zones: dict[Annotated[str, Field(min_length=1, max_length=60)], _Zone] = {}
    rules: Annotated[list[_Rule], Field(max_length=100)] = []
    calibration: Annotated[list[_Pair], Field(max_length=40)] = []

    def plain(self) -> dict[str, Any]:
        """As a person would write it: only what was said."""
        said = self.model_dump(mode="json", exclude_unset=True, exclude_none=True)
        for name, zone in self.zones.items():
            if zone.picture is not None:
                said["zones"][name] = [list(one) for one in zone.picture]
        return {name: value for name in ("size", "zones", "rules", "calibration") if (value := said.get(name))}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setup:
    """What a camera is watched by. `fit` is its calibration, None where it has none."""

    written: Written
    zones: Mapping[str, Zone]
    rules: tuple[Rule, ...]
    fit: Fit | None = None

    @property
    def plane(self) -> GroundPlane | None:
        """The ground as the camera sees it."""
        return None if self.fit is None else self.fit.plane

    def text(self) -> str:
        """As a store keeps it."""
        return json.dumps(self.written.plain(), ensure_ascii=False)

    def yaml(self) -> str:
        """As a file would say it."""
        return yaml.safe_dump(self.written.plain(), allow_unicode=True, sort_keys=False, default_flow_style=None)


def rules_of(path: Path) -> tuple[Rule, ...]:
    """The rules of a file, one at least. Raises: as `setup_in`."""
    found = setup_in(path).rules
    if not found:
        raise BadInputError(Text("没有规则", "there are no rules"), field="rules")
    return found


def setup_in(path: Path) -> Setup:
    """The setup a file holds. Raises: BadInputError where it is none, FaultsError with every fault at its field."""
    if not path.is_file():
        raise BadInputError(Text(f"没有规则文件 {path}", f"no file of rules {path}"), field="rules")
    if path.stat().st_size > LARGEST:
        raise BadInputError(Text("规则文件超过 256 kB", "a file of rules is at most 256 kB"), field="rules")
    try:
        return setup_of(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInputError(Text(f"不是 YAML:{error}", f"no YAML: {error}"), field="rules") from error


def kept_setup(text: str) -> Setup:
    """The setup of a text that a store keeps. Raises: as `setup_of`."""
    return setup_of(json.loads(text))


def written_of(given: object) -> Written:
    """What is written, each value of its kind. Raises: FaultsError with every fault at its field."""
    try:
        return Written.model_validate(given)
    except ValidationError as error:
        raise FaultsError([_fault(one) for one in error.errors()]) from error


def setup_of(given: object) -> Setup:
    """The setup somebody wrote. Raises: FaultsError with every fault at its field."""
    written = written_of(given)
    faults: list[Fault] = []
    fit = calibration(written, faults)
    zones = drawn_zones(written, fit, faults)
    names = Text(f"须为 {'、'.join(written.zones)} 之一", f"must be one of {', '.join(written.zones)}")
    seen: set[str] = set()
    for one in written.rules:
        if one.zone not in written.zones:
            faults.append(Fault(field=f"rules.{one.id}.zone", value=one.zone, rule=names))
        if one.id in seen:
            twice = Text("规则编号重复", "two rules bear the same id")
            faults.append(Fault(field=f"rules.{one.id}.id", value=one.id, rule=twice))
        seen.add(one.id)
    if faults:
        raise FaultsError(faults)
    return Setup(written=written, zones=zones, rules=tuple(_rule(one, zones[one.zone]) for one in written.rules),
                 fit=fit)  # fmt: skip


def calibration(written: Written, faults: list[Fault]) -> Fit | None:
    """The plane of the pairs, however well they fit; what is wrong with them is added to `faults`."""
    if not written.calibration:
        return None
    if written.size is None:
        rule = Text("标定时须写明画面宽、高", "width and height of the picture must be given with a calibration")
        faults.append(Fault(field="size", value="", rule=rule))
        return None
    width, height = written.size
    rule = Text(f"须在 {width}×{height} 的画面内", f"must be within the picture of {width} by {height}")
    outside = [
        Fault(field=f"calibration.{n}", value=f"{one.x:g}, {one.y:g}", rule=rule)
        for n, one in enumerate(written.calibration)
        if not (0 <= one.x <= width and 0 <= one.y <= height)
    ]
    faults += outside
    if outside:
        return None
    pairs = tuple(Click(x=one.x, y=one.y, place=LonLat(one.lon, one.lat)) for one in written.calibration)
    try:
        fit = fitted(pairs, written.size)
    except BadInputError as error:
        faults.append(Fault(field="calibration", value=str(len(pairs)), rule=error.text))
        return None
    if (why := fit.fault()) is not None:
        faults.append(Fault(field="calibration", value=f"{fit.rms:.2f} m", rule=why))
    return fit


def drawn_zones(written: Written, fit: Fit | None, faults: list[Fault]) -> dict[str, Zone]:
    """The zones that can be; what is wrong with the others is added to `faults`."""
    found: dict[str, Zone] = {}
    for name, one in written.zones.items():
        try:
            found[name] = _zone(name, one, written.size, fit)
        except FaultsError as error:
            faults += error.faults
        except BadInputError as error:
            faults.append(Fault(field=f"zones.{name}", value="", rule=error.text))
    return found


def _zone(name: str, one: _Zone, size: Size | None, fit: Fit | None) -> Zone:
    if one.picture is not None:
        rule = Text("" if size is None else f"须在 {size[0]}×{size[1]} 的画面内", "must be within the picture")
        outside = [
            Fault(field=f"zones.{name}.{n}", value=f"{x:g}, {y:g}", rule=rule)
            for n, (x, y) in enumerate(one.picture)
            if size is not None and not (0 <= x <= size[0] and 0 <= y <= size[1])
        ]
        if outside:
            raise FaultsError(outside)
        return Zone(id=name, corners=tuple(one.picture), size=size)
    if fit is None:
        raise BadInputError(
            Text("摄像机未标定,不能使用地面区域;请先标定,或在画面上画区域",
                 "the camera is not calibrated: no zone on the ground; calibrate it, or draw the zone in the picture")
        )  # fmt: skip
    zone = zone_on_ground(name, tuple(LonLat(*place) for place in one.ground or ()), fit.plane)
    if size is not None and not _shows(zone, size):
        raise BadInputError(Text("区域不在画面范围内", "no part of the zone is in the picture"))
    return zone


def _shows(zone: Zone, size: Size) -> bool:
    import shapely

    seen = shapely.Polygon(zone.corners)
    return bool(seen.is_valid and seen.intersects(shapely.box(0, 0, *size)))


def _rule(one: _Rule, zone: Zone) -> Rule:
    usual = kinds()[one.kind].timing
    timing = Timing(
        after=usual.after if one.after_s is None else one.after_s,
        bridge=usual.bridge if one.bridge_s is None else one.bridge_s,
        clear=usual.clear if one.clear_s is None else one.clear_s,
    )
    return Rule(id=one.id, kind=one.kind, zone=zone, timing=timing, people=one.people, least=one.least)


def _fault(one: Any) -> Fault:
    """What a value is refused for, in the words of a person; `one` is an error of pydantic."""
    where = ".".join(str(part) for part in one["loc"]) or "rules"
    value = one["input"]
    said = "" if one["type"] == "missing" or isinstance(value, dict) else str(value)[:80]
    return Fault(field=where, value=said, rule=_allowed(one["type"], one.get("ctx", {}), one["msg"]))


def _allowed(kind: str, facts: Mapping[str, Any], said: str) -> Text:
    known = {
        "missing": Text("必填", "is needed"),
        "extra_forbidden": Text("没有这一项", "there is no such field"),
        "greater_than_equal": Text(f"须不小于 {facts.get('ge')}", f"must be {facts.get('ge')} or more"),
        "less_than_equal": Text(f"须不大于 {facts.get('le')}", f"must be {facts.get('le')} or less"),
        "string_too_short": Text("不能为空", "must not be empty"),
        "string_too_long": Text(f"不超过 {facts.get('max_length')} 个字", f"{facts.get('max_length')} letters at most"),
        "too_short": Text(f"至少 {facts.get('min_length')} 项", f"{facts.get('min_length')} at least"),
        "too_long": Text(f"至多 {facts.get('max_length')} 项", f"{facts.get('max_length')} at most"),
        "enum": Text(f"须为以下之一:{'、'.join(Kind)}", f"must be one of {', '.join(Kind)}"),
        "finite_number": Text("须为数", "must be a number"),
        "value_error": Text("须为画面上的角点或地面 ground 的经纬度之一", "either corners of the picture, or ground"),
    }  # fmt: skip
    if kind in known:
        return known[kind]
    if kind.startswith(("float", "int")):
        return Text("须为整数" if kind.startswith("int") else "须为数", said)
    return Text("类型不符" if not kind.startswith("string") else "须为文字", said)
