"""A draw for an item of the plan: twenty units with two officers each, logged, done again, checks opened with it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import shapely

from app.systems import FOLLOWS, FUNCTIONS, GATHERS, results
from casework.calendar import china
from casework.desk import Desk
from casework.draws import Verdict, done_again
from casework.systems.enforcers import AVOIDANCE, ENFORCER
from casework.systems.random_draw import RANDOM_DRAW
from casework.systems.site_check import SITE_CHECK
from core.actors import SYSTEM_ACTOR
from core.canonical import sha256
from core.errors import ConflictError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue import ENTERPRISES, RANDOM_DRAWS, SITE_CHECKS
from layers.catalogue.enforcement import SiteCheck
from layers.catalogue.enterprises import Enterprise
from layers.catalogue.inspections import DRAW_LISTINGS, Avoidance, DrawListing, RandomDraw
from store.attachments import Cabinet
from store.feed import Put
from store.protocol import Store
from store.query import EVERYTHING
from tests.blank import blank_city
from tests.casework.test_desk import COLLEAGUE, OFFICER, RIVAL, Day
from tests.casework.test_inspection_plan import in_force, refused

FIRMS = [f"91990106MA0000{n:04d}" for n in range(60)]
CLOSED, RELATIVE = FIRMS[:3], FIRMS[3]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Desk, Day]]:
    """Sixty firms, eight officers, one of them a relative, and a plan in force; tests draw for items of their own."""
    folder, day = tmp_path_factory.mktemp("draw"), Day()
    store = blank_city(folder / "city.gpkg", day)
    firms = [
        Enterprise(
            uscc=uscc, name=f"企业{n}", area="990106201", sector="hazchem" if n % 2 else "trade", risk=1 + n % 4,
            status="suspended" if uscc in CLOSED else "open", geometry=shapely.Point(121.8, 33.2),
        )
        for n, uscc in enumerate(FIRMS)
    ]  # fmt: skip
    store.commit([Put(layer=ENTERPRISES.id, record=one) for one in firms], actor=SYSTEM_ACTOR, reason="登记",
                 scope=SYSTEM_SCOPE)  # fmt: skip
    desk = Desk(store, Cabinet(store, folder / "files", day, largest=100_000), china(), day, FUNCTIONS, FOLLOWS,
                gathers=GATHERS, besides=results(store))  # fmt: skip
    for n in range(8):
        until = date(2026, 3, 5) if n == 7 else date(2029, 1, 1)
        desk.open(ENFORCER, {"title": f"人员{n}", "number": f"YL{n:02d}", "area": "990106", "valid_until": until},
                  by=OFFICER)  # fmt: skip
    away = {"officer_no": "YL01", "enterprise": RELATIVE, "relation": "relative"}
    desk.open(AVOIDANCE, away, by=OFFICER)
    yield store, desk, day
    store.close()


@pytest.fixture
def desk(loaded: tuple[Store, Desk, Day]) -> Desk:
    return loaded[1]


@pytest.fixture(scope="module")
def plan(loaded: tuple[Store, Desk, Day]) -> str:
    items = tuple(f"{n}|general|990106|{sector}|{risk}|{units}|" for n, (sector, risk, units) in
                  enumerate((("hazchem", "", 30), ("trade", "1", 9), ("trade", "3", 20), ("", "", 60)), 1))  # fmt: skip
    return in_force(loaded[1], items=items, share_note="全部双随机")


def prepared(desk: Desk, item: str, units: int) -> str:
    given = {"plan_item": item, "units": units, "check_by": date(2026, 3, 31), "scope": "行业专项"}
    return desk.open(RANDOM_DRAW, given, by=OFFICER).row.code


def draw(desk: Desk, code: str, reason: str = "") -> RandomDraw:
    version = desk.find(RANDOM_DRAW, code, scope=OFFICER.scope).version
    row = desk.take(RANDOM_DRAW, code, version, "draw", {}, by=OFFICER, reason=reason).row
    assert isinstance(row, RandomDraw)
    return row


def again(desk: Desk, row: RandomDraw) -> Verdict:
    (kept,) = desk._cabinet.of(RANDOM_DRAWS, row.code, scope=SYSTEM_SCOPE)
    return done_again(row, kept.path.read_bytes())


def test_twenty_units_are_drawn_logged_in_one_transaction_with_their_checks_and_the_same_again(
    loaded: tuple[Store, Desk, Day], plan: str
) -> None:
    store, desk, _ = loaded
    code = prepared(desk, f"{plan}/01", 20)
    before = store.head()
    row = draw(desk, code)
    entries = store.feed(after=before, scope=SYSTEM_SCOPE)
    written = {one.layer for one in entries} - {"procedures"}  # published with their first case
    assert written == {"random_draws", "case_steps", "site_checks", "attachments"}
    assert len(row.drawn) == len(row.followed) == 20
    assert (row.candidates, row.standing, row.officers) == (30, 29, 8)
    (kept,) = desk._cabinet.of(RANDOM_DRAWS, code, scope=SYSTEM_SCOPE)
    assert kept.record.sha256 == sha256(kept.path.read_bytes()) == row.inputs_hash
    assert desk.log(RANDOM_DRAW, code, scope=OFFICER.scope)[-1].files == (row.inputs_hash,)
    assert again(desk, row) == Verdict(identical=True, differs=())
    for text, check in zip(row.drawn, row.followed, strict=True):
        _, unit, first, second = text.split("|")
        one = desk.find(SITE_CHECK, check, scope=OFFICER.scope).row
        assert isinstance(one, SiteCheck)
        assert (one.enterprise, one.lead_no, one.second_no) == (unit, first, second)
        assert (one.draw, one.plan_item, one.kind, one.from_case) == (code, f"{plan}/01", "random", code)
        assert (one.area, one.check_by, one.state) == ("990106201", date(2026, 3, 31), "planned")
        assert one.lead == f"人员{int(first[2:])}"
        assert unit not in CLOSED
        assert "YL07" not in (first, second)  # the certificate ends before the checks are due
        assert unit != RELATIVE or "YL01" not in (first, second)


def test_what_was_changed_afterwards_is_found_when_it_is_done_again(desk: Desk, plan: str) -> None:
    row = draw(desk, prepared(desk, f"{plan}/02", 3))
    (kept,) = desk._cabinet.of(RANDOM_DRAWS, row.code, scope=SYSTEM_SCOPE)
    body = kept.path.read_bytes()
    said = done_again(row, body.replace(row.drawn[0].split("|")[1].encode(), b"91990106MA00009999"))
    assert not said.identical
    assert said.differs[0].en == "the file of the inputs does not have the hash kept"
    first, *rest = row.drawn
    other = row.model_copy(update={"drawn": (first[:-1] + "9", *rest)})
    assert [one.en for one in done_again(other, body).differs] == ["the result differs at 1"]
    assert not done_again(row.model_copy(update={"seed": "0" * 64}), body).identical
    assert not done_again(row, None).identical


def test_nobody_draws_again_in_silence_or_more_than_the_plan_has(desk: Desk, plan: str) -> None:
    first = draw(desk, prepared(desk, f"{plan}/03", 5))
    version = desk.find(RANDOM_DRAW, first.code, scope=OFFICER.scope).version
    said = refused(lambda: desk.take(RANDOM_DRAW, first.code, version, "draw", {}, by=OFFICER))
    assert said == {"the case is 'Drawn': 'Draw' is not possible"}
    second = prepared(desk, f"{plan}/03", 5)
    assert refused(lambda: draw(desk, second)) == {"this item was drawn 1 time(s) before: say why it is drawn again"}
    row = draw(desk, second, reason="第二批,按月安排")
    assert row.earlier == 1
    assert desk.log(RANDOM_DRAW, second, scope=OFFICER.scope)[-1].reason == "第二批,按月安排"
    taken = {text.split("|")[1] for text in first.drawn}
    assert not taken & {text.split("|")[1] for text in row.drawn}  # a check of theirs is under way
    assert refused(lambda: prepared(desk, f"{plan}/03", 11)) == {
        "the item asks for 20 units, 10 are left: 11 are too many"
    }
    few = {one for one in refused(lambda: draw(desk, prepared(desk, f"{plan}/04", 60))) if "may be drawn" in one}
    assert len(few) == 1


def test_of_two_who_draw_at_once_the_second_is_told(desk: Desk, plan: str) -> None:
    code = prepared(desk, f"{plan}/02", 1)
    version = desk.find(RANDOM_DRAW, code, scope=OFFICER.scope).version
    desk.take(RANDOM_DRAW, code, version, "draw", {}, by=COLLEAGUE, reason="补抽")
    with pytest.raises(ConflictError, match="吴刚"):
        desk.take(RANDOM_DRAW, code, version, "draw", {}, by=OFFICER, reason="补抽")


def test_a_draw_is_void_only_before_its_checks_and_closed_after_them(desk: Desk, plan: str) -> None:
    row = draw(desk, prepared(desk, f"{plan}/02", 1), reason="补抽")

    def go(step: str, **more: Any) -> str:
        version = desk.find(RANDOM_DRAW, row.code, scope=OFFICER.scope).version
        return desk.take(RANDOM_DRAW, row.code, version, step, {}, by=OFFICER, **more).row.state

    assert refused(lambda: go("void_draw", reason="范围有误")) == {"1 of its checks are open"}
    (check,) = row.followed
    version = desk.find(SITE_CHECK, check, scope=OFFICER.scope).version
    desk.take(SITE_CHECK, check, version, "cancel", {}, by=OFFICER, reason="范围有误")
    assert go("void_draw", reason="范围有误") == "void"


def test_a_check_that_was_drawn_has_its_inspection_plan_before_anybody_goes_there(desk: Desk, plan: str) -> None:
    row = draw(desk, prepared(desk, f"{plan}/02", 1), reason="补抽")
    (check,) = row.followed

    def go(step: str, **values: Any) -> SiteCheck:
        version = desk.find(SITE_CHECK, check, scope=OFFICER.scope).version
        done = desk.take(SITE_CHECK, check, version, step, values, by=OFFICER).row
        assert isinstance(done, SiteCheck)
        return done

    here = shapely.Point(121.801, 33.2)
    assert refused(lambda: go("arrive", geometry=here)) == {"make the inspection plan first"}
    assert go("make_plan", scope="储存和动火作业").state == "planned"
    assert go("arrive", geometry=here).state == "on_site"


def test_the_public_reads_results_after_the_check_and_not_before_and_that_they_were_withdrawn(
    loaded: tuple[Store, Desk, Day], plan: str
) -> None:
    store, desk, _ = loaded
    row = draw(desk, prepared(desk, f"{plan}/03", 3), reason="第三批")
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)

    def go(step: str, **values: Any) -> RandomDraw:
        version = desk.find(RANDOM_DRAW, row.code, scope=OFFICER.scope).version
        done = desk.take(RANDOM_DRAW, row.code, version, step, values, by=OFFICER).row
        assert isinstance(done, RandomDraw)
        return done

    def told() -> dict[str, DrawListing]:
        found = store.read(DRAW_LISTINGS, EVERYTHING, scope=public)["code"].to_pylist()
        rows = (store.get(DRAW_LISTINGS, code, scope=public).record for code in found)
        return {one.code: one for one in rows if isinstance(one, DrawListing) and one.draw == row.code}

    def checked(code: str, **values: Any) -> None:
        kept = store.get(SITE_CHECKS, code, scope=SYSTEM_SCOPE)
        edit = Put(layer=SITE_CHECKS.id, record=kept.record.model_copy(update=values), expected=kept.version)
        store.commit([edit], actor=SYSTEM_ACTOR, reason="检查", scope=SYSTEM_SCOPE)

    first, second, third = row.followed
    assert refused(lambda: go("publish_results")) == {"no unit was checked yet: there is nothing to publish"}
    checked(first, state="closed")
    checked(second, state="mending", failing=2, mend_by=date(2026, 4, 10))
    assert go("publish_results").results == 2
    results = {code: one.result for code, one in told().items()}
    assert results == {first: "未发现问题", second: "发现 2 项问题，已责令限期整改，整改期限至 2026-04-10"}
    assert third not in results, "nobody is named before the check"
    checked(third, state="closed", failing=1)
    go("publish_results")
    assert told()[third].result == "发现 1 项问题，已当场改正"
    go("withdraw_results", results_why="第一家检查记录更正")
    assert {(one.result, one.withdrawn_why) for one in told().values()} == {("", "第一家检查记录更正")}
    assert refused(lambda: go("withdraw_results", results_why="再撤")) == {"no results are public"}
    checked(first, failing=1)
    go("publish_results")
    assert (told()[first].result, told()[first].withdrawn_at) == ("发现 1 项问题，已当场改正", None)


def test_the_unit_does_not_read_who_avoids_it_and_a_certificate_is_one_officer(
    loaded: tuple[Store, Desk, Day],
) -> None:
    _, desk, day = loaded
    row = desk.find(AVOIDANCE, "HB2026-000001", scope=OFFICER.scope).row
    assert isinstance(row, Avoidance)
    assert (row.enterprise, row.avoided, row.title) == ("", RELATIVE, "YL01 回避 企业3")
    assert RIVAL.scope.enterprises
    again_ = {"title": "冒名", "number": "YL02", "area": "990106", "valid_until": day().date() + timedelta(days=90)}
    assert refused(lambda: desk.open(ENFORCER, again_, by=OFFICER)) == {"the certificate is registered: ZF2026-000003"}
