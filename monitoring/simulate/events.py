"""What goes wrong in the park, and what it does to the process and to the instruments."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInputError
from core.texts import Text
from core.units import Metre
from gis.measure import directions
from gis.shapes import LonLat
from monitoring.simulate.noise import Floats
from monitoring.simulate.park import Park
from monitoring.simulate.process import SECOND, ordinary, wind


class EventKind(StrEnum):
    """The kinds of events; the last four happen to the instrument or its link, not to the process."""

    DRIFT = "drift"
    TRIP = "trip"
    LEAK = "leak"
    FLOOD = "flood"
    CHATTER = "chatter"
    STUCK = "stuck"
    SPIKE = "spike"
    LINK = "link"
    CLOCK = "clock"


WIDE = frozenset({EventKind.LEAK, EventKind.FLOOD, EventKind.LINK, EventKind.CLOCK})
"""They touch every point of an enterprise (a leak: its gas detectors), the others one point."""

UPWIND: Metre = 30.0
"""How far upwind of the point it is named by the gas of a leak comes out."""
GROWTH = 0.2
"""A plume's half-width to its distance: a broad one, as the wind of minutes meanders."""
SUBSIDES = 90.0
BETWEEN_ALARMS = 1.5
"""Seconds between two points of a flood, the one named first."""
WRONG_BY = 600 * SECOND
"""A clock that jumped is ahead by ten minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that goes wrong; `points` are places in the park, the one it is named by first, times microseconds.

    `size` is how far: of the way from the ordinary value to the gravest limit, so 1.1 passes it and 0.9 does not.
    """

    kind: EventKind
    points: NDArray[np.int64]
    start: int
    end: int
    size: float = 1.15


def event(park: Park, kind: EventKind, key: str, start: int, end: int, size: float = 1.15) -> Event:
    """An event at a point, or for a wide kind at its enterprise too."""
    if end <= start:
        raise BadInputError(Text("事件须有时长", "an event lasts"), field="end", value=end)
    place = park.place(key)
    points = np.array([place])
    if kind in WIDE:
        others = park.neighbours(place)
        if kind is EventKind.LEAK:
            if not park.gas[place]:
                raise BadInputError(
                    Text(f"“{key}”不是气体监测点,不能模拟泄漏", f"{key!r} is no gas detector: no leak shows there"),
                    field="point", value=key,
                )  # fmt: skip
            others = others[park.gas[others]]
        if kind is EventKind.FLOOD:
            others = others[~np.isnan(park.limits["high"][others])]
        points = np.concatenate([points, others[others != place]])
    return Event(kind=kind, points=points, start=start, end=end, size=size)


def limit(park: Park, points: NDArray[np.int64]) -> Floats:
    """The gravest upper limit of points, NaN where they have none."""
    gravest = park.limits["high_high"][points]
    return np.where(np.isnan(gravest), park.limits["high"][points], gravest)


def applied(
    event: Event, park: Park, seed: int, at: NDArray[np.int64], value: Floats, mine: NDArray[np.int64]
) -> Floats:
    """The values of the points the event touches with it on: `value` (time, point), `mine` which of its points."""
    seconds = ((at - event.start) / SECOND)[:, None]
    lasts = (event.end - event.start) / SECOND
    on = (seconds >= 0) & (seconds < lasts)
    points = event.points[mine]
    aim = limit(park, points)
    rise = event.size * aim - value
    match event.kind:
        case EventKind.DRIFT:
            return np.where(on, value + rise * np.clip(seconds / (0.8 * lasts), 0, 1), value)
        case EventKind.TRIP:
            back = np.exp(-np.clip(seconds - lasts, 0, None) / SUBSIDES)
            return value + np.where(seconds >= 0, rise * (1 - np.exp(-np.clip(seconds, 0, None) / 20)) * back, 0.0)
        case EventKind.FLOOD:
            return np.where(on & (seconds >= BETWEEN_ALARMS * mine), value + rise, value)
        case EventKind.CHATTER:
            high = park.limits["high"][points]
            swing = 0.004 * park.span[points] * np.where((at // SECOND // 10 % 2 == 0)[:, None], 1, -1)
            return np.where(on, high + swing, value)
        case EventKind.SPIKE:
            return np.where(on, 1.2 * aim, value)
        case EventKind.STUCK:
            return np.where(on, ordinary(park, seed, np.array([event.start]), points), value)
        case EventKind.LEAK:
            return value + np.where(seconds >= 0, _plume(event, park, seed, at, points), 0.0)
        case _:
            return value


def _plume(event: Event, park: Park, seed: int, at: NDArray[np.int64], points: NDArray[np.int64]) -> Floats:
    """What gas adds at the detectors: a plume that widens downwind, arrives with the wind, and blows away after."""
    first = int(event.points[0])
    _, toward_at_start = wind(seed, np.array([event.start / SECOND]))
    source = _upwind(park.at(first), float(toward_at_start[0]))
    away, bearing = directions(source, park.lon[points], park.lat[points])
    speed, toward = (one[:, None] for one in wind(seed, at / SECOND))
    turned = np.deg2rad(bearing - toward)
    down, aside = away * np.cos(turned), away * np.sin(turned)
    width = GROWTH * np.clip(down, 1.0, None) + 5.0
    thin = (UPWIND / np.clip(down, UPWIND / 2, None)) ** 1.5 * np.exp(-((aside / width) ** 2) / 2)
    since = ((at - event.start) / SECOND)[:, None] - down / speed
    lasts = (event.end - event.start) / SECOND
    grown = 1 - np.exp(-np.clip(since, 0, None) / 60)
    gone = np.exp(-np.clip(since - lasts, 0, None) / SUBSIDES)
    peak = event.size * float(limit(park, event.points[:1])[0])
    return np.where(down > 0, peak * thin * grown * gone, 0.0)


def _upwind(place: LonLat, toward: float) -> LonLat:
    back = np.deg2rad(toward + 180)
    north = UPWIND * np.cos(back) / 110_900
    east = UPWIND * np.sin(back) / (111_320 * np.cos(np.deg2rad(place.lat)))
    return LonLat(place.lon + float(east), place.lat + float(north))
