"""Where on the ground what fired stands, and by which way it came, of a camera that is calibrated.

Only what stands on the ground has a place there: flames and smoke may be anywhere above it, and a foot beyond the edge
of the picture is not where the box ends.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from core.units import Metre, Second
from video.detections import Floats, feet
from video.geometry.ground import GroundPlane, Size
from video.rules.rule import Change, Kind
from video.thresholds import threshold
from video.tracker import Track

FOOT = threshold("ground.foot")
VAGUE: Metre = threshold("ground.vague")
BEFORE: Second = threshold("evidence.around")
STANDING = frozenset({Kind.INTRUSION, Kind.LOITERING, Kind.CROWDING, Kind.NO_HELMET, Kind.NO_VEST, Kind.LEFT_OBJECT})
EDGE = 2.0
"""Pixels from the lower edge of the picture within which a box is cut off and shows no foot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """A place on the ground, in degrees, and by how many metres it may be off; `at` by the clock of the stream."""

    lon: float
    lat: float
    radius: Metre
    at: Second


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where an event is (code list `event_place`), its places, the surest first, and the ways people came there."""

    how: str = "uncalibrated"
    places: tuple[Footing, ...] = ()
    ways: tuple[tuple[Footing, ...], ...] = ()


@dataclass(slots=True)
class Trail:
    """Boxes of tracks in the last seconds, by track."""

    kept: dict[int, deque[tuple[Second, Floats]]] = field(default_factory=dict)

    def add(self, at: Second, tracks: Iterable[Track]) -> None:
        """The boxes seen in a look; those of tracks that ended go."""
        now: dict[int, deque[tuple[Second, Floats]]] = {}
        for one in tracks:
            way = self.kept.get(one.id, deque())
            if one.seen == at:
                way.append((at, one.box))
            while way and at - way[0][0] > BEFORE:
                way.popleft()
            now[one.id] = way
        self.kept = now

    def way(self, box: Floats) -> tuple[tuple[Second, Floats], ...]:
        """What the track went whose last box this is; nothing of no track."""
        return next((tuple(way) for way in self.kept.values() if way and np.array_equal(way[-1][1], box)), ())


def placed(change: Change, plane: GroundPlane | None, size: Size, trail: Trail, *, moved: bool) -> Placed:
    """Where what was raised stands, or why that is not said; `size` is that of the frame."""
    if plane is None:
        return Placed()
    for applies, how in (
        (not change.boxes, "nowhere"),
        (change.rule.kind not in STANDING, "airborne"),
        (plane.foretold is None, "unverified"),
        (moved, "moved"),
    ):
        if applies:
            return Placed(how=how)
    there = plane.of(size)
    found = [one for one in (_footings(there, size, ((change.at, box),)) for box in change.boxes) if one]
    if not found:
        return Placed(how="unseen")
    places = sorted((one[0] for one in found), key=lambda one: one.radius)
    sure = tuple(one for one in places if one.radius <= VAGUE)
    if not sure:
        return Placed(how="vague")
    ways = (_footings(there, size, trail.way(box)) for box in change.boxes)
    return Placed(how="ground", places=sure, ways=tuple(way for way in ways if len(way) > 1))


def _footings(plane: GroundPlane, size: Size, seen: tuple[tuple[Second, Floats], ...]) -> tuple[Footing, ...]:
    """The places of boxes whose foot is in the picture and below the horizon."""
    whole = [(at, box) for at, box in seen if box[3] < size[1] - EDGE]
    if not whole:
        return ()
    pixels = np.asarray(feet(np.stack([box for _, box in whole])), float)
    lon, lat, radius = plane.places(pixels, FOOT * size[0])
    return tuple(
        Footing(lon=round(float(lon[n]), 7), lat=round(float(lat[n]), 7), radius=round(float(radius[n]), 2), at=at)
        for n, (at, _) in enumerate(whole)
        if np.isfinite(radius[n])
    )
