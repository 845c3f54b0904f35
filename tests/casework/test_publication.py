"""A decision is published in time, without persons, for as long as it may be shown; what is late is told of."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from casework.calendar import end_of
from casework.casetype import Role
from casework.engine import overdue
from casework.publication import penalty_listing, take_off
from casework.systems.penalty import PENALTY
from core.clock import CHINA
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue.enforcement import PENALTY_LISTINGS, PenaltyListing
from store.feed import Put
from store.protocol import Store
from tests.casework.test_desk import OFFICER, Day, day, store
from tests.casework.test_penalty import DAY, HEAD, NOW, Course, paying, refused, told

__all__ = ["day", "store"]

SAID: dict[str, Any] = {"public_summary": "未维护安全设备"}


def late(course: Course, days: int) -> bool:
    return overdue(course.row, NOW + days * DAY)


def test_what_is_not_published_within_seven_working_days_is_overdue_and_the_officers_until_it_is() -> None:
    course = paying()
    assert (course.row.due_at, course.row.due_basis) == (end_of(date(2026, 3, 11)), "penalty-publish")
    assert (late(course, 9), late(course, 10), course.row.turn) == (False, True, Role.OFFICER)
    done = course.take("publish_penalty", at=NOW + 9 * DAY, **SAID)
    assert (done.row.published_late, done.row.turn) == (False, Role.ENTERPRISE)
    assert (done.row.due_at, done.row.due_basis) == (end_of(date(2026, 3, 17)), "pay_by")
    assert course.take("publish_penalty", at=NOW + 10 * DAY, **SAID).row.published_late
    paid = course.take("pay_fine", at=NOW + DAY, paid_on=date(2026, 3, 3), paid=20000.0)
    assert (paid.row.due_basis, late(paid, 10)) == ("penalty-publish", True), "paying does not end it"
    assert paid.take("publish_penalty", at=NOW + DAY, **SAID).row.due_at is None
    served = told().take("end_telling", waived=True).take("decide_penalty", HEAD).take("publish_penalty", **SAID)
    assert served.row.due_basis == "penalty-serve"


@pytest.mark.parametrize("said", ["钱进未维护", "联系电话 13800001111", "证号 110101199003070011"])
def test_no_person_or_number_of_one_is_published(said: str) -> None:
    course = told(party="person", person="钱进", basis="WSL99-3", amount=10000.0)
    course = course.take("end_telling", waived=True).take("decide_penalty", HEAD)
    against = "no person is named" if said.startswith("钱进") else "numbers may be published"
    assert against in refused(course, "publish_penalty", public_summary=said)
    shown = penalty_listing(course.take("publish_penalty", **SAID).row)
    assert shown is not None
    assert (shown.party_name, shown.enterprise, shown.geometry) == ("钱某", "", None)
    assert "钱进" not in str(shown.model_dump())
    assert "信禾" not in str(shown.model_dump())


def test_a_unit_is_named_with_what_it_was_fined_for_and_for_how_long_that_is_shown() -> None:
    shown = penalty_listing(paying().take("publish_penalty", **SAID).row)
    assert shown is not None
    assert (shown.party_name, shown.amount, shown.decided_on) == ("信禾助剂", 20000.0, NOW.date())
    assert (shown.public_until, shown.sensitivity) == (date(2029, 3, 2), Sensitivity.PUBLIC)
    assert penalty_listing(paying().row) is None
    assert PENALTY.public is PENALTY_LISTINGS


def test_what_was_shown_for_its_whole_time_is_the_publics_no_longer(store: Store, day: Day) -> None:
    shown = penalty_listing(paying().take("publish_penalty", **SAID).row)
    assert isinstance(shown, PenaltyListing)
    put = Put(layer=PENALTY_LISTINGS.id, record=shown, expected=0)
    store.commit([put], actor=OFFICER.actor, reason="公开", scope=SYSTEM_SCOPE)
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
    assert take_off(store, lambda: datetime(2029, 3, 2, 23, 0, tzinfo=CHINA).astimezone(UTC)) == 0
    assert store.get(PENALTY_LISTINGS, shown.code, scope=public).record.code == shown.code
    after = datetime(2029, 3, 3, 0, 30, tzinfo=CHINA).astimezone(UTC)
    assert (take_off(store, lambda: after), take_off(store, lambda: after)) == (1, 0)
    with pytest.raises(NotFoundError):
        store.get(PENALTY_LISTINGS, shown.code, scope=public)
