"""The engine held against the truth of the simulated park: what it misses, what it says twice, what a delay costs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from layers.catalogue.alarms import AlarmRule
from monitoring.alarms.compiled import compiled
from monitoring.alarms.replaying import replayed
from monitoring.alarms.rules import POINT_FIELDS, points_of
from monitoring.simulate import Simulator, park_of, score, truth

NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)
END = NOON + timedelta(minutes=30)
SENSORS = Path(__file__).resolve().parents[2] / "data" / "samples" / "sensors.parquet"


def test_nothing_is_missed_and_a_dead_band_with_delays_says_each_alarm_once() -> None:
    sensors = pq.read_table(SENSORS)
    missing = {"in_use": True, "enterprise": "", "interval_seconds": None}
    for name in set(POINT_FIELDS) - set(sensors.column_names):
        sensors = sensors.append_column(name, pa.array([missing.get(name)] * sensors.num_rows))
    points = points_of(sensors)
    simulator = Simulator(park=park_of(sensors, 5.0), seed=5, drawn_per_hour=60)
    readings, events = simulator.batch(NOON, END), truth(simulator, NOON, END)
    found = []
    for band, on, off in ((0.0, 0.0, 0.0), (1.0, 10.0, 10.0)):
        rules = []
        for kind in sorted({point.kind for point in points.values()}):
            same = {"title": kind, "state": "in_force", "sensor_kind": kind}
            delays = {"dead_band_percent": band, "delay_on": on, "delay_off": off}
            rules.append(AlarmRule.model_validate({"code": f"L-{kind}", "kind": "limits", **same, **delays}))
            rules.append(AlarmRule.model_validate({"code": f"S-{kind}", "kind": "silence", "silence": 60.0, **same}))
        made = compiled(rules, points)
        assert not made.left_out
        found.append(score(replayed(made, readings, NOON, END), events))
    plain, calm = found
    assert plain.expected > 50
    assert (plain.missed, calm.missed) == (0, 0)
    assert plain.repeated > calm.repeated == 0
    assert "spike" not in calm.false_by_kind
    assert calm.delay_95 is not None
    assert calm.delay_95 <= 60.0
