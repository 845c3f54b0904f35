"""How often something may happen: so many times in a moving window, counted by name in this process."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from core.units import Second

MINUTE: Second = 60.0
FEWEST = 1_000
"""So many names are kept before those of whom nothing was heard of late are looked for."""


@dataclass(slots=True)
class _Of:
    within: Second
    times: deque[float] = field(default_factory=deque)

    def settle(self, now: float) -> int:
        """How many times are left in the window."""
        while self.times and self.times[0] + self.within <= now:
            self.times.popleft()
        return len(self.times)


class Rates:
    """What happened of late, by name. What is refused does not count, and a clock that is set changes nothing."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, ...], _Of] = {}
        self._most = FEWEST

    def hit(self, *name: str, most: int, within: Second = MINUTE) -> bool:
        """It happens once more, if it may."""
        with self._lock:
            now, kept = self._now(), self._kept.get(name)
            if kept is None:
                self._sweep(now)
                kept = self._kept[name] = _Of(within)
            if kept.settle(now) >= most:
                return False
            kept.times.append(now)
            return True

    def wait(self, *name: str, most: int) -> Second:
        """How long until it may happen once more; 0 for now."""
        with self._lock:
            now, kept = self._now(), self._kept.get(name)
            of_late = 0 if kept is None else kept.settle(now)
            return 0.0 if kept is None or of_late < most else kept.times[of_late - most] + kept.within - now

    def _sweep(self, now: float) -> None:
        """Let names go that have no time in their window, when there are twice as many names as were left last time."""
        if len(self._kept) >= self._most:
            self._kept = {name: kept for name, kept in self._kept.items() if kept.settle(now)}
            self._most = max(FEWEST, 2 * len(self._kept))
