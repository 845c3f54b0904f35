"""The integrated dense plume: mass kept, monotone where it must be, passive far away."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.degadis import HeavyPlume, damping, heavy_plume
from emergency.models.dispersion.dense_or_passive import density
from emergency.models.dispersion.heavy_sequence import HeavySequence, heavy_sequence
from emergency.models.dispersion.zone import zones

CLASSES = st.sampled_from(list(Stability))


def chlorine(rate: float = 10.0, wind: float = 4.0, stability: Stability = Stability.D, **more: float) -> HeavyPlume:
    return heavy_plume(rate, 0.0709, 288.15, 288.15, wind, stability, 0.03, **more)


@given(st.floats(1e-3, 1e3), st.floats(0.03, 0.2), st.floats(1, 15), CLASSES, st.floats(1e-4, 2.0))
@settings(max_examples=40, deadline=None)
def test_what_passes_each_station_is_what_was_released(
    rate: float, molar_mass: float, wind: float, stability: Stability, roughness: float
) -> None:
    found = heavy_plume(rate, molar_mass, 288.15, 288.15, wind, stability, roughness)
    for values in (found.part, found.effective, found.height, found.speed):
        assert np.isfinite(values).all()
        assert (values > 0).all()
    core, tail = found.core(found.distance)
    section = (2 * core + np.sqrt(np.pi) * tail) * found.height
    carried = found.part * density(molar_mass, 288.15) * section * found.speed
    thin = found.part < 0.99
    assert np.allclose(carried[thin], rate, rtol=0.01)


@given(st.floats(1e-2, 1e2), st.floats(1, 12), CLASSES)
@settings(max_examples=30, deadline=None)
def test_it_thins_out_and_a_stronger_release_reaches_farther(rate: float, wind: float, stability: Stability) -> None:
    found = chlorine(rate, wind, stability)
    assert (np.diff(found.part) <= 1e-12).all()
    near, far = (zones(chlorine(r, wind, stability), [2e-6], limit=1e5)[0].distance for r in (rate, 3 * rate))
    assert near <= far


def test_stable_air_and_smooth_ground_carry_it_farther() -> None:
    reach = [zones(chlorine(stability=one), [2e-5], limit=1e5)[0].distance for one in Stability]
    assert reach == sorted(reach)
    rough, smooth = (
        zones(heavy_plume(10.0, 0.0709, 288.15, 288.15, 4.0, Stability.D, z), [2e-5], limit=1e5)[0].distance
        for z in (0.1, 0.001)
    )
    assert rough < smooth


def test_a_release_that_ends_soon_is_thinner_far_away_and_the_same_close_by() -> None:
    steady, short = chlorine(), chlorine(duration=60.0)
    assert float(short.centreline(20.0)) == pytest.approx(float(steady.centreline(20.0)), rel=0.01)
    assert float(short.centreline(5000.0)) < 0.7 * float(steady.centreline(5000.0))


def test_weight_makes_it_wide_and_shallow() -> None:
    heavy, light = chlorine(), heavy_plume(10.0, 0.030, 288.15, 288.15, 4.0, Stability.D, 0.03)
    assert np.interp(100.0, heavy.distance, heavy.effective) > np.interp(100.0, light.distance, light.effective)
    assert np.interp(100.0, heavy.distance, heavy.height) < np.interp(100.0, light.distance, light.height)


def test_stratification_damps_entrainment() -> None:
    assert damping(0.0) == pytest.approx(0.88)
    assert damping(20.0) == pytest.approx(3.1, abs=0.1)


def test_its_zone_starts_upwind_and_is_as_wide_as_the_tails_reach() -> None:
    (zone,) = zones(chlorine(), [2e-5])
    assert zone.outline.bounds[0] == pytest.approx(chlorine().start)
    assert zone.half_width > 50
    assert zone.outline.is_valid


def in_steps(rates: list[float], each: float = 300.0) -> HeavySequence:
    time = np.arange(len(rates) + 1) * each
    released = np.concatenate(([0.0], np.cumsum(rates) * each))
    return heavy_sequence(time, released, 0.0709, 288.15, 288.15, 4.0, Stability.D, 0.03)


def test_a_steady_release_in_steps_is_the_steady_release() -> None:
    steps, once = in_steps([10.0] * 6), chlorine(duration=1800.0)
    x = np.geomspace(20, 8000, 30)
    assert np.allclose(steps.centreline(x), once.centreline(x), rtol=0.03)
    assert steps.start == pytest.approx(once.start)
    assert np.allclose(steps.half_width(x, 1e-6), once.half_width(x, 1e-6), rtol=0.05)


def test_a_release_that_fades_is_less_than_its_first_minute_for_ever_and_keeps_its_mass() -> None:
    fading = in_steps([10.0, 5.0, 2.0, 1.0, 0.5])
    assert (fading.centreline(np.geomspace(50, 5000, 20)) <= chlorine().centreline(np.geomspace(50, 5000, 20))).all()
    steady = [one.duration for one in fading.steps]
    assert sum(steady) == pytest.approx(1500.0)
    assert len(fading.steps) == 5
    assert float(fading.centreline(500.0)) == pytest.approx(float(fading.centreline(np.array([500.0]))[0]))


def test_a_release_without_an_end_is_checked_for_its_wind_alone() -> None:
    air = (10.0, 0.0709, 288.15, 288.15, 4.0, Stability.D, 0.03)
    assert [one.parameter for one in heavy_plume.checks(*air)] == ["wind_speed"]
    assert [one.parameter for one in heavy_plume.checks(*air, 7200.0) if not one.holds] == ["duration"]
