"""Which plans fit and why, and when a task of one is due: pure rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import ConflictError, FaultsError
from emergency.plans.matching import Says, Sought, Stands, covers, matches
from emergency.plans.tasks import NEXT, Task, due, made, moved, of_level
from layers.catalogue.incidents import Incident
from layers.catalogue.plans import EmergencyPlan, IncidentTask, PlanStep
from layers.codes import code_list

TODAY = date(2026, 11, 29)
AT = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CHLORINE, AMMONIA = "7782-50-5", "7664-41-7"


def plan(code: str, **more: object) -> EmergencyPlan:
    given: dict[str, object] = {
        "code": code, "title": f"预案 {code}", "area": "990106", "chemicals": (CHLORINE,),
        "incident_kinds": ("leak", "poisoning"), "valid_until": date(2028, 1, 1), "valid_from": date(2025, 1, 1),
    }  # fmt: skip
    return EmergencyPlan(**(given | more))


def incident(**more: object) -> Incident:
    given: dict[str, object] = {
        "code": "SJ20261129-0001", "title": "泄漏", "kind": "leak", "origin": "call", "reported_at": AT,
        "area": "990106201", "state": "responding", "response": 2,
    }  # fmt: skip
    return Incident(**(given | more))


def step(number: int, **more: object) -> PlanStep:
    given: dict[str, object] = {"code": f"P-1/{number:02d}", "plan": "P-1", "number": number, "phase": "control",
                                "unit": "消防", "text": f"行动 {number}"}  # fmt: skip
    return PlanStep(**(given | more))


SOUGHT = Sought(kind="leak", chemical=CHLORINE, area="990106201", enterprise="A", hazard_source="H1", level=2)


def test_the_most_particular_plan_stands_first_and_each_says_why():
    found = matches(
        [plan("ALL-1", chemicals=(), incident_kinds=(), area="990100"), plan("CL-1"),
         plan("UNIT-1", enterprise="A", hazard_sources=("H1",))],
        SOUGHT, TODAY,
    )  # fmt: skip
    assert [one.plan.code for one in found.fitting] == ["UNIT-1", "CL-1", "ALL-1"]
    said = {one.respect: one.says for one in found.fitting[1].reasons}
    assert said == {"area": Says.YES, "enterprise": Says.ANY, "chemical": Says.YES, "kind": Says.YES, "level": Says.ANY}


def test_a_level_that_is_only_suggested_rules_no_plan_out_and_says_so():
    asked = replace(SOUGHT, level=2, begun=False)
    low, own = plan("LOW-1", levels=("4",)), plan("OWN-1", levels=("2",))
    found = matches([low, own], asked, TODAY)
    assert [one.plan.code for one in found.fitting] == ["OWN-1", "LOW-1"]
    said = {one.plan.code: one.reasons[-1] for one in found.fitting}
    assert [said[code].says for code in ("OWN-1", "LOW-1")] == [Says.YES, Says.UNKNOWN]
    assert all("建议" in one.words.zh and "尚未启动" in one.words.zh for one in said.values())
    assert [one.plan.code for one in matches([low], replace(asked, begun=True), TODAY).near] == ["LOW-1"]


def test_a_near_miss_says_what_stood_against_it_and_a_stranger_is_no_near_miss():
    found = matches(
        [plan("NH-1", chemicals=(AMMONIA,), chemical_names=("液氨",)), plan("UNIT-2", enterprise="B"),
         plan("FAR-1", area="990104", chemicals=(AMMONIA,)), plan("LOW-1", levels=("4",))],
        SOUGHT, TODAY,
    )  # fmt: skip
    assert not found.fitting
    why = {one.plan.code: one.against[0].words.zh for one in found.near}
    assert set(why) == {"NH-1", "UNIT-2", "LOW-1"}
    assert why["NH-1"] == "适用 液氨,不含 7782-50-5"
    assert "Ⅳ级响应" in why["LOW-1"]


def test_an_expired_plan_that_fits_is_told_as_expired_and_never_among_those_to_propose():
    old = plan("OLD-1", enterprise="A", hazard_sources=("H1",), valid_until=date(2026, 11, 28))
    last = plan("LAST-1", valid_until=TODAY)
    found = matches([old, last, plan("NEW-1", valid_from=date(2027, 1, 1))], SOUGHT, TODAY)
    assert [one.plan.code for one in found.fitting] == ["LAST-1"]
    assert {one.plan.code: one.stands for one in found.lapsed} == {"OLD-1": Stands.EXPIRED, "NEW-1": Stands.FUTURE}


def test_what_nobody_told_neither_fits_nor_hinders():
    found = matches([plan("CL-1", enterprise="A", levels=("2",))], Sought(area="990106"), TODAY)
    (only,) = found.fitting
    assert {one.says for one in only.reasons if one.respect != "area"} == {Says.UNKNOWN}


def test_a_plan_of_a_city_covers_its_districts_and_a_district_no_other():
    assert covers("990100", "990106201")
    assert covers("990000", "990106")
    assert covers("", "990106")
    assert not covers("990106", "990104001")
    assert not covers("990106", "990100")


def test_steps_of_the_level_become_tasks_once_and_more_come_when_the_level_rises():
    steps = [step(1), step(2, levels=("1", "2")), step(3, levels=("1",))]
    assert [one.number for one in of_level(steps, 4)] == [1]
    first = made(incident(), plan("P-1"), steps, [], AT, by="周敏", at=AT)
    assert [(one.code, one.step) for one in first] == [
        ("SJ20261129-0001/T001", "P-1/01"), ("SJ20261129-0001/T002", "P-1/02"),
    ]  # fmt: skip
    more = made(incident(response=1), plan("P-1"), steps, first, AT, by="周敏", at=AT)
    assert [(one.number, one.step) for one in more] == [(3, "P-1/03")]
    for refused in (incident(response=None, state="confirmed"), incident(state="closed")):
        with pytest.raises(ConflictError):
            made(refused, plan("P-1"), steps, [], AT, by="周敏", at=AT)


def task(**more: object) -> IncidentTask:
    (one,) = made(incident(), plan("P-1"), [step(1, minutes=20, moment="reported")], [], AT, by="周敏", at=AT)
    return one.model_copy(update=more)


def test_a_clock_says_how_long_it_is_overdue_and_counts_nothing_from_an_unknown_moment():
    at = AT + 33 * MINUTE
    assert due(task(), incident(), at).overdue == 13 * MINUTE
    assert due(task(), incident(), AT + 20 * MINUTE).overdue is None
    assert due(task(moment="occurred"), incident(), at).until is None
    assert due(task(moment="occurred"), incident(occurred_at=AT - 10 * MINUTE), at).overdue == 23 * MINUTE
    assert due(task(state="done", done_at=AT + 25 * MINUTE), incident(), at).late == 5 * MINUTE
    assert due(task(state="not_needed"), incident(), at).overdue is None
    assert due(task(minutes=None), incident(), at).until is None
    assert due(task(moment="responding", since=AT + 5 * MINUTE), incident(), at).overdue == 8 * MINUTE


def test_a_task_moves_by_its_states_and_what_is_not_needed_or_taken_back_says_why():
    assert {one.code for one in code_list("task_state")} == {one.value for one in Task} == {one.value for one in NEXT}
    doing = moved(task(), Task.DOING, by="吴浩", at=AT + MINUTE, owner="王强")
    done = moved(doing, Task.DONE, by="吴浩", at=AT + 2 * MINUTE)
    assert (done.started_at, done.done_at, done.owner) == (AT + MINUTE, AT + 2 * MINUTE, "王强")
    with pytest.raises(FaultsError, match="原因"):
        moved(done, Task.DOING, by="吴浩", at=AT)
    back = moved(done, Task.DOING, by="吴浩", at=AT + 3 * MINUTE, why="未到位")
    assert (back.done_at, back.started_at) == (None, AT + MINUTE)
    with pytest.raises(FaultsError, match="原因"):
        moved(task(), Task.NOT_NEEDED, by="吴浩", at=AT)
    with pytest.raises(FaultsError, match="没有改动"):
        moved(task(), None, by="吴浩", at=AT, owner="")
    with pytest.raises(ConflictError):
        moved(done, Task.NOT_NEEDED, by="吴浩", at=AT, why="不用")
