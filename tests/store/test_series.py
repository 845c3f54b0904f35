"""Readings: kept once, read together from database and day files, downsampled truthfully, under the caller's scope."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.embedded import open_embedded
from store.feed import Put
from store.series import KEPT, READINGS, Series, open_series
from store.series.days import ANSWER
from tests.store.cityscape import CITY, CLERK, DISTRICT, SHOPS, TOWN, Clock, shop

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


RUNS = count()


def readings(
    key: str, moments: list[datetime], values: list[float | None], quality: int = 0, element: str = "value"
) -> pa.Table:
    rows = len(moments)
    return pa.table(
        {
            "layer": ["shops"] * rows, "key": [key] * rows, "element": [element] * rows, "at": moments,
            "value": values, "quality": [quality] * rows,
        },
        schema=READINGS,
    )  # fmt: skip


@pytest.fixture
def series(tmp_path: Path) -> Iterator[Series]:
    """Readings of two shops, one of them in another district."""
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    edits = [Put(layer="shops", record=shop("A", "330102001")), Put(layer="shops", record=shop("B", "330105001"))]
    store.commit(edits, actor=CLERK, reason="", scope=CITY)
    opened = open_series(tmp_path / "series", store)
    yield opened
    opened.close()
    store.close()


def read(series: Series, key: str = "A", **more: object) -> list[tuple[datetime, float | None]]:
    table = series.read(SHOPS, [key], start=NOON - 30 * DAY, end=NOON + DAY, scope=CITY, **more)  # type: ignore[arg-type]
    return list(zip(table["at"].to_pylist(), table["value"].to_pylist(), strict=True))


def test_what_is_appended_is_read_in_time_order_and_a_moment_again_replaces(series: Series) -> None:
    series.append(readings("A", [NOON, NOON - DAY / 24], [2.0, 1.0]))
    series.append(readings("A", [NOON], [None], quality=3))
    assert read(series) == [(NOON - DAY / 24, 1.0), (NOON, None)]
    (latest,) = series.latest(SHOPS, scope=CITY).to_pylist()
    assert (latest["at"], latest["value"], latest["quality"]) == (NOON, None, 3)


def test_a_late_reading_is_kept_but_is_not_the_latest(series: Series) -> None:
    series.append(readings("A", [NOON], [2.0]))
    series.append(readings("A", [NOON - DAY / 2], [9.0]))
    assert series.latest(SHOPS, scope=CITY)["value"].to_pylist() == [2.0]
    assert len(read(series)) == 2


def test_a_reading_of_a_clock_that_was_ahead_is_the_latest_only_until_a_newer_one_arrives(
    series: Series, tmp_path: Path
) -> None:
    minute = DAY / 1440

    def came(measured: datetime, arrived: datetime, value: float) -> None:
        told = readings("A", [measured], [value])
        series.append(told.append_column("arrived", pa.array([arrived], told.schema.field("at").type)))

    def latest() -> list[float]:
        return list(series.latest(SHOPS, scope=CITY)["value"].to_pylist())

    came(NOON + 10 * minute, NOON, 99.0)
    assert latest() == [99.0]
    came(NOON + minute, NOON + minute, 1.0)
    assert latest() == [1.0]
    came(NOON + 12 * minute, NOON + 2 * minute, 98.0)
    assert latest() == [98.0]
    came(NOON + 3 * minute, NOON + 3 * minute, 2.0)
    series.fold()
    other = open_series(tmp_path / "series", series._store)
    assert other.latest(SHOPS, scope=CITY)["value"].to_pylist() == latest() == [2.0]
    other.close()
    assert len(read(series)) == 4


def test_days_of_files_and_recent_readings_are_read_as_one_without_repeats(series: Series) -> None:
    series.write_days(readings("A", [NOON - 2 * DAY, NOON - DAY], [1.0, 2.0]))
    series.append(readings("A", [NOON - DAY, NOON], [2.5, 3.0]))
    assert read(series) == [(NOON - 2 * DAY, 1.0), (NOON - DAY, 2.5), (NOON, 3.0)]


def test_old_days_leave_the_database_for_parquet_and_read_the_same(series: Series, tmp_path: Path) -> None:
    moments = [NOON - n * DAY for n in range(6, -1, -1)]
    for number, moment in enumerate(moments):
        series.append(readings("A", [moment], [float(number)]))
    assert series.fold() == 7
    kept = sqlite3.connect(tmp_path / "series" / "recent.db").execute("SELECT count(*) FROM batches").fetchone()
    files = sorted(path.name[:10] for path in (tmp_path / "series" / "days").iterdir())
    assert kept == (0,)
    assert files == [f"2026-11-{day}" for day in range(18, 25)]
    assert read(series) == [(moment, float(number)) for number, moment in enumerate(moments)]


def test_one_point_of_a_day_of_many_is_read_whole_and_alone(series: Series) -> None:
    """More readings than a group of rows holds, of the two shops mixed with points nobody asks for."""
    moments = [NOON - 3 * DAY + timedelta(seconds=n) for n in range(9000)]
    others = [readings(key, moments, [0.0] * 9000) for key in ("0", "AA", "Z")]
    series.write_days(
        pa.concat_tables([*others, readings("B", moments, [2.0] * 9000), readings("A", moments, [1.0] * 9000)])
    )
    assert read(series) == [(moment, 1.0) for moment in moments]
    both = series.read(SHOPS, ["A", "B"], start=NOON - 30 * DAY, end=NOON, scope=CITY)
    assert (both["key"].to_pylist(), both.schema) == (["A"] * 9000 + ["B"] * 9000, ANSWER)
    some = series.read(SHOPS, ["A"], start=moments[10], end=moments[20], scope=CITY)
    assert some["at"].to_pylist() == moments[10:20]


def test_a_file_of_another_hand_is_read_too(series: Series) -> None:
    """Unordered, with one group of rows, as files written before were."""
    table = pa.concat_tables([readings("A", [NOON - 3 * DAY], [1.0]), readings("B", [NOON - 3 * DAY], [2.0]),
                              readings("A", [NOON - 3 * DAY + timedelta(hours=1)], [3.0])])  # fmt: skip
    pq.write_table(table, series._days / "2026-11-21-000.parquet", write_statistics=False)
    assert [value for _, value in read(series)] == [1.0, 3.0]


def test_a_day_folded_twice_or_cut_off_in_between_loses_and_repeats_nothing(series: Series, tmp_path: Path) -> None:
    series.append(readings("A", [NOON], [1.0]))
    db = sqlite3.connect(tmp_path / "series" / "recent.db")
    before = db.execute("SELECT * FROM batches").fetchall()
    assert series.fold() == 1
    db.executemany("INSERT INTO batches VALUES (?, ?)", before)
    db.execute("UPDATE state SET value = 1000")
    db.commit()
    db.close()
    again = open_series(tmp_path / "series", series._store)
    assert read(again) == [(NOON, 1.0)], "file written, batches not yet deleted"
    assert again.fold() == 1
    assert read(again) == [(NOON, 1.0)]
    again.close()


def test_a_caller_reads_only_points_whose_rows_are_in_scope(series: Series) -> None:
    series.append(readings("A", [NOON], [1.0]))
    series.append(readings("B", [NOON], [2.0]))
    assert series.latest(SHOPS, scope=DISTRICT)["key"].to_pylist() == ["A"]
    table = series.read(SHOPS, ["A", "B"], start=NOON - DAY, end=NOON + DAY, scope=DISTRICT)
    assert table["key"].to_pylist() == ["A"]


def test_readings_do_not_wait_for_the_disk_as_commands_do(series: Series) -> None:
    assert series._journal.db.execute("PRAGMA synchronous").fetchone() == (1,)


def test_a_refused_append_leaves_the_series_usable(series: Series) -> None:
    with pytest.raises((pa.ArrowInvalid, sqlite3.Error)):
        series.append(readings("A", [NOON], [1.0]).set_column(5, "quality", pa.array([None], pa.int8())))
    series.append(readings("A", [NOON], [1.0]))
    assert read(series) == [(NOON, 1.0)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200),
    buckets=st.integers(1, 40),
)
def test_downsampling_keeps_lows_highs_and_lasts(series: Series, values: list[float], buckets: int) -> None:
    start, end = NOON - timedelta(minutes=200), NOON
    moments = [start + timedelta(minutes=n) for n in range(len(values))]
    element = f"run {next(RUNS)}"
    series.append(readings("A", moments, list(values), element=element))
    found = series.read(SHOPS, ["A"], start=start, end=end, scope=CITY, element=element, buckets=buckets)
    span = (end - start) // buckets
    places = np.array([(moment - start) // span for moment in moments])
    for place, row in zip(np.unique(places), found.to_pylist(), strict=True):
        inside = np.array(values)[places == place]
        assert (row["low"], row["high"], row["last"], row["count"]) == (
            inside.min(), inside.max(), inside[-1], len(inside),
        )  # fmt: skip


def test_why_a_reading_is_doubted_and_when_it_arrived_stay_with_it(series: Series) -> None:
    table = readings("A", [NOON], [1.0], quality=1).append_column("flags", pa.array([5], pa.int32()))
    series.append(table.append_column("arrived", pa.array([NOON + DAY], KEPT.field("arrived").type)))
    for _ in range(2):
        (row,) = series.read(SHOPS, ["A"], start=NOON - DAY, end=NOON + DAY, scope=CITY).to_pylist()
        (latest,) = series.latest(SHOPS, scope=CITY).to_pylist()
        assert row == latest
        assert (row["quality"], row["flags"], row["arrived"]) == (1, 5, NOON + DAY)
        series.fold()


def test_what_is_said_again_is_told_from_what_is_new_or_corrected(series: Series) -> None:
    def repeated(table: pa.Table) -> list[bool]:
        return list(series.repeated(series.points(table), table).tolist())

    first = readings("A", [NOON, NOON + DAY / 24], [1.0, None])
    assert repeated(pa.concat_tables([first, first])) == [False, False, True, True]
    series.append(first)
    series.append(readings("B", [NOON], [1.0]))
    again = readings("A", [NOON - DAY / 24, NOON, NOON, NOON + DAY / 24, NOON + DAY / 12], [1.0, 1.0, 2.0, None, None])
    assert repeated(again) == [False, True, False, True, False]


def test_a_year_that_arrives_late_is_read_at_once_and_folds_into_its_days(series: Series, tmp_path: Path) -> None:
    series.append(readings("A", [NOON], [0.0]))
    series.fold()
    moments = [NOON - n * DAY / 4 for n in range(100)]
    series.append(readings("A", moments, [float(n) for n in range(100)]))
    assert read(series) == list(zip(reversed(moments), [float(n) for n in range(99, -1, -1)], strict=True))
    series.fold()
    assert read(series) == list(zip(reversed(moments), [float(n) for n in range(99, -1, -1)], strict=True))
    assert series.latest(SHOPS, scope=CITY)["at"].to_pylist() == [NOON]


def test_files_of_a_day_grow_together_and_the_later_reading_counts(series: Series, tmp_path: Path) -> None:
    minutes = [NOON + timedelta(minutes=n) for n in range(24)]
    for n in range(24):
        series.append(readings("A", [minutes[n], minutes[0]], [float(n), 100.0 + n]))
        series.fold()
    assert len(list((tmp_path / "series" / "days").iterdir())) < 6
    assert read(series) == [(minutes[0], 123.0), *((minutes[n], float(n)) for n in range(1, 24))]


def test_many_readings_are_folded_while_others_are_appended_and_read(
    series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.series.readings.FOLDED_AT", 500)
    moments = [NOON - timedelta(seconds=n) for n in range(2000)]
    for start in range(0, 2000, 50):
        series.append(readings("A", moments[start : start + 50], [1.0] * 50))
        assert len(read(series)) == start + 50
    assert "fold" in series._threads, "it has folded"


def test_another_process_sees_what_is_appended_and_what_is_folded(series: Series, tmp_path: Path) -> None:
    other = open_series(tmp_path / "series", series._store)
    stamp = other.stamp()
    series.append(readings("A", [NOON], [1.0]))
    assert (read(other), other.stamp() != stamp) == ([(NOON, 1.0)], True)
    other.append(readings("B", [NOON], [2.0]))
    series.append(readings("A", [NOON + DAY / 24], [3.0]))
    series.fold()
    assert read(other) == [(NOON, 1.0), (NOON + DAY / 24, 3.0)]
    assert read(series, "B") == [(NOON, 2.0)]
    assert other.latest(SHOPS, scope=CITY)["value"].to_pylist() == [3.0, 2.0]
    other.close()


def test_a_folder_of_the_first_versions_is_taken_over_with_all_it_had(series: Series, tmp_path: Path) -> None:
    """As they wrote it: a row a reading, and files named `recent` and by three digits."""
    folder = tmp_path / "old"
    (folder / "days").mkdir(parents=True)
    pq.write_table(readings("A", [NOON - 3 * DAY], [1.0]), folder / "days" / "2026-11-21-000.parquet")
    pq.write_table(readings("A", [NOON - 3 * DAY], [1.5]), folder / "days" / "2026-11-21-recent.parquet")
    (folder / "hours").mkdir()
    (folder / "hours" / "0.parquet").write_bytes(b"the hours of one point")
    db = sqlite3.connect(folder / "recent.db")
    for name in ("readings", "latest"):
        db.execute(f"CREATE TABLE {name} (layer TEXT, key TEXT, element TEXT, at INTEGER, value REAL, quality INTEGER)")
    at = int(NOON.timestamp()) * 1_000_000
    rows = [("shops", "A", "value", at, 2.0, 1), ("shops", "B", "value", at, None, 3)]
    db.executemany("INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.executemany("INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?)", [rows[0], ("shops", "B", "value", at + 9, None, 3)])
    db.commit()
    db.close()
    for _ in range(2):
        taken = open_series(folder, series._store)
        assert not list((folder / "hours").iterdir())
        assert read(taken) == [(NOON - 3 * DAY, 1.5), (NOON, 2.0)]
        latest = taken.latest(SHOPS, scope=CITY).to_pylist()
        assert [(row["key"], row["value"], row["quality"]) for row in latest] == [("A", 2.0, 1), ("B", None, 3)]
        assert latest[1]["at"] == NOON + timedelta(microseconds=9), "the newest stays the newest"
        taken.close()
