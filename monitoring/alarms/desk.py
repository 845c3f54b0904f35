"""The alarms of one store: what the engine tells becomes rows, and what people do to them is done to the row they saw.

Whoever writes names the version seen, so of two who acknowledge at once the second is told; the engine, which nobody
may hold up, reads again and writes once more.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa
import shapely

from core.actors import SYSTEM_ACTOR, Actor
from core.clock import Clock
from core.errors import ConflictError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from layers.catalogue.alarms import ALARMS, AlarmRow
from layers.catalogue.sensing import SENSORS, Sensor
from layers.codes import code_list
from layers.filters import And, Compare, Filter, In, Missing, Not, Op, Or, every
from layers.record import Record
from monitoring.alarms.answering import answer, receive
from monitoring.alarms.compiled import Compiled
from monitoring.alarms.episodes import Identity, Turn, begun, closed_late, identity_of, turn_of, turned
from monitoring.alarms.escalation import Ladder, escalated, usual
from monitoring.alarms.life import (
    OVER,
    STANDING,
    Outcome,
    State,
    acknowledge,
    clear,
    close,
    declare_false,
    expired,
    over,
    shelve,
    unshelve,
    withdraw_false,
)
from monitoring.alarms.practice import practice
from store.feed import Entry, Put
from store.protocol import Store, Stored
from store.query import Query
from store.rows import record_of

JUDGED, TIMED, RELEASED = "报警判定 / judged", "报警时限 / timed", "规则停用 / rule withdrawn"
TRIES = 5
MOST = 500
"""Keys asked for at once."""

AT_ONCE = 10
"""Alarms of one commit, each some milliseconds in which nobody else can write; more are one load and one entry."""


class Alarm(NamedTuple):
    """An alarm and the version it had when it was read; 0 is a new one."""

    record: AlarmRow
    version: int


OPEN = Not(OVER)
LAST = Not(Compare("state", Op.EQ, State.CLOSED.value))
"""Alarms that an act may still change: a false one that is over is open again once that is withdrawn."""

STANDS = Or((In("state", STANDING), And((Compare("state", Op.EQ, State.FALSE.value), Missing("cleared_at")))))
"""Alarms whose condition holds."""

WITHDRAWN = "撤销误报 / false alarm withdrawn"
RECEIVED, ANSWERED = "企业接警 / received by the enterprise", "企业答复 / answered by the enterprise"


class Desk:
    """What may be done with alarms; one process judges, and any number acknowledge, shelve and close."""

    def __init__(self, store: Store, clock: Clock, ladder: Ladder | None = None) -> None:
        self.store = store
        self._clock = clock
        self._ladder = usual() if ladder is None else ladder
        self._layer = store.catalogue[ALARMS.id]
        self._groups: dict[str, tuple[str, datetime]] = {}

    @cached_property
    def _open(self) -> dict[Identity, str]:
        """The newest alarm of each line that may change, read when the first change comes: others do not need it."""
        found = sorted((one.record for one in self.rows(LAST)), key=lambda row: row.raised_at)
        for row in found:
            self._remember(row)
        return {identity_of(row): row.code for row in found}

    def rows(self, where: Filter | None = None, scope: Scope = SYSTEM_SCOPE) -> list["Alarm"]:
        """Alarms with their versions."""
        table = self.store.read(self._layer, Query(where=where), scope=scope)
        return [Alarm(_alarm(record_of(self._layer, row, scope)), row["_version"]) for row in table.to_pylist()]

    def apply(self, transitions: pa.Table) -> tuple[Entry, ...]:
        """Write what the engine tells: one entry for each alarm that changed, or where they are many one for all.

        Whoever acts meanwhile is not held up for long, and what a conflict or a crash leaves out is judged again.
        """
        turns = [turn_of(row) for row in transitions.to_pylist()]
        turns = [one for one in turns if not one.rule or one.to in ("raised", "normal")]
        for tried in range(TRIES):
            head = self.store.head() if tried < TRIES - 1 else None  # at last by versions, whoever else writes
            put = self._changed(turns)
            if not put:
                return ()
            try:
                entries = self._commit(put.values(), JUDGED, head)
            except ConflictError as error:
                refused = error
                continue
            for row, _ in put.values():
                self._settle(row)
            return entries
        raise refused

    def _changed(self, turns: Sequence[Turn]) -> dict[str, "Alarm"]:
        """The rows that change, each with the version it had."""
        points = {one.point for one in turns if not one.rule}
        named = {code for line, code in self._open.items() if line[1] in points}
        named |= {self._open[one.identity] for one in turns if one.identity in self._open}
        present = {found.record.code: found for found in self._named(named)}
        current = {identity_of(found.record): found for found in present.values() if not over(found.record)}
        changed: dict[str, Alarm] = {}
        raised = [one for one in turns if one.to == State.RAISED.value]
        sensors = self._sensors({code.partition("/")[0] for one in raised for code in (one.point, one.first) if code})
        groups = dict(self._groups)
        for one in turns:
            hit: list[Alarm | None] = [current.get(one.identity)]
            if not one.rule:
                hit = [found for found in current.values() if found.record.point == one.point]
            for found in hit:
                if found is not None:
                    after = turned(found.record, one)
                elif one.to == State.RAISED.value:
                    after = _grouped(one, sensors, groups, self._window)
                else:
                    continue
                if isinstance(after, AlarmRow):
                    found = Alarm(after, 0 if found is None else found.version)
                    current[identity_of(after)] = changed[after.code] = found
        known = self._named(code for code, found in changed.items() if not found.version)
        same = [found for code, found in present.items() if code in changed and changed[code].record == found.record]
        for found in (*known, *same):
            del changed[found.record.code]
        return changed

    @property
    def _window(self) -> timedelta:
        return timedelta(seconds=practice("group_window", self._clock().date()))

    def add_late(self, episodes: Iterable[Mapping[str, object]]) -> tuple[Entry, ...]:
        """Keep episodes that late readings told of, closed and marked, where no known alarm of the line covers them."""
        now, put = self._clock(), []
        for one in episodes:
            turn = turn_of({**one, "at": one["raised_at"], "to": "raised"})
            ends = one["cleared_at"]
            assert isinstance(ends, datetime)
            line = every(*(Compare(name, Op.EQ, value) for name, value in zip(
                ("rule", "point", "condition"), turn.identity, strict=True)))  # fmt: skip
            if any(_overlaps(found.record, turn.at, ends) for found in self.rows(line)):
                continue
            codes = [code.partition("/")[0] for code in (turn.point, turn.first)]
            sensor, out = map(self._sensors(set(codes)).get, codes)
            extreme = one["extreme"]
            assert extreme is None or isinstance(extreme, float)
            put.append(Alarm(closed_late(begun(turn, sensor, first=out), cleared=ends, extreme=extreme, now=now), 0))
        return self._commit(put, JUDGED) if put else ()

    def tick(self) -> tuple[Entry, ...]:
        """What time does to alarms: shelves run out, and who has not answered is passed over for the next tier."""
        now, put, head = self._clock(), [], self.store.head()
        waiting = In("state", (State.RAISED.value, State.SHELVED.value))
        for found in self.rows(waiting):
            row = found.record
            if expired(row, now):
                off = unshelve(row, at=now)
                row = off if isinstance(off, AlarmRow) else row
            told = escalated(row, now, self._ladder)
            if told.tier != row.told:
                row = row.model_copy(update={"told": told.tier.value, "told_at": told.at})
            if row is not found.record:
                put.append(Alarm(row, found.version))
        return self._commit(put, TIMED, head) if put else ()

    def acknowledge(self, code: str, version: int, *, actor: Actor, scope: Scope) -> Stored:
        """Somebody has seen the alarm as it was in this version."""
        return self._do(code, version, actor, scope, lambda row, at: acknowledge(row, by=actor.name, at=at))

    def shelve(self, code: str, version: int, *, why: str, until: datetime, actor: Actor, scope: Scope) -> Stored:
        """Somebody puts it aside."""
        longest = timedelta(seconds=practice("shelve_longest", self._clock().date()))
        return self._do(
            code, version, actor, scope,
            lambda row, at: shelve(row, by=actor.name, at=at, why=why, until=until, longest=longest),
        )  # fmt: skip

    def unshelve(self, code: str, version: int, *, actor: Actor, scope: Scope) -> Stored:
        """Somebody takes it off the shelf before its time."""
        return self._do(code, version, actor, scope, lambda row, at: unshelve(row, at=at))

    def close(self, code: str, version: int, *, outcome: str, actor: Actor, scope: Scope) -> Stored:
        """Somebody says what it was and what was done."""
        return self._do(code, version, actor, scope, lambda row, at: close(row, by=actor.name, at=at, outcome=outcome))

    def declare_false(self, code: str, version: int, *, why: str, actor: Actor, scope: Scope) -> Stored:
        """Somebody says that nothing was the matter, and why."""
        return self._do(
            code, version, actor, scope, lambda row, at: declare_false(row, by=actor.name, at=at, why=why)
        )  # fmt: skip

    def withdraw_false(self, code: str, version: int, *, actor: Actor, scope: Scope) -> Stored:
        """It was no false alarm after all; who said so and when stays in its versions."""
        return self._do(code, version, actor, scope, lambda row, at: withdraw_false(row), WITHDRAWN)

    def receive(self, code: str, version: int, *, actor: Actor, scope: Scope) -> Stored:
        """Somebody of the enterprise has seen it."""
        return self._do(code, version, actor, scope, lambda row, at: receive(row, by=actor.name, at=at), RECEIVED)

    def answer(
        self, code: str, version: int, *, cause: str, measure: str, until: datetime | None, actor: Actor, scope: Scope
    ) -> Stored:  # fmt: skip
        """The enterprise says why it came, what is done, and until when."""
        longest = timedelta(seconds=practice("answer_longest", self._clock().date()))
        return self._do(
            code, version, actor, scope,
            lambda row, at: answer(
                row, by=actor.name, at=at, cause=cause, measure=measure, until=until, longest=longest
            ),
            ANSWERED,
        )  # fmt: skip

    def _do(self, code, version, actor, scope, act, reason="") -> Stored:  # type: ignore[no-untyped-def]
        found = self.store.get(self._layer, code, scope=scope)
        assert isinstance(found.record, AlarmRow)
        after: Outcome = act(found.record, self._clock())
        if isinstance(after, Text):
            raise ConflictError(after, alarm=code, state=found.record.state)
        edit = Put(layer=ALARMS.id, record=after, expected=version)
        reason = reason or code_list("alarm_state").label(after.state) or after.state
        (entry,) = self.store.commit([edit], actor=actor, reason=reason, scope=scope)
        return Stored(record=after, version=version + 1, seq=entry.seq)

    def known(self, begin: datetime) -> dict[tuple[str, str, str, str], tuple[bool, datetime, float | None]]:
        """For `Engine.put_back`: of every line with an alarm that stood since, whether it stands and since when."""
        found = {}
        stood = Or((OPEN, Compare("cleared_at", Op.GE, begin)))
        for row in sorted((one.record for one in self.rows(stood)), key=lambda row: row.raised_at):
            begins, ends = row.last_raised_at or row.raised_at, row.cleared_at
            if not row.late:
                found[(*identity_of(row), "")] = (ends is None, begins if ends is None else ends, row.extreme)
        return found

    def release(self, rules: Compiled) -> tuple[Entry, ...]:
        """Clear what stands by a rule that no longer judges its point: nothing would ever clear it."""
        judged, now = {line.identity[:3] for line in rules.lines}, self._clock()
        put = []
        for found in self.rows(STANDS):
            if identity_of(found.record) not in judged:
                after = clear(found.record, at=now, extreme=None)
                if isinstance(after, AlarmRow):
                    put.append(Alarm(after, found.version))
        return self._commit(put, RELEASED) if put else ()

    def _named(self, codes: Iterable[str]) -> list["Alarm"]:
        asked = sorted(codes)
        parts = [asked[n : n + MOST] for n in range(0, len(asked), MOST)]
        return [found for part in parts for found in self.rows(In("code", tuple(part)))]

    def _sensors(self, codes: set[str]) -> dict[str, Sensor]:
        layer, asked = self.store.catalogue[SENSORS.id], sorted(codes)
        found = {}
        for n in range(0, len(asked), MOST):
            where = In("code", tuple(asked[n : n + MOST]))
            for row in self.store.read(layer, Query(where=where), scope=SYSTEM_SCOPE).to_pylist():
                record = record_of(layer, row, SYSTEM_SCOPE)
                assert isinstance(record, Sensor)
                found[record.code] = record
        return found

    def _commit(self, put: Iterable["Alarm"], reason: str, head: int | None = None) -> tuple[Entry, ...]:
        """Write rows: few as edits of the versions they had, many at once if nothing was written since `head`."""
        rows, done = list(put), list[Entry]()
        fresh = [found.record for found in rows if not found.version]  # nobody else makes alarms
        if len(rows) > AT_ONCE and (head is not None or len(fresh) > AT_ONCE):
            whole = fresh if head is None else [found.record for found in rows]
            loaded = self.store.load(
                self._layer, _table(whole), actor=SYSTEM_ACTOR, reason=reason, scope=SYSTEM_SCOPE, at_head=head
            )  # fmt: skip
            done += loaded.entries
            rows = [] if head is not None else [found for found in rows if found.version]
        for n in range(0, len(rows), AT_ONCE):
            edits = [Put(layer=ALARMS.id, record=row, expected=version) for row, version in rows[n : n + AT_ONCE]]
            done += self.store.commit(edits, actor=SYSTEM_ACTOR, reason=reason, scope=SYSTEM_SCOPE)
        return tuple(done)

    def _settle(self, row: AlarmRow) -> None:
        self._open[identity_of(row)] = row.code
        self._remember(row)

    def _remember(self, row: AlarmRow) -> None:
        place, last = _place(row), row.last_raised_at or row.raised_at
        if place not in self._groups or self._groups[place][1] < last:
            self._groups[place] = (row.group or row.code, last)


def _alarm(record: Record) -> AlarmRow:
    assert isinstance(record, AlarmRow)
    return record


def _table(rows: Sequence[AlarmRow]) -> pa.Table:
    """New alarms as the columns of a load."""
    plain = [row.model_dump(exclude={"geometry"}, exclude_none=True) for row in rows]
    columns = {name: [one.get(name) for one in plain] for name in ALARMS.fields}
    places = [None if row.geometry is None else shapely.to_wkb(row.geometry) for row in rows]
    given = {name: values for name, values in columns.items() if any(value is not None for value in values)}
    return pa.table(given | {"geometry": pa.array(places, pa.binary())})


def _place(row: AlarmRow) -> str:
    """What alarms are grouped by: the site, else the enterprise, else the point itself."""
    return row.site or row.enterprise or row.point


def _grouped(
    turn: Turn, sensors: Mapping[str, Sensor], groups: dict[str, tuple[str, datetime]], window: timedelta
) -> AlarmRow:
    """A new episode, in the group of its place if that is still going on, else the first-out of a group of its own."""
    sensor, first = (sensors.get(code.partition("/")[0]) for code in (turn.point, turn.first))
    alone = begun(turn, sensor, first_out=True, first=first)
    group, last = groups.get(_place(alone), ("", turn.at))
    joins = bool(group) and abs(turn.at - last) <= window
    row = alone.model_copy(update={"group": group, "first_out": False}) if joins else alone
    groups[_place(row)] = (row.group, max(turn.at, last))
    return row


def _overlaps(row: AlarmRow, begins: datetime, ends: datetime) -> bool:
    return row.raised_at <= ends and (row.cleared_at is None or begins <= row.cleared_at)
