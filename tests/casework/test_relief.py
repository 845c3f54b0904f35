"""Evidence held, more time to decide, later payment, and decisions put right or revoked."""

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pypdf

from casework.calendar import china, end_of
from casework.desk import Desk
from casework.penalty_rules import State
from casework.publication import penalty_listing
from casework.systems.penalty import PENALTY
from casework.versions import functions_of
from core.clock import CHINA
from core.scope import Scope, Sensitivity
from layers.catalogue.enforcement import PENALTY_LISTINGS, PenaltyListing
from store.attachments import Cabinet
from store.protocol import Store
from tests.casework.test_desk import COLLEAGUE, FIRM, OFFICER, PNG, Day, day, store
from tests.casework.test_enforcement_papers import Folder
from tests.casework.test_issuing import press
from tests.casework.test_penalty import (
    DAY,
    FINE,
    HEAD,
    NOW,
    OLD,
    PAIR,
    begun,
    paying,
    refused,
)

__all__ = ["day", "store"]

HOLD = {"held": "维护保养台账 2 册", "held_place": "企业档案室", "held_approver": "分管负责人"}
MORE = {"extend_why": "需要鉴定", "extend_rule": "部令第18号", "extend_by": "分管负责人"}
SAID: dict[str, Any] = {"public_summary": "未维护安全设备"}


def test_evidence_held_is_decided_on_within_seven_working_days_and_before_the_party_is_told() -> None:
    filed = begun().take("file_case", **PAIR)
    assert "nobody who investigates" in refused(filed, "hold_evidence", **HOLD | {"held_approver": "何立新"})
    held = filed.take("hold_evidence", **HOLD)
    assert (held.row.due_at, held.row.due_basis) == (end_of(date(2026, 3, 11)), "penalty-hold")
    assert "evidence is held already" in refused(held, "hold_evidence", **HOLD)
    assert "decide on the evidence held until 2026-03-11 first" in refused(held, "tell_party", **FINE)
    done = held.take("handle_evidence", at=NOW + DAY, held_outcome="退还")
    assert (done.row.due_at, done.row.due_basis) == (end_of(date(2026, 5, 31)), "penalty-decide")
    assert "no evidence is held" in refused(done, "handle_evidence", held_outcome="退还")
    assert done.take("hold_evidence", at=NOW + DAY, **HOLD).row.held_until == date(2026, 3, 12)


def test_more_time_to_decide_is_approved_by_another_within_what_the_rule_of_the_day_gives() -> None:
    old = begun(OLD).take("file_case", at=OLD, **PAIR)
    assert old.row.decide_by == date(2025, 6, 1)
    assert "no more than 90 days" in refused(old, "extend_decision", at=OLD, **MORE, extend_to=date(2025, 8, 31))
    assert "it must end after 2025-06-01" in refused(old, "extend_decision", at=OLD, **MORE, extend_to=date(2025, 6, 1))
    longer = old.take("extend_decision", at=OLD, **MORE, extend_to=date(2025, 8, 30))
    assert (longer.row.due_at, longer.row.decide_by) == (end_of(date(2025, 8, 30)), date(2025, 8, 30))
    assert longer.take("tell_party", at=OLD, **FINE).row.due_at == end_of(date(2025, 8, 30))
    new = begun().take("file_case", **PAIR)
    given = MORE | {"extend_to": date(2026, 12, 31)}
    assert new.take("extend_decision", **given).row.extended, "no number is known from 2026-02-01: the officer cites it"
    assert "must be filled in" in refused(new, "extend_decision", **given | {"extend_rule": ""})
    assert "nobody who investigates" in refused(new, "extend_decision", **given | {"extend_by": "周敏"})


def test_a_fine_is_paid_later_or_in_parts_that_come_to_it_and_no_surcharge_is_undone() -> None:
    course = paying().take("publish_penalty", **SAID)
    plan: dict[str, Any] = {"delay_why": "经营困难", "delay_to": date(2026, 6, 30)}
    halves = ("2026-04-30|10000", "2026-06-30|10000")
    done = course.take("grant_delay", **plan, instalments=halves)
    assert (done.row.pay_by, done.row.due_at) == (date(2026, 6, 30), end_of(date(2026, 6, 30)))
    for wrong in (("2026-04-30|10000", "2026-06-30|9999"), ("2026-04-30|10000", "2026-06-29|10000")):
        against = refused(course, "grant_delay", **plan, instalments=wrong)
        assert "come to 20,000.00 CNY and end on 2026-06-30" in against
    for wrong in (halves[::-1], ("2026-02-01|10000", halves[1]), ("bald|10000", halves[1]), (halves[0], halves[0])):
        assert "in order, from today on" in refused(course, "grant_delay", **plan, instalments=wrong)
    assert "it must end after 2026-03-17" in refused(course, "grant_delay", **plan | {"delay_to": date(2026, 3, 17)})
    assert "a surcharge has begun" in refused(course, "grant_delay", at=NOW + 16 * DAY, **plan)
    late = datetime(2026, 7, 2, 9, tzinfo=CHINA)
    paid = {"paid_on": date(2026, 7, 2), "paid": 20000.0}
    assert "1,200.00 CNY" in refused(done, "pay_fine", at=late, **paid)


