"""One look at a stream: all that rules may know of a moment."""

from dataclasses import dataclass, field

from core.units import Second
from video.detections import Detections, Floats
from video.tracker import Track


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blob:
    """Something in the picture that is no detection: where, of what kind, and why it is held for that."""

    box: Floats
    since: Second
    why: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """`at` by the clock of the stream; `size` is width and height of the frame in pixels.

    `people` are None where no detector says who is there: a rule that needs them is not available then, and that is
    never the same as nobody.
    """

    at: Second
    size: tuple[int, int]
    people: Detections | None = None
    tracks: tuple[Track, ...] = ()
    still: bool = False
    """Nothing moved since the last look, and the same rules were asked: people and tracks stand where they stood."""
    movers: tuple[Track, ...] = ()
    """What moves, whatever it is."""
    left: tuple[Blob, ...] = ()
    flames: tuple[Blob, ...] = ()
    smoke: tuple[Blob, ...] = ()
    faults: dict[str, dict[str, float]] = field(default_factory=dict)
    """By kind what was measured, and the limit it was measured against."""
    healthy: bool = True
    equipment: dict[str, dict[int, float]] = field(default_factory=dict)
    """By thing and track, the probability that it is worn; of who was judged in this look alone."""
