"""Sensor readings as the screens need them: the newest value while it is one, its age, a short curve."""

from datetime import datetime, timedelta
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.clock import iso
from core.scope import Scope
from core.texts import Lang
from core.units import Second
from dashboards.queries.curve import NEVER, why_of
from dashboards.queries.wording import number, unit
from layers.filters import And, Compare, Filter, In, Op
from layers.layer import Layer
from monitoring.quality import State, standing
from store.protocol import Store
from store.query import Query

STALE_AFTER: Second = 60.0 * 75
"""A weather observation older than this is past its time; a sensor's own interval says it of its readings."""

LIVE_WITHIN: Second = 60.0 * 5
"""A point whose last reading is younger reports by the minute: its figure moves while people look."""


class Series(Protocol):
    """Readings by point: `latest` answers point, at, value, quality, flags, whatever the newest is worth.

    `window` answers at and value; `stamp` changes when readings come.
    """

    def stamp(self) -> str: ...

    def latest(self, points: list[str]) -> pa.Table: ...

    def window(self, point: str, start: datetime, end: datetime, buckets: int) -> pa.Table: ...


def _shown(sensors: Layer, where: Filter, scope: Scope) -> Query:
    """Only what is shown of a sensor: whoever watches the wall does not read its gateway."""
    seen = sensors.fields_in(scope)
    fields = tuple(name for name in (sensors.key, "name", "unit", "high", "interval_seconds") if name in seen)
    return Query(where=where, fields=fields, geometry=False)


def _shown_number(value: float | None) -> str | None:
    return None if value is None or not np.isfinite(value) else number(round(float(value), 2))


class Readings:
    """The series joined to the sensors they belong to, under a scope."""

    def __init__(self, store: Store, series: Series) -> None:
        self.store = store
        self.series = series

    def latest(self, keys: list[str], now: datetime, *, scope: Scope, lang: Lang) -> dict[str, dict[str, Any]]:
        """By sensor key, as far as the caller may see: the value while it is one, what was said last, why, limit."""
        sensors = self.store.catalogue.find("sensors", scope)
        if sensors is None or not keys:
            return {}
        where = In(sensors.key, tuple(keys))
        table = self.store.read(sensors, _shown(sensors, where, scope), scope=scope)
        stands = self._standing(table, now)
        values = {row["point"]: row for row in stands.to_pylist()}
        return {row[sensors.key]: self._one(row, values.get(row[sensors.key]), lang) for row in table.to_pylist()}

    def _standing(self, sensors: pa.Table, now: datetime) -> pa.Table:
        """What the newest reading of each sensor is worth now, by its own interval; no row where there is none."""
        keys = sensors[sensors.column_names[0]]
        latest = self.series.latest(keys.to_pylist())
        own = pc.index_in(latest["point"], value_set=keys.combine_chunks()).to_numpy()
        seen = "interval_seconds" in sensors.column_names
        every = sensors["interval_seconds"].to_numpy() if seen else np.full(len(keys), np.nan)
        return standing(latest, np.asarray(every, dtype=float)[own], now)

    def _one(self, sensor: dict[str, Any], reading: dict[str, Any] | None, lang: Lang) -> dict[str, Any]:
        limit = sensor.get("high")
        found = reading or {"value": None, "said": None, "at": None, "state": State.UNKNOWN.value}
        why = [NEVER.of(lang)] if reading is None else why_of(reading["flags"], reading["quality"], lang)
        return {
            "value": _shown_number(found["value"]),
            "said": _shown_number(found["said"]),
            "unit": unit(sensor.get("unit")),
            "limit": None if limit is None else number(limit),
            "at": None if found["at"] is None else iso(found["at"]),
            "state": found["state"],
            "state_title": State(found["state"]).label.of(lang),
            "why": why,
        }

    def enrich(
        self, layer: Layer, key: str, sections: list[dict[str, Any]], now: datetime, *, scope: Scope, lang: Lang
    ) -> None:
        """Write the latest values into the sensor rows of a card, or into the card of a sensor itself."""
        for section in sections:
            if section.get("layer") == "sensors":
                found = self.latest([row["key"] for row in section["rows"]], now, scope=scope, lang=lang)
                for row in section["rows"]:
                    row["reading"] = found.get(row["key"])
        if layer.id == "sensors":
            reading = self.latest([key], now, scope=scope, lang=lang).get(key)
            if reading is not None:
                about = {"id": "reading", "kind": "reading", "title": "", "layer": layer.id, "code": key}
                sections.insert(0, about | {"reading": reading})

    def fresh(self, now: datetime, *, scope: Scope) -> int | None:
        """How many sensors have a value: the newest reading is neither silent nor bad."""
        sensors = self.store.catalogue.find("sensors", scope)
        if sensors is None:
            return None
        fields = tuple(name for name in (sensors.key, "interval_seconds") if name in sensors.fields_in(scope))
        table = self.store.read(sensors, Query(fields=fields, geometry=False), scope=scope)
        return int(pc.sum(pc.not_equal(self._standing(table, now)["state"], State.UNKNOWN.value)).as_py() or 0)

    def key_parameters(self, now: datetime, *, scope: Scope, count: int = 9) -> list[dict[str, Any]] | None:
        """The points to watch: those past their limit, then those that report by the minute, then the others.

        Of the first the freshest, of the rest the nearest to its limit comes first; those whose value is unknown come
        last, with what they said last, told apart as stale. None: sensors are kept from the caller.
        """
        sensors = self.store.catalogue.find("sensors", scope)
        if sensors is None:
            return None
        where = And((Compare("in_use", Op.EQ, True), Compare("high", Op.GT, 0.0)))
        table = self.store.read(sensors, _shown(sensors, where, scope), scope=scope)
        stands = self._standing(table, now)
        stands = stands.filter(pc.is_finite(stands["said"])).select(["point", "at", "value", "said", "state"])
        joined = table.rename_columns({sensors.key: "point"}).join(stands, "point", join_type="inner")
        share = pc.divide(joined["value"], joined["high"])
        live = pc.greater_equal(joined["at"], pa.scalar(now - timedelta(seconds=LIVE_WITHIN), joined["at"].type))
        past = pc.fill_null(pc.greater_equal(share, 1.0), False)
        live = pc.and_(live, pc.is_valid(share))
        known = pc.is_valid(share).cast(pa.int8())
        ranked = joined.append_column("share", share).append_column("past", past.cast(pa.int8()))
        ranked = ranked.append_column("live", live.cast(pa.int8())).append_column("known", known)
        order = ("known", "past", "live", "share")
        ranked = ranked.sort_by([*((name, "descending") for name in order), ("point", "ascending")])
        return [self._parameter(row, now) for row in ranked.slice(0, count).to_pylist()]

    def _parameter(self, row: dict[str, Any], now: datetime) -> dict[str, Any]:
        curve = self.series.window(row["point"], now - timedelta(days=1), now, 48)
        return {
            "key": row["point"],
            "name": row["name"],
            "value": number(round(float(row["said"]), 2)),
            "unit": unit(row["unit"]),
            "limit": number(row["high"]),
            "high": row["high"],
            "at": iso(row["at"]),
            "stale": row["state"] == State.UNKNOWN.value,
            "curve": curve["value"].to_pylist(),
        }
