"""OGC processes from outside: by password and key, never by cookie, under the right to plan and no other."""

import httpx
import pytest

from emergency import models
from emergency.model import MODELS
from tests.app.test_doors import signed_in
from tests.server import PASSWORDS, Served, give_key

assert models.__all__  # declared by import
TNT = {"mass": "2 t", "heat_of_combustion": "46 MJ/kg", "blast_yield": "3 %", "tnt_energy": 4.68e6}
RESULT = MODELS["tnt-equivalence"](mass=2000.0, heat_of_combustion=4.6e7, blast_yield=0.03, tnt_energy=4.68e6)
PROCESS = "/ogc/api/processes/tnt-equivalence"


def executed(server: str, login: str, process: str = PROCESS) -> httpx.Response:
    pair = (login, PASSWORDS[login])
    return httpx.post(f"{server}{process}/execution", json={"inputs": TNT}, auth=pair, timeout=60)


@pytest.mark.parametrize("login", ["city", "committee", "enterprise"])
def test_who_may_plan_executes_by_password(server: str, login: str) -> None:
    answer = executed(server, login)
    assert answer.status_code == 200
    assert answer.json()["result"]["value"] == pytest.approx(RESULT)


@pytest.mark.parametrize("login", ["public", "intermediary"])
def test_who_may_not_plan_is_told_of_no_process_anywhere(server: str, login: str) -> None:
    pair = (login, PASSWORDS[login])
    assert executed(server, login).status_code == 403
    for tail in ("/", "/conformance", "/openapi"):
        told = httpx.get(f"{server}/ogc/api{tail}?f=json", auth=pair, timeout=60).text
        assert [word for word in ("/api/processes", '"/processes', "tnt-equivalence", "/jobs") if word in told] == []
    assert httpx.get(f"{server}/ogc/api/processes", auth=pair).status_code == 403


def test_a_session_reads_what_there_is_and_executes_nothing(server: str) -> None:
    with signed_in(server, "city") as client:
        found = client.get("/ogc/api/processes?f=json").json()["processes"]
        assert {"tnt-equivalence", "gaussian-plume", "pool-fire", "scenario"} <= {one["id"] for one in found}
        answer = client.post(PROCESS + "/execution", json={"inputs": TNT})
    assert answer.status_code == 403
    assert "Basic" in answer.json()["title"]


def test_a_stranger_is_asked_who_they_are(server: str) -> None:
    answer = httpx.post(f"{server}{PROCESS}/execution", json={"inputs": TNT})
    assert (answer.status_code, answer.headers["www-authenticate"][:5]) == (401, "Basic")


def test_a_key_of_who_may_plan_executes_in_the_path_and_as_a_bearer_and_is_echoed(written: Served) -> None:
    key, server = "k" * 20 + "-planner", written.address
    give_key(written.data, "committee", key)
    told = httpx.get(f"{server}/ogc/k/{key}/api/processes/tnt-equivalence", timeout=60).json()
    execute = next(link["href"] for link in told["links"] if link["rel"].endswith("/execute"))
    assert execute.startswith(f"{server}/ogc/k/{key}/api/")
    in_path = httpx.post(execute, json={"inputs": TNT})
    bearer = {"authorization": f"Bearer {key}"}
    as_bearer = httpx.post(f"{server}{PROCESS}/execution", json={"inputs": TNT}, headers=bearer)
    agency = httpx.post(f"{server}/ogc/k/demo-agency/api/processes/tnt-equivalence/execution", json={"inputs": TNT})
    assert in_path.json()["result"]["value"] == as_bearer.json()["result"]["value"] == pytest.approx(RESULT)
    assert agency.status_code == 403
