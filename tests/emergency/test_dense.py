"""Dense clouds: mass kept, curves that fall, and the choice between dense and passive said in words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.britter_mcquaid import Release, betas, decay
from emergency.models.dispersion.dense_or_passive import AIR, choose, density
from emergency.models.dispersion.dense_plume import DensePlume, dense_plume
from emergency.models.dispersion.dense_puff import DensePuff, dense_puff
from emergency.models.dispersion.zone import Scaled, zones

RELEASES = st.sampled_from(list(Release))


def plume(rate: float = 10.0, density: float = 3.0, wind: float = 4.0, cold: float = 293.0) -> DensePlume:
    return dense_plume(rate, density, cold, 293.0, wind, 1.2)


def puff(volume: float = 1000.0, density: float = 3.0, wind: float = 4.0, part: float = 1.0) -> DensePuff:
    return dense_puff(volume, density, 293.0, 293.0, wind, 1.2, part)


@given(st.floats(-3, 1), RELEASES)
def test_thinner_is_farther(alpha: float, release: Release) -> None:
    found = list(betas(alpha, release).values())
    assert found == sorted(found)


@given(st.floats(-3, 3), RELEASES)
def test_a_curve_only_falls_and_has_no_gap_but_where_its_near_field_is_cut(alpha: float, release: Release) -> None:
    x = np.concatenate(([-5.0, 0.0], np.geomspace(0.01, 1e6, 20_000)))
    found = decay(alpha, release).at(x)
    assert np.isfinite(found).all()
    assert (found[:2] == 1).all()
    assert (np.diff(found) <= 1e-15).all()
    far = x > 2000
    assert np.allclose(found[far] * x[far] ** 2, found[far][0] * x[far][0] ** 2)


@given(st.floats(0.01, 1000), st.floats(1.3, 10), st.floats(1, 15), st.floats(0, 5000))
def test_what_passes_is_what_was_released(rate: float, gas: float, wind: float, x: float) -> None:
    found = plume(rate, gas, wind)
    section = 2 * found.edge(x) * found.depth(x)
    carried = float(section * wind * found.centreline(x))
    assert carried == pytest.approx(rate / gas, rel=1e-6)


def test_a_cold_release_counts_for_more_gas() -> None:
    warm, cold = plume(), plume(cold=111.0)
    assert cold.centreline(500.0) > warm.centreline(500.0)


def test_a_plume_creeps_upwind_and_ends_there() -> None:
    found = plume()
    assert found.start < 0
    assert found.centreline(found.start - 0.1) == 0
    assert found.centreline(found.start / 2) == 1
    (zone,) = zones(found, [0.01])
    assert zone.outline.bounds[0] == pytest.approx(found.start)
    assert float(found.centreline(zone.distance)) == pytest.approx(0.01, rel=0.01)


def test_a_puff_is_round_drifts_and_spreads() -> None:
    found = puff()
    assert found.at(found.centre(60.0), 0.0, 60.0) > 0
    assert found.at(found.centre(60.0), found.radius(60.0) * 1.01, 60.0) == 0
    assert found.radius(60.0) > found.radius(0.0)
    later = [float(found.at(found.centre(t), 0.0, t)) for t in np.linspace(0, 600, 30)]
    assert later == sorted(later, reverse=True)
    assert found.at(found.centre(60.0), 0.0, 60.0) == pytest.approx(2 * float(puff(part=0.5).at(96.0, 0.0, 60.0)))


@given(st.floats(10, 1e5), st.floats(1.3, 8), st.floats(1, 12), st.floats(1e-6, 0.05))
def test_a_puffs_zone_holds_every_circle_that_has_the_level(
    volume: float, gas: float, wind: float, level: float
) -> None:
    found = puff(volume, gas, wind)
    (zone,) = zones(found, [level], limit=1e6)
    for time in np.geomspace(0.1, 1e4, 20):
        front = float(found.centre(time) + found.radius(time))
        if float(found.at(found.centre(time), 0.0, time)) >= level * 1.01:
            assert front <= zone.distance * 1.01
            assert found.radius(time) <= zone.half_width * 1.05


def test_a_cloud_in_another_unit_is_the_same_cloud() -> None:
    steady = plume()
    x = np.geomspace(10, 10_000, 50)
    assert (Scaled(steady, 2.0).centreline(x) == 2 * steady.centreline(x)).all()
    assert np.array_equal(Scaled(steady, 2.0).half_width(x, 0.02), steady.half_width(x, 0.01))


def test_a_great_short_release_is_not_said_to_be_less_than_was_measured() -> None:
    """Jack Rabbit II trial 7: nine tonnes of chlorine in twenty seconds, kg/m3 at arcs that were not saturated."""
    air, gas = density(AIR, 305.0, 87_000.0), density(0.0709, 239.0, 87_000.0)
    steady = dense_plume(455.0, gas, 239.0, 305.0, 2.54, air)
    arcs = np.array([500.0, 1000.0, 2000.0, 11_000.0])
    said = steady.centreline(arcs) * density(0.0709, 305.0, 87_000.0)
    assert (said > 0.9 * np.array([0.0718, 0.0083, 0.00448, 0.000158])).all()
    assert (said < 4 * np.array([0.0718, 0.0083, 0.00448, 0.000158])).all()


def chosen(rate: float, molar_mass: float, wind: float, temperature: float = 288.15) -> tuple[bool, str]:
    found = choose(rate, 600.0, molar_mass, temperature, 288.15, wind, Stability.D, 0.03)
    return found.dense, found.reason.zh


def test_the_choice_follows_weight_flow_and_wind_and_says_why() -> None:

    assert chosen(10.0, 0.0709, 3.0)[0]
    assert not chosen(0.0001, 0.0709, 10.0)[0]
    assert "浮力数" in chosen(0.0001, 0.0709, 10.0)[1]
    dense, reason = chosen(10.0, 0.017, 3.0)
    assert not dense
    assert "不会贴地" in reason
    assert chosen(10.0, 0.016, 3.0, temperature=111.7)[0]


def test_a_release_beyond_the_curves_says_so() -> None:
    huge = choose(5000.0, 600.0, 0.0709, 239.0, 288.15, 1.0, Stability.F, 0.03)
    assert "超出曲线范围" in huge.reason.zh
    assert "超出曲线范围" not in choose(5.0, 600.0, 0.0709, 288.15, 288.15, 5.0, Stability.F, 0.03).reason.zh


def test_both_ways_give_parts_of_volume() -> None:
    light = choose(1.0, 3600.0, 0.028, 288.15, 288.15, 3.0, Stability.D, 0.03)
    heavy = choose(1.0, 3600.0, 0.0709, 288.15, 288.15, 3.0, Stability.D, 0.03)
    for one in (light, heavy):
        assert 0 < float(one.cloud.centreline(300.0)) < 1
        assert zones(one.cloud, [1e-4])[0].distance > 50


def test_air_weighs_what_air_weighs() -> None:
    assert density(AIR, 288.15) == pytest.approx(1.225, abs=0.001)
