"""The loop of a hidden danger from the self-check to the closing, and what its rules refuse."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from shapely import Point

from casework.calendar import china, end_of
from casework.casetype import Role
from casework.engine import StepRefusedError, Who, opened, reminded, taken
from casework.systems.hidden_danger import HIDDEN_DANGER, State
from core.clock import CHINA
from core.scope import Sensitivity
from layers.catalogue.dangers import Danger, DangerListing

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
DAY = timedelta(days=1)
FIRM = Who(account="f1", name="赵强", role=Role.ENTERPRISE)
OTHER = Who(account="f2", name="钱进", role=Role.ENTERPRISE)
OFFICER = Who(account="o1", name="周敏", role=Role.OFFICER)
PHOTO = ("a" * 64,)
FIVE = {
    "measures": "更换防爆接线盒", "funds": 12000.0, "person": "赵强", "mend_by": date(2026, 4, 1),
    "contingency": "停用该回路,专人看守",
}  # fmt: skip
REPORT = {
    "title": "二车间防爆接线盒破损", "enterprise": "91990106MATYEK5E8U", "found_at": NOW - DAY, "place": "二车间东侧",
    "origin": "self_check", "kind": "electrical",
}  # fmt: skip
HARM = {"description": "外壳开裂,防爆性能丧失", "harm": "可燃气体泄漏时可能点燃"}
FROM_LEDGER = {
    "enterprise_name": "信禾助剂有限公司",
    "area": "990106201",
    "sector": "hazchem",
    "geometry": Point(121.8, 33.2),
}


@dataclass
class Loop:
    """One danger, step after step."""

    row: Danger
    public: DangerListing | None = None

    def take(self, step: str, who: Who, at: datetime = NOW, *, reason: str = "", files: tuple[str, ...] = (),
             **values: Any) -> "Loop":  # fmt: skip
        done = taken(
            HIDDEN_DANGER, self.row, step, values, who=who, at=at, calendar=china(), reason=reason, files=files
        )
        assert isinstance(done.row, Danger)
        assert done.public is None or isinstance(done.public, DangerListing)
        return replace(self, row=done.row, public=done.public)


def reported(who: Who = FIRM, **values: Any) -> Loop:
    done = opened(HIDDEN_DANGER, "YH2026-000001", REPORT | values, who=who, at=NOW, calendar=china(), about=FROM_LEDGER)
    assert isinstance(done.row, Danger)
    return Loop(done.row)


def refused(loop: Loop, *arguments: Any, **more: Any) -> set[str]:
    with pytest.raises(StepRefusedError) as raised:
        loop.take(*arguments, **more)
    return {one.rule.en for one in raised.value.faults}


def test_an_enterprise_mends_a_general_danger_and_a_colleague_closes_it() -> None:
    loop = reported().take("grade_general", FIRM).take("plan", FIRM, **FIVE)
    assert loop.row.state == State.MENDING
    assert loop.row.due_at == end_of(date(2026, 4, 1))
    assert loop.row.due_basis == "mend_by"
    assert (loop.row.level, loop.row.major) == (4, False)
    loop = loop.take("finish", FIRM, NOW + DAY, files=PHOTO, outcome="已更换并测试")
    assert refused(loop, "accept", FIRM, recheck="合格") == {"whoever reported it mended cannot recheck it"}
    loop = loop.take("accept", OTHER, NOW + 2 * DAY, recheck="现场核对合格")
    assert loop.row.state == State.CLOSED
    assert loop.row.closed_at == NOW + 2 * DAY
    assert loop.public is None


def test_the_plan_lacks_each_of_the_five_by_name() -> None:
    loop = reported().take("grade_general", FIRM)
    said = refused(loop, "plan", FIRM)
    assert said == {f"{one} must be filled in" for one in (
        "Measures", "Funds", "Person in charge", "To be mended by", "Precautions and emergency plan")}  # fmt: skip
    assert refused(loop, "plan", FIRM, **FIVE | {"mend_by": NOW.date()}) == {"the time to mend must end after today"}


def test_what_meets_a_criterion_of_the_standard_is_not_general() -> None:
    said = refused(reported(), "grade_general", FIRM, criteria=("HC-12",))
    assert said == {"it meets 1 criteria of a major danger and cannot be general"}
    assert refused(reported(), "grade_major", FIRM, **HARM) == {"tick the criteria it meets, or write why it is major"}
    assert refused(reported(), "grade_major", FIRM, criteria=("HC-99",), **HARM) == {"is not in the code list"}


def major() -> Loop:
    return reported().take("grade_major", FIRM, criteria=("HC-12",), **HARM)


def test_a_major_danger_is_listed_published_mended_and_taken_off_by_the_authority() -> None:
    loop = major()
    assert loop.row.state == State.LISTING
    assert loop.row.due_at == end_of(date(2026, 3, 9))  # five working days
    loop = loop.take("list", OFFICER, listed_by="盐港新区应急管理局")
    assert loop.public is not None
    assert loop.public.sensitivity is Sensitivity.PUBLIC
    assert "接线盒" not in loop.public.model_dump_json(exclude={"geometry"})
    assert "赵强" not in loop.public.model_dump_json(exclude={"geometry"})
    late = refused(loop, "plan", FIRM, **FIVE | {"mend_by": date(2027, 3, 3)})
    assert late == {"a listed danger is mended within 1 year of its listing, by 2027-03-02 (a rule known second-hand)"}
    loop = loop.take("plan", FIRM, **FIVE).take("finish", FIRM, files=PHOTO, outcome="已更换")
    assert "a major danger is rechecked and closed by the authority" in refused(loop, "accept", OTHER, recheck="合格")
    loop = loop.take("mend_again", OFFICER, recheck="接地不合格", mend_by=date(2026, 4, 10))
    assert loop.row.state == State.MENDING
    loop = loop.take("finish", FIRM, files=PHOTO, outcome="接地已整改").take("accept", OFFICER, recheck="合格")
    assert loop.row.rechecks == 2
    assert loop.row.delisted_at == NOW
    assert loop.public is not None
    assert loop.public.delisted_at == NOW


def test_people_go_back_only_after_somebody_agreed() -> None:
    loop = major().take("stop_work", OFFICER, reason="整改期间不能保证安全").take("list", OFFICER, listed_by="区局")
    loop = loop.take("plan", FIRM, **FIVE).take("finish", FIRM, files=PHOTO, outcome="已更换")
    assert refused(loop, "accept", OFFICER, recheck="合格") == {
        "work is stopped; its resumption must be approved first"
    }
    assert refused(loop, "resume_work", FIRM, reason="已改完") == {"'Approve resumption' is for an officer"}
    assert loop.take("resume_work", OFFICER, reason="审查同意").take("accept", OFFICER, recheck="合格").row.closed_at


def test_an_extension_of_a_listed_danger_is_asked_for_twenty_working_days_ahead() -> None:
    loop = major().take("list", OFFICER, listed_by="区局").take("plan", FIRM, **FIVE | {"mend_by": date(2026, 3, 31)})
    asked = {"extend_to": date(2026, 6, 30), "extend_why": "设备未到货"}
    in_time, late = datetime(2026, 3, 3, 23, 0, tzinfo=CHINA), datetime(2026, 3, 4, 0, 0, 1, tzinfo=CHINA)
    (said,) = refused(loop, "ask_extension", FIRM, late, **asked)
    assert (
        said
        == "an extension of a listed one is asked for 20 working days ahead, by 2026-03-03 (a rule known second-hand)"
    )
    waiting = loop.take("ask_extension", FIRM, in_time, **asked)
    assert waiting.row.due_basis == "danger-extend-decide"
    assert waiting.take("extend", OFFICER, in_time).row.due_at == end_of(date(2026, 6, 30))
    kept = waiting.take("refuse_extension", OFFICER, in_time, reason="可先行采购替代件").row
    assert (kept.due_at, kept.extend_to) == (end_of(date(2026, 3, 31)), None)


def test_a_returned_report_stops_the_clock_and_one_not_mended_in_time_is_told_upwards() -> None:
    loop = major().take("return_report", OFFICER, reason="请补充危害分析")
    assert reminded(HIDDEN_DANGER, loop.row, at=NOW + 90 * DAY) is None
    loop = loop.take("correct", FIRM, NOW + 7 * DAY, **HARM)
    assert loop.row.due_at == end_of(date(2026, 3, 16))
    loop = reported().take("grade_general", FIRM).take("plan", FIRM, **FIVE)
    late = reminded(HIDDEN_DANGER, loop.row, at=end_of(date(2026, 4, 1)) + 3 * DAY)
    assert late is not None
    assert late.row.told == "district"


def test_who_may_report_what_and_who_closes_what_an_inspection_found() -> None:
    with pytest.raises(StepRefusedError, match="found by its own check"):
        reported(origin="inspection")
    with pytest.raises(StepRefusedError, match="found later than now"):
        reported(found_at=NOW + DAY)
    loop = reported(OFFICER, origin="inspection").take("grade_general", OFFICER)
    assert refused(loop, "mend_at_once", FIRM, outcome="已清理") == {"needs 1 attachment(s) at least"}
    loop = loop.take("mend_at_once", FIRM, files=PHOTO, outcome="已清理")
    assert "what an inspection found is closed by the authority" in refused(loop, "accept", OTHER, recheck="合格")
    assert loop.take("accept", OFFICER, recheck="合格").row.state == State.CLOSED
    assert reported().take("dismiss", OFFICER, reason="经核查不属实").row.state == State.DISMISSED
