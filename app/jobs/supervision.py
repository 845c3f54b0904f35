"""A served site's worker: a process of its own, started when something waits, gone again when nothing does."""

import logging
import os
import subprocess
import sys
import threading
from types import TracebackType
from typing import Self

from app.repeating import Chore, Chores
from app.settings import Settings
from core.clock import Clock
from core.texts import Text
from core.units import Second
from store.jobs import JobBook

LOOK_EVERY: Second = 5.0
"""Jobs asked for elsewhere, and those of a worker that died, are found within this time."""

IDLE: Second = 120.0
"""A worker stays this long after its last job, because the next one would wait seconds for another to start."""

STOP: Second = 10.0
COMMAND = [sys.executable, "-c", "from app.cli import main; main()", "jobs", "run", "--idle", str(IDLE)]

FOUND = Chore(Text("查找待办后台任务", "Jobs that wait are found"), "looking for waiting jobs failed")
_log = logging.getLogger(__name__)


class Supervisor:
    """While it is entered, waiting jobs find a worker; a busy one is told to stop at the end and puts its job back."""

    def __init__(self, book: JobBook, settings: Settings, clock: Clock, chores: Chores) -> None:
        self._book = book
        self._settings = settings
        self._clock = clock
        self._chores = chores
        self._over, self._asked = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._look, name="jobs", daemon=True)
        self._worker: subprocess.Popen[bytes] | None = None

    def nudge(self) -> None:
        """Look now: a job has just been asked for."""
        self._asked.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._asked.set()
        self._thread.join(timeout=STOP)
        worker = self._worker
        if worker is None or worker.poll() is not None:
            return
        worker.terminate()
        try:
            worker.wait(timeout=STOP)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()

    def _look(self) -> None:
        while not self._over.is_set():
            self._asked.clear()
            with self._chores.tried(_log, FOUND):
                if (self._worker is None or self._worker.poll() is not None) and self._book.waiting(at=self._clock()):
                    self._worker = subprocess.Popen(COMMAND, env=self._environment(), stdin=subprocess.DEVNULL)
            self._asked.wait(LOOK_EVERY)

    def _environment(self) -> dict[str, str]:
        """The worker's settings; in the environment, because others may read a command line."""
        given = {"ONEMAP_DATA": str(self._settings.data.resolve())}
        if self._settings.database_url is not None:
            given["ONEMAP_DATABASE_URL"] = self._settings.database_url
        return {**os.environ, **given}
