"""Events on video at their doors: judged once, a false one told no more, a true one checked."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.auth.signing import SCHEME, Signed, signature
from casework.terms import local_day
from core.actors import SYSTEM_ACTOR
from core.clock import iso, utc_now
from core.scope import SYSTEM_SCOPE
from core.texts import Lang
from dashboards.queries.violations import Wish, listed, one_event
from layers.catalogue import CAMERAS, CATALOGUE, DEVICES, VIOLATIONS
from store.attachments import Cabinet
from store.feed import Put
from store.opening import open_store
from store.query import Query
from tests.app.test_doors import signed_in
from tests.server import Served
from tests.video.telling import ELSEWHERE, PICTURE, Tell, telling


@pytest.fixture(scope="module")
def tell(written: Served) -> Iterator[Tell]:
    """What a worker tells this module's server."""
    with telling(written.data) as told:
        yield told


def row(client: httpx.Client, code: str) -> dict[str, Any]:
    answer = client.get("/api/violations/row", params={"code": code})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def accuracy(client: httpx.Client) -> dict[str, Any]:
    told = client.get("/api/violations/accuracy").json()
    (found,) = [one for one in told["kinds"] if one["kind"] == "intrusion"]
    return dict(found)


def test_of_two_who_judge_at_once_one_wins_and_what_is_false_is_not_told_again_until_it_is_taken_back(
    written: Served, tell: Tell
) -> None:
    event = tell(box=(200, 10, 260, 90))
    assert event is not None
    with signed_in(written.address, "city") as city, signed_in(written.address, "district") as district:
        seen = row(district, event.code)
        assert seen["verdict"] == "pending"
        assert [file["type"] for file in seen["files"]] == ["image/jpeg"]
        said = {"code": event.code, "version": seen["version"], "verdict": "rejected", "reason": "glare",
                "remark": "树影", "quiet": True}  # fmt: skip
        for wrong in ({"reason": ""}, {"reason": "other", "remark": " "}, {"verdict": "confirmed", "quiet": False}):
            assert district.post("/api/violations/judge", json=said | wrong).status_code in (400, 422), wrong
        first = district.post("/api/violations/judge", json=said)
        assert first.status_code == 200, first.text
        assert (first.json()["judged"]["reason"], first.json()["judged"]["remark"]) == ("反光或遮挡", "树影")
        second = city.post("/api/violations/judge", json=said | {"verdict": "confirmed", "reason": "", "quiet": False})
        assert second.status_code == 409
        assert "他人刚刚处理" in second.text
        assert tell(box=(203, 12, 262, 92)) is None, "the same kind at the same place"
        assert tell(box=(300, 10, 360, 90)) is not None, "elsewhere in the picture"
        back = city.post(
            "/api/violations/judge",
            json={
                "code": event.code,
                "version": row(city, event.code)["version"],
                "verdict": "pending",
            },
        )
        assert back.status_code == 200, back.text
    assert tell(box=(203, 12, 262, 92)) is not None


def test_a_true_one_becomes_a_check_in_one_transaction_and_stays_judged(written: Served, tell: Tell) -> None:
    event = tell()
    assert event is not None
    with signed_in(written.address, "district") as district:
        seen = row(district, event.code)
        order = {"code": event.code, "version": seen["version"], "remark": "看门禁"}
        early = district.post("/api/violations/check", json=order | {"check_by": "2020-01-01"})
        assert early.status_code == 422
        assert row(district, event.code)["verdict"] == "pending", "nothing by halves"
        day = (local_day(utc_now()) + timedelta(5)).isoformat()
        done = district.post("/api/violations/check", json=order | {"check_by": day}).json()
        assert done["verdict"] == "confirmed"
        case = district.get("/api/cases/one", params={"system": "site-check", "code": done["case"]})
        assert case.status_code == 200
        assert event.code in case.text
        told = {fact["name"]: fact["value"] for fact in case.json()["facts"]}
        assert told["kind"] == "专项检查", "what was seen is no inspection of the year's plan"
        files = district.get("/api/files", params={"layer": "site_checks", "key": done["case"]}).json()["files"]
        assert {one["sha256"] for one in files} == {one["sha256"] for one in seen["files"]}, "the evidence goes along"
        assert files
        picture = district.get(f"/api/files/{files[0]['id']}")
        assert (picture.status_code, picture.content) == (200, PICTURE)
        again = district.post(
            "/api/violations/judge", json={"code": event.code, "version": done["version"], "verdict": "confirmed"}
        )
        assert again.status_code == 409


