"""Routes on roads: held against shapely and against a search of its own, on real streets and on a drawn grid."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from heapq import heappop, heappush
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely

from core.errors import BadInputError
from emergency.routing import (
    Approach,
    Closure,
    Graph,
    NoRouteError,
    Route,
    Vehicle,
    Zone,
    approach_zone,
    avoidance,
    graph,
    nearest,
    route,
    staging,
)
from emergency.routing.assumptions import assumed, assumptions, class_speeds
from emergency.routing.density import densities
from gis.measure import circle, directions, distances, length
from gis.shapes import LonLat
from layers.codes import code_list
from layers.readers.delivery import Stated
from layers.readers.process import read
from tests.conftest import ROOT
from tests.readers import forked_readers

__all__ = ["forked_readers"]

AT = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
WEST, SOUTH, STEP = 120.0, 33.0, 0.005


@cache
def streets(path: Path) -> Graph:
    """The roads of a file of OpenStreetMap as the reading process hands them over, or of the demo city."""
    table = pq.read_table(path) if path.suffix == ".parquet" else read(path, Stated(preset="roads")).table
    return graph(table)


def node(n: int, m: int) -> LonLat:
    return LonLat(WEST + n * STEP, SOUTH + m * STEP)


def rows(lines: list[shapely.LineString], **columns: list[object]) -> pa.Table:
    given = {"kind": ["secondary"] * len(lines), "code": [f"R{n}" for n in range(len(lines))]} | columns
    return pa.table(given | {"geometry": shapely.to_wkb(np.array(lines, dtype=object)).tolist()})


def grid(size: int = 6, **columns: list[object]) -> Graph:
    """Streets half a kilometre apart: `R0`… run east, the others north, with a corner wherever two meet."""
    ways = [[node(n, m) for n in range(size)] for m in range(size)]
    ways += [[node(n, m) for m in range(size)] for n in range(size)]
    return graph(rows([shapely.LineString([(p.lon, p.lat) for p in way]) for way in ways], **columns))


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(WEST + west * STEP, SOUTH + south * STEP, WEST + east * STEP, SOUTH + north * STEP)


def independent(streets: Graph, start: int, zone: shapely.Polygon | None) -> dict[int, float]:
    """Seconds without turns from a node to every other over stretches that are clear of a zone: plain Dijkstra."""
    clear = ~shapely.intersects(streets.shapes, zone) if zone is not None else np.ones(streets.edges, dtype=bool)
    leaving: dict[int, list[tuple[int, float]]] = {}
    for arc in np.flatnonzero(np.isfinite(streets.time) & np.repeat(clear, 2)):
        leaving.setdefault(int(streets.tail[arc]), []).append((int(streets.head[arc]), float(streets.time[arc])))
    best, heap = {start: 0.0}, [(0.0, start)]
    while heap:
        spent, here = heappop(heap)
        for there, cost in leaving.get(here, ()) if spent <= best[here] else ():
            if spent + cost < best.get(there, np.inf):
                best[there] = spent + cost
                heappush(heap, (best[there], there))
    return best


def bends(found: Route) -> int:
    """Corners of a line sharper than 45 degrees: each costs a turn at most as dear as turning round."""
    xy = shapely.get_coordinates(found.shape)
    heading, _, _ = pyproj.Geod(ellps="GRS80").inv(*xy[:-1].T, *xy[1:].T)
    return int((np.abs((np.diff(heading) + 180) % 360 - 180) > 44).sum())


@pytest.mark.parametrize(("name", "pairs"), [("osm/baltimore.osm.pbf", 8), ("osm/guixi_CN.osm", 20)])
@pytest.mark.usefixtures("forked_readers")
def test_no_route_crosses_a_zone_that_a_way_avoids(name: str, pairs: int, test_data: Path) -> None:
    roads, rng = streets(test_data / name), random.Random(11)
    main = np.bincount(roads.piece[roads.piece >= 0]).argmax()
    nodes = np.unique(roads.tail[2 * np.flatnonzero(roads.piece == main)]).tolist()
    avoided = exposed = 0
    for _ in range(pairs):
        start, end, middle = (rng.choice(nodes) for _ in range(3))
        here, there, centre = (LonLat(roads.node_lon[one], roads.node_lat[one]) for one in (start, end, middle))
        zone = circle(centre, rng.uniform(100, 900), corners=rng.choice([5, 12, 64]))
        found = route(roads, here, there, at=AT, avoid=avoidance(roads, [Zone(shape=zone)]))
        own = independent(roads, start, zone)
        inside = shapely.intersects_xy(zone, [here.lon, there.lon], [here.lat, there.lat]).any()
        assert found.avoids == (end in own and not inside)
        assert found.avoids is not bool(shapely.intersects(found.shape, zone))
        assert found.length == pytest.approx(length(found.shape), rel=1e-6, abs=0.01)
        if found.avoids:
            avoided += 1
            assert own[end] - 1e-3 <= found.duration <= own[end] + assumed("u_turn") * (bends(found) + len(found.legs))
        else:
            exposed += 1
            assert found.exposure > 0
            assert any("没有能避开" in one.zh for one in found.notices)
        begins = AT + timedelta(seconds=rng.uniform(-60, 240))
        passing = Zone(shape=zone, begins=begins, ends=begins + timedelta(seconds=rng.uniform(60, 900)))
        later = route(roads, here, there, at=AT, avoid=avoidance(roads, [passing]))
        assert later.avoids is not inside_at(later, roads, passing)
        if found.avoids:
            assert later.avoids
            assert later.duration <= found.duration + 1e-3
    assert min(avoided, exposed) > 0


def with_turns(roads: Graph, start: int, end: int, zone: shapely.Polygon | None) -> float:
    """Seconds with turns between two nodes over stretches that are clear of a zone: Dijkstra over arcs, nothing led."""
    clear = ~shapely.intersects(roads.flat, roads.plane(zone)) if zone is not None else np.ones(roads.edges, dtype=bool)
    driven = np.isfinite(roads.time) & np.repeat(clear, 2)
    heap = [(float(roads.time[arc]), arc) for arc in np.flatnonzero(driven & (roads.tail == start)).tolist()]
    best = {arc: spent for spent, arc in heap}
    heap.sort()
    while heap:
        spent, arc = heappop(heap)
        if roads.head[arc] == end:
            return spent
        part = slice(int(roads.turns.start[arc]), int(roads.turns.start[arc + 1])) if spent <= best[arc] else slice(0)
        for to, turn in zip(roads.turns.to[part].tolist(), roads.turns.cost[part].tolist(), strict=True):
            there = spent + turn + float(roads.time[to])
            if driven[to] and there < best.get(to, np.inf):
                best[to] = there
                heappush(heap, (there, to))
    return np.inf


def driving(found: Route, roads: Graph) -> float:
    """Seconds of the arcs and turns of a route, from the graph."""
    return sum((leg.end - leg.begin) * float(roads.time[leg.arc]) + leg.turn for leg in found.legs)


def test_a_search_led_by_landmarks_says_what_one_says_that_looks_everywhere() -> None:
    """Nodes against a search of its own, turning round allowed; places on stretches against the whole search."""
    roads, rng = streets(ROOT / "data" / "samples" / "roads.parquet"), random.Random(23)
    compared = 0
    for number in range(24):
        start, end, middle = (rng.randrange(roads.nodes) for _ in range(3))
        here, there, centre = (LonLat(roads.node_lon[one], roads.node_lat[one]) for one in (start, end, middle))
        zone = circle(centre, rng.uniform(200, 2500)) if number % 4 else None
        avoid = avoidance(roads, [Zone(shape=zone)] if zone is not None else [])
        found = route(roads, here, there, at=AT, avoid=avoid)
        own = with_turns(roads, start, end, zone)
        assert found.avoids is bool(np.isfinite(own))
        if found.avoids:
            compared += 1
            assert driving(found, roads) == pytest.approx(own, abs=1e-6)
            joints = [(int(roads.head[one.arc]), int(roads.tail[two.arc])) for one, two in pairwise(found.legs)]
            assert all(before == after for before, after in joints)
        off, away = (LonLat(one.lon + rng.uniform(-2e-3, 2e-3), one.lat + 1e-3) for one in (here, there))
        led, whole = (route(roads, off, away, at=AT, avoid=avoid) for _ in range(2))
        assert driving(led, roads) == pytest.approx(driving(whole, roads), abs=1e-6)
        assert (led.avoids, led.exposure) == (whole.avoids, pytest.approx(whole.exposure, abs=1e-6))
        soon = Zone(shape=circle(centre, 1500), begins=AT + timedelta(minutes=3), ends=AT + timedelta(minutes=12))
        passing = avoidance(roads, [soon])
        led, whole = (route(roads, off, away, at=AT, avoid=passing) for _ in range(2))
        assert (led.avoids, led.duration) == (whole.avoids, pytest.approx(whole.duration, abs=1e-5))
    assert compared > 12


def test_among_all_ways_round_a_zone_the_quickest_is_taken_turns_weighed() -> None:
    """On a grid of equal stretches the way round a closed middle has a known number of stretches and turns."""
    roads = grid()
    zone = Zone(shape=box(1.5, -0.5, 2.5, 3.5), title="封锁区")
    found = route(roads, node(0, 0), node(5, 0), at=AT, avoid=avoidance(roads, [zone]))
    straight = route(roads, node(0, 0), node(5, 0), at=AT)
    east, north = float(roads.time[0]), float(roads.time[2 * (roads.edges - 1)])
    assert straight.duration == pytest.approx(5 * east, rel=1e-3)
    assert [step.turn.zh for step in found.steps] in (
        ["出发", "右转", "右转"],
        ["出发", "左转", "右转", "右转"],
    )
    assert found.duration == pytest.approx(5 * east + 8 * north + assumed("turn") * (len(found.steps) - 1), rel=1e-3)
    assert found.straight == pytest.approx(float(distances(node(0, 0), [node(5, 0).lon], [node(5, 0).lat])[0]))


def inside_at(found: Route, roads: Graph, zone: Zone) -> bool:
    """Followed second by second, the route is somewhere in the zone while that is there."""
    low, high = zone.window
    for leg in found.legs:
        line = roads.flat[leg.arc >> 1]
        for moment in np.arange(leg.leaves, leg.arrives, 1.0):
            share = leg.begin + (leg.end - leg.begin) * (moment - leg.leaves) / (leg.arrives - leg.leaves)
            spot = shapely.line_interpolate_point(line, 1 - share if leg.arc & 1 else share, normalized=True)
            if low <= moment < high and shapely.intersects(roads.plane(zone.shape), spot):
                return True
    return False


def test_a_zone_that_comes_and_goes_is_passed_before_round_or_after_it() -> None:
    roads, rng = grid(), random.Random(5)
    waited = 0
    for _ in range(40):
        west, south = rng.uniform(0.2, 3.2), rng.choice([-0.6, rng.uniform(-0.6, 3.2)])
        shape = box(west, south, west + rng.uniform(0.3, 3), south + rng.uniform(0.3, 7))
        begins = AT + timedelta(seconds=rng.uniform(-100, 300))
        passing = Zone(shape=shape, begins=begins, ends=begins + timedelta(seconds=rng.uniform(50, 900)))
        here, there = node(0, rng.randrange(6)), node(5, rng.randrange(6))
        avoid = avoidance(roads, [passing])
        found = route(roads, here, there, at=AT, avoid=avoid)
        lasting = route(roads, here, there, at=AT, avoid=avoidance(roads, [replace(passing, begins=None, ends=None)]))
        free = route(roads, here, there, at=AT)
        if shapely.intersects_xy(shape, there.lon, there.lat) or not found.avoids:
            continue
        assert not inside_at(found, roads, passing)
        assert found.duration >= free.duration - 1e-6
        if lasting.avoids:
            assert found.duration <= lasting.duration + 1e-6
        after = passing.ends - AT + timedelta(seconds=free.duration)
        assert found.duration <= max(0.0, after.total_seconds()) + 1e-3 or bool(passing.begins < AT)
        assert found.duration == pytest.approx(sum(s.duration + s.waits for s in found.steps), abs=0.1)
        waited += found.waits > 0
    assert waited > 0


def test_a_zone_to_come_long_after_one_is_there_and_a_start_on_a_road_without_an_end_change_no_way() -> None:
    roads, rng = streets(ROOT / "data" / "samples" / "roads.parquet"), random.Random(5)
    ends = np.flatnonzero(np.bincount(roads.tail) == 1).tolist()
    for _ in range(8):
        one, other = rng.sample(ends, 2)
        here, there = (LonLat(float(roads.node_lon[node]), float(roads.node_lat[node])) for node in (one, other))
        later = Zone(shape=circle(here, 30_000), begins=AT + timedelta(hours=9), ends=AT + timedelta(hours=10))
        found = route(roads, here, there, at=AT, avoid=avoidance(roads, [later]))
        assert found.avoids
        assert driving(found, roads) == pytest.approx(with_turns(roads, one, other, None), abs=1e-6)
        assert found.legs == route(roads, here, there, at=AT).legs
        assert found.duration == pytest.approx(sum(step.duration for step in found.steps), abs=1e-5)
        assert found.length == pytest.approx(sum(step.length for step in found.steps))


def test_where_no_way_avoids_the_zone_the_least_exposed_is_told_and_marked() -> None:
    roads = grid()
    wall = Zone(shape=shapely.union_all([box(2.2, -1, 2.8, 4.5), box(2.4, 4.4, 2.6, 6)]), title="氯气影响区")
    found = route(roads, node(0, 0), node(5, 0), at=AT, avoid=avoidance(roads, [wall]))
    assert not found.avoids
    assert found.crossed == ("氯气影响区",)
    assert found.exposure == pytest.approx(0.2 * float(roads.time[0]), rel=0.01), "through the thin part, far round"
    assert any("氯气影响区" in one.zh and "指挥员" in one.zh for one in found.notices)
    started = route(roads, node(0, 0), node(5, 5), at=AT, avoid=avoidance(roads, [Zone(shape=box(-1, -1, 1, 1))]))
    assert not started.avoids
    assert any("起点在影响区内" in one.zh for one in started.notices)
    ended = route(roads, node(5, 5), node(0, 0), at=AT, avoid=avoidance(roads, [Zone(shape=box(-1, -1, 1, 1))]))
    assert any("终点在影响区内" in one.zh for one in ended.notices)
    assert not any("分钟在区内" in one.zh for one in ended.notices), "nobody knows for how long one stays there"
    assert any("取决于在终点停留多久" in one.zh and "指挥员" in one.zh for one in ended.notices)
    assert (ended.ends_inside, started.ends_inside, found.ends_inside) == (True, False, False)


def test_closed_roads_are_never_driven_and_may_be_said_by_code_point_or_line() -> None:
    roads = grid()
    here, there, middle = node(0, 2), node(5, 2), node(2, 2)
    spot = shapely.Point(middle.lon + STEP / 2, middle.lat)
    along = shapely.LineString([(node(2, 2).lon, node(2, 2).lat), (node(3, 2).lon, node(3, 2).lat)])
    barrier = shapely.LineString([(spot.x, spot.y - 1e-4), (spot.x, spot.y + 1e-4)])
    free = route(roads, here, there, at=AT)
    for closure in (Closure(road="R2"), *(Closure(shape=shape) for shape in (spot, along, barrier))):
        avoid = avoidance(roads, closures=[closure])
        found = route(roads, here, there, at=AT, avoid=avoid)
        assert found.duration > free.duration
        assert not shapely.intersects(found.shape, shapely.buffer(spot, 1e-6))
        crossing = route(roads, node(2, 0), node(2, 5), at=AT, avoid=avoid)
        assert crossing.duration == pytest.approx(route(roads, node(2, 0), node(2, 5), at=AT).duration)
    nowhere = avoidance(roads, closures=[Closure(shape=shapely.Point(WEST - 1, SOUTH))])
    assert len(nowhere.unmatched) == 1
    every = [Closure(road=f"R{n}") for n in range(12)]
    with pytest.raises(NoRouteError, match="没有道路从起点通到终点"):
        route(roads, here, there, at=AT, avoid=avoidance(roads, closures=every))
    soon = [replace(one, ends=AT + timedelta(minutes=5)) for one in every]
    waited = route(roads, here, there, at=AT, avoid=avoidance(roads, closures=soon))
    assert waited.duration == pytest.approx(300 + free.duration, abs=0.01)
    assert waited.steps[0].waits == pytest.approx(300, abs=0.01)


def test_one_way_access_and_signs_are_kept_and_lines_that_only_cross_do_not_meet() -> None:
    along = [node(n, 0) for n in range(3)]
    over = shapely.LineString([(WEST + STEP / 2, SOUTH - STEP), (WEST + STEP / 2, SOUTH + STEP)])
    line = shapely.LineString([(p.lon, p.lat) for p in along])
    side = shapely.LineString(
        [(node(0, 0).lon, node(0, 0).lat), (node(0, 1).lon, node(0, 1).lat), (node(2, 1).lon, node(2, 1).lat),
         (node(2, 0).lon, node(2, 0).lat)]
    )  # fmt: skip
    ring = rows(
        [line, side, over],
        oneway=[True, False, False],
        height_limit=[3.0, None, None],
        access=["private", "", "closed"],
    )
    roads = graph(ring)
    assert roads.left_out == 1, "what is closed to vehicles is no road"
    there = route(roads, along[0], along[2], at=AT)
    back = route(roads, along[2], along[0], at=AT)
    assert there.length < back.length
    assert there.limits.height == 3.0
    assert there.limits.restricted
    high = avoidance(roads, vehicle=Vehicle(height=3.5))
    assert route(roads, along[0], along[2], at=AT, avoid=high).length == pytest.approx(back.length)
    civil = avoidance(roads, vehicle=Vehicle(emergency=False))
    assert route(roads, along[0], along[2], at=AT, avoid=civil).length == pytest.approx(back.length)
    apart = graph(rows([line, over]))
    with pytest.raises(NoRouteError, match="互不连通"):
        route(apart, along[2], LonLat(over.coords[0][0], over.coords[0][1] - 0.002), at=AT, reach=300)
    with pytest.raises(NoRouteError, match="没有可通行的道路"):
        route(apart, LonLat(WEST - 1, SOUTH), along[0], at=AT)
    with pytest.raises(BadInputError, match="没有可通行的道路数据"):
        graph(ring.slice(2))


def test_a_place_is_put_on_the_nearest_stretch_and_not_on_its_end() -> None:
    roads = grid()
    beside = LonLat(WEST + 1.5 * STEP, SOUTH + 0.0009)
    found = route(roads, beside, node(5, 0), at=AT)
    assert found.start.point.lon == pytest.approx(beside.lon, abs=1e-6)
    assert found.start.off == pytest.approx(float(distances(beside, [beside.lon], [SOUTH])[0]), rel=0.01)
    assert found.length == pytest.approx(3.5 / 5 * route(roads, node(0, 0), node(5, 0), at=AT).length, rel=1e-3)
    same = route(roads, LonLat(WEST + 1.2 * STEP, SOUTH), LonLat(WEST + 1.7 * STEP, SOUTH), at=AT)
    assert same.length == pytest.approx(found.length / 7, rel=1e-3)


def test_nearest_says_what_single_routes_say() -> None:
    roads = streets(ROOT / "data" / "samples" / "roads.parquet")
    rng = random.Random(3)
    places = [LonLat(float(roads.node_lon[n]), float(roads.node_lat[n])) for n in rng.sample(range(roads.nodes), 25)]
    to = places.pop()
    hour = timedelta(hours=1)
    for zone in (
        Zone(shape=circle(places[0], 2500)),
        Zone(shape=circle(to, 3000), begins=AT + hour, ends=AT + 2 * hour),
    ):
        avoid = avoidance(roads, [zone])
        listed = nearest(roads, places, to, at=AT, avoid=avoid)
        assert sorted(one.index for one in listed) == list(range(len(places)))
        for one in listed:
            single = route(roads, places[one.index], to, at=AT, avoid=avoid)
            assert (one.avoids, one.duration) == (single.avoids, pytest.approx(single.duration, abs=1e-3))
            assert one.length == pytest.approx(single.length, abs=0.1)
        told = [one.duration for one in listed if one.avoids]
        assert told == sorted(told)
    alone = nearest(roads, [LonLat(100, 10)], to, at=AT)[0]
    assert (alone.reachable, alone.avoids) == (False, False)
    assert alone.why is not None


def test_the_last_part_comes_from_upwind_and_staging_is_upwind_outside_and_reached() -> None:
    roads = grid(9)
    source = LonLat(WEST + 4.1 * STEP, SOUTH + 4.1 * STEP)
    north = Approach(source=source, wind_from=0.0)
    plume = Zone(shape=box(3.2, -1, 4.9, 4.6), title="影响区")
    avoid = avoidance(roads, [plume])
    suggested = staging(roads, north, avoid, at=AT, teams=[node(0, 0), node(8, 0)])
    assert suggested
    assert [one.from_source for one in suggested] == sorted(one.from_source for one in suggested)
    for one in suggested:
        metres, bearing = directions(source, [one.place.lon], [one.place.lat])
        assert min(bearing[0], 360 - bearing[0]) <= 45
        assert metres[0] >= assumed("staging_least")
        assert not shapely.intersects(shapely.buffer(shapely.Point(one.place.lon, one.place.lat), 0.0009), plume.shape)
        assert "上风向" in one.why.zh
    found = route(roads, node(8, 0), suggested[0].place, at=AT, avoid=avoid, approach=north)
    assert found.upwind
    assert not shapely.intersects(found.shape, approach_zone(north, suggested[0].from_source).shape)
    below = route(roads, node(8, 8), node(6, 3), at=AT, avoid=avoid, approach=north)
    assert below.upwind is False
    assert any("不在上风向" in one.zh for one in below.notices)
    assert not staging(roads, north, avoidance(roads, [Zone(shape=box(-9, -9, 18, 18))]), at=AT)
    farther = staging(roads, north, avoid, at=AT, isolation=900.0)
    assert farther[0].from_source >= 900 + assumed("staging_margin")


def test_every_class_has_a_speed_and_every_number_a_source_or_says_that_nobody_held_it_against_one() -> None:
    assert set(class_speeds()) == {one.code for one in code_list("road_kind")}
    for one in (*class_speeds().values(), *assumptions().values()):
        assert one.source
        assert ("未核实" in one.source) == (one.status == "unverified")


def test_where_roads_are_dense_a_class_has_the_speed_of_built_up_areas_and_elsewhere_that_of_the_open() -> None:
    speeds = class_speeds()["secondary"]
    side = np.linspace(0.0, 0.02, 200)
    lines = [shapely.LineString([(WEST + x, SOUTH), (WEST + x, SOUTH + 0.02)]) for x in side]
    lines += [shapely.LineString([(WEST + x, SOUTH + y) for x in side]) for y in (0.0, 0.02)]
    away = [node(20, 0), node(26, 0)]
    lines.append(shapely.LineString([(one.lon, one.lat) for one in away]))
    roads = graph(rows(lines, speed_limit=[None] * (len(lines) - 1) + [30.0]))
    driven = roads.length / roads.time[::2]
    assert driven[:-1] == pytest.approx(speeds.speed)
    assert driven[-1] == pytest.approx(30 / 3.6), "its own limit goes before"
    assert graph(rows(lines[-1:])).time[0] == pytest.approx(roads.length[-1] / speeds.open)


def test_the_density_of_roads_is_the_length_in_a_circle_to_the_width_of_a_cell() -> None:
    rng = np.random.default_rng(3)
    xy, metres = rng.uniform(-6000, 6000, (400, 2)), rng.uniform(10, 500, 400)
    apart = np.hypot(*(xy[:, None] - xy[None]).T)
    inside, around = ((apart < 2000 + give) @ metres for give in (-150, 150))
    found = densities(xy, metres, 2000.0) * np.pi * 4 * 1000
    assert (inside <= found + 1e-6).all()
    assert (found <= around + 1e-6).all()


def test_the_roads_of_the_demo_city_are_one_net_on_which_crossings_are_junctions() -> None:
    roads = streets(ROOT / "data" / "samples" / "roads.parquet")
    assert (roads.piece == 0).all()
    degree = np.bincount(np.concatenate([roads.tail[::2], roads.head[::2]]))
    assert (degree > 2).sum() > 1000


def test_a_route_is_told_as_geojson_in_either_language() -> None:
    from core.texts import Lang

    told = route(grid(), node(0, 0), node(3, 3), at=AT).geojson(Lang.EN)
    assert told["geometry"]["type"] == "LineString"
    assert told["properties"]["avoids"] is True
    assert told["properties"]["steps"][0]["turn"] == "Set out"
    assert "traffic" in told["properties"]["not_known"]
