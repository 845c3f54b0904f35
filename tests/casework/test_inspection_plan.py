"""A yearly plan: drawn up, reviewed by another, approved, and as far as its signed checks say."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.systems import FOLLOWS, FUNCTIONS, GATHERS
from casework.calendar import china
from casework.desk import Desk
from casework.engine import StepRefusedError
from casework.inspecting import plan_items, rule, rules
from casework.progress import progress
from casework.systems.inspection_plan import INSPECTION_PLAN, State
from casework.systems.site_check import SITE_CHECK
from core.actors import SYSTEM_ACTOR
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE
from layers.catalogue import ENTERPRISES, SITE_CHECKS
from layers.catalogue.enforcement import SiteCheck
from layers.catalogue.enterprises import Enterprise
from layers.catalogue.inspections import InspectionPlan
from layers.codes import Status
from store.attachments import Cabinet
from store.feed import Put
from store.protocol import Store
from tests.blank import blank_city
from tests.casework.test_desk import COLLEAGUE, FIRM, OFFICER, OTHER, PNG, Day

ITEMS = ("1|key|990106|hazchem||6|", "2|general|990106||2|4|1")
PLAN = {
    "title": "2026 年度安全生产监督检查计划", "year": 2026, "area": "990106", "organ": "盐港新区应急管理局",
    "items": ITEMS, "officers": 12, "work_days": 3000, "check_days": 1320, "other_days": 780, "idle_days": 900,
}  # fmt: skip


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def store(tmp_path: Path, day: Day) -> Iterator[Store]:
    opened = blank_city(tmp_path / "city.gpkg", day)
    place = shapely.Point(121.8, 33.2)
    firms = [Enterprise(uscc=FIRM, name="信禾助剂", area="990106201", sector="hazchem", geometry=place),
             Enterprise(uscc=OTHER, name="云澜机械", area="990106201", sector="machine", geometry=place)]  # fmt: skip
    edits = [Put(layer=ENTERPRISES.id, record=one) for one in firms]
    opened.commit(edits, actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store, tmp_path: Path, day: Day) -> Desk:
    cabinet = Cabinet(store, tmp_path / "files", day, largest=100_000)
    return Desk(store, cabinet, china(), day, FUNCTIONS, FOLLOWS, gathers=GATHERS)


def go(desk: Desk, code: str, step: str, by: Any = OFFICER, *, reason: str = "", **values: Any) -> InspectionPlan:
    version = desk.find(INSPECTION_PLAN, code, scope=by.scope).version
    row = desk.take(INSPECTION_PLAN, code, version, step, values, by=by, reason=reason).row
    assert isinstance(row, InspectionPlan)
    return row


def in_force(desk: Desk, **values: Any) -> str:
    code = desk.open(INSPECTION_PLAN, PLAN | values, by=OFFICER).row.code
    go(desk, code, "submit", items=tuple(values.get("items", ITEMS)))
    go(desk, code, "review", COLLEAGUE, opinion="同意报批")
    with desk._cabinet.draft([PNG], "批复.png") as draft:
        desk.attach(INSPECTION_PLAN, code, draft, by=OFFICER)
    go(desk, code, "approve", government="盐港新区管委会", approval_no="盐政〔2026〕1 号", approved_on=date(2026, 3, 1))
    return code


def refused(run: Any) -> set[str]:
    with pytest.raises(StepRefusedError) as raised:
        run()
    return {one.rule.en for one in raised.value.faults}


def test_a_plan_is_reviewed_by_another_and_approved_by_the_government(desk: Desk) -> None:
    code = desk.open(INSPECTION_PLAN, PLAN, by=OFFICER).row.code
    sent = go(desk, code, "submit", items=ITEMS)
    assert (sent.planned, sent.key_share, sent.state) == (10, 60.0, State.REVIEWING)
    assert refused(lambda: go(desk, code, "review", opinion="同意")) == {"whoever drew it up cannot review it"}
    go(desk, code, "review", COLLEAGUE, opinion="同意")
    paper = {"government": "盐港新区管委会", "approval_no": "盐政〔2026〕1 号"}
    said = refused(lambda: go(desk, code, "approve", **paper, approved_on=date(2026, 3, 9)))
    assert said == {"the day of the approval cannot lie ahead", "needs 1 attachment(s) at least"}


def test_what_does_not_add_up_lies_outside_or_cannot_be_read_is_refused(desk: Desk) -> None:
    def drawn(**values: Any) -> set[str]:
        return refused(lambda: desk.open(INSPECTION_PLAN, PLAN | values, by=OFFICER))

    assert drawn(year=2025) == {"the year of a plan is 2026 or 2027"}
    assert drawn(items=("1|key|990104|||5|",)) == {"outside the plan's area: items 1"}
    assert drawn(items=("1|key|990106|steel||5|",)) == {"items that cannot be read: 1|key|990106|steel||5|"}
    assert drawn(items=(ITEMS[0], ITEMS[0])) == {f"items that cannot be read: {ITEMS[0]}"}
    assert drawn(idle_days=1) == {"the three kinds of days make 2101, and should make the 3000 working days there are"}


def test_a_share_of_key_inspections_below_the_rule_is_explained_and_the_rule_says_that_nobody_read_it(
    desk: Desk,
) -> None:
    few = ("1|key|990106|hazchem||5|", "2|general|990106||2|5|1")
    code = desk.open(INSPECTION_PLAN, PLAN | {"items": few}, by=OFFICER).row.code
    said = refused(lambda: go(desk, code, "submit", items=few))
    assert said == {"key inspections are 50 %, below 60 % (text not read): say why"}
    assert go(desk, code, "submit", items=few, share_note="重点企业已停产过半").state == State.REVIEWING
    assert rule("key-share", date(2026, 3, 2)).status is Status.UNVERIFIED
    assert all(one.cited for one in rules())


def test_one_area_has_one_plan_for_a_year(desk: Desk) -> None:
    first = in_force(desk)
    second = desk.open(INSPECTION_PLAN, PLAN, by=COLLEAGUE).row.code
    said = refused(lambda: go(desk, second, "submit", COLLEAGUE, items=ITEMS))
    assert said == {f"this area has a plan for 2026: {first}"}


def test_a_check_names_an_item_that_fits_it(desk: Desk) -> None:
    code = in_force(desk)

    def planned(item: str, firm: str = FIRM) -> Any:
        given = {"title": "检查", "enterprise": firm, "check_by": date(2026, 3, 20), "plan_item": item}
        return desk.open(SITE_CHECK, given, by=OFFICER)

    assert planned(f"{code}/01").row.state == "planned"
    assert planned(f"{code}/02", OTHER).row.state == "planned"
    assert refused(lambda: planned(f"{code}/01", OTHER)) == {
        "the enterprise is not of the area or industry of this item"
    }
    assert refused(lambda: planned(f"{code}/09")) == {"the item is not there, or its plan is not in force"}


def test_progress_is_counted_from_the_checks_a_unit_once_and_the_plan_is_closed_with_it(
    desk: Desk, store: Store, day: Day
) -> None:
    code = in_force(desk, items=("1|key|990106|||2|1",))
    kept = {"process": 1, "opened_at": day(), "opened_month": "2026-03", "state_since": day(), "title": "检查",
            "area": "990106201", "plan_item": f"{code}/01"}  # fmt: skip

    def check(n: int, firm: str, state: str, **more: Any) -> None:
        row = SiteCheck(code=f"JC2026-{n:06d}", enterprise=firm, state=state, **kept, **more)
        store.commit([Put(layer=SITE_CHECKS.id, record=row)], actor=SYSTEM_ACTOR, reason="试", scope=SYSTEM_SCOPE)

    def told() -> tuple[int, int, int]:
        (one,) = progress(store, code, ("1|key|990106|||2|1",))
        return one.arranged, one.begun, one.done

    check(1, FIRM, "planned")
    check(2, OTHER, "signing")
    check(3, OTHER, "cancelled")
    assert told() == (1, 1, 0)
    assert refused(lambda: go(desk, code, "close_plan", summary="完成")) == {
        "0 of 2 units are checked and the year is not over"
    }
    check(4, FIRM, "mending")
    check(5, FIRM, "closed")  # the same unit again
    assert told() == (0, 1, 1)
    (one,) = progress(store, code, ("1|key|990106|||2|1",))
    assert one.late(2026, datetime(2026, 4, 1, 9, tzinfo=CHINA))
    assert not one.late(2026, datetime(2026, 3, 31, 9, tzinfo=CHINA))
    check(2, OTHER, "found")
    assert go(desk, code, "close_plan", summary="全部完成").done == 2


def test_a_plan_amended_goes_to_review_again_with_a_reason(desk: Desk, day: Day) -> None:
    code = in_force(desk)
    more = ("1|key|990106|hazchem||8|", ITEMS[1])
    assert refused(lambda: go(desk, code, "amend", items=more)) == {"say why"}
    amended = go(desk, code, "amend", items=more, reason="增加专项任务")
    assert (amended.state, amended.planned) == (State.REVIEWING, 12)
    day.now += timedelta(days=1)
    assert refused(lambda: go(desk, code, "review", opinion="同意")) == {"whoever drew it up cannot review it"}


def test_items_survive_being_written_as_text() -> None:
    found, wrong = plan_items(ITEMS)
    assert not wrong
    assert tuple(map(str, found)) == ITEMS
    assert found[1].ends(2026) == date(2026, 3, 31)
    assert found[0].code("JH2026-000001") == "JH2026-000001/01"
    assert replace(found[0], units=7) != found[0]
