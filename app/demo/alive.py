"""Keeps the served demo city reporting: readings every five seconds, weather every ten minutes; never measured."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.demo.history import NAMED, live_news, sensor_news, weather_news
from app.demo.tale import Tale
from app.repeating import Chore
from app.wiring import System
from core.actors import Actor
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from core.units import Second
from layers.catalogue import CATALOGUE
from layers.layer import Layer
from monitoring.readings import batch
from monitoring.simulate import park_of
from store.feed import Put
from store.query import EVERYTHING

REPORTED = Chore(Text("生成演示读数", "Demo readings"), "a round of demo readings failed")
_log = logging.getLogger(__name__)

DEMO_ACTOR = Actor(id="demo-loader", name="演示数据装载", door="cli")
LONGEST_GAP = timedelta(days=2)
"""After a longer stop the curves keep their hole: filling it would only delay the start."""

EVERY: Second = 5.0
LOOKED = timedelta(minutes=1)
"""So often it is looked at what points there are, and at the weather."""

PAUSED = timedelta(minutes=3)
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
    stations = stations.filter(pc.not_equal(stations["kind"], "manual"))  # what somebody saw is not computed
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


class Rounds:
    """What the served city reports: the named points and those in trouble every five seconds, the rest as ever."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._last = system.clock()
        self._begun = self._last
        self._looked: datetime | None = None
        self._tale: Tale | None = None

    def report(self) -> None:
        """Report up to now; after a pause of the machine the minutes in between as after a stop."""
        now = self._system.clock()
        if self._looked is None or now - self._looked > LOOKED:
            self._points = self._system.store.read(CATALOGUE["sensors"], EVERYTHING, scope=SYSTEM_SCOPE)
            self._looked = now
            _weather(self._system, now)
        if not self._points.num_rows:
            return
        if now - self._last > PAUSED:
            catch_up(self._system)
            self._last = now
        tale = self._told()
        news = live_news(self._points, self._last, now, tale.lively, tale.values)
        self._last = now
        _report(self._system, news)

    def _told(self) -> Tale:
        if self._tale is None or len(self._tale.areas) != self._points.num_rows:
            whole = self._points.set_column(
                self._points.column_names.index("in_use"), "in_use", pa.array([True] * self._points.num_rows)
            )
            areas = np.array(self._points["area"].to_pylist(), dtype=np.str_)
            self._tale = Tale(park_of(whole), areas, self._begun)
        return self._tale


@contextmanager
def alive(system: System, first: Callable[[], None] | None = None, *, every: Second = EVERY) -> Iterator[None]:
    """While this is open the demo city reports; a failed round is logged and the next one tried.

    `first` is done before the first of them, while pages are served.
    """
    over = threading.Event()

    def rounds() -> None:
        reporting = Rounds(system)
        if first is not None:
            try:
                first()
            except Exception:
                if over.is_set():  # the store was closed under it: nothing failed
                    return
                _log.exception("the demo city is not loaded whole; the next start tries again")
        while not over.wait(every):
            with system.chores.tried(_log, REPORTED):
                reporting.report()

    thread = threading.Thread(target=rounds, name="demo-alive", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=10)
