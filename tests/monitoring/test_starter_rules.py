"""The first rules of a city: put in once, each number with its source, and from then on the administrator's."""

from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue.alarms import ALARM_RULES, AlarmInhibition, AlarmRule
from monitoring.alarms.compiled import compiled
from monitoring.alarms.rules import Condition, Point, rule_faults
from monitoring.alarms.starter import begin, starter
from store.feed import Delete, Put
from store.protocol import Store
from tests.monitoring.conftest import Hands
from tests.monitoring.park import START, moment, point, rule


def test_a_rule_that_was_changed_or_taken_out_is_never_put_back(city: Store, hands: Hands) -> None:
    new = begin(city, hands, actor=SYSTEM_ACTOR)
    assert {one.code for one in new} >= {"START-LIMITS-level", "START-RATE-toxic", "START-SILENCE"}
    assert {one.area for one in new} == {"990100"}
    assert all(one.basis and one.basis_status == "own" for one in new)
    level = new[0].model_copy(update={"level": 1})
    edits = [Put(layer=ALARM_RULES.id, record=level), Delete(layer=ALARM_RULES.id, key="START-SILENCE", expected=1)]
    city.commit(edits, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    assert begin(city, hands, actor=SYSTEM_ACTOR) == []
    kept = city.get(ALARM_RULES, level.code, scope=SYSTEM_SCOPE).record
    assert isinstance(kept, AlarmRule)
    assert kept.level == 1


def test_two_of_three_gas_detectors_vote_and_every_point_is_heard_of() -> None:
    gas = {"kind": "toxic", "limits": {Condition.H: 25.0}, "area": "990106"}
    points = {code: point(code, **gas) for code in "XYZ"} | {"A": point("A", interval=None, area="990106")}
    rules = starter(points, ["X", "Y", "Z"], "9901", START.date())
    lines = compiled(rules, points).lines
    assert [(one.needed, one.condition) for one in lines if one.needed] == [(2, Condition.COMBINATION)]
    assert {one.point: one.limit for one in lines if one.rule == "START-SILENCE"} == {
        "X": 60.0, "Y": 60.0, "Z": 60.0, "A": 7230.0,
    }  # fmt: skip


def test_a_district_neither_judges_nor_silences_the_points_of_another() -> None:
    points: dict[str, Point] = {code: point(code, area=area) for code, area in (("A", "990106"), ("B", "990107"))}
    own, named = rule(sensor_kind="level", area="990106"), rule(points=("A", "B"), area="990106")
    assert {one.point for one in compiled([own], points).lines} == {"A"}
    assert [fault.value for fault in rule_faults(named, points)] == ["B"]
    work = AlarmInhibition(
        code="W", rule="C", area="990106", starts=START, ends=moment(60), who="周敏", why="检修",
    )  # fmt: skip
    made = compiled([rule("C", sensor_kind="level", limits=("H",))], points, [work])
    assert [line.point for line, out in zip(made.lines, made.inhibited[0].lines, strict=True) if out] == ["A"]
