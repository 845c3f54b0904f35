"""`/api/messages`, `/api/me/contacts`: what one was told, and at which addresses one is told outside the system."""

import re
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.routing import BaseRoute, Route

from app.auth.sealing import Sealer
from app.doors.admin.fields import Given, only, refused, words
from app.doors.bodies import asked, posted
from app.messages.carriers import NotTakenError
from app.messages.delivering import PostRoom
from core.caller import Caller
from core.clock import iso
from core.errors import BadInputError, BusyError, ForbiddenError
from core.ids import new_id
from core.texts import Text
from core.units import Second
from store.identity.messages import Channel, Message

MOST = 200
LONGEST = 120
TEST_EVERY: Second = 30.0
CHANNELS: dict[Channel, Text] = {
    Channel.MAIL: Text("电子邮件", "Mail"),
    Channel.SMS: Text("短信", "Short message"),
    Channel.WEBHOOK: Text("单位消息平台", "The unit's message platform"),
}
FORMS: dict[Channel, tuple[str, Text]] = {
    Channel.MAIL: (r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9.-]{1,250}", Text("邮箱地址", "an address of mail")),
    Channel.SMS: (r"\+?[0-9]{6,15}", Text("6 至 15 位数字的手机号", "a phone number of 6 to 15 digits")),
    Channel.WEBHOOK: (r"\S{1,120}", Text("平台上的账号,不含空格", "a name at the platform, without spaces")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """What one account was told, and its addresses."""

    room: PostRoom
    sealer: Sealer
    tested: dict[str, float] = field(default_factory=dict)

    def unread(self, caller: Caller, given: Given) -> Given:
        """GET /api/messages/unread: how many messages were not read."""
        only(given)
        return {"unread": self.room.identity.messages.unread(_person(caller))}

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /api/messages: what one was told, newest first."""
        only(given)
        book, account = self.room.identity.messages, _person(caller)
        return {
            "unread": book.unread(account),
            "messages": [_told(one, caller) for one in book.of(account, most=MOST)], "most": MOST,
        }  # fmt: skip

    def read(self, caller: Caller, given: Given) -> Given:
        """POST /api/messages/read: these were read; without `ids` all of them."""
        only(given, "ids")
        ids = given.get("ids")
        if ids is not None and (
            not isinstance(ids, list) or len(ids) > MOST or not all(isinstance(one, str) for one in ids)
        ):
            raise refused("ids", ids, Text(f"不超过 {MOST} 个消息编号", f"at most {MOST} ids of messages"))
        book, account = self.room.identity.messages, _person(caller)
        marked = book.read(account, ids, at=self.room.clock())
        return {"read": marked, "unread": book.unread(account)}

    def contacts(self, caller: Caller, given: Given) -> Given:
        """GET /api/me/contacts: the ways out, whether the operator has set them up, and one's address, half covered."""
        only(given)
        kept = self.room.identity.messages.contacts(_person(caller))
        return {
            "channels": [
                {
                    "channel": channel.value, "title": title.of(caller.lang),
                    "available": channel in self.room.carriers,
                    "form": FORMS[channel][1].of(caller.lang),
                    "address": covered(self.sealer.unseal(kept[channel])) if channel in kept else "",
                }
                for channel, title in CHANNELS.items()
            ]
        }  # fmt: skip

    def settle(self, caller: Caller, given: Given) -> Given:
        """POST /api/me/contacts: be told at this address by this channel; blank: no more."""
        only(given, "channel", "address")
        account, channel = _person(caller), _channel(given)
        address = words(given, "address", longest=LONGEST, empty=True)
        pattern, allowed = FORMS[channel]
        if address and not re.fullmatch(pattern, address):
            raise refused("address", address, allowed)
        self._set_up(channel)
        sealed = self.sealer.seal(address) if address else ""
        self.room.identity.messages.set_contact(account, channel, sealed, at=self.room.clock())
        return {"channel": channel.value, "address": covered(address) if address else ""}

    def test(self, caller: Caller, given: Given) -> Given:
        """POST /api/me/contacts/test: a message to one's own address at once, to see whether it arrives."""
        only(given, "channel")
        account, channel = _person(caller), _channel(given)
        self._set_up(channel)
        sealed = self.room.identity.messages.contacts(account).get(channel)
        if sealed is None:
            raise BadInputError(Text("请先保存接收地址", "keep an address first"), field="channel")
        now = time.monotonic()
        if now - self.tested.get(account, -TEST_EVERY) < TEST_EVERY:
            raise BusyError(Text("请半分钟后再试", "try again in half a minute"))
        self.tested[account] = now
        try:
            self.room.test(channel, sealed, caller.lang, new_id())
        except NotTakenError as error:
            return {"sent": False, "said": error.text.of(caller.lang)}
        return {"sent": True, "said": ""}

    def _set_up(self, channel: Channel) -> None:
        if channel not in self.room.carriers:
            raise BadInputError(
                Text(f"运维尚未配置{CHANNELS[channel].zh}", f"the operator has not set up: {CHANNELS[channel].en}"),
                field="channel",
            )


def covered(address: str) -> str:
    """An address as its owner knows it again and nobody reads it over their shoulder.

    >>> covered("13812345678"), covered("zhang@example.cn"), covered("a@b.cn")
    ('138****5678', 'z***@example.cn', 'a***@b.cn')
    """
    name, at, host = address.partition("@")
    if at:
        return f"{name[:1]}***@{host}"
    return f"{address[:3]}****{address[-4:]}" if len(address) > len("1381234") else f"{address[:1]}***"


def message_routes(room: PostRoom, sealer: Sealer) -> list[BaseRoute]:
    """The doors."""
    letters = Letters(room=room, sealer=sealer)
    return [
        Route("/api/messages", asked(letters.listed), methods=["GET"]),
        Route("/api/messages/unread", asked(letters.unread), methods=["GET"]),
        Route("/api/messages/read", posted(letters.read), methods=["POST"]),
        Route("/api/me/contacts", asked(letters.contacts), methods=["GET"]),
        Route("/api/me/contacts", posted(letters.settle), methods=["POST"]),
        Route("/api/me/contacts/test", posted(letters.test), methods=["POST"]),
    ]


def _person(caller: Caller) -> str:
    if not caller.session:
        raise ForbiddenError(Text("大屏和密钥没有消息", "wall screens and keys have no messages"))
    return caller.account


def _channel(given: Given) -> Channel:
    value = given.get("channel")
    names = {one.value for one in CHANNELS}
    if not isinstance(value, str) or value not in names:
        raise refused("channel", value, Text("、".join(sorted(names)), " or ".join(sorted(names))))
    return Channel(value)


def _told(one: Message, caller: Caller) -> dict[str, Any]:
    letter = one.letter
    return {
        "id": one.id, "title": letter.title.of(caller.lang), "body": letter.body.of(caller.lang), "link": letter.link,
        "at": iso(one.at), "read": one.read_at is not None,
    }  # fmt: skip
