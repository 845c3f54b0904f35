"""Who was told of a warning: how many of each area, how many read it, which channel took it and which did not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.messages.carriers import is_sink
from app.settings import Settings
from core.clock import Clock
from core.texts import Lang, Text
from layers.catalogue import WARNINGS
from layers.catalogue.warnings import EarlyWarning
from store.identity import Identity
from store.identity.messages import Channel, Delivery, Message

Told = dict[str, Any]
WORDS: dict[Channel, Text] = {
    Channel.PORTAL: Text("门户", "Portal"), Channel.MAIL: Text("邮件", "Mail"), Channel.SMS: Text("短信", "SMS"),
    Channel.WEBHOOK: Text("消息平台", "Platform"),
}  # fmt: skip
WHOLE = Text("全市", "whole city")
CITY = 4
"""Digits of GB/T 2260 that name the city, which is no row of the areas."""
NOT_SET_UP = Text("未设置", "not set up")
TEST_SINK = Text("测试接收端，未真正发出", "a test sink: nothing really went out")
URLS: dict[Channel, Callable[[Settings], str]] = {
    Channel.SMS: lambda settings: settings.sms_url, Channel.WEBHOOK: lambda settings: settings.webhook_url,
    Channel.MAIL: lambda settings: settings.mail_url.get_secret_value(),
}  # fmt: skip
"""Where a channel leads; the portal needs no way out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """Counts the messages of a warning's newest message, and sends again what failed."""

    identity: Identity
    settings: Settings
    clock: Clock

    def of(self, warning: EarlyWarning | None, names: Mapping[str, str], lang: Lang) -> Told | None:
        """None for what was never published."""
        if warning is None:
            return None
        told = self.identity.messages.of_fact(about(warning))
        people = {one.account for one in told}
        read = {one.account for one in told if one.read_at is not None}
        return {
            "people": len(people), "read": len(read),
            "areas": self._areas(people, read, names, lang),
            "channels": [_channel(each, told, self.settings, lang) for each in Channel],
            "failed": sum(one.state is Delivery.FAILED for one in told),
        }  # fmt: skip

    def again(self, warning: EarlyWarning) -> int:
        """Send once more, at once, whatever of it failed; how many."""
        failed = [one for one in self.identity.messages.of_fact(about(warning)) if one.state is Delivery.FAILED]
        now = self.clock()
        return sum(self.identity.messages.again(one.id, at=now) for one in failed)

    def _areas(self, people: Iterable[str], read: set[str], names: Mapping[str, str], lang: Lang) -> list[Told]:
        """By the area of the post each acts under; whoever acts for several is counted in the first."""
        now, chosen = self.clock(), set(people)
        accounts = [one for one in self.identity.people.all() if one.id in chosen]
        found: dict[str, list[str]] = {}
        for account, standings in self.identity.posts.standings_of(accounts, at=now).items():
            area = next((area for one in standings for area in one.post.areas), "")
            found.setdefault(area, []).append(account)
        return [
            {
                "code": area,
                "name": names.get(area) or (area if len(area) > CITY else WHOLE.of(lang)),
                "people": len(some),
                "read": sum(one in read for one in some),
            }
            for area, some in sorted(found.items())
        ]


def about(warning: EarlyWarning) -> str:
    """The fact that its newest message tells, as it is written into the book of messages."""
    return f"{WARNINGS.id}/{warning.code}/{'lifted' if warning.lifted_at is not None else warning.revision}"


def sinks(settings: Settings) -> frozenset[Channel]:
    """Channels that lead to the test sink: nothing of them really goes out."""
    return frozenset(channel for channel, url in URLS.items() if is_sink(url(settings)))


def _channel(channel: Channel, told: Iterable[Message], settings: Settings, lang: Lang) -> Told:
    mine = [one for one in told if one.channel is channel]
    set_up, test = channel not in URLS or bool(URLS[channel](settings)), channel in sinks(settings)
    count = {state.value: sum(one.state is state for one in mine) for state in Delivery}
    note = NOT_SET_UP if not set_up else TEST_SINK if test else Text("", "")
    said = next((one.said for one in mine if one.state is Delivery.FAILED and one.said), "")
    return {
        "channel": channel.value, "word": WORDS[channel].of(lang), **count, "set_up": set_up, "test": test,
        "note": note.of(lang), "said": said,
    }  # fmt: skip
