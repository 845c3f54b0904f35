"""Burning jets: the limits of the method agree, flames bend with the wind, heat falls away from them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInputError
from emergency.models.fire.frustum import frustum, surface_view
from emergency.models.fire.jet_fire import jet_fire
from emergency.models.fire.jet_flame import Phase, bend, jet_exit, jet_flame, radiated_share, still_air_length
from emergency.models.fire.view import View

METHANE = {"molar_mass": 0.01604, "heat_capacity_ratio": 1.31}
RATES = st.floats(1e-3, 500.0)
HOLES = st.floats(1e-3, 1.0)
WINDS = st.floats(0.0, 25.0)
ANGLES = st.floats(0.0, 180.0)


def choked_rate(hole: float, pressure: float) -> float:
    """What makes the choked pressure of methane at 288 K just what is asked."""
    throat = 2 * 288.15 / 2.31
    return pressure * math.pi * hole**2 / 4 / math.sqrt(8.314462618 * throat / (1.31 * 0.01604))


def test_a_jet_choked_at_ambient_pressure_leaves_with_the_speed_of_sound() -> None:
    """The read engine divides by γ + 1 and fails this; with γ - 1 both branches meet at Mach 1."""
    rate = choked_rate(0.05, 101_325.0)
    above = jet_exit(rate * 1.0001, 0.05, 288.15, **METHANE)
    below = jet_exit(rate * 0.9999, 0.05, 288.15, **METHANE)
    assert above.mach == pytest.approx(1.0, abs=1e-3)
    assert below.mach == pytest.approx(1.0, abs=1e-3)


def test_the_two_branches_of_the_bend_meet() -> None:
    """The read engine multiplies by 134 where a sum is needed: 400 against 267 at the joint."""
    assert bend(0.05, 30.0, 0.1, 300.0, 90.0) == pytest.approx(bend(0.0500001, 30.0, 0.1, 300.0, 90.0), rel=0.01)


@given(rate=RATES, hole=HOLES, wind=WINDS, angle=ANGLES, mass=st.floats(0.002, 0.12), ratio=st.floats(1.0, 1.66))
def test_every_flame_has_a_shape(
    rate: float, hole: float, wind: float, angle: float, mass: float, ratio: float
) -> None:
    flame = jet_flame(rate, hole, 288.15, mass, ratio, wind, angle)
    assert 0.0 <= flame.bend <= angle + 1e-9
    for value in (flame.length, flame.frustum_length, flame.tip_width, flame.area, flame.lift_off):
        assert math.isfinite(value)
        assert value > 0.0
    assert flame.base_width >= 0.0
    assert flame.lift_off < flame.length
    assert 0.11 <= flame.radiated <= 1.0


@given(rate=RATES, hole=HOLES)
def test_a_greater_rate_through_a_hole_burns_longer(rate: float, hole: float) -> None:
    assert jet_flame(rate * 2, hole, 288.15, **METHANE).length > jet_flame(rate, hole, 288.15, **METHANE).length


def test_wind_shortens_and_bends_an_upright_flame() -> None:
    calm, windy = (jet_flame(3.0, 0.02, 288.15, **METHANE, wind=wind) for wind in (0.0, 10.0))
    assert windy.length < calm.length
    assert calm.bend == 0.0
    assert windy.bend > 5.0


def test_a_flame_without_buoyancy_has_the_length_of_its_mixing() -> None:
    length = still_air_length(0.1, 1e6, 0.01604)
    stoichiometric = 0.01604 / (15.816 * 0.01604 + 0.0395)
    assert length == pytest.approx(0.1 * 2.85 / stoichiometric / 0.2**1.5, rel=0.02)


def test_faster_jets_radiate_less_and_heavier_fuels_more() -> None:
    assert radiated_share(800.0, 0.016) < radiated_share(100.0, 0.016) < radiated_share(100.0, 0.044)


def test_a_frustum_of_equal_ends_is_seen_like_a_long_cylinder() -> None:
    surface = frustum(np.zeros(3), np.array([0.0, 0.0, 1.0]), 4.0, 1.0, 1.0)
    view, nearest = surface_view(surface, np.array([[1000.0, 0.0, 0.0], [5.0, 0.0, 2.0]]))
    assert np.asarray(view.vertical)[0] == pytest.approx(8.0 / (math.pi * 1e6), rel=0.01)
    assert nearest[1] == pytest.approx(4.0, rel=0.05)


def test_the_end_of_a_flame_shines_on_who_stands_before_it() -> None:
    """A disc of radius 1 seen from 3 off on its axis fills 1 / (1 + 9)."""
    surface = frustum(np.zeros(3), np.array([1.0, 0.0, 0.0]), 2.0, 1.0, 1.0)
    view, _ = surface_view(surface, np.array([5.0, 0.0, 0.0]))
    assert isinstance(view, View)
    assert float(view.vertical) == pytest.approx(0.1, rel=0.02)


@settings(max_examples=50)
@given(rate=st.floats(0.1, 100.0), wind=WINDS, elevation=st.floats(0.0, 90.0), turn=st.floats(0.0, 6.28))
def test_heat_of_a_jet_falls_with_distance_beyond_its_flame(
    rate: float, wind: float, elevation: float, turn: float
) -> None:
    hole = math.sqrt(rate) * 0.01
    flame = jet_flame(rate, hole, 288.15, **METHANE, wind=wind, from_wind=elevation)
    away = np.geomspace(1.5 * flame.length, 50 * flame.length, 30)
    heat = np.asarray(
        jet_fire(
            away * math.cos(turn), away * math.sin(turn), rate, hole, 288.15, heat_of_combustion=50e6, wind=wind,
            elevation=elevation, release_height=1.0, **METHANE,
        ).heat_flux
    )  # fmt: skip
    assert np.isfinite(heat).all()
    assert (heat >= 0.0).all()
    assert (np.diff(heat) <= 1e-9).all()


def test_far_away_a_jet_is_a_point_that_radiates_its_share() -> None:
    fire = jet_fire(0.0, 5000.0, 10.0, 0.05, 288.15, heat_of_combustion=50e6, relative_humidity=0.0, **METHANE)
    point = fire.flame.radiated * 10.0 * 50e6 / (4 * math.pi * 5000.0**2)
    assert float(fire.heat_flux) / float(fire.transmissivity) == pytest.approx(point, rel=0.35)


def test_a_flame_of_droplets_begins_at_the_hole() -> None:
    gas, drops = (jet_flame(3.0, 0.02, 288.15, **METHANE, phase=phase) for phase in Phase)
    assert drops.lift_off == pytest.approx(0.015 * drops.length)
    assert drops.lift_off < gas.lift_off


def test_what_cannot_be_is_refused_by_name() -> None:
    with pytest.raises(BadInputError, match="mass_rate"):
        jet_flame(0.0, 0.02, 288.15, **METHANE)
    with pytest.raises(BadInputError, match="elevation"):
        jet_fire(1.0, 0.0, 3.0, 0.02, 288.15, heat_of_combustion=50e6, elevation=120.0, **METHANE)
