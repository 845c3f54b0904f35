"""Licences in a store: told of as their end nears, renewed by their holder alone, and what the row then says."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from casework.calendar import china
from casework.desk import Desk
from casework.engine import StepRefusedError
from casework.renewals import climb
from casework.systems.admin_licence import ADMIN_LICENCE
from casework.versions import functions_of
from core.actors import SYSTEM_ACTOR
from core.caller import UserClass
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang
from dashboards.queries.todos import Desk as Todos
from dashboards.queries.todosources import running_out
from layers.catalogue import ENTERPRISES, LICENCES
from layers.catalogue.enterprises import Enterprise
from layers.catalogue.licences import Licence
from monitoring.risk.gathering import gathered, permits
from monitoring.risk.index import assess
from monitoring.risk.model import model_on
from store.attachments import Cabinet
from store.feed import Put
from store.protocol import Store
from tests.blank import blank_city
from tests.casework.test_desk import COLLEAGUE, FIRM, OFFICER, OTHER, PNG, RIVAL, WORKER, Day

END = date(2026, 6, 30)
CODE = "XK2023-900001"


def held(code: str = CODE, firm: str = FIRM, **more: Any) -> Licence:
    given = {
        "code": code, "number": "应急危经字〔2023〕000001 号", "kind": "P04", "enterprise": firm, "area": "990106201",
        "enterprise_name": "信禾助剂有限公司", "valid_from": date(2023, 7, 1), "valid_until": END, "scope": "甲醇",
        "issuer": "盐港新区应急管理局", "geometry": shapely.Point(121.8, 33.2), "sensitivity": Sensitivity.PUBLIC,
    }  # fmt: skip
    return Licence.model_validate(given | more)


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def store(tmp_path: Path, day: Day) -> Iterator[Store]:
    opened = blank_city(tmp_path / "city.gpkg", day)
    firms = [
        Enterprise(uscc=uscc, name=name, area="990106201", sector="hazchem", geometry=shapely.Point(121.8, 33.2))
        for uscc, name in ((FIRM, "信禾助剂有限公司"), (OTHER, "云澜氯碱化工有限公司"))
    ]
    rows: list[Any] = [Put(layer=ENTERPRISES.id, record=one) for one in firms]
    rows += [Put(layer=LICENCES.id, record=held()), Put(layer=LICENCES.id, record=held("XK2023-900002", OTHER))]
    opened.commit(rows, actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store, tmp_path: Path, day: Day) -> Desk:
    cabinet = Cabinet(store, tmp_path / "files", day, largest=10_000)
    return Desk(store, cabinet, china(), day, functions_of([ADMIN_LICENCE]))


def row(store: Store, code: str = CODE) -> Licence:
    record = store.get(LICENCES, code, scope=SYSTEM_SCOPE).record
    assert isinstance(record, Licence)
    return record


def at(day: Day, left: int) -> None:
    day.now = datetime(END.year, END.month, END.day, 1, 0, tzinfo=UTC) - timedelta(days=left)


def test_its_holder_is_told_three_months_ahead_and_nobody_twice(store: Store, day: Day) -> None:
    at(day, 121)
    assert climb(store, day) == 0
    told = []
    for left in (119, 100, 89, 20, 3, -1, -30):
        at(day, left)
        count = climb(store, day)
        assert climb(store, day) == 0
        one = row(store)
        told.append((left, count // 2, one.state, one.reminded, one.told))
    assert told == [
        (119, 1, "soon", 1, "enterprise"), (100, 0, "soon", 1, "enterprise"), (89, 1, "soon", 2, "enterprise"),
        (20, 1, "soon", 4, "enterprise"), (3, 1, "soon", 5, "enterprise"), (-1, 1, "expired", 6, "district"),
        (-30, 0, "expired", 6, "district"),
    ]  # fmt: skip
    assert row(store).told_at == datetime(2026, 7, 1, 1, 0, tzinfo=UTC)


def test_what_was_revoked_or_ended_is_not_told_of(store: Store, day: Day) -> None:
    over = Put(layer=LICENCES.id, record=held(state="revoked"))
    store.commit([over], actor=SYSTEM_ACTOR, reason="撤销", scope=SYSTEM_SCOPE)
    at(day, -1)
    assert climb(store, day) == 1
    assert (row(store).state, row(store).reminded) == ("revoked", 0)


def test_what_runs_out_is_a_to_do_of_its_holder_and_of_the_authority_alone(store: Store, day: Day) -> None:
    at(day, 80)
    climb(store, day)

    def due(areas: str, user: UserClass, firm: str | None = None) -> list[tuple[str, date | None]]:
        firms = None if firm is None else frozenset({firm})
        scope = Scope(areas=(areas,), clearance=Sensitivity.INTERNAL, enterprises=firms)
        found = running_out(Todos(store=store, now=day.now, scope=scope, user_class=user, lang=Lang.ZH))
        return [(one.subject, one.due) for one in found if one.title == "证照到期"]

    mine = ("危险化学品经营许可证 应急危经字〔2023〕000001 号", END)
    assert due("990106", UserClass.ENTERPRISE, FIRM) == [mine]
    assert due("990106", UserClass.REGULATOR) == [mine, mine]
    assert due("990104", UserClass.REGULATOR) == []


def test_its_holder_renews_it_and_the_row_goes_on_for_three_years(desk: Desk, store: Store, day: Day) -> None:
    at(day, 95)
    climb(store, day)
    about = {"matter": "renew", "licence": CODE, "enterprise": FIRM}
    case = desk.open(ADMIN_LICENCE, about, by=WORKER).row
    assert (case.title, case.enterprise_name) == ("信禾助剂有限公司危险化学品经营许可证延续", "信禾助剂有限公司")
    assert (case.late, case.held_until, case.scope) == (False, END, "甲醇")  # type: ignore[attr-defined]

    def step(name: str, by: Any, **values: Any) -> None:
        found = desk.find(ADMIN_LICENCE, case.code, scope=by.scope)
        desk.take(ADMIN_LICENCE, case.code, found.version, name, values, by=by)

    with desk._cabinet.draft([PNG], "申请书.png") as draft:
        desk.attach(ADMIN_LICENCE, case.code, draft, by=WORKER)
    step("accept", OFFICER)
    step("review", OFFICER, findings="符合条件")
    seen = desk.find(ADMIN_LICENCE, case.code, scope=COLLEAGUE.scope).row
    given = {"valid_from": date(2026, 7, 1), "valid_until": date(2029, 6, 30), "issuer": "盐港新区应急管理局"}
    assert {name: getattr(seen, name) for name in given} == given, "proposed by the review"
    step("grant", COLLEAGUE, **given)
    assert row(store).valid_until == END, "it goes on when the certificate is delivered"
    step("deliver", OFFICER)
    one = row(store)
    assert (one.valid_until, one.state, one.reminded, one.case) == (date(2029, 6, 30), "valid", 0, case.code)
    assert one.number == "应急危经字〔2023〕000001 号"
    assert climb(store, day) == 0


def test_what_is_being_renewed_does_not_run_out_before_that_is_decided(desk: Desk, store: Store, day: Day) -> None:
    at(day, 95)
    case = desk.open(ADMIN_LICENCE, {"matter": "renew", "licence": CODE}, by=WORKER).row
    at(day, -3)
    climb(store, day)
    assert (row(store).state, row(store).told) == ("soon", "district")
    assert row(store, "XK2023-900002").state == "expired"

    def past() -> set[str]:
        table = permits(store)
        assert table is not None
        ends = zip(table["code"].to_pylist(), table["expires_at"].to_pylist(), strict=True)
        return {code for code, end in ends if end is not None and end < day.now}

    assert past() == {"XK2023-900002"}, "as the risk index counts it"
    found = desk.find(ADMIN_LICENCE, case.code, scope=WORKER.scope)
    desk.take(ADMIN_LICENCE, case.code, found.version, "withdraw", {}, by=WORKER, reason="不再经营")
    assert climb(store, day) == 1
    assert row(store).state == "expired"
    assert past() == {CODE, "XK2023-900002"}


def test_the_risk_index_knows_of_licences_once_there_are_some_and_counts_those_work_needs(
    store: Store, tmp_path: Path, day: Day
) -> None:
    mark = held("XK2023-900003", kind="P22", valid_until=END - timedelta(days=300))
    off = held("XK2023-900004", kind="P01", state="cancelled", valid_until=END - timedelta(days=300))
    rows = [Put(layer=LICENCES.id, record=one) for one in (mark, off)]
    store.commit(rows, actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    table = permits(store)
    assert table is not None
    assert set(table["code"].to_pylist()) == {CODE, "XK2023-900002"}
    assert table["expires_at"][0].as_py() == datetime(2026, 6, 30, 16, 0, tzinfo=UTC), "the end of the day in China"
    for now, points, codes in ((END, 0.0, ()), (END + timedelta(days=1), 10.0, (CODE,))):
        given = gathered(store, datetime(now.year, now.month, now.day, 4, 0, tzinfo=UTC))
        found = assess(given, model_on(now))
        line = {one.term: one for one in found.lines(given.enterprises["uscc"].to_pylist().index(FIRM))}
        assert (line["permit_expired"].points, line["permit_expired"].sources) == (points, codes)
    empty = blank_city(tmp_path / "empty.gpkg", day)
    try:
        assert permits(empty) is None
    finally:
        empty.close()


def test_nobody_renews_what_another_holds_and_is_not_told_that_it_is_there(desk: Desk) -> None:
    for code in (CODE, "XK1999-000001"):
        with pytest.raises(StepRefusedError) as refused:
            desk.open(ADMIN_LICENCE, {"matter": "renew", "licence": code, "enterprise": OTHER}, by=RIVAL)
        assert [one.rule.zh for one in refused.value.faults] == ["没有这项证照,或不归您办理"]
    with pytest.raises(StepRefusedError, match="不属于所填企业"):
        desk.open(ADMIN_LICENCE, {"matter": "renew", "licence": CODE, "enterprise": OTHER}, by=OFFICER)


def test_a_case_decides_on_the_licence_as_it_is_and_not_as_it_was(desk: Desk, store: Store) -> None:
    case = desk.open(ADMIN_LICENCE, {"matter": "change", "licence": CODE, "grounds": "更名"}, by=WORKER).row
    gone = Put(layer=LICENCES.id, record=held(state="cancelled"))
    store.commit([gone], actor=SYSTEM_ACTOR, reason="注销", scope=SYSTEM_SCOPE)
    found = desk.find(ADMIN_LICENCE, case.code, scope=OFFICER.scope)
    with desk._cabinet.draft([PNG], "申请书.png") as draft:
        desk.attach(ADMIN_LICENCE, case.code, draft, by=WORKER)
    desk.take(ADMIN_LICENCE, case.code, found.version, "accept", {}, by=OFFICER)
    found = desk.find(ADMIN_LICENCE, case.code, scope=OFFICER.scope)
    desk.take(ADMIN_LICENCE, case.code, found.version, "review", {"findings": "属实"}, by=OFFICER)
    found = desk.find(ADMIN_LICENCE, case.code, scope=COLLEAGUE.scope)
    given = {"valid_from": date(2023, 7, 1), "valid_until": END, "issuer": "局"}
    with pytest.raises(StepRefusedError, match="已注销、撤销、吊销或暂扣"):
        desk.take(ADMIN_LICENCE, case.code, found.version, "grant", given, by=COLLEAGUE)
