"""Floods: groups and first-outs, chattering and standing alarms, the load of a position."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.codes import Status
from monitoring.alarms.flood import SECOND, chattering, groups, load, standing
from monitoring.alarms.practice import practice, practices

ON = date(2026, 11, 28)


def seconds(*values: float) -> np.ndarray:
    return (np.array(values, float) * SECOND).astype(np.int64)


def test_alarms_of_a_site_close_in_time_are_a_group_and_the_earliest_is_first_out() -> None:
    number, first = groups(np.array(["S1", "S2", "S1", "S1", "S1"]), seconds(30, 31, 0, 80, 200), 60 * SECOND)
    assert number.tolist() == [0, 2, 0, 0, 1]
    assert first.tolist() == [False, True, True, False, True]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 200)), max_size=20), st.integers(2, 4))
@settings(max_examples=40, deadline=None)
def test_chatter_is_so_many_alarms_of_a_line_within_the_window(raised: list[tuple[str, int]], count: int) -> None:
    line, at = np.array([one[0] for one in raised], np.str_), seconds(*(one[1] for one in raised))
    expected = {
        name for name, _ in raised
        if any(sum(n == name and t <= u <= t + 60 for n, u in raised) >= count for _, t in raised)
    }  # fmt: skip
    assert chattering(line, at, count, 60 * SECOND) == expected


def test_an_alarm_stands_when_it_lasts_longer_than_a_day() -> None:
    day = round(practice("standing", ON)) * SECOND
    assert standing(np.array([0, 1]), day + 1, day).tolist() == [True, False]


def test_eleven_alarms_in_ten_minutes_are_a_flood_until_fewer_than_five_are_left() -> None:
    at = seconds(*range(0, 550, 50), 900)
    found = load(at, begin=0, end=86_400 * SECOND, on=ON)
    assert [(one.starts, one.alarms, one.peak) for one in found.floods] == [(0, 12, 11)]
    assert found.floods[0].ends == 950 * SECOND  # of the alarms from 350 s on, five are left until then
    assert (found.alarms, found.peak) == (12, 11)
    assert not load(at[:10], begin=0, end=86_400 * SECOND, on=ON).floods
    assert not load(at, begin=0, end=86_400 * SECOND, on=ON, positions=2).floods


def test_every_number_says_where_it_comes_from() -> None:
    assert all(one.source and (one.status is Status.OWN) == (one.source == "OneMap") for one in practices())
