"""Whole days written at once, by this process or another: in order, each moment once, and the newest known to all."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.embedded import open_embedded
from store.feed import Put
from store.series import KEPT, READINGS, Series, open_series
from store.series.bulk import holds_days, keep_days
from store.series.days import in_order
from tests.store.cityscape import CITY, CLERK, SHOPS, TOWN, Clock, shop

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def readings(rows: list[tuple[str, datetime, float]]) -> pa.Table:
    keys, moments, values = zip(*rows, strict=True)
    count = len(rows)
    return pa.table(
        {"layer": ["shops"] * count, "key": keys, "element": ["value"] * count, "at": moments, "value": values,
         "quality": [0] * count},
        schema=READINGS,
    )  # fmt: skip


@pytest.fixture
def series(tmp_path: Path) -> Iterator[Series]:
    store = open_embedded(tmp_path / "city.gpkg", TOWN, Clock())
    edits = [Put(layer="shops", record=shop(key, "330102001")) for key in ("A", "B")]
    store.commit(edits, actor=CLERK, reason="", scope=CITY)
    opened = open_series(tmp_path / "series", store)
    yield opened
    opened.close()
    store.close()


def newest(series: Series) -> dict[str, float]:
    found = series.latest(SHOPS, scope=CITY)
    return dict(zip(found["key"].to_pylist(), found["value"].to_pylist(), strict=True))


def test_days_that_another_process_wrote_at_once_are_the_newest_here(series: Series, tmp_path: Path) -> None:
    assert newest(series) == {}
    assert not holds_days(tmp_path / "series")
    keep_days(tmp_path / "series", readings([("A", NOON - DAY, 1.0), ("A", NOON, 2.0), ("B", NOON, 3.0)]))
    assert newest(series) == {"A": 2.0, "B": 3.0}
    assert holds_days(tmp_path / "series")


def test_the_newest_reading_is_not_forgotten_because_another_process_wrote_older_days(
    series: Series, tmp_path: Path
) -> None:
    series.append(readings([("A", NOON, 9.0)]))
    keep_days(tmp_path / "series", readings([("A", NOON - DAY, 1.0), ("B", NOON, 3.0)]))
    assert newest(series) == {"A": 9.0, "B": 3.0}
    series.fold()
    again = open_series(tmp_path / "series", series._store)
    assert newest(again) == {"A": 9.0, "B": 3.0}
    again.close()


def test_a_file_has_its_points_and_moments_in_order_and_each_moment_once(tmp_path: Path) -> None:
    rows = [(key, NOON + timedelta(minutes=7 * n % 60 - 900 * (n % 2)), float(n))
            for n, key in enumerate(["B", "AA", "A", "ÄB", "B", "A", "b", "AA", "人", "A"] * 9)]  # fmt: skip
    keep_days(tmp_path, readings(rows))
    files = sorted((tmp_path / "days").iterdir())
    assert [file.name[:10] for file in files] == ["2026-11-23", "2026-11-24"]
    for file in files:
        day = file.name[:10]
        expected = in_order(readings([row for row in rows if row[1].date().isoformat() == day]))
        written = pq.read_table(file).cast(KEPT).select(READINGS.names)
        assert written.to_pylist() == expected.to_pylist()
