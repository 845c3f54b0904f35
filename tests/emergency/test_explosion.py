"""Blasts: weaker farther away, stronger of more, found back by distance, and finite over any range."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInputError
from emergency.blast_curves import bst_impulse_curves, bst_overpressure_curves, kingery_bulmash_curves
from emergency.models.explosion.baker_strehlow_tang import (
    FLAME_MACH,
    Congestion,
    Reactivity,
    baker_strehlow_tang,
    cloud_energy,
    flame_mach,
)  # fmt: skip
from emergency.models.explosion.bauwens_dorofeev import bauwens_dorofeev
from emergency.models.explosion.blast import dynamic_pressure, scaled_distance
from emergency.models.explosion.bst_aloha import FITS, cloud_overpressure, fitted
from emergency.models.explosion.hydrogen_jet import cell_size, hydrogen_jet
from emergency.models.explosion.kingery_bulmash import Burst, kingery_bulmash, simplified_kingery
from emergency.models.explosion.kinney_graham import kinney_graham
from emergency.models.explosion.multi_energy import Strength, multi_energy
from emergency.models.explosion.one_psi import distance_to_one_psi
from emergency.models.explosion.point_source import overpressure_ratio, point_source
from emergency.models.explosion.reach import OVERPRESSURE, Curve, blast_distance
from emergency.models.explosion.vessel_burst import Expansion, burst_energy, vessel_burst
from emergency.reach import reach

DISTANCES = np.geomspace(0.5, 50_000.0, 500)
MASSES = st.floats(1e-3, 1e7)
ENERGIES = st.floats(1e3, 1e15)


def falls(values: np.ndarray, *, rise: float = 0.0) -> bool:
    """Never rises by more than a share, and is finite and positive throughout."""
    return bool(np.isfinite(values).all() and (values > 0).all() and (np.diff(np.log(values)) <= rise + 1e-12).all())


@pytest.mark.parametrize("curve", Curve)
@given(mass=MASSES)
def test_the_overpressure_of_tnt_falls_with_distance(curve: Curve, mass: float) -> None:
    joint = 0.007 if curve is Curve.SURFACE else 0.0  # the published pieces leave a step of 0.6 % where they join
    assert falls(np.asarray(OVERPRESSURE[curve](scaled_distance(DISTANCES, mass))), rise=joint)


@pytest.mark.parametrize("curve", Curve)
@given(mass=MASSES, overpressure=st.floats(500.0, 5e6))
def test_the_distance_to_an_overpressure_has_that_overpressure(curve: Curve, mass: float, overpressure: float) -> None:
    distance = blast_distance(overpressure, mass, curve)
    assert float(OVERPRESSURE[curve](scaled_distance(distance, mass))) == pytest.approx(overpressure, rel=1e-6)


def test_more_tnt_reaches_farther_by_the_cube_root() -> None:
    assert blast_distance(7e3, 8000.0) == pytest.approx(2 * blast_distance(7e3, 1000.0), rel=1e-9)


@pytest.mark.parametrize("burst", Burst)
@given(mass=MASSES)
def test_every_parameter_of_a_blast_is_finite_and_positive(burst: Burst, mass: float) -> None:
    blast = kingery_bulmash(scaled_distance(DISTANCES, mass), mass, burst)
    for name in blast.__slots__:
        values = np.asarray(getattr(blast, name))
        assert np.isfinite(values).all(), name
        assert (values > 0).all(), name
    assert (np.asarray(blast.reflected_overpressure) > np.asarray(blast.incident_overpressure)).all()


def test_the_simplified_curves_are_those_of_the_polynomials_within_what_their_author_says() -> None:
    z = np.geomspace(0.25, 40.0, 200)
    simple, full = simplified_kingery(z), kingery_bulmash(z)
    for name in ("incident_overpressure", "incident_impulse", "reflected_impulse", "positive_duration"):
        np.testing.assert_allclose(getattr(simple, name), getattr(full, name), rtol=0.02, err_msg=name)


def test_a_burst_on_the_ground_is_about_one_of_1_8_times_the_mass_in_free_air() -> None:
    ground = kingery_bulmash(10.0, 1.0, Burst.SURFACE).incident_overpressure
    air = kingery_bulmash(10.0 / 1.8 ** (1 / 3), 1.0, Burst.FREE_AIR).incident_overpressure
    assert float(ground) == pytest.approx(float(air), rel=0.03)


def test_shock_velocity_is_that_of_rankine_and_hugoniot() -> None:
    z = np.geomspace(1.0, 40.0, 50)
    blast = kingery_bulmash(z)
    expected = 340.3 * np.sqrt(1 + 6 * np.asarray(blast.incident_overpressure) / (7 * 101_325.0))
    np.testing.assert_allclose(blast.shock_velocity, expected, rtol=0.006)


def test_pieces_of_a_curve_join_within_two_and_a_half_per_cent() -> None:
    for name in ("hemispherical", "spherical", "simplified"):
        for parameter, curve in kingery_bulmash_curves(name).items():
            for end in curve.ends:
                at = curve.base**end
                before, after = curve(at * (1 - 1e-9)), curve(at * (1 + 1e-9))
                assert float(after) == pytest.approx(float(before), rel=0.025), (name, parameter, at)


@given(energy=ENERGIES, mach=st.floats(0.01, 6.0))
def test_a_cloud_presses_less_farther_away(energy: float, mach: float) -> None:
    blast = baker_strehlow_tang(DISTANCES, energy, mach)
    assert falls(np.asarray(blast.overpressure))
    assert falls(np.asarray(blast.impulse))


@given(slow=st.floats(0.2, 1.0), fast=st.floats(0.2, 1.0), scaled=st.floats(0.05, 9.5))
def test_a_faster_flame_presses_more_up_to_the_speed_of_sound(slow: float, fast: float, scaled: float) -> None:
    curves = bst_overpressure_curves()
    assert float(curves(max(slow, fast), scaled)) >= 0.99 * float(curves(min(slow, fast), scaled))


def test_every_curve_of_a_cloud_stays_near_what_was_digitised() -> None:
    for curves in (bst_overpressure_curves(), bst_impulse_curves()):
        for mach, (x, y) in zip(curves.machs, curves.logs, strict=True):
            np.testing.assert_allclose(np.log(curves(mach, np.exp(x))), y, atol=1e-9)


def test_flame_speeds_rise_with_reactivity_and_congestion() -> None:
    for congestion in Congestion:
        speeds = [FLAME_MACH[reactivity, congestion] for reactivity in Reactivity]
        assert speeds == sorted(speeds)
    for reactivity in Reactivity:
        speeds = [flame_mach(reactivity, congestion) for congestion in Congestion]
        assert speeds == sorted(speeds)


@pytest.mark.parametrize("fit", FITS, ids=lambda fit: f"Mach {fit.mach}")
def test_fits_of_aloha_meet_their_plateau(fit: object) -> None:
    (one,) = [known for known in FITS if known is fit]
    assert float(one.a * one.b ** (1 / one.knee) * one.knee**one.c) == pytest.approx(one.top, rel=0.03)
    assert falls(np.asarray(fitted(np.geomspace(1e-3, 1e3, 2000), one)))


def test_aloha_shows_one_psi_of_4_6_kg_of_propane_in_congestion_and_none_in_the_open() -> None:
    """Runs V2 and V3 of ALOHA 5.4.7: 34 m from the release, 9.5 m of them the way of the cloud; none in the open."""
    congested = flame_mach(Reactivity.MEDIUM, Congestion.HIGH)
    along = reach(lambda r: np.asarray(cloud_overpressure(r, 4.6, 46.35e6, congested)), 6894.76, near=0.1, far=1e4)
    assert along + 9.5 == pytest.approx(34.0, rel=0.05)
    open_air = flame_mach(Reactivity.MEDIUM, Congestion.LOW)
    assert float(cloud_overpressure(0.1, 4.6, 46.35e6, open_air)) < 6894.76


@given(energy=ENERGIES)
def test_a_point_source_falls_as_the_cube_nearby_and_far_away_is_like_a_detonated_cloud(energy: float) -> None:
    assert falls(np.asarray(point_source(DISTANCES, energy)))
    near, nearer = overpressure_ratio(1e-4), overpressure_ratio(0.5e-4)
    assert float(nearer) / float(near) == pytest.approx(8.0, rel=1e-4)
    far = np.geomspace(1.0, 9.5, 20)
    np.testing.assert_allclose(bst_overpressure_curves()(5.2, far), overpressure_ratio(far), rtol=0.35)


@given(energy=ENERGIES)
def test_detonable_mass_and_multi_energy_fall_with_distance(energy: float) -> None:
    assert falls(np.asarray(bauwens_dorofeev(DISTANCES, energy)))
    for strength in Strength:
        values = np.asarray(multi_energy(DISTANCES, energy, strength))
        assert falls(values)


@given(
    pressure=st.floats(1.5e5, 1e8),
    volume=st.floats(1e-3, 1e4),
    ratio=st.floats(1.05, 1.66),
    colder=st.floats(1.01, 3.0),
)
def test_a_fuller_vessel_bursts_harder_and_an_isentropic_expansion_gives_less(
    pressure: float, volume: float, ratio: float, colder: float
) -> None:
    brode = float(burst_energy(pressure, volume, ratio))
    assert float(burst_energy(pressure * colder, volume, ratio)) > brode
    assert 0.0 < float(burst_energy(pressure, volume, ratio, expansion=Expansion.ISENTROPIC)) <= brode
    assert falls(np.asarray(vessel_burst(DISTANCES, pressure, volume, ratio)))


def test_a_vessel_at_ambient_pressure_does_not_burst() -> None:
    assert float(burst_energy(101_325.0, 10.0, 1.4)) == 0.0
    assert float(vessel_burst(10.0, 90_000.0, 10.0, 1.4)) == 0.0


def test_energies_of_one_vessel_by_hand() -> None:
    """1 m³ of air at 11 bar absolute over 1 bar: 10e5 / 0.4 J, and 11e5 / 0.4 (1 - 11^(-2/7)) J."""
    assert float(burst_energy(11e5, 1.0, 1.4, 1e5)) == pytest.approx(2.5e6)
    expected = 11e5 / 0.4 * (1 - 11 ** (-2 / 7))
    assert float(burst_energy(11e5, 1.0, 1.4, 1e5, Expansion.ISENTROPIC)) == pytest.approx(expected)


def test_one_psi_of_a_kilogram_of_tnt_is_at_17_metres() -> None:
    assert distance_to_one_psi(10.0, 4.68e6) == pytest.approx(17.0)
    assert blast_distance(6894.76, 1.0) == pytest.approx(17.0, rel=0.1)


def test_energy_of_a_cloud_counts_the_ground() -> None:
    assert cloud_energy(1.0, 120e6) == 240e6
    assert dynamic_pressure(0.0) == 0.0


@settings(max_examples=15)
@given(hole=st.floats(1e-3, 0.1), pressure=st.floats(2e5, 1e8), temperature=st.floats(50.0, 400.0))
def test_a_hydrogen_jet_lit_late_presses_less_farther_away(hole: float, pressure: float, temperature: float) -> None:
    jet = hydrogen_jet(DISTANCES, pressure, temperature, hole)
    assert jet.mass_rate > 0.0
    assert np.isfinite(jet.overpressure).all()
    assert (np.diff(np.asarray(jet.overpressure)) <= 0.0).all()
    assert 0.0 <= jet.detonable_mass < 1000 * jet.mass_rate


def test_a_larger_hole_makes_more_that_can_detonate_and_a_pinhole_nothing() -> None:
    masses = [hydrogen_jet(10.0, 6e6, 300.0, hole).detonable_mass for hole in (1e-4, 0.02, 0.05)]
    assert masses[0] == 0.0
    assert masses[1] < masses[2]


def test_the_detonation_cell_is_smallest_near_the_stoichiometric_mixture() -> None:
    sizes = [cell_size(part) for part in (0.15, 0.3, 0.6)]
    assert sizes[1] == min(sizes)
    assert 0.005 < sizes[1] < 0.03


def test_what_cannot_be_is_refused_by_name() -> None:
    with pytest.raises(BadInputError, match="scaled_distance"):
        kinney_graham(-1.0)
    with pytest.raises(BadInputError, match="tnt_mass"):
        blast_distance(7e3, 0.0)
    with pytest.raises(BadInputError, match="energy"):
        point_source(10.0, float("nan"))


def test_outside_the_published_range_is_said() -> None:
    (check,) = kingery_bulmash.checks(np.array([1.0, 60.0]))
    assert not check.holds
    assert check.value == 60.0


@given(level=st.floats(0.01, 0.9))
def test_a_zone_that_begins_away_from_its_source_is_found_to_its_far_end(level: float) -> None:
    def hump(r: np.ndarray) -> np.ndarray:
        return np.exp(-(((np.log(r) - 3.0) / 0.5) ** 2))

    far = reach(hump, level, near=0.1, far=1e5)
    assert float(hump(np.array([far]))[0]) == pytest.approx(level, rel=1e-6)
    assert far > np.exp(3.0)
    assert reach(hump, 1.5, near=0.1, far=1e5) == 0.0
    assert reach(hump, level, near=0.1, far=10.0) in (0.0, float("inf"))
