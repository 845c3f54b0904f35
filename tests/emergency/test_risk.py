"""Risk: frequencies are conserved, curves fall, and contours lie where the risk is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from emergency.models.harm.event_tree import ignition_outcomes, sequential_outcomes
from emergency.models.harm.individual_risk import contour_distance, location_risk, personal_risk, risk_increment
from emergency.models.harm.societal_risk import Zone, fn_curve, fn_verdict, loss_of_life
from emergency.models.harm.tolerability import Region, tolerability, worth_of_reduction

shares = some.floats(0.0, 1.0)
events = some.lists(
    some.tuples(some.floats(1e-9, 1e-2), some.floats(0.0, 1e4)), min_size=1, max_size=30
).map(lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True)))  # fmt: skip


@given(some.floats(0.0, 1.0), shares, shares, shares)
def test_no_frequency_is_lost_in_the_event_tree(often: float, at_once: float, later: float, explosion: float) -> None:
    found = ignition_outcomes(often, at_once, later, explosion)
    outcomes = (found.immediate, found.delayed_flash, found.delayed_explosion, found.unignited)
    assert min(outcomes) >= 0.0
    assert sum(outcomes) == pytest.approx(often, abs=1e-12)


@given(some.lists(shares, max_size=20))
def test_the_outcomes_of_branches_in_order_sum_to_one(branches: list[float]) -> None:
    found = sequential_outcomes(np.array(branches))
    assert found.sum() == pytest.approx(1.0)
    assert found.size == len(branches) + 1


@given(events)
def test_the_curve_falls_and_its_area_is_the_loss_of_life(given_events: tuple[np.ndarray, np.ndarray]) -> None:
    often, deaths = given_events
    curve = fn_curve(often, deaths)
    n, frequency = np.asarray(curve.n), np.asarray(curve.frequency)
    assert (np.diff(n) > 0).all()
    assert (np.diff(frequency) <= 0).all()
    area = float((frequency * np.diff(n, prepend=0.0)).sum())
    assert area == pytest.approx(loss_of_life(often, deaths).total, rel=1e-9)
    assert curve.harmless + curve.at(5e-324) == pytest.approx(float(often.sum()))


def test_the_curve_tells_how_often_so_many_or_more_die() -> None:
    curve = fn_curve(np.array([1e-4, 1e-5]), np.array([10.0, 50.0]))
    assert [curve.at(n) for n in (1, 10, 11, 50, 51)] == pytest.approx([1.1e-4, 1.1e-4, 1e-5, 1e-5, 0.0])


@pytest.mark.parametrize(
    ("often", "zone"),
    [(1.01e-4, Zone.UNACCEPTABLE), (1e-4, Zone.ALARP), (1e-6, Zone.ACCEPTABLE), (0.0, Zone.ACCEPTABLE)],
)
def test_a_curve_that_touches_a_line_is_not_above_it(often: float, zone: Zone) -> None:
    assert fn_verdict(np.array([often]), np.array([10.0])).zone is zone


def test_a_city_of_harmless_events_is_acceptable() -> None:
    assert fn_verdict(np.array([0.1]), np.array([0.0])).zone is Zone.ACCEPTABLE


def test_the_risk_at_many_places_is_that_of_each() -> None:
    often, deaths = np.array([1e-4, 1e-5]), np.array([[1.0, 0.5, 0.0], [1.0, 1.0, 0.1]])
    together = location_risk(often, deaths)
    for place in range(3):
        assert together[place] == pytest.approx(location_risk(often, deaths[:, place]))
    assert personal_risk(together, np.array([0.2, 0.3, 0.5])) == pytest.approx(2.2e-5 + 1.8e-5 + 5e-7)
    assert risk_increment(5e-7, 0.1, 0.5) == pytest.approx(2.5e-8)


@given(some.floats(1e-9, 1e-2), some.floats(1e-9, 1e-2))
def test_the_contour_lies_where_an_exponential_risk_reaches_the_threshold(start: float, threshold: float) -> None:
    distance = np.linspace(0.0, 1000.0, 21)
    found = contour_distance(distance, start * np.exp(-distance / 100.0), threshold)
    if threshold > start:
        assert found == 0.0
    elif threshold <= start * np.exp(-10.0):
        assert found == np.inf
    else:
        assert found == pytest.approx(100.0 * np.log(start / threshold), abs=1e-6)


def test_a_risk_that_stops_is_reached_as_far_as_it_was_computed() -> None:
    assert contour_distance(np.array([0.0, 10.0, 20.0]), np.array([1e-4, 1e-4, 0.0]), 1e-6) == 10.0


def test_the_limits_themselves_belong_to_the_lower_region() -> None:
    assert tolerability(np.array([1.1e-4, 1e-4, 1.1e-6, 1e-6, 0.0])).tolist() == [
        Region.UNACCEPTABLE, Region.TOLERABLE, Region.TOLERABLE, Region.BROADLY_ACCEPTABLE, Region.BROADLY_ACCEPTABLE,
    ]  # fmt: skip


def test_what_a_reduction_is_worth_is_the_sum_of_its_items() -> None:
    """Twenty deaths at HSE's value of 2003, 1 336 800, once in 1e5 years, over 25 years."""
    found = worth_of_reduction(np.array([20 * 1_336_800.0]), 1e-5, 25.0, 10.0)
    assert found.total == pytest.approx(6684.0)
    assert found.limit == pytest.approx(66_840.0)
