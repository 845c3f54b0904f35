"""Passive clouds: mass kept, limits that agree, zones that are not stepped over."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emergency.model import OutsideValidityError
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.aloha import aloha_plume
from emergency.models.dispersion.curves import Curves, spread
from emergency.models.dispersion.gaussian_plume import Plume, gaussian_plume, vertical, with_spread
from emergency.models.dispersion.gaussian_puff import gaussian_puff
from emergency.models.dispersion.integrated_puff import integrated_puff
from emergency.models.dispersion.mixing_height import mixing_height
from emergency.models.dispersion.palazzi import palazzi, peak_time
from emergency.models.dispersion.zone import mass_of, zones

CLASSES = st.sampled_from(list(Stability))
CURVES = st.sampled_from(list(Curves))
WIND = st.floats(1.0, 20.0)
RATE = st.floats(1e-4, 1e3)


@given(
    RATE, WIND, CLASSES, CURVES, st.floats(20, 20_000), st.floats(0, 100), st.one_of(st.none(), st.floats(100, 2000))
)
def test_what_passes_each_distance_is_what_is_released(
    rate: float, wind: float, stability: Stability, curves: Curves, x: float, release: float, lid: float | None
) -> None:
    up = float(spread(curves, x, stability).up)
    heights = np.linspace(0.0, lid or release + 7 * up, 20_001)
    levels = [
        Plume(
            mass_rate=rate, wind_speed=wind, stability=stability, curves=curves, release_height=release,
            height=heights, mixing_height=lid,
        ).axis(np.full_like(heights, x))
    ]  # fmt: skip
    peak, across = levels[0]
    flux = wind * np.trapezoid(peak * across * np.sqrt(2 * np.pi), heights)
    assert flux == pytest.approx(rate, rel=0.01)


@given(st.floats(0.1, 5000), st.floats(50, 3000), st.floats(0, 1), st.floats(0, 1))
def test_images_and_series_under_a_lid_are_the_same_and_hold_all_there_is(
    up: float, lid: float, high: float, released: float
) -> None:
    z = np.linspace(0, lid, 4001)
    found = np.asarray(vertical(z, released * lid, up, lid))
    assert np.isfinite(found).all()
    assert np.trapezoid(found, z) == pytest.approx(1.0, rel=0.01) or up < lid / 1000
    near, far = (float(vertical(high * lid, released * lid, lid * side, lid)) for side in (1 - 1e-9, 1 + 1e-9))
    assert near == pytest.approx(far, rel=1e-6)


@given(RATE, WIND, CLASSES, CURVES, st.floats(0, 50))
def test_concentrations_are_finite_and_nothing_is_upwind(
    rate: float, wind: float, stability: Stability, curves: Curves, release: float
) -> None:
    x = np.concatenate(([-100.0, 0.0], np.geomspace(0.01, 1e5, 200)))
    found = np.asarray(gaussian_plume(x, 3.0, 1.5, rate, wind, stability, release, curves))
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert (found[:2] == 0).all()


@given(RATE, WIND, CLASSES, st.sampled_from([c for c in Curves if c != Curves.ISC3_RURAL]))
def test_a_ground_release_thins_out_with_distance_and_off_the_axis(
    rate: float, wind: float, stability: Stability, curves: Curves
) -> None:
    plume = Plume(mass_rate=rate, wind_speed=wind, stability=stability, curves=curves)
    found = plume.centreline(np.geomspace(1, 1e5, 300))
    assert (np.diff(found) <= 1e-12 * found[:-1]).all()
    aside = plume.at(500.0, np.linspace(0, 1000, 50))
    assert (np.diff(aside) <= 0).all()


def test_a_field_is_its_points() -> None:
    plume = Plume(mass_rate=1.0, wind_speed=3.0, stability=Stability.D, release_height=5.0, duration=600.0)
    x, y = np.linspace(-200, 5000, 70), np.linspace(-500, 500, 50)
    assert np.allclose(plume.field(x, y), plume.at(x[:, None], y[None, :]), rtol=1e-12, atol=0)


def test_a_known_spread_gives_what_the_curves_give() -> None:
    plume = Plume(mass_rate=0.1, wind_speed=2.0, stability=Stability.F, curves=Curves.BRIGGS_RURAL)
    across, up = 0.04 * 500 / np.sqrt(1.05), 0.016 * 500 / 1.15
    known = with_spread(across, up, 7.0, 0.0, 0.1, 2.0)
    assert plume.at(500.0, 7.0) == pytest.approx(float(known))


@given(st.floats(1, 1e4), WIND, CLASSES, st.floats(30, 3000))
@settings(max_examples=50)
def test_a_puff_keeps_its_mass(mass: float, wind: float, stability: Stability, time: float) -> None:
    centre = wind * time
    size = 0.18 * centre**0.92
    x = centre + np.linspace(-6 * size, 6 * size, 121)
    y = np.linspace(-6 * size, 6 * size, 121)
    z = np.concatenate(([0.0], np.geomspace(0.005, 6 * 0.6 * centre**0.75, 200)))
    layers = [
        np.trapezoid(
            np.trapezoid(np.asarray(gaussian_puff(x[:, None], y[None, :], float(h), time, mass, wind, stability)), y), x
        )
        for h in z
    ]
    assert np.trapezoid(layers, z) == pytest.approx(mass, rel=0.02)


@given(RATE, WIND, CLASSES, st.floats(50, 2000), st.floats(0, 30))
def test_a_release_without_end_is_a_plume(
    rate: float, wind: float, stability: Stability, x: float, release: float
) -> None:
    long = 1e6
    plume = float(gaussian_plume(x, 5.0, 0.0, rate, wind, stability, release, Curves.SLADE_PUFF))
    for method in (integrated_puff, palazzi):
        ended = float(method(x, 5.0, 0.0, long / 2, rate, long, wind, stability, release, Curves.SLADE_PUFF))  # type: ignore[operator]
        assert ended == pytest.approx(plume, rel=1e-3, abs=1e-300)


@given(RATE, WIND, CLASSES, st.floats(100, 5000))
def test_a_release_at_once_is_a_puff(rate: float, wind: float, stability: Stability, x: float) -> None:
    short = 0.01
    time = x / wind
    puff = float(gaussian_puff(x, 0.0, 0.0, time, rate * short, wind, stability))
    assert float(integrated_puff(x, 0.0, 0.0, time, rate, short, wind, stability)) == pytest.approx(puff, rel=0.01)


@given(WIND, CLASSES, st.floats(100, 8000), st.floats(10, 3600))
def test_no_time_has_more_than_the_peak_time(wind: float, stability: Stability, x: float, duration: float) -> None:
    plume = Plume(mass_rate=1.0, wind_speed=wind, stability=stability, duration=duration)
    at = float(peak_time(x, wind, duration))
    peak = float(palazzi(x, 0.0, 0.0, at, 1.0, duration, wind, stability))
    assert peak == pytest.approx(float(plume.centreline(x)), rel=1e-9)
    for time in np.linspace(duration, 3 * at, 20):
        assert float(palazzi(x, 0.0, 0.0, float(time), 1.0, duration, wind, stability)) <= peak * (1 + 1e-9)


@given(RATE, WIND, CLASSES, st.floats(0, 60), st.floats(1e-9, 1e-1))
@settings(max_examples=60)
def test_a_zone_ends_where_the_level_does(
    rate: float, wind: float, stability: Stability, release: float, level: float
) -> None:
    plume = Plume(mass_rate=rate, wind_speed=wind, stability=stability, release_height=release)
    (zone,) = zones(plume, [level])
    beyond = np.geomspace(0.05, 10_000, 20_000)
    reached = beyond[plume.centreline(beyond) >= level]
    if not reached.size:
        assert zone.distance == 0.0 or zone.outline.area < 10
        return
    assert zone.distance == pytest.approx(max(reached), rel=2e-3)
    assert (zone.cut is not None) == (plume.centreline(10_000.0) >= level)
    assert zone.outline.is_valid
    west, south, east, north = zone.outline.bounds
    assert east == pytest.approx(zone.distance)
    assert north == pytest.approx(-south) == pytest.approx(zone.half_width)
    assert west >= 0


def test_a_zone_shorter_than_a_step_is_not_stepped_over() -> None:
    plume = Plume(mass_rate=1.0, wind_speed=5.0, stability=Stability.D, release_height=30.0)
    x = np.geomspace(100, 5000, 2_000_001)
    top = plume.centreline(x).max()
    (zone,) = zones(plume, [top * (1 - 1e-7)])
    assert zone.distance == pytest.approx(x[plume.centreline(x).argmax()], rel=0.01)
    assert zones(plume, [top * 1.001])[0].distance == 0.0


def test_lower_levels_reach_farther_and_hold_the_higher() -> None:
    plume = aloha_plume(1.0, 3600.0, 3.0, Stability.F, 0.03)
    found = zones(plume, [mass_of(part, 0.017, 288.15, 101_325.0) for part in (1e-3, 1e-4, 3e-5)])
    assert [zone.distance for zone in found] == sorted(zone.distance for zone in found)
    assert found[2].outline.buffer(1).contains(found[1].outline)
    assert found[1].outline.buffer(1).contains(found[0].outline)


def test_a_zone_beyond_the_limit_is_cut_there_and_says_so() -> None:
    plume = aloha_plume(1000.0, 3600.0, 2.0, Stability.F, 0.03)
    (zone,) = zones(plume, [1e-6])
    assert zone.cut is not None
    assert "10 km" in zone.cut.zh
    assert zone.outline.bounds[2] == pytest.approx(10_000)


def test_a_pool_starts_wide() -> None:
    point, pool = (aloha_plume(0.5, 3600.0, 5.0, Stability.D, 0.03, pool_area=area) for area in (None, 500.0))
    assert pool.centreline(20.0) < point.centreline(20.0) / 2
    assert pool.centreline(5000.0) == pytest.approx(float(point.centreline(5000.0)), rel=0.01)


def test_the_mechanical_layer_is_as_high_as_the_wind_is_strong() -> None:
    assert mixing_height(4.0) == pytest.approx(2 * mixing_height(2.0))
    assert mixing_height(2.0, 0.0) == np.inf


def test_bad_numbers_are_named() -> None:
    with pytest.raises(OutsideValidityError, match="wind_speed"):
        gaussian_plume(100.0, 0.0, 0.0, 1.0, 0.0, Stability.D)
    with pytest.raises(OutsideValidityError, match="mass_rate"):
        gaussian_plume(100.0, 0.0, 0.0, -1.0, 2.0, Stability.D)
    far = gaussian_plume.checks(50_000.0, 0.0, 0.0, 1.0, 2.0, Stability.D)
    assert [one.parameter for one in far if not one.holds] == ["downwind"]
