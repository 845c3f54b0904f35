"""Tracks: detections of one thing in a row, joined by where it was going and how it stood."""

from dataclasses import dataclass
from math import hypot

import numpy as np

from core.units import Second
from video.detections import Detections, Floats, feet, overlap
from video.thresholds import threshold

SURE = threshold("people.sure")
REACH = threshold("people.reach")
TOUCHING, DOUBTFUL = threshold("people.touching"), threshold("people.doubtful")
LOST: Second = threshold("people.lost")
LEAST = threshold("people.least")
HITS = int(threshold("people.hits"))
WITHIN: Second = threshold("people.hits_within")
HELD = 30
"""Moments a track keeps of when it was met."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """One thing as followed until `seen`; its box and pace are of that moment, in pixels and pixels a second."""

    id: int
    box: Floats
    pace: Floats
    since: Second
    seen: Second
    hits: tuple[Second, ...]
    score: float
    origin: tuple[float, float]
    went: float = 0.0
    """How far its foot ever was from where it began, in heights of its box."""

    @property
    def foot(self) -> tuple[float, float]:
        """Where it stands in the picture."""
        return float(self.box[0] + self.box[2]) / 2, float(self.box[3])

    @property
    def height(self) -> float:
        """Pixels."""
        return float(self.box[3] - self.box[1])

    def confirmed(self, hits: int = HITS, within: Second = WITHIN) -> bool:
        """It was met so often within so long."""
        return len(self.hits) > hits or sum(self.seen - one <= within for one in self.hits) >= hits


@dataclass(frozen=True, slots=True)
class Tracks:
    """The tracks there are, and the number the next one gets."""

    tracks: tuple[Track, ...] = ()
    next: int = 1


def followed(before: Tracks, at: Second, found: Detections, *, lost: Second = LOST, least: float = LEAST) -> Tracks:
    """The tracks after one more look: sure detections first, then doubtful ones; what is unseen beyond `lost` ends.

    `at` is the clock of the stream and grows. `least` is the score from which a detection may begin a track where
    nothing doubtful is wanted; detections below it only carry on what is there.
    """
    alive = [one for one in before.tracks if at - one.seen <= lost]
    sure = found.scores >= SURE
    taken: dict[int, int] = {}
    for group, strict in ((np.flatnonzero(sure), False), (np.flatnonzero(~sure), True)):
        free = [n for n in range(len(alive)) if n not in taken]
        for track, detection in _pairs([alive[n] for n in free], found.boxes[group], at, strict):
            taken[free[track]] = int(group[detection])
    tracks = [_moved(one, at, found, taken[n]) if n in taken else one for n, one in enumerate(alive)]
    number = before.next
    for n in np.flatnonzero(found.scores >= least):
        if int(n) not in taken.values():
            box = found.boxes[n]
            x, y = feet(box[None])[0]
            tracks.append(
                Track(id=number, box=box, pace=np.zeros(2, np.float32), since=at, seen=at, hits=(at,),
                      score=float(found.scores[n]), origin=(float(x), float(y)))
            )  # fmt: skip
            number += 1
    return Tracks(tuple(tracks), number)


def stayed(before: Tracks, last: Second, at: Second, *, lost: Second = LOST) -> Tracks:
    """The tracks after a look in which nothing moved since the look at `last`: who was seen then stands there still.

    As `followed` by the detections of then would say, without asking who is who.
    """
    tracks = tuple(
        Track(
            id=one.id,
            box=one.box,
            pace=np.asarray(one.pace / 2, np.float32),
            since=one.since,
            seen=at,
            hits=(*one.hits[-HELD:], at),
            score=one.score,
            origin=one.origin,
            went=one.went,
        )
        if one.seen == last
        else one
        for one in before.tracks
        if at - one.seen <= lost
    )
    return Tracks(tracks, before.next)


def _pairs(tracks: list[Track], boxes: Floats, at: Second, strict: bool) -> list[tuple[int, int]]:
    """Which box continues which track, at the least cost in all; `strict` asks that they cover each other."""
    if not tracks or not len(boxes):
        return []
    from scipy.optimize import linear_sum_assignment

    gone = np.array([min(at - one.seen, 1.0) for one in tracks], np.float32)[:, None]  # then it is expected to stand
    expected = np.array([one.box for one in tracks]) + np.tile(np.array([one.pace for one in tracks]) * gone, 2)
    shared = overlap(expected, boxes)
    height = np.maximum(expected[:, 3] - expected[:, 1], 1)[:, None]
    across, down = (feet(expected)[:, None] - feet(boxes)[None]).transpose(2, 0, 1)
    apart = np.hypot(across, down) / height
    grown = np.abs(np.log(np.maximum(boxes[:, 3] - boxes[:, 1], 1)[None] / height))
    cost = (1 - shared) + apart + grown
    unlike = shared < DOUBTFUL if strict else (shared < TOUCHING) & (apart > REACH)
    cost[unlike | (grown > 1)] = 1e6
    rows, columns = linear_sum_assignment(cost)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if cost[row, column] < 1e6]


def _moved(one: Track, at: Second, found: Detections, n: int) -> Track:
    box, apart = found.boxes[n], max(at - one.seen, 1e-3)
    left, _, right, bottom = box.tolist()
    x, (before, low) = (left + right) / 2, one.foot
    pace = np.array([(x - before) / apart, (bottom - low) / apart], np.float32)
    gone = hypot(x - one.origin[0], bottom - one.origin[1]) / max(one.height, 1.0)
    return Track(
        id=one.id, box=box, pace=np.asarray((one.pace + pace) / 2, np.float32), since=one.since, seen=at,
        hits=(*one.hits[-HELD:], at), score=float(found.scores[n]), origin=one.origin, went=max(one.went, gone),
    )  # fmt: skip
