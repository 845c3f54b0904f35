"""Warnings that were published, changed or lifted become CAP messages for their recipients, each once, by the feed.

Only the layer of real warnings is read: those of exercises lie in another, and nothing of them is ever sent.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from app.messages.carriers import Carrier
from core.clock import Clock
from core.errors import NotFoundError, OneMapError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import WARNINGS
from layers.catalogue.warnings import EarlyWarning
from monitoring.warnings import message
from monitoring.warnings.cap import Alert, written
from monitoring.warnings.telling import touched
from store.identity import Identity
from store.identity.alerts import Sending
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


def _part(words: str) -> str:
    flat = " ".join(words.split()).rstrip("。;")
    return flat if len(flat) <= PART else f"{flat[: PART - 1]}…"
