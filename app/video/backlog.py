"""What workers told and could not be kept yet: a full disk or a database that is away delays events, and loses none."""

import time
from collections import deque
from collections.abc import Callable, Iterator

from pydantic import ValidationError

from core.errors import BadInputError, NotFoundError
from core.units import Second
from layers.catalogue.violations import Violation
from video.messages import Message, Raised, Status

AGAIN: Second = 2.0
"""Between two attempts while nothing can be kept."""

MOST = 300
"""Messages that wait at most; beyond, the oldest are given up, and that is said."""


class Backlog:
    """Messages in their order, each kept once; one that can never be kept is given up and said."""

    def __init__(
        self, keep: Callable[[Message], Violation | None], say: Callable[[str], None],
        *, monotonic: Callable[[], Second] = time.monotonic,
    ) -> None:  # fmt: skip
        self._keep, self._say, self._monotonic = keep, say, monotonic
        self._waiting: deque[Message] = deque()
        self._next: Second = 0.0
        self._stuck = ""

    @property
    def stuck(self) -> bool:
        """Nothing can be kept now."""
        return bool(self._stuck)

    def add(self, message: Message) -> None:
        """One more; how a camera stands is told again soon, and waits for nothing."""
        if self._stuck and isinstance(message, Status):
            return
        self._waiting.append(message)
        if len(self._waiting) > MOST:
            self._give_up(self._waiting.popleft(), "等待过多 / too many wait")

    def kept(self) -> Iterator[tuple[Message, Violation | None]]:
        """Those that are kept now, each with its event as it is then."""
        if self._stuck and self._monotonic() < self._next:
            return
        while self._waiting:
            message = self._waiting[0]
            try:
                row = self._keep(message)
            except (NotFoundError, BadInputError, ValidationError) as error:  # the camera is gone, or the event is none
                self._waiting.popleft()
                self._give_up(message, type(error).__name__)
                continue
            except Exception as error:  # a disk or a database, each with kinds of its own
                said = type(error).__name__
                if said != self._stuck:
                    self._say(f"事件暂时无法保存,稍后重试({said}) / events cannot be kept, tried again ({said})")
                self._stuck, self._next = said, self._monotonic() + AGAIN
                return
            self._waiting.popleft()
            if self._stuck:
                self._stuck = ""
                self._say("事件又可保存 / events are kept again")
            yield message, row

    def _give_up(self, message: Message, why: str) -> None:
        if isinstance(message, Raised):
            self._say(f"{message.camera}  事件未能保存:{message.rule} / an event is lost: {message.rule} ({why})")
