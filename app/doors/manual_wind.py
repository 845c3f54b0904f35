"""`/api/weather/manual`: the wind somebody saw, entered with their name; good for so many minutes and no longer."""

from datetime import datetime, timedelta

import pyarrow as pa
import shapely
from starlette.routing import BaseRoute, Route

from app.doors.bodies import posted, text_of
from core.caller import Caller
from core.canonical import sha256
from core.clock import Clock, iso
from core.errors import Fault, FaultsError, ForbiddenError, NotFoundError
from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue import AREAS, WEATHER_STATIONS
from layers.catalogue.sensing import WeatherStation
from layers.filters import Spatial, SpatialOp
from layers.validation.jurisdiction import LEVELS
from monitoring.inbox import Inbox
from monitoring.quality import practice
from monitoring.readings import batch
from store.feed import Put
from store.protocol import Store
from store.query import Query

Given = dict[str, object]
LATEST, OLDEST = timedelta(minutes=2), timedelta(hours=24)
REASON = "人工录入风向风速"
NUMBERS = {
    "lon": (-180.0, 180.0), "lat": (-90.0, 90.0), "wind_from": (0.0, 360.0), "wind_speed": (0.0, 120.0),
    "height": (0.5, 500.0), "minutes": (1.0, 1440.0),
}  # fmt: skip
OPTIONAL = ("height", "minutes")


def manual_wind_routes(store: Store, inbox: Inbox, clock: Clock) -> list[BaseRoute]:
    """The door; the row is written under the caller's own scope, its readings go the way of all others."""

    def enter(caller: Caller, given: Given) -> Given:
        """POST /api/weather/manual: wind at a place, kept as an observation of a station of that name."""
        if not caller.account or not caller.scope.may_write(WEATHER_STATIONS.id):
            raise ForbiddenError(
                Text("须由有权登记气象观测的在岗人员录入", "only a person on duty who may write weather enters it")
            )
        place = text_of(given, "place", longest=60).strip()
        numbers, now = _numbers(given), clock()
        at = _moment(given.get("at"), now)
        point = shapely.Point(numbers["lon"], numbers["lat"])
        minutes = int(numbers.get("minutes") or practice()["manual_wind_valid", ""] / 60)
        code = f"RG-{sha256(f'{place} {point.x:.3f} {point.y:.3f}'.encode())[:12]}"
        record = WeatherStation(
            code=code, name=place, kind="manual", read_at=at, wind_from=numbers["wind_from"],
            wind_speed=numbers["wind_speed"], anemometer_height=numbers.get("height"), valid_minutes=minutes,
            geometry=point, area=_area(store, point, caller), sensitivity=Sensitivity.INTERNAL,
            source=f"人工录入 {caller.actor.name}", observed_at=at,
        )  # fmt: skip
        version = _version(store, code, caller)
        edit = Put(layer=WEATHER_STATIONS.id, record=record, expected=version)
        store.commit([edit], actor=caller.actor, reason=REASON, scope=caller.scope)
        inbox.offer(batch(_readings(record), source=f"manual:{caller.actor.id}", arrived=now)).result()
        return {
            "code": code, "at": iso(at), "until": iso(at + timedelta(minutes=minutes)), "minutes": minutes,
            "source": record.source,
        }  # fmt: skip

    return [Route("/api/weather/manual", posted(enter), methods=["POST"])]


def _numbers(given: Given) -> dict[str, float]:
    found, faults = {}, []
    for name, (low, high) in NUMBERS.items():
        value = given.get(name)
        if value is None and name in OPTIONAL:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            rule = Text(f"须为 {low:g} 至 {high:g} 的数", f"must be a number from {low:g} to {high:g}")
            faults.append(Fault(field=name, value="" if value is None else str(value)[:40], rule=rule))
        else:
            found[name] = float(value)
    if faults:
        raise FaultsError(faults)
    return found


def _moment(given: object, now: datetime) -> datetime:
    if given is None:
        return now
    try:
        at = datetime.fromisoformat(str(given))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not now - OLDEST <= at <= now + LATEST:
        rule = Text(
            "须为带时区的时间,不早于 24 小时前、不晚于现在", "must be a time with its offset, of the last 24 hours"
        )
        raise FaultsError([Fault(field="at", value=str(given)[:40], rule=rule)])
    return at


def _area(store: Store, point: shapely.Point, caller: Caller) -> str:
    where = Spatial(SpatialOp.INTERSECTS, point)
    rows = store.read(
        AREAS, Query(where=where, fields=("code", "level"), geometry=False), scope=caller.scope
    ).to_pylist()
    inside = sorted((LEVELS.index(row["level"]), row["code"]) for row in rows if row["level"] in LEVELS)
    if not inside or not caller.scope.covers(inside[0][1]):
        said = f"{point.x:g}, {point.y:g}"
        raise ForbiddenError(
            Text(f"该地点({said})不在您的管辖范围内", f"the place ({said}) lies outside your own areas"), field="lon"
        )
    return str(inside[0][1])


def _version(store: Store, code: str, caller: Caller) -> int:
    try:
        return store.get(WEATHER_STATIONS, code, scope=caller.scope).version
    except NotFoundError:
        return 0


def _readings(record: WeatherStation) -> pa.Table:
    names = ("wind_from", "wind_speed")
    return pa.table(
        {
            "layer": [WEATHER_STATIONS.id] * 2, "key": [record.code] * 2, "element": list(names),
            "at": [record.read_at] * 2, "value": [getattr(record, name) for name in names], "quality": [0, 0],
        }
    )  # fmt: skip
