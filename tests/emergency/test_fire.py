"""Pool fires and fireballs: heat falls away from them, view factors stay between nought and one, limits agree."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInputError, NotFoundError
from emergency.fuels import large_pool, pool_fuels
from emergency.models.fire.air import Transmission, bagster, cook, transmissivity, vapour_pressure
from emergency.models.fire.burning_rate import burgess, burning_rate
from emergency.models.fire.cylinder import cylinder_view, overhangs, summed, tilted_cylinder, vertical_cylinder
from emergency.models.fire.fireball import duration_ccps, fireball_aloha, fireball_tno
from emergency.models.fire.flame import Power, Tilt, flame_length, flame_tilt, mudan_power
from emergency.models.fire.pool_fire import pool_fire
from emergency.reach import outline, reach

RADII = st.floats(1.05, 300.0)
LENGTHS = st.floats(0.05, 40.0)
GASOLINE = {"burning_flux": 0.055, "heat_of_combustion": 43.7e6}


@given(distance=RADII, length=LENGTHS)
def test_the_sum_is_the_closed_form_of_an_upright_flame(distance: float, length: float) -> None:
    closed, summed = vertical_cylinder(distance, length), cylinder_view(distance, 0.0, 1.0, length)
    assert float(summed.vertical) == pytest.approx(float(closed.vertical), abs=1e-3)
    assert float(summed.horizontal) == pytest.approx(float(closed.horizontal), abs=1e-3)


@given(distance=RADII, length=LENGTHS, tilt=st.floats(0.0, 70.0))
def test_the_sum_is_the_closed_form_of_a_leaning_flame_until_it_hangs_over_the_target(
    distance: float, length: float, tilt: float
) -> None:
    if overhangs(distance - 0.05, length, tilt):
        return  # the flame all but touches the target
    closed, summed = tilted_cylinder(distance, length, tilt), cylinder_view(distance, 0.0, 1.0, length, tilt)
    assert float(summed.vertical) == pytest.approx(float(closed.vertical), abs=4e-3)
    assert float(summed.horizontal) == pytest.approx(float(closed.horizontal), abs=4e-3)


def test_under_a_flame_that_hangs_over_the_target_the_closed_form_is_left() -> None:
    """Its vertical factor counts what is behind the surface: the trap of the Yellow Book's formula."""
    closed, summed = tilted_cylinder(2.2, 3.0, 60.0), cylinder_view(2.2, 0.0, 1.0, 3.0, 60.0)
    assert overhangs(2.2, 3.0, 60.0)
    assert abs(float(closed.vertical) - float(summed.vertical)) > 0.05
    assert 0.0 < float(summed.vertical) < 1.0


@given(
    x=st.floats(-500.0, 500.0), y=st.floats(-500.0, 500.0), z=st.floats(0.0, 100.0), radius=st.floats(0.1, 100.0),
    length=st.floats(0.1, 300.0), tilt=st.floats(-85.0, 85.0),
)  # fmt: skip
def test_view_factors_stay_between_nought_and_one(
    x: float, y: float, z: float, radius: float, length: float, tilt: float
) -> None:
    view = cylinder_view(x, y, radius, length, tilt, z)
    for one in (view.vertical, view.horizontal, view.maximum):
        assert 0.0 <= float(one) <= 1.0


def test_reciprocity_with_a_small_sphere_far_away() -> None:
    """Far off, what a turned surface sees of a flame is its outline over π s²: 2 r L of an upright cylinder."""
    view = cylinder_view(1000.0, 0.0, 1.0, 4.0)
    assert float(view.vertical) == pytest.approx(2 * 1.0 * 4.0 / (math.pi * 1000.0**2), rel=0.01)


@given(tilt=st.floats(-70.0, 70.0), length=st.floats(0.5, 8.0))
@settings(max_examples=15, deadline=None)
def test_pieces_far_away_may_be_coarser_and_nothing_jumps_where_they_become_so(tilt: float, length: float) -> None:
    x, y = np.meshgrid(np.linspace(-14.0, 14.0, 21), np.linspace(0.0, 14.0, 8))
    shown = cylinder_view(x, y, 1.0, length, tilt)
    lean, top = float(np.tan(np.radians(tilt))), float(length * np.cos(np.radians(tilt)))
    fine = summed(x.ravel(), y.ravel(), 0.0 * x.ravel(), 1.0, top, lean, 40, 60)
    away = np.hypot(x - np.clip(x, min(top * lean, 0.0), max(top * lean, 0.0)), y).ravel() - 1.0 >= 1.0
    np.testing.assert_allclose(np.asarray(shown.maximum).ravel()[away], np.asarray(fine.maximum)[away], rtol=2e-4)


