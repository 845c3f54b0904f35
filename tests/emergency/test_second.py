"""The second answer: which model replaces the first for which release, what moved, and what is said where none can."""

import sys
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from core.errors import BadInputError
from emergency.chain import answered, computed, field_of, second_of
from emergency.chain import shallow as chain_slab
from emergency.result import Result
from emergency.scenario import Choice, Scenario, scenario

AT = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
needs_slabx = pytest.mark.usefixtures("slabx")

LEAK = {
    "kind": "liquid-hole", "hole_diameter": "25 mm", "upstream_pressure": "1 MPa", "upstream_temperature": "20 °C",
    "mass": "40 t", "duration": "30 min",
}  # fmt: skip
BOILING = {
    "kind": "pool", "mass": "20 t", "pool_area": "700 m2", "duration": "10 min", "release_temperature": "112 K"
}  # fmt: skip
FLAMMABLE = [{"name": "爆炸下限", "value": 50_000, "unit": "ppm"}]


def asked(release: dict[str, Any], chemical: str = "7782-50-5", **more: Any) -> Scenario:
    weather = {"wind_speed": "3 m/s", "wind_from": "45 deg", "stability": "D", "ambient_temperature": "20 °C"}
    return scenario(
        {
            "title": "试", "place": {"lon": 121.0, "lat": 33.0}, "chemical": chemical, "release": release,
            "weather": weather,
        }
        | more
    )  # fmt: skip


def models(found: Result) -> set[str]:
    return {zone.model for zone in found.zones}


def last(one: Scenario) -> Result:
    return answered(one, at=AT, code_version="test")


@needs_slabx
@pytest.mark.parametrize("chemical", ["7782-50-5", "7664-41-7"])
def test_a_liquefied_gas_with_its_droplets_is_computed_again_by_slab(chemical: str) -> None:
    one = asked(LEAK, chemical)
    found = last(one)
    assert models(found) == {"slab"}
    assert any("液滴" in note.zh and "SLAB" in note.zh for note in found.notes)
    assert any("Desert Tortoise 4" in note.zh for note in found.notes)
    first = computed(one, at=AT, code_version="test")
    for before, after in zip(first.zones, found.zones, strict=True):
        assert any(f"{before.distance:,.0f} m" in n.zh and f"{after.distance:,.0f} m" in n.zh for n in found.notes)


@needs_slabx
def test_a_boiling_pool_is_computed_again_by_slab_and_one_that_does_not_boil_by_the_other() -> None:
    assert models(last(asked(BOILING, "74-82-8", levels=FLAMMABLE))) == {"slab"}
    quiet = {"kind": "pool", "mass": "1396 kg", "pool_area": "306 m2", "duration": "1 h"}
    found = last(asked(quiet, "71-43-2"))
    assert models(found) == {"dense-plume-degadis"}
    assert any("沸点" in note.zh for note in found.notes)


def test_a_release_of_under_a_minute_keeps_its_first_answer_and_says_why() -> None:
    one = asked({"kind": "direct", "mass_rate": "400 kg/s", "duration": "20 s"})
    assert second_of(one, computed(one, at=AT, code_version="test")) is None
    found = last(one)
    assert models(found) == {"britter-mcquaid-plume"}
    assert any("Jack Rabbit II 7" in note.zh for note in found.notes)


def test_without_the_library_the_other_integral_model_answers_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [one for one in sys.modules if one.partition(".")[0] == "slabx"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "slabx", None)
    chain_slab.forget()
    found = last(asked(LEAK))
    assert models(found) == {"dense-plume-degadis"}
    assert any("slabx" in note.zh and "安装" in note.zh for note in found.notes)
    light = last(asked(LEAK, "7664-41-7"))
    assert models(light) == {"aloha-passive"}
    assert any("slabx" in note.zh for note in light.notes)
    with pytest.raises(BadInputError, match="slabx"):
        computed(asked(LEAK, model="slab"), at=AT, code_version="test")


@needs_slabx
def test_the_model_may_be_asked_for_by_name_and_its_field_is_the_one_the_zones_were_cut_from() -> None:
    one = asked({"kind": "direct", "mass_rate": "5 kg/s", "duration": "10 min"}, model="slab")
    assert one.model is Choice.SLAB
    found = computed(one, at=AT, code_version="test")
    assert models(found) == {"slab"}
    field = field_of(one)
    worst = found.zones[0]
    assert float(field.at(worst.distance, 0.0)) == pytest.approx(worst.level.value * 1e-6, rel=0.02)
    come = field.passage(np.array([100.0, 1000.0]), 0.0)
    assert come.arrival[0] < come.arrival[1]
    assert (come.departure - come.arrival >= 600.0).all()
    assert float(field.at(1000.0, 0.0, time=come.arrival[1] / 2)) == 0.0
    assert float(field.at(1000.0, 0.0, time=come.arrival[1] + 60.0)) > 0.0
    with pytest.raises(BadInputError, match="瞬时"):
        computed(asked({"kind": "instantaneous", "mass": "1 t"}, model="slab"), at=AT, code_version="test")


@needs_slabx
def test_one_answer_runs_slab_once(monkeypatch: pytest.MonkeyPatch) -> None:
    chain_slab.forget()
    one = asked(LEAK)
    found = last(one)
    field_of(scenario(found.receipt.given))
    assert chain_slab.runs() == 1


@needs_slabx
def test_a_cloud_that_slab_lifts_off_the_ground_is_drawn_by_its_highest_concentration_and_says_so() -> None:
    boiling = {
        "kind": "pool",
        "mass": "2 t",
        "pool_area": "50 m2",
        "duration": "10 min",
        "release_temperature": "20.4 K",
    }
    lifted = computed(asked(boiling, "1333-74-0", levels=FLAMMABLE, model="slab"), at=AT, code_version="test")
    assert any("离地" in note.zh for note in lifted.notes)
    assert lifted.zones[0].distance > 50.0
    grounded = computed(asked(BOILING, "74-82-8", levels=FLAMMABLE, model="slab"), at=AT, code_version="test")
    assert not any("离地" in note.zh for note in grounded.notes)
