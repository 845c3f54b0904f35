"""The hours of days that are over: what numpy says of all readings, and what comes late is in them."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.embedded import open_embedded
from store.feed import Put
from store.series import KEPT, Series, open_series
from store.series.days import day_read
from store.series.spans import Rows
from tests.store.cityscape import CITY, CLERK, DISTRICT, SHOPS, TOWN, Clock, shop

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = 3_600_000_000
MINUTE = 60_000_000
CODES = ("A", "B", "C")
START = int((NOON - 9 * DAY).timestamp()) // 86400 * 86400 * 1_000_000
RUNS = itertools.count()


@pytest.fixture
def series(tmp_path: Path) -> Iterator[Series]:
    """Readings of three shops, one of them in another district."""
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    areas = {"A": "330102001", "B": "330105001", "C": "330102001"}
    edits = [Put(layer="shops", record=shop(code, area)) for code, area in areas.items()]
    store.commit(edits, actor=CLERK, reason="", scope=CITY)
    opened = open_series(tmp_path / "series", store)
    yield opened
    opened.close()
    store.close()


def table(rows: list[tuple[str, int, float | None, int, int]]) -> pa.Table:
    """Code, microseconds, value, quality and flags of each."""
    code, at, value, quality, flags = (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 5
    columns = {
        "layer": ["shops"] * len(rows), "key": code, "element": ["value"] * len(rows),
        "at": pa.array(at, pa.int64()).cast(pa.timestamp("us", "UTC")), "value": pa.array(value, pa.float64()),
        "quality": pa.array(quality, pa.int8()), "flags": pa.array(flags, pa.int32()),
        "arrived": pa.nulls(len(rows), pa.timestamp("us", "UTC")),
    }  # fmt: skip
    return pa.table(columns, schema=KEPT)


def minutes(code: str, day: int, values: list[float]) -> pa.Table:
    """One good reading a minute from the noon of a day some days back."""
    first = int((NOON - day * DAY).timestamp()) * 1_000_000
    return table([(code, first + n * MINUTE, value, 0, 0) for n, value in enumerate(values)])


def hours(series: Series, code: str = "A") -> Rows:
    return series.hours(SHOPS, code, "value", start=NOON - 12 * DAY, end=NOON + 2 * DAY, scope=CITY)


def peaks(found: Rows) -> list[tuple[object, ...]]:
    at = pa.array(found.at).cast(pa.timestamp("us", "UTC")).to_pylist()
    return list(zip(at, found.low.tolist(), found.high.tolist(), found.count.tolist(), strict=True))


def opened_for(series: Series, monkeypatch: pytest.MonkeyPatch) -> tuple[list[tuple[object, ...]], set[str]]:
    """The hours of A, and the days of which every reading was read for them."""
    opened: set[str] = set()

    def reading(path: Path, *rest: Any) -> pa.Table:
        opened.add(path.name[:10])
        return day_read(path, *rest)

    with monkeypatch.context() as patch:
        patch.setattr("store.series.readings.day_read", reading)
        return list(peaks(hours(series))), opened


def plainly(rows: list[tuple[str, int, float | None, int, int]], code: str) -> list[tuple[float, ...]]:
    """The hours of one point of all that was ever brought, said with numpy alone; the last word on a moment counts."""
    last = {at: (value, quality, flags) for key, at, value, quality, flags in rows if key == code}
    by_hour = itertools.groupby(sorted(last), key=lambda at: at // HOUR)
    found = []
    for hour, group in by_hour:
        told = [last[at] for at in group]
        usable = np.array([value is not None and quality < 2 for value, quality, _ in told])
        values = np.array([np.nan if value is None else value for value, _, _ in told])
        good, bad = values[usable], values[~usable][~np.isnan(values[~usable])]
        line = (good.min(), good.max(), good[-1]) if len(good) else (np.nan,) * 3
        worst = max(quality for _, quality, _ in told)
        flags = int(np.bitwise_or.reduce([one for _, _, one in told]))
        found.append((hour * HOUR, *line, len(good), worst, flags, bad[-1] if len(bad) else np.nan))
    return found


def as_told(found: Rows) -> list[tuple[float, ...]]:
    columns = (found.at, found.low, found.high, found.last, found.count, found.quality, found.flags, found.refused)
    return list(zip(*(column.tolist() for column in columns), strict=True))


ROW = st.tuples(
    st.sampled_from(CODES), st.integers(0, 4 * 24 * 12 - 1).map(lambda n: START + n * 5 * MINUTE),
    st.one_of(st.none(), st.floats(-1e6, 1e6)), st.integers(0, 3), st.sampled_from([0, 1, 2, 8]),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(ROW, min_size=1, max_size=40), min_size=1, max_size=5), small=st.booleans())
def test_hours_are_what_numpy_says_of_all_readings(
    series: Series, tmp_path: Path, batches: list[list[tuple[str, int, float | None, int, int]]], small: bool
) -> None:
    """Whatever was brought in whichever order, by files of days or by the journal; also summed up in small pieces."""
    own = open_series(tmp_path / f"series-{next(RUNS)}", series._store)
    with pytest.MonkeyPatch.context() as patch:
        if small:
            patch.setattr("store.series.hours.PIECE", 5)
            patch.setattr("store.series.hours.BATCH", 3)
            patch.setattr("store.series.days.ROWS", 4)
        for n, batch in enumerate(batches):
            own.write_days(table(batch)) if n % 2 else own.append(table(batch))
            if n == 1:
                own.fold()
        own.sum_up()
        everything = [row for batch in batches for row in batch]
        for _ in range(2):
            for code in CODES:
                np.testing.assert_equal(as_told(hours(own, code)), plainly(everything, code))
            own.fold()
            own.sum_up()
    own.close()


def test_a_day_that_is_over_is_read_from_its_hours_and_what_comes_late_is_in_them(
    series: Series, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(9, 1, -1):
        series.write_days(minutes("A", day, [1.0 * day, 2.0 * day, 3.0 * day]))
    series.append(minutes("A", 0, [5.0]))
    first = peaks(hours(series))
    assert first == [(NOON - day * DAY, 1.0 * day, 3.0 * day, 3) for day in range(9, 1, -1)] + [(NOON, 5.0, 5.0, 1)]
    series.fold()
    series.sum_up()
    over = {(NOON - day * DAY).date().isoformat() for day in range(9, 1, -1)}
    assert {path.name[:10] for path in (tmp_path / "series" / "hours").glob("*.arrow")} == over
    assert opened_for(series, monkeypatch) == (first, {"2026-11-24"}), "of the newest day every reading is read"
    late = (NOON - 5 * DAY, 5.0, 99.0, 4)
    series.append(table([("A", int((NOON - 5 * DAY).timestamp()) * 1_000_000 + 3 * MINUTE, 99.0, 0, 0)]))
    assert peaks(hours(series))[4] == late, "it waits in memory"
    series.fold()
    series.sum_up()
    assert opened_for(series, monkeypatch)[1] == {"2026-11-19", "2026-11-24"}, "more may come to it"
    assert peaks(hours(series))[4] == late
    series.append(minutes("A", 0, [5.0, 6.0]))
    series.fold()
    series.sum_up()
    found, opened = opened_for(series, monkeypatch)
    assert (found[4], opened) == (late, {"2026-11-24"})


@pytest.mark.parametrize("harm", ["half", "gone", "numbers"])
def test_hours_that_are_lost_or_of_other_numbers_are_not_believed(series: Series, tmp_path: Path, harm: str) -> None:
    for day in range(4, 0, -1):
        series.write_days(minutes("A", day, [1.0, 2.0]))
    series.sum_up()
    first = peaks(hours(series))
    kept = sorted((tmp_path / "series" / "hours").glob("*.arrow"))
    assert len(kept) == 3
    for path in kept:
        if harm == "half":
            path.write_bytes(path.read_bytes()[:700])
        elif harm == "gone":
            path.unlink()
    if harm == "numbers":
        with series._journal.writing() as db:
            db.execute("UPDATE state SET value = value + 1 WHERE name = 'origin'")
    assert peaks(hours(series)) == first
    series.sum_up()
    assert peaks(hours(series)) == first


def test_hours_are_of_points_the_caller_may_see(series: Series) -> None:
    series.write_days(minutes("B", 1, [1.0]))
    series.sum_up()
    assert series.hours(SHOPS, "B", "value", start=NOON - 2 * DAY, end=NOON, scope=DISTRICT).at.tolist() == []
    assert len(hours(series, "B")) == 1
