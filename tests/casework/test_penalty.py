"""A penalty by the law: two officers, the range of the basis, being heard, who decides, what is owed late."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from shapely import Point

from casework.calendar import china, end_of
from casework.casetype import Role
from casework.engine import StepRefusedError, Who, opened, taken
from casework.penalties import bases, surcharge
from casework.penalty_rules import State
from casework.systems.penalty import PENALTY
from core.clock import CHINA
from layers.catalogue.enforcement import Penalty
from layers.codes import code_list

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
OLD = datetime(2025, 3, 3, 9, 0, tzinfo=CHINA)
DAY = timedelta(days=1)
ONE = Who(account="o1", name="周敏", role=Role.OFFICER)
HEAD = Who(account="o2", name="何立新", role=Role.OFFICER)
FIRM = Who(account="f1", name="赵强", role=Role.ENTERPRISE)
PAIR = {"lead": "周敏", "lead_no": "YL1", "second": "何立新", "second_no": "YL2"}
FINE: dict[str, Any] = {
    "evidence": "检查记录", "violated": "《安全生产法》第三十六条", "kinds": ("fine",), "basis": "WSL99-1",
    "amount": 20000.0, "discretion": "首次",
}  # fmt: skip


@dataclass
class Course:
    row: Penalty

    def take(self, step: str, who: Who = ONE, at: datetime = NOW, *, reason: str = "", **values: Any) -> "Course":
        files = ("a" * 64,)
        done = taken(PENALTY, self.row, step, values, who=who, at=at, calendar=china(), reason=reason, files=files)
        assert isinstance(done.row, Penalty)
        return replace(self, row=done.row)


def begun(at: datetime = NOW) -> Course:
    given = {"title": "涉嫌违法", "enterprise": "91990106MATYEK5E8U", "facts": "未维护"}
    about = {"enterprise_name": "信禾助剂", "area": "990106201", "geometry": Point(121.8, 33.2)}
    done = opened(PENALTY, "CF2026-000001", given, who=ONE, at=at, calendar=china(), about=about)
    assert isinstance(done.row, Penalty)
    return Course(done.row)


def told(at: datetime = NOW, **values: Any) -> Course:
    course = begun(at).take("file_case", at=at, **PAIR).take("tell_party", at=at, **FINE | values)
    return course.take("serve_notice", at=at, **notice(at.date()))


def notice(on: date) -> dict[str, Any]:
    return {"notice_on": on, "notice_how": "direct", "notice_to": "赵强", "notice_place": "办公楼"}


def served(on: date, **more: Any) -> dict[str, Any]:
    return {"served_on": on, "served_how": "direct", "served_to": "赵强", "served_place": "办公楼"} | more


def hearing(on: date, by: str = "许静文") -> dict[str, Any]:
    return {"hearing_on": on, "hearing_place": "九时,市应急局三楼会议室", "hearing_by": by}


def refused(course: Course, *arguments: Any, **more: Any) -> str:
    with pytest.raises(StepRefusedError) as raised:
        course.take(*arguments, **more)
    return "; ".join(one.rule.en for one in raised.value.faults)


def test_on_the_spot_a_unit_pays_three_thousand_at_most() -> None:
    small = FINE | PAIR | {"amount": 3000.0}
    course = begun().take("decide_on_spot", **small)
    assert (course.row.state, course.row.pay_by) == (State.PAYING, date(2026, 3, 17))
    assert "3,000 CNY at most" in refused(begun(), "decide_on_spot", **small | {"amount": 3000.01})
    assert "200 CNY at most" in refused(
        begun(),
        "decide_on_spot",
        **small | {"party": "person", "person": "钱进", "basis": "WSL99-3", "amount": 10000.0},
    )


def test_a_fine_lies_within_its_basis_and_is_decided_within_ninety_days_of_the_filing() -> None:
    filed = begun().take("file_case", **PAIR)
    assert filed.row.due_at == end_of(date(2026, 5, 31))
    assert told(NOW).row.due_at == end_of(date(2026, 5, 31))
    assert "0 to 50,000 CNY" in refused(filed, "tell_party", **FINE | {"amount": 50000.01})
    assert "another kind of party" in refused(filed, "tell_party", **FINE | {"basis": "WSL99-3"})
    assert "say why this amount" in refused(filed, "tell_party", **FINE | {"discretion": ""})
    assert "what is confiscated" in refused(filed, "tell_party", **FINE | {"kinds": ("fine", "suspension")})
    assert set(bases()) == {one.code for one in code_list("penalty_basis")}


def test_the_party_is_heard_before_anything_is_decided() -> None:
    course = told().take("state_defence", FIRM, statement="已整改")
    assert "say how the statement was considered" in refused(course, "end_telling", at=NOW + 8 * DAY)
    assert "may be heard until 2026-03-09" in refused(told(), "end_telling", at=NOW + 7 * DAY)
    course = course.take("end_telling", at=NOW + 8 * DAY, considered="部分采纳")
    assert "whoever investigated" in refused(course, "decide_penalty", ONE, NOW + 9 * DAY)
    assert "no more than was told" in refused(course, "decide_penalty", HEAD, NOW + 9 * DAY, amount=20001.0)
    done = course.take("decide_penalty", HEAD, NOW + 9 * DAY, amount=15000.0)
    assert done.row.due_at == end_of(date(2026, 3, 20))  # seven working days after 11 March


def test_the_right_to_a_hearing_goes_by_the_threshold_of_the_day_and_by_every_fine_where_none_is_known() -> None:
    assert not told(OLD).row.hearing_right
    assert told(OLD, amount=50000.0).row.hearing_right
    assert told(NOW, amount=1.0).row.hearing_right
    assert "no right to a hearing" in refused(told(OLD), "ask_hearing", FIRM, OLD)
    assert "the term to ask for it ended on 2026-03-09" in refused(told(), "ask_hearing", FIRM, NOW + 8 * DAY)


def test_after_a_hearing_law_is_reviewed_by_another() -> None:
    course = told().take("ask_hearing", FIRM, NOW + DAY)
    assert "2026-03-13 at the earliest" in refused(course, "notify_hearing", at=NOW + DAY, **hearing(date(2026, 3, 12)))
    assert "cannot hold the hearing" in refused(course, "notify_hearing", **hearing(date(2026, 3, 20), "何立新"))
    course = course.take("notify_hearing", at=NOW + DAY, **hearing(date(2026, 3, 13)))
    assert "its day has not come" in refused(course, "hold_hearing", HEAD, NOW + 2 * DAY, hearing_held="维持")
    at = NOW + 11 * DAY
    course = course.take("hold_hearing", HEAD, at, hearing_held="维持")
    assert "a legal review comes first" in refused(course, "decide_penalty", HEAD, at)
    assert (
        course.take("review_law", HEAD, at, reviewed="通过").take("decide_penalty", HEAD, at).row.state == State.DECIDED
    )


def paying() -> Course:
    course = told().take("end_telling", waived=True).take("decide_penalty", HEAD)
    return course.take("serve", **served(date(2026, 3, 2)))


def test_what_is_paid_late_is_three_percent_a_day_up_to_the_fine_without_the_days_of_a_suit() -> None:
    by = date(2026, 3, 17)
    assert surcharge(20000, by, by, 0, 0.03) == 0
    assert surcharge(20000, by, by + 10 * DAY, 0, 0.03) == 6000
    assert surcharge(20000, by, by + 34 * DAY, 0, 0.03) == 20000
    assert surcharge(20000, by, by + 10 * DAY, 4, 0.03) == 3600
    course = paying()
    assert course.row.pay_by == by
    late = NOW + 40 * DAY
    paid = {"paid_on": date(2026, 3, 27), "paid": 20000.0}
    assert "6,000.00 CNY" in refused(course, "pay_fine", at=late, **paid)
    assert "the fine is 20,000.00" in refused(course, "pay_fine", at=late, **paid | {"paid": 19999.0})
    suit = course.take("begin_suit", at=late, suspended_from=date(2026, 3, 20))
    assert "has not ended" in refused(suit, "pay_fine", at=late, **paid, paid_late=6000.0)
    suit = suit.take("end_suit", at=late, suspended_to=date(2026, 3, 23))
    assert suit.row.suspended == 4
    done = suit.take("pay_fine", at=late, **paid, paid_late=3600.0)
    assert "has not been published" in refused(done, "close_penalty", at=late, archive_no="1")
    assert (
        done.take("publish_penalty", public_summary="未维护安全设备")
        .take("close_penalty", at=late, archive_no="1")
        .row.state
        == State.ARCHIVED
    )
    assert "must be over" in refused(course, "ask_court", at=late)
    assert course.take("urge_payment", at=late).take("ask_court", at=late).row.state == State.ENFORCING


def test_the_party_may_be_heard_from_the_day_it_was_served_and_not_from_the_day_the_notice_was_made() -> None:
    course = begun().take("file_case", **PAIR).take("tell_party", **FINE)
    late = NOW + 20 * DAY
    assert refused(course, "end_telling", at=late) == "the notice has not been served"
    assert course.take("end_telling", at=late, waived=True).row.state == State.DECIDING
    assert course.take("ask_hearing", FIRM, late).row.state == State.HEARING, "no term ends before it began"
    assert "between its making and today" in refused(course, "serve_notice", **notice(date(2026, 3, 1)))
    given = notice(date(2026, 3, 6)) | {"notice_how": "left"}
    assert "say in the remarks" in refused(course, "serve_notice", at=NOW + 4 * DAY, **given)
    course = course.take("serve_notice", at=NOW + 8 * DAY, **given, notice_note="拒收,村委会见证,拍照留置")
    assert course.row.hear_by == date(2026, 3, 13)
    assert "may be heard until 2026-03-13" in refused(course, "end_telling", at=NOW + 11 * DAY)
    assert course.take("end_telling", at=NOW + 12 * DAY).row.state == State.DECIDING


def test_the_days_to_pay_run_from_service_and_a_last_day_that_is_a_holiday_gives_way_to_the_next_working_day() -> None:
    course = told().take("end_telling", waived=True).take("decide_penalty", HEAD)
    # the fifteenth day is a Saturday, a Friday, the first day of the Qingming holiday
    for day, by in ((6, date(2026, 3, 23)), (5, date(2026, 3, 20)), (20, date(2026, 4, 7))):
        at = datetime(2026, 3, day, 9, tzinfo=CHINA)
        assert course.take("serve", at=at, **served(at.date())).row.pay_by == by
    assert "say in the remarks" in refused(course, "serve", **served(date(2026, 3, 2), served_how="notice"))
