"""The city's processes from outside: scenario, exposure, grading; queued work that outlives the server."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from app.auth.opening import open_identity
from core.canonical import sha256
from core.clock import utc_now
from core.ids import new_id
from store.identity import Key
from tests.app.test_doors import signed_in
from tests.app.test_planner_doors import CHARGE
from tests.server import PASSWORDS, demo_city, demo_server
from tests.waiting import until

API = "/ogc/api"
ASYNC = {"prefer": "respond-async"}


def asked(server: str, process: str, inputs: Any, login: str = "city", **headers: str) -> httpx.Response:
    pair = (login, PASSWORDS[login])
    address = f"{server}{API}/processes/{process}/execution"
    return httpx.post(address, json={"inputs": inputs}, auth=pair, headers=headers, timeout=120)


def ended(server: str, job: str) -> dict[str, Any]:
    """Where a job stands once it waits and runs no more."""
    told: dict[str, Any] = until(
        lambda: httpx.get(f"{server}{API}/jobs/{job}", auth=("city", PASSWORDS["city"])).json(),
        lambda told: told["status"] not in ("accepted", "running"),
    )
    return told


def listed(server: str, **given: str) -> set[str]:
    """The jobs that a narrowed list tells."""
    told = httpx.get(f"{server}{API}/jobs", params=given, auth=("city", PASSWORDS["city"])).json()
    return {one["jobID"] for one in told["jobs"]}


def test_a_scenario_answers_as_the_workbench_does(server: str) -> None:
    told = asked(server, "scenario", {"scenario": CHARGE}).json()
    with signed_in(server, "city") as client:
        page = client.post("/api/planner/compute", json=CHARGE).json()
    assert told["result"]["value"]["receipt"]["fingerprint"] == page["fingerprint"]
    assert told["zones"]["mediaType"] == "application/geo+json"
    assert len(told["zones"]["value"]["features"]) == len(page["geojson"]["features"]) > 0
    assert told["inside"]["value"]["targets"]["total"] == page["exposure"]["targets"]["total"]
    assert told["evidence"]["value"]["verified"] == page["verified"]


def test_what_is_inside_given_zones_is_what_the_scenario_counts(server: str) -> None:
    told = asked(server, "scenario", {"scenario": CHARGE}).json()
    source = [CHARGE["place"]["lon"], CHARGE["place"]["lat"]]
    inside = asked(server, "exposure", {"zones": told["zones"]["value"], "source": source}).json()["inside"]["value"]
    assert inside["targets"]["total"] == told["inside"]["value"]["targets"]["total"]
    own, whole = (sorted(one["residents"] for one in found["people"]) for found in (inside, told["inside"]["value"]))
    assert own == pytest.approx(whole[-len(own) :], rel=1e-6)


@pytest.mark.parametrize(
    ("zones", "field"),
    [
        ({}, "zones"),
        ({"features": [{"geometry": None}]}, "zones.features.0"),
        ({"features": [{"geometry": {"type": "Point", "coordinates": [121, 33]}}]}, "zones.features.0"),
    ],
)
def test_zones_that_are_none_are_refused_by_name(server: str, zones: Any, field: str) -> None:
    answer = asked(server, "exposure", {"zones": zones})
    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (400, field)


def test_a_unit_is_graded_with_the_clause_of_each_step(server: str) -> None:
    holdings = [{"cas": "7664-41-7", "mass": "100 t"}, {"name": "液氯", "mass": 60_000}]
    told = asked(server, "gb18218-grading", {"holdings": holdings, "people": 60}).json()
    assert told["major"]["value"] is True
    assert all(step["clause"] and step["how"] for step in told["steps"]["value"])
    assert told["evidence"]["value"]["verified"] is False
    wrong = asked(server, "gb18218-grading", {"holdings": [*holdings, {"mass": 1, "name": "无"}], "people": 60})
    assert (wrong.status_code, wrong.json()["faults"][0]["row"]) == (400, 3)


def test_queued_work_outlives_the_server_and_is_its_owners_alone(tmp_path: Path) -> None:
    key = "k" * 20 + "-narrow"
    demo_city(tmp_path / "data")
    identity = open_identity(tmp_path / "data", None)
    owner = identity.people.find("city")
    assert owner is not None
    narrow = Key(
        id=new_id(), name="n", account=owner.id, layers=frozenset({"hospitals"}), per_minute=600, given_by="t",
        created_at=utc_now(),
    )  # fmt: skip
    identity.keys.add(narrow, sha256(key.encode()))
    identity.close()
    with demo_server(tmp_path / "data") as server:
        answer = asked(server, "scenario", {"scenario": CHARGE}, **ASYNC)
        assert (answer.status_code, answer.headers["preference-applied"]) == (201, "respond-async")
        job = answer.json()["jobID"]
        assert answer.headers["location"] == f"{server}{API}/jobs/{job}"
        execution = f"{server}/ogc/k/{key}/api/processes/scenario/execution"
        refused = httpx.post(execution, json={"inputs": {"scenario": CHARGE}}, headers=ASYNC, timeout=60)
        assert refused.status_code == 403
    with demo_server(tmp_path / "data") as server:
        told = ended(server, job)
        assert (told["status"], told["progress"], told["processID"]) == ("successful", 100, "scenario")
        mine, others = ("city", PASSWORDS["city"]), ("committee", PASSWORDS["committee"])
        results = httpx.get(f"{server}{API}/jobs/{job}/results", auth=mine).json()
        fresh = asked(server, "scenario", {"scenario": CHARGE}).json()
        assert results["inside"]["value"] == fresh["inside"]["value"]
        assert job in {one["jobID"] for one in httpx.get(f"{server}{API}/jobs?f=json", auth=mine).json()["jobs"]}
        assert httpx.get(f"{server}{API}/jobs?f=json", auth=others).json()["jobs"] == []
        for tail in ("", "/results"):
            unknown = httpx.get(f"{server}{API}/jobs/{job}{tail}", auth=others)
            assert unknown.status_code == 404
            assert unknown.json()["type"].endswith("/no-such-job")
        assert httpx.delete(f"{server}{API}/jobs/{job}", auth=others).status_code == 404
        assert httpx.get(f"{server}/ogc/k/{key}/api/jobs/{job}/results").status_code == 403
        batch = {"scenario": CHARGE, "vary": {"wind_speed": [1.0, 2.0]}}
        swept = asked(server, "scenario-sweep", batch)
        assert swept.status_code == 201
        assert ended(server, swept.json()["jobID"])["status"] == "successful"
        packed = httpx.get(f"{server}{API}/jobs/{swept.json()['jobID']}/results", auth=mine)
        assert (packed.headers["content-type"], packed.content[:2]) == ("application/zip", b"PK")


def test_work_is_called_off_by_its_owner_and_not_by_a_session(server: str) -> None:
    many = {"scenario": CHARGE, "vary": {"wind_speed": [1 + n / 100 for n in range(500)], "wind_from": [0.0, 90.0]}}
    job = asked(server, "scenario-sweep", many).json()["jobID"]
    with signed_in(server, "city") as client:
        assert client.delete(f"{API}/jobs/{job}").status_code == 403
    answer = httpx.delete(f"{server}{API}/jobs/{job}", auth=("city", PASSWORDS["city"]))
    assert (answer.status_code, answer.json()["status"]) == (200, "dismissed")
    assert ended(server, job)["status"] == "dismissed"
    assert job in listed(server, processID="scenario-sweep", status="dismissed,failed")
    assert job in listed(server, type="process", datetime="2020-01-01/..")
    for other in (
        {"status": "successful"}, {"processID": "scenario"}, {"datetime": "../2020-01-01"}, {"minDuration": "600"},
    ):  # fmt: skip
        assert job not in listed(server, **other)
    for wrong in ({"status": "asleep"}, {"type": "thing"}, {"datetime": "soon"}, {"minDuration": "-1"}):
        refused = httpx.get(f"{server}{API}/jobs", params=wrong, auth=("city", PASSWORDS["city"]))
        assert (refused.status_code, refused.json()["code"]) == (400, "InvalidParameterValue")
    early = httpx.get(f"{server}{API}/jobs/{job}/results", auth=("city", PASSWORDS["city"]))
    assert (early.status_code, early.json()["type"].rsplit("/", 1)[-1]) == (404, "result-not-ready")


def test_a_batch_that_cannot_be_is_refused_before_it_is_queued(server: str) -> None:
    answer = asked(server, "scenario-sweep", {"scenario": CHARGE})
    assert answer.status_code == 400
    assert answer.json()["faults"][0]["field"] == "weathers"
