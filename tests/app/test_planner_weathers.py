"""The wind rose of a place, and what a batch in its weathers comes to, by direction; for whoever ordered it."""

from typing import Any

import httpx
import pytest

from tests.app.test_doors import signed_in
from tests.app.test_planner_doors import PLACE
from tests.app.test_planner_places import CLOUD
from tests.waiting import until


def test_the_rose_of_a_place_says_whose_it_is_of_when_and_adds_up_with_its_calms(server: str) -> None:
    with signed_in(server, "city") as client:
        told = client.get("/api/planner/rose", params=PLACE).json()["rose"]
        station = client.get("/api/planner/air", params=PLACE).json()["stations"][0]
        assert client.get("/api/planner/rose", params={"lon": 400, "lat": 33}).status_code == 400
    assert (told["station"], told["name"]) == (station["code"], station["name"])
    assert told["distance"] == pytest.approx(station["distance"])
    assert [one["from"] for one in told["sectors"]] == [22.5 * step for step in range(16)]
    cells = [cell for one in told["sectors"] for cell in one["cells"]]
    assert len(cells) == 16 * len(told["classes"])
    assert sum(cell["share"] for cell in cells) + told["calm"] == pytest.approx(1.0)
    assert told["readings"] >= told["hours"] > 8000
    assert told["since"] < told["newest"] < told["until"]
    bounds = [(low, high or 100.0) for low, high in told["classes"]] * 16
    blown = [(cell, low, high) for cell, (low, high) in zip(cells, bounds, strict=True) if cell["share"]]
    assert all(low <= cell["speed"] <= high and cell["stability"] in "ABCDEF" for cell, low, high in blown)


def test_where_no_station_has_a_year_of_wind_the_answer_says_so(server: str) -> None:
    with signed_in(server, "city") as client:
        told = client.get("/api/planner/rose", params={"lon": 100.0, "lat": 20.0}).json()
    assert told == {"rose": None, "why": "50 km 内没有您可见的气象站"}


def finished(client: httpx.Client, job: str) -> Any:
    """The batch once it is done."""
    state = until(
        lambda: client.get(f"/api/jobs/{job}").json(), lambda told: told["state"] not in ("queued", "running"), 300
    )
    assert state["state"] == "done", state
    return client.get(f"/api/planner/batches/{job}").json()


def test_a_batch_of_the_rose_says_of_each_direction_how_often_how_far_and_whom_it_reaches(server: str) -> None:
    asked = {"scenario": CLOUD, "rose": True, "people": True, "targets": True}
    with signed_in(server, "city") as client:
        job = client.post("/api/jobs", json={"kind": "scenario-sweep", "asked": asked}).json()["id"]
        told = finished(client, job)
    summary = told["summary"]
    assert (told["place"]["lon"], told["place"]["lat"]) == (PLACE["lon"], PLACE["lat"])
    assert [one["direction"] for one in told["rose"]["sectors"]][:3] == ["北", "北东北", "东北"]
    assert len(summary["directions"]) == len(summary["rose"]["sectors"]) == 16
    for sector, direction in zip(summary["rose"]["sectors"], summary["directions"], strict=True):
        assert direction["wind_from_deg"] == sector["from"]
        assert direction["frequency"] == pytest.approx(sum(cell["share"] for cell in sector["cells"]))
    levels = [one["levels"] for one in summary["directions"]]
    farthest = [max(one[k]["farthest_m"] for one in levels) for k in range(len(levels[0]))]
    assert farthest == [level["distance_m"]["max"] for level in summary["levels"]]
    assert max(one[-1]["residents_most"] for one in levels) == summary["levels"][-1]["most_residents"]
    assert all(0 <= one[-1]["residents_mean"] <= one[-1]["residents_most"] for one in levels)
    reached = [one[-1]["targets_most"] > 0 for one in levels]
    assert any(reached)
    assert [one[-1]["targets_share"] > 0 for one in levels] == reached
    for login, status in (("committee", 404), ("public", 403)):
        with signed_in(server, login) as other:
            assert other.get(f"/api/planner/batches/{job}").status_code == status
