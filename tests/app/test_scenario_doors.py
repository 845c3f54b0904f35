"""Scenarios kept through the door: computed by the server, under rights at every door, withdrawn but never gone."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from core.canonical import sha256
from tests.app.test_doors import signed_in
from tests.server import Served, give_key
from tests.waiting import until

KEY = "k" * 20 + "-of-the-city"
LEAK = {
    "title": "氯气阀门泄漏", "chemical": "7782-50-5",
    "release": {"kind": "direct", "mass_rate": "12 kg/min", "duration": "10 min"},
    "weather": {"wind_speed": 3.0, "wind_from": 45.0, "stability": "D", "ambient_temperature": "8 °C"},
}  # fmt: skip
CHARGE = {
    "title": "仓库爆炸", "chemical": "7664-41-7", "release": {"kind": "tnt", "tnt_mass": "2 t"},
    "weather": LEAK["weather"],
}  # fmt: skip


@pytest.fixture
def city(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "city") as client:
        yield client


@pytest.fixture
def firm(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "enterprise") as client:
        yield client


@pytest.fixture
def committee(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "committee") as client:
        yield client


def source_of(client: httpx.Client) -> tuple[str, dict[str, float]]:
    """A hazard source open to somebody and where it lies."""
    found = client.get("/api/map/hazard_sources").json()
    return found["keys"][0], {"lon": found["lon"][0], "lat": found["lat"][0]}


def kept(client: httpx.Client, given: dict[str, Any] = CHARGE, **more: Any) -> dict[str, Any]:
    key, place = source_of(client)
    wish = {"place": place, "hazard_source": key, **given}
    answer = client.post("/api/scenarios", json={"scenario": wish, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def features(client: httpx.Client, layer: str, code: str) -> list[dict[str, Any]]:
    asked = {"filter": f"{'code' if layer == 'scenarios' else 'scenario'} = '{code}'", "f": "json", "limit": "100"}
    answer = client.get(f"/ogc/api/collections/{layer}/items", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["features"]
    return found


def test_a_leak_is_kept_with_its_zones_files_and_courses(city: httpx.Client) -> None:
    key, place = source_of(city)
    near = {"lon": place["lon"] - 0.003, "lat": place["lat"] - 0.003}
    row = kept(city, LEAK, points=[near])
    told = city.get(f"/api/scenarios/{row['code']}").json()
    assert (told["hazard_source"], told["state"], told["made_by"]) == (key, "current", "王立,市应急管理局")
    assert told["enterprise"]
    assert told["result"]["receipt"]["fingerprint"] == told["fingerprint"]
    assert {one["name"].partition("-")[0] for one in told["files"]} == {"scenario.yaml", "result", "ground", "point"}
    for file in told["files"]:
        content = city.get(f"/api/files/{file['id']}")
        assert sha256(content.content) == file["sha256"]
    assert yaml.safe_load(told["yaml"])["title"] == LEAK["title"]
    zones = features(city, "scenario_zones", row["code"])
    assert {one["properties"]["title"] for one in zones} == {one["title"] for one in told["zones"]}
    assert all("未核实" in one["title"] for one in told["zones"] if not one["verified"])
    assert len(told["zones"]) == len(zones) > 1


def test_a_result_that_is_sent_along_is_not_looked_at(city: httpx.Client) -> None:
    honest = kept(city)
    forged = kept(
        city, fingerprint="0" * 64, verified=True, geojson={}, zones=[{"level": "AEGL-3", "distance": 1}],
        result={"zones": [], "verified": True},
    )  # fmt: skip
    one, two = (city.get(f"/api/scenarios/{row['code']}").json() for row in (honest, forged))
    assert one["fingerprint"] == two["fingerprint"]
    assert one["verified"] == two["verified"]
    assert [zone["distance"] for zone in one["zones"]] == [zone["distance"] for zone in two["zones"]]
    assert len(two["zones"]) > 1


def test_the_newest_stand_first_and_are_found_by_source_and_by_word(city: httpx.Client) -> None:
    first, second = kept(city, CHARGE | {"title": "甲号情景"}), kept(city, CHARGE | {"title": "乙号情景"})
    codes = [row["code"] for row in city.get("/api/scenarios").json()["rows"]]
    assert codes.index(second["code"]) < codes.index(first["code"])
    found = city.get("/api/scenarios", params={"q": "甲号"}).json()
    assert [row["code"] for row in found["rows"]] == [first["code"]]
    assert found["total"] == 1
    of_source = city.get("/api/scenarios", params={"hazard_source": first["hazard_source"]}).json()["rows"]
    assert {first["code"], second["code"]} <= {row["code"] for row in of_source}
    assert city.get("/api/scenarios", params={"hazard_source": "none"}).json()["rows"] == []


def test_two_scenarios_are_compared_line_by_line(city: httpx.Client) -> None:
    first, second = kept(city), kept(city, CHARGE | {"release": {"kind": "tnt", "tnt_mass": "3 t"}})
    told = city.get(f"/api/scenarios/{first['code']}/diff/{second['code']}").json()
    changed = [line for line in told["lines"] if line["mark"] != " "]
    assert [line["text"].strip() for line in changed] == ["tnt_mass: 2000.0", "tnt_mass: 3000.0"]
    assert city.get(f"/api/scenarios/{first['code']}/diff/{first['code']}").json()["same"]


def test_a_withdrawn_scenario_is_off_every_map_and_its_history_stays(city: httpx.Client) -> None:
    row = kept(city)
    code = row["code"]
    assert features(city, "scenario_zones", code)
    assert any(key.startswith(code) for key in city.get("/api/map/scenario_zones").json()["keys"])
    assert city.post(f"/api/scenarios/{code}/withdraw", json={"reason": ""}).status_code == 400
    gone = city.post(f"/api/scenarios/{code}/withdraw", json={"reason": "气象录入有误"})
    assert gone.status_code == 200, gone.text
    assert features(city, "scenario_zones", code) == []
    assert [one["properties"]["state"] for one in features(city, "scenarios", code)] == ["withdrawn"]
    on_map = {layer: city.get(f"/api/map/{layer}").json()["keys"] for layer in ("scenarios", "scenario_zones")}
    assert code in on_map["scenarios"]
    assert not any(key.startswith(code) for key in on_map["scenario_zones"])
    told = city.get(f"/api/scenarios/{code}").json()
    assert (told["state"], told["withdrawn_why"], told["may_change"]) == ("withdrawn", "气象录入有误", False)
    assert [one["state"] for one in told["versions"]] == ["withdrawn", "current"]
    assert len(told["files"]) == 3
    assert code in {one["code"] for one in city.get("/api/scenarios", params={"state": "withdrawn"}).json()["rows"]}
    for tail, body in (("withdraw", {"reason": "再撤一次"}), ("again", {})):
        assert city.post(f"/api/scenarios/{code}/{tail}", json=body).status_code == 409


def test_computed_again_both_versions_stay_and_the_fingerprint_is_compared(city: httpx.Client) -> None:
    row = kept(city)
    answer = city.post(f"/api/scenarios/{row['code']}/again", json={})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["version"], told["fingerprint_changed"], told["moved"]) == (2, False, False)
    versions = city.get(f"/api/scenarios/{row['code']}").json()["versions"]
    assert [one["version"] for one in versions] == [2, 1]
    results = {one["result_sha256"] for one in versions}
    files = {one["sha256"] for one in city.get(f"/api/scenarios/{row['code']}").json()["files"]}
    assert len(results) == 2
    assert results <= files


def test_the_kept_result_is_shown_as_the_workbench_shows_one(city: httpx.Client) -> None:
    row = kept(city)
    told = city.get(f"/api/scenarios/{row['code']}/answer").json()
    computed = city.post(
        "/api/planner/compute", json=city.get(f"/api/scenarios/{row['code']}").json()["scenario"]
    ).json()
    assert set(computed) | {"kept"} == set(told)
    assert told["zones"] == computed["zones"]
    assert told["fingerprint"] == row["fingerprint"]


def test_every_fault_is_named_and_a_place_outside_the_city_or_ones_area_is_refused(
    city: httpx.Client, written: Served
) -> None:
    _, place = source_of(city)
    nowhere = city.post("/api/scenarios", json={"scenario": CHARGE | {"place": {"lon": 10.0, "lat": 50.0}}})
    assert nowhere.status_code == 422
    assert [fault["field"] for fault in nowhere.json()["faults"]] == ["place"]
    wrong = city.post("/api/scenarios", json={"scenario": CHARGE | {"place": place, "hazard_source": "none"}})
    assert [fault["field"] for fault in wrong.json()["faults"]] == ["hazard_source"]
    bad = city.post("/api/scenarios", json={"scenario": CHARGE | {"place": place}, "points": [{"lon": 1}]})
    assert [fault["field"] for fault in bad.json()["faults"]] == ["points"]
    assert city.post("/api/scenarios", json={}).status_code in (400, 422)
    with signed_in(written.address, "town") as town:
        elsewhere = town.post("/api/scenarios", json={"scenario": CHARGE | {"place": {"lon": 121.55, "lat": 33.25}}})
    assert elsewhere.status_code in (403, 422), elsewhere.text


def test_an_enterprise_keeps_its_own_and_meets_its_own_alone(firm: httpx.Client, city: httpx.Client) -> None:
    mine = kept(firm)
    assert mine["enterprise"] == "91990106MATYEK5E8U"
    other = next(
        kept(city, CHARGE | {"hazard_source": key, "place": {"lon": lon, "lat": lat}})
        for key, lon, lat in _sources(city)
        if key not in {key for key, _, _ in _sources(firm)}
    )
    assert {row["enterprise"] for row in firm.get("/api/scenarios").json()["rows"]} == {mine["enterprise"]}
    assert features(firm, "scenarios", other["code"]) == features(firm, "scenario_zones", other["code"]) == []
    assert features(firm, "scenario_zones", mine["code"])
    for path in (f"/api/scenarios/{other['code']}", f"/api/scenarios/{other['code']}/answer"):
        assert firm.get(path).status_code == 404
    assert firm.post(f"/api/scenarios/{other['code']}/withdraw", json={"reason": "不是我的"}).status_code == 404
    stolen = CHARGE | {"place": {"lon": mine["lon"], "lat": mine["lat"]}, "hazard_source": other["hazard_source"]}
    assert firm.post("/api/scenarios", json={"scenario": stolen}).status_code == 422


def _sources(client: httpx.Client) -> list[tuple[str, float, float]]:
    found = client.get("/api/map/hazard_sources").json()
    return list(zip(found["keys"], found["lon"], found["lat"], strict=True))


def test_who_may_not_write_withdraws_only_what_is_their_own(
    city: httpx.Client, committee: httpx.Client, firm: httpx.Client
) -> None:
    theirs, own, of_firm = kept(city), kept(committee), kept(firm)
    of_regulator = kept(city, CHARGE | {"hazard_source": of_firm["hazard_source"],
                                        "place": {"lon": of_firm["lon"], "lat": of_firm["lat"]}})  # fmt: skip
    because = {"reason": "演练结束"}
    assert committee.post(f"/api/scenarios/{theirs['code']}/withdraw", json=because).status_code == 403
    assert firm.post(f"/api/scenarios/{of_regulator['code']}/withdraw", json=because).status_code == 403
    assert committee.post(f"/api/scenarios/{own['code']}/withdraw", json=because).status_code == 200
    assert city.post(f"/api/scenarios/{of_firm['code']}/withdraw", json=because).status_code == 200


@pytest.mark.parametrize("login", ["public", "intermediary"])
def test_neither_the_public_nor_an_intermediary_knows_of_them(written: Served, city: httpx.Client, login: str) -> None:
    row = kept(city)
    with signed_in(written.address, login) as client:
        assert client.get("/api/scenarios").status_code == 403
        assert client.get("/ogc/api/collections/scenarios/items", params={"f": "json"}).status_code == 404
        assert client.get(f"/api/feature/scenarios/{row['code']}").status_code == 404
        assert client.get("/api/files", params={"layer": "scenarios", "key": row["code"]}).status_code == 404
        assert client.get("/api/search", params={"q": row["code"]}).json()["hits"] == []


def test_who_read_a_scenario_is_on_record(written: Served, city: httpx.Client) -> None:
    row = kept(city)
    city.get(f"/api/scenarios/{row['code']}")
    with signed_in(written.address, "auditor") as auditor:
        told = auditor.get("/api/audit", params={"layer": "scenarios", "key": row["code"]}).json()
    assert ("city", "scenarios") in {(one["actor"], one["what"]) for one in told["entries"]}, str(told)[:500]


def batch(client: httpx.Client, **asked: Any) -> tuple[dict[str, Any], bytes]:
    """A batch of a leak at a hazard source of one's own, followed to its end: its summary and its table."""
    _, place = source_of(client)
    order = client.post(
        "/api/jobs", json={"kind": "scenario-sweep", "asked": {"scenario": LEAK | {"place": place}, **asked}}
    )
    assert order.status_code == 202, order.text
    job = order.json()["id"]
    told = until(
        lambda: client.get(f"/api/jobs/{job}").json(), lambda told: told["state"] not in ("queued", "running"), 240
    )
    assert told["state"] == "done", told
    with zipfile.ZipFile(io.BytesIO(client.get(f"/api/jobs/{job}/file").content)) as packed:
        return json.loads(packed.read("summary.json")), packed.read("weathers.csv")


