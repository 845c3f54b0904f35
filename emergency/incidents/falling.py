"""Who and what a zone has reached, will reach, or may when the wind turns: told before it happens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.texts import Text
from core.units import Second
from emergency.incidents.front import Front
from emergency.zones import Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What must not be in a zone unwarned: a team, a post, a shelter, the route of an order.

    `at` is when it was known to be there; None where the register says no time. What drives along a line has when it
    left (None: not yet) and how long it takes.
    """

    kind: str
    layer: str
    key: str
    title: str
    shape: BaseGeometry
    at: datetime | None = None
    note: str = ""
    leaves: datetime | None = None
    lasts: Second | None = None

    def passes(self, piece: BaseGeometry, now: datetime) -> tuple[float, float] | None:
        """From when until when who drives a line is on a part of it, in seconds from now; None for what stands still.

        Who has not left leaves now.
        """
        if self.lasts is None or self.shape.geom_type != "LineString":
            return None
        corners = shapely.get_coordinates(piece)
        along = shapely.line_locate_point(np.full(len(corners), self.shape), shapely.points(corners), normalized=True)
        since = 0.0 if self.leaves is None else (now - self.leaves).total_seconds()
        return float(along.min()) * self.lasts - since, float(along.max()) * self.lasts - since


class Reached(StrEnum):
    """How a zone stands to it."""

    INSIDE = "inside"
    COMING = "coming"
    BAND = "band"


@dataclass(frozen=True, slots=True, kw_only=True)
class Falling:
    """A thing in the worst zone it lies in. `after` is from now, below zero since; None: nobody knows the start.

    `since_release` is when it comes, counted from the start of the release.
    """

    watched: Watched
    reached: Reached
    level: Text
    severity: int
    since_release: Second
    after: Second | None


def falling(
    watched: Iterable[Watched], zones: Sequence[Zone], front: Front, begun: datetime | None, now: datetime
) -> tuple[Falling, ...]:
    """Everything in a zone or its band, the soonest and worst first; what the cloud has left again is not told."""
    ranked = sorted((one for one in zones if one.reached), key=lambda one: one.level.severity)
    found = []
    for one in watched:
        hit = next((zone for zone in ranked if shapely.intersects(zone.shape, one.shape)), None)
        if hit is not None:
            told = _told(one, hit, hit.shape, front, begun, now)
        else:
            near = next((zone for zone in ranked if _banded(zone, one.shape)), None)
            band = None if near is None else near.band
            told = None if near is None or band is None else _told(one, near, band, front, begun, now, band=True)
        if told is not None:
            found.append(told)
    order = {Reached.INSIDE: 0, Reached.COMING: 1, Reached.BAND: 2}
    return tuple(sorted(found, key=lambda one: (order[one.reached], one.severity, one.since_release)))


def _banded(zone: Zone, shape: BaseGeometry) -> bool:
    return zone.band is not None and bool(shapely.intersects(zone.band, shape))


def _told(
    one: Watched, zone: Zone, extent: BaseGeometry, front: Front, begun: datetime | None, now: datetime,
    *, band: bool = False,
) -> Falling | None:  # fmt: skip
    piece = shapely.intersection(one.shape, extent)
    comes = max(0.0, front.reach(piece) if band else front.comes(piece))
    after = None if begun is None else comes - (now - begun).total_seconds()
    if begun is not None and not band and (now - begun).total_seconds() > front.goes(piece):
        return None
    driven = one.passes(piece, now)
    if driven is not None and after is not None and not band:
        gone = front.goes(piece) - (now - begun).total_seconds() if begun is not None else float("inf")
        if driven[1] < max(0.0, after) or driven[0] > gone:
            return None  # through before it comes, or after it has gone
    reached = Reached.BAND if band else Reached.INSIDE if after is not None and after <= 0.0 else Reached.COMING
    return Falling(
        watched=one, reached=reached, level=zone.level.name, severity=zone.level.severity, since_release=comes,
        after=after,
    )  # fmt: skip
