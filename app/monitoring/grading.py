"""The risk index computed again while the server runs, by one process; when it last could be, and why it could not."""

import asyncio
import fcntl
import logging
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import IO

import orjson
from starlette.concurrency import run_in_threadpool

from app.repeating import Chore
from app.wiring import System
from core.clock import CHINA, from_iso, iso
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from core.units import Second
from monitoring.risk.gathering import READ
from monitoring.risk.grading import Graded, grade

OFTEN: Second = 30.0
"""Changes of alarms come in crowds: they are graded together, no more often than this."""
SELDOM: Second = 300.0
"""Without any change: alarms grow old unanswered, warnings begin, gas rises."""
GRADED = Chore(Text("计算企业风险指数", "The risk index is computed"), "it could not be told whether a grading is due")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the grading stands: the last one that succeeded, and the fault of a later one that did not."""

    at: datetime | None = None
    took: Second = 0.0
    enterprises: int = 0
    fault: str = ""
    fault_at: datetime | None = None


def standing(data: Path) -> Standing:
    """As the process that grades wrote it, for whichever process is asked; nothing before the first time."""
    try:
        given = orjson.loads((data / "grading.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return Standing()
    moments = {name: from_iso(given[name]) if given[name] else None for name in ("at", "fault_at")}
    return Standing(**{**given, **moments})


class Grading:
    """One grading after the other over one data folder; of several processes the first to come holds the lock."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._folder = system.settings.data
        self._lock: IO[str] | None = None
        self._seen = 0
        self._day: date | None = None
        self._last = -SELDOM
        self._over = False

    def due(self) -> bool:
        """Something it is computed from changed, the day did, or it was long ago."""
        since = time.monotonic() - self._last
        if since < OFTEN or not self._ours():
            return False
        moved = self._system.store.feed(after=self._seen, scope=SYSTEM_SCOPE, layers=READ, limit=1)
        return bool(moved) or since >= SELDOM or self._today() != self._day

    def run(self) -> Graded | None:
        """Grade if it is due; a failure is kept where screens see it, and tried anew the next time."""
        if not self.due():
            return None
        system, begun = self._system, time.monotonic()
        self._last, seen, day = begun, system.store.head(), self._today()
        try:
            done = grade(system.store, system.clock(), system.series)
        except Exception as error:
            if self._over:  # the store was closed under it: nothing failed
                return None
            _log.exception("the risk index was not computed")
            self._write(replace(standing(self._folder), fault=f"{type(error).__name__}: {error}"[:300],
                                fault_at=system.clock()))  # fmt: skip
            return None
        self._seen, self._day = seen, day
        took = round(time.monotonic() - begun, 3)
        self._write(Standing(at=done.at, took=took, enterprises=done.enterprises))
        return done

    def close(self) -> None:
        """Let another process grade."""
        self._over = True
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _today(self) -> date:
        return self._system.clock().astimezone(CHINA).date()

    def _ours(self) -> bool:
        if self._lock is None:
            held = (self._folder / "grading.lock").open("w")
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                held.close()
                return False
            self._lock = held
        return True

    def _write(self, now: Standing) -> None:
        said = {name: iso(value) if isinstance(value, datetime) else value for name, value in asdict(now).items()}
        written = self._folder / "grading.json.new"
        with suppress(OSError):  # a full disk is said by the store; the page says how old the last result is
            written.write_bytes(orjson.dumps(said))
            written.replace(self._folder / "grading.json")


async def keep_grading(system: System, every: Second = OFTEN) -> None:
    """Grade as it falls due, for the first time once the start is over: the kept result stands until then."""
    grading = Grading(system)
    try:
        while True:
            await asyncio.sleep(every)
            with system.chores.tried(_log, GRADED):
                await run_in_threadpool(grading.run)
    finally:
        grading.close()
