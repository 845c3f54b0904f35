"""Indoors, for a cloud that comes and goes in any way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.models.harm.indoor_course import indoor_course
from emergency.models.harm.infiltration import indoor_share

CONSTANTS = st.floats(100, 1e6)


@given(CONSTANTS, st.floats(10, 5000))
def test_any_course_is_followed_exactly_whatever_the_steps(constant: float, passing: float) -> None:
    fine = np.linspace(0, 4 * passing, 401)
    course = np.sin(np.pi * np.minimum(fine, 2 * passing) / (2 * passing)) ** 2
    between = np.linspace(0, 4 * passing, 801)
    finer = indoor_course(between, np.interp(between, fine, course), constant)[::2]
    assert np.allclose(indoor_course(fine, course, constant), finer, rtol=1e-6, atol=1e-9)


@given(CONSTANTS)
def test_a_steady_cloud_by_steps_is_the_formula(constant: float) -> None:
    times = np.linspace(0, 7200, 30)
    steps = indoor_course(times, np.full(30, 2.0), constant)
    assert np.allclose(steps, 2 * np.asarray(indoor_share(times, constant)), rtol=1e-9, atol=1e-9)


@given(CONSTANTS, st.floats(10, 5000))
def test_indoors_never_passes_the_worst_outdoors(constant: float, passing: float) -> None:
    times = np.linspace(0, 20 * passing, 200)
    course = np.exp(-(((times - 3 * passing) / passing) ** 2))
    found = indoor_course(times, course, constant)
    assert (found >= 0).all()
    assert found.max() <= course.max()


def test_what_goes_in_comes_out() -> None:
    times = np.linspace(0, 200_000, 20_001)
    course = np.where(times <= 3600, 1.0, 0.0)
    found = indoor_course(times, course, 1000.0)
    assert np.trapezoid(found, times) == pytest.approx(3600.0, rel=0.01)
