"""What a planner asks beside computing: a tank to begin from, the air there, one place in time, other opinions."""

from typing import Any

import httpx
import pytest

from tests.app.test_doors import signed_in
from tests.app.test_planner_doors import AIR, PLACE

CLOUD = {
    "title": "泄漏", "place": PLACE, "chemical": "7782-50-5", "weather": AIR,
    "release": {"kind": "direct", "mass_rate": 0.6, "duration": 1800},
}  # fmt: skip


def begun(client: httpx.Client, layer: str, key: str) -> Any:
    return client.get("/api/planner/source", params={"layer": layer, "key": key}).json()


def test_a_tank_fills_what_its_row_says_and_names_what_it_does_not(server: str) -> None:
    with signed_in(server, "city") as client:
        tanks = client.get("/api/map/tanks").json()
        told = begun(client, "tanks", tanks["keys"][0])
    assert told["place"] == pytest.approx({"lon": tanks["lon"][0], "lat": tanks["lat"][0]}, abs=1e-5)
    assert told["chemical"]
    assert told["hazard_source"]
    assert told["release"]["mass"] > 0


def test_a_tank_pressure_is_filled_only_where_the_row_says_what_it_is_counted_from(server: str) -> None:
    with signed_in(server, "city") as client:
        tanks = client.get("/api/map/tanks").json()["keys"]
        every = [begun(client, "tanks", key) for key in tanks[:120]]
    chlorine = next(one for one in every if one["chemical"] == "7782-50-5")
    assert chlorine["release"]["upstream_pressure"] == pytest.approx(0.57e6 + 101325.0)
    assert any("表压 570 kPa,加标准大气压" in one["from"] for one in chlorine["said"])
    vinyl = next(one for one in every if one["chemical"] == "75-01-4")
    assert "upstream_pressure" not in vinyl["release"]
    assert any("240 kPa,未注明表压或绝压" in line for line in vinyl["missing"])
    open_tank = next(one for one in every if one["chemical"] == "71-43-2")
    assert any("容器内绝对压力:未说明" in line for line in open_tank["missing"])


def test_a_hazard_source_of_several_substances_leaves_the_choice(server: str) -> None:
    with signed_in(server, "city") as client:
        every = [
            begun(client, "hazard_sources", key) for key in client.get("/api/map/hazard_sources").json()["keys"][:40]
        ]
    several = [one for one in every if one["choices"]]
    assert several
    assert all(one["chemical"] is None and "mass" not in one["release"] for one in several)
    assert any(one["tanks"] for one in every)


def test_amounts_are_for_who_may_see_them(server: str) -> None:
    with signed_in(server, "enterprise") as client:
        own = client.get("/api/map/tanks").json()["keys"]
    with signed_in(server, "city") as client:
        other = next(key for key in client.get("/api/map/tanks").json()["keys"] if key not in own)
    with signed_in(server, "enterprise") as client:
        assert client.get("/api/planner/source", params={"layer": "tanks", "key": other}).status_code == 404
        assert client.get("/api/planner/source", params={"layer": "enterprises", "key": other}).status_code == 400


def test_the_air_is_that_of_the_nearest_stations_with_its_age_and_class(server: str) -> None:
    with signed_in(server, "city") as client:
        told = client.get("/api/planner/air", params=PLACE).json()["stations"]
        assert client.get("/api/planner/air", params={"lon": "east", "lat": 33}).status_code == 400
    assert told
    assert [one["distance"] for one in told] == sorted(one["distance"] for one in told)
    assert 200 < told[0]["weather"]["ambient_temperature"] < 330
    assert {"at", "stale"} <= told[0].keys()
    classes = [one["stability"] for one in told if one["stability"]]
    assert all(one["id"] in "ABCDEF" and one["reason"] for one in classes)


def test_a_place_downwind_has_its_course_with_arrival_peak_and_levels(server: str) -> None:
    asked = {"scenario": CLOUD, "lon": PLACE["lon"] - 0.006, "lat": PLACE["lat"] - 0.005}
    with signed_in(server, "city") as client:
        told = client.post("/api/planner/history", json=asked).json()
        behind = client.post("/api/planner/history", json=asked | {"lon": PLACE["lon"] + 0.02}).json()
        wrong = client.post("/api/planner/history", json=asked | {"lat": 100})
        drafty = client.post("/api/planner/history", json=asked | {"air_changes": 1e9})
    assert told["reached"]
    assert told["arrival"] > 0
    assert {one["name"] for one in told["curves"]} == {"outdoors", "indoors"}
    assert {one["model"] for one in told["curves"]} <= set(told["models"])
    assert told["figures"][0]["value"] > 0
    assert not behind["reached"]
    assert (wrong.status_code, wrong.json()["faults"][0]["field"]) == (422, "lat")
    assert (drafty.status_code, drafty.json()["faults"][0]["field"]) == (422, "air_changes")


def test_opinions_stand_side_by_side_and_the_guidebook_is_said_to_be_missing(server: str) -> None:
    with signed_in(server, "city") as client:
        told = client.post("/api/planner/opinions", json=CLOUD).json()
        light = client.post("/api/planner/opinions", json=CLOUD | {"chemical": "7664-41-7"}).json()
    models = [one["id"] for one in told["opinions"]]
    assert models[0] == "auto"
    assert {"passive", "dense", "integral"} <= set(models)
    assert len({one["zones"][0]["distance"] for one in told["opinions"] if "zones" in one}) > 1
    assert told["guidebook"] == {"supplied": False}
    refused = next(one for one in light["opinions"] if one["id"] == "integral")
    assert "不重于空气" in refused["refused"]
