"""Episodes: a condition that trembles is one event, raised once, ended once."""

from dataclasses import dataclass, replace
from enum import StrEnum

from core.units import Second
from video.thresholds import threshold

UNSEEN: Second = threshold("events.unseen")
"""Between two looks that both found it a condition is taken to have lasted, unless they are further apart than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """`after` it held so long it is raised; `bridge` is how long it may be away before; `clear` how long after."""

    after: Second = 0.0
    bridge: Second = 0.6
    clear: Second = 2.0


class Turn(StrEnum):
    """What one look changed."""

    NONE = "none"
    RAISED = "raised"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """When the condition began, last held and was raised, all None while nothing is; and a look since found it away."""

    began: Second | None = None
    held: Second | None = None
    raised: Second | None = None
    away: bool = False


def advanced(before: Episode, at: Second, holds: bool, timing: Timing) -> tuple[Episode, Turn]:
    """The episode after one more look at the clock of the stream; an ended one is given back as it was."""
    if holds:
        bridge = timing.bridge if before.away else max(timing.bridge, UNSEEN)
        began = at if before.began is None or _gone(before, at, bridge) else before.began
        now = replace(before, began=began, held=at, away=False)
        if now.raised is None and at - began >= timing.after:
            return replace(now, raised=at), Turn.RAISED
        return now, Turn.NONE
    if before.raised is not None and before.held is not None and at - before.held >= timing.clear:
        return before, Turn.ENDED
    if _gone(before, at, timing.bridge):
        return Episode(), Turn.NONE
    return (before if before.began is None else replace(before, away=True)), Turn.NONE


def _gone(one: Episode, at: Second, bridge: Second) -> bool:
    return one.raised is None and one.held is not None and at - one.held > bridge
