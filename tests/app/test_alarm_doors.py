"""Alarms at the doors: who sees which, who may act, and of two who act the second is told who was first."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.demo_accounts import FIRMS
from core.clock import iso
from tests.alarmed import Told, sensors_of, tell
from tests.app.test_doors import signed_in
from tests.conftest import ROOT
from tests.server import Served

PARK = "990106"


def in_rows(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Columns as rows by number, words of repeated ones filled in."""
    columns = answer["columns"]
    rows: dict[str, dict[str, Any]] = {code: {} for code in columns["code"]}
    for name, column in columns.items():
        values = [column["of"][n] for n in column["at"]] if isinstance(column, dict) else column
        for row, value in zip(rows.values(), values, strict=True):
            row[name] = value
    return rows


def listed(client: httpx.Client, **query: str) -> dict[str, Any]:
    answer = client.get("/api/alarms", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def points(data: Path, area: str = PARK) -> list[str]:
    return sensors_of(data, area=area)


def test_what_stands_is_listed_with_its_clock_and_counted(written: Served) -> None:
    point = points(written.data)[0]
    with signed_in(written.address, "city") as city:
        (code,) = tell(written.data, [Told(point, level=1, ago=700.0)])
        answer = listed(city)
        rows = in_rows(answer)
    row, red = rows[code], [one for one in rows.values() if (one["level"], one["state"]) == (1, "raised")]
    assert (row["level"], row["state"], row["value"], row["limit"], row["unit"]) == (1, "raised", 91.2, 85.0, "%")
    assert (row["tier"], row["due"] - row["last_raised_at"]) == ("town", 1_800_000)
    assert answer["counts"]["1"]["raised"] == len(red)
    assert answer["may_act"] is True
    assert answer["load"]["day"] >= 1
    assert answer["names"]["enterprise"][row["enterprise"]]


def test_of_two_who_acknowledge_the_second_is_told_who_was_first(written: Served) -> None:
    (code,) = tell(written.data, [Told(points(written.data)[1])])
    with signed_in(written.address, "city") as city, signed_in(written.address, "duty") as duty:
        seen = in_rows(listed(duty, codes=code))[code]["version"]
        done = city.post(f"/api/alarms/{code}/ack", json={"version": seen})
        assert (done.status_code, done.json()["state"]) == (200, "acknowledged")
        late = duty.post(f"/api/alarms/{code}/ack", json={"version": seen})
        assert late.status_code == 409
        assert "王立" in late.json()["title"]
        row = in_rows(listed(duty, codes=code))[code]
    assert row["acknowledged_by"].startswith("王立")
    assert row["due"] == 0


def test_the_whole_life_is_told_on_the_card(written: Served) -> None:
    point = points(written.data)[2]
    (code,) = tell(written.data, [Told(point, ago=300.0)])
    with signed_in(written.address, "duty") as duty:
        until = iso(datetime.now(UTC) + timedelta(hours=2))
        put = duty.post(f"/api/alarms/{code}/shelve", json={"version": 1, "reason": "仪表校准", "until": until})
        assert put.json()["state"] == "shelved"
        assert duty.post(f"/api/alarms/{code}/unshelve", json={"version": 2}).json()["state"] == "raised"
        assert duty.post(f"/api/alarms/{code}/ack", json={"version": 3}).status_code == 200
        early = duty.post(f"/api/alarms/{code}/close", json={"version": 4, "outcome": "阀门内漏,已更换"})
        assert (early.status_code, "尚未恢复" in early.text) == (409, True)
        tell(written.data, [Told(point, ago=0.0, to="normal", value=60.0)])
        end = duty.post(f"/api/alarms/{code}/close", json={"version": 5, "outcome": "阀门内漏,已更换"})
        assert end.json()["state"] == "closed"
        card = duty.get(f"/api/alarms/{code}").json()
        assert code not in in_rows(listed(duty))
    steps = [(step["event"], step["actor"].partition(",")[0]) for step in card["steps"]]
    assert [event for event, _ in steps] == ["closed", "cleared", "acknowledged", "unshelved", "shelved", "raised"]
    assert ("shelved", "何川") in steps
    assert ("cleared", "系统") in steps
    assert card["said"]["outcome"] == "阀门内漏,已更换"
    assert card["point"]["limits"]
    assert card["point"]["curve"]["value"]
    assert card["calls"]["name"]
    assert any(person["phone"] for person in card["calls"]["people"])


def test_a_false_alarm_is_a_state_of_its_own_counted_as_false_and_taken_back(written: Served) -> None:
    (code,) = tell(written.data, [Told(points(written.data)[5], ago=300.0)])
    with signed_in(written.address, "duty") as duty:
        before = listed(duty)["load"]
        assert duty.post(f"/api/alarms/{code}/false", json={"version": 1, "reason": "标定气体"}).status_code == 409
        assert duty.post(f"/api/alarms/{code}/ack", json={"version": 1}).status_code == 200
        done = duty.post(f"/api/alarms/{code}/false", json={"version": 2, "reason": "标定气体"})
        assert (done.status_code, done.json()["state"]) == (200, "false")
        answer = listed(duty)
        row = in_rows(answer)[code]
        assert (row["state"], row["false_why"], row["false_by"].partition(",")[0]) == ("false", "标定气体", "何川")
        assert answer["counts"]["2"]["false"] >= 1
        after = answer["load"]
        assert (after["false"] - before["false"], after["handled"] - before["handled"]) == (1, 0)
        closing = duty.post(f"/api/alarms/{code}/close", json={"version": 3, "outcome": "已校准"})
        assert (closing.status_code, "撤销误报" in closing.json()["title"]) == (409, True)
        with signed_in(written.address, "committee") as committee:
            assert committee.post(f"/api/alarms/{code}/unfalse", json={"version": 3}).status_code == 403
        assert duty.post(f"/api/alarms/{code}/unfalse", json={"version": 3}).json()["state"] == "acknowledged"
        assert listed(duty)["load"]["false"] == before["false"]
        card = duty.get(f"/api/alarms/{code}").json()
    assert [step["event"] for step in card["steps"]] == ["true", "false", "acknowledged", "raised"]
    assert card["steps"][1]["actor"].startswith("何川")


def test_who_may_not_see_or_act_is_refused(written: Served) -> None:
    (code,) = tell(written.data, [Told(points(written.data)[3])])
    (north,) = tell(written.data, [Told(points(written.data, "990104")[0])])
    with signed_in(written.address, "district") as district:
        seen = in_rows(listed(district))
        assert code in seen
        assert north not in seen
        assert district.get(f"/api/alarms/{north}").status_code == 404
        assert district.post(f"/api/alarms/{north}/ack", json={"version": 1}).status_code == 404
    with signed_in(written.address, "committee") as committee:
        answer = listed(committee)
        assert answer["may_act"] is False
        assert committee.post(f"/api/alarms/{code}/ack", json={"version": 1}).status_code == 403
        people = committee.get(f"/api/alarms/{code}").json()["calls"]["people"]
        assert people
        assert not any(person["phone"] for person in people)
        assert all(person["kept"] for person in people)
    with signed_in(written.address, "public") as public:
        assert public.get("/api/alarms").status_code == 403
    with signed_in(written.address, "enterprise") as firm:
        assert code not in in_rows(listed(firm))


def test_an_enterprise_answers_for_its_own_points_and_those_on_duty_see_it(written: Served) -> None:
    (firm,) = FIRMS
    mine = sensors_of(written.data, enterprise=firm, kind="")[0]
    foreign = next(one for one in points(written.data) if one not in sensors_of(written.data, enterprise=firm, kind=""))
    code, other = tell(written.data, [Told(mine, level=1), Told(foreign, level=1)])
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=30)
    said = {"cause": "密封垫老化", "measure": "已切断并堵漏", "until": iso(until)}
    with signed_in(written.address, "enterprise") as owner, signed_in(written.address, "duty") as duty:
        answer = listed(owner)
        assert (answer["may_act"], answer["may_answer"], other in in_rows(answer)) == (False, True, False)
        for act, body in (("receive", {"version": 1}), ("answer", {"version": 1} | said)):
            assert owner.post(f"/api/alarms/{other}/{act}", json=body).status_code == 404
            assert duty.post(f"/api/alarms/{code}/{act}", json=body).status_code == 403
        for act, body in (("ack", {"version": 1}), ("false", {"version": 1, "reason": "标定气体"})):
            assert owner.post(f"/api/alarms/{code}/{act}", json=body).status_code == 403
        before = in_rows(listed(duty))[code]
        assert owner.post(f"/api/alarms/{code}/receive", json={"version": 1}).json()["state"] == "raised"
        late = owner.post(f"/api/alarms/{code}/receive", json={"version": 2})
        assert (late.status_code, "赵强" in late.json()["title"]) == (409, True)
        done = owner.post(f"/api/alarms/{code}/answer", json={"version": 2} | said)
        assert done.status_code == 200, done.text
        row = in_rows(listed(duty))[code]
        assert before["due"] > 0
        assert (before["held"], row["held"], row["due"], row["state"]) == (False, True, 0, "raised")
        assert (row["answered_by"].partition(",")[0], row["answer_until"]) == ("赵强", int(until.timestamp() * 1000))
        card = duty.get(f"/api/alarms/{code}").json()
        assert duty.post(f"/api/alarms/{code}/ack", json={"version": 3}).json()["state"] == "acknowledged"
        picture = (ROOT / "docs" / "images" / "alarms-phone.png").read_bytes()
        where = {"layer": "alarms", "key": code, "name": "现场.png"}
        assert owner.post("/api/files", params=where, content=picture).status_code == 201
        assert owner.post("/api/files", params=where | {"key": other}, content=picture).status_code == 404
        kept = duty.get("/api/files", params={"layer": "alarms", "key": code}).json()["files"]
        with signed_in(written.address, "intermediary") as adviser:
            assert adviser.post(f"/api/alarms/{code}/receive", json={"version": 4}).status_code == 403
    assert (card["said"]["answer_cause"], card["said"]["answer_measure"]) == ("密封垫老化", "已切断并堵漏")
    assert [step["event"] for step in card["steps"]][:2] == ["answered", "received"]
    assert card["steps"][0]["actor"].startswith("赵强")
    assert [one["name"] for one in kept] == ["现场.png"]


