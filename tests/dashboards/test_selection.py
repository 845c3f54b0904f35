"""What a query string selects, and what it is refused for."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInputError
from dashboards.panels.marks import bars, curve
from dashboards.queries.selection import Selection, selection
from dashboards.queries.trend import months
from dashboards.queries.weather import wind_name


def test_an_empty_question_selects_everything() -> None:
    assert selection({}) == Selection()


def test_grades_and_days_are_read() -> None:
    chosen = selection({"risk": "2,1", "hazard": "4", "area": "990106", "since": "2026-01-02"})
    assert chosen == Selection(risk=(1, 2), hazard=(4,), area="990106", since=date(2026, 1, 2))


@pytest.mark.parametrize(
    "asked", [{"risk": "5"}, {"risk": "a"}, {"area": "'; --"}, {"since": "yesterday"}, {"sector": "%"}]
)
def test_nonsense_is_refused_by_name(asked: dict[str, str]) -> None:
    with pytest.raises(BadInputError, match=next(iter(asked))):
        selection(asked)


@given(st.floats(0, 360))
def test_every_wind_has_a_name(degrees: float) -> None:
    assert wind_name(degrees).zh


def test_the_last_twelve_months_end_with_this_one_in_local_time() -> None:
    found = months(datetime(2026, 12, 31, 17, 0, tzinfo=UTC), 12)
    assert found[-1] == (2027, 0)
    assert found[0] == (2026, 1)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60), st.none() | st.floats(-1e6, 1e6))
def test_curves_are_drawn_for_any_values(values: list[float], limit: float | None) -> None:
    assert "nan" not in str(curve(values, limit, "x").src)  # type: ignore[attr-defined]


def test_bars_of_a_year_without_accidents_are_drawn_flat() -> None:
    assert bars([0] * 12, [0] * 12, "none").alt == "none"  # type: ignore[attr-defined]
