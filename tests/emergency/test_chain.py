"""The chain from a scenario to zones on the ground."""

import math
from datetime import UTC, datetime
from typing import Any, get_args

import numpy as np
import pytest
import shapely

from core.errors import BadInputError, OneMapError
from emergency.chain import CHAINS, computed, moved, second_of
from emergency.chain.wind import reference_wind
from emergency.result import Result, result_of
from emergency.scenario import Release, scenario
from emergency.wind_band import Turning
from gis.measure import distances
from tests.emergency.test_scenario import with_change

AT = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)


def result(release: dict[str, Any], **changed: Any) -> Result:
    return computed(scenario(with_change(release=release, **changed)), at=AT, code_version="test")


def test_a_charge_has_nested_circles_at_the_distances_of_the_published_curve() -> None:
    found = result({"kind": "tnt", "tnt_mass": "1 t"})
    near, middle, far = found.zones
    assert [zone.level.severity for zone in found.zones] == [1, 2, 3]
    assert 0 < near.distance < middle.distance < far.distance
    assert far.distance == pytest.approx(17 * 10, rel=0.15)  # 1 psi at 17 W^(1/3) by EPA's rule
    corner = far.shape.exterior.coords[10]
    assert distances(found.source, [corner[0]], [corner[1]])[0] == pytest.approx(far.distance, rel=1e-3)
    assert found.receipt.whole
    assert not found.verified  # the levels are nobody's verified data
    assert result_of(found.to_json()) == found


def test_a_mass_eight_times_as_great_reaches_twice_as_far() -> None:
    one, eight = result({"kind": "tnt", "tnt_mass": 100}), result({"kind": "tnt", "tnt_mass": 800})
    for small, great in zip(one.zones, eight.zones, strict=True):
        assert great.distance == pytest.approx(2 * small.distance, rel=1e-6)


def test_levels_of_ones_own_are_in_the_units_of_the_effect() -> None:
    own = [{"name": "门窗", "value": 2000, "unit": "Pa"}]
    (zone,) = result({"kind": "tnt", "tnt_mass": 100}, levels=own).zones
    assert zone.level.name.zh == "门窗"
    with pytest.raises(BadInputError, match="Pa"):
        result({"kind": "tnt", "tnt_mass": 100}, levels=[{"name": "x", "value": 1, "unit": "ppm"}])


def direct(**more: Any) -> dict[str, Any]:
    return {"kind": "direct", "mass_rate": "0.6 kg/s", "duration": "30 min"} | more


def test_chlorine_has_three_nested_zones_downwind_and_says_what_is_unverified() -> None:
    found = result(direct())
    worst, middle, mildest = found.zones
    assert [zone.level.value for zone in found.zones] == [20.0, 2.0, 0.5]
    assert 0 < worst.distance < middle.distance < mildest.distance
    for zone in found.zones:
        centre = zone.shape.centroid
        assert centre.x < found.source.lon  # the wind is from the north-east
        assert centre.y < found.source.lat
    assert not found.verified
    assert any("重气" in note.zh for note in found.notes)


def test_the_model_may_be_chosen_and_then_says_that_it_was() -> None:
    passive = result(direct(), model="passive")
    assert any("使用者指定" in note.zh for note in passive.notes)
    assert passive.zones[0].model == "aloha-passive"
    assert passive.zones[0].distance == pytest.approx(602, rel=0.01)
    dense = result(direct(), model="dense")
    assert dense.zones[0].model == "britter-mcquaid-plume"
    light = result(direct(), chemical="7664-41-7")
    assert light.zones[0].model == "aloha-passive"
    assert any("不会贴地下沉" in note.zh for note in light.notes)


def test_twice_as_much_reaches_farther_and_the_wind_turns_the_zone() -> None:
    less, more = result(direct()), result(direct(mass_rate="1.2 kg/s"))
    assert all(a.distance < b.distance for a, b in zip(less.zones, more.zones, strict=True))
    turned = result(direct(), weather__wind_from="225 deg").zones[0]
    assert turned.shape.centroid.x > less.source.lon
    assert turned.distance == pytest.approx(less.zones[0].distance, rel=1e-3)


def test_the_curve_meets_each_level_at_its_distance() -> None:
    found = result(direct())
    (curve,) = [one for one in found.curves if one.name == "concentration"]
    for zone in found.zones:
        there = np.interp(zone.distance, curve.x, curve.y)
        assert there == pytest.approx(zone.level.value, rel=0.05)


