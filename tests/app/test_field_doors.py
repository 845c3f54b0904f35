"""A team's phone at its doors: its own orders alone, each thing told once, in the order and at the time it was told."""

from datetime import timedelta

import httpx

from core.clock import iso, utc_now
from core.ids import new_id
from tests.app.test_doors import signed_in
from tests.server import Served

HERE = {"lon": 121.905, "lat": 33.205}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360000002000154a24f5f"
    "0000000049454e44ae426082".replace(" ", "")
)


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
        assert [line["kind"] for line in steps] == ["order", "order", "order", "note", "photo", "position"]
        assert [line["happened_at"] for line in steps] == sorted(line["happened_at"] for line in steps)
        assert all("离线补报,设备时间" in line["text"] for line in steps[:3])
        files = desk.get("/api/files", params={"layer": "incidents", "key": code}).json()["files"]
        assert [file["name"] for file in files] == ["a.png"]
        assert files[0]["logged"]
        version = desk.get("/api/incidents/one", params={"code": code}).json()["version"]
        over = {"command": new_id(), "code": code, "version": version, "step": "false", "why": "测试结束"}
        assert desk.post("/api/incidents/step", json=over).status_code == 200
