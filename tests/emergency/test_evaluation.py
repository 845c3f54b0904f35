"""The score sheet: counted or judged with a ground, within its points, and no total before everything is marked."""

from datetime import date

import pytest

from core.errors import FaultsError
from emergency.evaluation.sheet import Mark, Measure, criteria, judged, read, sheet
from layers.codes import Status

TODAY = date(2026, 11, 29)


def test_what_nobody_marked_is_told_and_is_no_zero():
    asked = criteria(TODAY, exercise=False)
    some = sheet(asked, {"tasks_done": Measure(done=3, of=4, basis="4 项任务完成 3 项")}, {})
    assert (some.points, some.most, some.share) == (7.5, 10, None)
    assert "rescue" in some.missing
    marks = judged([Mark(criterion=one.id, points=one.most, basis="查看日志") for one in asked], asked)
    whole = sheet(asked, {}, marks)
    assert (whole.missing, whole.share) == ((), 1.0)
    assert read(mark.written() for mark in marks.values()) == marks


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
