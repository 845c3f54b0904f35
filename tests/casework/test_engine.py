"""A step gives a new case and one line of its log, or every reason why not; the clock stops, resumes and reminds."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.calendar import Pause, Term, Unit, china, end_of
from casework.casetype import CaseType, Role
from casework.engine import StepRefusedError, Taken, Who, opened, options, overdue, reminded, taken
from casework.limits import limit, limits
from casework.reminders import Tier
from casework.terms import before, resumed
from casework.versions import as_data, body, digest, from_body, functions_of
from core.clock import CHINA
from core.errors import FaultsError, NotFoundError
from core.texts import Text
from layers.catalogue.casework import CaseRow
from layers.codes import Status
from tests.casework.stalls import STALL_PERMIT, Stall

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
FIRM = Who(account="f1", name="王芳", role=Role.ENTERPRISE)
OFFICER = Who(account="o1", name="李强", role=Role.OFFICER)
WEEKS = china()
DAY = timedelta(days=1)


def lodged(of: CaseType = STALL_PERMIT, **values: Any) -> Taken:
    given = {"title": "布摊", "metres": 3} | values
    return opened(of, "TW2026-000001", given, who=FIRM, at=MONDAY, calendar=WEEKS)


def after(row: CaseRow, step: str, who: Who, at: datetime = MONDAY, **more: Any) -> Taken:
    values = more.pop("values", {})
    return taken(STALL_PERMIT, row, step, values, who=who, at=at, calendar=WEEKS, **more)


def test_a_stall_is_not_granted_before_it_is_paid() -> None:
    row = lodged().row
    with pytest.raises(StepRefusedError, match="the fee has not been paid"):
        after(row, "grant", OFFICER)
    done = after(after(row, "pay", FIRM).row, "grant", OFFICER)
    assert done.row.state == "closed"
    assert done.row.closed_at == MONDAY
    assert done.row.due_at is None
    assert [done.event.source, done.event.target, done.event.number] == ["reported", "closed", 3]


def test_all_the_reasons_are_said_at_once() -> None:
    row = lodged(metres=12).row
    with pytest.raises(StepRefusedError) as refused:
        after(row, "grant", FIRM, values={"metres": 1})
    said = [one.rule.en for one in refused.value.faults]
    assert said == ["'Grant' is for an officer", "is not for this step to fill in", "the fee has not been paid"]
    with pytest.raises(StepRefusedError) as refused:
        after(row, "refuse", OFFICER, reason=" 无 ")
    assert [one.rule.zh for one in refused.value.faults] == ["请写明理由"]


def test_a_case_says_what_is_wrong_with_what_was_filled_in() -> None:
    with pytest.raises(StepRefusedError) as refused:
        opened(STALL_PERMIT, "TW2026-000001", {"title": "", "metres": None, "paid": True}, who=OFFICER, at=MONDAY,
               calendar=WEEKS)  # fmt: skip
    fields = {one.field for one in refused.value.faults}
    assert fields == {"by", "title", "paid"}
    with pytest.raises(StepRefusedError) as refused:
        lodged(metres=None)
    assert [(one.field, one.rule.zh) for one in refused.value.faults] == [("metres", "须填写米数")]


def test_what_the_engine_keeps_cannot_be_written_by_who_opens() -> None:
    with pytest.raises(StepRefusedError):
        lodged(state="closed")


def test_five_working_days_end_with_the_next_monday() -> None:
    row = lodged().row
    assert row.due_at == end_of(date(2026, 3, 9))
    assert row.due_basis == "danger-list"
    assert not overdue(row, row.due_at - timedelta(microseconds=1))
    assert overdue(row, row.due_at)


def test_the_clock_stands_still_while_corrections_are_waited_for() -> None:
    row = lodged().row
    back = after(row, "send_back", OFFICER, MONDAY + DAY, reason="材料不全").row
    assert back.stopped_at == MONDAY + DAY
    assert not overdue(back, MONDAY + 60 * DAY)
    again = after(back, "mend", FIRM, MONDAY + 4 * DAY, values={"metres": 2}).row
    assert again.stopped_at is None
    assert again.due_at == end_of(date(2026, 3, 12))  # Tuesday to Friday were three working days
    assert again.metres == 2 if isinstance(again, Stall) else False


def test_a_step_that_stays_leaves_state_and_deadline() -> None:
    row = lodged().row
    paid = after(row, "pay", FIRM, MONDAY + DAY).row
    assert (paid.state, paid.due_at, paid.state_since) == (row.state, row.due_at, row.state_since)


def test_the_ladder_is_climbed_rung_by_rung_and_told_once() -> None:
    row = lodged().row
    assert row.due_at is not None
    assert reminded(STALL_PERMIT, row, at=row.due_at - 2 * DAY) is None
    first = reminded(STALL_PERMIT, row, at=row.due_at - DAY)
    assert first is not None
    assert (first.row.told, first.row.reminded, first.event.step) == (Tier.ENTERPRISE, 1, "remind")
    assert reminded(STALL_PERMIT, first.row, at=row.due_at - DAY) is None
    late = reminded(STALL_PERMIT, first.row, at=row.due_at + 30 * DAY)
    assert late is not None
    assert (late.row.told, late.row.reminded) == (Tier.DISTRICT, 3)
    assert late.event.reason.startswith("逾期")


def test_nobody_is_reminded_of_what_is_over_or_waits_for_others() -> None:
    row = lodged().row
    back = after(row, "send_back", OFFICER, reason="材料不全").row
    assert reminded(STALL_PERMIT, back, at=MONDAY + 90 * DAY) is None
    over = after(row, "refuse", OFFICER, reason="占道").row
    assert reminded(STALL_PERMIT, over, at=MONDAY + 90 * DAY) is None


def test_the_options_are_those_of_the_state_and_the_person_with_what_stands_against_them() -> None:
    row = lodged(metres=12).row
    found = options(STALL_PERMIT, row, who=OFFICER, at=MONDAY, calendar=WEEKS)
    assert [one.step.name for one in found] == ["send_back", "grant", "refuse"]
    assert [one.en for one in found[1].reasons] == ["the fee has not been paid", "is wider than 9 m"]
    assert [one.step.name for one in options(STALL_PERMIT, row, who=FIRM, at=MONDAY, calendar=WEEKS)] == ["pay"]


def test_a_running_case_stays_on_its_version_of_the_procedure() -> None:
    approve = replace(STALL_PERMIT.steps[4], name="approve", title=Text("审批", "Approve"))
    steps = (*STALL_PERMIT.steps[:4], approve, STALL_PERMIT.steps[5])
    newer = replace(STALL_PERMIT, steps=steps, version=2)
    row = after(lodged().row, "pay", FIRM).row
    kept = from_body(body(STALL_PERMIT), 1, newer, functions_of([newer]))
    assert taken(kept, row, "grant", {}, who=OFFICER, at=MONDAY, calendar=WEEKS).row.process == 1
    with pytest.raises(StepRefusedError):
        taken(newer, row, "grant", {}, who=OFFICER, at=MONDAY, calendar=WEEKS)
    assert lodged(newer).row.process == 2


def test_a_version_is_data_and_back_and_one_that_names_a_lost_function_is_refused() -> None:
    again = from_body(body(STALL_PERMIT), 7, STALL_PERMIT, functions_of([STALL_PERMIT]))
    assert as_data(again) == as_data(STALL_PERMIT)
    assert digest(again) == digest(STALL_PERMIT)
    assert again.version == 7
    functions = functions_of([STALL_PERMIT])
    with pytest.raises(FaultsError) as refused:
        from_body(
            body(STALL_PERMIT), 1, STALL_PERMIT, {one: functions[one] for one in functions if one != "fee_is_paid"}
        )
    assert [one.value for one in refused.value.faults] == ["fee_is_paid"]


def test_two_functions_of_one_name_are_refused() -> None:
    def fee_is_paid(_: object) -> Text | None:
        """Another of the same name."""
        return None

    other = replace(STALL_PERMIT.steps[4], guards=(fee_is_paid,))
    changed = replace(STALL_PERMIT, steps=(*STALL_PERMIT.steps[:4], other, STALL_PERMIT.steps[5]))
    with pytest.raises(ValueError, match="fee_is_paid"):
        functions_of([STALL_PERMIT, changed])


def test_a_clock_that_stood_still_agrees_with_the_calendar_that_counts_pauses() -> None:
    stopped, again = MONDAY + DAY, MONDAY + 9 * DAY
    for term in (Term(5, Unit.WORKING_DAY), Term(5, Unit.CALENDAR_DAY), Term(30, Unit.HOUR)):
        due, later = WEEKS.due(MONDAY, term), WEEKS.due(MONDAY, term, [Pause(stopped, again)])
        assert due is not None
        assert resumed(WEEKS, due.at, stopped, again, term) == later
    assert resumed(WEEKS, stopped, stopped, again, Term(1, Unit.WORKING_DAY)).at == stopped


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(1, 40), st.sampled_from(Unit))
def test_the_latest_day_to_ask_ahead_is_the_last_whose_term_fits(day: date, count: int, unit: Unit) -> None:
    end, term = end_of(day), Term(min(count, 2) if unit in (Unit.MONTH, Unit.YEAR) else count, unit)
    latest = before(WEEKS, end, term)
    fits = WEEKS.due(latest - timedelta(microseconds=1), term)
    assert fits is not None
    assert fits.at <= end
    over = WEEKS.due(latest + DAY, term)
    assert over is not None
    assert over.at > end


def test_a_deadline_beyond_the_known_years_says_that_it_is_assumed() -> None:
    row = lodged(of=STALL_PERMIT).row
    assert not row.due_assumed
    far = datetime(2039, 3, 1, 9, tzinfo=CHINA)
    assert opened(STALL_PERMIT, "TW2039-000001", {"title": "布摊", "metres": 3}, who=FIRM, at=far,
                  calendar=WEEKS).row.due_assumed  # fmt: skip


def test_every_limit_says_where_it_comes_from_and_how_sure_it_is() -> None:
    for one in limits():
        assert one.source
        assert one.title.zh
        assert one.title.en
        assert one.starts.zh
        assert one.status in Status
    with pytest.raises(NotFoundError):
        limit("no-rule", MONDAY.date())
