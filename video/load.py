"""How much is looked at when there is too much to do: fewer pictures first, then smaller ones, in this order.

There is too much where a worker uses more of a processor than analysis may, or where it does not come to pictures that
were due: one of many workers on a full machine gets little of a processor and misses pictures without being busy.
"""

from dataclasses import dataclass, field, replace

from core.units import Second
from video.thresholds import threshold

BUSY, IDLE = threshold("worker.busy"), threshold("worker.idle")
MISSED = threshold("worker.missed")
JUDGED: Second = threshold("worker.judged")
CALM, LONGEST = int(threshold("worker.calm")), int(threshold("worker.longest_calm"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Looks a second, and the side of the detector's input in pixels; None is the graph's own."""

    pace: float
    side: int | None


LEVELS = (
    Level(pace=threshold("frames.pace"), side=None),
    Level(pace=threshold("worker.slow_pace"), side=None),
    Level(pace=threshold("worker.slow_pace"), side=int(threshold("worker.small_side"))),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a worker knows of its load: its level, how many judgements in a row were calm and how many are asked before
    more is looked at again, whether more is looked at on trial, and the share of due pictures it missed last."""

    level: int = 0
    calm: int = 0
    asked: int = CALM
    trial: bool = False
    missed: float = 0.0


def judged(load: Load, busy: float, missed: float) -> Load:
    """The load after a time in which a worker used that share of a processor and missed that share of its pictures.

    One step down at once; one step up after several calm times. A step up that did not hold doubles what is asked
    before the next, so that a worker at its limit does not go up and down for ever.

    >>> [judged(Load(level=n), 0.9, 0.0).level for n in range(3)], judged(Load(), 0.1, 0.5).level
    ([1, 2, 2], 1)
    """
    if busy > BUSY or missed > MISSED:
        asked = min(2 * load.asked, LONGEST) if load.trial else load.asked
        return Load(level=min(load.level + 1, len(LEVELS) - 1), asked=asked, missed=missed)
    calm = load.calm + 1 if busy < IDLE or not load.level else 0
    if calm < load.asked:
        return replace(load, calm=calm, missed=missed)
    if load.level:
        return Load(level=load.level - 1, asked=load.asked, trial=True, missed=missed)
    return Load(calm=calm, missed=missed)


@dataclass(slots=True, kw_only=True)
class Judge:
    """The load of one worker, judged again and again of what it has spent, had to look at, and looked at since."""

    since: Second
    spent: Second
    load: Load = field(default_factory=Load)
    due: int = 0
    looks: int = 0

    @property
    def level(self) -> Level:
        """How much is looked at now."""
        return LEVELS[self.load.level]

    def judge(self, now: Second, spent: Second, due: int, looks: int) -> bool:
        """Judge where it is time for that; the numbers are those since the worker began. Whether it was."""
        if now - self.since <= JUDGED:
            return False
        fresh = due - self.due
        missed = max(0.0, 1 - (looks - self.looks) / fresh) if fresh > 0 else 0.0
        self.load = judged(self.load, (spent - self.spent) / (now - self.since), missed)
        self.since, self.spent, self.due, self.looks = now, spent, due, looks
        return True
