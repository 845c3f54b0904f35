"""The call log: what is written stays as it was written; it may be struck through, called back and passed on.

Numbers run by the local day. A row of the log has no change of its text and no deletion: whoever erred strikes it
through with a reason and writes another.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely import Point

from core.actors import Actor
from core.clock import CHINA, Clock
from core.errors import BadInputError, ConflictError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from emergency.duty.practice import span
from gis.shapes import LonLat
from layers.catalogue import DUTY_CALLS, DUTY_CONTACTS, DUTY_FORWARDS
from layers.catalogue.duty import DutyCall, DutyContact, DutyForward
from layers.filters import Compare, Like, Op
from store.feed import Put
from store.protocol import Store, Stored
from store.query import Order, Query

TRIES = 20
"""Numbers that others may take meanwhile before one gives up."""
AHEAD = 60.0
"""Seconds by which the clock of whoever writes may be before ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is typed of a call; `at` None is now, `place` is where it is about."""

    what: str
    area: str
    at: datetime | None = None
    direction: str = "in"
    caller: str = ""
    caller_unit: str = ""
    caller_phone: str = ""
    place: str = ""
    point: LonLat | None = None
    recording: str = ""
    call_back: bool = False


class CallLog:
    """The acts of whoever is on duty; each is a version of the call under their name."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def write(self, said: Said, *, actor: Actor, scope: Scope) -> Stored:
        """A call, under the next number of the day.

        Raises: BadInputError for a call that was later than now; ForbiddenError outside the writer's areas.
        """
        now = self._clock()
        at = said.at or now
        if at < now - span("told_oldest", now.astimezone(CHINA).date()):
            raise BadInputError(Text("通话时间过早,应为误填", "so long ago: written by mistake"), field="at")
        if (at - now).total_seconds() > AHEAD:
            raise BadInputError(Text("通话时间不能晚于现在", "the call cannot be later than now"), field="at")
        for _ in range(TRIES):
            record = DutyCall(
                code=self._next(now), direction=said.direction, at=at, written_at=now, written_by=actor.name,
                caller=said.caller, caller_unit=said.caller_unit, caller_phone=said.caller_phone, what=said.what,
                place=said.place, recording=said.recording, call_back=said.call_back, area=said.area,
                geometry=None if said.point is None else Point(said.point.lon, said.point.lat), observed_at=at,
                source=Text("值班电话", "duty call").zh,
            )  # fmt: skip
            try:
                self._store.commit(
                    [Put(layer=DUTY_CALLS.id, record=record, expected=0)], actor=actor, reason="记录来电", scope=scope
                )
            except ConflictError:
                continue
            return self._store.get(DUTY_CALLS, record.code, scope=scope)
        raise ConflictError(Text("值班记录编号被占用,请重试", "the number was taken; try again"))

    def strike(self, code: str, version: int, reason: str, *, actor: Actor, scope: Scope) -> Stored:
        """Through it, with a reason; the text stays readable and both are named."""
        call = self._standing(code, version, scope)
        values = {"state": "struck", "struck_at": self._clock(), "struck_by": actor.name, "struck_reason": reason}
        return self._keep(call, values, version, f"划销:{reason}", actor, scope)

    def call_back(self, code: str, version: int, said: str, *, actor: Actor, scope: Scope) -> Stored:
        """That it was called back, and what was said."""
        call = self._standing(code, version, scope)
        if not call.call_back or call.called_back_at is not None:
            raise ConflictError(Text("该电话无须回电或已回电", "it is not to be called back, or was"))
        values = {"called_back_at": self._clock(), "called_back_by": actor.name, "call_back_said": said}
        return self._keep(call, values, version, "已回电", actor, scope)

    def join(self, code: str, version: int, incident: str, *, actor: Actor, scope: Scope) -> Stored:
        """That the call belongs to an incident."""
        call = self._standing(code, version, scope)
        if call.incident:
            raise ConflictError(Text(f"已关联事件 {call.incident}", f"it belongs to {call.incident} already"))
        return self._keep(call, {"incident": incident}, version, f"关联事件 {incident}", actor, scope)

    def forward(self, code: str, version: int, asked: str, to: str, *, contact: str, actor: Actor, scope: Scope) -> str:
        """To somebody of the phone book, or by name; a receipt is due. The code of it."""
        call, now = self._standing(code, version, scope), self._clock()
        if contact:
            known = self._store.get(DUTY_CONTACTS, contact, scope=scope).record
            assert isinstance(known, DutyContact)
            to = known.name
        number = 1 + self._store.count(
            DUTY_FORWARDS, Query(where=Compare("call", Op.EQ, code)), scope=SYSTEM_SCOPE
        )  # fmt: skip
        made = DutyForward(
            code=f"{code}-{number}", call=code, contact=contact, to=to, asked=asked, sent_at=now, sent_by=actor.name,
            due_at=now + span("receipt_due", now.astimezone(CHINA).date()), area=call.area,
        )  # fmt: skip
        self._store.commit(
            [
                Put(layer=DUTY_FORWARDS.id, record=made, expected=0),
                Put(layer=DUTY_CALLS.id, record=call, expected=version),
            ],
            actor=actor, reason=f"转办 {to}"[:200], scope=scope,
        )  # fmt: skip
        return made.code

    def receipt(self, code: str, version: int, said: str, by: str, *, actor: Actor, scope: Scope) -> Stored:
        """The receipt of a forward, as it came: who said what, and who noted it."""
        stored = self._store.get(DUTY_FORWARDS, code, scope=scope)
        assert isinstance(stored.record, DutyForward)
        if stored.record.state != "waiting":
            raise ConflictError(Text("该转办已有回执", "there is a receipt already"))
        values = {
            "state": "receipted", "receipt_at": self._clock(), "receipt_from": by, "receipt": said,
            "noted_by": actor.name,
        }  # fmt: skip
        edit = Put(layer=DUTY_FORWARDS.id, record=stored.record.model_copy(update=values), expected=version)
        self._store.commit([edit], actor=actor, reason="登记回执", scope=scope)
        return self._store.get(DUTY_FORWARDS, code, scope=scope)

    def _standing(self, code: str, version: int, scope: Scope) -> DutyCall:
        stored = self._store.get(DUTY_CALLS, code, scope=scope)
        assert isinstance(stored.record, DutyCall)
        if stored.version != version:
            raise ConflictError(
                Text("他人刚刚处理了这条记录,请重新查看", "somebody acted on it meanwhile; look again"),
                version=stored.version,
            )
        if stored.record.state == "struck":
            raise ConflictError(Text("该记录已划销,不能再办理", "it is struck through; nothing more is done with it"))
        return stored.record

    def _keep(
        self, call: DutyCall, values: dict[str, Any], version: int, reason: str, actor: Actor, scope: Scope
    ) -> Stored:
        edit = Put(layer=DUTY_CALLS.id, record=call.model_copy(update=values), expected=version)
        self._store.commit([edit], actor=actor, reason=reason[:200], scope=scope)
        return self._store.get(DUTY_CALLS, call.code, scope=scope)

    def _next(self, now: datetime) -> str:
        day = f"DH{now.astimezone(CHINA):%Y%m%d}-"
        query = Query(
            where=Like("code", f"{day}%"), fields=("code",), geometry=False, order=(Order("code", descending=True),),
            limit=1,
        )  # fmt: skip
        last = self._store.read(DUTY_CALLS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()
        return f"{day}{int(last[0].rpartition('-')[2]) + 1 if last else 1:04d}"
