"""The hand-over: what is open is drawn up, who leaves signs it, who comes signs it, and then nothing of it changes."""

from datetime import datetime, timedelta
from typing import Any

from core.actors import Actor
from core.clock import CHINA, Clock
from core.errors import ConflictError, ForbiddenError
from core.ids import new_id
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from emergency.duty.booking import OUT
from emergency.duty.practice import span
from emergency.duty.roster import Watch, between
from layers.catalogue import ALARMS, DUTY_CALLS, DUTY_FORWARDS, DUTY_HANDOVERS, RESOURCE_BOOKINGS
from layers.catalogue.duty import DutyHandover
from layers.filters import Compare, Filter, In, Missing, Op, Under, every
from store.feed import Put
from store.protocol import Store, Stored
from store.query import Order, Query

MOST = 40
"""Lines of one list of a hand-over; what is left out is counted in a last line."""
PATIENCE = 2
"""Days around a moment in which the shift is sought that hands over then."""
KEPT = "无权查看"
NOT_CLOSED = ("raised", "acknowledged", "shelved", "cleared")


class Handovers:
    """Drawn up by who leaves, signed by both; `summary` reads what is open under the scope of who draws it up."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def draw_up(
        self, post: str, area: str, devices: str, notes: str, *, code: str = "", version: int = 0, account: str,
        actor: Actor, scope: Scope,
    ) -> Stored:  # fmt: skip
        """What is open now at a post of an area; drawn up again until the first has signed, by whose it is."""
        now = self._clock()
        values = summary(self._store, area, scope=scope) | {
            "post": post, "area": area, "devices": devices, "notes": notes, "drafted_at": now, "out_name": actor.name,
            "out_account": account, "due_at": self._due(post, account, actor.name, now),
        }  # fmt: skip
        if code:
            before = self._current(code, version, scope)
            if before.state != "draft":
                raise ConflictError(Text("交班人已签字,内容不能再改", "it is signed; nothing of it changes"))
            if before.out_account != account:
                raise ForbiddenError(Text("只有交班人可以重新汇总", "only who hands over draws it up again"))
            record = before.model_copy(update=values)
        else:
            code = f"JJ{now.astimezone(CHINA):%Y%m%d%H%M}-{new_id()[-6:]}"
            record = DutyHandover.model_validate({"code": code, **values})
        return self._keep(record, version, "汇总交接班内容", actor, scope)

    def sign(
        self, code: str, version: int, how: str, *, account: str, actor: Actor, scope: Scope
    ) -> Stored:  # fmt: skip
        """Who leaves signs first, then another who takes over; each on their own session, having proved who they are.

        Raises: ForbiddenError for whose turn it is not; ConflictError once both have signed.
        """
        found, now = self._current(code, version, scope), self._clock()
        if found.state == "draft":
            if found.out_account != account:
                raise ForbiddenError(Text("须由交班人先签字", "who hands over signs first"))
            values: dict[str, Any] = {"state": "given", "out_at": now, "out_how": how}
            return self._keep(found.model_copy(update=values), version, "交班签字", actor, scope)
        if found.state == "taken":
            raise ConflictError(Text("双方已签字,交接班记录不能再改", "both have signed; nothing of it changes"))
        if found.out_account == account:
            raise ForbiddenError(Text("接班须由另一人签字", "another person takes over"))
        late = found.due_at is not None and now > found.due_at + span(
            "handover_late", now.astimezone(CHINA).date()
        )  # fmt: skip
        values = {
            "state": "taken", "in_name": actor.name, "in_account": account, "in_at": now, "in_how": how, "late": late,
        }  # fmt: skip
        return self._keep(found.model_copy(update=values), version, "接班签字", actor, scope)

    def _due(self, post: str, account: str, name: str, now: datetime) -> datetime | None:
        """When the shift ends that is handed over: the one of who leaves that ends nearest to now."""
        around = timedelta(days=PATIENCE)
        mine = [
            one for one in between(self._store, now - around, now + around, scope=SYSTEM_SCOPE)
            if one.post == post and is_of(one, account, name) and one.starts_at <= now
        ]  # fmt: skip
        return min((one.ends_at for one in mine), key=lambda end: abs(end - now), default=None)

    def _current(self, code: str, version: int, scope: Scope) -> DutyHandover:
        stored = self._store.get(DUTY_HANDOVERS, code, scope=scope)
        assert isinstance(stored.record, DutyHandover)
        if stored.version != version:
            raise ConflictError(
                Text("交接班内容刚刚变了,请重新查看", "it changed meanwhile; look again"), version=stored.version
            )
        return stored.record

    def _keep(self, record: DutyHandover, expected: int, reason: str, actor: Actor, scope: Scope) -> Stored:
        edit = Put(layer=DUTY_HANDOVERS.id, record=record, expected=expected)
        self._store.commit([edit], actor=actor, reason=reason, scope=scope)
        return self._store.get(DUTY_HANDOVERS, record.code, scope=scope)


def is_of(watch: Watch, account: str, name: str) -> bool:
    """The shift is this person's: by account, or by the name where the roster has no account."""
    return watch.account == account if watch.account else watch.person == name


