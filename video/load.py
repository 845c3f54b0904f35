"""How much is looked at when there is too much to do: fewer pictures first, then smaller ones, in this order."""

from dataclasses import dataclass

from video.thresholds import threshold

BUSY, IDLE = threshold("worker.busy"), threshold("worker.idle")


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


def level_after(level: int, busy: float) -> int:
    """The level after a time in which a worker used that share of a processor.

    >>> level_after(0, 0.9), level_after(1, 0.9), level_after(2, 0.9), level_after(1, 0.5), level_after(1, 0.1)
    (1, 2, 2, 1, 0)
    """
    if busy > BUSY:
        return min(level + 1, len(LEVELS) - 1)
    return max(level - 1, 0) if busy < IDLE else level
