"""The alarm engine: batches of readings in, changes of alarms out, by the time the readings tell, not when they came.

A reading is judged when it is newer than the last one judged of its point, and came within `Bounds.late` of its own
time. What comes later is late: the present is not touched, and `Step.late` says which stretch of which point must be
looked at again (`monitoring.alarms.replaying`). The answer does not depend on how readings are cut into batches, as
long as they come in the order in which they arrived.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitoring.alarms.compiled import LONG_AGO, Bools, Compiled, Ints, Micros, Reals, Sort, micros
from monitoring.alarms.links import Links
from monitoring.alarms.machine import (
    NORMAL,
    RAISED,
    RISING,
    UNKNOWN,
    Cause,
    Lines,
    Told,
    heard,
    judge,
    run_out,
    silence,
)
from monitoring.alarms.votes import Votes
from monitoring.alarms.windows import Windows

SUSPECT, BAD, MISSING = 1, 2, 3
Identity = tuple[str, str, str, str]
"""Of a line (`Line.identity`)."""

READINGS = ("key", "at", "value", "quality", "arrived")
LATE = pa.schema(
    [
        ("point", pa.string()),
        ("first", pa.timestamp("us", "UTC")),
        ("last", pa.timestamp("us", "UTC")),
        ("rows", pa.int64()),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Our own: a reading is late `late` after its time, on its way for `settle` at most, its clock `ahead` at most."""

    late: Micros = 300_000_000
    settle: Micros = 2_000_000
    ahead: Micros = 60_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What came of a batch: changes in order of time, late stretches, readings ahead of the clock and of no rule."""

    transitions: pa.Table
    late: pa.Table
    judged: int = 0
    ahead: int = 0
    unruled: int = 0


@dataclass(frozen=True, slots=True)
class _Rows:
    """Readings sorted by point, those of a point in the order they arrived, each newer than the one before."""

    point: Ints
    at: Ints
    arrived: Ints
    value: Reals
    quality: Ints
    order: Ints

    def __getitem__(self, which: Ints | Bools | slice) -> "_Rows":
        return _Rows(*(getattr(self, name)[which] for name in self.__slots__))

    def __len__(self) -> int:
        return len(self.point)


@dataclass
class Engine:
    """The state of every line and point under some rules; `now` never goes back."""

    rules: Compiled
    started: datetime
    bounds: Bounds = field(default_factory=Bounds)

    def __post_init__(self) -> None:
        points, lines = len(self.rules.points), len(self.rules.lines)
        self.now = micros(self.started)
        self.lines = Lines.fresh(lines)
        self._silent = np.flatnonzero(self.rules.sort == Sort.SILENCE)
        self.lines.since[self._silent] = self.now
        self._last = np.full(points, LONG_AGO)
        self._heard = np.full(points, self.now)
        self._unknown = np.zeros(points, bool)
        self._windows = Windows(self.rules.rings)
        self._votes = Votes(self.rules)
        self._links = Links(self.rules)
        self._own = int(self.rules.first[-1])

    def step(self, readings: pa.Table, now: datetime) -> Step:
        """Judge a batch (columns READINGS, in any order) that had arrived by `now`."""
        told, moment = Told(), max(self.now, micros(now))
        rows, late, ahead, unruled = self._sifted(readings)
        if len(rows):
            busy = self._busy(rows)
            self._pass(rows[~busy])
            self._judge(rows[busy], told)
        self._advance(moment, told)
        return Step(
            transitions=told.table(self.rules), late=late, judged=len(rows), ahead=ahead, unruled=unruled
        )  # fmt: skip

    def advance(self, now: datetime) -> Step:
        """Let time pass without readings: delays run out, silence is noticed; nothing is cleared."""
        told = Told()
        self._advance(max(self.now, micros(now)), told)
        return Step(transitions=told.table(self.rules), late=LATE.empty_table())

    def _advance(self, moment: Micros, told: Told) -> None:
        self.now = moment
        settled = moment - self.bounds.settle
        rising = np.flatnonzero(self.lines.stage == RISING)
        due = rising[self.lines.since[rising] + self.rules.on[rising] <= settled]
        if len(due):
            run_out(self.rules, self.lines, due, told)
        if len(self._silent):
            nothing = np.full(len(self._silent), LONG_AGO)
            silence(self.rules, self.lines, self._silent, nothing, told, np.full(len(nothing), settled), self._links)
            self._links.settle(self.lines, settled, told)

    def _sifted(self, readings: pa.Table) -> tuple[_Rows, pa.Table, int, int]:
        """The readings to judge, the stretches of late ones, how many were ahead and how many of no rule."""
        if not readings.num_rows or not len(self.rules.points):
            return _nothing(), LATE.empty_table(), 0, readings.num_rows
        point = pc.fill_null(pc.index_in(readings["key"], value_set=self.rules.points), -1)
        ruled = _numpy(point).astype(np.int64)
        at = _numpy(readings["at"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()))
        arrived = np.maximum(_numpy(readings["arrived"].cast(pa.timestamp("us", "UTC")).cast(pa.int64())), self.now)
        value = _numpy(pc.fill_null(readings["value"].cast(pa.float64()), float("nan")))
        quality = _numpy(readings["quality"]).astype(np.int64)
        order = np.lexsort((at, arrived))
        order = order[ruled[order] >= 0]
        order = order[np.argsort(ruled[order], kind="stable")]
        rows = _Rows(ruled[order], at[order], arrived[order], value[order], quality[order], np.arange(len(order)))
        by_arrival = np.lexsort((rows.at, rows.arrived))
        rows.order[by_arrival] = np.arange(len(order))
        ahead = rows.at > rows.arrived + self.bounds.ahead
        kept = rows[~ahead]
        behind = kept.at < kept.arrived - self.bounds.late
        timely = kept[~behind]
        newest = _newest_before(timely.point, timely.at, self._last)
        fresh = timely.at > newest
        late = self._stretches(kept[behind], timely[~fresh])
        return timely[fresh], late, int(ahead.sum()), len(ruled) - len(rows)

    def _stretches(self, *parts: _Rows) -> pa.Table:
        point = np.concatenate([part.point for part in parts])
        if not len(point):
            return LATE.empty_table()
        at = np.concatenate([part.at for part in parts])
        names, which, rows = np.unique(point, return_inverse=True, return_counts=True)
        first, last = np.full(len(names), np.int64(2**62)), np.full(len(names), LONG_AGO)
        np.minimum.at(first, which, at)
        np.maximum.at(last, which, at)
        moment = LATE.field("first").type
        columns = [self.rules.points.take(pa.array(names)), pa.array(first).cast(moment), pa.array(last).cast(moment)]
        return pa.Table.from_arrays([*columns, pa.array(rows)], schema=LATE)

    def _busy(self, rows: _Rows) -> Bools:
        """Readings that may change something; all other points are within their limits, known, and heard in time."""
        rules, p = self.rules, rows.point
        lively = rules.busy | self._unknown
        lively[rules.point[: self._own][self.lines.stage[: self._own] != NORMAL]] = True
        with np.errstate(invalid="ignore"):
            beyond = (rows.value >= rules.highest[p]) | (rows.value <= rules.lowest[p])
        beyond |= (rows.quality > 0) | np.isnan(rows.value)
        before = np.concatenate([[LONG_AGO], rows.at[:-1]])
        begins = np.concatenate([[True], p[1:] != p[:-1]])
        before = np.where(begins, self._heard[p], before)
        due = before + rules.silence[p]
        beyond |= (due < rows.at) | (due + self.bounds.settle <= rows.arrived)
        lively[p[beyond]] = True
        return np.asarray(lively[p])

    def _pass(self, rows: _Rows) -> None:
        """Readings that change nothing but when their points were last heard."""
        if not len(rows):
            return
        self._last[rows.point] = rows.at  # of several the last one stays, and they are in order
        self._heard[rows.point] = rows.at
        if len(self._silent):
            touched = np.zeros(len(self._last), bool)
            touched[rows.point] = True
            lines = self._silent[touched[self.rules.point[self._silent]]]
            self.lines.since[lines] = np.maximum(self.lines.since[lines], self._heard[self.rules.point[lines]])

    def _judge(self, rows: _Rows, told: Told) -> None:
        """One reading of each point after the other, of all points at once."""
        if not len(rows):
            return
        place = _place(rows.point)
        order = np.argsort(place, kind="stable")
        cuts = np.searchsorted(place[order], np.arange(int(place.max()) + 2))
        votes = self._votes.open()
        for begin, end in itertools.pairwise(cuts):
            self._round(rows[order[begin:end]], votes, told)
        self._votes.count(votes, self.lines, self.bounds.settle, told)

    def _round(self, rows: _Rows, votes: list[tuple[Ints, ...]], told: Told) -> None:
        rules, lines = self.rules, self.lines
        p = rows.point
        self._mark_unknown(rows, told)
        self._last[p] = rows.at
        came = (rows.quality < MISSING) & ~np.isnan(rows.value)
        self._heard[p[came]] = rows.at[came]
        count = rules.first[p + 1] - rules.first[p]
        row = np.repeat(np.arange(len(p)), count)
        line = np.arange(len(row)) + np.repeat(rules.first[p] - (np.cumsum(count) - count), count)
        sort = rules.sort[line]
        usable = (rows.quality < BAD) & ~np.isnan(rows.value)
        measured = rows.value[row]
        if rules.rings:
            rated = sort == Sort.RATE
            measured[rated] = self._windows.rates(
                rules.ring[p[row[rated]]], rows.at[row[rated]], rows.value[row[rated]], rules.span[line[rated]]
            )
            push = usable & (rules.ring[p] >= 0)
            self._windows.push(rules.ring[p[push]], rows.at[push], rows.value[push])
        quiet = sort == Sort.SILENCE
        if quiet.any():
            sl, sr = line[quiet], row[quiet]
            silence(rules, lines, sl, rows.at[sr], told, rows.arrived[sr] - self.bounds.settle, self._links)
            sl, sr = sl[came[sr]], sr[came[sr]]
            heard(rules, lines, sl, rows.at[sr], rows.arrived[sr], told, self._links)
        line, row, measured = line[~quiet], row[~quiet], measured[~quiet]
        sign, speaks = rules.sign[line], usable[row] & ~np.isnan(measured)
        with np.errstate(invalid="ignore"):
            over = speaks & (sign * measured >= sign * rules.limit[line])
            back = speaks & (sign * measured < sign * rules.reset[line])
        good = speaks & (rows.quality[row] < SUSPECT)
        before = self._votes.standing(lines, line)
        judge(
            rules, lines, line, rows.at[row], rows.arrived[row], measured, over, back, good, self.bounds.settle, told
        )  # fmt: skip
        self._votes.note(votes, lines, line, before, rows.at[row], rows.arrived[row], good, rows.order[row])

    def _mark_unknown(self, rows: _Rows, told: Told) -> None:
        """A point whose value is bad or missing is unknown from then on, until a value comes that is not."""
        missing = (rows.quality >= MISSING) | np.isnan(rows.value)
        bad = missing | (rows.quality >= BAD)
        changed = bad != self._unknown[rows.point]
        self._unknown[rows.point] = bad
        for which, after in ((changed & bad, UNKNOWN), (changed & ~bad, NORMAL)):
            hit = rows[which]
            lost = (
                np.where(missing[which], Cause.MISSING, Cause.BAD)
                if after is UNKNOWN
                else np.full(len(hit), Cause.GOOD)
            )
            before = np.full(len(hit), NORMAL if after is UNKNOWN else UNKNOWN, np.int64)
            nan = np.full(len(hit), np.nan)
            told.add(np.full(len(hit), -1, np.int64), hit.point, hit.at, before, after, hit.value, nan, lost)

    def raised(self) -> frozenset[Identity]:
        """The identities of the lines that are in alarm."""
        standing = (self.lines.stage == RAISED) | (self.lines.stage == RAISED + 1)
        hit = self.rules.told & np.where(self.rules.link < 0, standing, self._links.told)
        return frozenset(self.rules.lines[n].identity for n in np.flatnonzero(hit).tolist())

    def unknown(self) -> frozenset[str]:
        """The points whose last reading was bad or missing."""
        return frozenset(self.rules.points.take(pa.array(np.flatnonzero(self._unknown))).to_pylist())

    def put_back(
        self,
        known: Mapping[Identity, tuple[bool, datetime, float | None]],
        first: Mapping[str, datetime],
        now: datetime,
    ) -> None:
        """After a restart, before the last readings are judged again: which lines were raised or cleared, and when.

        What a line did before that moment is on record, and is not told again. Silence that is on no record is counted
        from the `first` reading of the point among the last ones; where that is so old that it would have been told
        long ago, or there is none, from now.
        """
        for n, line in enumerate(self.rules.lines):
            silent = line.sort is Sort.SILENCE
            if line.identity in known:
                raised, since, extreme = known[line.identity]
                self.lines.stage[n] = RAISED if raised else NORMAL
                self.lines.since[n] = micros(since) - (line.span if silent and raised else 0)
                self.lines.extreme[n] = np.nan if extreme is None else extreme
            elif silent:
                begins = micros(first.get(line.point, now)) - 1
                old = begins < self.now and begins + line.span <= micros(now)
                self.lines.since[n] = micros(now) if old else begins
        self._links.put_back(self.lines)

    def adopt(self, rules: Compiled) -> None:
        """Go on by rules whose lines are the same ones: only what is inhibited may be another."""
        self.rules = rules
        self._votes.adopt(rules)
        self._links.adopt(rules)

    @property
    def longest(self) -> Micros:
        """How far back readings must be judged again after a restart; silence goes by the last one, however old."""
        spans = np.concatenate([self.rules.on, self.rules.off, self.rules.span[self.rules.sort == Sort.RATE], [0]])
        return int(spans.max()) + self.bounds.late


def by_point(batch: pa.Table) -> pa.Table:
    """The columns READINGS of a batch as doors make it; a point is a key, or `key/element` where there are several."""
    key, element = batch["key"].cast(pa.string()), batch["element"].cast(pa.string())
    if pc.any(pc.not_equal(element, "value")).as_py():
        key = pc.if_else(pc.equal(element, "value"), key, pc.binary_join_element_wise(key, element, "/"))
    return pa.table([key, *(batch[name] for name in READINGS[1:])], names=list(READINGS))


def _nothing() -> _Rows:
    none = np.zeros(0, np.int64)
    return _Rows(none, none, none, none.astype(float), none, none)


def _numpy(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(column.to_numpy())


def _place(point: Ints) -> Ints:
    """Of each row how many rows of its point come before it; rows of a point lie together."""
    begins = np.flatnonzero(np.concatenate([[True], point[1:] != point[:-1]]))
    return np.arange(len(point)) - np.repeat(begins, np.diff(np.append(begins, len(point))))


def _newest_before(point: Ints, at: Ints, last: Ints) -> Ints:
    """For each row the newest time of its point before it: judged earlier, or by a row above."""
    if not len(point):
        return at
    n = len(point)
    rank = np.empty(n, np.int64)
    sorted_at = np.argsort(at, kind="stable")
    rank[sorted_at] = np.arange(n)
    segment = np.cumsum(np.concatenate([[0], point[1:] != point[:-1]]))
    greatest = np.maximum.accumulate(rank + segment * n) - segment * n
    newest = at[sorted_at[greatest]]
    before = np.concatenate([[LONG_AGO], newest[:-1]])
    begins = np.concatenate([[True], point[1:] != point[:-1]])
    return np.maximum(np.where(begins, LONG_AGO, before), last[point])
