"""Which points there are and by what they are judged, read from the layers and read again when these change."""

import threading
import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
from annotated_types import Ge, Gt, Le, Lt
from numpy.typing import NDArray

from core.scope import SYSTEM_SCOPE, Scope
from core.units import Second
from layers.catalogue import DEVICES, SENSORS, WEATHER_STATIONS
from layers.catalogue.sensing import WeatherStation
from monitoring.devices import Devices, devices
from monitoring.quality import Parameters, parameters
from monitoring.quality.parameters import Point, joined
from monitoring.readings import Known, known
from store.protocol import Store
from store.query import Query

CHECKED: Second = 1.0
"""So often it is asked whether the layers changed."""

STATION_INTERVAL: Second = 600.0
"""As the layer of the weather stations says: every ten minutes."""

READ = frozenset({SENSORS.id, WEATHER_STATIONS.id, DEVICES.id})
"""The layers that tell what points there are."""

OBSERVED = frozenset(
    {
        "wind_speed",
        "wind_from",
        "gust",
        "temperature",
        "humidity",
        "pressure",
        "cloud",
        "solar",
        "rain_hour",
        "visibility",
    }
)
"""What a weather station reports beside no `value`."""


class Register:
    """The measuring points and weather stations as doors and checks need them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._looked = -CHECKED
        self._head = -1
        self._known = known({})
        self._points: dict[tuple[str, str], Point] = {}
        self._overdue: dict[str, float | None] = {}
        self._names: list[tuple[str, str, str]] = []
        self._parameters = parameters([])
        self._tags: Mapping[tuple[str, str], str] = {}
        self._owners: Mapping[str, str] = {}
        self._devices = Devices()
        self._stale = False
        self._open: dict[Scope, frozenset[str]] = {}

    def known(self) -> Known:
        """The points there are now."""
        self._refresh()
        return self._known

    def tags(self) -> Mapping[tuple[str, str], str]:
        """The code of the point that each device and tag stand for."""
        self._refresh()
        return self._tags

    def owners(self) -> Mapping[str, str]:
        """The enterprise of each measuring point."""
        self._refresh()
        return self._owners

    def devices(self) -> Devices:
        """What carries the points."""
        self._refresh()
        return self._devices

    def open_to(self, scope: Scope) -> frozenset[str]:
        """The codes of the points a caller sees, who reports for no others."""
        self._refresh()
        with self._lock:
            found = self._open.get(scope)
        if found is None:
            found = frozenset(
                code
                for layer in (SENSORS, WEATHER_STATIONS)
                if scope.layers is None or layer.id in scope.layers
                for code in self._store.read(layer, Query(fields=(layer.key,), geometry=False), scope=scope)[
                    layer.key
                ].to_pylist()
            )
            with self._lock:
                self._open[scope] = found
        return found

    def _refresh(self) -> None:
        with self._lock:
            now = time.monotonic()
            if now - self._looked < CHECKED:
                return
            self._looked = now
            head = self._store.head()
            if head == self._head:
                return
            before, self._head = self._head, head
            if before >= 0 and not self._store.feed(after=before, scope=SYSTEM_SCOPE, layers=READ, limit=1):
                return  # alarms and cases change by the second; the points do not
            self._open.clear()
            fields = (SENSORS.key, "kind", "range_low", "range_high", "interval_seconds", "device", "tag", "enterprise")
            sensors = self._store.read(SENSORS, Query(fields=fields, geometry=False), scope=SYSTEM_SCOPE)
            codes = sensors[SENSORS.key].to_pylist()
            columns = (sensors[name].to_pylist() for name in fields[1:5])
            named, tags = sensors["device"].to_pylist(), sensors["tag"].to_pylist()
            self._devices = devices(self._store, ((code, one) for code, one in zip(codes, named, strict=True) if one))
            self._owners = dict(zip(codes, sensors["enterprise"].to_pylist(), strict=True))
            self._tags = {
                (name, tag): code
                for code, device, tag in zip(codes, named, tags, strict=True)
                if device and tag
                for name in self._devices.names(device)
            }
            points = {
                (SENSORS.id, code): Point(
                    kind=kind or "",
                    low=low,
                    high=high,
                    interval=interval,
                    calibrated_until=self._devices.overdue_from(code),
                )
                for code, kind, low, high, interval in zip(codes, *columns, strict=True)
            }
            stations = self._store.read(
                WEATHER_STATIONS, Query(fields=(WEATHER_STATIONS.key,), geometry=False), scope=SYSTEM_SCOPE
            )[WEATHER_STATIONS.key].to_pylist()
            self._known = known({SENSORS.id: codes, WEATHER_STATIONS.id: stations})
            overdue = {code: self._devices.overdue_from(code) for code in stations}
            if points != self._points or overdue != self._overdue:
                self._points, self._overdue, self._stale = points, overdue, True

    def met(self, points: NDArray[np.int32], batch: pa.Table) -> bool:
        """Learn the names of numbers not met before; whether parameters are others than when last asked."""
        self._refresh()
        count = len(self._names)
        changed = False
        if len(points) and int(points.max()) >= count:
            new, first = np.unique(points, return_index=True)
            rows = batch.select(["layer", "key", "element"]).take(pa.array(first[new >= count])).to_pylist()
            self._names += [("", "", "")] * (int(points.max()) + 1 - count)
            for number, row in zip(new[new >= count].tolist(), rows, strict=True):
                self._names[number] = (row["layer"], row["key"], row["element"])
            self._parameters = joined(self._parameters, self._of(self._names[count:]))
            changed = True
        unmet = [n for n in np.unique(points[points < count]).tolist() if not self._names[n][0]]
        if unmet:
            new, first = np.unique(points, return_index=True)
            place = dict(zip(new.tolist(), first.tolist(), strict=True))
            for number, row in zip(unmet, batch.take(pa.array([place[n] for n in unmet])).to_pylist(), strict=True):
                self._names[number] = (row["layer"], row["key"], row["element"])
        if unmet or self._stale:
            self._stale = False
            self._parameters, changed = self._of(self._names), True
        return changed

    def parameters(self) -> Parameters:
        """By what each number's point is judged."""
        return self._parameters

    def _of(self, names: list[tuple[str, str, str]]) -> Parameters:
        return parameters([self._point(*name) for name in names])

    def _point(self, layer: str, key: str, element: str) -> Point:
        if layer == WEATHER_STATIONS.id:
            observed = OBSERVATIONS.get(element, Point(interval=STATION_INTERVAL))
            until = self._overdue.get(key)
            return observed if until is None else replace(observed, calibrated_until=until)
        return self._points.get((layer, key), Point())


def _declared() -> Mapping[str, Point]:
    """The range of each observation, as the record of a weather station declares it."""
    found = {}
    for name in sorted(OBSERVED):
        limits = WeatherStation.model_fields[name].metadata
        low = next((one.ge if isinstance(one, Ge) else one.gt for one in limits if isinstance(one, Ge | Gt)), None)
        high = next((one.le if isinstance(one, Le) else one.lt for one in limits if isinstance(one, Le | Lt)), None)
        kind = "rainfall" if name == "rain_hour" else ""
        found[name] = Point(kind=kind, low=_number(low), high=_number(high), interval=STATION_INTERVAL)
    return found


def _number(given: object) -> float | None:
    return float(given) if isinstance(given, int | float) else None


OBSERVATIONS = _declared()
