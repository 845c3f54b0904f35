"""Limits verified through the door: two city-wide persons, each blind to the other's number, stale answers refused."""

from typing import Any

import httpx
import pytest

from emergency.limits import limit_row
from tests.app.test_doors import signed_in
from tests.server import Served

HEAT = "effects/heat_flux/5000"
ROW = "toxicity/7782-50-5/AEGL-2/60/S01"
PAPER = {"document": "ALOHA 5.4.7 technical documentation, NOAA, 2013", "page": "81"}


def shown(client: httpx.Client, row: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/limits/row", params={"id": row}).json()
    return found


def entered(client: httpx.Client, row: str, version: int, **numbers: str) -> httpx.Response:
    typed = {one.name: one.value for one in limit_row(row).numbers} | numbers
    return client.post("/api/limits/read", json={"row": row, "version": version, "numbers": typed} | PAPER)


def test_two_persons_verify_a_limit_and_the_planner_takes_the_mark_away(written: Served) -> None:
    with signed_in(written.address, "city") as city, signed_in(written.address, "duty") as duty:
        before = shown(duty, HEAT)
        assert (before["state"], before["numbers"][0]["value"], before["version"]) == ("open", None, 0)
        assert entered(city, HEAT, 0).status_code == 200
        half = shown(duty, HEAT)
        assert (half["state"], half["numbers"][0]["value"], half["readings"][0]["numbers"]) == ("read", None, None)
        assert half["readings"][0]["name"].startswith("王立")
        assert entered(city, HEAT, 1).status_code == 403
        assert entered(duty, HEAT, 0).status_code == 409
        done = entered(duty, HEAT, 1)
        assert done.json()["state"] == "confirmed"
        assert done.json()["numbers"][0]["value"] == "5000"
        fire = {
            "title": "池火", "place": {"lon": 121.95, "lat": 33.2}, "chemical": "71-43-2",
            "release": {"kind": "pool-fire", "pool_area": "100 m2"},
            "weather": {"wind_speed": "3 m/s", "wind_from": 45, "stability": "D", "ambient_temperature": "20 ℃"},
        }  # fmt: skip
        zones = city.post("/api/planner/compute", json=fire).json()["zones"]
        assert {one["value"]: one["verified"] for one in zones} == {10000: False, 5000: True, 2000: False}
        gone = city.post("/api/limits/withdraw", json={"row": HEAT, "version": 2, "reason": "所据文件版本有误"})
        assert gone.json()["state"] == "open"
        assert [step["change"] for step in gone.json()["history"]] == ["delete", "put", "put"]
        again = city.post("/api/planner/compute", json=fire).json()["zones"]
        assert not any(one["verified"] for one in again)


def test_a_reading_that_differs_is_said_and_stops_the_row(written: Served) -> None:
    with signed_in(written.address, "city") as city, signed_in(written.address, "duty") as duty:
        assert entered(city, ROW, 0, value="999").json()["state"] == "differs"
        refused = entered(duty, ROW, 1)
        assert refused.status_code == 409
        assert "不符" in refused.text


def test_a_district_reads_the_register_and_verifies_nothing(written: Served) -> None:
    row = "gb18218-1/1"
    with signed_in(written.address, "district") as district:
        assert "市级" in shown(district, row)["why_not"]
        refused = entered(district, row, 0)
        assert refused.status_code == 403
        assert "市级" in refused.text


@pytest.mark.parametrize("login", ["committee", "enterprise"])
def test_who_may_only_plan_reads_the_register_and_verifies_nothing(written: Served, login: str) -> None:
    with signed_in(written.address, login) as client:
        listed = client.get("/api/limits", params={"table": "effects"}).json()
        assert listed["total"] == 6
        assert listed["may_verify"] is False
        assert entered(client, "gb18218-1/1", 0).status_code == 403


def test_what_is_wrong_is_named(written: Served) -> None:
    with signed_in(written.address, "city") as city:
        none = city.get("/api/limits/row", params={"id": "no/such"})
        assert none.status_code == 404
        faults = entered(city, "gb18218-2/J1", 0, beta="four")
        assert faults.status_code == 422
        assert [fault["field"] for fault in faults.json()["faults"]] == ["beta"]
        bare = city.post("/api/limits/read", json={"row": "gb18218-2/J1", "version": 0, "document": "", "page": "3"})
        assert bare.status_code == 400
        assert "document" in bare.text
        assert city.get("/api/limits", params={"state": "perfect"}).status_code == 400


def test_rows_are_found_by_words_and_counted_by_state(written: Served) -> None:
    with signed_in(written.address, "duty") as duty:
        found = duty.get("/api/limits", params={"q": "7782-50-5 AEGL"}).json()
        assert found["total"] == sum(one["count"] for one in found["states"]) > 0
        assert all("7782-50-5" in one["id"] for one in found["rows"])
