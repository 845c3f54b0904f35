"""The rules of a store held against readings as they come: engine, rows and the rules in force kept in step."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from core.clock import Clock
from core.errors import ConflictError
from core.scope import SYSTEM_SCOPE
from layers.catalogue.alarms import ALARM_INHIBITIONS, ALARM_RULES, AlarmInhibition, AlarmRule
from layers.catalogue.sensing import SENSORS
from layers.filters import Compare, Op
from layers.record import Record
from monitoring.alarms.compiled import Compiled, compiled
from monitoring.alarms.desk import Desk
from monitoring.alarms.engine import Engine, Step, by_point
from monitoring.alarms.looking_back import LateStretches, whole_gap
from monitoring.alarms.replaying import rebuilt
from monitoring.alarms.rules import LINK_FIELDS, POINT_FIELDS, Point, points_of
from store.protocol import Store
from store.query import Query
from store.rows import record_of
from store.series import Series

JUDGED_BY = frozenset({ALARM_RULES.id, ALARM_INHIBITIONS.id, SENSORS.id})
"""The layers whose change is a change of what is judged."""

FORGOTTEN = timedelta(days=1)
"""An inhibition that ended so long ago touches no reading that is still judged in time."""


class Judge:
    """For one thread, and one process of all that share a store; made anew after a failure."""

    def __init__(self, store: Store, series: Series, clock: Clock, late: LateStretches) -> None:
        self._store = store
        self._series = series
        self._clock = clock
        self._late = late
        self.desk = Desk(store, clock)
        self._seen = store.head()
        self.rules = rules_in(store, clock())
        self.changes = 0
        self._engine = self._rebuilt()

    def look_at_gap(self, judged: datetime) -> None:
        """What was kept while nobody judged, and lies before what was just judged again, is looked at as if late."""
        begins = self._clock() - timedelta(microseconds=self._engine.longest)
        self._late.add(whole_gap(self.rules, judged, begins))

    def judge(self, batches: Sequence[pa.Table]) -> Step:
        """Judge some batches (schema BATCH) in the order in which they arrived, and keep what came of it."""
        whole = pa.concat_tables(batches)
        ours = pc.equal(whole["layer"].cast(pa.string()), SENSORS.id)
        whole = whole if pc.all(ours).as_py() else whole.filter(ours)
        step = self._engine.step(by_point(whole), self._clock())
        self._keep(step.transitions)
        self._late.add(step.late)
        return step

    def advance(self) -> None:
        """Let time pass."""
        self._keep(self._engine.advance(self._clock()).transitions)

    def tick(self) -> None:
        """What time does to alarms that are told; who acts at this moment is not hindered, it is done the next time."""
        try:
            self.changes += len(self.desk.tick())
        except ConflictError:
            return

    def follow(self) -> bool:
        """Judge by the rules as they now are, where something of them changed."""
        head = self._store.head()
        moved = head > self._seen and self._store.feed(
            after=self._seen, scope=SYSTEM_SCOPE, layers=JUDGED_BY, limit=1
        )  # fmt: skip
        self._seen = head
        if not moved:
            return False
        before, self.rules = self.rules, rules_in(self._store, self._clock())
        if self.rules.lines == before.lines:
            self._engine.adopt(self.rules)
        else:
            self.desk.release(self.rules)
            self._engine = self._rebuilt()
        return True

    def _rebuilt(self) -> Engine:
        engine, untold = rebuilt(self.rules, self.desk, self._series, self._clock())
        self._keep(untold)
        return engine

    def _keep(self, transitions: pa.Table) -> None:
        if transitions.num_rows:
            self.desk.apply(transitions)
            self.changes += transitions.num_rows


def rules_in(store: Store, now: datetime) -> Compiled:
    """The rules of a store over its sensors, with the inhibitions that still matter."""
    sensors = store.read(SENSORS, Query(fields=(*POINT_FIELDS, *LINK_FIELDS), geometry=False), scope=SYSTEM_SCOPE)
    rules = [one for one in _records(store, ALARM_RULES.id, Query()) if isinstance(one, AlarmRule)]
    recent = Query(where=Compare("ends", Op.GE, now - FORGOTTEN))
    held = [one for one in _records(store, ALARM_INHIBITIONS.id, recent) if isinstance(one, AlarmInhibition)]
    return compiled(rules, points_of(sensors), held)


def carried(store: Store, points: Mapping[str, Point]) -> dict[str, Point]:
    """The same points with what carries them: who may see points may know which of them fall silent together."""
    table = store.read(SENSORS, Query(fields=(*POINT_FIELDS, *LINK_FIELDS), geometry=False), scope=SYSTEM_SCOPE)
    every = points_of(table)
    return {code: replace(point, link=every[code].link) for code, point in points.items()}


def _records(store: Store, layer_id: str, query: Query) -> list[Record]:
    layer = store.catalogue[layer_id]
    rows = store.read(layer, query, scope=SYSTEM_SCOPE).to_pylist()
    return [record_of(layer, row, SYSTEM_SCOPE) for row in rows]
