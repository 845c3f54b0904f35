"""Vessels that empty in time, the rate of them that spreads, and the pools of what does not flash."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInputError, FaultsError
from emergency.chain import computed, part_of
from emergency.chain.course import CourseField
from emergency.chain.source import Source
from emergency.chemicals import substance
from emergency.models.sources.gas_hole import gas_hole
from emergency.models.sources.release import Regime, Release, marched
from emergency.result import Curve, Result
from emergency.scenario import scenario
from tests.emergency.test_chain import AT, figures
from tests.emergency.test_scenario import with_change

BENZENE, AMMONIA, CHLORINE = "71-43-2", "7664-41-7", "7782-50-5"
LIQUID = {
    "kind": "liquid-hole", "hole_diameter": "50 mm", "upstream_temperature": "20 °C", "duration": "30 min"
}  # fmt: skip
TANK = {
    "vessel_shape": "horizontal cylinder", "vessel_diameter": "2.5 m", "vessel_length": "8 m", "fill_fraction": "80 %"
}  # fmt: skip
GAS = {
    "kind": "gas-hole", "hole_diameter": "20 mm", "upstream_pressure": "5 bar", "upstream_temperature": "20 °C",
    "duration": "30 min",
}  # fmt: skip


def result(release: dict[str, Any], chemical: str) -> Result:
    return computed(scenario(with_change(release=release, chemical=chemical)), at=AT, code_version="test")


def rates(found: Result) -> Curve:
    (curve,) = [one for one in found.curves if one.name == "mass_rate"]
    return curve


def said(found: Result) -> str:
    return " ".join(note.zh for note in found.notes)


@pytest.mark.parametrize(
    ("release", "chemical"),
    [(LIQUID | TANK, CHLORINE), (LIQUID | TANK, BENZENE), (GAS | {"vessel_volume": "10 m3"}, AMMONIA)],
)
def test_what_leaves_is_what_the_curve_sums_to_and_what_spreads_is_as_much(
    release: dict[str, Any], chemical: str
) -> None:
    found = result(release, chemical)
    curve, told = rates(found), figures(found)
    assert np.trapezoid(curve.y, curve.x) == pytest.approx(told["mass"], rel=0.01)
    assert told["mass_rate"] <= max(curve.y) * (1 + 1e-9)
    assert "总量不变" in said(found)
    assert all(one.distance > 0 for one in found.zones)


def test_a_vessel_of_gas_blows_down_to_the_pressure_of_the_air_from_the_rate_of_its_hole() -> None:
    found = result(GAS | {"vessel_volume": "10 m3"}, AMMONIA)
    gas = substance(AMMONIA)
    first = gas_hole(
        hole_diameter=0.02, upstream_pressure=5e5, upstream_temperature=293.15,
        gas_density=float(gas.gas_density(293.15, 5e5)), heat_capacity_ratio=float(gas.heat_capacity_ratio(293.15)),
    )  # fmt: skip
    assert max(rates(found).y) == pytest.approx(float(np.asarray(first.mass_rate)), rel=1e-3)
    held = float(gas.gas_density(293.15, 5e5)) * 10
    assert figures(found)["mass"] + figures(found)["left"] == pytest.approx(held, rel=1e-3)
    kept = result(GAS | {"mass": f"{held} kg"}, AMMONIA)
    assert all(less.distance <= more.distance for less, more in zip(found.zones, kept.zones, strict=True))
    assert "偏安全" in said(kept)


def test_a_wider_hole_leaks_no_less_and_reaches_no_less_far() -> None:
    small, great = (result(LIQUID | TANK | {"hole_diameter": wide}, CHLORINE) for wide in ("10 mm", "20 mm"))
    assert figures(small)["mass_rate"] < figures(great)["mass_rate"]
    assert all(less.distance < more.distance for less, more in zip(small.zones, great.zones, strict=True)
               if less.cut == "none")  # fmt: skip


def test_above_the_level_vapour_leaves_and_far_less_of_it() -> None:
    below, above = (result(LIQUID | TANK | {"hole_height": high}, CHLORINE) for high in ("0 m", "2.4 m"))
    assert figures(above)["mass_rate"] < 0.2 * figures(below)["mass_rate"]


def test_liquid_that_does_not_flash_runs_into_a_pool_whose_vapour_spreads() -> None:
    found = result(LIQUID | TANK, BENZENE)
    told = figures(found)
    assert "不闪蒸" in said(found)
    assert {one.id for one in found.receipt.models} >= {"spilling-pool", "tank-liquid-draining"}
    assert 0 < told["mass"] <= told["spilt_mass"]
    assert told["pool_area"] <= told["spilt_mass"] / float(substance(BENZENE).liquid_density(293.15)) / 0.005 * 1.01
    bunded = result(LIQUID | TANK | {"pool_area": "100 m2"}, BENZENE)
    assert figures(bunded)["pool_area"] <= 100.0 * (1 + 1e-9)
    assert all(less.distance <= more.distance for less, more in zip(bunded.zones, found.zones, strict=True))


def test_a_tank_drains_as_torricelli_says_before_it_makes_a_pool() -> None:
    standing = {
        "vessel_shape": "vertical cylinder", "vessel_diameter": "4 m", "vessel_length": "6 m", "fill_fraction": "50 %",
        "duration": "100 min",
    }  # fmt: skip
    found = result(LIQUID | standing, BENZENE)
    shares = math.pi * 2**2 / (0.61 * math.pi / 4 * 0.05**2)
    emptied = shares * math.sqrt(2 * 3.0 / 9.80665)
    assert emptied > 6000  # it is still draining when the time is over: the level fell as 1 - t / T squared
    left = (1 - 6000 / emptied) ** 2
    liquid = float(substance(BENZENE).liquid_density(293.15)) * math.pi * 2**2 * 3.0
    assert figures(found)["spilt_mass"] == pytest.approx(liquid * (1 - left), rel=0.01)


def test_a_spill_at_once_spreads_evaporates_and_keeps_within_its_bund() -> None:
    spill = {
        "kind": "instantaneous", "mass": "20 t", "upstream_temperature": "-34 °C", "pool_area": "300 m2"
    }  # fmt: skip
    found = result(spill, AMMONIA)
    assert figures(found)["pool_area"] <= 300.0 * (1 + 1e-9)
    assert figures(found)["mass"] <= 20_000.0
    assert found.zones[0].distance > 0


@pytest.mark.parametrize(
    ("release", "chemical", "field"),
    [
        (LIQUID | {"vessel_diameter": "2 m"}, CHLORINE, "vessel_length"),
        (LIQUID | {"mass": "1 t"}, CHLORINE, "upstream_pressure"),
        (LIQUID | TANK | {"mass": "1 t"}, CHLORINE, "mass"),
        (LIQUID | TANK | {"upstream_pressure": "0.9 MPa"}, CHLORINE, "upstream_pressure"),
        (LIQUID | TANK | {"hole_height": "2.3 m"}, BENZENE, "fill_fraction"),
        (GAS, AMMONIA, "vessel_volume"),
        (GAS | {"mass": "1 t", "vessel_volume": "1 m3"}, AMMONIA, "vessel_volume"),
        (GAS | {"vessel_volume": "1 m3", "upstream_pressure": "2 MPa"}, AMMONIA, "upstream_pressure"),
        (GAS | {"vessel_volume": "1 m3", "upstream_pressure": "0.1 MPa"}, AMMONIA, "upstream_pressure"),
    ],
)
def test_what_is_missing_or_cannot_be_is_named(release: dict[str, Any], chemical: str, field: str) -> None:
    with pytest.raises((BadInputError, FaultsError)) as refused:
        result(release, chemical)
    told = str(refused.value) + str(refused.value.facts) + str(getattr(refused.value, "faults", ""))
    assert field in told


@given(
    rates=st.lists(st.floats(0.01, 100.0), min_size=2, max_size=20),
    mass=st.floats(0.1, 1e5), window=st.floats(1.0, 600.0),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_the_rate_that_spreads_keeps_the_mass_and_is_never_above_the_greatest(
    rates: list[float], mass: float, window: float
) -> None:
    masses = np.linspace(0.0, mass, len(rates))
    times, out = marched(masses, np.array(rates))
    course = Release(time=times, rate=np.array(rates), released=out, left=0.0, regime=Regime.GAS)
    wide = Source(course=course, models=(gas_hole.card,)).spreading(window)
    narrow = Source(course=course, models=(gas_hole.card,)).spreading(window / 2)
    assert wide.mass_rate <= max(rates) * (1 + 1e-6)
    if course.duration >= window:  # a shorter one is averaged over itself
        assert wide.mass_rate <= narrow.mass_rate * (1 + 1e-6)
    if wide.duration > 1.0:
        assert wide.mass_rate * wide.duration == pytest.approx(mass, rel=1e-6)


@pytest.mark.parametrize(
    ("release", "chemical"),
    [
        (LIQUID | TANK, BENZENE),
        (GAS | {"vessel_volume": "10 m3"}, AMMONIA),
        ({"kind": "pool", "mass": "1 t", "pool_area": "100 m2", "duration": "1 h"}, CHLORINE),
    ],
)
def test_a_place_has_the_cloud_as_long_as_anything_is_released_and_never_more_than_its_zone(
    release: dict[str, Any], chemical: str
) -> None:
    part = part_of(scenario(with_change(release=release, chemical=chemical)))
    assert isinstance(part.field, CourseField)
    lasts = next(one.value for one in part.figures if one.name == "duration")
    x = np.geomspace(30.0, 3000.0, 12)[:, None]
    there = part.field.passage(x, 0.0)
    assert (there.departure - there.arrival) == pytest.approx(lasts, rel=0.02)
    moments = np.linspace(0.0, 1.0, 300) * there.last
    found = part.field.at(x, 0.0, time=moments)
    assert (found <= part.field.at(x, 0.0) * (1 + 1e-6)).all()
    assert (part.field.at(x, 0.0, time=(there.arrival + there.departure) / 2) > 0.0).all()
    dose = np.trapezoid(found, moments, axis=1)
    steady = part.field.base.at(x, 0.0, time=moments)
    whole = np.trapezoid(steady, moments, axis=1)
    assert dose == pytest.approx(whole, rel=0.1)  # the same mass passes, later and thinner
