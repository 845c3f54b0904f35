"""Readings: kept once, read together from database and day files, downsampled truthfully, under the caller's scope."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.embedded import open_embedded
from store.feed import Put
from store.series import READINGS, Series, open_series
from store.series.days import ANSWER
from tests.store.cityscape import CITY, CLERK, DISTRICT, SHOPS, TOWN, Clock, shop

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def readings(key: str, moments: list[datetime], values: list[float | None], quality: int = 0) -> pa.Table:
    count = len(moments)
    return pa.table(
        {
            "layer": ["shops"] * count, "key": [key] * count, "element": ["value"] * count, "at": moments,
            "value": values, "quality": [quality] * count,
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


def test_days_of_files_and_recent_readings_are_read_as_one_without_repeats(series: Series) -> None:
    series.write_days(readings("A", [NOON - 2 * DAY, NOON - DAY], [1.0, 2.0]))
    series.append(readings("A", [NOON - DAY, NOON], [2.5, 3.0]))
    assert read(series) == [(NOON - 2 * DAY, 1.0), (NOON - DAY, 2.5), (NOON, 3.0)]


def test_old_days_leave_the_database_for_parquet_and_read_the_same(series: Series, tmp_path: Path) -> None:
    moments = [NOON - n * DAY for n in range(6, -1, -1)]
    for number, moment in enumerate(moments):
        series.append(readings("A", [moment], [float(number)]))
    kept = sqlite3.connect(tmp_path / "series" / "recent.db").execute("SELECT count(*) FROM readings").fetchone()
    files = sorted(path.name for path in (tmp_path / "series" / "days").iterdir())
    assert kept == (3,)
    assert files == [f"2026-11-{day}-recent.parquet" for day in (18, 19, 20, 21)]
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
    before = db.execute("SELECT * FROM readings").fetchall()
    assert series.fold(date(2026, 11, 25)) == 1
    db.executemany("INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?)", before)
    db.commit()
    db.close()
    assert read(series) == [(NOON, 1.0)], "file written, rows not yet deleted"
    assert series.fold(date(2026, 11, 25)) == 1
    assert read(series) == [(NOON, 1.0)]


def test_a_caller_reads_only_points_whose_rows_are_in_scope(series: Series) -> None:
    series.append(readings("A", [NOON], [1.0]))
    series.append(readings("B", [NOON], [2.0]))
    assert series.latest(SHOPS, scope=DISTRICT)["key"].to_pylist() == ["A"]
    table = series.read(SHOPS, ["A", "B"], start=NOON - DAY, end=NOON + DAY, scope=DISTRICT)
    assert table["key"].to_pylist() == ["A"]


def test_readings_do_not_wait_for_the_disk_as_commands_do(series: Series) -> None:
    assert series._db.execute("PRAGMA synchronous").fetchone() == (1,)


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
    with series._lock:
        series._db.execute("DELETE FROM readings")
    series.append(readings("A", moments, list(values)))
    found = series.read(SHOPS, ["A"], start=start, end=end, scope=CITY, buckets=buckets)
    span = (end - start) // buckets
    places = np.array([(moment - start) // span for moment in moments])
    for place, row in zip(np.unique(places), found.to_pylist(), strict=True):
        inside = np.array(values)[places == place]
        assert (row["low"], row["high"], row["last"], row["count"]) == (
            inside.min(), inside.max(), inside[-1], len(inside),
        )  # fmt: skip
