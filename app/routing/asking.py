"""What a request for a route says, every fault named by its field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from core.clock import from_iso
from core.errors import BadInputError
from core.texts import Text
from dashboards.questions import bad
from emergency.routing import Approach, Closure, Vehicle, Zone
from gis.shapes import LonLat

Json = Mapping[str, Any]
MOST_ZONES, MOST_CLOSURES, MOST_PLACES, MOST_LAYERS = 20, 200, 200, 6
FIELDS = frozenset(
    {
        "from",
        "to",
        "nearest",
        "scenario",
        "avoid",
        "blocked",
        "depart",
        "vehicle",
        "approach",
        "staging",
        "gather",
        "most",
        "incident",
    }
)
PLACE = Text("须为 [经度, 纬度] 或 {layer, key}", "must be [lon, lat] or {layer, key}")
SHAPE = Text("须为 GeoJSON 图形", "must be a GeoJSON geometry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An object of a layer that stands for its place."""

    layer: str
    key: str


Spot = LonLat | Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A request that was read. `upwind` without `approach`: as the scenario has it.

    `gather`: who is nearest is told by the way to the first staging point, where there is one, not to `to` in a zone.
    """

    starts: tuple[Spot, ...]
    nearest: tuple[str, ...]
    to: Spot
    scenario: str
    incident: str
    zones: tuple[Zone, ...]
    closures: tuple[Closure, ...]
    depart: datetime | None
    vehicle: Vehicle
    approach: Approach | None
    upwind: bool
    staging: bool
    gather: bool
    most: int


def wish(given: Json) -> Wish:
    """The request; BadInputError names what is wrong with it."""
    unknown = sorted(given.keys() - FIELDS)
    if unknown:
        raise bad(unknown[0][:40], "", Text("没有这个参数", "there is no such field"))
    starts, layers = given.get("from"), given.get("nearest")
    if (starts is None) == (layers is None):
        raise bad("from", "", Text("须给出 from 或 nearest 之一", "give one of from and nearest"))
    several = isinstance(starts, list) and bool(starts) and not _number(starts[0])
    found = (
        [_spot(one, "from") for one in _list(starts if several else [starts], "from", MOST_PLACES)]
        if starts is not None
        else []
    )
    asked = given.get("approach")
    if asked not in (None, "upwind") and not isinstance(asked, Mapping):
        raise bad(
            "approach",
            str(asked)[:40],
            Text("只可为 upwind 或 {source, wind_from}", "is upwind or {source, wind_from}"),
        )
    return Wish(
        starts=tuple(found),
        nearest=tuple(_text(one, "nearest") for one in _list(layers, "nearest", MOST_LAYERS)),
        to=_spot(given.get("to"), "to"),
        scenario=_text(given.get("scenario") or "", "scenario"),
        incident=_text(given.get("incident") or "", "incident"),
        zones=tuple(_zone(one, n) for n, one in enumerate(_list(given.get("avoid"), "avoid", MOST_ZONES), 1)),
        closures=tuple(_closure(one) for one in _list(given.get("blocked"), "blocked", MOST_CLOSURES)),
        depart=_moment(given.get("depart"), "depart"),
        vehicle=_vehicle(given.get("vehicle") or {}),
        approach=_approach(asked) if isinstance(asked, Mapping) else None,
        upwind=asked == "upwind",
        staging=given.get("staging") is True or given.get("gather") is True,
        gather=given.get("gather") is True,
        most=_most(given.get("most", 10)),
    )  # fmt: skip


def _list(given: object, name: str, most: int) -> list[Any]:
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > most:
        raise bad(name, "", Text(f"须为不超过 {most} 项的列表", f"must be a list of at most {most}"))
    return given


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(given: object, name: str) -> str:
    if not isinstance(given, str) or len(given) > 80:
        raise bad(name, str(given)[:40], Text("须为文本", "must be a text"))
    return given


def _spot(given: Any, name: str) -> Spot:
    match given:
        case [lon, lat] if _number(lon) and _number(lat) and abs(lon) <= 180 and abs(lat) <= 90:
            return LonLat(float(lon), float(lat))
        case {"layer": str(layer), "key": str(key)} if len(given) == 2:
            return Named(layer=layer[:80], key=key[:200])
    raise bad(name, str(given)[:40], PLACE)


def _moment(given: object, name: str) -> datetime | None:
    if given is None:
        return None
    try:
        found = from_iso(given) if isinstance(given, str) else None
    except (ValueError, OverflowError):
        found = None
    if found is None or not 2000 <= found.year < 2100:
        raise bad(
            name, str(given)[:40], Text("须为本世纪带时区的时刻", "must be a moment of this century with its offset")
        )
    return found


def _shape(given: Any, name: str) -> BaseGeometry:
    try:
        found = shape(given)
        bounds = found.bounds
    except (ShapelyError, OverflowError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise bad(name, "", SHAPE) from error
    if found.is_empty or not (bounds[0] >= -180 and bounds[2] <= 180 and bounds[1] >= -90 and bounds[3] <= 90):
        raise bad(name, "", SHAPE)
    return found


def _zone(given: object, number: int) -> Zone:
    """A polygon by itself, or one with a title and times."""
    more = given if isinstance(given, Mapping) and "geometry" in given else {"geometry": given}
    found = shapely.make_valid(_shape(more.get("geometry"), "avoid"))
    parts = [one for one in shapely.get_parts(shapely.get_parts(found)) if one.area > 0]
    if not parts:
        raise bad("avoid", "", Text("避让区须为面", "a zone to avoid must be a polygon"))
    title = _text(more.get("title") or f"避让区 {number}", "avoid")
    begins, ends = _times(more, "avoid")
    return Zone(shape=shapely.union_all(parts), title=title, begins=begins, ends=ends)


def _times(given: Json, name: str) -> tuple[datetime | None, datetime | None]:
    begins, ends = _moment(given.get("begins"), name), _moment(given.get("ends"), name)
    if begins is not None and ends is not None and ends <= begins:
        raise bad(name, "", Text("结束须晚于开始", "the end must be after the beginning"))
    return begins, ends


def _closure(given: object) -> Closure:
    if not isinstance(given, Mapping):
        raise bad("blocked", "", Text("须为 {road} 或 {geometry}", "must be {road} or {geometry}"))
    begins, ends = _times(given, "blocked")
    title = _text(given.get("title") or "", "blocked")
    road = _text(given.get("road") or "", "blocked")
    if road:
        return Closure(road=road, title=title or road, begins=begins, ends=ends)
    return Closure(shape=_shape(given.get("geometry"), "blocked"), title=title, begins=begins, ends=ends)


def _vehicle(given: object) -> Vehicle:
    if not isinstance(given, Mapping) or given.keys() - {"height", "hazardous"}:
        raise bad("vehicle", "", Text("只可有 height(米)和 hazardous", "may have height (metres) and hazardous"))
    height: Any = given.get("height")
    if height is not None and not (_number(height) and 0 < height <= 20):
        raise bad("vehicle", str(height)[:40], Text("高度须在 0 到 20 米之间", "a height is between 0 and 20 m"))
    return Vehicle(height=None if height is None else float(height), hazardous=given.get("hazardous") is True)


def _approach(given: Json) -> Approach:
    wind: Any = given.get("wind_from")
    source = _spot(given.get("source"), "approach")
    if isinstance(source, Named) or not _number(wind) or not 0 <= wind <= 360:
        raise BadInputError(
            Text("approach 须有 source(经纬度)和 wind_from(0 到 360 度)", "approach needs source and wind_from"),
            field="approach",
        )
    return Approach(source=source, wind_from=float(wind))


def _most(given: object) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= 50:
        raise bad("most", str(given)[:40], Text("须为 1 到 50 的整数", "must be a whole number from 1 to 50"))
    return given
