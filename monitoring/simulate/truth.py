"""What an alarm system should have said: one row for each point, event and level that the process itself reaches."""

from datetime import datetime

import numpy as np
import pyarrow as pa

from monitoring.simulate.events import Event, EventKind
from monitoring.simulate.simulator import MOMENT, TAIL, Simulator, microseconds

TRUTH = pa.schema(
    [
        ("point", pa.string()),
        ("enterprise", pa.string()),
        ("kind", pa.string()),
        ("from", MOMENT),
        ("to", MOMENT),
        ("condition", pa.string()),
        ("expected_at", MOMENT),
    ]
)
"""`condition` is HH, H, L, LL, or silence where a link is lost; empty, with no time, where nothing should be said."""

UPPER = (("HH", "high_high"), ("H", "high"))
LOWER = (("LL", "low_low"), ("L", "low"))
SILENT = "silence"
INSTRUMENT = frozenset({EventKind.SPIKE, EventKind.STUCK, EventKind.CLOCK})
"""The process is as it was: whatever alarm comes of them is a false one."""


def truth(simulator: Simulator, start: datetime, end: datetime) -> pa.Table:
    """The truth of a span, by expected time; an event that began earlier is told from the start of the span."""
    begin, until = microseconds(start), microseconds(end)
    rows = [row for one in simulator.during(begin, until) for row in _of(one, simulator, begin, until)]
    columns = {name: pa.array([row[place] for row in rows], TRUTH.field(name).type) for place, name in enumerate(NAMES)}
    return pa.table(columns, schema=TRUTH).sort_by([("from", "ascending"), ("point", "ascending")])


NAMES = tuple(TRUTH.names)
Row = tuple[str, str, str, int, int, str, int | None]


def _of(one: Event, simulator: Simulator, begin: int, until: int) -> list[Row]:
    park, rows = simulator.park, list[Row]()
    first, last = max(begin, one.start), min(until, one.end + TAIL)
    if one.start >= until or one.end <= begin:
        return []
    for point in one.points:
        every, reached = int(park.every[point]), list[tuple[str, int]]()
        if one.kind is EventKind.LINK:
            reached = [(SILENT, first)]
        elif one.kind not in INSTRUMENT:
            at = np.arange(-(-first // every) * every, last, every, dtype=np.int64)
            value = simulator.process(at, np.array([point]), [one])[:, 0]
            for names, over in ((UPPER, True), (LOWER, False)):
                for level, name in names:
                    limit = park.limits[name][point]
                    hit = np.flatnonzero(value >= limit if over else value <= limit)
                    if len(hit):
                        reached.append((level, int(at[hit[0]])))
        said = (str(park.keys[point]), str(park.enterprises[point]), one.kind.value, one.start, one.end)
        if not reached and one.kind is EventKind.LEAK and point != one.points[0]:
            continue
        rows.extend((*said, level, when) for level, when in reached)
        if not reached:
            rows.append((*said, "", None))
    return rows