def test_an_enterprise_writes_nothing_but_what_answers(written: Served) -> None:
    """It may write the layer of alarms, so every other door that writes rows is asked whether it lets it in."""
    (firm,) = FIRMS
    (code,) = tell(written.data, [Told(sensors_of(written.data, enterprise=firm, kind="")[1], condition="H")])
    with signed_in(written.address, "enterprise") as owner:
        for path in (f"/ogc/api/collections/alarms/items/{code}", "/ogc/api/collections/sensors/items/none"):
            assert owner.request("PATCH", path, json={"properties": {"state": "closed"}}).status_code in (403, 404)
            assert owner.delete(path).status_code in (403, 404)
        assert owner.post("/api/rules", json={}).status_code == 403
        assert owner.post("/api/weather/manual", json={}).status_code == 403
        row = in_rows(listed(owner))[code]
    assert (row["state"], row["version"]) == ("raised", 1)


@pytest.mark.parametrize(
    ("act", "body", "named"),
    [
        ("ack", {}, "version"),
        ("ack", {"version": 1, "reason": "x"}, "reason"),
        ("shelve", {"version": 1, "reason": "校准"}, "until"),
        ("shelve", {"version": 1, "reason": "校准", "until": "明天"}, "until"),
        ("close", {"version": 1, "outcome": ""}, "outcome"),
        ("false", {"version": 1}, "reason"),
    ],
)
def test_what_is_wrong_is_named(written: Served, act: str, body: dict[str, Any], named: str) -> None:
    with signed_in(written.address, "city") as city:
        answer = city.post(f"/api/alarms/BJ20260101-000000000000/{act}", json=body)
    assert answer.status_code == 400
    assert named in answer.json()["title"]


def test_nothing_is_shelved_for_longer_than_the_practice_allows(written: Served) -> None:
    (code,) = tell(written.data, [Told(points(written.data)[4])])
    until = iso(datetime.now(UTC) + timedelta(hours=9))
    with signed_in(written.address, "city") as city:
        answer = city.post(f"/api/alarms/{code}/shelve", json={"version": 1, "reason": "仪表校准", "until": until})
    assert answer.status_code == 409
    assert "最长 8 小时" in answer.json()["title"]
