"""From many places to one by road, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.texts import Text
from core.units import Metre, Second
from emergency.routing.avoiding import NOTHING, Avoidance
from emergency.routing.graph import Graph
from emergency.routing.passing import FOREVER
from emergency.routing.route import told
from emergency.routing.search import least_exposed, quickest
from emergency.routing.snapping import OnRoad, candidates, nearest_points
from emergency.routing.tree import tree
from gis.measure import distances
from gis.shapes import LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One of the places: how long and how far by road and straight, and whether the way keeps out of zones.

    `index` is its number in what was given. `waits` is the part of `duration` that one waits for a zone or a closure to
    be over. Where no way leads, `duration` is infinite and `why` says so.
    """

    index: int
    duration: Second
    length: Metre
    straight: Metre
    avoids: bool
    exposure: Second
    why: Text | None = None
    waits: Second = 0.0

    @property
    def reachable(self) -> bool:
        """A way leads from there, whether it avoids the zones or not."""
        return self.duration < FOREVER


def nearest(
    graph: Graph,
    places: Sequence[LonLat],
    to: LonLat,
    *,
    at: datetime,
    avoid: Avoidance = NOTHING,
    reach: Metre | None = None,
) -> tuple[Reached, ...]:
    """Each place, soonest there first; those that no way avoids the zones from come after all others.

    One search backwards from the place where nothing has times, one forwards each where something has.
    """
    if not places:
        return ()
    ends = candidates(graph, to, reach)
    straight = distances(to, [one.lon for one in places], [one.lat for one in places]).tolist()
    end = min(ends.values(), key=lambda one: one.off, default=None)
    found = []
    for index, (place, near) in enumerate(zip(places, nearest_points(graph, places, reach), strict=True)):
        if near is not None and end is not None and near.piece == end.piece:
            found.append(_reached(graph, index, near, end, at, avoid, straight[index]))
            continue
        start = candidates(graph, place, reach)
        both = start.keys() & ends.keys()
        if both:
            piece = min(both, key=lambda one, start=start: start[one].off + ends[one].off)  # type: ignore[misc]
            found.append(_reached(graph, index, start[piece], ends[piece], at, avoid, straight[index]))
        else:
            found.append(_none(index, straight[index], bool(start), bool(ends)))
    return tuple(sorted(found, key=lambda one: (not one.avoids, one.exposure, one.duration, one.straight)))


def _reached(
    graph: Graph, index: int, here: OnRoad, there: OnRoad, at: datetime, avoid: Avoidance, far: Metre
) -> Reached:
    if not avoid.holds(here.point, at.timestamp(), at.timestamp() + 1.0):
        quick = _timed(graph, here, there, at, avoid) if avoid.timed else _free(graph, here, there, avoid)
        if quick is not None:
            return Reached(
                index=index, duration=quick[0], length=quick[1], straight=far, avoids=True, exposure=0.0, waits=quick[2]
            )  # fmt: skip
    legs = least_exposed(graph, here, there, at.timestamp(), avoid)
    if legs is None:
        return _none(index, far, True, True)
    way = told(graph, here, there, at, legs, avoid)
    why = None if way.avoids else Text("没有能避开影响区的路线", "no route avoids the zone")
    return Reached(
        index=index, duration=way.duration, length=way.length, straight=far, avoids=way.avoids, exposure=way.exposure,
        why=why,
    )  # fmt: skip


def _free(graph: Graph, here: OnRoad, there: OnRoad, avoid: Avoidance) -> tuple[Second, Metre, Second] | None:
    found = tree(graph, there, avoid).reached(here)
    return None if found is None else (*found, 0.0)


def _timed(
    graph: Graph, here: OnRoad, there: OnRoad, at: datetime, avoid: Avoidance
) -> tuple[Second, Metre, Second] | None:
    legs = quickest(graph, here, there, at.timestamp(), avoid)
    if legs is None:
        return None
    metres = sum(float(graph.length[leg.arc >> 1]) * (leg.end - leg.begin) for leg in legs)
    set_out = [at.timestamp(), *(leg.arrives for leg in legs[:-1])]
    waits = sum(max(0.0, leg.leaves - before - leg.turn) for leg, before in zip(legs, set_out, strict=True))
    return legs[-1].arrives - at.timestamp(), metres, waits


def _none(index: int, far: Metre, start: bool, end: bool) -> Reached:
    why = (
        Text("附近没有可通行的道路", "no road that vehicles may use is near")
        if not start
        else Text("终点附近没有可通行的道路", "no road that vehicles may use is near the end")
        if not end
        else Text("没有道路通到终点", "no road leads there")
    )
    return Reached(index=index, duration=FOREVER, length=FOREVER, straight=far, avoids=False, exposure=FOREVER, why=why)
