"""Harm to people: shares stay shares, more is never safer, and units are never mistaken for each other."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.errors import BadInputError
from emergency.model import OutsideValidityError
from emergency.models.dispersion.air import Stability
from emergency.models.harm.cloud import effective_cloud
from emergency.models.harm.concentration import ByMass, ByVolume, ConcentrationUnit
from emergency.models.harm.death_fraction import blast_deaths, fire_deaths, toxic_deaths
from emergency.models.harm.infiltration import Sheltering, indoor_share, infiltration_time
from emergency.models.harm.overpressure import (
    BLAST_SETS,
    BlastSet,
    collapse_probit,
    head_impact_probit,
    overpressure_probit,
)
from emergency.models.harm.probit import lethality, probit_of
from emergency.models.harm.thermal import THERMAL_SETS, DoseUnit, ThermalSet, thermal_probit
from emergency.models.harm.toxic import ToxicLoad, ToxicProbit, toxic_load, toxic_probit_by_mass

shares = some.floats(1e-6, 1.0 - 1e-6)
fluxes = some.floats(0.0, 1e7)
pressures = some.floats(0.0, 1e9)
times = some.floats(1e-3, 1e6)
CO = ToxicProbit(a=-7.4, b=1.0, n=1.0, unit=ConcentrationUnit.MG_M3)
CHLORINE_PPM = ToxicProbit(a=-8.29, b=0.92, n=2.0, unit=ConcentrationUnit.PPM)


@given(shares)
def test_a_probit_and_its_share_are_one(share: float) -> None:
    assert lethality(probit_of(share)).probability == pytest.approx(share, rel=1e-9)


@pytest.mark.parametrize("name", ThermalSet)
@given(flux=fluxes, seconds=times, more=some.floats(1.0, 10.0))
def test_more_heat_or_time_never_kills_fewer(name: ThermalSet, flux: float, seconds: float, more: float) -> None:
    least = thermal_probit(flux, seconds, name).probability
    assert 0.0 <= least <= thermal_probit(flux * more, seconds, name).probability <= 1.0
    assert least <= thermal_probit(flux, seconds * more, name).probability


@pytest.mark.parametrize("name", ThermalSet)
@given(share=shares, seconds=times)
def test_the_flux_of_a_share_kills_that_share(name: ThermalSet, share: float, seconds: float) -> None:
    flux = THERMAL_SETS[name].heat_flux(share, seconds)
    assert thermal_probit(flux, seconds, name).probability == pytest.approx(share, rel=1e-6)


@pytest.mark.parametrize("name", ThermalSet)
def test_a_set_in_another_unit_says_the_same_of_the_same_fire(name: ThermalSet) -> None:
    here, there = THERMAL_SETS[name], [THERMAL_SETS[name].converted(unit) for unit in DoseUnit]
    for other in there:
        assert other.of(20_000.0, 30.0).probit == pytest.approx(here.of(20_000.0, 30.0).probit, abs=1e-12)


def test_the_purple_book_thermal_probit_is_that_of_tsao_and_perry_not_of_eisenberg() -> None:
    """At equal dose it lies 2.1 probits above Eisenberg's."""
    purple, tsao, eisenberg = (
        thermal_probit(12_500.0, 20.0, one).probit
        for one in (ThermalSet.PURPLE_BOOK, ThermalSet.TSAO_PERRY, ThermalSet.EISENBERG)
    )
    assert purple == pytest.approx(tsao, abs=0.005)
    assert purple - eisenberg == pytest.approx(2.1, abs=0.005)


@pytest.mark.parametrize("name", BlastSet)
@given(pressure=pressures, more=some.floats(1.0, 10.0), share=shares)
def test_more_pressure_never_kills_fewer(name: BlastSet, pressure: float, more: float, share: float) -> None:
    least = overpressure_probit(pressure, name).probability
    assert 0.0 <= least <= overpressure_probit(pressure * more, name).probability <= 1.0
    back = BLAST_SETS[name].overpressure(share)
    assert overpressure_probit(back, name).probability == pytest.approx(share, rel=1e-6)