def test_evidence_that_is_not_what_was_kept_is_given_to_nobody(written: Served, tell: Tell) -> None:
    event = tell()
    assert event is not None
    with signed_in(written.address, "district") as district:
        (file,) = row(district, event.code)["files"]
        where = f"/api/files/{file['id']}"
        assert district.get(where).status_code == 200
        (kept,) = written.data.rglob(file["sha256"])
        try:
            kept.write_bytes(PICTURE[:-1] + b"?")
            refused = district.get(where)
            assert refused.status_code == 409
            assert "登记哈希不符" in refused.text
            assert PICTURE[:40] not in refused.content
            assert [one["whole"] for one in row(district, event.code)["files"]] == [False]
        finally:
            kept.write_bytes(PICTURE)
        assert district.get(where).status_code == 200


def test_who_looked_and_who_judged_is_told_in_order_to_who_judges(written: Served, tell: Tell) -> None:
    event = tell()
    assert event is not None
    with signed_in(written.address, "district") as district, signed_in(written.address, "city") as city:
        seen = row(district, event.code)
        assert [file["whole"] for file in seen["files"]] == [True]
        assert seen["same"]["pending"] >= 1
        small = city.get("/api/violations/thumb", params={"code": event.code})
        assert (small.status_code, small.headers["content-type"]) == (200, "image/jpeg")
        assert len(small.content) < len(PICTURE)
        for _ in range(2):
            assert district.get(f"/api/files/{seen['files'][0]['id']}").status_code == 200
        said = {"code": event.code, "version": seen["version"], "verdict": "rejected", "reason": "zone"}
        before = accuracy(city)
        assert district.post("/api/violations/judge", json=said).status_code == 200
        after = accuracy(city)
        assert after["rejected"] == before["rejected"] + 1
        assert after["judged"] == after["confirmed"] + after["rejected"]
        assert after["low"] <= after["share"] <= after["high"]
        looks = city.get("/api/violations/looks", params={"code": event.code}).json()["looks"]
    assert [one["what"] for one in looks] == ["报出事件", "已结束", "查看画面", "误报 规则区偏"], (
        "a small picture is no look"
    )
    assert [one["at"] for one in looks] == sorted(one["at"] for one in looks)
    assert looks[0]["who"] == "视频分析"
    assert looks[2]["who"] == looks[3]["who"] != "district"
    with signed_in(written.address, "committee") as committee:
        assert committee.get("/api/violations/looks", params={"code": event.code}).status_code == 403


def test_an_event_is_there_for_whom_its_area_is_open_and_judged_by_officers_alone(written: Served, tell: Tell) -> None:
    event, other = tell(), tell(ELSEWHERE)
    assert event is not None
    assert other is not None
    said = {"code": event.code, "version": 1, "verdict": "confirmed"}
    with signed_in(written.address, "district") as district:
        found = district.get("/api/violations", params={"q": event.code}).json()
        assert [one["code"] for one in found["rows"]] == [event.code]
        assert district.get("/api/violations", params={"q": "%"}).json()["rows"] == []
        assert district.get("/api/violations/row", params={"code": other.code}).status_code == 404
        refused = district.post("/api/violations/judge", json=said | {"code": other.code})
        assert refused.status_code in (403, 404)
        said = said | {"version": row(district, event.code)["version"]}
        wrong = district.post("/api/violations/judge", json=said | {"quiet": True})
        assert wrong.status_code == 400
        assert "有位置的误报" in wrong.text
    with signed_in(written.address, "committee") as committee:
        assert committee.post("/api/violations/judge", json=said).status_code == 403
    with signed_in(written.address, "public") as public:
        assert public.get("/api/violations").status_code == 403


def test_what_a_role_keeps_from_its_readers_is_told_as_nothing(written: Served, tell: Tell) -> None:
    event = tell()
    assert event is not None
    kept = frozenset((VIOLATIONS.id, name) for name in ("state", "camera", "enterprise", "kind", "judged_at"))
    scope = replace(SYSTEM_SCOPE, hidden=kept)
    with closing(open_store(written.data, None, CATALOGUE, utc_now)) as store:
        cabinet = Cabinet(store, written.data / "files", utc_now, largest=1)
        (line,) = listed(store, Wish(words=event.code), scope=scope, lang=Lang.ZH)["rows"]
        one = one_event(store, cabinet, event.code, scope=scope, lang=Lang.ZH, now=utc_now())
    assert [line[name] for name in ("state", "state_word", "camera", "enterprise_name", "kind")] == [""] * 5
    assert (one["state"], one["camera"]["code"], one["enterprise"], one["title"]) == ("", "", "", event.title)


