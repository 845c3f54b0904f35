"""Keeps the served demo city reporting: readings each minute, weather every ten; computed, never measured."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from app.demo.history import NAMED, sensor_news, weather_news
from app.wiring import System
from core.actors import Actor
from core.scope import SYSTEM_SCOPE
from core.units import Second
from layers.catalogue import CATALOGUE
from layers.layer import Layer
from monitoring.readings import batch
from store.feed import Put
from store.query import EVERYTHING

_log = logging.getLogger(__name__)

DEMO_ACTOR = Actor(id="demo-loader", name="演示数据装载", door="cli")
LONGEST_GAP = timedelta(days=2)
"""After a longer stop the curves keep their hole: filling it would only delay the start."""

EVERY: Second = 60.0
BATCH = 50_000


def catch_up(system: System) -> None:
    """Append what points and stations report up to now since they last did; nothing where nothing is due."""
    now = system.clock()
    _sensors(system, now)
    _weather(system, now)


def _since(system: System, layer: Layer, keys: list[str], now: datetime) -> datetime:
    last: datetime | None = pc.max(system.series.latest(layer, keys, scope=SYSTEM_SCOPE)["at"]).as_py()
    return max(last or now - LONGEST_GAP, now - LONGEST_GAP)


def _sensors(system: System, now: datetime) -> None:
    layer = CATALOGUE["sensors"]
    sensors = system.store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE)
    if sensors.num_rows:
        new = sensor_news(sensors, _since(system, layer, sensors[layer.key].to_pylist()[:NAMED], now), now)
        _report(system, new)


def _report(system: System, readings: pa.Table) -> None:
    """As every other source does: through the inbox, a batch after the other, each kept before the next."""
    for start in range(0, readings.num_rows, BATCH):
        part = batch(readings.slice(start, BATCH), source=DEMO_ACTOR.id, arrived=system.clock())
        system.inbox.offer(part).result()


def _weather(system: System, now: datetime) -> None:
    layer = CATALOGUE["weather_stations"]
    stations = system.store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE)
    if not stations.num_rows:
        return
    keys = stations[layer.key].to_pylist()
    _report(system, weather_news(stations, _since(system, layer, keys, now), now))
    latest = system.series.latest(layer, keys, scope=SYSTEM_SCOPE)
    written = pc.max(stations["read_at"]).as_py()
    if written is not None and written >= pc.max(latest["at"]).as_py():
        return
    edits = [
        Put(layer=layer.id, record=system.store.get(layer, key, scope=SYSTEM_SCOPE).record.model_copy(update=observed))
        for key, observed in _by_station(latest).items()
    ]
    system.store.commit(edits, actor=DEMO_ACTOR, reason="演示数据:气象站上报", scope=SYSTEM_SCOPE)


def _by_station(latest: pa.Table) -> dict[str, dict[str, Any]]:
    """The last observation of each station as the fields of its row."""
    found: dict[str, dict[str, Any]] = {}
    for row in latest.to_pylist():
        found.setdefault(row["key"], {"read_at": row["at"]})[row["element"]] = row["value"]
    return found


@contextmanager
def alive(system: System) -> Iterator[None]:
    """While this is open the demo city reports; a failed round is logged and the next one tried."""
    over = threading.Event()

    def rounds() -> None:
        while not over.wait(EVERY):
            try:
                catch_up(system)
            except Exception:
                _log.exception("a round of demo readings failed")

    thread = threading.Thread(target=rounds, name="demo-alive", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=10)
