"""Work that a server does by itself, again and again, for as long as it runs; and how it goes, for administrators."""

import asyncio
import errno
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from traceback import walk_tb

from starlette.concurrency import run_in_threadpool

from core.clock import Clock
from core.texts import Text
from core.units import Second

ROOMS = frozenset(
    ("core", "gis", "layers", "store", "casework", "monitoring", "video", "emergency", "ogc", "dashboards", "app")
)


@dataclass(frozen=True, slots=True)
class Chore:
    """One piece of such work, as administrators read it, and what is logged when it fails."""

    title: Text
    failed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a chore went: failures in a row, the time of the first of them, and what the last one was."""

    done_at: datetime | None = None
    failed_at: datetime | None = None
    failures: int = 0
    since: datetime | None = None
    error: str = ""


STOP: Second = 3.0
"""So long a server that stops waits for chores that are under way; each keeps what it does whole or not at all."""


class Chores:
    """How the chores of this process go, since it was started."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._courses: dict[Chore, Course] = {}
        self._turn = threading.Condition()
        self._under_way = 0
        self._over = False

    @contextmanager
    def tried(self, log: logging.Logger, chore: Chore) -> Iterator[None]:
        """One attempt: a failure is logged and kept, and goes no further."""
        with self._turn:
            self._under_way += 1
        try:
            yield
        except Exception as error:
            if self._over:  # the store was closed under it: nothing failed
                log.info("%s: stopped under way", chore.failed)
            else:
                log.exception(chore.failed)
                self._note(chore, in_one_line(error))
        else:
            self._note(chore, "")
        finally:
            with self._turn:
                self._under_way -= 1
                self._turn.notify_all()

    def end(self, within: Second = STOP) -> bool:
        """Wait for what is under way; False where it takes longer. From now on nothing is a failure."""
        with self._turn:
            settled = self._turn.wait_for(lambda: self._under_way == 0, within)
            self._over = True
        return settled

    def told(self) -> list[tuple[Chore, Course]]:
        """All that were tried, what fails first, longest first."""
        with self._turn:
            found = list(self._courses.items())
        return sorted(found, key=lambda one: (one[1].since is None, one[1].since or self._clock(), one[0].failed))

    @property
    def failing(self) -> int:
        """How many failed when they were last tried."""
        with self._turn:
            return sum(one.failures > 0 for one in self._courses.values())

    def _note(self, chore: Chore, error: str) -> None:
        now = self._clock()
        with self._turn:
            before = self._courses.get(chore, Course())
            self._courses[chore] = (
                replace(
                    before, failed_at=now, failures=before.failures + 1, since=before.since or now, error=error
                )
                if error
                else replace(before, done_at=now, failures=0, since=None)
            )  # fmt: skip


def in_one_line(error: BaseException) -> str:
    """The kind of an error, its code at the system or the database, and where in our code: the log has the rest.

    Never its message, which may hold an address with a password or a person's name.

    >>> in_one_line(OSError(28, "user:secret@host"))
    'OSError (No space left on device)'
    """
    number = (error.errno if isinstance(error, OSError) else None) or 0
    driver = getattr(error, "orig", None) or error  # SQLAlchemy wraps what the database said
    coded = getattr(driver, "sqlite_errorname", None) or getattr(driver, "sqlstate", None)
    code = os.strerror(number) if number in errno.errorcode else str(coded or "")
    places = [(str(frame.f_globals.get("__name__", "")), line) for frame, line in walk_tb(error.__traceback__)]
    ours = [f"{module}:{line}" for module, line in places if module.partition(".")[0] in ROOMS]
    place = next((one for one in reversed(ours) if not one.startswith(f"{__name__}:")), "")
    return type(error).__name__ + (f" ({code})" if code else "") + (f", {place}" if place else "")


async def repeating(
    log: logging.Logger, every: Second, work: dict[Chore, Callable[[], object]], chores: Chores
) -> None:
    """Each piece of work by itself: one that fails holds no other up, and is tried anew the next time."""

    def attempt(chore: Chore, one: Callable[[], object]) -> None:
        with chores.tried(log, chore):
            one()

    while True:
        for chore, one in work.items():
            await run_in_threadpool(attempt, chore, one)
        await asyncio.sleep(every)
