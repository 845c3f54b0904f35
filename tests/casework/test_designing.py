"""Procedures that administrators write: every fault at its field, what differs in words, and who is in force."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.systems import SYSTEMS
from casework.calendar import china
from casework.casetype import Role
from casework.designing import (
    conditions_of,
    deadlines_of,
    designed,
    effects_of,
    fills_of,
    forms_of,
    guards_of,
    sentence,
)
from casework.differences import differences
from casework.engine import StepRefusedError, Who, opened, taken
from casework.procedures import Origin, Procedures
from casework.systems.hidden_danger import HIDDEN_DANGER
from casework.tables import rows_of
from casework.versions import as_data, from_body, functions_of, name_of
from core.actors import SYSTEM_ACTOR, Actor
from core.errors import ConflictError, FaultsError
from core.texts import Text
from store.protocol import Store
from tests.blank import blank_city
from tests.casework.stalls import STALL_PERMIT

CALENDAR = china()
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
BOSS = Actor(id="boss", name="王管", door="web")
OTHER = Actor(id="other", name="李管", door="web")


def written() -> dict[str, Any]:
    return copy.deepcopy(as_data(HIDDEN_DANGER))


def step(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in data["steps"] if one["name"] == name)  # type: ignore[no-any-return]


def approving() -> dict[str, Any]:
    """The plan waits for an officer's approval, in a state that no code list has."""
    data = written()
    data["own"] = [{"code": "approving", "title": ["方案待审批", "Plan to approve"], "turn": "officer"}]
    data["states"].insert(4, "approving")
    step(data, "plan").update(target="approving", until=None, limit="danger-extend-decide")
    new = {**step(data, "dismiss"), "name": "approve", "title": ["审批方案", "Approve the plan"], "reason": False,
           "source": ["approving"], "target": "mending", "until": "mend_by"}  # fmt: skip
    data["steps"].insert(9, new)
    return data


def faults(data: object) -> dict[str, str]:
    with pytest.raises(FaultsError) as refused:
        designed(data, 2, HIDDEN_DANGER)
    return {f"{one.field} {one.value}".strip(): one.rule.zh for one in refused.value.faults}


def said(data: dict[str, Any]) -> list[str]:
    return [one.text.zh for one in differences(as_data(HIDDEN_DANGER), data, HIDDEN_DANGER, DAY)]


def test_what_the_program_declares_is_written_back_as_it_was_and_changes_nothing() -> None:
    assert as_data(designed(written(), 1, HIDDEN_DANGER)) == as_data(HIDDEN_DANGER)
    assert said(written()) == []


def test_an_approval_step_in_a_state_of_its_own_is_gone_through_and_says_whose_turn_it_is() -> None:
    made = designed(approving(), 2, HIDDEN_DANGER)
    officer = Who(account="o", name="周敏", role=Role.OFFICER)
    more: dict[str, Any] = {"who": officer, "at": NOW, "calendar": CALENDAR}
    given = {
        "title": "破损",
        "enterprise": "91990106MATYEK5E8U",
        "found_at": NOW,
        "place": "车间",
        "origin": "inspection",
    }
    row = opened(made, "YH2026-000001", given, **more).row
    row = taken(made, row, "grade_general", {}, **more).row
    five = {"measures": "换", "funds": 1.0, "person": "赵", "mend_by": date(2026, 4, 1), "contingency": "停"}
    row = taken(made, row, "plan", five, **more).row
    assert (row.state, row.turn, row.due_basis) == ("approving", "officer", "danger-extend-decide")
    assert made.state_title(row.state).zh == "方案待审批"
    with pytest.raises(StepRefusedError, match="方案待审批"):
        taken(made, row, "finish", {"outcome": "已换"}, files=("a",), **more)
    assert taken(made, row, "approve", {}, **more).row.state == "mending"


def test_every_fault_is_at_its_field_and_all_of_them_at_once() -> None:
    data = written()
    step(data, "plan").update(limit="gone", guards=["is_major", "grades_major"], by=[], needs=["title"])
    step(data, "list").update(title=["挂牌督办", ""])
    found = faults(data)
    assert found["steps.plan.guards grades_major"] == "不是本业务的规则"
    step(data, "plan")["guards"] = ["is_major"]
    found = faults(data)
    assert found["steps.plan.limit gone"] == "没有这条期限规则"
    assert found["steps.plan plan"] == "没有办理身份"
    assert found["steps.plan.needs title"] == "不在填写字段中"
    assert "须有中文和英文" in found.values()


