"""The registry of devices at its doors: found and sorted there, secrets shown once, and nobody else's at all."""

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from app.auth.opening import open_identity
from app.demo.devices import DISTRICTS, EACH
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue import CATALOGUE, DEVICES
from layers.catalogue.devices import Device
from store.feed import Put
from store.opening import open_store
from tests.app.test_doors import signed_in
from tests.server import Served

MINE = "TEST-PAGE-1"
PARK, ELSEWHERE = DISTRICTS


@pytest.fixture(scope="module")
def device(written: Served) -> Iterator[str]:
    """A device of this module's own, gone out of use afterwards."""
    with closing(open_store(written.data, None, CATALOGUE, utc_now)) as store:
        found = Device(code=MINE, name="测试网关", area=PARK, sensitivity=Sensitivity.INTERNAL)
        store.commit([Put(layer=DEVICES.id, record=found)], actor=SYSTEM_ACTOR, reason="测试", scope=SYSTEM_SCOPE)
        yield MINE


@pytest.fixture(scope="module")
def city(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "city") as browser:
        yield browser


def codes(client: httpx.Client, **wish: str) -> list[str]:
    answer = client.get("/api/devices", params=wish)
    assert answer.status_code == 200, answer.text
    return [row["code"] for row in answer.json()["rows"]]


def test_devices_are_found_and_sorted_by_the_server(city: httpx.Client, device: str) -> None:
    whole = city.get("/api/devices").json()
    demo = [row for row in whole["rows"] if row["code"].startswith("SB")]
    assert len(demo) == EACH * len(DISTRICTS)
    assert codes(city, q="test-page") == [device]
    assert set(codes(city, area=ELSEWHERE)) == {row["code"] for row in demo if row["code"].startswith(f"SB{ELSEWHERE}")}
    assert {row["due"] for row in city.get("/api/devices", params={"due": "soon"}).json()["rows"]} == {"soon"}
    assert whole["counts"]["due_soon"] == len(codes(city, due="soon"))
    dates = [row["calibrated_until"] for row in city.get("/api/devices", params={"sort": "due"}).json()["rows"]]
    assert dates == sorted(dates)
    assert dates[0] == ""  # what nobody registered stands before what is due
    down = codes(city, sort="points", down="1")
    most = max(whole["rows"], key=lambda row: row["points"])["points"]
    assert next(row for row in whole["rows"] if row["code"] == down[0])["points"] == most
    point = city.get("/api/devices/row", params={"code": demo[0]["code"]}).json()["carried"][0]
    assert demo[0]["code"] in codes(city, point=point["code"])
    assert point["state"] in ("known", "doubtful", "unknown")
    assert city.get("/api/devices", params={"sort": "secret"}).status_code == 400


def test_a_secret_is_shown_once_and_opens_the_door_of_readings_until_the_device_is_disabled(
    city: httpx.Client, written: Served, device: str
) -> None:
    assert city.post("/api/devices/secret", json={"code": device}).status_code == 400
    made = city.post("/api/devices/secret", json={"code": device, "reason": "换机"})
    assert made.status_code == 200, made.text
    secret = made.json()["secret"]
    row = city.get("/api/devices/row", params={"code": device})
    assert row.json()["secret"]["by"]
    assert secret not in row.text
    report = {"content-type": "application/json", "authorization": f"Bearer {secret}"}

    def reported() -> int:
        with httpx.Client(base_url=written.address, headers=report) as site:
            return site.post("/api/readings", content=b"[]").status_code

    assert reported() not in (401, 403)
    version = row.json()["version"]
    off = {"code": device, "version": version, "state": "retired", "reason": "报废"}
    assert city.post("/api/devices/state", json=off).json()["state"] == "retired"
    assert reported() in (401, 403)
    again = city.post("/api/devices/secret", json={"code": device, "reason": "换机"})
    assert (again.status_code, "已停用" in again.json()["title"]) == (409, True)
    on = off | {"version": version + 1, "state": "in_use", "reason": "修复"}
    back = city.post("/api/devices/state", json=on).json()
    assert (back["state"], back["secret"], [step["reason"] for step in back["history"]]) == (
        "in_use", None, ["修复", "报废", "测试"],
    )  # fmt: skip
    assert city.post("/api/devices/state", json=on).status_code == 409
    with closing(open_identity(written.data, None)) as identity:
        assert identity.devices.given(device) is None


def test_nobody_meets_or_changes_a_device_beyond_their_rights(city: httpx.Client, written: Served, device: str) -> None:
    other = codes(city, area=ELSEWHERE)[0]
    asked = {"code": other, "reason": "换机"}
    off = asked | {"version": 1, "state": "retired"}
    with signed_in(written.address, "district") as district:
        assert other not in codes(district)
        assert device in codes(district)
        assert district.get("/api/devices/row", params={"code": other}).status_code == 404
        assert district.post("/api/devices/secret", json=asked).status_code == 404
        assert district.post("/api/devices/state", json=off).status_code == 404
    with signed_in(written.address, "committee") as reader:
        assert other in codes(reader)
        assert reader.get("/api/devices").json()["may_write"] is False
        assert reader.post("/api/devices/secret", json=asked).status_code == 403
        assert reader.post("/api/devices/state", json=off).status_code == 403
    with signed_in(written.address, "enterprise") as firm:
        assert not {other, device} & set(codes(firm))
        assert firm.get("/api/devices/export").status_code == 403
    with signed_in(written.address, "public") as public:
        assert public.get("/api/devices").status_code == 403


def test_the_list_is_taken_out_as_csv_and_that_is_recorded(city: httpx.Client, written: Served) -> None:
    answer = city.get("/api/devices/export", params={"area": ELSEWHERE, "sort": "due"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("设备编码,名称,类型,状态")
    assert [line.split(",")[0] for line in lines[1:]] == codes(city, area=ELSEWHERE, sort="due")
    with signed_in(written.address, "auditor") as auditor:
        found = auditor.get("/api/audit", params={"kind": "export", "limit": "1"}).json()
    assert "devices" in str(found)
