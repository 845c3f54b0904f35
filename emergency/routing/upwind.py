"""From upwind: where the last part of a route may run, and where to gather before going in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely

from core.errors import BadInputError
from core.texts import Text
from core.units import Degree, Metre, Second
from emergency.routing.assumptions import assumed
from emergency.routing.avoiding import Avoidance, Zone
from emergency.routing.graph import Graph
from emergency.routing.nearest import nearest
from gis.measure import buffer, circle, directions
from gis.placing import sector
from gis.shapes import LonLat

SPACING: Metre = 100.0
"""Places on roads are tried so far from one another."""
UNFIT = ("motorway",)
"""Nobody gathers on these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approach:
    """A source and where its wind comes from; upwind is within `half_angle` of that."""

    source: LonLat
    wind_from: Degree
    half_angle: Degree = 45.0

    def __post_init__(self) -> None:
        if not (0.0 < self.half_angle < 180.0 and np.isfinite(self.wind_from)):
            raise BadInputError(
                Text("上风向半角须在 0 到 180 度之间", "the half angle of upwind is between 0 and 180 degrees"),
                field="approach",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """A place on a road to gather at: upwind, outside zones by a margin, reached from where teams are."""

    place: LonLat
    road: str
    kind: str
    from_source: Metre
    bearing: Degree
    soonest: Second | None
    why: Text


def approach_zone(approach: Approach, end: Metre) -> Zone:
    """Round the source, as far out as the end of a route and a bit, all that is not upwind."""
    radius = end + assumed("approach_extra")
    around = circle(approach.source, radius)
    low, high = approach.wind_from - approach.half_angle, approach.wind_from + approach.half_angle
    return Zone(
        shape=shapely.difference(around, sector(approach.source, radius * 1.05, low, high)),
        title="非上风向 / not upwind",
    )


def staging(
    graph: Graph,
    approach: Approach,
    avoid: Avoidance,
    *,
    at: datetime,
    teams: Sequence[LonLat] = (),
    isolation: Metre | None = None,
    margin: Metre | None = None,
    most: int = 3,
) -> tuple[Staging, ...]:
    """Where to gather, the nearest to the source first; empty where no road is fit.

    `isolation` is the distance to isolate, of a guidebook if a site supplies one. Zones count whatever their times.
    With `teams`, only places that one of them reaches without a zone.
    """
    margin = assumed("staging_margin") if margin is None else margin
    least = assumed("staging_least") if isolation is None else isolation + margin
    lon, lat, edge = _places(graph, approach.source)
    metres, bearing = directions(approach.source, lon, lat)
    off = np.abs((bearing - approach.wind_from + 180.0) % 360.0 - 180.0)
    fit = (metres >= least) & (metres <= assumed("staging_farthest")) & (off <= approach.half_angle)
    fit &= (graph.piece[edge] >= 0) & ~np.isin(graph.roads.kind[graph.road[edge]], UNFIT)
    for zone in avoid.zones:
        wide = buffer(zone.shape, margin)
        shapely.prepare(wide)
        fit &= ~shapely.intersects_xy(wide, lon, lat)
    found: list[Staging] = []
    taken: list[LonLat] = []
    for index in np.flatnonzero(fit)[np.argsort(metres[fit], kind="stable")]:
        if len(found) == most:
            break
        place = LonLat(float(lon[index]), float(lat[index]))
        if taken and float(directions(place, [p.lon for p in taken], [p.lat for p in taken])[0].min()) < assumed(
            "staging_apart"
        ):
            continue
        taken.append(place)
        soonest = None
        if teams:
            reached = [one for one in nearest(graph, teams, place, at=at, avoid=avoid) if one.avoids]
            if not reached:
                continue
            soonest = min(one.duration for one in reached)
        found.append(
            _suggested(graph, int(edge[index]), place, float(metres[index]), float(bearing[index]), soonest, margin)
        )
    return tuple(found)


def _places(graph: Graph, source: LonLat) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places along the roads round a source."""
    spot = graph.plane(shapely.Point(source.lon, source.lat))
    near = graph.tree.query(spot, predicate="dwithin", distance=assumed("staging_farthest"))
    near = near[np.isfinite(graph.time[2 * near])]
    count = np.maximum(1, np.ceil(shapely.length(graph.flat[near]) / SPACING).astype(int))
    edge = np.repeat(near, count)
    share = (np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count) + 0.5) / np.repeat(count, count)
    points = shapely.line_interpolate_point(graph.shapes[edge], share, normalized=True)
    return shapely.get_x(points), shapely.get_y(points), edge


def _suggested(
    graph: Graph, edge: int, place: LonLat, metres: Metre, bearing: Degree, soonest: Second | None, margin: Metre
) -> Staging:
    row = int(graph.road[edge])
    name = str(graph.roads.name[row])
    zh = f"在{name or '无名道路'}上,源的上风向({bearing:.0f}°)、距源 {metres:.0f} m,距各影响区边缘不小于 {margin:g} m"
    en = (
        f"On {name or 'a road without a name'}, upwind of the source ({bearing:.0f}°), {metres:.0f} m from it and at "
        f"least {margin:g} m from every zone"
    )
    if soonest is not None:
        zh += f",最近的队伍 {soonest / 60:.0f} 分钟可达,途中不经影响区"
        en += f"; the nearest team is there in {soonest / 60:.0f} min and meets no zone on the way"
    return Staging(
        place=place, road=name, kind=str(graph.roads.kind[row]), from_source=metres, bearing=bearing, soonest=soonest,
        why=Text(zh, en),
    )  # fmt: skip
