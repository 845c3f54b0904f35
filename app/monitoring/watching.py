"""The thread that judges: readings that were kept are handed to it, and alarms come of them.

Whoever hands over never waits. What finds no room is counted, told, and read again from the series, as is everything
after a failure; the thread begins anew by itself. Only the process that holds the turn judges.
"""

import logging
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from time import monotonic

import pyarrow as pa

from core.clock import Clock, from_iso, iso
from core.units import Second
from monitoring.alarms.judging import Judge
from monitoring.alarms.looking_back import LateStretches, looked_back
from monitoring.inbox import Inbox
from store.protocol import Store
from store.series import Series
from store.turns import Turn

MOST_WAITING = 200_000
"""Readings handed over and not yet judged: as many as the inbox holds itself."""

PASSES: Second = 1.0
"""So often time passes for delays, silence and what is told further."""

TICKS_COST = 0.05
"""No more than this share of the time is spent on looking who has not answered."""

RULES_COST = 0.1
"""No more than this share of the time is spent on rules and sensors that go on changing."""

MARKED: Second = 5.0
"""So often it is written down up to when everything was judged."""

WAITS: tuple[Second, ...] = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Before it begins anew after a failure, and another."""

_log = logging.getLogger(__name__)


class Judging(StrEnum):
    """How it stands with the thread; `elsewhere`: another process judges."""

    OFF = "off"
    STARTING = "starting"
    JUDGING = "judging"
    ELSEWHERE = "elsewhere"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What whoever watches the server is told of alarms; counts are since the start."""

    state: Judging = Judging.OFF
    since: str = ""
    judged: int = 0
    dropped: int = 0
    ahead: int = 0
    unruled: int = 0
    late: int = 0
    added_late: int = 0
    changes: int = 0
    restarts: int = 0
    waiting: int = 0
    rules_read: int = 0
    lines: int = 0
    left_out: tuple[str, ...] = ()
    error: str = ""


