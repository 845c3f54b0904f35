"""Who is proposed for a leak whose own place lies in its zone: times are those to where orders lead, upwind of it."""

import httpx
import pytest

from core.clock import iso, utc_now
from core.ids import new_id
from tests.server import PASSWORDS, Served

TANK = "H9901020027"
SITE = {"release.hole_diameter": 0.012, "release.duration": 1800.0}


def test_teams_are_told_by_the_way_to_the_staging_point_not_by_when_the_cloud_is_gone(written: Served) -> None:
    with httpx.Client(base_url=written.address, headers={"origin": written.address}, timeout=60) as city:
        assert city.post("/signin", data={"login": "city", "password": PASSWORDS["city"]}).status_code == 303
        said = {"command": new_id(), "origin": "map", "title": "1号液氯罐", "kind": "leak", "hazard_source": TANK,
                "exercise": True, "occurred_at": iso(utc_now())}  # fmt: skip
        code = city.post("/api/incidents/open", json=said).json()["code"]
        filled = city.get("/api/incidents/prefill", params={"code": code}).json()
        values = {one["name"]: one["value"] for one in filled["fields"] if one["value"] is not None}
        weather = {"weather.wind_speed": 3.0, "weather.wind_from": 45.0, "weather.stability": "D",
                   "weather.ambient_temperature": 285.0}  # fmt: skip
        given = {"command": new_id(), "code": code, "kind": "liquid-hole", "values": values | weather | SITE}
        done = city.post("/api/incidents/compute", json=given | {"station": ""})
        assert done.status_code == 200, done.text
        told = city.get("/api/incidents/orders/proposal", params={"code": code}).json()
        where = {"from": [[told["teams"][0]["lon"], told["teams"][0]["lat"]]], "to": told["to"], "incident": code}
        order = {"command": new_id(), "code": code, "to_kind": "team", "to_key": told["teams"][0]["key"], "route": True,
                 "action": "出动", "lon": values["place.lon"], "lat": values["place.lat"]}  # fmt: skip
        (into,) = city.post("/api/incidents/orders", json=order).json()["rows"]
        way = city.post("/api/routes", json=where).json()
    first = told["staging"][0]
    assert told["gathered"] is True
    assert told["to"] == [first["lon"], first["lat"]]
    reached = [team for team in told["teams"] if team["duration_s"] is not None and team["avoids"]]
    assert len({team["duration_s"] for team in reached}) > 1
    assert first["soonest_s"] == pytest.approx(min(team["duration_s"] for team in reached), abs=0.1)
    nearest = min(reached, key=lambda team: team["straight_m"])
    assert nearest["duration_s"] < 600, "a way of a kilometre is not half an hour"
    assert nearest["waits_s"] < 60
    assert way["route"]["properties"]["duration_s"] == told["teams"][0]["duration_s"]
    assert "终点在影响区内" in into["way"]["said"], "an order into the zone itself says so"
