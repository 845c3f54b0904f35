"""A team's phone at its doors: its own orders alone, each thing told once, in the order and at the time it was told."""

import itertools
from contextlib import ExitStack, closing
from datetime import timedelta

import httpx
import orjson

from app.demo_accounts import DEMO_KEY
from core.clock import iso, utc_now
from core.ids import new_id
from store.opening import open_audit
from tests.app.test_audit_doors import reads
from tests.app.test_doors import signed_in
from tests.server import Served

DOORS = (
    "/api/incidents",
    "/api/incidents/wall",
    "/api/incidents/orders?code={code}",
    "/api/incidents/one?code={code}",
    "/api/incidents/marks",
    "/api/layers",
    "/api/map/incident_orders",
    "/api/table/incident_orders",
    "/api/feature/incident_orders/{order}",
    "/api/search?q={phone}",
    "/api/search?q={order}",
    "/ogc/api/collections/incident_orders/items",
    "/ogc/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=incident_orders",
    "/ogc/wms?service=WMS&version=1.3.0&request=GetCapabilities",
)
"""Where an order, or what a layer holds, might be met."""
HERE = {"lon": 121.905, "lat": 33.205}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360000002000154a24f5f"
    "0000000049454e44ae426082".replace(" ", "")
)
LARGE = PNG + bytes(6 << 20)
"""As large as the picture of a phone."""


def ordered(desk: httpx.Client, team: str) -> tuple[str, str]:
    """An incident of one's own with an order to a team; their codes."""
    said = {"command": new_id(), "origin": "map", "title": "队伍手机测试", "kind": "leak", "text": "测试", **HERE}
    code = str(desk.post("/api/incidents/open", json=said).json()["code"])
    order = {"command": new_id(), "code": code, "to_kind": "team", "to_key": team, "action": "到集结点待命"}
    given = desk.post("/api/incidents/orders", json=order)
    assert given.status_code == 200, given.text
    return code, str(given.json()["rows"][0]["code"])


