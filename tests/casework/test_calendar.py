"""Working days of China, and when terms of the law end."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.calendar import Arrangement, Calendar, Pause, Term, Unit, arrangements, china
from core.errors import BadInputError

NOON = 4
"""The hour of UTC at which it is noon in China."""


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, NOON, tzinfo=UTC)


def last(start: date, term: Term, pauses: tuple[Pause, ...] = ()) -> date:
    found = china().due(noon(start), term, pauses)
    assert found is not None
    return found.day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 10, 10), True),  # a Saturday worked instead
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 11, 28), False),
        (date(2026, 11, 30), True),
        (date(2024, 2, 9), True),  # the eve of the Spring Festival was no day off that year
        (date(2023, 4, 23), True),  # a Sunday worked for May Day
    ],
)
def test_days_off_and_weekends_worked_are_those_announced(day: date, works: bool) -> None:
    assert china().works(day) is works


def test_the_first_day_is_not_counted_and_holidays_are_passed_over() -> None:
    assert last(date(2026, 9, 28), Term(2, Unit.WORKING_DAY)) == date(2026, 9, 30)
    assert last(date(2026, 9, 28), Term(5, Unit.WORKING_DAY)) == date(2026, 10, 10)
    assert last(date(2026, 9, 28), Term(5, Unit.CALENDAR_DAY)) == date(2026, 10, 3)


def test_a_term_ends_at_midnight_in_china() -> None:
    found = china().due(noon(date(2026, 11, 2)), Term(1, Unit.WORKING_DAY))
    assert found is not None
    assert found.at == datetime(2026, 11, 3, 16, tzinfo=UTC)


def test_what_happens_late_in_the_evening_of_utc_belongs_to_the_next_day_in_china() -> None:
    found = china().due(datetime(2026, 11, 2, 17, tzinfo=UTC), Term(1, Unit.WORKING_DAY))
    assert found is not None
    assert found.day == date(2026, 11, 4)


def test_a_last_day_that_is_a_holiday_gives_way_only_where_the_rule_says_so() -> None:
    assert last(date(2026, 9, 20), Term(15, Unit.CALENDAR_DAY)) == date(2026, 10, 5)
    assert last(date(2026, 9, 20), Term(15, Unit.CALENDAR_DAY, rolls=True)) == date(2026, 10, 8)


def test_months_end_on_the_same_day_or_the_last_of_a_shorter_one() -> None:
    assert last(date(2025, 11, 30), Term(3, Unit.MONTH)) == date(2026, 2, 28)
    assert last(date(2026, 12, 5), Term(1, Unit.MONTH)) == date(2027, 1, 5)
    assert last(date(2024, 2, 29), Term(3, Unit.YEAR)) == date(2027, 2, 28)


def test_hours_run_from_the_moment_and_through_the_night() -> None:
    found = china().due(datetime(2026, 10, 1, 1, 30, tzinfo=UTC), Term(24, Unit.HOUR))
    assert found is not None
    assert found.at == datetime(2026, 10, 2, 1, 30, tzinfo=UTC)


def test_a_clock_that_stands_has_no_end_and_goes_on_where_it_stood() -> None:
    start, stop, on = date(2026, 11, 2), date(2026, 11, 4), date(2026, 11, 20)
    term = Term(5, Unit.WORKING_DAY)
    assert china().due(noon(start), term, (Pause(noon(stop)),)) is None
    assert last(start, term) == date(2026, 11, 9)
    # two days (3rd, 4th) had run when it stopped: three are left after the day it goes on
    assert last(start, term, (Pause(noon(stop), noon(on)),)) == date(2026, 11, 25)


def test_pauses_out_of_order_are_refused_by_name() -> None:
    backwards = Pause(noon(date(2026, 11, 9)), noon(date(2026, 11, 4)))
    with pytest.raises(BadInputError, match="pauses"):
        china().due(noon(date(2026, 11, 2)), Term(5, Unit.WORKING_DAY), (backwards,))


def test_a_year_without_an_arrangement_is_said_to_be_assumed() -> None:
    beyond = max(china().years) + 1
    found = china().due(noon(date(beyond, 3, 1)), Term(5, Unit.WORKING_DAY))
    assert found is not None
    assert not found.certain
    assert "放假安排尚未收录" in str(found.note and found.note.zh)
    plain = china().due(noon(date(beyond, 3, 1)), Term(5, Unit.CALENDAR_DAY))
    assert plain is not None
    assert plain.certain


def test_a_year_added_as_rows_is_known(tmp_path: Path) -> None:
    beyond = max(china().years) + 1
    rows = tmp_path / "holidays.csv"
    rows.write_text(f"day,works,name,source\n{beyond}-03-02,no,试,测试用行\n", encoding="utf-8")
    year = Calendar(arrangements(rows))
    assert not year.works(date(beyond, 3, 2))
    found = year.due(noon(date(beyond, 3, 1)), Term(1, Unit.WORKING_DAY))
    assert found is not None
    assert found.certain


@pytest.mark.parametrize("line", ["2027-13-01,no,a,b", "2027-01-01,maybe,a,b", "2027-01-01,no,a,"])
def test_a_wrong_row_is_named_by_its_line(tmp_path: Path, line: str) -> None:
    rows = tmp_path / "holidays.csv"
    rows.write_text(f"day,works,name,source\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"holidays\.csv:2"):
        arrangements(rows)


@given(
    start=st.dates(date(2005, 1, 1), date(2030, 1, 1)),
    count=st.integers(0, 200),
    works=st.lists(st.dates(date(2027, 1, 1), date(2030, 1, 1)), max_size=5),
)
def test_a_term_of_working_days_is_the_count_of_days_worked(start: date, count: int, works: list[date]) -> None:
    year = Calendar(Arrangement(day, works=True) for day in works) if works else china()
    found = year.due(noon(start), Term(count, Unit.WORKING_DAY))
    assert found is not None
    assert year.worked(start, found.day) == count
    assert count == 0 or year.works(found.day)
    many = year.due_days(np.array([start], dtype="datetime64[D]"), count)
    assert many[0].astype(date) == found.day


@given(
    start=st.dates(date(2015, 1, 1), date(2026, 1, 1)),
    count=st.integers(1, 60),
    stop=st.integers(0, 30),
    held=st.integers(0, 40),
)
def test_a_pause_never_shortens_a_term_and_shifts_days_by_its_own_length(
    start: date, count: int, stop: int, held: int
) -> None:
    begin = noon(start + timedelta(days=stop))
    pause = (Pause(begin, begin + timedelta(days=held)),)
    assert last(start, Term(count, Unit.WORKING_DAY), pause) >= last(start, Term(count, Unit.WORKING_DAY))
    moved = last(start, Term(count, Unit.CALENDAR_DAY), pause) - last(start, Term(count, Unit.CALENDAR_DAY))
    assert moved == timedelta(days=held if stop < count else 0)
