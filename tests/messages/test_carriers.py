"""Carriers against real servers on the loopback: what arrives, how it is signed, and what a refusal means."""

import hmac
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest

from app.messages.carriers import NotTakenError, Parcel, Post, carriers
from app.settings import Settings
from core.clock import iso
from core.errors import BadInputError
from store.identity.messages import Channel

PARCEL = Parcel(
    id="m1", to="13812345678", title="逾期提醒", text="隐患 YH2026-000001 已逾期", link="http://x/cases",
    at=datetime(2026, 3, 2, 1, tzinfo=UTC),
)  # fmt: skip


class Gateway(ThreadingHTTPServer):
    """A gateway that notes what it is sent, and answers as it is told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Noting)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answer = 200


class Noting(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.answer)
        if self.server.answer in (302, 307):
            self.send_header("location", "http://127.0.0.1:9/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def post_of(gateway: Gateway) -> Post:
    return Post(url=f"http://127.0.0.1:{gateway.server_port}/sms", secret="s3cret")


def test_what_is_posted_is_signed_over_time_and_body_and_bears_the_messages_id(gateway: Gateway) -> None:
    post_of(gateway).send(PARCEL)
    ((headers, body),) = gateway.got
    assert orjson.loads(body) == {
        "id": "m1", "to": "13812345678", "title": "逾期提醒", "text": "隐患 YH2026-000001 已逾期", "link": "http://x/cases",
        "at": iso(PARCEL.at),
    }  # fmt: skip
    signed = hmac.new(b"s3cret", headers["x-onemap-time"].encode() + b"." + body, sha256).hexdigest()
    assert headers["x-onemap-signature"] == f"sha256={signed}"
    assert headers["idempotency-key"] == "m1"


@pytest.mark.parametrize(("status", "for_good"), [(400, True), (404, True), (429, False), (408, False), (500, False),
                                                  (302, False)])  # fmt: skip
def test_a_refusal_is_for_good_or_of_the_moment(gateway: Gateway, status: int, for_good: bool) -> None:
    gateway.answer = status
    with pytest.raises(NotTakenError) as refused:
        post_of(gateway).send(PARCEL)
    assert refused.value.for_good is for_good
    assert str(status) in refused.value.text.zh
    assert len(gateway.got) == 1, "no redirect is followed"


def test_a_gateway_that_is_not_there_is_asked_again_later() -> None:
    with pytest.raises(NotTakenError) as refused:
        Post(url="http://127.0.0.1:9/", secret="").send(PARCEL)
    assert not refused.value.for_good


def test_only_what_the_operator_set_up_is_a_way_out(tmp_path: Any) -> None:
    assert carriers(Settings(data=tmp_path)) == {}
    given: dict[str, Any] = {"mail_url": "smtps://u:p@mail.example.cn", "mail_from": "onemap@example.cn"}
    assert set(carriers(Settings(data=tmp_path, sms_url="https://sms.example.cn/send", **given))) == {
        Channel.MAIL, Channel.SMS,
    }  # fmt: skip
    for wrong in ({"mail_url": "http://x", "mail_from": "a@b"}, {"mail_url": "smtp://x", "mail_from": ""}):
        with pytest.raises(BadInputError):
            carriers(Settings(data=tmp_path, **wrong))


def test_a_test_sink_keeps_what_would_have_gone_out_in_a_file_of_its_own_and_sends_nothing(tmp_path: Any) -> None:
    ways = carriers(Settings(data=tmp_path, sms_url="sink:"))
    for _ in range(2):
        ways[Channel.SMS].send(PARCEL)
    kept = tmp_path / "outbox" / "sms.jsonl"
    lines = kept.read_text(encoding="utf-8").splitlines()
    assert [orjson.loads(line)["to"] for line in lines] == ["13812345678", "13812345678"]
    assert kept.stat().st_mode & 0o077 == 0, "telephones are for the operator alone"
    assert set(ways) == {Channel.SMS}
