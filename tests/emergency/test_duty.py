"""The duty desk over both engines: numbers of calls, who is on duty, hand-overs that close; what a month lacks."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from shapely import Point

from core.actors import Actor
from core.clock import CHINA
from core.errors import BadInputError, ConflictError, ForbiddenError
from core.scope import Scope, Sensitivity
from emergency.duty.booking import Bookings, Wanted, near
from emergency.duty.calls import CallLog, Said
from emergency.duty.handover import Handovers
from emergency.duty.roster import Person, Roster, Watch, between, doubles, gaps, on_duty, turns
from emergency.duty.tallies import tallies
from gis.shapes import LonLat
from layers.catalogue import (
    ALARMS,
    AREAS,
    DEPOTS,
    DUTY_CALLS,
    DUTY_CONTACTS,
    DUTY_FORWARDS,
    DUTY_HANDOVERS,
    DUTY_SHIFTS,
    FIRE_STATIONS,
    MATERIALS,
    RESOURCE_BOOKINGS,
    TEAMS,
)
from layers.catalogue.resources import Depot, FireStation, Material, Team
from layers.layer import Catalogue
from store.embedded import open_embedded
from store.feed import Put
from store.postgis import open_postgis
from store.protocol import Store
from store.query import Query

ROOM = Catalogue(AREAS, ALARMS, DUTY_CALLS, DUTY_FORWARDS, DUTY_CONTACTS, DUTY_SHIFTS, DUTY_HANDOVERS, TEAMS,
                 DEPOTS, FIRE_STATIONS, MATERIALS, RESOURCE_BOOKINGS)  # fmt: skip
NOW = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
EAST = Scope(areas=("990106",), clearance=Sensitivity.SENSITIVE, writable=None)
ZHOU, WU = (Actor(id=one, name=f"{one},盐港新区应急管理局", door="api") for one in ("周敏", "吴刚"))
POST = "盐港新区值班室"


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    if request.param == "embedded":
        opened: Store = open_embedded(tmp_path / "city.gpkg", ROOM, clock)
    else:
        url, schema = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_schema")
        opened = open_postgis(url, ROOM, clock, schema)
    with closing(opened):
        yield opened


def test_a_day_of_calls_shifts_and_a_handover_is_the_same_on_either_engine(store: Store, clock: Clock) -> None:
    log = CallLog(store, clock)
    said = Said(what="罐区有白烟", area="990106101", call_back=True, caller_phone="1990999")
    first, second = (log.write(said, actor=ZHOU, scope=EAST).record for _ in range(2))
    assert [one.code for one in (first, second)] == ["DH20261201-0001", "DH20261201-0002"]
    with pytest.raises(ForbiddenError):
        log.write(Said(what="别处", area="990104"), actor=ZHOU, scope=EAST)
    log.strike(second.code, 1, "重复", actor=WU, scope=EAST)
    log.forward(first.code, 1, "到场核实", "环境监测站", contact="", actor=ZHOU, scope=EAST)

    roster = Roster(store, clock)
    two = [Person(name=ZHOU.name, account="a-zhou"), Person(name=WU.name, account="a-wu")]
    shifts = turns(two, date(2026, 12, 1), date(2026, 12, 2), begins=time(8, 30), hours=24)
    roster.enter(shifts, post=POST, role="officer", area="990106", phone="0999", actor=ZHOU, scope=EAST)
    (watch,) = on_duty(store, NOW, scope=EAST, area="990106")
    assert (watch.person, watch.ends_at) == (ZHOU.name, datetime(2026, 12, 2, 0, 30, tzinfo=UTC))
    assert on_duty(store, NOW, scope=EAST, area="990104") == ()
    roster.ask(watch.code, watch.version, two[1], "生病", actor=ZHOU, scope=EAST)
    (asked,) = on_duty(store, NOW, scope=EAST)
    assert asked.person == ZHOU.name, "nothing changes before they agree"
    with pytest.raises(ForbiddenError, match="只有被请的人"):
        roster.answer(watch.code, asked.version, True, account="a-zhou", actor=ZHOU, scope=EAST)
    roster.answer(watch.code, asked.version, True, account="a-wu", actor=WU, scope=EAST)
    (stands,) = on_duty(store, NOW, scope=EAST)
    assert (stands.person, stands.stands_in_for, stands.asked_of) == (WU.name, ZHOU.name, "")

    desk = Handovers(store, clock)
    drawn = desk.draw_up(POST, "990106", "电台正常", "留意港区", account="a-wu", actor=WU, scope=EAST)
    code = drawn.record.code
    assert drawn.record.due_at == stands.ends_at
    assert [line.split()[2] for line in drawn.record.calls] == [first.code], "what is struck through is not to return"
    assert "环境监测站" in drawn.record.receipts[0]
    with pytest.raises(ForbiddenError, match="须由交班人先签字"):
        desk.sign(code, 1, "password", account="a-zhou", actor=ZHOU, scope=EAST)
    desk.sign(code, 1, "password", account="a-wu", actor=WU, scope=EAST)
    with pytest.raises(ConflictError, match="内容不能再改"):
        desk.draw_up(POST, "990106", "", "改", code=code, version=2, account="a-wu", actor=WU, scope=EAST)
    with pytest.raises(ForbiddenError, match="另一人"):
        desk.sign(code, 2, "password", account="a-wu", actor=WU, scope=EAST)
    clock.now = stands.ends_at + timedelta(minutes=16)
    taken = desk.sign(code, 2, "password", account="a-zhou", actor=ZHOU, scope=EAST).record
    assert (taken.state, taken.late, taken.in_name) == ("taken", True, ZHOU.name)
    with pytest.raises(ConflictError, match="不能再改"):
        desk.sign(code, 3, "password", account="a-zhou", actor=ZHOU, scope=EAST)
    assert len(between(store, NOW, NOW + timedelta(days=3), scope=EAST)) == 2
    assert store.verify().findings == ()


def test_two_dispatchers_cannot_book_one_team_twice_nor_more_of_a_stock_than_is_free(
    store: Store, clock: Clock
) -> None:
    base = {"area": "990106101", "kind": "foam"}
    depot = Depot(code="D", name="库", geometry=Point(121.9, 33.2), area="990106101", duty_phone="0999")
    team = Team(code="T", name="危化队", kind="hazchem", people=20, geometry=Point(121.8, 33.2), area="990106101")
    stocks = [
        Material(code="M1", name="泡沫液", depot="D", quantity=27, unit="t", checked_on=date(2026, 11, 20), **base),
        Material(code="M2", name="泡沫液", depot="D", quantity=9, unit="t", expiry=date(2026, 11, 30), **base),
    ]
    edits = [Put(layer=DEPOTS.id, record=depot), Put(layer=TEAMS.id, record=team),
             *(Put(layer=MATERIALS.id, record=one) for one in stocks)]  # fmt: skip
    store.commit(edits, actor=ZHOU, reason="t", scope=EAST)
    desk = Bookings(store, clock)

    def book(layer: str, key: str, quantity: float | None) -> str:
        wanted = Wanted(of_layer=layer, of_key=key, quantity=quantity, purpose="灭火")
        try:
            return desk.ask(wanted, at_once=True, account="a", actor=ZHOU, scope=EAST).record.code
        except ConflictError:
            return ""

    with ThreadPoolExecutor(8) as pool:
        teams = list(pool.map(lambda _: book(TEAMS.id, "T", None), range(8)))
    (won,) = [code for code in teams if code]
    assert store.get(TEAMS, "T", scope=EAST).record.state == "out"
    tries = 0
    while any(book(MATERIALS.id, "M1", 10.0) for _ in range(2)):
        tries += 1
        assert tries < 3, "27 tonnes hold two bookings of ten"
    (first, second) = near(
        store, LonLat(121.95, 33.2), 40_000.0, NOW.date(), layer=MATERIALS.id, kind="foam", scope=EAST
    )
    assert {(one.of_key, one.free, one.expired) for one in (first, second)} == {("M1", 7.0, False), ("M2", 9.0, True)}
    assert (first.phone, round(first.metres, -2)) == ("0999", 4700.0)
    assert near(store, LonLat(121.95, 33.2), 4000.0, NOW.date(), layer=MATERIALS.id, kind="foam", scope=EAST) == ()

    for step in ("leave", "arrive", "return", "give_back"):
        version = store.get(RESOURCE_BOOKINGS, won, scope=EAST).version
        moved = desk.step(won, version, step, "", None, actor=WU, scope=EAST)
    assert (moved.record.state, len(moved.record.steps)) == ("returned", 6)
    assert store.get(TEAMS, "T", scope=EAST).record.state == "ready"
    code = next(one for one in store.read(RESOURCE_BOOKINGS, Query(), scope=EAST)["code"].to_pylist() if one != won)
    with pytest.raises(BadInputError, match="0 至 10"):
        desk.step(code, 1, "give_back", "", 11.0, actor=WU, scope=EAST)
    desk.step(code, 1, "give_back", "", 4.0, actor=WU, scope=EAST)
    stock = store.get(MATERIALS, "M1", scope=EAST).record
    assert (stock.quantity, stock.reserved) == (21.0, 10.0), "six tonnes were used up, ten are still out"


def test_foam_of_a_fire_station_is_found_booked_and_used_up_like_that_of_a_depot(store: Store, clock: Clock) -> None:
    station = FireStation(code="F", name="特勤站", foam=20.0, geometry=Point(121.9, 33.2), area="990106101",
                          duty_phone="0119", observed_at=NOW - timedelta(days=3))  # fmt: skip
    dry = station.model_copy(update={"code": "G", "foam": None})
    edits = [Put(layer=FIRE_STATIONS.id, record=one) for one in (station, dry)]
    store.commit(edits, actor=ZHOU, reason="t", scope=EAST)
    here, desk = LonLat(121.95, 33.2), Bookings(store, clock)
    asked: dict[str, Any] = {"layer": MATERIALS.id, "kind": "foam", "scope": EAST}
    (one,) = near(store, here, 40_000.0, NOW.date(), **asked)
    assert (one.of_key, one.free, one.unit, one.whose, one.phone) == ("F", 20.0, "t", "特勤站", "0119")
    assert (one.counted_on, one.ready) == ((NOW - timedelta(days=3)).date(), True)
    wanted = Wanted(of_layer=one.of_layer, of_key="F", quantity=12.0, purpose="灭火")
    booked = desk.ask(wanted, at_once=True, account="a", actor=ZHOU, scope=EAST).record
    assert booked.name == "特勤站泡沫液", "nobody booked the station"
    with pytest.raises(ConflictError, match="可用 8 t"):
        desk.ask(wanted, at_once=True, account="a", actor=ZHOU, scope=EAST)
    assert near(store, here, 40_000.0, NOW.date(), **asked)[0].free == 8.0
    desk.step(booked.code, 1, "give_back", "", 2.0, actor=ZHOU, scope=EAST)
    assert store.get(FIRE_STATIONS, "F", scope=EAST).record.foam == 10.0, "ten tonnes were used up"
    unseen = replace(EAST, hidden=frozenset({(FIRE_STATIONS.id, "foam")}))
    assert near(store, here, 40_000.0, NOW.date(), **asked | {"scope": unseen}) == ()


def test_what_a_role_does_not_meet_is_unknown_and_never_free(store: Store) -> None:
    depot = Depot(code="D", name="库", geometry=Point(121.9, 33.2), area="990106101")
    team = Team(code="T", name="危化队", kind="hazchem", people=20, geometry=Point(121.9, 33.2), area="990106101")
    stock = Material(code="M1", name="泡沫液", depot="D", kind="foam", quantity=27, unit="t", area="990106101")
    edits = [Put(layer=DEPOTS.id, record=depot), Put(layer=TEAMS.id, record=team),
             Put(layer=MATERIALS.id, record=stock)]  # fmt: skip
    store.commit(edits, actor=ZHOU, reason="t", scope=EAST)
    here = LonLat(121.95, 33.2)

    def seen(layer: str, kind: str, *hidden: str) -> tuple[Any, ...]:
        scope = replace(EAST, hidden=frozenset((of, name) for of in (layer, DEPOTS.id) for name in hidden))
        return near(store, here, 40_000.0, NOW.date(), layer=layer, kind=kind, scope=scope)

    (one,) = seen(TEAMS.id, "hazchem", "people", "state", "unit", "name")
    assert (one.free, one.ready, one.name) == (None, None, "T")
    (one,) = seen(MATERIALS.id, "foam", "quantity", "unit", "expiry", "checked_on", "name")
    assert (one.free, one.unit, one.name, one.whose, one.old) == (None, "", "M1", "D", True)
    assert seen(MATERIALS.id, "foam", "kind") == seen(TEAMS.id, "hazchem", "kind") == ()


def test_resources_are_counted_by_district_kind_and_unit_with_what_was_not_told(store: Store) -> None:
    depot = Depot(code="D", name="库", geometry=Point(121.9, 33.2), area="990106101")
    day = NOW.date()

    def stock(code: str, quantity: float, unit: str, ago: int | None) -> Put:
        row = Material(code=code, name="泡沫液", depot="D", kind="foam", quantity=quantity, unit=unit, area="990106101",
                       checked_on=None if ago is None else day - timedelta(days=ago))  # fmt: skip
        return Put(layer=MATERIALS.id, record=row)

    edits = [Put(layer=DEPOTS.id, record=depot), stock("A", 27, "t", 3), stock("B", 9, "t", 200),
             stock("C", 500, "L", 1), stock("E", 1, "t", None)]  # fmt: skip
    store.commit(edits, actor=ZHOU, reason="t", scope=EAST)
    lines = [one for one in tallies(store, day, timedelta(days=90), scope=EAST) if one.layer == MATERIALS.id]
    assert [(one.area, one.kind, one.unit, one.rows, one.amount, one.old, one.undated) for one in lines] == [
        ("990106", "foam", "L", 1, 500.0, 0, 0), ("990106", "foam", "t", 3, 37.0, 1, 1),
    ]  # fmt: skip
    assert (lines[1].oldest, lines[1].newest) == (day - timedelta(days=200), day - timedelta(days=3))
    unseen = replace(EAST, hidden=frozenset({(MATERIALS.id, "quantity")}))
    hidden = [one for one in tallies(store, day, timedelta(days=90), scope=unseen) if one.layer == MATERIALS.id]
    assert [(one.rows, one.told) for one in hidden] == [(1, 0), (3, 0)], "not told, and not nought"


def watch(person: str, start: int, hours: int, post: str = POST, role: str = "officer") -> Watch:
    at = datetime(2026, 12, 1, tzinfo=CHINA) + timedelta(hours=start)
    return Watch(
        code=f"{person}{start}", version=1, post=post, role=role, person=person, account="", duty_phone="",
        starts_at=at, ends_at=at + timedelta(hours=hours), stands_in_for="", asked_of="", asked_account="",
        asked_why="", asked_by="", area="990106",
    )  # fmt: skip


def test_what_is_missing_and_what_is_double_is_named() -> None:
    start, end = (datetime(2026, 12, day, tzinfo=CHINA) for day in (1, 3))
    kept = [watch("甲", 0, 12), watch("乙", 14, 10), watch("丙", 20, 28), watch("带班", 0, 48, role="leader")]
    missing = gaps(kept, start, end)
    assert [(one.starts_at - start, one.ends_at - start) for one in missing] == [
        (timedelta(hours=12), timedelta(hours=14))
    ]
    (twice,) = doubles(kept)
    assert ({twice.one.person, twice.other.person}, twice.person) == ({"乙", "丙"}, False)
    (same,) = doubles([watch("甲", 0, 12), watch("甲", 6, 12, post="别处")])
    assert same.person
    assert doubles([watch("甲", 0, 12), watch("甲", 12, 12)]) == (), "one after the other is no fault"
    assert [one.ends_at for one in gaps([watch("带班", 0, 48, role="leader")], start, end)] == [end]
