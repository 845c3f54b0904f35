"""Value against time at a place: comes, goes, is thinner indoors, and counts the dose of all that passes."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInputError
from emergency.chain import computed, field_of
from emergency.chain.history import History, history
from emergency.result import Curve
from emergency.scenario import scenario
from gis.placing import along_and_left
from gis.shapes import LonLat
from tests.emergency.test_chain import AT
from tests.emergency.test_field import KINDS, asked
from tests.emergency.test_scenario import with_change

DOWNWIND = LonLat(121.612, 33.2035)  # a kilometre south-west of the source, the wind from the north-east
UPWIND = LonLat(121.63, 33.22)


def at(kind: str, place: LonLat = DOWNWIND, air_changes: float | None = None) -> History:
    return history(asked(kind), place, air_changes=air_changes)


@pytest.mark.parametrize("kind", KINDS)
def test_the_course_of_a_place_is_the_fields_there(kind: str) -> None:
    wish, found = asked(kind), at(kind)
    x, y = along_and_left(wish.place.point, 225.0, [DOWNWIND.lon], [DOWNWIND.lat])
    scale = 1e6 if found.outdoors.y_unit == "ppm" else 1.0
    times = np.array(found.outdoors.x)
    expected = scale * field_of(wish).at(float(x[0]), float(y[0]), time=times)
    assert np.array(found.outdoors.y) == pytest.approx(expected)
    assert found.distance == pytest.approx(np.hypot(x[0], y[0]))
    assert found.figures[0].value * scale == pytest.approx(max(found.outdoors.y))
    assert found.fingerprint == computed(wish, at=AT, code_version="test").receipt.fingerprint
    assert found.models[0].id == found.outdoors.model
    assert json.loads(found.to_json())["outdoors"]["y_unit"] == found.outdoors.y_unit


def test_a_cloud_comes_stays_as_long_as_the_release_and_goes() -> None:
    found = at("passive")
    assert found.arrival is not None
    assert found.departure == pytest.approx(found.arrival + 600.0)
    begin, end = next(one.outdoors for one in found.above if one.outdoors is not None)
    assert 0 < begin < end
    assert [one.outdoors is not None for one in found.above] == sorted(one.outdoors is not None for one in found.above)


def test_upwind_nothing_comes() -> None:
    found = at("passive", UPWIND)
    assert not found.reached
    assert found.arrival is None is found.departure
    assert all(one.outdoors is None for one in found.above)
    assert all(one.outdoors == 0.0 and one.death_outdoors == 0.0 for one in found.doses)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.05, 30.0))
def test_a_house_smooths_the_cloud_and_takes_in_as_much_of_it_in_the_end(air_changes: float) -> None:
    found = at("passive", air_changes=air_changes)
    assert found.indoors is not None
    out, inside = (np.array(one.y) for one in (found.outdoors, found.indoors))
    assert inside.max() <= out.max()
    times = np.array(found.outdoors.x)
    assert np.trapezoid(inside, times) == pytest.approx(np.trapezoid(out, times), rel=0.02)
    assert [one.value for one in found.figures if one.name == "air_changes"] == [pytest.approx(air_changes)]


def test_air_changes_by_default_are_the_weathers_and_say_so() -> None:
    found = at("passive")
    (rate,) = (one for one in found.figures if one.name == "air_changes")
    assert rate.model == "building-infiltration"
    assert 0.1 < rate.value < 3.0
    assert any("ALOHA" in note.en for note in found.notes)
    assert "building-infiltration" in [one.id for one in found.models]


@pytest.mark.parametrize("wrong", [0.0, -1.0, 61.0, float("nan")])
def test_air_changes_that_cannot_be_are_named(wrong: float) -> None:
    with pytest.raises(BadInputError, match="air changes"):
        at("passive", air_changes=wrong)


def test_the_dose_of_a_steady_stay_is_the_concentration_to_the_n_times_the_minutes() -> None:
    found = at("dense")
    ppm = max(found.outdoors.y)
    (lees,) = (one for one in found.doses if one.set == "lees-2005")
    assert lees.n == 2.0
    assert lees.outdoors == pytest.approx(ppm**2 * 10.0, rel=1e-3)
    assert lees.indoors < lees.outdoors
    assert not lees.verified


def test_sulfur_dioxide_has_its_share_of_the_slot_and_a_substance_without_exponent_says_so() -> None:
    found = history(scenario(with_change(chemical="7446-09-5", release=KINDS["passive"]["release"])), DOWNWIND)
    (slot,) = (one for one in found.doses if one.set == "hse SLOT")
    assert slot.of_limit_outdoors == pytest.approx(slot.outdoors / 4.6e6)
    own = [{"name": "爆炸下限", "value": 44_000, "unit": "ppm"}]
    none = history(scenario(with_change(chemical="74-82-8", levels=own)), DOWNWIND)
    assert none.doses == ()
    assert any("毒性负荷指数" in note.zh for note in none.notes)


def test_a_place_beyond_the_models_distance_is_said_to_be() -> None:
    far = at("passive", LonLat(121.52, 33.12))
    assert not next(one for one in far.checks if one.parameter == "downwind").holds


def test_a_fire_is_shown_as_steady_and_a_blast_when_it_arrives() -> None:
    near = LonLat(121.6195, 33.2097)
    fire, blast = at("pool-fire", near), at("tnt", near)
    assert fire.departure is None
    assert fire.outdoors.y_unit == "W/m2"
    assert _steady(fire.outdoors)
    assert blast.arrival is not None
    assert 0 < blast.arrival < 1.0
    assert blast.indoors is None


def _steady(curve: Curve) -> bool:
    return min(curve.y) == pytest.approx(max(curve.y)) and max(curve.y) > 0
