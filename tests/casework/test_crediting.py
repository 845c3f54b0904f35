"""Credit: a decided penalty lowers the grade in its transaction, a certificate raises it, a listing marks the firm."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.systems import FOLLOWS, FUNCTIONS, credited, system
from casework.calendar import china
from casework.crediting import CREDIT_EVENTS, Crediting, rule, scale
from casework.desk import Desk
from casework.engine import StepRefusedError
from casework.penalty_rules import State
from casework.systems.credit import CREDIT
from casework.systems.penalty import PENALTY
from casework.systems.standardization import STANDARDIZATION
from core.actors import SYSTEM_ACTOR
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang
from dashboards.public.lookup import look_up, lookup_of
from layers.catalogue import CREDIT_LISTINGS, ENTERPRISES, PENALTIES
from layers.catalogue.enterprises import Enterprise
from layers.codes import code_list
from store.attachments import Cabinet
from store.feed import Put
from store.protocol import Store
from store.query import EVERYTHING
from tests.blank import blank_city
from tests.casework.test_desk import COLLEAGUE, FIRM, OFFICER, WORKER, Day
from tests.casework.test_penalty import told

DAY = timedelta(days=1)


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def store(tmp_path: Path, day: Day) -> Iterator[Store]:
    kept = blank_city(tmp_path / "city.gpkg", day)
    firm = Enterprise(
        uscc=FIRM, name="信禾助剂有限公司", area="990106201", sector="hazchem", credit_grade="B",
        geometry=shapely.Point(121.8, 33.2),
    )  # fmt: skip
    kept.commit([Put(layer=ENTERPRISES.id, record=firm)], actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    yield kept
    kept.close()


@pytest.fixture
def desk(store: Store, tmp_path: Path, day: Day) -> Desk:
    cabinet = Cabinet(store, tmp_path / "files", day, largest=100_000)
    return Desk(store, cabinet, china(), day, FUNCTIONS, FOLLOWS, besides=credited(store, day))


def firm_in(store: Store) -> Enterprise:
    found = store.get(ENTERPRISES, FIRM, scope=SYSTEM_SCOPE).record
    assert isinstance(found, Enterprise)
    return found


def events(store: Store) -> list[dict[str, Any]]:
    rows = store.read(CREDIT_EVENTS, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist()
    return sorted(rows, key=lambda one: (one["at"], one["code"]))


def go(desk: Desk, of: Any, code: str, step: str, by: Any = OFFICER, reason: str = "依规定", **values: Any) -> Any:
    version = desk.find(of, code, scope=by.scope).version
    return desk.take(of, code, version, step, values, by=by, reason=reason).row


def deciding(desk: Desk, code: str = "CF2026-000001", **more: Any) -> str:
    """A penalty case that only waits for its decision."""
    desk.current(PENALTY)
    row = told().row
    changes = {"state": State.DECIDING.value, "code": code, "reviewed": "合法", "discussed": "同意", **more}
    ready = row.model_copy(update=changes)
    desk.store.commit([Put(layer=PENALTIES.id, record=ready)], actor=SYSTEM_ACTOR, reason="立案", scope=SYSTEM_SCOPE)
    return code


def test_a_penalty_drops_the_grade_from_b_to_c_the_same_day_in_the_transaction_of_its_decision(
    desk: Desk, store: Store, day: Day
) -> None:
    code = deciding(desk)
    head = store.head()
    go(desk, PENALTY, code, "decide_penalty", COLLEAGUE)
    assert firm_in(store).credit_grade == "C"
    (entry,) = events(store)
    assert (entry["rule"], entry["score_before"], entry["score"], entry["grade_before"], entry["grade"]) == (
        "penalty_general", 82, 67, "B", "C"
    )  # fmt: skip
    assert (entry["at"], entry["from_case"], entry["counts_until"]) == (day.now, code, date(2027, 3, 2))
    written = [one.layer for one in store.feed(after=head, scope=SYSTEM_SCOPE)]
    assert {"penalties", "enterprises", "credit_events"} <= set(written)
    go(desk, PENALTY, deciding(desk, "CF2026-000002"), "decide_penalty", COLLEAGUE)
    assert (firm_in(store).credit_grade, events(store)[-1]["score"]) == ("D", 52)  # on from the score, not the start
    person = told().row.model_copy(update={"party": "person"})
    assert (
        Crediting(store=store, clock=day).penalty(person, OFFICER, ()) == []
    )  # what a person did is not counted against the unit


def test_a_decision_that_is_refused_leaves_the_grade(desk: Desk, store: Store) -> None:
    with pytest.raises(StepRefusedError):
        go(
            desk,
            PENALTY,
            deciding(desk, amount=9e9),
            "decide_penalty",
            COLLEAGUE,
        )
    assert (firm_in(store).credit_grade, events(store)) == ("B", [])


def test_a_self_score_of_82_that_is_reviewed_brings_grade_3_for_three_years_and_credit_rises(
    desk: Desk, store: Store, day: Day
) -> None:
    firm = firm_in(store).model_copy(update={"credit_grade": "C"})
    store.commit([Put(layer=ENTERPRISES.id, record=firm)], actor=SYSTEM_ACTOR, reason="评定", scope=SYSTEM_SCOPE)
    asked = {"title": "三级标准化", "enterprise": FIRM, "grade": 3, "self_score": 82.0}
    code = desk.open(STANDARDIZATION, asked, by=WORKER).row.code
    day.now += 5 * DAY
    go(desk, STANDARDIZATION, code, "announce", review_score=80.0, finding="符合")
    assert firm_in(store).std_grade == ""
    day.now += 10 * DAY
    row = go(desk, STANDARDIZATION, code, "register", announced="无异议")
    assert row.valid_until == date(2029, 3, 16)
    found = firm_in(store)
    assert (found.std_grade, found.std_cert, found.std_expiry) == ("3", row.number, row.valid_until)
    assert found.credit_grade == "B"  # 67 + 8 reaches 75


def test_a_listing_needs_notice_and_reply_marks_the_firm_is_public_and_is_undone_by_removal(
    desk: Desk, store: Store, day: Day
) -> None:
    asked = {"title": "拟列入", "enterprise": FIRM, "condition": "risky", "grounds": "冒险作业"}
    code = desk.open(CREDIT, asked, by=OFFICER).row.code
    with pytest.raises(StepRefusedError, match="案件现为“待告知”"):
        go(desk, CREDIT, code, "list_firm")
    go(desk, CREDIT, code, "tell")
    with pytest.raises(StepRefusedError, match="陈述申辩期"):
        go(desk, CREDIT, code, "list_firm")
    day.now += DAY
    go(desk, CREDIT, code, "answer", WORKER, reply="已整改")
    assert not firm_in(store).blacklist
    go(desk, CREDIT, code, "list_firm")
    assert (firm_in(store).blacklist, firm_in(store).credit_grade) == (True, "D")
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
    assert store.count(CREDIT_LISTINGS, EVERYTHING, scope=public) == 1
    told_ = look_up(store, lookup_of("credit_listings"), "", day.now.date(), lang=Lang.ZH)
    assert [one["name"] for one in told_["rows"]] == ["信禾助剂有限公司"]
    day.now += 400 * DAY
    go(desk, CREDIT, code, "ask_removal", WORKER, removal_why="已整改")
    go(desk, CREDIT, code, "remove")
    assert (firm_in(store).blacklist, firm_in(store).credit_grade) == (False, "B")
    assert store.count(CREDIT_LISTINGS, EVERYTHING, scope=public) == 0
    assert [one["rule"] for one in events(store)] == ["listed", "removed"]


def test_points_count_to_their_last_day_and_are_given_back_once_the_day_after(
    desk: Desk, store: Store, day: Day
) -> None:
    penalty = deciding(desk)
    go(desk, PENALTY, penalty, "decide_penalty", COLLEAGUE)
    asked = {"title": "三级标准化", "enterprise": FIRM, "grade": 3, "self_score": 82.0}
    code = desk.open(STANDARDIZATION, asked, by=WORKER).row.code
    go(desk, STANDARDIZATION, code, "announce", review_score=80.0, finding="符合")
    day.now += 10 * DAY
    go(desk, STANDARDIZATION, code, "register", announced="无异议")
    assert (firm_in(store).credit_grade, events(store)[-1]["score"]) == ("B", 75)
    file = Crediting(store=store, clock=day)
    day.now = datetime(2027, 3, 2, 12, tzinfo=CHINA)
    assert file.lapse() == 0
    day.now += DAY
    assert file.lapse() == 1
    back = events(store)[-1]
    assert (back["rule"], back["points"], back["score_before"], back["score"], back["grade"]) == (
        "penalty_general", 15, 75, 90, "A"
    )  # fmt: skip
    assert (back["gives_back"], back["title"]) == (
        events(store)[0]["code"],
        "信禾助剂有限公司:一般程序处罚(计分期满,退还)",
    )
    assert firm_in(store).credit_grade == "A"
    assert (file.lapse(), len(events(store))) == (0, 3)
    go(desk, PENALTY, penalty, "revoke_decision", COLLEAGUE, revoked_why="法院判决撤销")
    assert len(events(store)) == 3  # what was given back is not given back again


def test_a_revoked_penalty_gives_back_what_it_took_and_no_more(desk: Desk, store: Store) -> None:
    listing = desk.open(CREDIT, {"title": "拟列入", "enterprise": FIRM, "condition": "risky", "grounds": "冒险"},
                        by=OFFICER).row.code  # fmt: skip
    go(desk, CREDIT, listing, "tell")
    go(desk, CREDIT, listing, "answer", WORKER, reply="已整改")
    go(desk, CREDIT, listing, "list_firm")
    severe = deciding(desk, kinds=("suspension",), amount=None)
    go(desk, PENALTY, severe, "decide_penalty", COLLEAGUE)
    assert [one["score"] for one in events(store)] == [22, 0]  # thirty points, of which there were twenty-two
    go(desk, PENALTY, severe, "revoke_decision", COLLEAGUE, revoked_why="复议撤销")
    back = events(store)[-1]
    assert (back["rule"], back["points"], back["score"], back["from_case"]) == ("penalty_severe", 22, 22, severe)
    spot = deciding(desk, "CF2026-000002")
    go(desk, PENALTY, spot, "decide_penalty", COLLEAGUE)
    firm = firm_in(store).model_copy(update={"credit_grade": "A"})
    store.commit([Put(layer=ENTERPRISES.id, record=firm)], actor=SYSTEM_ACTOR, reason="评定", scope=SYSTEM_SCOPE)
    go(desk, PENALTY, spot, "revoke_decision", COLLEAGUE, revoked_why="复议撤销")
    assert (events(store)[-1]["points"], firm_in(store).credit_grade) == (0, "A")  # graded by hand since


def test_what_counts_is_of_a_step_there_is_and_every_rule_of_the_list(store: Store, day: Day) -> None:
    for name, step in credited(store, day):
        assert system(name).step(step) is not None
    on = date(2026, 3, 2)
    assert all(rule(one.code, on).points for one in code_list("credit_rule"))
    assert [one.grade for one in scale(on)] == [one.code for one in code_list("credit")]
    assert all(one.least <= one.start for one in scale(on))
