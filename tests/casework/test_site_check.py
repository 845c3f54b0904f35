"""A check from the plan to the recheck: two officers, every item, a record that stays as signed, and what follows."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from shapely import Point

from casework.calendar import china, end_of
from casework.casetype import Role
from casework.checklists import Answer, Mark, all_items, items_of
from casework.engine import StepRefusedError, Who, opened, taken
from casework.systems.site_check import SITE_CHECK, State, record_hash
from core.clock import CHINA
from layers.catalogue.enforcement import SiteCheck
from layers.codes import Status, code_list

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
DAY = timedelta(days=1)
ONE = Who(account="o1", name="周敏", role=Role.OFFICER)
OTHER = Who(account="o2", name="何立新", role=Role.OFFICER)
FIRM = Who(account="f1", name="赵强", role=Role.ENTERPRISE)
PHOTO = ("a" * 64,)
PAIR = {"lead": "周敏", "lead_no": "YL07001", "second": "何立新", "second_no": "YL07002"}
PLAN = {"title": "一季度检查", "enterprise": "91990106MATYEK5E8U", "check_by": date(2026, 3, 10)}
LEDGER = {
    "enterprise_name": "信禾助剂有限公司",
    "area": "990106201",
    "sector": "hazchem",
    "geometry": Point(121.8, 33.2),
}
HERE = Point(121.803, 33.2)
WRITTEN = {"findings": "逐项检查", "party": "赵强"}


@dataclass
class Visit:
    """One check, step after step."""

    row: SiteCheck

    def take(self, step: str, who: Who = ONE, at: datetime = NOW, *, reason: str = "", files: tuple[str, ...] = (),
             **values: Any) -> "Visit":  # fmt: skip
        done = taken(SITE_CHECK, self.row, step, values, who=who, at=at, calendar=china(), reason=reason, files=files)
        assert isinstance(done.row, SiteCheck)
        return replace(self, row=done.row)


def planned() -> Visit:
    done = opened(SITE_CHECK, "JC2026-000001", PLAN, who=ONE, at=NOW, calendar=china(), about=LEDGER)
    assert isinstance(done.row, SiteCheck)
    return Visit(done.row)


def answers(*fails: str) -> tuple[str, ...]:
    listed = items_of("hazchem", NOW.date())
    return tuple(
        str(Answer(one.id, Mark.FAILS, "现场缺失") if one.id in fails else Answer(one.id, Mark.CONFORMS))
        for one in listed
    )


def recorded(*fails: str) -> Visit:
    visit = planned().take("arrive", geometry=HERE, **PAIR)
    return visit.take("record", files=PHOTO, items=answers(*fails), **WRITTEN)


def signed(*fails: str) -> Visit:
    return recorded(*fails).take("sign", OTHER, files=PHOTO, signature="signed")


def refused(visit: Visit, *arguments: Any, **more: Any) -> set[str]:
    with pytest.raises(StepRefusedError) as raised:
        visit.take(*arguments, **more)
    return {one.rule.en for one in raised.value.faults}


def test_two_different_officers_with_certificates_arrive_and_say_where_they_are() -> None:
    assert planned().row.due_at == end_of(date(2026, 3, 10))
    assert "the two officers must be two people" in refused(
        planned(), "arrive", geometry=HERE, **PAIR | {"second": "周敏"}
    )
    assert refused(planned(), "arrive", **PAIR) == {"tell where you are: use your position or pick it"}
    visit = planned().take("arrive", geometry=HERE, **PAIR)
    assert visit.row.arrived_at == NOW
    assert visit.row.distance == pytest.approx(279.7, abs=1.0)  # 0.003 degrees of longitude at 33.2 north


def test_every_item_is_answered_and_what_fails_is_described() -> None:
    visit = planned().take("arrive", geometry=HERE, **PAIR)
    assert refused(visit, "record", files=PHOTO, items=answers()[1:], **WRITTEN) == {"1 items have no answer"}
    bare = (*answers()[1:], "G-01|no|")
    assert refused(visit, "record", files=PHOTO, items=bare, **WRITTEN) == {"say what was found of: G-01"}
    for wrong in ("G-01|perhaps|", "XX-01|yes|", answers()[1]):
        said = refused(visit, "record", files=PHOTO, items=(*answers()[1:], wrong), **WRITTEN)
        assert said == {"the items are not well formed; open the form again"}
    assert refused(visit, "record", items=answers(), **WRITTEN) == {"needs 1 attachment(s) at least"}
    done = recorded("G-05", "HC-P03")
    assert (done.row.failing, done.row.conforming) == (2, len(answers()) - 2)


def test_the_second_officer_signs_and_nothing_changes_the_record_afterwards() -> None:
    said = refused(recorded(), "sign", ONE, files=PHOTO, signature="signed")
    assert said == {"the other officer confirms the record by an own account"}
    said = refused(recorded(), "sign", OTHER, files=PHOTO, signature="refused")
    assert said == {"say why the party did not sign"}
    visit = signed("G-05")
    assert (visit.row.signed_at, visit.row.record_hash) == (NOW, record_hash(visit.row))
    changed = visit.row.model_copy(update={"items": answers()})
    assert record_hash(changed) != visit.row.record_hash
    record = {"items", "findings", "party", "lead", "second", "signature", "geometry"}
    reached, grown = {State.FOUND.value}, True
    while grown:
        further = {
            str(step.target) for step in SITE_CHECK.steps if step.target and reached & set(map(str, step.source))
        }
        grown, reached = not further <= reached, reached | further
    later = [step for step in SITE_CHECK.steps if reached & set(map(str, step.source))]
    assert {step.name for step in later} >= {"order", "report_mended", "accept_mended", "register_danger"}
    assert not any(record & set(step.asks) for step in later)


def test_the_party_signs_on_the_screen_and_the_seal_covers_place_times_photographs_and_signature() -> None:
    drawn = ";".join(" ".join(f"{x},{x * 2 % 300}" for x in range(n, n + 60, 10)) for n in (10, 300))
    said = refused(recorded("G-05"), "sign", OTHER, signature="signed", party_signature="5,5 6,6")
    assert said == {"let the party sign on the screen, or attach the page signed"}
    visit = planned().take("arrive", geometry=HERE, fix_accuracy=8.5, **PAIR)
    visit = visit.take("record", at=NOW + timedelta(hours=1), files=PHOTO, items=answers("G-05"), **WRITTEN)
    at, sign = NOW + timedelta(hours=2), {"signature": "signed", "party_signature": drawn}
    said = {"the time of leaving lies between the record and now"}
    for wrong in (NOW, NOW + timedelta(hours=3)):
        assert refused(visit, "sign", OTHER, at, **sign, left_at=wrong) == said
    row = visit.take("sign", OTHER, at, **sign).row
    assert (row.arrived_at, row.left_at, row.signed_at, row.photos) == (NOW, at, at, PHOTO)
    assert row.record_hash == record_hash(row)
    changes = {
        "geometry": Point(121.9, 33.2), "fix_accuracy": 1.0, "photos": ("b" * 64,), "party_signature": drawn[:-1],
        "left_at": NOW + timedelta(minutes=90), "signed_at": NOW, "arrived_at": at, "items": answers(), "party": "李四",
    }  # fmt: skip
    for name, value in changes.items():
        assert record_hash(row.model_copy(update={name: value})) != row.record_hash, name


def test_what_was_found_decides_how_a_check_ends() -> None:
    assert refused(signed("G-05"), "pass_check") == {"1 items do not conform"}
    assert signed().take("pass_check").row.state == State.CLOSED
    assert "every item conforms" in refused(signed(), "order", order="整改", mend_by=date(2026, 3, 20))


def test_an_order_to_rectify_is_rechecked_by_somebody_else_within_the_time_of_the_rule() -> None:
    visit = signed("G-05").take("order", order="补训", mend_by=date(2026, 3, 20))
    assert visit.row.due_at == end_of(date(2026, 3, 20))
    assert visit.row.turn == "enterprise"
    early = refused(visit, "recheck_of_office")
    assert early == {"the time to mend runs until 2026-03-20: recheck when it is over or reported mended"}
    late = visit.take("recheck_of_office", at=datetime(2026, 3, 21, 9, 0, tzinfo=CHINA))
    assert late.row.due_at == end_of(date(2026, 3, 31))  # ten calendar days
    again = late.take(
        "order_again", OTHER, datetime(2026, 3, 22, 9, 0, tzinfo=CHINA), recheck="未补训", mend_by=date(2026, 4, 1)
    )
    told = again.take("report_mended", OTHER, NOW + 25 * DAY, files=PHOTO, mended="已补训")
    said = refused(told, "accept_mended", OTHER, NOW + 26 * DAY, files=PHOTO, recheck="合格")
    assert said == {"whoever reported it mended cannot recheck it"}
    done = told.take("accept_mended", ONE, NOW + 26 * DAY, files=PHOTO, recheck="合格")
    assert (done.row.state, done.row.rechecks) == (State.CLOSED, 2)


def test_every_item_names_its_clause_or_says_that_it_was_not_read() -> None:
    sectors = {one.code for one in code_list("sector")}
    ids = [one.id for one in all_items()]
    assert len(set(ids)) == len(ids)
    for one in all_items():
        assert one.sector in {"", *sectors}
        assert one.source
        assert one.clause.startswith("第") == (one.status is not Status.UNVERIFIED)
    assert {one.sector for one in items_of("metal", NOW.date())} == {"", "metal"}
