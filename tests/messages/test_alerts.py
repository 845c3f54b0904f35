"""CAP messages to other systems, mail boxes and telephones: by area, signed, once each, until taken, with receipts."""

import email.policy
import hmac
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
import pytest
import shapely

from app.alerting.announcing import Announcer
from app.alerting.pushing import Pusher
from app.alerting.receipts import CapReceipts
from app.alerting.subscribing import SEALED_FOR, Enlisting
from app.auth.opening import open_identity
from app.auth.sealing import Sealer
from app.messages.carriers import carriers
from app.remote.fetching import Elsewhere
from app.settings import Settings
from core.actors import SYSTEM_ACTOR
from core.errors import BadInputError, ConflictError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Lang
from layers.catalogue import AREAS, EXERCISE_WARNINGS, WARNINGS
from layers.catalogue.areas import Area
from layers.catalogue.warnings import EarlyWarning, ExerciseWarning
from layers.layer import Catalogue
from monitoring.warnings.cap import Alert, read, written
from store.embedded import open_embedded
from store.feed import Put
from store.identity import Identity
from store.identity.alerts import WAITS, AlertState, Sending, Subscriber
from store.identity.leases import LEASE
from store.identity.messages import Channel
from store.protocol import Store
from tests.messages.test_book import identity

__all__ = ["identity"]
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HERE, ELSEWHERE = "990106", "990102"


class Day:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


