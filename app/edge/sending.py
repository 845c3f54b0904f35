"""Brings what is held to the centre, oldest first, and lets go of it when the centre has answered for every row.

A link that is cut, a centre that is busy or away: tried again, each time later, at a moment drawn by chance so that
the sites of a city do not come back all at once.
"""

import logging
import random
import threading
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from app.edge.settings import EdgeSettings
from app.edge.taking import joined
from core.clock import Clock
from core.units import Second
from store.forwarding import Forwarding, Held

AT_ONCE = 20_000
"""Readings of a message."""

LARGEST = 8_000_000
"""Bytes of a message; the door takes twice as many."""

FIRST_WAIT: Second = 0.5
LOOKED: Second = 5.0
GATHERED: Second = 0.2
"""Small messages are let gather so long, for a key is good for so many requests a minute."""

PATIENCE: Second = 60.0
"""So long the centre may take to answer."""

COME_AGAIN = frozenset({401, 403, 404, 408, 429})
"""Refusals that are not the message's fault: a key that is not good yet, a centre that is somewhere else now."""

ARROW = "application/vnd.apache.arrow.stream"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Link:
    """How the link to the centre stands."""

    answered_at: datetime | None = None
    failures: int = 0
    said: str = ""
    chance: random.Random = field(default_factory=random.SystemRandom)

    def wait(self, longest: Second) -> Second:
        """How long after so many failures in a row: anything up to twice as long each time (full jitter)."""
        return self.chance.uniform(FIRST_WAIT / 5, min(longest, FIRST_WAIT * 2 ** min(self.failures, 20)))


class Sender:
    """The thread that brings messages to the centre."""

    def __init__(self, held: Forwarding, settings: EdgeSettings, clock: Clock) -> None:
        self.link = Link()
        self._held = held
        self._settings = settings
        self._clock = clock
        self._singly = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="edge-sender", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the message under way."""
        self._over.set()
        self._held.changed.set()
        self._thread.join()

    def _run(self) -> None:
        settings = self._settings
        verify: str | bool = True if settings.ca is None else str(settings.ca)
        headers = {"Authorization": f"Bearer {settings.key.get_secret_value()}", "Content-Type": ARROW}
        with httpx.Client(base_url=settings.centre, headers=headers, timeout=PATIENCE, verify=verify) as client:
            while not self._over.is_set():
                self._held.changed.clear()
                try:
                    wait = self._send_some(client)
                except Exception as error:
                    wait = self._failed(f"{type(error).__name__}: {error}")
                if wait is None:
                    self._held.changed.wait(LOOKED)
                elif wait:
                    self._over.wait(wait)

    def _send_some(self, client: httpx.Client) -> Second | None:
        """Bring the oldest; how long to wait before the next, None until there is something."""
        held = self._held.oldest(rows=AT_ONCE, size=LARGEST)
        if not held:
            return None
        if held[0].id <= self._singly:
            held = held[:1]
        answer = client.post("/api/readings", content=joined([one.message for one in held]))
        if answer.status_code >= 500 or answer.status_code in COME_AGAIN:
            later = answer.headers.get("retry-after", "")
            return max(self._failed(f"HTTP {answer.status_code}"), float(later) if later.isdigit() else 0.0)
        self.link.answered_at, self.link.failures, self.link.said = self._clock(), 0, ""
        self._settle(held, answer)
        return 0.0 if sum(one.rows for one in held) > AT_ONCE // 2 or held[-1].id < self._singly else GATHERED

    def _settle(self, held: list[Held], answer: httpx.Response) -> None:
        rows = sum(one.rows for one in held)
        if answer.status_code == 200:
            told = answer.json()
            if told["received"] != rows:
                raise ValueError(f"the centre answered for {told['received']} of {rows} readings")
            if not told["refused"]:
                self._held.done(held)
                return
        if len(held) > 1:
            self._singly = held[-1].id  # what is refused does not take the messages beside it along
            return
        self._held.refuse(held, answer.text)
        _log.warning("the centre refused readings: %s", answer.text[:500])

    def _failed(self, said: str) -> Second:
        if said != self.link.said:
            _log.warning("nothing could be brought to the centre: %s", said)
        self.link.failures, self.link.said = self.link.failures + 1, said
        return self.link.wait(self._settings.longest_wait)
