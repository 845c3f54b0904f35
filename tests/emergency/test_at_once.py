"""All at once: the cloud of a release without duration, what it sweeps over and what it conserves."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInputError, FaultsError
from emergency.chain import computed, field_of
from emergency.chain.toxic_levels import parts
from emergency.chemicals import substance
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.curves import Curves
from emergency.models.dispersion.dense_or_passive_puff import puff_choice
from emergency.models.dispersion.dense_puff import DensePuff, dense_puff
from emergency.models.dispersion.gaussian_puff import Puff
from emergency.models.dispersion.integrated_puff import integrated_puff
from emergency.result import Result
from emergency.scenario import scenario
from emergency.validation.trials import trials
from tests.emergency.test_chain import AT, figures
from tests.emergency.test_scenario import with_change

CLASSES = st.sampled_from(list(Stability))
WIND = st.floats(1.0, 15.0)
AMMONIA = "7664-41-7"


def at_once(mass: str = "1 t", *, chemical: str = "7782-50-5", model: str = "auto", **more: Any) -> Result:
    release = {"kind": "instantaneous", "mass": mass} | more
    asked = with_change(release=release, chemical=chemical, model=model)
    return computed(scenario(asked), at=AT, code_version="test")


def said(found: Result) -> str:
    return " ".join(note.zh for note in found.notes)


def test_a_dense_cloud_is_told_from_one_the_air_carries_by_the_standard_and_the_number_is_said() -> None:
    chlorine, ammonia = at_once(), at_once(chemical=AMMONIA)
    assert {zone.model for zone in chlorine.zones} == {"britter-mcquaid-puff"}
    assert {zone.model for zone in ammonia.zones} == {"gaussian-puff"}
    assert "理查德森数" in said(chlorine)
    assert "取影响范围大者" in said(chlorine)  # what the trial showed goes with each dense answer
    assert "明显偏小" in said(at_once(model="dense"))
    assert "包络" in said(chlorine)
    assert "不会贴地下沉" in said(ammonia)


def test_the_choice_is_the_standards_number() -> None:
    found = puff_choice(mass=1000.0, gas_density=3.0, air_density=1.2, wind_speed=3.0)
    assert found.richardson == pytest.approx(9.80616 * (1000 / 3) ** (1 / 3) / 9 * 1.5)
    assert found.dense
    barely = puff_choice(mass=1000.0, gas_density=1.2 * 1.008, air_density=1.2, wind_speed=4.0)
    assert barely.dense == (barely.richardson > 0.04)
    assert "接近界限" in barely.reason.zh


def test_liquid_stored_under_pressure_flashes_and_its_cold_cloud_is_dense_though_the_gas_is_light() -> None:
    found = at_once(chemical=AMMONIA, upstream_temperature="20 °C")
    assert {zone.model for zone in found.zones} == {"britter-mcquaid-puff"}
    assert 0.15 < figures(found)["flash_fraction"] < 0.22  # cp (T - Tb) / L of ammonia: 4.6 * 53 / 1370
    assert figures(found)["mass"] == 1000.0
    assert "未计液滴" in said(found)


def test_against_the_one_trial_of_a_great_short_release_the_answer_is_not_too_little() -> None:
    """Jack Rabbit II 7: nine tonnes of chlorine in 20 s, highest concentrations at four distances."""
    seen = trials()["Jack Rabbit II 7"]
    weather = {
        "wind_speed": seen.wind_speed, "wind_height": seen.wind_height, "wind_from": 0.0,
        "stability": seen.stability.value, "ambient_temperature": seen.ambient_temperature,
        "ambient_pressure": seen.ambient_pressure,
    }  # fmt: skip
    release = {
        "kind": "instantaneous", "mass": seen.mass_rate * seen.duration, "upstream_temperature": seen.stored_temperature
    }  # fmt: skip
    measured = np.array([one.value for one in seen.concentrations])
    away = np.array([one.distance for one in seen.concentrations])

    def over(model: str) -> Any:
        asked = scenario(with_change(release=release, weather=weather, ground={"roughness": 0.005}, model=model))
        return field_of(asked).at(away, 0.0, seen.height) * parts(substance("7782-50-5"), asked.weather) / measured

    assert over("dense").max() < 0.3
    assert (over("auto") > 0.7).all()
    assert over("auto").max() < 7


def test_what_is_drawn_holds_what_either_puff_reaches() -> None:
    both, dense, passive = (at_once("20 kg", model=model) for model in ("auto", "dense", "passive"))
    for drawn, one, other in zip(both.zones, dense.zones, passive.zones, strict=True):
        held = drawn.shape.buffer(1e-4)
        assert held.contains(one.shape)
        assert held.contains(other.shape)
        assert drawn.area < 1.02 * (one.area + other.area)
    field = field_of(scenario(with_change(release={"kind": "instantaneous", "mass": "20 kg"})))
    x, y = np.meshgrid(np.linspace(10.0, 3000.0, 60), np.linspace(-200.0, 200.0, 21))
    moments = np.linspace(0.0, 3000.0, 50)[:, None, None]
    assert (field.at(x, y, time=moments) <= field.at(x, y) * (1 + 1e-9) + 1e-15).all()


@pytest.mark.parametrize("model", ["passive", "dense"])
def test_more_of_it_reaches_no_less_far(model: str) -> None:
    for less, more in zip(at_once("100 kg", model=model).zones, at_once("400 kg", model=model).zones, strict=True):
        assert 0 < less.distance < more.distance
        assert less.area < more.area


def test_what_cannot_be_is_named_by_its_field() -> None:
    with pytest.raises(BadInputError) as refused:
        at_once(model="integral")
    assert refused.value.facts["field"] == "model"
    with pytest.raises(FaultsError, match="upstream_temperature"):
        at_once(upstream_temperature="20 °C", release_temperature="20 °C")


@given(
    mass=st.floats(1.0, 1e5), more=st.floats(1.0, 10.0), wind=WIND, stability=CLASSES,
    model=st.sampled_from(["auto", "passive", "dense"]), stored=st.sampled_from([None, 293.15]),
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_more_of_it_in_any_air_reaches_no_less_far(
    mass: float, more: float, wind: float, stability: Stability, model: str, stored: float | None
) -> None:
    def reached(of: float) -> list[float]:
        release = {"kind": "instantaneous", "mass": of, "upstream_temperature": stored}
        asked = with_change(
            release=release, model=model, weather__wind_speed=wind, weather__stability=stability.value
        )  # fmt: skip
        found = computed(scenario(asked), at=AT, code_version="test")
        assert all(np.isfinite(zone.distance) for zone in found.zones)
        return [zone.distance for zone in found.zones]

    for less, greater in zip(reached(mass), reached(more * mass), strict=True):
        assert greater >= less * 0.999


@given(wind=WIND, stability=CLASSES, mass=st.floats(1.0, 1e5), x=st.floats(50.0, 5000.0))
@settings(max_examples=50, deadline=None)
def test_the_envelope_of_a_passive_puff_is_the_highest_of_all_its_moments(
    wind: float, stability: Stability, mass: float, x: float
) -> None:
    puff = Puff(mass=mass, wind_speed=wind, stability=stability)
    moments = np.linspace(0.4, 1.4, 4001) * x / wind
    aside = 0.5 * float(puff.half_width(x, float(puff.centreline(x)) / 10))
    for y in (0.0, aside):
        passing = puff.at(x, y, moments).max()
        assert float(puff.highest(x, y)) == pytest.approx(float(passing), rel=0.01)
    assert float(puff.centreline(x)) == pytest.approx(float(puff.highest(x, 0.0)), rel=1e-9)


@given(wind=WIND, stability=CLASSES, mass=st.floats(1.0, 1e5), time=st.floats(20.0, 1000.0))
@settings(max_examples=25, deadline=None)
def test_a_passive_puff_keeps_its_mass(wind: float, stability: Stability, mass: float, time: float) -> None:
    puff = Puff(mass=mass, wind_speed=wind, stability=stability)
    middle = wind * time
    peak = float(puff.at(middle, 0.0, time))
    wide = np.linspace(-1.0, 1.0, 41)
    long, broad = middle * wide, 0.9 * middle * wide
    tall = np.linspace(0.0, 4.0 * middle**0.75, 161)
    found = puff.at(middle + long[:, None, None], broad[None, :, None], time, tall[None, None, :])
    assert found.max() <= peak * 1.0001
    whole = np.trapezoid(np.trapezoid(np.trapezoid(found, tall), broad), long)
    if stability in (Stability.A, Stability.B, Stability.C):  # the grid is wide enough and fine enough for these
        assert whole == pytest.approx(mass, rel=0.01)


def dense(mass: float, wind: float) -> DensePuff:
    return dense_puff(
        cloud_volume=mass / 3.0, gas_density=3.0, release_temperature=288.0, ambient_temperature=288.0,
        wind_speed=wind, air_density=1.22,
    )  # fmt: skip


@given(wind=WIND, mass=st.floats(10.0, 1e5), x=st.floats(-50.0, 5000.0), y=st.floats(0.0, 500.0))
@settings(max_examples=100, deadline=None)
def test_a_dense_puff_comes_and_goes_with_its_edge_and_is_thickest_as_it_comes(
    wind: float, mass: float, x: float, y: float
) -> None:
    puff = dense(mass, wind)
    come, gone = (float(one) for one in puff.passage(x, y))
    if not np.isfinite(come):
        assert float(puff.highest(x, y)) == 0.0
        return
    moments = np.linspace(come + 1e-6 * (gone - come) + 1e-9, gone, 200)
    passing = puff.at(x, y, moments)
    assert (passing[:-1] > 0).all()
    assert float(passing.max()) <= float(puff.highest(x, y)) * (1 + 1e-9)
    assert float(passing.max()) == pytest.approx(float(puff.highest(x, y)), rel=0.02)


@given(wind=WIND, mass=st.floats(10.0, 1e5), time=st.floats(0.0, 2000.0))
@settings(max_examples=100, deadline=None)
def test_a_dense_puff_keeps_its_volume_of_gas(wind: float, mass: float, time: float) -> None:
    puff = dense(mass, wind)
    part = float(puff.at(puff.centre(time), 0.0, time))
    held = part * np.pi * float(puff.radius(time)) ** 2 * float(puff.depth(time))
    assert held == pytest.approx(puff.volume, rel=1e-6)


@given(wind=WIND, stability=CLASSES, x=st.floats(200.0, 3000.0))
@settings(max_examples=50, deadline=None)
def test_a_release_that_ends_at_once_is_a_puff(wind: float, stability: Stability, x: float) -> None:
    short = 0.01 * x**0.5 / wind
    puff = Puff(mass=1.0, wind_speed=wind, stability=stability, curves=Curves.SLADE_PUFF)
    ending = integrated_puff(
        downwind=x, crosswind=0.0, height=0.0, time=x / wind + short / 2, mass_rate=1.0 / short, duration=short,
        wind_speed=wind, stability=stability,
    )  # fmt: skip
    assert float(ending) == pytest.approx(float(puff.at(x, 0.0, x / wind)), rel=0.02)
