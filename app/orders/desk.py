"""Orders given and answered: each with its line of the log, its booking and its key in one transaction.

A command sent again, after a kill or a lost answer, is known by its key: no order goes out twice. A team that is booked
with an order is booked by the version of its row: of two who order it at once one has it and the other is told.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import shapely

from app.incidents.desk import By, Found, IncidentDesk, Told
from core.actors import Actor
from core.errors import ConflictError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from core.units import Metre, Second
from emergency.duty.booking import Bookings, Wanted
from emergency.incidents.life import OPEN
from emergency.incidents.log import TAKEN
from emergency.orders.life import ACTS, stepped
from gis.shapes import LonLat
from layers.catalogue import INCIDENT_LOG, INCIDENT_ORDERS, RESOURCE_BOOKINGS, TEAMS
from layers.catalogue.bookings import ResourceBooking
from layers.catalogue.incidents import Incident
from layers.catalogue.orders import IncidentOrder
from layers.filters import Compare, Op
from store.feed import Edit, Put
from store.protocol import Store
from store.query import Order, Query
from store.rows import record_of

REF = f"{INCIDENT_ORDERS.id}/"
BOOKED = frozenset({RESOURCE_BOOKINGS.id, TEAMS.id})
MARK = (f"{TAKEN}order",)
"""What every line of an order refers to: it is not struck as if nothing had been ordered, the order is withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way an order carries: found by the system, with what is said of it."""

    line: str
    time: Second
    length: Metre
    avoids: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """An order as it is given. With `book` its team is booked in the same stroke."""

    action: str
    to_kind: str
    to_name: str
    to_phone: str = ""
    team: str = ""
    details: str = ""
    place: LonLat | None = None
    place_name: str = ""
    way: Way | None = None
    book: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDesk:
    """What may be done with orders, whoever asks; the rights to it are the doors' matter."""

    incidents: IncidentDesk
    bookings: Bookings

    @property
    def store(self) -> Store:
        """Where orders are kept."""
        return self.incidents.store

    def give(self, code: str, giving: Giving, *, by: By, command: str) -> Told:
        """A new order, numbered within its incident; refused where the incident is over or its team is out."""

        def make() -> tuple[list[Edit], str, str]:
            found, now = self.incidents.find(code, scope=by.scope), self.incidents.clock()
            row = found.row
            if row.state not in OPEN:
                raise ConflictError(Text(f"事件 {code} 已结束,不能下达指令", f"incident {code} is over"), code=code)
            number = self._next(row)
            order = f"{row.code}/{number:03d}"
            to = f"{giving.to_name}({giving.place_name})" if giving.place_name else giving.to_name
            line = self.incidents.line(
                row, "order", f"指令第 {number} 号下达{to}:{giving.action}"[:2000], by, now,
                refs=(f"{REF}{order}", *MARK), place=giving.place,
            )  # fmt: skip
            booking, held = self._booked(found, giving, by, number) if giving.book and giving.team else ("", [])
            made = IncidentOrder(
                code=order, incident=row.code, exercise=row.exercise, number=number, action=giving.action,
                details=giving.details, to_kind=giving.to_kind, to_name=giving.to_name, to_phone=giving.to_phone,
                team=giving.team, booking=booking, place_name=giving.place_name, at=now, by=by.name,
                account=by.account, entry=line.code, area=row.area, sensitivity=Sensitivity.INTERNAL,
                observed_at=now, source="OneMap", **_way(giving.way),
                geometry=None if giving.place is None else shapely.Point(giving.place.lon, giving.place.lat),
            )  # fmt: skip
            edits: list[Edit] = [
                Put(layer=INCIDENT_ORDERS.id, record=made, expected=0),
                Put(layer=INCIDENT_LOG.id, record=line, expected=0),
                *held,
            ]
            return edits, row.code, line.code

        return self.incidents.once("order", command, by, make, "下达指令", self._commit)

    def step(
        self, order: str, act: str, *, by: By, command: str, why: str = "", happened_at: datetime | None = None,
        told: str = "", late: bool = False, eta: datetime | None = None, place: LonLat | None = None,
    ) -> Told:  # fmt: skip
        """One step of an order. `late` is for what a phone kept: it is written whatever became of the order since.

        `told` is added to the line of the log, `eta` is when a team that leaves is expected.
        """

        def make() -> tuple[list[Edit], str, str]:
            now = self.incidents.clock()
            at = now if happened_at is None else min(happened_at, now)
            stored = self.find(order, scope=by.scope)
            row, version = stored
            done = stepped(row, act, at=at, now=now, by=by.name, why=why, told_late=late)
            after = done.row
            if act == "leave" and done.moved:
                after = after.model_copy(update={"eta": eta})
            incident = self.incidents.find(row.incident, scope=by.scope).row
            line = self.incidents.line(
                incident, "order", f"{done.said.zh}{told}"[:2000], by, now, happened_at=at,
                refs=(f"{REF}{order}", *MARK), place=place,
            )  # fmt: skip
            edits: list[Edit] = [Put(layer=INCIDENT_LOG.id, record=line, expected=0)]
            if after != row:
                edits.append(Put(layer=INCIDENT_ORDERS.id, record=after, expected=version))
            if row.booking and done.moved and ACTS[act].booking:
                edits.extend(self.bookings.moving(row.booking, ACTS[act].booking, actor=by.actor, scope=SYSTEM_SCOPE))
            return edits, row.incident, line.code

        return self.incidents.once(act, command, by, make, f"指令{ACTS[act].title.zh}" if act in ACTS else "指令",
                                   self._commit)  # fmt: skip

    def find(self, order: str, *, scope: Scope) -> tuple[IncidentOrder, int]:
        """One order with its version; NotFoundError where it is not there for the caller."""
        seen = self.store.catalogue.find(INCIDENT_ORDERS.id, scope)
        if seen is None:
            raise NotFoundError(Text(f"没有指令“{order[:40]}”", f"no order {order[:40]!r}"))
        stored = self.store.get(seen, order, scope=scope)
        assert isinstance(stored.record, IncidentOrder)
        return stored.record, stored.version

    def of(self, code: str, *, scope: Scope, at_seq: int | None = None) -> list[IncidentOrder]:
        """Every order of an incident, the newest first."""
        if not INCIDENT_ORDERS.visible(scope):
            return []
        query = Query(
            where=Compare("incident", Op.EQ, code), order=(Order("number", descending=True),), at_seq=at_seq
        )  # fmt: skip
        rows = self.store.read(INCIDENT_ORDERS, query, scope=scope).to_pylist()
        return [one for row in rows if isinstance(one := record_of(INCIDENT_ORDERS, row, scope), IncidentOrder)]

    def _next(self, row: Incident) -> int:
        query = Query(
            where=Compare("incident", Op.EQ, row.code), fields=("number",), geometry=False, limit=1,
            order=(Order("number", descending=True),),
        )  # fmt: skip
        last = self.store.read(INCIDENT_ORDERS, query, scope=SYSTEM_SCOPE)["number"].to_pylist()
        return (last[0] if last else 0) + 1

    def _booked(self, found: Found, giving: Giving, by: By, number: int) -> tuple[str, list[Put]]:
        """The team's own row says whether it is free; one that is played takes no real team."""
        if found.row.exercise:
            raise ConflictError(Text("演练不占用真实队伍", "an exercise books no real team"), code=found.row.code)
        wanted = Wanted(
            of_layer=TEAMS.id, of_key=giving.team, purpose=f"指令第 {number} 号:{giving.action}"[:400],
            incident=found.row.code,
        )  # fmt: skip
        edits = self.bookings.asking(wanted, at_once=True, account=by.account, actor=by.actor, scope=by.scope)
        booking = edits[0].record
        assert isinstance(booking, ResourceBooking)
        return booking.code, edits

    def _commit(self, edits: list[Edit], actor: Actor, reason: str, scope: Scope) -> None:
        wide = replace(
            scope, writable=None if scope.writable is None else scope.writable | BOOKED,
            layers=None if scope.layers is None else scope.layers | BOOKED,
        )  # fmt: skip
        self.store.commit(edits, actor=actor, reason=reason, scope=wide)


def _way(way: Way | None) -> dict[str, object]:
    if way is None:
        return {}
    return {"way": way.line, "way_time": way.time, "way_length": way.length, "way_avoids": way.avoids,
            "way_said": way.said[:2000]}  # fmt: skip