def test_an_alarm_of_a_device_is_one_event_however_often_it_comes_and_of_its_own_cameras_alone(written: Served) -> None:
    with closing(open_store(written.data, None, CATALOGUE, utc_now)) as store:
        rows = store.read(DEVICES, Query(geometry=False), scope=SYSTEM_SCOPE).to_pylist()
        firms = {row["enterprise"] for row in rows if row["state"] == "in_use" and row["enterprise"]}
        cameras = store.read(CAMERAS, Query(geometry=False), scope=SYSTEM_SCOPE).to_pylist()
        camera = next(one for one in cameras if one["enterprise"] in firms)
        gateway = next(one for one in rows if one["enterprise"] == camera["enterprise"] and one["state"] == "in_use")
        other = next(one for one in cameras if one["enterprise"] != camera["enterprise"])
        record = store.get(CAMERAS, camera["code"], scope=SYSTEM_SCOPE).record.model_copy(update={"gb_code": "34" * 10})
        store.commit([Put(layer=CAMERAS.id, record=record)], actor=SYSTEM_ACTOR, reason="国标编号", scope=SYSTEM_SCOPE)
    with signed_in(written.address, "city") as city:
        made = city.post("/api/devices/secret", json={"code": gateway["code"], "reason": "视频网关"}).json()
        assert city.post("/api/video/alarms", json={}).status_code == 403
        alarm = {
            "id": "1", "camera": "34" * 10, "at": iso(utc_now()), "kind": "smoke", "description": "烟",
            "picture": base64.b64encode(PICTURE).decode(),
        }  # fmt: skip
        key = {"authorization": f"Bearer {made['secret']}"}

        def send(**changed: str) -> httpx.Response:
            return httpx.post(f"{written.address}/api/video/alarms", json=alarm | changed, headers=key)

        first, again = send(), send()
        assert (first.status_code, again.status_code) == (201, 200), first.text
        assert again.json() == first.json() | {"new": False}
        seen = row(city, first.json()["code"])
        assert (seen["device"], seen["state_word"], seen["camera"]["code"]) == (True, "设备报送", camera["code"])
        assert [file["whole"] for file in seen["files"]] == [True]
        refused = [send(kind="fire"), send(id="2", camera=other["code"]), send(id="3", at="2020-01-01T00:00:00Z")]
        assert [one.status_code for one in refused] == [409, 403, 400]
        assert send(id="4", picture="bm8gcGljdHVyZQ==").status_code == 400
        assert send(id="5", camera="none").status_code == 404


def test_a_gateway_may_sign_what_it_sends_and_nothing_signed_is_taken_changed_late_or_twice(written: Served) -> None:
    with closing(open_store(written.data, None, CATALOGUE, utc_now)) as store:
        rows = store.read(DEVICES, Query(geometry=False), scope=SYSTEM_SCOPE).to_pylist()
        firms = {row["enterprise"]: row["code"] for row in rows if row["state"] == "in_use" and row["enterprise"]}
        cameras = store.read(CAMERAS, Query(geometry=False), scope=SYSTEM_SCOPE).to_pylist()
        camera = next(one for one in cameras if one["enterprise"] in firms)
    device, door = firms[camera["enterprise"]], "/api/video/alarms"
    with signed_in(written.address, "city") as city:
        made = city.post("/api/devices/secret", json={"code": device, "reason": "视频网关"}).json()

        def sent(
            number: str, *, nonce: str = "", ago: int = 0, path: str = door, secret: str = made["signing"],
            signed: bytes | None = None, who: str = device,
        ) -> httpx.Response:  # fmt: skip
            body = json.dumps({"id": number, "camera": camera["code"], "at": iso(utc_now()), "kind": "fire"}).encode()
            said = Signed(
                device=who, time=int(utc_now().timestamp()) - ago, nonce=nonce or uuid4().hex,
                body=hashlib.sha256(body if signed is None else signed).hexdigest(), signature="",
            )  # fmt: skip
            told = ", ".join((
                f"device={who}", f"time={said.time}", f"nonce={said.nonce}", f"body={said.body}",
                f"signature={signature(secret, said, 'POST', path)}",
            ))  # fmt: skip
            return httpx.post(written.address + door, content=body, headers={"authorization": f"{SCHEME} {told}"})

        nonce = uuid4().hex
        first = sent("s1", nonce=nonce)
        assert (first.status_code, first.json()["new"]) == (201, True), first.text
        assert sent("s1", nonce=nonce).status_code == 401, "the same nonce again"
        assert sent("s1").status_code == 409, "signed anew it is another alarm under a number used before"
        refused = [
            sent("s2", ago=301), sent("s2", ago=-301), sent("s2", path="/api/readings"), sent("s2", secret="0" * 64),
            sent("s2", secret=made["secret"]), sent("s2", who="nobody"), sent("s2", nonce="short"),
            sent("s2", signed=b"{}"),
        ]  # fmt: skip
        assert [one.status_code for one in refused] == [401] * 8, [one.text for one in refused]
        assert sent("s2").status_code == 201, "nothing of those was kept"
        city.post("/api/devices/secret", json={"code": device, "reason": "换发"})
        assert sent("s3").status_code == 401, "it ends with the key it was given with"
