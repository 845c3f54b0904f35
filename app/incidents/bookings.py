"""Resources asked for and booked for an incident: each step is a line of its log, written with it, once by its key."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from app.incidents.desk import By, Commit, IncidentDesk, Told
from core.actors import Actor
from core.errors import Fault, FaultsError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from emergency.duty.booking import STEPS, Bookings, Wanted
from emergency.incidents.life import OPEN
from emergency.incidents.log import TAKEN
from layers.catalogue import FIRE_STATIONS, INCIDENT_LOG, MATERIALS, RESOURCE_BOOKINGS, TEAMS
from layers.catalogue.bookings import ResourceBooking
from layers.catalogue.incidents import Incident, IncidentEntry
from store.feed import Edit, Put
from store.protocol import Stored

BOOKED = frozenset({RESOURCE_BOOKINGS.id, TEAMS.id, MATERIALS.id, FIRE_STATIONS.id})
REF = f"{RESOURCE_BOOKINGS.id}/"
MARK = f"{TAKEN}booking"
"""What every line of a booking refers to: it is not struck as if nothing had been booked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentBookings:
    """What is booked, for an incident or for none; the rights to it are the doors' matter."""

    desk: IncidentDesk
    bookings: Bookings

    def ask(self, wanted: Wanted, *, at_once: bool, by: By, command: str) -> Stored:
        """Asked of whose it is, or booked; FaultsError where the incident is none in hand."""
        if not wanted.incident:
            return self.bookings.ask(wanted, at_once=at_once, account=by.account, actor=by.actor, scope=by.scope)

        def make() -> tuple[list[Edit], str, str]:
            row = self._in_hand(wanted.incident, by.scope)
            edits = self.bookings.asking(
                wanted, at_once=at_once, account=by.account, actor=by.actor, scope=by.scope
            )  # fmt: skip
            made = _booking(edits)
            said = f"{'调用' if at_once else '申请调用'} {_name(made)}:{wanted.purpose}"
            return self._told(row, edits, said, by)

        return self._stored(
            self.desk.once("booking", command, by, make, "调用资源", self._commit(None if at_once else SYSTEM_SCOPE))
        )

    def step(
        self, code: str, version: int, step: str, said: str, returned: float | None, *, by: By, command: str
    ) -> Stored:
        """One step of a booking, by whose it is; the log of its incident tells of it, wherever that one lies."""
        kept = self.desk.store.get(RESOURCE_BOOKINGS, code, scope=by.scope).record
        assert isinstance(kept, ResourceBooking)
        try:
            area = self.desk.find(kept.incident, scope=SYSTEM_SCOPE).row.area
        except NotFoundError:
            return self.bookings.step(code, version, step, said, returned, actor=by.actor, scope=by.scope)

        def make() -> tuple[list[Edit], str, str]:
            edits = self.bookings.stepping(code, version, step, said, returned, actor=by.actor, scope=by.scope)
            row = self.desk.find(kept.incident, scope=SYSTEM_SCOPE).row
            back = f",归还 {returned:g} {kept.unit}" if returned is not None else ""
            return self._told(
                row, edits, f"{STEPS[step][2]} {_name(kept)}{back}{f':{said}' if said else ''}", by
            )  # fmt: skip

        wide = replace(by.scope, areas=(*by.scope.areas, area))
        return self._stored(self.desk.once("booking", command, by, make, "办理资源调用", self._commit(wide)))

    def _in_hand(self, code: str, scope: Scope) -> Incident:
        row: Incident | None = None
        with suppress(NotFoundError):
            row = self.desk.find(code, scope=scope).row
        if row is None or row.state not in OPEN:
            rule = Text("应为在办事件的编号,没有就留空", "is the number of an incident in hand, or blank")
            raise FaultsError([Fault(field="incident", value=code, rule=rule)])
        return row

    def _told(self, row: Incident, edits: Sequence[Edit], said: str, by: By) -> tuple[list[Edit], str, str]:
        refs = (f"{REF}{_booking(edits).code}", MARK)
        line = self.desk.line(row, "resource", said[:2000], by, self.desk.clock(), refs=refs)
        return [*edits, Put(layer=INCIDENT_LOG.id, record=line, expected=0)], row.code, line.code

    def _commit(self, instead: Scope | None) -> Commit:
        """In the caller's scope with what is booked open to writing, or in another one."""

        def commit(edits: list[Edit], actor: Actor, reason: str, scope: Scope) -> None:
            wide = scope if instead is None else replace(scope, areas=instead.areas, clearance=instead.clearance)
            layers = None if wide.layers is None else wide.layers | BOOKED
            wide = replace(wide, layers=layers, writable=(wide.writable or frozenset()) | BOOKED)
            self.desk.store.commit(edits, actor=actor, reason=reason, scope=wide)

        return commit

    def _stored(self, done: Told) -> Stored:
        line = self.desk.store.get(INCIDENT_LOG, done.entry, scope=SYSTEM_SCOPE).record
        assert isinstance(line, IncidentEntry)
        code = next(ref.removeprefix(REF) for ref in line.refs if ref.startswith(REF))
        return self.desk.store.get(RESOURCE_BOOKINGS, code, scope=SYSTEM_SCOPE)


def _booking(edits: Sequence[Edit]) -> ResourceBooking:
    return next(one.record for one in edits if isinstance(one, Put) and isinstance(one.record, ResourceBooking))


def _name(one: ResourceBooking) -> str:
    return one.name if one.quantity is None else f"{one.name} {one.quantity:g} {one.unit}"