def test_the_two_spellings_of_the_hsc_probit_agree() -> None:
    """1.47 in psi is 5.13 in bar, to the digits printed."""
    in_psi, in_bar = (overpressure_probit(50_000.0, one).probit for one in (BlastSet.HSC, BlastSet.LUNG_HSE))
    assert in_psi == pytest.approx(in_bar, abs=0.006)


@pytest.mark.parametrize("probit", [head_impact_probit, collapse_probit])
@given(pressure=pressures, impulse=some.floats(0.0, 1e9), more=some.floats(1.0, 10.0))
def test_more_impulse_never_kills_fewer(probit, pressure: float, impulse: float, more: float) -> None:
    least = probit(pressure, impulse).probability
    assert 0.0 <= least <= probit(pressure, impulse * more).probability <= 1.0
    assert least <= probit(pressure * more, impulse).probability


@given(amount=some.floats(0.0, 0.1), seconds=times, more=some.floats(1.0, 10.0))
def test_more_poison_never_kills_fewer(amount: float, seconds: float, more: float) -> None:
    least = CO.of(ByMass(amount), seconds).probability
    assert 0.0 <= least <= CO.of(ByMass(amount * more), seconds).probability <= 1.0
    assert least <= CO.of(ByMass(amount), seconds * more).probability


@pytest.mark.parametrize("constants", [CO, CHLORINE_PPM])
@given(share=shares, seconds=times)
def test_the_concentration_of_a_share_kills_that_share(constants: ToxicProbit, share: float, seconds: float) -> None:
    assert constants.of(constants.concentration(share, seconds), seconds).probability == pytest.approx(share, rel=1e-6)


def test_constants_for_one_kind_of_concentration_do_not_take_the_other() -> None:
    with pytest.raises(BadInputError, match=r"mg/m3.*体积分数") as refused:
        CO.of(ByVolume(1e-4), 1800.0)
    assert refused.value.facts["field"] == "concentration"
    with pytest.raises(BadInputError, match=r"ppm.*质量浓度"):
        CHLORINE_PPM.of(ByMass(1e-4), 1800.0)


@given(share=some.floats(1e-9, 1.0), kelvin=some.floats(230.0, 330.0), pascal=some.floats(6e4, 1.1e5))
def test_mass_and_volume_convert_there_and_back(share: float, kelvin: float, pascal: float) -> None:
    there = ByVolume(share).by_mass(0.0709, kelvin, pascal)
    assert there.by_volume(0.0709, kelvin, pascal).values == pytest.approx(share, rel=1e-12)


def test_one_ppm_of_chlorine_is_2_95_milligrams_in_a_cubic_metre_at_20_degrees() -> None:
    """24.06 L/mol at 20 °C and one atmosphere: 70.906 / 24.06 = 2.947."""
    assert ByVolume(1e-6).by_mass(0.070906, 293.15, 101_325.0).values * 1e6 == pytest.approx(2.947, rel=1e-3)


@given(value=some.floats(1.0, 1e9), n=some.floats(0.5, 8.0), seconds=some.floats(60.0, 7200.0))
def test_the_concentration_of_a_toxic_load_has_that_load(value: float, n: float, seconds: float) -> None:
    air = ToxicLoad(n=n, value=value, unit=ConcentrationUnit.PPM).concentration(seconds)
    if float(air.values) <= 1.0:
        assert toxic_load(air.values, seconds, n) == pytest.approx(value, rel=1e-9)


@given(axis=some.floats(0.0, 0.1), sigma=some.floats(0.1, 1e4), distance=some.floats(1.0, 1e5))
def test_a_cloud_is_never_wider_than_the_whole_nor_deadlier_than_its_axis(
    axis: float, sigma: float, distance: float
) -> None:
    found = effective_cloud(axis, sigma, distance, 1800.0, -7.4, 1.0, 1.0)
    on_axis = CO.of(ByMass(axis), 1800.0).probability
    assert 0.0 <= found.probability_integral <= found.effective_width or found.effective_width == 0.0
    assert 0.0 <= found.probability_in_cloud <= 1.0
    assert 0.0 <= found.probability_of_death <= on_axis
    assert math.isfinite(found.effective_width)