def test_an_infinite_flame_beside_the_target_fills_half_its_view() -> None:
    assert float(cylinder_view(1.02, 0.0, 1.0, 500.0).vertical) == pytest.approx(0.49, abs=0.02)


@settings(max_examples=60)
@given(
    diameter=st.floats(1.0, 100.0), flux=st.floats(0.01, 0.2), wind=st.floats(0.0, 25.0), turn=st.floats(0.0, 6.28),
    humidity=st.floats(0.0, 1.0), power=st.sampled_from(Power), leaning=st.sampled_from(Tilt),
    transmission=st.sampled_from(Transmission),
)  # fmt: skip
def test_heat_of_a_pool_fire_falls_with_distance_beyond_its_flame(
    diameter: float, flux: float, wind: float, turn: float, humidity: float, power: Power, leaning: Tilt,
    transmission: Transmission,
) -> None:  # fmt: skip
    fire = pool_fire(0.0, 0.0, diameter, flux, 44e6, wind, leaning=leaning)
    away = np.geomspace(diameter / 2 + 1.2 * fire.flame.length, 50 * diameter + 20 * fire.flame.length, 40)
    heat = np.asarray(
        pool_fire(
            away * math.cos(turn), away * math.sin(turn), diameter, flux, 44e6, wind, relative_humidity=humidity,
            power=power, leaning=leaning, transmission=transmission,
        ).heat_flux
    )  # fmt: skip
    assert np.isfinite(heat).all()
    assert (heat >= 0.0).all()
    assert (np.diff(heat) <= 1e-9).all()


def test_wind_carries_the_heat_downwind() -> None:
    at = {"height": 0.0, "pool_diameter": 20.0, "wind": 8.0, **GASOLINE}
    downwind, crosswind, upwind = (
        float(pool_fire(x, y, **at).heat_flux) for x, y in ((45.0, 0.0), (0.0, 45.0), (-45.0, 0.0))
    )
    assert downwind > crosswind > upwind > 0.0


