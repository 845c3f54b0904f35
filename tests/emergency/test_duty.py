"""The duty desk over both engines: numbers of calls, who is on duty, hand-overs that close; what a month lacks."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from core.actors import Actor
from core.clock import CHINA
from core.errors import ConflictError, ForbiddenError
from core.scope import Scope, Sensitivity
from emergency.duty.calls import CallLog, Said
from emergency.duty.handover import Handovers
from emergency.duty.roster import Person, Roster, Watch, between, doubles, gaps, on_duty, turns
from layers.catalogue import ALARMS, AREAS, DUTY_CALLS, DUTY_CONTACTS, DUTY_FORWARDS, DUTY_HANDOVERS, DUTY_SHIFTS
from layers.layer import Catalogue
from store.embedded import open_embedded
from store.postgis import open_postgis
from store.protocol import Store

ROOM = Catalogue(AREAS, ALARMS, DUTY_CALLS, DUTY_FORWARDS, DUTY_CONTACTS, DUTY_SHIFTS, DUTY_HANDOVERS)
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
