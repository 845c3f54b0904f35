"""Routes at their door and by command: the caller's roads, places and scenarios, and zones that are kept out of."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import shapely
from shapely.geometry import mapping, shape

from app.routing.net import RoadNet
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from gis.measure import circle
from gis.shapes import LonLat
from layers.catalogue import CATALOGUE, ROADS
from store.feed import Put
from store.opening import open_store
from tests.app.test_doors import signed_in
from tests.app.test_scenario_doors import LEAK
from tests.commands import run
from tests.server import Served


def test_the_door_tells_a_route_round_a_zone_and_who_is_nearest_by_road(server: str) -> None:
    with signed_in(server, "city") as city:
        to, start = {"layer": "hospitals", "key": "HP0001"}, {"layer": "fire_stations", "key": "FS0001"}
        free = city.post("/api/routes", json={"from": start, "to": to}).json()["route"]
        middle = shapely.line_interpolate_point(shape(free["geometry"]), 0.5, normalized=True)
        zone = circle(LonLat(middle.x, middle.y), 300)
        asked = {"from": start, "to": to, "avoid": [{"geometry": mapping(zone), "title": "氯气影响区"}]}
        round_it = city.post("/api/routes", json=asked).json()
        listed = city.post("/api/routes", json={"nearest": ["fire_stations", "teams"], "to": to, "most": 5}).json()
        lost = city.post("/api/routes", json={"from": [0, 0], "to": to})
        wrong = city.post("/api/routes", json={"from": start, "to": [1]})
        unknown = city.post("/api/routes", json={"from": {"layer": "teams", "key": "none"}, "to": to})
    way = round_it["route"]["properties"]
    assert way["avoids"]
    assert not shapely.intersects(shape(round_it["route"]["geometry"]), zone)
    assert way["duration_s"] > free["properties"]["duration_s"]
    assert round_it["avoided"] == ["氯气影响区"]
    assert round_it["roads"]["rows"] > 300
    assert "实时路况" in way["not_known"]
    times = [one["duration_s"] for one in listed["nearest"]]
    assert len(times) == 5
    assert times == sorted(times)
    assert listed["route"]["properties"]["duration_s"] == pytest.approx(times[0], abs=0.2)
    assert all(one["length_m"] >= one["straight_m"] - 1500 for one in listed["nearest"])
    assert (lost.status_code, lost.json()["code"]) == (422, "no-route")
    assert (wrong.status_code, unknown.status_code) == (400, 404)


def test_a_kept_scenario_keeps_its_zones_out_of_the_route_and_says_where_upwind_is(written: Served) -> None:
    with signed_in(written.address, "city") as city:
        hospital, station = (
            city.get(f"/api/feature/{one}").json() for one in ("hospitals/HP0001", "fire_stations/FS0001")
        )
        place = {name: (hospital[name] + station[name]) / 2 for name in ("lon", "lat")}
        code = city.post("/api/scenarios", json={"scenario": {"place": place, **LEAK}}).json()["code"]
        zones = [shape(one["geometry"]) for one in zones_of(city, code)]
        given = {"from": [station["lon"], station["lat"]], "to": [hospital["lon"], hospital["lat"]], "scenario": code}
        told = city.post("/api/routes", json={**given, "approach": "upwind", "staging": True}).json()
    way = told["route"]["properties"]
    assert len(told["avoided"]) == len(zones) > 0
    assert way["avoids"] is not any(shapely.intersects(shape(told["route"]["geometry"]), zone) for zone in zones)
    assert isinstance(way["upwind"], bool)
    assert way["notices"]
    for one in told["staging"]:
        assert not any(shapely.intersects_xy(zone, one["lon"], one["lat"]) for zone in zones)
        assert abs((one["bearing"] - LEAK["weather"]["wind_from"] + 180) % 360 - 180) <= 46


def zones_of(city: httpx.Client, code: str) -> list[dict[str, Any]]:
    """The zones of a scenario as the services draw them, those that are reached."""
    asked = {"f": "json", "limit": "100", "filter": f"scenario='{code}' AND reached=true", "filter-lang": "cql2-text"}
    found: list[dict[str, Any]] = city.get("/ogc/api/collections/scenario_zones/items", params=asked).json()["features"]
    return found


def test_whoever_does_not_see_teams_or_the_scenario_is_told_of_none(server: str) -> None:
    place = [121.6, 33.1]
    with signed_in(server, "public") as public:
        assert public.post("/api/routes", json={"nearest": ["teams"], "to": place}).status_code in (403, 404)
    with signed_in(server, "city") as city:
        given = {"from": place, "to": place, "scenario": "QJ20260101-000000000000"}
        assert city.post("/api/routes", json=given).status_code == 404


def test_the_graph_is_made_again_once_a_road_has_changed(tmp_path: Path) -> None:
    def road(code: str, north: float) -> Put:
        line = shapely.MultiLineString([[(121.0, north), (121.01, north)]])
        return Put(layer=ROADS.id, record=ROADS.record(code=code, kind="primary", geometry=line))

    with closing(open_store(tmp_path, None, CATALOGUE, utc_now)) as store:
        store.commit((road("R1", 33.0),), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
        net = RoadNet(store)
        first = net.of(SYSTEM_SCOPE)
        assert net.of(SYSTEM_SCOPE) is first
        store.commit((road("R2", 33.01),), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
        assert (first.roads, net.of(SYSTEM_SCOPE).roads) == (1, 2)


def test_the_command_tells_the_steps_and_what_is_not_known(written: Served, tmp_path: Path) -> None:
    file = tmp_path / "route.geojson"
    done = run("route", "fire_stations/FS0001", "hospitals/HP0001", "--data", str(written.data), "--geojson", str(file))
    assert done.returncode == 0, done.stderr
    assert "km" in done.stdout
    assert "! 未计入:实时路况" in done.stdout
    assert json.loads(file.read_text("utf-8"))["geometry"]["type"] == "LineString"
