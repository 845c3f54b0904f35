"""Sends what waits, as often as it takes, while the server runs; of several processes each message is sent by one."""

import logging
from dataclasses import dataclass
from urllib.parse import quote

from app.auth.sealing import Sealer
from app.messages.carriers import Carrier, Parcel, carriers
from app.messages.handing import BEAT, Handing
from app.messages.telling import Teller
from app.repeating import Chore, Chores, repeating
from app.systems import SYSTEMS
from app.wiring import System
from core.clock import Clock
from core.texts import Lang, Text
from core.units import Second
from store.identity import Identity
from store.identity.messages import Channel, Message

EVERY: Second = 5.0
AT_ONCE = 20
SEALED_FOR = "contacts"
TOLD = Chore(Text("生成站内消息", "Messages are written"), "nothing was told")
SENT = Chore(Text("发送消息", "Messages are sent"), "messages were not sent")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRoom:
    """The teller and the carriers, over the addresses people gave."""

    identity: Identity
    teller: Teller
    carriers: dict[Channel, Carrier]
    sealer: Sealer
    clock: Clock
    address: str
    beat: Second = BEAT

    def deliver(self) -> int:
        """Hand over what is due, each under a lease of its own; how many were taken."""
        if not self.carriers:
            return 0
        done = 0
        for _ in range(AT_ONCE):
            one = next(iter(self.identity.messages.take(self.carriers, at=self.clock(), most=1)), None)
            if one is None:
                break
            done += self._delivered(one)
        return done

    def _delivered(self, one: Message) -> bool:
        book = self.identity.messages

        def send() -> bytes:
            self.carriers[one.channel].send(self._parcel(one))
            return b""

        def missed(said: str, *, for_good: bool) -> None:
            book.missed(one, said, at=self.clock(), for_good=for_good)

        handing = Handing(
            what=f"message {one.id} by {one.channel}", renew=lambda: book.renew(one.id, at=self.clock()), missed=missed,
            beat=self.beat,
        )  # fmt: skip
        if handing.taken(send) is None:
            return False
        book.sent(one.id, at=self.clock())
        return True

    def _parcel(self, one: Message) -> Parcel:
        lang = self.identity.people.get(one.account).lang
        return Parcel(
            id=one.id, to=self.sealer.unseal(one.sealed), title=one.letter.title.of(lang),
            text=one.letter.body.of(lang), link=self.link(one), at=self.clock(),
        )  # fmt: skip

    def link(self, one: Message) -> str:
        """Where a message leads, from outside."""
        return f"{self.address}/{quote(one.letter.link, safe='/?&=:')}"

    def test(self, channel: Channel, sealed: str, lang: Lang, message: str) -> None:
        """Send something to an address at once, to see whether it arrives. Raises NotTakenError."""
        title = Text("测试消息", "Test message").of(lang)
        words = Text("您在安全生产一张图登记的消息接收方式可用。", "Messages of the work-safety map reach you here.")
        parcel = Parcel(
            id=message, to=self.sealer.unseal(sealed), title=title, text=words.of(lang), link=f"{self.address}/profile",
            at=self.clock(),
        )  # fmt: skip
        self.carriers[channel].send(parcel)


async def keep_posting(room: PostRoom, chores: Chores, every: Second = EVERY) -> None:
    """Tell and send, again and again; a failure is logged and tried anew the next time."""
    await repeating(_log, every, {TOLD: room.teller.tell, SENT: room.deliver}, chores)


def post_room(system: System) -> PostRoom:
    """The post room of a system, by its settings."""
    settings, found = system.settings, carriers(system.settings)
    teller = Teller(
        store=system.store, identity=system.identity, systems=SYSTEMS, clock=system.clock, channels=frozenset(found),
        directory=system.directory,
    )  # fmt: skip
    return PostRoom(
        identity=system.identity, teller=teller, carriers=found, clock=system.clock,
        sealer=Sealer(settings.identity_key_file).for_purpose(SEALED_FOR),
        address=settings.site_address.rstrip("/") or f"http://{settings.host}:{settings.port}{settings.root_path}",
    )  # fmt: skip
