"""What an incident comes of: an alarm, an event on video, a complaint; what of that row the incident begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely

from core.errors import BadInputError, Fault, FaultsError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from emergency.chemicals import substance
from emergency.chemicals.cas import is_cas
from gis.shapes import LonLat, Shape
from layers.catalogue import ALARMS, AREAS, COMPLAINTS, ENTERPRISES, HAZARD_SOURCES, SENSORS, VIOLATIONS
from layers.catalogue.incidents import Incident
from layers.filters import Compare, Op, Spatial, SpatialOp
from layers.layer import Layer
from store.protocol import Store
from store.query import Query

ORIGINS: dict[str, Layer] = {"alarm": ALARMS, "video": VIOLATIONS, "complaint": COMPLAINTS}
"""By which channel a row of which layer comes."""

OPENED: dict[str, tuple[str, str]] = {
    "call": ("call", "接到电话报告"), "alarm": ("alarm", "由监测报警立为事件"),
    "video": ("alarm", "由视频事件立为事件"), "complaint": ("call", "由投诉举报立为事件"),
    "agency": ("call", "接到其他部门通报"), "map": ("note", "值班人员在地图上标绘"),
}  # fmt: skip
"""The kind of the first line of the log, and what it begins with."""
FILED = "(位置取自登记)"
"""Said in the log of a place that nobody told: it is that of the register."""

LAYERS: dict[str, str] = {layer.id: origin for origin, layer in ORIGINS.items()}
VIDEO_KINDS = {"fire": "fire", "flame": "fire", "smoke": "fire"}
GASES = ("combustible", "toxic")
"""Kinds of measuring points whose alarm is a leak until somebody looks."""
NAMED = ("hazard_source", "enterprise", "chemical", "chemical_name")
"""Facts that name what is registered."""
FILLED = ("enterprise", "enterprise_name", "chemical", "chemical_name", "geometry")
"""Facts that a register knows of what is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A row as far as an incident begins with it; blank where it does not say."""

    origin: str
    layer: str
    key: str
    title: str
    kind: str = "other"
    at: datetime | None = None
    place: Shape | None = None
    area: str = ""
    enterprise: str = ""
    hazard_source: str = ""

    @property
    def code(self) -> str:
        """Under which name it is linked: an incident has it, and no other."""
        return f"{self.layer}/{self.key}"


def source_of(store: Store, layer_id: str, key: str, *, scope: Scope) -> Source:
    """The row that somebody makes an incident of; BadInputError where its layer is none of those."""
    origin = LAYERS.get(layer_id)
    layer = None if origin is None else store.catalogue.find(layer_id, scope)
    if origin is None or layer is None:
        allowed = "、".join(LAYERS)
        raise BadInputError(
            Text(f"不能由“{layer_id[:40]}”立为事件,可用:{allowed}", f"no incident comes of a row of {layer_id[:40]!r}"),
            field="layer",
        )
    row: Any = store.get(layer, key, scope=scope).record
    title = str(getattr(row, "title", key))
    at = next((found for name in ("raised_at", "began_at", "opened_at") if (found := getattr(row, name, None))), None)
    sensor = _sensor(store, getattr(row, "point", ""), scope) if layer is ALARMS else None
    kind = VIDEO_KINDS.get(getattr(row, "kind", ""), "other")
    if sensor is not None and sensor.kind in GASES:
        kind = "leak"
    return Source(
        origin=origin, layer=layer_id, key=key, title=title[:120], kind=kind, at=at, place=row.geometry, area=row.area,
        enterprise=str(getattr(row, "enterprise", "")), hazard_source="" if sensor is None else sensor.hazard_source,
    )  # fmt: skip


def hazard_of(store: Store, code: str, *, scope: Scope) -> Any:
    """A hazard source, or None."""
    return _found(store, HAZARD_SOURCES, code, scope)


def registered(
    store: Store, facts: Mapping[str, Any], *, scope: Scope, before: Incident | None = None
) -> dict[str, Any]:  # fmt: skip
    """Facts, with what the registers say of the hazard source or the firm they name: firm, substance, place.

    What people told stays; what an incident had of the register `before` goes with what it named then.
    """
    found = dict(facts)
    if before is not None and not any(
        found.get(name) not in (None, "", getattr(before, name)) for name in ("hazard_source", "enterprise")
    ):
        return found
    if found.get("hazard_source") and hazard_of(store, str(found["hazard_source"]), scope=scope) is None:
        found["hazard_source"] = ""
    old = {} if before is None else _said(store, {name: getattr(before, name) for name in NAMED}, scope)
    kept = {name: value for name in FILLED if (value := getattr(before, name, None)) != old.get(name) and value}
    for name, value in _said(store, kept | found, scope).items():
        if found.get(name) in (None, "") and name not in kept:
            found[name] = value
    return found


def _said(store: Store, facts: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """What is registered of what facts name; a substance only where the source holds one and facts tell no other."""
    hazard = hazard_of(store, str(facts.get("hazard_source") or ""), scope=scope)
    code = str(facts.get("enterprise") or ("" if hazard is None else hazard.enterprise))
    firm = _found(store, ENTERPRISES, code, scope)
    places = (getattr(one, "geometry", None) for one in (hazard, firm))
    said: dict[str, Any] = {
        "enterprise": code, "enterprise_name": "" if firm is None else firm.name,
        "geometry": next((one for one in places if one is not None), None),
    }  # fmt: skip
    held: tuple[str, ...] = () if hazard is None else hazard.cas_numbers
    if len(held) == 1 and not _other(facts, held[0]):
        said |= {"chemical": held[0], "chemical_name": hazard.main_chemical}
    return {name: value for name, value in said.items() if value not in (None, "")}


def _other(facts: Mapping[str, Any], cas: str) -> bool:
    """Facts tell another substance, by its number or by a name that is known."""
    told = str(facts.get("chemical") or "")
    if told:
        return told != cas
    try:
        name = str(facts.get("chemical_name") or "")
        return bool(name) and (substance(name).cas or cas) != cas
    except NotFoundError:
        return False


def referred(store: Store, facts: Mapping[str, Any], *, scope: Scope) -> None:
    """What facts refer to is there for the writer, and a CAS number is one. Raises: FaultsError."""
    faults = [
        Fault(field=name, value=str(code), rule=Text(f"应为已登记的{title.zh}", f"is a registered {title.en}"))
        for name, layer, title in (
            ("enterprise", ENTERPRISES, Text("企业代码", "enterprise")),
            ("hazard_source", HAZARD_SOURCES, Text("重大危险源编码", "hazard source")),
        )
        if (code := facts.get(name)) and _found(store, layer, str(code), scope) is None
    ]  # fmt: skip
    cas = str(facts.get("chemical") or "")
    if cas and not is_cas(cas):
        rule = Text("应为 CAS 号(如 7782-50-5),名称写在物质名称", "is a CAS number (as 7782-50-5), no name")
        faults.append(Fault(field="chemical", value=cas, rule=rule))
    if faults:
        raise FaultsError(faults)


def area_at(store: Store, place: LonLat) -> str:
    """The smallest area that a point lies in, blank outside all of them."""
    query = Query(where=Spatial(SpatialOp.INTERSECTS, shapely.Point(place.lon, place.lat)), fields=("code",),
                  geometry=False)  # fmt: skip
    codes = store.read(AREAS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()
    return max(codes, key=len, default="")


def outside(store: Store, place: LonLat, code: str) -> str | None:
    """Where a place lies that is not in an area: the code of another, blank outside all; None where it is in it.

    Of an area without a shape nobody can say.
    """
    whole = Query(where=Compare("code", Op.EQ, code), fields=("code",))
    shapes = store.read(AREAS, whole, scope=SYSTEM_SCOPE)["geometry"].to_pylist()
    if not any(shapes):
        return None
    query = Query(where=Spatial(SpatialOp.INTERSECTS, shapely.Point(place.lon, place.lat)), fields=("code",),
                  geometry=False)  # fmt: skip
    codes = [str(one) for one in store.read(AREAS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()]
    if any(one.startswith(code) for one in codes):
        return None
    return max((one for one in codes if not code.startswith(one)), key=len, default="")


def area_known(store: Store, code: str) -> bool:
    """There is such an area."""
    return store.count(AREAS, Query(where=Compare("code", Op.EQ, code)), scope=SYSTEM_SCOPE) > 0


def _sensor(store: Store, point: str, scope: Scope) -> Any:
    return _found(store, SENSORS, point.partition("/")[0], scope)


def _found(store: Store, layer: Layer, key: str, scope: Scope) -> Any:
    seen = store.catalogue.find(layer.id, scope)
    if seen is None or not key:
        return None
    try:
        return store.get(seen, key, scope=scope).record
    except NotFoundError:
        return None
