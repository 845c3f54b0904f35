"""Hands deliveries over: CAP posted and signed, attached to a mail, told in a few words; tried again until taken."""

import hmac
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from app.alerting.announcing import WORDS, Announcer
from app.alerting.subscribing import SEALED_FOR, SETTING, Enlisting
from app.auth.sealing import Sealer
from app.messages.carriers import AGAIN, Carrier, NotTakenError, Parcel, carriers
from app.messages.handing import Handing
from app.remote.fetching import Elsewhere
from app.repeating import Chore, Chores, repeating
from app.wiring import System
from core.clock import CHINA, Clock, iso
from core.errors import BadInputError
from core.texts import Text
from core.units import Second
from monitoring.warnings.cap import Alert, Info, read
from store.identity import Identity
from store.identity.alerts import AlertState, Delivery
from store.identity.messages import Channel

EVERY: Second = 3.0
AT_ONCE = 8
PATIENCE: Second = 10.0
WHOLE: Second = 20.0
"""So long one POST may take from the first byte to the last: far below the lease of a delivery."""
LONGEST_ANSWER = 64 * 1024
TYPE = "application/cap+xml"
ANNOUNCED = Chore(Text("编制预警通报(CAP)", "CAP messages are announced"), "CAP messages were not announced")
PUSHED = Chore(Text("推送预警通报(CAP)", "CAP messages are pushed"), "CAP messages were not pushed")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pusher:
    """The announcer and the ways out; `address` is where this site is reached from outside."""

    identity: Identity
    announcer: Announcer
    carriers: dict[Channel, Carrier]
    elsewhere: Elsewhere
    sealer: Sealer
    clock: Clock
    address: str

    @property
    def enlisting(self) -> Enlisting:
        """Who takes up those it pushes to: by the same hosts and the same key."""
        return Enlisting(
            identity=self.identity, store=self.announcer.store, sealer=self.sealer, elsewhere=self.elsewhere,
            clock=self.clock,
        )  # fmt: skip

    def push(self) -> int:
        """Hand over what is due, a few at once: one that does not answer holds nobody else up. How many were taken."""
        due = self.identity.alerts.take(at=self.clock(), most=AT_ONCE)
        if not due:
            return 0
        with ThreadPoolExecutor(len(due), thread_name_prefix="cap") as several:
            return sum(several.map(self._pushed, due))

    def _pushed(self, one: Delivery) -> bool:
        book = self.identity.alerts

        def missed(said: str, *, for_good: bool) -> None:
            book.missed(one, said, at=self.clock(), for_good=for_good or one.what.trial)

        answer = Handing(
            what=f"CAP {one.what.identifier} to {one.to.name}", renew=lambda: book.renew(one.id, at=self.clock()),
            missed=missed,
        ).taken(lambda: self._sent(one))  # fmt: skip
        if answer is None:
            return False
        there = one.to.channel is Channel.WEBHOOK
        book.gone_out(one.id, AlertState.DELIVERED if there else AlertState.SENT, at=self.clock())
        if answer:
            self.answered(one, answer)
        return True

    def _sent(self, one: Delivery) -> bytes:
        to, now = self.sealer.unseal(one.to.sealed), self.clock()
        if one.to.channel is Channel.WEBHOOK:
            return self._posted(one, to)
        carrier = self.carriers.get(one.to.channel)
        if carrier is None:
            raise BadInputError(Text("本系统未设置此方式", "this channel is not set up here"), field="channel")
        mail = one.to.channel is Channel.MAIL
        begun = "" if one.what.trial else f"{WORDS[one.what.kind]}:"
        title = " ".join(f"{begun}{one.what.headline}".split())  # a subject is one line
        carrier.send(
            Parcel(
                id=one.id, to=to, title=title, at=now, link=self.receipt(one.id) if mail else f"{self.address}/public",
                text=readable(read(one.what.body)) if mail else one.what.short,
                attached=(f"{one.what.identifier}.cap.xml", one.what.body) if mail else None,
            )
        )  # fmt: skip
        return b""

    def _posted(self, one: Delivery, url: str) -> bytes:
        """One POST, signed over time and body; what the recipient answers. No redirect is followed."""
        import httpx

        self.elsewhere.check(url)
        stamp, body = iso(self.clock()), one.what.body
        signed = hmac.new(self.sealer.unseal(one.to.secret).encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
        headers = {
            "content-type": TYPE, "idempotency-key": one.id, "x-onemap-time": stamp,
            "x-onemap-signature": f"sha256={signed}", "x-onemap-receipt": self.receipt(one.id),
        }  # fmt: skip
        ends, got = time.monotonic() + WHOLE, b""
        try:
            with httpx.stream(
                "POST", url, content=body, headers=headers, timeout=PATIENCE, trust_env=False, follow_redirects=False
            ) as answer:
                status = answer.status_code
                if not answer.is_success:
                    for_good = answer.is_client_error and status not in AGAIN
                    raise NotTakenError(
                        Text(f"对方系统回答 {status}", f"the recipient answered {status}"), for_good=for_good
                    )
                for part in answer.iter_bytes():
                    got += part
                    if len(got) > LONGEST_ANSWER or time.monotonic() > ends:
                        return b""  # it was taken; what it says about it is not read on
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            what = type(error).__name__
            raise NotTakenError(
                Text(f"对方系统连接失败({what})", f"the recipient cannot be reached ({what})")
            ) from error
        return got

    def answered(self, one: Delivery, body: bytes) -> bool:
        """What a recipient's CAP answer says of a delivery: Ack or Error that names our message; else nothing."""
        try:
            told = read(body)
        except BadInputError:
            return False
        if not any(name == one.what.identifier for _, name, _ in told.references):
            return False
        if told.message == "Ack":
            self.identity.alerts.acknowledge(one.id, at=self.clock())
        elif told.message == "Error":
            self.identity.alerts.refuse(one.id, f"对方报错:{told.note}" if told.note else "对方报错,未说明原因")
        return told.message in ("Ack", "Error")

    def receipt(self, delivery: str) -> str:
        """Where a recipient says that it has the message: nobody else can know the address."""
        return f"{self.address}/public/cap/receipt/{delivery}.{self.mark(delivery)}"

    def mark(self, delivery: str) -> str:
        """What makes that address hard to guess."""
        return self.sealer.mark(f"receipt {delivery}")[:40]

    def found(self, token: str) -> Delivery | None:
        """The delivery of such an address; None for one that is none of ours."""
        delivery, _, mark = token.partition(".")
        if not hmac.compare_digest(self.mark(delivery).encode(), mark.encode()):
            return None
        return self.identity.alerts.one(delivery)


def readable(told: Alert) -> str:
    """The message as a person reads it, in the languages it has."""
    status = "" if told.status == "Actual" else f"*** {told.status} ***\n\n"
    return status + "\n\n".join(_info(info, told) for info in told.infos)


def _info(info: Info, told: Alert) -> str:
    zh = info.language.startswith("zh")
    words = {
        "event": Text("类别", "Kind"), "from": Text("起始时间", "Starts"), "until": Text("预计结束", "Expected end"),
        "where": Text("可能影响的范围", "Where it may reach"), "what": Text("警示事项", "Cautions"),
        "do": Text("应当采取的措施", "What to do"), "by": Text("发布单位", "Issued by"),
        "at": Text("发布时间", "Issued at"), "ask": Text("咨询求助", "Where to ask"), "id": Text("编号", "Number"),
        "why": Text("解除事由", "Why it was lifted"),
    }  # fmt: skip
    lifted = told.message == "Cancel"
    pairs = [
        ("event", info.event), ("from", _at(info.onset)), ("until", _at(info.expires)),
        ("where", "; ".join(area.description for area in info.areas)),
        ("why" if lifted else "what", told.note if lifted and told.note else info.description),
        ("do", info.instruction), ("by", info.sender_name), ("at", _at(told.sent)), ("ask", info.contact),
        ("id", told.identifier),
    ]  # fmt: skip
    lines = [f"{words[name].zh if zh else words[name].en}{':' if zh else ': '}{said}" for name, said in pairs if said]
    head = WORDS[told.message] if zh else {"Alert": "Warning", "Update": "Warning changed", "Cancel": "Warning lifted"}[
        told.message
    ]  # fmt: skip
    return "\n".join([f"{head}{':' if zh else ': '}{info.headline}", *lines])


def _at(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


async def keep_pushing(pusher: Pusher, chores: Chores, every: Second = EVERY) -> None:
    """Announce and push, again and again; a failure is logged and tried anew the next time."""
    await repeating(_log, every, {ANNOUNCED: pusher.announcer.announce, PUSHED: pusher.push}, chores)


def pusher_of(system: System) -> Pusher:
    """The pusher of a system, by its settings."""
    settings, ways = system.settings, carriers(system.settings)
    announcer = Announcer(
        store=system.store, identity=system.identity, clock=system.clock, sender=settings.cap_sender,
        status="Exercise" if system.demo else "Actual", carriers=ways,
    )  # fmt: skip
    return Pusher(
        identity=system.identity, announcer=announcer, carriers=ways, clock=system.clock,
        elsewhere=Elsewhere(settings.cap_hosts, SETTING),
        sealer=Sealer(settings.identity_key_file).for_purpose(SEALED_FOR),
        address=settings.site_address.rstrip("/") or f"http://{settings.host}:{settings.port}{settings.root_path}",
    )  # fmt: skip
