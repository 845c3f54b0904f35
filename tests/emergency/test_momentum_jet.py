"""Jets that mix by their momentum: mass and momentum are kept, and the gas thins with distance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInputError
from emergency.models.dispersion.momentum_jet import SPREAD, momentum_jet

RATES = st.floats(1e-4, 100.0)
SPEEDS = st.floats(10.0, 1500.0)


@given(rate=RATES, speed=SPEEDS, mass=st.floats(0.002, 0.1), along=st.floats(1.5, 1000.0))
def test_what_passes_any_slice_is_what_leaks(rate: float, speed: float, mass: float, along: float) -> None:
    """∫ ρ Y u dA with the velocity that constant momentum leaves."""
    jet = momentum_jet(rate, speed, mass)
    x = along * jet.core
    width = SPREAD * x
    air = 101_325.0 * 0.02896 / (8.314462618 * 288.15)
    middle = np.sqrt(2 * rate * speed / (np.pi * air)) / width
    r = np.linspace(0.0, 6 * width, 4001)
    passing = air * jet.mass_fraction(x, r) * middle * np.exp(-((r / width) ** 2)) * 2 * np.pi * r
    assert float(np.trapezoid(passing, r)) == pytest.approx(rate, rel=0.01)
    momentum = air * (middle * np.exp(-((r / width) ** 2))) ** 2 * 2 * np.pi * r
    assert float(np.trapezoid(momentum, r)) == pytest.approx(rate * speed, rel=0.01)


@given(rate=RATES, speed=SPEEDS, mass=st.floats(0.002, 0.1))
def test_a_jet_thins_with_distance_and_keeps_within_one(rate: float, speed: float, mass: float) -> None:
    jet = momentum_jet(rate, speed, mass)
    found = jet.centreline(np.geomspace(1e-3, 1e5, 300) * jet.core)
    assert np.isfinite(found).all()
    assert (np.diff(found) <= 1e-12).all()
    assert found[0] == pytest.approx(1.0)
    assert found[-1] > 0.0
    assert float(jet.centreline(-1.0)) == 0.0


def test_the_edge_of_a_level_has_that_level() -> None:
    jet = momentum_jet(0.4, 230.0, 0.0441)
    edge = float(jet.half_width(3.0, 0.02))
    assert float(jet.volume(jet.mass_fraction(3.0, edge))) == pytest.approx(0.02, rel=1e-6)
    assert float(jet.half_width(50.0, 0.02)) == 0.0


def test_what_cannot_be_is_refused_by_name() -> None:
    with pytest.raises(BadInputError, match="exit_velocity"):
        momentum_jet(1.0, 0.0, 0.0441)
