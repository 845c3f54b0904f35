"""Investigations of accidents: the time to report and to reply, who may investigate, the register of accidents."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.systems import FUNCTIONS, GATHERS, investigated
from casework.calendar import china
from casework.casetype import Role
from casework.desk import Desk
from casework.documents.filling import filled
from casework.documents.organs import Organ
from casework.documents.printing import page
from casework.engine import StepRefusedError, Who, opened, taken
from casework.papers import Drafting, Firm, paper
from casework.systems.accident import ACCIDENT
from core.actors import SYSTEM_ACTOR
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue import ACCIDENTS, EMERGENCY_CASES, INCIDENTS
from layers.catalogue.events import Accident
from layers.catalogue.incidents import Incident
from layers.catalogue.investigations import Investigation
from store.attachments import Cabinet
from store.feed import Put
from store.query import EVERYTHING
from tests.blank import blank_city
from tests.casework.test_desk import OFFICER, PNG, STRANGER, Day

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
DAY = timedelta(days=1)
ONE = Who(account="o1", name="周敏", role=Role.OFFICER)
INCIDENT = "SJ20260301-0001"
KNOWN: dict[str, Any] = {
    "incident_title": "氯乙烯爆燃", "occurred_at": NOW - DAY, "unit_name": "德嘉石化", "known_level": 4,
    "known_deaths": 1, "known_serious": 2, "known_minor": 5, "area": "990106", "geometry": shapely.Point(121.8, 33.2),
}  # fmt: skip
GROUP = {"group_by": "county", "group_organ": "盐港新区管委会", "group_head": "王立", "group_members": "周敏,应急局"}
REPORT: dict[str, Any] = {
    "course": "爆燃", "direct_cause": "静电", "indirect_cause": "未联锁", "nature": "responsible",
    "responsibility": "建议处罚", "prevention": "联锁", "accident_kind": "018", "deaths": 1, "serious_injuries": 2,
    "minor_injuries": 5, "direct_loss": 2_600_000.0,
}  # fmt: skip


def begun(**more: Any) -> Any:
    given = {"incident": INCIDENT}
    return opened(ACCIDENT, "SG2026-000001", given, who=ONE, at=NOW, calendar=china(), about=KNOWN | more).row


def then(row: Any, step: str, at: datetime, reason: str = "依规定", **values: Any) -> Any:
    files = ("a" * 64,)
    return taken(ACCIDENT, row, step, values, who=ONE, at=at, calendar=china(), reason=reason, files=files).row


def refused(row: Any, step: str, at: datetime, **values: Any) -> str:
    with pytest.raises(StepRefusedError) as raised:
        then(row, step, at, **values)
    return raised.value.text.zh


def end(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=CHINA) + DAY


def test_the_report_is_due_sixty_days_after_it_happened_and_an_appraisal_does_not_count() -> None:
    row = begun()
    assert (row.title, row.due_basis, row.due_at) == ("氯乙烯爆燃事故调查", "accident-report", end(4, 30))
    with pytest.raises(StepRefusedError, match="发生时间未填"):
        begun(occurred_at=None)
    row = then(row, "form_group", NOW + DAY, **GROUP)
    assert row.due_at == end(4, 30)
    away = then(row, "send_to_appraisal", NOW + 2 * DAY, appraiser="特检所")
    back = then(away, "take_appraisal", NOW + 22 * DAY, appraisal="焊缝缺陷")
    assert back.due_at == end(5, 20)
    assert "不晚于" in refused(back, "extend_report", NOW + 30 * DAY, report_by=date(2026, 8, 1), extended_by="市政府")
    longer = then(back, "extend_report", NOW + 30 * DAY, report_by=date(2026, 7, 1), extended_by="市政府")
    assert (longer.due_at, longer.extended_from) == (end(7, 1), end(5, 20))
    assert "已延长一次" in refused(
        longer, "extend_report", NOW + 31 * DAY, report_by=date(2026, 7, 9), extended_by="市"
    )
    late = then(longer, "submit_report", end(7, 3), **REPORT)
    assert (late.late, late.level) == (True, 4)
    assert then(late, "send_back", end(7, 4)).due_at == end(7, 1)


def test_who_investigates_follows_from_the_level_and_a_unit_only_where_nobody_was_hurt() -> None:
    larger = begun(known_level=3, known_deaths=3)
    assert "较大事故由设区的市级人民政府负责调查" in refused(larger, "form_group", NOW, **GROUP)
    assert then(larger, "form_group", NOW, **GROUP | {"group_by": "city"}).state == "investigating"
    assert then(begun(known_level=None), "form_group", NOW, **GROUP).state == "investigating"
    unit = GROUP | {"group_by": "unit"}
    assert "有人员伤亡" in refused(begun(), "form_group", NOW, **unit)
    nobody = dict.fromkeys(("known_deaths", "known_serious"), 0)
    assert "伤亡未报齐" in refused(begun(**nobody, known_minor=None), "form_group", NOW, **unit)
    assert then(begun(**nobody, known_minor=0), "form_group", NOW, **unit).state == "investigating"


def test_losses_are_all_told_the_level_follows_and_the_reply_has_fifteen_or_thirty_days() -> None:
    row = then(begun(), "form_group", NOW, **GROUP)
    assert "直接经济损失" in refused(row, "submit_report", NOW + 9 * DAY, **REPORT | {"direct_loss": None})
    plain = then(row, "submit_report", NOW + 9 * DAY, **REPORT)
    assert (plain.level, plain.late, plain.due_basis, plain.due_at) == (4, False, "accident-reply", end(3, 26))
    assert "特别重大" in refused(plain, "extend_reply", NOW + 10 * DAY)
    reply = {"reply_no": "盐政复1号", "reply_organ": "盐港新区管委会"}
    assert "批复日期" in refused(plain, "reply_report", NOW + 20 * DAY, **reply, reply_on=date(2026, 3, 1))
    done = then(plain, "reply_report", NOW + 30 * DAY, **reply, reply_on=date(2026, 3, 26))
    assert (done.reply_late, done.due_basis) == (False, "accident-evaluate")
    assert then(plain, "reply_report", NOW + 30 * DAY, **reply, reply_on=date(2026, 3, 27)).reply_late
    gravest = then(row, "submit_report", NOW + 9 * DAY, **REPORT | {"deaths": 30})
    assert (gravest.level, gravest.due_at) == (1, end(4, 10))
    longer = then(gravest, "extend_reply", NOW + 30 * DAY)
    assert longer.due_basis == "accident-reply-extend"
    assert "已延长一次" in refused(longer, "extend_reply", NOW + 31 * DAY)
    nothing = then(row, "submit_report", NOW + 9 * DAY, **REPORT | dict.fromkeys(
        ("deaths", "serious_injuries", "minor_injuries"), 0) | {"direct_loss": 0.0})  # fmt: skip
    assert nothing.level is None


def test_one_of_an_incident_and_the_register_of_accidents_has_it_once_its_losses_are_known(tmp_path: Path) -> None:
    day = Day()
    store = blank_city(tmp_path / "city.gpkg", day)
    happened = Incident(
        code=INCIDENT, title="氯乙烯爆燃", kind="explosion", origin="call", reported_at=NOW - DAY, deaths=1, level=4,
        occurred_at=NOW - DAY, area="990106", geometry=shapely.Point(121.8, 33.2), enterprise_name="德嘉石化",
        state="closed",
    )  # fmt: skip
    store.commit([Put(layer=INCIDENTS.id, record=happened)], actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    cabinet = Cabinet(store, tmp_path / "files", day, largest=100_000)
    desk = Desk(store, cabinet, china(), day, FUNCTIONS, gathers=GATHERS, besides=investigated(store))
    code = desk.open(ACCIDENT, {"incident": INCIDENT}, by=OFFICER).row.code
    with pytest.raises(StepRefusedError, match=code):
        desk.open(ACCIDENT, {"incident": INCIDENT}, by=OFFICER)
    with pytest.raises(StepRefusedError, match="没有这项突发事件"):
        desk.open(ACCIDENT, {"incident": INCIDENT}, by=STRANGER)

    def take(name: str, **values: Any) -> Investigation:
        version = desk.find(ACCIDENT, code, scope=OFFICER.scope).version
        with cabinet.draft([PNG + f"{name} {version}".encode()], f"{name}.png") as paper:
            desk.attach(ACCIDENT, code, paper, by=OFFICER)
        row = desk.take(ACCIDENT, code, version, name, values, by=OFFICER, reason="依规定").row
        assert isinstance(row, Investigation)
        return row

    take("form_group", **GROUP)
    assert store.count(ACCIDENTS, EVERYTHING, scope=SYSTEM_SCOPE) == 0
    take("submit_report", **REPORT)
    kept: Any = store.get(ACCIDENTS, code, scope=SYSTEM_SCOPE).record
    assert isinstance(kept, Accident)
    assert (kept.deaths, kept.serious_injuries, kept.direct_loss, kept.level, kept.state) == (
        1,
        2,
        2_600_000.0,
        4,
        "open",
    )
    take("send_back")
    take(
        "submit_report",
        **REPORT | dict.fromkeys(("deaths", "serious_injuries", "minor_injuries"), 0) | {"direct_loss": 0.0},
    )
    assert store.count(ACCIDENTS, EVERYTHING, scope=SYSTEM_SCOPE) == 0  # a report that is withdrawn leaves no figures
    take("send_back")
    take("submit_report", **REPORT)
    day.now += 3 * DAY
    take("reply_report", reply_no="1号", reply_organ="管委会", reply_on=date(2026, 3, 3))
    kept = store.get(ACCIDENTS, code, scope=SYSTEM_SCOPE).record
    assert (kept.state, kept.summary, kept.cause) == ("closed", "", ""), "what a report says is for officers"
    assert kept.sensitivity is Sensitivity.INTERNAL, "the public reads nothing before it is published"
    with pytest.raises(StepRefusedError, match="王立"):
        take("publish_outcome", public_summary="王立带队查明,静电引起爆燃")
    with pytest.raises(StepRefusedError, match="电话"):
        take("publish_outcome", public_summary="联系 138-1234-5678")
    take("publish_outcome", public_summary="静电引起爆燃,责任单位已处罚")
    kept = store.get(ACCIDENTS, code, scope=SYSTEM_SCOPE).record
    assert (kept.summary, kept.sensitivity) == ("静电引起爆燃,责任单位已处罚", Sensitivity.PUBLIC)
    with pytest.raises(StepRefusedError, match="已公布"):
        take("publish_outcome", public_summary="再公布")
    study = {"study_course": "冷却、堵漏", "study_cause": "静电放电,联锁未投用", "study_lessons": "联锁不得摘除"}
    with pytest.raises(StepRefusedError, match="周敏"):
        take("make_case_study", **study | {"study_lessons": "周敏提出联锁不得摘除"})
    take("make_case_study", **study)
    case: Any = store.get(EMERGENCY_CASES, f"AL-{code}", scope=SYSTEM_SCOPE).record
    assert (case.title, case.kind, case.level, case.deaths, case.direct_loss) == (
        "氯乙烯爆燃", "explosion", 4, 1, 2_600_000.0,
    )  # fmt: skip
    assert (case.summary, case.cause, case.lessons) == ("静电引起爆燃,责任单位已处罚", *list(study.values())[1:])
    assert (case.sensitivity, case.reference) == (Sensitivity.INTERNAL, "管委会 1号")
    told = case.model_dump_json(exclude={"geometry"})
    assert not any(name in told for name in ("王立", "周敏", "建议处罚"))
    with pytest.raises(StepRefusedError, match="已编为案例"):
        take("make_case_study", **study)
    store.close()


def test_the_report_is_a_document_with_what_article_30_asks_for_and_the_one_before_holds_no_more() -> None:
    row = then(then(begun(), "form_group", NOW, **GROUP), "submit_report", NOW + 9 * DAY, **REPORT)
    organ = Organ(
        area="",
        name="盐港新区应急管理局",
        short="盐",
        review_organ="盐港新区管委会",
        court="盐港新区人民法院",
        seal=b"",
    )
    step = ACCIDENT.step("submit_report")
    assert step is not None
    document = next(one for one in ACCIDENT.documents if one.id in step.documents)
    given = Drafting(row=row, who=ONE, at=NOW + 9 * DAY, reason="", organ=organ)
    made = paper(ACCIDENT, document, step, given, Firm(name="德嘉石化"))
    assert not made.theirs, "it names persons: no enterprise has it"
    words = made.words | {"number": "盐应急事故调〔2026〕1号", "code": "C", "seal": "", "qr": ""}
    docx = filled(made.kind, words)
    said = re.sub(r"<[^>]+>", "", page(docx))
    for part in ("爆燃", "静电", "未联锁", "责任事故", "建议处罚", "联锁", "王立（组长）", "周敏,应急局",
                 "死亡 1 人，重伤 2 人，轻伤 5 人；直接经济损失 260.00 万元。", "一般事故"):  # fmt: skip
        assert part in said, part
    assert document.ends == ("accident-report",)