def test_the_papers_of_the_uncommon_course_say_what_was_held_extended_put_off_and_put_right() -> None:
    case = Folder(PENALTY, begun().take("file_case", **PAIR).row)
    case.take("hold_evidence", **HOLD)
    case.take("handle_evidence", held_outcome="退还企业")
    case.take("extend_decision", **MORE, extend_to=date(2026, 7, 1))
    case.row = paying().row
    case.take("grant_delay", delay_why="经营困难", delay_to=date(2026, 6, 30), instalments=("2026-06-30|20000",))
    case.take("correct_decision", correction="“信禾助济”应为“信禾助剂”")
    expected = {
        "evidence-hold-notice": ("维护保养台账 2 册", "7个工作日内（至2026年3月11日）", "第五十六条"),
        "evidence-handling": ("退还企业", "2026年3月2日"),
        "decision-extension": ("2026年7月1日", "部令第18号", "分管负责人"),
        "payment-delay": ("2026年6月30日前缴纳20,000元", "3%"),
        "decision-correction": ("“信禾助济”应为“信禾助剂”", "不改变处罚的种类"),
    }
    for name, told_ in expected.items():
        for words in told_:
            assert words in case.said[name], (name, words)
    inside = {name for name, theirs in case.theirs.items() if not theirs}
    assert inside == {"evidence-hold-approval", "evidence-handling-approval", "decision-extension",
                      "payment-delay-approval"}  # fmt: skip


def test_a_revoked_decision_is_taken_from_the_public_at_once_with_the_reason() -> None:
    course = paying().take("publish_penalty", **SAID)
    assert "whoever investigated" in refused(course, "revoke_decision", reason="复查", revoked_why="事实有误")
    done = course.take("revoke_decision", HEAD, reason="复查", revoked_why="违法主体认定有误")
    assert done.row.state == State.REVOKED
    shown = penalty_listing(done.row)
    assert isinstance(shown, PenaltyListing)
    assert (shown.withdrawn_why, shown.summary, shown.amount, shown.kinds) == ("违法主体认定有误", "", None, ())
    assert shown.title.endswith("（已撤回）")


def test_revoking_ends_the_decision_that_was_issued_and_the_public_reads_why(
    store: Store, tmp_path: Path, day: Day
) -> None:
    blank = pypdf.PdfWriter()
    blank.add_blank_page(595, 842)
    page = io.BytesIO()
    blank.write(page)
    cabinet = Cabinet(store, tmp_path / "files", day, largest=2_000_000)
    desk = Desk(store, cabinet, china(), day, functions_of([PENALTY]), press=press(lambda _: page.getvalue()))

    def take(step: str, by: Any = OFFICER, reason: str = "", **values: Any) -> None:
        with cabinet.draft([PNG + step.encode()], f"{step}.png") as draft:
            desk.attach(PENALTY, code, draft, by=by)
        version = desk.find(PENALTY, code, scope=by.scope).version
        desk.take(PENALTY, code, version, step, values, by=by, reason=reason)

    code = desk.open(PENALTY, {"title": "涉嫌违法", "enterprise": FIRM, "facts": "未维护"}, by=OFFICER).row.code
    take("decide_on_spot", **FINE | PAIR | {"amount": 3000.0})
    take("publish_penalty", **SAID)
    take("revoke_decision", COLLEAGUE, "经复查", revoked_why="主体认定有误")
    states = {one.document: (one.state, one.state_reason) for one in desk.issued(PENALTY, code, scope=OFFICER.scope)}
    assert states == {"spot-penalty-unit": ("withdrawn", "经复查"), "penalty-revocation": ("valid", "")}
    public = store.get(PENALTY_LISTINGS, code, scope=Scope(areas=("",), clearance=Sensitivity.PUBLIC)).record
    assert isinstance(public, PenaltyListing)
    assert public.withdrawn_why == "主体认定有误"
    assert public.decision_no.startswith("（盐港）应急现罚单〔")