def test_who_may_plan_orders_a_batch_and_counts_people_in_each_weather(firm: httpx.Client, city: httpx.Client) -> None:
    told, table = batch(firm, vary={"wind_speed": [2.0, 5.0], "wind_from": [0.0, 90.0, 180.0]}, people=True)
    assert told["weathers"] == 6
    assert all(level["worst"]["residents"] is not None for level in told["levels"])
    assert b"level_1_residents" in table
    job = firm.get("/api/jobs").json()["jobs"][0]["id"]
    for path in (f"/api/jobs/{job}", f"/api/jobs/{job}/file"):
        assert city.get(path).status_code == 404
    assert firm.post("/api/jobs", json={"kind": "export", "asked": {}}).status_code == 403


def test_a_batch_over_the_wind_rose_has_shares_of_the_time(city: httpx.Client) -> None:
    told, _ = batch(city, rose=True)
    assert told["by_frequency"]
    assert told["weathers"] > 8


def test_an_enterprise_learns_no_login_of_the_authority(firm: httpx.Client, city: httpx.Client) -> None:
    key, place = source_of(firm)
    row = kept(city, CHARGE | {"hazard_source": key, "place": place})
    told = firm.get(f"/api/scenarios/{row['code']}").json()
    seen = features(firm, "scenarios", row["code"])[0]["properties"]
    assert (told["made_by"], [one["actor"] for one in told["versions"]]) == ("王立,市应急管理局", [""])
    assert told["account"] == seen["account"] != "city"
    assert [one["actor"] for one in city.get(f"/api/scenarios/{row['code']}").json()["versions"]] == ["city"]