def test_the_outline_of_a_heat_has_that_heat_in_every_direction() -> None:
    def heat(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.asarray(pool_fire(x, y, 20.0, wind=6.0, **GASOLINE).heat_flux)

    (far,) = outline(heat, [5000.0], near=10.0, far=500.0, directions=16)
    turns = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    np.testing.assert_allclose(heat(far * np.cos(turns), far * np.sin(turns)), 5000.0, rtol=0.02)
    assert far.argmax() == 0
    assert far[1] == pytest.approx(far[-1], rel=1e-6)
    assert (outline(heat, [1e9], near=10.0, far=500.0, directions=4) == 0.0).all()
    assert np.isinf(outline(heat, [1e-9], near=10.0, far=500.0, directions=4)).all()


def test_a_distance_found_back_has_the_heat_asked_for() -> None:
    def heat(away: np.ndarray) -> np.ndarray:
        return np.asarray(pool_fire(away, 0.0, 20.0, **GASOLINE).heat_flux)

    for level in (37_500.0, 12_500.0, 5000.0):
        away = reach(heat, level, near=10.0, far=5000.0, steps=100)
        assert float(heat(np.array([away]))[0]) == pytest.approx(level, rel=1e-5)


@given(diameter=st.floats(0.2, 200.0), flux=st.floats(0.005, 0.2), wind=st.floats(0.1, 50.0))
def test_wind_never_lengthens_a_flame_and_leans_it_less_than_flat(diameter: float, flux: float, wind: float) -> None:
    assert flame_length(diameter, flux, wind) <= flame_length(diameter, flux, 0.1) + 1e-9
    for relation in Tilt:
        tilt = flame_tilt(diameter, flux, wind, relation=relation)
        assert 0.0 <= tilt < 90.0
        assert flame_tilt(diameter, flux, wind * 1.5, relation=relation) >= tilt
    assert flame_tilt(diameter, flux, 0.0) == 0.0


def test_smoke_hides_large_fires() -> None:
    assert mudan_power(0.01) == pytest.approx(140e3, rel=0.01)
    assert mudan_power(100.0) == pytest.approx(20e3, rel=0.01)


@given(path=st.floats(0.0, 1e9))
def test_air_lets_through_a_share_that_falls_with_the_path(path: float) -> None:
    for relation in (bagster, cook):
        assert 0.0 <= float(relation(path)) <= 1.0
        assert float(relation(path * 2)) <= float(relation(path))


def test_bagster_is_kept_at_its_ends_and_says_so() -> None:
    assert float(bagster(10.0)) == float(bagster(1e4))
    assert float(bagster(1e9)) == float(bagster(1e5))
    (check,) = bagster.checks(5e5)
    assert not check.holds


def test_water_in_the_air_is_as_in_steam_tables() -> None:
    assert vapour_pressure(1.0, 293.15) == pytest.approx(2339.0, rel=0.03)
    assert float(transmissivity(100.0, 0.0, 293.15, Transmission.COOK)) == 1.0


@settings(max_examples=60)
@given(mass=st.floats(1.0, 5e6), heat=st.floats(1e7, 1.2e8), humidity=st.floats(0.0, 1.0))
def test_heat_of_a_fireball_falls_with_distance_and_rises_with_mass(mass: float, heat: float, humidity: float) -> None:
    diameter = 5.8 * mass ** (1 / 3)
    away = np.geomspace(diameter, 100 * diameter, 60)
    for ball in (fireball_aloha(away, mass, heat, humidity), fireball_tno(away, mass, heat, 1.5e6, humidity)):
        flux = np.asarray(ball.heat_flux)
        assert np.isfinite(flux).all()
        assert (np.diff(flux) <= 1e-9).all()
        assert (np.asarray(ball.view_factor) <= 1.0).all()
    more = np.asarray(fireball_aloha(away, mass * 2, heat, humidity).heat_flux)
    assert (more >= np.asarray(fireball_aloha(away, mass, heat, humidity).heat_flux)).all()


def test_durations_of_a_fireball_agree_within_a_third() -> None:
    for mass in (1e3, 1e4, 1e5):
        tno = fireball_tno(100.0, mass, 46e6, 1.5e6).duration
        assert duration_ccps(mass) == pytest.approx(tno, rel=0.35)
    assert duration_ccps(29_999.9) == pytest.approx(duration_ccps(30_000.1), rel=0.06)


@given(diameter=st.floats(0.01, 1e3))
def test_a_pool_burns_up_to_the_rate_of_a_large_one(diameter: float) -> None:
    assert 0.0 < float(burning_rate(diameter, 0.055, 2.1)) <= 0.055
    assert float(burning_rate(diameter, 0.015)) == 0.015


def test_burning_rates_of_the_tables_are_those_of_heat_and_evaporation_within_a_half() -> None:
    """Benzene, CRC: 394 kJ/kg, 1.74 kJ/(kg K), 353 K."""
    assert burgess(40.2e6, 394e3, 1740.0, 353.2) == pytest.approx(0.085, rel=0.5)
    assert burgess(50e6, 510e3, 3500.0, 111.6) == pytest.approx(0.001 * 50e6 / 510e3)


def test_fuels_say_their_source_and_conflicts() -> None:
    assert large_pool("LNG") is large_pool("lng")
    assert large_pool("methanol").conflict
    assert all(row.source and row.status and row.title.zh != row.title.en for row in pool_fuels())
    with pytest.raises(NotFoundError, match="phlogiston"):
        large_pool("phlogiston")


def test_what_cannot_be_is_refused_by_name() -> None:
    with pytest.raises(BadInputError, match="pool_diameter"):
        pool_fire(10.0, 0.0, 0.0, 0.055, 44e6)
    with pytest.raises(BadInputError, match="tilt"):
        cylinder_view(10.0, 0.0, 1.0, 2.0, 90.0)
    with pytest.raises(BadInputError, match="mass"):
        fireball_aloha(10.0, -1.0, 46e6)
