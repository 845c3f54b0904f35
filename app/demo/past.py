"""Alarms of the demo city's last month: made-up events in its made-up history, judged by the engine when it is loaded.

What is kept of them is what the server itself keeps of readings that came late: closed, and marked as judged when
nobody was told (`Desk.add_late`). Nobody answered them, and no row says so.
"""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from app.demo.history import HOUR, NAMED, Points, readings_of
from app.demo.tale import GOES_ON
from app.wiring import System
from core.scope import SYSTEM_SCOPE
from layers.catalogue import ALARMS, SENSORS
from layers.filters import Compare, Op
from monitoring.alarms.desk import Desk
from monitoring.alarms.engine import LATE
from monitoring.alarms.judging import rules_in
from monitoring.alarms.looking_back import looked_back
from monitoring.simulate import Event, EventKind, Park, event, park_of
from monitoring.simulate.events import applied
from monitoring.simulate.process import SECOND
from store.protocol import Store
from store.query import EVERYTHING, Query

SEED = 20261129
DISTRICTS = ("990106", "990104")
EACH = 5
KINDS = ((EventKind.TRIP, ("pressure", "level", "temperature")), (EventKind.LEAK, ("toxic", "combustible")))
STEP = 10 * SECOND
BEFORE, AFTER = 120 * SECOND, int(2 * GOES_ON) * SECOND
DAYS = (2, 28)
"""How long ago: none is of the last day, whose alarms a position is measured by."""

NEW = timedelta(days=1)


def past_alarms(system: System) -> None:
    """Keep them; nothing where there are alarms of earlier days: the served city raises its own meanwhile."""
    store, now = system.store, system.clock()
    if told_already(store, now):
        return
    sensors = store.read(SENSORS, EVERYTHING, scope=SYSTEM_SCOPE)
    used = pa.array([True] * sensors.num_rows)  # a park leaves out what is out of use, and the curves count every row
    park = park_of(sensors.set_column(sensors.column_names.index("in_use"), "in_use", used))
    areas = np.array(sensors["area"].to_pylist(), dtype=np.str_)
    events = _events(park, areas, sensors["in_use"].to_pylist(), now)
    told = [_told(one, park, Points.of(sensors)) for one in events]
    system.series.write_days(pa.concat_tables(table for table, _ in told))
    stretches = pa.Table.from_pylist([stretch for _, mine in told for stretch in mine], schema=LATE)
    rules, desk = rules_in(store, now), Desk(store, system.clock)
    for found in looked_back(rules, system.series, stretches, now):
        desk.add_late(found.to_pylist())


def told_already(store: Store, now: datetime) -> bool:
    """Whether there are alarms that the city raised before it was served for the first time."""
    earlier = Compare("raised_at", Op.LT, now - NEW)
    return store.count(ALARMS, Query(where=earlier), scope=SYSTEM_SCOPE) > 0


def _events(park: Park, areas: np.ndarray, in_use: list[bool], now: datetime) -> list[Event]:
    """Some of each district, each within one hour of another day, at points that report by the hour."""
    rng, found = np.random.default_rng(SEED), []
    usable = np.array(in_use, bool) & ~np.isnan(park.limits["high"])
    usable[:NAMED] = False
    for district in DISTRICTS:
        days = rng.choice(np.arange(*DAYS), EACH, replace=False)
        for n, day in enumerate(days.tolist()):
            kind, kinds = KINDS[n % 2]
            fits = np.flatnonzero(usable & np.isin(park.kinds, kinds) & np.char.startswith(areas, district))
            place = int(rng.choice(fits))
            back = timedelta(days=int(day), hours=int(rng.integers(24)))
            hour = int((now - back).timestamp()) * SECOND // HOUR * HOUR
            start = hour + int(rng.uniform(300, 900)) * SECOND
            end = start + int(rng.uniform(400, 1200)) * SECOND
            found.append(event(park, kind, str(park.keys[place]), start, end, 1.1))
    return found


def _told(one: Event, park: Park, points: Points) -> tuple[pa.Table, list[dict[str, object]]]:
    """What the points of an event reported meanwhile, and the stretch of each."""
    at = np.arange((one.start - BEFORE) // STEP * STEP, one.end + AFTER, STEP, dtype=np.int64)
    at = at[at % HOUR != 0]
    mine = points.only(one.points)
    noise = np.random.default_rng([SEED, one.start // SECOND])
    value = applied(one, park, SEED, at, mine.values(at / HOUR, noise).T, np.arange(len(one.points))).T
    first, last = (datetime.fromtimestamp(int(moment) / 1e6, UTC) for moment in (at[0], at[-1]))
    stretches: list[dict[str, object]] = [
        {"point": str(key), "first": first, "last": last, "rows": len(at)} for key in mine.keys
    ]
    return readings_of(mine.keys, at, value), stretches