def test_beyond_the_range_of_the_model_a_zone_is_cut_and_says_so() -> None:
    found = result(direct(mass_rate="500 kg/s", duration="1 h"))
    assert found.zones[-1].cut == "model-range"
    there = shapely.get_coordinates(found.zones[-1].shape)
    along = distances(found.source, there[:, 0], there[:, 1]).max()
    assert 10_000 <= along < 12_000  # the corners of the cut edge are a little farther than the axis


def test_weak_wind_is_said_to_be_outside_what_the_method_is_for() -> None:
    found = result(direct(), weather__wind_speed="0.5 m/s")
    assert [one.parameter for one in found.outside] == ["wind_speed"]


def test_a_substance_without_limits_asks_for_ones_own() -> None:
    with pytest.raises(BadInputError, match="levels"):
        result(direct(), chemical="74-82-8", levels="erpg")
    own = [{"name": "爆炸下限", "value": 44_000, "unit": "ppm"}]
    assert len(result(direct(), chemical="74-82-8", levels=own).zones) == 1


def test_a_fireball_of_propane_reaches_as_far_as_the_tool_officers_know_says() -> None:
    found = result({"kind": "fireball", "mass": "16037 kg"}, chemical="74-98-6", weather__relative_humidity="60 %",
                   weather__ambient_temperature="15 °C")  # fmt: skip
    for zone, expected in zip(found.zones, (338, 478, 745), strict=True):  # ALOHA 5.4.7: golden aloha-F3
        assert zone.distance == pytest.approx(expected, rel=0.05)


def test_heat_of_a_burning_pool_reaches_farthest_downwind() -> None:
    found = result({"kind": "pool-fire", "pool_area": "20 m2"}, chemical="108-88-3", weather__wind_speed="5 m/s")
    worst, middle, mildest = found.zones
    assert 0 < worst.distance < middle.distance < mildest.distance
    assert mildest.shape.centroid.x < found.source.lon
    still = result({"kind": "pool-fire", "pool_area": "20 m2"}, chemical="108-88-3", weather__wind_speed="0.1 m/s")
    assert still.zones[2].shape.centroid.x == pytest.approx(found.source.lon, abs=2e-5)
    assert any("烟尘" in note.zh for note in found.notes)


def test_what_does_not_burn_makes_no_fire() -> None:
    with pytest.raises(OneMapError, match="氯"):
        result({"kind": "fireball", "mass": "1 t"})


LIQUID = {
    "kind": "liquid-hole", "hole_diameter": "12 mm", "upstream_pressure": "0.7 MPa", "upstream_temperature": "20 °C",
    "mass": "41.2 t", "duration": "30 min",
}  # fmt: skip


def figures(found: Result) -> dict[str, float]:
    return {one.name: one.value for one in found.figures}


def test_liquid_chlorine_through_a_hole_leaks_as_bernoulli_says_and_all_of_it_is_airborne() -> None:
    found = result(LIQUID)
    area, drive, density = math.pi / 4 * 0.012**2, 0.7e6 - 101_325, 1411.0  # chlorine at 20 °C, kg/m3
    assert figures(found)["mass_rate"] == pytest.approx(0.61 * area * math.sqrt(2 * density * drive), rel=0.01)
    assert figures(found)["duration"] == 1800.0
    assert any("未计液滴" in note.zh for note in found.notes)
    assert {one.id for one in found.receipt.models} >= {"flashing-hole", "dense-or-passive"}


def test_a_vessel_that_is_nearly_empty_leaks_no_longer_than_it_holds() -> None:
    short = result(LIQUID | {"mass": "100 kg"})
    assert figures(short)["duration"] * figures(short)["mass_rate"] == pytest.approx(100.0)


def test_gas_through_a_hole_leaks_as_much_more_as_its_pressure_is_higher() -> None:
    gas = {
        "kind": "gas-hole", "hole_diameter": "20 mm", "upstream_pressure": "0.5 MPa", "upstream_temperature": "20 °C",
        "mass": "5 t", "duration": "30 min",
    }  # fmt: skip
    one, two = result(gas, chemical="7664-41-7"), result(gas | {"upstream_pressure": "1 MPa"}, chemical="7664-41-7")
    assert figures(two)["mass_rate"] == pytest.approx(2 * figures(one)["mass_rate"], rel=1e-6)
    with pytest.raises(BadInputError, match="没有泄漏"):
        result(gas | {"upstream_pressure": "0.1 MPa"}, chemical="7664-41-7")