def test_a_phone_tells_of_its_own_orders_alone_once_and_at_the_time_it_was(written: Served) -> None:
    with (
        signed_in(written.address, "city") as desk,
        signed_in(written.address, "team") as team,
        signed_in(written.address, "team-tingtao") as other,
    ):
        code, order = ordered(desk, "TM0028")
        mine = team.get("/api/field").json()
        assert order in [row["code"] for row in mine["orders"]]
        assert order not in [row["code"] for row in other.get("/api/field").json()["orders"]]
        assert desk.get("/api/field").status_code == 403
        for path in ("/api/incidents", f"/api/incidents/orders?code={code}", "/api/layers", "/api/search?q=队伍"):
            assert team.get(path).status_code == 403, path

        wrong = timedelta(hours=9)  # the clock of the phone is nine hours slow: how long ago it was holds all the same
        sent = utc_now() - wrong
        told = [("receive", 55), ("leave", 50), ("arrive", 20)]
        bodies = [
            {"command": new_id(), "order": order, "step": step, "at": iso(sent - timedelta(minutes=ago)),
             "sent_at": iso(sent), **HERE}
            for step, ago in told
        ]  # fmt: skip
        assert other.post("/api/field/step", json=bodies[0] | {"command": new_id()}).status_code == 403
        for body in bodies:
            for _ in range(2):
                answer = team.post("/api/field/step", json=body)
                assert answer.status_code == 200, answer.text
        note = {"command": new_id(), "order": order, "text": "大门被堵", "at": iso(sent), "sent_at": iso(sent)}
        assert team.post("/api/field/note", json=note).status_code == 200
        photo = {"command": new_id(), "order": order, "name": "a.png", "at": iso(sent), "sent_at": iso(sent)}
        for _ in range(2):
            kept = team.post("/api/field/photo", params=photo, content=PNG)
            assert kept.status_code == 200, kept.text
        large = team.post("/api/field/photo", params=photo | {"command": new_id()}, content=LARGE)
        assert large.status_code == 200, "what a camera takes is larger than other bodies may be"
        huge = team.post("/api/field/photo", params=photo | {"command": new_id()}, content=LARGE + bytes(16 << 20))
        assert huge.status_code == 413
        script = team.post("/api/field/photo", params=photo | {"command": new_id()}, content=b"<html></html>")
        assert script.status_code == 400
        seen = {"points": [{"at": iso(sent), **HERE, "accuracy": 8}], "sent_at": iso(sent)}
        assert team.post("/api/field/position", json=seen).json()["kept"] == 1

        asked = {"from": [121.86, 33.17], "to": [HERE["lon"], HERE["lat"]]}
        way = desk.post("/api/routes", json=asked).json()["route"]["geometry"]["coordinates"]
        middle = way[len(way) // 2]
        told_at = {"at": iso(sent), "sent_at": iso(sent), "lon": middle[0], "lat": middle[1]}
        mark = {"command": new_id(), "order": order, "title": f"塌方{new_id()[-6:]}", **told_at}
        assert other.post("/api/field/mark", json=mark).status_code == 403
        for _ in range(2):
            assert team.post("/api/field/mark", json=mark).status_code == 200
        round_it = desk.post("/api/routes", json=asked)
        assert round_it.status_code in (200, 422), round_it.text  # 422: there is no way round it
        if round_it.status_code == 200:
            assert mark["title"] in round_it.json()["closed"]
            assert middle not in round_it.json()["route"]["geometry"]["coordinates"]
        (drawn,) = [one for one in desk.get("/api/incidents/marks").json()["rows"] if one["title"] == mark["title"]]
        played = desk.get("/api/incidents/marks", params={"exercise": "1"}).json()["rows"]
        assert all(one["exercise"] for one in played)
        off = {"command": new_id(), "mark": drawn["code"], "why": "已清通"}
        assert mark["title"] not in str(desk.post("/api/incidents/marks/remove", json=off).json())
        row = desk.get("/api/incidents/orders", params={"code": code}).json()
        assert row["rows"][0]["state"] == "arrived"
        (place,) = row["seen"]
        assert (place["team"], place["lon"], place["accuracy"]) == ("TM0028", HERE["lon"], 8.0)
        log = desk.get("/api/incidents/one", params={"code": code}).json()["log"]
        steps = [line for line in reversed(log) if "盐港专职消防队" in line["by"]]
        assert [line["kind"] for line in steps] == ["order", "order", "order", "note", "photo", "photo", "position"]
        assert [line["happened_at"] for line in steps] == sorted(line["happened_at"] for line in steps)
        assert all("离线补报,设备时间" in line["text"] for line in steps[:3])
        files = desk.get("/api/files", params={"layer": "incidents", "key": code}).json()["files"]
        assert [file["name"] for file in files] == ["a.png", "a.png"]
        assert files[0]["logged"]
        version = desk.get("/api/incidents/one", params={"code": code}).json()["version"]
        over = {"command": new_id(), "code": code, "version": version, "step": "false", "why": "测试结束"}
        assert desk.post("/api/incidents/step", json=over).status_code == 200


def test_a_clock_that_was_set_in_between_makes_nothing_older_than_its_order_and_no_old_place_new(
    written: Served,
) -> None:
    with signed_in(written.address, "city") as desk, signed_in(written.address, "team") as team:
        code, order = ordered(desk, "TM0028")
        sent = utc_now()

        def told(ago: timedelta) -> dict[str, str]:
            return {"command": new_id(), "order": order, "at": iso(sent - ago), "sent_at": iso(sent)}

        body = told(timedelta(days=1)) | {"step": "receive"}
        assert team.post("/api/field/step", json=body).status_code == 200
        (row,) = desk.get("/api/incidents/orders", params={"code": code}).json()["rows"]
        assert row["received_at"] >= row["at"], "received before it was given"
        notes = [
            told(timedelta(days=-1)) | {"text": "钟调慢了"},
            told(timedelta()) | {"text": "早得不可能", "at": "0001-01-02T00:00:00Z"},
        ]
        for note in notes:
            assert team.post("/api/field/note", json=note).status_code == 200
        log = desk.get("/api/incidents/one", params={"code": code}).json()["log"]
        assert all(
            line["happened_at"] >= row["at"] for line in log if "钟调慢了" in line["text"] or "早得" in line["text"]
        )
        never = told(timedelta()) | {"text": "没有的时刻", "at": "9999-12-31T23:59:59Z"}
        refused = team.post("/api/field/note", json=never)
        assert (refused.status_code, refused.json()["field"]) == (400, "at")
        assert "发生时间不可靠" in next(line["text"] for line in log if "钟调慢了" in line["text"])
        for at in (iso(sent + timedelta(hours=8)), "0001-01-02T00:00:00Z"):
            seen = {"points": [{"at": at, **HERE}], "sent_at": iso(sent)}
            assert team.post("/api/field/position", json=seen).json()["kept"] == 0, "nobody knows how old it is"
        version = desk.get("/api/incidents/one", params={"code": code}).json()["version"]
        over = {"command": new_id(), "code": code, "version": version, "step": "false", "why": "测试结束"}
        assert desk.post("/api/incidents/step", json=over).status_code == 200


def test_the_telephone_of_an_order_is_met_by_who_may_read_phones_alone(written: Served) -> None:
    with ExitStack() as stack:
        desk = stack.enter_context(signed_in(written.address, "city"))
        code, order = ordered(desk, "TM0028")
        secret = f"仅供本队{new_id()}"
        more = {"command": new_id(), "code": code, "to_kind": "team", "to_key": "TM0028", "action": "待命"}
        assert desk.post("/api/incidents/orders", json=more | {"details": secret}).status_code == 200
        (row,) = [
            one for one in desk.get("/api/incidents/orders", params={"code": code}).json()["rows"]
            if one["code"] == order
        ]  # fmt: skip
        phone = str(row["to_phone"])
        assert len(phone) > 5, "the demo's team has a duty phone"
        asking = {
            login: stack.enter_context(signed_in(written.address, login))
            for login in ("committee", "enterprise", "intermediary", "public", "team", "team-tingtao")
        }
        key = {"authorization": f"Bearer {DEMO_KEY}"}
        asking["agency"] = stack.enter_context(httpx.Client(base_url=written.address, headers=key, timeout=60))
        asking["stranger"] = stack.enter_context(httpx.Client(base_url=written.address, timeout=60))
        for name, client in asking.items():
            for door in DOORS:
                answer = client.get(door.format(code=code, order=order, phone=phone))
                assert answer.status_code < 500, (name, door)
                told = answer.json() if "json" in answer.headers.get("content-type", "") else {}
                found = [one.get("to_phone", "") for one in told.get("rows", ()) if isinstance(one, dict)]
                assert not any(found), (name, door)
                if name != "committee":
                    assert secret not in answer.text, (name, door)
        body = {"layers": ["incident_orders"], "format": "csv"}
        assert all(client.post("/api/export", json=body).status_code >= 400 for client in asking.values())
        mine = asking["team"].get("/api/field").json()
        (told,) = [one for one in mine["orders"] if one["code"] == order]
        assert told["to_phone"] == ""
        assert mine["forces"][code] == []
        log = stack.enter_context(closing(open_audit(written.data, None)))
        before = log.head()[0]
        asking["team"].get("/api/field")
        assert "team" not in [one.actor for one in reads(log, before)], "it asks every few seconds"


def test_the_stream_of_a_phone_says_that_its_own_orders_changed_and_no_more(written: Served) -> None:
    with ExitStack() as stack:
        desk, team, other = (
            stack.enter_context(signed_in(written.address, login)) for login in ("city", "team", "team-qingyu")
        )
        mine, theirs = (stack.enter_context(one.stream("GET", "/api/field/live")).iter_lines() for one in (team, other))
        assert desk.get("/api/field/live").status_code == 403
        next(line for line in mine if line == "event: heartbeat")
        next(line for line in theirs if line == "event: heartbeat")
        ordered(desk, "TM0028")
        said = [line for line in itertools.takewhile(lambda line: line != "event: changed", mine) if line]
        assert all(line.startswith(("data: ", "event: heartbeat")) for line in said)
        assert set(orjson.loads(next(mine).removeprefix("data: "))) == {"at"}
        heard = [next(line for line in theirs if line.startswith("event: ")) for _ in range(2)]
        assert heard == ["event: heartbeat"] * 2
