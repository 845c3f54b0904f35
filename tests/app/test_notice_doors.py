"""Notices and the calendar published through the door: own areas only, faults by field, one version after another."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.app.test_doors import signed_in
from tests.server import Served

NOTICE = {
    "title": "关于汛期值守的通知", "body": "各单位落实领导带班。\n紧急情况立即报告。",
    "issued_by": "盐港新区应急管理局",
    "area": "990106", "audience": ["regulator", "enterprise"], "sensitivity": 1,
}  # fmt: skip
ENTRY = {"title": "汛期会商", "starts_at": "2027-06-01T09:00:00+08:00", "area": "990106", "audience": []}


@pytest.fixture
def district(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "district") as client:
        yield client


@pytest.fixture
def firm(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "enterprise") as client:
        yield client


def published(client: httpx.Client, board: str = "notices", **more: object) -> dict[str, Any]:
    answer = client.post(f"/api/{board}", json=(NOTICE if board == "notices" else ENTRY) | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def faults(answer: httpx.Response) -> dict[str, dict[str, str]]:
    assert answer.status_code == 422, answer.text
    return {fault["field"]: fault for fault in answer.json()["faults"]}


def told(client: httpx.Client, code: str) -> dict[str, Any] | None:
    found = client.get("/api/portal/notices").json()["notices"]
    return next((one for one in found if one["code"] == code), None)


def test_a_notice_is_told_to_its_readers_until_it_is_withdrawn(district: httpx.Client, firm: httpx.Client) -> None:
    code = published(district)["code"]
    assert told(firm, code) is not None
    gone = district.post("/api/notices/withdraw", json={"code": code, "version": 1, "reason": "内容有误"})
    assert gone.status_code == 200
    assert told(firm, code) is None
    kept = district.get("/api/notices/history", params={"code": code}).json()["steps"]
    assert [(step["change"], step["actor"], step["reason"]) for step in kept] == [
        ("put", "district", "发布通知公告"), ("delete", "district", "内容有误"),
    ]  # fmt: skip
    (last, *_) = district.get("/api/notices/withdrawn").json()["rows"]
    assert (last["code"], last["state"], last["reason"]) == (code, "withdrawn", "内容有误")


def test_what_was_read_is_known_to_another_browser_and_a_correction_is_read_anew(
    written: Served, district: httpx.Client, firm: httpx.Client
) -> None:
    code = published(district)["code"]
    before = firm.get("/api/portal/notices").json()["unread"]
    assert firm.post("/api/portal/notices/read", json={"code": code}).status_code == 200
    with signed_in(written.address, "enterprise") as other:
        assert other.get("/api/portal/notices").json()["unread"] == before - 1
        assert told(other, code)["unread"] is False  # type: ignore[index]
    assert told(district, code)["unread"] is True  # type: ignore[index]
    change = {"code": code, "version": 1, "title": "关于汛期值守的通知(修订)", "reason": "补充要求"}
    assert district.post("/api/notices/correct", json=change).status_code == 200
    again = told(firm, code)
    assert again is not None
    assert (again["unread"], again["title"], again["body"]) == (True, change["title"], NOTICE["body"])


def test_an_edit_of_what_somebody_changed_meanwhile_is_refused_with_a_sentence(district: httpx.Client) -> None:
    code = published(district)["code"]
    change = {"code": code, "version": 1, "title": "甲", "reason": "先改"}
    assert district.post("/api/notices/correct", json=change).status_code == 200
    late = district.post("/api/notices/correct", json=change | {"title": "乙"})
    assert late.status_code == 409
    assert "已被他人修改(现为第 2 版,您看到的是第 1 版)" in late.json()["title"]
    assert district.post("/api/notices/withdraw", json=change | {"reason": "撤"}).status_code in (400, 409)
    stale = {"code": code, "version": 1, "reason": "撤回"}
    assert district.post("/api/notices/withdraw", json=stale).status_code == 409


def test_every_fault_is_named_at_its_field_with_the_value_and_what_is_allowed(district: httpx.Client) -> None:
    wrong = NOTICE | {
        "title": "", "kind": "rumour", "published_at": "明天", "area": "990104", "audience": ["martian"],
        "sensitivity": 3, "issued_by": "长" * 81, "expires_on": "2026-13-01", "body": "\x00",
    }  # fmt: skip
    found = faults(district.post("/api/notices", json=wrong))
    assert set(found) == {
        "title", "kind", "published_at", "area", "audience", "sensitivity", "issued_by", "expires_on", "body",
    }  # fmt: skip
    assert (found["area"]["value"], found["audience"]["value"]) == ("990104", "martian")
    assert "盐港新区" in found["area"]["rule"]
    assert "regulator" in found["audience"]["rule"]
    early = NOTICE | {"published_at": "2027-06-01T09:00:00+08:00", "expires_on": "2027-05-31"}
    assert "2027-06-01 09:00" in faults(district.post("/api/notices", json=early))["expires_on"]["rule"]
    ends = faults(district.post("/api/schedules", json=ENTRY | {"ends_at": ENTRY["starts_at"]}))["ends_at"]
    assert "应晚于开始时间 2027-06-01 09:00" in ends["rule"]
    code = published(district)["code"]
    silent = district.post("/api/notices/withdraw", json={"code": code, "version": 1, "reason": ""})
    assert "2 至 200" in faults(silent)["reason"]["rule"]


def test_nobody_publishes_corrects_or_withdraws_outside_their_own_areas(
    written: Served, district: httpx.Client
) -> None:
    with signed_in(written.address, "city") as city:
        code = published(city, area="990100")["code"]
    change = {"code": code, "version": 1, "reason": "越权"}
    for door, more in (("correct", {"title": "改"}), ("withdraw", {})):
        refused = district.post(f"/api/notices/{door}", json=change | more)
        assert refused.status_code == 403
        assert "不在您的辖区内" in refused.json()["title"]
    assert district.get("/api/notices/history", params={"code": code}).status_code == 403
    assert code not in [row["code"] for row in district.get("/api/notices").json()["rows"]]
    for area in ("990104", "990100", "9901", "", None):
        assert "area" in faults(district.post("/api/notices", json=NOTICE | {"area": area}))
    own = published(district)["code"]
    moved = {"code": own, "version": 1, "area": "990104", "reason": "移走"}
    assert "area" in faults(district.post("/api/notices/correct", json=moved))


def test_a_number_is_given_once_and_what_is_for_the_public_is_public(district: httpx.Client) -> None:
    code = "盐应急〔2026〕12号"
    assert published(district, code=code)["code"] == code
    assert district.post("/api/notices", json=NOTICE | {"code": code}).status_code == 409
    wrong = NOTICE | {"audience": ["public"], "sensitivity": 1}
    assert faults(district.post("/api/notices", json=wrong))["sensitivity"]["value"] == "1"
    open_one = published(district, audience=["public"], sensitivity=0)["code"]
    told_to_all = httpx.get(f"{district.base_url}/api/public/notices", timeout=60).json()["notices"]
    assert open_one in [one["code"] for one in told_to_all]


def test_what_is_not_sent_stays_and_nonsense_is_refused(district: httpx.Client) -> None:
    code = published(district, expires_on="2099-01-01")["code"]
    pinned = {"code": code, "version": 1, "pinned": True, "reason": "置顶"}
    assert district.post("/api/notices/correct", json=pinned).json()["version"] == 2
    (row,) = [row for row in district.get("/api/notices").json()["rows"] if row["code"] == code]
    assert (row["pinned"], row["expires_on"], row["audience"]) == (True, "2099-01-01", NOTICE["audience"])
    for door in ("correct", "withdraw"):
        for wrong in (
            {}, {"code": 1}, {"code": "\x00", "version": 1}, {"code": code, "version": "1"},
            {"code": code, "version": 2, "reason": "ok", "nonsense": 1},
        ):  # fmt: skip
            assert district.post(f"/api/notices/{door}", json=wrong).status_code == 400, wrong
    assert district.post("/api/portal/notices/read", json={"code": "\x00"}).status_code == 400
    assert district.post("/api/portal/notices/read", json={"code": "none"}).status_code == 404
    wrong = NOTICE | {"published_at": "0001-01-01T00:00:00+08:00", "pinned": 3, "title": [], "area": {"a": 1}}
    assert set(faults(district.post("/api/notices", json=wrong))) == {"published_at", "pinned", "title", "area"}


def test_an_administrator_publishes_although_the_role_changes_no_layer(written: Served) -> None:
    with signed_in(written.address, "admin") as admin:
        code = published(admin, area="990100")["code"]
        assert admin.post(
            "/api/notices/withdraw", json={"code": code, "version": 1, "reason": "试发"}
        ).status_code == 200  # fmt: skip


def test_an_entry_of_the_calendar_is_entered_corrected_and_withdrawn(district: httpx.Client) -> None:
    code = published(district, "schedules")["code"]
    change = {"code": code, "version": 1, "place": "指挥中心", "reason": "改地点"}
    assert district.post("/api/schedules/correct", json=change).json()["version"] == 2
    (row,) = [row for row in district.get("/api/schedules").json()["rows"] if row["code"] == code]
    assert (row["place"], row["state"], row["title"]) == ("指挥中心", "coming", ENTRY["title"])
    kept = district.get("/api/schedules/history", params={"code": code}).json()["steps"]
    assert kept[-1]["changed"] == ["地点"]
    gone = district.post("/api/schedules/withdraw", json={"code": code, "version": 2, "reason": "取消"})
    assert gone.status_code == 200
