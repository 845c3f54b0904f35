"""An exercise from its script to its score sheet: six injects to two areas by a clock that is moved by hand."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.demo.exercises import demo_script, tell_exercises
from app.doors.exercises import ExerciseDoors
from app.doors.incident_wall import IncidentWall
from app.evaluation.desk import EvaluationDesk
from app.exercises.conducting import conduct
from app.exercises.desk import ExerciseDesk
from app.incidents.desk import IncidentDesk
from app.plans.desk import PlanDesk
from casework.press import Press
from core.actors import Actor
from core.caller import Caller, Right
from core.errors import ConflictError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Lang
from dashboards.queries.incidents import listed
from dashboards.queries.incidentwall import Wall, light
from emergency.exercises.score import counts, measure
from layers.catalogue import (
    EXERCISE_INJECTS,
    EXERCISE_RUNS,
    EXERCISE_SCRIPTS,
    INCIDENT_LINKS,
    INCIDENTS,
    SCRIPT_INJECTS,
    WARNINGS,
)  # fmt: skip
from layers.catalogue.hazards import HazardSource
from layers.layer import Catalogue, Publish
from store.embedded import open_embedded
from store.feed import Put
from store.query import EVERYTHING
from tests.app.test_incidents import MINUTE, POINT, SMALL, ZHOU, Watch, filled, unsigned

EDIT = frozenset({Right.MAP, Right.HALL, Right.EDIT})


def caller(name: str, *areas: str) -> Caller:
    scope = replace(ZHOU.scope, areas=areas, clearance=Sensitivity.SENSITIVE)
    return Caller(actor=Actor(id=name, name=name, door="page"), scope=scope, rights=EDIT, account=name)


DIRECTOR, WEST, EAST = caller("周敏", "9901"), caller("吴浩", "990102"), caller("陈玉", "990106")


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def doors(tmp_path: Path, watch: Watch) -> Iterator[ExerciseDoors]:
    whole = Catalogue(*SMALL, EXERCISE_SCRIPTS, SCRIPT_INJECTS, EXERCISE_RUNS, EXERCISE_INJECTS)
    store = filled(open_embedded(tmp_path / "city.gpkg", whole, watch))
    source = HazardSource(code="H9901060013", name="液氯罐区", enterprise="91990102MA00000001", area="990106",
                          grade=2, geometry=POINT)  # fmt: skip
    store.commit([Put(layer="hazard_sources", record=source)], actor=ZHOU.actor, reason="t", scope=SYSTEM_SCOPE)
    press = Press(set_type=lambda: str.encode, organs=tuple, signing=unsigned, site="")
    yield ExerciseDoors(exercises=ExerciseDesk(desk=IncidentDesk(store=store, clock=watch)), press=press)
    store.close()


def opened(doors: ExerciseDoors) -> dict[str, Any]:
    doors.script(DIRECTOR, demo_script())
    return doors.open(DIRECTOR, {"command": "open-00001", "script": "YJ-CHLORINE-01"})


def act(doors: ExerciseDoors, told: dict[str, Any], what: str, command: str) -> dict[str, Any]:
    now = doors.one(DIRECTOR, {"code": told["code"]})
    return doors.act(DIRECTOR, {"command": command, "code": now["code"], "version": now["version"], "act": what})


def reply(doors: ExerciseDoors, who: Caller, told: dict[str, Any], n: int, done: bool) -> None:
    doors.reply(who, {"command": f"reply-{n:04d}-{done}", "code": f"{told['code']}/{n:02d}", "text": f"第{n}条已办",
                      "done": done})  # fmt: skip


def test_a_script_fires_six_injects_to_two_areas_records_replies_and_makes_a_score_sheet(
    doors: ExerciseDoors, watch: Watch
) -> None:
    desk, told = doors.exercises, opened(doors)
    assert doors.open(DIRECTOR, {"command": "open-00001", "script": "YJ-CHLORINE-01"})["code"] == told["code"]
    assert desk.fire(watch.at + timedelta(hours=1)) == 0, "not begun yet"
    told = act(doors, told, "start", "act-00001")
    begin = watch.at
    assert desk.fire(watch.at) == 1
    assert desk.fire(watch.at) == 0, "each once"
    assert [one["number"] for one in doors.one(EAST, {"code": told["code"]})["injects"]] == [1]
    assert doors.one(WEST, {"code": told["code"]})["injects"] == [], "it went to the other area"
    assert "expected" not in str(doors.one(EAST, {"code": told["code"]})), "who plays is not told what is expected"
    with pytest.raises(NotFoundError):
        reply(doors, WEST, told, 1, True)
    watch.at = begin + MINUTE
    reply(doors, EAST, told, 1, True)
    act(doors, told, "pause", "act-00002")
    watch.at = begin + 11 * MINUTE
    assert desk.fire(watch.at) == 0, "a pause is no time of the exercise"
    act(doors, told, "resume", "act-00003")
    watch.at = begin + 12 * MINUTE
    assert desk.fire(watch.at) == 1
    watch.at = begin + 19 * MINUTE
    assert desk.fire(watch.at) == 2, "what was due meanwhile comes at once: 9 minutes were played"
    reply(doors, EAST, told, 2, True)  # 7 minutes, where 5 were given
    reply(doors, WEST, told, 3, False)
    watch.at = begin + 25 * MINUTE
    assert desk.fire(watch.at) == 2
    watch.at = begin + 26 * MINUTE
    reply(doors, WEST, told, 4, True)  # within the seven minutes
    reply(doors, WEST, told, 6, True)
    doors.remark(DIRECTOR, {"command": "remark-001", "code": f"{told['code']}/03", "text": "只回应,没有通知学校"})
    with pytest.raises(ForbiddenError):
        doors.remark(WEST, {"command": "remark-002", "code": f"{told['code']}/03", "text": "自评"})
    told = act(doors, told, "stop", "act-00004")
    results = {one["number"]: one["result"] for one in told["injects"]}
    assert results == {1: "done", 2: "late", 3: "missed", 4: "done", 5: "missed", 6: "done"}
    assert told["injects"][0]["took"] == 60
    assert told["played"] == 16 * 60
    with pytest.raises(ConflictError):
        reply(doors, WEST, told, 3, True)
    run, at = desk.run(told["code"], SYSTEM_SCOPE).row, watch.at
    lines = desk.scored(run, SYSTEM_SCOPE, at)
    assert (measure(lines).done, measure(lines).of) == (5, 6)
    evaluated = EvaluationDesk(desk=desk.desk, plans=PlanDesk(desk=desk.desk)).marking(told["code"], ZHOU_ALL.scope)
    (injects,) = [one.mark for one in evaluated.sheet.lines if one.criterion.counts == "injects"]
    assert injects is not None
    assert injects.points == 8.3
    sheet, _, _ = doors.paper(DIRECTOR, {"code": told["code"], "form": "pdf"})
    text = sheet.decode()
    said = ("演", "按时完成 3 项", "逾期完成 1 项", "未完成 2 项", "只回应,没有通知学校", "评估员 周敏", "用时 7分")
    assert [one for one in said if one not in text and one.replace(",", "，") not in text] == []
    assert doors.paper(DIRECTOR, {"code": told["code"], "form": "docx"})[0].startswith(b"PK")
    with pytest.raises(ForbiddenError):
        doors.paper(WEST, {"code": told["code"], "form": "pdf"})

    log = desk.desk.log(told["code"], scope=SYSTEM_SCOPE)
    done = next(one for one in log if "处置完成 01" in one.text)
    desk.desk.strike(done.code, by=ZHOU_ALL, command="strike-001", why="误报完成")
    assert counts(desk.scored(run, SYSTEM_SCOPE, at))["missed"] == 3, "a struck line answers nothing"


ZHOU_ALL = replace(ZHOU, scope=SYSTEM_SCOPE)


def test_nothing_real_has_anything_of_an_exercise(doors: ExerciseDoors, watch: Watch) -> None:
    store, told = doors.exercises.desk.store, opened(doors)
    act(doors, told, "start", "act-00001")
    assert doors.exercises.fire(watch.at + MINUTE) == 1
    assert [layer.publish for layer in (EXERCISE_SCRIPTS, SCRIPT_INJECTS, EXERCISE_RUNS, EXERCISE_INJECTS)] == (
        [Publish.NONE] * 4
    )
    for layer in (INCIDENTS, INCIDENT_LINKS, WARNINGS):
        assert store.count(layer, EVERYTHING, scope=SYSTEM_SCOPE) == 0, layer.id
    assert store.count(store.catalogue["alarms"], EVERYTHING, scope=SYSTEM_SCOPE) == 0, "an inject of an alarm is none"
    assert listed(store, exercise=False, every=True, scope=DIRECTOR.scope, lang=Lang.ZH)["rows"] == []
    assert light(Wall(store=store, at=watch.at, scope=DIRECTOR.scope, lang=Lang.ZH)) == []
    assert IncidentWall(store=store, clock=watch).wall(DIRECTOR, {})["hand"] == []
    log = doors.exercises.desk.log(told["code"], scope=SYSTEM_SCOPE)
    assert all(one.exercise for one in log)
    with pytest.raises(ForbiddenError):
        doors.open(EAST, {"command": "open-00002", "script": "YJ-CHLORINE-01"})
    shut = replace(DIRECTOR, scope=replace(DIRECTOR.scope, clearance=Sensitivity.PUBLIC))
    assert (doors.listed(shut, {})["runs"], doors.listed(shut, {})["scripts"]) == ([], [])


def test_the_demo_has_one_that_was_played_with_what_was_done_late_or_not(doors: ExerciseDoors, watch: Watch) -> None:
    system: Any = SimpleNamespace(store=doors.exercises.desk.store, clock=watch)
    told_all = threading.Event()

    def server() -> None:
        while not told_all.wait(0.001):
            conduct(doors.exercises)

    beside = threading.Thread(target=server)
    beside.start()
    try:
        tell_exercises(system)
        tell_exercises(system)
    finally:
        told_all.set()
        beside.join()
    (run,) = doors.listed(DIRECTOR, {})["runs"]
    told = doors.one(DIRECTOR, {"code": run["code"]})
    assert [one["result"] for one in told["injects"]] == ["done", "late", "missed", "done", "missed", "done"]
    assert all(one["took"] is None or one["took"] > 0 for one in told["injects"]), "the server's clock injected some"
    assert (told["state"], told["played"]) == ("ended", 25 * 60)
    assert doors.exercises.desk.find(run["code"], scope=SYSTEM_SCOPE).row.state == "closed"
    assert watch.at - doors.exercises.run(run["code"], SYSTEM_SCOPE).row.started_at == timedelta(days=2)
