"""`/api/rules/inhibitions`: rules and points out of service while somebody works there, ended early with a reason."""

from dataclasses import dataclass
from datetime import datetime

from app.doors.admin.fields import Given, number, only, words
from core.caller import Caller
from core.clock import CHINA, Clock, iso
from core.errors import ConflictError, Fault, FaultsError
from core.ids import new_id
from core.scope import Scope, Sensitivity
from core.texts import Text
from layers.catalogue.alarms import ALARM_INHIBITIONS, ALARM_RULES, AlarmInhibition
from layers.catalogue.sensing import SENSORS
from monitoring.alarms.inhibiting import ended, inhibition_of
from monitoring.alarms.rules import POINT_FIELDS, points_of
from store.feed import Put
from store.protocol import Store
from store.query import Order, Query
from store.rows import record_of

SHOWN = 200
SENT = ("rule", "points", "starts", "ends", "permit", "who", "why", "area")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibitions:
    """What is out of service in the caller's areas."""

    store: Store
    clock: Clock

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET: the newest first, each with how it stands."""
        only(given)
        now = self.clock()
        query = Query(order=(Order("starts", descending=True),), limit=SHOWN)
        rows = self.store.read(ALARM_INHIBITIONS, query, scope=caller.scope).to_pylist()
        told = [
            _told(_record(record_of(ALARM_INHIBITIONS, row, caller.scope)), now) | {"version": row["_version"]}
            for row in rows
        ]
        return {"rows": told, "may_write": caller.scope.may_write(ALARM_INHIBITIONS.id), "who": caller.actor.name}

    def add(self, caller: Caller, given: Given) -> Given:
        """POST: takes rules, points or rules at points out of service from a time until another."""
        only(given, *SENT)
        now = self.clock()
        table = self.store.read(SENSORS, Query(fields=POINT_FIELDS, geometry=False), scope=caller.scope)
        points = points_of(table)
        known = self.store.read(ALARM_RULES, Query(fields=("code",), geometry=False), scope=caller.scope)
        rules = frozenset(known["code"].to_pylist())
        area = given.get("area") or home(caller.scope)
        if not isinstance(area, str) or not caller.scope.covers(area):
            allowed = Text("应为您辖区内的区划", "must be an area of your own")
            raise FaultsError([Fault(field="area", value=str(area)[:80], rule=allowed)])
        named = given.get("points")
        firms = {points[one].enterprise for one in named if one in points} if isinstance(named, list) else set()
        wanted = given | {
            "code": f"YZ{now.astimezone(CHINA):%Y%m%d-%H%M%S}-{new_id()[-4:]}", "area": area,
            "enterprise": firms.pop() if len(firms) == 1 else "", "sensitivity": Sensitivity.INTERNAL,
        }  # fmt: skip
        record = inhibition_of(wanted, points, rules, now)
        edit = Put(layer=ALARM_INHIBITIONS.id, record=record, expected=0)
        self.store.commit([edit], actor=caller.actor, reason=record.why, scope=caller.scope)
        return _told(record, now) | {"version": 1}

    def end(self, caller: Caller, given: Given) -> Given:
        """POST /end: over from now on; one that has not begun never does."""
        only(given, "code", "version", "reason")
        code, version = words(given, "code", longest=60), number(given, "version", 1, 1_000_000_000)
        reason, now = words(given, "reason", longest=200), self.clock()
        found = _record(self.store.get(ALARM_INHIBITIONS, code, scope=caller.scope).record)
        after = ended(found, now)
        if after is None:
            raise ConflictError(Text("这条抑制已经结束", "this inhibition is over already"), key=code)
        edit = Put(layer=ALARM_INHIBITIONS.id, record=after, expected=version)
        self.store.commit([edit], actor=caller.actor, reason=reason, scope=caller.scope)
        return _told(after, now) | {"version": version + 1}


def home(scope: Scope) -> str:
    """What a new row is for unless another is said: the caller's own, of several the first, in six digits."""
    return "" if scope.everywhere else min(scope.areas, key=lambda one: (len(one), one), default="").ljust(6, "0")


def _record(record: object) -> AlarmInhibition:
    assert isinstance(record, AlarmInhibition)
    return record


def _told(one: AlarmInhibition, now: datetime) -> Given:
    state = "over" if one.ends <= now else "coming" if one.starts > now else "current"
    return {
        "code": one.code, "rule": one.rule, "points": list(one.points), "starts": iso(one.starts),
        "ends": iso(one.ends), "permit": one.permit, "who": one.who, "why": one.why, "area": one.area,
        "enterprise": one.enterprise, "state": state,
    }  # fmt: skip
