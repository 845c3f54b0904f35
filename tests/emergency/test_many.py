"""Many clouds cut at once are each what they are by themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.aloha import aloha_plume
from emergency.models.dispersion.degadis import heavy_plume
from emergency.models.dispersion.dense_plume import dense_plume
from emergency.models.dispersion.many import reach_numbers
from emergency.models.dispersion.zone import Cloud, Scaled, reaches

LEVELS = [2e-3, 2e-5, 5e-7]

PASSIVE = st.builds(
    lambda rate, wind, stability, rough, high, pool, lid, lasts: Scaled(
        aloha_plume(
            mass_rate=rate, duration=lasts, wind_speed=wind, stability=stability, roughness=rough, release_height=high,
            pool_area=pool, mixing_height=lid,
        ),
        0.34,
    ),
    st.floats(1e-4, 500.0), st.floats(1.0, 15.0), st.sampled_from(list(Stability)), st.sampled_from([0.03, 0.3]),
    st.sampled_from([0.0, 0.0, 12.0]), st.sampled_from([None, 80.0]), st.sampled_from([None, 400.0]),
    st.floats(30.0, 3600.0),
)  # fmt: skip
DENSE = st.builds(
    lambda rate, wind, heavy, cold: dense_plume(
        mass_rate=rate, gas_density=heavy, release_temperature=cold, ambient_temperature=288.0, wind_speed=wind,
        air_density=1.22,
    ),
    st.floats(1e-3, 500.0), st.floats(1.0, 15.0), st.floats(1.3, 8.0), st.floats(180.0, 288.0),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(PASSIVE, DENSE), min_size=1, max_size=8))
def test_clouds_cut_together_have_the_numbers_they_have_alone(clouds: list[Cloud]) -> None:
    together = reach_numbers(clouds, np.array([LEVELS] * len(clouds)))
    for row, cloud in enumerate(clouds):
        for column, alone in enumerate(reaches(cloud, LEVELS)):
            assert together.farthest[row, column] == pytest.approx(alone.farthest, rel=1e-9)
            assert together.area[row, column] == pytest.approx(alone.area, rel=1e-6)
            assert together.half_width[row, column] == pytest.approx(alone.widest[0], rel=1e-9)
            assert together.beyond[row, column] == alone.beyond


def test_a_cloud_of_another_kind_is_cut_by_itself() -> None:
    heavy = heavy_plume(
        mass_rate=2.0, molar_mass=0.0709, release_temperature=239.0, ambient_temperature=285.0, wind_speed=3.0,
        stability=Stability.D, roughness=0.03, duration=600.0,
    )  # fmt: skip
    (alone,) = reaches(heavy, [2e-6])
    assert reach_numbers([heavy], np.array([[2e-6]])).farthest[0, 0] == alone.farthest