def summary(store: Store, area: str, *, scope: Scope) -> dict[str, tuple[str, ...]]:
    """What is open in an area, a line each, worst or oldest first; what the role does not see says so."""
    within = Under("area", area.rstrip("0") if len(area) == len("990100") else area)
    return {
        "alarms": _lines(
            store, ALARMS.id, every(In("state", NOT_CLOSED), within), Order("level"), scope,
            lambda row: f"{_at(row['raised_at'])} {row['title']}",
        ),
        "incidents": _lines(
            store, "incidents", every(Missing("closed_at"), within), Order("reported_at"), scope,
            lambda row: f"{_at(row['reported_at'])} {row['code']} {row['title']}",
        ),
        "calls": _lines(
            store, DUTY_CALLS.id,
            every(Compare("call_back", Op.EQ, True), Missing("called_back_at"), Compare("state", Op.EQ, "logged"),
                  within),
            Order("at"), scope, lambda row: f"{_at(row['at'])} {row['code']} {row['caller_unit']} {row['what'][:60]}",
        ),
        "receipts": _lines(
            store, DUTY_FORWARDS.id, every(Compare("state", Op.EQ, "waiting"), within), Order("due_at"), scope,
            lambda row: f"{_at(row['due_at'])} 前 {row['to']} {row['asked'][:60]}",
        ),
        "resources": _lines(
            store, RESOURCE_BOOKINGS.id, every(In("state", OUT), within), Order("asked_at"), scope,
            lambda row: f"{_at(row['asked_at'])} {row['name']} {row['purpose'][:60]}",
        ),
    }  # fmt: skip


def _lines(store: Store, layer_id: str, where: Filter | None, order: Order, scope: Scope, said: Any) -> tuple[str, ...]:
    layer = store.catalogue.find(layer_id, scope)
    if layer is None:
        return (KEPT,) if layer_id in store.catalogue else ()
    names = ("code", "title", "level", "raised_at", "reported_at", "at", "caller_unit", "what", "due_at", "to", "asked",
             "asked_at", "name", "purpose")  # fmt: skip
    fields = tuple(name for name in names if name in layer.fields_in(scope))
    query = Query(where=where, fields=fields, geometry=False, order=(order,), limit=MOST)
    blank: dict[str, Any] = dict.fromkeys(names, "")
    found = [said(blank | row) for row in store.read(layer, query, scope=scope).to_pylist()]
    total = store.count(layer, Query(where=where), scope=scope)
    return (*found, *((f"另有 {total - len(found)} 条",) if total > len(found) else ()))


def _at(value: object) -> str:
    return f"{value.astimezone(CHINA):%m-%d %H:%M}" if isinstance(value, datetime) else ""
