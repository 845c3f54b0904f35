"""Clouds that burn: the zone is a concentration's, the mass in it is what the wind carries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInputError
from emergency.models.fire.flammable_cloud import Field, flammable_cloud
from emergency.models.fire.flash_fire import Envelope, envelope

WIND = 4.0


def plume(rate: float, height: float = 0.0) -> Field:
    """Normal across and up, thrown back by the ground, widening as the distance."""

    def concentration(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        across, up = 0.08 * x, 0.06 * x
        ground = np.exp(-0.5 * ((z - height) / up) ** 2) + np.exp(-0.5 * ((z + height) / up) ** 2)
        return rate / (2 * np.pi * WIND * across * up) * np.exp(-0.5 * (y / across) ** 2) * ground

    return concentration


def test_all_mass_of_a_thin_slice_is_what_the_wind_carries_through_it() -> None:
    """A uniform block 2 m wide and 3 m high that begins at 10 and ends at 20 m."""

    def block(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        return 0.05 * ((x >= 10.0) & (x <= 20.0) & (np.abs(y) <= 1.0) & (z <= 3.0))

    cloud = flammable_cloud(block, 0.01, 1.0)
    assert cloud.mass == pytest.approx(0.05 * 10 * 2 * 3, rel=0.05)
    assert cloud.centre == pytest.approx(15.0, rel=0.03)
    assert 20.0 <= cloud.ends < 21.0


@settings(max_examples=40)
@given(rate=st.floats(0.01, 100.0), lower=st.floats(0.005, 0.05), share=st.floats(2.0, 10.0))
def test_mass_that_burns_scales_as_it_must(rate: float, lower: float, share: float) -> None:
    """Between two levels of a plume on the ground it goes as the rate to three halves."""
    cloud = flammable_cloud(plume(rate), lower, lower * share)
    twice = flammable_cloud(plume(4 * rate), lower, lower * share)
    assert cloud.mass > 0.0
    assert twice.mass == pytest.approx(8 * cloud.mass, rel=0.05)
    assert cloud.begins < cloud.rich_centre < cloud.centre < cloud.ends


def test_mass_of_a_plume_by_its_closed_form() -> None:
    """In half-ellipses about the axis: π σy σz (min(peak, upper) - lower), integrated along x."""
    rate, lower, upper = 1.0, 0.02, 0.1
    strength = rate / (np.pi * WIND * 0.08 * 0.06)
    x = np.linspace(1e-3, np.sqrt(strength / lower), 200_001)
    peak = strength / x**2
    shell = np.pi * 0.08 * 0.06 * x**2 * np.maximum(np.minimum(peak, upper) - lower, 0.0)
    assert flammable_cloud(plume(rate), lower, upper).mass == pytest.approx(float(np.trapezoid(shell, x)), rel=0.03)


def test_a_cloud_too_thin_to_burn_is_empty() -> None:
    assert flammable_cloud(plume(1e-9), 0.05, 0.1).mass == 0.0


def test_limits_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(BadInputError, match="lower"):
        flammable_cloud(plume(1.0), 0.2, 0.1)
    with pytest.raises(BadInputError, match="lower"):
        flammable_cloud(plume(1.0), 0.0, 0.1)


def test_the_zone_is_drawn_at_a_share_of_the_lower_limit() -> None:
    assert envelope(0.021) == 0.021
    assert envelope(0.021, Envelope.HALF) == pytest.approx(0.0105)
    assert envelope(0.021, Envelope.ALOHA) == pytest.approx(0.0126)
    with pytest.raises(BadInputError, match="flammability_limit"):
        envelope(1.5)
