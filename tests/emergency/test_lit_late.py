"""Clouds lit late: where they burn, how much of them, the blast from wherever their middle may be; bursting vessels."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInputError, FaultsError, OneMapError
from emergency.chain import ROUND, answered, computed
from emergency.chain.ignited import flammable
from emergency.chemicals import flammability, substance, substances
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.dense_or_passive import density
from emergency.models.dispersion.gaussian_puff import Puff
from emergency.models.explosion.vessel_burst import burst_energy
from emergency.models.fire.flammable_cloud import flammable_cloud
from emergency.models.fire.flammable_puff import flammable_puff
from emergency.releases import FlashFire, Ignited
from emergency.result import Result, result_of
from emergency.scenario import Scenario, read_scenario, scenario, spelt
from emergency.wind_band import Turning
from tests.emergency.test_chain import AT, figures
from tests.emergency.test_scenario import with_change

PROPANE, METHANE, CHLORINE, NITROGEN = "74-98-6", "74-82-8", "7782-50-5", "7727-37-9"
STEADY = {"leak": "direct", "mass_rate": "5 kg/s", "duration": "10 min"}
AT_ONCE = {"leak": "instantaneous", "mass": "500 kg", "upstream_temperature": "20 °C"}
FLAME = {"reactivity": "medium", "congestion": "high"}
ESCAPES: dict[str, dict[str, Any]] = {
    "direct": STEADY,
    "at-once": AT_ONCE,
    "gas-hole": {
        "leak": "gas-hole", "hole_diameter": "50 mm", "upstream_pressure": "6 bar", "upstream_temperature": "20 °C",
        "duration": "10 min", "vessel_volume": "50 m3",
    },
    "liquid-hole": {
        "leak": "liquid-hole", "hole_diameter": "25 mm", "upstream_temperature": "20 °C", "duration": "10 min",
        "vessel_diameter": "2 m", "vessel_length": "6 m", "fill_fraction": "70 %",
    },
    "pool": {"leak": "pool", "mass": "2 t", "pool_area": "80 m2", "duration": "20 min",
             "release_temperature": "-43 °C"},
}  # fmt: skip


def asked(release: dict[str, Any], chemical: str = PROPANE, **more: Any) -> Scenario:
    return scenario(with_change(release=release, chemical=chemical, **more))


def result(release: dict[str, Any], chemical: str = PROPANE, **more: Any) -> Result:
    return computed(asked(release, chemical, **more), at=AT, code_version="test")


def flash(escape: dict[str, Any], chemical: str = PROPANE, **more: Any) -> Result:
    return result({"kind": "flash-fire"} | escape, chemical, **more)


def blast(escape: dict[str, Any], chemical: str = PROPANE, *, model: str = "auto", **more: Any) -> Result:
    return result({"kind": "vapour-cloud"} | FLAME | escape | more, chemical, model=model)


def said(found: Result) -> str:
    return " ".join(note.zh for note in found.notes)


@pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES)
def test_whatever_escapes_burns_out_to_its_lower_limit_and_half_of_it(escape: dict[str, Any]) -> None:
    found = flash(escape)
    limit, half = found.zones
    assert limit.level.value == pytest.approx(1e6 * flammability(substance(PROPANE)).lower)
    assert half.level.value == pytest.approx(limit.level.value / 2)
    assert 0 < limit.distance < half.distance
    assert half.shape.buffer(1e-9).contains(limit.shape)
    assert figures(found)["flammable_mass"] > 0
    assert limit.level.averaging_time == 18.75
    assert "点火位置不定" in said(found)
    assert not found.verified
    assert result_of(found.to_json()) == found


@pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES)
def test_a_scenario_of_a_cloud_lit_late_is_the_same_after_being_written_and_read(escape: dict[str, Any]) -> None:
    for release in ({"kind": "flash-fire"} | escape, {"kind": "vapour-cloud"} | FLAME | escape):
        wish = asked(release)
        assert read_scenario(spelt(wish)) == wish
        assert next(iter(wish.inputs()["release"])) == "kind"
        assert ("hole_diameter" in wish.inputs()["release"]) == ("hole" in str(escape["leak"]))


def test_more_is_never_less_to_burn() -> None:
    for less, more in (("1 kg/s", "4 kg/s"), ("4 kg/s", "16 kg/s")):
        small, great = (flash(STEADY | {"mass_rate": rate}) for rate in (less, more))
        assert figures(small)["flammable_mass"] < figures(great)["flammable_mass"]
        assert all(a.distance < b.distance for a, b in zip(small.zones, great.zones, strict=True))
        weak, strong = (blast(STEADY | {"mass_rate": rate}) for rate in (less, more))
        assert all(a.distance <= b.distance for a, b in zip(weak.zones, strong.zones, strict=True))


def test_no_more_can_burn_than_escaped() -> None:
    short = flash(STEADY | {"duration": "2 s"}, METHANE)
    assert figures(short)["flammable_mass"] <= 10.0 * (1 + 1e-9)
    assert figures(flash(AT_ONCE))["flammable_mass"] <= 500.0


@pytest.mark.parametrize("chemical", [CHLORINE, NITROGEN])
@pytest.mark.parametrize("kind", ["flash-fire", "vapour-cloud"])
def test_what_has_no_flammability_limits_is_refused_by_name(chemical: str, kind: str) -> None:
    more = FLAME if kind == "vapour-cloud" else {}
    with pytest.raises(BadInputError, match=substance(chemical).name.zh) as refused:
        result({"kind": kind} | STEADY | more, chemical)
    assert refused.value.facts["field"] == "chemical"


@pytest.mark.parametrize("escape", [STEADY, AT_ONCE], ids=["direct", "at-once"])
def test_a_blast_zone_holds_the_circle_round_every_place_the_cloud_may_be(escape: dict[str, Any]) -> None:
    burning, bursting = flash(escape), blast(escape)
    cloud = burning.zones[0].shape
    curve = next(one for one in bursting.curves if one.name == "overpressure")
    for zone in bursting.zones:
        above = [x for x, y in zip(curve.x, curve.y, strict=True) if y >= zone.level.value]
        if not above:
            assert not zone.reached
            continue
        assert zone.shape.buffer(1e-7).contains(cloud)
        reach = above[-1]
        for corner in shapely.get_coordinates(cloud)[::7]:
            degree = np.array([111_195.0 * np.cos(np.radians(corner[1])), 111_195.0])
            ring = corner + reach * np.column_stack([np.cos(np.arange(8.0)), np.sin(np.arange(8.0))]) / degree
            assert shapely.contains(zone.shape.buffer(2e-5), shapely.points(ring)).all()
    assert "爆心不定" in said(bursting)
    assert "反应性取中" in said(bursting)


def test_the_joined_chain_covers_what_the_tool_officers_know_prints_for_the_same_leak() -> None:
    """ALOHA 5.4.7, run V2: propane, 1 kg/s, D, 5 m/s, congested: 1 psi at 34 m, 3.5 psi at 18 m, 60 % LEL at 30 m."""
    found = blast(
        STEADY | {"mass_rate": "1 kg/s", "blast_model": "baker-strehlow-tang-aloha"}, model="integral"
    )  # fmt: skip
    worst, middle, mildest = found.zones
    assert not worst.reached  # ALOHA: never exceeded
    assert 18 <= middle.distance < 3 * 18
    assert 34 <= mildest.distance < 3 * 34
    assert (
        4.6 / 2 < figures(found)["flammable_mass"] < 4.6 * 3
    )  # its lower limit is 2.1 %, ours 1.7 %; its wind is 5 m/s


def test_a_dense_cloud_that_explodes_has_its_second_answer_as_any_other() -> None:
    wish = asked({"kind": "vapour-cloud"} | FLAME | STEADY)
    first, acted_on = (made(wish, at=AT, code_version="test") for made in (computed, answered))
    assert {one.id for one in acted_on.receipt.models} >= {"dense-plume-degadis", "baker-strehlow-tang"}
    assert "积分模型 (DEGADIS)" in said(acted_on)
    assert acted_on.zones[2].distance < first.zones[2].distance
    at_once = asked({"kind": "vapour-cloud"} | FLAME | AT_ONCE)
    assert answered(at_once, at=AT, code_version="test") == computed(at_once, at=AT, code_version="test")


def test_a_jet_under_pressure_is_told_how_far_it_burns_by_itself() -> None:
    found = flash(ESCAPES["gas-hole"], METHANE)
    assert 0 < figures(found)["jet_reach"] < found.zones[0].distance
    assert "未计射流动量" in said(found)
    assert "jet_reach" not in figures(flash(STEADY, METHANE))


def test_tnt_is_compared_where_a_yield_is_given_and_drawn_where_it_is_asked_for() -> None:
    alone, compared = blast(STEADY), blast(STEADY, blast_yield="3 %")
    curves = [[one.model for one in found.curves if one.name == "overpressure"] for found in (alone, compared)]
    assert curves == [["baker-strehlow-tang"], ["baker-strehlow-tang", "kingery-simplified"]]
    drawn = blast(STEADY, blast_yield="3 %", blast_model="tnt-equivalence")
    assert {zone.model for zone in drawn.zones} == {"kingery-simplified"}
    assert figures(drawn)["tnt_mass"] == pytest.approx(
        figures(drawn)["flammable_mass"] * 0.03 * substance(PROPANE).heat_of_combustion / 4.68e6
    )


def test_a_cloud_that_is_nowhere_flammable_does_not_explode() -> None:
    found = blast(STEADY | {"mass_rate": 1e-6}, METHANE)
    assert figures(found)["flammable_mass"] < 1e-3
    assert all(zone.distance < 5 for zone in found.zones)


@pytest.mark.parametrize(
    ("release", "word"),
    [
        ({"kind": "flash-fire", "leak": "direct", "duration": 60}, "mass_rate"),
        ({"kind": "flash-fire"} | STEADY | {"hole_diameter": "5 mm"}, "hole_diameter"),
        ({"kind": "flash-fire", "leak": "gas-hole", "hole_diameter": "5 mm", "upstream_pressure": "5 bar",
          "upstream_temperature": "20 °C", "duration": 60}, "vessel_volume"),
        ({"kind": "flash-fire", "leak": "meteor"}, "pool"),
        ({"kind": "vapour-cloud"} | STEADY, "congestion"),
        ({"kind": "vapour-cloud"} | STEADY | FLAME | {"blast_model": "tnt-equivalence"}, "blast_yield"),
        ({"kind": "vessel-burst", "burst_pressure": "30 bar"}, "vessel_volume"),
    ],
)  # fmt: skip
def test_what_is_missing_or_too_much_is_named(release: dict[str, Any], word: str) -> None:
    with pytest.raises(FaultsError) as refused:
        asked(release)
    assert any(word in one.field + one.rule.zh for one in refused.value.faults)
    assert any(word in one.field + one.rule.en for one in refused.value.faults)


def test_clouds_that_the_wind_carries_have_a_band_and_vessels_that_burst_have_none() -> None:
    seen = Turning(spread=30.0, share=0.9, ahead=3600.0, pairs=2000, station="S1", since=AT, until=AT)
    for release in ({"kind": "flash-fire"} | STEADY, {"kind": "vapour-cloud"} | STEADY | FLAME):
        found = computed(asked(release), at=AT, code_version="test", turning=seen)
        reached = [zone for zone in found.zones if zone.reached]
        assert reached
        assert all(zone.band is not None and zone.band.area > zone.shape.area for zone in reached)
    burst = {"kind": "vessel-burst", "burst_pressure": "30 bar", "vessel_volume": "10 m3"}
    found = computed(asked(burst, NITROGEN), at=AT, code_version="test", turning=seen)
    assert all(zone.band is None for zone in found.zones)
    assert "vessel-burst" in ROUND


def test_a_vessel_of_eight_times_the_volume_reaches_twice_as_far() -> None:
    burst = {"kind": "vessel-burst", "burst_pressure": "30 bar"}
    small, great = (result(burst | {"vessel_volume": size}, NITROGEN) for size in ("10 m3", "80 m3"))
    for one, eight in zip(small.zones, great.zones, strict=True):
        assert one.distance > 0
        assert eight.distance == pytest.approx(2 * one.distance, rel=1e-3)
    gas = substance(NITROGEN)
    energy = burst_energy(
        burst_pressure=30e5, gas_volume=10.0, heat_capacity_ratio=float(gas.heat_capacity_ratio(281.65))
    )
    assert figures(small)["energy"] == pytest.approx(float(energy), rel=1e-6)
    assert "碎片" in said(small)
    with pytest.raises(BadInputError, match="不会爆破"):
        result(burst | {"burst_pressure": "0.9 bar", "vessel_volume": 10}, NITROGEN)


@given(
    wind=st.floats(1.5, 10.0), stability=st.sampled_from(list(Stability)), mass=st.floats(10.0, 1e4),
    lower=st.floats(0.01, 0.05), ratio=st.floats(2.0, 10.0),
)  # fmt: skip
@settings(max_examples=10, deadline=None)
def test_the_part_of_a_puff_that_burns_is_what_summing_it_up_gives(
    wind: float, stability: Stability, mass: float, lower: float, ratio: float
) -> None:
    puff = Puff(mass=mass, wind_speed=wind, stability=stability)
    found = flammable_puff(puff, lower, ratio * lower)
    assert 0 <= found.mass <= mass
    long = 6 * found.centre**0.93 * 0.2
    near = max(found.centre - long, 1e-3)
    summed = flammable_cloud(
        lambda x, y, z: puff.at(x, y, found.time, z), lower, ratio * lower, near=near, far=found.centre + long
    )
    assert found.mass == pytest.approx(summed.mass, rel=0.12)


def test_what_burns_of_a_dense_plume_is_what_the_wind_carries_between_both_limits() -> None:
    wish = asked({"kind": "flash-fire"} | STEADY, model="dense")
    release = wish.release
    assert isinstance(release, FlashFire)
    burning = flammable(wish, release)
    gas = substance(PROPANE)
    whole = density(gas.molar_mass, wish.weather.ambient_temperature)
    field = burning.chosen.field
    summed = flammable_cloud(
        lambda x, y, z: field.at(x, y, z) * whole, burning.limits.lower * whole, burning.limits.upper * whole,
        near=0.5, far=1000.0, height=50.0,
    )  # fmt: skip
    assert burning.mass == pytest.approx(summed.mass, rel=0.1)
    assert isinstance(release, Ignited)
    assert release.escape.kind == "direct"


@given(
    cas=st.sampled_from(sorted(one.cas for one in substances().values() if one.cas)),
    release=st.sampled_from(
        [
            {"kind": "instantaneous", "mass": "1 t", "upstream_temperature": "20 °C"},
            *({"kind": "flash-fire"} | escape for escape in ESCAPES.values()),
            *({"kind": "vapour-cloud", "blast_yield": "5 %"} | FLAME | escape for escape in ESCAPES.values()),
            {"kind": "vessel-burst", "burst_pressure": "3 MPa", "vessel_volume": 1},
        ]
    ),
    wind=st.floats(0.3, 30.0), stability=st.sampled_from(list(Stability)),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_substance_in_any_wind_has_finite_zones_in_order_or_or_is_refused(
    cas: str, release: dict[str, Any], wind: float, stability: Stability
) -> None:
    more = {"weather__wind_speed": wind, "weather__stability": stability.value}
    try:
        found = result(release, cas, **more)
    except OneMapError:
        return
    reaches = [zone.distance for zone in found.zones]
    assert np.isfinite([*reaches, *(one.value for one in found.figures)]).all()
    assert all(np.isfinite(curve.y).all() for curve in found.curves)
    assert reaches == pytest.approx(sorted(reaches))


def test_what_is_above_its_critical_temperature_is_no_liquid() -> None:
    oxygen = "7782-44-7"
    for release in (
        {"kind": "liquid-hole", "hole_diameter": "5 mm", "upstream_temperature": "20 °C", "duration": 60, "mass": 10,
         "upstream_pressure": "10 bar"},
        {"kind": "instantaneous", "mass": 10, "upstream_temperature": "20 °C"},
    ):  # fmt: skip
        with pytest.raises(BadInputError, match="临界温度") as refused:
            result(release, oxygen, levels=[{"name": "x", "value": 1, "unit": "ppm"}])
        assert refused.value.facts["field"] == "release.upstream_temperature"
