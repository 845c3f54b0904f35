"""Who is sent the CAP messages of warnings: taken up with the secret said once, changed, tried, ended."""

from dataclasses import dataclass
from datetime import timedelta

from app.alerting.announcing import trial_of
from app.alerting.pushing import Pusher
from app.alerting.receipts import CapReceipts, word
from app.doors.admin.areas import MOST, prefix
from app.doors.admin.desk import ADDED, Desk
from app.doors.admin.fields import Given, flag, one_of, only, refused
from app.doors.admin.reach import OUTSIDE, Reach
from app.doors.admin.told import at as moment_of
from core.caller import Caller
from core.clock import iso
from core.errors import BadInputError, BusyError, ForbiddenError, NotFoundError
from core.texts import Text
from store.identity.alerts import SHUT, Delivery, Subscriber
from store.identity.messages import Channel

CHANNELS = (Channel.WEBHOOK, Channel.MAIL, Channel.SMS)
TRIED_EVERY = timedelta(seconds=30)
LAST = 50
"""Of those that were ended so many are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Recipients whose areas all lie within the caller's own; one of the whole city is the whole city's."""

    pusher: Pusher
    receipts: CapReceipts

    def listed(self, desk: Desk, caller: Caller, given: Given) -> Given:
        """GET /api/admin/recipients: those within reach with their last receipt, and what may be added."""
        only(given)
        book, reach = self.pusher.identity.alerts, desk.reach(caller)
        newest = book.newest()
        found = [one for one in [*book.subscribers(), *book.ended()[:LAST]] if _covers(reach, one)]
        return {
            "recipients": [self._told(one, newest.get(one.id), caller) for one in found],
            "channels": [
                {
                    "channel": one.value, "word": word(one).of(caller.lang), "set_up": self._open(one),
                    "test": one is not Channel.WEBHOOK and one in self.receipts.sinks,
                }
                for one in CHANNELS
            ],
            "hosts": list(self.pusher.elsewhere.hosts),
        }  # fmt: skip

    def add(self, desk: Desk, caller: Caller, given: Given) -> Given:
        """POST /api/admin/recipients: the secret of a system is in this answer and nowhere else."""
        only(given, "name", "channel", "address", "areas")
        reach = desk.reach(caller)
        channel = Channel(one_of(given, "channel", [one.value for one in CHANNELS]))
        name, address, areas = _text(given, "name"), _text(given, "address"), _areas(given)
        _within(reach, areas)
        one, secret = self.pusher.enlisting.enlist(name, channel, address, areas)
        told = self._told(one, None, caller)
        desk.record(caller, "recipients", one.id, ADDED, after=_kept(one))
        return told | ({"secret": secret} if secret else {})

    def change(self, desk: Desk, caller: Caller, given: Given, recipient: str) -> Given:
        """POST /api/admin/recipients/ID: name, areas, address, or a new secret, said in this answer alone."""
        only(given, "name", "address", "areas", "new_secret")
        reach = desk.reach(caller)
        before = self._own(reach, recipient)
        areas = _areas(given) if "areas" in given else before.areas
        _within(reach, areas)
        address = _text(given, "address") if "address" in given else ""
        renewed = "new_secret" in given and flag(given, "new_secret")
        after, secret = self.pusher.enlisting.change(
            before, name=_text({"name": before.name, **given}, "name"), address=address, areas=areas, new_secret=renewed
        )
        now = {"new_address": bool(address), "new_secret": renewed}
        then = {"new_address": False, "new_secret": False}
        desk.record(caller, "recipients", recipient, "changed", before=_kept(before) | then, after=_kept(after) | now)
        told = self._told(after, self.pusher.identity.alerts.newest().get(recipient), caller)
        return told | ({"secret": secret} if secret else {})

    def end(self, desk: Desk, caller: Caller, given: Given, recipient: str) -> Given:
        """POST /api/admin/recipients/ID/end: nothing more is sent there, nor what still waits."""
        only(given)
        reach = desk.reach(caller)
        one = self._own(reach, recipient)
        desk.record(caller, "recipients", recipient, "ended", before=_kept(one))
        self.pusher.identity.alerts.end(recipient, at=reach.staff.at)
        return {"ended": recipient}

    def test(self, desk: Desk, caller: Caller, given: Given, recipient: str) -> Given:
        """POST /api/admin/recipients/ID/test: a message of status Test, sent within seconds; its receipt is listed."""
        only(given)
        reach, book, now = desk.reach(caller), self.pusher.identity.alerts, self.pusher.clock()
        one = self._own(reach, recipient)
        if not self._open(one.channel):
            raise BadInputError(
                Text(f"{word(one.channel).zh}:{SHUT}", f"{word(one.channel).en}: this channel is not set up here"),
                field="channel",
            )
        last = book.newest().get(recipient)
        if last is not None and last.what.trial and last.at > now - TRIED_EVERY:
            raise BusyError(Text("请半分钟后再试", "try again in half a minute"))
        sending = trial_of(one, self.pusher.announcer.sender, now)
        desk.record(caller, "recipients", recipient, "tested", after={"message": sending.identifier})
        book.post(sending, [one], at=now)
        return self._told(one, book.newest().get(recipient), caller)

    def _own(self, reach: Reach, recipient: str) -> Subscriber:
        standing = self.pusher.identity.alerts.subscribers()
        found = next((one for one in standing if one.id == recipient), None)
        if found is None or not _covers(reach, found):
            raise NotFoundError(
                Text("没有这个接收单位,或不在您的管辖范围", "no such recipient, or not within your areas")
            )
        return found

    def _open(self, channel: Channel) -> bool:
        return channel is Channel.WEBHOOK or channel in self.pusher.carriers

    def _told(self, one: Subscriber, last: Delivery | None, caller: Caller) -> Given:
        receipt = None
        if last is not None:
            receipt = self.receipts.row(last, caller.lang) | {
                "identifier": last.what.identifier, "trial": last.what.trial, "at": iso(last.at),
            }  # fmt: skip
        return {
            "id": one.id, "name": one.name, "channel": one.channel.value, "word": word(one.channel).of(caller.lang),
            "address": one.shown, "areas": list(one.areas) or [""], "since": iso(one.since),
            "ended_at": moment_of(one.ended_at), "state": "active" if one.ended_at is None else "over", "last": receipt,
        }  # fmt: skip


