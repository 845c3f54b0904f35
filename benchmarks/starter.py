"""The starter rules held against the truth of the simulated park: `python -m benchmarks.starter`.

The sample city's 2,000 points report every five seconds, so many things an hour go wrong; said is how many alarms a day
that would be, what was missed, what was false and by which event, and how late the rest came. Alarms on rate and by
votes have no truth of their own (they say earlier, or with more certainty, what a limit says) and are counted apart.
"""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from monitoring.alarms.compiled import compiled
from monitoring.alarms.replaying import replayed
from monitoring.alarms.rules import POINT_FIELDS, points_of
from monitoring.alarms.starter import starter
from monitoring.simulate import Simulator, park_of, score, truth

NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)
SENSORS = Path(__file__).resolve().parents[1] / "data" / "samples" / "sensors.parquet"
VOTERS = ("P00004", "P00008", "P00012")
JUDGED_BY_TRUTH = pa.array(["LL", "L", "H", "HH", "silence"])
EVERY = 5


def main() -> None:
    """Print one row of the table in docs/rules.md for each number of events."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--hours", type=float, default=2.0)
    asked.add_argument("--events", type=float, nargs="+", default=[6.0, 40.0], help="an hour")
    asked.add_argument("--seed", type=int, default=5)
    given = asked.parse_args()
    sensors = pq.read_table(SENSORS)
    missing = {"interval_seconds": EVERY}
    for name in sorted(set(POINT_FIELDS) - set(sensors.column_names)):
        sensors = sensors.append_column(name, pa.array([missing.get(name)] * sensors.num_rows))
    points, end = points_of(sensors), NOON + timedelta(hours=given.hours)
    rules = compiled(starter(points, VOTERS, "990100", NOON.date()), points)
    for events in given.events:
        simulator = Simulator(park=park_of(sensors), seed=given.seed, drawn_per_hour=events)
        readings, expected = simulator.batch(NOON, end), truth(simulator, NOON, end)
        found = replayed(rules, readings, NOON, end)
        known = pc.is_in(found["condition"], value_set=JUDGED_BY_TRUTH)
        told = score(found.filter(known), expected)
        a_day, apart = found.num_rows / given.hours * 24, pc.sum(pc.invert(known)).as_py()
        print(f"{events:g} events/h, {readings.num_rows:,} readings, {len(rules.lines):,} lines")
        print(f"  alarms {found.num_rows} ({a_day:,.0f} a day), apart {apart}")
        print(
            f"  {dict(zip(*(one.to_pylist() for one in pc.value_counts(found['condition']).flatten()), strict=True))}"
        )
        print(f"  {told}")


if __name__ == "__main__":
    main()
