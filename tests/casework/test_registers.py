"""First-form registers: by declaration alone, standing rows in nobody's hand, rules found by kind."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.systems import SYSTEMS, system
from casework.calendar import china
from casework.casetype import CaseType, Role
from casework.designing import designed
from casework.documents.filling import filled
from casework.documents.organs import Organ
from casework.documents.printing import page
from casework.engine import StepRefusedError, Who, opened, options, reminded, taken
from casework.papers import Drafting, Firm, paper
from casework.registering import rule_of
from casework.systems.credit import CREDIT
from casework.systems.filing import FILING
from casework.systems.intermediary import INTERMEDIARY
from casework.systems.major_hazard import MAJOR_HAZARD
from casework.systems.rosters import EXPERT
from casework.systems.safety_promise import SAFETY_PROMISE
from casework.systems.standardization import STANDARDIZATION
from casework.versions import as_data, body, from_body, functions_of
from core.clock import CHINA
from core.errors import FaultsError
from core.scope import Sensitivity
from layers.catalogue import CREDIT_LISTINGS
from layers.catalogue.casework import CaseRow
from layers.codes import code_list

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
DAY = timedelta(days=1)
FIRM = Who(account="f1", name="赵强", role=Role.ENTERPRISE)
OFFICER = Who(account="o1", name="周敏", role=Role.OFFICER)
FIRST = {
    "major-hazard": ("hazardfilings", "major_hazard"),
    "filing": ("filings", "filing"), "standardization": ("standards", "standardization"),
    "credit": ("credits", "credit"), "intermediary": ("intermediaries", "intermediary"), "body": ("rosters", "rosters"),
    "expert": ("rosters", "rosters"), "firework-flow": ("fireworks", "firework_flow"),
    "safety-promise": ("promises", "safety_promise"),
    "industry-return": ("returns", "industry_return"),
}  # fmt: skip
PLAN = {"title": "应急预案备案", "kind": "emergency_plan", "enterprise": "91990106MATYEK5E8U"}


def begun(of: CaseType, values: dict[str, Any], who: Who = FIRM, at: datetime = NOW, **about: Any) -> Any:
    return opened(of, f"{of.numbering}2026-000001", values, who=who, at=at, calendar=china(), about=about).row


def then(
    of: CaseType, row: CaseRow, step: str, at: datetime, who: Who = OFFICER, reason: str = "", **values: Any
) -> Any:
    return taken(of, row, step, values, who=who, at=at, calendar=china(), reason=reason)


def refused(of: CaseType, row: CaseRow, step: str, at: datetime, who: Who = OFFICER, **values: Any) -> str:
    with pytest.raises(StepRefusedError) as raised:
        then(of, row, step, at, who, reason="依规定", **values)
    return raised.value.text.zh


@pytest.mark.parametrize("name", FIRST)
def test_a_first_form_register_is_150_lines_of_declaration_and_no_page_knows_it(name: str) -> None:
    layer, module = FIRST[name]
    declared = [ROOT / "layers/catalogue" / f"{layer}.py", ROOT / "casework/systems" / f"{module}.py"]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in declared) <= 150
    register = system(name).register.id
    word = re.compile(rf"[\"'`]{register}[\"'`]|\b{register.upper()}\b|system={name}\b")
    pages = [path for folder in ("dashboards", "app/doors", "ogc") for path in (ROOT / folder).rglob("*.[pj][ys]")]
    assert len(pages) > 100
    assert [path.name for path in pages if word.search(path.read_text(encoding="utf-8"))] == []
    reference = (ROOT / "docs/reference/casework.md").read_text(encoding="utf-8")
    assert f"{{: #{name} }}" in reference


def test_what_stands_is_in_nobodys_hand_and_its_end_is_watched() -> None:
    row = begun(FILING, PLAN)
    assert (row.turn, row.due_basis) == ("officer", "filing-check-emergency_plan")
    assert begun(FILING, PLAN | {"kind": "project_safety"}).due_basis == "filing-check"
    row = then(FILING, row, "register", NOW + DAY, checked="齐全").row
    assert (row.state, row.turn, row.closed_at, row.number) == ("standing", "", None, row.code)
    assert row.valid_until == date(2029, 3, 2)
    assert row.due_basis == "valid_until"
    assert reminded(FILING, row, at=NOW + 100 * DAY) is None
    assert reminded(FILING, row, at=datetime(2029, 3, 4, 9, tzinfo=CHINA)) is not None
    assert "2029-03-02" in refused(
        FILING, begun(FILING, PLAN), "register", NOW + DAY, checked="齐", valid_until=date(2030, 1, 1)
    )
    again = then(FILING, row, "renew", NOW + 900 * DAY, FIRM).row
    assert (again.turn, again.valid_until, again.held_until) == ("officer", None, date(2029, 3, 2))


def test_an_accepted_filing_prints_its_number_the_day_the_papers_came_and_until_when_it_stands() -> None:
    row = then(FILING, begun(FILING, PLAN), "register", NOW + DAY, checked="要素齐全", number="990106-2026-0007").row
    (document,) = FILING.documents
    organ = Organ(area="", name="盐港新区应急管理局", short="盐", review_organ="市政府", court="盐港法院")
    given = Drafting(row=row, who=OFFICER, at=NOW + DAY, reason="", organ=organ)
    made = paper(FILING, document, FILING.step("register"), given, Firm(name="信禾助剂", uscc=PLAN["enterprise"]))
    assert made.theirs, "the firm has it"
    said = re.sub(
        r"<[^>]+>", "", page(filled(made.kind, made.words | {"number": "N", "code": "C", "seal": "", "qr": ""}))
    )
    for part in (
        "990106-2026-0007",
        "信禾助剂",
        "应急预案",
        "2026年3月2日",
        "2026年3月3日（按期备案）",
        "2029年3月2日",
        "要素齐全",
    ):
        assert part in said, part


def test_a_late_filing_is_taken_and_marked() -> None:
    assert not begun(FILING, PLAN | {"basis_on": date(2026, 2, 24)}).late
    assert begun(FILING, PLAN | {"basis_on": date(2026, 1, 5)}).late
    assert not begun(FILING, PLAN | {"kind": "project_safety", "basis_on": date(2025, 1, 5)}).late


def test_the_report_of_an_expired_agency_is_refused() -> None:
    about = {"agency": "ZJ2020-000001", "agency_name": "云澜安评", "agency_state": "standing"}
    fit = replace_row(begun(FILING, PLAN), **about, agency_until=date(2026, 3, 9))
    assert then(FILING, fit, "register", NOW, checked="齐").row.state == "standing"
    for state, until in (("standing", date(2026, 3, 1)), ("ended", date(2027, 1, 1))):
        row = replace_row(fit, agency_state=state, agency_until=until)
        assert "云澜安评" in refused(FILING, row, "register", NOW, checked="齐")


def replace_row(row: CaseRow, **values: Any) -> CaseRow:
    return row.model_copy(update=values)


def test_an_agency_is_qualified_for_five_years_and_ended_without_a_date_left_to_watch() -> None:
    values = {"title": "云澜安评", "kind": "evaluation", "area": "990102", "scope": "化工"}
    row = then(INTERMEDIARY, begun(INTERMEDIARY, values, OFFICER), "register", NOW).row
    assert row.valid_until == date(2031, 3, 1)
    ended = then(INTERMEDIARY, row, "end", NOW + DAY, reason="自行停业").row
    assert (ended.state, ended.valid_until, ended.due_at) == ("ended", None, None)


def test_a_score_of_82_brings_grade_3_for_three_years_and_no_grade_it_does_not_reach() -> None:
    values = {"title": "三级标准化", "enterprise": "91990106MATYEK5E8U", "grade": 3, "self_score": 82}
    row = begun(STANDARDIZATION, values)
    with pytest.raises(StepRefusedError, match="90 分"):
        begun(STANDARDIZATION, values | {"grade": 1})
    assert "60 分" in refused(STANDARDIZATION, row, "announce", NOW + 5 * DAY, review_score=55, finding="不足")
    row = then(STANDARDIZATION, row, "announce", NOW + 5 * DAY, review_score=80, finding="符合").row
    row = then(STANDARDIZATION, row, "register", NOW + 15 * DAY, announced="无异议").row
    assert (row.grade, row.valid_until, row.turn) == (3, date(2029, 3, 16), "")


def test_an_enterprise_is_listed_after_its_time_to_answer_and_published_while_it_is() -> None:
    values = {"title": "拟列入", "enterprise": "91990106MATYEK5E8U", "condition": "risky", "grounds": "冒险作业"}
    row = then(CREDIT, begun(CREDIT, values, OFFICER), "tell", NOW).row
    assert "陈述申辩期" in refused(CREDIT, row, "list_firm", NOW + DAY)
    answered = then(CREDIT, row, "answer", NOW + DAY, FIRM, reply="已整改").row
    assert answered.due_at == row.due_at
    done = then(CREDIT, answered, "list_firm", NOW + 2 * DAY, reason="理由不成立")
    row = done.row
    assert (row.turn, row.listed_until) == ("", date(2029, 3, 4))
    assert done.public is not None
    assert done.public.sensitivity is Sensitivity.PUBLIC
    assert "12 个月" in refused(CREDIT, row, "ask_removal", NOW + 200 * DAY, FIRM, removal_why="已整改")
    assert "2029-03-04" in refused(CREDIT, row, "expire", NOW + 500 * DAY)
    asked = then(CREDIT, row, "ask_removal", NOW + 400 * DAY, FIRM, removal_why="已整改").row
    off = then(CREDIT, asked, "remove", NOW + 402 * DAY, reason="符合条件")
    assert off.public is not None
    assert off.public.sensitivity is Sensitivity.INTERNAL
    assert CREDIT_LISTINGS.sensitivity is Sensitivity.PUBLIC


def test_an_expert_stands_at_once_and_an_enterprise_enrols_none() -> None:
    values = {"title": "郑予安", "kind": "hazchem", "area": "990102", "phone": "19900000001"}
    row = begun(EXPERT, values, OFFICER)
    assert (row.state, row.turn, row.due_at) == ("standing", "", None)
    assert {one.step.name for one in options(EXPERT, row, who=OFFICER, at=NOW, calendar=china())} == {"change", "end"}
    with pytest.raises(StepRefusedError):
        begun(EXPERT, values, FIRM)


def test_a_hazard_source_is_filed_by_its_graded_numbers_and_reviewed_three_years_after_the_assessment() -> None:
    values = {"title": "氨罐区备案", "hazard": "H9901060001", "assessed_on": date(2026, 2, 20)}
    graded = {"s_value": 13.3, "r_value": 40.0, "grade": 3, "enterprise": "91990106MATYEK5E8U"}
    row = begun(MAJOR_HAZARD, values, **graded)
    assert (row.late, row.due_basis) == (False, "hazard-check")
    assert begun(MAJOR_HAZARD, values | {"assessed_on": date(2026, 1, 10)}, **graded).late
    for numbers, said in (({"s_value": 0.9, "r_value": 1.0}, "小于 1"), ({"s_value": 13.3}, "辨识分级")):
        with pytest.raises(StepRefusedError, match=said):
            begun(MAJOR_HAZARD, values, **numbers)
    with pytest.raises(StepRefusedError, match="已满三年"):
        begun(MAJOR_HAZARD, values | {"assessed_on": date(2023, 2, 1)}, **graded)
    row = then(MAJOR_HAZARD, row, "register", NOW + 8 * DAY, checked="一致").row
    assert (row.valid_from, row.valid_until) == (date(2026, 3, 10), date(2029, 2, 19))
    assert "附件" in refused(MAJOR_HAZARD, row, "end", NOW + 20 * DAY)
    files = {"files": ("a" * 64,), "calendar": china(), "who": OFFICER, "at": NOW + 20 * DAY, "reason": "储罐已拆除"}
    off = taken(MAJOR_HAZARD, row, "end", {}, **files).row
    assert (off.state, off.valid_until) == ("ended", None)


def test_what_stands_is_kept_with_a_version_and_is_the_programs_to_say() -> None:
    kept = from_body(body(FILING), 1, FILING, functions_of([FILING]))
    assert kept.standing == ("standing",)
    with pytest.raises(FaultsError) as raised:
        designed(as_data(FILING) | {"standing": []}, 2, FILING)
    assert [one.field for one in raised.value.faults] == ["standing"]
    with pytest.raises(FaultsError, match="where cases end"):
        replace(FILING, standing=("ended",))


def test_every_rule_by_kind_is_of_a_kind_there_is() -> None:
    for of in SYSTEMS:
        terms = getattr(of.register.record, "TERMS", "")
        kinds = of.register.fields.get("kind")
        if terms and kinds is not None and kinds.codes:
            found = [rule_of(begun_row(terms, one.code), "check") for one in code_list(kinds.codes)]
            assert all(found), of.id


def begun_row(terms: str, kind: str) -> Any:
    return type("Row", (), {"TERMS": terms, "kind": kind})()


def test_a_promise_is_the_firms_own_for_the_day_it_is_made_and_stands_as_it_was_made() -> None:
    promise = {"enterprise": "91990106MATYEK5E8U", "units": 2, "running": 1, "stopped": 1, "promiser": "赵强",
               "promise": "今天已研判安全风险,各项措施落实到位"}  # fmt: skip
    row = begun(SAFETY_PROMISE, promise, enterprise_name="信禾助剂有限公司")
    assert (row.title, row.promised_on, row.due_at) == ("信禾助剂有限公司安全承诺", NOW.date(), None)
    assert then(SAFETY_PROMISE, row, "withdraw", NOW, FIRM, "填错套数").row.closed_at == NOW
    for who, wrong, said in (
        (OFFICER, {}, "企业"), (FIRM, {"running": 2}, "多于装置 2 套"), (FIRM, {"promise": "好"}, "不少于 10 个字"),
    ):  # fmt: skip
        with pytest.raises(StepRefusedError) as raised:
            begun(SAFETY_PROMISE, promise | wrong, who, enterprise_name="信禾助剂有限公司")
        assert said in raised.value.text.zh