def _covers(reach: Reach, one: Subscriber) -> bool:
    return reach.caller.scope.enterprises is None and _beyond(reach, one.areas) is None


def _beyond(reach: Reach, areas: tuple[str, ...]) -> str | None:
    """The first area outside the caller's own; "" where it is the whole city, which has none."""
    if not areas:
        return None if reach.city else ""
    return next((area for area in areas if not reach.caller.scope.covers(area)), None)


def _within(reach: Reach, areas: tuple[str, ...] | None) -> None:
    """Areas there are; a code that is none is refused with the other faults."""
    there = tuple(area for area in areas or () if any(code.startswith(area) for code in reach.areas))
    strange = _beyond(reach, there) if there or areas == () else None
    if strange is not None or reach.caller.scope.enterprises is not None:
        raise ForbiddenError(
            Text(f"区划 {strange or '全市'} {OUTSIDE.zh}", f"area {strange or 'whole city'} is {OUTSIDE.en}")
        )


def _areas(given: Given) -> tuple[str, ...] | None:
    """Codes, as prefixes; with "" among them, the whole city, which has none; None where nothing was chosen."""
    value = given.get("areas")
    if not isinstance(value, list) or len(value) > MOST or not all(isinstance(one, str) for one in value):
        raise refused("areas", value, Text(f" 1 至 {MOST} 个区划代码的列表", f"a list of 1 to {MOST} area codes"))
    if not value:
        return None
    return () if "" in value else tuple(sorted({prefix(code) for code in value}))


def _text(given: Given, name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise refused(name, value, Text("文本", "a text"))
    return value


def _kept(one: Subscriber) -> Given:
    """What the audit keeps of one: no secret, and no more of the address than may be told."""
    return {"name": one.name, "channel": one.channel.value, "address": one.shown, "areas": list(one.areas) or [""]}
