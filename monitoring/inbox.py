"""Where batches of readings wait their turn: one writer keeps them, and only then says so to whoever brought them.

The queue holds so many readings and no more; a batch that does not fit is refused at once, counted, and brought again
by its source. What was said before is told apart and not kept twice, so bringing again does no harm.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.clock import Clock
from core.errors import BusyError
from core.texts import Text
from monitoring.quality import Quality
from monitoring.register import Register
from store.series import KEPT, Series

MOST_WAITING = 200_000
"""Readings in the queue: twenty seconds of the largest city's."""

TOGETHER = 20_000
"""Readings of several batches that are kept in one step, when they wait."""

FULL = Text("读数接收队列已满,请稍后重发", "the queue of readings is full; send them again later")
STOPPED = Text("读数接收已停止", "readings are not taken any more")

Listener = Callable[[pa.Table], None]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a batch: kept, said before, and of those kept those older than the newest of their point."""

    kept: int
    repeated: int
    late: int


@dataclass(slots=True)
class Counts:
    """What came since the start; `refused` are rows whose fault was named, `overflowed` those that found no room."""

    received: int = 0
    kept: int = 0
    repeated: int = 0
    late: int = 0
    refused: int = 0
    overflowed: int = 0
    failed: int = 0
    last_arrival: dict[str, datetime] = field(default_factory=dict)


class Inbox:
    """The queue, its writer thread (begun with the first batch) and whoever listens to what was kept."""

    def __init__(self, series: Series, register: Register, clock: Clock, *, most: int = MOST_WAITING) -> None:
        self.register = register
        self.counts = Counts()
        self._series = series
        self._clock = clock
        self._most = most
        self._quality = Quality(register.parameters())
        self._listeners: list[Listener] = []
        self._waiting: deque[tuple[pa.Table, Future[Kept]]] = deque()
        self._rows = 0
        self._stopped = False
        self._turn = threading.Condition()
        self._writer: threading.Thread | None = None

    def listen(self, listener: Listener) -> None:
        """Be given every batch after it was kept (schema BATCH, quality and flags judged), in the writer's thread."""
        self._listeners.append(listener)

    @property
    def depth(self) -> int:
        """Readings that wait."""
        return self._rows

    def told(self) -> Counts:
        """The counts as they stand."""
        with self._turn:
            return replace(self.counts, last_arrival=dict(self.counts.last_arrival))

    def refused(self, count: int) -> None:
        """Some rows were refused at the door for what they said."""
        with self._turn:
            self.counts.received += count
            self.counts.refused += count

    def offer(self, batch: pa.Table) -> Future[Kept]:
        """Put a batch (schema BATCH) in the queue; the answer comes once it is kept. Raises BusyError when full."""
        answer: Future[Kept] = Future()
        if not batch.num_rows:
            answer.set_result(Kept(0, 0, 0))
            return answer
        with self._turn:
            if self._stopped:
                raise BusyError(STOPPED, retry_after=5)
            if self._rows and self._rows + batch.num_rows > self._most:
                self.counts.overflowed += batch.num_rows
                raise BusyError(FULL, retry_after=2)
            self.counts.received += batch.num_rows
            self._waiting.append((batch, answer))
            self._rows += batch.num_rows
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="inbox", daemon=True)
                self._writer.start()
            self._turn.notify_all()
        return answer

    def stop(self) -> None:
        """Keep what waits and take nothing more."""
        with self._turn:
            self._stopped = True
            self._turn.notify_all()
        if self._writer is not None:
            self._writer.join()

    def _write(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: bool(self._waiting) or self._stopped)
                if not self._waiting:
                    return
                taken = [self._waiting.popleft()]
                rows = taken[0][0].num_rows
                while self._waiting and rows + self._waiting[0][0].num_rows <= TOGETHER:
                    taken.append(self._waiting.popleft())
                    rows += taken[-1][0].num_rows
            for batch, answers in self._tried(taken):
                self._tell(batch, answers)
            with self._turn:
                self._rows -= rows

    def _tried(
        self, taken: list[tuple[pa.Table, Future[Kept]]]
    ) -> list[tuple[pa.Table | None, list[tuple[Future[Kept], Kept | Exception]]]]:
        """Keep some batches in one step; where that fails, each alone, so that one does not take the others down."""
        try:
            batch, sums = self._keep([one for one, _ in taken])
            return [(batch, [(answer, kept) for (_, answer), kept in zip(taken, sums, strict=True)])]
        except Exception as error:
            if len(taken) > 1:
                return [found for one in taken for found in self._tried([one])]
            _log.exception("a batch of readings could not be kept")
            with self._turn:
                self.counts.failed += taken[0][0].num_rows
            return [(None, [(taken[0][1], error)])]

    def _keep(self, batches: list[pa.Table]) -> tuple[pa.Table, list[Kept]]:
        whole = pa.concat_tables(batches).unify_dictionaries().combine_chunks()
        owner = np.repeat(np.arange(len(batches)), [batch.num_rows for batch in batches])
        points = self._series.points(whole)
        at = pc.cast(whole["at"], pa.int64()).to_numpy()
        late = at < self._series.newest_at(points)
        again = self._series.repeated(points, whole)
        fresh = ~again
        if again.any():
            whole, points, at = whole.filter(pa.array(fresh)), points[fresh], at[fresh]
        if self.register.met(points, whole):
            self._quality.know(self.register.parameters())
        quality, flags = self._quality.judge(
            points,
            at,
            whole["value"].to_numpy(),
            whole["quality"].to_numpy(),
            pc.cast(whole["arrived"], pa.int64()).to_numpy(),
        )
        for name, column in (("quality", quality), ("flags", flags)):
            whole = whole.set_column(whole.column_names.index(name), name, pa.array(column))
        self._series.append(whole.select(KEPT.names), points)
        sizes = len(batches)
        kept = np.bincount(owner[fresh], minlength=sizes)
        repeated = np.bincount(owner[again], minlength=sizes)
        behind = np.bincount(owner[fresh & late], minlength=sizes)
        return whole, [Kept(*row) for row in zip(kept.tolist(), repeated.tolist(), behind.tolist(), strict=True)]

    def _tell(self, batch: pa.Table | None, answers: list[tuple[Future[Kept], Kept | Exception]]) -> None:
        now = self._clock()
        with self._turn:
            for _, told in answers:
                if isinstance(told, Kept):
                    self.counts.kept += told.kept
                    self.counts.repeated += told.repeated
                    self.counts.late += told.late
            for source in [] if batch is None else pc.unique(batch["source"]).to_pylist():
                self.counts.last_arrival[source] = now
        for answer, told in answers:
            if answer.set_running_or_notify_cancel():
                answer.set_exception(told) if isinstance(told, Exception) else answer.set_result(told)
        for listener in self._listeners if batch is not None and batch.num_rows else ():
            try:
                listener(batch)
            except Exception:
                _log.exception("a listener to readings failed")
