"""What the desk of orders promises of the store: numbered, once by key, received in order, a team booked by one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from app.incidents.bookings import IncidentBookings
from app.incidents.desk import By, IncidentDesk, Opening
from app.orders.desk import Giving, OrderDesk
from app.orders.marks import Drawing, Marks
from core.actors import Actor
from core.errors import BadInputError, ConflictError, FaultsError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from emergency.duty.booking import Bookings, Wanted
from emergency.incidents.life import Step
from emergency.orders.fitting import fitting, table
from gis.shapes import LonLat
from layers.catalogue import (
    ALARMS,
    AREAS,
    ENTERPRISES,
    EXERCISES,
    HAZARD_SOURCES,
    INCIDENT_COMMANDS,
    INCIDENT_LINKS,
    INCIDENT_LOG,
    INCIDENT_MARKS,
    INCIDENT_ORDERS,
    INCIDENTS,
    RESOURCE_BOOKINGS,
    TEAMS,
)  # fmt: skip
from layers.catalogue.resources import Team
from layers.codes import Status, code_list
from layers.layer import Catalogue
from store.embedded import open_embedded
from store.feed import Put
from tests.ogc.drawn_city import EAST, NORTH, SOUTH, WEST, load, multi, wkb

AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MIDDLE = (WEST + EAST) / 2
HERE = LonLat(WEST + 0.01, SOUTH + 0.03)
ZHOU = By(actor=Actor(id="zhou", name="周敏", door="page"), account="zhou",
          scope=Scope(areas=("990102",), clearance=Sensitivity.SENSITIVE, writable=None))  # fmt: skip
WU = replace(ZHOU, actor=Actor(id="wu", name="吴浩", door="page"), account="wu")
CITY = replace(ZHOU, actor=Actor(id="city", name="市局", door="page"), account="city",
               scope=replace(ZHOU.scope, areas=("99",)))  # fmt: skip
EASTERN = replace(ZHOU, actor=Actor(id="east", name="东区", door="page"), account="east",
                  scope=replace(ZHOU.scope, areas=("990106",)))  # fmt: skip
SMALL = Catalogue(
    AREAS, ENTERPRISES, ALARMS, HAZARD_SOURCES, INCIDENTS, EXERCISES, INCIDENT_LOG, INCIDENT_LINKS, INCIDENT_COMMANDS,
    INCIDENT_ORDERS, INCIDENT_MARKS, TEAMS, RESOURCE_BOOKINGS,
)  # fmt: skip


class Watch:
    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def desk(tmp_path: Path, watch: Watch) -> Iterator[OrderDesk]:
    store = open_embedded(tmp_path / "city.gpkg", SMALL, watch)
    load(store, AREAS, code=["990102", "990106"], name=["西区", "东区"], level=["district", "district"],
         area=["990102", "990106"],
         geometry=wkb(multi(WEST, SOUTH, MIDDLE, NORTH), multi(MIDDLE, SOUTH, EAST, NORTH)))  # fmt: skip
    teams = [
        Team(code=code, name=name, kind="fire", people=12, area=area, geometry=shapely.Point(HERE.lon, HERE.lat),
             sensitivity=Sensitivity.INTERNAL)
        for code, name, area in (("T1", "特勤一站", "990102"), ("T2", "东区站", "990106"))
    ]  # fmt: skip
    store.commit([Put(layer=TEAMS.id, record=one) for one in teams], actor=ZHOU.actor, reason="t", scope=SYSTEM_SCOPE)
    incidents = IncidentDesk(store=store, clock=watch)
    yield OrderDesk(incidents=incidents, bookings=Bookings(store, watch))
    store.close()


def opened(desk: OrderDesk, command: str = "open-0001", **more: object) -> str:
    given: dict[str, object] = {"origin": "call", "title": "液氯泄漏", "kind": "leak", "place": HERE, "text": "报告"}
    return desk.incidents.open(Opening(**(given | more)), by=ZHOU, command=command).code  # type: ignore[arg-type]


TO_TEAM = Giving(action="到上风向集结点堵漏", to_kind="team", to_name="特勤一站", team="T1")


def team_state(desk: OrderDesk, key: str = "T1") -> str:
    row = desk.store.get(TEAMS, key, scope=SYSTEM_SCOPE).record
    assert isinstance(row, Team)
    return row.state


def test_an_order_sent_again_is_given_once_and_numbers_run_within_the_incident(desk: OrderDesk) -> None:
    code = opened(desk)
    first = desk.give(code, TO_TEAM, by=ZHOU, command="give-0001")
    again = desk.give(code, TO_TEAM, by=ZHOU, command="give-0001")
    assert (again.again, again.entry) == (True, first.entry)
    desk.give(code, replace(TO_TEAM, to_kind="unit", to_name="盐港中学", team=""), by=WU, command="give-0001")
    other = opened(desk, "open-0002")
    desk.give(other, TO_TEAM, by=ZHOU, command="give-0003")
    assert [one.number for one in desk.of(code, scope=ZHOU.scope)] == [2, 1]
    assert [one.code for one in desk.of(other, scope=ZHOU.scope)] == [f"{other}/001"]
    lines = [one for one in desk.incidents.log(code, scope=ZHOU.scope) if one.kind == "order"]
    assert [one.text[:6] for one in lines] == ["指令第 1 ", "指令第 2 "]
    with pytest.raises(ConflictError):  # a line of an order is not struck as if it had not been given
        desk.incidents.strike(lines[0].code, by=ZHOU, command="strike-01", why="写错")


def test_what_is_booked_for_an_incident_stands_in_its_log_once_and_only_of_one_in_hand(desk: OrderDesk) -> None:
    code, held = opened(desk), IncidentBookings(desk=desk.incidents, bookings=desk.bookings)
    wanted = Wanted(of_layer="teams", of_key="T1", purpose="堵漏", incident=code)
    booked = held.ask(wanted, at_once=True, by=ZHOU, command="book-0001")
    assert held.ask(wanted, at_once=True, by=ZHOU, command="book-0001").record == booked.record
    with pytest.raises(ConflictError, match="不在待命"):
        held.ask(wanted, at_once=True, by=ZHOU, command="book-0002")
    asked = held.ask(replace(wanted, of_key="T2"), at_once=False, by=CITY, command="book-0003").record
    key = booked.record.code  # type: ignore[attr-defined]
    back = held.step(key, booked.version, "give_back", "用毕", None, by=WU, command="back-0001")
    assert held.step(key, booked.version, "give_back", "用毕", None, by=WU, command="back-0001").record == back.record
    held.step(asked.code, 1, "book", "", None, by=EASTERN, command="grant-001")  # type: ignore[attr-defined]
    lines = [one for one in desk.incidents.log(code, scope=ZHOU.scope) if one.kind == "resource"]
    assert [(one.text, one.by) for one in lines] == [
        ("调用 特勤一站:堵漏", "周敏"), ("申请调用 东区站:堵漏", "市局"), ("归还 特勤一站:用毕", "吴浩"),
        ("批准调用 东区站", "东区"),
    ]  # fmt: skip
    with pytest.raises(ConflictError):
        desk.incidents.strike(lines[0].code, by=ZHOU, command="strike-01", why="写错")
    for n, none in enumerate(("SJ20990101-0001", opened(desk, "open-0009"))):
        if n:
            desk.incidents.step(none, 1, Step.FALSE, by=ZHOU, command="false-001", why="误报")
        with pytest.raises(FaultsError, match="在办事件"):
            held.ask(replace(wanted, incident=none), at_once=True, by=ZHOU, command=f"none-000{n}")


def test_each_step_has_its_time_and_name_and_what_does_not_fit_is_refused(desk: OrderDesk, watch: Watch) -> None:
    code = opened(desk)
    desk.give(code, TO_TEAM, by=ZHOU, command="give-0001")
    order = f"{code}/001"
    watch.at = AT + 4 * MINUTE
    desk.step(order, "urge", by=ZHOU, command="urge-0001")
    desk.step(order, "urge", by=ZHOU, command="urge-0001")
    assert desk.find(order, scope=ZHOU.scope)[0].urged == 1
    desk.step(order, "receive", by=WU, command="take-0001")
    watch.at = AT + 6 * MINUTE
    desk.step(order, "leave", by=WU, command="leave-001", eta=watch.at + 5 * MINUTE)
    row, _ = desk.find(order, scope=ZHOU.scope)
    assert (row.state, row.received_by, row.received_at) == ("on_way", "吴浩", AT + 4 * MINUTE)
    assert row.eta == AT + 11 * MINUTE
    for act in ("receive", "urge"):
        with pytest.raises(ConflictError):
            desk.step(order, act, by=ZHOU, command=f"{act}-0002")
    with pytest.raises(BadInputError):
        desk.step(order, "withdraw", by=ZHOU, command="back-0001")
    desk.step(order, "done", by=WU, command="done-0001", why="已堵住")
    row, _ = desk.find(order, scope=ZHOU.scope)
    assert (row.state, row.said, row.eta) == ("done", "已堵住", None)
    with pytest.raises(ConflictError):
        desk.step(order, "withdraw", by=ZHOU, command="back-0002", why="不用了")
    assert "催办" in " ".join(one.text for one in desk.incidents.log(code, scope=ZHOU.scope))


def test_of_two_who_order_one_team_at_once_one_books_it_and_it_moves_with_its_order(desk: OrderDesk) -> None:
    code = opened(desk)
    booking = replace(TO_TEAM, book=True)
    desk.give(code, booking, by=ZHOU, command="give-0001")
    assert team_state(desk) == "out"
    with pytest.raises(ConflictError):
        desk.give(code, booking, by=WU, command="give-0002")
    assert len(desk.of(code, scope=ZHOU.scope)) == 1
    order = f"{code}/001"
    desk.step(order, "leave", by=ZHOU, command="leave-001")
    held = desk.find(order, scope=ZHOU.scope)[0].booking
    assert getattr(desk.store.get(RESOURCE_BOOKINGS, held, scope=SYSTEM_SCOPE).record, "state", "") == "on_way"
    with pytest.raises(ForbiddenError):  # a team of another district is asked for, not booked
        desk.give(code, replace(booking, team="T2", to_name="东区站"), by=ZHOU, command="give-0003")
    assert team_state(desk, "T2") == "ready"


def test_withdrawn_before_it_left_the_team_is_free_again(desk: OrderDesk) -> None:
    code = opened(desk)
    desk.give(code, replace(TO_TEAM, book=True), by=ZHOU, command="give-0001")
    desk.step(f"{code}/001", "withdraw", by=ZHOU, command="back-0001", why="误派")
    assert team_state(desk) == "ready"


def test_what_a_phone_kept_is_written_in_order_and_takes_nothing_back(desk: OrderDesk, watch: Watch) -> None:
    code = opened(desk)
    desk.give(code, TO_TEAM, by=ZHOU, command="give-0001")
    order = f"{code}/001"
    watch.at = AT + 20 * MINUTE
    desk.step(order, "arrive", by=ZHOU, command="told-0001")  # told by telephone meanwhile
    late = {"by": WU, "late": True}
    desk.step(order, "receive", command="ph-00001", happened_at=AT + MINUTE, **late)  # type: ignore[arg-type]
    desk.step(order, "leave", command="ph-00002", happened_at=AT + 3 * MINUTE, **late)  # type: ignore[arg-type]
    desk.step(order, "done", command="ph-00003", happened_at=AT + 18 * MINUTE, why="已堵住", **late)  # type: ignore[arg-type]
    row, _ = desk.find(order, scope=ZHOU.scope)
    assert (row.state, row.left_at, row.ended_at) == ("done", AT + 3 * MINUTE, AT + 18 * MINUTE)
    desk.step(order, "arrive", command="ph-00004", happened_at=AT + 15 * MINUTE, **late)  # type: ignore[arg-type]
    assert desk.find(order, scope=ZHOU.scope)[0].state == "done"
    told = [one for one in desk.incidents.log(code, scope=ZHOU.scope) if one.by == "吴浩"]
    assert [one.happened_at for one in told] == [AT + n * MINUTE for n in (1, 3, 18, 15)]
    assert "此时指令已完成" in told[-1].text


def test_an_exercise_takes_no_real_team_and_its_orders_say_what_they_are(desk: OrderDesk) -> None:
    code = opened(desk, exercise=True)
    with pytest.raises(ConflictError):
        desk.give(code, replace(TO_TEAM, book=True), by=ZHOU, command="give-0001")
    desk.give(code, TO_TEAM, by=ZHOU, command="give-0002")
    assert [one.exercise for one in desk.of(code, scope=ZHOU.scope)] == [True]
    assert team_state(desk) == "ready"


def test_nothing_is_ordered_in_an_incident_that_is_over_or_anothers(desk: OrderDesk) -> None:
    code = opened(desk)
    east = replace(ZHOU, scope=replace(ZHOU.scope, areas=("990106",)))
    with pytest.raises(NotFoundError):
        desk.give(code, TO_TEAM, by=east, command="give-0001")
    desk.give(code, TO_TEAM, by=ZHOU, command="give-0001")
    with pytest.raises(NotFoundError):
        desk.step(f"{code}/001", "receive", by=east, command="take-0001")
    desk.incidents.step(code, desk.incidents.find(code, scope=ZHOU.scope).version, Step.FALSE, by=ZHOU,
                        command="false-001", why="误报")  # fmt: skip
    with pytest.raises(ConflictError):
        desk.give(code, TO_TEAM, by=ZHOU, command="give-0002")


def test_what_fits_an_incident_is_data_and_every_kind_has_some() -> None:
    kinds = {one.code for one in code_list("incident_kind")}
    teams = {one.code for one in code_list("team_kind")}
    assert {one.incident_kind for one in table()} == kinds
    assert {one.team_kind for one in table()} <= teams
    assert {one.status for one in table()} == {Status.OWN}
    assert fitting("leak", AT.date())[0].team_kind == "hazchem"


def test_what_is_drawn_stands_once_is_taken_off_with_a_reason_and_closes_roads_while_it_stands(desk: OrderDesk) -> None:
    marks = Marks(incidents=desk.incidents)
    code, played = opened(desk), opened(desk, "open-0009", exercise=True)
    road = Drawing(kind="blocked", place=HERE, line=(HERE, LonLat(HERE.lon + 0.001, HERE.lat)), title="盐港大道塌方")
    for _ in range(2):
        marks.draw(code, road, by=ZHOU, command="draw-0001")
    marks.draw(code, Drawing(kind="staging", place=HERE), by=ZHOU, command="draw-0002")
    marks.draw(played, road, by=ZHOU, command="draw-0003")
    assert [one.kind for one in marks.standing(scope=ZHOU.scope)] == ["blocked", "staging"]
    assert [one.incident for one in marks.standing(scope=ZHOU.scope, exercise=True)] == [played]
    assert [one.title for one in marks.closed("", ZHOU.scope)] == ["盐港大道塌方"]
    assert len(marks.closed(played, ZHOU.scope)) == 2
    assert marks.standing(scope=replace(ZHOU.scope, areas=("990106",))) == []
    marks.remove(f"{code}/B001", by=WU, command="off-00001", why="已清通")
    assert marks.closed("", ZHOU.scope) == []
    with pytest.raises(ConflictError):
        marks.remove(f"{code}/B001", by=WU, command="off-00002", why="再撤")
    told = [one.text for one in desk.incidents.log(code, scope=ZHOU.scope) if one.kind == "position"]
    assert told == ["标绘封路:盐港大道塌方", "标绘集结点", "撤除封路:盐港大道塌方(已清通)"]
    version = desk.incidents.find(code, scope=ZHOU.scope).version
    desk.incidents.step(code, version, Step.FALSE, by=ZHOU, command="false-002", why="误报")
    assert marks.standing(scope=ZHOU.scope) == []


def test_an_incident_that_ends_names_the_orders_and_teams_somebody_still_answers_for(desk: OrderDesk) -> None:
    code = opened(desk)
    for number, booked in ((1, False), (2, True)):
        desk.give(code, replace(TO_TEAM, book=booked), by=ZHOU, command=f"give-000{number}")
    desk.step(f"{code}/001", "done", by=ZHOU, command="done-0001")
    version = desk.incidents.find(code, scope=ZHOU.scope).version
    desk.incidents.step(code, version, Step.FALSE, by=ZHOU, command="false-001", why="误报")
    said = desk.incidents.log(code, scope=ZHOU.scope)[-1].text
    assert said.endswith(";未办结指令 1 件:第2号;未归还资源 1 项:特勤一站")


def test_an_incident_refers_to_what_there_is_and_names_what_is_none(desk: OrderDesk) -> None:
    strange = {"enterprise": "NaN", "hazard_source": "H404", "chemical": "7782-50-6"}
    with pytest.raises(FaultsError) as refused:
        opened(desk, facts=strange)
    assert {fault.field: fault.value for fault in refused.value.faults} == strange
    code = opened(desk, "open-0002")
    with pytest.raises(FaultsError):
        desk.incidents.correct(code, 1, {"chemical": "液氯"}, by=ZHOU, command="fix-00001", why="核实")
    assert len(desk.incidents.log(code, scope=ZHOU.scope)) == 1, "nothing is written"


def test_a_picture_of_the_past_has_what_was_drawn_by_then_and_nothing_of_now(desk: OrderDesk, watch: Watch) -> None:
    marks, code = Marks(incidents=desk.incidents), opened(desk)
    watch.at = AT + 10 * MINUTE
    marks.draw(code, Drawing(kind="staging", place=HERE), by=ZHOU, command="draw-0001")
    watch.at = AT + 20 * MINUTE
    marks.remove(f"{code}/B001", by=ZHOU, command="off-00001", why="换地方")
    known = [
        [one.kind for one in marks.standing(scope=ZHOU.scope, code=code, at=AT + minutes * MINUTE)]
        for minutes in (5, 15, 25)
    ]
    assert known == [[], ["staging"], []]
