"""A scenario as a field: what its zones were cut from, conserved, never above its own peak."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gamma

from emergency.chain import field_of, part_of
from emergency.chain.passing import of_plume
from emergency.field import PassingField
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.aloha import aloha_plume
from emergency.models.dispersion.degadis import heavy_plume
from emergency.models.dispersion.dense_plume import dense_plume
from emergency.models.dispersion.palazzi import palazzi
from emergency.models.dispersion.wind import Exponents, exponent
from emergency.scenario import Scenario, scenario
from gis.measure import directions
from tests.emergency.test_scenario import with_change

CLASSES = st.sampled_from(list(Stability))
WIND = st.floats(1.5, 15.0)
DIRECT = {"kind": "direct", "mass_rate": "0.6 kg/s", "duration": "10 min"}
PROPANE: dict[str, Any] = {"chemical": "74-98-6", "weather__relative_humidity": "60 %"}
KINDS: dict[str, dict[str, Any]] = {
    "passive": {"release": DIRECT, "model": "passive"},
    "dense": {"release": DIRECT, "model": "dense"},
    "integral": {"release": DIRECT, "model": "integral"},
    "puff": {"release": {"kind": "instantaneous", "mass": "20 kg"}, "model": "passive"},
    "dense-puff": {"release": {"kind": "instantaneous", "mass": "20 kg"}, "model": "dense"},
    "pool": {"release": {"kind": "pool", "mass": "1 t", "pool_area": 100, "duration": "30 min"}},
    "pool-fire": {"release": {"kind": "pool-fire", "pool_area": 100}, **PROPANE},
    "jet-fire": {
        "release": {
            "kind": "jet-fire", "hole_diameter": "25 mm", "upstream_pressure": "20 bar", "upstream_temperature": "15 °C"
        },
        **PROPANE,
    },
    "fireball": {"release": {"kind": "fireball", "mass": "10 t"}, **PROPANE},
    "tnt": {"release": {"kind": "tnt", "tnt_mass": "1 t"}},
    "flash-fire": {
        "release": {"kind": "flash-fire", "leak": "instantaneous", "mass": "100 kg"}, "model": "passive", **PROPANE
    },
    "vapour-cloud": {
        "release": {
            "kind": "vapour-cloud", "leak": "direct", "mass_rate": "5 kg/s", "duration": "5 min",
            "reactivity": "high", "congestion": "high",
        },
        **PROPANE,
    },
    "vessel-burst": {"release": {"kind": "vessel-burst", "burst_pressure": "30 bar", "vessel_volume": "10 m3"}},
}  # fmt: skip


def asked(kind: str) -> Scenario:
    return scenario(with_change(**KINDS[kind]))


@pytest.mark.parametrize("kind", KINDS)
def test_the_edge_of_a_zone_is_where_the_field_has_its_level(kind: str) -> None:
    wish = asked(kind)
    part = part_of(wish)
    assert part.field is not None
    for zone in part.zones:
        lon, lat = shapely.get_coordinates(zone.shape).T
        metres, degrees = directions(zone.source, lon, lat)
        angle = np.radians(wish.weather.wind_from + 180.0 - degrees)
        corners = metres[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
        level = zone.level.value * (1e-6 if zone.level.unit == "ppm" else 1.0)
        clear = metres > 1.0  # a flame's zone is drawn round its source, upwind too
        assert part.field.at(*(middle + 0.97 * (corners - middle))[clear].T).min() >= level
        assert part.field.at(*(middle + 1.05 * (corners - middle)).T).max() < level


@pytest.mark.parametrize("kind", KINDS)
def test_at_no_time_is_there_more_than_the_highest_and_some_time_it_is_reached(kind: str) -> None:
    field = field_of(asked(kind))
    x, y = np.linspace(20.0, 1500.0, 40)[:, None], 3.0
    highest = field.at(x, y)
    there = field.passage(x, y)
    last = np.where(np.isfinite(there.last), there.last, there.first + 100.0)
    times = there.first + (last - there.first) * np.linspace(0.0, 1.0, 401)
    found = field.at(x, y, time=times)
    assert found.shape == (40, 401)
    assert np.isfinite(found).all()
    assert (found <= highest * (1 + 1e-9)).all()
    if kind != "pool":  # its rate changes: zones are of its greatest mean, which no step of it need reach
        assert found.max(axis=1, keepdims=True) == pytest.approx(highest, rel=1e-3)
    assert (field.at(x, y, time=there.first - 1e-3) <= 1e-3 * highest).all()
    assert (field.at(x, y, time=last + 1e-3)[np.isfinite(there.last)] <= 1e-3 * highest.max()).all()


@pytest.mark.parametrize(("kind", "unit"), [("passive", "1"), ("dense", "1"), ("jet-fire", "W/m2"), ("tnt", "Pa")])
def test_a_field_says_what_its_values_are_of(kind: str, unit: str) -> None:
    field = field_of(asked(kind))
    assert field.measure.unit == unit
    assert field.timing.zh
    assert field.measure.text.zh


def test_the_same_scenario_has_the_same_field() -> None:
    x, y = np.meshgrid(np.linspace(-50, 3000, 80), np.linspace(-200, 200, 41))
    assert np.array_equal(field_of(asked("integral")).at(x, y), field_of(asked("integral")).at(x, y))


def passing(stability: Stability, wind: float, duration: float) -> PassingField:
    plume = aloha_plume(mass_rate=1.0, duration=duration, wind_speed=wind, stability=stability, roughness=0.03)
    return of_plume(plume, 1.0)


@given(CLASSES, WIND, st.floats(60.0, 3600.0), st.floats(100.0, 5000.0), st.floats(0.0, 2.0))
@settings(max_examples=50)
def test_a_passive_field_is_palazzis_at_every_time(
    stability: Stability, wind: float, duration: float, x: float, when: float
) -> None:
    field = passing(stability, wind, duration)
    time = when * (x / field.wind_speed + duration)
    published = palazzi(
        downwind=x, crosswind=10.0, height=1.0, time=time, mass_rate=1.0, duration=duration,
        wind_speed=field.wind_speed, stability=stability,
    )  # fmt: skip
    assert float(field.at(x, 10.0, 1.0, time)) == pytest.approx(float(published), rel=1e-6, abs=1e-15)


@given(CLASSES, WIND, st.floats(10.0, 3600.0), st.floats(50.0, 5000.0))
@settings(max_examples=50)
def test_what_passes_in_time_is_what_the_steady_plume_would_have_been_for_as_long(
    stability: Stability, wind: float, duration: float, x: float
) -> None:
    field = passing(stability, wind, duration)
    there = field.passage(x, 0.0)
    times = np.linspace(max(float(there.first), 0.0), 1.5 * float(there.last), 20_001)
    dose = np.trapezoid(field.at(x, 0.0, time=times), times)
    assert dose == pytest.approx(float(field.steady(x, 0.0, 0.0)) * duration, rel=0.01)


@given(CLASSES, WIND, st.floats(100.0, 3000.0))
@settings(max_examples=50)
def test_a_long_release_is_a_plume_and_a_short_one_a_puff_as_wide_as_its_spread_along_the_wind(
    stability: Stability, wind: float, x: float
) -> None:
    long, short = passing(stability, wind, 1e6), passing(stability, wind, 1e-3)
    assert float(long.at(x, 0.0)) == pytest.approx(float(long.steady(x, 0.0, 0.0)), rel=1e-6)
    mass, spread = short.wind_speed * 1e-3, float(np.asarray(short.length(x)))
    puff = float(short.steady(x, 0.0, 0.0)) * mass / (np.sqrt(2 * np.pi) * spread)
    assert float(short.at(x, 0.0)) == pytest.approx(puff, rel=1e-4)


@given(CLASSES, WIND, st.floats(0.1, 50.0), st.floats(200.0, 5000.0))
@settings(max_examples=30, deadline=None)
def test_an_integrated_dense_plume_carries_through_each_plane_what_is_released(
    stability: Stability, wind: float, rate: float, x: float
) -> None:
    plume = heavy_plume(
        mass_rate=rate, molar_mass=0.0709, release_temperature=239.0, ambient_temperature=285.0, wind_speed=wind,
        stability=stability, roughness=0.03,
    )  # fmt: skip
    power = 1 + exponent(Exponents.HAVENS_SPICER, stability)
    tall = float(np.interp(x, plume.distance, plume.height)) * power / gamma(1 / power)
    core, tail = (float(one) for one in plume.core(x))
    y, z = np.linspace(0.0, core + 5 * tail, 601)[:, None], tall * np.linspace(0.0, 1.0, 601) ** 2 * 8
    winds = wind * (z / 10.0) ** (power - 1)
    flux = 2 * np.trapezoid(np.trapezoid(plume.at(x, y, z) * winds, z), y[:, 0])
    whole = 101_325.0 * 0.0709 / (8.314462618 * 285.0)
    assert flux * whole == pytest.approx(rate, rel=0.01)


@given(WIND, st.floats(0.05, 50.0), st.floats(1.0, 5000.0))
def test_a_dense_plume_of_the_workbook_carries_through_each_plane_what_is_released(
    wind: float, rate: float, x: float
) -> None:
    plume = dense_plume(
        mass_rate=rate, gas_density=3.0, release_temperature=285.0, ambient_temperature=285.0, wind_speed=wind,
        air_density=1.22,
    )  # fmt: skip
    wide, deep = float(plume.edge(x)), float(plume.depth(x))
    within = float(plume.at(x, 0.999 * wide, 0.999 * deep))
    assert float(plume.at(x, 1.001 * wide)) == 0.0 == float(plume.at(x, 0.0, 1.001 * deep))
    assert 2 * wide * deep * within * wind == pytest.approx(rate / 3.0, rel=0.01)


def test_a_dense_cloud_has_a_time_it_travels_that_says_how_it_was_come_by() -> None:
    dense, integral = field_of(asked("dense")), field_of(asked("integral"))
    assert "不给出到达时间" in dense.timing.zh
    by_layer, by_wind = (float(one.passage(1000.0, 0.0).arrival) for one in (integral, dense))
    assert by_layer > by_wind == pytest.approx(1000.0 / 3.2)


def test_a_blast_arrives_with_the_wave_and_a_fireball_ends() -> None:
    blast, ball = field_of(asked("tnt")), field_of(asked("fireball"))
    assert 0.1 < float(blast.passage(100.0, 0.0).arrival) < 100.0 / 340.0
    end = float(ball.passage(100.0, 0.0).departure)
    assert end == pytest.approx(0.852 * 10_000**0.26)
    assert float(ball.at(100.0, 0.0, time=end + 1.0)) == 0.0 < float(ball.at(100.0, 0.0, time=end - 1.0))
