"""The score sheet: counted or judged with a ground, within its points, and no total before everything is marked."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import FaultsError
from emergency.evaluation.course import measures
from emergency.evaluation.sheet import Mark, Measure, criteria, judged, read, sheet
from layers.catalogue.incidents import Incident
from layers.catalogue.orders import IncidentOrder
from layers.catalogue.plans import IncidentTask
from layers.codes import Status

TODAY = date(2026, 11, 29)
MINUTE = timedelta(minutes=1)


def test_what_nobody_marked_is_told_and_is_no_zero():
    asked = criteria(TODAY, exercise=False)
    some = sheet(asked, {"tasks_done": Measure(done=3, of=4, basis="4 项任务完成 3 项")}, {})
    assert (some.points, some.most, some.share) == (7.5, 10, None)
    assert "rescue" in some.missing
    marks = judged([Mark(criterion=one.id, points=one.most, basis="查看日志") for one in asked], asked)
    whole = sheet(asked, {}, marks)
    assert (whole.missing, whole.share) == ((), 1.0)
    assert read(mark.written() for mark in marks.values()) == marks


def test_what_was_withdrawn_or_ended_before_its_time_is_no_failure():
    at = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
    code, own = "SJ20261129-0001", {"area": "990106", "incident": "SJ20261129-0001"}
    row = Incident(code=code, title="演练", kind="leak", origin="call", reported_at=at, state="closed", area="990106")
    orders = [
        IncidentOrder(code=f"{code}/00{n}", number=n, action="集结", to_kind="unit", to_name="镇", at=at, by="周敏",
                      entry=f"{code}/0001", state=state, received_at=seen, **own)
        for n, (state, seen) in enumerate((("done", at), ("withdrawn", None), ("issued", None)), 1)
    ]  # fmt: skip
    tasks = [
        IncidentTask(code=f"{code}/T00{n}", number=n, plan="P", plan_title="预案", step=f"P/00{n}", phase="control",
                     unit="镇", text="疏散", response=2, minutes=minutes, since=at, made_at=at, made_by="周敏",
                     state=state, done_at=done, **own)
        for n, (minutes, state, done) in enumerate(((10, "done", at + 5 * MINUTE), (10, "todo", None),
                                                    (60, "todo", None)), 1)
    ]  # fmt: skip
    found = measures(row, (), tasks, orders, at + 30 * MINUTE)
    assert (found["orders"].done, found["orders"].of) == (1, 2)
    assert "另撤回 1 条,不计" in found["orders"].basis
    assert (found["tasks_on_time"].done, found["tasks_on_time"].of) == (1, 2)
    assert "另 1 项结束时未到时限,不计" in found["tasks_on_time"].basis
    assert (found["tasks_done"].done, found["tasks_done"].of) == (1, 3)


def test_points_add_up_without_a_rest_of_the_computer():
    asked = criteria(TODAY, exercise=False)
    marks = {one.id: Mark(criterion=one.id, points=0.1, basis="依据") for one in asked[:3]}
    assert sheet(asked, {}, marks).points == 0.3


def test_of_nothing_to_count_there_are_no_points_to_lose():
    asked = criteria(TODAY, exercise=False)
    none = sheet(asked, {"tasks_done": Measure(done=0, of=0, basis="没有任务")}, {})
    assert none.most == 0
    assert "tasks" not in none.missing


@pytest.mark.parametrize("mark", [("rescue", 11.0, "依据"), ("rescue", 5.0, ""), ("nothing", 1.0, "依据")])
def test_a_mark_has_its_points_and_its_ground(mark: tuple[str, float, str]):
    with pytest.raises(FaultsError):
        judged([Mark(criterion=mark[0], points=mark[1], basis=mark[2])], criteria(TODAY, exercise=False))


def test_exercises_are_asked_of_injects_and_what_has_no_law_says_it_is_our_own():
    played = {one.id for one in criteria(TODAY, exercise=True)}
    real = {one.id: one for one in criteria(TODAY, exercise=False)}
    assert played - set(real) == {"injects"}
    assert {one.status for one in real.values() if one.article} == {Status.VERIFIED}
    assert {one.status for one in real.values() if not one.article} == {Status.OWN}
