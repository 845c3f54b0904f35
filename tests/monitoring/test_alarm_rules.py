"""Rules: every fault at once, limits that stay the sensor's own, weekly windows."""

import pytest

from core.errors import FaultsError
from monitoring.alarms.compiled import compiled
from monitoring.alarms.rules import Condition, points_of, rule_of
from monitoring.alarms.schedule import MINUTES_A_WEEK, week_mask, window_minutes
from tests.monitoring.park import POINTS, point, rule


def test_every_fault_of_a_rule_is_listed_with_field_value_and_what_is_allowed() -> None:
    given = {
        "code": "bad code", "title": "x", "kind": "limits", "state": "maybe", "points": ["A", "Z"],
        "limits": ["H", "Q"],
        "low": 9, "high": 8, "level": 7, "delay_on": -1, "schedule": ["8 08:00-18:00"], "colour": "red",
    }  # fmt: skip
    with pytest.raises(FaultsError) as refused:
        rule_of(given, POINTS)
    found = {(fault.field, fault.value) for fault in refused.value.faults}
    assert found >= {
        ("code", "bad code"), ("level", "7"), ("delay_on", "-1"), ("colour", "red"), ("state", "maybe"),
        ("points", "Z"),        ("limits", "Q"), ("low", "9"), ("schedule", "8 08:00-18:00"),
    }  # fmt: skip
    assert all(fault.rule.zh and fault.rule.en for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"sensor_kind": "level", "points": ("A",)}, "points"),
        ({"kind": "rate"}, "rate_window"),
        ({"kind": "silence"}, "silence"),
        ({"kind": "combination", "terms": ("A H",)}, "terms"),
        ({"kind": "combination", "terms": ("A H", "A LL")}, "terms"),
        ({"kind": "combination", "terms": ("A H", "B H"), "needed": 3}, "needed"),
        ({"dead_band": 1, "dead_band_percent": 1}, "dead_band_percent"),
        ({"level": 2, "level_outer": 3}, "level_outer"),
    ],
)
def test_what_does_not_go_together_is_a_fault_of_the_field_to_mend(more: dict[str, object], field: str) -> None:
    with pytest.raises(FaultsError) as refused:
        rule_of(rule(**more).model_dump(), POINTS)
    assert field in {fault.field for fault in refused.value.faults}


def test_limits_are_the_sensors_own_unless_the_rule_gives_others() -> None:
    lines = compiled([rule(high=7.0, dead_band_percent=2)], POINTS).lines
    assert {(one.condition, one.limit) for one in lines} == {
        (Condition.L, 2.0), (Condition.H, 7.0), (Condition.HH, 9.0),
    }  # fmt: skip
    assert {one.dead_band for one in lines} == {0.2}


def test_a_rule_by_kind_judges_the_points_in_use_of_its_enterprise() -> None:
    known = POINTS | {"D": point("D", enterprise="E2"), "E": point("E", in_use=False), "F": point("F", kind="toxic")}
    lines = compiled([rule(sensor_kind="level", enterprise="E1", limits=("H",))], known).lines
    assert [one.point for one in lines] == ["A", "B", "C"]


def test_a_rule_whose_point_is_gone_is_left_out_and_the_others_judge_on() -> None:
    made = compiled([rule("gone", points=("Z",)), rule("stays"), rule("draft", state="draft")], POINTS)
    assert {one.rule for one in made.lines} == {"stays"}
    assert [(fault.key, fault.field, fault.value) for fault in made.left_out] == [("gone", "points", "Z")]


def test_a_window_over_midnight_runs_into_the_next_day_and_sunday_into_monday() -> None:
    mask = week_mask(["7 22:00-06:00"])
    assert mask.sum() == 8 * 60
    assert mask[0]
    assert mask[MINUTES_A_WEEK - 1]
    assert not mask[6 * 60]
    assert window_minutes("1-5 25:00-26:00") is None


def test_points_come_from_the_layer_of_sensors(sensors) -> None:  # type: ignore[no-untyped-def]
    known = points_of(sensors)
    assert known["P1"].limits == {Condition.H: 25.0, Condition.HH: 50.0}
    assert (known["P1"].span, known["P1"].interval) == (100.0, None)
