from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.cli import command_line
from core.errors import BadInputError
from monitoring.simulate import EventKind, Park, Simulator, event, made_up, park_of, score, truth
from monitoring.simulate.simulator import microseconds

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def city() -> Park:
    return park_of(pq.read_table(ROOT / "data" / "samples" / "sensors.parquet"), 5.0)


def thresholds(park: Park, batch: pa.Table) -> pa.Table:
    """The plainest alarm system there is: an alarm whenever a value comes over a limit it was under before."""
    frame = batch.to_pandas()
    frame["key"] = frame["key"].astype(str)
    found = []
    for level, name, over in (("HH", "high_high", 1), ("H", "high", 1), ("L", "low", -1), ("LL", "low_low", -1)):
        limits = dict(zip(park.keys.tolist(), park.limits[name].tolist(), strict=True))
        beyond = over * (frame["value"] - frame["key"].map(limits)) >= 0
        before = beyond.groupby(frame["key"]).shift(fill_value=False)
        rising = frame[beyond & ~before]
        found += [(key, level, at) for key, at in zip(rising["key"], rising["at"], strict=True)]
    columns = zip(*found, strict=True) if found else ([], [], [])
    return pa.table(
        {name: list(column) for name, column in zip(("point", "condition", "raised_at"), columns, strict=True)}
    )


def test_a_run_that_begins_later_tells_the_same_story(city: Park) -> None:
    whole = Simulator(park=city, seed=5, drawn_per_hour=40).batch(NOON, NOON + 12 * MINUTE)
    later = Simulator(park=city, seed=5, drawn_per_hour=40).batch(NOON + 7 * MINUTE, NOON + 12 * MINUTE)
    assert whole.slice(whole.num_rows - later.num_rows).equals(later)
    other = Simulator(park=city, seed=6, drawn_per_hour=40).batch(NOON + 7 * MINUTE, NOON + 12 * MINUTE)
    assert not other["value"].equals(later["value"])


def test_nothing_is_over_a_limit_while_nothing_is_wrong(city: Park) -> None:
    simulator = Simulator(park=city, seed=2)
    for hours in range(0, 24 * 7, 7):
        at = NOON + timedelta(hours=hours)
        assert thresholds(city, simulator.batch(at, at + timedelta(seconds=5))).num_rows == 0


def test_pressure_follows_the_warmth_of_its_tank_and_levels_rise_and_fall(city: Park) -> None:
    points = {kind: city.place(f"P0000{n}") for n, kind in enumerate(("level", "pressure", "temperature"), 1)}
    hours = np.arange(0, 24 * 14) * 3600 * 1_000_000 + microseconds(NOON)
    level, pressure, warm = (
        Simulator(park=city).process(hours, np.array([points[kind]]), [])[:, 0]
        for kind in ("level", "pressure", "temperature")
    )
    assert np.corrcoef(pressure, warm)[0, 1] > 0.6
    assert (np.diff(level) > 0.2).any()
    assert (np.diff(level) < -0.2).any()


def test_the_truth_is_what_plain_thresholds_find_but_for_the_instruments_own_faults() -> None:
    park = made_up(1600)
    simulator = Simulator(park=park, seed=4, drawn_per_hour=60)
    said = truth(simulator, NOON, NOON + 60 * MINUTE)
    alarms = thresholds(park, simulator.batch(NOON, NOON + 60 * MINUTE))
    wanted = said.filter(pa.compute.not_equal(said["condition"], "silence"))
    found = score(alarms, wanted)
    assert found.expected > 20
    assert found.missed == 0
    assert found.delay_longest is not None
    assert found.delay_longest <= 10
    assert set(found.false_by_kind) <= {"spike"}


