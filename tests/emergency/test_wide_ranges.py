"""What wide ranges found: numbers that were none, and mass that came from nowhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emergency.chemicals import substance
from emergency.model import OutsideValidityError
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.obukhov import surface_layer_wind
from emergency.models.dispersion.plume_rise import plume_rise
from emergency.models.explosion.bauwens_dorofeev import bauwens_dorofeev
from emergency.models.fire.cylinder import tilted_cylinder, vertical_cylinder
from emergency.models.sources.entrained_jet import entrained_jet
from emergency.models.sources.pool_heat import Transfer
from emergency.models.sources.spilling_pool import spilling_pool

RATES = st.floats(1e-4, 1e3)


@given(
    rate=RATES, duration=st.floats(1.0, 3000.0), wind=st.floats(0.2, 60.0), air=st.floats(220.0, 340.0),
    gas=st.sampled_from(["74-98-6", "71-43-2", "7664-41-7"]), transfer=st.sampled_from(list(Transfer)),
)  # fmt: skip
@settings(max_examples=15, deadline=None)
def test_what_evaporates_and_what_is_left_of_a_spill_is_what_was_spilt(
    rate: float, duration: float, wind: float, air: float, gas: str, transfer: Transfer
) -> None:
    released = spilling_pool(
        substance=substance(gas), mass_rate=rate, duration=duration, wind_speed=wind, temperature=air,
        ambient_temperature=air, transfer=transfer,
    )  # fmt: skip
    spilt = rate * duration
    assert released.left >= 0.0
    assert released.total + released.left == pytest.approx(spilt, rel=1e-6)
    summed = float(np.sum(np.asarray(released.rate)[:-1] * np.diff(np.asarray(released.time))))
    assert summed == pytest.approx(released.total, rel=0.01, abs=1e-5 * spilt)


@pytest.mark.parametrize("distance", [0.3, 1.0])
def test_within_a_flame_all_that_is_seen_is_flame(distance: float) -> None:
    for view in (vertical_cylinder(distance, 3.0), tilted_cylinder(distance, 3.0, 30.0)):
        assert (float(view.vertical), float(view.horizontal), float(view.maximum)) == (1.0, 1.0, 1.0)


@given(distance=st.floats(1.0, 100.0), length=st.floats(1e-4, 100.0), tilt=st.floats(-85.0, 85.0))
def test_no_closed_view_factor_is_below_nought_or_no_number(distance: float, length: float, tilt: float) -> None:
    for view in (vertical_cylinder(distance, length), tilted_cylinder(distance, length, tilt)):
        assert float(view.vertical) >= 0.0
        assert float(view.horizontal) >= 0.0


def test_where_a_detonation_is_its_pressure_is_a_number() -> None:
    assert np.isfinite(bauwens_dorofeev(0.0, 1e6))


def test_stable_air_has_a_gradient_above_nought() -> None:
    with pytest.raises(OutsideValidityError, match="位温梯度"):
        plume_rise(
            stack_diameter=1.0, exit_velocity=10.0, exit_temperature=400.0, ambient_temperature=290.0, wind_speed=3.0,
            stability=Stability.E, temperature_gradient=-0.01,
        )  # fmt: skip


def test_ground_too_rough_for_the_height_of_the_wind_is_refused_and_never_turns_it_round() -> None:
    with pytest.raises(OutsideValidityError, match="roughness"):
        surface_layer_wind(wind_speed=2.0, wind_height=0.01, height=10.0, roughness=4.0, stability=Stability.A)


def test_a_liquid_so_hot_that_it_flashes_whole_needs_no_air_for_it() -> None:
    jet = entrained_jet(substance("71-43-2"), 560.0, 345.0)
    assert (jet.air_ratio, jet.mole_fraction) == (0.0, 1.0)