def test_a_key_reads_kept_scenarios_at_the_services_and_opens_no_door_of_the_workbench(
    written: Served, city: httpx.Client
) -> None:
    row = kept(city)
    give_key(written.data, "city", KEY)
    with httpx.Client(base_url=written.address, headers={"authorization": f"Bearer {KEY}"}, timeout=60) as program:
        assert features(program, "scenarios", row["code"])[0]["properties"]["fingerprint"] == row["fingerprint"]
        job = {"kind": "scenario-sweep", "asked": {"scenario": charge_at(row), "vary": {"wind_speed": [3.0]}}}
        for path, body in (
            ("/api/scenarios", {"scenario": charge_at(row)}), ("/api/jobs", job),
            (f"/api/scenarios/{row['code']}/withdraw", {"reason": "程序撤回"}),
            (f"/api/scenarios/{row['code']}/again", {}),
        ):  # fmt: skip
            assert program.post(path, json=body).status_code == 403, path
        for path in (f"/api/scenarios/{row['code']}", f"/api/scenarios/{row['code']}/answer", "/api/jobs/none"):
            assert program.get(path).status_code == 403, path


def charge_at(row: dict[str, Any]) -> dict[str, Any]:
    """The scenario of a row, at its place."""
    return CHARGE | {"place": {"lon": row["lon"], "lat": row["lat"]}}
