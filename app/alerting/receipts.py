"""What became of a warning's newest CAP message at each recipient, and who would be sent the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.alerting.announcing import areas_of
from app.messages.receipts import TEST_SINK, WORDS
from core.clock import Clock, iso
from core.texts import Lang, Text
from layers.catalogue.warnings import EarlyWarning
from store.identity import Identity
from store.identity.alerts import AlertState, Delivery
from store.identity.messages import Channel
from store.protocol import Store

Told = dict[str, Any]
STATES = {
    AlertState.WAITING: Text("待发", "waiting"), AlertState.SENT: Text("已发出", "sent"),
    AlertState.DELIVERED: Text("已送达", "delivered"), AlertState.ACKNOWLEDGED: Text("已确认", "acknowledged"),
    AlertState.FAILED: Text("失败", "failed"), AlertState.SUPERSEDED: Text("已被取代", "superseded"),
}  # fmt: skip
TOOK = {
    Channel.MAIL: Text("邮件服务器已收下，对方是否读到未知", "the mail server took it; whether it was read is unknown"),
    Channel.SMS: Text("短信网关已收下，对方是否读到未知", "the gateway took it; whether it was read is unknown"),
    Channel.WEBHOOK: Text("对方系统已收下", "the recipient's system took it"),
}
SYSTEM = Text("对接系统", "System")


@dataclass(frozen=True, slots=True, kw_only=True)
class CapReceipts:
    """Read by who issues warnings; addresses are told as far as they were shown when they were taken up."""

    store: Store
    identity: Identity
    clock: Clock
    sinks: frozenset[Channel]

    def of(self, warning: EarlyWarning, lang: Lang) -> Told:
        """The newest message of a warning that was published; no rows while it is being written, or with nobody."""
        newest = warning.messages[-1].partition(" ")[0] if warning.messages else ""
        rows = [one for one in self.identity.alerts.of_warning(warning.code) if one.what.identifier == newest]
        counts = {state.value: sum(one.state is state for one in rows) for state in AlertState}
        return {"message": newest, "rows": [self.row(one, lang) for one in rows], "counts": counts}

    def expected(self, warning: EarlyWarning, lang: Lang) -> list[Told]:
        """Who would be sent the message that the next publishing or lifting makes."""
        to = self.identity.alerts.recipients(warning.code, areas_of(self.store, warning))
        return [{"name": one.name, "channel": one.channel.value, "word": word(one.channel).of(lang)} for one in to]

    def again(self, warnings: Sequence[EarlyWarning]) -> int:
        """Send once more, at once, what of their newest messages failed; how many."""
        newest = [one.messages[-1].partition(" ")[0] for one in warnings if one.messages]
        return sum(self.identity.alerts.again(identifier, at=self.clock()) for identifier in newest)

    def row(self, one: Delivery, lang: Lang) -> Told:
        """One delivery: where it stands, when and why."""
        out = one.state in (AlertState.SENT, AlertState.DELIVERED)
        sunk = one.to.channel is not Channel.WEBHOOK and one.to.channel in self.sinks  # a system is no platform of ours
        note = TEST_SINK if sunk else TOOK[one.to.channel]
        return {
            "to": one.to.name, "address": one.to.shown, "channel": one.to.channel.value,
            "word": word(one.to.channel).of(lang), "state": one.state.value, "state_word": STATES[one.state].of(lang),
            "tries": one.tries, "said": one.said, "note": note.of(lang) if out else "",
            "sent_at": None if one.sent_at is None else iso(one.sent_at),
            "acknowledged_at": None if one.acknowledged_at is None else iso(one.acknowledged_at),
        }  # fmt: skip


def word(channel: Channel) -> Text:
    """A channel as recipients of CAP are told by: the webhook is another system."""
    return SYSTEM if channel is Channel.WEBHOOK else WORDS[channel]
