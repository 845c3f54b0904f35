"""The registry of devices as a page asks for it: found and sorted here, each with when it was heard and how its points
stand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core.clock import CHINA, iso
from core.errors import ForbiddenError
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.curve import NEVER
from dashboards.queries.standings import firm_names, standings
from dashboards.queries.wording import area_names, code_label, unit
from layers.catalogue import DEVICES
from layers.catalogue.devices import Device
from layers.filters import And, Compare, Filter, In, Op, Under
from layers.layer import Layer
from monitoring.devices import Carrier, Devices
from monitoring.quality import State
from monitoring.quality.parameters import practice
from store.identity.devices import Seen
from store.protocol import Store
from store.query import Query
from store.rows import record_of
from store.series import Series

PAGE = 50
AT_ONCE = 500
POINTS_TOLD = 200
SORTS = ("code", "name", "enterprise", "state", "due", "heard", "points")
DUE = ("overdue", "soon", "unknown")
HEARD = ("never", "day", "hour")
SPANS = {"day": timedelta(days=1), "hour": timedelta(hours=1)}
"""Devices not heard for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which devices are asked for, in which order, from which on; empty is any."""

    words: str = ""
    state: str = ""
    protocol: str = ""
    area: str = ""
    enterprise: str = ""
    point: str = ""
    due: str = ""
    heard: str = ""
    sort: str = "code"
    down: bool = False
    start: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A device with its version, the points it carries and when it was heard."""

    device: Device
    version: int
    points: frozenset[str]
    seen: Seen | None

    def due(self, now: datetime) -> str:
        """How its calibration stands: overdue, soon, valid, or unknown where nobody registered it."""
        overdue = Carrier(code=self.device.code, calibrated_until=self.device.calibrated_until).overdue_from()
        if overdue is None:
            return "unknown"
        soon = timedelta(seconds=practice()["calibration_soon", ""])
        return "overdue" if overdue <= now else "soon" if overdue <= now + soon else "valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """What the page asks: rows of the caller's scope, what carries which point, and when each was heard."""

    store: Store
    series: Series
    known: Devices
    seen: Mapping[str, Seen]
    now: datetime

    def found(self, wish: Wish, scope: Scope) -> list[Registered]:
        """The devices of a wish, in its order."""
        parts: list[Filter] = [
            Compare(name, Op.EQ, value)
            for name, value in (
                ("state", wish.state), ("protocol", wish.protocol), ("enterprise", wish.enterprise)
            )
            if value
        ]  # fmt: skip
        if wish.area:
            parts.append(Under("area", wish.area))
        query = Query(where=And(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None, geometry=False)
        layer = device_layer(self.store, scope)
        table = self.store.read(layer, query, scope=scope)
        rows = [self._row(layer, row, scope) for row in table.to_pylist()]
        return sorted(
            sorted((one for one in rows if self._fits(one, wish)), key=lambda one: one.device.code),
            key=lambda one: self._place(one, wish.sort), reverse=wish.down,
        )  # fmt: skip

    def one(self, code: str, scope: Scope) -> Registered:
        """One device; NotFoundError where the caller may not know of it."""
        found = self.store.get(device_layer(self.store, scope), code, scope=scope)
        assert isinstance(found.record, Device)
        return self._of(found.record, found.version)

    def page(self, wish: Wish, *, scope: Scope, lang: Lang) -> dict[str, Any]:
        """A page of them, with counts of all in scope by state, calibration and hearing."""
        every = self.found(Wish(), scope)
        rows = every if wish == Wish() else self.found(wish, scope)
        shown = rows[wish.start : wish.start + PAGE]
        states = self.states((code for one in shown for code in one.points), scope)
        areas = area_names(self.store, scope)
        firms = firm_names(self.store, [one.device.enterprise for one in shown if one.device.enterprise], scope)
        return {
            "at": iso(self.now), "total": len(rows), "from": wish.start, "page": PAGE, "devices": len(every),
            "counts": self._counts(every),
            "districts": [
                {"code": code, "name": areas.get(code, code)}
                for code in sorted({one.device.area[:6] for one in every if one.device.area})
            ],
            "rows": [self.told(one, states, areas, firms, lang) for one in shown],
        }  # fmt: skip

    def told(
        self, one: Registered, states: Mapping[str, Mapping[str, Any]], areas: Mapping[str, str],
        firms: Mapping[str, str], lang: Lang,
    ) -> dict[str, Any]:  # fmt: skip
        """A line of the list."""
        device = one.device
        mine = [states[code]["state"] for code in one.points if code in states]
        return {
            "code": device.code, "name": device.name, "version": one.version, "mn": device.mn,
            "kind": code_label("device_kind", device.kind, lang), "state": device.state,
            "state_word": code_label("device_state", device.state, lang),
            "protocol": code_label("device_protocol", device.protocol, lang),
            "enterprise": device.enterprise,
            "enterprise_name": firms.get(device.enterprise, device.enterprise) if device.enterprise else "",
            "area": areas.get(device.area, device.area),
            "calibrated_at": _day(device.calibrated_at), "calibrated_until": _day(device.calibrated_until),
            "due": one.due(self.now),
            "heard": None if one.seen is None else iso(one.seen.at),
            "source": "" if one.seen is None else one.seen.source,
            "points": len(one.points), "seen_points": len(mine),
            "states": {state.value: mine.count(state.value) for state in State},
        }  # fmt: skip

    def states(self, codes: Iterable[str], scope: Scope) -> dict[str, dict[str, Any]]:
        """How the points in use among some stand; those the caller does not see are not among them."""
        asked, found = sorted(set(codes)), {}
        for n in range(0, len(asked), AT_ONCE):
            part = tuple(asked[n : n + AT_ONCE])
            table = standings(self.store, self.series, In("code", part), now=self.now, scope=scope)
            for row in [] if table is None else table.to_pylist():
                found[row["code"]] = row
        return found

    def points(self, one: Registered, *, scope: Scope, lang: Lang) -> list[dict[str, Any]]:
        """The points of a device as they stand, those that are not well first."""
        rank = {State.UNKNOWN.value: 0, State.DOUBTFUL.value: 1}
        rows = sorted(
            self.states(one.points, scope).values(), key=lambda row: (rank.get(row["state"], 2), row["code"])
        )  # fmt: skip
        return [
            {
                "code": row["code"], "name": row["name"], "unit": unit(row["unit"]), "value": row["value"],
                "state": row["state"], "state_word": State(row["state"]).label.of(lang),
                "at": None if row["at"] is None else iso(row["at"]),
                "why": NEVER.of(lang) if row["at"] is None else "",
            }
            for row in rows[:POINTS_TOLD]
        ]  # fmt: skip

    def _row(self, layer: Layer, row: dict[str, Any], scope: Scope) -> Registered:
        record = record_of(layer, row, scope)
        assert isinstance(record, Device)
        return self._of(record, row["_version"])

    def _of(self, device: Device, version: int) -> Registered:
        carrier = self.known.by_code.get(device.code)
        points = frozenset(device.points) if carrier is None else carrier.points
        return Registered(device=device, version=version, points=points, seen=self.seen.get(device.code))

    def _fits(self, one: Registered, wish: Wish) -> bool:
        device, word = one.device, wish.words.lower()
        if word and not any(word in text.lower() for text in (device.code, device.name, device.mn)):
            return False
        if wish.point and wish.point not in one.points:
            return False
        if wish.due and one.due(self.now) != wish.due:
            return False
        if wish.heard == "never":
            return one.seen is None
        return not wish.heard or (one.seen is not None and one.seen.at < self.now - SPANS[wish.heard])

    def _place(self, one: Registered, sort: str) -> Any:
        """What is not known comes before everything: it is what somebody has to look at."""
        if sort == "due":
            return one.device.calibrated_until or date.min
        if sort == "heard":
            return 0.0 if one.seen is None else one.seen.at.timestamp()
        return len(one.points) if sort == "points" else getattr(one.device, sort)

    def _counts(self, every: list[Registered]) -> dict[str, int]:
        due = [one.due(self.now) for one in every]
        counts = {f"due_{name}": due.count(name) for name in DUE}
        counts |= {name: sum(self._fits(one, Wish(heard=name)) for one in every) for name in HEARD}
        for one in every:
            counts[one.device.state] = counts.get(one.device.state, 0) + 1
        return counts


def device_layer(store: Store, scope: Scope) -> Layer:
    """The layer of devices; ForbiddenError for whom it is not there."""
    layer = store.catalogue.find(DEVICES.id, scope)
    if layer is None:
        raise ForbiddenError(Text("设备档案对您的岗位不开放", "the registry of devices is not open to your role"))
    return layer


def _day(given: date | None) -> str:
    return "" if given is None else given.isoformat()


def local(given: datetime | None) -> str:
    """A time as a table on paper has it."""
    return "" if given is None else f"{given.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
