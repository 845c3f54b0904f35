"""What a reading does to a line: normal → rising (on-delay) → raised → falling (off-delay) → normal, or suppressed.

Four things hold whatever comes. Only a good reading clears; a bad, missing or doubtful one never does. A doubtful value
beyond the limit raises. Time alone may raise (the on-delay, silence) and never clears. And a reading older than the
last change of a line does not change it.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

import numpy as np
import pyarrow as pa

from monitoring.alarms.compiled import LONG_AGO, Bools, Compiled, Ints, Micros, Reals
from monitoring.alarms.schedule import minute_of_week


class Stage(IntEnum):
    """Where a line stands; people are told of normal, raised and suppressed only."""

    NORMAL = 0
    RISING = 1
    RAISED = 2
    FALLING = 3
    SUPPRESSED = 4
    UNKNOWN = 5


class Cause(IntEnum):
    """Why a line or a point changed."""

    LIMIT = 0
    DELAY = 1
    BACK = 2
    SILENCE = 3
    HEARD = 4
    INHIBITED = 5
    ENDED = 6
    BAD = 7
    MISSING = 8
    GOOD = 9
    WITHDRAWN = 10


NORMAL, RISING, RAISED, FALLING, SUPPRESSED, UNKNOWN = Stage
SPOKEN = np.array(["normal", "normal", "raised", "raised", "suppressed", "unknown"])
CAUSES = np.array([cause.name.lower() for cause in Cause])

TRANSITIONS = pa.schema(
    [
        ("rule", pa.string()),
        ("point", pa.string()),
        ("condition", pa.string()),
        ("level", pa.int8()),
        ("at", pa.timestamp("us", "UTC")),
        ("from", pa.string()),
        ("to", pa.string()),
        ("value", pa.float64()),
        ("extreme", pa.float64()),
        ("limit", pa.float64()),
        ("unit", pa.string()),
        ("cause", pa.string()),
        ("inhibition", pa.string()),
        ("first", pa.string()),
    ]
)
"""A change of a rule at a point; without a rule it is the point whose state became unknown, or known again; `first`
is the point that fell silent first of those of a gateway."""


@dataclass
class Lines:
    """Where every line stands: since when, the last value beyond the limit, the worst one."""

    stage: Ints
    since: Ints
    held: Reals
    extreme: Reals

    @classmethod
    def fresh(cls, count: int) -> "Lines":
        """All normal, since ever."""
        return cls(
            np.zeros(count, np.int64), np.full(count, LONG_AGO), np.full(count, np.nan), np.full(count, np.nan)
        )  # fmt: skip


@dataclass
class Told:
    """Changes as they come, column by column; `line` -1 is one of a point."""

    parts: list[tuple[Ints, Ints, Ints, Ints, Ints, Reals, Reals, Ints, Ints, Ints]] = field(default_factory=list)

    def add(
        self, line: Ints, point: Ints, at: Ints, before: Ints, after: int, value: Reals, extreme: Reals,
        cause: Ints | int, inhibition: Ints | None = None, first: Ints | None = None,
    ) -> None:  # fmt: skip
        """Changes of one kind."""
        if len(line):
            n = len(line)
            ids = np.full(n, -1, np.int64) if inhibition is None else inhibition
            causes = np.broadcast_to(np.asarray(cause, np.int64), n)
            firsts = np.full(n, -1, np.int64) if first is None else first
            self.parts.append(
                (line, point, at, before, np.full(n, after, np.int64), value, extreme, causes, ids, firsts)
            )  # fmt: skip

    def table(self, rules: Compiled) -> pa.Table:
        """In order of time, those of terms left out."""
        if not self.parts:
            return TRANSITIONS.empty_table()
        columns = [np.concatenate(column) for column in zip(*self.parts, strict=True)]
        line, point, at, before, after, value, extreme, cause, inhibition, first = columns
        told = (line < 0) | rules.told[line]
        told[told] = SPOKEN[before[told]] != SPOKEN[after[told]]
        order = np.flatnonzero(told)
        order = order[np.lexsort((line[order], point[order], at[order]))]
        picked = [rules.lines[n] if n >= 0 else None for n in line[order].tolist()]
        return pa.table(
            {
                "rule": [one.rule if one else "" for one in picked],
                "point": rules.points.take(pa.array(point[order])),
                "condition": [one.condition.value if one else "" for one in picked],
                "level": [one.level if one else 0 for one in picked],
                "at": pa.array(at[order]).cast(TRANSITIONS.field("at").type),
                "from": SPOKEN[before[order]],
                "to": SPOKEN[after[order]],
                "value": pa.array(value[order], from_pandas=True),
                "extreme": pa.array(extreme[order], from_pandas=True),
                "limit": pa.array([one.limit if one else None for one in picked], pa.float64()),
                "unit": [one.unit if one else "" for one in picked],
                "cause": CAUSES[cause[order]],
                "inhibition": [rules.inhibited[n].code if n >= 0 else "" for n in inhibition[order].tolist()],
                "first": [rules.points[n].as_py() if n >= 0 else "" for n in first[order].tolist()],
            },
            schema=TRANSITIONS,
        )


def open_at(rules: Compiled, line: Ints, at: Ints) -> tuple[Bools, Ints]:
    """Whether each line judges at its moment, and which inhibition holds it (-1 none)."""
    open_ = (rules.valid_from[line] <= at) & (at < rules.valid_to[line])
    timed = rules.schedule[line]
    if (timed >= 0).any():
        some = timed >= 0
        open_[some] &= rules.masks[timed[some], minute_of_week(at[some])]
    held = np.full(len(line), -1, np.int64)
    for n, one in enumerate(rules.inhibited):
        if len(at) and one.starts <= at.max() and at.min() < one.ends:
            held[one.lines[line] & (one.starts <= at) & (at < one.ends)] = n
    return open_, held


def run_out(rules: Compiled, lines: Lines, line: Ints, told: Told) -> None:
    """The on-delay of these lines is over: each is raised at the moment it ended, if its rule judges then."""
    at = lines.since[line] + rules.on[line]
    open_, held = open_at(rules, line, at)
    raised, stopped = open_ & (held < 0), open_ & (held >= 0)
    lines.since[line] = at
    lines.stage[line] = np.where(raised, RAISED, np.where(stopped, SUPPRESSED, NORMAL))
    _tell(rules, lines, told, line[raised], at[raised], NORMAL, RAISED, Cause.DELAY)
    _tell(rules, lines, told, line[stopped], at[stopped], NORMAL, SUPPRESSED, Cause.INHIBITED, held[stopped])


def _tell(
    rules: Compiled, lines: Lines, told: Told, line: Ints, at: Ints, before: Ints | int, after: int, cause: int,
    inhibition: Ints | None = None, value: Reals | None = None,
) -> None:  # fmt: skip
    if len(line):
        stages = np.broadcast_to(np.asarray(before, np.int64), len(line))
        value = lines.held[line] if value is None else value
        told.add(line, rules.point[line], at, stages, after, value, lines.extreme[line], cause, inhibition)


def judge(
    rules: Compiled, lines: Lines, line: Ints, at: Ints, arrived: Ints, value: Reals, over: Bools, back: Bools,
    good: Bools, settle: Micros, told: Told,
) -> None:  # fmt: skip
    """One reading for each of these lines (each at most once): `over` its limit, `back` beyond the dead band."""
    ends = lines.since[line] + rules.on[line]
    due = (lines.stage[line] == RISING) & ((ends <= at) | (ends + settle <= arrived))
    if due.any():
        run_out(rules, lines, line[due], told)
    stage = lines.stage[line]
    live = at >= lines.since[line]
    touched = live & (over | (stage != NORMAL))
    if not touched.any():
        return
    line, at, value, stage = line[touched], at[touched], value[touched], stage[touched]
    over, back, good = over[touched], back[touched], good[touched]
    _worse(rules, lines, line[over], value[over], stage[over])
    _over(rules, lines, line[over], at[over], stage[over], told)
    calm = ~over
    _calm(rules, lines, line[calm], at[calm], value[calm], stage[calm], back[calm], good[calm], told)


def _worse(rules: Compiled, lines: Lines, line: Ints, value: Reals, stage: Ints) -> None:
    lines.held[line] = value
    sign = rules.sign[line]
    known = np.where((stage == NORMAL) | (stage == SUPPRESSED), value, lines.extreme[line])
    lines.extreme[line] = sign * np.fmax(sign * known, sign * value)


def _over(rules: Compiled, lines: Lines, line: Ints, at: Ints, stage: Ints, told: Told) -> None:
    falls = stage == FALLING
    lines.stage[line[falls]] = RAISED
    lines.since[line[falls]] = at[falls]
    idle = (stage == NORMAL) | (stage == SUPPRESSED) | (stage == RISING)
    line, at, stage = line[idle], at[idle], stage[idle]
    open_, held = open_at(rules, line, at)
    free, stopped = open_ & (held < 0), open_ & (held >= 0)
    was_stopped = stage == SUPPRESSED
    at_once = free & (stage != RISING) & (rules.on[line] == 0)
    waits = free & (stage != RISING) & (rules.on[line] > 0)
    ends = was_stopped & (waits | ~open_)
    enters = stopped & ~was_stopped
    _tell(rules, lines, told, line[at_once], at[at_once], stage[at_once], RAISED, Cause.LIMIT)
    _tell(rules, lines, told, line[enters], at[enters], NORMAL, SUPPRESSED, Cause.INHIBITED, held[enters])
    _tell(rules, lines, told, line[ends], at[ends], SUPPRESSED, NORMAL, Cause.ENDED)
    for chosen, after in ((at_once, RAISED), (waits, RISING), (enters, SUPPRESSED), (~open_, NORMAL)):
        lines.stage[line[chosen]] = after
        lines.since[line[chosen]] = at[chosen]


def _calm(
    rules: Compiled, lines: Lines, line: Ints, at: Ints, value: Reals, stage: Ints, back: Bools, good: Bools, told: Told
) -> None:
    back = back & good
    falling, raised = stage == FALLING, stage == RAISED
    over_again = falling & ~back
    cleared = back & (
        (raised & (rules.off[line] == 0)) | (falling & (at >= lines.since[line] + rules.off[line]))
    )  # fmt: skip
    falls = back & raised & ~cleared
    ends = back & (stage == SUPPRESSED)
    gone = good & (stage == RISING)
    _tell(rules, lines, told, line[cleared], at[cleared], RAISED, NORMAL, Cause.BACK, value=value[cleared])
    _tell(rules, lines, told, line[ends], at[ends], SUPPRESSED, NORMAL, Cause.BACK, value=value[ends])
    for chosen, after in ((over_again, RAISED), (cleared | ends | gone, NORMAL), (falls, FALLING)):
        lines.stage[line[chosen]] = after
        lines.since[line[chosen]] = at[chosen]


class Linked(Protocol):
    """What is told of silences that points share with others of their gateway."""

    def began(self, line: Ints, at: Ints) -> None:
        """These lines are silent from a moment on."""

    def ended(self, line: Ints, arrived: Ints) -> None:
        """Readings of them came."""


def silence(rules: Compiled, lines: Lines, line: Ints, at: Ints, told: Told, settled: Ints, links: Linked) -> None:
    """Points not heard of for too long before a reading at `at`, or so long that nothing can be on its way any more.

    A rule that does not judge at the moment asks again after as long a silence.
    """
    waiting = lines.stage[line] == NORMAL
    while True:
        ends = lines.since[line] + rules.span[line]
        due = waiting & (lines.stage[line] == NORMAL) & ((ends < at) | (ends <= settled))
        if not due.any():
            return
        hit, moment = line[due], ends[due]
        open_, held = open_at(rules, hit, moment)
        raised = open_ & (held < 0)
        lines.stage[hit[raised]] = RAISED
        lines.since[hit[~raised]] = moment[~raised]
        lines.held[hit] = lines.extreme[hit] = np.nan
        shared = rules.link[hit] >= 0
        links.began(hit[raised & shared], moment[raised & shared])
        alone = raised & ~shared
        _tell(rules, lines, told, hit[alone], moment[alone], NORMAL, RAISED, Cause.SILENCE)


def heard(rules: Compiled, lines: Lines, line: Ints, at: Ints, arrived: Ints, told: Told, links: Linked) -> None:
    """Readings came of the points of these lines; those older than what is known change nothing."""
    newer = at > lines.since[line]
    line, at, arrived = line[newer], at[newer], arrived[newer]
    silent = lines.stage[line] == RAISED
    shared = rules.link[line] >= 0
    links.ended(line[silent & shared], arrived[silent & shared])
    alone = silent & ~shared
    again = np.maximum(at, lines.since[line] + rules.span[line])
    _tell(rules, lines, told, line[alone], again[alone], RAISED, NORMAL, Cause.HEARD)
    lines.stage[line] = NORMAL
    lines.since[line] = at
