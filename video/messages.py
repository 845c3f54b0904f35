"""What a worker tells the process that keeps events: plain values, that cross to another process."""

from dataclasses import dataclass, field

from core.units import Second
from video.grounding import Placed
from video.rules.rule import Kind
from video.sources import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An event began; moments are of the monotonic clock, which all processes of a machine share."""

    camera: str
    rule: str
    kind: Kind
    zone: str
    began: Second
    at: Second
    why: dict[str, float]
    boxes: tuple[tuple[float, float, float, float], ...]
    snapshot: bytes
    place: Placed = field(default_factory=Placed)
    model: str = ""
    beta: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The event of a rule is over; its condition last held then. `lost` where the rule was changed meanwhile."""

    camera: str
    rule: str
    held: Second
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filmed:
    """The film around an event's raising lies in a file that the receiver takes away; without a path there is none."""

    camera: str
    rule: str
    at: Second
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a camera stands, and how much of it is looked at: less than usual is said, never hidden."""

    camera: str
    condition: Condition
    since: Second
    opened: int
    looks: int
    pace: float
    side: int
    missed: float = 0.0
    """Share of the pictures that were due and were not looked at."""

    unfilmed: int = 0
    """Events without a film, since the worker began: there were no pictures, or no time to make one."""

    unavailable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The worker of a camera was ended, and what it knew of events and films with it."""

    camera: str


Message = Raised | Ended | Filmed | Status | Broken