class Watching:
    """See the module; `run()` begins and ends it."""

    def __init__(self, store: Store, series: Series, inbox: Inbox, clock: Clock, turn: Turn, mark: Path) -> None:
        self._store = store
        self._series = series
        self._clock = clock
        self._turn_of_all = turn
        self._mark = mark
        self._waiting: deque[pa.Table] = deque()
        self._rows = 0
        self._open = self._overflowed = self._moved = self._over = False
        self._turn = threading.Condition()
        self._told = Report()
        self._late = LateStretches()
        self._judge: Judge | None = None
        inbox.listen(self.hand)

    def told(self) -> Report:
        """How it stands now."""
        with self._turn:
            return replace(self._told, waiting=self._rows)

    def as_json(self) -> dict[str, object]:
        """The same as a door tells it."""
        return asdict(self.told())

    def hand(self, batch: pa.Table) -> None:
        """A batch was kept: judge it soon. Never waits."""
        with self._turn:
            if not self._open:
                return  # it is in the series, from where the thread begins
            self._waiting.append(batch)
            self._rows += batch.num_rows
            if self._rows > MOST_WAITING:
                self._told = replace(self._told, dropped=self._told.dropped + self._rows)
                self._clear()
                self._overflowed = True
            self._turn.notify_all()

    @contextmanager
    def run(self) -> Iterator[None]:
        """While this is open, alarms are judged."""
        stop = self._store.watch(self._wake)
        threads = [
            threading.Thread(target=run, name=name, daemon=True)
            for run, name in ((self._run, "alarms"), (self._look_back, "alarms-late"))
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop()
            with self._turn:
                self._over = True
                self._turn.notify_all()
            self._late.wake()
            for thread in threads:
                thread.join(timeout=30)
            self._turn_of_all.release()

    def _wake(self, _: int) -> None:
        with self._turn:
            self._moved = True
            self._turn.notify_all()

    def _become(self, state: Judging, error: str = "") -> None:
        with self._turn:
            if state is not self._told.state or error != self._told.error:
                self._told = replace(self._told, state=state, since=iso(self._clock()), error=error)

    def _clear(self) -> None:
        self._waiting.clear()
        self._rows = 0

    def _run(self) -> None:
        failures = 0
        while not self._over:
            begun = monotonic()
            try:
                if self._turn_of_all.held():
                    self._judge_on()
                    failures = 0
                else:
                    self._become(Judging.ELSEWHERE)
                    self._pause(WAITS[1])
            except Exception as error:
                failures = 0 if monotonic() - begun > WAITS[-1] else failures
                _log.exception("judging of alarms failed; it begins anew")
                self._become(Judging.FAILED, type(error).__name__)
                self._pause(WAITS[min(failures, len(WAITS) - 1)])
                failures += 1
            finally:
                self._judge = None
                with self._turn:
                    self._open = False
                    self._clear()

    def _pause(self, seconds: Second) -> None:
        with self._turn:
            self._turn.wait_for(lambda: self._over, seconds)

    def _judge_on(self) -> None:
        """Begin from what is kept and judge what comes, until it is over or what came found no room."""
        self._become(Judging.STARTING)
        with self._turn:
            self._clear()
            self._overflowed, self._open = False, True
        began, marked = self._clock(), self._judged_until()
        judge = self._judge = Judge(self._store, self._series, self._clock, self._late)
        if marked is not None:
            judge.look_at_gap(marked)
        with self._turn:
            self._told = replace(self._told, restarts=self._told.restarts + (self._told.rules_read > 0))
        self._tell_rules(judge)
        self._note(began)
        self._become(Judging.JUDGING)
        passes = ticks = marks = follows = monotonic()
        while True:
            now = self._clock()
            batches = self._taken(max(0.0, passes - monotonic()))
            if self._overflowed or (self._over and not batches):
                break
            if self._moved and (asked := monotonic()) >= follows:
                self._moved = False
                if judge.follow():
                    self._tell_rules(judge)
                    follows = monotonic() + (monotonic() - asked) / RULES_COST
            if batches:
                self._count(judge, batches)
            if monotonic() >= passes:
                judge.advance()
                if not self._turn_of_all.held():
                    break
                passes = monotonic() + PASSES
            if (asked := monotonic()) >= ticks:
                judge.tick()
                ticks = asked + max(PASSES, (monotonic() - asked) / TICKS_COST)
            self._told = replace(self._told, changes=judge.changes)
            if not self._rows and monotonic() >= marks:
                self._note(now)
                marks = monotonic() + MARKED
        if not self._overflowed:
            self._note(now)

    def _taken(self, wait: Second) -> list[pa.Table]:
        """What waits, as soon as there is something to do and after a while in any case."""
        with self._turn:
            if not (self._waiting or self._over or self._overflowed or self._moved):
                self._turn.wait(wait)
            batches = list(self._waiting)
            self._clear()
        return batches

    def _count(self, judge: Judge, batches: list[pa.Table]) -> None:
        step = judge.judge(batches)
        with self._turn:
            told = self._told
            self._told = replace(
                told, judged=told.judged + step.judged, ahead=told.ahead + step.ahead,
                unruled=told.unruled + step.unruled, late=told.late + sum(step.late["rows"].to_pylist()),
            )  # fmt: skip

    def _tell_rules(self, judge: Judge) -> None:
        left_out = tuple(sorted({fault.key or "" for fault in judge.rules.left_out}))
        with self._turn:
            read = self._told.rules_read + 1
            self._told = replace(self._told, rules_read=read, lines=len(judge.rules.lines), left_out=left_out)

    def _judged_until(self) -> datetime | None:
        try:
            return from_iso(self._mark.read_text().strip())
        except (OSError, ValueError):
            return None

    def _note(self, moment: datetime) -> None:
        """Whatever was kept before this moment has been judged."""
        new = self._mark.with_suffix(".new")
        new.write_text(iso(moment) + "\n")
        new.replace(self._mark)

    def _look_back(self) -> None:
        while not self._over:
            late = self._late.taken(PASSES)
            judge = self._judge
            if not late.num_rows:
                continue
            if judge is None:
                self._late.add(late)
                self._pause(PASSES)
                continue
            try:
                for episodes in looked_back(judge.rules, self._series, late, self._clock()):
                    added = judge.desk.add_late(episodes.to_pylist())
                    with self._turn:
                        self._told = replace(self._told, added_late=self._told.added_late + len(added))
            except Exception:
                _log.exception("late readings could not be looked at again; it is tried again")
                self._late.add(late)
                self._pause(WAITS[-1])
