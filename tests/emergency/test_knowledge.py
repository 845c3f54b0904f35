"""Articles that are shipped, and a case drafted of an incident: its facts and steps, and nobody's name."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import ConflictError
from core.scope import Sensitivity
from dashboards.queries.knowledge import passage
from emergency.incidents.log import entry, struck
from emergency.knowledge.drafting import drafted, free_words
from emergency.knowledge.laws import articles
from layers.catalogue.incidents import ExerciseIncident, Incident

AT = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FACTS = {
    "title": "液氨泄漏", "kind": "leak", "origin": "call", "reported_at": AT, "area": "990104", "state": "closed",
    "reporter": "王某某", "reporter_phone": "13900000000", "reported_by": "周敏", "chemical": "7664-41-7",
    "chemical_name": "液氨", "deaths": 0, "summary": "机房泄漏",
}  # fmt: skip


def test_every_article_is_there_once_with_the_date_of_its_text():
    found = {one.code: one for one in articles()}
    assert len(found) == len(articles())
    numbers: dict[str, list[int]] = {}
    for one in articles():
        numbers.setdefault(one.law, []).append(one.number)
        assert one.dated is not None
    assert all(held == list(range(1, len(held) + 1)) for held in numbers.values())
    seventeen = found["yingji/017"]
    assert seventeen.title == "生产安全事故应急条例 第十七条"
    assert seventeen.text.startswith("发生生产安全事故后，生产经营单位应当立即启动生产安全事故应急救援预案")
    assert seventeen.status == "secondary"


def test_a_case_has_the_facts_and_steps_of_its_incident_and_names_nobody():
    row = Incident(code="SJ20261129-0001", **FACTS)

    def line(n: int, kind: str, text: str, *refs: str):
        return entry(row, n, kind, text, by="吴浩", account="wu", at=AT + n * MINUTE, refs=refs)

    lines = [
        line(1, "call", "接到电话报告:王某某报告泄漏"), line(2, "decision", "启动响应 Ⅲ级", "step/respond"),
        line(3, "task", "启用预案《甲》,下达Ⅲ级响应任务 9 项", "emergency_plans/A", "plan/taken"),
        line(4, "task", "任务 01 承办 李某", "incident_tasks/SJ20261129-0001/T001"),
        struck(line(5, "report", "快报,经手人 赵某", "report/flash"), by="吴浩", at=AT, why="误记"),
        line(6, "report", "快报第 1 号,报云澜市,经手人 赵某", "report/flash"),
        line(7, "order", "指令第 1 号下达孙某:带两人进罐区", "incident_orders/x", "step/order"),
        line(8, "position", "标绘封路 钱某家门口", "incident_marks/x", "step/mark"),
        line(9, "report", "已电告市局郑某 13912345678", "report/phone_flash"),
        line(10, "decision", "险情控制:冯某关阀,电话 139 1234 5678", "step/control"),
    ]  # fmt: skip
    case = drafted(row, lines, AT)
    assert case.course.split("\n") == [
        "接报后 2 分 启动响应 Ⅲ级", "接报后 3 分 启用预案《甲》,下达Ⅲ级响应任务 9 项", "接报后 6 分 快报第 1 号",
        "接报后 9 分 电话快报", "接报后 10 分 险情控制",
    ]  # fmt: skip
    told = case.model_dump_json(exclude={"geometry"})
    assert not any(
        name in told for name in ("王某某", "139", "周敏", "吴浩", "李某", "赵某", "孙某", "钱某", "郑某", "冯某")
    )
    assert case.summary == "", "free words go in only where somebody has chosen them"
    free = {one.title.zh: one for one in free_words(row, lines)}
    assert set(free) == {"简要经过", "险情控制的说明"}
    chosen = drafted(row, lines, AT, [one.key for one in free.values()])
    assert chosen.course.endswith("险情控制:冯某关阀,电话 〔号码已隐去〕"), "a name a person must find; numbers are out"
    assert (chosen.summary, chosen.source) == ("机房泄漏", "由事件结案整理,所列文字未核对人名")
    assert (case.sensitivity, case.deaths, case.serious_injuries) == (Sensitivity.INTERNAL, 0, None)
    with pytest.raises(ConflictError):
        drafted(Incident(code="SJ20261129-0001", **(FACTS | {"state": "controlled"})), lines, AT)
    played = drafted(ExerciseIncident(code="YL20261129-0001", **FACTS), [], AT)
    assert (played.nature, played.geometry) == ("exercise", None)


def test_a_passage_shows_where_the_words_stand_with_what_was_asked_marked():
    far = passage("液氨", ["", "一" * 60 + "液氨罐" + "二" * 90])
    assert [piece for piece in far if piece[1]] == [("液氨", True)]
    assert (far[0], far[-1][0][-1]) == (("…", False), "…")
    assert passage("氨水 泄漏", ["泄漏处置", "氨水"]) == [("泄漏", True), ("处置", False)]
    assert passage("无关", ["别的"]) == [("别的", False)]
    assert passage("a.b", ["a1b a.b"]) == [("a1b ", False), ("a.b", True)]
