"""Limits: every shipped row can be read, two persons make one verified, and only that takes a mark away."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConflictError, FaultsError, ForbiddenError
from emergency.chain import answered
from emergency.limits import (
    TABLES,
    Check,
    LimitRow,
    Reading,
    Standing,
    State,
    limit_row,
    limit_rows,
    read,
    state_of,
)
from emergency.scenario import scenario

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
ROW = "toxicity/7782-50-5/AEGL-2/60/S01"
CHLORINE = {
    "title": "液氯泄漏", "place": {"lon": 121.9, "lat": 33.2}, "chemical": "7782-50-5",
    "release": {"kind": "direct", "mass_rate": "2 kg/s", "duration": "10 min"},
    "weather": {"wind_speed": "3 m/s", "wind_from": 45, "stability": "D", "ambient_temperature": "20 ℃"},
    "model": "passive",
}  # fmt: skip


def reading(row: LimitRow, account: str, at: datetime = NOW, **other: str) -> Reading:
    numbers = {one.name: one.value for one in row.numbers} | other
    return Reading(
        account=account,
        name=account,
        at=at,
        document="EPA AEGL, 2014",
        page="3",
        numbers=tuple(sorted(numbers.items())),
    )


def twice(row: LimitRow) -> Check:
    return read(row, read(row, None, reading(row, "a")), reading(row, "b"))


def test_every_row_belongs_to_a_table_and_has_a_number_to_read_and_a_source() -> None:
    assert {row.table for row in limit_rows().values()} == set(TABLES)
    assert all(row.numbers and row.source and row.title.zh for row in limit_rows().values())
    assert all(len(row_id) <= 80 for row_id in limit_rows())


@given(st.sampled_from(sorted(limit_rows())))
def test_two_persons_who_find_what_is_shipped_verify_any_row(row_id: str) -> None:
    row = limit_row(row_id)
    once = read(row, None, reading(row, "a"))
    assert state_of(row, None) is State.OPEN
    assert state_of(row, once) is State.READ
    assert state_of(row, twice(row)) is State.CONFIRMED


def test_the_second_reader_is_another_person() -> None:
    row = limit_row(ROW)
    with pytest.raises(ForbiddenError):
        read(row, read(row, None, reading(row, "a")), reading(row, "a"))


def test_a_number_that_differs_stops_the_row_until_it_is_withdrawn() -> None:
    row = limit_row(ROW)
    wrong = read(row, None, reading(row, "a", value="99"))
    assert state_of(row, wrong) is State.DIFFERS
    with pytest.raises(ConflictError):
        read(row, wrong, reading(row, "b"))
    late = read(row, read(row, None, reading(row, "a")), reading(row, "b", value="99"))
    assert state_of(row, late) is State.DIFFERS


def test_another_number_in_the_system_makes_what_was_verified_lapse() -> None:
    row = limit_row(ROW)
    changed = replace(row, numbers=(replace(row.numbers[0], value="2.1"),))
    assert state_of(changed, twice(row)) is State.LAPSED
    assert state_of(changed, read(changed, twice(row), reading(changed, "c"))) is State.READ


def test_a_verified_row_is_not_read_a_third_time() -> None:
    row = limit_row(ROW)
    with pytest.raises(ConflictError):
        read(row, twice(row), reading(row, "c"))


@pytest.mark.parametrize("said", ["", "two", "nan", "1e999"])
def test_what_is_no_number_is_refused_by_name(said: str) -> None:
    row = limit_row(ROW)
    with pytest.raises(FaultsError) as refused:
        read(row, None, reading(row, "a", value=said))
    assert [fault.field for fault in refused.value.faults] == ["value"]


def test_numbers_are_compared_as_numbers_and_nr_as_a_word() -> None:
    row = limit_row(ROW)
    assert state_of(row, read(row, None, reading(row, "a", value=f"{float(row.numbers[0].value):.3f}"))) is State.READ
    none = next(one for one in limit_rows().values() if one.numbers[0].value == "NR")
    assert state_of(none, read(none, None, reading(none, "a", value="nr"))) is State.READ
    assert state_of(none, read(none, None, reading(none, "a", value="0"))) is State.DIFFERS


def test_only_the_zone_of_a_verified_level_loses_its_mark() -> None:
    wish = scenario(CHLORINE)
    plain = answered(wish, at=NOW, code_version="1")
    rows = [one.level.row for one in plain.zones]
    assert all(row in limit_rows() for row in rows)
    assert not any(one.verified for one in plain.zones)
    middle = limit_row(rows[1])
    marked = answered(wish, at=NOW, code_version="1", standing=Standing({middle.id: twice(middle)}))
    assert [one.verified for one in marked.zones] == [False, True, False]
    assert not marked.verified
    every = Standing({row: twice(limit_row(row)) for row in rows})
    whole = answered(wish, at=NOW, code_version="1", standing=every)
    (levels,) = [one for one in whole.receipt.data if one.name == "toxicity-levels"]
    assert levels.verified
    assert "a, b, 2026-11-28" in levels.title.zh


def test_a_level_of_ones_own_stays_unverified() -> None:
    own = scenario(CHLORINE | {"levels": [{"name": "自定", "value": 20, "unit": "ppm"}]})
    found = answered(own, at=NOW, code_version="1", standing=Standing({ROW: twice(limit_row(ROW))}))
    assert not found.zones[0].verified