def test_what_is_not_an_administrators_to_change_is_refused() -> None:
    data = written() | {"numbering": "ZZ", "turn": "whose_turn_now"}
    assert faults(data) == {"numbering ZZ": "由程序规定,不能修改", "turn whose_turn_now": "由程序规定,不能修改"}


@pytest.mark.parametrize("body", [None, [], {}, {"steps": [1]}, {"id": 3}, as_data(STALL_PERMIT)])
def test_what_is_no_procedure_is_refused_and_never_breaks(body: object) -> None:
    assert faults(body)


def test_a_fault_of_kind_is_told_at_the_step_it_is_in() -> None:
    data = written()
    step(data, "finish")["files"] = -1
    assert faults(data) == {"steps.finish.files": "不得小于 0"}


def test_a_procedure_that_could_open_no_case_is_refused() -> None:
    data = written()
    step(data, "report").update(asks=["title", "enterprise", "found_at"], needs=["title"])
    assert "须填写“隐患部位”" in faults(data)["steps.report.asks place"]


def test_an_own_state_may_not_take_the_code_of_the_list_and_is_led_to() -> None:
    data = approving()
    data["own"].append({"code": "mending", "title": ["整", "m"], "turn": "officer"})
    assert "states.mending mending" in faults(data)
    data = approving()
    data["steps"] = [one for one in data["steps"] if one["name"] != "approve"]
    assert "states approving" in faults(data)


def test_what_changes_is_said_in_words() -> None:
    data = approving()
    step(data, "stop_work")["by"] = ["officer"]
    step(data, "dismiss").update(title=["不予受理", "Reject"], documents=["order"])
    data["reminders"] = [{"days": 0, "tier": "town"}]
    data["steps"].reverse()
    changes = said(data)
    assert "新增步骤“审批方案”:方案待审批 → 整改中,由监管人员办理" in changes
    assert "步骤“落实整改方案”新状态:整改中 → 方案待审批" in changes
    assert "步骤“落实整改方案”期限:无 → 延期审批 10 个工作日" in changes
    assert "步骤“停产撤人”办理身份删去:企业" in changes
    assert "步骤“不予受理”名称:不予认定 → 不予受理" in changes
    assert "步骤“不予受理”文书增加:责令限期整改指令书" in changes
    assert any(line.startswith("提醒删去:") and "期限前" in line for line in changes)
    assert any(line.startswith("步骤顺序改为:同意恢复生产") for line in changes)
    assert said(written() | {"steps": written()["steps"][:-1]}) == ["删去步骤“同意恢复生产”"]


@pytest.mark.parametrize("of", SYSTEMS, ids=lambda of: of.id)
def test_every_function_that_may_be_chosen_says_in_both_languages_what_it_does(of: Any) -> None:
    named = [row["function"] for row in rows_of("functions")]
    for name in (*conditions_of(of), *effects_of(of), *deadlines_of(of), *fills_of(of), name_of(of.turn)):
        assert named.count(name) == 1, f"casework/data/functions/ has not one sentence for {name}"
        assert sentence(name).zh != sentence(name).en


def test_a_document_that_an_administrator_adds_is_one_that_steps_can_make() -> None:
    assert {"rectify-order", "danger-listing"} <= {one.id for one in forms_of(HIDDEN_DANGER)}
    data = written()
    data["documents"].append(
        {"id": "warning", "title": ["告知书", "Notice"], "form": "danger-listing", "when": "is_major"}
    )
    step(data, "resume_work")["documents"] = ["warning"]
    made = designed(data, 2, HIDDEN_DANGER)
    paper = made.documents[-1]
    assert [name_of(one) for one in paper.fills] == ["problems"], "what its form asks for is filled in by itself"
    assert name_of(paper.when) == "is_major"
    assert "文书增加:告知书" in said(as_data(made))
    data["documents"][-1]["form"] = "service-receipt"
    assert "模板需要此项,无处取得" in faults(data)["documents.warning.fills served_how"]
    data["documents"][-1] |= {"form": "no-such-form", "when": "grades_major"}
    assert faults(data) == {
        "documents.warning grades_major": "不是本业务的规则",
        "documents.warning.form no-such-form": "没有这种文书或没有模板",
    }


