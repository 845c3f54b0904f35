"""How a penalty case ends and what may still be done then: handed over, bound, taken up again, revoked."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.calendar import china
from casework.engine import options
from casework.penalty_rules import State
from casework.publication import penalty_listing
from casework.systems.penalty import PENALTY
from core.errors import FaultsError
from tests.casework.test_enforcement_papers import Folder, fined
from tests.casework.test_penalty import DAY, FIRM, HEAD, NOW, ONE, PAIR, Course, begun, paying, refused

HANDED: dict[str, Any] = {
    "transfer_to": "云澜市公安局", "transfer_list": ("现场检查记录 1 份", "询问笔录 2 份"), "transfer_by": "许静文",
}  # fmt: skip


def archived() -> Course:
    course = paying().take("publish_penalty", public_summary="未维护安全设备")
    paid = {"paid_on": date(2026, 3, 10), "paid": 20000.0}
    return course.take("pay_fine", at=NOW + 8 * DAY, **paid).take("close_penalty", at=NOW + 9 * DAY, archive_no="1")


def test_an_archived_decision_is_taken_up_again_by_another_and_revoked_and_the_public_reads_why() -> None:
    course = archived()
    assert course.row.closed_at is not None
    assert "is not possible" in refused(course, "revoke_decision", HEAD, reason="不清", revoked_why="事实不清")
    assert "whoever investigated" in refused(course, "reopen", ONE, reason="申诉")
    assert "say why" in refused(course, "reopen", HEAD)
    again = course.take("reopen", HEAD, NOW + 40 * DAY, reason="当事人申诉,认定事实有误")
    assert (again.row.state, again.row.closed_at, again.row.due_at) == (State.REOPENED, None, None)
    listing = penalty_listing(again.row)
    assert listing is not None
    assert listing.withdrawn_at is None, "it holds until it is revoked"
    done = again.take("revoke_decision", HEAD, NOW + 41 * DAY, reason="报局长办公会", revoked_why="认定事实有误")
    assert (done.row.state, done.row.closed_at) == (State.REVOKED, NOW + 41 * DAY)
    listing = penalty_listing(done.row)
    assert listing is not None
    assert (listing.withdrawn_why, listing.summary) == ("认定事实有误", "")
    kept = again.take("keep_decision", HEAD, NOW + 41 * DAY, reason="事实清楚,维持")
    assert (kept.row.state, kept.row.closed_at) == (State.ARCHIVED, NOW + 41 * DAY)
    open_now = options(PENALTY, course.row, who=FIRM, at=NOW, calendar=china())
    assert open_now == (), "the party opens nothing again by itself"


def test_a_step_that_leaves_a_case_over_has_no_time_limit_and_one_that_is_not_said_to_be_of_after_is_refused() -> None:
    steps = {one.name: one for one in PENALTY.steps}
    for wrong in (replace(steps["bind_file"], limit="penalty-pay"), replace(steps["bind_file"], afterwards=False)):
        changed = tuple(wrong if one.name == "bind_file" else one for one in PENALTY.steps)
        with pytest.raises(FaultsError):
            replace(PENALTY, steps=changed)


def test_a_case_is_handed_over_with_an_approval_and_a_letter_that_lists_what_goes_along() -> None:
    case = Folder(PENALTY, begun().row)
    case.take("file_case", **PAIR)
    case.take("hand_to_justice", reason="涉嫌危险作业罪", **HANDED)
    assert set(case.theirs) == {"case-filing", "transfer-approval", "transfer-letter"}
    assert not any(case.theirs.values())
    for words in ("云澜市公安局：", "2．询问笔录 2 份", "第二十七条、第五十七条", "涉嫌危险作业罪"):
        assert words in case.said["transfer-letter"], words
    assert "许静文" in case.said["transfer-approval"]
    filed = begun().take("file_case", **PAIR)
    own = HANDED | {"transfer_by": "何立新"}
    assert "nobody who investigates" in refused(filed, "hand_to_justice", reason="涉嫌犯罪", **own)
    other = begun().take("hand_to_other", reason="属消防救援机构职责", **HANDED | {"transfer_to": "市消防救援支队"})
    assert other.row.state == State.TRANSFERRED


def test_the_file_is_bound_with_a_cover_and_contents_that_number_every_document() -> None:
    case = fined(drawn=False)
    case.drawn = True
    case.row = case.row.model_copy(update={"state": State.DECIDING.value})
    case.take("report_hearing", HEAD, NOW + 30 * DAY, hearing_report="事实清楚,建议维持")
    assert "听证报告意见：事实清楚,建议维持" in case.said["hearing-report"]
    assert "许静文" in case.said["hearing-report"]
    course = archived()
    bound = Folder(PENALTY, course.row, issued=case.issued)
    bound.take("bind_file", archive_no="盐应急罚2026-001", file_term="长期")
    contents = bound.said["file-contents"]
    for n, one in enumerate(case.issued, start=1):
        assert f">{n}<" in contents, n
        assert one.number in contents, one.number
    assert "2026年3月10日" not in contents
    for words in ("盐应急罚2026-001", "长期", "已归档", "罚款人民币20,000元"):
        assert words in bound.said["file-cover"], words
    assert not bound.theirs["file-cover"]
    again = course.take("bind_file", archive_no="2026-1", file_term="长期")
    assert (again.row.state, again.row.closed_at) == (State.ARCHIVED, course.row.closed_at)
