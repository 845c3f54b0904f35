"""One message handed to whoever carries it: held while that lasts, and kept with the reason where it was not taken."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from app.messages.carriers import NotTakenError
from core.errors import OneMapError
from core.units import Second

BEAT: Second = 20.0
"""How often a lease is renewed: a few times before it is over (store/identity/leases.py)."""
_log = logging.getLogger(__name__)


class Missed(Protocol):
    """Keeps why it was not taken, and whether asking again would help."""

    def __call__(self, said: str, *, for_good: bool) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """`what` is for the log; `renew` says that the work goes on."""

    what: str
    renew: Callable[[], None]
    missed: Missed
    beat: Second = BEAT

    def taken(self, send: Callable[[], bytes]) -> bytes | None:
        """What whoever took it answered, or None where nobody did."""
        try:
            with self._held():
                return send()
        except NotTakenError as error:
            said, for_good = error.text, error.for_good
        except OneMapError as error:  # a host that is allowed no more, an address sealed with another key
            said, for_good = error.text, True
        self.missed(said.zh, for_good=for_good)
        _log.warning("%s: %s", self.what, said.en)
        return None

    @contextmanager
    def _held(self) -> Iterator[None]:
        """The lease is renewed as long as the block lasts: no other process sends it too."""
        over = threading.Event()

        def beating() -> None:
            while not over.wait(self.beat):
                try:
                    self.renew()
                except Exception:
                    _log.exception("%s: its lease was not renewed", self.what)

        heart = threading.Thread(target=beating, name="lease", daemon=True)
        heart.start()
        try:
            yield
        finally:
            over.set()
            heart.join()
