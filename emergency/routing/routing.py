"""From one place to another on the roads, round what is to be avoided, and what is said where that cannot be."""

from dataclasses import replace
from datetime import datetime

from core.texts import Text
from core.units import Metre
from emergency.routing.avoiding import NOTHING, Avoidance, Held, Zone, avoidance
from emergency.routing.graph import Graph
from emergency.routing.passing import FOREVER
from emergency.routing.refusing import NoRouteError
from emergency.routing.route import Route, told
from emergency.routing.search import least_exposed, quickest
from emergency.routing.snapping import OnRoad, paired
from emergency.routing.upwind import Approach, approach_zone
from gis.measure import distances
from gis.shapes import LonLat


def route(
    graph: Graph,
    start: LonLat,
    end: LonLat,
    *,
    at: datetime,
    avoid: Avoidance = NOTHING,
    approach: Approach | None = None,
    reach: Metre | None = None,
) -> Route:
    """The quickest route that sets out `at` and is in no zone while that is there.

    Where none is, the one with the least time in zones, which says so: `avoids` is false. It may wait outside zones.
    With `approach`, it nears the source from upwind where such a route exists, and says where none does. Raises
    NoRouteError where no way leads there at all.
    """
    here, there = paired(graph, start, end, reach)
    held = avoid.holding((here.place, here.point, there.place, there.point))
    notices = [*_ends_inside(held, at), *_far(here, there)]
    moment = at.timestamp()
    inside = any(spots[1] and zone.during(moment, moment + 1.0) for zone, spots in held)
    stays = any(any(spots[2:4]) and zone.during(moment, FOREVER) for zone, spots in held)
    if approach is not None:
        found, why = _upwind(graph, here, there, at, avoid, approach, inside)
        if found is not None:
            return found.noted(*notices, *why, upwind=True)
        return _plain(graph, here, there, at, avoid, inside, stays).noted(*notices, *why, upwind=False)
    return _plain(graph, here, there, at, avoid, inside, stays).noted(*notices)


def _plain(
    graph: Graph, here: OnRoad, there: OnRoad, at: datetime, avoid: Avoidance, inside: bool, stays: bool
) -> Route:
    if not inside:
        legs = quickest(graph, here, there, at.timestamp(), avoid)
        if legs is not None:
            return told(graph, here, there, at, legs, avoid)
    legs = least_exposed(graph, here, there, at.timestamp(), avoid)
    if legs is None:
        shut = (
            Text("(已计入封闭道路和限高限重)", " (closures and limits of the vehicle weighed)")
            if avoid.shut
            else Text("", "")
        )
        raise NoRouteError(
            Text(f"没有道路从起点通到终点{shut.zh}", f"no road leads from the start to the end{shut.en}")
        )
    found = told(graph, here, there, at, legs, avoid)
    if found.avoids:
        return found
    names = "、".join(name for name in found.crossed if name)
    zh, en = (f"({names})", f" ({names})") if names else ("", "")
    if stays:
        return replace(found, ends_inside=True).noted(
            Text(
                f"终点在影响区内,没有能避开影响区{zh}的路线;在区内多久取决于在终点停留多久,无法给出,"
                "须由指挥员决定是否采用",
                f"The end lies inside, so no route avoids the zone{en}. How long one is inside cannot be told: as long "
                "as one stays at the end; whether to go is for the commander to decide",
            )
        )
    return found.noted(
        Text(
            f"没有能避开影响区{zh}的路线;此为区内时间最短的路线,约 {found.exposure / 60:.1f} 分钟在区内,"
            "须由指挥员决定是否采用",
            f"No route avoids the zone{en}. This one has the least time inside, about {found.exposure / 60:.1f} min; "
            "whether to take it is for the commander to decide",
        )
    )


def _upwind(
    graph: Graph, here: OnRoad, there: OnRoad, at: datetime, avoid: Avoidance, approach: Approach, inside: bool
) -> tuple[Route | None, list[Text]]:
    metres = float(distances(approach.source, [there.point.lon], [there.point.lat])[0])
    zone = approach_zone(approach, metres)
    if _holds(zone, there):
        return None, [
            Text(
                "终点不在上风向扇区内,无法从上风向接近;可先到建议的集结点",
                "The end is not upwind of the source, so it cannot be approached from upwind; see the staging points",
            )
        ]
    if _holds(zone, here):
        return None, [
            Text(
                "起点已在源附近的非上风向一侧,未按上风向接近计算",
                "The start is near the source and not upwind of it, so the upwind approach was not asked of the route",
            )
        ]
    wider = avoidance(graph, [*avoid.zones, zone], avoid.closures, avoid.vehicle)
    legs = None if inside else quickest(graph, here, there, at.timestamp(), wider)
    if legs is None:
        return None, [
            Text("没有既避开影响区又从上风向接近的路线", "No route both avoids the zones and approaches from upwind")
        ]
    return told(graph, here, there, at, legs, avoid), [
        Text(
            f"最后 {metres / 1000:.1f} km 由上风向({approach.wind_from:.0f}°±{approach.half_angle:.0f}°)接近",
            f"The last {metres / 1000:.1f} km come from upwind ({approach.wind_from:.0f}°±{approach.half_angle:.0f}°)",
        )
    ]


def _holds(zone: Zone, place: OnRoad) -> bool:
    from shapely import Point

    return bool(zone.shape.intersects(Point(place.point.lon, place.point.lat)))


def _ends_inside(held: Held, at: datetime) -> list[Text]:
    found = []
    moment = at.timestamp()
    for word, ends, until in (
        (Text("起点", "start"), slice(2), moment + 1.0),
        (Text("终点", "end"), slice(2, 4), FOREVER),
    ):
        titles = [zone.title for zone, spots in held if any(spots[ends]) and zone.during(moment, until)]
        if titles:
            names = "、".join(name for name in dict.fromkeys(titles) if name)
            zh, en = (f"({names})", f" ({names})") if names else ("", "")
            found.append(Text(f"{word.zh}在影响区内{zh}", f"The {word.en} is inside a zone{en}"))
    return found


def _far(here: OnRoad, there: OnRoad) -> list[Text]:
    far = 100.0
    return [
        Text(
            f"{word.zh}距最近的连通道路 {one.off:.0f} m,这一段不在路线内",
            f"The {word.en} is {one.off:.0f} m from the nearest connected road; that part is not in the route",
        )
        for word, one in ((Text("起点", "start"), here), (Text("终点", "end"), there))
        if one.off > far
    ]
