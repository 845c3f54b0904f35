"""Source terms: mass is kept, limits agree, more drive never gives less, and bad input is named."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.cli import command_line
from core.errors import BadInputError, NotFoundError
from emergency.chemicals import substance
from emergency.chemicals.equations import GAS_CONSTANT
from emergency.golden.formulas import evaluated
from emergency.model import OutsideValidityError
from emergency.models.dispersion.air import Stability
from emergency.models.sources.brighton import brighton
from emergency.models.sources.compressibility import compressibility
from emergency.models.sources.entrained_jet import entrained_jet
from emergency.models.sources.evaporating_pool import evaporating_pool
from emergency.models.sources.flash import flash_fraction, isentropic_flash
from emergency.models.sources.flashing_hole import flashing_flux
from emergency.models.sources.gas_hole import gas_hole
from emergency.models.sources.given import direct, instantaneous
from emergency.models.sources.ground import Ground, boiling_flux
from emergency.models.sources.liquid_hole import liquid_hole
from emergency.models.sources.mackay_matsugu import mackay_matsugu
from emergency.models.sources.pool_heat import Surroundings, Transfer
from emergency.models.sources.release import Regime, Release
from emergency.models.sources.spilling_pool import pool_under, spilling_pool
from emergency.models.sources.spreading import spreading
from emergency.models.sources.tank_flashing import tank_flashing
from emergency.models.sources.tank_gas import Contents, tank_gas
from emergency.models.sources.tank_liquid import tank_liquid
from emergency.models.sources.vessel import Shape, capacity, level, volume

LIQUEFIED = ("7782-50-5", "7664-41-7", "74-98-6", "75-01-4", "7446-09-5", "106-97-8")
LIQUIDS = ("71-43-2", "108-88-3", "67-56-1", "67-64-1", "107-13-1", "110-54-3")
ATMOSPHERE = 101_325.0


def kept(release: Release, mass: float) -> None:
    """What is released and what is left is what was there; rates, too, sum up to it."""
    for values in (release.time, release.rate, release.released):
        assert np.isfinite(values).all()
    assert (np.diff(release.time) >= 0).all()
    assert (np.diff(release.released) >= 0).all()
    assert release.total + release.left == pytest.approx(mass, rel=1e-6)
    if release.duration > 0:
        assert np.trapezoid(release.rate, release.time) == pytest.approx(release.total, rel=0.01, abs=1e-3 * mass)


@given(st.sampled_from(Shape), st.floats(0.3, 30), st.floats(0.3, 60), st.floats(0, 1))
def test_level_and_volume_are_inverse(shape: Shape, diameter: float, length: float, part: float) -> None:
    whole = capacity(shape, diameter, length)
    stands = float(level(shape, diameter, length, part * whole))
    assert float(volume(shape, diameter, length, stands)) == pytest.approx(part * whole, rel=1e-6, abs=1e-9 * whole)


def test_vessels_hold_what_geometry_says() -> None:
    assert capacity(Shape.SPHERE, 2.0, 1.0) == pytest.approx(4 / 3 * np.pi)
    assert capacity(Shape.HORIZONTAL, 2.0, 5.0) == pytest.approx(5 * np.pi)
    assert float(volume(Shape.HORIZONTAL, 2.0, 5.0, 1.0)) == pytest.approx(2.5 * np.pi)
    assert float(volume(Shape.SPHERE, 2.0, 1.0, 1.0)) == pytest.approx(2 / 3 * np.pi)


@given(st.floats(1e-3, 0.5), st.floats(1.001, 200), st.floats(200, 600), st.floats(1.02, 1.66))
def test_gas_flows_faster_with_pressure_and_never_beyond_sound(
    hole: float, ratio: float, temperature: float, k: float
) -> None:
    pressures = ATMOSPHERE * np.linspace(1.0, ratio, 60)
    jet = gas_hole(hole, pressures, temperature, pressures * 0.03 / (GAS_CONSTANT * temperature), k)
    rate = np.asarray(jet.mass_rate)
    assert rate[0] == 0
    assert (np.diff(rate) >= 0).all()
    sound = np.sqrt(k * GAS_CONSTANT * np.asarray(jet.exit_temperature) / 0.03)
    assert (np.asarray(jet.throat_velocity) <= sound * (1 + 1e-9)).all()
    assert np.isfinite(jet.final_temperature).all()


@given(st.floats(1.05, 1.66))
def test_choked_and_unchoked_flow_meet_at_the_critical_pressure(k: float) -> None:
    critical = ATMOSPHERE * ((k + 1) / 2) ** (k / (k - 1))
    below, above = (
        float(gas_hole(0.01, critical * part, 300.0, 2.0 * part, k).mass_rate) for part in (1 - 1e-9, 1 + 1e-9)
    )
    assert below == pytest.approx(above, rel=1e-6)


def test_liquid_does_not_flow_in() -> None:
    jet = liquid_hole(0.01, 800.0, np.array([5e4, ATMOSPHERE, 2e5]))
    assert np.asarray(jet.mass_rate)[:2].tolist() == [0, 0]
    assert np.asarray(jet.mass_rate)[2] > 0


@given(
    st.sampled_from(Shape), st.floats(0.5, 30), st.floats(0.5, 40), st.floats(0.05, 1), st.floats(0.002, 0.3),
    st.floats(0, 0.95), st.floats(1, 5), st.floats(60, 1e7),
)  # fmt: skip
def test_a_tank_of_liquid_loses_what_leaves_it(
    shape: Shape, diameter: float, length: float, fill: float, hole: float, height: float, pressure: float, limit: float
) -> None:
    release = tank_liquid(
        shape, diameter, length, fill, hole, height * min(diameter, length), 850.0, pressure * ATMOSPHERE,
        time_limit=limit,
    )  # fmt: skip
    kept(release, fill * capacity(shape, diameter, length) * 850.0)
    assert release.duration <= limit * (1 + 1e-9)
    assert (np.diff(release.rate) <= 1e-9 * np.max(release.rate)).all()
    assert release.sustained() <= np.max(release.rate) * (1 + 1e-9)


def test_an_open_cylinder_drains_in_the_time_of_torricelli() -> None:
    release = tank_liquid(Shape.VERTICAL, 4.0, 10.0, 0.8, 0.1, 0.0, 1000.0, time_limit=1e7)
    areas = 4.0**2 / (0.61 * 0.1**2)
    assert release.duration == pytest.approx(areas * np.sqrt(2 * 8.0 / 9.80665), rel=1e-6)
    assert release.left == 0


def test_liquid_below_the_hole_stays() -> None:
    release = tank_liquid(Shape.VERTICAL, 4.0, 10.0, 0.3, 0.1, 5.0, 1000.0)
    assert (release.total, release.duration) == (0.0, 0.0)


@given(
    st.floats(1.0, 200), st.floats(200, 500), st.floats(1.05, 1.66), st.sampled_from(Contents), st.floats(0.001, 0.1)
)  # fmt: skip
def test_a_tank_of_gas_loses_what_leaves_it(
    ratio: float, temperature: float, k: float, contents: Contents, hole: float
) -> None:
    pressure = ratio * ATMOSPHERE
    release = tank_gas(
        Shape.HORIZONTAL, 2.0, 6.0, pressure, temperature, 0.028, k, hole, contents=contents, time_limit=1e8
    )  # fmt: skip
    kept(release, pressure * 0.028 / (GAS_CONSTANT * temperature) * capacity(Shape.HORIZONTAL, 2.0, 6.0))
    if ratio > 1.01:
        left = release.left / (release.left + release.total)
        assert left == pytest.approx(ratio ** (-1 / (k if contents is Contents.ADIABATIC else 1)), rel=1e-6)


@given(
    st.sampled_from(LIQUEFIED), st.sampled_from(Shape), st.floats(0.05, 1.0), st.floats(1.0, 1.2),
    st.floats(1e-5, 0.01), st.floats(0, 0.9), st.floats(60, 1e6),
)  # fmt: skip
def test_a_tank_of_liquefied_gas_loses_what_leaves_it(
    cas: str, shape: Shape, fill: float, warm: float, hole: float, height: float, limit: float
) -> None:
    gas = substance(cas)
    temperature = gas.boiling_temperature * warm
    release = tank_flashing(gas, shape, 3.0, 8.0, fill, temperature, hole, hole_height=3.0 * height, time_limit=limit)
    whole = capacity(shape, 3.0, 8.0)
    liquid = fill * whole * float(gas.liquid_density(temperature))
    vapour = (1 - fill) * whole * float(gas.gas_density(temperature, gas.vapour_pressure(temperature)))
    kept(release, liquid + (0.0 if release.regime is Regime.VAPOUR else vapour))
    assert release.temperature is None or (np.diff(release.temperature) <= 1e-9).all()


def test_a_hole_flashes_like_a_liquid_and_a_pipe_is_slower() -> None:
    propane = substance("propane")
    pressure = float(propane.vapour_pressure(294.0))
    density = float(propane.liquid_density(294.0))
    state = {
        "upstream_pressure": pressure, "temperature": 294.0, "liquid_density": density,
        "gas_density": float(propane.gas_density(294.0, pressure)),
        "latent_heat": float(propane.latent_heat(294.0)),
        "liquid_heat_capacity": float(propane.liquid_heat_capacity(294.0)),
    }  # fmt: skip
    hole = float(flashing_flux(**state))
    assert hole == pytest.approx(float(liquid_hole(1.0, density, pressure).mass_rate) / (np.pi / 4))
    pipes = [float(flashing_flux(**state, pipe_length=length)) for length in (0.01, 0.05, 0.1, 1.0)]
    assert sorted(pipes, reverse=True) == pipes
    assert pipes[0] < hole


@given(st.sampled_from(LIQUEFIED), st.floats(0.9, 1.25))
def test_flash_fractions_are_shares_and_isentropic_is_less(cas: str, warm: float) -> None:
    gas = substance(cas)
    boiling, temperature = gas.boiling_temperature, gas.boiling_temperature * warm
    state = (temperature, boiling, gas.mean_liquid_heat_capacity(boiling, temperature), float(gas.latent_heat(boiling)))
    share, jet = float(flash_fraction(*state)), isentropic_flash(*state)
    assert 0 <= float(jet.vapour_fraction) <= share <= 1
    assert float(jet.velocity) >= 0
    if warm <= 1:
        assert (share, float(jet.velocity)) == (0, 0)


@settings(max_examples=40)
@given(
    st.sampled_from(LIQUIDS), st.floats(1, 200), st.floats(0.5, 100), st.floats(0.5, 20), st.floats(275, 315),
    st.sampled_from(Ground), st.sampled_from(Transfer), st.sampled_from(Stability), st.floats(-20, 90), st.floats(0, 1),
)  # fmt: skip
def test_a_pool_loses_what_evaporates(
    cas: str, laid: float, diameter: float, wind: float, air: float, ground: Ground, transfer: Transfer,
    stability: Stability, sun: float, cloud: float,
) -> None:  # fmt: skip
    mass = laid * np.pi / 4 * diameter**2
    release = evaporating_pool(
        substance(cas), mass, diameter, wind, air, air, stability=stability, ground=ground, transfer=transfer,
        solar_elevation=sun, cloud_cover=cloud,
    )  # fmt: skip
    assert np.isfinite(release.rate).all()
    assert release.total + release.left == pytest.approx(mass, rel=1e-9)
    assert (np.diff(release.released) >= 0).all()
    assert np.max(release.temperature) <= substance(cas).boiling_temperature + 1
    assert np.trapezoid(release.rate, release.time) == pytest.approx(release.total, rel=0.05, abs=0.01 * mass)


@settings(max_examples=30)
@given(
    st.sampled_from(LIQUIDS), st.floats(0.01, 50), st.floats(10, 3600), st.floats(1, 2000), st.floats(0.5, 20),
    st.floats(275, 315),
)  # fmt: skip
def test_a_spill_that_spreads_loses_what_evaporates(
    cas: str, rate: float, duration: float, bund: float, wind: float, air: float
) -> None:
    release = spilling_pool(substance(cas), rate, duration, wind, air, air, pool_area=bund)
    assert np.isfinite(release.rate).all()
    assert (np.diff(release.released) >= 0).all()
    assert release.total + release.left == pytest.approx(rate * min(duration, 3600.0), rel=1e-6)
    open_ground = spilling_pool(substance(cas), rate, duration, wind, air, air)
    assert open_ground.total >= 0.98 * release.total


def test_the_pool_under_a_leaking_tank_evaporates_less_than_leaks() -> None:
    acetone = substance("acetone")
    leak = tank_liquid(Shape.VERTICAL, 3.0, 5.0, 0.8, 0.05, 0.0, 790.0)
    vapour = pool_under(leak, acetone, Surroundings(wind_speed=3.0, ambient_temperature=293.0), 293.0, most_area=10.0)
    assert vapour.total + vapour.left == pytest.approx(leak.total, rel=1e-6)
    assert vapour.sustained() < 0.1 * leak.sustained()


def test_a_boiling_pool_evaporates_what_the_ground_gives() -> None:
    methane = substance("methane")
    release = evaporating_pool(methane, 1e5, 20.0, 3.0, 111.0, 293.0, time_limit=600.0)
    area = np.pi / 4 * 20.0**2
    ground = 2 * 8.64 * (293.0 - 111.7) * np.sqrt(600 / (np.pi * 4.13e-6)) / float(methane.latent_heat(111.7)) * area
    assert release.total > 0.9 * ground
    rates = np.asarray(boiling_flux(np.array([1.0, 4.0, 16.0]), 293.0, 111.7, 5e5))
    assert rates[0] / rates[1] == pytest.approx(2)
    assert float(boiling_flux(10.0, 100.0, 111.7, 5e5)) == 0


@given(st.floats(0.5, 30), st.floats(0.5, 200), st.sampled_from(Stability))
def test_evaporation_rises_with_wind_and_vapour_pressure(wind: float, diameter: float, stability: Stability) -> None:
    winds = wind * np.array([1.0, 1.5, 2.0])
    for flux in (
        mackay_matsugu(winds, diameter, 300.0, 1e4, 0.078),
        brighton(winds, diameter, 300.0, 1e4, 0.078, stability),
    ):
        assert (np.diff(np.asarray(flux)) > 0).all()
    pressures = np.linspace(1e2, 1.2e5, 40)
    assert (np.diff(np.asarray(brighton(wind, diameter, 300.0, pressures, 0.078, stability))) > 0).all()


@given(st.floats(0.01, 1e4), st.floats(0.001, 0.1))
def test_a_pool_spreads_until_it_is_thin(spilt: float, thickness: float) -> None:
    radius = np.asarray(spreading(np.linspace(0, 1e5, 50), spilt, thickness))
    assert (np.diff(radius) >= 0).all()
    assert radius[-1] == pytest.approx(np.sqrt(spilt / thickness / np.pi))


def test_the_equivalent_source_is_saturated_and_keeps_energy() -> None:
    ammonia = substance("ammonia")
    jet = entrained_jet(ammonia, 294.65, 302.45, 90_900.0)
    assert float(ammonia.vapour_pressure(jet.temperature)) == pytest.approx(jet.mole_fraction * 90_900.0, rel=1e-6)
    given_up = jet.air_ratio * 1004.0 * (302.45 - jet.temperature)
    cooled = ammonia.mean_liquid_heat_capacity(jet.temperature, 294.65) * (294.65 - jet.temperature)
    assert given_up == pytest.approx(float(ammonia.latent_heat(jet.temperature)) - cooled, rel=1e-6)


def test_a_gas_is_ideal_far_from_its_liquid() -> None:
    assert float(compressibility(1e3, 600.0, 150.0, 5e6)) == pytest.approx(1, abs=1e-3)
    assert 0.2 <= float(compressibility(1e9, 200.0, 400.0, 5e6)) < 1


def test_steady_and_sudden_releases_are_what_is_given() -> None:
    steady = direct(2.0, 600.0)
    assert (steady.total, steady.sustained(), steady.sustained(3600.0)) == (1200.0, 2.0, 2.0)
    assert (instantaneous(50.0).total, instantaneous(50.0).duration) == (50.0, 0.0)


def test_bad_input_is_named() -> None:
    with pytest.raises(OutsideValidityError, match="hole_diameter"):
        liquid_hole(-0.1, 800.0, 2e5)
    with pytest.raises(OutsideValidityError, match="fill_fraction"):
        tank_liquid(Shape.SPHERE, 2.0, 1.0, 1.2, 0.1, 0.0, 800.0)
    with pytest.raises(NotFoundError, match="vapour_pressure"):
        evaporating_pool(substance("汽油"), 100.0, 5.0, 3.0, 290.0, 290.0)
    with pytest.raises(BadInputError, match="remain"):
        entrained_jet(substance("benzene"), 280.0, 275.0)


def test_formulas_are_arithmetic_only() -> None:
    assert evaluated("191030-1675T+12.5T^2", 2.0) == 191030 - 3350 + 50
    assert evaluated("rho=1.5/0.3^(1+(1-Tr)^2), Tr=T/400", 200.0) == pytest.approx(1.5 / 0.3**1.25)
    with pytest.raises(ValueError, match="no arithmetic"):
        evaluated("__import__('os')", 1.0)


def test_a_source_runs_from_the_command_line_by_the_name_of_its_substance() -> None:
    words = ["model", "run", "evaporating-pool", "substance=苯", "mass=100", "pool_diameter=5", "wind_speed=3",
             "temperature=290", "ambient_temperature=290", "time_limit=60"]  # fmt: skip
    found = CliRunner().invoke(command_line("model", "golden"), words)
    assert found.exit_code == 0, found.exception
    assert json.loads(found.output)["answer"]["left"] < 100