class Agency(ThreadingHTTPServer):
    """Another system that notes what it is sent, and answers as it is told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Noting)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status, self.acknowledging = 200, False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Noting(BaseHTTPRequestHandler):
    server: Agency

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        answer = b""
        if self.server.acknowledging:
            told = read(body)
            ours = (told.sender, told.identifier, told.sent)
            answer = written(Alert(identifier="a1", sender="eb@x", sent=NOW, message="Ack", references=(ours,)))
        self.send_response(self.server.status)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None: ...


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it is sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Mailing)
        self.got: list[EmailMessage] = []


class Mailing(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                parts = []
                while (part := self.rfile.readline()) != b".\r\n":
                    parts.append(part.removeprefix(b".") if part.startswith(b"..") else part)
                mail = message_from_bytes(b"".join(parts), policy=email.policy.default)
                assert isinstance(mail, EmailMessage)
                self.server.got.append(mail)
            self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")


@dataclass
class World:
    store: Store
    identity: Identity
    pusher: Pusher
    enlisting: Enlisting
    agency: Agency
    mail: MailServer
    day: Day
    data: Path

    def publish(self, warning: EarlyWarning) -> None:
        layer = EXERCISE_WARNINGS if isinstance(warning, ExerciseWarning) else WARNINGS
        put = Put(layer=layer.id, record=warning)
        self.store.commit([put], actor=SYSTEM_ACTOR, reason="发布", scope=SYSTEM_SCOPE)
        self.pusher.announcer.announce()

    def states(self, code: str) -> dict[str, AlertState]:
        return {one.to.name: one.state for one in reversed(self.identity.alerts.of_warning(code))}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    day = Day()
    store = open_embedded(tmp_path / "city.gpkg", Catalogue(AREAS, WARNINGS, EXERCISE_WARNINGS), day)
    boxes = {HERE: shapely.box(121.8, 33.1, 122.0, 33.3), ELSEWHERE: shapely.box(121.0, 33.1, 121.2, 33.3)}
    areas = [
        Put(layer=AREAS.id, record=Area(code=code, name=code, level="district", area=code, geometry=box))
        for code, box in boxes.items()
    ]
    store.commit(areas, actor=SYSTEM_ACTOR, reason="登记", scope=SYSTEM_SCOPE)
    identity_ = open_identity(tmp_path, None)
    with Agency() as agency, MailServer() as mail:
        for server in (agency, mail):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        settings = Settings(
            data=tmp_path, sms_url="sink:", mail_url=f"smtp://127.0.0.1:{mail.server_address[1]}", mail_from="m@x.cn"
        )  # fmt: skip
        ways, sealer = carriers(settings), Sealer(tmp_path / "key").for_purpose(SEALED_FOR)
        elsewhere = Elsewhere([agency.url], "ONEMAP_CAP_HOSTS")
        announcer = Announcer(
            store=store, identity=identity_, clock=day, sender="onemap@x.cn", status="Actual", carriers=ways
        )
        pusher = Pusher(
            identity=identity_, announcer=announcer, carriers=ways, elsewhere=elsewhere, sealer=sealer, clock=day,
            address="https://m.cn",
        )  # fmt: skip
        enlisting = Enlisting(identity=identity_, store=store, sealer=sealer, elsewhere=elsewhere, clock=day)
        announcer.announce()
        yield World(store, identity_, pusher, enlisting, agency, mail, day, tmp_path)
        agency.shutdown()
        mail.shutdown()
    identity_.close()
    store.close()


def warned(code: str = "YJ20260302-0001", **more: Any) -> EarlyWarning:
    sent = f"{code}-1 {NOW.isoformat()}"
    given: dict[str, Any] = {
        "title": "盐港氯气泄漏预警", "kind": "hazchem", "level": 1, "starts_at": NOW,
        "extent": "厂区下风向 1.3 千米", "cautions": "氯气可能危及生命", "measures": "立即向上风向撤离",
        "issuer": "盐港新区应急管理局", "areas": (HERE,),
        "state": "published", "revision": 1, "issued_at": NOW, "messages": (sent,), "area": HERE, "contact": "12350",
        "sensitivity": Sensitivity.PUBLIC, "geometry": shapely.box(121.85, 33.15, 121.9, 33.2),
    }  # fmt: skip
    return EarlyWarning(code=code, **given | more)


def changed(before: EarlyWarning, **more: Any) -> EarlyWarning:
    number = before.revision + 1
    sent = (*before.messages, f"{before.code}-{number} {(NOW + timedelta(minutes=number)).isoformat()}")
    return before.model_copy(update={"revision": number, "messages": sent, **more})


def test_a_warning_goes_as_cap_to_each_recipient_of_its_areas_by_the_way_each_has(world: World) -> None:
    _, secret = world.enlisting.enlist("广播平台", Channel.WEBHOOK, f"{world.agency.url}/cap", (HERE,))
    world.enlisting.enlist("化工园", Channel.MAIL, "duty@park.cn", ("9901",))
    world.enlisting.enlist("值班手机", Channel.SMS, "13812345678", ())
    world.enlisting.enlist("邻区", Channel.MAIL, "other@x.cn", (ELSEWHERE,))
    world.publish(warned())
    assert world.pusher.push() == 3
    ((head, body),) = world.agency.got
    assert head["content-type"] == "application/cap+xml"
    signed = hmac.new(secret.encode(), head["x-onemap-time"].encode() + b"." + body, sha256).hexdigest()
    assert head["x-onemap-signature"] == f"sha256={signed}"
    told = read(body)
    assert (told.identifier, told.message, told.status) == ("YJ20260302-0001-1", "Alert", "Actual")
    assert told.infos[0].areas[0].geocodes == (("GB/T 2260", HERE),)
    (mail,) = world.mail.got
    assert mail["to"] == "duty@park.cn"
    assert mail["subject"] == "预警发布:一级(红色) 盐港氯气泄漏预警"
    text = mail.get_body(("plain",))
    assert text is not None
    for said in ("厂区下风向 1.3 千米", "立即向上风向撤离", "12350", "https://m.cn/public/cap/receipt/"):
        assert said in text.get_content()
    (attached,) = mail.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == (
        "application/cap+xml", "YJ20260302-0001-1.cap.xml",
    )  # fmt: skip
    assert attached.get_content() == body
    (line,) = (world.data / "outbox" / "sms.jsonl").read_text(encoding="utf-8").splitlines()
    short = orjson.loads(line)
    assert short["to"] == "13812345678"
    assert short["text"].startswith("预警发布:一级(红色) 盐港氯气泄漏预警;范围:厂区下风向 1.3 千米;措施:立即")
    sent, there = AlertState.SENT, AlertState.DELIVERED
    assert world.states("YJ20260302-0001") == {"广播平台": there, "化工园": sent, "值班手机": sent}
    receipts = CapReceipts(
        store=world.store, identity=world.identity, clock=world.day, sinks=frozenset({Channel.SMS})
    ).of(warned(), Lang.ZH)  # fmt: skip
    rows = {row["to"]: row for row in receipts["rows"]}
    assert rows["值班手机"]["note"] == "测试接收端，未真正发出", "a sink is never told as sent"
    assert "park.cn" in rows["化工园"]["address"]
    assert "duty" not in rows["化工园"]["address"]


def test_a_change_and_the_lifting_reach_who_had_the_first_and_name_it(world: World) -> None:
    world.enlisting.enlist("广播平台", Channel.WEBHOOK, world.agency.url, (HERE,))
    world.agency.acknowledging = True
    first = warned()
    world.publish(first)
    world.pusher.push()
    assert world.states(first.code) == {"广播平台": AlertState.ACKNOWLEDGED}, "it answered with a CAP Ack"
    second = changed(first, level=2, areas=(ELSEWHERE,), geometry=shapely.box(121.05, 33.15, 121.1, 33.2))
    world.publish(second)
    world.pusher.push()
    lifted = changed(second, state="lifted", lifted_at=NOW + timedelta(hours=1), lifted_why="险情排除")
    world.publish(lifted)
    world.publish(lifted)
    world.pusher.push()
    assert world.pusher.push() == 0
    told = [read(body) for _, body in world.agency.got]
    assert [one.message for one in told] == ["Alert", "Update", "Cancel"]
    assert [name for _, name, _ in told[2].references] == [f"{first.code}-1", f"{first.code}-2"]
    assert len({head["idempotency-key"] for head, _ in world.agency.got}) == 3


def test_nothing_of_an_exercise_is_sent_to_anybody(world: World) -> None:
    world.enlisting.enlist("广播平台", Channel.WEBHOOK, world.agency.url, ())
    played = warned().model_dump() | {"code": "YLYJ20260302-0001", "sensitivity": Sensitivity.INTERNAL}
    world.publish(ExerciseWarning(**played))
    assert world.pusher.push() == 0
    assert world.agency.got == []
    assert world.identity.alerts.of_warning("YLYJ20260302-0001") == []


def test_what_a_dead_server_had_in_hand_goes_out_again_under_the_same_id_and_then_no_more(world: World) -> None:
    world.enlisting.enlist("广播平台", Channel.WEBHOOK, world.agency.url, ())
    world.publish(warned())
    (taken,) = world.identity.alerts.take(at=world.day(), most=9)  # it died here: sent or not, nobody knows
    assert world.pusher.push() == 0
    world.day.now += LEASE
    assert (world.pusher.push(), world.pusher.push()) == (1, 0)
    ((head, _),) = world.agency.got
    assert head["idempotency-key"] == taken.id


def test_a_system_that_is_away_is_asked_again_later_and_says_why(world: World) -> None:
    world.enlisting.enlist("广播平台", Channel.WEBHOOK, world.agency.url, ())
    world.publish(warned())
    world.agency.status = 503
    assert (world.pusher.push(), world.pusher.push()) == (0, 0)
    (one,) = world.identity.alerts.of_warning(warned().code)
    assert (one.state, one.said) == (AlertState.WAITING, "对方系统回答 503")
    world.agency.status = 200
    world.day.now += WAITS[0]
    assert world.pusher.push() == 1
    assert len(world.agency.got) == 2


def test_an_address_outside_the_list_is_refused_when_it_is_given_and_when_it_is_sent_to(world: World) -> None:
    for wrong in ("http://127.0.0.1:1/", "https://elsewhere.cn/", "http://u:p@127.0.0.1/", "file:///etc/passwd"):
        with pytest.raises(BadInputError):
            world.enlisting.enlist("外部", Channel.WEBHOOK, wrong, ())
    with pytest.raises(BadInputError, match="990199"):
        world.enlisting.enlist("外部", Channel.MAIL, "a@b.cn", ("990199",))
    world.enlisting.enlist("广播平台", Channel.WEBHOOK, world.agency.url, ())
    with pytest.raises(ConflictError):
        world.enlisting.enlist("广播平台", Channel.MAIL, "a@b.cn", ())
    world.publish(warned())
    assert replace(world.pusher, elsewhere=Elsewhere([], "ONEMAP_CAP_HOSTS")).push() == 0
    (one,) = world.identity.alerts.of_warning(warned().code)
    assert one.state is AlertState.FAILED
    assert "ONEMAP_CAP_HOSTS" in one.said
    assert world.agency.got == []


def test_only_who_was_sent_a_message_confirms_it_and_an_error_is_told_with_its_words(world: World) -> None:
    world.enlisting.enlist("化工园", Channel.MAIL, "duty@park.cn", ())
    world.publish(warned())
    world.pusher.push()
    (one,) = world.identity.alerts.of_warning(warned().code)
    token = world.pusher.receipt(one.id).rpartition("/")[2]
    assert world.pusher.found(token) == one
    assert world.pusher.found(f"{one.id}.{'0' * 40}") is None
    ours = (read(one.what.body).sender, one.what.identifier, NOW)
    foreign = Alert(identifier="e", sender="x", sent=NOW, message="Error", note="坐标无法识别", references=(ours,))
    assert not world.pusher.answered(one, b"<html/>")
    assert world.pusher.answered(one, written(foreign))
    (refused,) = world.identity.alerts.of_warning(warned().code)
    assert (refused.state, refused.said) == (AlertState.FAILED, "对方报错:坐标无法识别")
    assert world.identity.alerts.again(one.what.identifier, at=NOW) == 1
    assert world.pusher.push() == 1
    kept = world.identity.alerts.acknowledge(one.id, at=NOW)
    assert kept is not None
    assert kept.state is AlertState.ACKNOWLEDGED


def test_of_a_warning_only_the_newest_message_waits_and_a_closed_channel_fails_at_once(identity: Identity) -> None:
    book = identity.alerts
    to = [
        Subscriber(
            id=name, name=name, channel=channel, areas=(), sealed="s", secret="", shown=name, since=NOW
        )
        for name, channel in (("a", Channel.WEBHOOK), ("b", Channel.SMS))
    ]  # fmt: skip
    for one in to:
        book.enlist(one)
    for number in (1, 1, 2):
        what = Sending(
            warning="YJ1", identifier=f"YJ1-{number}", kind="Alert", headline="h", short="s", body=b"<alert/>"
        )
        book.post(what, to, at=NOW + timedelta(seconds=number), closed={Channel.SMS})
    found = {(one.to.id, one.what.identifier): one.state for one in book.of_warning("YJ1")}
    assert found == {
        ("a", "YJ1-1"): AlertState.SUPERSEDED, ("a", "YJ1-2"): AlertState.WAITING,
        ("b", "YJ1-1"): AlertState.FAILED, ("b", "YJ1-2"): AlertState.FAILED,
    }  # fmt: skip
    (due,) = book.take(at=NOW + timedelta(minutes=1), most=9)
    assert (due.to.id, due.what.identifier, due.what.body) == ("a", "YJ1-2", b"<alert/>")
    for _ in range(len(WAITS) + 1):
        (again,) = [one for one in book.of_warning("YJ1") if one.id == due.id]
        book.missed(again, "不可用", at=NOW, for_good=False)
    assert book.again("YJ1-2", at=NOW) == 2, "both failed"
    book.end("a", at=NOW)
    assert book.again("YJ1-2", at=NOW) == 0, "who is no recipient any more is sent nothing"
    assert [one.id for one in book.recipients("YJ1", ("990106",))] == ["b"]