@pytest.mark.parametrize("kind", list(EventKind))
def test_each_kind_of_event_shows_as_it_should(kind: EventKind) -> None:
    park = made_up(80)
    key = "S0000003" if kind is EventKind.LEAK else "S0000001"
    start, end = NOON + MINUTE, NOON + (MINUTE * 1.1 if kind is EventKind.SPIKE else 9 * MINUTE)
    told = event(park, kind, key, microseconds(start), microseconds(end))
    batch = Simulator(park=park, events=(told,)).batch(NOON, NOON + 12 * MINUTE)
    quiet = Simulator(park=park).batch(NOON, NOON + 12 * MINUTE)
    levels = set(truth(Simulator(park=park, events=(told,)), NOON, NOON + 12 * MINUTE)["condition"].to_pylist())
    mine = batch.filter(pa.compute.equal(batch["key"].cast(pa.string()), key))
    match kind:
        case EventKind.LINK:
            assert quiet.num_rows - batch.num_rows == 40 * 8 * 12
            assert levels == {"silence"}
        case EventKind.CLOCK:
            assert len(set(mine["at"].to_pylist()) & set(quiet["at"].to_pylist())) < mine.num_rows
            assert levels == {""}
        case EventKind.STUCK:
            values = np.array(mine["value"])[12:108]
            assert values.min() == values.max()
            assert levels == {""}
        case EventKind.SPIKE:
            assert levels == {""}
            assert np.count_nonzero(np.array(mine["value"]) > 1.4) == 2
        case EventKind.CHATTER:
            assert levels == {"H"}
            assert np.count_nonzero(np.diff(np.array(mine["value"]) > 1.1)) > 20
        case _:
            assert levels >= {"H", "HH"}


def test_a_score_counts_missed_false_and_repeated_alarms() -> None:
    at = [NOON, NOON, NOON + 5 * MINUTE, NOON]
    said = pa.table(
        {
            "point": ["A", "A", "B", "C"],
            "enterprise": ["E"] * 4,
            "kind": ["trip", "trip", "drift", "stuck"],
            "from": at,
            "to": [NOON + 10 * MINUTE] * 4,
            "condition": ["H", "HH", "H", ""],
            "expected_at": pa.array([NOON, NOON + MINUTE, NOON + 5 * MINUTE, None], pa.timestamp("us", "UTC")),
        }
    )
    alarms = pa.table(
        {
            "point": ["A", "A", "C", "Z"],
            "condition": ["H", "H", "H", "H"],
            "raised_at": [NOON + timedelta(seconds=10), NOON + 2 * MINUTE, NOON + MINUTE, NOON],
        }
    )
    found = score(alarms, said)
    assert (found.expected, found.found, found.missed, found.false, found.repeated) == (3, 1, 2, 2, 1)
    assert found.delay_median == 10
    assert found.missed_by_kind == {"drift": 1, "trip": 1}
    assert found.false_by_kind == {"none": 1, "stuck": 1}


def test_the_command_writes_readings_that_can_be_sent_and_their_truth(tmp_path: Path) -> None:
    for ending in ("parquet", "csv", "jsonl"):
        output = tmp_path / f"readings.{ending}"
        given = ["--points", "40", "--minutes", "2", "--start", "2026-11-28T12:00:00+08:00", "--events", "600"]
        command_line("simulate")(
            ["simulate", *given, "-o", str(output), "--truth", str(tmp_path / "truth.csv")], standalone_mode=False
        )
        assert output.stat().st_size > 1000
    assert pq.read_table(tmp_path / "readings.parquet").column_names == ["point", "ts", "v", "q"]
    assert (tmp_path / "readings.csv").read_text().startswith('"point","ts","v","q"')
    with pytest.raises(BadInputError, match="parquet"):
        command_line("simulate")(
            ["simulate", "--points", "4", "-o", str(tmp_path / "readings.xls")], standalone_mode=False
        )


def test_a_batch_a_busy_server_did_not_take_is_sent_again() -> None:
    got: list[pa.Table] = []
    asked: list[str | None] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            asked.append(self.headers["authorization"])
            if len(asked) == 2:
                self.send_response(503)
                self.send_header("Retry-After", "0")
            else:
                got.append(pa.ipc.open_stream(body).read_all())
                self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        given = ["--points", "8", "--minutes", "0.5", "--speed", "0", "--step", "10", "--events", "0"]
        to = ["--to", f"http://127.0.0.1:{server.server_port}", "--key", "k"]
        command_line("simulate")(["simulate", *given, *to], standalone_mode=False)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert len(asked) == 4
    assert set(asked) == {"Bearer k"}
    every = pa.concat_tables(got)
    assert every.num_rows == 8 * 6 == len(set(zip(every["point"].to_pylist(), every["ts"].to_pylist(), strict=True)))
