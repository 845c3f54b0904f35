"""A worker's hold on its job: renewed beside the work, and how the work reports and learns that it must stop."""

import threading
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from core.clock import Clock
from core.texts import Text
from store.jobs import Job, JobBook, LostJobError

LEASE = timedelta(seconds=15)
"""A worker that is silent for this long is taken for dead."""

REPORT_EVERY = timedelta(milliseconds=300)


class CalledOff(Exception):
    """The owner wants the job no more."""


class Stopping(Exception):
    """This worker has been told to stop."""


class Lease:
    """While it is entered the job stays this worker's, however long one step takes."""

    def __init__(self, book: JobBook, job: Job, length: timedelta, clock: Clock, stopping: threading.Event) -> None:
        self._book = book
        self._job = job
        self._length = length
        self._clock = clock
        self._stopping = stopping
        self._over, self._unwanted, self._lost = threading.Event(), threading.Event(), threading.Event()
        self._keeper = threading.Thread(target=self._renew, name=f"lease-{job.id}", daemon=True)
        self._said: tuple[Text, datetime] | None = None

    def __enter__(self) -> Self:
        self._keeper.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._keeper.join(timeout=10)

    def report(self, done: int, total: int | None, doing: Text) -> None:
        """Say how far the work is. Raises CalledOff, Stopping or LostJobError when it has to end here."""
        if self._stopping.is_set():
            raise Stopping
        if self._unwanted.is_set():
            raise CalledOff
        if self._lost.is_set():
            raise LostJobError(Text("任务已由其他进程接手", "another process has taken the job over"), job=self._job.id)
        now = self._clock()
        if self._said is not None and self._said[0] == doing and now - self._said[1] < REPORT_EVERY:
            return
        self._said = (doing, now)
        if self._book.advance(self._job, done=done, total=total, doing=doing, at=now, lease=self._length):
            raise CalledOff

    def _renew(self) -> None:
        while not self._over.wait(self._length.total_seconds() / 3):
            try:
                if self._book.renew(self._job, at=self._clock(), lease=self._length):
                    self._unwanted.set()
            except LostJobError:
                self._lost.set()
                return