def test_a_pool_evaporates_no_more_than_was_spilt() -> None:
    pool = {"kind": "pool", "mass": "1396 kg", "pool_area": "306 m2", "duration": "1 h"}
    found = result(pool, chemical="71-43-2", weather__ambient_temperature="26.7 °C")
    assert 0 < figures(found)["mass"] <= 1396.0
    (curve,) = [one for one in found.curves if one.name == "mass_rate"]
    assert np.trapezoid(curve.y, curve.x) == pytest.approx(figures(found)["mass"], rel=0.02)
    assert any("成池" in note.zh for note in result(LIQUID, chemical="71-43-2").notes)


def test_a_vapour_cloud_is_as_strong_as_the_tnt_its_energy_equals() -> None:
    cloud = {"kind": "vapour-cloud-explosion", "mass": "1 t", "blast_yield": "3 %"}
    found = result(cloud, chemical="74-98-6")
    assert figures(found)["tnt_mass"] == pytest.approx(1000 * 0.03 * 46.3e6 / 4.68e6, rel=0.01)
    assert any("TNT" in note.zh for note in found.notes)


def test_a_burning_jet_reaches_farthest_ahead_of_it() -> None:
    jet = {
        "kind": "jet-fire", "hole_diameter": "50 mm", "upstream_pressure": "2 MPa", "upstream_temperature": "15 °C"
    }  # fmt: skip
    found = result(jet, chemical="74-82-8", weather__wind_speed="5 m/s")
    worst, middle, mildest = found.zones
    assert figures(found)["flame_length"] < worst.distance < middle.distance < mildest.distance
    assert mildest.shape.centroid.x < found.source.lon
    assert mildest.shape.contains(worst.shape.buffer(-1e-7))


def test_each_kind_of_release_has_a_chain() -> None:
    kinds = {get_args(part.model_fields["kind"].annotation)[0] for part in get_args(Release)}
    assert kinds == set(CHAINS)


def test_what_a_station_saw_of_the_wind_gives_each_zone_a_band() -> None:
    seen = Turning(spread=30.0, share=0.9, ahead=3600.0, pairs=2000, station="S1", since=AT, until=AT)
    asked = scenario(with_change(release=direct()))
    found = computed(asked, at=AT, code_version="test", turning=seen)
    for zone in found.zones:
        assert zone.band is not None
        assert zone.band.buffer(1e-9).contains(zone.shape)
        assert zone.band.area > 2 * zone.shape.area
    assert any("30°" in one.title.zh for one in found.receipt.data)
    round_one = scenario(with_change(release={"kind": "tnt", "tnt_mass": "1 t"}))
    assert computed(round_one, at=AT, code_version="test", turning=seen).zones[0].band is None


def test_a_dense_vapour_is_computed_again_by_the_integral_model_and_what_moved_is_said() -> None:
    asked = scenario(with_change(release=direct()))
    first = computed(asked, at=AT, code_version="test")
    again = second_of(asked, first)
    assert again is not None
    second = computed(again, at=AT, code_version="test")
    assert {zone.model for zone in second.zones} == {"dense-plume-degadis"}
    assert any("明显偏小" in note.zh for note in second.notes)  # what the trials showed goes with each result
    assert [one.first for one in moved(first, second)] == [zone.distance for zone in first.zones]
    assert [one.second for one in moved(first, second)] == [zone.distance for zone in second.zones]
    assert second_of(again, second) is None
    light = scenario(with_change(release=direct(), chemical="7664-41-7"))
    assert second_of(light, computed(light, at=AT, code_version="test")) is None
    with pytest.raises(BadInputError, match="不重于空气"):
        result(direct(), chemical="7664-41-7", model="integral")


@pytest.mark.parametrize(
    ("release", "chemical"),
    [
        (direct(), "7782-50-5"),
        ({"kind": "pool-fire", "pool_area": "20 m2"}, "108-88-3"),
        ({"kind": "pool", "mass": "1396 kg", "pool_area": "306 m2", "duration": "1 h"}, "71-43-2"),
    ],
)
def test_the_wind_is_brought_to_ten_metres_for_every_kind_of_release(release: dict[str, Any], chemical: str) -> None:
    low = result(release, chemical=chemical, weather__wind_height="2 m")
    asked = scenario(with_change(release=release, chemical=chemical, weather__wind_height="2 m"))
    speed, _ = reference_wind(asked)
    assert speed > asked.weather.wind_speed
    high = result(release, chemical=chemical, weather__wind_speed=speed)
    for one, two in zip(low.zones, high.zones, strict=True):
        assert one.distance == pytest.approx(two.distance, rel=1e-9)
