"""Alarm rules through the doors: rows with versions and faults by field, of one's own areas, tried on the past."""

from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from app.auth.opening import open_identity
from app.jobs.catalogue import KINDS
from app.jobs.kinds import Workshop
from app.jobs.runner import Runner
from core.clock import utc_now
from layers.catalogue import CATALOGUE
from store.opening import open_audit, open_jobs, open_store
from store.series import open_series
from tests.app.test_doors import signed_in
from tests.server import Served

RULE = {
    "code": "T-1",
    "title": "试验液位",
    "kind": "limits",
    "state": "in_force",
    "points": ["P00001"],
    "limits": ["H"],
}


@pytest.fixture
def city(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "city") as client:
        yield client


def work(served: Served) -> None:
    """Do the job that waits, unless the server's own worker was quicker."""
    store = open_store(served.data, None, CATALOGUE, utc_now)
    identity, audit, jobs = (
        open_identity(served.data, None),
        open_audit(served.data, None),
        open_jobs(served.data, None),
    )
    series = open_series(served.data / "series", store)
    workshop = Workshop(store, identity, audit, utc_now, series)
    Runner(jobs, KINDS, workshop, served.data / "jobs", name="tests").run_next()
    for one in (series, store, identity, audit, jobs):
        one.close()


def saved(client: httpx.Client, version: int, reason: str = "试验", **fields: object) -> httpx.Response:
    return client.post("/api/rules", json={"code": "T-1", "version": version, "reason": reason, "fields": fields})


def test_a_rule_is_a_row_with_every_fault_at_its_field_and_every_version_kept(city: httpx.Client) -> None:
    wrong = saved(city, 0, **RULE | {"points": ["P00001", "P0"], "limits": ["Q"], "delay_on": -1})
    assert {fault["field"] for fault in wrong.json()["faults"]} >= {"points", "limits", "delay_on"}
    first = saved(city, 0, **RULE)
    assert first.status_code == 200, first.text
    assert first.json()["matched"] == 1
    assert first.json()["fields"]["area"] == "990100"
    after = saved(city, 1, "降低限值", high=70, valid_to="2020-01-01T00:00:00+08:00").json()
    assert (after["stands"], after["fields"]["title"]) == ("expired", "试验液位")
    newest = after["history"][0]
    assert (newest["version"], newest["reason"]) == (2, "降低限值")
    assert {"field": "高报", "from": "", "to": "70"} in newest["changed"]
    assert saved(city, 1, level=1).status_code == 409
    listed = {one["code"]: one for one in city.get("/api/rules").json()["rows"]}
    assert (listed["T-1"]["stands"], listed["START-LIMITS-level"]["stands"]) == ("expired", "in_force")
    found = city.post("/api/rules/preview", json={"fields": RULE | {"points": ["P00001", "P0"]}}).json()
    assert [one["code"] for one in found["points"]] == ["P00001"]
    assert [one["value"] for one in found["faults"]] == ["P0"]


def test_a_town_writes_rules_and_inhibitions_of_its_own_area_only(written: Served, city: httpx.Client) -> None:
    with signed_in(written.address, "town") as town:
        assert town.get("/api/rules").json()["rows"] == []
        refused = saved(town, 0, **RULE | {"code": "T-2", "area": "990102", "points": [], "sensor_kind": "level"})
        assert [fault["field"] for fault in refused.json()["faults"]] == ["area"]
        assert town.get("/api/rules/row", params={"code": "START-LIMITS-level"}).status_code == 404
    with signed_in(written.address, "committee") as reader:
        assert reader.get("/api/rules").status_code == 403
    work = {"rule": "START-LIMITS-level", "points": ["P00001"], "starts": "2026-01-01T08:00:00+08:00", "who": "王立",
            "why": "储罐清洗", "permit": "DH-7", "ends": "2020-01-01T08:00:00+08:00"}  # fmt: skip
    faults = city.post("/api/rules/inhibitions", json=work).json()["faults"]
    assert [fault["field"] for fault in faults] == ["ends"]
    made = city.post("/api/rules/inhibitions", json=work | {"ends": "2099-01-01T08:00:00+08:00"}).json()
    assert made["state"] == "current"
    gone = {"code": made["code"], "version": 1, "reason": "提前完工"}
    assert city.post("/api/rules/inhibitions/end", json=gone).json()["state"] == "over"
    assert city.post("/api/rules/inhibitions/end", json=gone | {"version": 2}).status_code == 409


def test_the_past_is_judged_by_both_settings_and_nothing_is_written(written: Served, city: httpx.Client) -> None:
    before = city.get("/api/rules/row", params={"code": "START-LIMITS-level"}).json()["version"]
    asked = {
        "code": "START-LIMITS-level",
        "edited": RULE | {"code": "START-LIMITS-level", "points": ["P00005"], "high": 1},
        "days": 3,
    }
    job = city.post("/api/jobs", json={"kind": "alarm-replay", "asked": asked}).json()
    work(written)
    done = city.get(f"/api/jobs/{job['id']}").json()
    assert done["state"] == "done", done
    told: dict[str, Any] = orjson.loads(city.get(f"/api/jobs/{job['id']}/file").content)
    standing, edited = told["sides"]["standing"], told["sides"]["edited"]
    assert (standing["judged"], edited["judged"]) == (468, 1)
    assert edited["total"] == sum(one["count"] for one in edited["days"]) > 0
    assert standing["total"] == sum(one["count"] for one in standing["days"])
    assert {one["point"] for one in edited["first"]} == {"P00005"}
    assert city.get("/api/rules/row", params={"code": "START-LIMITS-level"}).json()["version"] == before
