"""A rule as a site writes it, the memory it keeps, and what it raises."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.units import Second
from video.detections import Detections, Floats
from video.episodes import Episode, Timing, Turn
from video.zones import Zone


class Kind(StrEnum):
    """What is watched for (code list `video_event`)."""

    INTRUSION = "intrusion"
    MOVEMENT = "movement"
    ABSENCE = "absence"
    CROWDING = "crowding"
    LOITERING = "loitering"
    LEFT_OBJECT = "left_object"
    NO_HELMET = "no_helmet"
    NO_VEST = "no_vest"
    FIRE = "fire"
    SMOKE = "smoke"
    BLACK = "black"
    FROZEN = "frozen"
    OCCLUDED = "occluded"
    DEFOCUSED = "defocused"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing watched for in one zone; `people` is the least or the most of them, as the kind has it."""

    id: str
    kind: Kind
    zone: Zone
    timing: Timing
    people: int = 1
    least: float = 0.4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Memory:
    """What one rule remembers between looks."""

    episode: Episode = field(default_factory=Episode)
    entered: dict[int, Second] = field(default_factory=dict)
    counts: tuple[tuple[Second, int], ...] = ()
    met: bool = False
    inside: tuple[Detections, Floats] | None = None
    """The people asked of last, and the boxes of those in the zone."""
    votes: dict[int, tuple[tuple[Second, bool], ...]] = field(default_factory=dict)
    """By track: when it was judged, and whether the thing was missing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finding:
    """What a look says of a rule's condition; `began` where it began before this look, `why` in numbers."""

    holds: bool
    memory: Memory
    began: Second | None = None
    boxes: tuple[Floats, ...] = ()
    why: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Change:
    """An event was raised, or ended: `began` is when its condition began, `at` this look, `held` when it last held."""

    rule: Rule
    turn: Turn
    began: Second
    at: Second
    held: Second
    boxes: tuple[Floats, ...] = ()
    why: dict[str, float] = field(default_factory=dict)
