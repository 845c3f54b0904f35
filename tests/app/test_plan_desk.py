"""Plans in an incident: its steps taken up once by key and together, tasks moved on a version, all of it in the log."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.demo.plans import demo_plans
from app.doors.plans import PlanDoors
from app.evaluation.desk import EvaluationDesk
from app.incidents.desk import By, IncidentDesk, Opening
from app.plans.desk import PlanDesk
from core.actors import Actor
from core.caller import Caller
from core.errors import ConflictError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from emergency.evaluation.sheet import Mark
from emergency.incidents.life import Step
from emergency.plans.tasks import Task
from layers.catalogue import (
    AREAS,
    CATALOGUE,
    EMERGENCY_PLANS,
    ENTERPRISES,
    EVALUATIONS,
    EXERCISES,
    HAZARD_SOURCES,
    INCIDENT_COMMANDS,
    INCIDENT_LINKS,
    INCIDENT_LOG,
    INCIDENT_TASKS,
    INCIDENTS,
    PLAN_STEPS,
)
from layers.catalogue.enterprises import Enterprise
from layers.layer import Catalogue
from store.embedded import open_embedded
from store.feed import Put
from store.postgis import open_postgis
from store.protocol import Store
from tests.commands import run
from tests.ogc.drawn_city import EAST, NORTH, SOUTH, WEST, load, multi, wkb

ENGINES = ["embedded", pytest.param("postgis", marks=pytest.mark.postgis)]
AT = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ZHOU = By(actor=Actor(id="zhou", name="周敏", door="page"), account="zhou",
          scope=Scope(areas=("990106",), clearance=Sensitivity.SENSITIVE, writable=None))  # fmt: skip
ELSEWHERE = Scope(areas=("990104",), clearance=Sensitivity.SENSITIVE, writable=None)
SMALL = Catalogue(
    ENTERPRISES, HAZARD_SOURCES, AREAS, EMERGENCY_PLANS, PLAN_STEPS, INCIDENTS, EXERCISES, INCIDENT_LOG, INCIDENT_LINKS,
    INCIDENT_COMMANDS, INCIDENT_TASKS, EVALUATIONS,
)  # fmt: skip


class Watch:
    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def watch() -> Watch:
    return Watch()


def filled(store: Store) -> Store:
    load(store, AREAS, code=["990106"], name=["东区"], level=["district"], area=["990106"],
         geometry=wkb(multi(WEST, SOUTH, EAST, NORTH)))  # fmt: skip
    plans, steps = demo_plans(date(2026, 11, 29))
    edits = [Put(layer=EMERGENCY_PLANS.id, record=one) for one in plans if one.area == "990106"]
    edits += [Put(layer=PLAN_STEPS.id, record=one) for one in steps if one.plan == "YA-YG-YELV"]
    store.commit(edits, actor=ZHOU.actor, reason="t", scope=SYSTEM_SCOPE)
    return store


@pytest.fixture(params=ENGINES)
def plans(request: pytest.FixtureRequest, tmp_path: Path, watch: Watch) -> Iterator[PlanDesk]:
    if request.param == "postgis":
        kept = request.getfixturevalue("postgres_catalogue")
        opened: Store = open_postgis(kept.url, CATALOGUE, watch, kept.schema)
    else:
        opened = open_embedded(tmp_path / "city.gpkg", SMALL, watch)
    yield PlanDesk(desk=IncidentDesk(store=filled(opened), clock=watch))
    opened.close()


def begun(plans: PlanDesk, *, exercise: bool = False, response: int = 3) -> str:
    desk, prefix = plans.desk, "played" if exercise else "real"
    facts = {"chemical": "7782-50-5", "chemical_name": "液氯"}
    opening = Opening(
        origin="call", title="液氯泄漏", kind="leak", area="990106", text="报告", exercise=exercise, facts=facts
    )
    code = desk.open(opening, by=ZHOU, command=f"{prefix}-open").code
    desk.step(code, 1, Step.RESPOND, by=ZHOU, command=f"{prefix}-begin", response=response)
    return code


def test_a_plan_is_matched_taken_up_once_worked_through_and_written_in_the_log(plans: PlanDesk, watch: Watch) -> None:
    code, desk = begun(plans), plans.desk
    found = plans.fitting(desk.find(code, scope=ZHOU.scope).row, ZHOU.scope)
    assert found.fitting[0].plan.code == "YA-YG-YELV"
    assert [one.plan.code for one in found.lapsed] == ["YA-YG-YELV-OLD"]
    before = len(desk.log(code, scope=ZHOU.scope))
    with pytest.raises(ConflictError, match="响应级别"):
        plans.take_up(code, "YA-YG-YELV", 2, by=ZHOU, command="take-00001")
    done = plans.take_up(code, "YA-YG-YELV", 3, by=ZHOU, command="take-00001")
    assert plans.take_up(code, "YA-YG-YELV", 3, by=ZHOU, command="take-00001").again
    held = plans.tasks(code, ZHOU.scope)
    assert held
    assert all(not one.task.exercise and one.task.response == 3 for one in held)
    log = desk.log(code, scope=ZHOU.scope)
    assert [one.code for one in log[before:]] == [done.entry]
    assert f"任务 {len(held)} 项" in log[-1].text
    with pytest.raises(ConflictError, match="已全部下达"):
        plans.take_up(code, "YA-YG-YELV", 3, by=ZHOU, command="take-00002")
    watch.at = AT + MINUTE
    plans.move(held[0].task.code, held[0].version, Task.DONE, by=ZHOU, command="move-00001", owner="王强")
    assert plans.move(held[0].task.code, held[0].version, Task.DONE, by=ZHOU, command="move-00001").again
    with pytest.raises(ConflictError, match="他人"):
        plans.move(held[0].task.code, held[0].version, Task.DOING, by=ZHOU, command="move-00002", why="误点")
    after = plans.tasks(code, ZHOU.scope)[0].task
    assert (after.state, after.owner, after.done_at) == ("done", "王强", AT + MINUTE)
    assert desk.log(code, scope=ZHOU.scope)[-1].text.startswith("任务 01 完成、承办 王强:")
    row = desk.find(code, scope=ZHOU.scope)
    desk.step(code, row.version, Step.LEVEL, by=ZHOU, command="level-00001", response=2, why="伤员增加")
    row = desk.find(code, scope=ZHOU.scope)
    ((plan, more),) = plans.missing(row.row, plans.tasks(code, ZHOU.scope), ZHOU.scope)
    assert plan.code == "YA-YG-YELV"
    plans.take_up(code, plan.code, 2, by=ZHOU, command="take-00003")
    later = plans.tasks(code, ZHOU.scope)[len(held) :]
    assert len(later) == more
    assert {one.task.since for one in later if one.task.moment == "responding"} == {AT + MINUTE}
    assert plans.missing(row.row, plans.tasks(code, ZHOU.scope), ZHOU.scope) == []
    row = desk.find(code, scope=ZHOU.scope)
    desk.step(code, row.version, Step.CONTROL, by=ZHOU, command="control-0001")
    desk.step(code, row.version + 1, Step.STOP, by=ZHOU, command="stop-000001", why="监测合格")
    ended = desk.log(code, scope=ZHOU.scope)[-1]
    undone = len(held) + more - 1
    assert ended.text.startswith(f"终止响应 Ⅱ级:监测合格;未完成任务 {undone} 项:02、")
    assert ended.by == "周敏"
    assert plans.tasks(code, ELSEWHERE) == []
    with pytest.raises(NotFoundError):
        plans.move(held[1].task.code, held[1].version, Task.DONE, command="move-00003",
                   by=By(actor=ZHOU.actor, account="other", scope=ELSEWHERE))  # fmt: skip
    assert not desk.store.verify().findings


def test_an_incident_that_is_over_is_marked_by_counts_and_persons_and_filed_once_for_good(
    plans: PlanDesk, watch: Watch
) -> None:
    code, desk = begun(plans), plans.desk
    plans.take_up(code, "YA-YG-YELV", 3, by=ZHOU, command="take-00001")
    (first, second, *rest) = plans.tasks(code, ZHOU.scope)
    watch.at = AT + 5 * MINUTE
    plans.move(first.task.code, first.version, Task.DONE, by=ZHOU, command="move-00001")
    plans.move(second.task.code, second.version, Task.NOT_NEEDED, by=ZHOU, command="move-00002", why="没有该设施")
    sheets = EvaluationDesk(desk=desk, plans=plans)
    marks = [Mark(criterion="rescue", points=8.0, basis="12 分内救出")]
    with pytest.raises(ConflictError, match="尚未结束"):
        sheets.mark(code, 0, marks, by=ZHOU, command="mark-00001")
    version = desk.find(code, scope=ZHOU.scope).version
    desk.step(code, version, Step.CONTROL, by=ZHOU, command="control-0001")
    desk.correct(code, version + 1, {"deaths": 0, "serious_injuries": 0, "missing": 0}, by=ZHOU, command="loss-000001")
    desk.step(code, version + 2, Step.CLOSE, by=ZHOU, command="close-00001", why="处置完毕")
    now = sheets.marking(code, ZHOU.scope)
    assert now.course[0].text in ("接报", "接到电话报告:报告")
    assert any("启用预案" in one.text for one in now.course)
    lines = {line.criterion.id: line for line in now.sheet.lines}
    assert lines["tasks"].mark is not None
    assert lines["tasks"].mark.points == round(10 / (len(rest) + 1), 1)
    assert lines["orders"].mark is not None
    assert lines["orders"].mark.points is None, "no orders: none to lose points by"
    assert {"rescue", "unit_report"} <= set(now.sheet.missing), "when the unit was told nobody knows"
    sheets.mark(code, 0, marks, by=ZHOU, command="mark-00001")
    assert sheets.mark(code, 0, marks, by=ZHOU, command="mark-00001").again
    with pytest.raises(ConflictError, match="他人"):
        sheets.mark(code, 0, marks, by=ZHOU, command="mark-00002")
    with pytest.raises(ConflictError, match="未评"):
        sheets.file(code, 1, "", by=ZHOU, command="file-00001")
    left = [Mark(criterion=one, points=None, basis="不涉及") for one in sheets.marking(code, ZHOU.scope).sheet.missing]
    sheets.mark(code, 1, left, by=ZHOU, command="mark-00003")
    before = sheets.marking(code, ZHOU.scope)
    sheets.file(code, 2, "总体有序", by=ZHOU, command="file-00002")
    filed = sheets.marking(code, ZHOU.scope)
    assert filed.kept is not None
    assert (filed.kept.state, filed.kept.filed_by, filed.kept.points) == ("filed", "周敏", before.sheet.points)
    told = (filed.sheet.points, filed.sheet.most, filed.sheet.missing)
    assert told == (before.sheet.points, before.sheet.most, ())
    with pytest.raises(ConflictError, match="已归档"):
        sheets.mark(code, 3, marks, by=ZHOU, command="mark-00004")
    assert desk.log(code, scope=ZHOU.scope)[-1].text.startswith("处置评估归档:")


def test_two_who_take_up_at_once_make_each_task_once_and_an_exercise_keeps_its_own(plans: PlanDesk) -> None:
    code, played = begun(plans), begun(plans, exercise=True)

    def take(n: int) -> bool:
        try:
            plans.take_up(code, "YA-YG-YELV", 3, by=ZHOU, command=f"both-{n:05d}")
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(take, range(2))) == 1
    steps = [one.task.step for one in plans.tasks(code, ZHOU.scope)]
    assert len(steps) == len(set(steps))
    plans.take_up(played, "YA-YG-YELV", 3, by=ZHOU, command="played-take")
    mine = plans.tasks(played, ZHOU.scope)
    assert len(mine) == len(steps)
    assert all(one.task.exercise for one in mine)


def test_plans_are_imported_as_any_table_is(tmp_path: Path) -> None:
    table, data = tmp_path / "plans.csv", tmp_path / "city"
    table.write_text(
        "预案编号,名称,类别,文本性质,版本,有效期至,物质,适用事件类型,响应级别,行政区划代码\n"
        "TEST-1,液氯预案,专项预案,正式文本,2026,2028-01-01,7782-50-5,leak;poisoning,1;2;3;4,990106\n",
        encoding="utf-8",
    )
    done = run("import", str(table), "--layer", "emergency_plans", "--map", "chemicals=物质", "--map",
               "levels=响应级别", "--data", str(data))  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    listed = run("plan", "list", "--data", str(data))
    assert "TEST-1  液氯预案  2026  有效  0 项行动" in listed.stdout, listed.stdout + listed.stderr


def test_a_firm_reads_its_own_plan_step_by_step_and_that_of_nobody_else(tmp_path: Path, watch: Watch) -> None:
    store = filled(open_embedded(tmp_path / "city.gpkg", SMALL, watch))
    own, other = "91990106MAGULL427N", "91990106MATYEK5E8U"
    _, steps = demo_plans(date(2026, 11, 29))
    edits = [Put(layer=PLAN_STEPS.id, record=one) for one in steps if one.plan == "YA-YLLJ-YELV"]
    edits += [
        Put(
            layer=ENTERPRISES.id,
            record=Enterprise(
                uscc=uscc, name=uscc, area="990106", sector="hazchem", geometry=shapely.Point(121.8, 33.2)
            ),
        )
        for uscc in (own, other)
    ]
    store.commit(edits, actor=ZHOU.actor, reason="t", scope=SYSTEM_SCOPE)
    doors = PlanDoors(plans=PlanDesk(desk=IncidentDesk(store=store, clock=watch)))
    shut = frozenset(layer.id for layer in SMALL) - {EMERGENCY_PLANS.id, PLAN_STEPS.id}

    def caller(**scope: Any) -> Caller:
        return Caller(actor=ZHOU.actor, scope=replace(ZHOU.scope, **scope))

    firm = caller(layers=shut, enterprises=frozenset({own}))
    (plan,) = doors.of_firm(firm, {"id": own})["rows"]
    assert plan["code"] == "YA-YLLJ-YELV"
    assert [one["number"] for one in plan["steps"]] == list(range(1, len(plan["steps"]) + 1)) != []
    with pytest.raises(NotFoundError):
        doors.of_firm(firm, {"id": other})
    assert doors.of_firm(caller(), {"id": own})["rows"] == [plan], "whoever commands reads the same"
    assert doors.of_firm(caller(), {"id": other})["rows"] == []
    with pytest.raises(ForbiddenError):
        doors.of_firm(caller(layers=shut), {"id": own})
    store.close()
