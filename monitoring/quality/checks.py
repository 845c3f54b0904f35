"""Doubts about readings as they come in: arrays over a batch, and what is remembered of each point between batches.

A batch is judged in the order of its event times. A reading older than one already judged is late: only its range and
clock are looked at, and nothing that was said before changes.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from monitoring.quality.flags import BAD, GOOD, MISSING, SUSPECT, Flag
from monitoring.quality.parameters import Parameters, practice

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
SECOND = 1_000_000
NEVER = np.iinfo(np.int64).min + 1
LEAST = 20
"""Steps of a point that must be seen before its usual step is known."""


@dataclass(slots=True)
class _Memory:
    """What is remembered of each point; times in microseconds."""

    at: Ints
    before: Floats
    last: Floats
    noise: Floats
    steps: Ints
    same_since: Ints
    same: Ints
    span: Ints
    nearest: Floats
    nearest_before: Floats

    def grown(self, count: int) -> "_Memory":
        """With room for more points."""
        fresh = _memory(count)
        for field in fields(self):
            getattr(fresh, field.name)[: len(self.at)] = getattr(self, field.name)
        return fresh


def _memory(count: int) -> _Memory:
    def unknown() -> Floats:
        return np.full(count, np.nan)

    def never() -> Ints:
        return np.full(count, NEVER)

    return _Memory(
        at=never(), before=unknown(), last=unknown(), noise=np.zeros(count), steps=np.zeros(count, np.int64),
        same_since=never(), same=np.zeros(count, np.int64), span=never(), nearest=unknown(), nearest_before=unknown(),
    )  # fmt: skip


class Quality:
    """Judges batches one after the other; points are small numbers, the same from batch to batch."""

    def __init__(self, given: Parameters) -> None:
        self._given = given
        self._memory = _memory(len(given))
        self._spike_noise = practice()["spike_noise", ""]
        self._fade = 1 / practice()["noise_memory", ""]
        self._stuck_count = practice()["stuck_count", ""]
        self._drift_time = int(practice()["drift_time", ""]) * SECOND
        self._ahead = int(practice()["skew_ahead", ""]) * SECOND

    def know(self, given: Parameters) -> None:
        """Other parameters, or more points; what is remembered stays."""
        if len(given) > len(self._memory.at):
            self._memory = self._memory.grown(len(given))
        self._given = given

    def judge(
        self, point: NDArray[np.int32], at: Ints, value: Floats, quality: NDArray[np.int8], arrived: Ints
    ) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
        """The quality and flags of each row; never better than its source said."""
        given = self._given
        flags = np.zeros(len(point), np.int32)
        there = ~np.isnan(value)
        flags[(quality > GOOD) & there] |= Flag.SOURCE
        flags[at > arrived + self._ahead] |= Flag.SKEW
        with np.errstate(invalid="ignore"):
            flags[at >= given.calibrated_until[point] * SECOND] |= Flag.CALIBRATION
            outside = (value < given.low[point]) | (value > given.high[point])
        flags[outside] |= Flag.RANGE
        usable = there & (quality < BAD) & ~outside & (at > self._memory.at[point])
        rows = np.flatnonzero(usable)
        if len(rows):
            rows = rows[np.lexsort((at[rows], point[rows]))]
            flags[rows] |= self._in_order(point[rows], at[rows], value[rows])
        worth = np.where(flags & Flag.RANGE, BAD, np.where(flags, SUSPECT, GOOD))
        return np.where(there, np.maximum(quality, worth), MISSING).astype(np.int8), flags

    def _in_order(self, point: NDArray[np.int32], at: Ints, value: Floats) -> NDArray[np.int32]:
        """Doubts that compare a reading with those before it, for rows by point and time."""
        first = np.append(True, point[1:] != point[:-1])
        start = np.flatnonzero(first)
        owner = point[start]
        own = np.repeat(start, np.diff(np.append(start, len(point))))
        nth = np.arange(len(point)) - own
        last = np.where(first, self._memory.last[point], np.roll(value, 1))
        second = np.where(nth == 1, self._memory.last[point], np.roll(value, 2))
        before = np.where(first, self._memory.before[point], second)
        end = np.append(start[1:], len(point)) - 1
        flags = np.zeros(len(point), np.int32)
        flags[self._spikes(point, value, last, before, start, owner)] |= Flag.SPIKE
        flags[self._stuck(point, at, value, last, own, end)] |= Flag.STUCK
        flags[self._drifting(point, at, value, owner)] |= Flag.DRIFT
        self._memory.before[owner] = last[end]
        self._memory.last[owner] = value[end]
        self._memory.at[owner] = at[end]
        return flags

    def _spikes(
        self,
        point: NDArray[np.int32],
        value: Floats,
        last: Floats,
        before: Floats,
        start: Ints,
        owner: NDArray[np.int32],
    ) -> Mask:
        """A step far beyond the usual one, unless it is the step back from a spike."""
        memory, given = self._memory, self._given
        with np.errstate(invalid="ignore"):
            step = np.abs(value - last)
            usual = np.where(memory.steps >= LEAST, self._spike_noise * memory.noise, np.inf)[point]
            least = given.spike_step[point]
            known = np.where(np.isnan(least), usual, np.maximum(least, np.where(np.isfinite(usual), usual, 0.0)))
            jump = step > known
            back = np.abs(value - before) <= known
            found = jump & ~back
        calm = np.where(found | np.isnan(step) | jump, 0.0, step)
        counted = (~(found | np.isnan(step) | jump)).astype(np.int64)
        total, count = np.add.reduceat(calm, start), np.add.reduceat(counted, start)
        some = count > 0
        who, mean = owner[some], total[some] / count[some]
        keep = np.minimum((1 - self._fade) ** count[some], memory.steps[who] / (memory.steps[who] + count[some]))
        memory.noise[who] = keep * memory.noise[who] + (1 - keep) * mean
        memory.steps[who] += count[some]
        return np.asarray(found)

    def _stuck(
        self,
        point: NDArray[np.int32],
        at: Ints,
        value: Floats,
        last: Floats,
        own: Ints,
        end: Ints,
    ) -> Mask:
        """The same value for long and often, but for a point that is at rest, which may well be so."""
        memory, given = self._memory, self._given
        with np.errstate(invalid="ignore"):
            same = np.abs(value - last) <= given.stuck_tolerance[point]
        place = np.arange(len(point))
        begun = np.maximum.accumulate(np.where(same, -1, place))
        carried = begun < own
        since = np.where(carried, memory.same_since[point], at[np.maximum(begun, 0)])
        count = np.where(carried, memory.same[point] + place - own + 1, place - begun + 1)
        with np.errstate(invalid="ignore"):
            resting = np.abs(value - given.rest[point]) <= np.nan_to_num(given.drift[point])
            found = (count >= self._stuck_count) & (at - since >= given.stuck_time[point] * SECOND) & ~resting
        memory.same_since[point[end]] = since[end]
        memory.same[point[end]] = count[end]
        return np.asarray(found)

    def _drifting(self, point: NDArray[np.int32], at: Ints, value: Floats, owner: NDArray[np.int32]) -> Mask:
        """A gas detector that was never near what it shows in clean air for a whole span and since."""
        memory, given = self._memory, self._given
        if np.isnan(given.rest[owner] + given.drift[owner]).all():
            return np.zeros(len(point), dtype=bool)
        away = np.abs(value - given.rest[point])
        span = at // self._drift_time
        edge = np.append(True, (point[1:] != point[:-1]) | (span[1:] != span[:-1]))
        begin = np.flatnonzero(edge)
        who, when = point[begin], span[begin]
        nearest = np.fmin.reduceat(away, begin)
        head = np.append(True, who[1:] != who[:-1])
        same, next_ = head & (when == memory.span[who]), head & (when == memory.span[who] + 1)
        nearest = np.where(same, np.fmin(nearest, memory.nearest[who]), nearest)
        before = np.where(~head & (when == np.roll(when, 1) + 1), np.roll(nearest, 1), np.nan)
        before = np.where(same, memory.nearest_before[who], np.where(next_, memory.nearest[who], before))
        tail = np.append(head[1:], True)
        memory.span[who[tail]], memory.nearest[who[tail]] = when[tail], nearest[tail]
        memory.nearest_before[who[tail]] = before[tail]
        with np.errstate(invalid="ignore"):
            drifting = (nearest > given.drift[who]) & (before > given.drift[who])
        return np.asarray(np.repeat(drifting, np.diff(np.append(begin, len(point)))))
