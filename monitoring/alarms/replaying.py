"""Judging the past again: a window with some rules, the stretch of late readings, the state after a restart."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.scope import SYSTEM_SCOPE, Scope
from layers.catalogue.sensing import SENSORS
from monitoring.alarms.compiled import Compiled, Line, Sort
from monitoring.alarms.desk import Desk
from monitoring.alarms.engine import MISSING, Bounds, Engine, by_point
from monitoring.alarms.machine import TRANSITIONS
from store.series import Series

EPISODES = pa.schema(
    [
        ("rule", pa.string()),
        ("point", pa.string()),
        ("condition", pa.string()),
        ("level", pa.int8()),
        ("raised_at", pa.timestamp("us", "UTC")),
        ("cleared_at", pa.timestamp("us", "UTC")),
        ("value", pa.float64()),
        ("extreme", pa.float64()),
        ("limit", pa.float64()),
        ("unit", pa.string()),
        ("first", pa.string()),
    ]
)
"""An alarm from raised to cleared; one that had not cleared by the end of the window has none."""

CHUNK = 20_000
"""Readings judged at once: points of which none in a chunk is beyond a limit cost next to nothing."""


def episodes(transitions: pa.Table) -> pa.Table:
    """Each raise of a rule at a point with the clearing that follows it."""
    rows, open_ = [], {}
    for row in transitions.to_pylist():
        line = (row["rule"], row["point"], row["condition"])
        if row["rule"] and row["to"] == "raised":
            open_[line] = {name: row.get(name) for name in EPISODES.names} | {"raised_at": row["at"]}
            open_[line]["extreme"] = row["value"]
            rows.append(open_[line])
        elif row["from"] == "raised" and line in open_:
            open_.pop(line).update(cleared_at=row["at"], extreme=row["extreme"])
    return pa.Table.from_pylist(rows, schema=EPISODES)


def replayed(rules: Compiled, readings: pa.Table, begin: datetime, end: datetime) -> pa.Table:
    """The episodes there would have been, had each reading (key, at, value, quality) come when it was made.

    One that says it is of a time after the window has a wrong clock, and would let that much time pass for all.
    """
    engine = Engine(rules, begin)
    readings = readings.filter(pc.less(readings["at"], pa.scalar(end, readings["at"].type)))
    parts = [engine.step(part, _last(part)).transitions for part in _chunks(readings)]
    settled = end + timedelta(microseconds=Bounds().settle)
    return episodes(pa.concat_tables([TRANSITIONS.empty_table(), *parts, engine.advance(settled).transitions]))


STRETCH = timedelta(days=1)
"""Readings read at once when a long past is judged: those of a day, so that a month needs no more memory."""


def tried(
    sides: Sequence[Compiled], series: Series, begin: datetime, end: datetime, scope: Scope,
    report: Callable[[int, int], None],
) -> tuple[list[pa.Table], int]:  # fmt: skip
    """The episodes of each of some sets of rules over the same readings, and how many readings there were.

    `report` is told after each stretch how many of how many are judged; what it raises ends the work.
    """
    engines = [Engine(rules, begin) for rules in sides]
    found: list[list[pa.Table]] = [[TRANSITIONS.empty_table()] for _ in sides]
    stretches = [begin + n * STRETCH for n in range(-((begin - end) // STRETCH))]
    points = sorted({line.point.partition("/")[0] for rules in sides for line in rules.lines})
    rows = 0
    for done, starts in enumerate(stretches):
        report(done, len(stretches))
        kept = series.read(SENSORS, points, start=starts, end=min(starts + STRETCH, end), scope=scope)
        rows += kept.num_rows
        parts = list(_chunks(by_point(_arriving(kept, kept["at"])))) if kept.num_rows else []
        for engine, told in zip(engines, found, strict=True):
            told += [engine.step(part, _last(part)).transitions for part in parts]
    settled = end + timedelta(microseconds=Bounds().settle)
    for engine, told in zip(engines, found, strict=True):
        told.append(engine.advance(settled).transitions)
    report(len(stretches), len(stretches))
    return [episodes(pa.concat_tables(told)) for told in found], rows


def window(rules: Compiled, series: Series, begin: datetime, end: datetime, scope: Scope) -> pa.Table:
    """The readings of the points of some rules between two moments."""
    points = sorted({line.point.partition("/")[0] for line in rules.lines})
    found = series.read(SENSORS, points, start=begin, end=end, scope=scope)
    return by_point(_arriving(found, found["at"]))


def second_look(rules: Compiled, series: Series, late: pa.Table, now: datetime) -> pa.Table:
    """The episodes that began in stretches of late readings (`Step.late`), judged again with all that is kept now."""
    if not late.num_rows:
        return EPISODES.empty_table()
    first, last = pc.min(late["first"]).as_py(), pc.max(late["last"]).as_py()
    points = set(late["point"].to_pylist())
    spread = timedelta(microseconds=Engine(rules, first).longest)
    begin, end = first - spread, min(last + spread, now)
    found = replayed(rules, window(rules, series, begin, end, SYSTEM_SCOPE), begin, end)
    touched = {line.rule for line in rules.lines if line.point in points}
    kept = [
        row | {"cleared_at": row["cleared_at"] or end}
        for row in found.to_pylist()
        if row["rule"] in touched and first <= row["raised_at"] <= last
    ]
    return pa.Table.from_pylist(kept, schema=EPISODES)


def rebuilt(rules: Compiled, desk: Desk, series: Series, now: datetime) -> tuple[Engine, pa.Table]:
    """The engine as before a restart, from the alarms on record and the last readings; and what was not yet told.

    How far back is read is the longest delay or window of any rule; silence goes by the newest reading, however old.
    """
    begin = now - timedelta(microseconds=Engine(rules, now).longest)
    readings = window(rules, series, begin, now + timedelta(microseconds=Bounds().ahead), SYSTEM_SCOPE)
    moment = pa.scalar(now, readings["at"].type)
    came = pc.if_else(pc.greater(readings["at"], moment), moment, readings["at"])
    readings = _arriving(readings, came)
    engine = Engine(rules, begin)
    engine.put_back(desk.known(begin), _heard(rules, series, begin) | _firsts(readings), now)
    parts = [engine.step(part, _last(part)) for part in _chunks(readings)]
    parts.append(engine.advance(now))
    return engine, pa.concat_tables([part.transitions for part in parts])


def _firsts(readings: pa.Table) -> dict[str, datetime]:
    """When each point was first heard among some readings."""
    heard = readings.filter(pc.less(readings["quality"], MISSING)).group_by("key").aggregate([("at", "min")])
    return dict(zip(*(column.to_pylist() for column in heard.columns), strict=True))


def _heard(rules: Compiled, series: Series, before: datetime) -> dict[str, datetime]:
    """When the points that may fall silent were last heard, of those not heard since."""
    points = sorted({line.point.partition("/")[0] for line in rules.lines if line.sort is Sort.SILENCE})
    if not points:
        return {}
    newest = by_point(series.latest(SENSORS, points, scope=SYSTEM_SCOPE))
    return _firsts(newest.filter(pc.less(newest["at"], pa.scalar(before, newest["at"].type))))


def lines_of(rules: Compiled) -> dict[tuple[str, str, str], Line]:
    """The lines people are told of, by rule, point and condition."""
    return {line.identity[:3]: line for line in rules.lines if not line.feeds}


def _arriving(readings: pa.Table, at: pa.ChunkedArray) -> pa.Table:
    """The same as if each had come at such a moment, whenever it came."""
    kept = [name for name in readings.column_names if name != "arrived"]
    return readings.select(kept).append_column("arrived", at)


def _last(part: pa.Table) -> datetime:
    moment = pc.max(part["arrived"]).as_py()
    assert isinstance(moment, datetime)
    return moment


def _chunks(readings: pa.Table) -> Iterator[pa.Table]:
    """Readings in order of time; those of one moment stay together."""
    if "arrived" not in readings.column_names:
        readings = _arriving(readings, readings["at"])
    ordered = readings.sort_by([("at", "ascending")])
    at = ordered["at"].cast(pa.int64()).to_numpy()
    begin = 0
    while begin < len(at):
        end = int(np.searchsorted(at, at[min(begin + CHUNK, len(at)) - 1], side="right"))
        yield ordered.slice(begin, end - begin)
        begin = end