def test_the_effective_width_is_that_of_the_integral_counted_in_small_steps() -> None:
    found = effective_cloud(0.02126, 28.8, 361.0, 1800.0, -7.4, 1.0, 1.0, cutoff=1e-6)
    across = np.linspace(-400.0, 400.0, 80_001)
    deaths = CO.of(ByMass(0.02126 * np.exp(-(across**2) / (2 * 28.8**2))), 1800.0).probability
    assert found.probability_integral == pytest.approx(float(np.trapezoid(deaths, across)), rel=1e-4)


def test_a_fire_kills_everybody_from_35_kilowatts_and_nobody_indoors_below() -> None:
    assert fire_deaths(35_000.0, 20.0, 0.99).fraction == 1.0
    assert fire_deaths(34_999.0, 20.0, 1.0).fraction == 0.0
    assert fire_deaths(20_000.0, 3600.0).fraction == fire_deaths(20_000.0, 20.0).fraction


@given(share=some.floats(0.0, 1.0), indoors=some.floats(0.0, 1.0))
def test_indoors_a_tenth_dies_of_poison(share: float, indoors: float) -> None:
    assert 0.1 * share - 1e-12 <= toxic_deaths(share, indoors).fraction <= share + 1e-12


def test_a_blast_kills_only_above_its_limits() -> None:
    assert blast_deaths(np.array([10_000.0, 10_001.0, 30_000.0, 30_001.0]), 1.0).fraction.tolist() == [
        0.0, 0.025, 0.025, 1.0,
    ]  # fmt: skip


@given(
    wind=some.floats(0.5, 30.0), kelvin=some.floats(250.0, 320.0), stability=some.sampled_from(Stability),
    height=some.floats(2.0, 30.0), more=some.floats(1.0, 3.0),
)  # fmt: skip
def test_more_wind_never_seals_a_house(
    wind: float, kelvin: float, stability: Stability, height: float, more: float
) -> None:
    slow = infiltration_time(wind, kelvin, stability, structure_height=height)
    assert infiltration_time(wind * more, kelvin, stability, structure_height=height) <= slow
    sheltered = infiltration_time(wind, kelvin, stability, structure_height=height, sheltering=Sheltering.SHELTERED)
    assert 0.0 < slow <= sheltered < math.inf


@given(time=some.floats(0.0, 1e6), constant=some.floats(60.0, 1e5), passed=some.floats(1.0, 1e6))
def test_indoors_is_never_worse_than_outdoors_was_and_the_cloud_leaves_the_house_too(
    time: float, constant: float, passed: float
) -> None:
    stays, goes = indoor_share(time, constant), indoor_share(time, constant, passed)
    assert 0.0 <= goes <= stays <= 1.0
    assert indoor_share(passed + 40.0 * constant, constant, passed) < 1e-9


def test_a_house_takes_in_as_much_of_a_passing_cloud_in_the_end_as_stood_outside() -> None:
    """The integral of what is indoors, for ever, is that of what was outdoors: shelter must end when the cloud has."""
    times = np.linspace(0.0, 60_000.0, 600_001)
    assert float(np.trapezoid(indoor_share(times, 1800.0, 900.0), times)) == pytest.approx(900.0, rel=1e-6)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: thermal_probit(-1.0, 20.0), r"heat_flux.*W/m2"),
        (lambda: thermal_probit(5e3, 0.0), r"exposure_time.* s"),
        (lambda: overpressure_probit(math.nan), r"overpressure.*Pa"),
        (lambda: probit_of(1.5), r"probability.*1"),
        (lambda: toxic_probit_by_mass(1e-3, 60.0, -7.4, 0.0, 1.0), "probit_b"),
    ],
)
def test_what_cannot_be_is_refused_by_name(call, named: str) -> None:
    with pytest.raises(OutsideValidityError, match=named):
        call()
