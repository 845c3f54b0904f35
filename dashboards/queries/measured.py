"""What is known of one measuring point: name and unit, its interval, the limits it is held against, its alarms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.clock import iso
from core.errors import BadInputError, NotFoundError
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.wording import code_label, unit
from layers.catalogue import SENSORS, WEATHER_STATIONS
from layers.filters import And, Compare, In, Op
from layers.layer import Layer
from monitoring.alarms.rules import LIMIT_FIELDS
from monitoring.register import OBSERVED, STATION_INTERVAL
from store.protocol import Store
from store.query import Order, Query

VALUE = "value"
SHOWN = (
    "code", "name", "kind", "unit", "enterprise", "area", "device", "tag", "interval_seconds", "in_use", "range_low",
    "range_high", *LIMIT_FIELDS.values(), "source",
)  # fmt: skip
MOST_ALARMS = 200
REGISTER = Text("监测点档案", "the point's register")
AS_REGISTERED = Text("按档案登记,未与设计文件核对", "as registered, not held against the design")
"""How far a sensor's own limit is to be trusted: whoever registered it did not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One quantity of one point, as a caller may see it."""

    layer: Layer
    code: str
    element: str
    name: str
    quantity: str
    unit: str
    kind: str
    enterprise: str
    area: str
    device: str
    interval: float | None
    low: float | None
    high: float | None
    limits: tuple[tuple[str, float], ...]
    source: str

    @property
    def point(self) -> str:
        """As rules and alarms name it."""
        return self.code if self.layer.id == SENSORS.id else f"{self.code}/{self.element}"


def measured(store: Store, layer_id: str, code: str, element: str, *, scope: Scope, lang: Lang) -> Measured:
    """The point, NotFoundError where the caller may not know of it, BadInputError for a quantity it has not."""
    layer = store.catalogue.find(layer_id, scope) if layer_id in (SENSORS.id, WEATHER_STATIONS.id) else None
    if layer is None:
        raise NotFoundError(
            Text(f"没有监测图层“{layer_id[:40]}”,可用:sensors、weather_stations",
                 f"no layer of measuring points {layer_id[:40]!r}; there are: sensors, weather_stations"),
            layer=layer_id[:40],
        )  # fmt: skip
    allowed = (VALUE,) if layer.id == SENSORS.id else tuple(sorted(OBSERVED))
    if element not in allowed:
        raise BadInputError(
            Text(f"element={element[:40]}:应为 {'、'.join(allowed)} 之一",
                 f"element={element[:40]}: must be one of {', '.join(allowed)}"),
            field="element",
        )  # fmt: skip
    seen = layer.fields_in(scope)
    wanted = tuple(name for name in SHOWN if name in seen)
    query = Query(where=In(layer.key, (code,)), fields=wanted, geometry=False)
    rows = store.read(layer, query, scope=scope).to_pylist()
    if not rows:
        raise NotFoundError(Text(f"没有监测点“{code[:60]}”", f"no measuring point {code[:60]!r}"), key=code[:60])
    return _measured(layer, rows[0], element, lang)


def _measured(layer: Layer, row: dict[str, Any], element: str, lang: Lang) -> Measured:
    station = layer.id == WEATHER_STATIONS.id
    spec = layer.fields[element] if station else None
    interval = STATION_INTERVAL if station else row.get("interval_seconds")
    return Measured(
        layer=layer, code=row["code"], element=element, name=row.get("name") or row["code"],
        quantity=spec.title.of(lang) if spec else code_label("sensor_kind", row.get("kind"), lang),
        unit=unit(spec.unit if spec else row.get("unit")), kind="" if station else row.get("kind") or "",
        enterprise=row.get("enterprise") or "", area=row.get("area") or "", device=row.get("device") or "",
        interval=None if interval is None else float(interval), low=row.get("range_low"), high=row.get("range_high"),
        limits=tuple((one.value, row[name]) for one, name in LIMIT_FIELDS.items() if row.get(name) is not None),
        source=row.get("source") or "",
    )  # fmt: skip


def limits_of(store: Store, point: Measured, *, scope: Scope, lang: Lang) -> list[dict[str, Any]]:
    """The limits a reading is held against: the point's own, and those that rules in force give instead."""
    source = REGISTER.of(lang) + (f"·{point.source}" if point.source else "")
    own = [_limit(name, value, source, AS_REGISTERED.of(lang), "", lang) for name, value in point.limits]
    return [*own, *_ruled(store, point, scope, lang)]


def _limit(name: str, value: float, source: str, status: str, rule: str, lang: Lang) -> dict[str, Any]:
    title = code_label("alarm_condition", name, lang)
    return {"id": name, "title": title, "value": value, "source": source, "status": status, "rule": rule}


def _ruled(store: Store, point: Measured, scope: Scope, lang: Lang) -> list[dict[str, Any]]:
    layer = store.catalogue.find("alarm_rules", scope)
    if layer is None:
        return []
    where = And((Compare("state", Op.EQ, "in_force"), Compare("kind", Op.EQ, "limits")))
    rules = store.read(layer, Query(where=where, geometry=False), scope=scope).to_pylist()
    found = []
    for rule in rules:
        by_kind = not rule["points"] and rule["sensor_kind"] and rule["sensor_kind"] == point.kind
        if point.point not in (rule["points"] or ()) and not (by_kind and rule["enterprise"] in ("", point.enterprise)):
            continue
        status = code_label("basis_status", rule["basis_status"], lang)
        source = "·".join(part for part in (rule["title"], rule["basis"]) if part)
        for one, name in LIMIT_FIELDS.items():
            if rule[name] is not None and one.value in rule["limits"]:
                found.append(_limit(one.value, rule[name], source, status, rule["code"], lang))
    return found


def alarms_of(
    store: Store, point: Measured, start: datetime, end: datetime, *, scope: Scope, lang: Lang
) -> list[dict[str, Any]] | None:
    """Alarms of the point that stood at some time of a span, the newest first; None where they are kept from it."""
    layer = store.catalogue.find("alarms", scope)
    if layer is None:
        return None
    where = And((Compare("point", Op.EQ, point.point), Compare("raised_at", Op.LT, end)))
    order = (Order("raised_at", descending=True),)
    query = Query(where=where, geometry=False, order=order, limit=MOST_ALARMS)
    rows = store.read(layer, query, scope=scope).to_pylist()
    return [_alarm(row, lang) for row in rows if row["cleared_at"] is None or row["cleared_at"] > start]


def _alarm(row: dict[str, Any], lang: Lang) -> dict[str, Any]:
    return {
        "code": row["code"], "title": row["title"], "level": row["level"], "rule": row["rule"],
        "condition": code_label("alarm_condition", row["condition"], lang),
        "state": row["state"], "state_title": code_label("alarm_state", row["state"], lang),
        "from": iso(row["raised_at"]), "to": None if row["cleared_at"] is None else iso(row["cleared_at"]),
        "value": row["value"], "extreme": row["extreme"], "limit": row["limit"],
    }  # fmt: skip
