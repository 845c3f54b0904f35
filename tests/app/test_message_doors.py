"""Messages at their doors: one's own alone, addresses half covered, refusals by the field."""

import httpx
import pytest

from app.auth.opening import open_identity
from core.clock import utc_now
from core.texts import Text
from store.identity.messages import Channel, Letter
from tests.app.test_doors import signed_in
from tests.server import PASSWORDS, Served


def tell(served: Served, login: str, about: str) -> None:
    identity = open_identity(served.data, None)
    try:
        account = identity.people.find(login)
        assert account is not None
        letter = Letter(about=about, title=Text("临期提醒", "Soon due"), body=Text(about, about), link="cases")
        identity.messages.post(letter, {account.id: (Channel.PORTAL,)}, at=utc_now())
    finally:
        identity.close()


def test_one_reads_ones_own_messages_and_no_others(written: Served) -> None:
    tell(written, "duty", "给值守的消息")
    with signed_in(written.address, "duty") as duty, signed_in(written.address, "city") as city:
        listed = duty.get("/api/messages").json()
        (mine,) = [one for one in listed["messages"] if one["body"] == "给值守的消息"]
        assert not mine["read"]
        assert all(one["body"] != "给值守的消息" for one in city.get("/api/messages").json()["messages"])
        assert city.post("/api/messages/read", json={"ids": [mine["id"]]}).json()["read"] == 0
        before = duty.get("/api/messages/unread").json()["unread"]
        assert duty.post("/api/messages/read", json={"ids": [mine["id"]]}).json() == {"read": 1, "unread": before - 1}
        refused = duty.post("/api/messages/read", json={"ids": "x"})
        assert (refused.status_code, refused.json()["code"]) == (400, "bad-input")


def test_a_way_out_that_is_not_set_up_is_said_so_and_a_wrong_address_by_its_field(written: Served) -> None:
    with signed_in(written.address, "duty") as duty:
        channels = duty.get("/api/me/contacts").json()["channels"]
        assert [(one["channel"], one["available"]) for one in channels] == [
            ("mail", False), ("sms", False), ("webhook", False),
        ]  # fmt: skip
        for body, word in (
            ({"channel": "sms", "address": "13812345678"}, "运维尚未配置"),
            ({"channel": "sms", "address": "abc"}, "手机号"),
            ({"channel": "pigeon", "address": "x"}, "channel"), ({"channel": [], "address": "x"}, "channel"),
            ({"channel": "sms", "adress": "1"}, "adress"),
        ):  # fmt: skip
            answer = duty.post("/api/me/contacts", json=body)
            assert answer.status_code == 400, body
            assert word in answer.json()["title"], body


@pytest.mark.parametrize("path", ["/api/messages", "/api/messages/unread", "/api/me/contacts"])
def test_a_key_has_no_messages(written: Served, path: str) -> None:
    bearer = {"authorization": "Bearer demo-agency"}
    assert httpx.get(written.address + path, headers=bearer).status_code in (401, 403)
    assert httpx.get(written.address + path, auth=("city", PASSWORDS["city"])).status_code in (401, 403)
