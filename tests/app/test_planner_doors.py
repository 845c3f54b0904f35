"""The planner's doors: a scenario becomes zones with their cards and who is inside, under the rights of who asks."""

from typing import Any

import pytest

from tests.app.test_doors import signed_in

PLACE = {"lon": 121.85, "lat": 33.2}
AIR = {"wind_speed": 3.2, "wind_from": 45.0, "stability": "D", "ambient_temperature": "8.4 °C"}
CHARGE = {
    "title": "爆炸", "place": PLACE, "chemical": "7664-41-7", "release": {"kind": "tnt", "tnt_mass": "2 t"},
    "weather": AIR,
}  # fmt: skip


def computed(server: str, given: dict[str, Any], login: str = "city") -> Any:
    with signed_in(server, login) as client:
        return client.post("/api/planner/compute", json=given)


def test_a_scenario_becomes_zones_with_cards_receipt_and_exposure(server: str) -> None:
    told = computed(server, CHARGE).json()
    reached = [zone for zone in told["zones"] if zone["reached"]]
    assert [zone["distance"] for zone in reached] == sorted(zone["distance"] for zone in reached)
    assert {zone["model"] for zone in reached} <= set(told["models"])
    assert told["geojson"]["features"]
    assert told["geojson"]["fingerprint"] == told["result"]["receipt"]["fingerprint"]
    assert told["exposure"]["left_out"] == []
    assert told["exposure"]["targets"]["total"] >= len(told["exposure"]["targets"]["rows"])


def test_the_first_answer_says_that_a_better_one_takes_longer(server: str) -> None:
    cloud = CHARGE | {"chemical": "7782-50-5", "release": {"kind": "direct", "mass_rate": 0.6, "duration": 1800}}
    with signed_in(server, "city") as client:
        first, whole = (client.post(f"/api/planner/compute{step}", json=cloud).json() for step in ("?step=first", ""))
        assert client.post("/api/planner/compute?step=last", json=cloud).status_code == 400
    assert (first["again"], whole["again"]) == (True, False)
    assert first["scenario"] == whole["scenario"]
    assert [zone["model"] for zone in first["zones"]] != [zone["model"] for zone in whole["zones"]]


def test_the_audit_says_which_reading_is_of_the_first_answer_and_that_both_are_of_one_scenario(server: str) -> None:
    cloud = CHARGE | {"chemical": "7782-50-5", "release": {"kind": "direct", "mass_rate": 0.7, "duration": 1800}}
    with signed_in(server, "city") as client:
        first, whole = (
            client.post(f"/api/planner/compute{step}", json=cloud).json()["fingerprint"] for step in ("?step=first", "")
        )
    with signed_in(server, "auditor") as client:
        entries = client.get("/api/audit", params={"kind": "read", "limit": 100}).json()["entries"]
    found = {one["where"] for one in entries if first in one["where"]}
    assert found == {f"planner first-answer; {first}", f"planner; {whole}; asked {first}"}


def test_equal_scenarios_have_one_fingerprint(server: str) -> None:
    again = CHARGE | {"release": {"kind": "tnt", "tnt_mass": 2000.0}}
    assert computed(server, CHARGE).json()["fingerprint"] == computed(server, again).json()["fingerprint"]


def test_every_wrong_field_is_named_with_what_is_allowed(server: str) -> None:
    weather = AIR | {"wind_speed": "3 knots", "relative_humidity": 2.0}
    answer = computed(server, CHARGE | {"place": {"lon": 400, "lat": 33.2}, "weather": weather})
    faults = {fault["field"]: fault["rule"] for fault in answer.json()["faults"]}
    assert answer.status_code == 422
    assert set(faults) == {"place.lon", "weather.wind_speed", "weather.relative_humidity"}
    assert "≤ 1" in faults["weather.relative_humidity"]
    assert "km/h" in faults["weather.wind_speed"]


def test_what_cannot_be_computed_is_refused_by_its_field(server: str) -> None:
    answer = computed(server, CHARGE | {"release": {"kind": "instantaneous", "mass": 100.0}, "model": "integral"})
    assert (answer.status_code, answer.json()["faults"][0]["field"]) == (422, "model")


@pytest.mark.parametrize("login", ["public", "intermediary"])
def test_planning_is_not_for_everybody(server: str, login: str) -> None:
    assert computed(server, CHARGE, login).status_code == 403


def test_an_enterprise_is_told_of_its_own_hazards_alone(server: str) -> None:
    with signed_in(server, "enterprise") as client:
        own = client.get("/api/map/hazard_sources").json()
    place = {"lon": own["lon"][0], "lat": own["lat"][0]}
    wide = CHARGE | {"place": place, "release": {"kind": "tnt", "tnt_mass": "2000 t"}}
    mine, every = (computed(server, wide, login).json()["exposure"]["hazards"] for login in ("enterprise", "city"))
    sources = {row["key"] for row in mine["rows"] if row["layer"] == "hazard_sources"}
    assert sources <= set(own["keys"])
    assert every["total"] > mine["total"] > 0


def test_the_form_is_told_from_the_scenario_itself(server: str) -> None:
    with signed_in(server, "city") as client:
        told = client.get("/api/planner/choices").json()
    kinds = {kind["id"]: kind for kind in told["kinds"]}
    assert kinds["tnt"]["computable"]
    assert {"name": "tnt_mass", "unit": "kg"}.items() <= kinds["tnt"]["fields"][0].items()
    temperature = next(field for field in told["weather"] if field["name"] == "ambient_temperature")
    assert temperature["shown"] == {"unit": "℃", "factor": 1, "offset": 273.15}
    assert {field["name"] for field in told["weather"]} >= {"wind_speed", "stability", "ambient_temperature"}
    assert any(one["cas"] == "7782-50-5" for one in told["chemicals"])
    assert [field["name"] for field in told["weather"] if field["required"]][:2] == ["wind_speed", "wind_from"]
    rate = next(field for field in kinds["flash-fire"]["fields"] if field["name"] == "mass_rate")
    assert (rate["leaks"], rate["needed"], rate["required"]) == (["direct"], ["direct"], False)
