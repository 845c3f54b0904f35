"""Episodes: a condition that trembles is one event, raised once, ended once."""

from dataclasses import dataclass, replace
from enum import StrEnum

from core.units import Second


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
    """When the condition began, last held and was raised; all None while nothing is."""

    began: Second | None = None
    held: Second | None = None
    raised: Second | None = None


def advanced(before: Episode, at: Second, holds: bool, timing: Timing) -> tuple[Episode, Turn]:
    """The episode after one more look at the clock of the stream; an ended one is given back as it was."""
    if holds:
        began = at if before.began is None or _gone(before, at, timing) else before.began
        now = replace(before, began=began, held=at)
        if now.raised is None and at - began >= timing.after:
            return replace(now, raised=at), Turn.RAISED
        return now, Turn.NONE
    if before.raised is not None and before.held is not None and at - before.held >= timing.clear:
        return before, Turn.ENDED
    if _gone(before, at, timing):
        return Episode(), Turn.NONE
    return before, Turn.NONE


def _gone(one: Episode, at: Second, timing: Timing) -> bool:
    return one.raised is None and one.held is not None and at - one.held > timing.bridge
