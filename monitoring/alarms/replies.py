"""The clock of the reply for many alarms at once: of each what `escalation.escalated` says of one."""

from datetime import timedelta
from typing import NamedTuple

import numpy as np

from monitoring.alarms.compiled import Bools, Ints, Micros
from monitoring.alarms.escalation import TIERS, Ladder

NEVER = 0
"""What stands for no time: nobody is above, or the alarm is answered."""


class Replies(NamedTuple):
    """Of each alarm the place of its tier among `TIERS`, and when it goes further."""

    tier: Ints
    due: Ints


def replies(*, level: Ints, waiting: Bools, begun: Ints, told: Ints, now: Micros, ladder: Ladder) -> Replies:
    """`begun` is when each clock started, `told` the tier an alarm has come to, `waiting` that nobody has answered."""
    tier, due = told.copy(), np.full(len(told), NEVER, np.int64)
    for grade, steps in ladder.items():
        mine = np.flatnonzero(waiting & (level == grade))
        if not len(mine):
            continue
        place = np.array([TIERS.index(name) for name, _ in steps])
        when = begun[mine, None] + np.array([after // timedelta(microseconds=1) for _, after in steps])
        passed = when <= now
        last = passed.sum(axis=1) - 1
        reached = np.where(last >= 0, place[np.maximum(last, 0)], told[mine])
        ahead = told[mine] > reached
        coming = np.where(~passed & (~ahead[:, None] | (place > told[mine, None])), when, np.iinfo(np.int64).max)
        soonest = coming.min(axis=1)
        tier[mine] = np.where(ahead, told[mine], reached)
        due[mine] = np.where(soonest == np.iinfo(np.int64).max, NEVER, soonest)
    return Replies(tier, due)
