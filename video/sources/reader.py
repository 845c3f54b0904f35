"""Reading a stream for as long as it is wanted: the newest picture is kept, a lost stream is opened again.

A consumer that takes longer than pictures come would fall behind without end (6.5 s after 8 s, measured), so a thread
takes them all and makes a picture of one where it is time for one.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from core.units import Second
from video.detections import Image
from video.sources import Condition, Opened, StreamError
from video.thresholds import threshold

PACE = threshold("frames.pace")
FIRST: Second = threshold("stream.first_wait")
LONGEST: Second = threshold("stream.longest_wait")
DENIED: Second = threshold("stream.denied_wait")
UNREADABLE: Second = threshold("stream.unreadable")
FRESH: Second = threshold("stream.fresh")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One picture, its number since the reader began, and when it was received by the monotonic clock."""

    number: int
    at: Second
    picture: Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a stream stands, since when by the monotonic clock, and how often it was opened."""

    condition: Condition
    since: Second
    opened: int = 0


def wait_before(failures: int, condition: Condition, spread: float) -> Second:
    """Seconds before the next attempt: doubled each time up to a bound; a device that refuses is not asked often, so
    that it locks nobody out. `spread` from 0 to 1 keeps many cameras from coming back in one moment."""
    usual = DENIED if condition is Condition.DENIED else min(LONGEST, FIRST * 2 ** min(failures - 1, 10))
    return usual * (1 + 0.25 * spread)


class Reader:
    """One stream and the thread that reads it."""

    def __init__(
        self, opening: Callable[[], Opened], *, pace: float = PACE,
        waiting: Callable[[int, Condition, float], Second] = wait_before, name: str = "",
    ) -> None:  # fmt: skip
        self._opening, self._waiting = opening, waiting
        self.pace = pace
        self._stop = threading.Event()
        self._slot: Frame | None = None
        self._guard = threading.Lock()
        self._number = 0
        self._standing = Standing(condition=Condition.CONNECTING, since=time.monotonic())
        self.beat: Second = time.monotonic()
        self.codec = ""
        self._thread = threading.Thread(target=self._run, name=f"video {name}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self, patience: Second = 5.0) -> None:
        """End; a read that runs is waited for no longer than `patience`."""
        self._stop.set()
        self._thread.join(patience)

    @property
    def standing(self) -> Standing:
        """How the stream stands now."""
        return self._standing

    @property
    def made(self) -> int:
        """How many pictures were made to be looked at."""
        return self._number

    def newest(self, after: int = 0) -> Frame | None:
        """The newest picture beyond a number, if it is fresh: what was held up on its way is not shown as now."""
        with self._guard:
            frame = self._slot
        if frame is None or frame.number <= after or time.monotonic() - frame.at > FRESH:
            return None
        return frame

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            self.beat = time.monotonic()
            try:
                failures, ended = self._once(failures)
            except StreamError as error:
                ended = error.condition
            except Exception:  # of decoders, by whatever a device sends: this thread is the only one that reads it
                ended = Condition.UNREADABLE
            if not self._stop.is_set():
                failures += 1
                self._tell(ended)
                self._rest(self._waiting(failures, ended, random.random()))  # noqa: S311 - no secret
        self._tell(Condition.STOPPED)

    def _once(self, failures: int) -> tuple[int, Condition]:
        """Open it and read it to its end: how often it failed before, anew where it was read, and why it ended."""
        opened = self._opening()
        try:
            self.codec = getattr(opened, "codec", "")
            number = self._number
            ended = self._read(opened)
            return (0 if self._number > number else failures), ended
        finally:
            self.codec = ""
            opened.close()

    def _read(self, opened: Opened) -> Condition:
        """Take pictures until none comes, or none that can be read."""
        made, good = 0.0, time.monotonic()
        while not self._stop.is_set() and opened.grab():
            self.beat = now = time.monotonic()
            if now - made < 1 / self.pace:
                continue
            picture = opened.retrieve()
            if picture is None:
                if now - good > UNREADABLE:
                    return Condition.UNREADABLE
                continue
            made = good = now
            with self._guard:
                self._number += 1
                self._slot = Frame(number=self._number, at=now, picture=picture)
            if self._standing.condition is not Condition.LIVE:
                self._tell(Condition.LIVE, self._standing.opened + 1)
        return Condition.STALLED

    def _rest(self, seconds: Second) -> None:
        ends = time.monotonic() + seconds
        while not self._stop.wait(min(1.0, max(0.0, ends - time.monotonic()))) and time.monotonic() < ends:
            self.beat = time.monotonic()

    def _tell(self, condition: Condition, opened: int | None = None) -> None:
        if condition is not self._standing.condition or opened is not None:
            self._standing = Standing(
                condition=condition, since=time.monotonic(),
                opened=self._standing.opened if opened is None else opened,
            )  # fmt: skip
