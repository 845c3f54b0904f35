"""A chart's columns: lows and highs survive, what is bad is no part of the line, doubts and holes are told."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.quality.flags import Flag
from monitoring.trend import MOST, doubts, holes, rows_of, span_of, spans

MINUTE = 60_000_000


def readings(minutes: list[int], values: list[float | None], quality: list[int], flags: list[int]) -> pa.Table:
    at = pa.array([minute * MINUTE for minute in minutes]).cast(pa.timestamp("us", "UTC"))
    columns = {"at": at, "value": pa.array(values, pa.float64()), "quality": pa.array(quality, pa.int8())}
    return pa.table(columns | {"flags": pa.array(flags, pa.int32())})


def test_a_bad_value_is_told_apart_and_never_lifts_the_line() -> None:
    table = readings([0, 1, 2, 3], [1.0, 900.0, 3.0, None], [0, 2, 1, 3], [0, Flag.RANGE, Flag.SPIKE, 0])
    (one,) = (spans(rows_of(table), 0, 4 * MINUTE),)
    assert (one.low[0], one.high[0], one.last[0], one.count[0]) == (1.0, 3.0, 3.0, 2)
    assert (one.refused[0], one.quality[0], one.flags[0]) == (900.0, 3, Flag.RANGE | Flag.SPIKE)
    alone = spans(rows_of(table.slice(1, 1)), 0, MINUTE)
    assert np.isnan(alone.low[0])
    assert alone.refused[0] == 900.0


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 300), st.floats(-9, 9), st.integers(0, 3)), min_size=1), st.integers(1, 90))
def test_every_span_has_the_lowest_the_highest_and_the_last_of_its_good_readings(
    given: list[tuple[int, float, int]], span: int
) -> None:
    rows = sorted({minute: (value, quality) for minute, value, quality in given}.items())
    table = readings([m for m, _ in rows], [v for _, (v, _) in rows], [q for _, (_, q) in rows], [0] * len(rows))
    found = spans(rows_of(table), 0, span * MINUTE)
    expected: dict[int, list[float]] = {}
    for minute, (value, quality) in rows:
        expected.setdefault(minute // span, []).extend([value] if quality < 2 else [])
    assert (found.at // MINUTE // span).tolist() == list(expected)
    for place, values in enumerate(expected.values()):
        told = (found.low[place], found.high[place], found.last[place])
        assert np.isnan(told).all() if not values else told == (min(values), max(values), values[-1])


def test_a_doubt_lasts_until_the_next_reading_and_not_across_a_hole() -> None:
    flags = [0, Flag.STUCK, Flag.STUCK, 0, Flag.DRIFT, 0]
    rows = rows_of(readings([0, 1, 2, 3, 4, 60], [1.0] * 6, [0, 1, 1, 0, 1, 0], [int(flag) for flag in flags]))
    found = doubts(rows, patience=180)
    assert (found.start // MINUTE).tolist() == [1, 4]
    assert (found.end // MINUTE).tolist() == [3, 4]
    assert found.flags.tolist() == [Flag.STUCK, Flag.DRIFT]
    assert found.count.tolist() == [2, 1]


def test_holes_are_told_between_readings_and_at_both_edges() -> None:
    rows = rows_of(readings([10, 11, 30], [1.0] * 3, [0] * 3, [0] * 3))
    found = holes(rows.at, 0, 32 * MINUTE, patience=180)
    pairs = zip((found.start // MINUTE).tolist(), (found.end // MINUTE).tolist(), strict=True)
    assert list(pairs) == [(0, 10), (11, 30)]
    silent = holes(rows.at, 10 * MINUTE, 90 * MINUTE, patience=180)
    assert silent.end[-1] == 90 * MINUTE


def test_of_too_many_doubts_the_longest_are_told_and_the_rest_counted() -> None:
    count = 2 * MOST + 2
    rows = rows_of(readings(list(range(count)), [1.0] * count, [0, 1] * (count // 2), [0, 4] * (count // 2)))
    assert doubts(rows, patience=180).more == 1
    together = doubts(rows, patience=180, near=5 * MINUTE)
    assert (len(together.start), together.more, together.count[0]) == (1, 0, MOST + 1)


def test_few_readings_are_shown_each_by_itself() -> None:
    assert span_of(0, 1000, 10, 20) == 0
    assert span_of(0, 1001, 10, 21) == 101
