"""The air: classes by published rules, winds, dispersion curves and plume rise."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInputError
from emergency.models.dispersion.air import Stability, Terrain
from emergency.models.dispersion.beals import beals
from emergency.models.dispersion.briggs import briggs
from emergency.models.dispersion.curves import AVERAGED, Curves, spread
from emergency.models.dispersion.golder import bounds, golder_class
from emergency.models.dispersion.obukhov import obukhov_length, surface_layer_wind
from emergency.models.dispersion.plume_rise import drawn_down, plume_rise
from emergency.models.dispersion.srdt import Period, srdt_class
from emergency.models.dispersion.turner import Sky, turner_class
from emergency.models.dispersion.wind import Exponents, wind_at

CLASSES = st.sampled_from(list(Stability))
ORDER = "ABCDEF"


@pytest.mark.parametrize("curves", Curves)
@pytest.mark.parametrize("stability", Stability)
def test_every_curve_starts_at_nothing_and_never_narrows_but_where_its_pieces_meet(
    curves: Curves, stability: Stability
) -> None:
    x = np.concatenate(([-10.0, 0.0], np.geomspace(1e-3, 1e5, 2000)))
    found = spread(curves, x, stability)
    for sigma in (np.asarray(found.across), np.asarray(found.up)):
        assert np.isfinite(sigma).all()
        assert (sigma[:2] == 0).all()
        assert (sigma[2:] > 0).all()
        steps = np.diff(sigma[1:]) / sigma[2:]
        assert steps.min() > (-0.07 if curves == Curves.ISC3_RURAL else -1e-12)


@pytest.mark.parametrize("curves", Curves)
def test_stable_air_spreads_less_than_unstable_air(curves: Curves) -> None:
    x = np.geomspace(100, 10_000, 50)
    across = [np.asarray(spread(curves, x, one).across) for one in Stability]
    up = [np.asarray(spread(curves, x, one).up) for one in Stability]
    for sigmas in (across, up):
        for less_stable, more_stable in pairwise(sigmas):
            assert (more_stable <= less_stable * 1.0001).all()


def test_class_d_is_not_the_misprint() -> None:
    assert np.isclose(briggs(1000.0, Stability.D).up, 60 / np.sqrt(2.5))


def test_towns_spread_more() -> None:
    assert briggs(500.0, Stability.D, Terrain.URBAN).across > briggs(500.0, Stability.D).across


def test_averaging_longer_widens_by_the_fifth_root_and_only_where_the_curves_say_theirs() -> None:
    for curves in AVERAGED:
        plain, longer = (spread(curves, 1000.0, Stability.D, AVERAGED[curves] * n).across for n in (1, 32))
        assert np.isclose(longer / plain, 2.0)
        assert np.isclose(plain, spread(curves, 1000.0, Stability.D).across)
    with pytest.raises(BadInputError, match="averaging_time"):
        spread(Curves.ISC3_RURAL, 1000.0, Stability.D, 600.0)


def test_beals_spreads_along_the_wind_with_the_distance() -> None:
    assert np.isclose(beals(1000.0, Stability.D), 0.04 * 1000**1.14)


@given(st.floats(0.001, 10.0))
def test_golders_bounds_stand_in_order(roughness: float) -> None:
    limit = bounds(roughness)
    assert 0 < limit["AB"] < limit["BC"] < limit["CD"]
    assert 0 < limit["EF"] < limit["DE"]


@given(st.floats(1.0, 1e5), st.floats(1.0, 1e5), st.floats(0.01, 0.5))
def test_golder_calls_air_nearer_to_neutral_no_less_neutral(one: float, other: float, roughness: float) -> None:
    near, far = sorted((one, other))
    assert ORDER.index(golder_class(-near, roughness)) <= ORDER.index(golder_class(-far, roughness)) <= 3
    assert ORDER.index(golder_class(near, roughness)) >= ORDER.index(golder_class(far, roughness)) >= 3


@pytest.mark.parametrize("stability", Stability)
def test_golder_gives_back_the_class_a_length_was_made_from(stability: Stability) -> None:
    length = obukhov_length(stability, 0.03)
    found = golder_class(1e9 if np.isinf(length) else length, 0.03)
    assert abs(ORDER.index(found) - ORDER.index(stability)) <= 1


def test_srdt_says_where_its_copies_contradict_each_other() -> None:
    assert srdt_class(2.2, Period.NIGHT, temperature_difference=0.3).doubt is not None
    assert srdt_class(2.2, Period.NIGHT, temperature_difference=0.3).stability == Stability.F
    assert srdt_class(4.0, Period.DAY, solar_radiation=700.0).doubt is None
    with pytest.raises(BadInputError, match="solar_radiation"):
        srdt_class(4.0, Period.DAY)
    with pytest.raises(BadInputError, match="temperature_difference"):
        srdt_class(4.0, Period.NIGHT)


def test_turner_puts_a_wind_on_a_bound_into_the_lighter_band_and_says_the_disputed_cell() -> None:
    assert turner_class(5.0, Sky.NIGHT_CLEAR).stability == Stability.E
    assert turner_class(5.1, Sky.NIGHT_CLEAR).stability == Stability.D
    assert turner_class(4.0, Sky.SLIGHT).doubt is not None
    assert turner_class(4.0, Sky.MODERATE).doubt is None


@given(st.floats(0.5, 30), st.floats(1, 50), st.floats(1, 200), CLASSES, st.sampled_from(Exponents))
def test_wind_there_and_back_is_the_same_wind(
    speed: float, measured: float, height: float, stability: Stability, table: Exponents
) -> None:
    there = float(wind_at.method(speed, measured, height, stability, table))
    assert np.isclose(wind_at.method(there, height, measured, stability, table), speed)


@given(st.floats(0.5, 30), st.floats(1.0, 30.0), st.floats(0.0001, 0.5), CLASSES)
def test_the_surface_layer_blows_harder_higher_up(
    speed: float, height: float, roughness: float, stability: Stability
) -> None:
    low = surface_layer_wind(speed, 10.0, height, roughness, stability)
    high = surface_layer_wind(speed, 10.0, height * 1.5, roughness, stability)
    assert 0 < low < high
    assert np.isclose(surface_layer_wind(speed, 10.0, 10.0, roughness, stability), speed)


@given(st.floats(0.1, 5), st.floats(0.5, 60), st.floats(250, 900), st.floats(1, 20), CLASSES)
def test_a_plume_rises_to_its_final_height_and_no_further(
    diameter: float, velocity: float, temperature: float, wind: float, stability: Stability
) -> None:
    rise = plume_rise(diameter, velocity, temperature, 288.15, wind, stability)
    heights = np.asarray(rise.at(np.linspace(0, 2 * rise.reached_at + 1, 200)))
    assert np.isfinite(heights).all()
    assert heights[0] <= rise.final
    assert (np.diff(heights) >= -1e-9 * max(rise.final, 1.0)).all()
    assert np.isclose(heights[-1], rise.final)


def test_a_slow_stack_is_drawn_down_and_a_fast_one_is_not() -> None:
    assert drawn_down(10.0, 1.0, 1.0, 2.0) == 8.0
    assert drawn_down(10.0, 1.0, 20.0, 2.0) == 10.0
    assert drawn_down(0.5, 1.0, 0.1, 20.0) == 0.0
