"""Warnings that were published, changed or lifted become CAP messages for their recipients, each once, by the feed.

Only the layer of real warnings is read: those of exercises lie in another, and nothing of them is ever sent.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.messages.carriers import Carrier
from core.clock import Clock
from core.errors import NotFoundError, OneMapError
from core.ids import new_id
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from layers.catalogue import WARNINGS
from layers.catalogue.warnings import EarlyWarning
from monitoring.warnings import message
from monitoring.warnings.cap import Alert, Info, written
from monitoring.warnings.messages import LANGUAGES
from monitoring.warnings.telling import touched
from store.identity import Identity
from store.identity.alerts import TRIAL, Sending, Subscriber
from store.identity.messages import Channel
from store.protocol import Store

CURSOR = "cap"
NEWS = timedelta(days=2)
"""What is older is no news any more: a server that stood still for longer does not send it."""
BACK, STRIDE = 20_000, 500
PART = 60
"""Characters of extent and measures that a short message holds."""
WORDS = {"Alert": "预警发布", "Update": "预警变更", "Cancel": "预警解除"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """Reads the feed on from where it was left; `sender` and `status` are those of the messages."""

    store: Store
    identity: Identity
    clock: Clock
    sender: str
    status: str
    carriers: dict[Channel, Carrier]

    def announce(self) -> int:
        """Everything since the last time; how many deliveries were written."""
        book, cursors = self.identity.alerts, self.identity.messages
        after, head = cursors.told_up_to(CURSOR), self.store.head()
        if after is None:
            after = max(0, head - BACK)
        written_ = 0
        while entries := self.store.feed(after=after, scope=SYSTEM_SCOPE, layers=frozenset({WARNINGS.id})):
            now = self.clock()
            for entry in entries:
                what = None if entry.new_version is None or entry.at < now - NEWS else self._sending(entry.key)
                if what is not None:
                    sending, areas = what
                    to = book.recipients(sending.warning, areas)
                    shut = frozenset(Channel) - self.carriers.keys() - {Channel.WEBHOOK}
                    written_ += book.post(sending, to, at=now, closed=shut)
            after = entries[-1].seq
            cursors.tell_up_to(CURSOR, after)
        if head - after > STRIDE:
            cursors.tell_up_to(CURSOR, head)
        return written_

    def _sending(self, code: str) -> tuple[Sending, tuple[str, ...]] | None:
        try:
            row = self.store.get(WARNINGS, code, scope=SYSTEM_SCOPE).record
            assert isinstance(row, EarlyWarning)
            if not row.messages:
                return None
            told = message(row, self.sender, status=self.status)
        except NotFoundError:  # erased meanwhile
            return None
        except OneMapError as error:
            _log.warning("no CAP message of warning %s: %s", code, error.text.en)
            return None
        return sending_of(row, told), areas_of(self.store, row)


def areas_of(store: Store, warning: EarlyWarning) -> tuple[str, ...]:
    """The areas it names; of one that names none those its shape touches. None at all is the whole city."""
    if warning.areas or warning.geometry is None or warning.geometry.is_empty:
        return tuple(warning.areas)
    return touched(store, warning.geometry)


def sending_of(warning: EarlyWarning, told: Alert) -> Sending:
    """The message as it goes out, and the few words of it for telephones."""
    info = told.infos[0]
    lifted = told.message == "Cancel"
    parts = [f"{WORDS[told.message]}:{info.headline}"]
    if told.status != "Actual":
        parts.insert(0, f"【{'演习' if told.status == 'Exercise' else told.status}】")
    if lifted:
        parts.append(f";解除事由:{_part(warning.lifted_why)}")
    else:
        parts.append(f";范围:{_part(warning.extent)};措施:{_part(warning.measures)}")
    parts.append(f"。编号 {told.identifier}")
    return Sending(
        warning=warning.code, identifier=told.identifier, kind=told.message, headline=info.headline,
        short="".join(parts), body=written(told),
    )  # fmt: skip


def trial_of(to: Subscriber, sender: str, at: datetime) -> Sending:
    """A test message for one recipient: its status is `Test`, which whoever receives it drops, and never another."""
    identifier = f"{TRIAL}{new_id()}"
    head = Text("【测试】预警消息接收测试,不是预警", "[TEST] a test of receiving warnings: this is no warning")
    what = Text(
        f"安全生产一张图发给“{to.name}”的测试消息,没有险情,请勿转发。收到后请确认。",
        f"A test message of the work-safety map for {to.name}: nothing has happened, pass it on to nobody. Please "
        "confirm that it has arrived.",
    )
    infos = tuple(
        Info(
            language=language, categories=("Other",), event=Text("测试", "Test").of(lang), responses=("None",),
            headline=head.of(lang), description=what.of(lang),
        )
        for lang, language in LANGUAGES.items()
    )  # fmt: skip
    told = Alert(identifier=identifier, sender=sender, sent=at, status="Test", infos=infos)
    return Sending(
        warning=f"{TRIAL}{to.id}", identifier=identifier, kind=told.message, headline=head.zh,
        short=f"{head.zh},请勿转发。编号 {identifier}", body=written(told),
    )  # fmt: skip


def _part(words: str) -> str:
    flat = " ".join(words.split()).rstrip("。;")
    return flat if len(flat) <= PART else f"{flat[: PART - 1]}…"
