"""Recipients of warnings as administrators keep them: each their own district's, on both engines of accounts."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
import shapely

from app.alerting.announcing import Announcer
from app.alerting.pushing import Pusher
from app.alerting.receipts import CapReceipts
from app.alerting.subscribing import SEALED_FOR
from app.auth.callers import caller_of
from app.auth.sealing import Sealer
from app.doors.admin.desk import Desk
from app.doors.admin.fields import Given
from app.doors.admin.recipients import TRIED_EVERY, Recipients
from app.messages.carriers import Carrier, Sink
from app.remote.fetching import Elsewhere
from app.repeating import Chores
from core.actors import SYSTEM_ACTOR
from core.caller import Caller
from core.errors import BadInputError, BusyError, ConflictError, FaultsError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import AREAS, CATALOGUE, WARNINGS
from layers.catalogue.areas import Area
from layers.layer import Catalogue
from monitoring.warnings.cap import read
from store.audit import Kind, Sought
from store.embedded import open_embedded
from store.feed import Put
from store.identity.alerts import AlertState
from store.identity.messages import Channel
from tests.identity.conftest import Office
from tests.messages.test_alerts import Agency

NAMES = {"320981": "东台市", "320982": "大丰区"}
BOX = shapely.box(121.0, 33.0, 121.1, 33.1)
CITY, EAST, WEST = "3209", "320981", "320982"


@dataclass
class World:
    office: Office
    desk: Desk
    doors: Recipients
    agency: Agency

    def admin(self, login: str, area: str) -> Caller:
        self.office.hire(login, "administrator", areas=(area,))
        self.office.doorman.forget()
        return caller_of(self.office.identity.standing(login, at=self.office.clock()), "page")

    def add(self, by: Caller, name: str, *areas: str, **more: object) -> Given:
        form: Given = {"name": name, "channel": "mail", "address": "duty@park.cn", "areas": list(areas)}
        with self.desk.changing():
            return self.doors.add(self.desk, by, form | more)

    def names(self, by: Caller) -> list[str]:
        return [one["name"] for one in self.doors.listed(self.desk, by, {})["recipients"]]


@pytest.fixture
def world(office: Office, tmp_path: Path) -> Iterator[World]:
    store = open_embedded(tmp_path / "city.gpkg", Catalogue(AREAS, WARNINGS), office.clock)
    areas = [
        Put(layer=AREAS.id, record=Area(code=code, name=name, level="district", area=code, geometry=BOX))
        for code, name in NAMES.items()
    ]
    store.commit(areas, actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    ways: dict[Channel, Carrier] = {Channel.MAIL: Sink(file=tmp_path / "mail.jsonl")}
    with Agency() as agency:
        threading.Thread(target=agency.serve_forever, daemon=True).start()
        announcer = Announcer(
            store=store, identity=office.identity, clock=office.clock, sender="onemap@x.cn", status="Actual",
            carriers=ways,
        )  # fmt: skip
        pusher = Pusher(
            identity=office.identity, announcer=announcer, carriers=ways, clock=office.clock, address="https://m.cn",
            elsewhere=Elsewhere([agency.url], "ONEMAP_CAP_HOSTS"),
            sealer=Sealer(tmp_path / "key").for_purpose(SEALED_FOR),
        )  # fmt: skip
        sinks = frozenset({Channel.MAIL})
        receipts = CapReceipts(store=store, identity=office.identity, clock=office.clock, sinks=sinks)
        desk = Desk(doorman=office.doorman, catalogue=CATALOGUE, areas=lambda: NAMES, chores=Chores(office.clock))
        yield World(office, desk, Recipients(pusher=pusher, receipts=receipts), agency)
        agency.shutdown()
    store.close()


def test_an_administrator_of_a_district_sees_and_changes_its_recipients_alone(world: World) -> None:
    boss, east, west = world.admin("boss", CITY), world.admin("east", EAST), world.admin("west", WEST)
    mine = world.add(east, "东台园区", EAST)
    world.add(west, "大丰园区", WEST)
    both, whole = world.add(boss, "两区", EAST, WEST), world.add(boss, "全市", "")
    assert set(world.names(boss)) == {"东台园区", "两区", "全市", "大丰园区"}
    assert (world.names(east), world.names(west)) == (["东台园区"], ["大丰园区"])
    for areas in (("",), (WEST,), (EAST, WEST), (CITY,)):
        with pytest.raises(ForbiddenError, match="管辖范围"):
            world.add(east, "别处", *areas)
        with pytest.raises(ForbiddenError, match="管辖范围"):
            world.doors.change(world.desk, east, {"areas": list(areas)}, mine["id"])
    for other in (both, whole):
        for act in (world.doors.change, world.doors.test, world.doors.end):
            with pytest.raises(NotFoundError):
                act(world.desk, east, {}, other["id"])
    world.doors.end(world.desk, east, {}, mine["id"])
    (told,) = world.doors.listed(world.desk, east, {})["recipients"]
    assert told["state"] == "over"
    with pytest.raises(NotFoundError):
        world.doors.test(world.desk, east, {}, mine["id"])
    assert world.add(east, "东台园区", EAST)["state"] == "active", "the name is free again"


def test_every_fault_is_named_with_its_value_and_what_is_allowed(world: World) -> None:
    boss = world.admin("boss", CITY)
    with pytest.raises(FaultsError) as refused:
        world.add(boss, " ", "320999", channel="webhook", address="https://elsewhere.cn/cap")
    told = {one.field: (one.value, one.rule.zh) for one in refused.value.faults}
    assert set(told) == {"name", "address", "areas"}
    assert told["areas"][0] == "320999"
    assert EAST in told["areas"][1]
    assert "elsewhere.cn" in told["address"][1]
    assert world.agency.url in told["address"][1], "the hosts that are allowed"
    for channel, address, allowed in (
        ("mail", "duty", "邮箱"), ("sms", "13", "手机号"), ("webhook", "ftp://x/", "http"),
        ("webhook", "http://a b/", "http"),
    ):  # fmt: skip
        with pytest.raises(FaultsError, match=allowed):
            world.add(boss, "某单位", EAST, channel=channel, address=address)
    for field, value in (
        ("channel", "pigeon"),
        ("address", 1),
        ("areas", []),
        ("areas", "x"),
        ("areas", [1]),
        ("who", "x"),
    ):
        with pytest.raises(BadInputError, match=field):
            world.add(boss, "某单位", EAST, **{field: value})  # type: ignore[arg-type]
    mine = world.add(boss, "某单位", EAST)
    with pytest.raises(ConflictError, match="已登记"):
        world.add(boss, "某单位", WEST)
    with pytest.raises(FaultsError, match="new_secret"):
        world.doors.change(world.desk, boss, {"new_secret": True}, mine["id"])


def test_a_test_message_says_that_it_is_one_and_its_receipt_is_listed(world: World) -> None:
    boss = world.admin("boss", CITY)
    system = world.add(boss, "广播平台", "", channel="webhook", address=f"{world.agency.url}/cap?token=hidden")
    mail = world.add(boss, "化工园", EAST)
    phone = world.add(boss, "值班手机", EAST, channel="sms", address="13812345678")
    world.agency.acknowledging = True
    for one in (system, mail):
        assert world.doors.test(world.desk, boss, {}, one["id"])["last"]["state"] == "waiting"
    with pytest.raises(BadInputError, match="未设置"):
        world.doors.test(world.desk, boss, {}, phone["id"])
    with pytest.raises(BusyError):
        world.doors.test(world.desk, boss, {}, mail["id"])
    assert world.doors.pusher.push() == 2
    ((_, body),) = world.agency.got
    told = read(body)
    assert (told.status, told.message) == ("Test", "Alert")
    line = orjson.loads((world.office.entrance.sealer._file.with_name("mail.jsonl")).read_bytes())
    assert line["title"].startswith("【测试】")
    assert line["text"].startswith("*** Test ***")
    last = {one["name"]: one["last"] for one in world.doors.listed(world.desk, boss, {})["recipients"]}
    assert (last["广播平台"]["state"], last["广播平台"]["trial"]) == ("acknowledged", True)
    assert (last["化工园"]["state"], last["化工园"]["note"]) == ("sent", "测试接收端，未真正发出")
    assert last["值班手机"] is None
    world.agency.status = 503
    world.office.clock.now += TRIED_EVERY
    world.doors.test(world.desk, boss, {}, system["id"])
    assert world.doors.pusher.push() == 0
    book = world.office.identity.alerts
    assert book.newest()[system["id"]].state is AlertState.FAILED, "a test is tried once"
    assert book.newest()[system["id"]].said == "对方系统回答 503"
    assert [one.name for one in book.recipients("YJ20260302-0001", (WEST,))] == ["广播平台"], "no warning was sent"


def test_no_secret_and_no_whole_address_is_told_again_or_kept_in_the_audit(world: World) -> None:
    boss = world.admin("boss", CITY)
    made = world.add(boss, "广播平台", "", channel="webhook", address=f"{world.agency.url}/cap?token=hidden")
    other = {"address": f"{world.agency.url}/other?token=covert", "new_secret": True, "name": "广播平台二"}
    changed = world.doors.change(world.desk, boss, other, made["id"])
    assert made["secret"] != changed["secret"]
    world.doors.test(world.desk, boss, {}, made["id"])
    world.doors.pusher.push()
    world.doors.end(world.desk, boss, {}, made["id"])
    told = orjson.dumps(world.doors.listed(world.desk, boss, {})).decode()
    found = [one.entry for one in world.office.audit.stream(Sought(kinds=(Kind.ADMIN,), what="recipients"))]
    assert sorted(one.where for one in found) == ["added", "changed", "ended", "tested"]
    for secret in (made["secret"], changed["secret"], "hidden", "covert"):
        assert secret not in told
        assert all(secret not in one.detail for one in found)
    assert any('"new_address":true' in one.detail and '"new_secret":true' in one.detail for one in found)
    (one,) = world.office.identity.alerts.ended()
    assert made["secret"] not in one.secret + one.sealed
    assert world.doors.pusher.sealer.unseal(one.secret) == changed["secret"]
    assert len(world.agency.got) == 1
