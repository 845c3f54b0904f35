"""Facts become messages: each once, to whom it concerns, and out by the carriers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from app.auth.opening import open_identity
from app.auth.roles import BUILT_IN
from app.auth.sealing import Sealer
from app.directory import Directory
from app.messages.carriers import NotTakenError, Parcel
from app.messages.delivering import PostRoom
from app.messages.receipts import Receipts
from app.messages.telling import NEWS, STRIDE, Teller
from app.settings import Settings
from casework.calendar import china
from casework.casetype import Role
from casework.desk import Desk, Signed
from casework.engine import Who
from casework.renewals import climb
from casework.systems.hidden_danger import HIDDEN_DANGER
from casework.versions import functions_of
from core.actors import SYSTEM_ACTOR, Actor
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Lang, Text
from layers.catalogue import ENTERPRISES, LICENCES, WARNINGS
from layers.catalogue.enterprises import Enterprise
from layers.catalogue.licences import Licence
from layers.catalogue.warnings import EarlyWarning
from store.attachments import Cabinet
from store.feed import Put
from store.identity import Account, Identity, Post
from store.identity.messages import Channel, Delivery
from store.protocol import Store
from tests.blank import blank_city

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FIRM = "91990106MATYEK5E8U"
WORKER = Signed(
    who=Who(account="own", name="赵强", role=Role.ENTERPRISE),
    scope=Scope(areas=("990106201",), clearance=Sensitivity.SENSITIVE, enterprises=frozenset({FIRM})),
    actor=Actor(id="own", name="赵强", door="api"),
)


@dataclass
class Noted:
    """A carrier that keeps what it is given, unless it is told not to take it."""

    got: list[Parcel] = field(default_factory=list)
    refusing: NotTakenError | None = None

    def send(self, parcel: Parcel) -> None:
        if self.refusing is not None:
            raise self.refusing
        self.got.append(parcel)


class Day:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    store: Store
    identity: Identity
    desk: Desk
    room: PostRoom
    noted: Noted
    day: Day

    def told(self, account: str) -> list[str]:
        return [one.letter.body.zh for one in self.identity.messages.of(account, most=99)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    day, noted = Day(), Noted()
    store = blank_city(tmp_path / "city.gpkg", day)
    firm = Enterprise(uscc=FIRM, name="厂", area="990106201", sector="hazchem", geometry=shapely.Point(121.8, 33.2))
    store.commit([Put(layer=ENTERPRISES.id, record=firm)], actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    identity = open_identity(tmp_path, None)
    identity.posts.put_roles(BUILT_IN)
    classes = {role.id: role.user_class for role in BUILT_IN}
    for name, role, area, firms in (
        ("own", "enterprise", "990106", frozenset({FIRM})), ("district", "regulator", "990106", None),
        ("north", "regulator", "990102", None), ("city", "regulator", "", None),
    ):  # fmt: skip
        identity.people.add(Account(id=name, login=name, name=name, user_class=classes[role]), at=NOW)
        post = Post(
            id=name, role=role, areas=(area,), since=NOW, given_by="x", given_at=NOW, account=name, enterprises=firms
        )
        identity.posts.give(post)
    sealer = Sealer(tmp_path / "key").for_purpose("contacts")
    identity.messages.set_contact("district", Channel.SMS, sealer.seal("13812345678"), at=NOW)
    desk = Desk(
        store, Cabinet(store, tmp_path / "files", day, largest=1000), china(), day, functions_of([HIDDEN_DANGER])
    )
    teller = Teller(
        store=store, identity=identity, systems=(HIDDEN_DANGER,), clock=day, channels=frozenset({Channel.SMS}),
        directory=Directory(store=store, identity=identity, organs=tuple, clock=day),
    )  # fmt: skip
    room = PostRoom(
        identity=identity,
        teller=teller,
        carriers={Channel.SMS: noted},
        sealer=sealer,
        clock=day,
        address="https://m.cn",
    )
    yield World(store, identity, desk, room, noted, day)
    identity.close()
    store.close()


def overdue(world: World) -> str:
    given = {"title": "破损", "enterprise": FIRM, "found_at": NOW, "place": "二车间", "origin": "self_check"}
    code = world.desk.open(HIDDEN_DANGER, given, by=WORKER).row.code
    world.desk.take(HIDDEN_DANGER, code, 1, "grade_general", {}, by=WORKER, reason="")
    due = world.desk.find(HIDDEN_DANGER, code, scope=SYSTEM_SCOPE).row.due_at
    assert due is not None
    world.day.now = due + timedelta(days=4)
    assert world.desk.remind(HIDDEN_DANGER) == 1
    return code


def test_an_overdue_case_is_told_once_on_the_portal_and_outside_with_a_link_and_no_name(world: World) -> None:
    world.room.teller.tell()
    code = overdue(world)
    assert world.room.teller.tell() > 0
    assert world.room.teller.tell() == 0
    (said,) = world.told("district")
    assert code in said
    assert "逾期" in said
    assert world.told("own") == [said]
    assert world.told("north") == []
    assert (world.room.deliver(), world.room.deliver()) == (1, 0)
    (parcel,) = world.noted.got
    assert (parcel.to, parcel.text) == ("13812345678", said)
    assert parcel.link == f"https://m.cn/cases?system=hidden-danger&code={code}"
    assert not {"破损", "厂", "赵强", FIRM} & {part for part in ("破损", "厂", "赵强", FIRM) if part in str(parcel)}


def test_a_licence_that_runs_out_is_told_to_its_holder_at_each_rung_and_to_the_authority_when_it_has(
    world: World,
) -> None:
    end = date(2026, 7, 31)
    licence = Licence(
        code="XK2023-900001", number="应急危经字〔2023〕000001 号", kind="P04", enterprise=FIRM, valid_until=end,
        area="990106201", enterprise_name="厂", sensitivity=Sensitivity.PUBLIC,
    )  # fmt: skip
    put = Put(layer=LICENCES.id, record=licence)
    world.store.commit([put], actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    told = []
    for left in (130, 119, 100, 89, -1):
        world.day.now = datetime(2026, 7, 31, 1, 0, tzinfo=UTC) - timedelta(days=left)
        climb(world.store, world.day)
        world.room.teller.tell()
        world.room.teller.tell()
        told.append((left, len(world.told("own")), len(world.told("district")), len(world.told("north"))))
    assert told == [(130, 0, 0, 0), (119, 1, 0, 0), (100, 1, 0, 0), (89, 2, 0, 0), (-1, 3, 1, 0)]
    assert world.told("district") == ["危险化学品经营许可证 XK2023-900001 已于 2026-07-31 届满。"]
    assert world.told("own")[-1].startswith("危险化学品经营许可证 XK2023-900001 有效期至 2026-07-31")
    assert not [said for said in world.told("own") if "厂" in said or FIRM in said]


def test_a_gateway_that_is_away_for_a_while_gets_the_message_later_and_once(world: World) -> None:
    overdue(world)
    world.room.teller.tell()
    world.noted.refusing = NotTakenError(Text("网关不可用", "away"))
    assert world.room.deliver() == 0
    world.noted.refusing = None
    assert world.room.deliver() == 0, "not before its time"
    world.day.now += timedelta(minutes=2)
    assert (world.room.deliver(), world.room.deliver()) == (1, 0)
    assert [one.state for one in world.identity.messages.sending(state=None, most=9)] == [Delivery.SENT]


def test_an_address_sealed_with_another_key_fails_with_its_reason_and_holds_nobody_else_up(world: World) -> None:
    other = Sealer(world.room.sealer._file.with_name("other")).for_purpose("contacts")
    world.identity.messages.set_contact("own", Channel.SMS, other.seal("13900000000"), at=NOW)
    overdue(world)
    world.room.teller.tell()
    assert world.room.deliver() == 1
    (failed,) = world.identity.messages.sending(state=Delivery.FAILED, most=9)
    assert failed.account == "own"
    assert "密钥" in failed.said


def test_a_warning_and_its_lifting_are_told_each_once_where_they_apply(world: World) -> None:
    warning = EarlyWarning(
        code="YJ20260302-0001", title="大风蓝色预警", kind="natural", level=4, areas=("990102",), state="published",
        issued_at=NOW, revision=1, geometry=shapely.box(121, 33, 122, 34), area="990102",
    )  # fmt: skip
    for one in (warning, warning, warning.model_copy(update={"lifted_at": NOW, "state": "lifted"})):
        world.store.commit([Put(layer=WARNINGS.id, record=one)], actor=SYSTEM_ACTOR, reason="x", scope=SYSTEM_SCOPE)
        world.room.teller.tell()
    assert len(world.told("north")) == len(world.told("city")) == 2
    assert world.told("district") == []


def test_receipts_of_a_warning_count_areas_and_channels_and_what_failed_goes_out_again(
    world: World, tmp_path: Path
) -> None:
    warning = EarlyWarning(
        code="YJ20260302-0009", title="泄漏", kind="hazchem", level=1, areas=("990106",), state="published", revision=1,
        issued_at=NOW, sensitivity=Sensitivity.PUBLIC,
    )  # fmt: skip
    world.room.teller.tell()
    world.store.commit([Put(layer=WARNINGS.id, record=warning)], actor=SYSTEM_ACTOR, reason="发布", scope=SYSTEM_SCOPE)
    world.room.teller.tell()
    world.noted.refusing = NotTakenError(Text("空号", "no such number"), for_good=True)
    world.room.deliver()
    settings = Settings(data=tmp_path, sms_url="sink:")
    receipts = Receipts(identity=world.identity, settings=settings, clock=world.day)
    told = receipts.of(warning, {"990106": "盐港新区"}, Lang.ZH)
    assert told is not None
    assert (told["people"], told["read"], told["failed"]) == (3, 0, 1)
    assert [(one["name"], one["people"]) for one in told["areas"]] == [("全市", 1), ("盐港新区", 2)]
    sms = next(one for one in told["channels"] if one["channel"] == "sms")
    assert (sms["failed"], sms["said"], sms["test"]) == (1, "空号", True)
    assert receipts.again(warning) == 1
    world.noted.refusing = None
    world.room.deliver()
    world.identity.messages.read("own", None, at=NOW)
    after = receipts.of(warning, {}, Lang.ZH)
    assert after is not None
    assert (after["read"], after["failed"], len(world.noted.got)) == (1, 0, 1)
    assert receipts.of(None, {}, Lang.ZH) is None, "what was never published has none"


def test_what_is_no_news_any_more_is_not_told(world: World) -> None:
    overdue(world)
    world.day.now += NEWS + timedelta(hours=1)
    assert world.room.teller.tell() == 0
    assert world.identity.messages.told_up_to("messages") == world.store.head()


def test_entries_that_concern_nobody_are_not_looked_through_for_ever(world: World) -> None:
    world.room.teller.tell()
    begun = world.identity.messages.told_up_to("messages") or 0
    firm = world.store.get(ENTERPRISES, FIRM, scope=SYSTEM_SCOPE).record
    for n in range(STRIDE // 100 + 1):
        edits = [Put(layer=ENTERPRISES.id, record=firm.model_copy(update={"name": f"厂{n}-{m}"})) for m in range(100)]
        world.store.commit(edits, actor=SYSTEM_ACTOR, reason="改名", scope=SYSTEM_SCOPE)
    assert world.store.head() > begun + STRIDE
    world.room.teller.tell()
    assert world.identity.messages.told_up_to("messages") == world.store.head()
    overdue(world)
    assert world.room.teller.tell() > 0, "what comes after is told all the same"