def test_a_version_from_before_documents_were_made_makes_those_of_the_program() -> None:
    old = as_data(HIDDEN_DANGER)
    old["documents"] = [{"id": one["id"], "title": one["title"], "form": "第 7 号"} for one in old["documents"][:2]]
    old["documents"].append({"id": "gone", "title": ["旧文书", "Old"], "form": ""})
    for each in old["steps"]:
        each["documents"] = [*each["documents"], "gone"] if each["name"] == "list" else each["documents"]
    read = from_body(orjson.dumps(old).decode(), 1, HIDDEN_DANGER, functions_of([HIDDEN_DANGER]))
    assert read.documents == HIDDEN_DANGER.documents[:2]
    assert [one.documents for one in read.steps if one.name == "accept"] == [("review",)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened_ = blank_city(tmp_path / "city.gpkg", lambda: NOW)
    yield opened_
    opened_.close()


def procedures(store: Store) -> Procedures:
    return Procedures(store, lambda: NOW, functions_of([HIDDEN_DANGER]))


def test_an_update_of_the_program_is_offered_and_never_put_over_an_administrators_version(store: Store) -> None:
    kept = procedures(store)
    assert kept.in_force(HIDDEN_DANGER).version == 1
    mine = designed(approving(), 2, HIDDEN_DANGER)
    kept.publish(mine, actor=BOSS, origin=Origin.ADMINISTRATOR, reason="加审批", account="boss")
    newer = replace(HIDDEN_DANGER, law=Text("新法", "New law"))
    again = procedures(store)
    assert again.in_force(newer).version == 2
    offered = again.offered(newer)
    assert offered is not None
    assert offered["law"] == ["新法", "New law"]
    assert again.offered(HIDDEN_DANGER) is None
    again.publish(replace(newer, version=3), actor=BOSS, origin=Origin.ADMINISTRATOR, reason="接受更新", account="boss")
    assert again.current(newer).law.zh == "新法"
    assert again.offered(newer) is None
    assert [one.reason for one in kept.published(newer)] == ["接受更新", "加审批", ""]


def test_an_update_comes_into_force_by_itself_while_no_administrator_published(store: Store) -> None:
    procedures(store).in_force(HIDDEN_DANGER)
    newer = replace(HIDDEN_DANGER, law=Text("新法", "New law"))
    assert procedures(store).in_force(newer).version == 2
    assert procedures(store).in_force(HIDDEN_DANGER).version == 2  # a process of the older program does not undo it


def test_a_version_that_was_published_counts_in_every_process_at_once_and_one_of_two_wins(store: Store) -> None:
    mine, theirs = procedures(store), procedures(store)
    assert theirs.current(HIDDEN_DANGER).version == 1
    made = designed(approving(), 2, HIDDEN_DANGER)
    mine.publish(made, actor=BOSS, origin=Origin.ADMINISTRATOR, reason="一", account="boss")
    assert theirs.current(HIDDEN_DANGER).step("approve") is not None
    with pytest.raises(ConflictError, match="王管已于 03-02 09:00 发布第 2 版"):
        theirs.publish(made, actor=OTHER, origin=Origin.ADMINISTRATOR, reason="二", account="other")
    assert theirs.titles(HIDDEN_DANGER)["approving"].zh == "方案待审批"
    assert SYSTEM_ACTOR.name != BOSS.name


def test_a_version_that_the_program_cannot_run_any_more_is_left_out_and_the_log_says_whose_reminders_rest(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    procedures(store).in_force(HIDDEN_DANGER)
    functions = functions_of([HIDDEN_DANGER])
    lost = next(iter(guards_of(HIDDEN_DANGER)))
    poorer = Procedures(store, lambda: NOW, {name: one for name, one in functions.items() if name != lost})
    assert poorer.sound(HIDDEN_DANGER) == []
    assert f"cases of {HIDDEN_DANGER.id} version 1" in caplog.text
    assert lost in caplog.text
