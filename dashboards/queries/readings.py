"""Sensor readings as the screens need them: the latest value with its age, and a short curve under its limit."""

from datetime import datetime, timedelta
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from core.clock import iso
from core.scope import Scope
from core.texts import Lang
from core.units import Second
from dashboards.queries.wording import number, unit
from layers.filters import And, Compare, Filter, In, Op
from layers.layer import Layer
from store.protocol import Store
from store.query import Query

STALE_AFTER: Second = 60.0 * 75
"""A reading older than this is past its time: readings come hourly at least."""

LIVE_WITHIN: Second = 60.0 * 5
"""A point whose last reading is younger reports by the minute: its figure moves while people look."""


class Series(Protocol):
    """Readings by point: `latest` answers point, at, value; `window` at, value; `stamp` changes when readings come."""

    def stamp(self) -> str: ...

    def latest(self, points: list[str]) -> pa.Table: ...

    def window(self, point: str, start: datetime, end: datetime, buckets: int) -> pa.Table: ...


def _shown(sensors: Layer, where: Filter, scope: Scope) -> Query:
    """Only what is shown of a sensor: whoever watches the wall does not read its gateway."""
    seen = sensors.fields_in(scope)
    fields = tuple(name for name in (sensors.key, "name", "unit", "high") if name in seen)
    return Query(where=where, fields=fields, geometry=False)


class Readings:
    """The series joined to the sensors they belong to, under a scope."""

    def __init__(self, store: Store, series: Series) -> None:
        self.store = store
        self.series = series

    def latest(self, keys: list[str], *, scope: Scope, lang: Lang) -> dict[str, dict[str, Any]]:
        """Latest value, unit, limit and time by sensor key, for sensors the caller may see."""
        sensors = self.store.catalogue.find("sensors", scope)
        if sensors is None or not keys:
            return {}
        where = In(sensors.key, tuple(keys))
        found = self.store.read(sensors, _shown(sensors, where, scope), scope=scope).to_pylist()
        values = {row["point"]: row for row in self.series.latest([row[sensors.key] for row in found]).to_pylist()}
        return {
            row[sensors.key]: self._one(row, values[row[sensors.key]]) for row in found if row[sensors.key] in values
        }

    def _one(self, sensor: dict[str, Any], reading: dict[str, Any]) -> dict[str, Any]:
        limit = sensor.get("high")
        return {
            "value": number(round(float(reading["value"]), 2)),
            "unit": unit(sensor.get("unit")),
            "limit": None if limit is None else number(limit),
            "at": iso(reading["at"]),
        }

    def enrich(self, layer: Layer, key: str, sections: list[dict[str, Any]], *, scope: Scope, lang: Lang) -> None:
        """Write the latest values into the sensor rows of a card, or into the card of a sensor itself."""
        for section in sections:
            if section.get("layer") == "sensors":
                found = self.latest([row["key"] for row in section["rows"]], scope=scope, lang=lang)
                for row in section["rows"]:
                    row["reading"] = found.get(row["key"])
        if layer.id == "sensors":
            reading = self.latest([key], scope=scope, lang=lang).get(key)
            if reading is not None:
                sections.insert(0, {"id": "reading", "kind": "reading", "title": "", "reading": reading})

    def fresh(self, now: datetime, *, scope: Scope) -> int | None:
        """How many sensors in use have a value that is not past its time."""
        sensors = self.store.catalogue.find("sensors", scope)
        if sensors is None:
            return None
        keys = self.store.read(sensors, Query(fields=(sensors.key,), geometry=False), scope=scope)[sensors.key]
        latest = self.series.latest(keys.to_pylist())
        late = pa.scalar(now - timedelta(seconds=STALE_AFTER), pa.timestamp("us", "UTC"))
        return int(pc.sum(pc.greater_equal(latest["at"], late)).as_py() or 0)

    def key_parameters(self, now: datetime, *, scope: Scope, count: int = 9) -> list[dict[str, Any]] | None:
        """The points to watch: those past their limit, then those that report by the minute, then the others.

        Of the first the freshest, of the rest the nearest to its limit comes first. None: sensors are kept from the
        caller.
        """
        sensors = self.store.catalogue.find("sensors", scope)
        if sensors is None:
            return None
        where = And((Compare("in_use", Op.EQ, True), Compare("high", Op.GT, 0.0)))
        table = self.store.read(sensors, _shown(sensors, where, scope), scope=scope)
        latest = self.series.latest(table[sensors.key].to_pylist())
        joined = table.rename_columns({sensors.key: "point"}).join(latest, "point", join_type="inner")
        share = pc.divide(joined["value"], joined["high"])
        live = pc.greater_equal(joined["at"], pa.scalar(now - timedelta(seconds=LIVE_WITHIN), joined["at"].type))
        past = pc.greater_equal(share, 1.0)
        ranked = joined.append_column("share", share).append_column("past", past.cast(pa.int8()))
        ranked = ranked.append_column("live", live.cast(pa.int8()))
        order = [("past", "descending"), ("live", "descending"), ("share", "descending"), ("point", "ascending")]
        return [self._parameter(row, now) for row in ranked.sort_by(order).slice(0, count).to_pylist()]

    def _parameter(self, row: dict[str, Any], now: datetime) -> dict[str, Any]:
        curve = self.series.window(row["point"], now - timedelta(days=1), now, 48)
        return {
            "key": row["point"],
            "name": row["name"],
            "value": number(round(float(row["value"]), 2)),
            "unit": unit(row["unit"]),
            "limit": number(row["high"]),
            "high": row["high"],
            "at": iso(row["at"]),
            "stale": now - row["at"] > timedelta(seconds=STALE_AFTER),
            "curve": curve["value"].to_pylist(),
        }
