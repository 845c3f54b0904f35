"""Stretches of late readings, gathered until somebody has time to look at them again by the rules they touch."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pyarrow as pa

from monitoring.alarms.compiled import Compiled
from monitoring.alarms.engine import LATE
from monitoring.alarms.replaying import second_look
from store.series import Series

LONGEST_GAP = timedelta(days=7)
"""Of a time in which nobody judged no more than this is looked at again."""

NEAR = timedelta(hours=6)
"""Stretches no further apart are judged together; between others lie readings that nobody asked about."""

Stretch = tuple[datetime, datetime, int]


class LateStretches:
    """One stretch a point, which grows; filled by the thread that judges, emptied by the one that looks back."""

    def __init__(self) -> None:
        self._found: dict[str, Stretch] = {}
        self._turn = threading.Condition()

    def add(self, late: pa.Table) -> None:
        """More of them (schema LATE)."""
        if not late.num_rows:
            return
        with self._turn:
            for row in late.to_pylist():
                first, last, rows = self._found.get(row["point"], (row["first"], row["last"], 0))
                self._found[row["point"]] = (min(first, row["first"]), max(last, row["last"]), rows + row["rows"])
            self._turn.notify_all()

    def taken(self, wait: float) -> pa.Table:
        """All there are, when there are any within some seconds; they are the caller's to look at."""
        with self._turn:
            self._turn.wait_for(lambda: bool(self._found), wait)
            found, self._found = self._found, {}
        return _table(found)

    def wake(self) -> None:
        """Let whoever waits see that it is over."""
        with self._turn:
            self._turn.notify_all()

    @property
    def waiting(self) -> int:
        """Points that wait for a second look."""
        return len(self._found)


def looked_back(rules: Compiled, series: Series, late: pa.Table, now: datetime) -> Iterator[pa.Table]:
    """The episodes that began in the stretches, those near each other judged at once, by the rules they touch alone."""
    rows = sorted(late.to_pylist(), key=lambda row: row["first"])
    group: list[dict[str, object]] = []
    end: datetime | None = None
    for row in rows:
        if end is not None and row["first"] > end + NEAR:
            yield _looked(rules, series, group, now)
            group, end = [], None
        group.append(row)
        end = row["last"] if end is None else max(end, row["last"])
    if group:
        yield _looked(rules, series, group, now)


def _looked(rules: Compiled, series: Series, group: list[dict[str, object]], now: datetime) -> pa.Table:
    late = pa.Table.from_pylist(group, schema=LATE)
    return second_look(rules.only(late["point"].to_pylist()), series, late, now)


def whole_gap(rules: Compiled, begin: datetime, end: datetime) -> pa.Table:
    """A time in which nobody judged, as a stretch of every point."""
    if begin >= end:
        return LATE.empty_table()
    begin = max(begin, end - LONGEST_GAP)
    return _table(dict.fromkeys(rules.points.to_pylist(), (begin, end, 0)))


def _table(found: dict[str, Stretch]) -> pa.Table:
    columns = list(zip(*found.values(), strict=True)) if found else [(), (), ()]
    arrays = [pa.array(given, kind) for given, kind in zip((list(found), *columns), LATE.types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=LATE)
