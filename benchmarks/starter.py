"""The starter rules held against the truth of the simulated park: `python -m benchmarks.starter`.

The sample city's 2,000 points report every five seconds, so many things an hour go wrong; said is how many alarms a day
that would be, what was missed, what was false and by which event, and how late the rest came. Alarms on rate and by
votes have no truth of their own (they say earlier, or with more certainty, what a limit says) and are counted apart.
"""

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from monitoring.alarms.compiled import compiled
from monitoring.alarms.flood import SECOND, groups
from monitoring.alarms.replaying import replayed
from monitoring.alarms.rules import POINT_FIELDS, Point, points_of
from monitoring.alarms.starter import starter
from monitoring.simulate import Simulator, park_of, score, truth

NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)
SENSORS = Path(__file__).resolve().parents[1] / "data" / "samples" / "sensors.parquet"
VOTERS = ("P00004", "P00008", "P00012")
JUDGED_BY_TRUTH = pa.array(["LL", "L", "H", "HH", "silence"])
EVERY = 5
WINDOWS = (60, 300)


def each(found: pa.Table, points: Mapping[str, Point]) -> pa.Table:
    """Held against the truth, the alarm of a gateway says that every point of it is silent."""
    rows = []
    for row in found.to_pylist():
        lost = row["condition"] == "link"
        of = [one.code for one in points.values() if one.link == points[row["point"]].link] if lost else [row["point"]]
        rows += [row | {"point": code, "condition": "silence" if lost else row["condition"]} for code in of]
    return pa.Table.from_pylist(rows, schema=found.schema)


def rows_of_the_desk(found: pa.Table, points: Mapping[str, Point], window: int) -> int:
    """Groups as the desk makes them: one answer is for all of one."""
    place = np.array([points[code].enterprise or code for code in found["point"].to_pylist()], dtype=np.str_)
    number, _ = groups(place, found["raised_at"].cast(pa.int64()).to_numpy(), window * SECOND)
    return int(number.max(initial=-1)) + 1


def main() -> None:
    """Print one row of the table in docs/rules.md for each number of events."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--hours", type=float, default=2.0)
    asked.add_argument("--events", type=float, nargs="+", default=[6.0, 40.0], help="an hour")
    asked.add_argument("--seed", type=int, default=5)
    given = asked.parse_args()
    sensors = pq.read_table(SENSORS)
    sensors = sensors.drop_columns(["interval_seconds"])
    for name in sorted(set(POINT_FIELDS) - set(sensors.column_names)):
        sensors = sensors.append_column(name, pa.array([{"interval_seconds": EVERY}.get(name)] * sensors.num_rows))
    points, end = points_of(sensors), NOON + timedelta(hours=given.hours)
    rules = compiled(starter(points, VOTERS, "990100", NOON.date()), points)
    for events in given.events:
        simulator = Simulator(park=park_of(sensors), seed=given.seed, drawn_per_hour=events)
        readings, expected = simulator.batch(NOON, end), truth(simulator, NOON, end)
        found = replayed(rules, readings, NOON, end)
        every = each(found, points)
        known = pc.is_in(every["condition"], value_set=JUDGED_BY_TRUTH)
        told = score(every.filter(known), expected)
        a_day, apart = found.num_rows / given.hours * 24, pc.sum(pc.invert(known)).as_py()
        print(f"{events:g} events/h, {readings.num_rows:,} readings, {len(rules.lines):,} lines")
        print(f"  alarms {found.num_rows} ({a_day:,.0f} a day), apart {apart}")
        answers = {window: rows_of_the_desk(found, points, window) / given.hours * 24 for window in WINDOWS}
        print(f"  to be answered a day, alarms of an enterprise so many seconds apart being one row: {answers}")
        print(
            f"  {dict(zip(*(one.to_pylist() for one in pc.value_counts(found['condition']).flatten()), strict=True))}"
        )
        print(f"  {told}")
        rows = found.group_by(["rule"]).aggregate([("point", "count")]).to_pylist()
        print(f"  { ({row['rule']: row['point_count'] for row in rows}) }")


if __name__ == "__main__":
    main()
